//! Domain values that several services answer with.

use jiff::Timestamp;
use samrum_consent::consent::{Evidence, State};
use samrum_proto::convert::{InvalidField, Problem, scope_to_wire, time_to_wire};
use samrum_proto::statement::{Signed, Ticket};
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::directory::v1 as directory;
use samrum_proto::wire::exchange::v1 as exchange;
use samrum_proto::wire::individual::v1::CustodySource;
use samrum_proto::wire::ledger::v1 as ledger;

use crate::ledger::{FactUsedRecord, ReasonRecord, VerdictRecord};
use crate::service::consent::ConsentView;
use crate::service::{Result, ServiceError};
use crate::store::{Delivery, DeliveryState, KeyState, UnitKey, UnitRecord};

pub(super) fn ticket(ticket: &Signed<Ticket>) -> ledger::Ticket {
    ledger::Ticket {
        entry_id: ticket.value().entry.as_bytes().to_vec(),
        statement: ticket.bytes().to_vec(),
        signature: ticket.signature().as_bytes().to_vec(),
    }
}

pub(super) fn unit(record: &UnitRecord) -> directory::Unit {
    directory::Unit {
        unit_id: record.unit.id.as_bytes().to_vec(),
        authority_id: record.unit.authority.as_bytes().to_vec(),
        organisation_id: record.unit.organisation.as_bytes().to_vec(),
        name: record.name.clone(),
        sector: record.unit.sector.number().into(),
        holder: record.unit.holder.number().into(),
        board_reception: record.unit.board_reception,
        hsa_id: record.hsa_id.clone(),
        authority_name: record.authority_name.clone(),
        organisation_name: record.organisation_name.clone(),
    }
}

pub(super) fn unit_key(key: &UnitKey) -> directory::UnitKey {
    let state = match key.state {
        KeyState::Current => directory::KeyState::Current,
        KeyState::DecryptOnly => directory::KeyState::DecryptOnly,
        KeyState::Compromised => directory::KeyState::Compromised,
    };
    directory::UnitKey {
        key_id: key.key_id.to_vec(),
        unit_id: key.unit.as_bytes().to_vec(),
        state: state.into(),
        statement: key.statement.clone(),
        organisation_signature: key.signature.clone(),
        recorded_at: Some(time_to_wire(key.recorded_at)),
    }
}

pub(super) fn consent(view: &ConsentView) -> consent::Consent {
    use consent::ConsentState as Wire;
    use samrum_consent::consent::End;
    let standing = &view.record.consent;
    let (state, ended_at) = match standing.state {
        State::Requested => (Wire::Requested, None),
        State::Active { .. } => (Wire::Active, None),
        State::Ended { how, at, .. } => {
            let how = match how {
                End::Declined => Wire::Declined,
                End::Revoked => Wire::Revoked,
                End::Expired => Wire::Expired,
                End::Superseded => Wire::Superseded,
            };
            (how, Some(at))
        }
    };
    consent::Consent {
        consent_id: standing.id.as_bytes().to_vec(),
        individual_id: view.record.individual.as_bytes().to_vec(),
        requester_unit_id: standing.requester.as_bytes().to_vec(),
        scope: Some(scope_to_wire(&standing.scope)),
        state: state.into(),
        signatories: signatories(view),
        revision: standing.revision,
        requested_at: Some(time_to_wire(standing.requested_at)),
        ended_at: ended_at.map(time_to_wire),
        complete: view.complete,
        accepted_by_authority_ids: standing
            .accepted_by
            .iter()
            .map(|authority| authority.as_bytes().to_vec())
            .collect(),
    }
}

/// Signatories by number. Their names are for the portal: a unit that registers a number must not learn
/// from the hub whose child it is.
fn signatories(view: &ConsentView) -> Vec<consent::Signatory> {
    (1_u32..)
        .zip(view.record.consent.signatories.iter().zip(&view.capacities))
        .map(|(number, (signatory, capacity))| {
            let evidence = signatory
                .signature
                .as_ref()
                .map(|signature| match signature.evidence {
                    Evidence::Portal { .. } => consent::EvidenceKind::Portal,
                    Evidence::Paper { .. } => consent::EvidenceKind::Paper,
                    Evidence::Oral { .. } => consent::EvidenceKind::Oral,
                });
            consent::Signatory {
                number,
                name: String::new(),
                required: view.required.contains(&signatory.signer),
                signed: signatory.signature.is_some(),
                evidence: evidence.unwrap_or_default().into(),
                signed_at: signatory
                    .signature
                    .as_ref()
                    .map(|signature| time_to_wire(signature.at)),
                capacity: capacity.number().into(),
                recorded_by_unit_id: signatory
                    .signature
                    .as_ref()
                    .and_then(|signature| signature.evidence.recorded_by())
                    .map(|unit| unit.as_bytes().to_vec())
                    .unwrap_or_default(),
            }
        })
        .collect()
}

