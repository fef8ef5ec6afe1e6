//! The login of demonstrations: there in development, nowhere otherwise.

use axum::http::header::SET_COOKIE;
use axum::http::{Method, StatusCode};

use super::world::{ORIGIN, World};

#[tokio::test]
async fn an_invented_person_logs_in_by_a_button_that_says_it_is_a_demonstration() {
    let world = World::begin().await;
    let mut browser = world.browser();
    let link = "/development/login/kim";
    let page = browser.get(link).await.expect(StatusCode::OK);
    assert!(page.text.contains("Det här är en demonstration."));
    assert!(browser.cookies.is_empty(), "reading logs nobody in");
    let answer = browser
        .press(&page.form(link))
        .await
        .expect(StatusCode::SEE_OTHER);
    let cookie = answer.headers.get(SET_COOKIE).unwrap().to_str().unwrap();
    let mut parts: Vec<_> = cookie.split("; ").collect();
    let secret = parts.remove(0).strip_prefix("samrum-session=").unwrap();
    assert!(secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()));
    parts.sort_unstable();
    assert_eq!(parts, ["HttpOnly", "Path=/", "SameSite=Strict"]);
    browser.get("/consents").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn over_tls_the_cookie_is_for_tls_only() {
    let world = World::begin().await;
    let people = [("kim".to_owned(), super::world::KIM.0.parse().unwrap())];
    let mut browser = world.browser_of("https://samtycke.example.org", Some(people.into()));
    let form = browser
        .get("/development/login/kim")
        .await
        .form("/development/login/kim");
    let answer = browser.press(&form).await.expect(StatusCode::SEE_OTHER);
    let cookie = answer.headers.get(SET_COOKIE).unwrap().to_str().unwrap();
    assert!(cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test]
async fn outside_development_there_is_no_such_login() {
    let (world, _) = World::asked().await;
    let link = "/development/login/kim";
    let form = world.browser().get(link).await.form(link);
    let mut browser = world.browser_of(ORIGIN, None);
    browser.get(link).await.expect(StatusCode::NOT_FOUND);
    browser.press(&form).await.expect(StatusCode::NOT_FOUND);
    // Not even an address that takes other methods.
    let put = browser.send(Method::PUT, link, None, &[]).await;
    put.expect(StatusCode::NOT_FOUND);
    assert!(browser.cookies.is_empty());
    let home = browser.get("/").await.expect(StatusCode::OK);
    assert!(!home.text.contains("/development/"));
}

#[tokio::test]
async fn only_people_on_the_list_and_only_from_our_own_page() {
    let world = World::begin().await;
    let mut browser = world.browser();
    browser
        .get("/development/login/nobody")
        .await
        .expect(StatusCode::NOT_FOUND);
    let mut form = browser
        .get("/development/login/kim")
        .await
        .form("/development/login/kim");
    browser
        .press_from(&form, "https://evil.example")
        .await
        .expect(StatusCode::FORBIDDEN);
    form.action = "/development/login/nobody".to_owned();
    browser.press(&form).await.expect(StatusCode::NOT_FOUND);
    assert!(browser.cookies.is_empty());
}
