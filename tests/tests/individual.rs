//! Individuals through a whole hub: opened alike for everyone, seen by those who may know, and what a change
//! of custody does to a document that waits.

use prost::Message as _;
use samrum_proto::wire::exchange::v1::DeliveryState;
use samrum_proto::wire::individual::v1 as wire;
use samrum_tests::{
    CHILD, Census, GUARDIANS, Letter, Party, Story, ago, assert_fails, assert_hidden, new_id, person, refusal,
};
use tonic::{Code, Response, Status};

/// Somebody whom the hub has never heard of.
const STRANGER: (&str, &str) = ("201804109807", "Mio Exempel");
/// Somebody who gets custody later.
const THIRD: (&str, &str) = ("198011239806", "Love Exempel");

async fn look(party: &Party, id: &[u8]) -> Result<wire::GetIndividualResponse, Status> {
    let request = wire::GetIndividualRequest {
        individual_id: id.to_vec(),
    };
    party
        .individuals()
        .get_individual(request)
        .await
        .map(Response::into_inner)
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_a_case_tells_nobody_whether_others_know_the_person() {
    let (story, _) = Story::with_consent().await;
    let register = async |named| {
        let request = story.clinic.registering(named);
        let answer = story.clinic.individuals().register_individual(request).await;
        answer.unwrap().into_inner()
    };
    let (known, unknown) = (register(CHILD).await, register(STRANGER).await);
    assert_eq!(known.individual_id.len(), unknown.individual_id.len());
    assert_ne!(
        known.individual_id,
        story.child.as_bytes(),
        "an id of this case alone"
    );
    let size = |answer: &wire::RegisterIndividualResponse| {
        let ticket = answer.ticket.as_ref().unwrap();
        (ticket.statement.len(), ticket.signature.len())
    };
    assert_eq!(size(&known), size(&unknown));
    // What the unit sees is what it wrote itself.
    let seen = look(&story.clinic, &known.individual_id).await.unwrap();
    assert_eq!(
        (seen.name.as_str(), seen.identity_number.as_str()),
        (CHILD.1, CHILD.0)
    );
    // And its own case opens nobody else's.
    assert_hidden(
        look(&story.clinic, story.child.as_bytes()).await,
        look(&story.clinic, &new_id()).await,
    );
    assert_hidden(
        look(&story.social, &known.individual_id).await,
        look(&story.social, &new_id()).await,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_is_seen_by_the_parties_once_there_is_consent_and_stays_so() {
    let story = Story::begin().await;
    let child = story.child.as_bytes();
    assert!(look(&story.social, child).await.is_ok());
    let consent = story.request().await;
    story.sign(&consent, 1).await;
    let early = look(&story.psychiatry, child).await;
    assert_hidden(early, look(&story.psychiatry, &new_id()).await);
    story.sign(&consent, 2).await;
    let seen = look(&story.psychiatry, child).await.unwrap();
    assert_eq!((seen.guardian_count, seen.name.as_str()), (2, CHILD.1));
    story.revoke(&consent).await;
    assert!(
        look(&story.psychiatry, child).await.is_ok(),
        "what it knew it knows"
    );
    assert_hidden(
        look(&story.clinic, child).await,
        look(&story.clinic, &new_id()).await,
    );
}

async fn state(story: &Story, document: &[u8]) -> DeliveryState {
    let request = samrum_proto::wire::exchange::v1::ListDeliveriesRequest {
        document_id: document.to_vec(),
    };
    let listed = story.social.exchange().list_deliveries(request).await.unwrap();
    listed.into_inner().deliveries[0].state()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_guardian_must_sign_too_and_what_waits_keeps_waiting() {
    let (story, _) = Story::with_consent().await;
    let to = [&story.psychiatry];
    let note = Letter::note(&story.child, &to);
    let document = new_id();
    let sealed = story.social.seal_as(document.clone(), &note).await;
    let sending = story.social.sending(&document, sealed);
    let sent = story.social.exchange().send_document(sending).await.unwrap();
    let delivery = sent.into_inner().deliveries.remove(0).delivery_id;

    let three = [GUARDIANS[0], GUARDIANS[1], THIRD];
    story.import_custody(&three).await;
    let denied = story.psychiatry.fetch(&delivery).await.unwrap_err();
    // What is missing is the sender's to know; the recipient learns that it waits.
    assert_eq!(refusal(&denied).0, "DELIVERY_WAITING");
    assert_eq!(
        state(&story, &document).await,
        DeliveryState::Queued,
        "not withheld"
    );
    let anew = story.social.send(&note).await.unwrap_err();
    assert_eq!(refusal(&anew).0, "SIGNATURE_MISSING");

    story.import_custody(&GUARDIANS).await;
    story.psychiatry.fetch(&delivery).await.unwrap();
    assert_eq!(state(&story, &document).await, DeliveryState::Released);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_repeats_its_answer_and_another_needs_another_id() {
    let story = Story::begin().await;
    let mut request = story.social.registering(STRANGER);
    let register = async |request: &wire::RegisterIndividualRequest| {
        let answer = story
            .social
            .individuals()
            .register_individual(request.clone())
            .await;
        answer.map(Response::into_inner)
    };
    let first = register(&request).await.unwrap();
    let before = Census::of(&story.hub.data()).await;
    assert_eq!(register(&request).await.unwrap(), first, "answer and ticket");
    request.person.as_mut().unwrap().name = "Mio Exempelsson".to_owned();
    assert_fails(register(&request).await, Code::AlreadyExists, "ID_REUSED");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    // The same id in another unit's hand is another request.
    let mut theirs = story.clinic.registering(STRANGER);
    let acting = story
        .clinic
        .acting(samrum_tests::method::REGISTER, &request.request_id);
    (theirs.request_id, theirs.acting) = (request.request_id.clone(), Some(acting));
    let other = story
        .clinic
        .individuals()
        .register_individual(theirs)
        .await
        .unwrap();
    assert_ne!(other.into_inner().individual_id, first.individual_id);
}

fn custody(child: (&str, &str), guardians: &[(&str, &str)]) -> wire::SetRepresentationRequest {
    wire::SetRepresentationRequest {
        request_id: new_id(),
        person: Some(person(child)),
        guardians: guardians.iter().copied().map(person).collect(),
        source: wire::CustodySource::CourtDecision.into(),
        checked_at: Some(ago(60)),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn custody_that_cannot_be_is_refused_and_the_record_stands() {
    let story = Story::begin().await;
    let set = async |request| {
        let answer = story.operator.individuals().set_representation(request).await;
        answer.map(Response::into_inner)
    };
    let before = Census::of(&story.hub.data()).await;
    let nine: Vec<String> = (0..9).map(|n| samrum_tests::invented_number(1980, n)).collect();
    let nine: Vec<(&str, &str)> = nine
        .iter()
        .map(|number| (number.as_str(), "Kim Exempel"))
        .collect();
    let future = wire::SetRepresentationRequest {
        checked_at: Some(ago(-3600)),
        ..custody(CHILD, &GUARDIANS)
    };
    let sourceless = wire::SetRepresentationRequest {
        source: 0,
        ..custody(CHILD, &GUARDIANS)
    };
    for (what, request, reason) in [
        (
            "twice",
            custody(CHILD, &[GUARDIANS[0], GUARDIANS[0]]),
            "FIELD_INVALID",
        ),
        ("its own", custody(CHILD, &[CHILD]), "FIELD_INVALID"),
        ("nine", custody(CHILD, &nine), "LIMIT_EXCEEDED"),
        ("read tomorrow", future, "FIELD_INVALID"),
        ("from nowhere", sourceless, "FIELD_INVALID"),
    ] {
        println!("{what}");
        assert_fails(set(request).await, Code::InvalidArgument, reason);
    }
    assert_eq!(Census::of(&story.hub.data()).await, before);
    let eight = custody(CHILD, &nine[..8]);
    let first = set(eight.clone()).await.unwrap();
    assert_eq!(set(eight).await.unwrap(), first, "repeated: the same answer");
    story.request().await;
    let seen = look(&story.social, story.child.as_bytes()).await.unwrap();
    assert_eq!(seen.guardian_count, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_opens_a_case_learns_of_custody_when_somebody_is_asked() {
    let story = Story::begin().await;
    let child = story.child.as_bytes();
    let custody = async || {
        let seen = look(&story.social, child).await.unwrap();
        (seen.guardian_count, seen.custody_source, seen.custody_checked_at)
    };
    assert_eq!(custody().await, (0, 0, None));
    story.request().await;
    let (count, source, checked) = custody().await;
    assert_eq!(
        (count, source),
        (2, wire::CustodySource::PopulationRegister.into())
    );
    assert!(checked.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_number_is_said_without_the_number() {
    let story = Story::begin().await;
    // A wrong check digit, a day that is none, a letter, eleven digits, nothing.
    for number in ["201703099803", "201713099802", "2017O3099802", "20170309980", ""] {
        let request = story.social.registering((number, "Alva Exempel"));
        let refused = story.social.individuals().register_individual(request).await;
        let refused = assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
        let shown = format!("{refused:?} {}", String::from_utf8_lossy(refused.details()));
        assert!(number.is_empty() || !shown.contains(number), "{shown}");
        assert!(!shown.contains("Alva"), "{shown}");
    }
    story.register(&story.social, STRANGER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_a_request_cannot_be_tested_against_guesses() {
    let mut story = Story::begin().await;
    let request = story.social.registering(STRANGER);
    let mut asked = request.clone();
    asked.acting = None;
    story
        .social
        .individuals()
        .register_individual(request)
        .await
        .unwrap();
    let guess = ring::digest::digest(&ring::digest::SHA256, &asked.encode_to_vec());
    let number = ring::digest::digest(&ring::digest::SHA256, STRANGER.0.as_bytes());
    story.hub.stop().await;
    let database = std::fs::read(story.hub.data().join("hub.db")).unwrap();
    let holds = |bytes: &[u8]| database.windows(bytes.len()).any(|window| window == bytes);
    assert!(holds(&asked.request_id), "the request itself is there");
    assert!(!holds(guess.as_ref()), "and its plain digest is not");
    assert!(!holds(number.as_ref()));
}
