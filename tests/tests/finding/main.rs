//! What professionals find, through a whole hub: recorded by one, attested by another of the same unit, counted for
//! whose yes is needed and which provision applies, listed for that unit alone (domain, Consent 1, 2 and 8; ADR 6).

mod circumstance;
mod form;
mod list;
mod maturity;
mod risk;

use prost_types::Timestamp;
use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Category, Kind, Maturity, Purpose};
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::decision::v1::ReasonCode;
use samrum_proto::wire::individual::v1 as wire;
use samrum_proto::wire::individual::v1::record_assessment_request::Assessment;
use samrum_proto::wire::individual::v1::record_circumstance_request::Circumstance as Found;
use samrum_tests::{GUARDIANS, Letter, Party, Question, Story, YOUTH, ago, person};
use tonic::{Response, Status};
use tonic_types::StatusExt as _;

/// The professional who stands beside what `anna.k` recorded.
const SECOND: &str = "bo.l";
/// An hour.
const HOUR: i64 = 3600;
/// A day.
const DAY: i64 = 24 * HOUR;
/// Time that cannot be waited for: everything that anybody has found is over.
const ALL_OVER: &str = "UPDATE fact SET ends_at = 1";

/// That the child is this mature in this matter, from so many seconds ahead until so many.
fn mature(maturity: Maturity, matter: Purpose, (from, until): (i64, i64)) -> Assessment {
    let now = ago(0);
    let ahead = |seconds| Timestamp {
        seconds: now.seconds + seconds,
        ..now
    };
    Assessment::Maturity(wire::MaturityAssessment {
        maturity: maturity.number().into(),
        matter: matter.number().into(),
        valid_from: Some(ahead(from)),
        valid_until: Some(ahead(until)),
    })
}

/// The same for the SIP, for thirty days.
fn mature_now(maturity: Maturity) -> Assessment {
    mature(maturity, Purpose::Sip, (-60, 30 * DAY))
}

/// That a guardian is a risk in these categories, for a day.
fn risk(guardian: (&str, &str), categories: &[Category]) -> Assessment {
    Assessment::Risk(wire::RiskAssessment {
        guardian: Some(person(guardian)),
        categories: categories.iter().map(|one| one.number().into()).collect(),
        review_at: Some(ago(-DAY)),
    })
}

/// That a guardian cannot answer for a day, in what cannot wait.
fn hindered(guardian: (&str, &str)) -> wire::Hindrance {
    wire::Hindrance {
        guardian: Some(person(guardian)),
        cannot_wait: true,
        decisive: false,
        valid_until: Some(ago(-DAY)),
    }
}

/// The fact's id.
async fn assess(party: &Party, child: &[u8], assessment: Assessment) -> Result<Vec<u8>, Status> {
    let request = party.assessing(child, assessment);
    let answer = party.individuals().record_assessment(request).await?;
    Ok(answer.into_inner().fact_id)
}

/// The fact's id.
async fn find(party: &Party, child: &[u8], found: Found) -> Result<Vec<u8>, Status> {
    let request = party.finding(child, found);
    let answer = party.individuals().record_circumstance(request).await?;
    Ok(answer.into_inner().fact_id)
}

/// The entry's id.
async fn attest(party: &Party, fact: &[u8], user: &str) -> Result<Vec<u8>, Status> {
    let answer = party
        .individuals()
        .attest_fact(party.attesting(fact, user))
        .await?;
    Ok(answer.into_inner().ticket.unwrap().entry_id)
}

/// Assessed, and attested by another.
async fn assess_by_two(party: &Party, child: &IndividualId, assessment: Assessment) -> Vec<u8> {
    let fact = assess(party, child.as_bytes(), assessment).await.unwrap();
    attest(party, &fact, SECOND).await.unwrap();
    fact
}

/// Everything the unit has recorded about them.
async fn facts(party: &Party, child: &[u8]) -> Result<Vec<wire::Fact>, Status> {
    let request = wire::ListFactsRequest {
        individual_id: child.to_vec(),
        ..Default::default()
    };
    let answer = party.individuals().list_facts(request).await?;
    Ok(answer.into_inner().facts)
}

/// A unit's question about a note to one other.
async fn ask(
    (sender, recipient): (&Party, &Party),
    child: &IndividualId,
    category: Category,
) -> decision::Verdict {
    let question = Question {
        subjects: std::slice::from_ref(child),
        to: &[recipient],
        categories: &[category],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    };
    let answer = sender.decisions().check(sender.checking(&question)).await;
    answer.unwrap().into_inner().verdicts.remove(0)
}

fn codes(verdict: &decision::Verdict) -> Vec<ReasonCode> {
    assert_eq!(verdict.permitted, verdict.reasons.is_empty());
    verdict.reasons.iter().map(decision::Reason::code).collect()
}

/// The reasons' numbers of those whose yes is missing; 0 for who was never asked.
fn missing(verdict: &decision::Verdict) -> Vec<String> {
    let missing = verdict
        .reasons
        .iter()
        .filter(|reason| reason.code() == ReasonCode::SignatureMissing);
    missing
        .map(|reason| reason.arguments["signatory"].clone())
        .collect()
}

/// The records that a verdict names, of one kind.
fn used(verdict: &decision::Verdict, kind: decision::FactKind) -> Vec<Vec<u8>> {
    let facts = verdict.facts.iter().filter(|fact| fact.kind() == kind);
    facts.map(|fact| fact.fact_id.clone()).collect()
}

/// The field that was wrong.
fn field(status: &Status) -> String {
    let bad = status.get_details_bad_request().expect("it names its field");
    bad.field_violations[0].field.clone()
}

async fn consent(party: &Party, id: &[u8]) -> Result<consent::Consent, Status> {
    let request = consent::GetConsentRequest {
        consent_id: id.to_vec(),
    };
    let answer = party.consents().get_consent(request).await;
    answer.map(|answer| answer.into_inner().consent.unwrap())
}

/// The story with a child of thirteen whom social services know, and nobody has assessed.
async fn with_youth() -> (Story, IndividualId) {
    let story = Story::begin().await;
    story
        .represent(story.operator.representing(YOUTH, &GUARDIANS))
        .await;
    let youth = story.register(&story.social, YOUTH).await;
    (story, youth)
}

/// Asks for the story's consent, bent.
async fn request(
    story: &Story,
    child: &IndividualId,
    bend: impl FnOnce(&mut consent::Scope),
) -> Result<consent::Consent, Status> {
    let mut scope = story.scope();
    bend(&mut scope);
    let request = story.social.requesting(child.as_bytes(), scope);
    let answer = story.social.consents().request_consent(request).await;
    answer
        .map(Response::into_inner)
        .map(|answer| answer.consent.unwrap())
}

/// Sends a note from social services to child psychiatry; answers with the delivery.
async fn send(story: &Story, child: &IndividualId) -> Result<Vec<u8>, Status> {
    let to = [&story.psychiatry];
    let sent = story.social.send(&Letter::note(child, &to)).await?;
    Ok(sent.deliveries[0].delivery_id.clone())
}
