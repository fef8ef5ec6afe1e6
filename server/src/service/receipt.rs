//! The receipt for a consent: readable text, and JSON with the fields of Kantara's Consent Receipt 1.1.
//!
//! One receipt per revision of a consent, the same for everyone who may know it. Signatories are numbers: a unit
//! must not learn from the hub whose child somebody is. What the specification asks of a controller's address and
//! policy is empty where the hub holds none. Source: Kantara Initiative, Consent Receipt Specification 1.1.0;
//! GDPR 9.1 for what is sensitive; domain, Consent 10.

use std::collections::{BTreeMap, BTreeSet};

use ring::digest::{Context, SHA256};
use samrum_consent::consent::{Consent, End, Signature, State};
use samrum_consent::id::{ConsentId, UnitId};
use samrum_consent::vocabulary::{Category, Direction};
use samrum_ui::{
    Language, ReceiptFacts, ReceiptSignatory, StatementFacts, category, consent_receipt, purpose,
    receipt_method, receipt_termination, text,
};
use serde_json::{Value, json};
use uuid::Builder;

use super::consent::{ConsentView, evidence_digest};
use super::{Hub, Result, ServiceError};
use crate::store::UnitRecord;

/// The version that the specification demands in every receipt.
const KANTARA: &str = "KI-CR-v1.1.0";
/// What a receipt's number is made of, besides consent and revision.
const NUMBER_LABEL: &[u8] = b"samrum/consent-receipt/v1";

/// What somebody who consented is given to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentReceipt {
    /// JSON.
    pub json: String,
    /// Readable text.
    pub text: String,
}

/// What a receipt is made of.
struct Parts<'a> {
    consent: &'a Consent,
    view: &'a ConsentView,
    about: &'a str,
    units: &'a BTreeMap<UnitId, UnitRecord>,
    names: &'a BTreeMap<UnitId, String>,
    number: String,
    language: Language,
}

impl Hub {
    /// The receipt for a consent as it stands, for those who may know of it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::StateConflict`] while nobody has said yes.
    pub async fn consent_receipt(
        &self,
        unit: UnitId,
        id: ConsentId,
        language: Language,
    ) -> Result<ConsentReceipt> {
        let view = self.consent(unit, id).await?;
        let consent = &view.record.consent;
        let units = self.units_of_consent(consent).await?;
        let names = units.iter().map(|(id, unit)| (*id, full_name(unit))).collect();
        let individual = self.store.individual(view.record.individual).await?;
        let individual = individual.ok_or(ServiceError::Damaged { what: "individual" })?;
        let parts = Parts {
            consent,
            view: &view,
            about: &individual.name,
            units: &units,
            names: &names,
            number: number(consent),
            language,
        };
        let last = signatures(consent).map(|signature| signature.at).max();
        let last = last.ok_or(ServiceError::StateConflict(
            "nobody has said yes yet: there is nothing to give a receipt for",
        ))?;
        let json = serde_json::to_string_pretty(&parts.json(last.as_second()))
            .map_err(|_| ServiceError::Internal("a receipt cannot be written as JSON"))?;
        Ok(ConsentReceipt {
            json,
            text: parts.text(),
        })
    }

    /// Every unit that a consent names, or whose record of a yes it holds.
    async fn units_of_consent(&self, consent: &Consent) -> Result<BTreeMap<UnitId, UnitRecord>> {
        let scope = &consent.scope;
        let recorders = signatures(consent).filter_map(|signature| signature.evidence.recorded_by());
        let parties = scope.sources().iter().chain(scope.recipients());
        let all = parties.chain(&scope.exclusions().units).copied();
        let all: BTreeSet<UnitId> = all.chain([consent.requester]).chain(recorders).collect();
        let mut units = BTreeMap::new();
        for id in all {
            units.insert(id, self.known_unit(id).await?);
        }
        Ok(units)
    }
}

