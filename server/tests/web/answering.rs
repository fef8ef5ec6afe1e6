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
        assert!(shown.ends_with(": consent-statement-v1\n"), "{shown}");
        let receipt = kim.answer(&page.form(&format!("/consents/{id}/sign"))).await;
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
    let (mut kim, mut robin) = (world.logged_in("kim").await, world.logged_in("robin").await);
    let first = kim.say_yes(id).await.text;
    assert!(
        first.contains("Inget delas med stöd av det här samtycket förrän alla som måste svara har sagt ja.")
    );
    let last = robin.say_yes(id).await.text;
    assert!(
        last.contains("Alla har svarat ja, och samtycket gäller."),
        "{last}"
    );
    assert!(last.contains("Uppgifterna får delas från 23 november 2026."));
    assert!(!last.contains("Inget delas"));
    assert!(matches!(world.consent(id).await.state, State::Active { .. }));
    // Read again, the first receipt tells what is true by then.
    let again = kim.get(&format!("/consents/{id}/receipt")).await.text;
    assert!(again.contains("Alla har svarat ja"));

    let page = kim.get(&format!("/consents/{id}")).await.expect(StatusCode::OK);
    assert!(page.text.contains("Ett ja kan du ta tillbaka när du vill."));
    let revoke = format!("/consents/{id}/revoke");
    assert!(page.text.contains(&format!("href=\"{revoke}\"")));
    let means = kim.get(&revoke).await.expect(StatusCode::OK);
    for said in [
        "Det som redan har lästs kan inte göras oläst.",
        "Dokument som väntar med stöd av samtycket och inte har hämtats än stoppas.",
        "Verksamheterna ser att samtycket har slutat gälla nästa gång de frågar Samrum.",
        "Här går det ännu inte att se vad som redan har lämnats ut. Fråga verksamheterna; de kan svara.",
    ] {
        assert!(means.text.contains(said), "{said}: {}", means.text);
    }
    assert!(
        matches!(world.consent(id).await.state, State::Active { .. }),
        "only asked"
    );
    let notice = kim.answer(&means.form(&revoke)).await;
    assert!(
        notice.text.contains("23 november 2026 kl. 10.00"),
        "{}",
        notice.text
    );
    assert!(notice.text.contains("Samtycket har slutat gälla."));
    let State::Ended { how, .. } = world.consent(id).await.state else {
        panic!("it has ended");
    };
    assert_eq!(how, End::Revoked);
    // Nothing is left to press.
    let page = kim.get(&format!("/consents/{id}")).await.expect(StatusCode::OK);
    assert!(!page.text.contains(&revoke));
    assert!(page.find_form(&format!("/consents/{id}/sign")).is_none());
    let theirs = robin.get(&format!("/consents/{id}/receipt")).await.text;
    assert!(theirs.contains("Ditt ja är antecknat. Det gäller inte längre."));
}

#[tokio::test]
async fn a_yes_can_be_taken_back_while_the_other_has_not_answered() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    kim.say_yes(id).await;
    let revoke = format!("/consents/{id}/revoke");
    let means = kim.get(&revoke).await.expect(StatusCode::OK);
    assert!(
        means
            .text
            .contains("Frågan avslutas för alla. Inget har lämnats ut med stöd av det här samtycket.")
    );
    for untrue in ["kan inte göras oläst", "nästa gång de frågar", "stoppas"] {
        assert!(!means.text.contains(untrue), "{untrue}: {}", means.text);
    }
    let notice = kim.answer(&means.form(&revoke)).await.text;
    assert!(notice.contains("Du har tagit tillbaka ditt ja") && !notice.contains("kan inte göras oläst"));
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
    let receipt = robin.say_no(id).await.text;
    for said in [
        "Du har sagt nej",
        "Samtycken som du har gett tidigare gäller fortfarande; dem ser du i listan.",
        "till exempel när ett barn kan fara illa.",
    ] {
        assert!(receipt.contains(said), "{said}: {receipt}");
    }
    assert!(
        !receipt.contains("kan inte göras oläst"),
        "nothing was ever shared"
    );
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
    kim.answer(&form).await;
    let again = kim.press(&form).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(again.location(), format!("/consents/{id}"));
    assert_eq!(world.consent(id).await.revision, 2);
}

#[tokio::test]
async fn a_no_pressed_twice_says_no_once() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let no = format!("/consents/{id}/decline");
    let form = kim.get(&format!("/consents/{id}")).await.form(&no);
    kim.answer(&form).await;
    let ended = world.consent(id).await;
    let again = kim.press(&form).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(again.location(), format!("/consents/{id}"));
    assert_eq!(world.consent(id).await, ended);
    assert!(kim.read(id).await.contains("Du sade nej"));
}

#[tokio::test]
async fn a_no_is_taken_whatever_changed_since_the_page_was_shown() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let no = format!("/consents/{id}/decline");
    let form = kim.get(&format!("/consents/{id}")).await.form(&no);
    world.logged_in("robin").await.say_yes(id).await;
    world.narrow(id).await;
    let receipt = kim.answer(&form).await.text;
    assert!(receipt.contains("Du har sagt nej"), "{receipt}");
    assert!(matches!(
        world.consent(id).await.state,
        State::Ended {
            how: End::Declined,
            ..
        }
    ));
}

#[tokio::test]
async fn a_yes_is_taken_when_only_the_revision_changed() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let yes = format!("/consents/{id}/sign");
    let form = kim.get(&format!("/consents/{id}")).await.form(&yes);
    world.logged_in("robin").await.say_yes(id).await;
    assert_eq!(world.consent(id).await.revision, 2);
    kim.answer(&form).await;
    assert!(matches!(world.consent(id).await.state, State::Active { .. }));
    assert_eq!(world.consent(id).await.revision, 3);
}
