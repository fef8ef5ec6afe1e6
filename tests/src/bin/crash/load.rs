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
use tonic::{Code, Response, Status};

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
const PATIENCE: Duration = Duration::from_mins(4);

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

impl Answered {
    /// The entry that was promised with the answer.
    pub(crate) fn entry(&self) -> Option<&[u8]> {
        let ticket = match self {
            Self::Sent(_, answer) => answer.ticket.as_ref()?,
            Self::Released(ticket) | Self::Acknowledged(_, _, ticket) => ticket,
            Self::Unanswered(_) | Self::Revoked(_) => return None,
        };
        Some(&ticket.entry_id)
    }
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
            let send = || async {
                let mut client = story.social.exchange();
                client.send_document(request.clone()).await
            };
            match self.persist(send).await {
                Ok(sent) => {
                    let delivery = sent.deliveries[0].delivery_id.clone();
                    self.waiting.lock().unwrap().push_back((document, delivery));
                    self.tell(Answered::Sent(Box::new(request), sent));
                }
                Err(_) => return self.tell(Answered::Unanswered(Box::new(request))),
            }
        }
    }

    /// Asks again with the same id where the hub cannot just now; not any more once it is over.
    async fn persist<T, F>(&self, call: impl Fn() -> F) -> Result<T, Status>
    where
        F: Future<Output = Result<Response<T>, Status>>,
    {
        loop {
            match call().await {
                Err(status) if self.goes_on() && may_pass(&status) => tokio::time::sleep(PAUSE).await,
                outcome => return outcome.map(Response::into_inner),
            }
        }
    }

    /// Fetches and acknowledges what was sent until the hub is gone.
    async fn read(&self, story: &Story) {
        let psychiatry = &story.psychiatry;
        while self.goes_on() {
            let next = self.waiting.lock().unwrap().pop_front();
            let Some((document, delivery)) = next else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let fetch = || async {
                let mut client = psychiatry.exchange();
                client.fetch_document(psychiatry.fetching(&delivery)).await
            };
            let Ok(fetched) = self.persist(fetch).await else {
                return;
            };
            self.tell(Answered::Released(fetched.ticket.unwrap()));
            let answer = psychiatry.answer(&delivery, &fetched.header, Answer::Acknowledged);
            let request = psychiatry.acknowledging(&delivery, &answer);
            let acknowledge = || async {
                let mut client = psychiatry.exchange();
                client.acknowledge_document(request.clone()).await
            };
            let Ok(done) = self.persist(acknowledge).await else {
                return;
            };
            self.tell(Answered::Acknowledged(document, delivery, done.ticket.unwrap()));
        }
    }

    /// A consent that is given and taken back, a few times.
    async fn change_mind(&self, story: &Story) {
        for _ in 0..CHANGES {
            let Ok(id) = self.give_and_take_back(story).await else {
                return;
            };
            self.tell(Answered::Revoked(id));
        }
    }

    async fn give_and_take_back(&self, story: &Story) -> Result<Vec<u8>, Status> {
        let social = &story.social;
        let request = social.requesting(story.child.as_bytes(), story.scope());
        let ask = || async { social.consents().request_consent(request.clone()).await };
        let id = self.persist(ask).await?.consent.unwrap().consent_id;
        for signatory in [1, 2] {
            let yes = social.recording(&id, signatory);
            let record = || async { social.consents().record_signature(yes.clone()).await };
            self.persist(record).await?;
        }
        let no = social.revoking(&id);
        let revoke = || async { social.consents().revoke_consent(no.clone()).await };
        self.persist(revoke).await?;
        Ok(id)
    }
}

/// Whether the hub may answer the same call later.
pub(crate) fn may_pass(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable | Code::Aborted | Code::ResourceExhausted
    )
}
