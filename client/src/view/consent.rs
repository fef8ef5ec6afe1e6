//! Consents, as their parties see them.

use jiff::Timestamp;
use samrum_consent::id::{AuthorityId, ConsentId, DocumentId, IndividualId, UnitId};
use samrum_consent::vocabulary::{Act, Category, Direction, Kind, Purpose};
use samrum_proto::convert::{self, InvalidField, Result};
use samrum_proto::wire::consent::v1 as wire;
use serde::Serialize;

use super::{ids, optional, optional_id, optional_time, optional_word, required, text, texts, word, words};

/// A consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consent {
    /// Its id.
    #[serde(serialize_with = "text")]
    pub consent_id: ConsentId,
    /// About whom.
    #[serde(serialize_with = "text")]
    pub individual_id: IndividualId,
    /// Who asked for it.
    #[serde(serialize_with = "text")]
    pub requester_unit_id: UnitId,
    /// `REQUESTED`, `ACTIVE`, `DECLINED`, `REVOKED`, `EXPIRED` or `SUPERSEDED`.
    pub state: &'static str,
    /// Counts changes.
    pub revision: u64,
    /// When it was asked for.
    #[serde(serialize_with = "text")]
    pub requested_at: Timestamp,
    /// When it ended, if it did.
    #[serde(serialize_with = "optional")]
    pub ended_at: Option<Timestamp>,
    /// What it opens.
    pub scope: Scope,
    /// Whose yes is or was needed.
    pub signatories: Vec<Signatory>,
    /// Whether everyone whose yes is needed now has signed for all that it opens.
    pub complete: bool,
    /// Authorities that have accepted a yes which another unit recorded.
    #[serde(serialize_with = "texts", skip_serializing_if = "Vec::is_empty")]
    pub accepted_by_authority_ids: Vec<AuthorityId>,
}

/// What a consent opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// From whom.
    #[serde(serialize_with = "texts")]
    pub source_unit_ids: Vec<UnitId>,
    /// To whom.
    #[serde(serialize_with = "texts")]
    pub recipient_unit_ids: Vec<UnitId>,
    /// One way, or all with all.
    #[serde(serialize_with = "text")]
    pub direction: Direction,
    /// About what.
    #[serde(serialize_with = "texts")]
    pub categories: Vec<Category>,
    /// In which documents.
    #[serde(serialize_with = "texts")]
    pub kinds: Vec<Kind>,
    /// Why.
    #[serde(serialize_with = "text")]
    pub purpose: Purpose,
    /// Which acts.
    #[serde(serialize_with = "texts")]
    pub acts: Vec<Act>,
    /// From when on.
    #[serde(serialize_with = "text")]
    pub valid_from: Timestamp,
    /// The first moment at which it no longer holds.
    #[serde(serialize_with = "text")]
    pub valid_until: Timestamp,
    /// What it must not cover.
    pub exclusions: Exclusions,
}

/// What a consent must not cover.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exclusions {
    /// Categories.
    #[serde(serialize_with = "texts")]
    pub categories: Vec<Category>,
    /// Units.
    #[serde(serialize_with = "texts")]
    pub unit_ids: Vec<UnitId>,
    /// Single documents.
    #[serde(serialize_with = "texts")]
    pub document_ids: Vec<DocumentId>,
}

/// One of those whose yes is or was needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// Within this consent, from 1.
    pub number: u32,
    /// The name, for those who may know.
    pub name: String,
    /// Whether the yes is needed.
    pub required: bool,
    /// Whether it was given.
    pub signed: bool,
    /// `PORTAL`, `PAPER` or `ORAL`, once given.
    pub evidence: Option<&'static str>,
    /// When it was given.
    #[serde(serialize_with = "optional")]
    pub signed_at: Option<Timestamp>,
    /// `GUARDIAN`, `INDIVIDUAL`, `REPRESENTATIVE` or `BOARD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<&'static str>,
    /// The unit that recorded a yes given on paper or orally.
    #[serde(serialize_with = "optional", skip_serializing_if = "Option::is_none")]
    pub recorded_by_unit_id: Option<UnitId>,
}

