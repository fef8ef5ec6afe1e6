//! A guardian's browser: fetches pages over HTTP/1.1, keeps cookies, follows redirects, fills in forms.
//!
//! No scripts, as the pages need none. Source: RFC 9110, RFC 9112, RFC 6265 as far as one origin on loopback
//! needs them.

mod form;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HOST, HeaderMap, LOCATION, ORIGIN, SET_COOKIE};
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use samrum_ui::Language;
use tokio::net::TcpStream;
use tokio::time::timeout;

pub(crate) use form::Form;

use crate::trouble::{Result, Trouble};

/// The longest that a page may take.
const PAGE_TIMEOUT: Duration = Duration::from_secs(10);
/// The most bytes of a page.
const MAX_PAGE_BYTES: usize = 1024 * 1024;
/// The most redirects that one request may lead through.
const MAX_REDIRECTS: usize = 5;

/// One person's browser.
pub(crate) struct Browser {
    address: SocketAddr,
    language: Language,
    cookies: BTreeMap<String, String>,
}

/// A page as it came.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its path.
    pub(crate) path: String,
    /// HTML.
    pub(crate) html: String,
}

/// What came back for one request.
struct Response {
    status: u16,
    location: Option<String>,
    html: String,
}

impl Browser {
    /// A browser without cookies, for the pages at this address, that prefers this language.
    pub(crate) const fn new(address: SocketAddr, language: Language) -> Self {
        Self {
            address,
            language,
            cookies: BTreeMap::new(),
        }
    }

    /// Opens a page.
    pub(crate) async fn open(&mut self, path: &str) -> Result<Page> {
        self.follow(Method::GET, path.to_owned(), String::new()).await
    }

    /// Sends a form as it stands on its page.
    pub(crate) async fn submit(&mut self, form: &Form) -> Result<Page> {
        self.follow(Method::POST, form.action.clone(), form.encoded())
            .await
    }

    /// Requests, and goes wherever the answers lead.
    async fn follow(&mut self, method: Method, path: String, body: String) -> Result<Page> {
        let (mut method, mut path, mut body) = (method, path, body);
        for _ in 0..=MAX_REDIRECTS {
            let problem = |what: String| Trouble::Page {
                path: path.clone(),
                what,
            };
            let requested = timeout(PAGE_TIMEOUT, self.request(method, &path, body)).await;
            let response = requested
                .map_err(|_| problem("no answer in time".to_owned()))?
                .map_err(|error| problem(error.to_string()))?;
            match (response.status, response.location) {
                (200, _) => {
                    return Ok(Page {
                        path,
                        html: response.html,
                    });
                }
                (301..=308, Some(location)) => {
                    let origin = format!("http://{}", self.address);
                    path = location.strip_prefix(&origin).unwrap_or(&location).to_owned();
                    (method, body) = (Method::GET, String::new());
                }
                (status, _) => return Err(problem(format!("answered {status}"))),
            }
        }
        Err(Trouble::Page {
            path,
            what: "redirects without end".to_owned(),
        })
    }

    async fn request(
        &mut self,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<Response, Box<dyn std::error::Error + Send + Sync>> {
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header(HOST, self.address.to_string())
            .header(ACCEPT_LANGUAGE, self.language.code());
        if !self.cookies.is_empty() {
            request = request.header(COOKIE, self.cookie_line());
        }
        if method == Method::POST {
            request = request
                .header(ORIGIN, format!("http://{}", self.address))
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let exchange = async {
            let response = sender.send_request(request).await?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, MAX_PAGE_BYTES).collect().await?.to_bytes();
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>((head, body))
        };
        tokio::pin!(exchange);
        let (head, body) = tokio::select! {
            answered = &mut exchange => answered?,
            ended = connection => {
                ended?;
                exchange.await?
            }
        };
        self.keep_cookies(&head.headers);
        let location = head.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        Ok(Response {
            status: head.status.as_u16(),
            location: location.map(str::to_owned),
            html: String::from_utf8(body.to_vec())?,
        })
    }

    fn cookie_line(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Takes over what was set; an empty value deletes.
    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let pair = header.to_str().ok().and_then(|line| line.split(';').next());
            let Some((name, value)) = pair.and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            if value.is_empty() {
                self.cookies.remove(name.trim());
            } else {
                self.cookies
                    .insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }
}

impl Page {
    /// The form on this page whose action ends so.
    pub(crate) fn form(&self, ending: &str) -> Result<Form> {
        form::forms(&self.html, &self.path)
            .into_iter()
            .find(|form| form.action.ends_with(ending))
            .ok_or_else(|| self.lacks(&format!("a form that leads to …{ending}")))
    }

    /// Goes on only if the page says this, whatever tags stand in between.
    pub(crate) fn must_say(&self, words: &str) -> Result<()> {
        if form::text_of(&self.html).contains(words) {
            Ok(())
        } else {
            Err(self.lacks(&format!("the words {words:?}")))
        }
    }

    /// Goes on only if the page links there.
    pub(crate) fn must_link(&self, path: &str) -> Result<()> {
        if form::links(&self.html).iter().any(|link| link == path) {
            Ok(())
        } else {
            Err(self.lacks(&format!("a link to {path}")))
        }
    }

    fn lacks(&self, what: &str) -> Trouble {
        Trouble::Page {
            path: self.path.clone(),
            what: format!("has not {what}"),
        }
    }
}
