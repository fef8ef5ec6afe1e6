//! Canonical bytes: the one encoding of everything that is hashed or signed.
//!
//! Layout: one version byte, then the fields in fixed order, each a big-endian `u32` length and that many
//! bytes. Integers have fixed width and are big-endian. A list is one field: a big-endian `u32` count, then
//! each element as a field of its own; sets are strictly ascending. An absent optional is an empty field.
//! One value has one encoding, and decoding is total: what [`Canonical::decode`] accepts encodes back to the
//! same bytes. Every hash and signature input opens with a [`Label`]. No meaning of the fields lives here.

mod label;
mod reader;
mod writer;

pub use label::Label;
pub use reader::Reader;
pub use writer::Writer;

use core::fmt;

use ring::digest::{Context, SHA256};

/// The last moment that canonical bytes can name: the end of year 9999, in microseconds since the epoch.
pub const MAX_TIME_US: i64 = 253_402_300_799_999_999;

/// Why bytes are not the canonical form of what was expected. Names the field and the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The first byte is another version.
    #[error("{name} has version {found}; this program reads version {expected}")]
    UnknownVersion {
        /// What was read.
        name: &'static str,
        /// The version that is known.
        expected: u8,
        /// The version that was found.
        found: u8,
    },
    /// The bytes end inside a field.
    #[error("{field} is cut short")]
    Truncated {
        /// Which field.
        field: &'static str,
    },
    /// Bytes follow the last field.
    #[error("{count} bytes follow the last field of {name}")]
    TrailingBytes {
        /// What was read.
        name: &'static str,
        /// How many.
        count: usize,
    },
    /// A field of fixed width has another.
    #[error("{field} has {found} bytes; it must have {expected}")]
    WrongLength {
        /// Which field.
        field: &'static str,
        /// The width it must have, in bytes.
        expected: usize,
        /// The width it has, in bytes.
        found: usize,
    },
    /// Fewer bytes, characters or elements than allowed.
    #[error("{field} is shorter than {least}")]
    TooShort {
        /// Which field.
        field: &'static str,
        /// The least that is allowed: bytes of a whole, characters of a text, elements of a list.
        least: usize,
    },
    /// More bytes, characters or elements than allowed.
    #[error("{field} is longer than {most}")]
    TooLong {
        /// Which field.
        field: &'static str,
        /// The most that is allowed: bytes of a whole, characters of a text, elements of a list.
        most: usize,
    },
    /// The elements of a set are not strictly ascending: out of order, or one is there twice.
    #[error("{field} must be in ascending order without repetition")]
    NotAscending {
        /// Which field.
        field: &'static str,
    },
    /// A text is not UTF-8.
    #[error("{field} is not UTF-8")]
    NotUtf8 {
        /// Which field.
        field: &'static str,
    },
    /// A text holds a control character that its field does not allow.
    #[error("{field} holds a control character")]
    ControlCharacter {
        /// Which field.
        field: &'static str,
    },
    /// A number that the field's vocabulary does not hold.
    #[error("{field} holds the unknown number {number}")]
    UnknownNumber {
        /// Which field.
        field: &'static str,
        /// The number.
        number: u64,
    },
    /// A number outside its range.
    #[error("{field} must lie between {least} and {most}")]
    OutOfRange {
        /// Which field.
        field: &'static str,
        /// The least that is allowed.
        least: i64,
        /// The most that is allowed.
        most: i64,
    },
    /// A public key that no honest owner has.
    #[error("{field} is not a usable public key")]
    UnusableKey {
        /// Which field.
        field: &'static str,
    },
}

impl Malformed {
    /// The field, or the whole, that is not canonical.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::UnknownVersion { name, .. } | Self::TrailingBytes { name, .. } => name,
            Self::Truncated { field }
            | Self::WrongLength { field, .. }
            | Self::TooShort { field, .. }
            | Self::TooLong { field, .. }
            | Self::NotAscending { field }
            | Self::NotUtf8 { field }
            | Self::ControlCharacter { field }
            | Self::UnknownNumber { field, .. }
            | Self::OutOfRange { field, .. }
            | Self::UnusableKey { field } => field,
        }
    }
}

