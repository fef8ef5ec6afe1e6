//! Verdicts in words: yes or no per recipient, on what it rests, every reason with its provision and remedy.
//!
//! What can be prepared for a remedy is `advice`'s. Words say what colours and symbols say.

mod advice;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::Timestamp;
use samrum_consent::id::{ConsentId, FactId, UnitId};
use samrum_consent::vocabulary::Basis;
use samrum_ui::{Language, category, day, ending, moment, provision, reason_sentence};

use super::screen::{Look, Screen};
use super::session::{Session, UnitNames};
use crate::client::{Client, Question};
use crate::error::Result;
use crate::view::{ConsentVersion, Decision, FactUsed, Ground, ProvisionText, Reason, Verdict};

/// The most consents whose end is looked up for one answer.
const MAX_CONSENTS_DATED: usize = 10;
/// How far what is said of a recipient stands in.
const INDENT: usize = 2;
/// How many of an id's last characters tell it from others; its first ones are a time.
const SHORT_ID: usize = 8;

/// What is known around an answer, beyond the answer.
pub(crate) struct Context<'a> {
    /// Names of units.
    pub(crate) names: &'a UnitNames,
    /// The language of the sentences.
    pub(crate) language: Language,
    /// When it was decided.
    pub(crate) decided_at: Timestamp,
    /// What was asked, where this run asked it.
    pub(crate) question: Option<&'a Question>,
    /// Who asked.
    pub(crate) sender: Option<UnitId>,
    /// This unit's records about them that nobody has attested.
    pub(crate) unattested: &'a [FactId],
}

/// Puts names, sentences, provisions, ends of consents and advice into an answer of the hub.
pub(crate) async fn complete(session: &Session, client: &Client, decision: &mut Decision) -> Result<()> {
    let names = UnitNames::fetch(client).await?;
    date(client, &mut decision.verdicts).await;
    let question = session.question.as_ref();
    let unattested = unattested(client, question, &decision.verdicts).await;
    let context = Context {
        names: &names,
        language: session.screen.language(),
        decided_at: decision.decided_at,
        question,
        sender: client.profile().unit().ok(),
        unattested: &unattested,
    };
    fill(&mut decision.verdicts, &context);
    Ok(())
}

/// This unit's own records that wait for a colleague, where the answer says that one is missing. Those that cannot
/// be looked up now are left to the command that lists them.
async fn unattested(client: &Client, question: Option<&Question>, verdicts: &[Verdict]) -> Vec<FactId> {
    let waits = |verdict: &Verdict| {
        verdict
            .reasons
            .iter()
            .any(|reason| reason.code == "FACT_NOT_ATTESTED")
    };
    let mut waiting = Vec::new();
    if verdicts.iter().any(waits) {
        for individual in question.iter().flat_map(|question| &question.individuals) {
            let facts = client.facts(*individual).await.unwrap_or_default();
            let alone = facts.iter().filter(|fact| fact.attested_by.is_none());
            waiting.extend(alone.map(|fact| fact.fact_id));
        }
    }
    waiting
}

/// Until when the consents hold that a yes rests on. One that has changed since, or can no longer be looked up,
/// stays without: the answer stands as it was given.
async fn date(client: &Client, verdicts: &mut [Verdict]) {
    let mut versions: Vec<&mut ConsentVersion> = verdicts
        .iter_mut()
        .filter_map(|verdict| match &mut verdict.ground {
            Some(Ground::Consents(consents)) => Some(consents),
            _ => None,
        })
        .flatten()
        .collect();
    let consents: BTreeSet<ConsentId> = versions.iter().map(|version| version.consent_id).collect();
    for id in consents.into_iter().take(MAX_CONSENTS_DATED) {
        let Ok(consent) = client.consent(id).await else {
            continue;
        };
        let same = |version: &&mut &mut ConsentVersion| {
            version.consent_id == id && version.revision == consent.revision
        };
        for version in versions.iter_mut().filter(same) {
            version.valid_until = Some(consent.scope.valid_until);
        }
    }
}

/// Puts names, sentences, provisions and advice into verdicts.
pub(crate) fn fill(verdicts: &mut [Verdict], context: &Context<'_>) {
    context.names.fill(verdicts);
    for verdict in verdicts {
        let language = context.language;
        if let Some(Ground::ProvisionId(id)) = &verdict.ground {
            verdict.provision = Some(in_words(id, language));
        }
        for alternative in &mut verdict.alternatives {
            *alternative = in_words(&alternative.provision_id, language);
        }
        let recipient = verdict.recipient_unit_id;
        let reasons = verdict.reasons.clone();
        for reason in &mut verdict.reasons {
            say(reason, language);
            if reason.provision.is_none() {
                reason.provision = relied_on(reason, context);
            }
            reason.advice = advice::of(reason, &reasons, recipient, context);
        }
        for warning in &mut verdict.warnings {
            say(warning, language);
            warning.sentence = warned(warning, language);
        }
    }
}

