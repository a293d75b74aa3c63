//! Addresses and requests that all of X's calls share.

use std::time::Duration;

use griot_domain::Timestamp;
use reqwest::{StatusCode, Url};
use serde_json::Value;

use super::oauth::{self, Keys};
use super::tokens::Tokens;
use super::{X, refusal};
use crate::http::{Answer, Request};
use crate::{Error, Session, Why};

/// The network's own interface.
pub(super) const DEFAULT_SERVER: &str = "https://api.x.com";

/// The network refuses signatures that are older than some minutes, or from the future.
const CLOCKS_APART: Duration = Duration::from_secs(60);

/// The address of a path on a server, with its parameters.
pub(super) fn path(server: &str, path: &str, query: &[(&str, &str)]) -> Result<Url, Error> {
    let bad = |_| Error::Environment(Why::no_server(server));
    let mut url = Url::parse(server).map_err(bad)?;
    url.set_path(path);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// A number of the network's, as text. It becomes a part of addresses, so nothing else passes.
pub(super) fn id(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| is_id(text))
}

/// Whether a text is such a number.
pub(super) fn is_id(text: &str) -> bool {
    (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The `data` of a success.
pub(super) fn data(answer: &Answer) -> Result<&Value, Error> {
    answer.success().map(|body| &body["data"]).ok_or_else(|| refusal::of(answer))
}

impl X {
    /// Sends a request with the account's tokens or keys. A token that has ended is refreshed, once.
    pub(super) async fn call(&self, session: &Session, request: Request) -> Result<Answer, Error> {
        let secrets = session.vault.load().await?;
        let Some(tokens) = Tokens::of(&secrets) else {
            return self.signed(&Keys::kept(&secrets)?, request).await;
        };
        let bearer = self.good(session, &tokens).await?;
        let answer = self.client.send(request.clone().bearer(&bearer)).await?;
        if answer.status != StatusCode::UNAUTHORIZED || answer.json.is_none() {
            return Ok(answer);
        }
        // Refused before it did anything, also when it was the visible one.
        let fresh = self.renewed(session, &bearer).await?;
        self.client.send(request.bearer(&fresh)).await
    }

    /// Sends a request with its signature. A signature tells the time: where this machine's clock is wrong, the
    /// request is refused before it did anything, and signed again by the server's clock.
    pub(super) async fn signed(&self, keys: &Keys, request: Request) -> Result<Answer, Error> {
        let now = self.client.now();
        let answer = self.client.send(self.sign(keys, request.clone(), now)).await?;
        if answer.status != StatusCode::UNAUTHORIZED || answer.json.is_none() {
            return Ok(answer);
        }
        match answer.date.filter(|date| date.after(now).max(now.after(*date)) > CLOCKS_APART) {
            Some(date) => self.client.send(self.sign(keys, request, date)).await,
            None => Ok(answer),
        }
    }

    fn sign(&self, keys: &Keys, request: Request, now: Timestamp) -> Request {
        use std::fmt::Write as _;
        let nonce = self.client.random::<16>().iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("BUG: a text takes every letter");
            hex
        });
        let header = oauth::authorization(keys, &request, &nonce, now.millis() / 1000);
        let signed = request.secret_header("authorization", &header);
        keys.all().into_iter().fold(signed, |request, (_, secret)| request.hiding(secret))
    }
}
