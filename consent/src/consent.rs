//! One consent and its life: asked for, signed by each, in force, narrowed, ended.
//!
//! Domain, Consent 3 and 6. Transitions consume the consent and answer with the next state of it; what
//! cannot happen is an [`InvalidTransition`]. Who must sign is `guardian`'s; what it covers is `decide`'s.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::fact::Individual;
use crate::guardian::{Matter, required};
use crate::id::{AuthorityId, ConsentId, PersonId, UnitId};
use crate::law::Policy;
use crate::scope::{Exclusions, InvalidScope, Scope};

/// People one consent may ask: two guardians, others with custody, the child.
pub const MAX_SIGNATORIES: usize = 9;
/// Revisions up to which one consent can be narrowed. Every revision can make a no that comes meanwhile be decided anew:
/// so that none is kept waiting for ever, there are not endlessly many.
pub const MAX_NARROWED_REVISION: u64 = 100;

/// How a yes was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// In the portal after e-identification: counts for every source.
    Portal {
        /// SHA-256 of the exact statement shown.
        statement_sha256: [u8; 32],
        /// Language of the statement shown, such as `sv`.
        language: String,
    },
    /// On paper, recorded by a unit with the hash of the scan.
    Paper {
        /// The unit that recorded it.
        recorded_by: UnitId,
        /// SHA-256 of the scan.
        scan_sha256: [u8; 32],
    },
    /// Orally before two professionals of a unit.
    Oral {
        /// The unit that recorded it.
        recorded_by: UnitId,
        /// The unit's own user id of the first who heard it.
        first_witness: String,
        /// And of the second.
        second_witness: String,
    },
}

impl Evidence {
    /// The unit that recorded it; `None` when the person signed in the portal.
    #[must_use]
    pub const fn recorded_by(&self) -> Option<UnitId> {
        match self {
            Self::Portal { .. } => None,
            Self::Paper { recorded_by, .. } | Self::Oral { recorded_by, .. } => Some(*recorded_by),
        }
    }
}

/// One yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// How it was given.
    pub evidence: Evidence,
    /// When.
    pub at: Timestamp,
}

/// Whose yes counts: a person's, or the board's that decides under LVU 11 §.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signer {
    /// The individual, a guardian or a representative.
    Person(PersonId),
    /// A social services board, through one of its units.
    Board(AuthorityId),
}

impl From<PersonId> for Signer {
    fn from(person: PersonId) -> Self {
        Self::Person(person)
    }
}

/// One of those who were asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// Who. The number within the consent is the place in the list, from 1.
    pub signer: Signer,
    /// The yes, when it has been given.
    pub signature: Option<Signature>,
}

/// How a consent ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Someone who must sign said no.
    Declined,
    /// It was taken back.
    Revoked,
    /// Its period ran out.
    Expired,
    /// A newer consent took its place.
    Superseded,
}

/// Where a consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Someone has not answered yet.
    Requested,
    /// Everyone required had signed at this time.
    Active {
        /// When the last required yes came.
        since: Timestamp,
    },
    /// It is over, for good.
    Ended {
        /// How.
        how: End,
        /// When.
        at: Timestamp,
        /// Whether it had been in force; then those it named knew of it.
        was_active: bool,
    },
}

/// What cannot happen to a consent as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTransition {
    /// It has ended.
    #[error("the consent has ended; ask for a new one")]
    Ended,
    /// The person was not asked.
    #[error("the consent has no such signatory")]
    NoSuchSignatory,
    /// The same person signed before.
    #[error("this signatory has already signed")]
    AlreadySigned,
    /// More would be asked than one consent may ask.
    #[error("a consent may ask at most {MAX_SIGNATORIES} people")]
    TooMany,
    /// Its period has not run out.
    #[error("the period of the consent has not run out")]
    NotYet,
    /// Everything that it would take away is taken away already.
    #[error("the scope would stay as it is; name a category, unit, document or end that it still covers")]
    NothingLess,
    /// It has been changed as often as a consent can be and still be narrowed.
    #[error("the consent has changed {MAX_NARROWED_REVISION} times; end it and ask for a new one")]
    NarrowedTooOften,
    /// What would be left is no scope.
    #[error(transparent)]
    Scope(#[from] InvalidScope),
}

