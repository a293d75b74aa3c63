//! One server of the Graph, in one version, with one token: what all of Facebook's calls share.
//!
//! The token is in a header and never in an address: addresses end up in logs.

use reqwest::Url;
use serde_json::{Map, Value};

use super::errors;
use crate::http::{Answer, Client, Effect, Payload, Request};
use crate::{Error, Session, Why};

/// The public address of the Graph.
pub(super) const SERVER: &str = "https://graph.facebook.com";
/// The version that this connector was written for, of 29 July 2026. Each is served for about two years.
pub(super) const VERSION: &str = "v26.0";
/// What the declared fields and the vault call the token.
pub(super) const TOKEN: &str = "token";
/// What they call another version than [`VERSION`].
pub(super) const OTHER_VERSION: &str = "version";

/// A server, a version and a token.
#[derive(Clone)]
pub(super) struct Graph {
    pub(super) client: Client,
    pub(super) server: String,
    pub(super) version: String,
    pub(super) token: String,
}

impl Graph {
    /// The Graph as an account uses it.
    pub(super) async fn of(client: &Client, session: &Session) -> Result<Self, Error> {
        let secrets = session.vault.load().await?;
        let token =
            secrets.get(TOKEN).ok_or_else(|| Error::Auth(Why::not_kept("no access token is kept")))?;
        Ok(Self {
            client: client.clone(),
            server: session.account.server.clone(),
            version: secrets.get(OTHER_VERSION).unwrap_or(VERSION).to_owned(),
            token: token.to_owned(),
        })
    }

    /// The address of a node, or of an edge of one.
    pub(super) fn at(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Url, Error> {
        let bad = || Error::Environment(Why::no_server(&self.server));
        let mut url = Url::parse(&self.server).map_err(|_| bad())?;
        url.path_segments_mut().map_err(|()| bad())?.clear().push(&self.version).extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// Asks for a node or an edge.
    pub(super) async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Answer, Error> {
        self.send(Request::get(self.at(path, query)?), Effect::Repeatable).await
    }

    /// Does something that nobody sees.
    pub(super) async fn post(&self, path: &[&str], payload: Payload) -> Result<Answer, Error> {
        self.send(Request::post(self.at(path, &[])?, payload), Effect::Repeatable).await
    }

    /// Sends a request with the token; only what the Graph calls a success comes back.
    pub(super) async fn send(&self, request: Request, effect: Effect) -> Result<Answer, Error> {
        let answer = self.ask(request).await?;
        if is_success(&answer) { Ok(answer) } else { Err(errors::refusal(&answer, effect)) }
    }

    /// Sends a request with the token; any answer comes back.
    pub(super) async fn ask(&self, request: Request) -> Result<Answer, Error> {
        self.client.send(request.bearer(&self.token)).await
    }
}

/// An error of the Graph can come with any status, 200 among them.
pub(super) fn is_success(answer: &Answer) -> bool {
    answer.success().is_some_and(|body| body.is_object() && body["error"].is_null())
}

/// The text called `name` in an answer; its absence means that something else answered. Numbers are texts, too.
pub(super) fn text(answer: &Answer, name: &str) -> Result<String, Error> {
    let value = answer.json.as_ref().map(|body| &body[name]);
    value.and_then(word).ok_or_else(|| Error::Portal(format!("the answer has no {name}").into()))
}

/// A text or a number as a text; nothing when it is empty.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number, also where the Graph writes it as a text.
pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Where the next part of a list begins; nothing after the last part.
pub(super) fn next(list: &Value) -> Option<String> {
    let paging = &list["paging"];
    paging["next"].as_str()?;
    word(&paging["cursors"]["after"])
}

/// These members of `found`, as proof.
pub(super) fn proof(found: &Value, names: &[&str]) -> Value {
    let kept = names.iter().filter(|name| !found[**name].is_null());
    Value::Object(kept.map(|name| ((*name).to_owned(), found[*name].clone())).collect::<Map<_, _>>())
}
