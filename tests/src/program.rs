//! A program that judges, as its own test runs it.

use std::process::Command;

/// Runs it to its end; the exit code, and what it printed. What it told beside that shows where the test fails: a program
/// that panicked says there where.
///
/// # Panics
///
/// If it cannot be run.
#[must_use]
pub fn judged_by(program: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let ran = Command::new(program).args(arguments).output().unwrap();
    eprintln!("{}", String::from_utf8_lossy(&ran.stderr));
    (ran.status.code(), String::from_utf8(ran.stdout).unwrap())
}
