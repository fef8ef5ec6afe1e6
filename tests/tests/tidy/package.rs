//! The arrows between crates: `consent ← proto ← {server, client} ← {tests, ops/demo}`,
//! `{client/ui, proto/lane} ← {client, server}`, and `certs-dev` on its own. Behind `tests` stands `tests/peers`, last of all.

use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

const CERTS: &str = "samrum-certs";
const CLIENT: &str = "samrum-client";
const CONSENT: &str = "samrum-consent";
const DEMO: &str = "samrum-demo";
const LANE: &str = "samrum-lane";
const PEERS: &str = "samrum-peers";
const PROTO: &str = "samrum-proto";
const SERVER: &str = "samrum-server";
const TESTS: &str = "samrum-tests";
const UI: &str = "samrum-ui";

/// What each crate of ours may use of ours.
const ARROWS: [(&str, &[&str]); 10] = [
    (CONSENT, &[]),
    (CERTS, &[]),
    (PROTO, &[CONSENT]),
    (LANE, &[]),
    (UI, &[CONSENT]),
    (SERVER, &[CONSENT, LANE, PROTO, UI]),
    (CLIENT, &[CONSENT, LANE, PROTO, UI]),
    (TESTS, &[CERTS, CLIENT, CONSENT, LANE, PROTO, SERVER, UI]),
    (DEMO, &[CERTS, CLIENT, CONSENT, PROTO, SERVER, UI]),
    (PEERS, &[CERTS, CLIENT, CONSENT, PROTO, SERVER, TESTS, UI]),
];

/// What they may use besides, in their tests.
const ARROWS_OF_TESTS: [(&str, &[&str]); 2] = [(SERVER, &[CERTS]), (CLIENT, &[CERTS])];

/// The beginning of our crates' names.
const OURS: &str = "samrum-";

/// A crate of the workspace.
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// What it depends on, ours and others'.
    pub(crate) dependencies: Vec<Dependency>,
}

/// A crate that another depends on.
pub(crate) struct Dependency {
    /// Its name.
    pub(crate) name: String,
    /// Whether only tests use it.
    pub(crate) of_tests: bool,
}

/// The crates of the workspace with this manifest.
#[must_use]
pub(crate) fn read(manifest: &Path) -> Vec<Package> {
    let metadata = MetadataCommand::new()
        .manifest_path(manifest)
        .no_deps()
        .exec()
        .unwrap();
    let dependency = |dependency: &cargo_metadata::Dependency| Dependency {
        name: dependency.name.clone(),
        of_tests: dependency.kind == DependencyKind::Development,
    };
    metadata
        .packages
        .iter()
        .map(|package| Package {
            name: package.name.to_string(),
            dependencies: package.dependencies.iter().map(dependency).collect(),
        })
        .collect()
}

/// Dependencies that no arrow allows, and crates that have no place among the arrows.
#[must_use]
pub(crate) fn turned_arrows(packages: &[Package]) -> Vec<String> {
    packages.iter().flat_map(turned_arrows_of).collect()
}

fn turned_arrows_of(package: &Package) -> Vec<String> {
    let Some(allowed) = allowed(&ARROWS, &package.name) else {
        return vec![format!(
            "{} has no place among the arrows: give it one in the tidy test",
            package.name
        )];
    };
    let in_tests = allowed_in_tests(&package.name);
    let has_arrow = |dependency: &&Dependency| {
        let name = dependency.name.as_str();
        allowed.contains(&name) || (dependency.of_tests && in_tests.contains(&name))
    };
    let ours = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.name.starts_with(OURS));
    ours.filter(|dependency| !has_arrow(dependency))
        .map(|dependency| format!("{} must not depend on {}", package.name, dependency.name))
        .collect()
}

fn allowed(arrows: &[(&str, &'static [&'static str])], name: &str) -> Option<&'static [&'static str]> {
    arrows.iter().find(|(from, _)| *from == name).map(|(_, to)| *to)
}

fn allowed_in_tests(name: &str) -> &'static [&'static str] {
    allowed(&ARROWS_OF_TESTS, name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[&str], of_tests: bool) -> Package {
        let dependency = |name: &&str| Dependency {
            name: (*name).to_owned(),
            of_tests,
        };
        Package {
            name: name.to_owned(),
            dependencies: dependencies.iter().map(dependency).collect(),
        }
    }

    #[test]
    fn arrows_as_they_are_drawn_are_fine() {
        let packages = [
            package(CONSENT, &["jiff"], false),
            package(PROTO, &[CONSENT, "prost"], false),
            package(UI, &[CONSENT], false),
            package(SERVER, &[CONSENT, PROTO, UI], false),
            package(SERVER, &[CERTS], true),
            package(CLIENT, &[CERTS], true),
            package(TESTS, &[CERTS, CLIENT, CONSENT, PROTO, SERVER, UI], false),
            package(DEMO, &[CERTS, CLIENT, PROTO, SERVER], false),
            package(PEERS, &[CONSENT, PROTO, SERVER, TESTS, "cedar-policy"], false),
        ];
        assert!(turned_arrows(&packages).is_empty());
    }

    #[test]
    fn each_turned_arrow_is_seen() {
        for (name, dependency, of_tests) in [
            (CONSENT, PROTO, false),
            (CONSENT, PROTO, true),
            (PROTO, SERVER, false),
            (SERVER, CLIENT, false),
            (SERVER, CLIENT, true),
            (CLIENT, SERVER, false),
            (CLIENT, SERVER, true),
            (SERVER, CERTS, false),
            (PROTO, CERTS, true),
            (CERTS, CONSENT, false),
            (CERTS, CONSENT, true),
            (UI, PROTO, false),
            (SERVER, TESTS, true),
            (DEMO, TESTS, false),
            (TESTS, PEERS, true),
            (SERVER, PEERS, true),
        ] {
            let found = turned_arrows(&[package(name, &[dependency], of_tests)]);
            assert_eq!(found, [format!("{name} must not depend on {dependency}")]);
        }
    }

    #[test]
    fn a_crate_without_a_place_is_seen() {
        let found = turned_arrows(&[package("samrum-anything", &[], false)]);
        assert_eq!(
            found,
            ["samrum-anything has no place among the arrows: give it one in the tidy test"]
        );
    }
}
