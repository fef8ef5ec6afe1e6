//! Certificates and keys at start: what is accepted, and that each refusal names the file and what to do.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use samrum_certs::{DevelopmentAuthority, Validity};
use samrum_server::transport::tcp::{AcceptLimits, bind};
use samrum_server::transport::tls::{
    DEVELOPMENT_AUTHORITY_ORGANISATION, MAX_CERTIFICATES, MAX_FILE_BYTES, Mode, Tls, TlsError,
};

use crate::hub::{NOW_SECONDS, Site, StillClock, now, set_permissions, usual};
use crate::log::Log;

fn start(site: &Site, mode: Mode) -> Result<(), TlsError> {
    Tls::load(&site.files(), mode, Arc::new(StillClock(NOW_SECONDS))).map(drop)
}

/// A site whose authority may serve real people.
fn real() -> Site {
    Site::of(DevelopmentAuthority::foreign(usual()).unwrap())
}

/// Expects a refusal that names the file `name` and says `text`, and shows nothing of any file.
#[track_caller]
fn assert_refused(site: &Site, mode: Mode, name: &str, text: &str) {
    let refusal = start(site, mode).unwrap_err().to_string();
    assert!(refusal.contains(site.path(name).to_str().unwrap()), "{refusal}");
    assert!(refusal.contains(text), "{refusal}");
    assert!(!refusal.contains("-----"), "{refusal}");
}

#[test]
fn both_sides_know_the_development_authority_by_the_same_mark() {
    assert_eq!(
        DEVELOPMENT_AUTHORITY_ORGANISATION,
        samrum_certs::DEVELOPMENT_AUTHORITY_ORGANISATION
    );
}

#[test]
fn the_development_authority_is_for_development() {
    start(&Site::new(), Mode::Development).unwrap();
    assert_refused(&Site::new(), Mode::Production, "hub.pem", "or start with --dev");
}

/// A root's issuer is itself; what another authority vouches for bears the mark in its subject only.
#[test]
fn the_development_authority_is_refused_when_another_vouches_for_it() {
    let named = |organisation| {
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::OrganizationName, organisation);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    };
    let issued = |organisation| {
        let issuer = CertifiedIssuer::self_signed(named("Exempel"), KeyPair::generate().unwrap()).unwrap();
        named(organisation)
            .signed_by(&KeyPair::generate().unwrap(), &issuer)
            .unwrap()
            .pem()
    };
    let site = real();
    site.write("clients.pem", &issued("Exempelby"));
    start(&site, Mode::Production).unwrap();
    site.write("clients.pem", &issued(DEVELOPMENT_AUTHORITY_ORGANISATION));
    assert_refused(
        &site,
        Mode::Production,
        "clients.pem",
        "the development authority",
    );
}

#[tokio::test]
async fn what_development_accepts_is_in_the_log() {
    let site = Site::new();
    set_permissions(&site.path("hub.key"), 0o644);
    let mut log = Log::collect();
    start(&site, Mode::Development).unwrap();
    for (name, reason) in [
        ("hub.pem", "the development authority is accepted"),
        ("clients.pem", "the development authority is accepted"),
        #[cfg(unix)]
        (
            "hub.key",
            "every user of this machine can reach the hub's private key",
        ),
    ] {
        let line = log.next().await;
        assert!(
            line.contains(reason) && line.contains(site.path(name).to_str().unwrap()),
            "{line}"
        );
    }
    start(&real(), Mode::Development).unwrap();
    assert_eq!(log.so_far(), Vec::<String>::new());
}

#[test]
fn another_authority_is_for_both() {
    start(&real(), Mode::Production).unwrap();
    start(&real(), Mode::Development).unwrap();
}

#[test]
fn the_development_authority_is_refused_among_others_too() {
    let development = DevelopmentAuthority::new(usual()).unwrap();
    let site = real();
    site.write(
        "clients.pem",
        &format!("{}{}", site.authority.certificate(), development.certificate()),
    );
    assert_refused(
        &site,
        Mode::Production,
        "clients.pem",
        "the development authority",
    );
    start(&site, Mode::Development).unwrap();

    let site = real();
    let own = std::fs::read_to_string(site.path("hub.pem")).unwrap();
    site.write("hub.pem", &format!("{own}{}", development.certificate()));
    assert_refused(&site, Mode::Production, "hub.pem", "the development authority");
    start(&site, Mode::Development).unwrap();
}

