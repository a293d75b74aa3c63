//! Media on their way to a server: nobody sees an attachment that no status names.

use std::time::Duration;

use griot_domain::Focus;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Mastodon, api};
use crate::http::{Answer, Payload, Request, Upload};
use crate::{Error, PreparedMedia, Session, Steps};

/// Servers forget attachments that no status names after a day.
const FORGET_AFTER: Duration = Duration::from_secs(20 * 60 * 60);
/// A film of a minute is ready after some seconds.
const ASK_AGAIN: Duration = Duration::from_secs(3);

impl Mastodon {
    /// The ids of all attachments, ready to be named; [`Error::Processing`] while the server still works on one.
    /// Everything goes up before anything is waited for.
    pub(super) async fn attachments(
        &self,
        session: &Session,
        media: &[PreparedMedia],
        steps: &mut dyn Steps,
    ) -> Result<Vec<String>, Error> {
        let mut kept = Vec::new();
        for (index, medium) in media.iter().enumerate() {
            // The same file twice in a post is two attachments.
            let before = media[..index].iter().filter(|m| m.hash == medium.hash).count();
            let step = if before == 0 {
                format!("media/{}", medium.hash)
            } else {
                format!("media/{}/{before}", medium.hash)
            };
            let value = match steps.get(&step).filter(|value| fits(value, medium)) {
                Some(value) => value,
                None => {
                    let value = self.upload(session, medium).await?;
                    self.keep(steps, &step, &value)?;
                    value
                }
            };
            kept.push((step, value));
        }
        let mut ids = Vec::new();
        for (step, mut value) in kept {
            let id = value["id"].as_str().unwrap_or_default().to_owned();
            if value["ready"] != true {
                self.wait(session, &id, &step, steps).await?;
                value["ready"] = json!(true);
                self.keep(steps, &step, &value)?;
            }
            ids.push(id);
        }
        Ok(ids)
    }

    fn keep(&self, steps: &mut dyn Steps, step: &str, value: &Value) -> Result<(), Error> {
        steps.put(step, value.clone(), Some(self.client.now().plus(FORGET_AFTER)))
    }

    async fn upload(&self, session: &Session, media: &PreparedMedia) -> Result<Value, Error> {
        let mut texts = Vec::new();
        if !media.alt.is_empty() {
            texts.push(("description", media.alt.clone()));
        }
        if let Some(focus) = media.focus {
            texts.push(("focus", focus_text(focus)));
        }
        let mut answer = None;
        // Servers from before 3.1.3, and some that are not Mastodon, know the first path only.
        for path in ["/api/v2/media", "/api/v1/media"] {
            let url = api::path(&session.account.server, path, &[])?;
            let payload = Payload::file(Upload::of(media), texts.clone());
            let said = self.call(session, Request::post(url, payload)).await?;
            let unknown_path = said.status == StatusCode::NOT_FOUND;
            answer = Some(said);
            if !unknown_path {
                break;
            }
        }
        let answer = answer.expect("BUG: two paths were tried");
        if answer.success().is_none() {
            return Err(answer.refusal());
        }
        let id = api::text(&answer, "id")?;
        let ready = answer.status == StatusCode::OK && has_address(&answer);
        Ok(json!({"id": id, "ready": ready, "alt": media.alt, "focus": media.focus.map(focus_text)}))
    }

    /// Returns when the server has made the attachment.
    async fn wait(
        &self,
        session: &Session,
        id: &str,
        step: &str,
        steps: &mut dyn Steps,
    ) -> Result<(), Error> {
        let answer = self.look(session, id).await?;
        match answer.status {
            StatusCode::OK if has_address(&answer) => Ok(()),
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => Err(Error::Processing { after: ASK_AGAIN }),
            StatusCode::NOT_FOUND => {
                steps.forget(step)?;
                Err(Error::Expired(step.to_owned()))
            }
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => {
                steps.forget(step)?;
                Err(Error::Content(answer.words()))
            }
            _ => Err(answer.refusal()),
        }
    }

    async fn look(&self, session: &Session, id: &str) -> Result<Answer, Error> {
        let url = api::path(&session.account.server, &format!("/api/v1/media/{id}"), &[])?;
        self.call(session, Request::get(url)).await
    }

    /// Why a status with these attachments was refused, when it is because of them. A server says it in the
    /// person's language, so it is asked about each instead.
    pub(super) async fn blame_media(&self, session: &Session, ids: &[&str]) -> Result<Option<Error>, Error> {
        for id in ids {
            let answer = self.look(session, id).await?;
            match answer.status {
                StatusCode::PARTIAL_CONTENT => return Ok(Some(Error::Processing { after: ASK_AGAIN })),
                StatusCode::NOT_FOUND => return Ok(Some(Error::Expired("media".into()))),
                _ => {}
            }
        }
        Ok(None)
    }
}

/// Whether a kept attachment says what the post says now.
fn fits(value: &Value, media: &PreparedMedia) -> bool {
    value["alt"] == json!(media.alt) && value["focus"] == json!(media.focus.map(focus_text))
}

fn has_address(answer: &Answer) -> bool {
    ["url", "preview_url"].into_iter().any(|name| answer.text(name).is_some_and(|url| !url.is_empty()))
        && answer.text("url").is_some()
}

/// The server counts from the middle, -1 to 1, upwards.
fn focus_text(focus: Focus) -> String {
    format!("{:.3},{:.3}", focus.x * 2.0 - 1.0, 1.0 - focus.y * 2.0)
}
