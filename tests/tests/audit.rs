//! The auditor's view through a whole hub: disclosures and denials of its own organisation, by individual and
//! period, page by page; never content; and the looking itself is written down.

use prost::Message as _;
use prost_types::Timestamp;
use samrum_proto::wire::audit::v1 as wire;
use samrum_proto::wire::audit::v1::EventKind;
use samrum_tests::{
    CHILD, Census, GUARDIANS, Letter, Party, Story, assert_fails, assert_hidden, contains, invented_number,
    new_id, receipt, refusal,
};
use tonic::{Code, Response, Status};

async fn search(
    auditor: &Party,
    request: wire::SearchDisclosuresRequest,
) -> Result<wire::SearchDisclosuresResponse, Status> {
    let answer = auditor.audit().search_disclosures(request).await;
    answer.map(Response::into_inner)
}

async fn look(auditor: &Party, entry: &[u8]) -> Result<wire::Disclosure, Status> {
    let answer = auditor.audit().get_disclosure(auditor.looking(entry)).await;
    answer.map(|answer| answer.into_inner().disclosure.unwrap())
}

/// Everything about the child that this auditor sees.
async fn about_child(auditor: &Party) -> Vec<wire::Disclosure> {
    search(auditor, auditor.searching(CHILD.0))
        .await
        .unwrap()
        .disclosures
}

/// The same without the search itself, which ends the list.
async fn found_about_child(auditor: &Party) -> Vec<wire::Disclosure> {
    let mut rows = about_child(auditor).await;
    assert_eq!(rows.pop().unwrap().event(), EventKind::AuditSearch);
    rows
}

fn ids(rows: &[wire::Disclosure]) -> Vec<&[u8]> {
    rows.iter().map(|row| row.entry_id.as_slice()).collect()
}

/// So many microseconds later: entries are kept to the microsecond.
fn later(at: Timestamp, microseconds: i64) -> Timestamp {
    let total = at.seconds * 1_000_000 + i64::from(at.nanos) / 1_000 + microseconds;
    Timestamp {
        seconds: total.div_euclid(1_000_000),
        nanos: i32::try_from(total.rem_euclid(1_000_000)).unwrap() * 1_000,
    }
}

