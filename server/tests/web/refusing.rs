//! The denial beside every permission: nothing changes without session, token, own origin, own consent, and a
//! page that is still true.

use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use samrum_consent::id::ConsentId;

use super::browser::{Browser, Page};
use super::form::Form;
use super::world::{KIM, ORIGIN, ROBIN, World};

const ANSWERS: [&str; 2] = ["sign", "decline"];

/// The three forms of a world in which Kim has one question and one consent to take back.
async fn forms_of_kim(world: &World) -> (Browser, Vec<(ConsentId, Form)>) {
    let mut kim = world.logged_in("kim").await;
    let (asked, signed) = (world.ask(&world.scope()).await, world.ask(&world.scope()).await);
    let page = kim.get(&format!("/consents/{signed}")).await;
    kim.answer(&page.form(&format!("/consents/{signed}/sign"))).await;
    let page = kim.get(&format!("/consents/{asked}")).await;
    let mut forms: Vec<_> = ANSWERS
        .iter()
        .map(|answer| (asked, page.form(&format!("/consents/{asked}/{answer}"))))
        .collect();
    let revoke = format!("/consents/{signed}/revoke");
    forms.push((signed, kim.get(&revoke).await.form(&revoke)));
    (kim, forms)
}

/// Presses each form in a bent way; each is refused with this status, and the consent stays as it was.
async fn assert_each_refused(status: StatusCode, bend: impl AsyncFn(&World, &mut Browser, Form) -> Page) {
    let world = World::begin().await;
    let (mut kim, forms) = forms_of_kim(&world).await;
    for (id, form) in forms {
        let before = world.consent(id).await;
        let action = form.action.clone();
        let page = bend(&world, &mut kim, form).await;
        assert_eq!(page.status, status, "{action}: {}", page.text);
        assert_eq!(world.consent(id).await, before, "{action}");
    }
}

#[tokio::test]
async fn without_session() {
    assert_each_refused(StatusCode::FORBIDDEN, async |world, _, form| {
        world.browser().press(&form).await
    })
    .await;
}

#[tokio::test]
async fn with_an_expired_session() {
    assert_each_refused(StatusCode::FORBIDDEN, async |world, kim, form| {
        world.pass(SignedDuration::from_mins(31));
        kim.clone().press(&form).await
    })
    .await;
}

#[tokio::test]
async fn with_another_session_s_token_or_none() {
    assert_each_refused(StatusCode::FORBIDDEN, async |world, kim, form| {
        let mut robin = world.logged_in("robin").await;
        let token = robin.get("/").await.form("/logout").field("token").to_owned();
        kim.press(&form.with("token", &token)).await
    })
    .await;
    assert_each_refused(StatusCode::FORBIDDEN, async |_, kim, form| {
        kim.press(&form.with("token", "")).await
    })
    .await;
}

#[tokio::test]
async fn from_another_site() {
    assert_each_refused(StatusCode::FORBIDDEN, async |_, kim, form| {
        kim.press_from(&form, "https://evil.example").await
    })
    .await;
    assert_each_refused(StatusCode::FORBIDDEN, async |_, kim, form| {
        kim.always = vec![("sec-fetch-site", "cross-site".to_owned())];
        kim.press_from(&form, "null").await
    })
    .await;
}

#[tokio::test]
async fn a_browser_that_hides_its_origin_from_our_own_page_is_let_in() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let form = kim
        .get(&format!("/consents/{id}"))
        .await
        .form(&format!("/consents/{id}/sign"));
    kim.always = vec![("sec-fetch-site", "same-origin".to_owned())];
    kim.press_from(&form, "null").await.expect(StatusCode::SEE_OTHER);
    assert!(world.consent(id).await.signatory(1).unwrap().signature.is_some());
}

#[tokio::test]
async fn what_is_not_theirs_answers_like_what_does_not_exist() {
    let world = World::begin().await;
    let (_, forms) = forms_of_kim(&world).await;
    let mut stranger = world.logged_in("stranger").await;
    let token = stranger.get("/").await.form("/logout").field("token").to_owned();
    let unknown = ConsentId::from_bytes([9; 16]);
    for (id, form) in forms {
        let before = world.consent(id).await;
        let form = form.with("token", &token);
        let nowhere = Form {
            action: form.action.replace(&id.to_string(), &unknown.to_string()),
            fields: form.fields.clone(),
        };
        let (theirs, nobodys) = (stranger.press(&form).await, stranger.press(&nowhere).await);
        assert_same(theirs, nobodys, (id, unknown));
        for ending in ["", "/revoke", "/receipt"] {
            let theirs = stranger.get(&format!("/consents/{id}{ending}")).await;
            let nobodys = stranger.get(&format!("/consents/{unknown}{ending}")).await;
            assert_same(theirs, nobodys, (id, unknown));
        }
        assert_eq!(world.consent(id).await, before);
    }
    stranger
        .get("/consents/no-id")
        .await
        .expect(StatusCode::NOT_FOUND);
}

#[track_caller]
fn assert_same(theirs: Page, nobodys: Page, (id, unknown): (ConsentId, ConsentId)) {
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    assert_eq!(nobodys.status, StatusCode::NOT_FOUND);
    assert_eq!(theirs.headers, nobodys.headers);
    // The address that was asked for is the only difference.
    assert_eq!(
        theirs.text.replace(&id.to_string(), &unknown.to_string()),
        nobodys.text
    );
}

