//! What the tests ask a server beside the code under test: plain HTTP, JSON in and out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).proxy(None).build().into()
}

fn read(context: &str, answer: Result<Response<Body>, ureq::Error>) -> (u16, Value) {
    let mut answer = answer.unwrap_or_else(|error| panic!("{context}: {error}"));
    let status = answer.status().as_u16();
    (status, answer.body_mut().read_json().unwrap_or(Value::Null))
}

/// Status and body of a GET.
pub(super) fn get(url: &str, token: Option<&str>) -> (u16, Value) {
    let mut request = agent().get(url);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    read(url, request.call())
}

/// Status and body of a POST.
pub(super) fn post(url: &str, token: Option<&str>, body: &Value) -> (u16, Value) {
    let mut request = agent().post(url);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    read(url, request.send_json(body))
}

/// Status and body of a POST without a body.
pub(super) fn post_empty(url: &str, token: &str) -> (u16, Value) {
    read(url, agent().post(url).header("authorization", format!("Bearer {token}")).send_empty())
}

/// Status and body of a request that a name and a password (`name:password`) sign; with a body it is a POST.
pub(super) fn signed(url: &str, pair: &str, body: Option<&Value>) -> (u16, Value) {
    let who = basic(pair);
    let answer = match body {
        Some(body) => agent().post(url).header("authorization", who).send_json(body),
        None => agent().get(url).header("authorization", who).call(),
    };
    read(url, answer)
}

/// Status and body of a DELETE that a name and a password sign.
pub(super) fn delete(url: &str, pair: &str) -> (u16, Value) {
    read(url, agent().delete(url).header("authorization", basic(pair)).call())
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

/// The bytes behind an address; fails the test when there are none.
pub(super) fn bytes(url: &str) -> Vec<u8> {
    let mut answer = agent().get(url).call().unwrap_or_else(|error| panic!("{url}: {error}"));
    assert_eq!(answer.status(), 200, "{url}");
    answer
        .body_mut()
        .with_config()
        .limit(512 << 20)
        .read_to_vec()
        .unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// The text of a page.
pub(super) fn text(url: &str) -> String {
    let mut answer = agent().get(url).call().unwrap_or_else(|error| panic!("{url}: {error}"));
    answer.body_mut().read_to_string().expect("a page")
}

/// The page that is shown after a form was sent, wherever that leads.
pub(super) fn submit(url: &str, fields: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let sent = agent().post(url).send_form(fields.into_iter().collect::<Vec<_>>());
    let mut answer = sent.unwrap_or_else(|error| panic!("{url}: {error}"));
    answer.body_mut().read_to_string().expect("a page")
}
