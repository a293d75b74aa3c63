//! The post as Mastodon takes it and as it gives it back.

use griot_domain::DeliveryId;
use griot_domain::rules::LiveLimits;
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use crate::{Live, Prepared};

/// The key under which a server knows the request again: a text in the form of a UUID, fixed by the delivery,
/// so that every copy of the workspace uses the same one.
pub(super) fn key(delivery: DeliveryId) -> String {
    let hash = blake3::hash(&delivery.bytes());
    let hex = hash.to_hex();
    let h = hex.as_str();
    format!("{}-{}-{}-{}-{}", &h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..32])
}

/// What a text of ours is: the marks in it are signs. Servers on which a person may have chosen Markdown are told so, where
/// they take a type; others would not know the word.
pub(super) const PLAIN: &str = "text/plain";

/// The type to name to a server with these limits.
pub(super) fn text_type(limits: Option<&LiveLimits>) -> Option<&'static str> {
    limits.filter(|limits| limits.text_types.iter().any(|kind| kind == PLAIN)).map(|_| PLAIN)
}

/// The frozen request.
pub(super) fn body(prepared: &Prepared, media_ids: &[String], text_type: Option<&str>) -> Value {
    let text: String = prepared.text.nfc().collect();
    let field = |name: &str| prepared.fields.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
    let mut body = Map::new();
    body.insert("status".into(), json!(text));
    body.extend(text_type.map(|kind| ("content_type".to_owned(), json!(kind))));
    if !media_ids.is_empty() {
        body.insert("media_ids".into(), json!(media_ids));
    }
    if let Some(visibility) = field("visibility") {
        body.insert("visibility".into(), json!(visibility));
    }
    let spoiler = spoiler(prepared);
    if !spoiler.is_empty() {
        body.insert("spoiler_text".into(), json!(spoiler));
    }
    if field("sensitive") == Some("true") {
        body.insert("sensitive".into(), json!(true));
    }
    if let Some(language) = field("language") {
        body.insert("language".into(), json!(language));
    }
    if let Some(parent) = &prepared.reply_to {
        body.insert("in_reply_to_id".into(), json!(parent.id));
    }
    if let Some(date) = prepared.date {
        body.insert("scheduled_at".into(), json!(date.to_string()));
    }
    Value::Object(body)
}

/// The warning before the text.
pub(super) fn spoiler(prepared: &Prepared) -> String {
    prepared.fields.get("spoiler").map(|text| text.trim().nfc().collect()).unwrap_or_default()
}

/// The attachments that a frozen request names.
pub(super) fn media_ids(body: &Value) -> Vec<&str> {
    body["media_ids"].as_array().map(|ids| ids.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// What is kept of a live status; nothing when the value is none (a scheduled status has no address).
pub(super) fn live(found: &Value) -> Option<Live> {
    let text = |name: &str| found[name].as_str().filter(|v| !v.is_empty());
    let (id, address) = (text("id")?, text("url").or_else(|| text("uri"))?);
    let mut proof = Map::new();
    for name in ["id", "uri", "url", "created_at", "visibility"] {
        if let Some(value) = text(name) {
            proof.insert(name.into(), json!(value));
        }
    }
    Some(Live {
        id: id.to_owned(),
        url: Some(address.to_owned()),
        at: text("created_at").and_then(|at| at.parse().ok()),
        proof: Value::Object(proof),
    })
}

#[cfg(test)]
mod tests {
    use griot_domain::Timestamp;

    use super::*;

    #[test]
    fn a_key_is_fixed_by_its_delivery() {
        let id = DeliveryId::new(Timestamp::from_millis(1_795_377_600_123), [7; 10]);
        assert_eq!(key(id), key(id.to_string().parse().unwrap()));
        assert_ne!(key(id), key(DeliveryId::new(Timestamp::from_millis(1_795_377_600_123), [8; 10])));
        assert_eq!(key(id).len(), 36);
    }

    #[test]
    fn only_a_status_with_an_address_is_live() {
        for not_live in
            [json!({}), json!({"id": "1"}), json!({"id": "", "url": "https://m.example/1"}), json!([])]
        {
            assert_eq!(live(&not_live), None, "{not_live}");
        }
        let direct = json!({"id": "7", "uri": "https://m.example/7", "url": null, "content": "<p>x</p>"});
        assert_eq!(live(&direct).unwrap().url.as_deref(), Some("https://m.example/7"));
    }
}
