//! A guardian's browser, as far as a yes in the portal needs it: one page at a time over HTTP/1.1, cookies kept,
//! buttons pressed as they stand on their page. What the pages say is judged by the server's own tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::GUARDIANS;

/// Where browsers believe the pages are.
pub(crate) const WEB_ORIGIN: &str = "http://127.0.0.1:7080";
/// The guardians' labels in the links of development, in the order of [`GUARDIANS`].
const LABELS: [&str; 2] = ["kim", "robin"];

/// Writes down who can log in by a link.
pub(crate) fn write_people(path: &Path) {
    let people = LABELS.iter().zip(GUARDIANS);
    let lines: Vec<String> = people
        .map(|(label, (number, _))| format!("{label} = \"{number}\"\n"))
        .collect();
    std::fs::write(path, lines.concat()).unwrap();
}

/// One person's browser.
pub struct Browser {
    pages: SocketAddr,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A browser without cookies for the pages at this address.
    pub fn new(pages: SocketAddr) -> Self {
        Self {
            pages,
            cookies: BTreeMap::new(),
        }
    }

    /// Logs in by the link of development.
    pub async fn log_in(&mut self, label: &str) {
        let link = format!("/development/login/{label}");
        self.press(&link, &link).await;
    }

    /// Says yes, by the button of the consent's page.
    pub async fn say_yes(&mut self, consent_id: &[u8]) {
        let page = format!("/consents/{}", Uuid::from_slice(consent_id).unwrap());
        self.press(&page, &format!("{page}/sign")).await;
    }

    /// Takes a consent back, by the page that tells what that does.
    pub async fn take_back(&mut self, consent_id: &[u8]) {
        let page = format!("/consents/{}/revoke", Uuid::from_slice(consent_id).unwrap());
        self.press(&page, &page).await;
    }

    /// Opens a page: its status and what it shows.
    pub async fn open(&mut self, page: &str) -> (u16, String) {
        self.send("GET", page, "").await
    }

    /// Opens a page and presses its button that leads there.
    async fn press(&mut self, page: &str, action: &str) {
        let (status, shown) = self.send("GET", page, "").await;
        assert_eq!(status, 200, "{shown}");
        let form = fields(&shown, action);
        let (status, answered) = self.send("POST", action, &form).await;
        assert_eq!(status, 303, "{answered}");
    }

    /// The status and the page.
    async fn send(&mut self, method: &str, path: &str, body: &str) -> (u16, String) {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncookie: {cookies}\r\n"
        );
        if method == "POST" {
            let length = body.len();
            let form = "application/x-www-form-urlencoded";
            write!(
                request,
                "origin: {WEB_ORIGIN}\r\ncontent-type: {form}\r\ncontent-length: {length}\r\n"
            )
            .unwrap();
        }
        let mut stream = TcpStream::connect(self.pages).await.unwrap();
        stream
            .write_all(format!("{request}\r\n{body}").as_bytes())
            .await
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, page) = answer.split_once("\r\n\r\n").unwrap();
        self.keep(head);
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, page.to_owned())
    }

    /// Takes over what was set; an empty value deletes.
    fn keep(&mut self, head: &str) {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        let set = lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        for (_, cookie) in set {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The hidden fields of the form that leads there, encoded. What they hold needs no escaping.
fn fields(page: &str, action: &str) -> String {
    let (_, form) = page.split_once(&format!("action=\"{action}\"")).unwrap();
    let (form, _) = form.split_once("</form>").unwrap();
    let inputs = form.split("<input ").skip(1);
    let pairs = inputs.map(|input| {
        let part = |name: &str| {
            let (_, rest) = input.split_once(&format!("{name}=\"")).unwrap();
            rest.split_once('"').unwrap().0
        };
        format!("{}={}", part("name"), part("value"))
    });
    pairs.collect::<Vec<_>>().join("&")
}
