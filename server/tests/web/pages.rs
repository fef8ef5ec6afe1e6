//! What holds for every page, whichever it is: judged by the browser on each answer of every test.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use super::browser::Page;
use super::form::{attribute, inside};
use super::world::{CHILD, KIM, ROBIN, STRANGER, World};

/// Judges one answer.
#[track_caller]
pub(crate) fn judge(page: &Page) {
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        let sent: Vec<_> = page.headers.get_all(name).iter().collect();
        assert_eq!(sent, [value], "{name}");
    }
    let content = page
        .headers
        .get(CONTENT_TYPE)
        .map(|value| value.to_str().unwrap());
    if page.status.is_redirection() || content == Some("text/css; charset=utf-8") {
        return;
    }
    assert_eq!(content, Some("text/html; charset=utf-8"), "{}", page.text);
    judge_html(&page.text);
}

#[track_caller]
fn judge_html(html: &str) {
    assert!(html.starts_with("<!doctype html>\n<html lang=\""), "{html}");
    let language = attribute(html.lines().nth(1).unwrap(), "lang").unwrap();
    assert!(["sv", "en"].contains(&language.as_str()), "{language}");
    assert_eq!(html.matches("<h1").count(), 1, "{html}");
    assert_eq!(html.matches("<main").count(), 1, "{html}");
    assert!(
        !inside(html, "<title>", "</title>").trim_start().starts_with('–'),
        "{html}"
    );
    for forbidden in [
        "<script",
        "<style",
        " style=\"",
        " onclick=",
        "http://",
        "https://",
    ] {
        assert!(!html.contains(forbidden), "{forbidden}: {html}");
    }
    // A word without its sentence shows its id.
    for unsaid in [">page-", "\"page-", " page-"] {
        assert!(!html.contains(unsaid), "{unsaid}: {html}");
    }
    for button in html.split("<button").skip(1) {
        let words = inside(button, ">", "</button>").trim();
        assert!(!words.is_empty() && !words.contains('<'), "{words}");
    }
    // Fields that a person fills in would each need a label; our forms have buttons only.
    for input in html.split("<input").skip(1) {
        let tag = input.split_once('>').unwrap().0;
        assert_eq!(attribute(tag, "type").as_deref(), Some("hidden"), "{tag}");
    }
    for form in html.split("<form").skip(1) {
        let form = form.split_once("</form>").unwrap().0;
        assert_eq!(form.matches(" name=\"token\"").count(), 1, "{form}");
        assert_eq!(form.matches("<button").count(), 1, "{form}");
    }
    // Keys go from one to the next in the order in which they stand.
    assert!(
        !html.contains("tabindex") && !html.contains("autofocus"),
        "{html}"
    );
    let mut ids: Vec<_> = html
        .split(" id=\"")
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0)
        .collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
}

#[tokio::test]
async fn every_page_holds_in_both_languages() {
    let (world, consent) = World::asked().await;
    for language in ["sv", "en"] {
        let mut browser = world.logged_in("kim").await;
        browser.always.push(("accept-language", language.to_owned()));
        for path in [
            "/".to_owned(),
            "/consents".to_owned(),
            format!("/consents/{consent}"),
            "/left".to_owned(),
            "/development/login/kim".to_owned(),
        ] {
            let page = browser.get(&path).await.expect(StatusCode::OK);
            assert!(
                page.text.contains(&format!("<html lang=\"{language}\">")),
                "{path}"
            );
        }
        let page = browser.get("/no-such-page").await.expect(StatusCode::NOT_FOUND);
        assert!(page.text.contains(&format!("<html lang=\"{language}\">")));
    }
}

#[tokio::test]
async fn names_cannot_write_html() {
    let world = World::begin().await;
    world.custody(("201703099802", "<b>Alva</b> & Co"), &[KIM]).await;
    let consent = world.ask(&world.scope()).await;
    let mut browser = world.logged_in("kim").await;
    for path in ["/consents".to_owned(), format!("/consents/{consent}")] {
        let page = browser.get(&path).await.expect(StatusCode::OK);
        assert!(!page.text.contains("<b>"));
        assert!(super::form::plain(&page.text).contains("<b>Alva</b> & Co"));
    }
}

#[tokio::test]
async fn the_stylesheet_is_the_one_of_the_house() {
    let world = World::begin().await;
    let page = world.browser().get("/style.css").await.expect(StatusCode::OK);
    assert_eq!(page.text, samrum_ui::STYLESHEET);
}

/// The same walk in one language: every standing, question, receipt and page of implications.
async fn walk(language: &str) -> String {
    let (world, id) = World::asked().await;
    let [mut kim, mut robin, mut stranger] = [
        world.logged_in("kim").await,
        world.logged_in("robin").await,
        world.logged_in("stranger").await,
    ];
    for browser in [&mut kim, &mut robin, &mut stranger] {
        browser.always.push(("accept-language", language.to_owned()));
    }
    let (later, never) = (
        world.ask(&world.scope_from("2026-12-01T07:52:00Z")).await,
        world.ask(&world.scope()).await,
    );
    world.record(later, 1, World::oral()).await;
    let mut read = vec![robin.say_yes(later).await, kim.say_no(never).await];
    let (consent, revoke) = (format!("/consents/{id}"), format!("/consents/{id}/revoke"));
    read.extend([
        kim.say_yes(id).await,
        kim.get(&revoke).await,
        robin.say_yes(id).await,
    ]);
    let later = format!("/consents/{later}");
    read.extend([kim.get(&later).await, kim.get(&format!("{later}/receipt")).await]);
    read.extend([
        kim.get(&consent).await,
        kim.get(&revoke).await,
        kim.get("/consents").await,
    ]);
    world.custody_cut_short(CHILD, &[KIM, ROBIN, STRANGER]).await;
    read.extend([kim.get("/consents").await, kim.get(&consent).await]);
    read.extend([stranger.get(&consent).await, stranger.get(&revoke).await]);
    world.custody(CHILD, &[ROBIN]).await;
    read.extend([kim.get("/consents").await, kim.get(&consent).await]);
    read.push(robin.take_back(id).await);
    read.push(robin.get(&consent).await);
    read.into_iter()
        .map(|page| page.expect(StatusCode::OK).text)
        .collect()
}

#[tokio::test]
async fn every_standing_is_said_in_the_reader_s_language() {
    let (swedish, english) = (walk("sv").await, walk("en").await);
    // Sentences that begin like this are ours; names of people and units do not.
    let ours = ["Du ", "Ditt ", "Det ", "Samtycke", "Inget ", "Frågan ", "Här "];
    let theirs = ["You ", "Your ", "It ", "Consent", "Nothing ", "The ", "Nobody "];
    let begins = |page: &str, words: &str| page.contains(&format!(">{words}"));
    assert_eq!(ours.iter().filter(|words| begins(&english, words)).count(), 0);
    assert_eq!(theirs.iter().filter(|words| begins(&swedish, words)).count(), 0);
    assert!(ours.iter().all(|words| begins(&swedish, words)));
    assert!(theirs.iter().all(|words| begins(&english, words)));
}
