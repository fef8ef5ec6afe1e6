//! Languages are wished for by weight; another site's request is known by what the browser says of it.

use axum::http::HeaderValue;

use super::*;

const OURS: &str = "https://samtycke.example.org";

#[track_caller]
fn assert_wished(wishes: &'static str, language: Language) {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(wishes));
    assert_eq!(wished(&headers), language, "{wishes}");
}

#[test]
fn the_weightiest_language_we_have_is_taken_and_swedish_where_there_is_none() {
    assert_eq!(wished(&HeaderMap::new()), Language::Swedish);
    assert_wished("en", Language::English);
    assert_wished("en-GB,en;q=0.9,sv;q=0.8", Language::English);
    assert_wished("en;q=0.3, sv-SE;q=0.8", Language::Swedish);
    assert_wished("ar, so;q=0.9, en;q=0.5", Language::English);
    assert_wished("sv;q=0.2, en; q=0.8", Language::English);
    assert_wished("en ; Q=0.1,sv ; q=0.2", Language::Swedish);
    assert_wished("en; q=0.8, sv; q=0.9", Language::Swedish);
    assert_wished("ar", Language::Swedish);
    assert_wished("en;q=0", Language::Swedish);
    assert_wished("en;q=x, *;q=0.1", Language::Swedish);
    assert_wished("en; level=1", Language::Swedish);
}

#[track_caller]
fn assert_foreign(told: &[(&'static str, &'static str)], expected: bool) {
    let mut headers = HeaderMap::new();
    for (name, value) in told {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    assert_eq!(is_foreign(&headers, OURS), expected, "{told:?}");
}

#[test]
fn our_own_forms_are_not_foreign() {
    assert_foreign(&[], false);
    assert_foreign(&[("origin", OURS)], false);
    assert_foreign(&[("origin", "null"), ("sec-fetch-site", "same-origin")], false);
    assert_foreign(&[("sec-fetch-site", "none")], false);
}

#[test]
fn what_another_site_sends_is_foreign() {
    assert_foreign(&[("origin", "https://evil.example")], true);
    assert_foreign(&[("origin", "http://samtycke.example.org")], true);
    assert_foreign(&[("origin", "https://samtycke.example.org:8443")], true);
    assert_foreign(&[("origin", "null"), ("sec-fetch-site", "cross-site")], true);
    assert_foreign(&[("origin", OURS), ("sec-fetch-site", "same-site")], true);
}

#[test]
fn an_answer_comes_back_to_the_page_of_its_form() {
    assert_eq!(
        form_page(&Method::GET, "/consents/a/revoke"),
        "/consents/a/revoke"
    );
    assert_eq!(form_page(&Method::POST, "/consents/a/revoke"), "/consents/a");
    assert_eq!(form_page(&Method::POST, "/logout"), "/");
}
