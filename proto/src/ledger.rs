//! The tamper-evident log's arithmetic: leaves, RFC 6962 hashing, proofs, checkpoints, receipts.
//!
//! The tree is that of RFC 6962 §2.1 with SHA-256; proofs are verified as in RFC 9162 §2.1.3.2 and §2.1.4.2;
//! checkpoints are C2SP `tlog-checkpoint` in C2SP `signed-note`. Nothing here stores: what must be kept is
//! handed out as nodes, and proofs are planned first and assembled from the nodes that the plan names.

mod checkpoint;
mod leaf;
mod proof;
mod receipt;
#[cfg(test)]
mod tests;
mod tree;

pub use checkpoint::{
    Checkpoint, CheckpointError, LogKey, LogVerifier, MAX_CHECKPOINT_BYTES, sign_checkpoint,
    verify_checkpoint,
};
pub use leaf::{Leaf, MAX_DETAILS_BYTES, Salt};
pub use proof::{MAX_PROOF_NODES, ProofError, ProofPlan, TreeHead, verify_consistency, verify_inclusion};
pub use receipt::{Receipt, ReceiptError, verify_receipt};
pub use tree::{Frontier, FrontierError, Node, NodeHash, NodeId, leaf_hash, node_hash};

use crate::canonical::Limits;

/// A log's origin: 1 to 128 characters, no spaces, no plus sign.
pub const ORIGIN_LIMITS: Limits = Limits { least: 1, most: 128 };
