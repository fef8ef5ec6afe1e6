//! The receipt for a consent through a whole hub: one per revision, the same for everyone who may know the consent,
//! with the fields of Kantara's Consent Receipt 1.1 and without the number or name of anybody who signed.

use std::collections::BTreeSet;

use samrum_consent::vocabulary::{Category, Direction};
use samrum_proto::wire::consent::v1 as wire;
use samrum_tests::{CHILD, Census, GUARDIANS, Party, Story, assert_fails, assert_hidden, new_id};
use serde_json::Value;
use tonic::{Code, Response, Status};
use uuid::Uuid;

/// What the specification demands of a receipt, of a controller and of a purpose.
const REQUIRED: [&str; 12] = [
    "version",
    "jurisdiction",
    "consentTimestamp",
    "collectionMethod",
    "consentReceiptID",
    "language",
    "piiPrincipalId",
    "piiControllers",
    "policyUrl",
    "services",
    "sensitive",
    "spiCat",
];
const OF_A_CONTROLLER: [&str; 5] = ["piiController", "contact", "address", "email", "phone"];
const OF_A_PURPOSE: [&str; 7] = [
    "purpose",
    "purposeCategory",
    "consentType",
    "piiCategory",
    "primaryPurpose",
    "termination",
    "thirdPartyDisclosure",
];

async fn ask(
    party: &Party,
    consent: &[u8],
    language: &str,
) -> Result<wire::GetConsentReceiptResponse, Status> {
    let request = wire::GetConsentReceiptRequest {
        consent_id: consent.to_vec(),
        language: language.to_owned(),
    };
    let answer = party.consents().get_consent_receipt(request).await;
    answer.map(Response::into_inner)
}

/// The receipt in English, read.
async fn read(party: &Party, consent: &[u8]) -> Value {
    let receipt = ask(party, consent, "en").await.unwrap();
    serde_json::from_str(&receipt.json).unwrap()
}

fn in_text(id: &[u8]) -> String {
    Uuid::from_slice(id).unwrap().to_string()
}

