//! What is issued is what TLS verifies: names, purposes, periods and issuers, each beside what is refused.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "functions that only tests call fail as tests do"
)]

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::{CertificateError, RootCertStore};
use samrum_certs::world::{EXEMPELBY, ORGANISATIONS, SOCIAL_SERVICES, UNITS};
use samrum_certs::{
    ClientNames, DEVELOPMENT_AUTHORITY_NAME, DEVELOPMENT_AUTHORITY_ORGANISATION, DevelopmentAuthority,
    IssueError, Issued, Role, Validity,
};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

fn instant() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

fn usual() -> Validity {
    Validity::starting(instant()).unwrap()
}

fn authority() -> DevelopmentAuthority {
    DevelopmentAuthority::new(usual()).unwrap()
}

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

fn roots(authority: &DevelopmentAuthority) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add(der(&authority.certificate())).unwrap();
    Arc::new(roots)
}

fn unix_instant() -> UnixTime {
    UnixTime::since_unix_epoch(instant().duration_since(SystemTime::UNIX_EPOCH).unwrap())
}

/// What a hub that trusts this authority says of a client certificate.
fn as_client(trusted: &DevelopmentAuthority, issued: &Issued) -> Result<(), rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(roots(trusted), provider)
        .build()
        .unwrap();
    verifier
        .verify_client_cert(&der(&issued.certificate), &[], unix_instant())
        .map(drop)
}

/// What a client that trusts this authority says of a hub's certificate under a name.
fn as_hub(trusted: &DevelopmentAuthority, issued: &Issued, name: &'static str) -> Result<(), rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(roots(trusted), provider)
        .build()
        .unwrap();
    let name = ServerName::try_from(name).unwrap();
    verifier
        .verify_server_cert(&der(&issued.certificate), &[], &name, &[], unix_instant())
        .map(drop)
}

fn why(result: Result<(), rustls::Error>) -> CertificateError {
    match result.unwrap_err() {
        rustls::Error::InvalidCertificate(error) => error,
        other => panic!("not a verdict on the certificate: {other}"),
    }
}

/// The alternative names of a certificate, URIs as they are and all others by their kind.
fn names(issued: &Issued) -> Vec<String> {
    let der = der(&issued.certificate);
    let (_, certificate) = X509Certificate::from_der(&der).unwrap();
    let Some(names) = certificate.subject_alternative_name().unwrap() else {
        return Vec::new();
    };
    let text = |name: &GeneralName<'_>| match name {
        GeneralName::URI(uri) => (*uri).to_owned(),
        other => format!("{other:?}"),
    };
    names.value.general_names.iter().map(text).collect()
}

#[test]
fn every_role_of_the_world_is_accepted_and_named_by_one_uri() {
    let authority = authority();
    let units = UNITS.iter().map(|unit| Role::from(*unit));
    let auditors = ORGANISATIONS.iter().map(|organisation| Role::from(*organisation));
    for role in units.chain(auditors).chain([Role::DEMO_OPERATOR]) {
        let issued = authority.client(role, usual()).unwrap();
        as_client(&authority, &issued).unwrap();
        assert_eq!(names(&issued), [role.to_string()]);
    }
}

#[test]
fn the_hub_is_known_by_its_own_machines_names_and_by_no_other() {
    let authority = authority();
    let hub = authority.hub(usual()).unwrap();
    for name in ["localhost", "127.0.0.1", "::1"] {
        as_hub(&authority, &hub, name).unwrap();
    }
    for name in ["samrum.example", "127.0.0.2"] {
        let error = why(as_hub(&authority, &hub, name));
        assert!(
            matches!(error, CertificateError::NotValidForNameContext { .. }),
            "{error:?}"
        );
    }
}

#[test]
fn a_certificate_serves_one_purpose() {
    let authority = authority();
    let hub = authority.hub(usual()).unwrap();
    let error = why(as_client(&authority, &hub));
    assert!(
        matches!(error, CertificateError::InvalidPurposeContext { .. }),
        "{error:?}"
    );

    let posing = ClientNames {
        uris: &[],
        dns: &["localhost"],
    };
    let client = authority.client_named(posing, usual()).unwrap();
    let error = why(as_hub(&authority, &client, "localhost"));
    assert!(
        matches!(error, CertificateError::InvalidPurposeContext { .. }),
        "{error:?}"
    );
}

#[test]
fn an_expired_certificate_is_expired_and_nothing_else() {
    let authority = authority();
    let expired = authority
        .client(Role::from(&SOCIAL_SERVICES), Validity::ended(instant()).unwrap())
        .unwrap();
    let error = why(as_client(&authority, &expired));
    assert!(
        matches!(error, CertificateError::ExpiredContext { .. }),
        "{error:?}"
    );
}

#[test]
fn a_certificate_of_tomorrow_is_not_valid_yet() {
    let authority = authority();
    let day = Duration::from_secs(86_400);
    let tomorrow = Validity::between(instant() + day, instant() + 2 * day).unwrap();
    let early = authority.client(Role::from(&SOCIAL_SERVICES), tomorrow).unwrap();
    let error = why(as_client(&authority, &early));
    assert!(
        matches!(error, CertificateError::NotValidYetContext { .. }),
        "{error:?}"
    );
}

