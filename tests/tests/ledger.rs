//! From ticket to receipt: who may have it, that it proves what it says, and that the log only ever grows.

use prost::Message as _;
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::ledger::{
    Checkpoint, LogVerifier, NodeHash, Receipt, TreeHead, verify_checkpoint, verify_consistency,
    verify_inclusion, verify_receipt,
};
use samrum_proto::statement::{Signed, Ticket};
use samrum_proto::wire::ledger::v1 as wire;
use samrum_tests::{
    Census, Letter, Party, Question, Story, assert_fails, assert_hidden, checkpoint, new_id, receipt,
    unplaced,
};
use tonic::{Code, Response, Status};

async fn ask(party: &Party, entry: &[u8]) -> Result<wire::GetLedgerReceiptResponse, Status> {
    let request = wire::GetLedgerReceiptRequest {
        entry_id: entry.to_vec(),
    };
    let answer = party.ledger().get_ledger_receipt(request).await;
    answer.map(Response::into_inner)
}

async fn consistency(party: &Party, from: u64, to: u64) -> Result<Vec<NodeHash>, Status> {
    let request = wire::GetConsistencyProofRequest {
        from_size: from,
        to_size: to,
    };
    let answer = party.ledger().get_consistency_proof(request).await?.into_inner();
    Ok(answer.proof.into_iter().map(node).collect())
}

fn node(hash: Vec<u8>) -> NodeHash {
    NodeHash::from_bytes(hash.try_into().unwrap())
}

fn head(checkpoint: &Checkpoint) -> TreeHead {
    TreeHead {
        size: checkpoint.size,
        root: checkpoint.root,
    }
}

fn parsed(ticket: &wire::Ticket, log: &LogVerifier) -> Signed<Ticket> {
    Signed::verify(&ticket.statement, &ticket.signature, log.verifying_key()).unwrap()
}

