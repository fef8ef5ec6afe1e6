//! The command as a whole, as far as it goes without a hub.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

use serde_json::Value;

use super::*;
use crate::profile::tests::{UNIT, written};

/// An output that a test reads afterwards.
#[derive(Clone, Default)]
struct Output(Rc<RefCell<Vec<u8>>>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

struct Ran {
    exit: Exit,
    out: String,
    err: String,
}

fn samrum(arguments: &[&str]) -> Ran {
    let arguments: Vec<OsString> = ["samrum"].iter().chain(arguments).map(OsString::from).collect();
    let (out, err) = (Output::default(), Output::default());
    let environment = Environment::default();
    let exit = run_on(
        &arguments,
        &environment,
        Box::new(out.clone()),
        Box::new(err.clone()),
    );
    Ran {
        exit,
        out: out.text(),
        err: err.text(),
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_parser_holds_together() {
    parser().debug_assert();
}

#[test]
fn groups_and_commands_are_the_documented_ones() {
    let commands = |group: &clap::Command| {
        group
            .get_subcommands()
            .map(|command| command.get_name().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let parser = parser();
    let groups = "key directory individual consent check send inbox audit provision ledger completion";
    assert_eq!(commands(&parser), groups);
    for (group, expected) in [
        ("key", "organisation generate register compromised list"),
        ("directory", "list show create-organisation create-unit"),
        (
            "individual",
            "register show assess risk hindered circumstance attest facts set-representation",
        ),
        ("provision", "list on off"),
        (
            "consent",
            "request show list record-signature decline narrow accept receipt revoke",
        ),
        ("check", "explain"),
        ("send", "status retry"),
        ("inbox", "list watch open reject"),
        ("audit", "search show"),
        ("ledger", "checkpoint receipt verify"),
    ] {
        assert_eq!(
            commands(parser.find_subcommand(group).unwrap()),
            expected,
            "{group}"
        );
    }
}

#[test]
fn every_command_and_option_has_its_help() {
    fn judge(command: &clap::Command) {
        let path = command.get_name();
        assert!(command.get_about().is_some(), "{path} says what it does");
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            assert!(argument.get_help().is_some(), "{path} {argument} says what it is");
        }
        command.get_subcommands().for_each(judge);
    }
    judge(&parser());
    let help = samrum(&["--help"]);
    assert_eq!(help.exit, Exit::Ok);
    assert!(
        help.out.contains("Exit codes: 0 ok") && help.out.contains("SAMRUM_PROFILE"),
        "{}",
        help.out
    );
}

#[test]
fn an_identity_number_is_refused_before_anything_and_never_repeated() {
    for arguments in [
        vec!["check", "--about", "20170309-9802"],
        vec!["--json", "audit", "search", "--reason", "about 201703099802"],
        vec!["nonsense", "1703099802"],
    ] {
        let ran = samrum(&arguments);
        assert_eq!(ran.exit, Exit::Usage, "{arguments:?}");
        assert!(!ran.err.contains("9802") && ran.out.is_empty(), "{}", ran.err);
        assert!(ran.err.contains("standard input"), "{}", ran.err);
    }
    let twin = samrum(&["check", "--about", UNIT]);
    assert!(
        !twin.err.contains("identity number"),
        "an id passes: {}",
        twin.err
    );
}

#[test]
fn usage_failures_are_one_json_object_when_json_is_wanted() {
    let ran = samrum(&["--json", "consent", "show", "not-an-id"]);
    assert_eq!(ran.exit, Exit::Usage);
    let failure = json(&ran.err);
    assert!(
        failure["error"]
            .as_str()
            .unwrap()
            .contains("consent id must be a UUID"),
        "{failure}"
    );
    assert_eq!(failure["reason"], Value::Null);
    assert_eq!(failure["decision_id"], Value::Null);
}

#[test]
fn a_missing_profile_says_how_to_name_one() {
    let ran = samrum(&["directory", "list"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(
        ran.err.contains("--profile") && ran.err.contains("SAMRUM_PROFILE"),
        "{}",
        ran.err
    );
}

#[test]
fn keys_are_made_without_a_hub() {
    let profile = written(&format!("unit = \"{UNIT}\"\n"));
    let directory = profile.path().to_str().unwrap();
    let organisation = profile.path().join("organisation.key");
    let organisation = organisation.to_str().unwrap();
    let made = samrum(&["--json", "key", "organisation", "--out", organisation]);
    assert_eq!(made.exit, Exit::Ok, "{}", made.err);
    assert_eq!(
        json(&made.out)["organisation_public_key"].as_str().unwrap().len(),
        64
    );
    let again = samrum(&["--json", "key", "organisation", "--out", organisation]);
    assert_eq!(
        again.exit,
        Exit::Failed,
        "an organisation's key is never overwritten"
    );
    let generated = samrum(&["--json", "--profile", directory, "key", "generate"]);
    assert_eq!(json(&generated.out)["unit_id"], UNIT, "{}", generated.err);
}

#[test]
fn a_certificate_that_is_not_there_is_named() {
    let profile = written(&format!("unit = \"{UNIT}\"\n"));
    let ran = samrum(&["--profile", profile.path().to_str().unwrap(), "directory", "list"]);
    assert_eq!(ran.exit, Exit::Failed);
    assert!(
        ran.err.contains("unit.pem") && ran.err.contains("certificate"),
        "{}",
        ran.err
    );
}

#[test]
fn contradicting_and_incomplete_arguments_are_usage_failures() {
    for arguments in [
        vec!["send", "retry", "--kind", "note"],
        vec!["check"],
        vec!["send", "--kind", "note"],
        vec![
            "check",
            "--about",
            UNIT,
            "--to",
            "x",
            "--category",
            "MEDICATION",
            "--kind",
            "letter",
            "--purpose",
            "sip",
        ],
        vec!["consent", "record-signature", UNIT, "--signatory", "1"],
        vec![
            "consent",
            "record-signature",
            UNIT,
            "--signatory",
            "1",
            "--oral",
            "only-one",
        ],
        vec!["directory", "create-organisation"],
        vec!["--timeout", "61", "directory", "list"],
        vec!["--lang", "tlh", "directory", "list"],
    ] {
        let ran = samrum(&arguments);
        assert_eq!(ran.exit, Exit::Usage, "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_basis_is_named_whole_and_its_reason_is_no_argument() {
    let question = [
        "check",
        "--about",
        UNIT,
        "--to",
        UNIT,
        "--category",
        "MEDICATION",
        "--kind",
        "information",
        "--purpose",
        "sip",
    ];
    let parse = |basis: &[&str]| {
        Arguments::try_parse_from([&["samrum"], question.as_slice(), basis].concat()).map(|_| ())
    };
    for good in [
        vec![],
        vec!["--basis", "consent"],
        vec!["--basis", "duty"],
        vec!["--provision", "OSL-25-12"],
        vec!["--basis", "provision", "--provision", "OSL-25-12"],
        vec!["--provision", "OSL-25-12", "--reason-file", "why.txt"],
        vec!["--in-reply-to", UNIT],
    ] {
        assert!(parse(&good).is_ok(), "{good:?}: {:?}", parse(&good));
    }
    for bad in [
        vec!["--basis", "provision"],
        vec!["--reason-file", "why.txt"],
        vec!["--provision", "OSL-25-12", "--reason", "because"],
        vec!["--basis", "hope"],
        vec!["--in-reply-to", "a letter"],
    ] {
        assert!(parse(&bad).is_err(), "{bad:?}");
    }
}

#[test]
fn what_professionals_find_is_recorded_without_names_or_reasons_as_arguments() {
    let parse = |line: &str| {
        let line = line.replace('*', UNIT);
        Arguments::try_parse_from(line.split(' ')).map(|_| ())
    };
    for good in [
        "samrum individual assess * --matter sip --until 2026-09-01",
        "samrum individual assess * --matter sip --maturity takes-part --from 2026-03-01 --until 2026-09-01",
        "samrum individual risk * --category HOME_FAMILY ABUSE_VIOLENCE --review-at 2026-09-01",
        "samrum individual hindered * --until 2026-03-20 --cannot-wait",
        "samrum individual circumstance * --circumstance inquiry-decided --until 2026-09-01",
        "samrum individual attest *",
        "samrum individual facts *",
        "samrum consent request --individual * --source x --recipient y --category MEDICATION --kind note --purpose sip \
         --act share --until 2026-09-01 --supersedes *",
        "samrum send --about * --to x --category MEDICATION --kind reply --purpose sip --in-reply-to *",
        "samrum consent accept *",
        "samrum consent receipt * --text --save receipt.txt",
        "samrum consent receipt * --json",
        "samrum provision list --all",
        "samrum provision on OSL-25-12",
        "samrum provision off OSL-25-12",
    ] {
        assert!(parse(good).is_ok(), "{good}: {:?}", parse(good));
    }
    for bad in [
        "samrum individual assess * --until 2026-09-01",
        "samrum individual assess * --matter sip --maturity grown --until 2026-09-01",
        "samrum individual assess * --matter sip --until 2026-09-01 --reason because",
        "samrum individual risk * --review-at 2026-09-01",
        "samrum individual risk * --guardian Kim --category HOME_FAMILY --review-at 2026-09-01",
        "samrum individual hindered * --cannot-wait",
        "samrum individual circumstance * --circumstance lost --until 2026-09-01",
        "samrum individual attest",
        "samrum consent accept",
        "samrum consent request --individual * --source x --recipient y --category MEDICATION --kind note --purpose sip \
         --act share --until 2026-09-01 --supersedes Kim",
        "samrum consent receipt * --text --json",
        "samrum provision on",
        "samrum provision on OSL-25-12 --reason because",
    ] {
        assert!(parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn wrong_use_is_told_in_the_language_that_was_asked_for() {
    for (arguments, english, swedish) in [
        (
            vec!["directory", "list"],
            "no profile was named",
            "ingen profil är angiven",
        ),
        (
            vec!["consnt"],
            "there is no command consnt",
            "det finns inget kommando consnt",
        ),
        (
            vec!["provision", "on"],
            "this is missing: <ID>",
            "det här saknas: <ID>",
        ),
        (
            vec!["directory", "list", "--fast"],
            "--fast is not known here",
            "--fast finns inte här",
        ),
        (
            vec!["consent", "show", "x"],
            "x is no value for <CONSENT>",
            "x går inte för <CONSENT>",
        ),
        (
            vec![
                "individual",
                "assess",
                UNIT,
                "--matter",
                "joy",
                "--until",
                "2026-09-01",
            ],
            "possible: SIP",
            "möjligt: SIP",
        ),
        (
            vec!["consent", "receipt", UNIT, "--text", "--json"],
            "cannot stand together",
            "kan inte stå tillsammans",
        ),
        (
            vec!["check", "--about", "20170309-9802"],
            "looks like a personal",
            "ser ut som ett personnummer",
        ),
    ] {
        for (language, expected) in [("en", english), ("sv", swedish)] {
            for lang in [
                vec!["--lang", language],
                vec![if language == "sv" {
                    "--lang=sv"
                } else {
                    "--lang=en"
                }],
            ] {
                let ran = samrum(&[lang.as_slice(), arguments.as_slice()].concat());
                assert_eq!(ran.exit, Exit::Usage, "{arguments:?}: {}", ran.err);
                assert!(
                    ran.err.contains(expected),
                    "{arguments:?} in {language}: {}",
                    ran.err
                );
            }
        }
    }
}

#[test]
fn completion_scripts_are_written_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = samrum(&["completion", shell]);
        assert_eq!(ran.exit, Exit::Ok);
        assert!(ran.out.contains("set-representation"), "{shell}");
    }
}
