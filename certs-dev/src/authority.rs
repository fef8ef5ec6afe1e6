//! The development authority: issues the hub's and the callers' certificates, and those that must be refused.
//!
//! ECDSA on P-256, which every TLS library and browser verifies. The authority's own key lives only as long
//! as this value and is never written. Files are another module's.
//!
//! Source: RFC 5280; names for the hub by RFC 9525.

use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevocationReason,
    RevokedCertParams, SanType, SerialNumber,
};
use x509_parser::pem::parse_x509_pem;
use zeroize::Zeroizing;

use crate::{Role, Validity};

/// The mark of the development authority: the organisation in its subject, and so in the issuer of all it
/// issues. A hub refuses certificates that carry it, unless started for development.
///
/// **Source**: RFC 5280 appendix A.1, `id-at-organizationName`.
pub const DEVELOPMENT_AUTHORITY_ORGANISATION: &str = "Samrum development authority";

/// The common name of the development authority.
pub const DEVELOPMENT_AUTHORITY_NAME: &str = "Samrum development CA";

/// What the development authority's organisational unit says to whoever reads the certificate.
const DEVELOPMENT_NOTICE: &str = "invented people only, not for real use";

/// The names of an authority without the mark.
const FOREIGN_AUTHORITY_ORGANISATION: &str = "Exempel Certifikat AB";
const FOREIGN_AUTHORITY_NAME: &str = "Exempel Certifikat CA";

/// The name by which the hub is reached on its own machine.
const HUB_HOST: &str = "localhost";

/// Why a certificate could not be issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// A name has characters that certificates cannot hold.
    #[error("the {kind} in the certificate must be ASCII")]
    NotAscii {
        /// The type of name: URI or DNS name.
        kind: &'static str,
    },
    /// What is to be revoked is no certificate.
    #[error("what is to be revoked is not a certificate in PEM")]
    NotACertificate,
    /// The library that makes certificates failed, for instance for want of randomness.
    #[error("the certificate could not be made")]
    Failed(#[from] rcgen::Error),
}

/// A private key. **Shape**: PKCS #8 in PEM. Wiped when dropped; `Debug` hides it.
pub struct PrivateKey(Zeroizing<String>);

impl PrivateKey {
    /// The PEM text, for a file that others cannot read.
    #[must_use]
    pub fn expose_pem(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

/// A certificate and its key.
#[derive(Debug)]
pub struct Issued {
    /// The certificate alone, without its issuer. **Shape**: PEM.
    pub certificate: String,
    /// The key that belongs to it.
    pub key: PrivateKey,
}

/// The alternative names of a client certificate, as they come: also those the hub must refuse.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClientNames<'a> {
    /// URIs, in this order; they need not be well-formed.
    pub uris: &'a [&'a str],
    /// DNS names beside them.
    pub dns: &'a [&'a str],
}

/// A certificate authority of its own, made in memory.
pub struct DevelopmentAuthority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl fmt::Debug for DevelopmentAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DevelopmentAuthority(..)")
    }
}

impl DevelopmentAuthority {
    /// A new authority with the mark. Two of them share their name and nothing else: each is foreign to the
    /// other.
    ///
    /// # Errors
    /// [`IssueError::Failed`] when the system gives no randomness.
    pub fn new(validity: Validity) -> Result<Self, IssueError> {
        let mut name = subject(DEVELOPMENT_AUTHORITY_NAME);
        name.push(DnType::OrganizationName, DEVELOPMENT_AUTHORITY_ORGANISATION);
        name.push(DnType::OrganizationalUnitName, DEVELOPMENT_NOTICE);
        Self::named(name, validity)
    }

    /// An authority of another name and without the mark: one that a hub does not know, or, in tests of a
    /// hub that refuses the development authority, one that it may accept.
    ///
    /// # Errors
    /// [`IssueError::Failed`] when the system gives no randomness.
    pub fn foreign(validity: Validity) -> Result<Self, IssueError> {
        let mut name = subject(FOREIGN_AUTHORITY_NAME);
        name.push(DnType::OrganizationName, FOREIGN_AUTHORITY_ORGANISATION);
        Self::named(name, validity)
    }

