//! Inclusion and consistency proofs: planned, assembled from stored nodes, verified.

use super::tree::{complete_subtrees, empty_root, fold};
use super::{NodeHash, NodeId, node_hash};

/// The most hashes of any proof: one for each bit of a tree's size, and one.
pub const MAX_PROOF_NODES: usize = 65;

/// Why there is no such proof, or why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf is outside the tree.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    OutsideTree {
        /// The leaf.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// The older tree is larger than the newer.
    #[error("a tree of {from} leaves is no beginning of a tree of {to} leaves")]
    NotABeginning {
        /// The older size.
        from: u64,
        /// The newer size.
        to: u64,
    },
    /// Too many or too few hashes for these sizes.
    #[error("the proof has another number of hashes than these sizes need")]
    WrongNumberOfHashes,
    /// The proof leads to another root.
    #[error("the proof leads to another root")]
    WrongRoot,
}

/// Which stored nodes a proof consists of: fetch them in order, then assemble.
///
/// Memory and fetches grow with the logarithm of the log only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofPlan {
    nodes: Vec<NodeId>,
    /// How many of the nodes, in order, make up each hash of the proof.
    parts: Vec<usize>,
}

impl ProofPlan {
    /// RFC 6962 §2.1.1: that the leaf at `index` is in the tree of `size` leaves.
    ///
    /// # Errors
    /// [`ProofError::OutsideTree`].
    pub fn inclusion(index: u64, size: u64) -> Result<Self, ProofError> {
        if index >= size {
            return Err(ProofError::OutsideTree { index, size });
        }
        let (mut begin, mut end) = (0, size);
        let mut ranges = Vec::new();
        while end - begin > 1 {
            let cut = begin + split(end - begin);
            if index < cut {
                ranges.push((cut, end));
                end = cut;
            } else {
                ranges.push((begin, cut));
                begin = cut;
            }
        }
        Ok(Self::new(ranges))
    }

    /// RFC 6962 §2.1.2: that the tree of `from` leaves is the beginning of the tree of `to` leaves. Nothing
    /// needs to be shown when `from` is 0 or equals `to`.
    ///
    /// # Errors
    /// [`ProofError::NotABeginning`].
    pub fn consistency(from: u64, to: u64) -> Result<Self, ProofError> {
        if from > to {
            return Err(ProofError::NotABeginning { from, to });
        }
        let (mut begin, mut end) = (0, to);
        let mut ranges = Vec::new();
        if from == 0 {
            return Ok(Self::new(ranges));
        }
        while from != end {
            let cut = begin + split(end - begin);
            if from <= cut {
                ranges.push((cut, end));
                end = cut;
            } else {
                ranges.push((begin, cut));
                begin = cut;
            }
        }
        // The verifier knows the older root itself: it needs no part that is that whole tree.
        if begin > 0 {
            ranges.push((begin, end));
        }
        Ok(Self::new(ranges))
    }

    fn new(ranges_from_root: Vec<(u64, u64)>) -> Self {
        let mut plan = Self {
            nodes: Vec::new(),
            parts: Vec::new(),
        };
        for (begin, end) in ranges_from_root.into_iter().rev() {
            let nodes = complete_subtrees(begin, end);
            plan.parts.push(nodes.len());
            plan.nodes.extend(nodes);
        }
        plan
    }

    /// The nodes to fetch.
    #[must_use]
    pub fn nodes(&self) -> &[NodeId] {
        &self.nodes
    }

    /// The proof, from the hashes of [`ProofPlan::nodes`] in that order.
    ///
    /// # Errors
    /// [`ProofError::WrongNumberOfHashes`] when there are more or fewer hashes than nodes.
    pub fn assemble(&self, hashes: &[NodeHash]) -> Result<Vec<NodeHash>, ProofError> {
        if hashes.len() != self.nodes.len() {
            return Err(ProofError::WrongNumberOfHashes);
        }
        let mut rest = hashes;
        self.parts
            .iter()
            .map(|count| {
                let (part, after) = rest
                    .split_at_checked(*count)
                    .ok_or(ProofError::WrongNumberOfHashes)?;
                rest = after;
                fold(part).ok_or(ProofError::WrongNumberOfHashes)
            })
            .collect()
    }
}

