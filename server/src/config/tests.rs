//! Configuration from flags, files and defaults: what is taken, and what each refusal says.

use clap::Parser as _;

use super::file::{LimitTable, TlsTable};
use super::*;

const SAMPLE: &str = include_str!("../../hub.toml");

fn parse(text: &str) -> Result<ConfigFile, ConfigError> {
    ConfigFile::parse(Path::new("hub.toml"), text)
}

fn arguments(flags: &[&str]) -> Arguments {
    Arguments::try_parse_from(std::iter::once(&"samrum-hub").chain(flags)).unwrap()
}

fn load(flags: &[&str], text: &str) -> Result<Config, ConfigError> {
    Config::from_parts(arguments(flags), parse(text)?)
}

/// The sample, with `line` in place of the one that sets the same key.
fn sample_with(line: &str) -> String {
    let key = line.split(' ').next().unwrap();
    let is_key = |candidate: &str| candidate.split(' ').next() == Some(key);
    assert_eq!(
        SAMPLE.lines().filter(|candidate| is_key(candidate)).count(),
        1,
        "{key} is in the sample once"
    );
    let lines: Vec<&str> = SAMPLE
        .lines()
        .map(|candidate| if is_key(candidate) { line } else { candidate })
        .collect();
    lines.join("\n")
}

fn sample_without(key: &str) -> String {
    let kept: Vec<&str> = SAMPLE
        .lines()
        .filter(|candidate| candidate.split(' ').next() != Some(key))
        .collect();
    assert_eq!(
        kept.len() + 1,
        SAMPLE.lines().count(),
        "{key} is in the sample once"
    );
    kept.join("\n")
}

fn refusal(flags: &[&str], text: &str) -> String {
    load(flags, text).unwrap_err().to_string()
}

#[test]
fn the_sample_sets_every_key() {
    // Without `..`, so that a new key does not compile until the sample has it.
    let ConfigFile {
        listen: Some(_),
        quic: None, // in a comment: to have no wish is the default
        web_listen: Some(_),
        web_origin: Some(_),
        database: None, // in a comment: the example is of a hub with the embedded one
        data_directory: Some(_),
        log_origin: Some(_),
        log_format: Some(_),
        tls:
            Some(TlsTable {
                certificate: Some(_),
                key: Some(_),
                client_authorities: Some(_),
                revocation_lists: Some(_),
            }),
        limits:
            Some(LimitTable {
                inline_body_bytes: Some(_),
                inbox_heartbeat_seconds: Some(_),
                document_lifetime_days: Some(_),
                report_alarm_minutes: Some(_),
                sequencer_interval_ms: Some(_),
                store_busy_timeout_ms: Some(_),
                streams_per_unit: Some(_),
                sends_per_unit: Some(_),
                drain_seconds: Some(_),
                handshake_timeout_ms: Some(_),
                handshakes: Some(_),
                handshake_patience_ms: Some(_),
                connections: Some(_),
                connections_per_caller: Some(_),
                keep_alive_seconds: Some(_),
                lanes_per_connection: Some(_),
                quic_handshakes_per_second: Some(_),
            }),
    } = parse(SAMPLE).unwrap()
    else {
        panic!("a key is missing in hub.toml");
    };
}

#[test]
fn the_sample_shows_the_defaults() {
    let config = load(&[], SAMPLE).unwrap();
    let bare = load(
        &[],
        "web_origin = 'https://samtycke.example.org'\ndata_directory = 'data'\n\
         log_origin = 'samrum.example.org/log'\n[tls]\ncertificate = 'tls/hub.pem'\nkey = 'tls/hub.key'\n\
         client_authorities = 'tls/client-authorities.pem'",
    )
    .unwrap();
    assert_eq!(config, bare);
    assert_eq!(config.limits, Limits::default());
    assert_eq!(config.mode, Mode::Production);
}

