//! The three kinds of caller, and the names by which certificates state them.
//!
//! Professional, coordinator and manager are roles inside a unit and stated by it; they are not here.

use core::fmt;
use core::str::FromStr;

use samrum_consent::id::{OrganisationId, UnitId};

/// What a caller is. One certificate states one role.
///
/// **Shape** in a certificate: `urn:samrum:unit:<unit id>`, `urn:samrum:auditor:<organisation id>` or
/// `urn:samrum:operator:<name>`, lower case, ids in the 36-character form: one spelling per identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CallerRole {
    /// A unit's own system: sends, receives, asks and records in the unit's name.
    Unit(UnitId),
    /// An administrator who audits the disclosures of one organisation.
    Auditor(OrganisationId),
    /// Someone who runs the hub. Never reads content.
    Operator(OperatorName),
}

impl CallerRole {
    /// The role without the identity, fit for logs and metrics: `unit`, `auditor` or `operator`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unit(_) => "unit",
            Self::Auditor(_) => "auditor",
            Self::Operator(_) => "operator",
        }
    }
}

/// A text that states no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRole {
    /// Not a `urn:samrum:` name with a known role.
    #[error(
        "the name must be urn:samrum:unit:<unit id>, urn:samrum:auditor:<organisation id> or \
         urn:samrum:operator:<name>"
    )]
    Unknown,
    /// `urn:samrum:unit:` without a unit id.
    #[error("urn:samrum:unit: must be followed by a unit id: 36 characters, lower case")]
    Unit,
    /// `urn:samrum:auditor:` without an organisation id.
    #[error("urn:samrum:auditor: must be followed by an organisation id: 36 characters, lower case")]
    Auditor,
    /// `urn:samrum:operator:` without an operator's name.
    #[error("urn:samrum:operator: must be followed by a name: 1 to 64 of a to z, 0 to 9 and hyphen")]
    Operator,
}

impl FromStr for CallerRole {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        let stated = text.strip_prefix("urn:samrum:").ok_or(InvalidRole::Unknown)?;
        match stated.split_once(':') {
            Some(("unit", id)) => canonical_id(id).map(Self::Unit).ok_or(InvalidRole::Unit),
            Some(("auditor", id)) => canonical_id(id).map(Self::Auditor).ok_or(InvalidRole::Auditor),
            Some(("operator", name)) => name.parse().map(Self::Operator),
            _ => Err(InvalidRole::Unknown),
        }
    }
}

/// Reads an id in its one canonical spelling: a second spelling of a name is a second name to whoever
/// compares texts, and issuing and revoking compare texts.
fn canonical_id<T: FromStr + fmt::Display>(text: &str) -> Option<T> {
    text.parse::<T>().ok().filter(|id| id.to_string() == text)
}

/// The name of someone who runs the hub.
///
/// **Shape**: 1 to 64 of `a` to `z`, `0` to `9` and hyphen. It may name a person, so `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OperatorName(String);

impl OperatorName {
    /// The longest name, in characters.
    pub const MAX_LENGTH: usize = 64;

    /// The name as the certificate states it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OperatorName {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=Self::MAX_LENGTH).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidRole::Operator)
        }
    }
}

impl fmt::Display for OperatorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for OperatorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorName(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

    #[test]
    fn each_role_is_read_from_its_name() {
        let longest = "a".repeat(OperatorName::MAX_LENGTH);
        assert_eq!(
            format!("urn:samrum:unit:{ID}").parse(),
            Ok(CallerRole::Unit(ID.parse().unwrap()))
        );
        assert_eq!(
            format!("urn:samrum:auditor:{ID}").parse(),
            Ok(CallerRole::Auditor(ID.parse().unwrap()))
        );
        for name in ["z", "night-shift-2", longest.as_str()] {
            let role: CallerRole = format!("urn:samrum:operator:{name}").parse().unwrap();
            assert!(matches!(&role, CallerRole::Operator(stated) if stated.as_str() == name));
        }
    }

    #[test]
    fn every_other_text_states_no_role() {
        let too_long = format!("urn:samrum:operator:{}", "a".repeat(OperatorName::MAX_LENGTH + 1));
        let cases = [
            ("", InvalidRole::Unknown),
            (ID, InvalidRole::Unknown),
            ("urn:samrum:", InvalidRole::Unknown),
            ("urn:samrum:unit", InvalidRole::Unknown),
            (
                "urn:samrum:guardian:0192f0c1-2a3b-7c4d-8e5f-60718293a4b5",
                InvalidRole::Unknown,
            ),
            (
                "URN:samrum:unit:0192f0c1-2a3b-7c4d-8e5f-60718293a4b5",
                InvalidRole::Unknown,
            ),
            (
                "urn:samrum:Unit:0192f0c1-2a3b-7c4d-8e5f-60718293a4b5",
                InvalidRole::Unknown,
            ),
            (
                " urn:samrum:unit:0192f0c1-2a3b-7c4d-8e5f-60718293a4b5",
                InvalidRole::Unknown,
            ),
            ("https://samrum.example/unit/1", InvalidRole::Unknown),
            ("urn:samrum:unit:", InvalidRole::Unit),
            ("urn:samrum:unit:social-services", InvalidRole::Unit),
            (
                "urn:samrum:unit:0192f0c1-2a3b-7c4d-8e5f-60718293a4b5 ",
                InvalidRole::Unit,
            ),
            (
                "urn:samrum:unit:0192f0c1-2a3b-7c4d-8e5f-60718293a4b5:x",
                InvalidRole::Unit,
            ),
            ("urn:samrum:auditor:", InvalidRole::Auditor),
            ("urn:samrum:operator:", InvalidRole::Operator),
            ("urn:samrum:operator:Night", InvalidRole::Operator),
            ("urn:samrum:operator:a:b", InvalidRole::Operator),
            ("urn:samrum:operator:å", InvalidRole::Operator),
            (too_long.as_str(), InvalidRole::Operator),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<CallerRole>(), Err(expected), "{text}");
        }
    }

    #[test]
    fn an_identity_has_one_spelling() {
        for spelling in [
            "0192F0C1-2A3B-7C4D-8E5F-60718293A4B5",
            "0192f0c12a3b7c4d8e5f60718293a4b5",
            "{0192f0c1-2a3b-7c4d-8e5f-60718293a4b5}",
            "urn:uuid:0192f0c1-2a3b-7c4d-8e5f-60718293a4b5",
        ] {
            assert_eq!(
                format!("urn:samrum:unit:{spelling}").parse::<CallerRole>(),
                Err(InvalidRole::Unit)
            );
        }
    }

    #[test]
    fn debug_shows_no_operators_name() {
        let role: CallerRole = "urn:samrum:operator:night-shift".parse().unwrap();
        assert_eq!(format!("{role:?}"), "Operator(OperatorName(..))");
    }
}
