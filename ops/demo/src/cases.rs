//! The cases: one question each to "May I share this?", with the answer that it must have.
//!
//! A mode of its own beside the story, in the same invented world grown by four children. Every question is put by
//! a real `samrum` to a real hub over mutual TLS: once for programs, whose answer is judged, and once in each
//! language for people. While the hub stays up, every command can be given again as it is shown.

mod people;
mod table;

use serde::Serialize;
use serde_json::Value;

pub(crate) use crate::cases::people::{Child, Children, LASTS};
pub(crate) use crate::cases::table::NECESSARY_SUPPORT;
use crate::cases::table::{Case, Must, Put};
use crate::process::text;
use crate::story::Scene;
use crate::teller::Teller;
use crate::trouble::{Result, must};
use crate::verdict::{Ground, Verdict, verdicts};
use crate::world::word;
use samrum_ui::Language;

/// A case as it went: what a program is told of it, with what people see.
#[derive(Debug, Serialize)]
struct CaseObject<'a> {
    case: &'a str,
    permitted: bool,
    reasons: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provision_id: Option<String>,
    decision_id: String,
    command: String,
    sv: String,
    en: String,
}

/// What a program is told of a case that did not go as it must.
#[derive(Debug, Serialize)]
struct FailureObject<'a> {
    case: &'a str,
    permitted: Option<bool>,
    expected: &'a str,
    came: &'a str,
}

/// Grows the world and puts every question; answers with the children if every answer was the one it must be. The
/// first that differs is told, and ends it. If the hub stays up, commands are shown as they work in the world's folder.
pub(crate) async fn play(scene: &Scene, teller: &mut Teller, stays: bool) -> Result<Option<Children>> {
    scene.place.write_colleagues(&scene.hub)?;
    let children = people::grow(scene).await?;
    for (place, case) in table::CASES.iter().enumerate() {
        teller.case_heading(place + 1, table::title(case, teller.language()));
        if case.child == Child::Expired {
            children.ended().await;
        }
        match put(scene, &children, case).await {
            Ok(object) => {
                let shown = match teller.language() {
                    Language::Swedish => &object.sv,
                    Language::English => &object.en,
                };
                let again = if stays {
                    scene.again(&scene.place.unit(case.asker), &object.command)
                } else {
                    object.command.clone()
                };
                teller.case(&object, &again, shown);
            }
            Err(trouble) => {
                let (expected, came) = trouble.sides();
                let object = FailureObject {
                    case: case.id,
                    permitted: None,
                    expected: &expected,
                    came: &came,
                };
                teller.case_failed(&object, &expected, &came);
                return Ok(None);
            }
        }
    }
    Ok(Some(children))
}

/// Does what must be done first, asks, judges the answer, and has it shown.
async fn put<'a>(scene: &Scene, children: &Children, case: &'a Case) -> Result<CaseObject<'a>> {
    if let Some(provision) = case.turned_on_first {
        turn_on(scene, provision).await?;
    }
    let (arguments, input) = match case.put {
        Put::Check => question(children, case),
        Put::Explain => (explanation(scene, children, case).await?, String::new()),
    };
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answer = scene.unit(case.asker, &arguments, &input).await?.done()?;
    let verdict = only(verdicts(&answer)?, &answer)?;
    judge(case, &verdict)?;
    let profile = scene.place.unit(case.asker);
    let mut shown = Vec::new();
    for language in [Language::Swedish, Language::English] {
        let text = scene
            .samrum
            .in_language(language)
            .show(&profile, &arguments, &input)
            .await?;
        shown.push(text);
    }
    let en = shown.pop().unwrap_or_default();
    let sv = shown.pop().unwrap_or_default();
    Ok(CaseObject {
        case: case.id,
        permitted: verdict.permitted,
        reasons: codes(&verdict),
        provision_id: match verdict.ground {
            Some(Ground::ProvisionId(id)) => Some(id),
            _ => None,
        },
        decision_id: text(&answer, "/decision_id")?,
        command: written(&arguments),
        sv,
        en,
    })
}

/// The arguments of the question, and what is given on standard input.
fn question(children: &Children, case: &Case) -> (Vec<String>, String) {
    let mut arguments = vec![
        "check".to_owned(),
        "--about".to_owned(),
        children.individual(case.child, case.asker),
        "--to".to_owned(),
        case.recipient.name.to_owned(),
        "--kind".to_owned(),
        case.kind.to_owned(),
        "--purpose".to_owned(),
        case.purpose.to_owned(),
        "--category".to_owned(),
    ];
    arguments.extend(case.categories.iter().map(|&category| category.to_owned()));
    let Some(provision) = case.provision else {
        return (arguments, String::new());
    };
    arguments.extend(["--provision".to_owned(), provision.to_owned()]);
    (arguments, format!("{}\n", table::REASON))
}

/// A command as a shell takes it.
fn written(arguments: &[&str]) -> String {
    let words = arguments.iter().map(|argument| word(argument));
    std::iter::once("samrum".to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The arguments that explain why a consent cannot even be asked for.
async fn explanation(scene: &Scene, children: &Children, case: &Case) -> Result<Vec<String>> {
    let child = children.individual(case.child, case.asker);
    let refusal = people::ask(scene, case.asker, &child).await?.refused()?;
    Ok(["check", "explain", &refusal.decision]
        .map(str::to_owned)
        .to_vec())
}

fn only(verdicts: Vec<Verdict>, answer: &Value) -> Result<Verdict> {
    let count = verdicts.len();
    let first = verdicts.into_iter().next();
    first.filter(|_| count == 1).ok_or_else(|| {
        crate::trouble::Trouble::unexpected("the answer for one recipient", answer.to_string())
    })
}

/// Goes on only if the answer is the one that it must be: for a no with every reason, and no other.
fn judge(case: &Case, verdict: &Verdict) -> Result<()> {
    let came = || match &verdict.ground {
        Some(ground) => format!("yes on {ground:?}"),
        None => format!("no because of {}", codes(verdict).join(", ")),
    };
    match case.must {
        Must::PermitOnConsent => must(
            matches!(verdict.ground, Some(Ground::Consents(_))),
            "yes on a consent",
            came,
        ),
        Must::PermitOn(provision) => must(
            verdict.ground == Some(Ground::ProvisionId(provision.to_owned())),
            &format!("yes on {provision}"),
            came,
        ),
        Must::Deny(expected) => must(
            !verdict.permitted && codes(verdict) == expected,
            &format!("no because of {}", expected.join(", ")),
            came,
        ),
    }
}

fn codes(verdict: &Verdict) -> Vec<String> {
    verdict.reasons.iter().map(|reason| reason.code.clone()).collect()
}

/// The operator turns a provision on, and writes down why and who decided.
async fn turn_on(scene: &Scene, provision: &str) -> Result<()> {
    let why = format!("{}\n", table::DECIDED);
    let answer = scene
        .samrum
        .run(&scene.place.operator(), &["provision", "on", provision], &why)
        .await?;
    answer.done().map(|_| ())
}