#[test]
fn a_missing_file_is_named() {
    for name in ["hub.pem", "hub.key", "clients.pem"] {
        let site = real();
        std::fs::remove_file(site.path(name)).unwrap();
        assert_refused(
            &site,
            Mode::Production,
            name,
            "check the path and the permissions",
        );
    }
}

#[test]
fn a_file_without_what_it_is_for_is_named() {
    for (name, text, reason) in [
        ("hub.pem", "", "holds no certificate"),
        (
            "clients.pem",
            "these are not the certificates",
            "holds no certificate",
        ),
        ("hub.key", "", "no usable private key"),
        (
            "hub.pem",
            "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
            "cannot be read",
        ),
        (
            "hub.pem",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "cannot be read",
        ),
        (
            "clients.pem",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "cannot be read",
        ),
        (
            "clients.pem",
            "-----BEGIN CERTIFICATE-----\nAAAA",
            "cannot be read",
        ),
        (
            "hub.key",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "no usable private key",
        ),
    ] {
        let site = real();
        site.write(name, text);
        assert_refused(&site, Mode::Production, name, reason);
    }
}

#[test]
fn files_in_each_other_s_place_are_named() {
    let site = real();
    site.write_key("hub.key", &std::fs::read_to_string(site.path("hub.pem")).unwrap());
    assert_refused(&site, Mode::Production, "hub.key", "no usable private key");

    let site = real();
    std::fs::copy(site.path("hub.key"), site.path("hub.pem")).unwrap();
    assert_refused(&site, Mode::Production, "hub.pem", "holds no certificate");
}

#[test]
fn the_key_of_another_certificate_is_refused_with_both_files() {
    let site = real();
    let other = site.authority.hub(usual()).unwrap();
    site.write_key("hub.key", other.key.expose_pem());
    assert_refused(&site, Mode::Production, "hub.key", "does not belong to");
    assert_refused(&site, Mode::Production, "hub.pem", "does not belong to");
}

#[cfg(unix)]
#[test]
fn a_key_that_everybody_can_reach_is_for_development() {
    for (permissions, production) in [
        (0o600, true),
        (0o400, true),
        (0o640, true),
        (0o660, true),
        (0o644, false),
        (0o602, false),
    ] {
        let site = real();
        set_permissions(&site.path("hub.key"), permissions);
        start(&site, Mode::Development).unwrap();
        if production {
            start(&site, Mode::Production).unwrap();
        } else {
            assert_refused(
                &site,
                Mode::Production,
                "hub.key",
                "open to every user of this machine",
            );
        }
    }
}

#[test]
fn a_hub_s_certificate_out_of_its_time_is_refused() {
    let second = std::time::Duration::from_secs(1);
    for (not_before, not_after, valid) in [
        (now() - second, now(), true),
        (now(), now() + second, true),
        (now() - 2 * second, now() - second, false),
        (now() + second, now() + 2 * second, false),
    ] {
        let site = real();
        let hub = site
            .authority
            .hub(Validity::between(not_before, not_after).unwrap())
            .unwrap();
        site.write("hub.pem", &hub.certificate);
        site.write_key("hub.key", hub.key.expose_pem());
        if valid {
            start(&site, Mode::Production).unwrap();
        } else {
            assert_refused(&site, Mode::Production, "hub.pem", "is not valid now");
        }
    }
}

#[test]
fn files_have_limits() {
    let site = real();
    let authority = site.authority.certificate();
    site.write("clients.pem", &authority.repeat(MAX_CERTIFICATES));
    start(&site, Mode::Production).unwrap();
    site.write("clients.pem", &authority.repeat(MAX_CERTIFICATES + 1));
    assert_refused(
        &site,
        Mode::Production,
        "clients.pem",
        "holds more than 256 certificates",
    );

    let padding = usize::try_from(MAX_FILE_BYTES).unwrap() - authority.len();
    site.write("clients.pem", &format!("{authority}{}", "\n".repeat(padding)));
    start(&site, Mode::Production).unwrap();
    site.write("clients.pem", &format!("{authority}{}", "\n".repeat(padding + 1)));
    assert_refused(
        &site,
        Mode::Production,
        "clients.pem",
        "is larger than 1048576 bytes",
    );
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let site = Site::new();
    let incoming = site.open().await;
    let taken = bind(
        incoming.local_address(),
        site.reloader().watch(),
        AcceptLimits::default(),
    )
    .await
    .unwrap_err();
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
}
