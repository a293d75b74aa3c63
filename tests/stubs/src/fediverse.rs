//! A server that speaks Mastodon's interface and is not Mastodon: it ignores `Idempotency-Key`, says 400 where Mastodon
//! says 422, takes 5,000 characters, and never takes an attachment twice.
//! What it makes of a text is its manners'.
//!
//! Deliberately absent: logging in, everybody but the account itself, polls.

mod plans;
mod status;

use serde_json::{Value, json};

use crate::http::{Answer, Request};
use crate::spec;
use crate::stub::{Api, Desk, Held, Planned, Stub, Upload};

/// The token that is good at the start.
pub const TOKEN: &str = "stub-fediverse-token";
/// The account's number.
pub const ACCOUNT: &str = "109";
/// Its name.
pub const USERNAME: &str = "awa";
/// What the server calls itself.
pub const DOMAIN: &str = "fediverse.example";

const TEXT_MAX: usize = 5000;
const MEDIA_MAX: usize = 4;
const ALT_MAX: usize = 1500;
const IMAGE_MAX: usize = 16 << 20;
const FILM_MAX: usize = 99 << 20;
/// What an author may say that a text is, where the server asks.
const FORMATS: [&str; 2] = ["text/plain", "text/markdown"];

/// An attachment.
#[derive(Debug)]
struct Attachment {
    upload: Upload,
    is_film: bool,
    /// How often it will still be said that it is being made.
    left: usize,
    /// Whether a status has it already.
    taken: bool,
}

/// What the server keeps.
#[derive(Debug)]
pub struct State {
    media: Vec<(String, Attachment)>,
    posts: Vec<Held>,
    plans: Vec<Planned>,
    asks: usize,
    has_v2_media: bool,
}

/// A server of the fediverse on loopback.
pub type Fediverse = Stub<State>;

impl Fediverse {
    /// A server with the token of this module.
    #[must_use]
    pub fn start() -> Self {
        let state =
            State { media: Vec::new(), posts: Vec::new(), plans: Vec::new(), asks: 2, has_v2_media: true };
        Self::serve(state, TOKEN)
    }

    /// The server knows the old way of media alone.
    pub fn only_old_media(&self) {
        self.within(|state| state.has_v2_media = false);
    }

    /// The server forgets attachments that no status has.
    pub fn forget_media(&self) {
        self.within(|state| state.media.retain(|(_, attachment)| attachment.taken));
    }
}

fn refused(status: u16, words: &str) -> Answer {
    Answer::json(status, json!({ "error": words }))
}

/// What is wrong with a request, but for the one parameter that servers like this take and Mastodon does not know.
fn faults(request: &Request) -> Vec<String> {
    let (kind, mut body) = request.sent();
    if let Some(fields) = body.as_object_mut() {
        fields.shift_remove("content_type");
    }
    spec::check(spec::MASTODON, &request.method, request.path(), &kind, &body).err().unwrap_or_default()
}

/// What Mastodon answers with 422.
fn invalid(words: &str) -> Answer {
    refused(400, words)
}

impl Api for State {
    fn answer(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let parts = request.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        // Anybody may ask what the server is.
        if let ("GET", ["api", "v1" | "v2", "instance"]) = (request.method.as_str(), &parts[..]) {
            return Answer::json(200, instance(desk, parts[1] == "v2"));
        }
        if request.query().iter().any(|(name, _)| name == "access_token") {
            desk.note(request, ["a token in the address".to_owned()]);
        }
        match request.bearer() {
            None => return refused(401, "This method requires an authenticated user"),
            token if !desk.is_good(token) => return refused(401, "The access token is invalid"),
            Some(_) => {}
        }
        if request.method != "GET" {
            desk.note(request, faults(request));
        }
        match (request.method.as_str(), &parts[..]) {
            ("GET", ["api", "v1", "accounts", "verify_credentials"]) => Answer::json(200, account(request)),
            ("GET", ["api", "v1", "accounts", ACCOUNT, "statuses"]) => self.list(desk, request),
            ("POST", ["api", "v2", "media"]) if self.has_v2_media => self.attach(desk, request, true),
            ("POST", ["api", "v1", "media"]) => self.attach(desk, request, false),
            ("GET", ["api", "v1", "media", id]) => self.attachment(request, id),
            ("POST", ["api", "v1", "statuses"]) => self.publish(desk, request),
            ("GET", ["api", "v1", "statuses", id]) => self.one(desk, request, id),
            ("GET", ["api", "v1", "statuses", id, "source"]) => self.source(desk, id),
            ("PUT", ["api", "v1", "statuses", id]) => self.change(desk, request, id),
            ("DELETE", ["api", "v1", "statuses", id]) => self.delete(desk, request, id),
            (method, ["api", "v1", "scheduled_statuses", rest @ ..]) => {
                self.plans(desk, request, method, rest.first().copied())
            }
            _ => refused(404, "Record not found"),
        }
    }

