//! The name a client certificate states: a unit, an organisation's auditor or an operator.
//!
//! Written here and read by the hub; the two do not share code, so that a test with these certificates
//! tests the reading.

use core::fmt;

use uuid::Uuid;

use crate::world::{Organisation, Unit};

/// Who a client certificate is for.
///
/// **Shape** of `Display`: the URI in the certificate, `urn:samrum:unit:<unit id>`,
/// `urn:samrum:auditor:<organisation id>` or `urn:samrum:operator:<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role<'a> {
    /// A unit's own system, by the unit's id.
    Unit([u8; 16]),
    /// An auditor, by the organisation's id.
    Auditor([u8; 16]),
    /// An operator of the hub, by name.
    Operator(&'a str),
}

impl Role<'static> {
    /// The operator of the demo.
    pub const DEMO_OPERATOR: Self = Self::Operator("demo");
}

impl From<&Unit> for Role<'_> {
    fn from(unit: &Unit) -> Self {
        Self::Unit(unit.id)
    }
}

impl From<&Organisation> for Role<'_> {
    fn from(organisation: &Organisation) -> Self {
        Self::Auditor(organisation.id)
    }
}

impl fmt::Display for Role<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit(id) => write!(f, "urn:samrum:unit:{}", Uuid::from_bytes(*id)),
            Self::Auditor(id) => write!(f, "urn:samrum:auditor:{}", Uuid::from_bytes(*id)),
            Self::Operator(name) => write!(f, "urn:samrum:operator:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world;

    #[test]
    fn roles_are_written_as_the_hub_reads_them() {
        assert_eq!(
            Role::from(&world::SOCIAL_SERVICES).to_string(),
            "urn:samrum:unit:0192f000-0003-7000-8000-000000000001"
        );
        assert_eq!(
            Role::from(&world::REGION_EXEMPEL).to_string(),
            "urn:samrum:auditor:0192f000-0001-7000-8000-000000000002"
        );
        assert_eq!(Role::DEMO_OPERATOR.to_string(), "urn:samrum:operator:demo");
    }
}