/// Asks about the child; answers with the ticket of the answer.
async fn asked(story: &Story) -> wire::Ticket {
    let request = story.social.checking(&Question {
        subjects: &[story.child],
        to: &[&story.psychiatry],
        categories: &[Category::SchoolSituation],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    });
    let answer = story.social.decisions().check(request).await.unwrap();
    answer.into_inner().ticket.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_for_those_whom_the_entry_concerns() {
    let (story, _) = Story::with_consent().await;
    let own = asked(&story).await.entry_id;
    let to = [&story.psychiatry];
    let sent = story.social.send(&Letter::note(&story.child, &to)).await.unwrap();
    let fetched = story
        .psychiatry
        .fetch(&sent.deliveries[0].delivery_id)
        .await
        .unwrap();
    let shared = fetched.ticket.unwrap().entry_id;
    receipt(&story.social, &own).await.unwrap();
    receipt(&story.psychiatry, &shared).await.unwrap();
    let before = Census::of(&story.hub.data()).await;

    // A question is its asker's and its organisation's; a disclosure both sides'.
    let region = story.hub.party("auditor-region-exempel");
    let concerned: [(&[u8], &[&Party], &[&Party]); 2] = [
        (
            &own,
            &[&story.social, &story.auditor],
            &[&story.psychiatry, &story.pupil_health, &story.reception, &region],
        ),
        (
            &shared,
            &[&story.social, &story.psychiatry, &story.auditor, &region],
            &[&story.pupil_health, &story.clinic, &story.reception],
        ),
    ];
    for (entry, may, may_not) in concerned {
        for party in may {
            println!("{} may", party.name);
            assert!(!ask(party, entry).await.unwrap().details.is_empty());
        }
        for party in may_not {
            println!("{} may not", party.name);
            assert_hidden(ask(party, entry).await, ask(party, &new_id()).await);
        }
        let operator = ask(&story.operator, entry).await;
        assert_fails(operator, Code::PermissionDenied, "ROLE_NOT_ALLOWED");
    }
    let garbled = ask(&story.social, &own[1..]).await;
    assert_fails(garbled, Code::InvalidArgument, "FIELD_INVALID");
    assert_eq!(
        Census::of(&story.hub.data()).await,
        before,
        "looking leaves no trace"
    );
}

/// A receipt with one byte altered, link by link of its chain.
fn altered(receipt: &Receipt) -> Vec<(&'static str, Receipt)> {
    let mut all = Vec::new();
    let mut bend = |what, bend: &dyn Fn(&mut Receipt)| {
        let mut bent = receipt.clone();
        bend(&mut bent);
        all.push((what, bent));
    };
    bend("details", &|receipt| receipt.details[9] ^= 1);
    bend("leaf", &|receipt| *receipt.leaf.last_mut().unwrap() ^= 1);
    bend("no salt", &|receipt| receipt.salt = None);
    bend("its place", &|receipt| receipt.index ^= 1);
    bend("the first node", &|receipt| {
        let mut hash = *receipt.proof[0].as_bytes();
        hash[31] ^= 1;
        receipt.proof[0] = NodeHash::from_bytes(hash);
    });
    bend("a node fewer", &|receipt| {
        receipt.proof.truncate(receipt.proof.len() - 1)
    });
    for place in [20, 40, receipt.checkpoint.len() - 10] {
        bend("the checkpoint", &move |receipt| receipt.checkpoint[place] ^= 1);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_proves_its_ticket_and_no_byte_of_it_can_change() {
    let (story, _) = Story::with_consent().await;
    let log = story.hub.verifier();
    let (first, second) = (asked(&story).await, asked(&story).await);
    let proof = receipt(&story.social, &first.entry_id).await.unwrap();
    let promised = parsed(&first, &log);
    let checkpoint = verify_receipt(&proof, Some(&promised), &log).unwrap();
    assert!(checkpoint.size > proof.index);
    for (what, bent) in altered(&proof) {
        println!("{what}");
        verify_receipt(&bent, Some(&promised), &log).unwrap_err();
        verify_receipt(&bent, None, &log).unwrap_err();
    }
    // Nor is it another ticket's, or another log's.
    verify_receipt(&proof, Some(&parsed(&second, &log)), &log).unwrap_err();
    let other = samrum_tests::TestHub::start().await;
    verify_receipt(&proof, None, &other.verifier()).unwrap_err();
    let mut forged = first.clone();
    *forged.statement.last_mut().unwrap() ^= 1;
    Signed::<Ticket>::verify(&forged.statement, &forged.signature, log.verifying_key()).unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_may_check_that_the_log_holds_a_leaf_and_only_grows() {
    let (story, _) = Story::with_consent().await;
    let log = story.hub.verifier();
    let proof = receipt(&story.social, &asked(&story).await.entry_id)
        .await
        .unwrap();
    let older = verify_checkpoint(&checkpoint(&story.clinic).await, &log).unwrap();
    for _ in 0..3 {
        let later = asked(&story).await.entry_id;
        receipt(&story.social, &later).await.unwrap();
    }
    let newer = verify_checkpoint(&checkpoint(&story.clinic).await, &log).unwrap();
    assert_eq!(newer.size, older.size + 3);
    let grown = consistency(&story.clinic, older.size, newer.size).await.unwrap();
    verify_consistency(head(&older), head(&newer), &grown).unwrap();
    // Not between others, not backwards, and not for sizes that never were.
    let shorter = TreeHead {
        size: older.size - 1,
        root: older.root,
    };
    verify_consistency(shorter, head(&newer), &grown).unwrap_err();
    let never = consistency(&story.clinic, older.size, newer.size + 1).await;
    assert_fails(never, Code::NotFound, "NOT_FOUND");
    let backwards = consistency(&story.clinic, newer.size, older.size).await;
    assert_fails(backwards, Code::NotFound, "NOT_FOUND");

    let inclusion = async |index, tree_size| {
        let request = wire::GetInclusionProofRequest { index, tree_size };
        let answer = story.clinic.ledger().get_inclusion_proof(request).await;
        answer.map(Response::into_inner)
    };
    let held = inclusion(proof.index, newer.size).await.unwrap();
    let path: Vec<_> = held.proof.iter().cloned().map(node).collect();
    let leaf = node(held.leaf_hash.clone());
    verify_inclusion(leaf, proof.index, newer.size, &path, newer.root).unwrap();
    verify_inclusion(leaf, proof.index, newer.size, &path, older.root).unwrap_err();
    assert!(held.encoded_len() < 1024, "hashes and nothing else");
    let beyond = inclusion(newer.size, newer.size).await;
    assert_fails(beyond, Code::NotFound, "NOT_FOUND");
    let never = inclusion(proof.index, newer.size + 1).await;
    assert_fails(never, Code::NotFound, "NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_orderly_stop_every_ticket_has_its_place_and_the_log_grows_on() {
    let (mut story, _) = Story::with_consent().await;
    let log = story.hub.verifier();
    let early = asked(&story).await;
    let before = receipt(&story.social, &early.entry_id).await.unwrap();
    let older = verify_receipt(&before, None, &log).unwrap();
    // Stopped at once: the last entry has its ticket and no place yet, or only just.
    let late = asked(&story).await;
    story.hub.stop().await;
    assert_eq!(
        unplaced(&story.hub.data()).await,
        0,
        "given before the hub leaves"
    );
    let held = Census::of(&story.hub.data()).await;
    story.hub.start_again().await;
    story.reconnect();
    assert_eq!(Census::of(&story.hub.data()).await, held);
    assert_eq!(story.hub.verifier().to_string(), log.to_string(), "the same log");
    let answer = ask(&story.social, &late.entry_id).await.unwrap();
    let newer = verify_checkpoint(&answer.checkpoint, &log).unwrap();
    assert_eq!(newer.size, held.entries.unsigned_abs(), "every entry is a leaf");
    for ticket in [&early, &late] {
        let proof = receipt(&story.social, &ticket.entry_id).await.unwrap();
        verify_receipt(&proof, Some(&parsed(ticket, &log)), &log).unwrap();
    }
    let again = receipt(&story.social, &early.entry_id).await.unwrap();
    assert_eq!(
        (again.index, &again.leaf),
        (before.index, &before.leaf),
        "where it was"
    );
    let grown = consistency(&story.social, older.size, newer.size).await.unwrap();
    verify_consistency(head(&older), head(&newer), &grown).unwrap();

    let next = receipt(&story.social, &asked(&story).await.entry_id)
        .await
        .unwrap();
    let newest = verify_receipt(&next, None, &log).unwrap();
    assert_eq!(next.index, newer.size, "behind what was there");
    let grown = consistency(&story.social, newer.size, newest.size).await.unwrap();
    verify_consistency(head(&newer), head(&newest), &grown).unwrap();
}
