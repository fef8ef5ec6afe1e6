//! Revocation lists: read from files, judged as far as that can be done before anybody connects.
//!
//! A list that is signed by nobody it names would refuse every caller of that authority, so it is refused here,
//! where an operator sees it. Whether a certificate stands on a list is the verifier's to find.
//!
//! Source: RFC 5280 §5; PEM label `X509 CRL`, RFC 7468 §6.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use rustls::server::WebPkiClientVerifier;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::CertificateRevocationList;

use super::{TlsError, file};

/// The most bytes that one file of revocation lists may have: some hundred thousand certificates.
pub const MAX_LIST_BYTES: u64 = 16 * 1024 * 1024;
/// The most lists that one file may hold, as many as authorities.
pub const MAX_LISTS: usize = file::MAX_CERTIFICATES;

/// All lists of all files.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// As the verifier takes them.
    pub(super) lists: Vec<CertificateRevocationListDer<'static>>,
    /// When the first of them is to be replaced, in seconds since the epoch.
    pub(super) next_update: Option<i64>,
}

/// Reads the files' lists; `roots` are the `authorities` that issue client certificates.
pub(super) fn read(
    paths: &[PathBuf],
    authorities: &[CertificateDer<'_>],
    roots: &Arc<RootCertStore>,
    provider: &Arc<CryptoProvider>,
) -> Result<Lists, TlsError> {
    let mut all = Lists::default();
    for path in paths {
        let lists = of_file(path)?;
        for list in &lists {
            let next = judge(path, list, authorities, provider)?;
            all.next_update = match (all.next_update, next) {
                (Some(known), Some(next)) => Some(known.min(next)),
                (known, next) => known.or(next),
            };
        }
        // What the verifier does not support, such as delta lists, is found with the file's name at hand.
        WebPkiClientVerifier::builder_with_provider(Arc::clone(roots), Arc::clone(provider))
            .with_crls(lists.clone())
            .build()
            .map_err(|_| bad(path))?;
        all.lists.extend(lists);
    }
    Ok(all)
}

fn of_file(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>, TlsError> {
    let pem = file::read(path, &file::open(path)?, MAX_LIST_BYTES)?;
    let lists = CertificateRevocationListDer::pem_slice_iter(&pem)
        .take(MAX_LISTS + 1)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| bad(path))?;
    // An empty file is one that somebody is writing, or that lost its content: it revokes nothing, and must not
    // silently do so.
    if lists.is_empty() || lists.len() > MAX_LISTS {
        Err(bad(path))
    } else {
        Ok(lists)
    }
}

/// Refuses a list whose issuer is a known authority that did not sign it; answers when it is to be replaced. The
/// lists of intermediate authorities are judged when somebody presents such an authority's certificate.
fn judge(
    path: &Path,
    list: &CertificateRevocationListDer<'_>,
    authorities: &[CertificateDer<'_>],
    provider: &CryptoProvider,
) -> Result<Option<i64>, TlsError> {
    let (_, list) = CertificateRevocationList::from_der(list).map_err(|_| bad(path))?;
    let mut known = false;
    let mut signed = false;
    for authority in authorities {
        let (_, authority) = X509Certificate::from_der(authority).map_err(|_| bad(path))?;
        if authority.subject().as_raw() == list.issuer().as_raw() {
            known = true;
            let key = authority.public_key().subject_public_key.as_ref();
            let algorithms = provider.signature_verification_algorithms.all.iter();
            signed |= algorithms.into_iter().any(|algorithm| {
                let signature = list.signature_value.as_ref();
                algorithm
                    .verify_signature(key, list.tbs_cert_list.as_ref(), signature)
                    .is_ok()
            });
        }
    }
    if known && !signed {
        return Err(TlsError::ForeignRevocationList {
            path: path.to_owned(),
        });
    }
    Ok(list.next_update().map(|time| time.timestamp()))
}

fn bad(path: &Path) -> TlsError {
    TlsError::BadRevocationList {
        path: path.to_owned(),
    }
}
