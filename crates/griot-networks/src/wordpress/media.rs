//! Media on their way to a site: its library keeps them, and nobody sees them before an article shows them.
//!
//! A file is named after its delivery and its bytes, so that one that went up before its answer was lost is found
//! again instead of being sent and paid for twice. Pictures above 2560 pixels are shown in a smaller size that the site
//! makes; it keeps the original beside that.

use griot_domain::MediaKind;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::refusal::refusal;
use super::site::{self, Door};
use super::{WordPress, article, is_unknown_post};
use crate::http::{Payload, Request, Upload};
use crate::{Error, Prepared, PreparedMedia, Steps};

const FIELDS: &str = "id,source_url,media_details.filesize,media_details.original_image";
/// Up to here a file is sent as it is, which no setting of PHP's for forms refuses. The site holds such a body in its
/// memory, where a film would fail after all of it was sent; a form goes to its disk.
const RAW_MAX: u64 = 8 << 20;
/// The most that a site lists at once.
const PAGE: &str = "100";

/// A medium in the site's library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) id: u64,
    pub(super) url: String,
    pub(super) alt: String,
    pub(super) kind: MediaKind,
}

impl WordPress {
    /// All media, in the library and described.
    pub(super) async fn uploaded(
        &self,
        door: &Door,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Vec<Placed>, Error> {
        self.forget_the_lost(door, &prepared.media, steps).await?;
        let mut all: Vec<Placed> = Vec::new();
        for (index, medium) in prepared.media.iter().enumerate() {
            let step = step_of(medium);
            let mut value = match steps.get(&step) {
                Some(value) => value,
                None => {
                    let value = self.place(door, &name(prepared, medium), medium).await?;
                    steps.put(&step, value.clone(), None)?;
                    value
                }
            };
            let (id, url) = (site::number(&value)?, value["url"].as_str().unwrap_or_default().to_owned());
            // The same file twice is one medium; the first describes it, and each block has words of its own.
            let first = prepared.media[..index].iter().all(|before| before.hash != medium.hash);
            if first && value["alt"].as_str().unwrap_or_default() != medium.alt {
                self.describe(door, id, &medium.alt, &step, steps).await?;
                value["alt"] = json!(medium.alt);
                steps.put(&step, value, None)?;
            }
            all.push(Placed { id, url, alt: medium.alt.clone(), kind: medium.format.kind() });
        }
        Ok(all)
    }

    /// Asks whether the kept media are still in the library: a person may have cleared it.
    async fn forget_the_lost(
        &self,
        door: &Door,
        media: &[PreparedMedia],
        steps: &mut dyn Steps,
    ) -> Result<(), Error> {
        let kept = media.iter().map(step_of).filter_map(|step| {
            let id = steps.get(&step)?["id"].as_u64()?;
            Some((step, id))
        });
        let kept: Vec<(String, u64)> = kept.collect();
        if kept.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = kept.iter().map(|(_, id)| id.to_string()).collect();
        let query = [("include", &*ids.join(",")), ("per_page", PAGE), ("_fields", "id")];
        let answer = self.client.send(door.get("/wp/v2/media", &query)).await?;
        let there = site::list(&answer)?;
        match kept.into_iter().find(|(_, id)| !there.iter().any(|found| found["id"].as_u64() == Some(*id))) {
            Some((step, _)) => {
                steps.forget(&step)?;
                Err(Error::Expired(step))
            }
            None => Ok(()),
        }
    }

    /// The medium called `name`: found, when its answer was lost, or sent.
    async fn place(&self, door: &Door, name: &str, medium: &PreparedMedia) -> Result<Value, Error> {
        let query = [("slug", name), ("_fields", FIELDS)];
        let answer = self.client.send(door.get("/wp/v2/media", &query)).await?;
        if let Some(found) = site::list(&answer)?.iter().find(|found| is_whole(found, medium)) {
            return kept(found);
        }
        let answer = self.client.send(sending(door, name, medium)).await?;
        kept(answer.success().ok_or_else(|| refusal(&answer))?)
    }

    async fn describe(
        &self,
        door: &Door,
        id: u64,
        alt: &str,
        step: &str,
        steps: &mut dyn Steps,
    ) -> Result<(), Error> {
        let payload = Payload::Json(json!({"alt_text": alt}));
        let request = door.post(&format!("/wp/v2/media/{id}"), &[("_fields", "id")], payload);
        let answer = self.client.send(request).await?;
        if answer.status == StatusCode::NOT_FOUND && is_unknown_post(answer.text("code")) {
            steps.forget(step)?;
            return Err(Error::Expired(step.to_owned()));
        }
        let said = answer.success().ok_or_else(|| refusal(&answer))?;
        site::number(said).map(drop)
    }
}

/// The request that brings a file.
fn sending(door: &Door, name: &str, medium: &PreparedMedia) -> Request {
    let name = format!("{name}.{}", medium.format.extension());
    let post = |payload| door.post("/wp/v2/media", &[("_fields", FIELDS)], payload);
    let upload = Upload::of(medium);
    if medium.bytes > RAW_MAX {
        return post(Payload::file(Upload { name, ..upload }, Vec::new()));
    }
    post(Payload::File(upload)).header("content-disposition", &format!("attachment; filename=\"{name}\""))
}

/// Whether a medium of the right name is the whole file: some web servers hand over what came before the line was cut.
/// A site that does not tell the size, or tells that of a smaller picture, is believed.
fn is_whole(found: &Value, medium: &PreparedMedia) -> bool {
    let details = &found["media_details"];
    details["original_image"].is_string()
        || details["filesize"].as_u64().is_none_or(|bytes| bytes == medium.bytes)
}

fn step_of(medium: &PreparedMedia) -> String {
    format!("media/{}", medium.hash)
}

/// The file's name without its ending, and so the medium's slug.
fn name(prepared: &Prepared, medium: &PreparedMedia) -> String {
    let short = medium.hash.get(..8).unwrap_or(&medium.hash);
    format!("{}-{short}", article::key(prepared.delivery))
}

/// What is kept of a medium.
fn kept(said: &Value) -> Result<Value, Error> {
    let id = site::number(said)?;
    match said["source_url"].as_str() {
        Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
            Ok(json!({"id": id, "url": url, "alt": ""}))
        }
        _ => Err(Error::Portal("the answer has no source_url".into())),
    }
}
