//! A guardian who is a risk (OSL 12:3): neither signs nor sees in the categories that the record names, and is told
//! nothing of it anywhere.

use std::collections::BTreeSet;

use samrum_consent::vocabulary::{Category, Maturity};
use samrum_proto::wire::audit::v1::EventKind;
use samrum_proto::wire::decision::v1::{FactKind, ReasonCode};
use samrum_tests::{Browser, CHILD, Census, GUARDIANS, Story, assert_fails, contains, stored_bytes};
use tonic::Code;
use uuid::Uuid;

use crate::{
    ALL_OVER, Found, SECOND, ask, assess, assess_by_two, attest, codes, consent, field, find, hindered,
    mature_now, missing, request, risk, used,
};

const SCHOOL: Category = Category::SchoolSituation;
const MENTAL: Category = Category::HealthMental;
/// Somebody of whom the hub has never heard.
const STRANGER: (&str, &str) = ("198001019853", "Love Exempel");

#[tokio::test(flavor = "multi_thread")]
async fn once_attested_the_yes_of_a_risk_is_not_needed_in_what_the_record_names() {
    let mut story = Story::begin().await;
    let asked = request(&story, &story.child, |_| ()).await.unwrap().consent_id;
    story.sign(&asked, 1).await;
    let lacks = async |story: &Story, category| {
        let verdict = ask((&story.social, &story.psychiatry), &story.child, category).await;
        assert_eq!(codes(&verdict).len(), missing(&verdict).len());
        missing(&verdict)
    };
    assert_eq!(lacks(&story, MENTAL).await, ["2"]);
    let child = story.child.as_bytes();
    let fact = assess(&story.social, child, risk(GUARDIANS[1], &[MENTAL])).await;
    let fact = fact.unwrap();
    assert_eq!(lacks(&story, MENTAL).await, ["2"], "nobody's own word suffices");
    attest(&story.social, &fact, SECOND).await.unwrap();
    assert_eq!(lacks(&story, MENTAL).await, Vec::<String>::new());
    let verdict = ask((&story.social, &story.psychiatry), &story.child, MENTAL).await;
    assert_eq!(used(&verdict, FactKind::Risk), [fact]);
    assert_eq!(lacks(&story, SCHOOL).await, ["2"], "not in what it does not name");
    // Kim's is needed as before.
    let again = request(&story, &story.child, |_| ()).await.unwrap();
    let required: Vec<_> = again.signatories.iter().map(|one| one.required).collect();
    assert_eq!(required, [true, true], "Robin's in what is about school");
    let one = |scope: &mut samrum_proto::wire::consent::v1::Scope| {
        scope.categories = vec![MENTAL.number().into()];
    };
    let without_school = request(&story, &story.child, one).await.unwrap();
    assert_eq!(without_school.signatories.len(), 1);

    story.change_behind_its_back(ALL_OVER).await;
    assert_eq!(lacks(&story, MENTAL).await, ["2"], "its review is over");
    let whole = request(&story, &story.child, one).await.unwrap();
    assert_eq!(whole.signatories.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_risk_of_whom_the_hub_has_never_heard_is_recorded_alike_and_changes_nothing() {
    let story = Story::begin().await;
    let asked = request(&story, &story.child, |_| ()).await.unwrap();
    let record = async |guardian| {
        let request = story
            .social
            .assessing(story.child.as_bytes(), risk(guardian, &[SCHOOL, MENTAL]));
        let answer = story.social.individuals().record_assessment(request).await;
        let ticket = answer.unwrap().into_inner().ticket.unwrap();
        (ticket.statement.len(), ticket.signature.len(), ticket.entry_id)
    };
    let (unknown, known) = (record(STRANGER).await, record(GUARDIANS[1]).await);
    assert_eq!((unknown.0, unknown.1), (known.0, known.1));
    attest(&story.social, &unknown.2, SECOND).await.unwrap();
    let verdict = ask((&story.social, &story.psychiatry), &story.child, SCHOOL).await;
    assert_eq!(codes(&verdict), [ReasonCode::SignatureMissing; 2]);
    assert_eq!(used(&verdict, FactKind::Risk), Vec::<Vec<u8>>::new());
    // The child is nobody's guardian.
    let before = Census::of(&story.hub.data()).await;
    let own = assess(&story.social, story.child.as_bytes(), risk(CHILD, &[SCHOOL])).await;
    let own = assert_fails(own, Code::InvalidArgument, "FIELD_INVALID");
    assert_eq!(field(&own), "risk.guardian");
    assert_eq!(Census::of(&story.hub.data()).await, before);
    assert_eq!(
        consent(&story.social, &asked.consent_id)
            .await
            .unwrap()
            .signatories
            .len(),
        2
    );
}

/// What Kim or Robin sees of a consent: the page of all, and whether its own page is there.
async fn sees(story: &Story, label: &str, consent: &[u8]) -> (bool, u16) {
    let id = Uuid::from_slice(consent).unwrap();
    let mut browser = Browser::new(story.hub.pages());
    browser.log_in(label).await;
    let (_, all) = browser.open("/consents").await;
    let (status, _) = browser.open(&format!("/consents/{id}")).await;
    (all.contains(&id.to_string()), status)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_from_a_risk_does_not_exist_for_them_attested_or_not() {
    let mut story = Story::begin().await;
    let before = request(&story, &story.child, |_| ()).await.unwrap().consent_id;
    let (there, not) = ((true, 200), (false, 404));
    assert_eq!(sees(&story, "robin", &before).await, there);
    let found = risk(GUARDIANS[1], &[SCHOOL, MENTAL]);
    let fact = assess(&story.social, story.child.as_bytes(), found)
        .await
        .unwrap();
    // What protects needs no second professional.
    assert_eq!(sees(&story, "robin", &before).await, not);
    assert_eq!(sees(&story, "kim", &before).await, there);
    attest(&story.social, &fact, SECOND).await.unwrap();
    let after = request(&story, &story.child, |_| ()).await.unwrap().consent_id;
    for asked in [&before, &after] {
        assert_eq!(sees(&story, "robin", asked).await, not);
        assert_eq!(sees(&story, "kim", asked).await, there);
    }
    story.change_behind_its_back(ALL_OVER).await;
    assert_eq!(sees(&story, "robin", &before).await, there, "its review is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_says_yes_to_what_they_were_not_shown() {
    let story = Story::begin().await;
    let asked = request(&story, &story.child, |_| ()).await.unwrap().consent_id;
    let found = risk(GUARDIANS[1], &[MENTAL]);
    assess(&story.social, story.child.as_bytes(), found)
        .await
        .unwrap();
    // One word hides a category; the yes of whoever is still required in it must not open it unseen.
    let page = format!("/consents/{}", Uuid::from_slice(&asked).unwrap());
    let mut robin = Browser::new(story.hub.pages());
    robin.log_in("robin").await;
    let (status, seen) = robin.open(&page).await;
    assert_eq!(status, 200);
    assert!(!seen.contains(&format!("{page}/sign")), "there is no yes to give");
    let mut kim = Browser::new(story.hub.pages());
    kim.log_in("kim").await;
    let (_, seen) = kim.open(&page).await;
    assert!(
        seen.contains(&format!("{page}/sign")),
        "the other guardian sees all of it"
    );
}

/// The entries about somebody that the municipality's auditor finds, without the search itself.
async fn told(story: &Story, number: &str) -> Vec<(EventKind, Vec<u8>)> {
    let auditor = &story.auditor;
    let answer = auditor
        .audit()
        .search_disclosures(auditor.searching(number))
        .await;
    let mut rows = answer.unwrap().into_inner().disclosures;
    assert_eq!(rows.pop().unwrap().event(), EventKind::AuditSearch);
    rows.into_iter().map(|row| (row.event(), row.entry_id)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_is_found_the_individual_alone_is_told() {
    let story = Story::begin().await;
    let (social, child) = (&story.social, story.child.as_bytes());
    let mut entries = BTreeSet::new();
    for guardian in [GUARDIANS[1], STRANGER] {
        let hindrance = Found::Hindrance(hindered(guardian));
        let barred = risk(guardian, &[MENTAL]);
        let found = [
            find(social, child, hindrance).await,
            assess(social, child, barred).await,
            assess(social, child, mature_now(Maturity::GuardiansDecide)).await,
        ];
        for fact in found.map(Result::unwrap) {
            let attested = attest(social, &fact, SECOND).await.unwrap();
            entries.extend([fact, attested]);
        }
    }
    let recorded = async |number| {
        let rows = told(&story, number).await.into_iter();
        let facts =
            rows.filter(|(event, _)| matches!(event, EventKind::FactRecorded | EventKind::FactAttested));
        facts.map(|(_, entry)| entry).collect::<BTreeSet<_>>()
    };
    assert_eq!(recorded(CHILD.0).await, entries);
    // Whose child it is, and who is a risk, is in no list of a guardian's.
    for (number, _) in [GUARDIANS[0], GUARDIANS[1], STRANGER] {
        assert_eq!(recorded(number).await, BTreeSet::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_entry_says_whom_a_fact_names_nor_what_was_found() {
    let mut story = Story::begin().await;
    request(&story, &story.child, |_| ()).await.unwrap();
    let (social, child) = (&story.social, story.child.as_bytes());
    let fact = assess_by_two(social, &story.child, risk(GUARDIANS[1], &[MENTAL])).await;
    find(social, child, Found::Hindrance(hindered(GUARDIANS[0])))
        .await
        .unwrap();
    assess_by_two(social, &story.child, risk(STRANGER, &[MENTAL])).await;
    ask((social, &story.psychiatry), &story.child, MENTAL).await;

    let names = |text: &str| {
        let mut people = [GUARDIANS[0], GUARDIANS[1], STRANGER, CHILD].into_iter();
        people.any(|(number, name)| text.contains(number) || text.contains(name))
    };
    let fact_id = Uuid::from_slice(&fact).unwrap().to_string();
    let mut about_facts = 0;
    for (_, details) in story.entries().await {
        let text = details.to_string();
        assert!(!names(&text), "{text}");
        if details["event"].as_str().unwrap().starts_with("FACT_") {
            about_facts += 1;
            let of_it = details["named"].as_object().unwrap().keys();
            assert_eq!(of_it.collect::<Vec<_>>(), ["fact", "kind"]);
            for what in ["HEALTH_MENTAL", "Samtal på mottagningen", "Bedömning i ärendet"] {
                assert!(!text.contains(what), "{text}");
            }
        }
    }
    assert_eq!(about_facts, 5);
    // What is kept is sealed: the unit reads it, the disk does not tell.
    let listed = crate::facts(social, child).await.unwrap();
    let listed = listed.iter().find(|one| one.fact_id == fact).unwrap();
    assert_eq!(listed.reason, "Samtal på mottagningen");
    story.hub.stop().await;
    let mut found = false;
    for (name, bytes) in stored_bytes(&story.hub.data()) {
        for (number, person) in [GUARDIANS[1], STRANGER] {
            for text in [number, person, "Samtal på mottagningen"] {
                assert!(!contains(&bytes, text.as_bytes()), "{text} in {name}");
            }
        }
        found |= contains(&bytes, fact_id.as_bytes());
    }
    assert!(found, "the entry itself is there");
}
