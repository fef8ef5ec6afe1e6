//! Whether what was answered is still there after the hub was killed and started again.

use core::time::Duration;
use std::collections::BTreeMap;

use samrum_proto::ledger::{
    LogVerifier, NodeHash, TreeHead, verify_checkpoint, verify_consistency, verify_receipt,
};
use samrum_proto::statement::{Signed, Ticket};
use samrum_proto::wire::consent::v1::{ConsentState, GetConsentRequest};
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_proto::wire::exchange::v1::subscribe_inbox_response::Event;
use samrum_proto::wire::ledger::v1 as ledger;
use samrum_tests::{Story, checkpoint, receipt};
use tonic::{Response, Status};

use crate::ENOUGH_PER_KILL;
use crate::load::{Answered, may_pass};

/// How long to wait where the hub cannot answer just now, and how many times at most.
const PAUSE: Duration = Duration::from_millis(100);
const ATTEMPTS: usize = 100;

/// What has been seen so far.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    acked: usize,
    rounds: usize,
    lost: BTreeMap<&'static str, usize>,
    duplicated: usize,
    broken: Option<&'static str>,
    /// What the recipient's inbox has told, ever; and where it goes on.
    told: BTreeMap<(Vec<u8>, i32), usize>,
    cursor: Vec<u8>,
    head: Option<TreeHead>,
}

impl Judge {
    /// Checks everything that was answered before the kill.
    pub(crate) async fn check(&mut self, story: &Story, answered: &[Answered]) {
        self.rounds += 1;
        for one in answered {
            match one {
                Answered::Sent(request, response) => {
                    self.acked += 1;
                    self.sent(story, request, response).await;
                }
                Answered::Unanswered(request) => self.unanswered(story, request).await,
                Answered::Released(ticket) => {
                    self.acked += 1;
                    self.entry(story, ticket).await;
                }
                Answered::Acknowledged(document, delivery, ticket) => {
                    self.acked += 1;
                    let state = state(story, document, delivery).await;
                    self.must(state == Some(DeliveryState::Acknowledged), "acknowledgement");
                    self.entry(story, ticket).await;
                }
                Answered::Revoked(consent) => {
                    self.acked += 1;
                    self.revoked(story, consent).await;
                }
            }
        }
        self.inbox(story).await;
        self.duplicates(answered);
        self.log_grew(story).await;
    }

    /// The hub cannot read what it had written: of what it had answered nothing is there.
    pub(crate) fn everything_is_lost(&mut self, answered: &[Answered]) {
        let given = answered
            .iter()
            .filter(|one| !matches!(one, Answered::Unanswered(_)));
        let given = given.count();
        self.acked += given;
        *self.lost.entry("everything").or_default() += given;
        self.broken = Some("it cannot be read");
    }

    /// Prints the figures; whether every promise was kept.
    pub(crate) fn tell(&self, kills: usize) -> bool {
        let lost: usize = self.lost.values().sum();
        println!("kills: {}", self.rounds);
        println!("acked: {}", self.acked);
        println!("lost: {lost}");
        for (what, count) in &self.lost {
            println!("lost_{what}: {count}");
        }
        println!("duplicated: {}", self.duplicated);
        match self.broken {
            None => println!("ledger: consistent"),
            Some(how) => println!("ledger: broken ({how})"),
        }
        let enough = self.rounds == kills && self.acked >= kills * ENOUGH_PER_KILL;
        if !enough {
            println!("too few rounds or answers to say anything");
        }
        enough && lost == 0 && self.duplicated == 0 && self.broken.is_none()
    }

    fn must(&mut self, there: bool, what: &'static str) {
        if !there {
            *self.lost.entry(what).or_default() += 1;
        }
    }

    /// The same bytes get the same answer, with the same delivery and the same entry.
    async fn sent(
        &mut self,
        story: &Story,
        request: &exchange::SendDocumentRequest,
        response: &exchange::SendDocumentResponse,
    ) {
        let again = patiently(|| async {
            let mut client = story.social.exchange();
            client.send_document(request.clone()).await
        });
        let same = again.await.is_ok_and(|again| {
            let ids = |answer: &exchange::SendDocumentResponse| -> Vec<Vec<u8>> {
                let all = answer.deliveries.iter();
                all.map(|delivery| delivery.delivery_id.clone()).collect()
            };
            again.ticket == response.ticket && ids(&again) == ids(response)
        });
        self.must(same, "document");
        if let Some(ticket) = &response.ticket {
            self.entry(story, ticket).await;
        }
    }

    /// What was under way can be sent again, and is there once.
    async fn unanswered(&mut self, story: &Story, request: &exchange::SendDocumentRequest) {
        let mut deliveries = Vec::new();
        for _ in 0..2 {
            let again = patiently(|| async {
                let mut client = story.social.exchange();
                client.send_document(request.clone()).await
            });
            let Ok(sent) = again.await else {
                self.must(false, "retry");
                return;
            };
            let sent = sent.deliveries.into_iter();
            deliveries.push(sent.map(|one| one.delivery_id).collect::<Vec<_>>());
        }
        self.duplicated += usize::from(deliveries[0] != deliveries[1]);
    }

