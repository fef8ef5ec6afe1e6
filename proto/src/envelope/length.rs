//! How long a body is, sealed and in the clear: each follows from the other.

use super::{CHUNK_BYTES, CHUNK_TAG_BYTES, MAX_BODY};
use crate::canonical::Malformed;

const CHUNK: u64 = CHUNK_BYTES as u64;
const TAG: u64 = CHUNK_TAG_BYTES as u64;
const SEALED_CHUNK: u64 = CHUNK + TAG;

/// The length of a body.
///
/// **Shape**: a body of n plaintext bytes has max(1, ⌈n / 65,536⌉) chunks, each 16 bytes longer when sealed;
/// only the single chunk of an empty text is empty. **Units**: bytes. Headers and signatures hold the sealed
/// length, which is what the hub can count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyLength {
    plaintext: u64,
}

impl BodyLength {
    /// From the length of the text.
    ///
    /// # Errors
    /// [`Malformed::OutOfRange`] beyond [`MAX_BODY`].
    pub fn from_plaintext(bytes: u64) -> Result<Self, Malformed> {
        if bytes > MAX_BODY {
            return Err(Malformed::OutOfRange {
                field: FIELD,
                least: TAG_AS_LEAST,
                most: sealed_most(),
            });
        }
        Ok(Self { plaintext: bytes })
    }

    /// From the length of the sealed body.
    ///
    /// # Errors
    /// [`Malformed::OutOfRange`] when no text seals to it.
    pub fn from_sealed(bytes: u64) -> Result<Self, Malformed> {
        let out_of_range = Malformed::OutOfRange {
            field: FIELD,
            least: TAG_AS_LEAST,
            most: sealed_most(),
        };
        let chunks = bytes.div_ceil(SEALED_CHUNK);
        let plaintext = bytes.checked_sub(chunks * TAG).ok_or(out_of_range)?;
        let length = Self { plaintext };
        if bytes == 0 || plaintext > MAX_BODY || length.sealed() != bytes {
            Err(out_of_range)
        } else {
            Ok(length)
        }
    }

    /// Bytes of the text.
    #[must_use]
    pub const fn plaintext(self) -> u64 {
        self.plaintext
    }

    /// Bytes of the sealed body.
    #[must_use]
    pub const fn sealed(self) -> u64 {
        self.plaintext + self.chunks() * TAG
    }

    /// Chunks of the body, at least one.
    #[must_use]
    pub const fn chunks(self) -> u64 {
        if self.plaintext == 0 {
            1
        } else {
            self.plaintext.div_ceil(CHUNK)
        }
    }
}

const FIELD: &str = "body_length";
const TAG_AS_LEAST: i64 = 16;

const fn sealed_most() -> i64 {
    // 2 GiB and its tags are far below i64::MAX.
    (BodyLength { plaintext: MAX_BODY }).sealed().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_and_plain_lengths_determine_each_other() {
        for plaintext in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 256 * 1024, MAX_BODY] {
            let length = BodyLength::from_plaintext(plaintext).unwrap();
            assert_eq!(BodyLength::from_sealed(length.sealed()), Ok(length));
        }
        assert_eq!(BodyLength::from_plaintext(0).unwrap().sealed(), 16);
        assert_eq!(BodyLength::from_plaintext(CHUNK).unwrap().chunks(), 1);
        assert_eq!(
            BodyLength::from_plaintext(CHUNK + 1).unwrap().sealed(),
            SEALED_CHUNK + 17
        );
    }

    #[test]
    fn lengths_that_no_text_seals_to_are_refused() {
        let longest = BodyLength::from_plaintext(MAX_BODY).unwrap().sealed();
        for sealed in [
            0,
            1,
            15,
            SEALED_CHUNK + 1,
            SEALED_CHUNK + 16,
            longest + 1,
            u64::MAX,
        ] {
            assert!(BodyLength::from_sealed(sealed).is_err(), "{sealed}");
        }
        assert!(BodyLength::from_plaintext(MAX_BODY + 1).is_err());
    }
}
