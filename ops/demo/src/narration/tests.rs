//! Every step, line and frame is told in both languages, in words of its own.

use super::*;
use crate::world;

const LANGUAGES: [Language; 2] = [Language::English, Language::Swedish];

fn reason() -> Reason {
    Reason {
        code: "CONSENT_REVOKED".to_owned(),
        provision_id: Some("GDPR-7-3".to_owned()),
        remedy: Some("REQUEST_CONSENT".to_owned()),
        sentence: "A sentence from the command".to_owned(),
        ..Reason::default()
    }
}

/// One of each kind.
#[expect(clippy::too_many_lines, reason = "a list with one of each kind")]
fn lines() -> Vec<Line> {
    let unit = &world::CHILD_PSYCHIATRY;
    let (organisation, name) = (&world::EXEMPELBY, "Kim Exempel");
    let answered = |permitted, reasons| Line::Answered {
        unit,
        permitted,
        reasons,
    };
    vec![
        Line::Missing {
            name: name.to_owned(),
        },
        Line::Asked {
            until: "2027".to_owned(),
        },
        Line::Signed { name, awaited: 1 },
        Line::Signed { name, awaited: 0 },
        answered(true, Vec::new()),
        answered(false, vec![reason()]),
        Line::SummonsSent {
            units: vec![unit, &world::PUPIL_HEALTH],
        },
        Line::SummonsRead {
            unit,
            question: "?".to_owned(),
        },
        Line::ReplyRead {
            unit,
            message: "!".to_owned(),
        },
        Line::NotFound {
            phrases: 9,
            files: 5,
            kilobytes: 400,
        },
        Line::FoundThough {
            phrase: "BUP".to_owned(),
            places: 2,
        },
        Line::NoteWaits { unit },
        Line::Revoked {
            name,
            in_browser: true,
        },
        Line::Revoked {
            name,
            in_browser: false,
        },
        Line::Withheld { milliseconds: 41 },
        Line::Withheld { milliseconds: 0 },
        Line::ReadStaysRead,
        Line::RestsOn {
            provision: "SOL2025-19-1".to_owned(),
        },
        Line::ReportRead { unit },
        Line::Audited {
            organisation,
            permitted: 6,
            denied: 4,
        },
        Line::AuditSeen,
        Line::NothingFor { organisation },
        Line::TicketsHold {
            unit,
            tickets: 5,
            size: 40,
        },
        Line::CopyHolds { tickets: 5 },
        Line::Altered { unit },
        Line::NobodyWithoutTickets,
        Line::FoundOut {
            sentence: "…".to_owned(),
        },
    ]
}

fn frames() -> Vec<Frame> {
    let mut frames = vec![
        Frame::Title,
        Frame::CasesTitle,
        Frame::Opening {
            child: "Alva",
            guardians: ["Kim", "Robin"],
        },
        Frame::SettingUp,
        Frame::Ready { seconds: 1.25 },
        Frame::YourTurn {
            link: "http://x".to_owned(),
        },
        Frame::AllWell { seconds: 9.5 },
        Frame::AllAnswered { seconds: 9.5 },
        Frame::Failed {
            expected: "a".to_owned(),
            came: "b".to_owned(),
        },
        Frame::ReportWritten {
            file: "r.html".into(),
        },
        Frame::StaysUp,
        Frame::WorkFrom { folder: "f".into() },
        Frame::CaseCommands,
        Frame::MoreCases,
        Frame::Commands,
        Frame::HowToEnd,
        Frame::Kept { folder: "f".into() },
        Frame::Stopped,
    ];
    let tries = [
        Try::Directory,
        Try::Check,
        Try::Explain,
        Try::Inbox,
        Try::Consent,
        Try::Audit,
        Try::Verify,
        Try::Assess,
        Try::Facts,
        Try::Receipt,
        Try::Provisions,
        Try::TurnOff,
    ];
    frames.extend(tries.map(Frame::Command));
    frames
}

/// Not empty, and not the same in both languages.
fn differs(english: &str, swedish: &str) {
    assert!(!english.trim().is_empty() && !swedish.trim().is_empty());
    assert_ne!(english, swedish);
}

#[test]
fn every_step_has_a_title_and_an_outcome_in_both_languages() {
    for step in StepId::ALL {
        differs(title(*step, Language::English), title(*step, Language::Swedish));
        let word = |language| outcome(step.must(), language);
        differs(word(Language::English), word(Language::Swedish));
    }
}

#[test]
fn every_line_and_frame_is_said_in_both_languages() {
    for line in lines() {
        let said = LANGUAGES.map(|language| sentences(&line, language).1);
        differs(&said[0].join(" "), &said[1].join(" "));
    }
    for one in frames() {
        differs(&frame(&one, Language::English), &frame(&one, Language::Swedish));
    }
}

#[test]
fn papers_and_lists_are_told_in_both_languages() {
    let [english, swedish] = LANGUAGES.map(papers);
    differs(english.question, swedish.question);
    differs(english.note, swedish.note);
    let [english, swedish] = LANGUAGES.map(readable);
    assert_eq!(english.can.len(), swedish.can.len());
    assert_eq!(english.cannot.len(), swedish.cannot.len());
    differs(english.can[0], swedish.can[0]);
    let [english, swedish] = LANGUAGES.map(report_words);
    differs(english.title, swedish.title);
}

#[test]
fn a_refusal_says_why_on_which_provision_and_what_can_be_done() {
    for language in LANGUAGES {
        let (tone, said) = sentences(&Line::Because(reason()), language);
        assert_eq!((tone, said.len()), (Tone::Bad, 3));
        assert_eq!(said[0], "A sentence from the command");
        assert!(said[1].contains("GDPR-7-3"), "{}", said[1]);
        assert!(!said[2].contains("REQUEST_CONSENT"), "{}", said[2]);
    }
}

#[test]
fn a_duty_is_explained_from_the_catalogue() {
    for language in LANGUAGES {
        let (place, summary) = provision_text("SOL2025-19-1", language).unwrap();
        assert!(place.contains("2025:400") && !summary.is_empty());
        let (_, said) = sentences(
            &Line::RestsOn {
                provision: "SOL2025-19-1".to_owned(),
            },
            language,
        );
        assert_eq!(said.len(), 2, "{said:?}");
    }
    assert!(provision_text("NO-SUCH", Language::English).is_none());
}
