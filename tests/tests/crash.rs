//! The program `crash`, once in earnest and once with a broken promise: it finds nothing, and it finds that.

use samrum_tests::judged_by;

/// Runs it; whether it found every promise kept, and what it printed.
fn crash(arguments: &[&str]) -> (Option<i32>, String) {
    judged_by(env!("CARGO_BIN_EXE_crash"), arguments)
}

#[test]
fn what_was_answered_survives_a_kill_with_power_loss() {
    let (code, said) = crash(&["--kills", "1", "--power-loss"]);
    assert_eq!(code, Some(0), "{said}");
    for line in ["kills: 1", "lost: 0", "duplicated: 0", "ledger: consistent"] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
}

#[test]
fn a_hub_that_never_syncs_is_found_out() {
    let (code, said) = crash(&["--kills", "1", "--power-loss", "--sabotage", "unsynced"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(!said.lines().any(|line| line == "lost: 0"), "{said}");
}

#[test]
fn what_was_answered_survives_the_loss_of_the_databases_primary() {
    // With this seed the primary is killed first, then the hub.
    let (code, said) = crash(&["--kills", "2", "--store", "postgres", "--seed", "2"]);
    assert_eq!(code, Some(0), "{said}");
    for line in [
        "kills: 2",
        "primaries_killed: 1",
        "lost: 0",
        "duplicated: 0",
        "ledger: consistent",
    ] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
}

#[test]
fn a_primary_that_does_not_wait_for_its_standby_is_found_out() {
    let (code, said) = crash(&["--kills", "1", "--store", "postgres", "--sabotage", "unsynced"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(!said.lines().any(|line| line == "lost: 0"), "{said}");
}