    fn named(name: DistinguishedName, validity: Validity) -> Result<Self, IssueError> {
        let mut params = params(name, validity);
        // It issues to callers and servers directly: no authority below it.
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.use_authority_key_identifier_extension = false;
        Ok(Self {
            issuer: CertifiedIssuer::self_signed(params, KeyPair::generate()?)?,
        })
    }

    /// The authority's own certificate. **Shape**: PEM.
    #[must_use]
    pub fn certificate(&self) -> String {
        self.issuer.pem()
    }

    /// A server certificate for `localhost`, 127.0.0.1 and ::1.
    ///
    /// # Errors
    /// [`IssueError::Failed`] when the system gives no randomness.
    pub fn hub(&self, validity: Validity) -> Result<Issued, IssueError> {
        let mut params = params(subject("Samrum hub"), validity);
        params.subject_alt_names = vec![
            dns_name(HUB_HOST)?,
            SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        ];
        self.issue(params, ExtendedKeyUsagePurpose::ServerAuth)
    }

    /// A client certificate with exactly one name: the role's URI.
    ///
    /// # Errors
    /// [`IssueError::NotAscii`] for an operator's name with other characters; [`IssueError::Failed`] when the
    /// system gives no randomness.
    pub fn client(&self, role: Role<'_>, validity: Validity) -> Result<Issued, IssueError> {
        self.client_named(
            ClientNames {
                uris: &[&role.to_string()],
                dns: &[],
            },
            validity,
        )
    }

    /// A client certificate with any names at all, for tests that expect a refusal.
    ///
    /// # Errors
    /// [`IssueError::NotAscii`] for a name with other characters; [`IssueError::Failed`] when the system
    /// gives no randomness.
    pub fn client_named(&self, names: ClientNames<'_>, validity: Validity) -> Result<Issued, IssueError> {
        // One subject for all: whoever reads identity from it learns nothing.
        let mut params = params(subject("Samrum caller"), validity);
        let uris = names.uris.iter().map(|text| uri(text));
        let dns = names.dns.iter().map(|text| dns_name(text));
        params.subject_alt_names = uris.chain(dns).collect::<Result<_, _>>()?;
        self.issue(params, ExtendedKeyUsagePurpose::ClientAuth)
    }

    /// A list of certificates that this authority issued and has revoked. **Shape**: PEM, each way.
    ///
    /// # Errors
    /// [`IssueError::NotACertificate`] for anything else in `revoked`; [`IssueError::Failed`] when the list cannot be
    /// signed.
    pub fn revocation_list(&self, revoked: &[&str], validity: Validity) -> Result<String, IssueError> {
        let revoked = revoked.iter().map(|pem| {
            Ok(RevokedCertParams {
                serial_number: serial(pem)?,
                revocation_time: validity.not_before().into(),
                reason_code: Some(RevocationReason::KeyCompromise),
                invalidity_date: None,
            })
        });
        let list = CertificateRevocationListParams {
            this_update: validity.not_before().into(),
            next_update: validity.not_after().into(),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect::<Result<_, IssueError>>()?,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.issuer)?.pem()?)
    }

    fn issue(
        &self,
        mut params: CertificateParams,
        purpose: ExtendedKeyUsagePurpose,
    ) -> Result<Issued, IssueError> {
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![purpose];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?.pem();
        Ok(Issued {
            certificate,
            key: PrivateKey(Zeroizing::new(key.serialize_pem())),
        })
    }
}

/// The serial number of a certificate in PEM.
fn serial(pem: &str) -> Result<SerialNumber, IssueError> {
    let (_, pem) = parse_x509_pem(pem.as_bytes()).map_err(|_| IssueError::NotACertificate)?;
    let certificate = pem.parse_x509().map_err(|_| IssueError::NotACertificate)?;
    Ok(SerialNumber::from_slice(certificate.raw_serial()))
}

fn params(name: DistinguishedName, validity: Validity) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.not_before = validity.not_before().into();
    params.not_after = validity.not_after().into();
    params
}

fn subject(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

fn uri(text: &str) -> Result<SanType, IssueError> {
    Ok(SanType::URI(
        text.try_into()
            .map_err(|_| IssueError::NotAscii { kind: "URI" })?,
    ))
}

fn dns_name(text: &str) -> Result<SanType, IssueError> {
    Ok(SanType::DnsName(
        text.try_into()
            .map_err(|_| IssueError::NotAscii { kind: "DNS name" })?,
    ))
}
