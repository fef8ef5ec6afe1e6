//! `samrum consent`: ask, look, record a signature or a no, accept, narrow, revoke, and the receipt.

mod receipt;
mod show;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use samrum_consent::id::{ConsentId, DocumentId, EntryId, IndividualId, UnitId};
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Basis, Category, Direction, Kind, Purpose};
use serde::Serialize;

use super::session::{Session, UnitNames};
use super::vocabulary::{Word, from_moment, until_moment};
use super::{misused, unit};
use crate::client::{Client, Evidence, Narrowing, Question};
use crate::error::{Exit, Result};
use crate::storage;
use crate::view::{self, Consent};
use show::show;

/// The most bytes of a scanned form.
const MAX_SCAN_BYTES: u64 = 64 * 1024 * 1024;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask everyone who must sign.
    Request(Box<RequestArguments>),
    /// One consent.
    Show {
        /// Its id.
        #[arg(value_name = "CONSENT")]
        consent: ConsentId,
    },
    /// The consents about one individual that this unit may know of.
    List {
        /// About whom.
        #[arg(long, value_name = "INDIVIDUAL")]
        individual: IndividualId,
    },
    /// Record a yes given on paper or orally.
    RecordSignature(SignatureArguments),
    /// Record a no.
    Decline {
        /// Its id.
        #[arg(value_name = "CONSENT")]
        consent: ConsentId,
        /// The signatory's number within this consent.
        #[arg(long, value_name = "NUMBER")]
        signatory: u32,
    },
    /// Remove from it what the person no longer wants shared. Bites at once.
    Narrow(NarrowArguments),
    /// Accept, for this unit's authority and its own information, a yes that another unit recorded.
    Accept {
        /// Its id.
        #[arg(value_name = "CONSENT")]
        consent: ConsentId,
    },
    /// What those who signed were given to keep: readable text, or with --json the receipt of Kantara 1.1.
    Receipt(receipt::Arguments),
    /// End it. Afterwards nothing is released on it.
    Revoke {
        /// Its id.
        #[arg(value_name = "CONSENT")]
        consent: ConsentId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RequestArguments {
    /// About whom.
    #[arg(long, value_name = "INDIVIDUAL")]
    individual: IndividualId,
    /// From whom.
    #[arg(long, required = true, num_args = 1.., value_name = "UNIT")]
    source: Vec<String>,
    /// To whom.
    #[arg(long, required = true, num_args = 1.., value_name = "UNIT")]
    recipient: Vec<String>,
    /// All named units share with all.
    #[arg(long)]
    circle: bool,
    /// About what.
    #[arg(long, required = true, num_args = 1.., value_parser = Word::<Category>::new(), hide_possible_values = true)]
    category: Vec<Category>,
    /// In which documents.
    #[arg(long, required = true, num_args = 1.., value_parser = Word::<Kind>::new(), hide_possible_values = true)]
    kind: Vec<Kind>,
    /// Why.
    #[arg(long, value_parser = Word::<Purpose>::new())]
    purpose: Purpose,
    /// To what: that information is shared, that a plan is made.
    #[arg(long, required = true, num_args = 1.., value_parser = Word::<Act>::new())]
    act: Vec<Act>,
    /// From when on: a time, or a day. Default: now.
    #[arg(long, value_name = "DAY", value_parser = from_moment)]
    from: Option<Timestamp>,
    /// Until when: a time, or the last day.
    #[arg(long, value_name = "DAY", value_parser = until_moment)]
    until: Timestamp,
    /// Categories that it must not cover.
    #[arg(long, num_args = 1.., value_name = "CATEGORY", value_parser = Word::<Category>::new(), hide_possible_values = true)]
    exclude_category: Vec<Category>,
    /// Units that it must not cover.
    #[arg(long, num_args = 1.., value_name = "UNIT")]
    exclude_unit: Vec<String>,
    /// The consent whose place it takes once it is in force.
    #[arg(long, value_name = "CONSENT")]
    supersedes: Option<ConsentId>,
}

#[derive(Debug, Args)]
pub(crate) struct SignatureArguments {
    /// Its id.
    #[arg(value_name = "CONSENT")]
    consent: ConsentId,
    /// The signatory's number within this consent.
    #[arg(long, value_name = "NUMBER")]
    signatory: u32,
    #[command(flatten)]
    evidence: EvidenceArguments,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct EvidenceArguments {
    /// The scanned form; its hash is recorded, the file stays here.
    #[arg(long, value_name = "FILE")]
    paper: Option<PathBuf>,
    /// SHA-256 of the scanned form.
    #[arg(long, value_name = "HEX")]
    paper_sha256: Option<String>,
    /// The two professionals who heard it, by the unit's own user ids.
    #[arg(long, num_args = 2, value_name = "USER")]
    oral: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct NarrowArguments {
    /// Its id.
    #[arg(value_name = "CONSENT")]
    consent: ConsentId,
    /// Categories to leave out.
    #[arg(long, num_args = 1.., value_name = "CATEGORY", value_parser = Word::<Category>::new(), hide_possible_values = true)]
    exclude_category: Vec<Category>,
    /// Units to leave out.
    #[arg(long, num_args = 1.., value_name = "UNIT")]
    exclude_unit: Vec<String>,
    /// Documents to leave out.
    #[arg(long, num_args = 1.., value_name = "DOCUMENT")]
    exclude_document: Vec<DocumentId>,
    /// An earlier end: a time, or the last day.
    #[arg(long, value_name = "DAY", value_parser = until_moment)]
    until: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct Changed<'a> {
    consent: &'a Consent,
    #[serde(serialize_with = "view::optional")]
    entry_id: Option<EntryId>,
}

#[derive(Debug, Serialize)]
struct Consents<'a> {
    consents: &'a [Consent],
}

pub(crate) async fn run(session: &mut Session, command: Command) -> Result<Exit> {
    let client = session.client()?;
    let (consent, entry_id) = match command {
        Command::Receipt(arguments) => return receipt::run(session, &client, &arguments).await,
        Command::List { individual } => return list(session, &client, individual).await,
        Command::Show { consent } => (client.consent(consent).await?, None),
        Command::Request(arguments) => {
            let (individual, supersedes) = (arguments.individual, arguments.supersedes);
            let scope = scope(session, &client, *arguments).await?;
            // A request is refused where nobody's yes would suffice: what to do then is told of this.
            session.question = Some(question(individual, &scope));
            told(client.request_consent(individual, &scope, supersedes).await?)
        }
        Command::RecordSignature(arguments) => {
            let evidence = evidence(arguments.evidence)?;
            told(
                client
                    .record_signature(arguments.consent, arguments.signatory, evidence)
                    .await?,
            )
        }
        Command::Decline { consent, signatory } => told(client.decline_consent(consent, signatory).await?),
        Command::Narrow(arguments) => {
            let consent = arguments.consent;
            let narrowing = narrowing(&client, arguments).await?;
            told(client.narrow_consent(consent, narrowing).await?)
        }
        Command::Accept { consent } => told(client.accept_evidence(consent).await?),
        Command::Revoke { consent } => told(client.revoke_consent(consent).await?),
    };
    let names = UnitNames::fetch(&client).await?;
    session.screen.answer(
        &Changed {
            consent: &consent,
            entry_id,
        },
        |screen| show(&consent, &names, screen),
    );
    Ok(Exit::Ok)
}

fn told((consent, entry): (Consent, EntryId)) -> (Consent, Option<EntryId>) {
    (consent, Some(entry))
}

async fn list(session: &mut Session, client: &Client, individual: IndividualId) -> Result<Exit> {
    let consents = client.consents(individual).await?;
    let names = UnitNames::fetch(client).await?;
    session
        .screen
        .answer(&Consents { consents: &consents }, |screen| {
            for (place, consent) in consents.iter().enumerate() {
                if place > 0 {
                    screen.line("");
                }
                show(consent, &names, screen);
            }
            if consents.is_empty() {
                screen.line(&screen.say("cli-no-consents", &[]));
            }
        });
    Ok(Exit::Ok)
}

async fn scope(session: &Session, client: &Client, arguments: RequestArguments) -> Result<Scope> {
    let from = arguments.from.unwrap_or_else(|| session.surroundings.clock.now());
    let units = |names: Vec<String>| async move {
        Ok::<_, crate::error::Error>(unit::resolve_all(client, &names).await?.into_iter().collect())
    };
    let parts = ScopeParts {
        sources: units(arguments.source).await?,
        recipients: units(arguments.recipient).await?,
        direction: if arguments.circle {
            Direction::Circle
        } else {
            Direction::OneWay
        },
        categories: arguments.category.into_iter().collect(),
        kinds: arguments.kind.into_iter().collect(),
        purpose: arguments.purpose,
        acts: arguments.act.into_iter().collect(),
        period: Period {
            from,
            until: arguments.until,
        },
        exclusions: Exclusions {
            categories: arguments.exclude_category.into_iter().collect(),
            units: units(arguments.exclude_unit).await?,
            documents: BTreeSet::new(),
        },
    };
    Scope::parse(parts).map_err(|error| misused("error-scope", &[("problem", &error.to_string())]))
}

/// What could be shared once the consent is in force.
fn question(individual: IndividualId, scope: &Scope) -> Question {
    Question {
        individuals: BTreeSet::from([individual]),
        recipients: scope.recipients().iter().copied().collect(),
        categories: scope.categories().clone(),
        kind: scope.kinds().first().copied().unwrap_or(Kind::Information),
        purpose: scope.purpose(),
        basis: Some(Basis::Consent),
        in_reply_to: None,
    }
}

async fn narrowing(client: &Client, arguments: NarrowArguments) -> Result<Narrowing> {
    let units: Vec<UnitId> = unit::resolve_all(client, &arguments.exclude_unit).await?;
    let narrowing = Narrowing {
        categories: arguments.exclude_category,
        units,
        documents: arguments.exclude_document,
        until: arguments.until,
    };
    if narrowing == Narrowing::default() {
        return Err(misused("error-narrows-nothing", &[]));
    }
    Ok(narrowing)
}

fn evidence(arguments: EvidenceArguments) -> Result<Evidence> {
    if let Some(file) = arguments.paper {
        let mut scan_sha256 = [0; 32];
        scan_sha256.copy_from_slice(digest(&SHA256, &storage::read(&file, MAX_SCAN_BYTES)?).as_ref());
        return Ok(Evidence::Paper { scan_sha256 });
    }
    if let Some(text) = arguments.paper_sha256 {
        let hash = hex::decode(text.trim())
            .ok()
            .and_then(|hash| hash.try_into().ok());
        let scan_sha256 = hash.ok_or_else(|| misused("error-paper-hash", &[]))?;
        return Ok(Evidence::Paper { scan_sha256 });
    }
    match arguments.oral.as_slice() {
        [first, second] if first != second => Ok(Evidence::Oral {
            first_witness: first.clone(),
            second_witness: second.clone(),
        }),
        _ => Err(misused("error-oral-witnesses", &[])),
    }
}
