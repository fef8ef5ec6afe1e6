//! The RFC 6962 tree (§2.1, SHA-256): hashing, and appending with a state of one hash per level.

use crate::canonical::{digests, sha256};

digests! {
    /// The hash of a leaf or of an inner node, and so of a whole tree.
    NodeHash = "node_hash";
}

const LEAF_PREFIX: u8 = 0x00;
const NODE_PREFIX: u8 = 0x01;

/// SHA-256(0x00 ‖ leaf).
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> NodeHash {
    NodeHash::from_bytes(sha256(&[&[LEAF_PREFIX], leaf]))
}

/// SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: NodeHash, right: NodeHash) -> NodeHash {
    NodeHash::from_bytes(sha256(&[&[NODE_PREFIX], left.as_bytes(), right.as_bytes()]))
}

/// The root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub(super) fn empty_root() -> NodeHash {
    NodeHash::from_bytes(sha256(&[]))
}

/// The root of subtrees that stand side by side, left to right, each to the right smaller than those before.
pub(super) fn fold(subtrees: &[NodeHash]) -> Option<NodeHash> {
    subtrees
        .iter()
        .rev()
        .copied()
        .reduce(|right, left| node_hash(left, right))
}

/// Where a complete subtree stands: its leaves are `index << level .. (index + 1) << level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    /// 0 for leaves.
    pub level: u8,
    /// From the left, counted on its level from 0.
    pub index: u64,
}

/// A complete subtree's root, which no later append changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Where.
    pub id: NodeId,
    /// Its hash.
    pub hash: NodeHash,
}

/// Why stored nodes are not the frontier of a tree of this size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tree of {size} leaves has {expected} complete subtrees on its right edge; {found} were given")]
pub struct FrontierError {
    /// The size.
    pub size: u64,
    /// As many as the size has one-bits.
    pub expected: usize,
    /// How many came.
    pub found: usize,
}

/// The right edge of a growing tree: all that appending and the root need.
///
/// **Shape**: one hash for each one-bit of the size, from the most significant to the least.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<NodeHash>,
}

impl Frontier {
    /// The edge of a stored tree, from the nodes that [`Frontier::node_ids`] names for its size, in that order.
    ///
    /// # Errors
    /// [`FrontierError`] when they are too many or too few.
    pub fn restore(size: u64, subtrees: Vec<NodeHash>) -> Result<Self, FrontierError> {
        let expected = size.count_ones() as usize;
        if subtrees.len() == expected {
            Ok(Self { size, subtrees })
        } else {
            Err(FrontierError {
                size,
                expected,
                found: subtrees.len(),
            })
        }
    }

    /// The complete subtrees on the right edge of a tree of this size, left to right.
    #[must_use]
    pub fn node_ids(size: u64) -> Vec<NodeId> {
        complete_subtrees(0, size)
    }

    /// How many leaves the tree has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The hashes to keep for [`Frontier::restore`].
    #[must_use]
    pub fn subtrees(&self) -> &[NodeHash] {
        &self.subtrees
    }

    /// Appends a leaf by its hash and gives every subtree that it completes, the leaf first: what to store.
    pub fn append(&mut self, leaf_hash: NodeHash) -> Vec<Node> {
        let mut node = Node {
            id: NodeId {
                level: 0,
                index: self.size,
            },
            hash: leaf_hash,
        };
        let mut completed = vec![node];
        // Each one-bit at the bottom of the size is a left sibling that waits for this node.
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.subtrees.pop() else { break };
            node = Node {
                id: NodeId {
                    level: node.id.level + 1,
                    index: node.id.index >> 1,
                },
                hash: node_hash(left, node.hash),
            };
            completed.push(node);
        }
        self.subtrees.push(node.hash);
        self.size += 1;
        completed
    }

    /// The root of the tree as it stands.
    #[must_use]
    pub fn root(&self) -> NodeHash {
        fold(&self.subtrees).unwrap_or_else(empty_root)
    }
}

/// The complete subtrees that the leaves `begin..end` consist of, left to right. `begin` must be a multiple of
/// the largest power of two that is at most `end - begin`, as it is wherever RFC 6962 cuts.
pub(super) fn complete_subtrees(begin: u64, end: u64) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    let mut begin = begin;
    while begin < end {
        let level = (end - begin).ilog2();
        // ilog2 of a u64 is at most 63.
        nodes.push(NodeId {
            level: u8::try_from(level).unwrap_or(u8::MAX),
            index: begin >> level,
        });
        begin += 1 << level;
    }
    nodes
}
