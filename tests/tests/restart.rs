//! What was answered stays, whatever ends the hub (invariant 3); and around one revocation, with hundreds of
//! calls at once, nothing that began after its answer rests on what ended (invariant 4).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::ledger::verify_receipt;
use samrum_proto::statement::{Signed, Ticket};
use samrum_proto::wire::audit::v1 as audit;
use samrum_proto::wire::audit::v1::EventKind;
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::consent::v1::ConsentState;
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::decision::v1::ground::Ground;
use samrum_proto::wire::ledger::v1 as ledger;
use samrum_tests::{CHILD, Census, Letter, Party, Question, Story, TestHub, new_id, reason, receipt};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tonic::{Code, Response, Status};

/// Tasks that call at once.
const CALLERS: usize = 6;
/// Notes that one task has to send.
const CALLS: usize = 25;
/// Calls that one task makes at most; pages that a list has at most.
const MOST: usize = 500;
/// Notes that one task sends before the revocation is answered: some while it is under way.
const SENDS: usize = 12;
/// Notes that wait when the storm begins.
const WAITING: usize = 12;
/// Answers after which the hub is ended, or the person takes the consent back.
const ANSWERS: usize = 40;
/// Calls that each task makes after the revocation was answered.
const AFTER: usize = 50;

fn question(story: &Story) -> decision::CheckRequest {
    story.social.checking(&Question {
        subjects: &[story.child],
        to: &[&story.psychiatry],
        categories: &[Category::SchoolSituation],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    })
}

async fn check(story: &Story) -> Result<decision::CheckResponse, Status> {
    let answer = story.social.decisions().check(question(story)).await;
    answer.map(Response::into_inner)
}

async fn get(party: &Party, id: &[u8]) -> consent::Consent {
    let request = consent::GetConsentRequest {
        consent_id: id.to_vec(),
    };
    let answer = party.consents().get_consent(request).await.unwrap();
    answer.into_inner().consent.unwrap()
}

