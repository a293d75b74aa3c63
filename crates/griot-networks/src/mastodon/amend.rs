//! Statuses that are live, changed and removed.
//!
//! A change takes away what it does not name: media, warning and language are sent as the server has them.

use async_trait::async_trait;
use reqwest::StatusCode;
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use super::{Mastodon, api, status};
use crate::evidence;
use crate::http::{Answer, Payload, Request};
use crate::{Change, Editor, Error, Posted, Session, Sight};

const PATH: &str = "/api/v1/statuses";

impl Mastodon {
    /// The status as the server shows it; nothing when the server itself says that it has none of that number.
    async fn status(&self, session: &Session, post: &Posted) -> Result<Option<Value>, Error> {
        let answer = self.at(session, &post.live.id, "").await?;
        if is_unknown(&answer) {
            return Ok(None);
        }
        let found = answer.success().ok_or_else(|| answer.refusal())?;
        if found["id"] != post.live.id.as_str() {
            return Err(Error::Portal("the answer is no status".into()));
        }
        Ok(Some(found.clone()))
    }

    /// The text and the warning as they were written; nothing where the server does not give them.
    pub(super) async fn source(
        &self,
        session: &Session,
        id: &str,
    ) -> Result<Option<(String, String)>, Error> {
        let answer = self.at(session, id, "/source").await?;
        let Some(found) = answer.success() else {
            // Servers from before 4.0, and some that are not Mastodon, do not know the path.
            let unknown = matches!(answer.status.as_u16(), 400..=499) && answer.status.as_u16() != 429;
            return if unknown { Ok(None) } else { Err(answer.refusal()) };
        };
        let word = |name: &str| found[name].as_str().map(str::to_owned);
        Ok(word("text").map(|text| (text, word("spoiler_text").unwrap_or_default())))
    }

    async fn at(&self, session: &Session, id: &str, below: &str) -> Result<Answer, Error> {
        let url = api::path(&session.account.server, &format!("{PATH}/{id}{below}"), &[])?;
        self.call(session, Request::get(url)).await
    }
}

/// Whether the server itself says that it has no such status.
fn is_unknown(answer: &Answer) -> bool {
    matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) && answer.text("error").is_some()
}

#[async_trait]
impl Editor for Mastodon {
    async fn sight(&self, session: &Session, post: &Posted) -> Result<Sight, Error> {
        let Some(found) = self.status(session, post).await? else { return Ok(Sight::Gone) };
        let wanted = &post.prepared.text;
        let kept = match found["text"].as_str() {
            Some(text) => Some(text.to_owned()),
            None => self.source(session, &post.live.id).await?.map(|(text, _)| text),
        };
        Ok(Sight::of(match kept {
            Some(kept) => evidence::correction(wanted, &kept),
            None => evidence::rendering(wanted, found["content"].as_str().unwrap_or_default()),
        }))
    }

    async fn correction(&self, session: &Session, post: &Posted) -> Result<Value, Error> {
        let gone = || Error::Transient("the status is not there any more".into());
        let found = self.status(session, post).await?.ok_or_else(gone)?;
        let spoiler = match self.source(session, &post.live.id).await? {
            Some((_, spoiler)) => spoiler,
            // Plain text, whatever stands in it.
            None => found["spoiler_text"].as_str().unwrap_or_default().to_owned(),
        };
        let text: String = post.prepared.text.nfc().collect();
        let mut body = Map::new();
        body.insert("status".into(), json!(text));
        let kind = status::text_type(session.account.limits.as_ref());
        body.extend(kind.map(|kind| ("content_type".to_owned(), json!(kind))));
        body.insert("spoiler_text".into(), json!(spoiler));
        body.insert("sensitive".into(), json!(found["sensitive"] == true));
        if let Some(language) = found["language"].as_str() {
            body.insert("language".into(), json!(language));
        }
        let media = found["media_attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
        if !media.is_empty() {
            // Each keeps its alt text, which is the attachment's own.
            let ids: Vec<&Value> = media.iter().map(|one| &one["id"]).collect();
            body.insert("media_ids".into(), json!(ids));
        }
        Ok(Value::Object(body))
    }

    async fn edit(&self, session: &Session, post: &Posted, body: &Value) -> Result<Change, Error> {
        let url = api::path(&session.account.server, &format!("{PATH}/{}", post.live.id), &[])?;
        let answer = self.call(session, Request::put(url, Payload::Json(body.clone())).visible()).await?;
        match answer.success() {
            Some(said) if said["id"] == post.live.id.as_str() => Ok(Change::Done),
            Some(_) => Err(Error::Uncertain("the answer does not name the status".into())),
            None if is_unknown(&answer) => Ok(Change::NotThere),
            None => Err(answer.refusal()),
        }
    }

    async fn delete(&self, session: &Session, post: &Posted) -> Result<Change, Error> {
        let url = api::path(&session.account.server, &format!("{PATH}/{}", post.live.id), &[])?;
        let answer = self.call(session, Request::delete(url).visible()).await?;
        match answer.success() {
            Some(_) => Ok(Change::Done),
            None if is_unknown(&answer) => Ok(Change::NotThere),
            None => Err(answer.refusal()),
        }
    }
}
