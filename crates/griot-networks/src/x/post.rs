//! A post as X takes it, and what is kept of a live one.

use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use super::api;
use crate::{Live, Prepared};

/// The frozen request.
pub(super) fn body(prepared: &Prepared, media_ids: &[String]) -> Value {
    let text: String = prepared.text.nfc().collect();
    let field = |name: &str| prepared.fields.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
    let mut body = Map::new();
    if !text.is_empty() {
        body.insert("text".into(), json!(text));
    }
    if !media_ids.is_empty() {
        body.insert("media".into(), json!({ "media_ids": media_ids }));
    }
    if let Some(parent) = &prepared.reply_to {
        body.insert("reply".into(), json!({ "in_reply_to_tweet_id": parent.id }));
    }
    if let Some(who) = field("reply_settings") {
        body.insert("reply_settings".into(), json!(who));
    }
    if field("synthetic_media") == Some("true") {
        body.insert("made_with_ai".into(), json!(true));
    }
    Value::Object(body)
}

/// What is kept of a live post; nothing when the value is none.
pub(super) fn live(handle: &str, found: &Value) -> Option<Live> {
    let id = api::id(&found["id"])?;
    let name = handle.trim_start_matches('@');
    // The network finds the post by its number, whatever the name before it says.
    let name = if is_username(name) { name } else { "i" };
    let url = format!("https://x.com/{name}/status/{id}");
    let mut proof = Map::new();
    for name in ["id", "text", "created_at"] {
        if let Some(value) = found[name].as_str() {
            proof.insert(name.into(), json!(value));
        }
    }
    Some(Live {
        id: id.to_owned(),
        url: Some(url),
        at: found["created_at"].as_str().and_then(|at| at.parse().ok()),
        proof: Value::Object(proof),
    })
}

/// Whether a text can be the name of an account.
pub(super) fn is_username(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 30
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::prepared;

    #[test]
    fn only_an_answer_with_a_number_is_live() {
        for none in [
            json!(null),
            json!({}),
            json!({"id": 7}),
            json!({"id": ""}),
            json!({"id": "../2"}),
            json!({"id": "12345678901234567890"}),
        ] {
            assert_eq!(live("@awa", &none), None, "{none}");
        }
        let found = json!({"id": "7", "text": "x", "created_at": "2026-11-22T20:00:00.000Z", "other": "o"});
        let one = live("@awa", &found).unwrap();
        assert_eq!((one.id.as_str(), one.url.as_deref()), ("7", Some("https://x.com/awa/status/7")));
        assert_eq!(one.at, "2026-11-22T20:00:00.000Z".parse().ok());
        assert!(one.proof.get("other").is_none());
        assert_eq!(live("a/b", &found).unwrap().url.as_deref(), Some("https://x.com/i/status/7"));
    }

    #[test]
    fn the_fields_of_a_post_reach_the_request() {
        let mut post = prepared("e\u{301}té", vec![]);
        let fields = [("reply_settings", "following"), ("synthetic_media", "true"), ("first_comment", "y")];
        post.fields = fields.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        post.reply_to = Some(Live { id: "42".into(), url: None, at: None, proof: Value::Null });
        let expected = json!({"text": "été", "reply": {"in_reply_to_tweet_id": "42"}, "reply_settings": "following", "made_with_ai": true});
        assert_eq!(body(&post, &[]), expected);
        let silent = prepared("", vec![]);
        assert_eq!(body(&silent, &["7".into()]), json!({"media": {"media_ids": ["7"]}}));
    }
}
