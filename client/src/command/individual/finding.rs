//! What professionals find of a person: recorded with who and why, attested by a colleague, listed.
//!
//! Who a guardian is and why something was found are answers, never arguments.

use clap::Args;
use jiff::Timestamp;
use samrum_consent::id::{EntryId, FactId, IndividualId};
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::{Category, Circumstance, Maturity, Purpose};
use samrum_ui::{category, day, ending, moment, period, purpose};
use serde::Serialize;

use crate::client::{FoundCircumstance, FoundOfPerson};
use crate::command::input::answers::Answers;
use crate::command::layout;
use crate::command::misused;
use crate::command::screen::{Look, Screen};
use crate::command::session::Session;
use crate::command::vocabulary::{Word, from_moment, until_moment};
use crate::error::{Exit, Result};
use crate::view::{self, Fact, Finding, RecordedFact};

#[derive(Debug, Args)]
pub(crate) struct AssessArguments {
    /// The child's id in this case.
    #[arg(value_name = "INDIVIDUAL")]
    individual: IndividualId,
    /// In which matter.
    #[arg(long, value_name = "PURPOSE", value_parser = Word::<Purpose>::new())]
    matter: Purpose,
    /// What was found; asked for unless it stands here.
    #[arg(long, value_parser = Word::<Maturity>::new())]
    maturity: Option<Maturity>,
    /// From when on: a time, or a day. Default: now.
    #[arg(long, value_name = "DAY", value_parser = from_moment)]
    from: Option<Timestamp>,
    /// Until when: a time, or the last day; at most twelve months.
    #[arg(long, value_name = "DAY", value_parser = until_moment)]
    until: Timestamp,
}

#[derive(Debug, Args)]
pub(crate) struct RiskArguments {
    /// The child's id in this case.
    #[arg(value_name = "INDIVIDUAL")]
    individual: IndividualId,
    /// In what the guardian neither signs nor sees.
    #[arg(long, required = true, num_args = 1.., value_parser = Word::<Category>::new(), hide_possible_values = true)]
    category: Vec<Category>,
    /// When it must be reviewed: a time, or a day; at most twelve months ahead.
    #[arg(long, value_name = "DAY", value_parser = from_moment)]
    review_at: Timestamp,
}

#[derive(Debug, Args)]
pub(crate) struct HinderedArguments {
    /// The child's id in this case.
    #[arg(value_name = "INDIVIDUAL")]
    individual: IndividualId,
    /// Until when: a time, or the last day; at most twelve months ahead.
    #[arg(long, value_name = "DAY", value_parser = until_moment)]
    until: Timestamp,
    /// The matter cannot wait for the guardian; only then the other one decides alone.
    #[arg(long)]
    cannot_wait: bool,
    /// The matter is of decisive importance for the child's future; then nobody decides alone.
    #[arg(long)]
    decisive: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CircumstanceArguments {
    /// The person's id in this case.
    #[arg(value_name = "INDIVIDUAL")]
    individual: IndividualId,
    /// Which.
    #[arg(long, value_parser = Word::<Circumstance>::new())]
    circumstance: Circumstance,
    /// From when on: a time, or a day. Default: now.
    #[arg(long, value_name = "DAY", value_parser = from_moment)]
    from: Option<Timestamp>,
    /// Until when: a time, or the last day; at most twelve months.
    #[arg(long, value_name = "DAY", value_parser = until_moment)]
    until: Timestamp,
}

#[derive(Debug, Serialize)]
struct Attested {
    #[serde(serialize_with = "view::text")]
    fact_id: FactId,
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
}

#[derive(Serialize)]
struct Facts<'a> {
    facts: &'a [Fact],
}

