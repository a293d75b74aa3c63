//! The post as Bluesky keeps it: one record, whole before it is sent.

use griot_domain::MediaKind;
use griot_domain::Timestamp;
use serde_json::{Map, Value, json};

use super::xrpc;
use crate::{Error, Live, Prepared, PreparedMedia, Why};

/// The most pictures of an `images` embed (lexicon `app.bsky.embed.images`).
const IMAGES_MAX: usize = 4;
/// The most languages of a post (lexicon `app.bsky.feed.post`).
const LANGS_MAX: usize = 3;

/// Refuses media that no embed takes, before any of them goes up.
pub(crate) fn check_media(media: &[PreparedMedia]) -> Result<(), Error> {
    let films = media.iter().filter(|m| m.format.kind() == MediaKind::Video).count();
    match (films, media.len() - films) {
        (0, 0..=IMAGES_MAX) | (1, 0) => Ok(()),
        (0, _) => Err(Error::Content(Why::ours(
            format!("Une publication prend {IMAGES_MAX} images au plus."),
            format!("A post takes {IMAGES_MAX} pictures at most."),
        ))),
        _ => Err(Error::Content(Why::ours(
            "Une publication prend une seule vidéo, sans autre média.",
            "A post takes one video, alone.",
        ))),
    }
}

/// The record. `blobs` are those of `prepared.media`, in order.
pub(super) fn record(
    prepared: &Prepared,
    text: &str,
    facets: Vec<Value>,
    blobs: &[Value],
    now: Timestamp,
) -> Result<Value, Error> {
    let mut record = Map::new();
    record.insert("$type".into(), json!(xrpc::POSTS));
    record.insert("text".into(), json!(text));
    if !facets.is_empty() {
        record.insert("facets".into(), Value::Array(facets));
    }
    if let Some(embed) = embed(&prepared.media, blobs) {
        record.insert("embed".into(), embed);
    }
    let langs = langs(prepared);
    if !langs.is_empty() {
        record.insert("langs".into(), json!(langs));
    }
    if let Some(parent) = &prepared.reply_to {
        record.insert("reply".into(), reply(parent)?);
    }
    record.insert("createdAt".into(), json!(now.to_string()));
    Ok(Value::Object(record))
}

fn embed(media: &[PreparedMedia], blobs: &[Value]) -> Option<Value> {
    let first = media.first()?;
    let ratio = |m: &PreparedMedia| json!({"width": m.width, "height": m.height});
    if first.format.kind() == MediaKind::Video {
        let mut video = Map::new();
        video.insert("$type".into(), json!("app.bsky.embed.video"));
        video.insert("video".into(), blobs.first()?.clone());
        if !first.alt.is_empty() {
            video.insert("alt".into(), json!(first.alt));
        }
        video.insert("aspectRatio".into(), ratio(first));
        return Some(Value::Object(video));
    }
    let image =
        |(m, blob): (&PreparedMedia, &Value)| json!({"alt": m.alt, "image": blob, "aspectRatio": ratio(m)});
    let images: Vec<_> = media.iter().zip(blobs).map(image).collect();
    Some(json!({"$type": "app.bsky.embed.images", "images": images}))
}

fn langs(prepared: &Prepared) -> Vec<&str> {
    let field = prepared.fields.get("language").map(String::as_str).unwrap_or_default();
    field.split(',').map(str::trim).filter(|lang| !lang.is_empty()).take(LANGS_MAX).collect()
}

/// The place in a thread, from the proof of the post that this one follows.
fn reply(parent: &Live) -> Result<Value, Error> {
    let strong = |proof: &Value| {
        let (uri, cid) = (proof["uri"].as_str()?, proof["cid"].as_str()?);
        Some(json!({"uri": uri, "cid": cid}))
    };
    let bad =
        || Error::Content(Why::not_its_own("the proof of the post before does not say which record it is"));
    let parent_ref = strong(&parent.proof).ok_or_else(bad)?;
    let root = strong(&parent.proof["root"]).unwrap_or_else(|| parent_ref.clone());
    Ok(json!({"root": root, "parent": parent_ref}))
}

/// What is kept of a live record; `sent` is the record, `answer` holds its address and hash.
pub(super) fn live(did: &str, rkey: &str, answer: &Value, sent: &Value) -> Option<Live> {
    let (uri, cid) = (answer["uri"].as_str()?, answer["cid"].as_str()?);
    if uri != format!("at://{did}/{}/{rkey}", xrpc::POSTS) || cid.is_empty() {
        return None;
    }
    let mut proof = json!({"uri": uri, "cid": cid});
    if sent["reply"]["root"].is_object() {
        proof["root"] = sent["reply"]["root"].clone();
    }
    Some(Live {
        id: uri.to_owned(),
        url: Some(format!("https://bsky.app/profile/{did}/post/{rkey}")),
        at: sent["createdAt"].as_str().and_then(|at| at.parse().ok()),
        proof,
    })
}
