//! Articles that a site keeps until their date: given, moved, taken back.
//!
//! An article keeps its number, so that the ordinary question tells where it is. A draft keeps the date that it once had,
//! and a date that has passed publishes at once: taking back clears it.

use async_trait::async_trait;
use griot_domain::{Kept, Timestamp};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::refusal::refusal;
use super::site::Door;
use super::{WordPress, article, draft, is_unknown_post};
use crate::http::{Answer, Payload};
use crate::{Error, Keeper, Session, Why};

impl WordPress {
    async fn change(&self, session: &Session, id: &str, body: Value) -> Result<Answer, Error> {
        let door = Door::of(session).await?;
        let number: u64 = id
            .parse()
            .map_err(|_| Error::Content(Why::not_its_own("what is kept is no article of this site")))?;
        let query = [("context", "edit"), ("_fields", article::FIELDS)];
        let request = door.post(&format!("/wp/v2/posts/{number}"), &query, Payload::Json(body)).visible();
        self.client.send(request).await
    }
}

fn is_gone(answer: &Answer) -> bool {
    answer.status == StatusCode::NOT_FOUND && is_unknown_post(answer.text("code"))
}

#[async_trait]
impl Keeper for WordPress {
    async fn hand_over(&self, session: &Session, body: &Value, _key: &str) -> Result<Kept, Error> {
        let id = article::number(body).filter(|_| article::status(body) == Some(article::FUTURE));
        let id =
            id.ok_or_else(|| Error::Content(Why::not_its_own("the frozen request names no dated draft")))?;
        let answer = self.change(session, &id.to_string(), body.clone()).await?;
        match answer.success() {
            // A site whose clock is ahead may have published it: the next look tells.
            Some(said) => article::kept(said)
                .filter(|kept| kept.id == id.to_string())
                .ok_or_else(|| Error::Uncertain("the answer does not say that the site keeps it".into())),
            None if is_gone(&answer) => Err(Error::Expired(draft::STEP.into())),
            None => Err(refusal(&answer)),
        }
    }

    async fn move_to(&self, session: &Session, id: &str, at: Timestamp) -> Result<(), Error> {
        let body = json!({"status": article::FUTURE, "date_gmt": article::written(at)});
        let answer = self.change(session, id, body).await?;
        match answer.success().and_then(article::kept) {
            Some(_) => Ok(()),
            None if answer.success().is_some() || is_gone(&answer) => {
                Err(Error::Uncertain("the site does not keep it any more".into()))
            }
            None => Err(refusal(&answer)),
        }
    }

    async fn withdraw(&self, session: &Session, id: &str) -> Result<(), Error> {
        let answer = self.change(session, id, json!({"status": "draft", "date_gmt": null})).await?;
        match answer.success() {
            Some(said) if article::status(said) == Some("draft") => Ok(()),
            Some(_) => Err(Error::Uncertain("the answer does not say that it is a draft again".into())),
            None if is_gone(&answer) => Err(Error::Uncertain("the site does not have it".into())),
            None => Err(refusal(&answer)),
        }
    }
}
