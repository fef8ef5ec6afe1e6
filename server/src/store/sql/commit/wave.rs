//! Waves: changes of one transaction that do not touch what another one reads.
//!
//! A wave's expectations are asked all at once, before any of its writes. So a change that expects or writes what an
//! earlier one of the wave writes goes with a later wave, where it sees what came of that.

use std::collections::HashSet;

use uuid::Uuid;

use crate::store::change::{Change, Expect, Write};

/// A row that changes are told by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Row<'a> {
    Unit(Uuid),
    Person(Uuid),
    Consent(Uuid),
    Delivery(Uuid),
    Provision(&'a str),
    Document(Uuid, Uuid),
}

/// The changes by wave; each wave holds their places in `changes`, in order.
pub(in crate::store::sql) fn waves(changes: &[&Change]) -> Vec<Vec<usize>> {
    let mut waves = Vec::new();
    let mut waiting: Vec<usize> = (0..changes.len()).collect();
    while !waiting.is_empty() {
        let (mut wave, mut later, mut written) = (Vec::new(), Vec::new(), HashSet::new());
        for place in waiting {
            let Some(change) = changes.get(place) else {
                continue;
            };
            if reads(change)
                .chain(writes(change))
                .any(|row| written.contains(&row))
            {
                later.push(place);
            } else {
                written.extend(writes(change));
                wave.push(place);
            }
        }
        waves.push(wave);
        waiting = later;
    }
    waves
}

fn reads(change: &Change) -> impl Iterator<Item = Row<'_>> {
    change.expects.iter().map(|expect| match expect {
        Expect::Unit(id, _) => Row::Unit(id.as_uuid()),
        Expect::Person(id, _) => Row::Person(id.as_uuid()),
        Expect::Consent(id, _) => Row::Consent(id.as_uuid()),
        Expect::Delivery(id, _) | Expect::Unalarmed(id) => Row::Delivery(id.as_uuid()),
        Expect::ProvisionOn(id) => Row::Provision(id),
        Expect::NewDocument(sender, id) => Row::Document(sender.as_uuid(), id.as_uuid()),
    })
}

fn writes(change: &Change) -> impl Iterator<Item = Row<'_>> {
    change.writes.iter().filter_map(|write| match write {
        Write::Unit(unit, _) => Some(Row::Unit(unit.unit.id.as_uuid())),
        Write::UnitKey(key) => Some(Row::Unit(key.unit.as_uuid())),
        Write::KeyCompromised(unit, _) => Some(Row::Unit(unit.as_uuid())),
        Write::Person { id, .. }
        | Write::PersonName(id, _)
        | Write::Custody(id, _)
        | Write::Attest(_, id, _) => Some(Row::Person(id.as_uuid())),
        Write::Fact(record) => Some(Row::Person(record.person.as_uuid())),
        Write::RegisterFacts(facts) => Some(Row::Person(facts.person.as_uuid())),
        Write::ProvisionOn(id, _) | Write::ProvisionOff(id) => Some(Row::Provision(id)),
        Write::NewConsent(record) => Some(Row::Consent(record.consent.id.as_uuid())),
        Write::Consent(consent) => Some(Row::Consent(consent.id.as_uuid())),
        Write::NewDelivery { delivery, .. } => Some(Row::Delivery(delivery.id.as_uuid())),
        Write::DeliveryState(id, ..) | Write::Release(id, ..) | Write::Alarm(id, ..) => {
            Some(Row::Delivery(id.as_uuid()))
        }
        Write::Document { document, .. } => {
            Some(Row::Document(document.sender.as_uuid(), document.id.as_uuid()))
        }
        // Rows that nobody expects anything of: where two write the same one, the database says so.
        Write::Organisation(..)
        | Write::Individual(..)
        | Write::Answer { .. }
        | Write::Session { .. }
        | Write::EndSession(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use samrum_consent::id::ConsentId;

    use super::*;

    fn consent(number: u8) -> ConsentId {
        ConsentId::from_bytes([number; 16])
    }

    fn change(reads: &[u8], turned_on: &[&str]) -> Change {
        let entry = samrum_consent::id::EntryId::from_bytes([9; 16]);
        Change {
            expects: reads.iter().map(|id| Expect::Consent(consent(*id), 1)).collect(),
            writes: turned_on
                .iter()
                .map(|id| Write::ProvisionOn((*id).to_owned(), entry))
                .collect(),
            entries: Vec::new(),
        }
    }

    fn waves_of(changes: &[Change]) -> Vec<Vec<usize>> {
        waves(&changes.iter().collect::<Vec<_>>())
    }

    #[test]
    fn changes_that_only_read_the_same_go_together() {
        let changes = [change(&[1], &[]), change(&[1, 2], &[]), change(&[2], &["a"])];
        assert_eq!(waves_of(&changes), [vec![0, 1, 2]]);
    }

    #[test]
    fn who_expects_what_an_earlier_one_writes_waits() {
        let mut reader = change(&[], &[]);
        reader.expects = vec![Expect::ProvisionOn("a".to_owned())];
        let changes = [change(&[], &["a"]), reader, change(&[1], &[])];
        assert_eq!(waves_of(&changes), [vec![0, 2], vec![1]]);
    }

    #[test]
    fn writers_of_the_same_go_one_after_the_other() {
        let changes = [change(&[], &["a"]), change(&[], &["a"]), change(&[], &["a"])];
        assert_eq!(waves_of(&changes), [vec![0], vec![1], vec![2]]);
        assert!(waves_of(&[]).is_empty());
    }
}
