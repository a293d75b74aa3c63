//! Media on their way: pictures whole, animations and films in parts, made by and by.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{State, invalid, problem};
use crate::http::{Answer, Request};
use crate::stub::{Desk, HeldMedia, Upload};

const DAY_S: u64 = 86_400;

/// A medium that X has been told of.
#[derive(Debug, Default)]
pub(super) struct Medium {
    category: String,
    total: usize,
    parts: BTreeMap<u64, Vec<u8>>,
    upload: Upload,
    /// How often it will still be said that it is being made; nothing before all of it is there.
    left: Option<usize>,
}

impl State {
    pub(super) fn media(&mut self, desk: &mut Desk, request: &Request, parts: &[&str]) -> Answer {
        match (request.method.as_str(), parts) {
            ("POST", ["upload"]) => self.whole(desk, request),
            ("GET", ["upload"]) => self.status(request),
            ("POST", ["upload", "initialize"]) => self.initialize(desk, request),
            ("POST", ["upload", id, "append"]) => self.append(request, id),
            ("POST", ["upload", id, "finalize"]) => self.finalize(id),
            ("POST", ["metadata"]) => self.describe(request),
            _ => problem(404, "Not Found", "Not Found", ""),
        }
    }

    fn find(&mut self, id: &str) -> Option<&mut Medium> {
        self.media.iter_mut().find(|(known, _)| known == id).map(|(_, medium)| medium)
    }

    fn add(&mut self, desk: &mut Desk, medium: Medium) -> String {
        let id = (1_880_000_000_000_000_000 + desk.number()).to_string();
        self.media.push((id.clone(), medium));
        id
    }

    fn whole(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let form = request.form().unwrap_or_default();
        let Some(file) = form.file("media") else { return invalid("The `media` field is required.") };
        let category = form.text("media_category").unwrap_or_default().to_owned();
        if category != "tweet_image" {
            return invalid("This media category goes up in parts.");
        }
        if let Some(refused) = too_large(&category, file.bytes.len()) {
            return refused;
        }
        let upload = Upload { bytes: file.bytes.clone(), alt: None };
        let (total, left) = (file.bytes.len(), Some(0));
        let id = self.add(desk, Medium { category, total, upload, left, ..Medium::default() });
        Answer::json(200, json!({"data": said(&id, total)}))
    }

    fn initialize(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let body = request.json().unwrap_or_default();
        let category = body["media_category"].as_str().unwrap_or_default().to_owned();
        let total = body["total_bytes"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let mime = body["media_type"].as_str().unwrap_or_default();
        let fits = match category.as_str() {
            "tweet_gif" => mime == "image/gif",
            "tweet_video" | "amplify_video" => mime.starts_with("video/"),
            _ => mime.starts_with("image/"),
        };
        if total == 0 || !fits {
            return invalid("The media type does not fit the media category, or there are no bytes.");
        }
        if let Some(refused) = too_large(&category, total) {
            return refused;
        }
        let id = self.add(desk, Medium { category, total, ..Medium::default() });
        let data = json!({"id": id, "media_key": format!("3_{id}"), "expires_after_secs": DAY_S});
        Answer::json(200, json!({ "data": data }))
    }

    fn append(&mut self, request: &Request, id: &str) -> Answer {
        let form = request.form().unwrap_or_default();
        let number = form.text("segment_index").and_then(|n| n.parse::<u64>().ok()).filter(|n| *n < 1000);
        let (Some(number), Some(file)) = (number, form.file("media")) else {
            return invalid("The segment is not valid.");
        };
        let Some(medium) = self.find(id).filter(|medium| medium.left.is_none()) else {
            return invalid("The media id is not valid, or its upload has ended.");
        };
        medium.parts.insert(number, file.bytes.clone());
        Answer::json(200, json!({"data": {"expires_at": DAY_S}}))
    }

    fn finalize(&mut self, id: &str) -> Answer {
        let asks = self.asks;
        let Some(medium) = self.find(id) else { return invalid("The media id is not valid.") };
        if medium.left.is_none() {
            let is_gapless = medium.parts.keys().copied().eq(0..medium.parts.len() as u64);
            let bytes: Vec<u8> = medium.parts.values().flatten().copied().collect();
            if !is_gapless || bytes.len() != medium.total {
                return invalid("Segments do not add up to provided total file size.");
            }
            medium.upload.bytes = bytes;
            medium.left = Some(if medium.category == "tweet_video" { asks } else { 0 });
        }
        let mut data = said(id, medium.total);
        if medium.left > Some(0) {
            data["processing_info"] = json!({"state": "pending", "check_after_secs": 1});
        }
        Answer::json(200, json!({ "data": data }))
    }

    fn status(&mut self, request: &Request) -> Answer {
        let id = request.asked("media_id").unwrap_or_default();
        if request.asked("command").as_deref() != Some("STATUS") {
            return invalid("The query parameter `command` must be STATUS.");
        }
        let Some(medium) = self.find(&id) else {
            return problem(404, "Not Found Error", "Could not find media.", "resource-not-found");
        };
        let mut data = said(&id, medium.total);
        match medium.left {
            None => return invalid("The upload has not ended."),
            Some(0 | 1) => data["processing_info"] = json!({"state": "succeeded", "progress_percent": 100}),
            Some(_) => {
                data["processing_info"] =
                    json!({"state": "in_progress", "check_after_secs": 1, "progress_percent": 50});
            }
        }
        medium.left = medium.left.map(|left| left.saturating_sub(1));
        Answer::json(200, json!({ "data": data }))
    }

    fn describe(&mut self, request: &Request) -> Answer {
        let body = request.json().unwrap_or_default();
        let id = body["id"].as_str().unwrap_or_default();
        let alt = body["metadata"]["alt_text"]["text"].as_str().map(str::to_owned);
        let Some(medium) = self.find(id) else {
            return problem(404, "Not Found Error", "Could not find media.", "resource-not-found");
        };
        if medium.category == "tweet_video" {
            return invalid("Alt text is for pictures and animations.");
        }
        medium.upload.alt = alt;
        Answer::json(200, json!({"data": {"id": id, "associated_metadata": body["metadata"]}}))
    }

    /// The media that a post names; a refusal where one is unknown or not made, or they do not go together.
    pub(super) fn named(&self, ids: &[&str]) -> Result<Vec<HeldMedia>, Answer> {
        let mut all = Vec::new();
        for id in ids {
            let known = self.media.iter().find(|(known, _)| known == id).map(|(_, medium)| medium);
            let ready = known.filter(|medium| medium.left == Some(0));
            let medium = ready.ok_or_else(|| invalid("Your media IDs are invalid."))?;
            if medium.category != "tweet_image" && ids.len() > 1 {
                return Err(invalid("A post has four pictures, or one animation, or one film."));
            }
            all.push(medium.upload.held(id));
        }
        Ok(all)
    }
}

fn said(id: &str, size: usize) -> Value {
    json!({"id": id, "media_key": format!("3_{id}"), "size": size, "expires_after_secs": DAY_S})
}

fn too_large(category: &str, bytes: usize) -> Option<Answer> {
    let most = match category {
        "tweet_gif" => 15 << 20,
        "tweet_video" | "amplify_video" => 512 << 20,
        _ => 5 << 20,
    };
    (bytes > most).then(|| invalid("maxFileSizeExceeded: File size exceeds the limit"))
}
