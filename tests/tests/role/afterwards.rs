//! Rows of the ledger and of audit.

use samrum_proto::wire::ledger::v1 as wire;
use samrum_tests::CHILD;

use crate::Outcome::{Hidden, Passes};
use crate::{OTHER_ROLE, Row, row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row!(
            "/samrum.ledger.v1.LedgerService/GetCheckpoint",
            [Passes; 4],
            ledger.get_checkpoint,
            |asked| wire::GetCheckpointRequest {}
        ),
        row!(
            "/samrum.ledger.v1.LedgerService/GetLedgerReceipt",
            [Passes, Hidden, Passes, OTHER_ROLE],
            ledger.get_ledger_receipt,
            |asked| wire::GetLedgerReceiptRequest {
                entry_id: asked.id(&asked.world.decision),
            }
        ),
        // Hashes tell nothing: whoever has a certificate may check the log.
        row!(
            "/samrum.ledger.v1.LedgerService/GetInclusionProof",
            [Passes; 4],
            ledger.get_inclusion_proof,
            |asked| wire::GetInclusionProofRequest {
                index: 0,
                tree_size: 2,
            }
        ),
        row!(
            "/samrum.ledger.v1.LedgerService/GetConsistencyProof",
            [Passes; 4],
            ledger.get_consistency_proof,
            |asked| wire::GetConsistencyProofRequest {
                from_size: 1,
                to_size: 2,
            }
        ),
        row!(
            "/samrum.audit.v1.AuditService/SearchDisclosures",
            [OTHER_ROLE, OTHER_ROLE, Passes, OTHER_ROLE],
            audit.search_disclosures,
            |asked| asked.party.searching(CHILD.0)
        ),
        row!(
            "/samrum.audit.v1.AuditService/GetDisclosure",
            [OTHER_ROLE, OTHER_ROLE, Passes, OTHER_ROLE],
            audit.get_disclosure,
            |asked| asked.party.looking(&asked.world.decision)
        ),
    ]
}
