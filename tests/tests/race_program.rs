//! The program `race`, once in earnest and once with a broken promise: it finds nothing, and it finds that.

use samrum_tests::judged_by;

/// Runs it with few operations; whether it found every promise kept, and what it printed.
fn race(arguments: &[&str]) -> (Option<i32>, String) {
    let few = ["--operations", "300", "--cells", "6"];
    judged_by(env!("CARGO_BIN_EXE_race"), &[&few, arguments].concat())
}

#[test]
fn no_permit_rests_on_a_consent_that_was_taken_back_on_another_hub() {
    let (code, said) = race(&[]);
    assert_eq!(code, Some(0), "{said}");
    for line in ["stale_permits: 0", "duplicated: 0", "lost: 0"] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
}

#[test]
fn a_check_that_sees_no_revocation_is_found_out() {
    let (code, said) = race(&["--sabotage", "blind"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(!said.lines().any(|line| line == "stale_permits: 0"), "{said}");
}
