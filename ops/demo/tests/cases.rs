//! `samrum-demo --cases`: every case by real processes over mutual TLS, in both languages, with its answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use std::process::Command;

use serde_json::Value;

/// What must come: the case, whether it is yes, and every reason of a no.
const EXPECTED: [(&str, bool, &[&str]); 14] = [
    ("allowed", true, &[]),
    ("guardian-missing", false, &["SIGNATURE_MISSING"]),
    ("category-excluded", false, &["CATEGORY_EXCLUDED"]),
    ("recipient-outside", false, &["RECIPIENT_OUTSIDE_SCOPE"]),
    ("expired", false, &["CONSENT_EXPIRED"]),
    ("maturity-unassessed", false, &["MATURITY_UNASSESSED"]),
    ("custody-unverified", false, &["CUSTODY_UNVERIFIED"]),
    ("support-off", false, &["PROVISION_OFF"]),
    ("support-between-authorities", true, &[]),
    ("support-to-school", false, &["PROVISION_RECIPIENT_MISMATCH"]),
    (
        "support-to-private-clinic",
        false,
        &["PROVISION_RECIPIENT_MISMATCH"],
    ),
    ("plan-on-support", false, &["BASIS_NOT_FOR_KIND"]),
    (
        "general-clause-from-health-care",
        false,
        &["PROVISION_SENDER_MISMATCH"],
    ),
    ("concern-report", true, &[]),
];

fn demo(arguments: &[&str]) -> (bool, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_samrum-demo"))
        .args(arguments)
        .env_clear()
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(said, "", "nothing goes wrong");
    (ran.status.success(), String::from_utf8(ran.stdout).unwrap())
}

#[test]
fn every_case_has_its_answer_in_swedish_and_in_english() {
    let (well, out) = demo(&["--cases", "--json"]);
    assert!(well, "{out}");
    let objects: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(objects.len(), EXPECTED.len(), "{out}");
    for (object, (case, permitted, reasons)) in objects.iter().zip(EXPECTED) {
        assert_eq!(object["case"], case);
        assert_eq!(object["permitted"], permitted, "{case}");
        assert_eq!(object["reasons"], serde_json::json!(reasons), "{case}");
        let (swedish, english) = (object["sv"].as_str().unwrap(), object["en"].as_str().unwrap());
        let (yes, no) = (("✓ Ja: ", "✓ Yes: "), ("✗ Nej: ", "✗ No: "));
        let (expected, other) = if permitted { (yes, no) } else { (no, yes) };
        assert!(
            swedish.starts_with(expected.0) && english.starts_with(expected.1),
            "{case}: {object}"
        );
        assert!(
            !swedish.contains(other.0) && !english.contains(other.1),
            "{case}: {object}"
        );
        for code in reasons {
            assert!(
                swedish.contains(code) && english.contains(code),
                "{case}: {object}"
            );
        }
        if !permitted {
            assert!(
                swedish.contains("Gör så här: ") && english.contains("What to do: "),
                "{case}"
            );
        }
    }
    let rests = objects
        .iter()
        .filter_map(|object| object["provision_id"].as_str());
    assert_eq!(rests.collect::<Vec<_>>(), ["OSL-26-9", "SOL2025-19-1"]);
}

#[test]
fn people_read_the_cases_without_numbers_of_anybody() {
    let (well, out) = demo(&["--cases", "--lang", "sv"]);
    assert!(well, "{out}");
    for part in [
        "  1. Båda vårdnadshavarna har skrivit under",
        " 14. En orosanmälan",
        "Grund: Socialtjänstlag (2025:400), 19 kap. 1 §",
        "Varje fall fick det svar som det ska ha",
    ] {
        assert!(out.contains(part), "{part} in {out}");
    }
    // An id is one word here, whatever its last digits are.
    let words = out.split(|character: char| !character.is_ascii_alphanumeric() && character != '-');
    let numbers = words.filter(|word| {
        let digits = word.replacen('-', "", 1);
        digits.len() == 12 && digits.chars().all(|digit| digit.is_ascii_digit())
    });
    assert_eq!(numbers.count(), 0, "{out}");
}

#[test]
fn the_story_and_the_cases_are_told_apart() {
    let both = Command::new(env!("CARGO_BIN_EXE_samrum-demo"))
        .args(["--cases", "--report", "report.html"])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(both.status.code(), Some(2), "a report tells the story");
}