pub(super) async fn assess(session: &mut Session, arguments: AssessArguments) -> Result<Exit> {
    let client = session.client()?;
    let mut answers = Answers::open()?;
    let maturity = match arguments.maturity {
        Some(maturity) => maturity,
        None => asked_maturity(&mut answers, &session.screen)?,
    };
    let reason = answers.reason(&session.screen)?;
    answers.close()?;
    let found = FoundOfPerson::Maturity {
        maturity,
        matter: arguments.matter,
        valid_from: arguments.from.unwrap_or_else(|| session.surroundings.clock.now()),
        valid_until: arguments.until,
    };
    let recorded = client
        .record_assessment(arguments.individual, found, reason)
        .await?;
    told(session, recorded, false)
}

fn asked_maturity(answers: &mut Answers, screen: &Screen) -> Result<Maturity> {
    let word = answers.text("maturity", &screen.say("cli-ask-maturity", &[]), screen)?;
    let word = word.to_uppercase().replace('-', "_");
    word.parse().map_err(|_| misused("error-maturity", &[]))
}

pub(super) async fn risk(session: &mut Session, arguments: RiskArguments) -> Result<Exit> {
    let client = session.client()?;
    let mut answers = Answers::open()?;
    let guardian = answers.guardian(&session.screen)?;
    let reason = answers.reason(&session.screen)?;
    answers.close()?;
    let found = FoundOfPerson::Risk {
        guardian,
        categories: arguments.category,
        review_at: arguments.review_at,
    };
    let recorded = client
        .record_assessment(arguments.individual, found, reason)
        .await?;
    told(session, recorded, true)
}

pub(super) async fn hindered(session: &mut Session, arguments: HinderedArguments) -> Result<Exit> {
    let client = session.client()?;
    let mut answers = Answers::open()?;
    let guardian = answers.guardian(&session.screen)?;
    let reason = answers.reason(&session.screen)?;
    answers.close()?;
    let found = FoundCircumstance::Hindrance {
        guardian,
        cannot_wait: arguments.cannot_wait,
        decisive: arguments.decisive,
        valid_until: arguments.until,
    };
    let recorded = client
        .record_circumstance(arguments.individual, found, reason)
        .await?;
    told(session, recorded, false)
}

pub(super) async fn circumstance(session: &mut Session, arguments: CircumstanceArguments) -> Result<Exit> {
    let client = session.client()?;
    let mut answers = Answers::open()?;
    let reason = answers.reason(&session.screen)?;
    answers.close()?;
    let found = FoundCircumstance::Situation {
        circumstance: arguments.circumstance,
        valid_from: arguments.from.unwrap_or_else(|| session.surroundings.clock.now()),
        valid_until: arguments.until,
    };
    let recorded = client
        .record_circumstance(arguments.individual, found, reason)
        .await?;
    told(session, recorded, false)
}

fn told(session: &mut Session, recorded: RecordedFact, protects: bool) -> Result<Exit> {
    session.screen.answer(&recorded, |screen| {
        let fact = recorded.fact_id.to_string();
        screen.line(&screen.say("cli-fact-recorded", &[("fact", &fact)]));
        for line in to_attest(&fact, protects, screen, 0) {
            screen.line(&line);
        }
    });
    Ok(Exit::Ok)
}

pub(super) async fn attest(session: &mut Session, fact_id: FactId) -> Result<Exit> {
    let entry_id = session.client()?.attest_fact(fact_id).await?;
    session.screen.answer(&Attested { fact_id, entry_id }, |screen| {
        screen.line(&screen.say("cli-fact-attested", &[("fact", &fact_id.to_string())]));
    });
    Ok(Exit::Ok)
}

pub(super) async fn facts(session: &mut Session, individual: IndividualId) -> Result<Exit> {
    let facts = session.client()?.facts(individual).await?;
    session.screen.answer(&Facts { facts: &facts }, |screen| {
        for (place, fact) in facts.iter().enumerate() {
            if place > 0 {
                screen.line("");
            }
            for line in lines(fact, screen) {
                screen.line(&line);
            }
        }
        if facts.is_empty() {
            screen.line(&screen.say("cli-no-facts", &[]));
        }
    });
    Ok(Exit::Ok)
}