impl Parts<'_> {
    fn name(&self, unit: UnitId) -> &str {
        self.names.get(&unit).map(String::as_str).unwrap_or_default()
    }

    fn text(&self) -> String {
        let numbered = (1..).zip(&self.consent.signatories);
        let digests: Vec<Option<String>> = numbered
            .clone()
            .map(|(number, _)| evidence_digest(self.consent, number))
            .collect();
        let signatories: Vec<ReceiptSignatory<'_>> = numbered
            .zip(self.view.capacities.iter().zip(&digests))
            .map(|((number, signatory), (capacity, digest))| {
                let signature = signatory.signature.as_ref();
                let recorder = signature.and_then(|signature| signature.evidence.recorded_by());
                ReceiptSignatory {
                    number,
                    capacity: *capacity,
                    signed: signature.map(|signature| (&signature.evidence, signature.at)),
                    digest: digest.as_deref(),
                    recorded_by: recorder.map(|unit| self.name(unit)),
                }
            })
            .collect();
        let facts = ReceiptFacts {
            number: &self.number,
            revision: self.consent.revision,
            state: state(self.consent),
            signatories: &signatories,
            statement: StatementFacts {
                consent: self.consent.id,
                requester: self.name(self.consent.requester),
                about: self.about,
                scope: &self.consent.scope,
                units: self.names,
            },
        };
        consent_receipt(&facts, self.language)
    }

    /// The fields of the specification, then `samrum` with what only we have.
    fn json(&self, given_at: i64) -> Value {
        let (scope, language) = (&self.consent.scope, self.language);
        let methods: BTreeSet<String> = signatures(self.consent)
            .map(|signature| receipt_method(&signature.evidence, language))
            .collect();
        let opened: Vec<Category> = scope.opens().collect();
        let named = |categories: &[Category]| -> Vec<String> {
            categories.iter().map(|one| category(*one, language)).collect()
        };
        let sensitive: Vec<Category> = opened.iter().copied().filter(|one| is_sensitive(*one)).collect();
        json!({
            "version": KANTARA,
            "jurisdiction": "SE",
            "consentTimestamp": given_at,
            "collectionMethod": methods.into_iter().collect::<Vec<_>>().join("; "),
            "consentReceiptID": self.number,
            "language": language.code(),
            "piiPrincipalId": self.view.record.individual.to_string(),
            "piiControllers": self.controllers(),
            "policyUrl": "",
            "services": [{
                "service": text("receipt-service", &[], language),
                "purposes": [{
                    "purpose": purpose(scope.purpose(), language),
                    "purposeCategory": [text("receipt-purpose-category", &[], language)],
                    "consentType": "EXPLICIT",
                    "piiCategory": named(&opened),
                    "primaryPurpose": true,
                    "termination": receipt_termination(scope.period(), language),
                    "thirdPartyDisclosure": true,
                    "thirdPartyName": self.readers().join("; "),
                }],
            }],
            "sensitive": !sensitive.is_empty(),
            "spiCat": named(&sensitive),
            "samrum": self.own(),
        })
    }

    /// The authorities whose information is opened, each once.
    fn controllers(&self) -> Vec<Value> {
        let mut seen = BTreeSet::new();
        let sources = match self.consent.scope.direction() {
            Direction::Circle => self.parties(),
            Direction::OneWay => self.consent.scope.sources().clone(),
        };
        let units = sources.iter().filter_map(|unit| self.units.get(unit));
        let first = units.filter(|unit| seen.insert(unit.unit.authority));
        first
            .map(|unit| {
                json!({
                    "piiController": format!("{}, {}", unit.authority_name, unit.organisation_name),
                    "contact": unit.name,
                    "address": { "streetAddress": "", "addressCountry": "SE" },
                    "email": "",
                    "phone": "",
                })
            })
            .collect()
    }

    fn parties(&self) -> BTreeSet<UnitId> {
        let scope = &self.consent.scope;
        scope.sources().union(scope.recipients()).copied().collect()
    }

    fn readers(&self) -> Vec<String> {
        let readers = match self.consent.scope.direction() {
            Direction::Circle => self.parties(),
            Direction::OneWay => self.consent.scope.recipients().clone(),
        };
        readers.iter().map(|unit| self.name(*unit).to_owned()).collect()
    }

    /// What the specification has no place for: ids and codes as the protocol shows them.
    fn own(&self) -> Value {
        let (consent, scope) = (self.consent, &self.consent.scope);
        let signatories = (1_u32..)
            .zip(consent.signatories.iter().zip(&self.view.capacities))
            .map(|(number, (signatory, capacity))| {
                let signature = signatory.signature.as_ref();
                let recorder = signature.and_then(|signature| signature.evidence.recorded_by());
                json!({
                    "number": number,
                    "capacity": capacity.code(),
                    "signedAt": signature.map(|signature| signature.at.to_string()),
                    "recordedByUnitId": recorder.map(|unit| unit.to_string()),
                    "sha256": evidence_digest(consent, number),
                })
            });
        json!({
            "consentId": consent.id.to_string(),
            "revision": consent.revision,
            "state": state(consent),
            "direction": scope.direction().code(),
            "sourceUnitIds": texts(scope.sources()),
            "recipientUnitIds": texts(scope.recipients()),
            "categories": texts(scope.categories()),
            "kinds": texts(scope.kinds()),
            "purpose": scope.purpose().code(),
            "acts": texts(scope.acts()),
            "validFrom": scope.period().from.to_string(),
            "validUntil": scope.period().until.to_string(),
            "excludedCategories": texts(&scope.exclusions().categories),
            "excludedUnitIds": texts(&scope.exclusions().units),
            "excludedDocumentIds": texts(&scope.exclusions().documents),
            "signatories": signatories.collect::<Vec<_>>(),
        })
    }
}

