//! One consent and its life: asked for, signed by each, in force, narrowed, ended.
//!
//! Domain, Consent 3 and 6. Transitions consume the consent and answer with the next state of it; what
//! cannot happen is an [`InvalidTransition`]. Who must sign is `guardian`'s; what it covers is `decide`'s.

use jiff::Timestamp;

use crate::id::{ConsentId, PersonId, UnitId};
use crate::scope::{Exclusions, InvalidScope, Scope};

/// People one consent may ask: two guardians, others with custody, the child.
pub const MAX_SIGNATORIES: usize = 9;

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

/// One of those who were asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// Who. The number within the consent is the place in the list, from 1.
    pub person: PersonId,
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
    /// Units whose authority has accepted evidence that another unit recorded.
    pub accepted_by: Vec<UnitId>,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Counts changes, from 1.
    pub revision: u64,
}

impl Consent {
    /// The person's number within this consent, from 1; `None` when they were not asked.
    #[must_use]
    pub fn number_of(&self, person: PersonId) -> Option<u32> {
        let place = self
            .signatories
            .iter()
            .position(|signatory| signatory.person == person)?;
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

    /// Records a yes. It becomes active when everyone in `required` has signed; an empty `required` never
    /// suffices.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has ended, the person was not asked, or has signed before.
    pub fn sign(
        mut self,
        person: PersonId,
        signature: Signature,
        required: &[PersonId],
    ) -> Result<Self, InvalidTransition> {
        self.refuse_ended()?;
        let at = signature.at;
        let signatory = self
            .signatories
            .iter_mut()
            .find(|signatory| signatory.person == person)
            .ok_or(InvalidTransition::NoSuchSignatory)?;
        if signatory.signature.is_some() {
            return Err(InvalidTransition::AlreadySigned);
        }
        signatory.signature = Some(signature);
        let complete = !required.is_empty() && required.iter().all(|person| self.has_signed(*person));
        if complete && self.state == State::Requested {
            self.state = State::Active { since: at };
        }
        Ok(self.next())
    }

    /// Records a no from someone who was asked: the consent ends.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has ended or the person was not asked.
    pub fn decline(self, person: PersonId, at: Timestamp) -> Result<Self, InvalidTransition> {
        if self.number_of(person).is_none() {
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
    /// [`InvalidTransition`] when it has ended or what would be left is no scope.
    pub fn narrow(mut self, more: &Exclusions, until: Option<Timestamp>) -> Result<Self, InvalidTransition> {
        self.refuse_ended()?;
        self.scope = self.scope.narrowed(more, until)?;
        Ok(self.next())
    }

    /// Whether this person's yes is recorded.
    #[must_use]
    pub fn has_signed(&self, person: PersonId) -> bool {
        self.signatories
            .iter()
            .any(|signatory| signatory.person == person && signatory.signature.is_some())
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
