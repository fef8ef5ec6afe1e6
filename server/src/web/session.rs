//! The session's secret in its cookie, and the token it gives every form.
//!
//! Whose session it is and how long it lasts is the service's. Sources: RFC 6265bis §4.1 (cookies);
//! RFC 2104 (HMAC).

use std::fmt;

use axum_extra::extract::cookie::{Cookie, SameSite};
use ring::hmac;
use zeroize::Zeroize;

/// The cookie that holds the secret.
pub(super) const SESSION_COOKIE: &str = "samrum-session";
/// What the token of a form is made over: nothing else is ever made with this key.
const FORM_LABEL: &[u8] = b"samrum portal form v1";

/// What opens a session. Its `Debug` shows nothing; it is wiped when dropped.
///
/// **Shape**: 32 bytes; in the cookie 64 hexadecimal digits.
#[derive(Clone)]
pub(super) struct SessionSecret([u8; 32]);

impl SessionSecret {
    /// The secret that a login has made.
    pub(super) const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// Reads the cookie's value.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut secret = [0; 32];
        hex::decode_to_slice(text, &mut secret).ok()?;
        Some(Self(secret))
    }

    /// What the service asks for.
    pub(super) const fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The token that this session's forms carry.
    ///
    /// **Shape**: HMAC-SHA256, 64 hexadecimal digits.
    pub(super) fn form_token(&self) -> String {
        hex::encode(hmac::sign(&self.key(), FORM_LABEL))
    }

    /// Whether a form carries this session's token; compared in constant time.
    pub(super) fn accepts(&self, token: &str) -> bool {
        hex::decode(token).is_ok_and(|token| hmac::verify(&self.key(), FORM_LABEL, &token).is_ok())
    }

    /// The cookie that keeps it: until the browser is closed, for this site alone, out of every script's reach.
    pub(super) fn cookie(&self, is_secure: bool) -> Cookie<'static> {
        kept(Cookie::new(SESSION_COOKIE, hex::encode(self.0)), is_secure)
    }

    fn key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.0)
    }
}

impl Drop for SessionSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret")
    }
}

/// A cookie with the attributes that all of ours share.
pub(super) fn kept(mut cookie: Cookie<'static>, is_secure: bool) -> Cookie<'static> {
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_path("/");
    cookie.set_secure(is_secure);
    cookie
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_accepted_with_its_own_session_s_token_only() {
        let (one, other) = (SessionSecret::new([1; 32]), SessionSecret::new([2; 32]));
        assert!(one.accepts(&one.form_token()));
        for wrong in [
            other.form_token(),
            String::new(),
            "zz".to_owned(),
            hex::encode([1; 32]),
        ] {
            assert!(!one.accepts(&wrong), "{wrong}");
        }
    }

    #[test]
    fn a_cookie_is_read_back_and_anything_else_is_none() {
        let secret = SessionSecret::new([7; 32]);
        let read = SessionSecret::parse(secret.cookie(true).value()).map(|read| read.0);
        assert_eq!(read, Some(secret.0));
        for wrong in ["", "07", &"g".repeat(64), &"0".repeat(66)] {
            assert!(SessionSecret::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_does_not_show() {
        assert_eq!(format!("{:?}", SessionSecret::new([7; 32])), "SessionSecret");
    }
}
