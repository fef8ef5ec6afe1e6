//! What is read from a verified client certificate: the role it states, and what tells it from others.
//!
//! Subject names are never read for identity, and nothing of the certificate's contents reaches an error:
//! an issuer may have put a person's name there.
//!
//! Source: RFC 5280 §4.1.2.2 (serial number), §4.1.2.5 (validity), §4.2.1.6 (alternative names).

use core::fmt;

use jiff::Timestamp;
use ring::digest;
use rustls::pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

use super::role::{CallerRole, InvalidRole};

/// What logs say of a certificate and what a revocation list will name it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerCertificate {
    serial: String,
    fingerprint: Fingerprint,
    not_after: Timestamp,
}

impl CallerCertificate {
    /// The serial number. **Shape**: the bytes of the DER integer in lower-case hexadecimal.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The digest of the whole certificate.
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The last second in which the certificate is valid.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }
}

/// SHA-256 of a certificate's DER bytes. `Display` and `Debug` are lower-case hexadecimal.
///
/// Source: FIPS 180-4.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; digest::SHA256_OUTPUT_LEN]);

impl Fingerprint {
    fn of(certificate: &CertificateDer<'_>) -> Self {
        let mut bytes = [0; digest::SHA256_OUTPUT_LEN];
        bytes.copy_from_slice(digest::digest(&digest::SHA256, certificate).as_ref());
        Self(bytes)
    }

    /// The 32 bytes of the digest.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; digest::SHA256_OUTPUT_LEN] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A certificate whose chain is good and which still names no caller. The issuer must correct it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateUnusable {
    /// Not an X.509 certificate, or one with broken or repeated alternative names.
    #[error("the client certificate cannot be read: issue one that follows RFC 5280")]
    Unreadable,
    /// No alternative name at all.
    #[error("the client certificate names no caller: issue one with exactly one urn:samrum: URI")]
    NoName,
    /// More than one URI: a caller is one party.
    #[error("the client certificate has {count} URIs: issue one with exactly one urn:samrum: URI")]
    SeveralNames {
        /// How many URIs there are.
        count: usize,
    },
    /// An alternative name of another type, which could be taken for a second identity.
    #[error("the client certificate also names a {kind}: issue one with only a urn:samrum: URI")]
    ForeignName {
        /// The type of the first such name.
        kind: NameKind,
    },
    /// One URI that states no role.
    #[error("the client certificate's URI states no role: {0}")]
    Role(#[from] InvalidRole),
}

/// A type of alternative name other than URI.
///
/// Source: RFC 5280 §4.2.1.6, `GeneralName`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// `dNSName`.
    DnsName,
    /// `iPAddress`.
    IpAddress,
    /// `rfc822Name`.
    MailAddress,
    /// `directoryName`.
    DirectoryName,
    /// `otherName`, `x400Address`, `ediPartyName`, `registeredID`, or a name that cannot be read.
    Other,
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DnsName => "DNS name",
            Self::IpAddress => "IP address",
            Self::MailAddress => "mail address",
            Self::DirectoryName => "directory name",
            Self::Other => "name of another type",
        })
    }
}

/// Reads the role and the particulars out of a verified certificate.
pub(super) fn read(der: &CertificateDer<'_>) -> Result<(CallerRole, CallerCertificate), CertificateUnusable> {
    let (rest, certificate) = X509Certificate::from_der(der).map_err(|_| CertificateUnusable::Unreadable)?;
    if !rest.is_empty() {
        return Err(CertificateUnusable::Unreadable);
    }
    let role = only_uri(&certificate)?.parse()?;
    let particulars = CallerCertificate {
        serial: hex::encode(certificate.raw_serial()),
        fingerprint: Fingerprint::of(der),
        // 99991231235959Z, "no end" (RFC 5280 §4.1.2.5), lies just beyond the last timestamp.
        not_after: Timestamp::from_second(certificate.validity().not_after.timestamp())
            .unwrap_or(Timestamp::MAX),
    };
    Ok((role, particulars))
}

/// The one URI, when it is the only alternative name of any type.
fn only_uri<'a>(certificate: &'a X509Certificate<'_>) -> Result<&'a str, CertificateUnusable> {
    let names = certificate
        .subject_alternative_name()
        .map_err(|_| CertificateUnusable::Unreadable)?
        .map_or(&[][..], |extension| &extension.value.general_names);
    let uris: Vec<&str> = names
        .iter()
        .map(|name| match name {
            GeneralName::URI(uri) => Ok(*uri),
            other => Err(CertificateUnusable::ForeignName { kind: kind_of(other) }),
        })
        .collect::<Result<_, _>>()?;
    match uris.as_slice() {
        [] => Err(CertificateUnusable::NoName),
        [uri] => Ok(uri),
        several => Err(CertificateUnusable::SeveralNames { count: several.len() }),
    }
}

