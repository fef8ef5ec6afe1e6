//! Yes, no and taking it back change the consent, and what is recorded is what was shown.

use axum::http::StatusCode;
use ring::digest::{SHA256, digest};
use samrum_consent::consent::{End, Evidence, State};

use super::form::{inside, text};
use super::world::World;

#[tokio::test]
async fn a_yes_is_recorded_with_the_hash_of_what_was_shown() {
    for language in ["sv", "en"] {
        let (world, id) = World::asked().await;
        let mut kim = world.logged_in("kim").await;
        kim.always.push(("accept-language", language.to_owned()));
        let page = kim.get(&format!("/consents/{id}")).await.expect(StatusCode::OK);
        let shown = text(inside(
            &page.text,
            "<blockquote class=\"statement\">",
            "</blockquote>",
        ));
        assert!(shown.starts_with("consent-statement-v1\n"), "{shown}");
        let receipt = kim.press(&page.form(&format!("/consents/{id}/sign"))).await;
        let receipt = receipt.expect(StatusCode::OK);
        assert!(receipt.text.contains("class=\"receipt\""));
        assert!(receipt.text.contains("<code>"));

        let consent = world.consent(id).await;
        assert_eq!(
            consent.state,
            State::Requested,
            "the other guardian has not answered"
        );
        let signature = consent.signatory(1).unwrap().signature.clone().unwrap();
        let mut statement_sha256 = [0; 32];
        statement_sha256.copy_from_slice(digest(&SHA256, shown.as_bytes()).as_ref());
        let expected = Evidence::Portal {
            statement_sha256,
            language: language.to_owned(),
        };
        assert_eq!(signature.evidence, expected);
    }
}

#[tokio::test]
async fn it_is_in_force_when_both_have_said_yes_and_ends_when_one_takes_it_back() {
    let (world, id) = World::asked().await;
    for label in ["kim", "robin"] {
        let mut browser = world.logged_in(label).await;
        let page = browser.get(&format!("/consents/{id}")).await;
        browser
            .press(&page.form(&format!("/consents/{id}/sign")))
            .await
            .expect(StatusCode::OK);
    }
    assert!(matches!(world.consent(id).await.state, State::Active { .. }));

    let mut kim = world.logged_in("kim").await;
    let page = kim.get(&format!("/consents/{id}")).await.expect(StatusCode::OK);
    assert!(page.text.contains("Du kan ändra dig när du vill."));
    let revoke = format!("/consents/{id}/revoke");
    assert!(page.text.contains(&format!("href=\"{revoke}\"")));
    let page = kim.get(&revoke).await.expect(StatusCode::OK);
    assert!(
        page.text
            .contains("Det som redan har lästs kan inte göras oläst.")
    );
    assert!(
        matches!(world.consent(id).await.state, State::Active { .. }),
        "only asked"
    );
    let notice = kim.press(&page.form(&revoke)).await.expect(StatusCode::OK);
    assert!(
        notice.text.contains("23 november 2026 kl. 10.00"),
        "{}",
        notice.text
    );
    let State::Ended { how, .. } = world.consent(id).await.state else {
        panic!("it has ended");
    };
    assert_eq!(how, End::Revoked);
    // Nothing is left to press.
    let page = kim.get(&format!("/consents/{id}")).await.expect(StatusCode::OK);
    assert!(!page.text.contains(&revoke));
    assert!(page.find_form(&format!("/consents/{id}/sign")).is_none());
}

#[tokio::test]
async fn a_yes_can_be_taken_back_while_the_other_has_not_answered() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let page = kim.get(&format!("/consents/{id}")).await;
    kim.press(&page.form(&format!("/consents/{id}/sign"))).await;
    let revoke = format!("/consents/{id}/revoke");
    let page = kim.get(&revoke).await.expect(StatusCode::OK);
    kim.press(&page.form(&revoke)).await.expect(StatusCode::OK);
    assert!(matches!(
        world.consent(id).await.state,
        State::Ended {
            how: End::Revoked,
            ..
        }
    ));
}

#[tokio::test]
async fn a_no_ends_the_question() {
    let (world, id) = World::asked().await;
    let mut robin = world.logged_in("robin").await;
    let page = robin.get(&format!("/consents/{id}")).await;
    let receipt = robin.press(&page.form(&format!("/consents/{id}/decline"))).await;
    assert!(receipt.expect(StatusCode::OK).text.contains("Du har sagt nej"));
    assert!(matches!(
        world.consent(id).await.state,
        State::Ended {
            how: End::Declined,
            ..
        }
    ));
}

#[tokio::test]
async fn a_button_pressed_twice_says_yes_once() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let page = kim.get(&format!("/consents/{id}")).await;
    let form = page.form(&format!("/consents/{id}/sign"));
    kim.press(&form).await.expect(StatusCode::OK);
    let again = kim.press(&form).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(again.location(), format!("/consents/{id}"));
    assert_eq!(world.consent(id).await.revision, 2);
}
