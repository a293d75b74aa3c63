//! Topics, answers and uploads.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use super::{CATEGORY, Post, State, Topic, absent, unprocessable};
use crate::http::{Answer, Request};
use crate::stub::{Desk, Held, HeldMedia, Upload};

pub(super) const TITLE: RangeInclusive<usize> = 15..=255;
pub(super) const RAW: RangeInclusive<usize> = 20..=32_000;
pub(super) const IMAGE_KB: usize = 4096;
pub(super) const FILE_KB: usize = 40_960;
/// For so long the same text is refused again.
const SIMILAR_MS: i64 = 5 * 60 * 1000;

impl State {
    pub(super) fn write(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let Some(body) = request.json().filter(Value::is_object) else {
            return super::refused(
                400,
                "invalid_parameters",
                "You supplied invalid parameters to the request",
            );
        };
        let raw = desk.manners().kept(body["raw"].as_str().unwrap_or_default().trim_end());
        if let Some(refused) = self.refusal_of_text(desk, &raw) {
            return refused;
        }
        let title = body["title"].as_str().unwrap_or_default();
        let topic = body["topic_id"].as_u64();
        if topic.is_none()
            && let Some(refused) = self.refusal_of_topic(&body, title)
        {
            return refused;
        }
        if let Some(id) = topic
            && !self.topics.iter().any(|known| known.id == id)
        {
            return absent();
        }
        if self.moderated {
            self.waiting.push((title.to_owned(), raw.clone()));
            return Answer::json(200, json!({"success": true, "action": "enqueued", "pending_count": 1}));
        }
        let external = body["external_id"].as_str().map(str::to_owned);
        let topic = topic.unwrap_or_else(|| {
            let id = desk.number();
            let (title, external, at) = (title.to_owned(), external.clone(), desk.now());
            desk.made(&id.to_string(), at);
            self.topics.push(Topic { id, title, external, at });
            id
        });
        let number = self.posts.iter().filter(|post| post.topic == topic).count() as u64 + 1;
        let first = self.posts.iter().find(|post| post.topic == topic).map(|post| post.held.id.clone());
        let (text, media) = self.apart(&raw);
        let (id, at) = (desk.number(), desk.now());
        desk.made(&id.to_string(), at);
        let held = Held { id: id.to_string(), text, media, parent: first, at, key: external, sent: body };
        let post = Post { id, topic, number, at, raw, held };
        let shown = self.posts.len();
        self.posts.push(post);
        Answer::json(200, self.shown(request, &self.posts[shown], true))
    }

    fn refusal_of_text(&self, desk: &Desk, raw: &str) -> Option<Answer> {
        let length = raw.chars().count();
        if length < *RAW.start() {
            return Some(unprocessable("Body is too short (minimum is 20 characters)"));
        }
        if length > *RAW.end() {
            return Some(unprocessable("Body is too long (maximum is 32000 characters)"));
        }
        let is_same = |post: &&Post| post.raw == raw && desk.now() - post.at < SIMILAR_MS;
        let same = self.posts.iter().find(is_same);
        same.map(|_| unprocessable("Body is too similar to what you recently posted"))
    }

    fn refusal_of_topic(&self, body: &Value, title: &str) -> Option<Answer> {
        let length = title.chars().count();
        if length < *TITLE.start() {
            return Some(unprocessable("Title is too short (minimum is 15 characters)"));
        }
        if length > *TITLE.end() {
            return Some(unprocessable("Title is too long (maximum is 255 characters)"));
        }
        if body["category"].as_u64().is_some_and(|id| ![1, CATEGORY].contains(&id)) {
            return Some(super::refused(
                403,
                "invalid_access",
                "You are not permitted to post in this category.",
            ));
        }
        let external = body["external_id"].as_str();
        let is_key = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
        if external.is_some_and(|key| key.is_empty() || key.len() > 50 || !key.bytes().all(is_key)) {
            return Some(unprocessable("External ID must be in the correct format"));
        }
        if external.is_some() && self.topics.iter().any(|topic| topic.external.as_deref() == external) {
            return Some(unprocessable("External ID has already been taken"));
        }
        let taken = self.topics.iter().any(|topic| topic.title.eq_ignore_ascii_case(title));
        taken.then(|| unprocessable("Title has already been used"))
    }

    pub(super) fn upload(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let form = request.form().unwrap_or_default();
        let named = form.text("upload_type").or_else(|| form.text("type")).unwrap_or_default();
        let Some(file) = form.file("file").filter(|_| named == "composer") else {
            return super::refused(
                400,
                "invalid_parameters",
                "You supplied invalid parameters to the request",
            );
        };
        let extension = file.filename.rsplit('.').next().unwrap_or_default().to_lowercase();
        let is_film = matches!(extension.as_str(), "mp4" | "mov");
        if !is_film && !matches!(extension.as_str(), "jpg" | "jpeg" | "png" | "gif" | "webp") {
            return unprocessable("Sorry, the file you are trying to upload is not authorized");
        }
        let most = if is_film { FILE_KB } else { IMAGE_KB };
        if file.bytes.len() > most << 10 {
            return unprocessable("Sorry, the file you are trying to upload is too big");
        }
        let id = desk.number();
        let short = format!("upload://stub{id}.{extension}");
        let upload = Upload { bytes: file.bytes.clone(), alt: None };
        self.uploads.push((short.clone(), upload));
        let mut said = json!({"id": id, "url": format!("{}/uploads/default/{id}.{extension}", request.origin()),
            "short_url": short, "filesize": file.bytes.len(), "original_filename": file.filename, "extension": extension});
        if !is_film {
            (said["width"], said["height"]) = (json!(1200), json!(800));
            (said["thumbnail_width"], said["thumbnail_height"]) = (json!(690), json!(460));
        }
        Answer::json(200, said)
    }

    /// The words of a post, and the uploads that it shows, with the alt text of each.
    pub(super) fn apart(&self, raw: &str) -> (String, Vec<HeldMedia>) {
        static SHOWN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"!\[((?:\\.|[^\]\\])*)\|(?:\d+x\d+|video)\]\((upload://[^)\s]+)\)")
                .expect("BUG: the pattern is fixed and a test uses it")
        });
        let mut media = Vec::new();
        let mut words = raw.to_owned();
        for found in SHOWN.captures_iter(raw) {
            let known = self.uploads.iter().find(|(short, _)| *short == found[2]);
            let Some((short, upload)) = known else { continue };
            let alt = plain(&found[1]);
            media.push(HeldMedia { alt: (!alt.is_empty()).then_some(alt), ..upload.held(short) });
            words = words.replacen(&found[0], "", 1);
        }
        if media.is_empty() { (words, media) } else { (words.trim_end().to_owned(), media) }
    }
}

/// A text without the strokes that protect its signs.
fn plain(escaped: &str) -> String {
    let mut out = String::new();
    let mut signs = escaped.chars();
    while let Some(c) = signs.next() {
        out.extend(if c == '\\' { signs.next() } else { Some(c) });
    }
    out
}
