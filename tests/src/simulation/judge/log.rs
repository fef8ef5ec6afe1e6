//! The log as a log: complete, dense, true to what it commits to, and as promised.

use std::collections::BTreeMap;

use samrum_consent::id::EntryId;
use samrum_proto::ledger::{Frontier, Leaf, NodeHash, Salt, verify_checkpoint};
use samrum_proto::statement::{Signed, Ticket};
use samrum_server::store::{Entry, Store};

use super::replay::Line;
use crate::simulation::course::Course;
use crate::simulation::order::Answer;
use crate::simulation::world::{log_key, log_signing_key};

/// Judges it; answers with this run's entries in their order.
pub(super) async fn judge(course: &Course<'_>, store: &dyn Store, broken: &mut Vec<String>) -> Vec<Line> {
    let committed = course.seen.lock().unwrap().entries.clone();
    let mut entries = BTreeMap::new();
    for id in &committed {
        let Some(entry) = store.entry(*id).await.unwrap() else {
            broken.push(format!("entry {id}: committed, and not there"));
            continue;
        };
        true_to_itself(&entry, broken);
        match entry.leaf_index {
            None => broken.push(format!("entry {id}: has no place in the log")),
            Some(index) => {
                if entries.insert(index, entry).is_some() {
                    broken.push(format!("entry {id}: shares the place {index}"));
                }
            }
        }
    }
    tickets(course, &entries, broken);
    let leaves = &course.world.leaves;
    let first = leaves.len() as u64;
    if !entries.keys().copied().eq(first..first + committed.len() as u64) {
        broken.push("the places in the log are not dense".to_owned());
    }
    let mut frontier = Frontier::default();
    let new = entries
        .values()
        .map(|entry| NodeHash::from_bytes(entry.leaf_hash));
    for leaf in leaves.iter().copied().chain(new) {
        frontier.append(leaf);
    }
    match store.checkpoint().await.unwrap() {
        None => broken.push("the log has no checkpoint".to_owned()),
        Some((_, _, note)) => match verify_checkpoint(&note, log_key().verifier()) {
            Err(error) => broken.push(format!("the checkpoint cannot be verified: {error}")),
            Ok(checkpoint) => {
                if checkpoint.size != frontier.size() || checkpoint.root != frontier.root() {
                    broken.push("the checkpoint is not that of the leaves".to_owned());
                }
            }
        },
    }
    entries.values().map(Line::of).collect()
}

fn true_to_itself(entry: &Entry, broken: &mut Vec<String>) {
    let salt = entry
        .salt
        .as_ref()
        .map(|salt| Salt::try_from(salt.as_slice()).unwrap());
    let holds = Leaf::parse(&entry.leaf).is_ok_and(|leaf| {
        leaf.commits_to(salt.as_ref(), &entry.details) && leaf.hash().as_bytes() == &entry.leaf_hash
    });
    if !holds {
        broken.push(format!("entry {}: its leaf is not that of its details", entry.id));
    }
}

/// Every ticket that was answered is the log's, and its entry is there as promised.
fn tickets(course: &Course<'_>, entries: &BTreeMap<u64, Entry>, broken: &mut Vec<String>) {
    let by_id: BTreeMap<EntryId, &Entry> = entries.values().map(|entry| (entry.id, entry)).collect();
    let key = log_signing_key();
    for record in &course.records {
        let mut judged: Option<EntryId> = None;
        for (_, _, answer) in record.ended() {
            if let Answer::Refused { entry, .. } = answer
                && !by_id.contains_key(entry)
            {
                broken.push(format!(
                    "{}: its denial {entry} is not in the log",
                    record.order.content()
                ));
            }
            let Answer::Done(done) = answer else { continue };
            if judged == Some(done.entry) {
                continue;
            }
            judged = Some(done.entry);
            let what = record.order.content();
            let Ok(ticket) = Signed::<Ticket>::verify(&done.ticket.0, &done.ticket.1, &key) else {
                broken.push(format!("{what}: its ticket is not the log's"));
                continue;
            };
            let promised = ticket.value();
            match by_id.get(&promised.entry) {
                None => broken.push(format!("{what}: its entry {} is not in the log", promised.entry)),
                Some(entry)
                    if entry.leaf_hash != *promised.leaf_hash.as_bytes()
                        || entry.at.as_microsecond() != promised.at_us =>
                {
                    broken.push(format!(
                        "{what}: its entry {} is another than promised",
                        promised.entry
                    ));
                }
                Some(_) if promised.entry != done.entry => {
                    broken.push(format!("{what}: its ticket is for another entry"));
                }
                Some(_) => {}
            }
        }
    }
}
