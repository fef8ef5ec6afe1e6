//! Why there is no connection, told so that somebody can do something about it.
//!
//! In TLS 1.3 a client has finished its handshake before the hub has judged its certificate: a refusal arrives
//! with the first call, deep inside other errors. [`Refusal::in_chain`] finds it there.

use std::error::Error;
use std::io;

use quinn::ConnectionError;
use rustls::{AlertDescription, Error as TlsError};
use samrum_lane::End;

/// An attempt to connect that failed.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody answers there.
    #[error("nothing answers at {authority}: {source}")]
    Network {
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
    /// Somebody answers over QUIC, and there is no connection, or none any more.
    #[error("no QUIC connection to {authority}: {}", what(source))]
    Quic {
        /// Where.
        authority: String,
        /// What QUIC says.
        source: ConnectionError,
    },
    /// Nobody answers over QUIC: UDP may not get through.
    #[error("nothing answers at {authority} over QUIC (UDP); --transport auto or tcp may get through")]
    NoQuic {
        /// Where.
        authority: String,
    },
    /// It took too long.
    #[error("{authority} did not answer in time")]
    TimedOut {
        /// Where.
        authority: String,
    },
}

/// Whether an alert says that a certificate is not taken.
///
/// Source: RFC 8446 §6.2.
const fn is_of_certificates(alert: u8) -> bool {
    matches!(alert, 42..=46 | 48 | 49 | 51)
}

fn what(error: &ConnectionError) -> String {
    match End::of_connection(error) {
        Some(End::Full) => "the hub has as many connections as it may have; try again later".to_owned(),
        Some(End::Stopping) => "the hub stops".to_owned(),
        _ => error.to_string(),
    }
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
            if let Some(refusal) = error.downcast_ref::<ConnectionError>().and_then(Self::of_quic) {
                return Some(refusal);
            }
            next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
                Some(inner) => Some(inner),
                None => error.source(),
            };
        }
        None
    }

    /// The same of QUIC, whose errors carry the alert as a number.
    ///
    /// Source: RFC 9001 §4.8.
    fn of_quic(error: &ConnectionError) -> Option<Self> {
        let alert = |code: u64| code.checked_sub(0x100).and_then(|alert| u8::try_from(alert).ok());
        match error {
            ConnectionError::ConnectionClosed(close) => {
                let alert = AlertDescription::from(alert(close.error_code.into())?);
                Some(Self::of(&TlsError::AlertReceived(alert)))
            }
            ConnectionError::TransportError(ours) => {
                alert(ours.code.into()).filter(|alert| is_of_certificates(*alert))?;
                Some(Self::HubNotTrusted {
                    what: ours.reason.clone(),
                })
            }
            _ => match End::of_connection(error)? {
                End::NotNamed => Some(Self::CertificateUnusable {
                    alert: "it names no caller".to_owned(),
                }),
                // Whoever was cut off hears why when it connects again.
                End::Done | End::Stopping | End::Full | End::CutOff => None,
            },
        }
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
                AlertDescription::ProtocolVersion
                | AlertDescription::HandshakeFailure
                | AlertDescription::NoApplicationProtocol,
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