fn texts<T: ToString>(set: &BTreeSet<T>) -> Vec<String> {
    set.iter().map(ToString::to_string).collect()
}

fn signatures(consent: &Consent) -> impl Iterator<Item = &Signature> {
    let signatories = consent.signatories.iter();
    signatories.filter_map(|signatory| signatory.signature.as_ref())
}

/// A receipt's number: always the same for one revision of one consent. **Shape**: UUIDv8 (RFC 9562 §5.8).
fn number(consent: &Consent) -> String {
    let mut context = Context::new(&SHA256);
    context.update(NUMBER_LABEL);
    context.update(consent.id.as_bytes());
    context.update(&consent.revision.to_be_bytes());
    let mut bytes = [0; 16];
    for (byte, digest) in bytes.iter_mut().zip(context.finish().as_ref()) {
        *byte = *digest;
    }
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// A unit by name, with its authority and organisation, none said twice.
fn full_name(unit: &UnitRecord) -> String {
    let mut parts = vec![unit.name.as_str()];
    for part in [unit.authority_name.as_str(), unit.organisation_name.as_str()] {
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join(", ")
}

const fn state(consent: &Consent) -> &'static str {
    match consent.state {
        State::Requested => "REQUESTED",
        State::Active { .. } => "ACTIVE",
        State::Ended { how, .. } => match how {
            End::Declined => "DECLINED",
            End::Revoked => "REVOKED",
            End::Expired => "EXPIRED",
            End::Superseded => "SUPERSEDED",
        },
    }
}

/// What tells of health or of what somebody has been exposed to.
const fn is_sensitive(category: Category) -> bool {
    match category {
        Category::HealthSomatic
        | Category::HealthMental
        | Category::Medication
        | Category::SubstanceUse
        | Category::AbuseViolence
        | Category::DisabilitySupport => true,
        Category::IdentityContact
        | Category::SchoolSituation
        | Category::HomeFamily
        | Category::SocialSupport
        | Category::EconomyHousing
        | Category::PlanCoordination => false,
    }
}
