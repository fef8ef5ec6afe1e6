//! What to do about a reason: a sentence, and where something can be prepared, the command that does it.
//!
//! A command asks for no more than was asked: the same people, recipients, categories, kind and purpose. Names
//! of units stand in it as the command line reads them, without a character that a shell would take for its own.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use samrum_consent::calendar::stockholm_date;
use samrum_consent::id::UnitId;
use samrum_consent::vocabulary::{Act, Basis, Category, Family};
use samrum_ui::remedy_sentence;

use super::Context;
use crate::client::Question;
use crate::view::{Advice, Reason};

/// For how long a suggested request asks: half of what policy allows at most. Whoever asks may change it.
const SUGGESTED_PERIOD: SignedDuration = SignedDuration::from_hours(24 * 182);

/// What to do about this reason of one recipient's no.
pub(super) fn of(
    reason: &Reason,
    reasons: &[Reason],
    recipient: UnitId,
    context: &Context<'_>,
) -> Option<Advice> {
    let remedy = reason.remedy.as_deref()?;
    let commands = context.question.map_or_else(Vec::new, |question| {
        commands(remedy, reasons, recipient, question, context)
    });
    Some(Advice {
        sentence: remedy_sentence(remedy, context.language),
        commands,
    })
}

fn commands(
    remedy: &str,
    reasons: &[Reason],
    recipient: UnitId,
    question: &Question,
    context: &Context<'_>,
) -> Vec<String> {
    let each = |command: &str| {
        let people = question.individuals.iter();
        people
            .map(|individual| command.replace('*', &individual.to_string()))
            .collect()
    };
    match remedy {
        "REQUEST_CONSENT" | "WIDEN_SCOPE" => request(reasons, recipient, question, context),
        "ASK_SIGNATORY" | "ACCEPT_EVIDENCE" => each("samrum consent list --individual *"),
        "ASSESS_MATURITY" => each(&format!(
            "samrum individual assess * --matter {} --until {}",
            question.purpose,
            suggested_end(context.decided_at)
        )),
        "ATTEST_FACT" if context.unattested.is_empty() => each("samrum individual facts *"),
        "ATTEST_FACT" => context
            .unattested
            .iter()
            .map(|fact| format!("samrum individual attest {fact}"))
            .collect(),
        "LEAVE_OUT" => without_excluded(reasons, recipient, question, context)
            .into_iter()
            .collect(),
        "SEND_TO_RECEPTION" => context
            .names
            .only_reception()
            .map(|reception| check(question, reception, &question.categories, None, context))
            .into_iter()
            .collect(),
        "CHANGE_BASIS" => another_basis(question)
            .map(|basis| check(question, recipient, &question.categories, Some(basis), context))
            .into_iter()
            .collect(),
        "REGISTER_INDIVIDUAL" => vec!["samrum individual register".to_owned()],
        _ => Vec::new(),
    }
}

/// A request for consent to what was asked, but for what was ruled out already, for every person it is about.
/// None for what no consent carries.
fn request(reasons: &[Reason], recipient: UnitId, question: &Question, context: &Context<'_>) -> Vec<String> {
    let (Some(acts), Some(sender)) = (question.kind.acts(), context.sender) else {
        return Vec::new();
    };
    let left = left(reasons, question);
    let categories = if left.is_empty() {
        &question.categories
    } else {
        &left
    };
    let categories = spaced(categories.iter().copied().map(Category::code));
    let acts = spaced(acts.iter().copied().map(Act::code));
    let people = question.individuals.iter();
    people
        .map(|individual| {
            format!(
                "samrum consent request --individual {individual} --source {} --recipient {} --category {categories} \
                 --kind {} --purpose {} --act {acts} --until {}",
                context.names.word(sender),
                context.names.word(recipient),
                question.kind,
                question.purpose,
                suggested_end(context.decided_at)
            )
        })
        .collect()
}

/// The same question without the categories that were ruled out, if any are left.
fn without_excluded(
    reasons: &[Reason],
    recipient: UnitId,
    question: &Question,
    context: &Context<'_>,
) -> Option<String> {
    let left = left(reasons, question);
    if left.is_empty() || left == question.categories {
        return None;
    }
    Some(check(question, recipient, &left, None, context))
}

/// What was asked without the categories that were ruled out.
fn left(reasons: &[Reason], question: &Question) -> BTreeSet<Category> {
    let excluded: BTreeSet<Category> = reasons
        .iter()
        .filter(|reason| reason.code == "CATEGORY_EXCLUDED")
        .filter_map(|reason| reason.arguments.get("category")?.parse().ok())
        .collect();
    question.categories.difference(&excluded).copied().collect()
}

/// What can carry a document of this kind, if that is another basis than the one named.
fn another_basis(question: &Question) -> Option<&'static str> {
    let (word, already) = match question.kind.family() {
        Family::Duty => ("duty", question.basis == Some(Basis::Duty)),
        Family::Sip { .. } | Family::Information => ("consent", question.basis == Some(Basis::Consent)),
    };
    (!already && question.basis.is_some()).then_some(word)
}

/// The question again, to one recipient, on the basis that is named or on the kind's own.
fn check(
    question: &Question,
    recipient: UnitId,
    categories: &BTreeSet<Category>,
    basis: Option<&str>,
    context: &Context<'_>,
) -> String {
    let about = spaced(question.individuals.iter());
    let about = if about.is_empty() {
        String::new()
    } else {
        format!(" --about {about}")
    };
    let basis = basis.map(|basis| format!(" --basis {basis}")).unwrap_or_default();
    let answers = question.in_reply_to;
    let answers = answers
        .map(|document| format!(" --in-reply-to {document}"))
        .unwrap_or_default();
    format!(
        "samrum check{about} --to {} --category {} --kind {} --purpose {}{answers}{basis}",
        context.names.word(recipient),
        spaced(categories.iter().copied().map(Category::code)),
        question.kind,
        question.purpose
    )
}

/// The last day of a suggested period, in Stockholm's calendar.
fn suggested_end(decided_at: Timestamp) -> String {
    let end = decided_at.checked_add(SUGGESTED_PERIOD).unwrap_or(decided_at);
    stockholm_date(end).to_string()
}

fn spaced<T: ToString>(words: impl Iterator<Item = T>) -> String {
    words.map(|word| word.to_string()).collect::<Vec<_>>().join(" ")
}