#[test]
fn a_foreign_authority_is_refused_also_when_it_bears_the_same_name() {
    let ours = authority();
    for theirs in [authority(), DevelopmentAuthority::foreign(usual()).unwrap()] {
        let issued = theirs.client(Role::from(&SOCIAL_SERVICES), usual()).unwrap();
        as_client(&theirs, &issued).unwrap();
        let error = why(as_client(&ours, &issued));
        assert!(
            matches!(
                error,
                CertificateError::UnknownIssuer | CertificateError::BadSignature
            ),
            "{error:?}"
        );
    }
}

#[test]
fn the_mark_is_in_the_authority_and_in_what_it_issues_and_not_in_a_foreign_one() {
    let marks = |authority: &DevelopmentAuthority| {
        let issued = authority.client(Role::from(&EXEMPELBY), usual()).unwrap();
        let root = der(&authority.certificate());
        let leaf = der(&issued.certificate);
        let (_, root) = X509Certificate::from_der(&root).unwrap();
        let (_, leaf) = X509Certificate::from_der(&leaf).unwrap();
        [root.subject(), root.issuer(), leaf.issuer()].map(|name| {
            let organisation = name.iter_organization().next().unwrap().as_str().unwrap();
            let common_name = name.iter_common_name().next().unwrap().as_str().unwrap();
            organisation == DEVELOPMENT_AUTHORITY_ORGANISATION && common_name == DEVELOPMENT_AUTHORITY_NAME
        })
    };
    assert_eq!(marks(&authority()), [true; 3]);
    assert_eq!(
        marks(&DevelopmentAuthority::foreign(usual()).unwrap()),
        [false; 3]
    );
}

#[test]
fn the_authority_may_issue_and_what_it_issues_may_not() {
    let authority = authority();
    let root = der(&authority.certificate());
    let (_, root) = X509Certificate::from_der(&root).unwrap();
    let constraints = root.basic_constraints().unwrap().unwrap();
    assert!(constraints.critical && constraints.value.ca);
    assert_eq!(constraints.value.path_len_constraint, Some(0));
    let usage = root.key_usage().unwrap().unwrap();
    assert!(usage.critical && usage.value.key_cert_sign() && usage.value.crl_sign());
    assert!(!usage.value.digital_signature());

    let issued = authority.client(Role::from(&EXEMPELBY), usual()).unwrap();
    let leaf = der(&issued.certificate);
    let (_, leaf) = X509Certificate::from_der(&leaf).unwrap();
    assert!(!leaf.is_ca());
    let usage = leaf.key_usage().unwrap().unwrap();
    assert!(usage.value.digital_signature() && !usage.value.key_cert_sign());
    let days = (leaf.validity().not_after.timestamp() - leaf.validity().not_before.timestamp()) / 86_400;
    assert_eq!(days, 90);
}

#[test]
fn serial_numbers_are_positive_and_distinct() {
    let authority = authority();
    let serial = || {
        let issued = authority.client(Role::from(&EXEMPELBY), usual()).unwrap();
        let der = der(&issued.certificate);
        let (_, certificate) = X509Certificate::from_der(&der).unwrap();
        certificate.raw_serial().to_vec()
    };
    let (first, second) = (serial(), serial());
    assert_ne!(first, second);
    for serial in [first, second] {
        assert!(serial.len() <= 20 && serial[0] < 0x80, "{serial:02x?}");
    }
}

#[test]
fn any_names_can_be_issued_so_that_refusing_them_can_be_tested() {
    let authority = authority();
    let uris = ["urn:samrum:unit:not-an-id", "urn:samrum:operator:demo"];
    let issued = authority
        .client_named(
            ClientNames {
                uris: &uris,
                dns: &["localhost"],
            },
            usual(),
        )
        .unwrap();
    as_client(&authority, &issued).unwrap();
    assert_eq!(names(&issued), [uris[0], uris[1], "DNSName(\"localhost\")"]);

    let nameless = authority.client_named(ClientNames::default(), usual()).unwrap();
    assert_eq!(names(&nameless), [""; 0]);
}

#[test]
fn names_that_certificates_cannot_hold_are_an_error() {
    let result = authority().client(Role::Operator("nattskift-å"), usual());
    assert!(
        matches!(result, Err(IssueError::NotAscii { kind: "URI" })),
        "{result:?}"
    );
}

#[test]
fn the_key_is_readable_and_debug_shows_none_of_it() {
    let issued = authority().hub(usual()).unwrap();
    let pem = issued.key.expose_pem();
    assert!(matches!(
        PrivateKeyDer::from_pem_slice(pem.as_bytes()),
        Ok(PrivateKeyDer::Pkcs8(_))
    ));
    let shown = format!("{:?} {:?}", issued.key, authority());
    assert_eq!(shown, "PrivateKey(..) DevelopmentAuthority(..)");
}