#[tokio::test]
async fn a_yes_to_what_changed_after_it_was_shown() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let yes = format!("/consents/{id}/sign");
    let form = kim.get(&format!("/consents/{id}")).await.form(&yes);
    world.narrow(id).await;
    let before = world.consent(id).await;
    let page = kim.press(&form).await.expect(StatusCode::CONFLICT);
    assert!(page.text.contains("Det har ändrats, läs igen"));
    assert!(page.text.contains("Ditt svar är inte antecknat."));
    assert!(page.text.contains(&format!("href=\"/consents/{id}\"")));
    assert_eq!(world.consent(id).await, before);
    // Read again, it can be answered.
    kim.say_yes(id).await;
    assert!(world.consent(id).await.signatory(1).unwrap().signature.is_some());
}

#[tokio::test]
async fn a_name_that_changed_after_it_was_shown() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let form = kim
        .get(&format!("/consents/{id}"))
        .await
        .form(&format!("/consents/{id}/sign"));
    world
        .custody(("201703099802", "Alva Nyexempel"), &[KIM, ROBIN])
        .await;
    let page = kim.press(&form).await.expect(StatusCode::CONFLICT);
    assert!(page.text.contains("Det har ändrats, läs igen"));
    assert!(world.consent(id).await.signatory(1).unwrap().signature.is_none());
}

#[tokio::test]
async fn what_has_ended() {
    let world = World::begin().await;
    let (mut kim, forms) = forms_of_kim(&world).await;
    let mut robin = world.logged_in("robin").await;
    for (id, form) in forms {
        let no = format!("/consents/{id}/decline");
        let page = robin.get(&format!("/consents/{id}")).await;
        if let Some(no) = page.find_form(&no) {
            robin.answer(&no).await;
        }
        let ended = world.consent(id).await;
        let page = kim.press(&form).await;
        if form.action.ends_with("/sign") {
            // A yes that is not taken must be told; a no to what is over already needs none.
            assert_eq!(page.status, StatusCode::CONFLICT);
            assert!(
                page.text.contains("Ditt svar är inte antecknat."),
                "{}",
                page.text
            );
        } else {
            let page = page.expect(StatusCode::SEE_OTHER);
            assert_eq!(page.location(), format!("/consents/{id}"));
        }
        assert_eq!(world.consent(id).await, ended);
    }
}

#[tokio::test]
async fn only_a_refused_answer_is_said_to_be_unrecorded() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let page = kim.get(&format!("/consents/{id}")).await;
    let forms = ANSWERS.map(|answer| page.form(&format!("/consents/{id}/{answer}")));
    world.pass(SignedDuration::from_mins(31));
    for form in forms {
        let page = kim.clone().press(&form).await.expect(StatusCode::FORBIDDEN);
        assert!(
            page.text
                .contains("Du är inte inloggad, eller så har halvtimmen gått. Logga in igen.")
        );
        assert!(page.text.contains("Ditt svar är inte antecknat."));
    }
    let page = kim
        .get(&format!("/consents/{id}"))
        .await
        .expect(StatusCode::FORBIDDEN);
    assert!(page.text.contains("halvtimmen") && !page.text.contains("inte antecknat"));
}

#[tokio::test]
async fn what_has_run_out_or_is_no_longer_asked() {
    let (world, id) = World::asked().await;
    world.custody(("201703099802", "Alva Exempel"), &[ROBIN]).await;
    let mut kim = world.logged_in("kim").await;
    // Kim never answered and has no say any more: not even that there was a question is Kim's to see.
    kim.get(&format!("/consents/{id}"))
        .await
        .expect(StatusCode::NOT_FOUND);
    let mut robin = world.logged_in("robin").await;
    let form = robin
        .get(&format!("/consents/{id}"))
        .await
        .form(&format!("/consents/{id}/sign"));
    let token = kim.get("/").await.form("/logout").field("token").to_owned();
    let before = world.consent(id).await;
    kim.press(&form.clone().with("token", &token))
        .await
        .expect(StatusCode::NOT_FOUND);
    assert_eq!(world.consent(id).await, before);
    let no = robin.get(&format!("/consents/{id}")).await;
    let no = no.form(&format!("/consents/{id}/decline"));

    world.pass(SignedDuration::from_hours(24 * 120));
    let mut robin = world.logged_in("robin").await;
    let page = robin.get(&format!("/consents/{id}")).await.expect(StatusCode::OK);
    assert!(page.text.contains("Tiden har gått ut"));
    let token = page.form("/logout").field("token").to_owned();
    robin
        .press(&form.with("token", &token))
        .await
        .expect(StatusCode::CONFLICT);
    // Nor does a no make anything else of it than what it is.
    let page = robin.answer(&no.with("token", &token)).await;
    assert!(page.text.contains("Tiden har gått ut") && !page.text.contains("slutade gälla"));
    assert_eq!(world.consent(id).await, before);
}

#[tokio::test]
async fn forms_that_are_none() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let form = kim
        .get(&format!("/consents/{id}"))
        .await
        .form(&format!("/consents/{id}/sign"));
    let before = world.consent(id).await;
    kim.press(&form.clone().without("statement"))
        .await
        .expect(StatusCode::BAD_REQUEST);
    kim.press(&form.clone().with("language", "ar"))
        .await
        .expect(StatusCode::BAD_REQUEST);
    kim.press(&form.clone().with("statement", "00"))
        .await
        .expect(StatusCode::CONFLICT);
    let large = "a".repeat(samrum_server::web::MAX_FORM_BYTES);
    kim.press(&form.clone().with("statement", &large))
        .await
        .expect(StatusCode::PAYLOAD_TOO_LARGE);
    let text = [("origin", ORIGIN), ("content-type", "text/plain")];
    let page = kim
        .send(Method::POST, &form.action, Some(form.encoded()), &text)
        .await;
    page.expect(StatusCode::BAD_REQUEST);
    kim.get(&form.action).await.expect(StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(world.consent(id).await, before);
}
