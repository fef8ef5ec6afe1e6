//! `samrum.ledger.v1.LedgerService`.

use samrum_proto::convert::id;
use samrum_proto::ledger::NodeHash;
use samrum_proto::wire::ledger::v1 as wire;
use tonic::{Request, Response, Status, async_trait};

use super::Rpc;
use super::directory::respond;
use super::status::status;
use crate::service::{ReceiptReader, Result, ServiceError};
use crate::transport::caller::CallerRole;

#[async_trait]
impl wire::ledger_service_server::LedgerService for Rpc {
    async fn get_checkpoint(
        &self,
        request: Request<wire::GetCheckpointRequest>,
    ) -> Result<Response<wire::GetCheckpointResponse>, Status> {
        self.caller(&request).await?;
        respond(
            self.hub
                .checkpoint()
                .await
                .map(|checkpoint| wire::GetCheckpointResponse { checkpoint }),
        )
    }

    async fn get_ledger_receipt(
        &self,
        request: Request<wire::GetLedgerReceiptRequest>,
    ) -> Result<Response<wire::GetLedgerReceiptResponse>, Status> {
        let reader = match self.caller(&request).await?.role() {
            CallerRole::Unit(unit) => ReceiptReader::Unit(*unit),
            CallerRole::Auditor(organisation) => ReceiptReader::Auditor(*organisation),
            CallerRole::Operator(_) => {
                return Err(status(&ServiceError::RoleNotAllowed {
                    needed: "units and auditors",
                }));
            }
        };
        let answer = async {
            let receipt = self
                .hub
                .receipt(reader, id("entry_id", &request.get_ref().entry_id)?)
                .await?;
            Ok(wire::GetLedgerReceiptResponse {
                index: receipt.index,
                leaf: receipt.entry.leaf,
                salt: receipt.entry.salt.map(|salt| salt.to_vec()).unwrap_or_default(),
                details: receipt.entry.details,
                inclusion_proof: bytes(&receipt.proof),
                checkpoint: receipt.checkpoint,
            })
        };
        respond(answer.await)
    }

    async fn get_inclusion_proof(
        &self,
        request: Request<wire::GetInclusionProofRequest>,
    ) -> Result<Response<wire::GetInclusionProofResponse>, Status> {
        self.caller(&request).await?;
        let asked = request.get_ref();
        let answer = self.hub.inclusion(asked.index, asked.tree_size).await;
        respond(answer.map(|(leaf, proof)| wire::GetInclusionProofResponse {
            leaf_hash: leaf.as_bytes().to_vec(),
            proof: bytes(&proof),
        }))
    }

    async fn get_consistency_proof(
        &self,
        request: Request<wire::GetConsistencyProofRequest>,
    ) -> Result<Response<wire::GetConsistencyProofResponse>, Status> {
        self.caller(&request).await?;
        let asked = request.get_ref();
        let answer = self.hub.consistency(asked.from_size, asked.to_size).await;
        respond(answer.map(|proof| wire::GetConsistencyProofResponse { proof: bytes(&proof) }))
    }
}

fn bytes(hashes: &[NodeHash]) -> Vec<Vec<u8>> {
    hashes.iter().map(|hash| hash.as_bytes().to_vec()).collect()
}
