//! Bases, verdicts and reasons on the wire.

use samrum_consent::decide::{Answer, ConsentVersion, Ground, Verdict};
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Basis, Family, Kind};

use super::{Result, text};
use crate::wire::decision::v1 as wire;

/// The longest reason in words.
const MAX_REASON_CHARACTERS: usize = 500;

/// The basis a sender names; absent, it is consent, or the duty for kinds that belong to one.
///
/// # Errors
/// When a provision is named without id, or its reason is too long. A blank reason is the decision's to
/// refuse.
pub fn basis(message: Option<&wire::Basis>, kind: Kind) -> Result<Basis> {
    match message.and_then(|basis| basis.basis.as_ref()) {
        None if kind.family() == Family::Duty => Ok(Basis::Duty),
        None | Some(wire::basis::Basis::Consent(_)) => Ok(Basis::Consent),
        Some(wire::basis::Basis::Duty(_)) => Ok(Basis::Duty),
        Some(wire::basis::Basis::Provision(provision)) => Ok(Basis::Provision {
            id: text("basis.provision.provision_id", &provision.provision_id, 40)?,
            reason: match provision.reason.trim() {
                "" => String::new(),
                reason => text("basis.provision.reason", reason, MAX_REASON_CHARACTERS)?,
            },
        }),
    }
}

/// One recipient's answer.
#[must_use]
pub fn verdict_to_wire(verdict: &Verdict) -> wire::Verdict {
    let (ground, reasons) = match &verdict.answer {
        Answer::Permit(ground) => (Some(ground_to_wire(ground)), Vec::new()),
        Answer::Deny(reasons) => (None, reasons.iter().map(reason_to_wire).collect()),
    };
    wire::Verdict {
        recipient_unit_id: verdict.recipient.as_bytes().to_vec(),
        permitted: ground.is_some(),
        ground,
        reasons,
    }
}

fn ground_to_wire(ground: &Ground) -> wire::Ground {
    let version = |version: &ConsentVersion| wire::ConsentVersion {
        consent_id: version.id.as_bytes().to_vec(),
        revision: version.revision,
    };
    let ground = match ground {
        Ground::Consents(consents) => wire::ground::Ground::Consent(wire::ConsentGround {
            consents: consents.iter().map(version).collect(),
        }),
        Ground::Provision(id) => wire::ground::Ground::ProvisionId(id.clone()),
    };
    wire::Ground { ground: Some(ground) }
}

fn reason_to_wire(reason: &Reason) -> wire::Reason {
    wire::Reason {
        code: reason.number(),
        arguments: reason
            .arguments()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        provision_id: reason.provision().unwrap_or_default().to_owned(),
        remedy: reason
            .remedy()
            .map(|remedy| remedy.code().to_owned())
            .unwrap_or_default(),
    }
}

/// The plain name of a wire reason code, without its prefix: what CLI, JSON and documents show.
#[must_use]
pub fn reason_code(number: i32) -> &'static str {
    let name = wire::ReasonCode::try_from(number)
        .unwrap_or_default()
        .as_str_name();
    name.strip_prefix("REASON_CODE_").unwrap_or(name)
}
