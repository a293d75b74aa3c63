//! Statuses that a server keeps until their date: given, looked at, moved, taken back.
//!
//! A kept status has a number of its own; the live one gets another, so that it is known again by what it holds.

use async_trait::async_trait;
use griot_domain::{Kept, Timestamp};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Mastodon, api, status};
use crate::evidence::{self, Found, Likeness};
use crate::http::{Payload, Request};
use crate::{Error, Keeper, Probe, Question, Session, Why};

const PATH: &str = "/api/v1/scheduled_statuses";
/// The most that Mastodon gives at once, and as many pages as hold the 300 that it keeps.
const PAGE: &str = "40";
const PAGES_MAX: usize = 8;

/// What is kept, when the value is one of those.
fn kept(found: &Value) -> Option<Kept> {
    let id = found["id"].as_str().filter(|id| !id.is_empty())?;
    let at = found["scheduled_at"].as_str()?.parse().ok()?;
    Some(Kept { id: id.to_owned(), at: Some(at), missing: None })
}

impl Mastodon {
    /// What the server keeps of a post; nothing when it keeps none.
    pub(super) async fn keeps(&self, session: &Session, question: &Question) -> Result<Option<Probe>, Error> {
        if let Some(known) = &question.kept {
            return Ok(self.numbered(session, &known.id).await?.map(Probe::Kept));
        }
        let mut ours: Vec<(Kept, Likeness)> = Vec::new();
        let (mut below, mut is_all): (Option<String>, bool) = (None, false);
        for _ in 0..PAGES_MAX {
            let mut query = vec![("limit", PAGE)];
            query.extend(below.as_deref().map(|id| ("max_id", id)));
            let url = api::path(&session.account.server, PATH, &query)?;
            let answer = self.call(session, Request::get(url)).await?;
            if answer.status == StatusCode::NOT_FOUND {
                // A server that knows no dates keeps nothing.
                return Ok(None);
            }
            let list = answer.success().and_then(Value::as_array).ok_or_else(|| answer.refusal())?;
            for one in list {
                let likeness = likeness(one, question);
                let Some(found) = kept(one).filter(|_| likeness != Likeness::Different) else { continue };
                // A server that does not turn its pages shows the same again.
                if !ours.iter().any(|(known, _)| *known == found) {
                    ours.push((found, likeness));
                }
            }
            let last = list.last().and_then(|found| found["id"].as_str()).map(str::to_owned);
            // A server may give fewer than were asked for, so only an empty page is the end.
            if last.is_none() || last == below {
                is_all = true;
                break;
            }
            below = last;
        }
        Ok(match evidence::pick(ours) {
            Found::None if !is_all => {
                Some(Probe::CannotTell("the server keeps more posts than can be read".into()))
            }
            Found::None => None,
            Found::One(one) => Some(Probe::Kept(one)),
            Found::CannotTell(why) => Some(Probe::CannotTell(why)),
        })
    }

    /// Refuses a server that knows no dates: it would publish at once.
    pub(super) async fn keeps_dates(&self, session: &Session) -> Result<(), Error> {
        let url = api::path(&session.account.server, PATH, &[("limit", "1")])?;
        let answer = self.call(session, Request::get(url)).await?;
        if answer.success().is_some_and(Value::is_array) {
            return Ok(());
        }
        if answer.status == StatusCode::NOT_FOUND {
            return Err(Error::Permission(Why::ours(
                "Ce serveur ne garde pas de publication jusqu\u{2019}à une date.",
                "This server keeps no post until a date.",
            )));
        }
        Err(answer.refusal())
    }

    async fn numbered(&self, session: &Session, id: &str) -> Result<Option<Kept>, Error> {
        let url = api::path(&session.account.server, &format!("{PATH}/{id}"), &[])?;
        let answer = self.call(session, Request::get(url)).await?;
        if is_unknown(&answer) {
            return Ok(None);
        }
        let found = answer.success().ok_or_else(|| answer.refusal())?;
        kept(found).map(Some).ok_or_else(|| Error::Portal("the answer is no kept status".into()))
    }
}

/// Whether the server itself says that it keeps nothing of that number.
fn is_unknown(answer: &crate::http::Answer) -> bool {
    answer.status == StatusCode::NOT_FOUND && answer.text("error").is_some()
}

/// What a kept status says and shows, held against the question's. What is kept is the request, and so the source.
fn likeness(found: &Value, question: &Question) -> Likeness {
    let prepared = &question.prepared;
    let frozen = question.armed.as_ref().map(|armed| status::media_ids(&armed.body)).unwrap_or_default();
    let media = found["media_attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let theirs: Vec<&str> = media.iter().filter_map(|one| one["id"].as_str()).collect();
    let same_media = if frozen.is_empty() || prepared.media.is_empty() {
        media.len() == prepared.media.len()
    } else {
        theirs == frozen
    };
    let params = &found["params"];
    let said = evidence::source(&prepared.text, params["text"].as_str().unwrap_or_default());
    let warning = params["spoiler_text"].as_str().unwrap_or_default();
    said.and(evidence::field(&status::spoiler(prepared), warning)).provided(same_media)
}

#[async_trait]
impl Keeper for Mastodon {
    async fn hand_over(&self, session: &Session, body: &Value, key: &str) -> Result<Kept, Error> {
        let url = api::path(&session.account.server, "/api/v1/statuses", &[])?;
        let request =
            Request::post(url, Payload::Json(body.clone())).header("Idempotency-Key", key).visible();
        let answer = self.call(session, request).await?;
        match answer.success() {
            // A server that knows no dates publishes at once; the next look finds it live.
            Some(said) => kept(said).ok_or_else(|| Error::Uncertain("the answer is no kept status".into())),
            None => self.kept_refusal(session, &answer, &status::media_ids(body)).await,
        }
    }

    async fn move_to(&self, session: &Session, id: &str, at: Timestamp) -> Result<(), Error> {
        let url = api::path(&session.account.server, &format!("{PATH}/{id}"), &[])?;
        let body = json!({ "scheduled_at": at.to_string() });
        let answer = self.call(session, Request::put(url, Payload::Json(body)).visible()).await?;
        match answer.success().and_then(kept) {
            Some(moved) if moved.at == Some(at) => Ok(()),
            Some(_) => Err(Error::Uncertain("the server has another date for it".into())),
            None if is_unknown(&answer) => Err(Error::Uncertain("the server does not keep it".into())),
            None => Err(answer.refusal()),
        }
    }

    async fn withdraw(&self, session: &Session, id: &str) -> Result<(), Error> {
        let url = api::path(&session.account.server, &format!("{PATH}/{id}"), &[])?;
        let answer = self.call(session, Request::delete(url).visible()).await?;
        match answer.success() {
            Some(_) => Ok(()),
            // Taken back already, or published meanwhile: the next look tells.
            None if is_unknown(&answer) => Err(Error::Uncertain("the server does not keep it".into())),
            None => Err(answer.refusal()),
        }
    }
}
