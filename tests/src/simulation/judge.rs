//! What counts as failure. Judged at the end of a run, from what was answered, what inboxes were told, and the log.
//!
//! 1. `answers`: nothing is released or taken on a consent whose end was answered before the asking began (invariant 4);
//!    what was answered is there, the same at every repetition; other bytes under a used id are refused; a duty is never
//!    refused (invariant 11); everybody is answered in the end.
//! 2. `log`: every entry once, indices dense, leaves true to their details, the root that of the leaves, tickets kept.
//! 3. `replay`: the log in its order is lawful: every permit at its place, by the rules of the domain as `model` reads
//!    them; every denial for a reason that there was; one terminal state (invariants 2, 5).
//! 4. `sight`: sender, recipient and log agree on every delivery; every inbox is told everything once and in order.
//! 5. `narrowing`: what takes permission back turns no denial into a permit (invariant 6).

mod answers;
mod log;
mod narrowing;
pub(super) mod replay;
mod sight;

use std::collections::BTreeMap;

use samrum_consent::consent::Signer;
use samrum_consent::id::{ConsentId, PersonId};
use samrum_server::store::Store;

use super::course::Course;
use super::history::Record;
use super::order::Made;
use replay::Replay;

/// Judges a run whose every request has been answered; adds what it counted.
pub(super) async fn judge(course: &mut Course<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    if let Err(what) = course.sequence().await {
        broken.push(what);
    }
    let store = course.store();
    broken.extend(answers::judge(course));
    let lines = log::judge(course, &*store, &mut broken).await;
    let signatories = signatories(&course.records, &course.world.records, &*store).await;
    let cast = course.scene.cast.clone();
    let replay = {
        let mut replay = Replay::new(&cast, (course.world.model.clone(), &course.records), &signatories);
        replay.read(&lines);
        replay
    };
    broken.extend(replay.broken.iter().cloned());
    let narrowed = narrowing::judge(&lines, &course.records, &mut broken);
    broken.extend(sight::judge(course, &*store, &replay).await);
    let counted = replay.tally;
    course.tally.join(&counted);
    course.tally.add("refused_no_more_than_before", narrowed);
    broken
}

/// Who signs each consent, by number.
pub(super) async fn signatories(
    records: &[Record],
    before: &[Record],
    store: &dyn Store,
) -> BTreeMap<ConsentId, Vec<PersonId>> {
    let asked =
        before
            .iter()
            .chain(records)
            .filter_map(|record| match record.done().map(|done| &done.made) {
                Some(Made::Consent(consent)) => Some(consent.consent.id),
                _ => None,
            });
    let mut signatories = BTreeMap::new();
    for id in asked {
        let Some(record) = store.consent(id).await.unwrap() else {
            continue;
        };
        let people = record.consent.signatories.iter().map(|one| match one.signer {
            Signer::Person(person) => person,
            Signer::Board(board) => PersonId::from_bytes(*board.as_bytes()),
        });
        signatories.insert(id, people.collect());
    }
    signatories
}
