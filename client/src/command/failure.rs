//! What failed, said so that somebody can do something about it.

use samrum_consent::id::EntryId;
use samrum_proto::convert::InvalidField;
use samrum_proto::document::InvalidDocument;
use samrum_ui::{reason_sentence, remedy_sentence};
use serde::Serialize;
use tonic::Code;

use super::decision;
use super::screen::{Look, Screen};
use super::session::{Session, UnitNames};
use crate::error::{Answered, Error, Misused};
use crate::view::{self, Verdict};

/// One failure: an object for programs, a few lines for people.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Failure {
    /// What was wrong, in a sentence.
    pub(crate) error: String,
    /// The stable code, where the hub gave one.
    pub(crate) reason: Option<String>,
    /// What can be done, by its code.
    pub(crate) remedy: Option<String>,
    /// The decision behind it.
    #[serde(serialize_with = "view::optional")]
    pub(crate) decision_id: Option<EntryId>,
    /// Fields at fault.
    pub(crate) fields: Vec<FieldFailure>,
    /// Every recipient's answer, where the decision could be explained.
    pub(crate) verdicts: Vec<Verdict>,
}

/// One field at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FieldFailure {
    /// Which.
    pub(crate) field: String,
    /// What is wrong.
    pub(crate) problem: String,
}

impl Failure {
    /// A failure that is all sentence.
    pub(crate) const fn said(error: String) -> Self {
        Self {
            error,
            reason: None,
            remedy: None,
            decision_id: None,
            fields: Vec::new(),
            verdicts: Vec::new(),
        }
    }

    /// What an error says in the language of the answers.
    pub(crate) fn of(error: &Error, screen: &Screen) -> Self {
        if let Error::Misused(Misused::Document(InvalidDocument::Fields(fields))) = error {
            let problem = |invalid: &InvalidField| FieldFailure {
                field: invalid.field.to_owned(),
                problem: invalid.problem.to_string(),
            };
            let fields = fields.iter().map(problem).collect();
            return Self {
                fields,
                ..Self::said(screen.say("cli-document-incomplete", &[]))
            };
        }
        let Some(answered) = error.answered() else {
            return Self::said(error.to_string());
        };
        let fields = answered.fields.iter();
        Self {
            error: sentence(answered, screen),
            reason: answered.reason.clone(),
            remedy: answered.remedy.clone(),
            decision_id: answered.decision,
            fields: fields
                .map(|(field, problem)| FieldFailure {
                    field: field.clone(),
                    problem: problem.clone(),
                })
                .collect(),
            verdicts: Vec::new(),
        }
    }

    /// The failure in words: the sentence, fields or every reason, what can be done.
    pub(crate) fn words(&self, screen: &Screen) -> String {
        let mut words = format!("{} {}", screen.look(Look::Bad, "samrum:"), self.error);
        for FieldFailure { field, problem } in &self.fields {
            words.push_str(&format!("\n  {field}: {problem}"));
        }
        if self.verdicts.is_empty() {
            if let Some(remedy) = &self.remedy {
                words.push_str(&format!("\n  → {}", remedy_sentence(remedy, screen.language())));
            }
            if let Some(decision) = self.decision_id {
                let hint = screen.say("cli-explain-hint", &[("decision", &decision.to_string())]);
                words.push_str(&format!("\n  {}", screen.look(Look::Faint, &hint)));
            }
        } else {
            for line in decision::lines(&self.verdicts, screen) {
                words.push_str(&format!("\n{line}"));
            }
            if let Some(decision) = self.decision_id {
                let line = screen.say("cli-decision", &[("decision", &decision.to_string())]);
                words.push_str(&format!("\n{}", screen.look(Look::Faint, &line)));
            }
        }
        words
    }
}

/// The reason's own sentence; where the hub says more than that, the hub's words behind it.
fn sentence(answered: &Answered, screen: &Screen) -> String {
    let language = screen.language();
    let from_hub = || {
        let same_language = |sentence: &&crate::error::answered::Sentence| sentence.locale == language.code();
        answered
            .sentence
            .as_ref()
            .filter(same_language)
            .map_or(answered.message.as_str(), |said| said.text.as_str())
    };
    let Some(code) = answered.reason.as_deref() else {
        return answered.to_string();
    };
    let arguments: Vec<_> = answered.arguments.iter().collect();
    let sentence = reason_sentence(code, &arguments, language);
    let decided = answered.decision.is_some() || answered.code == Code::NotFound;
    if sentence == code {
        let said = from_hub();
        return if said.is_empty() {
            code.to_owned()
        } else {
            said.to_owned()
        };
    }
    if decided || !answered.fields.is_empty() || answered.message.is_empty() {
        return sentence;
    }
    format!("{sentence} ({})", answered.message)
}

/// The failure of a command; for a refusal that comes from a decision, with every recipient's answer.
pub(crate) async fn explained(session: &Session, error: &Error) -> Failure {
    let mut failure = Failure::of(error, &session.screen);
    let refused = error
        .answered()
        .filter(|answered| answered.code == Code::PermissionDenied);
    let Some(decision) = refused.and_then(|answered| answered.decision) else {
        return failure;
    };
    let told = async {
        let client = session.client()?;
        let mut explained = client.explain(decision).await?;
        UnitNames::fetch(&client).await?.fill(&mut explained.verdicts);
        Ok::<_, Error>(explained.verdicts)
    };
    // The refusal stands and is told whether or not the hub also explains it.
    if let Ok(mut verdicts) = told.await {
        decision::fill_sentences(&mut verdicts, session.screen.language());
        failure.verdicts = verdicts;
    }
    failure
}
