//! Whom a verified certificate names: one caller, or nobody.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use samrum_certs::{ClientNames, Issued, Role, Validity, world};
use samrum_consent::id::{OrganisationId, UnitId};
use samrum_server::transport::caller::{Caller, CallerRole, CertificateUnusable, InvalidRole, NameKind};

use crate::hub::{Site, next, now, usual, while_refusing};
use crate::log::Log;
use crate::peer::{Peer, der};

const SCHOOL: &str = "urn:samrum:unit:0192f000-0003-7000-8000-000000000004";
const RECEPTION: &str = "urn:samrum:unit:0192f000-0003-7000-8000-000000000002";

fn named(site: &Site, uris: &[&str], dns: &[&str]) -> Issued {
    site.authority
        .client_named(ClientNames { uris, dns }, usual())
        .unwrap()
}

fn read(issued: &Issued) -> Result<CallerRole, CertificateUnusable> {
    Caller::from_certificate(&der(issued)).map(|caller| caller.role().clone())
}

#[test]
fn each_role_is_who_its_certificate_names() {
    let site = Site::new();
    let unit = UnitId::from_bytes(world::SCHOOL.id);
    assert_eq!(
        read(&site.client(Role::from(&world::SCHOOL))),
        Ok(CallerRole::Unit(unit))
    );
    let organisation = OrganisationId::from_bytes(world::EXEMPELBY.id);
    assert_eq!(
        read(&site.client(Role::from(&world::EXEMPELBY))),
        Ok(CallerRole::Auditor(organisation))
    );
    let operator = CallerRole::Operator("demo".parse().unwrap());
    assert_eq!(read(&site.client(Role::DEMO_OPERATOR)), Ok(operator));
}

#[test]
fn only_a_unit_is_a_unit() {
    let site = Site::new();
    let unit = |role| Caller::from_certificate(&der(&site.client(role))).unwrap().unit();
    assert_eq!(
        unit(Role::from(&world::SCHOOL)),
        Some(UnitId::from_bytes(world::SCHOOL.id))
    );
    assert_eq!(unit(Role::from(&world::EXEMPELBY)), None);
    assert_eq!(unit(Role::DEMO_OPERATOR), None);
}

#[test]
fn a_certificate_that_does_not_name_exactly_one_caller_names_nobody() {
    use CertificateUnusable::{ForeignName, NoName, SeveralNames};

    let site = Site::new();
    let foreign = ForeignName {
        kind: NameKind::DnsName,
    };
    let role = CertificateUnusable::Role;
    assert!(read(&named(&site, &[SCHOOL], &[])).is_ok());
    for (uris, dns, expected) in [
        (&[][..], &[][..], NoName),
        (&[SCHOOL, RECEPTION], &[], SeveralNames { count: 2 }),
        (&[SCHOOL, SCHOOL], &[], SeveralNames { count: 2 }),
        (
            &[SCHOOL, "https://samrum.example"],
            &[],
            SeveralNames { count: 2 },
        ),
        (&[SCHOOL], &["school.example"], foreign),
        (&[], &["school.example"], foreign),
        (&["https://samrum.example"], &[], role(InvalidRole::Unknown)),
        (&["urn:samrum:unit:school"], &[], role(InvalidRole::Unit)),
        (&["urn:samrum:auditor:"], &[], role(InvalidRole::Auditor)),
        (&["urn:samrum:operator:Demo"], &[], role(InvalidRole::Operator)),
    ] {
        assert_eq!(read(&named(&site, uris, dns)), Err(expected), "{uris:?} {dns:?}");
    }
}

#[test]
fn what_is_no_certificate_names_nobody() {
    let site = Site::new();
    let good = der(&site.client(Role::from(&world::SCHOOL)));
    let unreadable = |bytes: Vec<u8>| {
        assert_eq!(
            Caller::from_certificate(&bytes.into()).unwrap_err(),
            CertificateUnusable::Unreadable
        );
    };
    assert!(Caller::from_certificate(&good).is_ok());
    unreadable(Vec::new());
    unreadable(good[..good.len() - 1].to_vec());
    unreadable([&good[..], &[0]].concat());
    unreadable(b"-----BEGIN CERTIFICATE-----".to_vec());
}