/// The largest power of two smaller than `size`, which must be at least 2.
const fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// Verifies that a leaf is in a tree, as RFC 9162 §2.1.3.2.
///
/// # Errors
/// [`ProofError`].
pub fn verify_inclusion(
    leaf_hash: NodeHash,
    index: u64,
    size: u64,
    proof: &[NodeHash],
    root: NodeHash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutsideTree { index, size });
    }
    let mut path = Path {
        position: index,
        last: size - 1,
    };
    let mut hash = leaf_hash;
    for sibling in proof {
        hash = match path.step().ok_or(ProofError::WrongNumberOfHashes)? {
            Sibling::Left => node_hash(*sibling, hash),
            Sibling::Right => node_hash(hash, *sibling),
        };
    }
    if !path.at_root() {
        return Err(ProofError::WrongNumberOfHashes);
    }
    if hash == root {
        Ok(())
    } else {
        Err(ProofError::WrongRoot)
    }
}

/// On which side the next hash of a proof stands.
enum Sibling {
    Left,
    Right,
}

/// The way from a node to the root: `fn` and `sn` of RFC 9162.
struct Path {
    position: u64,
    last: u64,
}

impl Path {
    /// Climbs past the next sibling; `None` above the root.
    fn step(&mut self) -> Option<Sibling> {
        if self.at_root() {
            return None;
        }
        let on_right_edge = self.position == self.last;
        let sibling = if self.position & 1 == 1 || on_right_edge {
            Sibling::Left
        } else {
            Sibling::Right
        };
        // On the right edge, levels on which the node has no sibling are passed over.
        let levels = 1 + if on_right_edge {
            self.position.trailing_zeros()
        } else {
            0
        };
        self.position >>= levels;
        self.last >>= levels;
        Some(sibling)
    }

    const fn at_root(&self) -> bool {
        self.last == 0
    }
}

/// One tree's size and root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// How many leaves.
    pub size: u64,
    /// Their root.
    pub root: NodeHash,
}

/// Verifies that the older tree is the beginning of the newer, as RFC 9162 §2.1.4.2; the empty tree begins all.
///
/// # Errors
/// [`ProofError`].
pub fn verify_consistency(older: TreeHead, newer: TreeHead, proof: &[NodeHash]) -> Result<(), ProofError> {
    if older.size > newer.size {
        return Err(ProofError::NotABeginning {
            from: older.size,
            to: newer.size,
        });
    }
    if older.size == 0 && older.root != empty_root() {
        return Err(ProofError::WrongRoot);
    }
    if older.size == 0 || older.size == newer.size {
        return match proof {
            [] if older.size == 0 && newer.size > 0 => Ok(()),
            [] if older.root == newer.root => Ok(()),
            [] => Err(ProofError::WrongRoot),
            _ => Err(ProofError::WrongNumberOfHashes),
        };
    }
    // An older tree that is complete is itself the first hash.
    let complete = older.size.is_power_of_two().then_some(older.root);
    let mut hashes = complete.into_iter().chain(proof.iter().copied());
    let first = hashes.next().ok_or(ProofError::WrongNumberOfHashes)?;
    let levels = (older.size - 1).trailing_ones();
    let mut path = Path {
        position: (older.size - 1) >> levels,
        last: (newer.size - 1) >> levels,
    };
    let (mut old, mut new) = (first, first);
    for sibling in hashes {
        match path.step().ok_or(ProofError::WrongNumberOfHashes)? {
            Sibling::Left => {
                old = node_hash(sibling, old);
                new = node_hash(sibling, new);
            }
            Sibling::Right => new = node_hash(new, sibling),
        }
    }
    if !path.at_root() {
        return Err(ProofError::WrongNumberOfHashes);
    }
    if old == older.root && new == newer.root {
        Ok(())
    } else {
        Err(ProofError::WrongRoot)
    }
}