impl TryFrom<&wire::Consent> for Consent {
    type Error = InvalidField;

    fn try_from(consent: &wire::Consent) -> Result<Self> {
        let state = wire::ConsentState::try_from(consent.state)
            .ok()
            .map(|state| state.as_str_name());
        Ok(Self {
            consent_id: convert::id("consent.consent_id", &consent.consent_id)?,
            individual_id: convert::id("consent.individual_id", &consent.individual_id)?,
            requester_unit_id: convert::id("consent.requester_unit_id", &consent.requester_unit_id)?,
            state: word("consent.state", state, "CONSENT_STATE_")?,
            revision: consent.revision,
            requested_at: convert::time("consent.requested_at", consent.requested_at.as_ref())?,
            ended_at: optional_time("consent.ended_at", consent.ended_at.as_ref())?,
            scope: Scope::try_from(required("consent.scope", consent.scope.as_ref())?)?,
            signatories: consent
                .signatories
                .iter()
                .map(Signatory::try_from)
                .collect::<Result<_>>()?,
            complete: consent.complete,
            accepted_by_authority_ids: ids(
                "consent.accepted_by_authority_ids",
                &consent.accepted_by_authority_ids,
            )?,
        })
    }
}

impl TryFrom<&wire::Scope> for Scope {
    type Error = InvalidField;

    fn try_from(scope: &wire::Scope) -> Result<Self> {
        Ok(Self {
            source_unit_ids: ids("scope.source_unit_ids", &scope.source_unit_ids)?,
            recipient_unit_ids: ids("scope.recipient_unit_ids", &scope.recipient_unit_ids)?,
            direction: convert::word("scope.direction", scope.direction, Direction::from_number)?,
            categories: words("scope.categories", &scope.categories, Category::from_number)?,
            kinds: words("scope.kinds", &scope.kinds, Kind::from_number)?,
            purpose: convert::word("scope.purpose", scope.purpose, Purpose::from_number)?,
            acts: words("scope.acts", &scope.acts, Act::from_number)?,
            valid_from: convert::time("scope.valid_from", scope.valid_from.as_ref())?,
            valid_until: convert::time("scope.valid_until", scope.valid_until.as_ref())?,
            exclusions: scope
                .exclusions
                .as_ref()
                .map(Exclusions::try_from)
                .transpose()?
                .unwrap_or_default(),
        })
    }
}

impl TryFrom<&wire::Exclusions> for Exclusions {
    type Error = InvalidField;

    fn try_from(exclusions: &wire::Exclusions) -> Result<Self> {
        Ok(Self {
            categories: words(
                "exclusions.categories",
                &exclusions.categories,
                Category::from_number,
            )?,
            unit_ids: ids("exclusions.unit_ids", &exclusions.unit_ids)?,
            document_ids: ids("exclusions.document_ids", &exclusions.document_ids)?,
        })
    }
}

impl TryFrom<&wire::Signatory> for Signatory {
    type Error = InvalidField;

    fn try_from(signatory: &wire::Signatory) -> Result<Self> {
        let evidence = wire::EvidenceKind::try_from(signatory.evidence).ok();
        let capacity = wire::Capacity::try_from(signatory.capacity).ok();
        Ok(Self {
            number: signatory.number,
            name: signatory.name.clone(),
            required: signatory.required,
            signed: signatory.signed,
            evidence: optional_word(evidence.map(|kind| kind.as_str_name()), "EVIDENCE_KIND_"),
            signed_at: optional_time("signatories.signed_at", signatory.signed_at.as_ref())?,
            capacity: optional_word(capacity.map(|capacity| capacity.as_str_name()), "CAPACITY_"),
            recorded_by_unit_id: optional_id(
                "signatories.recorded_by_unit_id",
                &signatory.recorded_by_unit_id,
            )?,
        })
    }
}
