//! Letters that are sent, fetched and answered, and questions asked before them.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use samrum_consent::consent::Consent;
use samrum_consent::id::{DeliveryId, DocumentId, IndividualId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};

use super::{CATEGORIES, KINDS, PROVISIONS, Plan, settling};
use crate::simulation::order::{Matter, Order};

impl Plan {
    pub(super) fn send(&mut self, now: Timestamp) -> Option<Order> {
        let (consent, case) = self.open_consent()?;
        self.send_on(&consent, case, now)
    }

    /// A document that the consent carries, most of the time.
    pub(super) fn send_on(&mut self, consent: &Consent, case: IndividualId, now: Timestamp) -> Option<Order> {
        let (sender, matter) = self.matter_on(consent, case)?;
        let document = DocumentId::from_bytes(self.chance.bytes());
        let letter = self
            .cast
            .seal(sender, document, (matter, None), now, &self.randomness);
        Some(Order::Send(Arc::new(letter)))
    }

    pub(super) fn matter_on(&mut self, consent: &Consent, case: IndividualId) -> Option<(usize, Matter)> {
        let mut units: Vec<usize> = consent
            .scope
            .sources()
            .iter()
            .chain(consent.scope.recipients())
            .filter_map(|unit| self.cast.place_of(*unit))
            .collect();
        units.sort_unstable();
        units.dedup();
        // Half of the time the one who asked for it sends: that unit knows the case from the beginning.
        let requester = self.cast.place_of(consent.requester)?;
        let sender = if self.chance.per_mille(500) {
            requester
        } else {
            *self.chance.pick(&units)?
        };
        let mut recipients: Vec<usize> = units.into_iter().filter(|unit| *unit != sender).collect();
        if self.chance.per_mille(60) {
            recipients = (0..self.cast.units.len())
                .filter(|unit| *unit != sender)
                .collect();
        }
        let first = *self.chance.pick(&recipients)?;
        let mut to = vec![(first, Basis::Consent)];
        let second = *self.chance.pick(&recipients)?;
        if second != first && self.chance.per_mille(250) {
            to.push((second, Basis::Consent));
        }
        let opened: Vec<Category> = consent.scope.categories().iter().copied().collect();
        let mut categories = BTreeSet::new();
        categories.extend(self.chance.pick(&opened).copied());
        if self.chance.per_mille(300) {
            categories.extend(self.chance.pick(&opened).copied());
        }
        if self.chance.per_mille(50) {
            categories.extend(self.chance.pick(&CATEGORIES).copied());
        }
        let matter = Matter {
            kind: *self.chance.pick(&KINDS)?,
            purpose: if self.chance.per_mille(30) {
                Purpose::FollowUp
            } else {
                Purpose::Sip
            },
            categories,
            subjects: [case].into(),
            recipients: to,
        };
        Some((sender, matter))
    }

    /// A concern report, about somebody or nobody that the hub knows.
    pub(super) fn report(&mut self, now: Timestamp) -> Order {
        let reception = self.cast.reception();
        let senders: Vec<usize> = (0..self.cast.units.len())
            .filter(|unit| *unit != reception)
            .collect();
        let sender = *self.chance.pick(&senders).unwrap();
        let own: Vec<IndividualId> = self
            .cases
            .iter()
            .filter(|case| case.unit == sender)
            .map(|case| case.id)
            .collect();
        let subjects = self
            .chance
            .pick(&own)
            .copied()
            .filter(|_| self.chance.per_mille(700));
        let matter = Matter {
            kind: Kind::ConcernReport,
            purpose: Purpose::AssessmentSupport,
            categories: [Category::HomeFamily].into(),
            subjects: subjects.into_iter().collect(),
            recipients: vec![(reception, Basis::Duty)],
        };
        let document = DocumentId::from_bytes(self.chance.bytes());
        let letter = self
            .cast
            .seal(sender, document, (matter, None), now, &self.randomness);
        Order::Send(Arc::new(letter))
    }

    pub(super) fn on_provision(&mut self, now: Timestamp) -> Order {
        let provision = PROVISIONS[self.chance.below(2)];
        self.informing(provision, now)
    }

    pub(super) fn informing(
        &mut self,
        (provision, sender, recipient): (&str, usize, usize),
        now: Timestamp,
    ) -> Order {
        let own: Vec<IndividualId> = self
            .cases
            .iter()
            .filter(|case| case.unit == sender)
            .map(|case| case.id)
            .collect();
        let basis = Basis::Provision {
            id: provision.to_owned(),
            reason: "behövs för nödvändigt stöd".to_owned(),
        };
        let matter = Matter {
            kind: Kind::Information,
            purpose: Purpose::AssessmentSupport,
            categories: [*self.chance.pick(&CATEGORIES).unwrap()].into(),
            subjects: self.chance.pick(&own).copied().into_iter().collect(),
            recipients: vec![(recipient, basis)],
        };
        let document = DocumentId::from_bytes(self.chance.bytes());
        let letter = self
            .cast
            .seal(sender, document, (matter, None), now, &self.randomness);
        Order::Send(Arc::new(letter))
    }

    /// Other bytes under an id that was used before.
    pub(super) fn reuse(&mut self, now: Timestamp) -> Option<Order> {
        let sent = self.sent.len().checked_sub(1)?;
        let place = self.chance.below(sent + 1);
        let letter = self.sent[place].letter.clone();
        let again = (letter.matter.clone(), None);
        let other = self
            .cast
            .seal(letter.sender, letter.document, again, now, &self.randomness);
        Some(Order::Send(Arc::new(other)))
    }

    pub(super) fn fetch(&mut self) -> Option<Order> {
        let all: Vec<(usize, DeliveryId)> = self
            .sent
            .iter()
            .flat_map(|sent| &sent.deliveries)
            .map(|delivery| (self.cast.place_of(delivery.recipient).unwrap(), delivery.id))
            .collect();
        let (unit, delivery) = *self.chance.pick(&all)?;
        let unit = if self.chance.per_mille(40) {
            self.chance.below(self.cast.units.len())
        } else {
            unit
        };
        Some(Order::Fetch { unit, delivery })
    }

    pub(super) fn settle(&mut self, now: Timestamp) -> Option<Order> {
        let copy = *self.chance.pick(&self.copies)?;
        let accepts = self.chance.per_mille(700);
        Some(settling(copy, accepts, now))
    }
}
