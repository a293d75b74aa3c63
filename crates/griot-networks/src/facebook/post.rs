//! The post as the Graph takes it and as it gives it back.

use chrono::DateTime;
use griot_domain::{MediaKind, Timestamp};
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use super::graph::{number, proof, word};
use crate::{Error, Live, Prepared, PreparedMedia, Why};

/// Where people look at what the Graph shows without an address of its own.
pub(super) const SITE: &str = "https://www.facebook.com";
/// The most pictures in one post.
const PHOTOS_MAX: usize = 10;
pub(super) const FEED: &str = "feed";
pub(super) const REELS: &str = "video_reels";
pub(super) const VIDEOS: &str = "videos";
pub(super) const COMMENTS: &str = "comments";

/// The visible call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frozen {
    /// The Page, or the post that is commented.
    pub(super) node: String,
    pub(super) edge: String,
    /// The film that becomes visible; its id is known before.
    pub(super) video: Option<String>,
    /// What is sent.
    pub(super) body: Value,
}

impl Frozen {
    /// A text, a link or pictures.
    pub(super) fn post(page: &str, prepared: &Prepared, photos: &[String]) -> Self {
        let mut body = Map::new();
        let message = composed(&prepared.text);
        if !message.is_empty() {
            body.insert("message".into(), json!(message));
        }
        if let Some(link) = link(prepared) {
            body.insert("link".into(), json!(link));
        }
        if !photos.is_empty() {
            let named = photos.iter().map(|id| json!({"media_fbid": id})).collect::<Vec<_>>();
            body.insert("attached_media".into(), json!(named));
        }
        body.insert("published".into(), json!(prepared.date.is_none()));
        if let Some(date) = prepared.date {
            body.insert("scheduled_publish_time".into(), json!(date.millis() / 1000));
        }
        Self { node: page.into(), edge: FEED.into(), video: None, body: Value::Object(body) }
    }

    /// A comment under a live post.
    pub(super) fn comment(post: &str, message: &str) -> Self {
        let body = json!({"message": composed(message)});
        Self { node: post.into(), edge: COMMENTS.into(), video: None, body }
    }

    /// A film that went up as a reel.
    pub(super) fn reel(page: &str, video: &str, prepared: &Prepared) -> Self {
        let state = if prepared.date.is_some() { "SCHEDULED" } else { "PUBLISHED" };
        let mut body = json!({"upload_phase": "finish", "video_id": video, "video_state": state});
        describe(&mut body, prepared);
        Self { node: page.into(), edge: REELS.into(), video: Some(video.into()), body }
    }

    /// A film that went up in parts.
    pub(super) fn video(page: &str, video: &str, session: &str, prepared: &Prepared) -> Self {
        let published = prepared.date.is_none();
        let mut body =
            json!({"upload_phase": "finish", "upload_session_id": session, "published": published});
        describe(&mut body, prepared);
        Self { node: page.into(), edge: VIDEOS.into(), video: Some(video.into()), body }
    }

    pub(super) fn to_value(&self) -> Value {
        json!({"node": self.node, "edge": self.edge, "video": self.video, "body": self.body})
    }

    /// What was frozen for this Page; nothing when it is another's, or no call of this connector's.
    pub(super) fn read(value: &Value, page: &str) -> Option<Self> {
        let (node, edge) = (value["node"].as_str()?, value["edge"].as_str()?);
        let video = value["video"].as_str().map(str::to_owned);
        let ours = match edge {
            FEED => node == page && video.is_none(),
            REELS | VIDEOS => node == page && video.is_some(),
            COMMENTS => is_id(node) && video.is_none(),
            _ => false,
        };
        let body = value["body"].clone();
        (ours && body.is_object()).then(|| Self { node: node.into(), edge: edge.into(), video, body })
    }

