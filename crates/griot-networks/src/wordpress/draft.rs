//! The article while nobody sees it: made once, found again by its slug, written anew where the post has changed.
//!
//! Deliberately absent: touching an article that is no draft any more. A person has gone on with it on the site.

use griot_domain::Timestamp;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::media::Placed;
use super::refusal::refusal;
use super::site::{self, Door};
use super::{WordPress, article, is_unknown_post};
use crate::http::Payload;
use crate::{Error, Prepared, Steps};

/// The step that keeps the draft's number.
pub(super) const STEP: &str = "draft";
/// Every state in which an article is still there.
pub(super) const STATES: &str = "publish,future,draft,pending,private";

/// A draft on the site.
pub(super) struct Draft {
    pub(super) id: u64,
    /// The server's clock, seen just now.
    pub(super) date: Option<Timestamp>,
    is_untouched: bool,
}

impl Draft {
    fn of(said: &Value, date: Option<Timestamp>) -> Result<Self, Error> {
        let id = site::number(said)?;
        Ok(Self { id, date, is_untouched: article::status(said) == Some("draft") })
    }
}

impl WordPress {
    /// The post's draft, saying what the post says now.
    pub(super) async fn draft(
        &self,
        door: &Door,
        prepared: &Prepared,
        media: &[Placed],
        steps: &mut dyn Steps,
    ) -> Result<Draft, Error> {
        let terms = self.terms(door, prepared, steps).await?;
        let body = article::draft(prepared, media, &terms);
        let mark = blake3::hash(body.to_string().as_bytes()).to_hex().to_string();
        let kept = steps.get(STEP);
        let found = match kept.as_ref().and_then(article::number) {
            Some(id) => Some(self.kept_draft(door, id, steps).await?),
            None => self.draft_called(door, &article::slugs(prepared)).await?,
        };
        let says_it = kept.is_some_and(|kept| kept["mark"] == mark.as_str());
        let draft = match found {
            Some(found) if says_it || !found.is_untouched => found,
            Some(found) => self.write(door, &format!("/wp/v2/posts/{}", found.id), body).await?,
            None => self.write(door, "/wp/v2/posts", body).await?,
        };
        steps.put(STEP, json!({"id": draft.id, "mark": mark}), None)?;
        Ok(draft)
    }

    /// The draft that was made before, if the site still has it.
    async fn kept_draft(&self, door: &Door, id: u64, steps: &mut dyn Steps) -> Result<Draft, Error> {
        let query = [("context", "edit"), ("_fields", "id,status")];
        let answer = self.client.send(door.get(&format!("/wp/v2/posts/{id}"), &query)).await?;
        let gone = answer.status == StatusCode::NOT_FOUND && is_unknown_post(answer.text("code"));
        if gone || answer.success().and_then(article::status) == Some("trash") {
            steps.forget(STEP)?;
            return Err(Error::Expired(STEP.into()));
        }
        Draft::of(answer.success().ok_or_else(|| refusal(&answer))?, answer.date)
    }

    /// The draft whose answer was lost, or that another copy of the workspace made.
    async fn draft_called(&self, door: &Door, slugs: &str) -> Result<Option<Draft>, Error> {
        let query = [("slug", slugs), ("status", STATES), ("context", "edit"), ("_fields", "id,status")];
        let answer = self.client.send(door.get("/wp/v2/posts", &query)).await?;
        site::list(&answer)?.first().map(|found| Draft::of(found, answer.date)).transpose()
    }

    async fn write(&self, door: &Door, route: &str, body: Value) -> Result<Draft, Error> {
        let request = door.post(route, &[("_fields", "id,status")], Payload::Json(body));
        let answer = self.client.send(request).await?;
        Draft::of(answer.success().ok_or_else(|| refusal(&answer))?, answer.date)
    }
}