#[test]
fn a_flag_wins_over_the_file() {
    let flags = [
        "--listen=[::1]:1",
        "--web-listen=127.0.0.1:2",
        "--web-origin=https://other.example:8443/",
        "--data-directory=elsewhere",
        "--tls-certificate=a.pem",
        "--tls-key=b.key",
        "--client-authorities=c.pem",
        "--revocation-list=d.pem",
        "--revocation-list=e.pem",
        "--log-origin=other.example/log",
        "--log-format=json",
    ];
    let config = load(&flags, SAMPLE).unwrap();
    assert_eq!(config.listen, "[::1]:1".parse().unwrap());
    assert_eq!(config.web_listen, "127.0.0.1:2".parse().unwrap());
    assert_eq!(config.web_origin.as_str(), "https://other.example:8443");
    assert_eq!(config.data_directory, Path::new("elsewhere"));
    let tls = TlsFiles {
        certificate: "a.pem".into(),
        key: "b.key".into(),
        client_authorities: "c.pem".into(),
        revocation_lists: vec!["d.pem".into(), "e.pem".into()],
    };
    assert_eq!(config.tls, tls);
    assert_eq!(config.log_origin.as_str(), "other.example/log");
    assert_eq!(config.log_format, LogFormat::Json);
}

#[test]
fn only_the_flag_brings_development() {
    assert_eq!(load(&["--dev"], SAMPLE).unwrap().mode, Mode::Development);
    assert!(refusal(&[], &format!("dev = true\n{SAMPLE}")).contains("unknown field `dev`"));
}

#[test]
fn paths_in_the_file_are_relative_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.toml");
    std::fs::write(&path, SAMPLE).unwrap();
    let config = Config::load(Arguments {
        config: Some(path),
        ..Arguments::default()
    })
    .unwrap();
    assert_eq!(config.data_directory, folder.path().join("data"));
    assert_eq!(config.tls.key, folder.path().join("tls/hub.key"));

    let absolute = folder.path().join("absolute.toml");
    std::fs::write(&absolute, sample_with("data_directory = '/var/lib/samrum'")).unwrap();
    let config = Config::load(Arguments {
        config: Some(absolute),
        ..Arguments::default()
    })
    .unwrap();
    assert_eq!(config.data_directory, Path::new("/var/lib/samrum"));
}

#[test]
fn a_file_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.toml");
    let error = ConfigFile::read(&missing).unwrap_err();
    assert!(
        matches!(&error, ConfigError::Read { path, .. } if *path == missing),
        "{error}"
    );

    let large = folder.path().join("large.toml");
    std::fs::write(&large, "#".repeat(MAX_CONFIG_BYTES + 1)).unwrap();
    assert!(matches!(ConfigFile::read(&large).unwrap_err(), ConfigError::TooLarge { path } if path == large));
    std::fs::write(&large, "#".repeat(MAX_CONFIG_BYTES)).unwrap();
    ConfigFile::read(&large).unwrap();
}

#[test]
fn what_is_missing_is_named_with_its_flag() {
    for (key, named) in [
        ("web_origin", "web_origin is not set: give it with --web-origin "),
        (
            "data_directory",
            "data_directory is not set: give it with --data-directory ",
        ),
        ("log_origin", "log_origin is not set: give it with --log-origin "),
        (
            "certificate",
            "tls.certificate is not set: give it with --tls-certificate ",
        ),
        ("key", "tls.key is not set: give it with --tls-key "),
        (
            "client_authorities",
            "tls.client_authorities is not set: give it with --client-authorities ",
        ),
    ] {
        let text = refusal(&[], &sample_without(key));
        assert!(text.starts_with(named), "{text}");
    }
}

