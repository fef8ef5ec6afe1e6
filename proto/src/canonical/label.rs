//! Domain separation: every hash, signature and derivation input opens with one of these labels.
//!
//! A label is ASCII text closed by one zero byte, which no label holds inside, so that no labelled input is
//! ever the beginning of another. RFC 6962 hashing is the exception: its own prefixes 0x00 and 0x01 separate it.

/// A domain separator: `samrum/<what>/v<version>` and one zero byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label(&'static str);

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        impl Label {
            $($(#[$doc])* pub const $name: Self = Self(concat!($text, "\0"));)*

            /// Every label there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

labels! {
    /// SHA-256 of a header.
    HEADER = "samrum/header/v1";
    /// SHA-256 of a slip.
    SLIP = "samrum/slip/v1";
    /// Ed25519 of the sender's unit over header, body and one slip.
    SLIP_SIGNATURE = "samrum/slip-signature/v1";
    /// HKDF salt under which a content key is extracted.
    CONTENT_KEY = "samrum/content-key/v1";
    /// HKDF info of the key commitment.
    KEY_COMMITMENT = "samrum/key-commitment/v1";
    /// HKDF info of the key that seals the body.
    BODY_KEY = "samrum/body-key/v1";
    /// Associated data of every chunk.
    CHUNK = "samrum/chunk/v1";
    /// HPKE info when a content key is wrapped.
    WRAP = "samrum/wrap/v1";
    /// HPKE associated data when a content key is wrapped.
    WRAP_RECIPIENT = "samrum/wrap-recipient/v1";
    /// Key statement: its id, and the organisation's signature.
    KEY_STATEMENT = "samrum/key-statement/v1";
    /// Change of a key's state: the organisation's signature.
    KEY_STATE_CHANGE = "samrum/key-state-change/v1";
    /// Acting statement: the unit's signature.
    ACTING_STATEMENT = "samrum/acting-statement/v1";
    /// Delivery answer: the recipient unit's signature.
    DELIVERY_ANSWER = "samrum/delivery-answer/v1";
    /// Ticket: the log's signature.
    TICKET = "samrum/ticket/v1";
    /// Commitment of a salted leaf to its details.
    LEAF = "samrum/leaf/v1";
}

impl Label {
    /// The bytes that open the input, closing zero included.
    #[must_use]
    pub const fn as_bytes(self) -> &'static [u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_begins_another_and_each_ends_in_its_only_zero() {
        for (index, label) in Label::ALL.iter().enumerate() {
            assert!(label.0.is_ascii());
            assert_eq!(label.0.find('\0'), Some(label.0.len() - 1), "{label:?}");
            for other in Label::ALL.iter().skip(index + 1) {
                assert!(
                    !label.0.starts_with(other.0) && !other.0.starts_with(label.0),
                    "{label:?} {other:?}"
                );
            }
        }
    }
}
