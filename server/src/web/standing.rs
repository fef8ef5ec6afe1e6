//! Where a consent stands for one of those it concerns, and in which part of the list.
//!
//! What somebody may see and end is the service's to judge; here it is only named.

use jiff::Timestamp;
use samrum_consent::consent::{End, State};
use samrum_ui::{Language, beginning, day, moment, text};

use super::passage::Passage;
use crate::service::portal::{Asked, OwnStep, Teller};

/// Where a consent stands, seen by one of those it concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Their answer is missing.
    AwaitsYou,
    /// They said yes; someone else has not answered.
    AwaitsOthers,
    /// They were never asked; those who were have not all answered.
    Unasked,
    /// Everyone has said yes; its period has not begun.
    Begins,
    /// In force.
    Active,
    /// Everyone had said yes; somebody's yes is missing now.
    Resting,
    /// Their answer is not asked for any more.
    NotAsked,
    /// They said no themselves.
    YouDeclined,
    /// They took their yes back themselves.
    YouRevoked,
    /// Someone who was asked said no.
    Declined,
    /// Taken back.
    Revoked,
    /// Its period ran out.
    Expired,
    /// A newer one took its place.
    Superseded,
}

impl Standing {
    /// Where it stands for whoever sees it.
    pub(super) fn of(asked: &Asked) -> Self {
        let consent = asked.consent();
        if let State::Ended { how, at, .. } = consent.state {
            return Self::ended(asked, how, at);
        }
        let is_active = matches!(consent.state, State::Active { .. });
        if asked.is_over() {
            Self::Expired
        } else if !asked.may_end() {
            Self::NotAsked
        } else if asked.view.complete {
            if consent.scope.period().from > asked.at {
                Self::Begins
            } else {
                Self::Active
            }
        } else if asked.number.is_some() && !asked.has_signed() && asked.shows_all() {
            Self::AwaitsYou
        } else if is_active {
            Self::Resting
        } else if asked.has_signed() {
            Self::AwaitsOthers
        } else {
            Self::Unasked
        }
    }

    fn ended(asked: &Asked, how: End, at: Timestamp) -> Self {
        let ran_out = at >= asked.consent().scope.period().until;
        let themselves = asked.number.is_some() && told_by_themselves(asked).is_some();
        match how {
            // A no that came too late ended nothing.
            End::Expired | End::Declined | End::Revoked if ran_out => Self::Expired,
            End::Declined | End::Revoked if themselves && asked.has_signed() => Self::YouRevoked,
            End::Declined | End::Revoked if themselves => Self::YouDeclined,
            End::Declined => Self::Declined,
            End::Revoked => Self::Revoked,
            End::Expired => Self::Expired,
            End::Superseded => Self::Superseded,
        }
    }

    /// The id of its words.
    const fn words(self) -> &'static str {
        match self {
            Self::AwaitsYou => "page-standing-awaits-you",
            Self::AwaitsOthers => "page-standing-awaits-others",
            Self::Unasked => "page-standing-unasked",
            Self::Begins => "page-standing-begins",
            Self::Active => "page-standing-active",
            Self::Resting => "page-standing-resting",
            Self::NotAsked => "page-standing-not-asked",
            Self::YouDeclined => "page-standing-you-declined",
            Self::YouRevoked => "page-standing-you-revoked",
            Self::Declined => "page-standing-declined",
            Self::Revoked => "page-standing-revoked",
            Self::Expired => "page-standing-expired",
            Self::Superseded => "page-standing-superseded",
        }
    }

    /// It in words.
    pub(super) fn said(self, asked: &Asked, language: Language) -> Passage {
        match (self, &asked.yes_recorded_by) {
            (Self::AwaitsOthers, Some(unit)) => {
                Passage::naming("page-standing-recorded", ("unit", unit), &[], language)
            }
            (Self::Begins, _) => {
                let from = beginning(asked.consent().scope.period().from, language);
                Passage::plain(&text(self.words(), &[("from", from)], language))
            }
            _ => Passage::plain(&text(self.words(), &[], language)),
        }
    }

    /// The part of the list it belongs to.
    pub(super) const fn part(self) -> Part {
        match self {
            Self::AwaitsYou | Self::AwaitsOthers | Self::Unasked => Part::Waiting,
            Self::Begins | Self::Active => Part::Active,
            Self::Resting => Part::Resting,
            Self::NotAsked
            | Self::YouDeclined
            | Self::YouRevoked
            | Self::Declined
            | Self::Revoked
            | Self::Expired
            | Self::Superseded => Part::Ended,
        }
    }

    /// Whether this person may say yes or no.
    pub(super) const fn is_open(self) -> bool {
        matches!(self, Self::AwaitsYou)
    }

    /// Whether everyone has said yes, and it has not ended.
    pub(super) const fn is_agreed(self) -> bool {
        matches!(self, Self::Begins | Self::Active)
    }

    /// Whether this person can end it: by taking back their yes, where they have given one.
    pub(super) const fn is_revocable(self) -> bool {
        matches!(
            self,
            Self::AwaitsOthers | Self::Unasked | Self::Begins | Self::Active | Self::Resting
        )
    }
}

