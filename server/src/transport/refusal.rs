//! Why a connection was not let in, in words of our own: what TLS libraries print may quote a certificate.

use std::time::Duration;

use rustls::{AlertDescription, CertificateError};

use super::caller::CertificateUnusable;

/// Why a connection was closed before anything was served on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The peer went away first; port probes do this.
    #[error("the peer closed the connection before it was named")]
    PeerLeft,
    /// The peer was not named in time.
    #[error("the handshake took longer than {} ms", .limit.as_millis())]
    TimedOut {
        /// The limit that passed.
        limit: Duration,
    },
    /// The peer's bytes are not TLS.
    #[error("the peer does not speak TLS")]
    NotTls,
    /// The peer speaks TLS, but not version 1.3 with an algorithm in common.
    #[error("the peer does not offer TLS 1.3 with a common algorithm")]
    Incompatible,
    /// The peer did not ask for what is spoken here: HTTP/2 over TCP, lanes over QUIC.
    #[error("the peer does not offer the protocol that is spoken here")]
    NoProtocol,
    /// The peer turned the hub's own certificate down.
    #[error(
        "the peer does not accept the hub's certificate: check the hub's chain and the peer's authorities"
    )]
    HubRefused,
    /// No client certificate.
    #[error("the peer presents no client certificate")]
    NoCertificate,
    /// The client certificate has ended.
    #[error("the client certificate has expired: renew it")]
    CertificateExpired,
    /// The client certificate has not begun.
    #[error("the client certificate is not valid yet: check the clocks")]
    CertificateNotYetValid,
    /// The client certificate comes from an authority that the hub was not given.
    #[error("the client certificate is issued by an authority unknown to this hub")]
    CertificateForeign,
    /// The client certificate stands on its authority's revocation list.
    #[error("the client certificate has been revoked")]
    CertificateRevoked,
    /// There are revocation lists, and none of the authority that issued the client certificate.
    #[error(
        "no revocation list tells whether the client certificate was revoked: give the lists of all authorities \
         in its chain"
    )]
    RevocationUnknown,
    /// The client certificate is not meant for clients.
    #[error("the client certificate is not issued for client authentication")]
    CertificatePurpose,
    /// The client certificate fails verification in another way, such as a bad signature.
    #[error("the client certificate cannot be verified")]
    CertificateInvalid,
    /// The client certificate is good and names no caller.
    #[error(transparent)]
    CertificateUnusable(#[from] CertificateUnusable),
    /// This caller has all the connections it may have.
    #[error("the caller already has {limit} connections open")]
    CallerLimit {
        /// The most connections of one caller.
        limit: usize,
    },
    /// The hub has all the connections it may have.
    #[error("the hub already has {limit} connections open")]
    ConnectionLimit {
        /// The most connections in all.
        limit: usize,
    },
    /// The peer breaks the TLS protocol, or breaks off.
    #[error("the TLS handshake failed")]
    Failed,
}

/// The reason in words of our own.
pub(super) fn why(error: &rustls::Error) -> Refusal {
    use rustls::Error;

    match error {
        Error::InvalidMessage(_) | Error::PeerSentOversizedRecord => Refusal::NotTls,
        Error::PeerIncompatible(_) => Refusal::Incompatible,
        Error::NoApplicationProtocol => Refusal::NoProtocol,
        Error::NoCertificatesPresented => Refusal::NoCertificate,
        Error::AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA,
        ) => Refusal::HubRefused,
        Error::InvalidCertificate(error) => match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                Refusal::CertificateExpired
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Refusal::CertificateNotYetValid
            }
            CertificateError::UnknownIssuer => Refusal::CertificateForeign,
            CertificateError::Revoked => Refusal::CertificateRevoked,
            CertificateError::UnknownRevocationStatus => Refusal::RevocationUnknown,
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                Refusal::CertificatePurpose
            }
            _ => Refusal::CertificateInvalid,
        },
        _ => Refusal::Failed,
    }
}
