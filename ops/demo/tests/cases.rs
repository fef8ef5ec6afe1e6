//! `samrum-demo --cases`: every case by real processes over mutual TLS, in both languages, with its answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;

/// The most columns of whatever people read.
const COLUMNS: usize = 80;

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
    let (well, out) = demo(&["--once", "--cases", "--json"]);
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
        let command = object["command"].as_str().unwrap();
        assert!(command.starts_with("samrum check "), "{case}: {command}");
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
    let (well, out) = demo(&["--once", "--cases", "--lang", "sv"]);
    assert!(well, "{out}");
    for part in [
        "  1. Båda vårdnadshavarna har skrivit under",
        " 14. En orosanmälan",
        "Grund: Socialtjänstlag (2025:400), 19 kap. 1 §",
        "Varje fall fick det svar som det ska ha",
    ] {
        assert!(out.contains(part), "{part} in {out}");
    }
    for line in out.lines() {
        assert!(line.chars().count() <= COLUMNS, "{line}");
    }
    // An id is one word here, whatever its last digits are.
    let words = out.split(|character: char| !character.is_ascii_alphanumeric() && character != '-');
    let numbers = words.filter(|word| {
        let digits = word.replacen('-', "", 1);
        digits.len() == 12 && digits.chars().all(|digit| digit.is_ascii_digit())
    });
    assert_eq!(numbers.count(), 0, "{out}");
}

/// Every step with what came of it, in order.
fn steps(way: &str) -> Vec<(Value, Value)> {
    let (well, out) = demo(&["--once", "--json", "--transport", way]);
    assert!(well, "{way}: {out}");
    let objects = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let part = |object: &Value, name: &str| object.get(name).cloned().unwrap_or_default();
    objects
        .map(|object| (part(&object, "step"), part(&object, "outcome")))
        .collect()
}

#[test]
fn the_story_is_the_same_over_quic() {
    let over_quic = steps("quic");
    assert!(
        over_quic
            .iter()
            .all(|(step, outcome)| !step.is_null() && !outcome.is_null())
    );
    assert_eq!(over_quic, steps("tcp"));
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

/// The demo as somebody has it in front of them: it has told every case, and stays up.
struct Up {
    demo: Child,
    told: Vec<String>,
    folder: PathBuf,
}

impl Up {
    fn start() -> Self {
        let mut demo = Command::new(env!("CARGO_BIN_EXE_samrum-demo"))
            .args(["--cases", "--lang", "en"])
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = Vec::new();
        for line in BufReader::new(demo.stdout.take().unwrap()).lines() {
            told.push(line.unwrap());
            if told.last().unwrap().starts_with("Ctrl-C") {
                break;
            }
        }
        let folder = told.iter().find_map(|line| line.strip_prefix("    cd ")).unwrap();
        let folder = PathBuf::from(folder);
        Self { demo, told, folder }
    }

    /// The command as it stands under the line that holds these words.
    fn command_under(&self, words: &str) -> String {
        let after = self.told.iter().skip_while(|line| !line.contains(words));
        let mut lines = Vec::new();
        for line in after.skip_while(|line| !line.contains("./samrum ")) {
            lines.push(line.as_str());
            if !line.ends_with('\\') {
                break;
            }
        }
        lines.join("\n")
    }

    /// What a shell in the world's folder makes of it: exit code, and what was said.
    fn give(&self, command: &str, input: &str) -> (Option<i32>, String) {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", command])
            .current_dir(&self.folder)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        shell.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let ran = shell.wait_with_output().unwrap();
        let said = String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap();
        (ran.status.code(), said)
    }

    /// Ctrl-C.
    fn interrupt(&self) {
        let interrupt = format!("kill -INT {}", self.demo.id());
        // Whatever has ended already cannot be interrupted: how it ended tells the rest.
        let _ = Command::new("/bin/sh")
            .args(["-c", &interrupt])
            .stderr(Stdio::null())
            .status();
    }

    fn end(&mut self) -> ExitStatus {
        self.interrupt();
        self.demo.wait().unwrap()
    }
}

impl Drop for Up {
    /// A test that fails leaves no demo behind.
    fn drop(&mut self) {
        if matches!(self.demo.try_wait(), Ok(None)) {
            self.interrupt();
            let _ = self.demo.wait();
        }
    }
}

#[test]
fn while_the_demo_stays_up_its_commands_work_as_they_stand() {
    let mut up = Up::start();
    let ask = up.command_under(" 2. The same question");
    let (exit, said) = up.give(&ask, "");
    assert!(
        exit == Some(0) && said.contains("SIGNATURE_MISSING"),
        "{ask}: {said}"
    );

    // Case 6 becomes a yes once social services have assessed and a colleague has attested, and not before.
    let ask = up.command_under(" 6. The child is thirteen");
    assert!(up.give(&ask, "").1.contains("MATURITY_UNASSESSED"));
    let assess = up.command_under("Case 6: ");
    let (exit, said) = up.give(&assess, "TAKES_PART\nUnderstands the question.\n");
    assert_eq!(exit, Some(0), "{assess}: {said}");
    assert!(up.give(&ask, "").1.contains("FACT_NOT_ATTESTED"));
    let facts = up.command_under("A colleague looks at it");
    let (_, said) = up.give(&facts, "");
    let attest = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("samrum "))
        .unwrap();
    let by = |profile: &str| format!("./samrum {attest} --profile profiles/{profile}");
    let (exit, said) = up.give(&by("social-services"), "");
    assert!(exit == Some(2) && said.contains("another professional"), "{said}");
    assert_eq!(up.give(&by("social-services-colleague"), "").0, Some(0));
    let (_, said) = up.give(&ask, "");
    assert!(said.starts_with("✓ Yes: "), "{said}");

    // Case 9 becomes a no once the operator turns the provision off.
    let ask = up.command_under(" 9. Now it is turned on");
    let (_, said) = up.give(&ask, "The treatment needs it.\n");
    assert!(said.starts_with("✓ Yes: "), "{said}");
    let (exit, said) = up.give(&up.command_under("Case 9: "), "Decided anew.\n");
    assert_eq!(exit, Some(0), "{said}");
    let (_, said) = up.give(&ask, "The treatment needs it.\n");
    assert!(said.contains("PROVISION_OFF"), "{said}");

    let (exit, said) = up.give(&up.command_under("Case 1: "), "");
    assert!(exit == Some(0) && said.contains("Alva Exempel"), "{said}");
    let folder = up.folder.clone();
    assert!(up.end().success() && !folder.exists(), "nothing is left");
}
