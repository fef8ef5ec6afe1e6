//! The directory through a whole hub: keys and who gives them, ids used once, lists page by page.

use samrum_certs::world;
use samrum_consent::id::IndividualId;
use samrum_proto::envelope::OpenError;
use samrum_proto::statement::{KeyStatement, Signed};
use samrum_proto::wire::consent::v1::ListConsentsRequest;
use samrum_proto::wire::directory::v1 as wire;
use samrum_tests::{CHILD, Letter, Party, Story, assert_fails, assert_hidden, new_id, receipt, signing_key};
use tonic::{Code, Response, Status};

async fn keys(reader: &Party, of: &Party) -> Vec<wire::UnitKey> {
    let request = wire::ListUnitKeysRequest { unit_id: of.bytes() };
    let answer = reader.directory().list_unit_keys(request).await;
    answer.unwrap().into_inner().keys
}

async fn look(reader: &Party, unit_id: Vec<u8>) -> Result<wire::Unit, Status> {
    let answer = reader
        .directory()
        .get_unit(wire::GetUnitRequest { unit_id })
        .await;
    answer.map(|answer| answer.into_inner().unit.unwrap())
}

fn states(keys: &[wire::UnitKey]) -> Vec<wire::KeyState> {
    keys.iter().map(wire::UnitKey::state).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_takes_over_and_the_old_one_only_opens_what_was_sealed_to_it() {
    let (mut story, _) = Story::with_consent().await;
    let before = keys(&story.social, &story.psychiatry).await;
    assert_eq!(states(&before), [wire::KeyState::Current]);
    let sent = story
        .social
        .send(&Letter::note(&story.child, &[&story.psychiatry]))
        .await;
    let delivery = sent.unwrap().deliveries.remove(0).delivery_id;

    let old_statement = wire::RotateUnitKeyRequest {
        statement: before[0].statement.clone(),
        organisation_signature: before[0].organisation_signature.clone(),
    };
    let by_the_old_key = story.psychiatry.registering(CHILD);
    let region = std::mem::replace(
        &mut story
            .organisations
            .iter_mut()
            .find(|(name, _)| *name == "region-exempel")
            .unwrap()
            .1,
        signing_key(),
    );
    let (new_id, old_sealing) = story.psychiatry.renew_key(&region).await;

    let after = keys(&story.social, &story.psychiatry).await;
    assert_eq!(
        states(&after),
        [wire::KeyState::Current, wire::KeyState::DecryptOnly]
    );
    assert_eq!(after[0].key_id, new_id.as_bytes());
    assert_eq!(after[1].key_id, before[0].key_id, "newest first");

    // The old key signs nothing any more, and does not come back.
    let acted = story
        .psychiatry
        .individuals()
        .register_individual(by_the_old_key)
        .await;
    assert_fails(acted, Code::InvalidArgument, "ACTING_STATEMENT_INVALID");
    let again = story.psychiatry.directory().rotate_unit_key(old_statement).await;
    assert_fails(again, Code::FailedPrecondition, "STATE_CONFLICT");
    assert_eq!(
        states(&keys(&story.social, &story.psychiatry).await),
        states(&after)
    );

    // It still opens what was sealed to it; the new one does not.
    let fetched = story.psychiatry.fetch(&delivery).await.unwrap();
    let (sealed_to, organisation) = (
        before_key(&before),
        story.organisation("exempelby").verifying_key(),
    );
    let wrong = story
        .psychiatry
        .open(&fetched, sealed_to, &organisation)
        .unwrap_err();
    assert_eq!(wrong, OpenError::Unwrap);
    story.psychiatry.sealing = old_sealing;
    let opened = story.psychiatry.open(&fetched, sealed_to, &organisation).unwrap();
    assert_eq!(opened.plaintext.as_slice(), "Anteckning efter mötet".as_bytes());
}

fn before_key(keys: &[wire::UnitKey]) -> samrum_proto::statement::KeyId {
    samrum_proto::statement::KeyId::from_bytes(keys[0].key_id.clone().try_into().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_organisation_gives_a_unit_a_key() {
    let story = Story::begin().await;
    let municipality = story.organisation("exempelby");
    let rotate = async |request| {
        let answer = story.school.directory().rotate_unit_key(request).await;
        answer.map(Response::into_inner)
    };
    let signed_by = |key| story.school.rotating(key);
    for (who, request) in [
        ("the unit itself", signed_by(&story.school.signing)),
        (
            "another organisation",
            signed_by(story.organisation("region-exempel")),
        ),
        ("nobody", wire::RotateUnitKeyRequest::default()),
    ] {
        println!("signed by {who}");
        assert_fails(rotate(request).await, Code::InvalidArgument, "SIGNATURE_INVALID");
    }
    // Pupil health is the same organisation's, and yet another unit.
    let others = rotate(story.pupil_health.rotating(municipality)).await;
    assert_fails(others, Code::InvalidArgument, "SENDER_MISMATCH");
    assert_eq!(
        states(&keys(&story.school, &story.school).await),
        [wire::KeyState::Current]
    );

    rotate(signed_by(municipality)).await.unwrap();
    assert_eq!(keys(&story.school, &story.school).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_in_force_may_be_announced_again_and_the_unit_gets_its_receipt() {
    let story = Story::begin().await;
    let request = story.school.rotating(story.organisation("exempelby"));
    let first = story
        .school
        .directory()
        .rotate_unit_key(request.clone())
        .await
        .unwrap();
    let again = story
        .school
        .directory()
        .rotate_unit_key(request.clone())
        .await
        .unwrap();
    let (first, again) = (first.into_inner(), again.into_inner());
    assert_eq!(first.key_id, again.key_id);
    assert_eq!(
        keys(&story.school, &story.school).await.len(),
        2,
        "one key more, not two"
    );
    for ticket in [first.ticket.unwrap(), again.ticket.unwrap()] {
        let proof = receipt(&story.school, &ticket.entry_id).await.unwrap();
        let details: serde_json::Value = serde_json::from_slice(&proof.details).unwrap();
        assert_eq!(details["by"]["unit"], story.school.id().to_string());
    }
    // Whoever monitors keys can read the statement's owner and bytes.
    let statement = Signed::<KeyStatement>::verify(
        &request.statement,
        &request.organisation_signature,
        &story.organisation("exempelby").verifying_key(),
    );
    assert_eq!(statement.unwrap().value().unit, story.school.id());
}

fn organisation(of: &world::Organisation, key: &[u8; 32]) -> wire::CreateOrganisationRequest {
    wire::CreateOrganisationRequest {
        organisation: Some(wire::Organisation {
            organisation_id: of.id.to_vec(),
            organisation_number: of.number.to_owned(),
            name: of.name.to_owned(),
            holder: wire::Holder::Private.into(),
            signing_public_key: key.to_vec(),
        }),
        authorities: vec![wire::Authority {
            authority_id: world::SOLSIDAN_PROVIDER.id.to_vec(),
            organisation_id: of.id.to_vec(),
            name: world::SOLSIDAN_PROVIDER.name.to_owned(),
        }],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_in_the_directory_stands_for_one_thing() {
    let story = Story::begin().await;
    let operator = &story.operator;
    let key = *story.organisation("solsidan").verifying_key().as_bytes();
    let same = organisation(&world::SOLSIDAN, &key);
    operator
        .directory()
        .create_organisation(same.clone())
        .await
        .unwrap();
    let mut other = same;
    other.organisation.as_mut().unwrap().name = "Solsidan Omsorg AB".to_owned();
    let reused = operator.directory().create_organisation(other).await;
    assert_fails(reused, Code::AlreadyExists, "ID_REUSED");

    let unit = look(&story.social, story.clinic.bytes()).await.unwrap();
    let create = async |unit: wire::Unit| {
        let request = wire::CreateUnitRequest { unit: Some(unit) };
        operator.directory().create_unit(request).await.map(drop)
    };
    create(unit.clone()).await.unwrap();
    let renamed = wire::Unit {
        name: "Månsidans mottagning".to_owned(),
        ..unit.clone()
    };
    assert_fails(create(renamed).await, Code::AlreadyExists, "ID_REUSED");
    let elsewhere = wire::Unit {
        unit_id: new_id(),
        organisation_id: world::EXEMPELBY.id.to_vec(),
        ..unit.clone()
    };
    assert_fails(create(elsewhere).await, Code::NotFound, "NOT_FOUND");
    for hsa_id in ["SE2321009901-BUP1", "BUP1", "SE2321009900-BUP 1"] {
        let unnamed = wire::Unit {
            unit_id: new_id(),
            hsa_id: hsa_id.to_owned(),
            ..unit.clone()
        };
        assert_fails(create(unnamed).await, Code::InvalidArgument, "FIELD_INVALID");
    }
    assert_eq!(look(&story.social, story.clinic.bytes()).await.unwrap(), unit);
}

async fn page(party: &Party, page_size: u32, page_token: Vec<u8>) -> Result<wire::ListUnitsResponse, Status> {
    let request = wire::ListUnitsRequest {
        page_size,
        page_token,
    };
    party
        .directory()
        .list_units(request)
        .await
        .map(Response::into_inner)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_goes_on_where_it_stopped_and_with_its_own_tokens_only() {
    let (story, _) = Story::with_consent().await;
    let (mut names, mut token) = (Vec::new(), Vec::new());
    for _ in 0..world::UNITS.len() {
        let answer = page(&story.social, 4, token).await.unwrap();
        names.extend(answer.units.into_iter().map(|unit| unit.name));
        token = answer.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert!(token.is_empty(), "the list ends");
    let mut expected: Vec<_> = world::UNITS.iter().map(|unit| unit.name.to_owned()).collect();
    expected.sort();
    assert_eq!(names, expected, "by name, each once");

    let own = page(&story.social, 4, Vec::new()).await.unwrap().next_page_token;
    let mut altered = own.clone();
    altered[20] ^= 1;
    let foreign = [altered, vec![1], consents_token(&story).await];
    for token in foreign {
        let refused = page(&story.social, 4, token).await;
        assert_fails(refused, Code::InvalidArgument, "FIELD_INVALID");
    }
    let others = page(&story.clinic, 4, own).await;
    assert_fails(others, Code::InvalidArgument, "FIELD_INVALID");
    page(&story.social, 200, Vec::new()).await.unwrap();
    assert_fails(
        page(&story.social, 201, Vec::new()).await,
        Code::InvalidArgument,
        "LIMIT_EXCEEDED",
    );
}

/// A token of another list.
async fn consents_token(story: &Story) -> Vec<u8> {
    story.request().await;
    let child: &IndividualId = &story.child;
    let request = ListConsentsRequest {
        individual_id: child.as_bytes().to_vec(),
        page_size: 1,
        page_token: Vec::new(),
    };
    let listed = story.social.consents().list_consents(request).await.unwrap();
    listed.into_inner().next_page_token
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_is_not_there_is_not_found() {
    let story = Story::begin().await;
    let social = &story.social;
    assert_hidden(look(social, new_id()).await, look(social, new_id()).await);
    let request = wire::ListUnitKeysRequest { unit_id: new_id() };
    let keys = social.directory().list_unit_keys(request).await;
    assert_fails(keys, Code::NotFound, "NOT_FOUND");
    assert_eq!(
        look(social, story.school.bytes()).await.unwrap().name,
        "Exempelskolan"
    );
}
