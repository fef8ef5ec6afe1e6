//! Facts and requests out of arbitrary bytes. Identifiers come from few, so that they meet; times from anywhere,
//! mostly near each other; nothing is arranged to make sense.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use jiff::{SignedDuration, Timestamp};
use samrum_consent::decide::{ConsentVersion, Ground, Named, Recipient, Request};
use samrum_consent::fact::{Facts, Subject, Unit};
use samrum_consent::id::{ConsentId, DocumentId, FactId, IndividualId, UnitId};
use samrum_consent::law::{Law, Policy};
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Basis, Category, Holder, Kind, Purpose, Sector};

use crate::consent::consent;
use crate::individual::individual;

/// How many of one kind of identifier there are.
const IDENTIFIERS: u8 = 5;
/// The most of anything that an input lists.
pub(crate) const MOST: u8 = 4;

static LAW: LazyLock<Law> = LazyLock::new(|| Law::embedded().expect("the built-in catalogue"));

/// Everything that one decision reads.
#[derive(Debug, Clone)]
pub struct Input {
    /// What is asked.
    pub request: Request,
    /// What is recorded.
    pub facts: Facts,
    /// The catalogue that is built in, under some policy.
    pub law: Law,
    /// When.
    pub now: Timestamp,
}

impl Input {
    /// What these bytes say. Where they end, everything is as small as can be.
    ///
    /// # Panics
    /// Never: bytes that are missing count as zeros, and every list of choices has some.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::arbitrary(&mut Unstructured::new(bytes)).expect("zeros where bytes are missing")
    }

    fn arbitrary(bytes: &mut Unstructured<'_>) -> Result<Self> {
        let now = anywhen(bytes)?;
        let mut source = Source {
            bytes,
            now,
            usual: Usual::default(),
            facts: 0,
            consents: 0,
        };
        let sender = source.unit()?;
        source.usual.senders.insert(sender.id);
        let request = request(&mut source)?;
        let mut recipients = source.list(Source::unit)?;
        // Mostly those who are asked about are known.
        for recipient in &request.recipients {
            if source.bytes.ratio(4_u8, 5_u8)? {
                let unit = source.unit()?;
                recipients.push(Unit {
                    id: recipient.unit,
                    ..unit
                });
            }
        }
        let mut subjects = source.list(subject)?;
        if source.bytes.ratio(3_u8, 4_u8)? {
            let known = request.subjects.iter().copied().zip(subjects.iter_mut());
            known.for_each(|(id, subject)| subject.id = id);
        }
        let facts = Facts {
            sender,
            role: source
                .word(&["", "DOCTOR", "SOCIAL_SECRETARY", "HEALTH_CARE_PROFESSIONAL"])?
                .to_owned(),
            reporter: source.perhaps(Source::unit_id)?,
            recipients,
            subjects,
            provisions_on: source.list(|source| source.provision())?.into_iter().collect(),
        };
        let mut law = LAW.clone();
        if source.bytes.ratio(1_u8, 4_u8)? {
            law.policy = Policy {
                custody_max_age: SignedDuration::new(source.bytes.arbitrary()?, 0),
                maturity_age: source.bytes.arbitrary()?,
            };
        }
        Ok(Self {
            request,
            facts,
            law,
            now,
        })
    }
}

/// What is asked about, so that consents meet it more often than chance would let them.
#[derive(Default)]
pub(crate) struct Usual {
    pub(crate) senders: BTreeSet<UnitId>,
    pub(crate) recipients: BTreeSet<UnitId>,
    pub(crate) purpose: Option<Purpose>,
}

/// Bytes with the time that other times are near to.
pub(crate) struct Source<'a, 'b> {
    pub(crate) bytes: &'a mut Unstructured<'b>,
    pub(crate) now: Timestamp,
    pub(crate) usual: Usual,
    facts: u8,
    consents: u8,
}