/// A recorded, scoped, time-limited, revocable waiver of secrecy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// Whom it is about.
    pub individual: PersonId,
    /// The unit that asked for it.
    pub requester: UnitId,
    /// What it opens.
    pub scope: Scope,
    /// Where it stands.
    pub state: State,
    /// Who was asked, in the order of their numbers.
    pub signatories: Vec<Signatory>,
    /// Authorities that have accepted, for their own information, evidence that another unit recorded.
    pub accepted_by: BTreeSet<AuthorityId>,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Counts changes, from 1.
    pub revision: u64,
}

impl Consent {
    /// The signer's number within this consent, from 1; `None` when they were not asked.
    #[must_use]
    pub fn number_of(&self, signer: impl Into<Signer>) -> Option<u32> {
        let signer = signer.into();
        let place = self
            .signatories
            .iter()
            .position(|signatory| signatory.signer == signer)?;
        u32::try_from(place + 1).ok()
    }

    /// The signatory with this number.
    #[must_use]
    pub fn signatory(&self, number: u32) -> Option<&Signatory> {
        self.signatories
            .get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Whether the unit is party to it: it asked, or it is named and the consent has been in force.
    #[must_use]
    pub fn visible_to(&self, unit: UnitId) -> bool {
        let has_been_active = matches!(
            self.state,
            State::Active { .. } | State::Ended { was_active: true, .. }
        );
        unit == self.requester || (has_been_active && self.scope.names(unit))
    }

    /// Records a yes. It becomes active when everyone required has signed for every category it opens, by
    /// what is recorded about the individual then. Who had accepted what units recorded before looks at this yes
    /// too: an acceptance is for evidence that was there, never for what comes later (domain, Consent 5).
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has ended, the signer was not asked, or has signed before.
    pub fn sign(
        mut self,
        signer: impl Into<Signer>,
        signature: Signature,
        individual: &Individual,
        policy: &Policy,
    ) -> Result<Self, InvalidTransition> {
        self.refuse_ended()?;
        let (signer, at) = (signer.into(), signature.at);
        let signatory = self
            .signatories
            .iter_mut()
            .find(|signatory| signatory.signer == signer)
            .ok_or(InvalidTransition::NoSuchSignatory)?;
        if signatory.signature.is_some() {
            return Err(InvalidTransition::AlreadySigned);
        }
        let recorded_by = signature.evidence.recorded_by();
        signatory.signature = Some(signature);
        if recorded_by.is_some() {
            self.accepted_by.clear();
        }
        if self.state == State::Requested && self.is_complete(individual, policy, at) {
            self.state = State::Active { since: at };
        }
        Ok(self.next())
    }

    /// Asks those who must sign now and were not asked before: a new guardian, a child come of age. Its state
    /// stays; what needs their yes waits for it.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has ended, or more would be asked than a consent may ask.
    pub fn ask(mut self, signers: &BTreeSet<Signer>) -> Result<Self, InvalidTransition> {
        self.refuse_ended()?;
        let new: Vec<_> = signers
            .iter()
            .filter(|signer| self.number_of(**signer).is_none())
            .map(|signer| Signatory {
                signer: *signer,
                signature: None,
            })
            .collect();
        self.signatories.extend(new);
        if self.signatories.len() > MAX_SIGNATORIES {
            return Err(InvalidTransition::TooMany);
        }
        Ok(self.next())
    }

    /// Takes note of what is recorded about the individual by now: it comes into force when everyone required
    /// has signed, though nobody has answered since. `None` when that changes nothing.
    #[must_use]
    pub fn reconsidered(mut self, individual: &Individual, policy: &Policy, at: Timestamp) -> Option<Self> {
        if self.state != State::Requested || !self.is_complete(individual, policy, at) {
            return None;
        }
        self.state = State::Active { since: at };
        Some(self.next())
    }

    /// Accepts, for an authority's own information, evidence that another unit recorded.
    ///
    /// # Errors
    /// [`InvalidTransition::Ended`] when it has ended.
    pub fn accept(mut self, authority: AuthorityId) -> Result<Self, InvalidTransition> {
        self.refuse_ended()?;
        self.accepted_by.insert(authority);
        Ok(self.next())
    }

    /// Ends it when its period has run out.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has ended before, or the period lasts.
    pub fn expire(self, at: Timestamp) -> Result<Self, InvalidTransition> {
        if at < self.scope.period().until {
            return Err(InvalidTransition::NotYet);
        }
        self.end(End::Expired, at)
    }

    /// Ends it because a newer consent takes its place.
    ///
    /// # Errors
    /// [`InvalidTransition::Ended`] when it has ended.
    pub fn supersede(self, at: Timestamp) -> Result<Self, InvalidTransition> {
        self.end(End::Superseded, at)
    }

    /// Records a no from someone who was asked: the consent ends.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has ended or the person was not asked.
    pub fn decline(self, signer: impl Into<Signer>, at: Timestamp) -> Result<Self, InvalidTransition> {
        if self.number_of(signer).is_none() {
            return Err(InvalidTransition::NoSuchSignatory);
        }
        // A no after everyone's yes takes the consent back.
        let how = if matches!(self.state, State::Active { .. }) {
            End::Revoked
        } else {
            End::Declined
        };
        self.end(how, at)
    }

    /// Takes it back.
    ///
    /// # Errors
    /// [`InvalidTransition::Ended`] when it has ended.
    pub fn revoke(self, at: Timestamp) -> Result<Self, InvalidTransition> {
        self.end(End::Revoked, at)
    }

    /// Shrinks the scope at once.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has ended, what would be left is no scope or the same as before, or it has changed
    /// too often.
    pub fn narrow(mut self, more: &Exclusions, until: Option<Timestamp>) -> Result<Self, InvalidTransition> {
        self.refuse_ended()?;
        let narrowed = self.scope.narrowed(more, until)?;
        if narrowed == self.scope {
            return Err(InvalidTransition::NothingLess);
        }
        if self.revision >= MAX_NARROWED_REVISION {
            return Err(InvalidTransition::NarrowedTooOften);
        }
        self.scope = narrowed;
        Ok(self.next())
    }

    /// Whether this signer's yes is recorded.
    #[must_use]
    pub fn has_signed(&self, signer: impl Into<Signer>) -> bool {
        let signer = signer.into();
        self.signatories
            .iter()
            .any(|signatory| signatory.signer == signer && signatory.signature.is_some())
    }

    /// Whether everyone required now, seen from the unit that asked, has signed for every category it opens.
    #[must_use]
    pub fn is_complete(&self, individual: &Individual, policy: &Policy, now: Timestamp) -> bool {
        let mut opened = self.scope.opens().peekable();
        opened.peek().is_some()
            && opened.all(|category| {
                let matter = Matter {
                    sender: self.requester,
                    purpose: self.scope.purpose(),
                    category,
                };
                required(individual, matter, policy, now)
                    .is_ok_and(|required| required.satisfied_by(|signer| self.has_signed(signer)))
            })
    }

    fn end(mut self, how: End, at: Timestamp) -> Result<Self, InvalidTransition> {
        self.refuse_ended()?;
        let was_active = matches!(self.state, State::Active { .. });
        self.state = State::Ended { how, at, was_active };
        Ok(self.next())
    }

    const fn refuse_ended(&self) -> Result<(), InvalidTransition> {
        match self.state {
            State::Ended { .. } => Err(InvalidTransition::Ended),
            State::Requested | State::Active { .. } => Ok(()),
        }
    }

    const fn next(mut self) -> Self {
        self.revision = self.revision.saturating_add(1);
        self
    }
}

#[cfg(test)]
mod tests;
