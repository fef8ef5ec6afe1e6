//! Load: calls that are under way when the hub or its database is killed, and what was answered before.

use core::pin::Pin;
use core::time::Duration;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;

use samrum_proto::statement::Answer;
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::ledger::v1::Ticket;
use samrum_tests::{Chance, Letter, Story, new_id};
use tokio::sync::Notify;
use tonic::{Code, Status};

use crate::ENOUGH_PER_KILL;

/// Tasks that send at once.
const SENDERS: usize = 12;
/// Tasks that fetch and acknowledge at once.
const READERS: usize = 4;
/// How long the load goes on at least once enough has been answered, and how much longer at most: a moment is drawn.
const SHORTEST: Duration = Duration::from_millis(5);
const SPREAD_MS: usize = 80;
/// How long a reader waits when nothing waits for it.
const PAUSE: Duration = Duration::from_millis(5);
/// How often the guardian changes her mind in one round.
const CHANGES: usize = 2;
/// Answers after which the moment is drawn: some of the last are none.
const WANTED_PER_KILL: usize = ENOUGH_PER_KILL + 2 * SENDERS;
/// The longest that a round may take to answer enough.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the hub answered.
#[derive(Debug)]
pub(crate) enum Answered {
    /// A document was taken, with this answer.
    Sent(Box<exchange::SendDocumentRequest>, exchange::SendDocumentResponse),
    /// A document was sent and the answer never came.
    Unanswered(Box<exchange::SendDocumentRequest>),
    /// A key was released.
    Released(Ticket),
    /// A recipient's answer was taken: document of the sender, delivery.
    Acknowledged(Vec<u8>, Vec<u8>, Ticket),
    /// A consent was taken back.
    Revoked(Vec<u8>),
}

/// Calls until enough was answered and a moment longer; then something is killed. Everything that was answered, also
/// by what took its place while the last calls were under way.
pub(crate) async fn until_killed(
    story: &Story,
    chance: &mut Chance,
    kill: impl Future<Output = ()>,
) -> Vec<Answered> {
    let moment = SHORTEST + Duration::from_millis(chance.below(SPREAD_MS) as u64);
    let load = Load::default();
    let mut callers: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
    for _ in 0..SENDERS {
        callers.push(Box::pin(load.send(story)));
    }
    for _ in 0..READERS {
        callers.push(Box::pin(load.read(story)));
    }
    callers.push(Box::pin(load.change_mind(story)));
    let killer = async {
        let enough = tokio::time::timeout(PATIENCE, load.enough.notified()).await;
        enough.expect("the hub answers enough in time");
        tokio::time::sleep(moment).await;
        load.is_over.store(true, Ordering::Relaxed);
        kill.await;
    };
    tokio::join!(join_all(callers), killer);
    load.answered.into_inner().unwrap()
}

/// What is under way.
#[derive(Default)]
struct Load {
    answered: Mutex<Vec<Answered>>,
    /// What was taken and waits to be read: the document, its delivery.
    waiting: Mutex<VecDeque<(Vec<u8>, Vec<u8>)>>,
    enough: Notify,
    /// Whether no new call is made.
    is_over: AtomicBool,
}

impl Load {
    fn tell(&self, answered: Answered) {
        let mut all = self.answered.lock().unwrap();
        all.push(answered);
        if all.len() == WANTED_PER_KILL {
            self.enough.notify_one();
        }
    }

    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    /// Sends notes until the hub is gone.
    async fn send(&self, story: &Story) {
        let to = [&story.psychiatry];
        let note = Letter::note(&story.child, &to);
        let recipients = story.social.recipients(&story.social, &note).await;
        while self.goes_on() {
            let document = new_id();
            let sealed = story.social.seal_to(&recipients, &document, &note);
            let request = story.social.sending(&document, sealed);
            match story.social.exchange().send_document(request.clone()).await {
                Ok(sent) => {
                    let sent = sent.into_inner();
                    let delivery = sent.deliveries[0].delivery_id.clone();
                    self.waiting.lock().unwrap().push_back((document, delivery));
                    self.tell(Answered::Sent(Box::new(request), sent));
                }
                Err(_) => return self.tell(Answered::Unanswered(Box::new(request))),
            }
        }
    }

    /// Fetches and acknowledges what was sent until the hub is gone.
    async fn read(&self, story: &Story) {
        while self.goes_on() {
            let next = self.waiting.lock().unwrap().pop_front();
            let Some((document, delivery)) = next else {
                tokio::time::sleep(PAUSE).await;
                if story.psychiatry.fetch(&new_id()).await.is_err_and(is_gone) {
                    return;
                }
                continue;
            };
            let Ok(fetched) = story.psychiatry.fetch(&delivery).await else {
                return;
            };
            self.tell(Answered::Released(fetched.ticket.unwrap()));
            let answer = story
                .psychiatry
                .answer(&delivery, &fetched.header, Answer::Acknowledged);
            let request = story.psychiatry.acknowledging(&delivery, &answer);
            match story.psychiatry.exchange().acknowledge_document(request).await {
                Ok(done) => self.tell(Answered::Acknowledged(
                    document,
                    delivery,
                    done.into_inner().ticket.unwrap(),
                )),
                Err(_) => return,
            }
        }
    }

    /// A consent that is given and taken back, a few times.
    async fn change_mind(&self, story: &Story) {
        for _ in 0..CHANGES {
            if !self.goes_on() {
                return;
            }
            let request = story.social.requesting(story.child.as_bytes(), story.scope());
            let Ok(asked) = story.social.consents().request_consent(request).await else {
                return;
            };
            let id = asked.into_inner().consent.unwrap().consent_id;
            for signatory in [1, 2] {
                let yes = story.social.recording(&id, signatory);
                if story.social.consents().record_signature(yes).await.is_err() {
                    return;
                }
            }
            let no = story.social.revoking(&id);
            if story.social.consents().revoke_consent(no).await.is_err() {
                return;
            }
            self.tell(Answered::Revoked(id));
        }
    }
}

fn is_gone(status: Status) -> bool {
    status.code() != Code::NotFound
}
