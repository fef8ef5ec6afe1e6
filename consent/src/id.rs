//! Identifiers as distinct types: 16 opaque bytes each, text only at the edge (URLs and the command line).
//!
//! Ids minted by a client or the hub are UUIDv7 (RFC 9562 §5.7); nothing here mints one.

use core::fmt;
use core::str::FromStr;

use uuid::Uuid;

/// A text or byte string that is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be a UUID: 16 bytes, or 36 characters such as 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5")]
pub struct InvalidId {
    /// Which identifier was expected, in the glossary's word.
    pub what: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id made of these 16 bytes, in network order.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes in network order.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The same value for storage engines that know UUIDs.
            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = InvalidId;

            fn try_from(bytes: &[u8]) -> Result<Self, InvalidId> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| InvalidId { what: $what })
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId { what: $what })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )*};
}

ids! {
    /// An organisation: municipality, region or private principal.
    OrganisationId = "organisation id";
    /// An authority (board) of an organisation; secrecy stands between authorities.
    AuthorityId = "authority id";
    /// A unit: where people work and what can be addressed.
    UnitId = "unit id";
    /// An individual as one case knows them: random per registration, never a global identity.
    IndividualId = "individual id";
    /// A natural person inside the hub. Never leaves it: outside, people appear as [`IndividualId`] or
    /// as numbered signatories of one consent.
    PersonId = "person id";
    /// A consent.
    ConsentId = "consent id";
    /// A document, minted by its sender and scoped to the sender's unit.
    DocumentId = "document id";
    /// One document on its way to one recipient; what an inbox shows.
    DeliveryId = "delivery id";
    /// A ledger entry. A decision's id is the id of the entry that records it.
    EntryId = "entry id";
    /// A recorded fact: the id of the entry that records it.
    FactId = "fact id";
    /// An idempotency key minted by a caller and scoped to its unit.
    RequestId = "request id";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_round_trip() {
        let id: UnitId = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5".parse().unwrap();
        assert_eq!(UnitId::try_from(id.as_bytes().as_slice()), Ok(id));
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn wrong_lengths_and_text_name_the_identifier() {
        assert_eq!(
            UnitId::try_from([0_u8; 15].as_slice()),
            Err(InvalidId { what: "unit id" })
        );
        assert_eq!(
            "social-services".parse::<ConsentId>(),
            Err(InvalidId { what: "consent id" })
        );
    }
}
