//! Proofs: equal to an independent implementation's, accepted as they are, refused when anything differs.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use sha2::Sha256;

use super::super::*;
use super::{Log, other};

/// The same cases on every run.
fn config() -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(0x6c65_6467),
        failure_persistence: None,
        ..Default::default()
    }
}

type Oracle = MemoryBackedTree<Sha256, [u8; 8]>;

fn oracle(size: u64) -> Oracle {
    let mut tree = Oracle::new();
    (0..size).for_each(|index| tree.push(index.to_be_bytes()));
    tree
}

fn concatenated(proof: &[NodeHash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

#[test]
fn roots_and_proofs_are_those_of_an_independent_implementation() {
    const LARGEST: u64 = 40;
    let log = Log::numbered(LARGEST);
    for size in 0..=LARGEST {
        let tree = oracle(size);
        assert_eq!(
            log.head(size).root.as_bytes().as_slice(),
            tree.root().as_bytes().as_slice()
        );
        for index in 0..size {
            let expected = tree.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(
                concatenated(&log.inclusion(index, size)),
                expected.as_bytes(),
                "{index} of {size}"
            );
        }
        for from in 1..=size {
            let expected = tree.prove_consistency(usize::try_from(size - from).unwrap());
            assert_eq!(
                concatenated(&log.consistency(from, size)),
                expected.as_bytes(),
                "{from} to {size}"
            );
        }
    }
}

#[test]
fn every_proof_holds_and_no_altered_one_does() {
    const LARGEST: u64 = 24;
    let log = Log::numbered(LARGEST);
    for size in 1..=LARGEST {
        let TreeHead { root, .. } = log.head(size);
        for index in 0..size {
            let (leaf, proof) = (log.leaf(index), log.inclusion(index, size));
            assert_eq!(verify_inclusion(leaf, index, size, &proof, root), Ok(()));
            let wrong_root = Err(ProofError::WrongRoot);
            assert_eq!(
                verify_inclusion(other(leaf), index, size, &proof, root),
                wrong_root
            );
            assert_eq!(
                verify_inclusion(leaf, index, size, &proof, other(root)),
                wrong_root
            );
            for elsewhere in (0..size).filter(|elsewhere| *elsewhere != index) {
                assert!(verify_inclusion(leaf, elsewhere, size, &proof, root).is_err());
            }
            for altered in alterations(&proof) {
                assert!(verify_inclusion(leaf, index, size, &altered, root).is_err());
            }
        }
    }
}

#[test]
fn every_beginning_is_proved_and_no_other_history_is() {
    const LARGEST: u64 = 24;
    let log = Log::numbered(LARGEST);
    for to in 0..=LARGEST {
        let newer = log.head(to);
        for from in 0..=to {
            let (older, proof) = (log.head(from), log.consistency(from, to));
            assert_eq!(verify_consistency(older, newer, &proof), Ok(()), "{from} to {to}");
            let rewritten = TreeHead {
                root: other(older.root),
                ..older
            };
            assert!(
                verify_consistency(rewritten, newer, &proof).is_err(),
                "{from} to {to}"
            );
            if from > 0 {
                let rewritten = TreeHead {
                    root: other(newer.root),
                    ..newer
                };
                assert!(
                    verify_consistency(older, rewritten, &proof).is_err(),
                    "{from} to {to}"
                );
            }
            for altered in alterations(&proof) {
                assert!(
                    verify_consistency(older, newer, &altered).is_err(),
                    "{from} to {to}"
                );
            }
        }
        let larger = TreeHead {
            size: to + 1,
            ..newer
        };
        let refused = ProofError::NotABeginning { from: to + 1, to };
        assert_eq!(verify_consistency(larger, newer, &[]), Err(refused));
        assert_eq!(ProofPlan::consistency(to + 1, to), Err(refused));
    }
}

/// A hash altered, missing, repeated at either end; two exchanged.
fn alterations(proof: &[NodeHash]) -> Vec<Vec<NodeHash>> {
    let stray = leaf_hash(b"stray");
    let mut all = vec![[proof, &[stray]].concat(), [&[stray], proof].concat()];
    for index in 0..proof.len() {
        let mut altered = proof.to_vec();
        altered[index] = other(altered[index]);
        all.push(altered);
        let mut missing = proof.to_vec();
        missing.remove(index);
        all.push(missing);
        if index > 0 {
            let mut exchanged = proof.to_vec();
            exchanged.swap(index - 1, index);
            all.push(exchanged);
        }
    }
    all
}

#[test]
fn a_restored_frontier_goes_on_as_if_it_had_never_stopped() {
    const LARGEST: u64 = 70;
    let log = Log::numbered(LARGEST);
    for size in 0..LARGEST {
        let stored: Vec<_> = Frontier::node_ids(size).iter().map(|id| log.nodes[id]).collect();
        let mut restored = Frontier::restore(size, stored.clone()).unwrap();
        assert_eq!((restored.size(), restored.root()), (size, log.head(size).root));
        assert_eq!(restored.subtrees(), stored);
        for node in restored.append(log.leaf(size)) {
            assert_eq!(log.nodes[&node.id], node.hash);
        }
        assert_eq!(restored.root(), log.head(size + 1).root);
        let too_many = [stored.as_slice(), &[log.leaf(0)]].concat();
        let expected = stored.len();
        let refused = FrontierError {
            size,
            expected,
            found: expected + 1,
        };
        assert_eq!(Frontier::restore(size, too_many), Err(refused));
    }
}

#[test]
fn leaves_outside_the_tree_have_no_proof() {
    for (index, size) in [(0, 0), (1, 1), (8, 7), (u64::MAX, u64::MAX)] {
        let outside = ProofError::OutsideTree { index, size };
        assert_eq!(ProofPlan::inclusion(index, size), Err(outside));
        let hash = leaf_hash(b"");
        assert_eq!(verify_inclusion(hash, index, size, &[], hash), Err(outside));
    }
}

#[test]
fn a_plan_takes_exactly_its_nodes() {
    let plan = ProofPlan::inclusion(2, 7).unwrap();
    let hashes = vec![leaf_hash(b""); plan.nodes().len() + 1];
    assert_eq!(plan.assemble(&hashes), Err(ProofError::WrongNumberOfHashes));
    assert_eq!(plan.assemble(&hashes[2..]), Err(ProofError::WrongNumberOfHashes));
    assert!(plan.assemble(&hashes[1..]).is_ok());
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn large_logs_agree_with_the_oracle(size in 1_u64..700, one in any::<u64>(), two in any::<u64>()) {
        let (log, tree) = (Log::numbered(size), oracle(size));
        let (index, from) = (one % size, 1 + two % size);
        let expected = tree.prove_inclusion(usize::try_from(index).unwrap());
        prop_assert_eq!(concatenated(&log.inclusion(index, size)), expected.as_bytes());
        let expected = tree.prove_consistency(usize::try_from(size - from).unwrap());
        prop_assert_eq!(concatenated(&log.consistency(from, size)), expected.as_bytes());
    }

    #[test]
    fn plans_of_any_size_are_short_and_name_complete_subtrees(size in 1_u64.., one in any::<u64>()) {
        let index = one % size;
        let plans = [ProofPlan::inclusion(index, size).unwrap(), ProofPlan::consistency(index, size).unwrap()];
        for plan in plans {
            let hashes = vec![leaf_hash(b""); plan.nodes().len()];
            prop_assert!(plan.assemble(&hashes).unwrap().len() <= MAX_PROOF_NODES);
            prop_assert!(hashes.len() <= 2 * MAX_PROOF_NODES);
            for NodeId { level, index } in plan.nodes() {
                prop_assert!((u128::from(*index) + 1) << level <= u128::from(size));
            }
        }
    }

    #[test]
    fn verifying_nonsense_never_panics(
        index in any::<u64>(), size in any::<u64>(), proof in proptest::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let proof: Vec<_> = proof.into_iter().map(NodeHash::from_bytes).collect();
        let hash = leaf_hash(b"nonsense");
        prop_assert!(verify_inclusion(hash, index, size, &proof, other(hash)).is_err());
        let (older, newer) = (TreeHead { size: index, root: hash }, TreeHead { size, root: other(hash) });
        prop_assert!(verify_consistency(older, newer, &proof).is_err());
    }
}