/// Social services is refused once, then sends, and child psychiatry reads: the entries of the three.
async fn refused_sent_and_read(story: &Story) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let outside = [&story.clinic];
    let denied = story.social.send(&Letter::note(&story.child, &outside)).await;
    let (why, denied) = refusal(&denied.unwrap_err());
    assert_eq!(why, "RECIPIENT_OUTSIDE_SCOPE");
    let to = [&story.psychiatry];
    let sent = story.social.send(&Letter::note(&story.child, &to)).await.unwrap();
    let read = story
        .psychiatry
        .fetch(&sent.deliveries[0].delivery_id)
        .await
        .unwrap();
    (denied.as_bytes().to_vec(), sent.decision_id, read.decision_id)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_its_own_organisations_disclosures_and_denials_and_no_others() {
    let (story, _) = Story::with_consent().await;
    let region = story.hub.party("auditor-region-exempel");
    let solsidan = story.hub.party("auditor-solsidan");
    let (denied, sent, read) = refused_sent_and_read(&story).await;

    let municipality = about_child(&story.auditor).await;
    let row = |entry: &[u8]| {
        let row = municipality.iter().find(|row| row.entry_id == entry);
        row.expect("in the municipality's rows").clone()
    };
    assert!(!row(&denied).verdicts[0].permitted, "denials too");
    assert_eq!(
        (row(&denied).event(), row(&sent).event()),
        (EventKind::Send, EventKind::Send)
    );
    assert!(row(&sent).verdicts[0].permitted);
    assert_eq!(row(&sent).unit_id, story.social.bytes());
    assert_eq!(
        (row(&sent).acting_user.as_str(), row(&sent).acting_role.as_str()),
        ("anna.k", "SOCIAL_SECRETARY")
    );
    assert_eq!(
        (row(&read).event(), row(&read).unit_id),
        (EventKind::Fetch, story.psychiatry.bytes())
    );

    // The region took part in the reading alone; the clinic's owner in nothing.
    let theirs = about_child(&region).await;
    assert!(ids(&theirs).contains(&read.as_slice()));
    assert!(!ids(&theirs).contains(&sent.as_slice()) && !ids(&theirs).contains(&denied.as_slice()));
    // Who disclosed nothing finds the search itself, the second time too: known and unknown are alike.
    let unknown = invented_number(2016, 7);
    for number in [CHILD.0, CHILD.0, &unknown, &unknown] {
        let answer = search(&solsidan, solsidan.searching(number)).await.unwrap();
        assert_eq!(
            ids(&answer.disclosures),
            [answer.ticket.unwrap().entry_id.as_slice()]
        );
    }
    // Row by row it is the same.
    for (auditor, entry) in [
        (&story.auditor, &denied),
        (&story.auditor, &sent),
        (&region, &read),
    ] {
        assert_eq!(&look(auditor, entry).await.unwrap().entry_id, entry);
    }
    for (auditor, entry) in [(&region, &sent), (&region, &denied), (&solsidan, &read)] {
        assert_hidden(look(auditor, entry).await, look(auditor, &new_id()).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_holds_its_first_moment_and_not_its_last() {
    let (story, _) = Story::with_consent().await;
    let (_, sent, _) = refused_sent_and_read(&story).await;
    let all = about_child(&story.auditor).await;
    let at = all.iter().find(|row| row.entry_id == sent).unwrap().at.unwrap();
    let beside = |microseconds| later(at, microseconds);
    for (from, until, holds) in [(0, 1, true), (-1, 1, true), (-1, 0, false), (1, 2, false)] {
        let request = wire::SearchDisclosuresRequest {
            from: Some(beside(from)),
            until: Some(beside(until)),
            ..story.auditor.searching(CHILD.0)
        };
        let rows = search(&story.auditor, request).await.unwrap().disclosures;
        assert_eq!(
            ids(&rows).contains(&sent.as_slice()),
            holds,
            "{from} until {until}"
        );
    }
    let before = Census::of(&story.hub.data()).await;
    for (from, until) in [
        (Some(beside(0)), Some(beside(0))),
        (Some(beside(1)), Some(beside(0))),
        (None, None),
    ] {
        let request = wire::SearchDisclosuresRequest {
            from,
            until,
            ..story.auditor.searching(CHILD.0)
        };
        let refused = search(&story.auditor, request).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_join_to_the_whole_and_belong_to_their_auditor_and_question() {
    let (story, _) = Story::with_consent().await;
    let region = story.hub.party("auditor-region-exempel");
    refused_sent_and_read(&story).await;
    let whole = found_about_child(&story.auditor).await;
    // What happens from here on, the searches themselves, is outside the period.
    let until = whole.last().unwrap().at.map(|at| later(at, 1));
    let asked = wire::SearchDisclosuresRequest {
        until,
        page_size: 2,
        ..story.auditor.searching(CHILD.0)
    };
    let page = async |auditor: &Party, asked: &wire::SearchDisclosuresRequest, token: &[u8]| {
        let request = wire::SearchDisclosuresRequest {
            request_id: new_id(),
            page_token: token.to_vec(),
            ..asked.clone()
        };
        search(auditor, request).await
    };
    let (mut joined, mut token) = (Vec::new(), Vec::new());
    let first = page(&story.auditor, &asked, &[]).await.unwrap().next_page_token;
    for _ in 0..=whole.len() {
        let answer = page(&story.auditor, &asked, &token).await.unwrap();
        assert!(answer.disclosures.len() <= 2);
        joined.extend(answer.disclosures);
        token = answer.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert!(token.is_empty(), "the pages end");
    assert_eq!(joined, whole, "in order, nothing twice, nothing left out");

    let before = Census::of(&story.hub.data()).await;
    let mut altered = first.clone();
    *altered.last_mut().unwrap() ^= 1;
    let longer = wire::SearchDisclosuresRequest {
        from: Some(samrum_tests::ago(7200)),
        ..asked.clone()
    };
    let person = wire::SearchDisclosuresRequest {
        identity_number: GUARDIANS[0].0.to_owned(),
        ..asked.clone()
    };
    let colleague = wire::SearchDisclosuresRequest {
        auditor_user: "granskare.h".to_owned(),
        ..asked.clone()
    };
    for (what, auditor, asked, token) in [
        ("another organisation's auditor", &region, &asked, &first),
        ("another colleague", &story.auditor, &colleague, &first),
        ("another person", &story.auditor, &person, &first),
        ("another period", &story.auditor, &longer, &first),
        ("an altered token", &story.auditor, &asked, &altered),
        ("a token cut short", &story.auditor, &asked, &first[..8].to_vec()),
    ] {
        println!("{what}");
        let refused = page(auditor, asked, token).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    let greedy = wire::SearchDisclosuresRequest {
        page_size: 201,
        ..asked.clone()
    };
    let refused = page(&story.auditor, &greedy, &[]).await;
    assert_fails(refused, Code::InvalidArgument, "LIMIT_EXCEEDED");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    page(&story.auditor, &asked, &first).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_is_written_down_before_it_is_answered() {
    let (story, _) = Story::with_consent().await;
    let (_, sent, _) = refused_sent_and_read(&story).await;
    let before = Census::of(&story.hub.data()).await;
    let answer = search(&story.auditor, story.auditor.searching(CHILD.0))
        .await
        .unwrap();
    let ticket = answer.ticket.unwrap();
    let proof = receipt(&story.auditor, &ticket.entry_id).await.unwrap();
    let details: serde_json::Value = serde_json::from_slice(&proof.details).unwrap();
    assert_eq!(details["search"]["reason"], "Stickprov enligt HSLF-FS 2016:40");
    assert_eq!(details["by"]["auditor"]["user"], "granskare.g");
    assert!(
        !contains(&proof.details, CHILD.0.as_bytes()),
        "whom it was about is not in its words"
    );
    // It is a row of its own organisation's, and hidden from others.
    let searched = look(&story.auditor, &ticket.entry_id).await.unwrap();
    assert_eq!(
        (searched.event(), searched.acting_user.as_str()),
        (EventKind::AuditSearch, "granskare.g")
    );
    let region = story.hub.party("auditor-region-exempel");
    assert_hidden(
        look(&region, &ticket.entry_id).await,
        look(&region, &new_id()).await,
    );
    // One row, and even a row that is none, leaves an entry; and none of it changes anything else.
    look(&story.auditor, &sent).await.unwrap();
    assert_fails(look(&story.auditor, &new_id()).await, Code::NotFound, "NOT_FOUND");
    let after = Census::of(&story.hub.data()).await;
    assert_eq!(
        (after.entries, &after.effects),
        (before.entries + 6, &before.effects)
    );

    // Without saying why and who, nobody looks.
    let long = "å".repeat(501);
    for (reason, user) in [
        ("", "granskare.g"),
        ("Stickprov", ""),
        (long.as_str(), "granskare.g"),
    ] {
        let request = wire::SearchDisclosuresRequest {
            reason: reason.to_owned(),
            auditor_user: user.to_owned(),
            ..story.auditor.searching(CHILD.0)
        };
        let refused = search(&story.auditor, request).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    for party in [&story.social, &story.operator] {
        let refused = search(party, story.auditor.searching(CHILD.0)).await;
        assert_fails(refused, Code::PermissionDenied, "ROLE_NOT_ALLOWED");
    }
    assert_eq!(Census::of(&story.hub.data()).await, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_person_gives_no_row_but_the_search_and_an_entry_all_the_same() {
    let (story, _) = Story::with_consent().await;
    let before = Census::of(&story.hub.data()).await;
    let unknown = invented_number(2016, 7);
    let none = search(&story.auditor, story.auditor.searching(&unknown))
        .await
        .unwrap();
    let own = none.ticket.unwrap().entry_id;
    assert_eq!(ids(&none.disclosures), [own.as_slice()]);
    assert!(none.next_page_token.is_empty());
    let proof = receipt(&story.auditor, &own).await.unwrap();
    assert!(!contains(&proof.details, unknown.as_bytes()));
    let after = Census::of(&story.hub.data()).await;
    assert_eq!(after.entries, before.entries + 1);
    assert_eq!(after.effects, before.effects, "asking makes nobody known");
    for number in ["", "201703099803", "Alva Exempel"] {
        let refused = search(&story.auditor, story.auditor.searching(number)).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    assert_eq!(Census::of(&story.hub.data()).await, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_row_holds_content_or_a_name() {
    let (story, _) = Story::with_consent().await;
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let document = new_id();
    let sealed = story.social.seal_as(document.clone(), &note).await;
    let (body, slip) = (sealed.body.clone(), sealed.slips[0].bytes.clone());
    let sent = story
        .social
        .exchange()
        .send_document(story.social.sending(&document, sealed))
        .await
        .unwrap();
    let delivery = sent.into_inner().deliveries.remove(0).delivery_id;
    story.psychiatry.fetch(&delivery).await.unwrap();
    let answer = search(&story.auditor, story.auditor.searching(CHILD.0))
        .await
        .unwrap();
    let bytes = answer.encode_to_vec();
    assert!(contains(&bytes, &document), "that there was a document is seen");
    for (what, secret) in [
        ("text", note.text.as_bytes()),
        ("the sealed body", &body[..32]),
        ("the wrapped key", &slip[slip.len() - 32..]),
        ("the child's name", CHILD.1.as_bytes()),
        ("the child's number", CHILD.0.as_bytes()),
        ("a guardian's name", GUARDIANS[0].1.as_bytes()),
        ("a guardian's number", GUARDIANS[0].0.as_bytes()),
    ] {
        assert!(!contains(&bytes, secret), "{what}");
    }
}
