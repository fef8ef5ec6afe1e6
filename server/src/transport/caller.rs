//! Who is calling: one identity, read once per connection from the verified client certificate.
//!
//! Nothing else names a caller: no header, no message field, no address. Verification of the chain is
//! `tls`'s; what is read here is the subject alternative name of a certificate that was verified already.
//!
//! Source: RFC 5280 §4.2.1.6 (subject alternative name); RFC 8141 (URN).

mod certificate;
mod role;

use std::sync::Arc;

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use samrum_consent::id::UnitId;

pub use certificate::{CallerCertificate, CertificateUnusable, Fingerprint, NameKind};
pub use role::{CallerRole, InvalidRole, OperatorName};

/// The party at the other end of a connection.
///
/// It can be made of a certificate and of nothing else, so that whoever holds one knows that the
/// identity was certified. A handler finds it among the extensions of its request.
#[derive(Debug, Clone)]
pub struct Caller {
    role: CallerRole,
    // Shared, because every request on a connection gets its own copy of the caller.
    certificate: Arc<CallerCertificate>,
}

impl Caller {
    /// The caller that `certificate` names. Its chain must have been verified by the TLS handshake.
    ///
    /// # Errors
    ///
    /// [`CertificateUnusable`] when the certificate is not X.509, or when its alternative names are
    /// anything but exactly one `urn:samrum:` URI. No variant carries contents of the certificate.
    pub fn from_certificate(certificate: &CertificateDer<'_>) -> Result<Self, CertificateUnusable> {
        let (role, certificate) = certificate::read(certificate)?;
        Ok(Self {
            role,
            certificate: Arc::new(certificate),
        })
    }

    /// What the caller is: a unit, an auditor or an operator.
    #[must_use]
    pub const fn role(&self) -> &CallerRole {
        &self.role
    }

    /// The calling unit, when the caller is one.
    #[must_use]
    pub const fn unit(&self) -> Option<UnitId> {
        match self.role {
            CallerRole::Unit(unit) => Some(unit),
            CallerRole::Auditor(_) | CallerRole::Operator(_) => None,
        }
    }

    /// The certificate that named the caller, as logs and revocation need it.
    #[must_use]
    pub fn certificate(&self) -> &CallerCertificate {
        &self.certificate
    }

    /// Whether the certificate has ended by `now`.
    ///
    /// A connection may outlive its certificate; a call on it may not. Unary calls ask when they begin,
    /// streams at every heartbeat. The last second of validity still counts.
    ///
    /// Source: RFC 5280 §4.1.2.5 ("through notAfter, inclusive").
    #[must_use]
    pub fn expired_at(&self, now: Timestamp) -> bool {
        now.as_second() > self.certificate.not_after().as_second()
    }
}
