//! Why there is no connection, told so that somebody can do something about it.
//!
//! In TLS 1.3 a client has finished its handshake before the hub has judged its certificate: a refusal arrives
//! with the first call, deep inside other errors. [`Refusal::in_chain`] finds it there.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, Error as TlsError};

/// An attempt to connect that failed.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody answers there.
    #[error("nothing answers at {authority}: {source}")]
    Tcp {
        /// Where.
        authority: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// Somebody answers, and the handshake failed.
    #[error("no secure connection to {authority}: {source}")]
    Tls {
        /// Where.
        authority: String,
        /// What the handshake says.
        source: io::Error,
    },
    /// It took too long.
    #[error("{authority} did not answer in time")]
    TimedOut {
        /// Where.
        authority: String,
    },
}

/// One side does not take the other for who it should be. Trying again does not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The hub asked for a certificate and got none.
    #[error("the hub asks for a certificate and got none; name certificate and key in the profile")]
    CertificateMissing,
    /// The hub does not know who issued the caller's certificate.
    #[error(
        "the hub does not know the authority that issued this certificate; use one that the hub's operator issued"
    )]
    CertificateForeign,
    /// The caller's certificate is not valid now.
    #[error("the certificate has expired; ask the hub's operator for a new one")]
    CertificateExpired,
    /// The caller's certificate was revoked.
    #[error("the certificate has been revoked; ask the hub's operator for a new one")]
    CertificateRevoked,
    /// The hub does not take the certificate for another reason.
    #[error("the hub does not accept this certificate ({alert}); ask the hub's operator for a new one")]
    CertificateUnusable {
        /// What it answered.
        alert: String,
    },
    /// The hub's own certificate is not trusted.
    #[error("the hub's certificate is not trusted: {what}; check hub and ca in the profile")]
    HubNotTrusted {
        /// Why.
        what: String,
    },
    /// What answers does not speak this protocol.
    #[error("what answers is no hub that speaks TLS 1.3 ({what}); check hub in the profile")]
    NotAHub {
        /// Why.
        what: String,
    },
}

impl Refusal {
    /// The refusal at the bottom of an error, if there is one.
    #[must_use]
    pub fn in_chain(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(tls) = error.downcast_ref::<TlsError>() {
                return Some(Self::of(tls));
            }
            next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
                Some(inner) => Some(inner),
                None => error.source(),
            };
        }
        None
    }

    fn of(error: &TlsError) -> Self {
        match error {
            TlsError::AlertReceived(AlertDescription::CertificateRequired) => Self::CertificateMissing,
            TlsError::AlertReceived(AlertDescription::UnknownCA | AlertDescription::DecryptError) => {
                Self::CertificateForeign
            }
            TlsError::AlertReceived(AlertDescription::CertificateExpired) => Self::CertificateExpired,
            TlsError::AlertReceived(AlertDescription::CertificateRevoked) => Self::CertificateRevoked,
            TlsError::AlertReceived(
                AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure,
            ) => Self::NotAHub {
                what: error.to_string(),
            },
            TlsError::AlertReceived(alert) => Self::CertificateUnusable {
                alert: format!("{alert:?}"),
            },
            TlsError::InvalidCertificate(what) => Self::HubNotTrusted {
                what: what.to_string(),
            },
            other => Self::NotAHub {
                what: other.to_string(),
            },
        }
    }
}
