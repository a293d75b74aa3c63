//! One request and its answer: who may, where it goes, what every answer carries.

use std::sync::Arc;

use bytes::Bytes;
use griot_app::{AppError, dispatch};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use hyper::body::Incoming;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::body::{self, Reply};
use super::gate::cookie;
use super::{Inner, Page, events};
use crate::door::Answer;
use crate::words::{Refusal, status};

/// No command's request is longer.
const REQUEST: usize = 8 << 20;
/// A token and the braces around it.
const TOKEN: usize = 1 << 10;

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Why there is no better answer.
enum Refused {
    /// For a reason of the server's own.
    Here(Refusal),
    /// For a reason of the studio's.
    There(AppError),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Here(refusal)
    }
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self::There(error)
    }
}

/// Answers. Logs hold the kind of a request and never its address, which may be a secret.
pub(crate) async fn answer(inner: Arc<Inner>, request: Request<Incoming>) -> Reply {
    let (head, body) = request.into_parts();
    let lang = inner.studio.lang();
    let mut reply = match routed(&inner, &head, body).await {
        Ok(reply) => reply,
        Err(refused) => {
            let (status, error) = match refused {
                Refused::Here(refusal) => refusal.say(lang),
                Refused::There(error) => (status(error.code), error),
            };
            body::refusal(status, &error, &head.headers)
        }
    };
    tracing::debug!(method = %head.method, status = reply.status().as_u16(), "answered");
    let film = head.uri.path().starts_with("/film/");
    guard(&mut reply, film);
    reply
}

/// What every answer carries. A film is for another origin's player, and for no page that could read it.
fn guard(reply: &mut Reply, film: bool) {
    let headers = reply.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(OPENER, HeaderValue::from_static("same-origin"));
    let readers = if film { "cross-origin" } else { "same-origin" };
    headers.insert(RESOURCE, HeaderValue::from_static(readers));
    let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(nothing);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

async fn routed(inner: &Arc<Inner>, head: &Parts, body: Incoming) -> Result<Reply, Refused> {
    inner.address.is_meant(head)?;
    let path = head.uri.path();
    if let Some(token) = path.strip_prefix("/film/") {
        return film(inner, head, token).await;
    }
    let page = inner.page.as_ref().ok_or(Refusal::NotFound)?;
    inner.address.is_ours(head)?;
    if path == "/session" {
        return session(inner, page, head, body).await;
    }
    let kept = ["/rpc/", "/media/"].iter().any(|of| path.starts_with(of)) || path == "/events";
    if !kept {
        return Ok(page.pages.get(&head.method, path, inner.studio.lang())?);
    }
    if !cookie(&head.headers, &inner.cookie).is_some_and(|secret| page.sessions.knows(secret)) {
        body::spill(&head.headers, body);
        return Err(Refusal::NoSession.into());
    }
    if let Some(name) = path.strip_prefix("/rpc/") {
        return rpc(inner, head, name, body).await;
    }
    if path == "/media/import" {
        return import(inner, head, body).await;
    }
    if path == "/media/save" {
        only(&head.method, &[Method::PUT])?;
        let (door, query) = (Arc::clone(&inner.door), head.uri.query().unwrap_or_default().to_owned());
        let answer = spawn_blocking(move || door.save(&query)).await.map_err(|_| Refusal::Defect)?;
        return Ok(body::of_answer(answer, inner.studio.lang(), false, || ()).await);
    }
    only(&head.method, &[Method::GET, Method::HEAD])?;
    match path.strip_prefix("/media") {
        Some(path) => media(inner, head, path).await,
        None => {
            only(&head.method, &[Method::GET])?;
            let permit = Arc::clone(&page.listeners).try_acquire_owned().map_err(|_| Refusal::TooMany)?;
            Ok(events::stream(&inner.studio, inner.stop.subscribe(), permit))
        }
    }
}

fn only(method: &Method, may: &[Method]) -> Result<(), Refusal> {
    if may.contains(method) { Ok(()) } else { Err(Refusal::Method) }
}

/// `{token}`: the one thing that a page without a session may say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    token: String,
}