#[track_caller]
fn assert_has(value: &Value, fields: &[&str]) {
    for field in fields {
        assert!(value.get(field).is_some(), "{field} in {value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_has_the_fields_of_the_specification() {
    let (story, consent) = Story::with_consent().await;
    let receipt = read(&story.social, &consent).await;
    assert_has(&receipt, &REQUIRED);
    assert_eq!(receipt["version"], "KI-CR-v1.1.0");
    assert_eq!(
        (&receipt["jurisdiction"], &receipt["language"]),
        (&"SE".into(), &"en".into())
    );
    assert_eq!(receipt["piiPrincipalId"], story.child.to_string());
    assert_eq!(receipt["collectionMethod"], "on paper");
    Uuid::parse_str(receipt["consentReceiptID"].as_str().unwrap()).unwrap();

    let asked = wire::GetConsentRequest {
        consent_id: consent.clone(),
    };
    let known = story.social.consents().get_consent(asked).await.unwrap();
    let known = known.into_inner().consent.unwrap();
    let signed = known.signatories.iter().map(|one| one.signed_at.unwrap().seconds);
    assert_eq!(receipt["consentTimestamp"].as_i64(), signed.max(), "the last yes");

    let controllers = receipt["piiControllers"].as_array().unwrap();
    let named: Vec<_> = controllers
        .iter()
        .map(|one| one["piiController"].as_str().unwrap())
        .collect();
    assert_eq!(
        named.iter().copied().collect::<BTreeSet<_>>(),
        BTreeSet::from([
            "Barn- och utbildningsnämnden, Exempelby kommun",
            "Hälso- och sjukvårdsnämnden, Region Exempel",
            "Socialnämnden, Exempelby kommun",
        ]),
        "the authorities of the circle"
    );
    for controller in controllers {
        assert_has(controller, &OF_A_CONTROLLER);
    }
    let services = receipt["services"].as_array().unwrap();
    let purposes = services[0]["purposes"].as_array().unwrap();
    assert_eq!((services.len(), purposes.len()), (1, 1));
    let purpose = &purposes[0];
    assert_has(purpose, &OF_A_PURPOSE);
    assert_eq!(purpose["consentType"], "EXPLICIT");
    assert_eq!(purpose["thirdPartyDisclosure"], true);
    assert!(
        purpose["thirdPartyName"]
            .as_str()
            .unwrap()
            .contains("BUP Exempelstad")
    );
    assert_eq!(purpose["piiCategory"].as_array().unwrap().len(), 2);

    // School is not sensitive (GDPR 9.1); health is.
    assert_eq!(
        (&receipt["sensitive"], receipt["spiCat"].as_array().unwrap().len()),
        (&true.into(), 1)
    );
    let own = &receipt["samrum"];
    assert_eq!(own["consentId"], in_text(&consent));
    assert_eq!(
        own["categories"],
        serde_json::json!(["SCHOOL_SITUATION", "HEALTH_MENTAL"])
    );
    assert_eq!((&own["state"], &own["revision"]), (&"ACTIVE".into(), &3.into()));
    for signatory in own["signatories"].as_array().unwrap() {
        assert_eq!(signatory["capacity"], "GUARDIAN");
        assert_eq!(signatory["recordedByUnitId"], story.social.id().to_string());
        assert_eq!(signatory["sha256"], hex::encode([7; 32]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_names_nobody_who_signed_and_holds_no_identity_number() {
    let story = Story::begin().await;
    let consent = story.request().await;
    story.sign_in_portal("kim", &consent).await;
    story.sign(&consent, 2).await;
    for language in ["sv", "en"] {
        let receipt = ask(&story.social, &consent, language).await.unwrap();
        let told = format!("{}\n{}", receipt.json, receipt.text);
        for (number, _) in [CHILD, GUARDIANS[0], GUARDIANS[1]] {
            let hyphenated = format!("{}-{}", &number[2..8], &number[8..]);
            for form in [number, &number[2..], &hyphenated] {
                assert!(!told.contains(form), "an identity number in {told}");
            }
        }
        for (_, name) in GUARDIANS {
            for part in name.split(' ').take(1).chain([name]) {
                assert!(!told.contains(part), "{part} in {told}");
            }
        }
        // Its twin: whom it is about stands in the readable text, as in what they signed.
        assert!(receipt.text.contains(CHILD.1));
        assert!(
            !receipt.json.contains(CHILD.1),
            "and in the JSON by the case's id alone"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_each_yes_was_given_stands_in_it() {
    let story = Story::begin().await;
    let consent = story.request().await;
    story.sign_in_portal("kim", &consent).await;
    story.sign(&consent, 2).await;
    let receipt = ask(&story.social, &consent, "en").await.unwrap();
    let json: Value = serde_json::from_str(&receipt.json).unwrap();
    let methods = json["collectionMethod"].as_str().unwrap();
    assert_eq!(methods, "in the portal after e-identification; on paper");
    let signatories = &json["samrum"]["signatories"];
    assert_eq!(signatories[0]["recordedByUnitId"], Value::Null);
    assert_eq!(signatories[1]["recordedByUnitId"], story.social.id().to_string());
    assert!(
        receipt
            .text
            .contains("1. Guardian: yes, in the portal after e-identification")
    );
    assert!(receipt.text.contains("2. Guardian: yes, on paper"));
    assert!(receipt.text.contains("Recorded by Socialtjänsten barn och unga"));
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_who_may_know_gets_the_same_and_every_change_gives_another() {
    let (story, consent) = Story::with_consent().await;
    let before = Census::of(&story.hub.data()).await;
    for language in ["sv", "en"] {
        let first = ask(&story.social, &consent, language).await.unwrap();
        for party in [&story.social, &story.psychiatry, &story.pupil_health] {
            assert_eq!(
                ask(party, &consent, language).await.unwrap(),
                first,
                "{}",
                party.name
            );
        }
    }
    assert_eq!(
        Census::of(&story.hub.data()).await,
        before,
        "reading changes nothing"
    );

    let whole = read(&story.social, &consent).await;
    let narrower = story.social.narrowing(&consent, &[Category::HealthMental], None);
    story.social.consents().narrow_consent(narrower).await.unwrap();
    let narrowed = read(&story.social, &consent).await;
    let of = |receipt: &Value| {
        let purpose = &receipt["services"][0]["purposes"][0];
        let count = |value: &Value| value.as_array().unwrap().len();
        (
            count(&purpose["piiCategory"]),
            receipt["sensitive"].clone(),
            count(&receipt["spiCat"]),
        )
    };
    assert_eq!(of(&whole), (2, true.into(), 1));
    assert_eq!(
        of(&narrowed),
        (1, false.into(), 0),
        "what was ruled out is not opened"
    );
    assert_eq!(
        narrowed["samrum"]["excludedCategories"],
        serde_json::json!(["HEALTH_MENTAL"])
    );

    story.revoke(&consent).await;
    let revoked = read(&story.psychiatry, &consent).await;
    let states = [&whole, &narrowed, &revoked].map(|receipt| {
        let own = &receipt["samrum"];
        (own["state"].as_str().unwrap(), own["revision"].as_u64().unwrap())
    });
    assert_eq!(states, [("ACTIVE", 3), ("ACTIVE", 4), ("REVOKED", 5)]);
    let numbers = [&whole, &narrowed, &revoked].map(|receipt| receipt["consentReceiptID"].to_string());
    assert_eq!(BTreeSet::from(numbers).len(), 3, "one number per revision");
    assert_eq!(
        whole["consentTimestamp"], revoked["consentTimestamp"],
        "when it was given"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_way_consent_names_who_gives_and_who_reads() {
    let story = Story::begin().await;
    let mut scope = story.scope();
    scope.direction = Direction::OneWay.number().into();
    scope.source_unit_ids = vec![story.social.bytes()];
    scope.recipient_unit_ids = vec![story.psychiatry.bytes()];
    let request = story.social.requesting(story.child.as_bytes(), scope);
    let asked = story.social.consents().request_consent(request).await.unwrap();
    let consent = asked.into_inner().consent.unwrap().consent_id;
    story.sign(&consent, 1).await;
    let receipt = read(&story.social, &consent).await;
    let controllers = receipt["piiControllers"].as_array().unwrap();
    assert_eq!(controllers.len(), 1);
    assert_eq!(controllers[0]["piiController"], "Socialnämnden, Exempelby kommun");
    let readers = &receipt["services"][0]["purposes"][0]["thirdPartyName"];
    let psychiatry = "BUP Exempelstad, Hälso- och sjukvårdsnämnden, Region Exempel";
    assert_eq!(readers, psychiatry);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_readable_in_both_languages_and_in_no_third() {
    let (story, consent) = Story::with_consent().await;
    let [swedish, english, unsaid] = ["sv", "en", ""].map(|language| ask(&story.social, &consent, language));
    let (swedish, english) = (swedish.await.unwrap(), english.await.unwrap());
    assert!(
        swedish.text.starts_with("Kvitto på samtycke\n"),
        "{}",
        swedish.text
    );
    assert!(
        english.text.starts_with("Receipt for a consent\n"),
        "{}",
        english.text
    );
    assert_eq!(unsaid.await.unwrap(), swedish, "Swedish unless another is named");
    for receipt in [&swedish, &english] {
        let json: Value = serde_json::from_str(&receipt.json).unwrap();
        let number = json["consentReceiptID"].as_str().unwrap();
        assert!(receipt.text.contains(number), "text and JSON are one receipt");
        assert!(receipt.text.contains(&in_text(&consent)));
    }
    for language in ["de", "SV", "sv-SE", " "] {
        let answer = ask(&story.social, &consent, language).await;
        assert_fails(answer, Code::InvalidArgument, "FIELD_INVALID");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_none_before_somebody_has_said_yes() {
    let story = Story::begin().await;
    let consent = story.request().await;
    let early = ask(&story.social, &consent, "sv").await;
    assert_fails(early, Code::FailedPrecondition, "STATE_CONFLICT");
    story.sign(&consent, 1).await;
    let receipt = ask(&story.social, &consent, "sv").await.unwrap();
    assert!(
        receipt.text.contains("2. Vårdnadshavare: har inte svarat ja."),
        "{}",
        receipt.text
    );
    let json: Value = serde_json::from_str(&receipt.json).unwrap();
    assert_eq!(json["samrum"]["state"], "REQUESTED");
    assert_eq!(json["samrum"]["signatories"][1]["signedAt"], Value::Null);

    let declined = story.request().await;
    let no = story.social.declining(&declined, 1);
    story.social.consents().decline_consent(no).await.unwrap();
    let none = ask(&story.social, &declined, "sv").await;
    assert_fails(none, Code::FailedPrecondition, "STATE_CONFLICT");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_know_the_consent_gets_none() {
    let story = Story::begin().await;
    let consent = story.request().await;
    story.sign(&consent, 1).await;
    let hidden = async |party: &Party| {
        println!("{}", party.name);
        assert_hidden(
            ask(party, &consent, "sv").await,
            ask(party, &new_id(), "sv").await,
        );
    };
    // Until it is in force it is between those who were asked and the unit that asked.
    for party in [&story.psychiatry, &story.pupil_health, &story.clinic] {
        hidden(party).await;
    }
    story.sign(&consent, 2).await;
    ask(&story.psychiatry, &consent, "sv").await.unwrap();
    for party in [&story.school, &story.clinic, &story.reception] {
        hidden(party).await;
    }
    for party in [&story.auditor, &story.operator] {
        let answer = ask(party, &consent, "sv").await;
        assert_fails(answer, Code::PermissionDenied, "ROLE_NOT_ALLOWED");
    }
}
