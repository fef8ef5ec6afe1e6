//! The form of a fact: how long it may hold, who records which circumstance, on which conditions a guardian is
//! hindered. Each refusal names its field. Sources: domain, Consent 1 and 2; FB 6:13; SoL 20:6; LPT, LRV.

use jiff::Timestamp;
use samrum_consent::fact::{Hindrance, Risk, Unit};
use samrum_consent::id::PersonId;
use samrum_consent::scope::{MAX_PERIOD, Period};
use samrum_consent::vocabulary::{Circumstance, Holder, Sector};
use samrum_proto::convert::{InvalidField, Problem};

use super::Found;
use crate::service::{Result, ServiceError};
use crate::store::Finding;

const OVER: Problem = Problem::Other("must be in the future");
const TOO_LONG: Problem = Problem::Other("must be at most 366 days after its beginning");

/// Judges what a unit would record now.
pub(super) fn judge(found: &Found, unit: &Unit, now: Timestamp) -> Result<(), InvalidField> {
    match found {
        Found::Maturity(assessment) => lasting(assessment.period, "maturity.valid_until", now),
        Found::Risk {
            categories, review, ..
        } => {
            if categories.is_empty() {
                return Err(Problem::Missing.of("risk.categories"));
            }
            lasting(from_now(*review, now), "risk.review_at", now)
        }
        Found::Hindrance {
            cannot_wait,
            decisive,
            until,
            ..
        } => {
            // FB 6:13: only then does the other guardian decide alone.
            if !cannot_wait {
                let problem = "must be true: a guardian is hindered only where the matter cannot wait";
                return Err(Problem::Other(problem).of("hindrance.cannot_wait"));
            }
            if *decisive {
                let problem =
                    "must be false: nobody decides alone in what is decisive for the child's future";
                return Err(Problem::Other(problem).of("hindrance.decisive"));
            }
            lasting(from_now(*until, now), "hindrance.valid_until", now)
        }
        Found::Situation(situation) => {
            lasting(situation.period, "situation.valid_until", now)?;
            match refused_to(unit, situation.circumstance) {
                Some(problem) => Err(Problem::Other(problem).of("situation.circumstance")),
                None => Ok(()),
            }
        }
    }
}

/// The finding about this guardian.
pub(super) fn about_guardian(found: &Found, guardian: PersonId) -> Result<Finding> {
    match found {
        Found::Risk {
            categories, review, ..
        } => Ok(Finding::Risk(Risk {
            guardian,
            categories: categories.clone(),
            review: *review,
        })),
        Found::Hindrance {
            cannot_wait,
            decisive,
            until,
            ..
        } => Ok(Finding::Hindrance(Hindrance {
            guardian,
            cannot_wait: *cannot_wait,
            decisive: *decisive,
            until: *until,
        })),
        Found::Maturity(_) | Found::Situation(_) => {
            Err(ServiceError::Internal("a finding about no guardian"))
        }
    }
}

/// A period that is not over, does not end before it begins, and lasts twelve months at most.
pub(in crate::service) fn lasting(
    period: Period,
    field: &'static str,
    now: Timestamp,
) -> Result<(), InvalidField> {
    if period.until <= now {
        return Err(OVER.of(field));
    }
    if period.until <= period.from {
        return Err(Problem::Other("must be after valid_from").of(field));
    }
    if period.until.duration_since(period.from) > MAX_PERIOD {
        return Err(TOO_LONG.of(field));
    }
    Ok(())
}

const fn from_now(until: Timestamp, now: Timestamp) -> Period {
    Period { from: now, until }
}

/// Why this unit does not record this circumstance, if it does not: whose task it is to find it.
const fn refused_to(unit: &Unit, circumstance: Circumstance) -> Option<&'static str> {
    let health = matches!(unit.sector, Sector::HealthCare);
    let social = matches!(unit.sector, Sector::SocialServices);
    match circumstance {
        Circumstance::CompulsoryPsychiatricCare if !health => Some("is recorded by health care alone"),
        // The board's own decision.
        Circumstance::InquiryDecided if !social || !matches!(unit.holder, Holder::Public) => {
            Some("is recorded by the social services board's own units alone")
        }
        Circumstance::OngoingSubstanceMisuse
        | Circumstance::CannotConsent
        | Circumstance::ProtectsUnbornChild
        | Circumstance::OlderOrDisabilityMeasures
        | Circumstance::LssMeasures
            if !health && !social =>
        {
            Some("is recorded by health care or social services alone")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