/// The fewest and the most bytes, characters or elements that a field may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// At least so many.
    pub least: usize,
    /// At most so many.
    pub most: usize,
}

/// What has canonical bytes.
pub trait Canonical: Sized {
    /// What it is called in errors, in the glossary's word.
    const NAME: &'static str;
    /// The first byte.
    const VERSION: u8 = 1;
    /// The most bytes that its encoding may have.
    const MAX_BYTES: usize;
    /// Opens the input of every hash of, and signature over, the bytes.
    const LABEL: Label;

    /// Writes the fields in order, under the same limits that reading applies.
    ///
    /// # Errors
    /// [`Malformed`] when a field breaks its limit.
    fn write(&self, writer: &mut Writer) -> Result<(), Malformed>;

    /// Reads the fields in order.
    ///
    /// # Errors
    /// [`Malformed`] when a field is not canonical or breaks its limit.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed>;

    /// The canonical bytes.
    ///
    /// # Errors
    /// [`Malformed`] when a field or the whole breaks its limit.
    fn encode(&self) -> Result<Vec<u8>, Malformed> {
        let mut writer = Writer::new(Self::VERSION);
        self.write(&mut writer)?;
        let bytes = writer.finish();
        if bytes.len() > Self::MAX_BYTES {
            return Err(Malformed::TooLong {
                field: Self::NAME,
                most: Self::MAX_BYTES,
            });
        }
        Ok(bytes)
    }

    /// The value whose canonical bytes these are.
    ///
    /// # Errors
    /// [`Malformed`] when they are nobody's.
    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > Self::MAX_BYTES {
            return Err(Malformed::TooLong {
                field: Self::NAME,
                most: Self::MAX_BYTES,
            });
        }
        let mut reader = Reader::new(Self::NAME, Self::VERSION, bytes)?;
        let value = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    }
}

/// A value together with the very bytes it was read from: those are hashed, signed and stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Raw<T> {
    value: T,
    bytes: Vec<u8>,
}

impl<T: Canonical> Raw<T> {
    /// Encodes a value once.
    ///
    /// # Errors
    /// [`Malformed`] when a field or the whole breaks its limit.
    pub fn new(value: T) -> Result<Self, Malformed> {
        let bytes = value.encode()?;
        Ok(Self { value, bytes })
    }

    /// Reads bytes that came from elsewhere and keeps them.
    ///
    /// # Errors
    /// [`Malformed`] when they are not canonical.
    pub fn parse(bytes: impl Into<Vec<u8>>) -> Result<Self, Malformed> {
        let bytes = bytes.into();
        let value = T::decode(&bytes)?;
        Ok(Self { value, bytes })
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// The bytes as they were written or received.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Both parts.
    #[must_use]
    pub fn into_parts(self) -> (T, Vec<u8>) {
        (self.value, self.bytes)
    }

    /// SHA-256 over the type's label and the bytes.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        sha256(&[T::LABEL.as_bytes(), &self.bytes])
    }
}

impl<T: fmt::Debug> fmt::Debug for Raw<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// SHA-256 over the concatenation of parts.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// A 32-byte hash as a type of its own, so that one cannot stand in for another.
macro_rules! digests {
    ($($(#[$doc:meta])* $name:ident = $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The hash made of these bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = $crate::canonical::Malformed;

            fn try_from(bytes: &[u8]) -> Result<Self, $crate::canonical::Malformed> {
                bytes.try_into().map(Self).map_err(|_| $crate::canonical::Malformed::WrongLength {
                    field: $what,
                    expected: 32,
                    found: bytes.len(),
                })
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    )*};
}
pub(crate) use digests;