/// How far what is said of a fact stands in.
const INDENT: usize = 2;

fn lines(fact: &Fact, screen: &Screen) -> Vec<String> {
    let language = screen.language();
    let mut lines: Vec<String> = screen
        .wrapped(&found(&fact.finding, screen), 0, INDENT)
        .into_iter()
        .map(|line| screen.look(Look::Strong, &line))
        .collect();
    lines.extend(screen.wrapped(&fact.reason, INDENT, INDENT));
    let at = moment(fact.recorded_at, language);
    let by = screen.say("cli-fact-by", &[("user", &fact.recorded_by), ("at", &at)]);
    lines.extend(screen.wrapped(&by, INDENT, 2 * INDENT));
    let id = fact.fact_id.to_string();
    match &fact.attested_by {
        Some(user) => {
            let at = fact
                .attested_at
                .map(|at| moment(at, language))
                .unwrap_or_default();
            let line = screen.say("cli-fact-attested-by", &[("user", user), ("at", &at)]);
            lines.extend(screen.wrapped(&line, INDENT, 2 * INDENT));
            lines.push(format!("{}{}", " ".repeat(INDENT), screen.look(Look::Faint, &id)));
        }
        None => {
            let protects = matches!(fact.finding, Finding::Risk { .. });
            lines.extend(to_attest(&id, protects, screen, INDENT));
        }
    }
    lines
}

/// That somebody else must stand beside it, and the command that does so. What protects holds before (OSL 12:3).
fn to_attest(fact: &str, protects: bool, screen: &Screen, indent: usize) -> Vec<String> {
    let sentence = if protects {
        "cli-fact-to-attest-risk"
    } else {
        "cli-fact-to-attest"
    };
    let sentence = screen.say(sentence, &[]);
    let wrapped = screen.wrapped(&sentence, indent, indent + INDENT);
    let mut lines: Vec<_> = wrapped
        .into_iter()
        .map(|line| screen.look(Look::Bad, &line))
        .collect();
    let command = format!("samrum individual attest {fact}");
    lines.extend(layout::command(&command, screen.width(), indent + INDENT));
    lines
}

fn found(finding: &Finding, screen: &Screen) -> String {
    let language = screen.language();
    let spoken = |from, until| period(Period { from, until }, language);
    let word = |family: &str, code: &str| {
        let slug = code.to_lowercase().replace('_', "-");
        screen.say(&format!("cli-{family}-{slug}"), &[])
    };
    match finding {
        Finding::Maturity {
            maturity,
            matter,
            valid_from,
            valid_until,
        } => screen.say(
            "cli-found-maturity",
            &[
                ("maturity", &word("maturity", maturity.code())),
                ("matter", &purpose(*matter, language)),
                ("period", &spoken(*valid_from, *valid_until)),
            ],
        ),
        Finding::Risk {
            guardian_name,
            categories,
            review_at,
        } => {
            let categories: Vec<_> = categories.iter().map(|word| category(*word, language)).collect();
            screen.say(
                "cli-found-risk",
                &[
                    ("guardian", guardian_name),
                    ("categories", &categories.join(", ")),
                    ("review", &day(*review_at, language)),
                ],
            )
        }
        Finding::Hindrance {
            guardian_name,
            cannot_wait,
            decisive,
            valid_until,
        } => {
            let alone = if *cannot_wait && !*decisive {
                "cli-hindered-alone"
            } else {
                "cli-hindered-together"
            };
            screen.say(
                "cli-found-hindrance",
                &[
                    ("guardian", guardian_name),
                    ("ending", &ending(*valid_until, language)),
                    ("alone", &screen.say(alone, &[])),
                ],
            )
        }
        Finding::Situation {
            circumstance,
            valid_from,
            valid_until,
        } => screen.say(
            "cli-found-situation",
            &[
                ("circumstance", &word("circumstance", circumstance.code())),
                ("period", &spoken(*valid_from, *valid_until)),
            ],
        ),
    }
}
