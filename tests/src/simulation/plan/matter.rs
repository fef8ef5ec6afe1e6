//! What happens to consents, custody, facts and switches, and who looks at an inbox.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samrum_consent::consent::{Consent, Signer};
use samrum_consent::id::IndividualId;
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Direction, Maturity, Purpose};

use super::{CATEGORIES, DAY, KINDS, PROVISIONS, Plan};
use crate::simulation::order::{Finding, Order};

impl Plan {
    /// One way to end or narrow it.
    pub(super) fn end(&mut self, consent: &Consent) -> Option<Order> {
        let requester = self.cast.place_of(consent.requester).unwrap();
        let id = consent.id;
        let signer = self.chance.below(consent.signatories.len());
        let person = match consent.signatories[signer].signer {
            Signer::Person(person) => self.cast.person_with(person),
            Signer::Board(_) => None,
        };
        Some(match (self.chance.below(5), person) {
            (0, Some(person)) => Order::PortalBack { person, consent: id },
            (1, Some(person)) => Order::PortalNo { person, consent: id },
            (2, _) => Order::No {
                unit: requester,
                consent: id,
                signatory: u32::try_from(signer + 1).unwrap(),
            },
            (3, _) => self.narrowing(consent),
            _ => Order::Revoke {
                unit: requester,
                consent: id,
            },
        })
    }

    pub(super) fn narrowing(&mut self, consent: &Consent) -> Order {
        let mut more = Exclusions::default();
        let categories: Vec<_> = consent.scope.categories().iter().copied().collect();
        let units: Vec<_> = consent.scope.recipients().iter().copied().collect();
        if self.chance.per_mille(600) {
            more.categories.extend(self.chance.pick(&categories));
        } else {
            more.units.extend(self.chance.pick(&units));
        }
        Order::Narrow {
            unit: self.cast.place_of(consent.requester).unwrap(),
            consent: consent.id,
            more,
            until: None,
        }
    }

