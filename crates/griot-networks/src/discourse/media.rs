//! Pictures and films on their way to a forum, and the markup that shows them in a post. Nobody sees an upload that
//! no post names.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Discourse, api};
use crate::http::{Payload, Request, Upload};
use crate::{Error, PreparedMedia, Session, Steps};

/// Forums forget uploads that no post names after two days.
const FORGET_AFTER: Duration = Duration::from_secs(40 * 60 * 60);

impl Discourse {
    /// The markup of all media, in order. The same file twice is one upload.
    pub(super) async fn uploaded(
        &self,
        session: &Session,
        media: &[PreparedMedia],
        steps: &mut dyn Steps,
    ) -> Result<Vec<String>, Error> {
        let mut all = Vec::new();
        for medium in media {
            let step = format!("media/{}", medium.hash);
            let kept = steps.get(&step).filter(|kept| kept["short_url"].is_string());
            let upload = match kept {
                Some(kept) => kept,
                None => {
                    let upload = self.upload(session, medium).await?;
                    steps.put(&step, upload.clone(), Some(self.client.now().plus(FORGET_AFTER)))?;
                    upload
                }
            };
            all.push(markup(medium, &upload));
        }
        Ok(all)
    }

    async fn upload(&self, session: &Session, media: &PreparedMedia) -> Result<Value, Error> {
        let texts = vec![("upload_type", "composer".to_owned()), ("synchronous", "true".to_owned())];
        let url = api::path(&session.account.server, "/uploads.json", &[])?;
        let request = Request::post(url, Payload::file(Upload::of(media), texts));
        let answer = self.call(session, request).await?;
        let Some(body) = answer.success() else { return Err(self.refused(session, &answer).await) };
        let is_address = |short: &&str| short.starts_with("upload://") && !short.contains([' ', ')', '\n']);
        let short = body["short_url"].as_str().filter(is_address);
        let short = short.ok_or_else(|| Error::Portal("the answer names no upload".into()))?;
        // The sizes that the forum's own editor writes down.
        let shown =
            ["thumbnail_width", "thumbnail_height"].map(|side| body[side].as_u64().filter(|n| *n > 0));
        let full = ["width", "height"].map(|side| body[side].as_u64().filter(|n| *n > 0));
        let [width, height] = if shown.contains(&None) { full } else { shown };
        Ok(json!({
            "id": body["id"], "url": body["url"], "short_url": short, "width": width, "height": height,
        }))
    }
}

/// What shows an upload in a post.
fn markup(media: &PreparedMedia, upload: &Value) -> String {
    let short = upload["short_url"].as_str().unwrap_or_default();
    let alt = escaped(&media.alt);
    if media.format.mime().starts_with("video/") {
        return format!("![{alt}|video]({short})");
    }
    let side = |name: &str, own: u32| upload[name].as_u64().unwrap_or_else(|| own.into());
    format!("![{alt}|{}x{}]({short})", side("width", media.width), side("height", media.height))
}

/// A text between the brackets of a picture. What stands after a bar there is a size to the forum, and nothing
/// protects a bar.
fn escaped(alt: &str) -> String {
    let line = alt.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = String::new();
    for c in line.chars() {
        match c {
            '|' => text.push('/'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' => text.extend(['\\', c]),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_alt_text_breaks_out_of_its_picture() {
        for (alt, expected) in [
            ("", ""),
            ("Un marché à Bamako", "Un marché à Bamako"),
            ("a](https://evil.example) ![b", "a\\](https://evil.example) !\\[b"),
            ("a|video", "a/video"),
            ("  deux\nlignes\t", "deux lignes"),
            ("*_`<b>&~\\", "\\*\\_\\`\\<b\\>\\&\\~\\\\"),
        ] {
            assert_eq!(escaped(alt), expected);
        }
    }
}
