//! Facts through a whole hub: recorded by one professional, attested by another, and what they change for whose yes
//! is needed (domain, Consent 1 and 2).

use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::consent::v1::ConsentState;
use samrum_proto::wire::individual::v1 as wire;
use samrum_proto::wire::individual::v1::record_assessment_request::Assessment;
use samrum_proto::wire::individual::v1::record_circumstance_request::Circumstance;
use samrum_server::service::fact::MAX_FACTS;
use samrum_tests::{
    CHILD, Census, GUARDIANS, Letter, Party, Question, Story, ago, assert_fails, assert_hidden,
    entry_details, entry_people, invented_number, new_id, now_us, person, refusal,
};
use tonic::{Code, Response, Status};

const DAY: i64 = 24 * 3600;
/// Microseconds of a mean year.
const YEAR_US: i64 = 31_556_952_000_000;

/// Somebody who is thirteen or fourteen this year, with the two guardians; the case of social services.
async fn with_teenager() -> (Story, IndividualId) {
    let story = Story::begin().await;
    let year = u32::try_from(1970 + now_us() / YEAR_US - 14).unwrap();
    let number = invented_number(year, 1);
    let teenager = (number.as_str(), "Elis Exempel");
    let request = wire::SetRepresentationRequest {
        request_id: new_id(),
        person: Some(person(teenager)),
        guardians: GUARDIANS.map(person).to_vec(),
        source: wire::CustodySource::PopulationRegister.into(),
        checked_at: Some(ago(3600)),
        ..Default::default()
    };
    let operator = story.operator.individuals().set_representation(request).await;
    operator.unwrap();
    let case = story.register(&story.social, teenager).await;
    (story, case)
}

fn maturity(found: wire::Maturity, matter: Purpose) -> Assessment {
    Assessment::Maturity(wire::MaturityAssessment {
        maturity: found.into(),
        matter: matter.number().into(),
        valid_from: Some(ago(60)),
        valid_until: Some(ago(-90 * DAY)),
    })
}

fn risk(categories: &[Category]) -> Assessment {
    Assessment::Risk(wire::RiskAssessment {
        guardian: Some(person(GUARDIANS[1])),
        categories: categories.iter().map(|one| one.number().into()).collect(),
        review_at: Some(ago(-90 * DAY)),
    })
}

fn hindrance(cannot_wait: bool, decisive: bool) -> Circumstance {
    Circumstance::Hindrance(wire::Hindrance {
        guardian: Some(person(GUARDIANS[1])),
        cannot_wait,
        decisive,
        valid_until: Some(ago(-7 * DAY)),
    })
}

fn situation(circumstance: wire::Circumstance, from: i64, until: i64) -> Circumstance {
    Circumstance::Situation(wire::Situation {
        circumstance: circumstance.into(),
        valid_from: Some(ago(-from)),
        valid_until: Some(ago(-until)),
    })
}

async fn assess(party: &Party, child: &IndividualId, found: Assessment) -> Result<Vec<u8>, Status> {
    let request = party.assessing(child.as_bytes(), found);
    let answer = party.individuals().record_assessment(request).await?;
    Ok(answer.into_inner().fact_id)
}

async fn find(party: &Party, child: &IndividualId, found: Circumstance) -> Result<Vec<u8>, Status> {
    let request = party.finding(child.as_bytes(), found);
    let answer = party.individuals().record_circumstance(request).await?;
    Ok(answer.into_inner().fact_id)
}

async fn attest(party: &Party, fact: &[u8], user: &str) -> Result<(), Status> {
    let request = party.attesting(fact, user);
    party.individuals().attest_fact(request).await.map(drop)
}

async fn list(party: &Party, child: &[u8]) -> Result<wire::ListFactsResponse, Status> {
    let request = wire::ListFactsRequest {
        individual_id: child.to_vec(),
        ..wire::ListFactsRequest::default()
    };
    let answer = party.individuals().list_facts(request).await;
    answer.map(Response::into_inner)
}

