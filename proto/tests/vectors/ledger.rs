//! Leaves, trees, proofs and checkpoints; the trees against the published reference tree.

use std::collections::BTreeMap;

use samrum_proto::ledger::*;

use crate::format::{Case, cases};

#[test]
fn leaves() {
    for case in cases(include_str!("leaf.txt")) {
        let details = case.text("details_text").as_bytes();
        let salt = match case.text("salt") {
            "" => None,
            _ => Some(Salt::from_bytes(case.array("salt"))),
        };
        let made = match &salt {
            Some(salt) => Leaf::salted(salt, details),
            None => Leaf::open(details),
        };
        let read = Leaf::parse(&case.bytes("leaf")).unwrap();
        assert_eq!(made, Ok(read.clone()), "{}", case.name);
        assert!(read.commits_to(salt.as_ref(), details), "{}", case.name);
        assert_eq!(read.hash().as_bytes(), &case.array("hash"), "{}", case.name);
    }
}

#[test]
fn checkpoints() {
    for case in cases(include_str!("checkpoint.txt")) {
        let verifier = LogVerifier::parse(case.text("verifier_key_text")).unwrap();
        let key = LogKey::from_seed(verifier.origin(), &case.bytes("signing_seed")).unwrap();
        assert_eq!(key.verifier(), &verifier);
        let note = case.bytes("note");
        let checkpoint = verify_checkpoint(&note, &verifier).unwrap();
        assert_eq!(checkpoint.size, case.number("size_number"), "{}", case.name);
        assert_eq!(checkpoint.root.as_bytes(), &case.array("root"), "{}", case.name);
        assert_eq!(
            sign_checkpoint(&key, checkpoint.head()).unwrap().into_bytes(),
            note,
            "{}",
            case.name
        );
    }
}

/// The reference tree at every size, and its nodes.
struct Reference {
    leaves: Vec<NodeHash>,
    roots: Vec<NodeHash>,
    nodes: BTreeMap<NodeId, NodeHash>,
}

fn reference(published: &Case) -> Reference {
    let mut frontier = Frontier::default();
    let mut reference = Reference {
        leaves: vec![],
        roots: vec![frontier.root()],
        nodes: BTreeMap::new(),
    };
    for index in 0..8 {
        let leaf = leaf_hash(&published.bytes(&format!("leaf_{index}")));
        reference.leaves.push(leaf);
        reference
            .nodes
            .extend(frontier.append(leaf).into_iter().map(|node| (node.id, node.hash)));
        reference.roots.push(frontier.root());
    }
    reference
}

impl Reference {
    fn head(&self, size: u64) -> TreeHead {
        TreeHead {
            size,
            root: self.roots[usize::try_from(size).unwrap()],
        }
    }

    fn assembled(&self, plan: &ProofPlan) -> Vec<NodeHash> {
        let hashes: Vec<_> = plan.nodes().iter().map(|id| self.nodes[id]).collect();
        plan.assemble(&hashes).unwrap()
    }
}

fn proof(case: &Case) -> Vec<NodeHash> {
    case.bytes("proof")
        .chunks(32)
        .map(|hash| NodeHash::try_from(hash).unwrap())
        .collect()
}

#[test]
fn the_published_reference_tree() {
    let all = cases(include_str!("rfc6962.txt"));
    let reference = reference(&all[0]);
    for (size, root) in reference.roots.iter().enumerate() {
        assert_eq!(root.as_bytes(), &all[1].array(&format!("root_{size}")), "{size}");
    }
    let (mut inclusions, mut consistencies) = (0, 0);
    for case in &all[2..] {
        if case.has("index_number") {
            let (index, size) = (case.number("index_number"), case.number("size_number"));
            let plan = ProofPlan::inclusion(index, size).unwrap();
            assert_eq!(reference.assembled(&plan), proof(case), "{}", case.name);
            let leaf = reference.leaves[usize::try_from(index).unwrap()];
            let TreeHead { root, .. } = reference.head(size);
            assert_eq!(
                verify_inclusion(leaf, index, size, &proof(case), root),
                Ok(()),
                "{}",
                case.name
            );
            inclusions += 1;
        } else {
            let (from, to) = (case.number("from_number"), case.number("to_number"));
            let plan = ProofPlan::consistency(from, to).unwrap();
            assert_eq!(reference.assembled(&plan), proof(case), "{}", case.name);
            let verified = verify_consistency(reference.head(from), reference.head(to), &proof(case));
            assert_eq!(verified, Ok(()), "{}", case.name);
            consistencies += 1;
        }
    }
    assert_eq!((inclusions, consistencies), (7, 4));
}