fn kind_of(name: &GeneralName<'_>) -> NameKind {
    match name {
        GeneralName::DNSName(_) => NameKind::DnsName,
        GeneralName::IPAddress(_) => NameKind::IpAddress,
        GeneralName::RFC822Name(_) => NameKind::MailAddress,
        GeneralName::DirectoryName(_) => NameKind::DirectoryName,
        GeneralName::URI(_)
        | GeneralName::OtherName(..)
        | GeneralName::X400Address(_)
        | GeneralName::EDIPartyName(_)
        | GeneralName::RegisteredID(_)
        | GeneralName::Invalid(..) => NameKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use rcgen::{CertificateParams, CustomExtension, KeyPair, SanType};

    use super::*;

    const SCHOOL: &str = "urn:samrum:unit:0192f000-0003-7000-8000-000000000004";
    const SUBJECT_ALTERNATIVE_NAME: [u64; 4] = [2, 5, 29, 17];

    fn issue(names: Vec<SanType>, extensions: Vec<CustomExtension>) -> CertificateDer<'static> {
        let mut params = CertificateParams::default();
        params.subject_alt_names = names;
        params.custom_extensions = extensions;
        params
            .self_signed(&KeyPair::generate().unwrap())
            .unwrap()
            .der()
            .clone()
    }

    fn uri() -> SanType {
        SanType::URI(SCHOOL.try_into().unwrap())
    }

    /// `GeneralNames` with one name of the given tag. Source: RFC 5280 §4.2.1.6.
    fn general_names(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).unwrap();
        [&[0x30, length + 2, tag, length], content].concat()
    }

    fn extension(tag: u8, content: &[u8]) -> CustomExtension {
        CustomExtension::from_oid_content(&SUBJECT_ALTERNATIVE_NAME, general_names(tag, content))
    }

    #[test]
    fn a_second_name_of_any_type_is_refused() {
        assert!(read(&issue(vec![uri()], vec![])).is_ok());
        for (name, kind) in [
            (
                SanType::DnsName("school.example".try_into().unwrap()),
                NameKind::DnsName,
            ),
            (
                SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
                NameKind::IpAddress,
            ),
            (
                SanType::Rfc822Name("post@school.example".try_into().unwrap()),
                NameKind::MailAddress,
            ),
            (
                SanType::OtherName((vec![1, 2, 3], "school".into())),
                NameKind::Other,
            ),
        ] {
            let expected = Err(CertificateUnusable::ForeignName { kind });
            assert_eq!(
                read(&issue(vec![uri(), name.clone()], vec![])).map(|_| ()),
                expected
            );
            assert_eq!(read(&issue(vec![name, uri()], vec![])).map(|_| ()), expected);
        }
    }

    #[test]
    fn names_as_bytes_are_judged_alike() {
        const URI: u8 = 0x86;
        const DIRECTORY_NAME: u8 = 0xa4;
        const REGISTERED_ID: u8 = 0x88;

        let one = |tag, content: &[u8]| read(&issue(vec![], vec![extension(tag, content)])).map(|_| ());
        let foreign = |kind| Err(CertificateUnusable::ForeignName { kind });
        assert_eq!(one(URI, SCHOOL.as_bytes()), Ok(()));
        assert_eq!(
            one(DIRECTORY_NAME, &[0x30, 0x00]),
            foreign(NameKind::DirectoryName)
        );
        assert_eq!(one(REGISTERED_ID, &[0x2a, 0x03]), foreign(NameKind::Other));
        // A URI that is no text is no URI.
        assert_eq!(one(URI, b"urn:samrum:unit:\xff"), foreign(NameKind::Other));
        // What follows the first line or the first zero byte counts too.
        let with_tail = |tail: &str| format!("{SCHOOL}{tail}").into_bytes();
        for tail in ["\0", "\n", "\0.example", " "] {
            assert_eq!(
                one(URI, &with_tail(tail)),
                Err(CertificateUnusable::Role(InvalidRole::Unit))
            );
        }
    }

    #[test]
    fn alternative_names_stated_twice_are_refused() {
        let again = extension(0x86, SCHOOL.as_bytes());
        assert_eq!(
            read(&issue(vec![uri()], vec![again])).unwrap_err(),
            CertificateUnusable::Unreadable
        );
    }
}