async fn ask(party: &Party, child: &IndividualId, scope: consent::Scope) -> Result<consent::Consent, Status> {
    let request = party.requesting(child.as_bytes(), scope);
    let answer = party.consents().request_consent(request).await?;
    Ok(answer.into_inner().consent.unwrap())
}

async fn state(story: &Story, consent: &[u8]) -> ConsentState {
    let request = consent::GetConsentRequest {
        consent_id: consent.to_vec(),
    };
    let answer = story.social.consents().get_consent(request).await.unwrap();
    answer.into_inner().consent.unwrap().state()
}

/// The reasons against a note from social services to child psychiatry; empty: it may be sent.
async fn against(story: &Story, child: IndividualId, category: Category) -> Vec<String> {
    let request = story.social.checking(&Question {
        subjects: &[child],
        to: &[&story.psychiatry],
        categories: &[category],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    });
    let answer = story.social.decisions().check(request).await.unwrap();
    let verdict = answer.into_inner().verdicts.remove(0);
    let reasons = verdict.reasons.iter();
    reasons
        .map(|reason| {
            reason
                .code()
                .as_str_name()
                .trim_start_matches("REASON_CODE_")
                .to_owned()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_young_person_is_asked_once_two_professionals_stand_behind_what_was_found() {
    let (story, case) = with_teenager().await;
    let social = &story.social;
    let refused = ask(social, &case, story.scope()).await.unwrap_err();
    assert_eq!(refusal(&refused).0, "MATURITY_UNASSESSED");

    let found = maturity(wire::Maturity::TakesPart, Purpose::Sip);
    let fact = assess(social, &case, found).await.unwrap();
    let refused = ask(social, &case, story.scope()).await.unwrap_err();
    assert_eq!(refusal(&refused).0, "FACT_NOT_ATTESTED", "one word is none");

    let before = Census::of(&story.hub.data()).await;
    for same in ["anna.k", "ANNA.K", "Anna.k"] {
        let refused = attest(social, &fact, same).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    assert_hidden(
        attest(&story.psychiatry, &fact, "bo.l").await,
        attest(&story.psychiatry, &new_id(), "bo.l").await,
    );
    assert_eq!(Census::of(&story.hub.data()).await, before);

    attest(social, &fact, "bo.l").await.unwrap();
    let again = attest(social, &fact, "cilla.m").await;
    assert_fails(again, Code::FailedPrecondition, "STATE_CONFLICT");
    let asked = ask(social, &case, story.scope()).await.unwrap();
    assert_eq!(asked.signatories.len(), 3, "both guardians and the child");
    // Another unit has to find out for itself, and another matter is another finding.
    let number = list(social, case.as_bytes()).await.unwrap();
    assert_eq!(number.facts.len(), 1);
    let mut scope = story.scope();
    scope.purpose = Purpose::Placement.number().into();
    let refused = ask(social, &case, scope).await.unwrap_err();
    assert_eq!(refusal(&refused).0, "MATURITY_UNASSESSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_found_to_decide_alone_signs_alone() {
    let (story, case) = with_teenager().await;
    let found = maturity(wire::Maturity::Decides, Purpose::Sip);
    let fact = assess(&story.social, &case, found).await.unwrap();
    attest(&story.social, &fact, "bo.l").await.unwrap();
    let asked = ask(&story.social, &case, story.scope()).await.unwrap();
    assert_eq!(asked.signatories.len(), 1);
    assert_eq!(
        against(&story, case, Category::SchoolSituation).await,
        ["SIGNATURE_MISSING"]
    );
    story.sign(&asked.consent_id, 1).await;
    assert!(against(&story, case, Category::SchoolSituation).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_who_cannot_be_reached_is_not_waited_for_where_it_cannot_wait() {
    let story = Story::begin().await;
    let (social, child) = (&story.social, story.child);
    let consent = story.request().await;
    story.sign(&consent, 1).await;
    let before = Census::of(&story.hub.data()).await;
    for (cannot_wait, decisive) in [(false, false), (true, true), (false, true)] {
        let refused = find(social, &child, hindrance(cannot_wait, decisive)).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);

    let fact = find(social, &child, hindrance(true, false)).await.unwrap();
    assert_eq!(
        state(&story, &consent).await,
        ConsentState::Requested,
        "not attested"
    );
    assert_ne!(against(&story, child, Category::SchoolSituation).await, [""; 0]);
    attest(social, &fact, "bo.l").await.unwrap();
    // The yes of the other suffices now: it is in force by itself, as an entry of the hub's own says.
    assert_eq!(state(&story, &consent).await, ConsentState::Active);
    assert!(against(&story, child, Category::SchoolSituation).await.is_empty());
    // The entry is about the child: looking for a guardian's number must not tell whose guardian it is.
    assert_eq!(entry_people(&story.hub.data(), &fact).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_who_is_a_risk_neither_signs_nor_hears_of_it_where_they_are_one() {
    let story = Story::begin().await;
    let (social, child) = (&story.social, story.child);
    let fact = assess(social, &child, risk(&[Category::HealthMental]))
        .await
        .unwrap();
    attest(social, &fact, "bo.l").await.unwrap();
    let mut scope = story.scope();
    scope.categories = vec![Category::HealthMental.number().into()];
    let health = ask(social, &child, scope).await.unwrap();
    assert_eq!(health.signatories.len(), 1, "the other guardian alone");
    story.sign(&health.consent_id, 1).await;
    assert!(against(&story, child, Category::HealthMental).await.is_empty());

    let mut scope = story.scope();
    scope.categories = vec![Category::SchoolSituation.number().into()];
    let school = ask(social, &child, scope).await.unwrap();
    assert_eq!(school.signatories.len(), 2, "about school both decide");
    story.sign(&school.consent_id, 1).await;
    assert_eq!(
        against(&story, child, Category::SchoolSituation).await,
        ["SIGNATURE_MISSING"]
    );

    // Told to the child's own log and to nobody else's; whom it is about is in no entry.
    assert_eq!(entry_people(&story.hub.data(), &fact).await, 1);
    let said = entry_details(&story.hub.data(), &fact).await.to_string();
    for secret in [GUARDIANS[1].0, GUARDIANS[1].1, "Samtal", "HEALTH_MENTAL"] {
        assert!(!said.contains(secret), "{said}");
    }
    assert!(said.contains("RISK"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_is_its_units_own() {
    let (story, _) = Story::with_consent().await;
    let (social, child) = (&story.social, story.child);
    let mut recorded = Vec::new();
    for _ in 0..3 {
        let measures = situation(wire::Circumstance::LssMeasures, -60, DAY);
        recorded.push(find(social, &child, measures).await.unwrap());
    }
    recorded.reverse();
    let listed = list(social, child.as_bytes()).await.unwrap().facts;
    let ids: Vec<Vec<u8>> = listed.iter().map(|fact| fact.fact_id.clone()).collect();
    assert_eq!(ids, recorded, "newest first");
    assert!(
        listed
            .iter()
            .all(|fact| fact.recorded_by == "anna.k" && fact.attested_by.is_empty())
    );
    // Who is party to the consent knows the child, and has recorded nothing.
    let theirs = list(&story.psychiatry, child.as_bytes()).await.unwrap();
    assert!(theirs.facts.is_empty());
    assert_hidden(
        list(&story.clinic, child.as_bytes()).await,
        list(&story.clinic, &new_id()).await,
    );
    // A page goes on where it was, for this unit and this child alone.
    let request = |token: Vec<u8>, child: &IndividualId| wire::ListFactsRequest {
        individual_id: child.as_bytes().to_vec(),
        page_size: 2,
        page_token: token,
    };
    let first = social
        .individuals()
        .list_facts(request(Vec::new(), &child))
        .await
        .unwrap();
    let token = first.into_inner().next_page_token;
    let rest = social
        .individuals()
        .list_facts(request(token.clone(), &child))
        .await
        .unwrap();
    assert_eq!(rest.into_inner().facts.len(), 1);
    let stolen = story
        .psychiatry
        .individuals()
        .list_facts(request(token.clone(), &child))
        .await;
    assert_fails(stolen, Code::InvalidArgument, "FIELD_INVALID");
    let other = story.register(social, GUARDIANS[0]).await;
    let elsewhere = social.individuals().list_facts(request(token, &other)).await;
    assert_fails(elsewhere, Code::InvalidArgument, "FIELD_INVALID");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_form_is_refused_with_its_field_and_changes_nothing() {
    let story = Story::begin().await;
    let (social, child) = (&story.social, story.child);
    let before = Census::of(&story.hub.data()).await;
    let lss = wire::Circumstance::LssMeasures;
    for (from, until) in [(-2 * DAY, -DAY), (DAY, DAY), (2 * DAY, DAY), (0, 367 * DAY)] {
        let refused = find(social, &child, situation(lss, from, until)).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    let refused = assess(social, &child, risk(&[])).await;
    assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    // Whose task it is to find something: no board decides in child psychiatry, nobody at a school judges care.
    let theirs = story.register(&story.psychiatry, CHILD).await;
    let inquiry = situation(wire::Circumstance::InquiryDecided, -60, DAY);
    let refused = find(&story.psychiatry, &theirs, inquiry.clone()).await;
    assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    find(social, &child, inquiry).await.unwrap();
    let care = situation(wire::Circumstance::CompulsoryPsychiatricCare, -60, DAY);
    let refused = find(social, &child, care.clone()).await;
    assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    find(&story.psychiatry, &theirs, care).await.unwrap();
    let reasons = |reason: String| {
        let mut request = social.finding(child.as_bytes(), situation(lss, -60, DAY));
        request.reason = reason;
        request
    };
    for refused in [String::new(), "å".repeat(501)] {
        let refused = social.individuals().record_circumstance(reasons(refused)).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    let longest = reasons("å".repeat(500));
    social.individuals().record_circumstance(longest).await.unwrap();
    let after = Census::of(&story.hub.data()).await;
    assert_eq!(after.entries - before.entries, 4, "a case and three facts");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_repeats_its_answer_and_a_unit_does_not_hoard() {
    let story = Story::begin().await;
    let (social, child) = (&story.social, story.child);
    let lss = || situation(wire::Circumstance::LssMeasures, -60, DAY);
    let mut request = social.finding(child.as_bytes(), lss());
    let record = async |request: &wire::RecordCircumstanceRequest| {
        let answer = social.individuals().record_circumstance(request.clone()).await;
        answer.map(Response::into_inner)
    };
    let first = record(&request).await.unwrap();
    assert_eq!(record(&request).await.unwrap(), first);
    request.reason = "Något annat".to_owned();
    assert_fails(record(&request).await, Code::AlreadyExists, "ID_REUSED");
    for _ in 1..MAX_FACTS {
        find(social, &child, lss()).await.unwrap();
    }
    let one_more = find(social, &child, lss()).await;
    assert_fails(one_more, Code::InvalidArgument, "LIMIT_EXCEEDED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_guardian_is_asked_by_the_hub_and_what_waits_passes_after_their_yes() {
    let (story, consent) = Story::with_consent().await;
    let to = [&story.psychiatry];
    let sent = story.social.send(&Letter::note(&story.child, &to)).await.unwrap();
    let delivery = &sent.deliveries[0].delivery_id;
    let number = invented_number(1981, 2);
    let third = (number.as_str(), "Love Exempel");
    story.import_custody(&[GUARDIANS[0], GUARDIANS[1], third]).await;
    let request = consent::GetConsentRequest {
        consent_id: consent.clone(),
    };
    let seen = story.social.consents().get_consent(request).await.unwrap();
    assert_eq!(seen.into_inner().consent.unwrap().signatories.len(), 3);
    let waits = story.psychiatry.fetch(delivery).await.unwrap_err();
    assert_eq!(refusal(&waits).0, "DELIVERY_WAITING");
    story.sign(&consent, 3).await;
    story.psychiatry.fetch(delivery).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_comes_into_force_when_whoever_has_custody_now_has_signed() {
    for (stays, expected) in [(0, ConsentState::Active), (1, ConsentState::Requested)] {
        let story = Story::begin().await;
        let consent = story.request().await;
        story.sign(&consent, 1).await;
        story.import_custody(&[GUARDIANS[stays]]).await;
        assert_eq!(
            state(&story, &consent).await,
            expected,
            "guardian {stays} has custody alone"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_professional_anywhere_takes_nobodys_say_away_and_nobody_hears_what_others_found() {
    let story = Story::begin().await;
    let (social, child) = (&story.social, story.child);
    let consent = story.request().await;
    story.sign(&consent, 1).await;
    // Whoever has the child's number can open a case, and one professional there is not enough.
    let theirs = story.register(&story.clinic, CHILD).await;
    let fact = find(&story.clinic, &theirs, hindrance(true, false))
        .await
        .unwrap();
    let barred = assess(&story.clinic, &theirs, risk(&[Category::SchoolSituation]))
        .await
        .unwrap();
    assert_eq!(state(&story, &consent).await, ConsentState::Requested);
    attest(&story.clinic, &fact, "bo.l").await.unwrap();
    attest(&story.clinic, &barred, "bo.l").await.unwrap();
    assert_eq!(state(&story, &consent).await, ConsentState::Active);
    // It counts, and what it was is the clinic's to know.
    let request = social.checking(&Question {
        subjects: &[child],
        to: &[&story.psychiatry],
        categories: &[Category::SchoolSituation],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    });
    let answer = social.decisions().check(request).await.unwrap().into_inner();
    let kinds: Vec<_> = answer.verdicts[0].facts.iter().map(|fact| fact.kind()).collect();
    assert_eq!(kinds, [samrum_proto::wire::decision::v1::FactKind::Custody]);
    // Its own it is told.
    let own = find(social, &child, hindrance(true, false)).await.unwrap();
    attest(social, &own, "bo.l").await.unwrap();
    let request = social.checking(&Question {
        subjects: &[child],
        to: &[&story.psychiatry],
        categories: &[Category::SchoolSituation],
        kind: Kind::Note,
        purpose: Purpose::Sip,
    });
    let answer = social.decisions().check(request).await.unwrap().into_inner();
    assert_eq!(answer.verdicts[0].facts.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_is_named_by_what_cannot_look_like_another() {
    let story = Story::begin().await;
    let lss = situation(wire::Circumstance::LssMeasures, -60, DAY);
    let fact = find(&story.social, &story.child, lss).await.unwrap();
    for lookalike in ["anna.k\u{200b}", "аnna.k", "anna .k"] {
        let refused = attest(&story.social, &fact, lookalike).await;
        assert_fails(refused, Code::InvalidArgument, "ACTING_STATEMENT_INVALID");
    }
    attest(&story.social, &fact, "bo.l").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_reading_of_custody_does_not_undo_a_newer_one() {
    let story = Story::begin().await;
    let reading = |checked: i64| wire::SetRepresentationRequest {
        request_id: new_id(),
        person: Some(person(CHILD)),
        guardians: vec![person(GUARDIANS[0])],
        source: wire::CustodySource::CourtDecision.into(),
        checked_at: Some(ago(checked)),
        ..Default::default()
    };
    let set = async |request| {
        let operator = story.operator.individuals();
        let mut operator = operator;
        operator.set_representation(request).await.map(drop)
    };
    set(reading(60)).await.unwrap();
    let before = Census::of(&story.hub.data()).await;
    assert_fails(set(reading(120)).await, Code::InvalidArgument, "FIELD_INVALID");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    set(reading(30)).await.unwrap();
}
