//! The story in English. Units keep their Swedish names, with what they are in front.

use super::{Frame, Line, Papers, Readable, ReportWords, Try};
use crate::step::{Outcome, StepId};
use crate::world::{Unit, quoted};

pub(super) const PAPERS: Papers = Papers {
    summons_title: "Meeting about a coordinated individual plan",
    purpose: "To agree on who does what so that Alva can go back to school",
    question: "Which support does Alva need at school and at home this spring, and who gives it?",
    place: "The library's meeting room, Exempelby",
    coordinator: "Coordinator at the unit for children and young people",
    competence: "Somebody who knows Alva and may decide about treatment",
    prepare: "Write down what you do today and what you see ahead",
    reply: "Per comes, with the mandate to decide about treatment for six months",
    note_title: "Before the meeting",
    note: "Alva sleeps badly before school days and has asked to begin with half days after the holidays.",
    report: "Alva says that she does not dare to go home today. A bruise on her arm that she will not talk about.",
    audit: "Sample check of disclosures, spring",
};

pub(super) const READABLE: Readable = Readable {
    can_heading: "What the hub can read",
    can: &[
        "which unit sends to which unit, when, how much, and on which basis",
        "the kind of document, its categories and its purpose, because the consent is judged by them",
        "who the child and the guardians are: names and identity numbers lie encrypted in the database, \
         with the key beside it",
        "what the guardians were asked, and how they answered",
    ],
    cannot_heading: "What the hub cannot read",
    cannot: &[
        "what a summons, reply, note or report says: it is sealed at the sender and opened at the recipient",
        "a document's title",
        "any unit's private keys",
    ],
};

pub(super) const REPORT: ReportWords = ReportWords {
    title: "Samrum: a summons, two guardians and a change of mind",
    lead: "A summons about a child passed because both guardians said yes. It stopped when one said no. Below \
           is every step as it went, and the receipts by which it can be checked.",
    played: "Played on",
    story: "The story",
    receipts: "Receipts",
    receipts_lead: "Each decision has a place in a log that can only grow. The leaf's hash commits to what was \
                    decided without showing it; the signed checkpoint fixes all leaves before it.",
    decision: "Decision",
    by: "Asked by",
    answer: "Answer",
    place: "Place in the log",
    leaf: "Leaf hash",
    yes: "yes",
    no: "no",
    checkpoint: "Signed checkpoint",
    log_key: "The log's public key",
    invented: "All people and organisations are invented. The certificates are for development only.",
};

pub(super) const fn title(step: StepId) -> &'static str {
    match step {
        StepId::SummonsWithoutConsent => {
            "Social services summon child psychiatry and pupil health to a meeting about Alva, nine years old. \
             Nobody has asked her guardians."
        }
        StepId::ConsentRequested => "Social services ask both guardians for their consent.",
        StepId::FirstGuardianSigns => "Kim, the first guardian, reads on a page what is asked, and signs.",
        StepId::SummonsWithOneSignature => "Social services try again, with one signature of two.",
        StepId::SecondGuardianSigns => "Robin, the second guardian, reads the same, and signs.",
        StepId::Check => {
            "Before writing a word, social services ask: may we share this with child psychiatry, pupil health \
             and the private clinic?"
        }
        StepId::SummonsSent => "Social services send the summons to those two who may have it.",
        StepId::SummonsOpened => {
            "Child psychiatry and pupil health open the summons; child psychiatry replies."
        }
        StepId::HubCannotRead => {
            "Somebody takes the hub's disk and searches every file for what was written."
        }
        StepId::NoteQueued => "Social services send a note to child psychiatry. It waits there, unopened.",
        StepId::ConsentRevoked => "Robin changes their mind and says no.",
        StepId::NoteWithheld => "Social services look how the note fares.",
        StepId::LateFetch => "Child psychiatry tries to open the note all the same.",
        StepId::ConcernReportPasses => {
            "Pupil health is worried about Alva and reports it to social services, though consent is gone."
        }
        StepId::AuditShows => "The municipality's auditor looks up who disclosed what about Alva, and why.",
        StepId::LedgerVerified => {
            "Two units check that the log holds every decision that they were promised."
        }
        StepId::LedgerTampered => {
            "An insider copies the hub, turns a no into a yes and covers it up with the log's own key. \
             The same check is run against the copy."
        }
    }
}

pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Deny => "refused",
        Outcome::Ok => "done",
        Outcome::Permit => "passed",
        Outcome::Withheld => "withheld",
        Outcome::Verified => "verified",
        Outcome::Rejected => "found out",
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "one table of sentences, to be read beside the other language's"
)]
pub(super) fn line(line: &Line) -> String {
    match line {
        Line::Because(reason) => reason.sentence.clone(),
        Line::Missing { name } => format!("{name} has not signed."),
        Line::Asked { until } => format!(
            "Asked: that social services, child psychiatry and pupil health share with each other what the \
             meeting needs, through {until}. Both guardians must say yes."
        ),
        Line::Signed { name, awaited: 0 } => {
            format!("{name} said yes. Everyone has signed: the consent is in force.")
        }
        Line::Signed { name, awaited } => format!("{name} said yes. Signatures still awaited: {awaited}."),
        Line::Answered {
            unit,
            permitted: true,
            ..
        } => format!("{}: yes.", name(unit)),
        Line::Answered { unit, .. } => format!("{}: no.", name(unit)),
        Line::SummonsSent { units } => format!("The summons passed, sealed for {}.", names(units)),
        Line::SummonsRead { unit, question } => format!("{} reads: “{question}”", capital(&name(unit))),
        Line::ReplyRead { unit, message } => format!("{} accepts: “{message}”", capital(&name(unit))),
        Line::NotFound {
            phrases,
            files,
            kilobytes,
        } => format!(
            "{phrases} phrases, names and numbers, in text, UTF-16, base64 and hexadecimal: not one is found in \
             {files} files ({kilobytes} kB)."
        ),
        Line::FoundThough { phrase, places } => {
            format!("The same search does find what lies there openly: “{phrase}” (files: {places}).")
        }
        Line::NoteWaits { unit } => format!("The note passed and waits for {}.", name(unit)),
        Line::Revoked {
            name,
            in_browser: true,
        } => format!("{name} took the consent back, in the browser."),
        Line::Revoked {
            name,
            in_browser: false,
        } => {
            format!("{name} took the consent back on the page, without having to say why.")
        }
        Line::Withheld { milliseconds: 0 } => {
            "Withheld for good, at the very moment of the no. Nobody has read it, and nobody will.".to_owned()
        }
        Line::Withheld { milliseconds } => {
            format!("Withheld for good, {milliseconds} ms after the no. Nobody has read it, and nobody will.")
        }
        Line::ReadStaysRead => "The summons had been read before; what was read cannot be unread.".to_owned(),
        Line::RestsOn { provision } => format!("It rests on a duty, not on consent: {provision}."),
        Line::ReportRead { unit } => format!("The report passed, and {} has read it.", name(unit)),
        Line::Audited {
            organisation,
            permitted,
            denied,
        } => format!(
            "The auditor of {} sees every decision about its units' documents (yes: {permitted}, no: {denied}), \
             and no text.",
            organisation.name
        ),
        Line::AuditSeen => "The auditor's own search is in the list as well.".to_owned(),
        Line::NothingFor { organisation } => format!(
            "The auditor of {}, which disclosed nothing, sees nothing but the own search.",
            organisation.name
        ),
        Line::TicketsHold { unit, tickets, size } => format!(
            "{}: all {tickets} tickets became entries, in one log of {size} entries that only grew.",
            capital(&name(unit))
        ),
        Line::CopyHolds { tickets } => {
            format!("The untouched copy passes the check: {tickets} tickets hold.")
        }
        Line::Altered { unit } => format!(
            "Then the insider makes the no to {} a yes, and signs the whole log anew.",
            name(unit)
        ),
        Line::NobodyWithoutTickets => {
            "Somebody who kept no tickets sees nothing wrong: the altered log agrees with itself.".to_owned()
        }
        Line::FoundOut { sentence } => format!("Social services kept theirs: {sentence}"),
    }
}