/// A part of the list of consents, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Someone's answer is missing.
    Waiting,
    /// In force, or later.
    Active,
    /// On hold; only shown where there is one.
    Resting,
    /// Over, or not this person's any more.
    Ended,
}

impl Part {
    /// Every part, in the order of the page.
    pub(super) const ALL: [Self; 4] = [Self::Waiting, Self::Active, Self::Resting, Self::Ended];

    /// The id of its heading's words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Waiting => "page-list-waiting",
            Self::Active => "page-list-active",
            Self::Resting => "page-list-resting",
            Self::Ended => "page-list-ended",
        }
    }

    /// Its name in the page.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::Resting => "resting",
            Self::Ended => "ended",
        }
    }

    /// Its tag's class after `tag-`.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::Waiting | Self::Resting => "waiting",
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }
}

/// Whether it is, or was until it ended, in force: then something may have been shared.
pub(super) const fn was_in_force(asked: &Asked) -> bool {
    match asked.view.record.consent.state {
        State::Requested => asked.view.complete,
        State::Active { .. } => true,
        State::Ended { was_active, .. } => was_active,
    }
}

/// When it ended, in a sentence: by whom, where it was the reader; otherwise the day.
pub(super) fn end_said(asked: &Asked, language: Language) -> Option<Passage> {
    let State::Ended { at, .. } = asked.consent().state else {
        return None;
    };
    let own = match (Standing::of(asked), told_by_unit(asked)) {
        // How long it was to last stands on the page anyhow.
        (Standing::Expired, _) => return None,
        (Standing::YouDeclined, _) => Some("page-consent-you-declined-at"),
        (Standing::YouRevoked, _) => Some("page-consent-you-revoked-at"),
        (Standing::Declined | Standing::Revoked, Some(unit)) => {
            let at = ("at", moment(at, language));
            return Some(Passage::naming(
                "page-consent-no-recorded-at",
                ("unit", unit),
                &[at],
                language,
            ));
        }
        _ => None,
    };
    let (words, at) = match own {
        Some(words) => (words, moment(at, language)),
        None if was_in_force(asked) => ("page-consent-ended-at", day(at, language)),
        None => ("page-consent-closed-at", day(at, language)),
    };
    Some(Passage::plain(&text(words, &[("at", at)], language)))
}

/// The reader's own step that ended it, told by themselves.
pub(super) fn told_by_themselves(asked: &Asked) -> Option<&OwnStep> {
    let step = asked.ended_by_you.as_ref()?;
    (step.told_by == Teller::Person).then_some(step)
}

/// The name of the unit that told of the reader's no.
pub(super) fn told_by_unit(asked: &Asked) -> Option<&str> {
    match &asked.ended_by_you.as_ref()?.told_by {
        Teller::Unit(unit) => Some(unit),
        Teller::Person => None,
    }
}
