//! Who represents somebody, through a whole hub: custody, representatives of an adult, care under LVU, read from
//! register or court; and what follows when others must sign than those who were asked (domain, Consent 1, 2 and 7).

mod adult;
mod care;
mod following;

use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::consent::v1::Capacity;
use samrum_proto::wire::decision::v1 as decision;
use samrum_proto::wire::decision::v1::ReasonCode;
use samrum_proto::wire::individual::v1 as wire;
use samrum_tests::{Letter, Party, Question, Story};
use tonic::{Response, Status};
use tonic_types::StatusExt as _;

/// An hour.
const HOUR: i64 = 3600;
/// A day.
const DAY: i64 = 24 * HOUR;
/// About school.
const SCHOOL: Category = Category::SchoolSituation;
/// About mental health.
const MENTAL: Category = Category::HealthMental;
/// Time that cannot be waited for: every power, and care under LVU, is over.
const ALL_OVER: &str = "UPDATE fact SET ends_at = 1 WHERE unit_id IS NULL";

async fn set(story: &Story, request: wire::SetRepresentationRequest) -> Result<Vec<u8>, Status> {
    let answer = story.operator.individuals().set_representation(request).await;
    answer.map(|answer| answer.into_inner().ticket.unwrap().entry_id)
}

/// Asks for the story's consent in these categories.
async fn request(
    story: &Story,
    individual: &IndividualId,
    categories: &[Category],
) -> Result<consent::Consent, Status> {
    let scope = consent::Scope {
        categories: categories.iter().map(|one| one.number().into()).collect(),
        ..story.scope()
    };
    let request = story.social.requesting(individual.as_bytes(), scope);
    let answer = story.social.consents().request_consent(request).await;
    answer
        .map(Response::into_inner)
        .map(|answer| answer.consent.unwrap())
}

async fn consent(party: &Party, id: &[u8]) -> Result<consent::Consent, Status> {
    let request = consent::GetConsentRequest {
        consent_id: id.to_vec(),
    };
    let answer = party.consents().get_consent(request).await;
    answer.map(|answer| answer.into_inner().consent.unwrap())
}

/// In which capacity each was asked, in the order of their numbers.
fn capacities(consent: &consent::Consent) -> Vec<Capacity> {
    consent.signatories.iter().map(|one| one.capacity()).collect()
}

/// The only number of somebody in this capacity.
fn number(consent: &consent::Consent, capacity: Capacity) -> u32 {
    let all = capacities(consent);
    assert_eq!(all.iter().filter(|one| **one == capacity).count(), 1, "{all:?}");
    let place = all.iter().position(|one| *one == capacity).unwrap();
    u32::try_from(place + 1).unwrap()
}

/// Social services' question about a note to child psychiatry.
async fn ask(story: &Story, individual: &IndividualId, category: Category) -> decision::Verdict {
    let question = Question {
        subjects: std::slice::from_ref(individual),
        to: &[&story.psychiatry],
        categories: &[category],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    };
    let asked = story.social.checking(&question);
    let answer = story.social.decisions().check(asked).await;
    answer.unwrap().into_inner().verdicts.remove(0)
}

/// Whose yes a verdict lacks, and nothing else: number and capacity; 0 for who was never asked.
fn lacks(verdict: &decision::Verdict) -> Vec<(String, String)> {
    assert_eq!(verdict.permitted, verdict.reasons.is_empty());
    let lacking = verdict.reasons.iter().map(|reason| {
        assert_eq!(reason.code(), ReasonCode::SignatureMissing);
        let named = |name: &str| reason.arguments[name].clone();
        (named("signatory"), named("capacity"))
    });
    lacking.collect()
}

/// The same, as it is written.
fn lacking(number: u32, capacity: &str) -> Vec<(String, String)> {
    vec![(number.to_string(), capacity.to_owned())]
}

/// Sends a note from social services to child psychiatry; answers with the delivery.
async fn send(story: &Story, individual: &IndividualId, category: Category) -> Result<Vec<u8>, Status> {
    let to = [&story.psychiatry];
    let note = Letter {
        categories: &[category],
        ..Letter::note(individual, &to)
    };
    let sent = story.social.send(&note).await?;
    Ok(sent.deliveries[0].delivery_id.clone())
}

/// The field that was wrong.
fn field(status: &Status) -> String {
    let bad = status.get_details_bad_request().expect("it names its field");
    bad.field_violations[0].field.clone()
}