pub(super) fn frame(frame: &Frame) -> String {
    match frame {
        Frame::CasesTitle => {
            "Samrum: may I share this? The same question in one case after the other".to_owned()
        }
        Frame::Title => {
            "Samrum: a summons passes because the guardians said yes, and stops when one says no".to_owned()
        }
        Frame::Opening {
            child,
            guardians: [first, second],
        } => format!(
            "Exempelby kommun, Region Exempel and a private clinic share a hub. {child} is nine years old; {first} \
             and {second} have custody. Everybody is invented, everything happens on this machine, each unit is \
             a process of its own with its own keys and certificate."
        ),
        Frame::SettingUp => {
            "Making keys and certificates, starting the hub, filling the directory …".to_owned()
        }
        Frame::Ready { seconds } => format!("Ready after {seconds:.1} seconds."),
        Frame::YourTurn { link } => format!(
            "You are Robin, the second guardian. Open this link, read, and say no:\n\n    {link}\n\nOr press \
             Enter, and Robin does it without you."
        ),
        Frame::AllAnswered { seconds } => {
            format!("Every case had the answer that it must have, in {seconds:.1} seconds.")
        }
        Frame::AllWell { seconds } => format!("All 17 steps did what they must, in {seconds:.1} seconds."),
        Frame::Failed { expected, came } => {
            format!("This step did not do what it must.\n  Expected: {expected}\n  Came: {came}")
        }
        Frame::ReportWritten { file } => format!("The story with its receipts: {}", file.display()),
        Frame::WorkFrom { folder } => format!(
            "Every command below works as it is shown, in another terminal, after:\n\n    cd {}",
            quoted(folder)
        ),
        Frame::StaysUp => "The hub stays up. The guardians' pages:".to_owned(),
        Frame::LinkOf { name, link } => format!("{name}: {link}"),
        Frame::Commands => "Commands to try, in another terminal:".to_owned(),
        Frame::Command(command) => tried(*command).to_owned(),
        Frame::CaseCommands => {
            "Sign or take back on a page and ask again: the answers to cases 1 and 2 change. More to try, \
             in another terminal:"
                .to_owned()
        }
        Frame::MoreCases => {
            "Fourteen questions of the kind \"may I share this?\", each with its answer: samrum-demo --cases"
                .to_owned()
        }
        Frame::HowToEnd => "Ctrl-C stops the hub and removes everything.".to_owned(),
        Frame::Kept { folder } => format!("Ctrl-C stops the hub. The folder stays: {}", folder.display()),
        Frame::Stopped => "Stopped.".to_owned(),
    }
}

/// What a command to try does.
const fn tried(command: Try) -> &'static str {
    match command {
        Try::Directory => "Who can be addressed",
        Try::Check => "May social services share this now?",
        Try::Explain => "Why the late opening was refused",
        Try::Inbox => "What child psychiatry's inbox holds",
        Try::Consent => "The consent as it stands now",
        Try::Audit => "Who disclosed what (asks for the child's number)",
        Try::Verify => "Does the log keep its promises?",
        Try::Assess => "Case 6: social services make their assessment (asks what was found, and why)",
        Try::Facts => "A colleague looks at it, and attests it: individual attest, same profile",
        Try::Receipt => "Case 1: the receipt that the guardians have",
        Try::Provisions => "What a disclosure can rest on, and what is turned on",
        Try::TurnOff => "Case 9: the operator turns the provision off again (asks why)",
    }
}

pub(super) fn provision(provision: &str) -> String {
    format!("Provision: {provision}")
}

pub(super) fn remedy(remedy: &str) -> String {
    format!("What can be done: {remedy}")
}

/// A unit as people who do not know it understand it.
fn name(unit: &Unit) -> String {
    let what = match unit.slug {
        "social-services" => "social services",
        "reception" => "the social services board's reception",
        "pupil-health" => "pupil health",
        "school" => "the school",
        "child-psychiatry" => "child psychiatry",
        "private-clinic" => "the private clinic",
        _ => return unit.name.to_owned(),
    };
    format!("{what} ({})", unit.name)
}

fn names(units: &[&Unit]) -> String {
    units
        .iter()
        .map(|unit| name(unit))
        .collect::<Vec<_>>()
        .join(" and ")
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
