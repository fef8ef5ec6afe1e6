//! Certificates and keys out of PEM files, with limits and with errors that name the file.
//!
//! Source: RFC 7468.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::time_provider::TimeProvider;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use zeroize::Zeroizing;

use super::{Mode, TlsError};

/// The most bytes that one certificate or key file may have.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The most certificates that one file may hold.
pub const MAX_CERTIFICATES: usize = 256;

/// Every certificate of a file, in its order; at least one.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let pem = read(path, &open(path)?, MAX_FILE_BYTES)?;
    let certificates = CertificateDer::pem_slice_iter(&pem)
        .take(MAX_CERTIFICATES + 1)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| TlsError::BadCertificate {
            path: path.to_owned(),
        })?;
    match certificates.len() {
        0 => Err(TlsError::NoCertificate {
            path: path.to_owned(),
        }),
        1..=MAX_CERTIFICATES => Ok(certificates),
        _ => Err(TlsError::TooManyCertificates {
            path: path.to_owned(),
        }),
    }
}

/// The one private key of a file.
///
/// A key that every user of the machine can reach is refused in production, because whoever holds it can
/// pose as the hub. Access by a group is left to the operator: service managers and container platforms
/// hand keys over that way.
pub(super) fn key(path: &Path, mode: Mode) -> Result<PrivateKeyDer<'static>, TlsError> {
    let file = open(path)?;
    // Asked of the open file, so that it is the file that is read.
    let open_to_others = open_to_others(&file).map_err(|source| read_error(path, source))?;
    match (open_to_others, mode) {
        (false, _) => {}
        (true, Mode::Production) => {
            return Err(TlsError::KeyOpenToOthers {
                path: path.to_owned(),
            });
        }
        (true, Mode::Development) => {
            tracing::warn!(path = %path.display(), "every user of this machine can reach the hub's private key");
        }
    }
    let pem = read(path, &file, MAX_FILE_BYTES)?;
    PrivateKeyDer::from_pem_slice(&pem).map_err(|_| TlsError::BadKey {
        path: path.to_owned(),
    })
}

/// Refuses a chain whose first certificate is not valid at the clock's time.
pub(super) fn valid_now(
    path: &Path,
    chain: &[CertificateDer<'_>],
    clock: &dyn TimeProvider,
) -> Result<(), TlsError> {
    let bad = || TlsError::BadCertificate {
        path: path.to_owned(),
    };
    let own = chain.first().ok_or_else(|| TlsError::NoCertificate {
        path: path.to_owned(),
    })?;
    let (_, own) = X509Certificate::from_der(own).map_err(|_| bad())?;
    let now = clock
        .current_time()
        .ok_or(rustls::Error::FailedToGetCurrentTime)?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let validity = own.validity();
    if (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&now) {
        Ok(())
    } else {
        Err(TlsError::NotValidNow {
            path: path.to_owned(),
        })
    }
}

pub(super) fn open(path: &Path) -> Result<File, TlsError> {
    File::open(path).map_err(|source| read_error(path, source))
}

/// The file's bytes, wiped when dropped: the same path reads keys.
pub(super) fn read(path: &Path, file: &File, most: u64) -> Result<Zeroizing<Vec<u8>>, TlsError> {
    let size = file.metadata().map_err(|source| read_error(path, source))?.len();
    if size > most {
        return Err(too_large(path, most));
    }
    // Reserved at once: a buffer that grows leaves copies of the key behind.
    let capacity = usize::try_from(size).unwrap_or_default().saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| read_error(path, source))?;
    if bytes.len() as u64 > most {
        return Err(too_large(path, most));
    }
    Ok(bytes)
}

fn too_large(path: &Path, most: u64) -> TlsError {
    TlsError::TooLarge {
        path: path.to_owned(),
        most,
    }
}

fn read_error(path: &Path, source: io::Error) -> TlsError {
    TlsError::Read {
        path: path.to_owned(),
        source,
    }
}

/// Whether users outside owner and group may read or change the file.
#[cfg(unix)]
fn open_to_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;

    const OTHERS_READ_OR_WRITE: u32 = 0o006;
    Ok(file.metadata()?.permissions().mode() & OTHERS_READ_OR_WRITE != 0)
}

/// Other systems express access in ways that are not judged here.
#[cfg(not(unix))]
fn open_to_others(_file: &File) -> io::Result<bool> {
    Ok(false)
}