    /// The promised entry has its place in the log.
    async fn entry(&mut self, story: &Story, ticket: &ledger::Ticket) {
        let log = story.hub.verifier();
        let promised = Signed::<Ticket>::verify(&ticket.statement, &ticket.signature, log.verifying_key());
        let Ok(promised) = promised else {
            self.broken = Some("it has another key than before");
            return;
        };
        let mut proof = receipt(&story.social, &ticket.entry_id).await;
        for _ in 1..ATTEMPTS {
            if !proof.as_ref().is_err_and(may_pass) {
                break;
            }
            tokio::time::sleep(PAUSE).await;
            proof = receipt(&story.social, &ticket.entry_id).await;
        }
        match proof {
            Ok(proof) => {
                if verify_receipt(&proof, Some(&promised), &log).is_err() {
                    self.broken = Some("an entry is not what was promised");
                }
            }
            Err(_) => self.must(false, "entry"),
        }
    }

    async fn revoked(&mut self, story: &Story, consent: &[u8]) {
        let request = GetConsentRequest {
            consent_id: consent.to_vec(),
        };
        let answer = patiently(|| async { story.social.consents().get_consent(request.clone()).await });
        let state = answer.await.ok().and_then(|answer| answer.consent);
        let ended = state.is_some_and(|consent| consent.state() == ConsentState::Revoked);
        self.must(ended, "revocation");
    }

    /// Everything that the recipient's inbox tells from where it stood.
    async fn inbox(&mut self, story: &Story) {
        let request = exchange::SubscribeInboxRequest {
            cursor: self.cursor.clone(),
        };
        let stream = patiently(|| async {
            let mut client = story.psychiatry.exchange();
            client.subscribe_inbox(request.clone()).await
        });
        let mut stream = stream.await.unwrap();
        while let Some(message) = stream.message().await.unwrap() {
            if !message.cursor.is_empty() {
                self.cursor.clone_from(&message.cursor);
            }
            match message.event.unwrap() {
                Event::Item(item) => {
                    *self.told.entry((item.delivery_id, item.state)).or_default() += 1;
                }
                Event::Alarm(_) => panic!("nothing here must be opened at once"),
                Event::Heartbeat(_) => return,
            }
        }
    }

    /// Each delivery is told once in each state, and told at all.
    fn duplicates(&mut self, answered: &[Answered]) {
        for one in answered {
            let Answered::Sent(_, response) = one else {
                continue;
            };
            for delivery in &response.deliveries {
                let queued = (delivery.delivery_id.clone(), DeliveryState::Queued.into());
                let told = self.told.get(&queued).copied().unwrap_or_default();
                self.must(told > 0, "inbox_item");
            }
        }
        self.duplicated += self.told.values().filter(|times| **times > 1).count();
        // Counted once.
        self.told.values_mut().for_each(|times| *times = 1);
    }

    /// The log holds everything that it held before.
    async fn log_grew(&mut self, story: &Story) {
        let log: LogVerifier = story.hub.verifier();
        let note = checkpoint(&story.social).await;
        let Ok(now) = verify_checkpoint(&note, &log) else {
            self.broken = Some("the checkpoint does not hold");
            return;
        };
        let head = TreeHead {
            size: now.size,
            root: now.root,
        };
        if let Some(before) = self.head.replace(head) {
            let request = ledger::GetConsistencyProofRequest {
                from_size: before.size,
                to_size: head.size,
            };
            let answer = patiently(|| async { story.social.ledger().get_consistency_proof(request).await });
            let proof = answer.await.map(|answer| {
                let nodes = answer.proof.into_iter();
                let nodes = nodes.map(|hash| NodeHash::from_bytes(hash.try_into().unwrap()));
                nodes.collect::<Vec<_>>()
            });
            let grew = proof.is_ok_and(|proof| verify_consistency(before, head, &proof).is_ok());
            if !grew {
                self.broken = Some("it does not hold what it held before");
            }
        }
    }
}

async fn state(story: &Story, document: &[u8], delivery: &[u8]) -> Option<DeliveryState> {
    let request = exchange::ListDeliveriesRequest {
        document_id: document.to_vec(),
    };
    let listed = patiently(|| async {
        let mut client = story.social.exchange();
        client.list_deliveries(request.clone()).await
    });
    let mut listed = listed.await.ok()?.deliveries.into_iter();
    let found = listed.find(|one| one.delivery_id == delivery)?;
    Some(found.state())
}

/// Asks again where the hub cannot answer just now: that is no answer yet, and nothing is lost by it.
async fn patiently<T, F>(call: impl Fn() -> F) -> Result<T, Status>
where
    F: Future<Output = Result<Response<T>, Status>>,
{
    for _ in 1..ATTEMPTS {
        match call().await {
            Err(status) if may_pass(&status) => tokio::time::sleep(PAUSE).await,
            outcome => return outcome.map(Response::into_inner),
        }
    }
    call().await.map(Response::into_inner)
}
