//! Tickets turned into proofs, asking no more often than the hub says.

use core::time::Duration;

use samrum_consent::id::EntryId;
use samrum_proto::ledger::{NodeHash, Receipt, Salt};
use samrum_proto::wire::ledger::v1 as ledger;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::{Party, reason};

/// How often a receipt is asked for before the merge delay counts as passed.
const ATTEMPTS: usize = 6;

/// The receipt of an entry, as soon as it has its place in the log.
pub async fn receipt(party: &Party, entry_id: &[u8]) -> Result<Receipt, Status> {
    let request = ledger::GetLedgerReceiptRequest {
        entry_id: entry_id.to_vec(),
    };
    for _ in 0..ATTEMPTS {
        match party.ledger().get_ledger_receipt(request.clone()).await {
            Err(status) if reason(&status) == "NOT_YET_SEQUENCED" => wait(&status).await,
            Err(status) => return Err(status),
            Ok(answer) => return Ok(parsed(entry_id, answer.into_inner())),
        }
    }
    panic!("the entry got no place in the log within the merge delay");
}

/// The newest checkpoint, as soon as there is one.
pub async fn checkpoint(party: &Party) -> Vec<u8> {
    for _ in 0..ATTEMPTS {
        match party
            .ledger()
            .get_checkpoint(ledger::GetCheckpointRequest {})
            .await
        {
            Err(status) if reason(&status) == "NOT_YET_SEQUENCED" => wait(&status).await,
            answer => return answer.unwrap().into_inner().checkpoint,
        }
    }
    panic!("the log has no checkpoint");
}

/// Waits as long as the hub asks, and no longer.
async fn wait(status: &Status) {
    assert_eq!(status.code(), Code::Unavailable);
    let delay = status.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert!(delay <= Duration::from_secs(1), "no longer than the merge delay");
    tokio::time::sleep(delay).await;
}

fn parsed(entry_id: &[u8], answer: ledger::GetLedgerReceiptResponse) -> Receipt {
    let salt = (!answer.salt.is_empty()).then(|| Salt::try_from(answer.salt.as_slice()).unwrap());
    let node = |hash: Vec<u8>| NodeHash::from_bytes(hash.try_into().unwrap());
    Receipt {
        entry: EntryId::try_from(entry_id).unwrap(),
        leaf: answer.leaf,
        salt,
        details: answer.details,
        index: answer.index,
        proof: answer.inclusion_proof.into_iter().map(node).collect(),
        checkpoint: answer.checkpoint,
    }
}