async fn session(inner: &Arc<Inner>, page: &Page, head: &Parts, body: Incoming) -> Result<Reply, Refused> {
    only(&head.method, &[Method::POST])?;
    let text = body::read(&head.headers, body, TOKEN).await?;
    let given: Exchange = serde_json::from_slice(&text).map_err(|_| Refusal::BadRequest)?;
    // One small file, written whole.
    let secret =
        tokio::task::block_in_place(|| page.sessions.exchange(&given.token)).ok_or(Refusal::Token)?;
    let cookie = format!("{}={secret}; HttpOnly; SameSite=Strict; Path=/", inner.cookie);
    let mut reply = body::json(StatusCode::OK, &json!({}));
    let cookie = HeaderValue::try_from(cookie).expect("BUG: hexadecimal digits are a header's value");
    reply.headers_mut().insert(SET_COOKIE, cookie);
    Ok(reply)
}

async fn rpc(inner: &Arc<Inner>, head: &Parts, name: &str, body: Incoming) -> Result<Reply, Refused> {
    only(&head.method, &[Method::POST])?;
    let text = body::read(&head.headers, body, REQUEST).await?;
    let request: Value = match text.as_slice() {
        [] => Value::Null,
        text => serde_json::from_slice(text).map_err(|_| Refusal::BadRequest)?,
    };
    let (studio, name) = (Arc::clone(&inner.studio), name.to_owned());
    let answered = spawn_blocking(move || dispatch(&studio, &name, request)).await;
    Ok(body::json(StatusCode::OK, &answered.map_err(|_| Refusal::Defect)??))
}

async fn media(inner: &Arc<Inner>, head: &Parts, path: &str) -> Result<Reply, Refused> {
    let answer = ask(inner, head, path.to_owned()).await?;
    Ok(body::of_answer(answer, inner.studio.lang(), head.method == Method::HEAD, || ()).await)
}

/// The answer of the door, which may wait for a disk or for ffmpeg.
async fn ask(inner: &Inner, head: &Parts, path: String) -> Result<Answer, Refusal> {
    let (door, headers) = (Arc::clone(&inner.door), head.headers.clone());
    spawn_blocking(move || door.get(&path, &headers)).await.map_err(|_| Refusal::Defect)
}

async fn film(inner: &Arc<Inner>, head: &Parts, token: &str) -> Result<Reply, Refused> {
    only(&head.method, &[Method::GET, Method::HEAD])?;
    let asset = inner.films.film(token).ok_or(Refusal::Film)?;
    let mut answer = ask(inner, head, format!("/asset/{asset}")).await?;
    // The address ends; what it played must not outlast it in a browser.
    answer.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("cache-control"));
    let (kept, token) = (Arc::clone(inner), token.to_owned());
    let playing = move || kept.films.plays(&token);
    Ok(body::of_answer(answer, inner.studio.lang(), head.method == Method::HEAD, playing).await)
}

/// What reaches the thread that writes an arriving file.
enum Arrives {
    Piece(Bytes),
    /// The request came to its end; without this it broke off.
    End,
}

async fn import(inner: &Arc<Inner>, head: &Parts, mut body: Incoming) -> Result<Reply, Refused> {
    if head.method != Method::PUT {
        return Err(Refusal::Method.into());
    }
    let (door, query) = (Arc::clone(&inner.door), head.uri.query().unwrap_or_default().to_owned());
    let length = body::length(&head.headers);
    let begun = spawn_blocking(move || door.arrive(&query, length)).await.map_err(|_| Refusal::Defect)?;
    let lang = inner.studio.lang();
    let mut arriving = match begun {
        Ok(arriving) => arriving,
        Err(answer) => {
            body::spill(&head.headers, body);
            return Ok(body::of_answer(answer, lang, false, || ()).await);
        }
    };
    let (sender, mut pieces) = mpsc::channel(4);
    let writing = spawn_blocking(move || {
        while let Some(arrived) = pieces.blocking_recv() {
            match arrived {
                Arrives::Piece(piece) => arriving.write(&piece)?,
                Arrives::End => return Ok(Some(arriving.end())),
            }
        }
        Ok(None)
    });
    let reading = async {
        while let Some(piece) = body::next(&mut body).await? {
            if sender.send(Arrives::Piece(piece)).await.is_err() {
                return Ok(());
            }
        }
        let _ = sender.send(Arrives::End).await;
        Ok::<_, Refusal>(())
    };
    let read = tokio::time::timeout(body::ARRIVES, reading).await.unwrap_or(Err(Refusal::Broken));
    drop(sender);
    let written = writing.await.map_err(|_| Refusal::Defect)?;
    let answer = match written {
        Ok(Some(answer)) => answer,
        Ok(None) => return Err(read.err().unwrap_or(Refusal::Broken).into()),
        Err(answer) => {
            body::spill(&head.headers, body);
            answer
        }
    };
    Ok(body::of_answer(answer, lang, false, || ()).await)
}
