//! A browser without network or scripts: keeps cookies, presses buttons, and judges every page it is given.

use std::collections::BTreeMap;
use std::fmt::Display;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use tower::ServiceExt as _;

use super::form::{Form, forms, text};
use super::pages::judge;
use super::world::{CHILD, KIM, ROBIN, STRANGER};

/// The largest page that is read.
const MAX_PAGE_BYTES: usize = 1024 * 1024;

/// A browser.
#[derive(Clone)]
pub(crate) struct Browser {
    pages: Router,
    origin: String,
    /// Cookies by name.
    pub(crate) cookies: BTreeMap<String, String>,
    /// Headers sent with every request.
    pub(crate) always: Vec<(&'static str, String)>,
}

/// An answer.
pub(crate) struct Page {
    /// Status.
    pub(crate) status: StatusCode,
    /// Headers.
    pub(crate) headers: HeaderMap,
    /// Text.
    pub(crate) text: String,
}

impl Page {
    /// Where it sends to.
    pub(crate) fn location(&self) -> &str {
        self.headers.get(LOCATION).unwrap().to_str().unwrap()
    }

    /// The form that goes there.
    pub(crate) fn form(&self, action: &str) -> Form {
        self.find_form(action).unwrap()
    }

    /// The form that goes there, where the page has one.
    pub(crate) fn find_form(&self, action: &str) -> Option<Form> {
        forms(&self.text).into_iter().find(|form| form.action == action)
    }

    /// The same page, judged to have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: StatusCode) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

impl Browser {
    /// A browser without cookies.
    pub(crate) fn new(pages: Router, origin: &str) -> Self {
        Self {
            pages,
            origin: origin.to_owned(),
            cookies: BTreeMap::new(),
            always: Vec::new(),
        }
    }

    /// Logs in by the link of development.
    pub(crate) async fn log_in(&mut self, label: &str) {
        let link = format!("/development/login/{label}");
        let form = self.get(&link).await.expect(StatusCode::OK).form(&link);
        let answer = self.press(&form).await.expect(StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), "/consents");
    }

    /// Opens a page.
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, None, &[]).await
    }

    /// Presses a form's button, as our own page does.
    pub(crate) async fn press(&mut self, form: &Form) -> Page {
        let origin = self.origin.clone();
        self.press_from(form, &origin).await
    }

    /// Presses the button of an answer and reads where it leads: its receipt, or the page that says how it stands.
    pub(crate) async fn answer(&mut self, form: &Form) -> Page {
        let away = self.press(form).await.expect(StatusCode::SEE_OTHER);
        self.get(away.location()).await.expect(StatusCode::OK)
    }

    /// Opens a page and presses its button that leads there.
    pub(crate) async fn answer_on(&mut self, page: &str, action: &str) -> Page {
        let form = self.get(page).await.expect(StatusCode::OK).form(action);
        self.answer(&form).await
    }

    /// Says yes, by the button of the consent's page.
    pub(crate) async fn say_yes(&mut self, id: impl Display) -> Page {
        self.answer_on(&format!("/consents/{id}"), &format!("/consents/{id}/sign"))
            .await
    }

    /// Says no.
    pub(crate) async fn say_no(&mut self, id: impl Display) -> Page {
        self.answer_on(&format!("/consents/{id}"), &format!("/consents/{id}/decline"))
            .await
    }

    /// Takes it back.
    pub(crate) async fn take_back(&mut self, id: impl Display) -> Page {
        let revoke = format!("/consents/{id}/revoke");
        self.answer_on(&revoke, &revoke).await
    }

    /// What a person reads on the consent's page.
    pub(crate) async fn read(&mut self, id: impl Display) -> String {
        let page = self.get(&format!("/consents/{id}")).await;
        text(&page.expect(StatusCode::OK).text)
    }

    /// Presses a form's button on a page of this origin.
    pub(crate) async fn press_from(&mut self, form: &Form, origin: &str) -> Page {
        let headers = [
            (ORIGIN.as_str(), origin),
            (CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded"),
        ];
        self.send(Method::POST, &form.action, Some(form.encoded()), &headers)
            .await
    }

    /// Sends anything.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Page {
        let mut request = Request::builder().method(method).uri(path);
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        request = request.header(COOKIE, cookies.collect::<Vec<_>>().join("; "));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, value) in &self.always {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body.unwrap_or_default())).unwrap();
        let (head, body) = self.pages.clone().oneshot(request).await.unwrap().into_parts();
        let text = to_bytes(body, MAX_PAGE_BYTES).await.unwrap();
        let page = Page {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8(text.to_vec()).unwrap(),
        };
        self.keep(&page.headers);
        assert_tells_no_number(path, &page);
        judge(&page);
        page
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// No page, header or address holds an identity number, with or without its century and hyphen.
#[track_caller]
fn assert_tells_no_number(path: &str, page: &Page) {
    let told = format!("{path}\n{:?}\n{}", page.headers, page.text);
    for (number, _) in [CHILD, KIM, ROBIN, STRANGER] {
        let hyphenated = format!("{}-{}", &number[2..8], &number[8..]);
        for form in [&number[2..], &hyphenated] {
            assert!(!told.contains(form), "{path} tells an identity number");
        }
    }
}
