//! As much of HTTP/1.1 as a server for tests needs: a request is read whole, answered once, and the connection closed.
//!
//! One thread for each connection, all ended when the server is dropped. Deliberately absent: TLS, keep-alive (every
//! request is then one connection, which is what can be counted and broken), compression.

mod client;
mod form;
mod listener;
mod wire;

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use serde_json::Value;

pub use client::ask;
pub use form::{File, Form};
pub use listener::Listener;
pub(crate) use listener::held;
pub use wire::Head;
pub(crate) use wire::{Body, find};

/// A request as it came in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path and query, as they came.
    pub target: String,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The bytes of the body, without the frames of a chunked one.
    pub body: Vec<u8>,
}

impl Request {
    /// The path, as it came.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The parts of the path, decoded.
    #[must_use]
    pub fn parts(&self) -> Vec<String> {
        self.path()
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| form::decoded(part, false))
            .collect()
    }

    /// The parameters of the address, decoded, in order.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        self.target.split_once('?').map(|(_, query)| form::pairs(query)).unwrap_or_default()
    }

    /// The first parameter of the address with this name.
    #[must_use]
    pub fn asked(&self, name: &str) -> Option<String> {
        self.query().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The value of the header called `name` (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What stands behind `Authorization: Bearer`.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    }

    /// The type of the body, without its parameters.
    #[must_use]
    pub fn content_type(&self) -> String {
        let stated = self.header("content-type").unwrap_or_default();
        stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The body, where it is JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body, where it is a form in parts or one as in an address.
    #[must_use]
    pub fn form(&self) -> Option<Form> {
        Form::of(self)
    }

    /// What was sent: JSON as it is, a form as an object of its texts. The content type comes first.
    #[must_use]
    pub fn sent(&self) -> (String, Value) {
        let kind = self.content_type();
        let body = match kind.as_str() {
            _ if self.body.is_empty() => Value::Null,
            "application/json" => self.json().unwrap_or(Value::Null),
            _ => self.form().map_or(Value::Null, |form| form.to_value()),
        };
        (kind, body)
    }

    /// The address that the client believes to speak to, `http://host:port`. A gate in front says which it was.
    #[must_use]
    pub fn origin(&self) -> String {
        let host = self.header("x-forwarded-host").or_else(|| self.header("host")).unwrap_or("127.0.0.1");
        format!("http://{host}")
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers; length and connection are written by the server.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Bytes of some type.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// JSON.
    #[must_use]
    pub fn json(status: u16, body: Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    /// One header more.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The JSON of the body.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// As it goes over the line.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let reason = if self.status < 400 { "OK" } else { "Refused" };
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n", self.body.len()));
        [head.into_bytes(), self.body.clone()].concat()
    }
}

/// What a server does with requests.
pub trait Serve: Send + Sync + 'static {
    /// Answers a request.
    fn answer(&self, request: &Request) -> Answer;

    /// A request whose body broke off: it holds what came of it, and nobody waits for an answer.
    fn broken(&self, _request: &Request) {}
}

/// A server on a port of its own on loopback; it ends when this is dropped.
#[derive(Debug)]
pub struct Server(Listener);

impl Server {
    /// Starts it.
    #[must_use]
    pub fn start(serve: Arc<dyn Serve>) -> Self {
        Self(Listener::start(move |client| {
            // A broken connection is one that the test broke: there is nobody to tell.
            converse(client, serve.as_ref()).ok();
        }))
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }
}

fn converse(client: &mut TcpStream, serve: &dyn Serve) -> std::io::Result<()> {
    let (head, early) = Head::read(client)?;
    if head.get("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
        client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let (body, is_whole) = Body::of(&head, early).read(client);
    let request = head.request(body);
    if !is_whole {
        serve.broken(&request);
        return Ok(());
    }
    client.write_all(&serve.answer(&request).bytes())?;
    client.shutdown(Shutdown::Write)
}
