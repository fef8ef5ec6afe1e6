//! The rooms of the hub and who may import whom.
//!
//! `grpc, web → service → {ledger, store}`; nothing points back. What an edge names of ledger and store are
//! records to be shown, never the powers to read, write or release: the service is the only place where
//! things happen. A room that is not listed is a leaf: all may use it, it uses none. The roots, `lib.rs` and
//! `main.rs`, and the assembly, `app`, stand above all rooms.

use crate::source::{Source, Violation};
use crate::token::{self, NamedPath};

/// Where the hub lives.
const HUB: &str = "server/src/";

/// The room above all others: it puts them together.
pub(crate) const ASSEMBLY: &str = "app";

/// Which rooms a room may use. What is not in the first column may use none of it.
const ARROWS: [(&str, &[&str]); 8] = [
    ("config", &["transport", "service", "ledger", "store"]),
    ("transport", &[]),
    ("grpc", &["transport", "service", "ledger", "store"]),
    ("web", &["transport", "service", "ledger", "store"]),
    ("jobs", &["service", "ledger", "store"]),
    ("service", &["ledger", "store"]),
    ("ledger", &["store"]),
    ("store", &[]),
];

/// The rooms that show what the service answers.
const EDGES: [&str; 2] = ["grpc", "web"];

/// What in ledger and store is a power, not a record.
const POWERS: [(&str, &[&str]); 2] = [
    ("ledger", &["entry", "new_entry", "sequencer", "ticket"]),
    (
        "store",
        &[
            "Admitted",
            "Change",
            "Expect",
            "NewEntry",
            "Sequenced",
            "Store",
            "Write",
            "sqlite",
        ],
    ),
];

/// Imports between rooms of the hub that no arrow allows.
#[must_use]
pub(crate) fn turned_arrows(source: &Source) -> Vec<Violation> {
    let Some(here) = Place::of(&source.path) else {
        return Vec::new();
    };
    let room = here.room();
    if room == ASSEMBLY {
        return Vec::new();
    }
    let allowed = ARROWS
        .iter()
        .find(|(from, _)| *from == room)
        .map_or(&[][..], |(_, to)| *to);
    each_path(source, |path| {
        let there = here.leads_to(path)?.room;
        let listed = there == ASSEMBLY || there == "*" || ARROWS.iter().any(|(to, _)| *to == there);
        let turned = there != room && listed && !allowed.contains(&there);
        turned.then(|| source.violation(path.line, format!("{room} must not use {path}")))
    })
}

/// Edges that reach for the powers of ledger or store themselves.
#[must_use]
pub(crate) fn skipped_service(source: &Source) -> Vec<Violation> {
    let Some(here) = Place::of(&source.path).filter(|here| EDGES.contains(&here.room())) else {
        return Vec::new();
    };
    each_path(source, |path| {
        let target = here.leads_to(path)?;
        let (_, powers) = POWERS.iter().find(|(room, _)| *room == target.room)?;
        // The whole room, or all that is in it, holds its powers too.
        let power = target
            .item
            .is_none_or(|item| item == "*" || item == "self" || powers.contains(&item));
        let what = || format!("{} must leave {path} to the service", here.room());
        power.then(|| source.violation(path.line, what()))
    })
}

/// Judges every path named in a file.
pub(crate) fn each_path(source: &Source, judge: impl Fn(&NamedPath) -> Option<Violation>) -> Vec<Violation> {
    match token::read(source) {
        Err(violation) => vec![violation],
        Ok(tokens) => token::paths(&tokens).iter().filter_map(judge).collect(),
    }
}

/// A file's module path in the hub, from the crate's root on; never empty.
pub(crate) struct Place(Vec<String>);

impl Place {
    /// `None` outside the hub and for its roots, which may use every room.
    #[must_use]
    pub(crate) fn of(path: &str) -> Option<Self> {
        let inside = path.strip_prefix(HUB)?.strip_suffix(".rs")?;
        let mut names: Vec<String> = inside.split('/').map(str::to_owned).collect();
        if names.last().is_some_and(|name| name == "mod") {
            names.pop();
        }
        let is_root = matches!(names.as_slice(), [only] if only == "lib" || only == "main");
        (!is_root && !names.is_empty()).then_some(Self(names))
    }

    /// The room that the file is in.
    #[must_use]
    pub(crate) fn room(&self) -> &str {
        &self.0[0]
    }

    /// Where a path leads that goes from the crate's root, or upwards.
    fn leads_to<'a>(&'a self, path: &'a NamedPath) -> Option<Target<'a>> {
        let mut modules = self.0.len() + path.depth;
        let mut rest = path.segments.as_slice();
        match rest.split_first()? {
            (head, after) if head == "crate" => (modules, rest) = (0, after),
            (head, after) if head == "self" => rest = after,
            (head, _) if head == "super" => {}
            _ => return None,
        }
        while let Some((_, after)) = rest.split_first().filter(|(head, _)| *head == "super") {
            (modules, rest) = (modules.saturating_sub(1), after);
        }
        if modules > 0 {
            return Some(Target {
                room: self.room(),
                item: None,
            });
        }
        let (room, after) = rest.split_first()?;
        Some(Target {
            room,
            item: after.first().map(String::as_str),
        })
    }
}

