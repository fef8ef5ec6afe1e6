//! Proofs from the log: checkpoint, receipts, inclusion, consistency.

use samrum_consent::id::EntryId;
use samrum_proto::ledger::{NodeHash, NodeId, ProofPlan};

use super::{Hub, Result, ServiceError};
use crate::store::Entry;

/// Everything that turns a ticket into a proof.
#[derive(Debug)]
pub struct LedgerReceipt {
    /// The entry with its leaf, salt and details.
    pub entry: Entry,
    /// Its place.
    pub index: u64,
    /// The audit path.
    pub proof: Vec<NodeHash>,
    /// The signed checkpoint that it leads to.
    pub checkpoint: Vec<u8>,
}

/// Who asks for a receipt.
#[derive(Debug, Clone, Copy)]
pub enum ReceiptReader {
    /// A unit that the entry concerns.
    Unit(samrum_consent::id::UnitId),
    /// An auditor of an organisation that it concerns.
    Auditor(samrum_consent::id::OrganisationId),
}

impl Hub {
    /// The newest signed checkpoint.
    ///
    /// # Errors
    /// [`ServiceError::NotYetSequenced`] before the first.
    pub async fn checkpoint(&self) -> Result<Vec<u8>> {
        Ok(self.head().await?.1)
    }

    /// An entry with its proof, for those it concerns.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], alike for unknown and others' entries;
    /// [`ServiceError::NotYetSequenced`] within the maximum merge delay.
    pub async fn receipt(&self, reader: ReceiptReader, id: EntryId) -> Result<LedgerReceipt> {
        let may = match reader {
            ReceiptReader::Unit(unit) => self.store.entry_concerns(id, unit).await?,
            ReceiptReader::Auditor(organisation) => self.store.entry_within(id, organisation).await?,
        };
        let entry = self
            .store
            .entry(id)
            .await?
            .filter(|_| may)
            .ok_or(ServiceError::NotFound)?;
        let index = entry.leaf_index.ok_or(ServiceError::NotYetSequenced)?;
        let (size, checkpoint) = self.head().await?;
        let plan = ProofPlan::inclusion(index, size).map_err(|_| ServiceError::NotYetSequenced)?;
        let proof = self.prove(&plan).await?;
        Ok(LedgerReceipt {
            entry,
            index,
            proof,
            checkpoint,
        })
    }

    /// The leaf hash at a place and its audit path in a tree of this size.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the tree never had that size or place.
    pub async fn inclusion(&self, index: u64, size: u64) -> Result<(NodeHash, Vec<NodeHash>)> {
        self.reached(size).await?;
        let plan = ProofPlan::inclusion(index, size).map_err(|_| ServiceError::NotFound)?;
        let leaf = self.store.node(0, index).await?.ok_or(ServiceError::NotFound)?;
        Ok((NodeHash::from_bytes(leaf), self.prove(&plan).await?))
    }

    /// The proof that the log of one size is a prefix of another.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the log never had those sizes.
    pub async fn consistency(&self, from: u64, to: u64) -> Result<Vec<NodeHash>> {
        self.reached(to).await?;
        let plan = ProofPlan::consistency(from, to).map_err(|_| ServiceError::NotFound)?;
        self.prove(&plan).await
    }

    async fn head(&self) -> Result<(u64, Vec<u8>)> {
        let (size, _, note) = self
            .store
            .checkpoint()
            .await?
            .ok_or(ServiceError::NotYetSequenced)?;
        Ok((size, note))
    }

    async fn reached(&self, size: u64) -> Result<()> {
        if size <= self.head().await?.0 {
            Ok(())
        } else {
            Err(ServiceError::NotFound)
        }
    }

    async fn prove(&self, plan: &ProofPlan) -> Result<Vec<NodeHash>> {
        let mut hashes = Vec::with_capacity(plan.nodes().len());
        for NodeId { level, index } in plan.nodes() {
            let hash = self.store.node(*level, *index).await?;
            let hash = hash.ok_or(ServiceError::Damaged { what: "log node" })?;
            hashes.push(NodeHash::from_bytes(hash));
        }
        plan.assemble(&hashes)
            .map_err(|_| ServiceError::Damaged { what: "log" })
    }
}
