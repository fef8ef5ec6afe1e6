//! The tree against published vectors and an independent implementation; checkpoints and receipts altered.

mod checkpoints;
mod proofs;
mod receipts;

use std::collections::BTreeMap;

use super::*;

/// A log as a store keeps it: every node by its place.
#[derive(Default)]
struct Log {
    frontier: Frontier,
    nodes: BTreeMap<NodeId, NodeHash>,
    roots: Vec<NodeHash>,
}

impl Log {
    fn of(leaves: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut log = Self {
            roots: vec![Frontier::default().root()],
            ..Self::default()
        };
        for leaf in leaves {
            for node in log.frontier.append(leaf_hash(&leaf)) {
                assert_eq!(
                    log.nodes.insert(node.id, node.hash),
                    None,
                    "a node is written once"
                );
            }
            log.roots.push(log.frontier.root());
        }
        log
    }

    fn numbered(size: u64) -> Self {
        Self::of((0..size).map(|index| index.to_be_bytes().to_vec()))
    }

    fn head(&self, size: u64) -> TreeHead {
        TreeHead {
            size,
            root: self.roots[usize::try_from(size).unwrap()],
        }
    }

    fn assemble(&self, plan: &ProofPlan) -> Vec<NodeHash> {
        let hashes: Vec<_> = plan.nodes().iter().map(|id| self.nodes[id]).collect();
        plan.assemble(&hashes).unwrap()
    }

    fn inclusion(&self, index: u64, size: u64) -> Vec<NodeHash> {
        self.assemble(&ProofPlan::inclusion(index, size).unwrap())
    }

    fn consistency(&self, from: u64, to: u64) -> Vec<NodeHash> {
        self.assemble(&ProofPlan::consistency(from, to).unwrap())
    }

    fn leaf(&self, index: u64) -> NodeHash {
        self.nodes[&NodeId { level: 0, index }]
    }
}

/// Another hash than this one.
fn other(hash: NodeHash) -> NodeHash {
    let mut bytes = *hash.as_bytes();
    bytes[31] ^= 1;
    NodeHash::from_bytes(bytes)
}
