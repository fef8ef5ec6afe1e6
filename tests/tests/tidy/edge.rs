//! What is spoken in one room of the hub only: SQL in the store, certificates in the transport, gRPC at its
//! edge.

use crate::room::{ASSEMBLY, Place, each_path};
use crate::source::{Source, Violation};
use crate::token::{self, Kind, Token};

/// Words that belong to rooms of the hub: whole crates, or what a crate calls by this name.
const WORDS: [(&[&str], &[&str]); 4] = [
    (
        &[
            "rustls_pki_types",
            "rustls::pki_types",
            "tokio_rustls",
            "x509_parser",
        ],
        &["transport"],
    ),
    // The assembly hands TLS its clock.
    (&["rustls"], &["transport", ASSEMBLY]),
    (
        &[
            "tonic::*",
            "tonic::Code",
            "tonic::Request",
            "tonic::Response",
            "tonic::Status",
            "tonic_health",
            "tonic_reflection",
            "tonic_types",
        ],
        &["grpc", "transport", ASSEMBLY],
    ),
    (&["sqlx"], &["store"]),
];

/// How statements of SQL begin. Upper case, as ours are written.
const STATEMENTS: [&str; 10] = [
    "SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "ALTER ", "DROP ", "PRAGMA ", "WITH ", "BEGIN ",
];

/// Words of one room that are spoken in another.
#[must_use]
pub(crate) fn misplaced_words(source: &Source) -> Vec<Violation> {
    let Some(here) = Place::of(&source.path) else {
        return Vec::new();
    };
    let room = here.room();
    each_path(source, |path| {
        let starts =
            |word: &&&str| path.to_string() == **word || path.to_string().starts_with(&format!("{word}::"));
        let (word, rooms) = WORDS
            .iter()
            .find_map(|(words, rooms)| words.iter().find(starts).map(|word| (word, rooms)))?;
        let what = || format!("{word} belongs to {}, not to {room}", rooms.join(", "));
        (!rooms.contains(&room)).then(|| source.violation(path.line, what()))
    })
}

/// Statements of SQL outside the store. Programs that measure and break may speak it too.
#[must_use]
pub(crate) fn misplaced_sql(source: &Source) -> Vec<Violation> {
    let at_home = Place::of(&source.path).is_some_and(|place| place.room() == "store");
    let breaks = ["tests/", "ops/demo/tests/", "ops/demo/src/insider"]
        .iter()
        .any(|room| source.path.starts_with(room));
    if at_home || breaks {
        return Vec::new();
    }
    let is_statement = |token: &&Token| match &token.kind {
        Kind::Text(text) => {
            // Line breaks as written: a backslash with or without its `n`.
            let text = text
                .trim_start_matches(|c: char| c.is_whitespace() || c == '\\')
                .trim_start_matches("n ");
            STATEMENTS.iter().any(|beginning| text.starts_with(beginning))
        }
        _ => false,
    };
    match token::read(source) {
        Err(violation) => vec![violation],
        Ok(tokens) => tokens
            .iter()
            .filter(is_statement)
            .map(|token| source.violation(token.line, "SQL belongs to the hub's store"))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(path: &str, text: &str) -> usize {
        misplaced_words(&Source::planted(path, text)).len()
    }

    #[test]
    fn words_at_their_own_edge_are_fine() {
        for (path, text) in [
            (
                "server/src/transport/tls/file.rs",
                "use rustls::ServerConfig; x509_parser::f();",
            ),
            ("server/src/grpc/status.rs", "use tonic::{Code, Status};"),
            (
                "server/src/app.rs",
                "tonic::transport::Server::builder(); tonic_health::f();",
            ),
            ("server/src/store/sqlite/row.rs", "use sqlx::Row;"),
            ("server/src/config/origin.rs", "use tonic::codegen::http::Uri;"),
            ("server/src/main.rs", "use tonic::Status;"),
            (
                "client/src/call.rs",
                "use tonic::Status; use rustls::ClientConfig;",
            ),
            (
                "server/src/service.rs",
                "// tonic::Status\n/// [`tonic::Status`]\nfn f() {}",
            ),
        ] {
            assert_eq!(words(path, text), 0, "{path}: {text}");
        }
    }

    #[test]
    fn words_elsewhere_are_seen() {
        for (path, text) in [
            ("server/src/service/error.rs", "fn f() -> tonic::Status { g() }"),
            ("server/src/service.rs", "use {tonic::Code as C, core::fmt};"),
            ("server/src/config.rs", "use tonic::*;"),
            ("server/src/web/page.rs", "use tonic::Status;"),
            ("server/src/jobs/expiry.rs", "use tonic_types::ErrorDetails;"),
            (
                "server/src/grpc/consent.rs",
                "use x509_parser::certificate::X509Certificate;",
            ),
            ("server/src/app.rs", "use ::rustls::pki_types::CertificateDer;"),
            ("server/src/web/page.rs", "use rustls::ServerConfig;"),
            ("server/src/service.rs", "fn f() { sqlx::query(\"x\"); }"),
            ("server/src/ledger.rs", "use sqlx;"),
        ] {
            assert_eq!(words(path, text), 1, "{path}: {text}");
        }
    }

    fn statements(path: &str, text: &str) -> usize {
        misplaced_sql(&Source::planted(path, text)).len()
    }

    #[test]
    fn sql_in_the_store_and_words_elsewhere_are_fine() {
        let query = "fn f() { query(\"SELECT 1\"); }";
        assert_eq!(statements("server/src/store/sqlite/row.rs", query), 0);
        assert_eq!(statements("server/src/store.rs", query), 0);
        assert_eq!(statements("tests/src/canary.rs", query), 0);
        assert_eq!(
            statements(
                "server/src/service.rs",
                "// SELECT 1\nconst A: &str = \"SELECTED\";"
            ),
            0
        );
        assert_eq!(
            statements("client/src/main.rs", "const A: &str = \"update the key\";"),
            0
        );
    }

    #[test]
    fn sql_elsewhere_is_seen() {
        for text in [
            "fn f() { query(\"SELECT 1\"); }",
            "const A: &str = r#\"\n    INSERT INTO a VALUES (1)\"#;",
            "const A: &str = \"\\\n    UPDATE a SET b = 1\";",
            "const A: &str = \"\\n DELETE FROM a\";",
            "fn f() { format!(\"WITH a AS ({})\", b); }",
        ] {
            assert_eq!(statements("server/src/service/consent.rs", text), 1, "{text}");
            assert_eq!(statements("client/src/inbox.rs", text), 1, "{text}");
        }
    }
}