/// What a path leads to: a room, and what in it.
struct Target<'a> {
    room: &'a str,
    item: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows(path: &str, text: &str) -> Vec<String> {
        turned_arrows(&Source::planted(path, text))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn arrows_as_they_are_drawn_are_fine() {
        for (path, text) in [
            (
                "server/src/grpc/consent.rs",
                "use crate::service::consent; use crate::transport::Caller;",
            ),
            (
                "server/src/service/consent.rs",
                "use crate::{ledger::Event, store::Store}; use super::page;",
            ),
            (
                "server/src/service/consent.rs",
                "mod tests { use super::super::admission; use super::*; }",
            ),
            (
                "server/src/ledger.rs",
                "use crate::store::Entry; use crate::limit::MAX;",
            ),
            (
                "server/src/store/sqlite/row.rs",
                "use super::super::record::Entry; use super::open;",
            ),
            (
                "server/src/app.rs",
                "use crate::{config, grpc, jobs, ledger, service, store, transport, web};",
            ),
            ("server/src/main.rs", "use crate::grpc::x;"),
            ("server/src/lib.rs", "pub use crate::grpc::x; use self::store::y;"),
            ("client/src/inbox.rs", "use crate::grpc::x;"),
        ] {
            assert_eq!(arrows(path, text), [""; 0], "{path}");
        }
    }

    #[test]
    fn each_turned_arrow_is_seen() {
        for (path, text) in [
            ("server/src/store/sqlite.rs", "use crate::service::Hub;"),
            ("server/src/web/page.rs", "use crate::{service, grpc as calls};"),
            ("server/src/store.rs", "fn f() -> crate::ledger::Event { todo }"),
            (
                "server/src/store/a/b.rs",
                "use super::super::super::ledger::Event;",
            ),
            ("server/src/store/mod.rs", "use super::ledger::Event;"),
            (
                "server/src/ledger/entry.rs",
                "use crate::{store::Entry, service::Hub};",
            ),
            (
                "server/src/ledger.rs",
                "mod tests { use super::super::service::Hub; }",
            ),
            ("server/src/service.rs", "fn f() { log!(crate::grpc::status()); }"),
            ("server/src/service/consent.rs", "use crate::transport::Caller;"),
            ("server/src/service.rs", "use crate::web;"),
            ("server/src/grpc.rs", "use crate::web::page;"),
            ("server/src/transport/tls.rs", "use crate::config::File;"),
            ("server/src/service.rs", "use crate::app::Running;"),
            ("server/src/service.rs", "use crate::*;"),
            ("server/src/limit.rs", "use crate::store::Store;"),
        ] {
            assert_eq!(arrows(path, text).len(), 1, "{path}: {text}");
        }
    }

    #[test]
    fn a_turned_arrow_is_named_with_its_line() {
        let found = arrows("server/src/store.rs", "//! Text.\n\nuse crate::service::Hub;\n");
        assert_eq!(
            found,
            ["server/src/store.rs:3: store must not use crate::service::Hub"]
        );
    }

    fn skipped(path: &str, text: &str) -> usize {
        skipped_service(&Source::planted(path, text)).len()
    }

    #[test]
    fn records_at_an_edge_and_powers_in_the_service_are_fine() {
        assert_eq!(
            skipped(
                "server/src/grpc/encode.rs",
                "use crate::store::{Delivery, UnitKey};"
            ),
            0
        );
        assert_eq!(
            skipped(
                "server/src/web/page.rs",
                "use crate::ledger::Event; use crate::service::*;"
            ),
            0
        );
        assert_eq!(
            skipped(
                "server/src/service/consent.rs",
                "use crate::store::{Change, Store};"
            ),
            0
        );
        assert_eq!(
            skipped("server/src/app.rs", "use crate::store::sqlite; use crate::store;"),
            0
        );
    }

    #[test]
    fn powers_at_an_edge_are_seen() {
        for text in [
            "use crate::store::Store;",
            "use crate::store::{Delivery, Change};",
            "use super::super::store::sqlite::Sqlite;",
            "fn f(a: crate::store::Admitted) {}",
            "use crate::ledger::{Event, sequencer};",
            "use crate::store;",
            "use crate::{service, ledger as book};",
            "use crate::store::*;",
            "use crate::store::{self, Delivery};",
        ] {
            assert_eq!(skipped("server/src/grpc/consent.rs", text), 1, "{text}");
            assert_eq!(skipped("server/src/web/page.rs", text), 1, "{text}");
        }
    }
}
