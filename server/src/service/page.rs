//! Page tokens: where a list goes on, sealed, bound to caller and filter.
//!
//! ChaCha20-Poly1305 under a key of this process: after a restart a list is asked for anew.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use samrum_proto::convert::Problem;
use samrum_proto::envelope::Randomness;

use super::{Result, ServiceError};

/// Items on a page when the caller does not say.
pub(super) const DEFAULT_PAGE_SIZE: u32 = 100;
/// Items on a page at most.
pub(super) const MAX_PAGE_SIZE: u32 = 200;

/// What page of a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Items wanted; 0 means 100.
    pub size: u32,
    /// From the page before, or empty.
    pub token: Vec<u8>,
}

impl Page {
    /// How many items.
    pub(super) fn limit(&self) -> Result<u32> {
        match self.size {
            0 => Ok(DEFAULT_PAGE_SIZE),
            size if size <= MAX_PAGE_SIZE => Ok(size),
            _ => Err(ServiceError::LimitExceeded {
                field: "page_size",
                limit: MAX_PAGE_SIZE as usize,
            }),
        }
    }
}

/// Seals page tokens.
pub struct PageKey(LessSafeKey);

impl PageKey {
    /// A key of this process.
    pub(super) fn mint(randomness: &dyn Randomness) -> Result<Self> {
        let mut bytes = [0_u8; 32];
        randomness.fill(&mut bytes)?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes)
            .map_err(|_| ServiceError::Internal("no key for page tokens"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// A token that says where the list goes on, for this list alone.
    pub(super) fn seal(&self, list: &str, place: &[u8], randomness: &dyn Randomness) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE_LEN];
        randomness.fill(&mut nonce)?;
        let mut sealed = place.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(list.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| ServiceError::Internal("a page token cannot be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Where this list goes on; `None` at the beginning.
    pub(super) fn open(&self, list: &str, token: &[u8]) -> Result<Option<Vec<u8>>> {
        if token.is_empty() {
            return Ok(None);
        }
        let foreign = || Problem::Other("is not from this list; ask from the beginning").of("page_token");
        let (nonce, sealed) = token.split_at_checked(NONCE_LEN).ok_or_else(foreign)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| foreign())?;
        let mut place = sealed.to_vec();
        let place = self
            .0
            .open_in_place(nonce, Aad::from(list.as_bytes()), &mut place)
            .map_err(|_| foreign())?;
        Ok(Some(place.to_vec()))
    }
}
