//! The mark by which the development authority is known, and its refusal.
//!
//! The programs that make development certificates put the mark into the authority's subject; what an
//! authority issues names it as issuer. Both are looked for, since a chain may leave its root out.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::x509::X509Name;

use super::{Mode, TlsError};

/// The organisation in the subject of the development authority.
///
/// Source: RFC 5280, appendix A.1, `id-at-organizationName`.
pub const DEVELOPMENT_AUTHORITY_ORGANISATION: &str = "Samrum development authority";

/// Refuses certificates of the development authority in production, and says so otherwise.
pub(super) fn judge(path: &Path, chain: &[CertificateDer<'_>], mode: Mode) -> Result<(), TlsError> {
    let mut marked = false;
    for der in chain {
        let (_, certificate) = X509Certificate::from_der(der).map_err(|_| TlsError::BadCertificate {
            path: path.to_owned(),
        })?;
        marked |= is_marked(certificate.subject()) || is_marked(certificate.issuer());
    }
    match (marked, mode) {
        (false, _) => Ok(()),
        (true, Mode::Production) => Err(TlsError::DevelopmentAuthority {
            path: path.to_owned(),
        }),
        (true, Mode::Development) => {
            tracing::warn!(path = %path.display(), "the development authority is accepted: invented people only");
            Ok(())
        }
    }
}

fn is_marked(name: &X509Name<'_>) -> bool {
    // Compared as bytes, so that a change of string type (UTF8String, PrintableString) hides nothing.
    name.iter_organization()
        .any(|organisation| organisation.as_slice() == DEVELOPMENT_AUTHORITY_ORGANISATION.as_bytes())
}