fn say(reason: &mut Reason, language: Language) {
    let arguments: Vec<_> = reason.arguments.iter().collect();
    reason.sentence = reason_sentence(&reason.code, &arguments, language);
    reason.provision = reason.provision_id.as_deref().map(|id| in_words(id, language));
}

/// The provision that the question names, where it is what the reason is about.
fn relied_on(reason: &Reason, context: &Context<'_>) -> Option<ProvisionText> {
    match context.question?.basis.as_ref()? {
        Basis::Provision { id, .. } if reason.code.starts_with("PROVISION_") => {
            Some(in_words(id, context.language))
        }
        _ => None,
    }
}

/// What was ruled out, and that it does not stand in the way here.
fn warned(warning: &Reason, language: Language) -> String {
    let argument = warning
        .arguments
        .get("category")
        .and_then(|word| word.parse().ok());
    let (id, arguments) = match (warning.code.as_str(), argument) {
        ("CATEGORY_EXCLUDED", Some(word)) => (
            "cli-warning-category",
            vec![("category", category(word, language))],
        ),
        ("UNIT_EXCLUDED", _) => ("cli-warning-unit", Vec::new()),
        ("DOCUMENT_EXCLUDED", _) => ("cli-warning-document", Vec::new()),
        _ => ("cli-warning-other", vec![("sentence", warning.sentence.clone())]),
    };
    samrum_ui::text(id, &arguments, language)
}

fn in_words(id: &str, language: Language) -> ProvisionText {
    provision(id, language).map_or_else(
        || ProvisionText::named(id),
        |words| ProvisionText {
            provision_id: id.to_owned(),
            statute: words.statute.to_owned(),
            section: words.section.to_owned(),
            sentence: words.sentence.to_owned(),
        },
    )
}

/// A whole decision.
pub(crate) fn show(decision: &Decision, screen: &mut Screen) {
    for line in lines(&decision.verdicts, screen, 0) {
        screen.line(&line);
    }
    let at = moment(decision.decided_at, screen.language());
    let id = decision.decision_id.to_string();
    let line = screen.say("cli-decided", &[("decision", &id), ("at", &at)]);
    screen.line("");
    for line in screen.wrapped(&line, 0, INDENT) {
        let line = screen.look(Look::Faint, &line);
        screen.line(&line);
    }
}

/// Each verdict in a paragraph of its own, all `indent` in.
pub(crate) fn lines(verdicts: &[Verdict], screen: &Screen, indent: usize) -> Vec<String> {
    let mut paragraphs = Paragraphs {
        screen,
        indent,
        lines: Vec::new(),
        explained: BTreeSet::new(),
    };
    for (place, verdict) in verdicts.iter().enumerate() {
        if place > 0 {
            paragraphs.lines.push(String::new());
        }
        paragraphs.verdict(verdict);
    }
    paragraphs.lines
}

/// Lines as they come, and the provisions that have been explained already.
struct Paragraphs<'a> {
    screen: &'a Screen,
    indent: usize,
    lines: Vec<String>,
    explained: BTreeSet<String>,
}