    pub(super) fn sign(&mut self, in_portal: bool) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        let place = self.chance.below(consent.signatories.len());
        if in_portal && let Signer::Person(person) = consent.signatories[place].signer {
            return Some(Order::PortalYes {
                person: self.cast.person_with(person)?,
                consent: consent.id,
            });
        }
        Some(Order::Yes {
            unit: self.cast.place_of(consent.requester)?,
            consent: consent.id,
            signatory: u32::try_from(place + 1).unwrap(),
        })
    }

    pub(super) fn refuse(&mut self, in_portal: bool) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        let place = self.chance.below(consent.signatories.len());
        if in_portal && let Signer::Person(person) = consent.signatories[place].signer {
            return Some(Order::PortalNo {
                person: self.cast.person_with(person)?,
                consent: consent.id,
            });
        }
        Some(Order::No {
            unit: self.cast.place_of(consent.requester)?,
            consent: consent.id,
            signatory: u32::try_from(place + 1).unwrap(),
        })
    }

    pub(super) fn revoke(&mut self) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        Some(Order::Revoke {
            unit: self.cast.place_of(consent.requester)?,
            consent: consent.id,
        })
    }

    /// Somebody who was asked takes it back; now and then somebody who was not.
    pub(super) fn take_back(&mut self) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        let people: Vec<usize> = if self.chance.per_mille(100) {
            (0..self.cast.people.len()).collect()
        } else {
            consent
                .signatories
                .iter()
                .filter_map(|signatory| match signatory.signer {
                    Signer::Person(person) => self.cast.person_with(person),
                    Signer::Board(_) => None,
                })
                .collect()
        };
        Some(Order::PortalBack {
            person: *self.chance.pick(&people)?,
            consent: consent.id,
        })
    }

    pub(super) fn narrow(&mut self, now: Timestamp) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        if self.chance.per_mille(250) {
            let days = i32::try_from(self.chance.below(20) + 1).unwrap();
            return Some(Order::Narrow {
                unit: self.cast.place_of(consent.requester)?,
                consent: consent.id,
                more: Exclusions::default(),
                until: Some(now + DAY * days),
            });
        }
        Some(self.narrowing(&consent))
    }

    pub(super) fn accept(&mut self) -> Option<Order> {
        let (consent, _) = self.open_consent()?;
        let sources: Vec<_> = consent.scope.sources().iter().copied().collect();
        let unit = self.chance.pick(&sources)?;
        Some(Order::Accept {
            unit: self.cast.place_of(*unit)?,
            consent: consent.id,
        })
    }

    pub(super) fn ask(&mut self, now: Timestamp) -> Order {
        let case = *self.chance.pick(&self.cases).unwrap();
        let mut units = BTreeSet::from([case.unit]);
        for _ in 0..3 {
            units.insert(self.chance.below(self.cast.units.len()));
        }
        let units: BTreeSet<_> = units.into_iter().map(|place| self.cast.units[place].id).collect();
        let mut categories = BTreeSet::new();
        for _ in 0..2 {
            categories.extend(self.chance.pick(&CATEGORIES).copied());
        }
        let circle = self.chance.per_mille(600);
        let days = i32::try_from(self.chance.below(60) + 1).unwrap();
        let begins = if self.chance.per_mille(100) {
            now + DAY
        } else {
            now
        };
        let requester = self.cast.units[case.unit].id;
        let scope = Scope::parse(ScopeParts {
            sources: if circle { units.clone() } else { [requester].into() },
            recipients: units,
            direction: if circle {
                Direction::Circle
            } else {
                Direction::OneWay
            },
            categories,
            kinds: KINDS.into(),
            purpose: Purpose::Sip,
            acts: [Act::Share, Act::Plan].into(),
            period: Period {
                from: begins,
                until: begins + DAY * days,
            },
            exclusions: Exclusions::default(),
        });
        let former = self
            .consents
            .iter()
            .filter(|(one, about)| *about == case.id && one.requester == requester)
            .map(|(one, _)| one.id)
            .next_back();
        Order::Ask {
            unit: case.unit,
            case: case.id,
            scope: scope.unwrap(),
            supersedes: former.filter(|_| self.chance.per_mille(500)),
        }
    }

    pub(super) fn custody(&mut self, now: Timestamp) -> Order {
        let child = self.chance.below(self.guardians.len());
        self.custody_of(child, now)
    }

    /// The register read again: mostly the same guardians, sometimes others.
    pub(super) fn custody_of(&mut self, child: usize, now: Timestamp) -> Order {
        let adults = self.cast.people.len() - self.guardians.len();
        let mut guardians = self.guardians[child].clone();
        match self.chance.below(5) {
            0 => {
                let other = self.guardians.len() + self.chance.below(adults);
                if !guardians.contains(&other) {
                    guardians.push(other);
                }
            }
            1 if guardians.len() > 1 => {
                guardians.pop();
            }
            2 => guardians = vec![self.guardians.len() + self.chance.below(adults)],
            _ => {}
        }
        self.guardians[child] = guardians.clone();
        Order::Custody {
            child,
            guardians,
            checked_at: now,
        }
    }

    pub(super) fn find(&mut self, now: Timestamp) -> Order {
        let case = *self.chance.pick(&self.cases).unwrap();
        let days = DAY * i32::try_from(self.chance.below(40) + 1).unwrap();
        let guardian = self.chance.pick(&self.guardians[case.child]).copied();
        let finding = match (self.chance.below(4), guardian) {
            (0, Some(guardian)) => Finding::Risk {
                guardian,
                categories: [*self.chance.pick(&CATEGORIES).unwrap()].into(),
                review: now + days,
            },
            (1, Some(guardian)) => Finding::Hindrance {
                guardian,
                until: now + days,
            },
            _ => Finding::Maturity {
                maturity: *self.chance.pick(Maturity::ALL).unwrap(),
                from: now,
                until: now + days,
            },
        };
        Order::Find {
            unit: case.unit,
            case: case.id,
            finding,
        }
    }

    pub(super) fn attest(&mut self) -> Option<Order> {
        let (fact, unit) = *self.chance.pick(&self.facts)?;
        Some(Order::Attest { unit, fact })
    }

    pub(super) fn switch(&mut self) -> Order {
        let (provision, _, _) = PROVISIONS[self.chance.below(2)];
        Order::Switch {
            provision,
            on: self.chance.per_mille(700),
        }
    }

    pub(super) fn check(&mut self) -> Order {
        let (consent, case) = self.open_consent().unwrap();
        self.check_on(&consent, case)
    }

    pub(super) fn check_on(&mut self, consent: &Consent, case: IndividualId) -> Order {
        let (unit, matter) = self.matter_on(consent, case).unwrap();
        Order::Check { unit, matter }
    }

    pub(super) fn inbox(&mut self) -> Order {
        let unit = self.chance.below(self.cursors.len());
        Order::Inbox {
            unit,
            after: self.cursors[unit],
        }
    }

    pub(super) fn follow(&mut self) -> Option<Order> {
        let place = self.sent.len().checked_sub(1)?;
        let sent = &self.sent[self.chance.below(place + 1)];
        Some(Order::Follow {
            unit: sent.letter.sender,
            document: sent.letter.document,
        })
    }
}
