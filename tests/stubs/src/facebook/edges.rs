//! Posts, photos, comments and dates: what makes something new.

use serde_json::{Value, json};

use super::{PAGE, Post, State, bad, error, medium, number, parameters, unknown};
use crate::http::{Answer, Request};
use crate::stub::{Desk, Held, HeldMedia, Upload};

const TEXT_MAX: usize = 63_206;
const PHOTO_MAX: usize = 4 << 20;
const PHOTOS_MAX: usize = 10;
/// A date is between ten minutes and seventy-five days away.
const AHEAD_S: std::ops::RangeInclusive<i64> = 600..=75 * 86_400;

/// When a post is to appear.
pub(super) enum When {
    Now,
    /// In milliseconds.
    Then(i64),
    /// Not at all: it is there to be named.
    Never,
}

/// When a post is to appear by its parameters.
pub(super) fn when(desk: &Desk, body: &Value) -> Result<When, Answer> {
    let is_published = body["published"] != false;
    match (&body["scheduled_publish_time"], is_published) {
        (Value::Null, true) => Ok(When::Now),
        (Value::Null, false) => Ok(When::Never),
        (_, true) => Err(bad("You cannot specify a scheduled publish time on a published post")),
        (time, false) => date(desk, time).map(When::Then),
    }
}

/// A date that Facebook takes, in milliseconds.
pub(super) fn date(desk: &Desk, time: &Value) -> Result<i64, Answer> {
    let written = time.as_str().and_then(crate::time::read).map(|millis| millis / 1000);
    let seconds = number(time).or(written);
    let ahead = |seconds: &i64| AHEAD_S.contains(&(seconds - desk.now() / 1000));
    let seconds = seconds.filter(ahead);
    seconds.map(|seconds| seconds * 1000).ok_or_else(|| {
        bad("The specified scheduled publish time is invalid: between 10 minutes and 75 days from now")
    })
}

pub(super) fn too_long(text: &str) -> Option<Answer> {
    (text.encode_utf16().count() > TEXT_MAX).then(|| bad("The message is too long"))
}

impl State {
    pub(super) fn feed(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let body = parameters(request);
        let text = desk.manners().kept(body["message"].as_str().unwrap_or_default());
        if let Some(refused) = too_long(&text) {
            return refused;
        }
        let media = match self.attached(&body) {
            Ok(media) => media,
            Err(refused) => return refused,
        };
        let link = body["link"].as_str();
        if text.trim().is_empty() && media.is_empty() && link.is_none() {
            return bad("Either message, link or attached_media has to be given");
        }
        if link.is_some() && !media.is_empty() {
            return bad("A link and attached media cannot be combined");
        }
        if link.is_some_and(|link| link.contains("://www.facebook.com") || link.contains("://facebook.com")) {
            return error("A link to facebook.com cannot be posted", 100, 1_609_008);
        }
        let when = match when(desk, &body) {
            Ok(when) => when,
            Err(refused) => return refused,
        };
        let last = self.posts.iter().rev().find(|post| !post.is_comment && !post.waits);
        let is_same = last.is_some_and(|post| post.held.text == text && post.held.media.is_empty());
        if is_same && media.is_empty() && !text.is_empty() && !matches!(when, When::Then(_)) {
            return error("Duplicate status message", 506, 1_455_006);
        }
        let id = self.add(desk, body, &text, media, None, &when);
        self.node(desk, request, &id)
    }

    /// A new post; its id.
    pub(super) fn add(
        &mut self,
        desk: &mut Desk,
        sent: Value,
        text: &str,
        media: Vec<HeldMedia>,
        film: Option<String>,
        when: &When,
    ) -> String {
        let id = format!("{PAGE}_{}", 122_000_000 + desk.number());
        let (at, waits) = match when {
            When::Then(at) => (*at, true),
            When::Now | When::Never => (desk.now(), false),
        };
        let held = Held { id: id.clone(), text: text.to_owned(), media, parent: None, at, key: None, sent };
        desk.made(&id, desk.now());
        self.posts.push(Post { held, is_comment: false, film, waits });
        id
    }

    /// The photos that a post names: each belongs to one post.
    fn attached(&self, body: &Value) -> Result<Vec<HeldMedia>, Answer> {
        let named = body["attached_media"].as_array().map(Vec::as_slice).unwrap_or_default();
        if named.len() > PHOTOS_MAX {
            return Err(bad("Too many attached media"));
        }
        let mut media: Vec<HeldMedia> = Vec::new();
        for one in named {
            let id = one["media_fbid"].as_str().unwrap_or_default();
            let Some((id, upload)) = self.photos.iter().find(|(known, _)| known == id) else {
                return Err(bad(&format!("Invalid media_fbid: {id}")));
            };
            let taken = self.posts.iter().flat_map(|post| &post.held.media).any(|medium| medium.id == *id);
            if taken || media.iter().any(|medium| medium.id == *id) {
                return Err(error("This photo was already posted.", 100, 1_366_051));
            }
            media.push(medium(id, upload));
        }
        Ok(media)
    }

    pub(super) fn photo(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let body = parameters(request);
        let form = request.form().unwrap_or_default();
        let Some(file) = form.file("source") else {
            return error("(#324) Missing or invalid image file", 324, 0);
        };
        if file.bytes.is_empty() {
            return error("(#324) Missing or invalid image file", 324, 0);
        }
        if file.bytes.len() > PHOTO_MAX {
            return error("Photos should be less than 4 MB and saved as JPG or PNG.", 324, 1_366_046);
        }
        let text =
            desk.manners().kept(body["message"].as_str().or(body["caption"].as_str()).unwrap_or_default());
        if let Some(refused) = too_long(&text) {
            return refused;
        }
        let when = match when(desk, &body) {
            Ok(when) => when,
            Err(refused) => return refused,
        };
        let id = (900_000_000 + desk.number()).to_string();
        let alt = body["alt_text_custom"].as_str().map(str::to_owned);
        let upload = Upload { bytes: file.bytes.clone(), alt };
        let held = medium(&id, &upload);
        self.photos.push((id.clone(), upload));
        if matches!(when, When::Never) {
            return Answer::json(200, json!({ "id": id }));
        }
        let post = self.add(desk, body, &text, vec![held], None, &when);
        Answer::json(200, json!({"id": id, "post_id": post}))
    }

    pub(super) fn comment(&mut self, desk: &mut Desk, request: &Request, parent: &str) -> Answer {
        let Some(parent) = self.find(parent) else { return unknown(parent) };
        let under = self.posts[parent].held.id.clone();
        if self.posts[parent].waits {
            return bad("A post that is not published takes no comments");
        }
        let body = parameters(request);
        let text = desk.manners().kept(body["message"].as_str().unwrap_or_default());
        if text.trim().is_empty() && body.as_object().is_none_or(|fields| fields.len() < 2) {
            return bad("A comment needs a message or an attachment");
        }
        let post = under.rsplit('_').next().unwrap_or_default();
        let id = format!("{post}_{}", 555_000_000 + desk.number());
        let (media, at, sent) = (Vec::new(), desk.now(), body);
        let held = Held { id: id.clone(), text, media, parent: Some(under), at, key: None, sent };
        desk.made(&id, at);
        self.posts.push(Post { held, is_comment: true, film: None, waits: false });
        self.node(desk, request, &id)
    }

    /// Where a post or a comment is: by its number, with that of its Page or without, or by its film's.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        let whole = format!("{PAGE}_{id}");
        let named =
            |post: &Post| post.held.id == id || post.held.id == whole || post.film.as_deref() == Some(id);
        self.posts.iter().position(named)
    }
}
