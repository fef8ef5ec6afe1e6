//! The check as people see it, line by line: both languages, a usual and a narrow terminal.

use std::collections::BTreeSet;
use std::io;

use samrum_consent::id::{AuthorityId, IndividualId, OrganisationId};
use samrum_consent::vocabulary::{Basis, Category, Holder, Kind, Purpose, Sector};

use super::*;
use crate::command::screen::Environment;
use crate::view::{FactUsed, Unit};

const SENDER: UnitId = UnitId::from_bytes([7; 16]);
const CHILD: IndividualId = IndividualId::from_bytes([5; 16]);

fn screen(locale: &str, columns: usize, colour: bool) -> Screen {
    let environment = Environment {
        locale: Some(locale.to_owned()),
        colour,
        columns: Some(columns),
    };
    Screen::new(&environment, false, Box::new(io::sink()), Box::new(io::sink()))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn unit(id: UnitId, name: &str, board_reception: bool) -> Unit {
    Unit {
        unit_id: id,
        name: name.to_owned(),
        authority_id: AuthorityId::from_bytes([1; 16]),
        authority_name: "Nämnden".to_owned(),
        organisation_id: OrganisationId::from_bytes([1; 16]),
        organisation_name: "Exempelby kommun".to_owned(),
        sector: Sector::SocialServices,
        holder: Holder::Public,
        board_reception,
        hsa_id: String::new(),
    }
}

fn names() -> UnitNames {
    UnitNames::of(&[
        unit(SENDER, "Barn och unga", false),
        unit(UnitId::from_bytes([1; 16]), "BUP Exempelby", false),
        unit(UnitId::from_bytes([2; 16]), "Solsidans mottagning", false),
        unit(UnitId::from_bytes([3; 16]), "Mottagningsgruppen", true),
    ])
}

fn question() -> Question {
    Question {
        individuals: BTreeSet::from([CHILD]),
        recipients: vec![UnitId::from_bytes([1; 16]), UnitId::from_bytes([2; 16])],
        categories: BTreeSet::from([Category::SchoolSituation, Category::Medication]),
        kind: Kind::Plan,
        purpose: Purpose::Sip,
        basis: None,
        in_reply_to: None,
    }
}

fn reason(code: &str, argument: Option<(&str, &str)>, provision: Option<&str>, remedy: &str) -> Reason {
    Reason {
        code: code.to_owned(),
        arguments: argument
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        provision_id: provision.map(str::to_owned),
        remedy: Some(remedy.to_owned()),
        sentence: String::new(),
        provision: None,
        advice: None,
    }
}

fn custody() -> FactUsed {
    FactUsed {
        kind: "CUSTODY",
        fact_id: None,
        source: Some("POPULATION_REGISTER"),
        checked_at: Some(at("2026-03-01T08:00:00Z")),
    }
}

fn verdict(byte: u8, ground: Option<Ground>, reasons: Vec<Reason>) -> Verdict {
    Verdict {
        recipient_unit_id: UnitId::from_bytes([byte; 16]),
        recipient_name: None,
        permitted: ground.is_some(),
        ground,
        reasons,
        provision: None,
        facts: vec![custody()],
        warnings: Vec::new(),
        alternatives: Vec::new(),
    }
}

fn permitted() -> Verdict {
    let consents = vec![ConsentVersion {
        consent_id: ConsentId::from_bytes([3; 16]),
        revision: 4,
        valid_until: Some(at("2026-08-31T22:00:00Z")),
    }];
    verdict(1, Some(Ground::Consents(consents)), Vec::new())
}

fn denied() -> Verdict {
    verdict(
        2,
        None,
        vec![
            reason(
                "SIGNATURE_MISSING",
                Some(("signatory", "2")),
                Some("FB-6-11"),
                "ASK_SIGNATORY",
            ),
            reason(
                "CATEGORY_EXCLUDED",
                Some(("category", "MEDICATION")),
                Some("OSL-10-1"),
                "LEAVE_OUT",
            ),
            reason("RECIPIENT_OUTSIDE_SCOPE", None, Some("OSL-10-1"), "WIDEN_SCOPE"),
        ],
    )
}

/// What is shown of these verdicts.
fn shown(mut verdicts: Vec<Verdict>, question: &Question, locale: &str, columns: usize) -> Vec<String> {
    let (names, screen) = (names(), screen(locale, columns, false));
    let context = Context {
        names: &names,
        language: screen.language(),
        decided_at: at("2026-03-01T09:00:00Z"),
        question: Some(question),
        sender: Some(SENDER),
        unattested: &[],
    };
    fill(&mut verdicts, &context);
    lines(&verdicts, &screen, 0)
}

/// A yes, and a no with everything that can be said of one.
fn example() -> Vec<Verdict> {
    let mut denied = denied();
    denied.warnings = vec![reason("UNIT_EXCLUDED", None, None, "LEAVE_OUT")];
    denied.alternatives = vec![ProvisionText::named("OSL-26-9")];
    vec![permitted(), denied]
}

#[test]
fn a_check_reads_like_this() {
    for (locale, columns, expected) in [
        ("en", 80, include_str!("shown/en-80.txt")),
        ("en", 40, include_str!("shown/en-40.txt")),
        ("sv", 80, include_str!("shown/sv-80.txt")),
        ("sv", 40, include_str!("shown/sv-40.txt")),
    ] {
        let shown = shown(example(), &question(), locale, columns).join("\n");
        assert_eq!(shown, expected.trim_end(), "{locale} at {columns}");
    }
}

#[test]
fn no_line_is_wider_than_the_screen_unless_it_is_one_word() {
    for columns in [32, 40, 55, 80, 100] {
        for line in shown(example(), &question(), "sv", columns) {
            let one_word = line.split_whitespace().filter(|word| *word != "\\").count() == 1;
            assert!(line.chars().count() <= columns || one_word, "{columns}: {line}");
        }
    }
}

#[test]
fn a_yes_on_a_provision_says_what_it_says_and_what_was_ruled_out() {
    let mut on_provision = verdict(1, Some(Ground::ProvisionId("OSL-26-9".to_owned())), Vec::new());
    on_provision.warnings = vec![reason(
        "CATEGORY_EXCLUDED",
        Some(("category", "MEDICATION")),
        None,
        "LEAVE_OUT",
    )];
    let shown = shown(vec![on_provision], &question(), "sv", 100).join(" ");
    for part in [
        "✓ Ja: BUP Exempelby",
        "Grund: Offentlighets- och sekretesslag (2009:400), 26 kap. 9 § (OSL-26-9).",
        "Observera: Den enskilde har i ett samtycke undantagit uppgifter om läkemedel;",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(
        !shown.contains("Gör så här"),
        "a warning asks for nothing: {shown}"
    );
}

#[test]
fn what_the_catalogue_lacks_is_told_by_its_id() {
    let unknown = verdict(1, Some(Ground::ProvisionId("OSL-99-99".to_owned())), Vec::new());
    let shown = shown(vec![unknown], &question(), "en", 80);
    assert!(shown.contains(&"  Ground: OSL-99-99.".to_owned()), "{shown:?}");
}

#[test]
fn colours_only_where_they_are_shown_and_words_without_them() {
    let mut verdicts = example();
    let names = names();
    let context = Context {
        names: &names,
        language: Language::English,
        decided_at: at("2026-03-01T09:00:00Z"),
        question: None,
        sender: None,
        unattested: &[],
    };
    fill(&mut verdicts, &context);
    let plain = lines(&verdicts, &screen("en", 80, false), 0).join("\n");
    let coloured = lines(&verdicts, &screen("en", 80, true), 0).join("\n");
    assert!(
        !plain.contains('\u{1b}') && plain.contains("✗ No: Solsidans"),
        "{plain}"
    );
    assert!(
        coloured.contains("\u{1b}[31m✗ No\u{1b}[0m: Solsidans"),
        "{coloured}"
    );
    let mut stripped = coloured;
    for sequence in ["\u{1b}[31m", "\u{1b}[32m", "\u{1b}[2m", "\u{1b}[1m", "\u{1b}[0m"] {
        stripped = stripped.replace(sequence, "");
    }
    assert_eq!(stripped, plain);
}

#[test]
fn programs_get_sentence_provision_and_commands_of_every_reason() {
    let mut verdicts = example();
    let (names, question) = (names(), question());
    let context = Context {
        names: &names,
        language: Language::Swedish,
        decided_at: at("2026-03-01T09:00:00Z"),
        question: Some(&question),
        sender: Some(SENDER),
        unattested: &[],
    };
    fill(&mut verdicts, &context);
    let json = serde_json::to_value(&verdicts).unwrap();
    let first = &json[1]["reasons"][0];
    assert_eq!(first["code"], "SIGNATURE_MISSING");
    assert_eq!(first["provision"]["statute"], "Föräldrabalk (1949:381)");
    assert_eq!(first["provision"]["section"], "6 kap. 11 och 13 §§");
    assert_eq!(
        first["advice"]["commands"][0],
        format!("samrum consent list --individual {CHILD}")
    );
    assert_eq!(json[1]["facts"][0]["source"], "POPULATION_REGISTER");
    assert_eq!(json[1]["alternatives"][0]["section"], "26 kap. 9 §");
    assert_eq!(
        json[0]["ground"]["consents"][0]["valid_until"],
        "2026-08-31T22:00:00Z"
    );
}

#[test]
fn without_the_question_there_is_advice_and_no_command() {
    let mut verdicts = example();
    let names = names();
    let context = Context {
        names: &names,
        language: Language::English,
        decided_at: at("2026-03-01T09:00:00Z"),
        question: None,
        sender: Some(SENDER),
        unattested: &[],
    };
    fill(&mut verdicts, &context);
    let advice = verdicts[1].reasons[0].advice.as_ref().unwrap();
    assert!(
        advice.sentence.ends_with('.') && advice.commands.is_empty(),
        "{advice:?}"
    );
}

/// Every remedy of `consent`.
const REMEDIES: [&str; 14] = [
    "REQUEST_CONSENT",
    "ASK_SIGNATORY",
    "WIDEN_SCOPE",
    "LEAVE_OUT",
    "WAIT",
    "VERIFY_CUSTODY",
    "ASSESS_MATURITY",
    "ATTEST_FACT",
    "ACCEPT_EVIDENCE",
    "REGISTER_INDIVIDUAL",
    "CHANGE_BASIS",
    "STATE_REASON",
    "SEND_TO_RECEPTION",
    "SEND_ANEW",
];

/// The commands that a reason with this remedy gets.
fn commands(remedy: &str, question: &Question, unattested: &[FactId]) -> Vec<String> {
    let argument = Some(("category", "MEDICATION"));
    let mut verdicts = vec![verdict(
        2,
        None,
        vec![reason("CATEGORY_EXCLUDED", argument, None, remedy)],
    )];
    let names = names();
    let context = Context {
        names: &names,
        language: Language::English,
        decided_at: at("2026-03-01T09:00:00Z"),
        question: Some(question),
        sender: Some(SENDER),
        unattested,
    };
    fill(&mut verdicts, &context);
    verdicts[0].reasons[0].advice.as_ref().unwrap().commands.clone()
}

#[test]
fn every_command_that_is_suggested_is_one_that_samrum_takes() {
    let fact = [FactId::from_bytes([8; 16])];
    let provision = Basis::Provision {
        id: "OSL-26-9".to_owned(),
        reason: "x".to_owned(),
    };
    let mut suggested = 0;
    for basis in [None, Some(Basis::Consent), Some(Basis::Duty), Some(provision)] {
        for kind in [Kind::Plan, Kind::Information, Kind::ConcernReport] {
            let question = Question {
                kind,
                basis: basis.clone(),
                ..question()
            };
            for (remedy, facts) in REMEDIES
                .iter()
                .flat_map(|remedy| [(remedy, &[][..]), (remedy, &fact[..])])
            {
                for command in commands(remedy, &question, facts) {
                    let parsed = crate::command::parser().try_get_matches_from(command.split(' '));
                    assert!(parsed.is_ok(), "{command}: {parsed:?}");
                    suggested += 1;
                }
            }
        }
    }
    assert!(suggested > 100, "{suggested}");
}

#[test]
fn a_suggestion_asks_for_no_more_than_was_asked() {
    let request = commands("REQUEST_CONSENT", &question(), &[]).remove(0);
    for part in [
        "--kind PLAN",
        "--act SHARE PLAN",
        "--source barn-och-unga",
        "--recipient solsidans-mottagning",
    ] {
        assert!(request.contains(part), "{part} in {request}");
    }
    assert!(
        request.contains("--category SCHOOL_SITUATION --kind"),
        "not what was excluded: {request}"
    );
    let report = Question {
        kind: Kind::ConcernReport,
        ..question()
    };
    assert_eq!(commands("REQUEST_CONSENT", &report, &[]), Vec::<String>::new());
    let reception = commands("SEND_TO_RECEPTION", &report, &[]).remove(0);
    assert!(reception.contains("--to mottagningsgruppen "), "{reception}");
    let attest = commands("ATTEST_FACT", &question(), &[FactId::from_bytes([8; 16])]);
    assert_eq!(
        attest,
        ["samrum individual attest 08080808-0808-0808-0808-080808080808"]
    );
}

#[test]
fn basis_is_changed_only_where_another_one_was_named() {
    let with = |basis| Question { basis, ..question() };
    assert_eq!(commands("CHANGE_BASIS", &with(None), &[]), Vec::<String>::new());
    assert_eq!(
        commands("CHANGE_BASIS", &with(Some(Basis::Consent)), &[]),
        Vec::<String>::new()
    );
    let changed = commands("CHANGE_BASIS", &with(Some(Basis::Duty)), &[]).remove(0);
    assert!(changed.ends_with("--basis consent"), "{changed}");
}

#[test]
fn a_provision_that_cannot_be_relied_on_is_named() {
    let off = || {
        vec![verdict(
            2,
            None,
            vec![reason("PROVISION_OFF", None, None, "REQUEST_CONSENT")],
        )]
    };
    let relied_on = Question {
        basis: Some(Basis::Provision {
            id: "OSL-26-9".to_owned(),
            reason: "x".to_owned(),
        }),
        ..question()
    };
    let named = |question: &Question| {
        shown(off(), question, "sv", 100)
            .join(" ")
            .contains("26 kap. 9 §")
    };
    assert!(named(&relied_on) && !named(&question()));
}
