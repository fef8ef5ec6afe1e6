//! Bases and reason codes on the wire.

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

/// The plain name of a wire reason code, without its prefix: what CLI, JSON and documents show.
#[must_use]
pub fn reason_code(number: i32) -> &'static str {
    let name = wire::ReasonCode::try_from(number)
        .unwrap_or_default()
        .as_str_name();
    name.strip_prefix("REASON_CODE_").unwrap_or(name)
}
