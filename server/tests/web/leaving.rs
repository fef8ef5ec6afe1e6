//! Ways out, and the choice of language.

use axum::http::StatusCode;

use super::browser::Browser;
use super::world::World;

/// A copy of a browser's cookies opens nothing any more.
async fn assert_ended(mut copy: Browser) {
    copy.get("/consents").await.expect(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_quick_way_out_ends_the_session_and_tells_nothing() {
    let world = World::begin().await;
    let mut kim = world.logged_in("kim").await;
    let copy = kim.clone();
    let form = kim.get("/consents").await.form("/leave");
    let answer = kim.press(&form).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/left");
    assert!(kim.cookies.is_empty());
    let page = kim.get("/left").await.expect(StatusCode::OK);
    for telling in ["Samrum", "samtycke", "Alva", "/consents"] {
        assert!(!page.text.contains(telling), "{telling}");
    }
    assert_ended(copy).await;
}

#[tokio::test]
async fn the_quick_way_out_never_fails_and_no_other_site_can_press_it() {
    let world = World::begin().await;
    let mut kim = world.logged_in("kim").await;
    let form = kim.get("/consents").await.form("/leave");
    let answer = kim.press_from(&form, "https://evil.example").await;
    assert_eq!(answer.expect(StatusCode::SEE_OTHER).location(), "/left");
    kim.get("/consents").await.expect(StatusCode::OK);
    let stale = form.with("token", "stale");
    kim.press(&stale).await.expect(StatusCode::SEE_OTHER);
    kim.get("/consents").await.expect(StatusCode::FORBIDDEN);
    world.browser().press(&stale).await.expect(StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn logging_out_ends_the_session_and_takes_the_session_s_own_token() {
    let world = World::begin().await;
    let mut kim = world.logged_in("kim").await;
    let form = kim.get("/consents").await.form("/logout");
    kim.press(&form.clone().with("token", ""))
        .await
        .expect(StatusCode::FORBIDDEN);
    kim.press_from(&form, "https://evil.example")
        .await
        .expect(StatusCode::FORBIDDEN);
    kim.get("/consents").await.expect(StatusCode::OK);
    let copy = kim.clone();
    assert_eq!(
        kim.press(&form).await.expect(StatusCode::SEE_OTHER).location(),
        "/"
    );
    assert!(kim.cookies.is_empty());
    assert_ended(copy).await;
}

#[tokio::test]
async fn another_login_ends_the_session_before() {
    let world = World::begin().await;
    let mut browser = world.logged_in("kim").await;
    let copy = browser.clone();
    browser.log_in("robin").await;
    browser.get("/consents").await.expect(StatusCode::OK);
    assert_ended(copy).await;
}

#[tokio::test]
async fn a_chosen_language_is_remembered_and_comes_back_to_the_page() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let path = format!("/consents/{id}");
    let form = kim.get(&path).await.form("/language");
    assert_eq!(form.field("language"), "en");
    let answer = kim.press(&form).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), path);
    let page = kim.get(&path).await.expect(StatusCode::OK);
    assert!(page.text.contains("<html lang=\"en\">"));
    assert!(page.text.contains("May this information be shared?"));
}

#[tokio::test]
async fn a_choice_of_language_leads_nowhere_else() {
    let world = World::begin().await;
    let mut kim = world.logged_in("kim").await;
    let form = kim.get("/").await.form("/language");
    for elsewhere in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
        let answer = kim.press(&form.clone().with("here", elsewhere)).await;
        assert_eq!(answer.expect(StatusCode::SEE_OTHER).location(), "/");
    }
    kim.press(&form.clone().with("language", "ar"))
        .await
        .expect(StatusCode::BAD_REQUEST);
    kim.press(&form.with("token", ""))
        .await
        .expect(StatusCode::FORBIDDEN);
}