#[test]
fn every_limit_has_both_ends() {
    for (key, least, most) in [
        ("inline_body_bytes", 1_024, 1_048_576),
        ("inbox_heartbeat_seconds", 1, 300),
        ("document_lifetime_days", 1, 3_650),
        ("report_alarm_minutes", 1, 1_440),
        ("sequencer_interval_ms", 10, 1_000),
        ("store_busy_timeout_ms", 100, 60_000),
        ("streams_per_unit", 1, 4_096),
        ("drain_seconds", 1, 300),
        ("handshake_timeout_ms", 100, 60_000),
        ("handshakes", 1, 65_536),
        ("handshake_patience_ms", 0, 60_000),
        ("connections", 1, 1_000_000),
        ("connections_per_caller", 1, 65_536),
        ("keep_alive_seconds", 1, 7_200),
        ("lanes_per_connection", 4, 16),
        ("quic_handshakes_per_second", 1, 100_000),
    ] {
        let with = |value: u64| load(&[], &sample_with(&format!("{key} = {value}")));
        assert_ne!(
            with(least).unwrap().limits,
            Limits::default(),
            "{key} has an effect"
        );
        assert_ne!(
            with(most).unwrap().limits,
            Limits::default(),
            "{key} has an effect"
        );
        let over = with(most + 1).unwrap_err().to_string();
        assert_eq!(
            over,
            format!("{key} must be from {least} to {most}, not {}", most + 1)
        );
        if let Some(under) = least.checked_sub(1) {
            assert!(
                matches!(with(under), Err(ConfigError::OutOfRange { given, .. }) if given == under),
                "{key}"
            );
        }
        let documented = format!("{least} to {most}");
        assert!(
            SAMPLE.contains(&documented),
            "the sample tells the range of {key}"
        );
    }
}

#[test]
fn values_that_do_not_fit_are_refused_with_their_key() {
    for (line, named) in [
        ("listen = '7443'", "listen must be an IP address with a port"),
        (
            "web_listen = 'localhost:80'",
            "web_listen must be an IP address with a port",
        ),
        (
            "log_origin = ''",
            "log_origin must be 1 to 255 visible ASCII characters",
        ),
        ("log_origin = 'samrum example'", "log_origin must be"),
        ("log_origin = 'samrum+example'", "log_origin must be"),
        ("log_origin = 'samrüm'", "log_origin must be"),
        ("log_format = 'xml'", "`text` or `json`"),
        ("handshakes = -1", "handshakes"),
        ("connections = 'many'", "connections"),
    ] {
        let text = refusal(&[], &sample_with(line));
        assert!(text.contains(named), "{line}: {text}");
    }
    assert!(refusal(&[], &format!("{SAMPLE}\nretries = 3")).contains("unknown field `retries`"));
    assert!(refusal(&[], "[tls").contains("hub.toml"));
}

#[test]
fn a_web_origin_is_https_and_nothing_more() {
    for good in [
        "https://samtycke.example.org",
        "https://samtycke.example.org:8443",
        "https://[2001:db8::1]",
    ] {
        let config = load(&[], &sample_with(&format!("web_origin = '{good}'"))).unwrap();
        assert_eq!(config.web_origin.as_str(), good);
    }
    for bad in [
        "",
        "samtycke.example.org",
        "https://",
        "https://samtycke.example.org/portal",
        "https://samtycke.example.org?x",
        "https://samtycke.example.org#x",
        "https://name@samtycke.example.org",
        "https://samtycke.example.org:port",
        "https://samtycke.example.org:99999",
        "ftp://samtycke.example.org",
        "http://samtycke.example.org",
        "http://localhost:7080",
    ] {
        let text = refusal(&[], &sample_with(&format!("web_origin = '{bad}'")));
        assert!(
            text.starts_with("web_origin must be https://host"),
            "{bad}: {text}"
        );
    }
}

#[test]
fn plain_http_is_for_loopback_in_development() {
    for good in [
        "http://localhost:7080",
        "http://127.0.0.1:7080",
        "http://[::1]:7080",
    ] {
        let config = load(&["--dev"], &sample_with(&format!("web_origin = '{good}'"))).unwrap();
        assert_eq!(config.web_origin.as_str(), good);
    }
    for bad in [
        "http://samtycke.example.org",
        "http://localhost.example.org",
        "http://192.0.2.1",
    ] {
        let text = refusal(&["--dev"], &sample_with(&format!("web_origin = '{bad}'")));
        assert!(text.starts_with("web_origin must be"), "{bad}: {text}");
    }
}

#[test]
fn invented_people_come_with_development_alone() {
    let loaded = |flags: &[&str]| load(flags, SAMPLE).unwrap().development_people;
    let people = Some(PathBuf::from("people.toml"));
    assert_eq!(loaded(&["--dev", "--development-people", "people.toml"]), people);
    assert_eq!(loaded(&["--dev"]), None);
    let alone = Arguments::try_parse_from(["samrum-hub", "--development-people", "people.toml"]);
    assert!(alone.is_err(), "without --dev there is no such log-in");
}
