//! A report of concern that does not get through alarms both sides, and nothing else does (SoL 19 kap. 1 §).

use core::time::Duration;

use samrum_proto::statement::{Answer, KeyId};
use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_proto::wire::exchange::v1::subscribe_inbox_response::Event;
use samrum_tests::{Cluster, Letter, Party, Story, TestHub};

/// Longer than any test waits for an alarm that comes.
const SOON: Duration = Duration::from_secs(10);
/// What was sent is waiting unopened for longer than it may.
const LONG_AGO: &str = "UPDATE delivery SET alarm_at = 1 WHERE alarm_at IS NOT NULL";

/// Whatever has alarmed an inbox by now, or once there are `least`.
async fn alarms(party: &Party, least: usize) -> Vec<wire::ReportAlarm> {
    let request = wire::SubscribeInboxRequest { cursor: Vec::new() };
    let mut inbox = party
        .exchange()
        .subscribe_inbox(request)
        .await
        .unwrap()
        .into_inner();
    let mut alarms = Vec::new();
    loop {
        let message = tokio::time::timeout(SOON, inbox.message()).await;
        let message = message.expect("it alarms soon").unwrap().unwrap();
        match message.event.unwrap() {
            Event::Alarm(alarm) => alarms.push(alarm),
            Event::Item(_) => {}
            Event::Heartbeat(_) if alarms.len() < least => {}
            Event::Heartbeat(_) => return alarms,
        }
        if least > 0 && alarms.len() >= least {
            return alarms;
        }
    }
}

fn seen(alarms: &[wire::ReportAlarm]) -> Vec<(&[u8], DeliveryState, &[u8])> {
    alarms
        .iter()
        .map(|alarm| {
            (
                alarm.delivery_id.as_slice(),
                alarm.state(),
                alarm.document_id.as_slice(),
            )
        })
        .collect()
}

/// Sends a report from the school to the reception; answers with document and delivery.
async fn report(story: &Story) -> (Vec<u8>, Vec<u8>) {
    report_from(&story.school, &story.reception).await
}

async fn report_from(sender: &Party, reception: &Party) -> (Vec<u8>, Vec<u8>) {
    let document = samrum_tests::new_id();
    let sealed = sender
        .seal_as(document.clone(), &Letter::report(&[reception]))
        .await;
    let sending = sender.sending(&document, sealed);
    let sent = sender.exchange().send_document(sending).await.unwrap();
    (document, sent.into_inner().deliveries.remove(0).delivery_id)
}

async fn delivery(sender: &Party, document: &[u8]) -> wire::Delivery {
    let request = wire::ListDeliveriesRequest {
        document_id: document.to_vec(),
    };
    let listed = sender.exchange().list_deliveries(request).await.unwrap();
    listed.into_inner().deliveries.remove(0)
}

/// The reception says, signed, that it has opened it.
async fn acknowledge(story: &Story, id: &[u8], header: &[u8]) {
    let answer = story.reception.answer(id, header, Answer::Acknowledged);
    let acknowledging = story.reception.acknowledging(id, &answer);
    let mut exchange = story.reception.exchange();
    exchange.acknowledge_document(acknowledging).await.unwrap();
}

