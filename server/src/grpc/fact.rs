//! Facts on the wire ⇄ what the service records and lists.

use samrum_consent::fact::{Assessment, Situation};
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Category, Circumstance, Maturity, Purpose};
use samrum_proto::convert::{text, time, word, words};
use samrum_proto::wire::individual::v1 as wire;

use super::encode::{required, time as encode_time};
use super::individual::person;
use crate::service::Result;
use crate::service::fact::{Found, NewFact};
use crate::store::{FactRecord, Finding, WrittenGuardian};

/// Characters of a reason in words.
const MAX_REASON: usize = 500;

pub(super) fn new_fact(found: Found, reason: &str) -> Result<NewFact> {
    Ok(NewFact {
        found,
        reason: text("reason", reason, MAX_REASON)?,
    })
}

pub(super) fn assessed(assessment: Option<&wire::record_assessment_request::Assessment>) -> Result<Found> {
    use wire::record_assessment_request::Assessment as Asked;
    match required("assessment", assessment)? {
        Asked::Maturity(found) => Ok(Found::Maturity(Assessment {
            maturity: word("maturity.maturity", found.maturity, Maturity::from_number)?,
            matter: word("maturity.matter", found.matter, Purpose::from_number)?,
            period: Period {
                from: time("maturity.valid_from", found.valid_from.as_ref())?,
                until: time("maturity.valid_until", found.valid_until.as_ref())?,
            },
        })),
        Asked::Risk(found) => Ok(Found::Risk {
            guardian: person(
                "risk.guardian",
                required("risk.guardian", found.guardian.as_ref())?,
            )?,
            categories: words("risk.categories", &found.categories, Category::from_number)?,
            review: time("risk.review_at", found.review_at.as_ref())?,
        }),
    }
}

pub(super) fn found(circumstance: Option<&wire::record_circumstance_request::Circumstance>) -> Result<Found> {
    use wire::record_circumstance_request::Circumstance as Asked;
    match required("circumstance", circumstance)? {
        Asked::Hindrance(found) => Ok(Found::Hindrance {
            guardian: person(
                "hindrance.guardian",
                required("hindrance.guardian", found.guardian.as_ref())?,
            )?,
            cannot_wait: found.cannot_wait,
            decisive: found.decisive,
            until: time("hindrance.valid_until", found.valid_until.as_ref())?,
        }),
        Asked::Situation(found) => Ok(Found::Situation(Situation {
            circumstance: word(
                "situation.circumstance",
                found.circumstance,
                Circumstance::from_number,
            )?,
            period: Period {
                from: time("situation.valid_from", found.valid_from.as_ref())?,
                until: time("situation.valid_until", found.valid_until.as_ref())?,
            },
        })),
    }
}

/// A fact as the unit that recorded it sees it.
pub(super) fn fact(record: &FactRecord) -> wire::Fact {
    let attested = record.attested.as_ref();
    wire::Fact {
        fact_id: record.id.as_bytes().to_vec(),
        fact: Some(finding(record)),
        reason: record.reason.clone(),
        recorded_by: record.recorded_by.clone(),
        recorded_at: encode_time(record.at),
        attested_by: attested.map(|second| second.by.clone()).unwrap_or_default(),
        attested_at: attested.and_then(|second| encode_time(second.at)),
    }
}

fn finding(record: &FactRecord) -> wire::fact::Fact {
    let guardian = record.guardian.as_ref().map(written);
    match &record.finding {
        Finding::Assessment(found) => wire::fact::Fact::Maturity(wire::MaturityAssessment {
            maturity: found.maturity.number().into(),
            matter: found.matter.number().into(),
            valid_from: encode_time(found.period.from),
            valid_until: encode_time(found.period.until),
        }),
        Finding::Risk(found) => wire::fact::Fact::Risk(wire::RiskAssessment {
            guardian,
            categories: found
                .categories
                .iter()
                .map(|category| category.number().into())
                .collect(),
            review_at: encode_time(found.review),
        }),
        Finding::Hindrance(found) => wire::fact::Fact::Hindrance(wire::Hindrance {
            guardian,
            cannot_wait: found.cannot_wait,
            decisive: found.decisive,
            valid_until: encode_time(found.until),
        }),
        Finding::Situation(found) => wire::fact::Fact::Situation(wire::Situation {
            circumstance: found.circumstance.number().into(),
            valid_from: encode_time(found.period.from),
            valid_until: encode_time(found.period.until),
        }),
    }
}

fn written(guardian: &WrittenGuardian) -> wire::Person {
    wire::Person {
        identity_number: guardian.number.digits(),
        name: guardian.name.clone(),
    }
}