impl Paragraphs<'_> {
    fn verdict(&mut self, verdict: &Verdict) {
        let id = verdict.recipient_unit_id.to_string();
        let name = verdict.recipient_name.as_deref().unwrap_or(&id);
        let (answer, look) = if verdict.permitted {
            (format!("✓ {}", self.screen.say("cli-yes", &[])), Look::Good)
        } else {
            (format!("✗ {}", self.screen.say("cli-no", &[])), Look::Bad)
        };
        let heading = format!("{answer}: {name}");
        let from = self.lines.len();
        self.wrapped(&heading, 0);
        let coloured = self.screen.look(look, &answer);
        if let Some(line) = self.lines.get_mut(from) {
            *line = line.replacen(&answer, &coloured, 1);
        }
        if let Some(ground) = &verdict.ground {
            self.ground(ground, verdict.provision.as_ref());
        }
        for reason in &verdict.reasons {
            self.reason(reason);
        }
        for warning in &verdict.warnings {
            self.labelled("cli-label-note", &warning.sentence, INDENT);
        }
        for alternative in &verdict.alternatives {
            let citation = citation(alternative);
            let line = self.screen.say("cli-alternative", &[("provision", &citation)]);
            self.labelled("cli-label-or", &line, INDENT);
        }
        if !verdict.facts.is_empty() {
            let facts: Vec<String> = verdict
                .facts
                .iter()
                .map(|fact| fact_used(fact, self.screen))
                .collect();
            self.labelled("cli-label-facts", &facts.join("; "), INDENT);
        }
    }

    fn ground(&mut self, ground: &Ground, provision: Option<&ProvisionText>) {
        match (ground, provision) {
            (Ground::Consents(consents), _) => {
                for version in consents {
                    let line = on_consent(version, self.screen);
                    self.labelled("cli-label-ground", &line, INDENT);
                }
            }
            (Ground::ProvisionId(_), Some(provision)) => self.law("cli-label-ground", provision, INDENT),
            (Ground::ProvisionId(id), None) => self.labelled("cli-label-ground", id, INDENT),
        }
    }

    fn reason(&mut self, reason: &Reason) {
        let code = format!("[{}]", reason.code);
        let from = self.lines.len();
        self.labelled("cli-label-why", &format!("{} {code}", reason.sentence), INDENT);
        let faint = self.screen.look(Look::Faint, &code);
        for line in self.lines.iter_mut().skip(from) {
            *line = line.replace(&code, &faint);
        }
        if let Some(provision) = &reason.provision {
            self.law("cli-label-law", provision, 2 * INDENT);
        }
        if let Some(advice) = &reason.advice {
            self.labelled("cli-label-do", &advice.sentence, 2 * INDENT);
            for command in &advice.commands {
                let indent = self.indent + 3 * INDENT;
                self.lines
                    .extend(super::layout::command(command, self.screen.width(), indent));
            }
        }
    }

    /// Where it stands; what it says, the first time.
    fn law(&mut self, label: &str, provision: &ProvisionText, indent: usize) {
        let citation = citation(provision);
        let first = self.explained.insert(provision.provision_id.clone());
        let line = if first && !provision.sentence.is_empty() {
            format!("{citation}. {}", provision.sentence)
        } else {
            format!("{citation}.")
        };
        self.labelled(label, &line, indent);
    }

    fn labelled(&mut self, label: &str, text: &str, indent: usize) {
        let label = self.screen.say(label, &[]);
        self.wrapped(&format!("{label}: {text}"), indent);
    }

    fn wrapped(&mut self, text: &str, indent: usize) {
        let first = self.indent + indent;
        self.lines
            .extend(self.screen.wrapped(text, first, first + INDENT));
    }
}

/// Statute, section and id.
fn citation(provision: &ProvisionText) -> String {
    let id = &provision.provision_id;
    if provision.statute.is_empty() {
        id.clone()
    } else {
        format!("{}, {} ({id})", provision.statute, provision.section)
    }
}

fn on_consent(version: &ConsentVersion, screen: &Screen) -> String {
    let (consent, revision) = (short(&version.consent_id), version.revision.to_string());
    match version.valid_until {
        Some(until) => {
            let ending = ending(until, screen.language());
            screen.say(
                "cli-on-consent-ending",
                &[
                    ("consent", &consent),
                    ("revision", &revision),
                    ("ending", &ending),
                ],
            )
        }
        None => screen.say(
            "cli-on-consent",
            &[("consent", &consent), ("revision", &revision)],
        ),
    }
}

fn fact_used(fact: &FactUsed, screen: &Screen) -> String {
    let id = fact.fact_id.as_ref().map(short).unwrap_or_default();
    let named = |sentence| screen.say(sentence, &[("id", &id)]);
    match (fact.kind, fact.source, fact.checked_at) {
        ("CUSTODY", Some(source), Some(checked)) => {
            let checked = day(checked, screen.language());
            let sentence = if source == "COURT_DECISION" {
                "cli-fact-custody-court"
            } else {
                "cli-fact-custody-register"
            };
            screen.say(sentence, &[("checked", &checked)])
        }
        ("ASSESSMENT", ..) => named("cli-fact-assessment"),
        ("HINDRANCE", ..) => named("cli-fact-hindrance"),
        ("RISK", ..) => named("cli-fact-risk"),
        ("REPRESENTATIVE", ..) => named("cli-fact-representative"),
        ("CARE_ORDER", ..) => named("cli-fact-care-order"),
        ("SITUATION", ..) => named("cli-fact-situation"),
        _ => screen.say("cli-fact-custody", &[]),
    }
}

/// An id for reading: its last characters.
pub(crate) fn short(id: &impl ToString) -> String {
    let id = id.to_string();
    let from = id.len().saturating_sub(SHORT_ID);
    format!("…{}", id.get(from..).unwrap_or(&id))
}
