//! What failed, said so that somebody can do something about it.

mod local;

use samrum_consent::id::EntryId;
use samrum_proto::convert::InvalidField;
use samrum_proto::document::InvalidDocument;
use samrum_ui::{reason_sentence, remedy_sentence};
use serde::Serialize;
use tonic::Code;

use super::decision;
use super::screen::{Look, Screen};
use super::session::Session;
use crate::error::{Answered, Error, Misused};
use crate::view::{self, Verdict};

/// How far what is said of a failure stands in.
const INDENT: usize = 2;

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
            let said = local::said(error, screen.language());
            return Self::said(said.unwrap_or_else(|| error.to_string()));
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
        const NAME: &str = "samrum:";
        // With every recipient's answer below, its first reason is not told twice.
        let error = if self.verdicts.is_empty() {
            self.error.clone()
        } else {
            screen.say("cli-refused", &[])
        };
        let said = format!("{NAME} {error}");
        // What has lines of its own, such as how a command is used, keeps them.
        let mut lines = if said.contains('\n') {
            vec![said]
        } else {
            screen.wrapped(&said, 0, INDENT)
        };
        if let Some(line) = lines.first_mut() {
            *line = line.replacen(NAME, &screen.look(Look::Bad, NAME), 1);
        }
        for FieldFailure { field, problem } in &self.fields {
            lines.extend(screen.wrapped(&format!("{field}: {problem}"), INDENT, 2 * INDENT));
        }
        let faint = |line: &str| screen.look(Look::Faint, line);
        let decision = self.decision_id.map(|decision| decision.to_string());
        if self.verdicts.is_empty() {
            if let Some(remedy) = &self.remedy {
                let remedy = format!("→ {}", remedy_sentence(remedy, screen.language()));
                lines.extend(screen.wrapped(&remedy, INDENT, 2 * INDENT));
            }
            if let Some(decision) = &decision {
                let hint = screen.say("cli-explain-hint", &[("decision", decision)]);
                let hint = screen.wrapped(&hint, INDENT, 2 * INDENT);
                lines.extend(hint.iter().map(|line| faint(line)));
            }
        } else {
            lines.push(String::new());
            lines.extend(decision::lines(&self.verdicts, screen, 0));
            if let Some(decision) = &decision {
                let line = screen.say("cli-decision", &[("decision", decision)]);
                lines.extend([String::new(), faint(&line)]);
            }
        }
        lines.join("\n")
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
        decision::complete(session, &client, &mut explained).await?;
        Ok::<_, Error>(explained.verdicts)
    };
    // The refusal stands and is told whether or not the hub also explains it.
    if let Ok(verdicts) = told.await {
        failure.verdicts = verdicts;
    }
    failure
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};
    use std::io;
    use std::time::Duration;

    use samrum_consent::id::UnitId;
    use tonic::Status;
    use tonic_types::{ErrorDetails, StatusExt};

    use super::*;
    use crate::command::screen::Environment;
    use crate::error::answered;
    use crate::view::Reason;

    fn screen(locale: &str) -> Screen {
        let environment = Environment {
            locale: Some(locale.to_owned()),
            ..Environment::default()
        };
        Screen::new(&environment, false, Box::new(io::sink()), Box::new(io::sink()))
    }

    fn refused(code: Code, reason: &str, metadata: &[(&str, &str)], message: &str) -> Error {
        let metadata: HashMap<_, _> = metadata
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let mut details = ErrorDetails::with_error_info(reason, answered::DOMAIN, metadata);
        details.set_localized_message("sv", "ur navet");
        answered::read(
            &Status::with_error_details(code, message, details),
            Duration::from_secs(1),
        )
    }

    const DECISION: &str = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

    #[test]
    fn a_refusal_is_one_object_with_reason_remedy_and_decision() {
        let metadata = [
            ("decision_id", DECISION),
            ("remedy", "ASK_SIGNATORY"),
            ("signatory", "2"),
        ];
        let error = refused(Code::PermissionDenied, "SIGNATURE_MISSING", &metadata, "denied");
        let failure = Failure::of(&error, &screen("en"));
        let object = serde_json::to_value(&failure).unwrap();
        assert_eq!(object["reason"], "SIGNATURE_MISSING");
        assert_eq!(object["remedy"], "ASK_SIGNATORY");
        assert_eq!(object["decision_id"], DECISION);
        let keys: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            ["decision_id", "error", "fields", "reason", "remedy", "verdicts"]
        );
        let words = failure.words(&screen("en"));
        assert!(
            words.contains("→ ") && words.contains("samrum check explain"),
            "{words}"
        );
        assert_ne!(
            failure.error,
            Failure::of(&error, &screen("sv")).error,
            "each in its language"
        );
    }

    #[test]
    fn a_refusal_with_answers_tells_each_reason_once_and_keeps_within_the_screen() {
        let metadata = [("decision_id", DECISION), ("signatory", "2")];
        let error = refused(Code::PermissionDenied, "SIGNATURE_MISSING", &metadata, "denied");
        let mut failure = Failure::of(&error, &screen("en"));
        let before = failure.words(&screen("en"));
        assert!(
            before.starts_with("samrum: Guardian 2 has not signed."),
            "{before}"
        );
        failure.verdicts = vec![Verdict {
            recipient_unit_id: UnitId::from_bytes([1; 16]),
            recipient_name: Some("BUP Exempelby".to_owned()),
            permitted: false,
            ground: None,
            reasons: vec![Reason {
                code: "SIGNATURE_MISSING".to_owned(),
                arguments: BTreeMap::new(),
                provision_id: None,
                remedy: None,
                sentence: failure.error.clone(),
                provision: None,
                advice: None,
            }],
            provision: None,
            facts: Vec::new(),
            warnings: Vec::new(),
            alternatives: Vec::new(),
        }];
        let words = failure.words(&screen("en"));
        assert_eq!(words.matches("has not signed").count(), 1, "{words}");
        assert!(
            words.contains("✗ No: BUP Exempelby") && words.contains(DECISION),
            "{words}"
        );
        failure.verdicts.clear();
        failure.error = "usage\n\n  Usage: samrum".to_owned();
        assert!(
            failure
                .words(&screen("en"))
                .starts_with("samrum: usage\n\n  Usage: samrum\n")
        );
        failure.error = "word ".repeat(40);
        let long = failure.words(&screen("en"));
        assert!(long.lines().all(|line| line.chars().count() <= 80), "{long}");
    }

    #[test]
    fn a_reason_without_a_sentence_here_is_told_in_the_hubs_words() {
        let error = refused(Code::FailedPrecondition, "SOMETHING_NEW", &[], "from the hub");
        assert_eq!(Failure::of(&error, &screen("en")).error, "from the hub");
        assert_eq!(Failure::of(&error, &screen("sv")).error, "ur navet");
    }

    #[test]
    fn the_hubs_own_detail_follows_a_general_sentence() {
        let error = refused(
            Code::FailedPrecondition,
            "STATE_CONFLICT",
            &[],
            "this key was replaced",
        );
        let said = Failure::of(&error, &screen("en")).error;
        assert!(
            said.ends_with("(this key was replaced)") && said != "STATE_CONFLICT",
            "{said}"
        );
        let error = refused(Code::NotFound, "NOT_FOUND", &[], "not found");
        assert!(
            !Failure::of(&error, &screen("en")).error.contains('('),
            "unknown and forbidden look alike"
        );
    }

    #[test]
    fn an_incomplete_document_names_its_fields() {
        let invalid = samrum_proto::document::validate(
            samrum_consent::vocabulary::Kind::Summons,
            &samrum_proto::wire::document::v1::Document {
                title: String::new(),
                content: Some(samrum_proto::wire::document::v1::document::Content::Summons(
                    Default::default(),
                )),
            },
        );
        let failure = Failure::of(&Misused::Document(invalid.unwrap_err()).into(), &screen("en"));
        let problems: BTreeMap<_, _> = failure
            .fields
            .iter()
            .map(|fault| (fault.field.as_str(), fault.problem.as_str()))
            .collect();
        assert_eq!(problems.get("summons.question"), Some(&"is required"));
    }
}
