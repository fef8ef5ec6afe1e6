//! What is said of the story, in plain sentences: values here, words in one file per language.
//!
//! Every match is exhaustive in both languages, so that a sentence that is missing does not compile. Reasons
//! come from the `samrum` command in the language of the story; provisions and remedies from the catalogue
//! and `samrum-ui`.

mod english;
mod swedish;

use std::path::PathBuf;

use samrum_consent::law::Law;
use samrum_ui::{Language, remedy_sentence};

use crate::step::{Outcome, StepId};
use crate::verdict::Reason;
use crate::world::{Organisation, Unit};

/// Something said of a step.
#[derive(Debug, Clone)]
pub(crate) enum Line {
    /// A refusal's reason.
    Because(Reason),
    /// Whose signature is missing.
    Missing { name: String },
    /// What is asked for.
    Asked { until: String },
    /// Somebody signed, and who is still awaited.
    Signed { name: &'static str, awaited: usize },
    /// One recipient's answer.
    Answered {
        unit: &'static Unit,
        permitted: bool,
        reasons: Vec<Reason>,
    },
    /// A summons is on its way.
    SummonsSent { units: Vec<&'static Unit> },
    /// A recipient read the summons' question.
    SummonsRead { unit: &'static Unit, question: String },
    /// The answer came back.
    ReplyRead { unit: &'static Unit, message: String },
    /// The search found nothing.
    NotFound {
        phrases: usize,
        files: usize,
        kilobytes: usize,
    },
    /// The same search found what does lie there in the clear.
    FoundThough { phrase: String, places: usize },
    /// A note waits.
    NoteWaits { unit: &'static Unit },
    /// Somebody took their consent back.
    Revoked { name: &'static str, in_browser: bool },
    /// How long it took until the sender saw it.
    Withheld { milliseconds: u128 },
    /// What has been read stays read.
    ReadStaysRead,
    /// On which provision something passed.
    RestsOn { provision: String },
    /// The report was read.
    ReportRead { unit: &'static Unit },
    /// What an auditor saw.
    Audited {
        organisation: &'static Organisation,
        permitted: usize,
        denied: usize,
    },
    /// The auditor's search is itself there.
    AuditSeen,
    /// An organisation that disclosed nothing sees nothing.
    NothingFor { organisation: &'static Organisation },
    /// A unit's tickets all hold.
    TicketsHold {
        unit: &'static Unit,
        tickets: u64,
        size: u64,
    },
    /// The copy is as good as the hub.
    CopyHolds { tickets: u64 },
    /// What the insider did.
    Altered { unit: &'static Unit },
    /// Who kept nothing sees nothing.
    NobodyWithoutTickets,
    /// What the verification said.
    FoundOut { sentence: String },
}

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Let through, found good.
    Good,
    /// Refused, withheld, found out.
    Bad,
    /// Told.
    Plain,
}

/// What frames the story.
#[derive(Debug, Clone)]
pub(crate) enum Frame {
    /// What this is.
    Title,
    /// What the cases are.
    CasesTitle,
    /// What is about to happen.
    Opening {
        child: &'static str,
        guardians: [&'static str; 2],
    },
    /// The world is being set up.
    SettingUp,
    /// The hub serves.
    Ready { seconds: f64 },
    /// A person may be the second guardian.
    YourTurn { link: String },
    /// Everything did what it must.
    AllWell { seconds: f64 },
    /// Every case had the answer that it must have.
    AllAnswered { seconds: f64 },
    /// A step did not.
    Failed { expected: String, came: String },
    /// The report was written.
    ReportWritten { file: PathBuf },
    /// Where the commands of the cases work.
    WorkFrom { folder: PathBuf },
    /// The hub stays up.
    StaysUp,
    /// A guardian's link.
    LinkOf { name: &'static str, link: String },
    /// Commands follow.
    Commands,
    /// Commands of the cases follow.
    CaseCommands,
    /// What a command does.
    Command(Try),
    /// That there are cases too.
    MoreCases,
    /// How to end.
    HowToEnd,
    /// The folder stays.
    Kept { folder: PathBuf },
    /// Everything was stopped and removed.
    Stopped,
}

/// A command to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Try {
    /// Who can be addressed.
    Directory,
    /// Ask.
    Check,
    /// The refusal of a note.
    Explain,
    /// The inbox.
    Inbox,
    /// The consent as it stands.
    Consent,
    /// The auditor's view.
    Audit,
    /// The log.
    Verify,
    /// Record what is missing in a case.
    Assess,
    /// Look at what waits for a colleague.
    Facts,
    /// The receipt of a consent.
    Receipt,
    /// The catalogue.
    Provisions,
    /// Turn a provision off.
    TurnOff,
}

/// The documents of the story.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Papers {
    /// The summons' title.
    pub(crate) summons_title: &'static str,
    /// Why the meeting is held.
    pub(crate) purpose: &'static str,
    /// What is asked.
    pub(crate) question: &'static str,
    /// Where.
    pub(crate) place: &'static str,
    /// Who answers to the family.
    pub(crate) coordinator: &'static str,
    /// Which competence is asked for.
    pub(crate) competence: &'static str,
    /// What to prepare.
    pub(crate) prepare: &'static str,
    /// The answer.
    pub(crate) reply: &'static str,
    /// The note's title.
    pub(crate) note_title: &'static str,
    /// The note.
    pub(crate) note: &'static str,
    /// The concern report.
    pub(crate) report: &'static str,
    /// Why the auditor looks.
    pub(crate) audit: &'static str,
}

/// What the hub can and cannot read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Readable {
    /// Heading of the first list.
    pub(crate) can_heading: &'static str,
    /// What the hub can read.
    pub(crate) can: &'static [&'static str],
    /// Heading of the second list.
    pub(crate) cannot_heading: &'static str,
    /// What it cannot.
    pub(crate) cannot: &'static [&'static str],
}

/// The words around the report's tables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReportWords {
    /// The page's title.
    pub(crate) title: &'static str,
    /// What the reader holds in hand.
    pub(crate) lead: &'static str,
    /// When it was played.
    pub(crate) played: &'static str,
    /// Heading of the story.
    pub(crate) story: &'static str,
    /// Heading of the receipts.
    pub(crate) receipts: &'static str,
    /// What receipts are.
    pub(crate) receipts_lead: &'static str,
    /// Column: what was decided.
    pub(crate) decision: &'static str,
    /// Column: who asked.
    pub(crate) by: &'static str,
    /// Column: yes or no.
    pub(crate) answer: &'static str,
    /// Column: place in the log.
    pub(crate) place: &'static str,
    /// Column: the leaf's hash.
    pub(crate) leaf: &'static str,
    /// Yes.
    pub(crate) yes: &'static str,
    /// No.
    pub(crate) no: &'static str,
    /// Heading of the checkpoint.
    pub(crate) checkpoint: &'static str,
    /// The log's public key.
    pub(crate) log_key: &'static str,
    /// That everything is invented.
    pub(crate) invented: &'static str,
}

macro_rules! in_both {
    ($language:expr, $function:ident($($argument:expr),*)) => {
        match $language {
            Language::English => english::$function($($argument),*),
            Language::Swedish => swedish::$function($($argument),*),
        }
    };
}

/// Who does what in a step.
pub(crate) fn title(step: StepId, language: Language) -> &'static str {
    in_both!(language, title(step))
}

/// One word for how a step ended.
pub(crate) fn outcome(outcome: Outcome, language: Language) -> &'static str {
    in_both!(language, outcome(outcome))
}

/// A frame's sentence.
pub(crate) fn frame(frame: &Frame, language: Language) -> String {
    in_both!(language, frame(frame))
}

/// The documents of the story.
pub(crate) const fn papers(language: Language) -> Papers {
    match language {
        Language::English => english::PAPERS,
        Language::Swedish => swedish::PAPERS,
    }
}

/// What the hub can and cannot read.
pub(crate) const fn readable(language: Language) -> Readable {
    match language {
        Language::English => english::READABLE,
        Language::Swedish => swedish::READABLE,
    }
}

/// The report's words.
pub(crate) const fn report_words(language: Language) -> ReportWords {
    match language {
        Language::English => english::REPORT,
        Language::Swedish => swedish::REPORT,
    }
}

/// The sentences of a line, the first one standing for all; with how they look.
pub(crate) fn sentences(line: &Line, language: Language) -> (Tone, Vec<String>) {
    match line {
        Line::Because(reason) => (Tone::Bad, because(reason, language)),
        Line::Answered {
            permitted: false,
            reasons,
            ..
        } => {
            let mut all = vec![in_both!(language, line(line))];
            all.extend(reasons.iter().flat_map(|reason| because(reason, language)));
            (Tone::Bad, all)
        }
        Line::RestsOn { provision } => {
            let text = provision_text(provision, language).map(|(_, summary)| summary);
            let all = std::iter::once(in_both!(language, line(line))).chain(text);
            (Tone::Good, all.collect())
        }
        _ => (tone(line), vec![in_both!(language, line(line))]),
    }
}

const fn tone(line: &Line) -> Tone {
    match line {
        Line::Answered { permitted: true, .. }
        | Line::SummonsSent { .. }
        | Line::NoteWaits { .. }
        | Line::NotFound { .. }
        | Line::TicketsHold { .. }
        | Line::CopyHolds { .. }
        | Line::Audited { .. }
        | Line::ReportRead { .. } => Tone::Good,
        Line::Withheld { .. } | Line::Missing { .. } | Line::FoundOut { .. } => Tone::Bad,
        _ => Tone::Plain,
    }
}

/// A reason: its sentence, the provision behind it, and what can be done.
fn because(reason: &Reason, language: Language) -> Vec<String> {
    let mut sentences = vec![reason.sentence.clone()];
    if let Some(id) = &reason.provision_id {
        let place = provision_text(id, language).map_or_else(String::new, |(place, _)| format!(" ({place})"));
        sentences.push(in_both!(language, provision(&format!("{id}{place}"))));
    }
    if let Some(remedy) = &reason.remedy {
        sentences.push(in_both!(language, remedy(&remedy_sentence(remedy, language))));
    }
    sentences
}

/// Where a provision stands, and what it says in short.
pub(crate) fn provision_text(id: &str, language: Language) -> Option<(String, String)> {
    let law = Law::embedded().ok()?;
    let provision = law.provision(id)?;
    let summary = match language {
        Language::English => &provision.en,
        Language::Swedish => &provision.sv,
    };
    // A section sign stays with its number.
    let section = provision.section.replace(" §", "\u{a0}§");
    Some((format!("{} {section}", provision.statute), summary.clone()))
}

#[cfg(test)]
mod tests;
