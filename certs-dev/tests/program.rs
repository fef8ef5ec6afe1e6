//! The program: what it writes, what it says, and that a second run changes nothing unless told to.

#![expect(
    clippy::unwrap_used,
    reason = "functions that only tests call fail as tests do"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn run(folder: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_samrum-certs"))
        .arg("--out")
        .arg(folder)
        .args(more)
        .output()
        .unwrap()
}

#[test]
fn a_second_run_refuses_and_force_replaces() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");

    let first = run(folder.path(), &[]);
    assert!(first.status.success(), "{first:?}");
    let said = String::from_utf8(first.stdout).unwrap();
    assert!(
        said.contains("social-services.pem") && said.contains("for development only"),
        "{said}"
    );
    let before = fs::read(&authority).unwrap();

    let second = run(folder.path(), &[]);
    assert!(!second.status.success());
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("ca.pem") && said.contains("--force"), "{said}");
    assert_eq!(fs::read(&authority).unwrap(), before);

    let third = run(folder.path(), &["--force"]);
    assert!(third.status.success(), "{third:?}");
    assert_ne!(fs::read(&authority).unwrap(), before);
}