impl Source<'_, '_> {
    /// Up to [`MOST`] of something.
    pub(crate) fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let length = self.bytes.int_in_range(0..=MOST)?;
        (0..length).map(|_| one(self)).collect()
    }

    /// It or nothing.
    pub(crate) fn perhaps<T>(&mut self, one: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        if self.bytes.arbitrary()? {
            one(self).map(Some)
        } else {
            Ok(None)
        }
    }

    /// One of these.
    pub(crate) fn word<T: Copy>(&mut self, words: &[T]) -> Result<T> {
        self.bytes.choose(words).copied()
    }

    /// Some of these; all of them now and then.
    pub(crate) fn words<T: Copy + Ord>(&mut self, words: &[T]) -> Result<BTreeSet<T>> {
        let chosen: u32 = if self.bytes.ratio(1_u8, 2_u8)? {
            u32::MAX
        } else {
            self.bytes.arbitrary()?
        };
        let places = words.iter().enumerate();
        Ok(places
            .filter(|(place, _)| chosen >> (place % 32) & 1 == 1)
            .map(|(_, word)| *word)
            .collect())
    }

    /// Some unit's id.
    pub(crate) fn unit_id(&mut self) -> Result<UnitId> {
        self.identifier(UnitId::from_bytes)
    }

    /// Some units; mostly the usual among them.
    pub(crate) fn units(&mut self, usual: &BTreeSet<UnitId>) -> Result<BTreeSet<UnitId>> {
        let mut units: BTreeSet<UnitId> = self.list(Self::unit_id)?.into_iter().collect();
        if self.bytes.ratio(3_u8, 4_u8)? {
            units.extend(usual);
        }
        Ok(units)
    }

    /// Mostly the usual purpose.
    pub(crate) fn purpose(&mut self) -> Result<Purpose> {
        let any = self.word(Purpose::ALL)?;
        Ok(if self.bytes.ratio(3_u8, 4_u8)? {
            self.usual.purpose.unwrap_or(any)
        } else {
            any
        })
    }

    /// Sixteen bytes that others share.
    pub(crate) fn identifier<T>(&mut self, of: impl FnOnce([u8; 16]) -> T) -> Result<T> {
        Ok(of([self.bytes.int_in_range(0..=IDENTIFIERS)?; 16]))
    }

    /// The id of a fact that no other has: records with the same id and time would have no order.
    pub(crate) fn fact_id(&mut self) -> FactId {
        self.facts = self.facts.wrapping_add(1);
        FactId::from_bytes([self.facts; 16])
    }

    /// The id of a consent that no other has.
    pub(crate) fn consent_id(&mut self) -> ConsentId {
        self.consents = self.consents.wrapping_add(1);
        ConsentId::from_bytes([self.consents; 16])
    }

    /// A unit with any properties.
    fn unit(&mut self) -> Result<Unit> {
        Ok(Unit {
            id: self.unit_id()?,
            authority: self.identifier(samrum_consent::id::AuthorityId::from_bytes)?,
            organisation: self.identifier(samrum_consent::id::OrganisationId::from_bytes)?,
            sector: self.word(Sector::ALL)?,
            holder: self.word(Holder::ALL)?,
            board_reception: self.bytes.arbitrary()?,
        })
    }

    /// The id of a provision, or of none.
    fn provision(&mut self) -> Result<String> {
        if self.bytes.ratio(1_u8, 20_u8)? {
            return Ok("NOWHERE".to_owned());
        }
        let provision = self.bytes.choose(LAW.provisions())?;
        Ok(provision.id.clone())
    }

    /// Mostly days around now, to the nanosecond; else any time there is.
    pub(crate) fn time(&mut self) -> Result<Timestamp> {
        let days = SignedDuration::from_hours(24 * i64::from(self.bytes.int_in_range(-200_i16..=200)?));
        let beside = SignedDuration::from_nanos(1);
        let moved = match self.bytes.int_in_range(0_u8..=9)? {
            0 => return anywhen(self.bytes),
            1 => return Ok(self.now),
            2 => beside,
            3 => -beside,
            _ => days,
        };
        // Beyond the ends of time there is nothing to be near to.
        Ok(self.now.checked_add(moved).unwrap_or(self.now))
    }

    /// A period that may end before it begins.
    pub(crate) fn period(&mut self) -> Result<Period> {
        let (one, other) = (self.time()?, self.time()?);
        let turned = self.bytes.ratio(1_u8, 10_u8)?;
        let (from, until) = if (one <= other) == turned {
            (other, one)
        } else {
            (one, other)
        };
        Ok(Period { from, until })
    }
}

/// Any time there is; mostly within this century.
fn anywhen(bytes: &mut Unstructured<'_>) -> Result<Timestamp> {
    let (least, most) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let century = 946_684_800..=4_102_444_800;
    let second = match bytes.int_in_range(0_u8..=9)? {
        0 => bytes.int_in_range(least..=most)?,
        1 => *bytes.choose(&[least, most, 0])?,
        _ => bytes.int_in_range(century)?,
    };
    // Both ends of what can be told are whole seconds that exist.
    Ok(Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH))
}

fn request(source: &mut Source<'_, '_>) -> Result<Request> {
    let request = Request {
        document: source.perhaps(|source| source.identifier(DocumentId::from_bytes))?,
        subjects: subjects(source)?,
        categories: source.words(Category::ALL)?,
        kind: source.word(Kind::ALL)?,
        purpose: source.word(Purpose::ALL)?,
        recipients: source.list(|source| {
            Ok(Recipient {
                unit: source.unit_id()?,
                basis: basis(source)?,
            })
        })?,
    };
    source.usual.recipients = request
        .recipients
        .iter()
        .map(|recipient| recipient.unit)
        .collect();
    source.usual.purpose = Some(request.purpose);
    Ok(request)
}

/// Mostly one.
fn subjects(source: &mut Source<'_, '_>) -> Result<BTreeSet<IndividualId>> {
    let many = source.list(|source| source.identifier(IndividualId::from_bytes))?;
    let one = source.identifier(IndividualId::from_bytes)?;
    Ok(if source.bytes.ratio(2_u8, 3_u8)? {
        [one].into()
    } else {
        many.into_iter().collect()
    })
}

fn basis(source: &mut Source<'_, '_>) -> Result<Named> {
    Ok(match source.bytes.int_in_range(0_u8..=7)? {
        0..=2 => Named::Now(Basis::Consent),
        3 => Named::Now(Basis::Duty),
        4 | 5 => Named::Now(Basis::Provision {
            id: source.provision()?,
            reason: source.word(&["", " ", "skolan kan inte vänta"])?.to_owned(),
        }),
        6 => Named::Fixed(Ground::Provision(source.provision()?)),
        _ => Named::Fixed(Ground::Consents(source.list(|source| {
            Ok(ConsentVersion {
                id: ConsentId::from_bytes([source.bytes.int_in_range(0..=MOST * MOST)?; 16]),
                revision: source.bytes.int_in_range(0..=3)?,
            })
        })?)),
    })
}

fn subject(source: &mut Source<'_, '_>) -> Result<Subject> {
    let id = source.identifier(IndividualId::from_bytes)?;
    let individual = individual(source)?;
    let consents = source.list(|source| consent(source, individual.person))?;
    Ok(Subject {
        id,
        individual,
        // What is no scope is no consent.
        consents: consents.into_iter().flatten().collect(),
    })
}