    /// The photos that the post names.
    pub(super) fn photos(&self) -> Vec<&str> {
        let named = self.body["attached_media"].as_array().map(Vec::as_slice).unwrap_or_default();
        named.iter().filter_map(|media| media["media_fbid"].as_str()).collect()
    }
}

/// What a film says, and when it is to appear.
fn describe(body: &mut Value, prepared: &Prepared) {
    if let Some(date) = prepared.date {
        body["scheduled_publish_time"] = json!(date.millis() / 1000);
    }
    let text = composed(&prepared.text);
    if !text.is_empty() {
        body["description"] = json!(text);
    }
}

fn composed(text: &str) -> String {
    text.nfc().collect()
}

fn link(prepared: &Prepared) -> Option<&str> {
    prepared.fields.get("link").map(|link| link.trim()).filter(|link| !link.is_empty())
}

/// The film of a post that has one.
pub(super) fn film(prepared: &Prepared) -> Option<&PreparedMedia> {
    prepared.media.iter().find(|media| media.format.kind() == MediaKind::Video)
}

/// Refuses what no call can carry, before anything goes up.
pub(crate) fn check(prepared: &Prepared) -> Result<(), Error> {
    let (media, text) = (&prepared.media, prepared.text.trim());
    let wrong = if prepared.reply_to.is_some() {
        match (text.is_empty(), media.is_empty()) {
            (true, _) => ("Un commentaire a besoin d\u{2019}un texte.", "A comment needs a text."),
            (_, false) => {
                ("Un commentaire ne prend ni image ni vidéo.", "A comment takes no pictures and no videos.")
            }
            _ => return Ok(()),
        }
    } else if film(prepared).is_some() && media.len() > 1 {
        ("Une vidéo est seule dans sa publication.", "A video stands alone in its post.")
    } else if media.len() > PHOTOS_MAX {
        ("Une publication prend dix images au plus.", "A post takes at most ten pictures.")
    } else if !media.is_empty() && link(prepared).is_some() {
        (
            "Un lien n\u{2019}a pas sa carte à côté d\u{2019}images ou d\u{2019}une vidéo\u{a0}: écrivez-le dans le texte.",
            "A link cannot have its card beside pictures or a video: write it into the text.",
        )
    } else if media.is_empty() && text.is_empty() && link(prepared).is_none() {
        ("Il n\u{2019}y a rien à publier.", "There is nothing to publish.")
    } else {
        return Ok(());
    };
    Err(Error::Content(Why::ours(wrong.0, wrong.1)))
}

/// Numbers, and two of them joined: `104_205`.
pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// What is kept of a live post or comment; nothing when it has no id.
pub(super) fn live(found: &Value) -> Option<Live> {
    let id = word(&found["id"]).filter(|id| is_id(id))?;
    Some(Live {
        url: Some(address(found, &id)),
        at: made_at(found),
        proof: proof(found, &["id", "permalink_url", "created_time"]),
        id,
    })
}

/// The address for people. Films have one without a host; by its number every object is found.
pub(super) fn address(found: &Value, id: &str) -> String {
    match found["permalink_url"].as_str().filter(|url| !url.is_empty()) {
        Some(path) if path.starts_with('/') => format!("{SITE}{path}"),
        Some(url) if url.starts_with("https://") => url.to_owned(),
        _ => format!("{SITE}/{id}"),
    }
}

/// When it was made.
pub(super) fn made_at(found: &Value) -> Option<Timestamp> {
    time(&found["created_time"])
}

/// A time as the Graph writes it: in seconds, or with `+0000` where RFC 3339 wants `+00:00`.
pub(super) fn time(written: &Value) -> Option<Timestamp> {
    if let Some(seconds) = number(written) {
        let millis = i64::try_from(seconds).ok()?.checked_mul(1000)?;
        return Some(Timestamp::from_millis(millis));
    }
    let at = DateTime::parse_from_str(written.as_str()?, "%Y-%m-%dT%H:%M:%S%z").ok()?;
    Some(at.to_utc().into())
}