    fn posts(&self) -> Vec<Held> {
        self.posts.clone()
    }

    fn scheduled(&self) -> Vec<Planned> {
        self.plans.clone()
    }

    fn tick(&mut self, desk: &mut Desk) {
        self.publish_due(desk);
    }
}

impl State {
    fn attach(&mut self, desk: &mut Desk, request: &Request, asynchronous: bool) -> Answer {
        let form = request.form().unwrap_or_default();
        let Some(file) = form.file("file") else { return invalid("Validation failed: File can't be blank") };
        let alt = form.text("description").map(str::to_owned);
        if alt.as_ref().is_some_and(|alt| alt.chars().count() > ALT_MAX) {
            return invalid("Validation failed: Description is too long");
        }
        let mime = file.mime.clone().unwrap_or_default();
        let is_film = mime.starts_with("video/");
        if !is_film && !mime.starts_with("image/") {
            return invalid("Validation failed: File content type is invalid");
        }
        if file.bytes.len() > if is_film { FILM_MAX } else { IMAGE_MAX } {
            return refused(413, "Request Entity Too Large");
        }
        let left = if is_film && asynchronous { self.asks } else { 0 };
        let upload = Upload { bytes: file.bytes.clone(), alt };
        let id = desk.number().to_string();
        let attachment = Attachment { upload, is_film, left, taken: false };
        let said = described(request, &id, &attachment);
        self.media.push((id, attachment));
        Answer::json(if left > 0 { 202 } else { 200 }, said)
    }

    fn attachment(&mut self, request: &Request, id: &str) -> Answer {
        let found = self.media.iter_mut().find(|(known, attachment)| known == id && !attachment.taken);
        let Some((_, attachment)) = found else { return refused(404, "Record not found") };
        attachment.left = attachment.left.saturating_sub(1);
        let said = described(request, id, attachment);
        Answer::json(if attachment.left > 0 { 206 } else { 200 }, said)
    }
}

/// An attachment as the server shows it: without an address while it is being made.
fn described(request: &Request, id: &str, attachment: &Attachment) -> Value {
    let kind = if attachment.is_film { "video" } else { "image" };
    let url = (attachment.left == 0).then(|| format!("{}/media/{id}", request.origin()));
    json!({"id": id, "type": kind, "url": url, "preview_url": format!("{}/preview/{id}", request.origin()),
        "description": attachment.upload.alt, "meta": {}})
}

fn account(request: &Request) -> Value {
    json!({"id": ACCOUNT, "username": USERNAME, "acct": USERNAME, "display_name": "Awa",
        "url": format!("{}/@{USERNAME}", request.origin())})
}

fn instance(desk: &Desk, is_new: bool) -> Value {
    let mut configuration = json!({
        "statuses": {"max_characters": TEXT_MAX, "max_media_attachments": MEDIA_MAX, "characters_reserved_per_url": 23},
        "media_attachments": {
            "supported_mime_types": ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/quicktime"],
            "description_limit": ALT_MAX, "image_size_limit": IMAGE_MAX, "image_matrix_limit": 33_177_600,
            "video_size_limit": FILM_MAX, "video_frame_rate_limit": 120, "video_matrix_limit": 8_294_400,
        },
    });
    if desk.manners().takes_formats {
        configuration["statuses"]["supported_mime_types"] = json!(FORMATS);
    }
    let name = if is_new { "domain" } else { "uri" };
    json!({name: DOMAIN, "title": "Un serveur", "version": "2.7.2 (compatible; Stub 1.0)", "configuration": configuration})
}