/// Reports the newest key of a unit of Exempelby as stolen.
async fn steal_key(story: &Story, party: &Party) {
    let newest = party.keys_as_seen_by(&story.operator).await.remove(0);
    let key = KeyId::from_bytes(newest.key_id.try_into().unwrap());
    let request = party.reporting(key, story.organisation("exempelby"));
    party.directory().report_compromised_key(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_nobody_opens_in_time_alarms_both_sides_once_and_until_it_is_acknowledged() {
    let (mut story, _) = Story::with_consent().await;
    let (document, id) = report(&story).await;
    // Its twin that alarms nobody, however long it waits: a note on consent.
    let to = [&story.psychiatry];
    story.social.send(&Letter::note(&story.child, &to)).await.unwrap();
    assert!(
        alarms(&story.school, 0).await.is_empty(),
        "it may still be opened in time"
    );
    assert!(!delivery(&story.school, &document).await.alarmed);

    story.change_behind_its_back(LONG_AGO).await;
    let unopened = (id.as_slice(), DeliveryState::Queued);
    let own = alarms(&story.school, 1).await;
    assert_eq!(seen(&own), [(unopened.0, unopened.1, document.as_slice())]);
    let received = alarms(&story.reception, 1).await;
    assert_eq!(seen(&received), [(unopened.0, unopened.1, [].as_slice())]);
    assert_eq!(own[0].at, received[0].at, "the same alarm");
    assert_eq!(own[0].other_unit_id, story.reception.bytes(), "whom to call");
    assert_eq!(received[0].other_unit_id, story.school.bytes());
    assert!(delivery(&story.school, &document).await.alarmed);
    for (party, name) in [
        (&story.social, "sender of a note"),
        (&story.psychiatry, "its recipient"),
    ] {
        assert!(alarms(party, 0).await.is_empty(), "{name}");
    }

    // A hub that starts again does not alarm again.
    story.change_behind_its_back(LONG_AGO).await;
    assert_eq!(alarms(&story.school, 0).await.len(), 1);

    // A program may have fetched it; only that it was opened, signed, ends the alarm.
    let fetched = story.reception.fetch(&id).await.unwrap();
    assert_eq!(alarms(&story.school, 0).await.len(), 1);
    acknowledge(&story, &id, &fetched.header).await;
    let own = alarms(&story.school, 2).await;
    assert_eq!(own[1].state(), DeliveryState::Acknowledged, "opened after all");
    let received = alarms(&story.reception, 2).await;
    assert_eq!(received[1].state(), DeliveryState::Acknowledged);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_opened_in_time_alarms_nobody_and_one_that_was_only_fetched_does() {
    let (mut story, _) = Story::with_consent().await;
    let (_, opened) = report(&story).await;
    let (document, fetched_only) = report(&story).await;
    let fetched = story.reception.fetch(&opened).await.unwrap();
    acknowledge(&story, &opened, &fetched.header).await;
    story.reception.fetch(&fetched_only).await.unwrap();
    story.change_behind_its_back(LONG_AGO).await;
    let fetched_only = (fetched_only.as_slice(), DeliveryState::Released);
    let own = alarms(&story.school, 1).await;
    assert_eq!(
        seen(&own),
        [(fetched_only.0, fetched_only.1, document.as_slice())]
    );
    let received = alarms(&story.reception, 1).await;
    assert_eq!(seen(&received), [(fetched_only.0, fetched_only.1, [].as_slice())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_under_a_stolen_key_alarms_both_sides_at_once_and_a_note_does_not() {
    let (story, consent) = Story::with_consent().await;
    let (document, id) = report(&story).await;
    let to = [&story.psychiatry];
    story.social.send(&Letter::note(&story.child, &to)).await.unwrap();
    steal_key(&story, &story.reception).await;
    story.revoke(&consent).await;

    let failed = (id.as_slice(), DeliveryState::Withheld);
    let own = alarms(&story.school, 1).await;
    assert_eq!(seen(&own), [(failed.0, failed.1, document.as_slice())]);
    assert_eq!(
        seen(&alarms(&story.reception, 1).await),
        [(failed.0, failed.1, [].as_slice())]
    );
    // A thief of the reception's certificate reads this inbox too: who reported is not for them.
    let received = alarms(&story.reception, 1).await;
    assert!(received[0].other_unit_id.is_empty());
    assert_eq!(own[0].other_unit_id, story.reception.bytes());
    let told = delivery(&story.school, &document).await;
    assert!(told.alarmed && told.state() == DeliveryState::Withheld);
    for party in [&story.social, &story.psychiatry] {
        assert!(alarms(party, 0).await.is_empty(), "what a no ended alarms nobody");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_its_reception_rejects_alarms_both_sides() {
    let (story, _) = Story::with_consent().await;
    let (_, id) = report(&story).await;
    let fetched = story.reception.fetch(&id).await.unwrap();
    let reason = "Går inte att läsa".to_owned();
    let answer = story
        .reception
        .answer(&id, &fetched.header, Answer::Rejected { reason });
    let rejecting = story.reception.rejecting(&id, &answer);
    story
        .reception
        .exchange()
        .reject_document(rejecting)
        .await
        .unwrap();
    for party in [&story.school, &story.reception] {
        assert_eq!(alarms(party, 1).await[0].state(), DeliveryState::Rejected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hubs_on_one_database_alarm_once() {
    let cluster = Cluster::start();
    let hub = TestHub::start_on(vec![cluster.database().await]).await;
    let mut story = Story::begin_in(hub).await;
    let (document, id) = report(&story).await;
    story.hub.stop().await;
    cluster.execute("hub0", LONG_AGO).await;
    story.hub.start_again().await;
    story.reconnect();
    let _other = story.hub.join().await;
    let own = alarms(&story.school, 1).await;
    assert_eq!(
        seen(&own),
        [(id.as_slice(), DeliveryState::Queued, document.as_slice())]
    );
    let fetched = story.reception.fetch(&id).await.unwrap();
    acknowledge(&story, &id, &fetched.header).await;
    let states = |alarms: Vec<wire::ReportAlarm>| -> Vec<DeliveryState> {
        alarms.iter().map(wire::ReportAlarm::state).collect()
    };
    let expected = [DeliveryState::Queued, DeliveryState::Acknowledged];
    assert_eq!(states(alarms(&story.school, 2).await), expected);
    assert_eq!(states(alarms(&story.reception, 2).await), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sends_many_reports_keeps_nobody_else_s_alarm_waiting() {
    let (mut story, _) = Story::with_consent().await;
    for _ in 0..3 {
        report(&story).await;
    }
    report_from(&story.psychiatry, &story.reception).await;
    // In the order in which they were sent.
    let hours_ago = "UPDATE delivery SET alarm_at = alarm_at - 7200000000 WHERE alarm_at IS NOT NULL";
    story.change_behind_its_back(hours_ago).await;
    let received = alarms(&story.reception, 4).await;
    let senders: Vec<&[u8]> = received
        .iter()
        .map(|alarm| alarm.other_unit_id.as_slice())
        .collect();
    let (school, psychiatry) = (story.school.bytes(), story.psychiatry.bytes());
    let (school, psychiatry) = (school.as_slice(), psychiatry.as_slice());
    assert_eq!(senders, [school, psychiatry, school, school]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_cannot_be_read_alarms_all_the_same_and_keeps_no_other_from_it() {
    let (mut story, _) = Story::with_consent().await;
    let (_, unreadable) = report_from(&story.psychiatry, &story.reception).await;
    let (_, id) = report(&story).await;
    let damaged = "UPDATE delivery SET alarm_at = alarm_at - 7200000000 WHERE alarm_at IS NOT NULL;
                   UPDATE delivery SET changed_at = 9223372036854775807
                   WHERE alarm_at = (SELECT MIN(alarm_at) FROM delivery)";
    story.change_behind_its_back(damaged).await;
    let received = alarms(&story.reception, 2).await;
    let alarmed: Vec<&[u8]> = received
        .iter()
        .map(|alarm| alarm.delivery_id.as_slice())
        .collect();
    assert_eq!(alarmed, [unreadable.as_slice(), id.as_slice()]);
}
