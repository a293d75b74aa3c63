//! What a server says of itself: its domain and its limits. Servers that speak this interface without being
//! Mastodon leave things out or say them elsewhere; what is not said stays unknown.

use griot_domain::rules::LiveLimits;
use serde_json::Value;

use super::{Mastodon, api};
use crate::http::Request;
use crate::{Error, Why};

/// What a server says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Instance {
    /// The part of a handle after the second `@`.
    pub(super) domain: Option<String>,
    pub(super) limits: LiveLimits,
}

impl Mastodon {
    /// Asks the server, in the words of 4.0 and later, else in those of before.
    pub(super) async fn instance(&self, server: &str) -> Result<Instance, Error> {
        for path in ["/api/v2/instance", "/api/v1/instance"] {
            let answer = self.client.send(Request::get(api::path(server, path, &[])?)).await?;
            if let Some(body) = answer.success() {
                return Ok(read(body));
            }
            let elsewhere = answer.status.is_client_error() && answer.status != 429;
            if !elsewhere {
                return Err(answer.refusal());
            }
        }
        Err(Error::Permission(Why::ours(
            "Ce serveur ne parle pas comme ceux de Mastodon.",
            "This server does not speak as those of Mastodon do.",
        )))
    }
}

fn read(body: &Value) -> Instance {
    let configuration = &body["configuration"];
    let (statuses, media) = (&configuration["statuses"], &configuration["media_attachments"]);
    let small = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
    let large = |value: &Value| value.as_u64().filter(|n| *n > 0);
    let limits = LiveLimits {
        // Pleroma and its kin say it at the top.
        text_max: small(&statuses["max_characters"]).or_else(|| small(&body["max_toot_chars"])),
        media_max: small(&statuses["max_media_attachments"])
            .or_else(|| small(&body["max_media_attachments"])),
        url_length: small(&statuses["characters_reserved_per_url"]),
        alt_max: small(&media["description_limit"]).or_else(|| small(&body["description_limit"])),
        image_bytes: large(&media["image_size_limit"]).or_else(|| large(&body["upload_limit"])),
        image_pixels: large(&media["image_matrix_limit"]),
        video_bytes: large(&media["video_size_limit"]).or_else(|| large(&body["upload_limit"])),
        video_pixels: large(&media["video_matrix_limit"]),
        video_fps: small(&media["video_frame_rate_limit"]),
        mime_types: words(&media["supported_mime_types"]),
        // GoToSocial and Glitch say it with the other limits, Pleroma and its kin beside them.
        text_types: [&statuses["supported_mime_types"], &body["pleroma"]["metadata"]["post_formats"]]
            .into_iter()
            .map(words)
            .find(|types| !types.is_empty())
            .unwrap_or_default(),
    };
    let named = ["domain", "uri"].into_iter().find_map(|name| body[name].as_str());
    // Some servers write an address where a domain belongs.
    let bare =
        named.map(|d| d.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/'));
    Instance { domain: bare.filter(|d| !d.is_empty()).map(str::to_owned), limits }
}

fn words(list: &Value) -> Vec<String> {
    let all = list.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn limits_are_read_from_new_old_and_other_servers() {
        let new = read(&json!({"domain": "mastodon.example", "configuration": {
            "statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
            "media_attachments": {"supported_mime_types": ["image/jpeg"], "description_limit": 1500,
                "image_size_limit": 16_777_216, "image_matrix_limit": 33_177_600, "video_size_limit": 103_809_024,
                "video_frame_rate_limit": 120, "video_matrix_limit": 8_294_400}}}));
        assert_eq!(new.domain.as_deref(), Some("mastodon.example"));
        let expected = LiveLimits {
            text_max: Some(500),
            media_max: Some(4),
            url_length: Some(23),
            alt_max: Some(1500),
            image_bytes: Some(16_777_216),
            image_pixels: Some(33_177_600),
            video_bytes: Some(103_809_024),
            video_pixels: Some(8_294_400),
            video_fps: Some(120),
            mime_types: vec!["image/jpeg".into()],
            text_types: Vec::new(),
        };
        assert_eq!(new.limits, expected);

        let pleroma = read(
            &json!({"uri": "https://pleroma.example/", "max_toot_chars": 5000, "upload_limit": 16_000_000}),
        );
        assert_eq!(
            (pleroma.domain.as_deref(), pleroma.limits.text_max),
            (Some("pleroma.example"), Some(5000))
        );
        assert_eq!(pleroma.limits.image_bytes, Some(16_000_000));

        let plain_first = ["text/plain".to_owned(), "text/markdown".to_owned()];
        for says in [
            json!({"configuration": {"statuses": {"supported_mime_types": plain_first}}}),
            json!({"pleroma": {"metadata": {"post_formats": plain_first}}}),
        ] {
            assert_eq!(read(&says).limits.text_types, plain_first, "{says}");
        }

        // Rubbish is not a limit: a post is not stopped because a server writes nonsense.
        let odd = read(
            &json!({"configuration": {"statuses": {"max_characters": -1, "max_media_attachments": "four"}}}),
        );
        assert_eq!(odd, Instance::default());
    }
}