pub(super) fn delivery(delivery: &Delivery) -> exchange::Delivery {
    exchange::Delivery {
        delivery_id: delivery.id.as_bytes().to_vec(),
        recipient_unit_id: delivery.recipient.as_bytes().to_vec(),
        state: delivery_state(delivery.state).into(),
        changed_at: Some(time_to_wire(delivery.changed_at)),
        entry_id: delivery.entry.as_bytes().to_vec(),
        alarmed: delivery.alarmed,
    }
}

pub(super) const fn delivery_state(state: DeliveryState) -> exchange::DeliveryState {
    match state {
        DeliveryState::Queued => exchange::DeliveryState::Queued,
        DeliveryState::Released => exchange::DeliveryState::Released,
        DeliveryState::Acknowledged => exchange::DeliveryState::Acknowledged,
        DeliveryState::Rejected => exchange::DeliveryState::Rejected,
        DeliveryState::Withheld => exchange::DeliveryState::Withheld,
        DeliveryState::Expired => exchange::DeliveryState::Expired,
    }
}

/// A verdict as it was written down.
pub(super) fn verdict(record: &VerdictRecord) -> Result<decision::Verdict> {
    let ground = if let Some(provision) = &record.provision {
        Some(decision::ground::Ground::ProvisionId(provision.clone()))
    } else if record.permitted {
        let consents = record.consents.iter().map(|version| {
            let consent_id = uuid(&version.id)?;
            Ok(decision::ConsentVersion {
                consent_id,
                revision: version.revision,
            })
        });
        let consents = consents.collect::<Result<_>>()?;
        Some(decision::ground::Ground::Consent(decision::ConsentGround {
            consents,
        }))
    } else {
        None
    };
    Ok(decision::Verdict {
        recipient_unit_id: uuid(&record.recipient)?,
        permitted: record.permitted,
        ground: ground.map(|ground| decision::Ground { ground: Some(ground) }),
        reasons: record.reasons.iter().map(reason).collect(),
        facts: record.facts.iter().map(fact).collect::<Result<_>>()?,
        warnings: record.warnings.iter().map(reason).collect(),
        alternative_provision_ids: record.alternatives.clone(),
    })
}

fn fact(record: &FactUsedRecord) -> Result<decision::FactUsed> {
    let kind = decision::FactKind::from_str_name(&format!("FACT_KIND_{}", record.kind));
    let source = record.source.as_deref().unwrap_or("UNSPECIFIED");
    let source = CustodySource::from_str_name(&format!("CUSTODY_SOURCE_{source}"));
    Ok(decision::FactUsed {
        kind: kind.unwrap_or_default().into(),
        fact_id: record.id.as_deref().map(uuid).transpose()?.unwrap_or_default(),
        source: source.unwrap_or_default().into(),
        checked_at: record.checked_at.and_then(time),
    })
}

pub(super) fn verdicts(records: &[VerdictRecord]) -> Result<Vec<decision::Verdict>> {
    records.iter().map(verdict).collect()
}

fn reason(record: &ReasonRecord) -> decision::Reason {
    decision::Reason {
        code: record.number,
        arguments: record.arguments.clone().into_iter().collect(),
        provision_id: record.provision.clone(),
        remedy: record.remedy.clone(),
    }
}

/// An id that the ledger keeps as text.
pub(super) fn uuid(text: &str) -> Result<Vec<u8>> {
    let id = text
        .parse::<uuid::Uuid>()
        .map_err(|_| ServiceError::Damaged { what: "ledger entry" })?;
    Ok(id.as_bytes().to_vec())
}

pub(super) fn time(at: Timestamp) -> Option<prost_types::Timestamp> {
    Some(time_to_wire(at))
}

/// A message that must be there.
pub(super) fn required<'a, M>(field: &'static str, message: Option<&'a M>) -> Result<&'a M, InvalidField> {
    message.ok_or_else(|| Problem::Missing.of(field))
}