#[test]
fn a_caller_ends_with_its_certificate() {
    let site = Site::new();
    let until = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_100);
    let validity = Validity::between(now(), until).unwrap();
    let issued = site
        .authority
        .client(Role::from(&world::SCHOOL), validity)
        .unwrap();
    let caller = Caller::from_certificate(&der(&issued)).unwrap();

    let not_after = Timestamp::from_second(1_800_000_100).unwrap();
    assert_eq!(caller.certificate().not_after(), not_after);
    assert!(!caller.expired_at(Timestamp::from_second(1_800_000_000).unwrap()));
    assert!(!caller.expired_at(not_after));
    assert!(!caller.expired_at(Timestamp::from_millisecond(1_800_000_100_999).unwrap()));
    assert!(caller.expired_at(Timestamp::from_second(1_800_000_101).unwrap()));
    assert!(caller.expired_at(Timestamp::MAX));
}

/// Source: RFC 5280 §4.1.2.5: 99991231235959Z stands for "no end".
#[test]
fn a_certificate_without_end_has_the_last_time_there_is() {
    let site = Site::new();
    let year_10000 = SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_799);
    let validity = Validity::between(now(), year_10000).unwrap();
    let issued = site
        .authority
        .client(Role::from(&world::SCHOOL), validity)
        .unwrap();
    let caller = Caller::from_certificate(&der(&issued)).unwrap();
    assert_eq!(caller.certificate().not_after(), Timestamp::MAX);
    assert!(!caller.expired_at(Timestamp::MAX));
}

#[test]
fn particulars_tell_certificates_apart() {
    let site = Site::new();
    let (one, other) = (
        site.client(Role::from(&world::SCHOOL)),
        site.client(Role::from(&world::SCHOOL)),
    );
    let caller = Caller::from_certificate(&der(&one)).unwrap();
    let renewed = Caller::from_certificate(&der(&other)).unwrap();
    assert_eq!(caller.role(), renewed.role());
    assert_ne!(caller.certificate().serial(), renewed.certificate().serial());
    assert_ne!(
        caller.certificate().fingerprint(),
        renewed.certificate().fingerprint()
    );

    let fingerprint = digest(&SHA256, &der(&one));
    assert_eq!(
        caller.certificate().fingerprint().as_bytes(),
        fingerprint.as_ref()
    );
    assert_eq!(
        caller.certificate().fingerprint().to_string(),
        hex::encode(fingerprint)
    );
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    assert!(caller.certificate().serial().bytes().all(is_hex));
}

#[tokio::test]
async fn the_connection_carries_the_caller() {
    let site = Site::new();
    let mut incoming = site.open().await;
    let address = incoming.local_address();
    for role in [
        Role::from(&world::SCHOOL),
        Role::from(&world::EXEMPELBY),
        Role::DEMO_OPERATOR,
    ] {
        let issued = site.client(role);
        let peer = Peer::new(&site.authority, Some(&issued));
        let (connection, stream) = tokio::join!(next(&mut incoming), peer.connect(address));
        stream.unwrap();
        assert_eq!(connection.caller().role(), &read(&issued).unwrap());
    }
}

#[tokio::test]
async fn a_certificate_that_names_nobody_is_refused_with_the_reason_in_the_log() {
    let site = Site::new();
    let mut incoming = site.open().await;
    let mut log = Log::collect();
    let address = incoming.local_address();
    for (uris, dns, reason) in [
        (&[][..], &[][..], "names no caller"),
        (&[SCHOOL, RECEPTION], &[], "has 2 URIs"),
        (&[SCHOOL], &["school.example"], "also names a DNS name"),
        (
            &["urn:samrum:unit:school"],
            &[],
            "URI states no role: urn:samrum:unit: must be followed",
        ),
    ] {
        let peer = Peer::new(&site.authority, Some(&named(&site, uris, dns)));
        let line = while_refusing(&mut incoming, async {
            peer.refused_by(address).await;
            log.next().await
        })
        .await;
        assert!(line.contains(reason), "{line}");
        for content in ["0192f000", "unit:school", "school.example", "Samrum caller"] {
            assert!(!line.contains(content), "the log quotes the certificate: {line}");
        }
    }
}
