//! What a unit has recorded about somebody, listed for that unit alone: newest first, page by page, as it was written.

use samrum_consent::vocabulary::{Category, Circumstance, Maturity};
use samrum_proto::wire::individual::v1 as wire;
use samrum_proto::wire::individual::v1::fact::Fact as What;
use samrum_tests::{CHILD, GUARDIANS, Party, Story, YOUTH, ago, assert_fails, assert_hidden, new_id};
use tonic::{Code, Response, Status};

use crate::{Assessment, DAY, Found, SECOND, assess, attest, facts, find, hindered, mature_now, risk};

async fn page(
    party: &Party,
    child: &[u8],
    (size, token): (u32, &[u8]),
) -> Result<wire::ListFactsResponse, Status> {
    let request = wire::ListFactsRequest {
        individual_id: child.to_vec(),
        page_size: size,
        page_token: token.to_vec(),
    };
    let answer = party.individuals().list_facts(request).await;
    answer.map(Response::into_inner)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_reads_what_it_wrote_newest_first_and_no_other_unit_does() {
    let story = Story::begin().await;
    let (social, child) = (&story.social, story.child.as_bytes());
    let maturity = mature_now(Maturity::TakesPart);
    let barred = risk(GUARDIANS[1], &[Category::HealthMental, Category::Medication]);
    let away = hindered(GUARDIANS[0]);
    let situation = wire::Situation {
        circumstance: Circumstance::InquiryDecided.number().into(),
        valid_from: Some(ago(60)),
        valid_until: Some(ago(-DAY)),
    };
    let first = assess(social, child, maturity.clone()).await.unwrap();
    let second = assess(social, child, barred.clone()).await.unwrap();
    let third = find(social, child, Found::Hindrance(away.clone())).await.unwrap();
    let fourth = find(social, child, Found::Situation(situation)).await.unwrap();
    attest(social, &second, SECOND).await.unwrap();
    let theirs = story.register(&story.psychiatry, CHILD).await;
    let other = assess(
        &story.psychiatry,
        theirs.as_bytes(),
        mature_now(Maturity::Decides),
    )
    .await;

    let listed = facts(social, child).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|one| one.fact_id.clone()).collect();
    assert_eq!(ids, [fourth, third, second, first]);
    let (Assessment::Maturity(maturity), Assessment::Risk(barred)) = (maturity, barred) else {
        panic!("one of maturity and one of risk");
    };
    let what: Vec<_> = listed.iter().map(|one| one.fact.clone().unwrap()).collect();
    assert_eq!(
        what,
        [
            What::Situation(situation),
            What::Hindrance(away),
            What::Risk(barred),
            What::Maturity(maturity)
        ],
        "with the guardian as it was written"
    );
    for one in &listed {
        let attested = (one.attested_by.as_str(), one.attested_at.is_some());
        let is_second = one.fact_id == ids[2];
        assert_eq!(attested, if is_second { (SECOND, true) } else { ("", false) });
        assert!(one.recorded_by == "anna.k" && one.recorded_at.is_some() && !one.reason.is_empty());
    }
    let seen = facts(&story.psychiatry, theirs.as_bytes()).await.unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].fact_id, other.unwrap());
    // The same child in another case of the same unit is the same child.
    let again = story.register(social, CHILD).await;
    assert_eq!(facts(social, again.as_bytes()).await.unwrap(), listed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_goes_on_page_by_page_for_its_own_unit_and_individual_alone() {
    let story = Story::begin().await;
    let (social, child) = (&story.social, story.child.as_bytes());
    let sibling = story.register(social, YOUTH).await;
    let theirs = story.register(&story.psychiatry, CHILD).await;
    let mut recorded = Vec::new();
    for _ in 0..5 {
        recorded.push(
            assess(social, child, mature_now(Maturity::Decides))
                .await
                .unwrap(),
        );
        let own = sibling.as_bytes();
        assess(social, own, mature_now(Maturity::Decides)).await.unwrap();
        let own = theirs.as_bytes();
        assess(&story.psychiatry, own, mature_now(Maturity::Decides))
            .await
            .unwrap();
    }
    recorded.reverse();
    let mut seen = Vec::new();
    let mut token = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let read = page(social, child, (2, &token)).await.unwrap();
        sizes.push(read.facts.len());
        seen.extend(read.facts.into_iter().map(|one| one.fact_id));
        token = read.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!((seen, sizes), (recorded, vec![2, 2, 1]));
    let token = page(social, child, (2, &[])).await.unwrap().next_page_token;
    for (party, individual) in [
        (social, sibling.as_bytes().as_slice()),
        (&story.psychiatry, theirs.as_bytes()),
    ] {
        let foreign = page(party, individual, (2, &token)).await;
        assert_fails(foreign, Code::InvalidArgument, "FIELD_INVALID");
        page(party, individual, (2, &[])).await.unwrap();
    }
    for (size, token, reason) in [
        (201, vec![], "LIMIT_EXCEEDED"),
        (2, vec![7; 9], "FIELD_INVALID"),
        (2, [token.as_slice(), &[0]].concat(), "FIELD_INVALID"),
    ] {
        let wrong = page(social, child, (size, &token)).await;
        assert_fails(wrong, Code::InvalidArgument, reason);
    }
    assert_eq!(page(social, child, (200, &[])).await.unwrap().facts.len(), 5);
    // Whoever may not know of somebody learns nothing of a token either.
    assert_hidden(
        page(&story.clinic, child, (2, &token)).await,
        page(&story.clinic, &new_id(), (2, &token)).await,
    );
    let short = page(social, &new_id()[..15], (2, &[])).await;
    assert_fails(short, Code::InvalidArgument, "FIELD_INVALID");
}