/// That every ticket has become a leaf of the log.
async fn assert_kept(story: &Story, tickets: &[ledger::Ticket]) {
    let log = story.hub.verifier();
    for ticket in tickets {
        let promised = Signed::<Ticket>::verify(&ticket.statement, &ticket.signature, log.verifying_key());
        let proof = receipt(&story.social, &ticket.entry_id).await.unwrap();
        verify_receipt(&proof, Some(&promised.unwrap()), &log).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn consents_entries_and_answers_are_there_after_a_kill() {
    let hub = TestHub::start_apart(env!("CARGO_BIN_EXE_hub")).await;
    let mut story = Story::begin_in(hub).await;
    let social = &story.social;
    let mut consents = vec![story.request().await];
    story.sign(&consents[0], 1).await;
    for _ in 0..3 {
        consents.push(story.consent_of(social, &story.child).await);
    }
    let narrowing = social.narrowing(&consents[2], &[Category::HealthMental], None);
    social.consents().narrow_consent(narrowing).await.unwrap();
    story.revoke(&consents[3]).await;
    consents.push(story.request().await);
    let declining = social.declining(&consents[4], 2);
    social.consents().decline_consent(declining).await.unwrap();
    let mut before = Vec::new();
    for id in &consents {
        before.push(get(social, id).await);
    }
    let states: Vec<_> = before.iter().map(consent::Consent::state).collect();
    assert_eq!(
        (states[1], states[3], states[4]),
        (
            ConsentState::Active,
            ConsentState::Revoked,
            ConsentState::Declined
        )
    );

    let asked = question(&story);
    let answered = social
        .decisions()
        .check(asked.clone())
        .await
        .unwrap()
        .into_inner();
    let held = Census::of(&story.hub.data()).await;
    story.hub.kill().await;
    story.hub.start_again().await;
    story.reconnect();
    assert_eq!(Census::of(&story.hub.data()).await, held);
    for (id, before) in consents.iter().zip(before) {
        assert_eq!(get(&story.social, id).await, before);
    }
    // The same request gets the same answer as before the kill, with the same ticket.
    let again = story.social.decisions().check(asked).await.unwrap().into_inner();
    assert_eq!(again, answered);
    assert_kept(&story, &[answered.ticket.unwrap()]).await;
    assert_eq!(Census::of(&story.hub.data()).await, held);
}

/// Many callers, each sending notes until the hub is gone: how each ended, and the tickets as they come.
async fn sending(story: &Story) -> (JoinSet<Code>, mpsc::UnboundedReceiver<ledger::Ticket>) {
    let (answer, answers) = mpsc::unbounded_channel();
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let mut queues = Vec::new();
    for _ in 0..CALLERS {
        let mut requests = Vec::with_capacity(CALLS);
        for _ in 0..CALLS {
            let document = new_id();
            let sealed = story.social.seal_as(document.clone(), &note).await;
            requests.push(story.social.sending(&document, sealed));
        }
        queues.push(requests);
    }
    // Only now, so that all begin together.
    let mut callers = JoinSet::new();
    for requests in queues {
        let (mut client, answer) = (story.social.exchange(), answer.clone());
        callers.spawn(async move {
            for request in requests {
                match client.send_document(request).await {
                    Ok(sent) => answer.send(sent.into_inner().ticket.unwrap()).unwrap(),
                    Err(status) => return status.code(),
                }
            }
            Code::Ok
        });
    }
    (callers, answers)
}

/// Waits for so many answers.
async fn first(answers: &mut mpsc::UnboundedReceiver<ledger::Ticket>) -> Vec<ledger::Ticket> {
    let mut tickets = Vec::new();
    while tickets.len() < ANSWERS {
        tickets.push(answers.recv().await.expect("the callers go on"));
    }
    tickets
}

/// Waits for everybody; every ticket that was given.
async fn ended(
    callers: JoinSet<Code>,
    mut answers: mpsc::UnboundedReceiver<ledger::Ticket>,
    mut tickets: Vec<ledger::Ticket>,
) -> Vec<ledger::Ticket> {
    let ends = callers.join_all().await;
    assert!(
        ends.iter().any(|code| *code != Code::Ok),
        "the hub ended under them: {ends:?}"
    );
    while let Some(ticket) = answers.recv().await {
        tickets.push(ticket);
    }
    tickets
}

fn documents(census: &Census) -> usize {
    let found = census.effects.iter().find(|(table, _)| *table == "document");
    usize::try_from(found.unwrap().1).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_everything_that_was_answered_is_there() {
    let hub = TestHub::start_apart(env!("CARGO_BIN_EXE_hub")).await;
    let mut story = Story::begin_in(hub).await;
    story.consent_of(&story.social, &story.child).await;
    let (callers, mut answers) = sending(&story).await;
    let tickets = first(&mut answers).await;
    story.hub.kill().await;
    let tickets = ended(callers, answers, tickets).await;
    story.hub.start_again().await;
    story.reconnect();
    assert_kept(&story, &tickets).await;
    // Not answered is not half done: at most the calls that were under way when it ended.
    let held = documents(&Census::of(&story.hub.data()).await);
    let answered = tickets.len();
    assert!(
        (answered..=answered + CALLERS).contains(&held),
        "{answered} answered, {held} there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_in_order_every_call_under_way_is_answered_or_not_begun() {
    let (mut story, _) = Story::with_consent().await;
    let (callers, mut answers) = sending(&story).await;
    let tickets = first(&mut answers).await;
    story.hub.stop().await;
    let tickets = ended(callers, answers, tickets).await;
    let held = documents(&Census::of(&story.hub.data()).await);
    assert_eq!(held, tickets.len(), "done and answered are one");
    story.hub.start_again().await;
    story.reconnect();
    assert_kept(&story, &tickets).await;
    check(&story).await.unwrap();
}

/// What happens around the revocation.
struct Around {
    story: Story,
    /// Whether the revocation has been answered.
    revoked: AtomicBool,
    /// Answers so far.
    answered: AtomicUsize,
    enough: tokio::sync::Notify,
}

/// A call of the storm: whether it began after the revocation was answered, and the decision it got.
struct Call {
    late: bool,
    decided: Result<Vec<u8>, Status>,
}

impl Around {
    /// Calls until enough calls were late; the calls as they began and ended.
    async fn storm<F>(self: Arc<Self>, call: impl Fn(Arc<Self>, usize, bool) -> F) -> Vec<Call>
    where
        F: Future<Output = Result<Vec<u8>, Status>>,
    {
        let (mut calls, mut late) = (Vec::new(), 0);
        for number in 0..MOST {
            let is_late = self.revoked.load(Ordering::SeqCst);
            let decided = call(self.clone(), number, is_late).await;
            calls.push(Call {
                late: is_late,
                decided,
            });
            if self.answered.fetch_add(1, Ordering::SeqCst) == ANSWERS {
                self.enough.notify_one();
            }
            late += usize::from(is_late);
            if late == AFTER {
                break;
            }
        }
        assert_eq!(late, AFTER, "the revocation was answered in time");
        calls
    }
}

async fn send(story: &Story) -> Result<Vec<u8>, Status> {
    let to = [&story.psychiatry];
    let sent = story.social.send(&Letter::note(&story.child, &to)).await;
    sent.map(|sent| sent.decision_id)
}

/// A permitted question's decision; a denied one as the refusal that it would be.
async fn ask(story: &Story) -> Result<Vec<u8>, Status> {
    let answer = check(story).await?;
    if answer.verdicts[0].permitted {
        Ok(answer.decision_id)
    } else {
        Err(Status::permission_denied(""))
    }
}

/// Runs the storm around a revocation of this consent: every call.
async fn around(story: Story, consent: &[u8]) -> (Story, Vec<Call>) {
    let mut waiting = Vec::new();
    for _ in 0..WAITING {
        let to = [&story.psychiatry];
        let sent = story.social.send(&Letter::note(&story.child, &to)).await;
        waiting.push(sent.unwrap().deliveries.remove(0).delivery_id);
    }
    let around = Arc::new(Around {
        story,
        revoked: AtomicBool::new(false),
        answered: AtomicUsize::new(0),
        enough: tokio::sync::Notify::new(),
    });
    let mut callers = JoinSet::new();
    for place in 0..CALLERS {
        let (around, waiting) = (around.clone(), waiting.clone());
        callers.spawn(around.storm(move |around, number, late| {
            let delivery = waiting[(place + number * 7) % WAITING].clone();
            async move {
                match place % 3 {
                    0 if late || number < SENDS => send(&around.story).await,
                    0 | 1 => ask(&around.story).await,
                    _ => {
                        let fetched = around.story.psychiatry.fetch(&delivery).await;
                        fetched.map(|fetched| fetched.decision_id)
                    }
                }
            }
        }));
    }
    around.enough.notified().await;
    around.story.revoke(consent).await;
    around.revoked.store(true, Ordering::SeqCst);
    let calls: Vec<Call> = callers.join_all().await.into_iter().flatten().collect();
    let around = Arc::into_inner(around).expect("every caller has ended");
    (around.story, calls)
}

/// The rows of sends and releases about the child, oldest first, as the log has them.
async fn decided(story: &Story) -> Vec<audit::Disclosure> {
    let mut rows = Vec::new();
    let asked = audit::SearchDisclosuresRequest {
        page_size: 200,
        ..story.auditor.searching(CHILD.0)
    };
    let mut token = Vec::new();
    for _ in 0..MOST {
        let request = audit::SearchDisclosuresRequest {
            request_id: new_id(),
            page_token: token,
            ..asked.clone()
        };
        let answer = story.auditor.audit().search_disclosures(request).await;
        let answer = answer.unwrap().into_inner();
        rows.extend(answer.disclosures);
        token = answer.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    rows
}

/// Whether a row permits something on this consent.
fn rests_on(row: &audit::Disclosure, consent: &[u8]) -> bool {
    row.verdicts.iter().any(|verdict| {
        let ground = verdict.ground.clone().and_then(|ground| ground.ground);
        match ground {
            Some(Ground::Consent(ground)) => ground.consents.iter().any(|named| named.consent_id == consent),
            _ => false,
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_began_after_revoke_answered_is_permitted() {
    let (story, consent) = Story::with_consent().await;
    let (story, calls) = around(story, &consent).await;
    let (late, early): (Vec<&Call>, Vec<&Call>) = calls.iter().partition(|call| call.late);
    assert!(
        calls.len() >= 300 && late.len() == CALLERS * AFTER,
        "{}",
        calls.len()
    );
    assert!(early.iter().any(|call| call.decided.is_ok()), "permitted before");
    for call in late {
        let refused = call
            .decided
            .as_ref()
            .expect_err("permitted after the consent ended");
        assert_eq!(refused.code(), Code::PermissionDenied);
        let why = reason(refused);
        assert!(
            matches!(why.as_str(), "CONSENT_REVOKED" | "DELIVERY_WITHHELD" | ""),
            "{why}"
        );
    }
    // The log says the same: behind the revocation no send and no release rests on the consent.
    let rows = decided(&story).await;
    let ended = rows
        .iter()
        .position(|row| row.consent_event == "REVOKED")
        .unwrap();
    let acts = |row: &&audit::Disclosure| matches!(row.event(), EventKind::Send | EventKind::Fetch);
    assert!(
        rows[..ended]
            .iter()
            .filter(acts)
            .any(|row| rests_on(row, &consent))
    );
    assert!(rows[ended..].iter().filter(acts).count() >= 4 * AFTER);
    assert!(
        !rows[ended..]
            .iter()
            .filter(acts)
            .any(|row| rests_on(row, &consent))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_another_consent_calls_go_on_and_name_that_one() {
    let (story, one) = Story::with_consent().await;
    let other = story.consent_of(&story.social, &story.child).await;
    // What ends is the one that permits name while there are both.
    let ground = check(&story).await.unwrap().verdicts.remove(0).ground;
    let Some(Ground::Consent(ground)) = ground.and_then(|ground| ground.ground) else {
        panic!("on consent");
    };
    let (ending, lasting) = if ground.consents[0].consent_id == one {
        (one, other)
    } else {
        (other, one)
    };
    let (story, calls) = around(story, &ending).await;
    let late: Vec<&Call> = calls.iter().filter(|call| call.late).collect();
    let permitted = late.iter().filter(|call| call.decided.is_ok()).count();
    assert!(permitted >= 4 * AFTER, "questions and sends go on: {permitted}");
    let rows = decided(&story).await;
    let ids: Vec<&Vec<u8>> = late
        .iter()
        .filter_map(|call| call.decided.as_ref().ok())
        .collect();
    let mut named = 0;
    for row in rows.iter().filter(|row| ids.contains(&&row.entry_id)) {
        assert!(!rests_on(row, &ending), "a permit names what has ended");
        named += usize::from(rests_on(row, &lasting));
    }
    assert_eq!(named, permitted);
}
