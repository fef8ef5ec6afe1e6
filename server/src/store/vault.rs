//! Identity numbers and names at rest: sealed with a key beside the database, found by keyed hash.
//!
//! ChaCha20-Poly1305 (RFC 8439) with a random nonce in front; HMAC-SHA256 (RFC 2104) for look-up. Whoever
//! has the database file alone reads neither numbers nor names.

use core::fmt;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use samrum_consent::identity_number::IdentityNumber;

use super::StoreError;

/// Bytes of the key beside the database.
pub(super) const KEY_LEN: usize = 32;

/// Seals and opens personal data.
pub(super) struct Vault {
    sealing: LessSafeKey,
    lookup: hmac::Key,
    request: hmac::Key,
    random: SystemRandom,
}

impl Vault {
    /// The vault under this key; sealing, look-up and requests get keys of their own by HKDF (RFC 5869).
    pub(super) fn new(key: &[u8; KEY_LEN]) -> Result<Self, StoreError> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"samrum/vault/v1").extract(key);
        let seal = root
            .expand(&[b"seal"], &CHACHA20_POLY1305)
            .map_err(|_| damaged())?;
        let lookup = root
            .expand(&[b"lookup"], hmac::HMAC_SHA256)
            .map_err(|_| damaged())?;
        let request = root
            .expand(&[b"request"], hmac::HMAC_SHA256)
            .map_err(|_| damaged())?;
        Ok(Self {
            sealing: LessSafeKey::new(UnboundKey::from(seal)),
            lookup: hmac::Key::from(lookup),
            request: hmac::Key::from(request),
            random: SystemRandom::new(),
        })
    }

    /// The look-up hash of an identity number.
    pub(super) fn hash(&self, number: &IdentityNumber) -> Vec<u8> {
        hmac::sign(&self.lookup, number.digits().as_bytes())
            .as_ref()
            .to_vec()
    }

    /// The digest by which a repeated request is recognised.
    pub(super) fn digest(&self, request: &[u8]) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(hmac::sign(&self.request, request).as_ref());
        digest
    }

    /// Seals text for a row: `nonce ‖ ciphertext`. The row's id is bound to it.
    pub(super) fn seal(&self, row: &[u8], text: &str) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0_u8; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| damaged())?;
        let mut sealed = text.as_bytes().to_vec();
        self.sealing
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(row), &mut sealed)
            .map_err(|_| damaged())?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Self::seal`] sealed for the same row.
    pub(super) fn open(&self, row: &[u8], sealed: &[u8]) -> Result<String, StoreError> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut text = ciphertext.to_vec();
        let text = self
            .sealing
            .open_in_place(nonce, Aad::from(row), &mut text)
            .map_err(|_| damaged())?;
        String::from_utf8(text.to_vec()).map_err(|_| damaged())
    }
}

const fn damaged() -> StoreError {
    StoreError::Damaged {
        what: "personal data",
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_its_own_row_and_no_other() {
        let vault = Vault::new(&[7; KEY_LEN]).unwrap();
        let sealed = vault.seal(b"row", "Alva Exempel").unwrap();
        assert_eq!(vault.open(b"row", &sealed).unwrap(), "Alva Exempel");
        assert!(vault.open(b"other", &sealed).is_err());
        assert!(Vault::new(&[8; KEY_LEN]).unwrap().open(b"row", &sealed).is_err());
        assert!(vault.open(b"row", &sealed[..5]).is_err());
    }

    #[test]
    fn the_same_number_hashes_alike_under_one_key_only() {
        let number: IdentityNumber = "201703099802".parse().unwrap();
        let hash = |key| Vault::new(&[key; KEY_LEN]).unwrap().hash(&number);
        assert_eq!(hash(1), hash(1));
        assert_ne!(hash(1), hash(2));
    }

    #[test]
    fn a_request_is_recognised_under_one_key_only() {
        let digest = |key, request: &[u8]| Vault::new(&[key; KEY_LEN]).unwrap().digest(request);
        assert_eq!(digest(1, b"asked"), digest(1, b"asked"));
        assert_ne!(digest(1, b"asked"), digest(1, b"else"));
        assert_ne!(digest(1, b"asked"), digest(2, b"asked"));
        let plain = ring::digest::digest(&ring::digest::SHA256, b"asked");
        assert_ne!(digest(1, b"asked").as_slice(), plain.as_ref());
    }
}
