//! Posts that are live, changed and removed: an answer by itself, the first post with its topic.
//!
//! Media stand below the text as lines of their own; they are taken over as they are there.

use async_trait::async_trait;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use super::post::raw;
use super::{Discourse, api};
use crate::evidence;
use crate::http::{Answer, Payload, Request};
use crate::{Change, Editor, Error, Posted, Session, Sight, Why};

fn number(post: &Posted) -> Result<u64, Error> {
    let id = post.live.id.parse::<u64>().ok();
    id.ok_or_else(|| Error::Content(Why::not_its_own("what is live has no number of this forum")))
}

/// The topic that the post opened, when it did.
fn topic(post: &Posted) -> Option<u64> {
    let opened = post.live.proof["post_number"] == 1;
    post.live.proof["topic_id"].as_u64().filter(|_| opened)
}

/// The text with the media that stand below the text that is there now.
fn composed(there: &str, text: &str) -> String {
    let is_medium = |part: &&str| part.starts_with("![") && part.contains("](upload://");
    let parts: Vec<&str> = there.trim_end().split("\n\n").collect();
    let words = parts.iter().rposition(|part| !is_medium(part)).map_or(0, |last| last + 1);
    let text: String = text.trim_end().nfc().collect();
    let mut all: Vec<&str> = Vec::new();
    all.extend(Some(text.as_str()).filter(|text| !text.is_empty()));
    all.extend(&parts[words..]);
    all.join("\n\n")
}

fn is_gone(answer: &Answer) -> bool {
    answer.status.as_u16() == 404 && api::is_closed(answer)
}

impl Discourse {
    /// The text as it is there; nothing when the post is not there, or was removed by its author.
    async fn raw(&self, session: &Session, post: &Posted) -> Result<Option<String>, Error> {
        let url = api::path(&session.account.server, &format!("/posts/{}.json", number(post)?), &[])?;
        let answer = self.call(session, Request::get(url)).await?;
        if is_gone(&answer) {
            return Ok(None);
        }
        let Some(found) = answer.success() else { return Err(self.refused(session, &answer).await) };
        if found["user_deleted"] == true || found["deleted_at"].is_string() {
            return Ok(None);
        }
        let raw = found["raw"].as_str();
        raw.map(|raw| Some(raw.to_owned())).ok_or_else(|| Error::Portal("the answer is no post".into()))
    }

    async fn amended(&self, session: &Session, request: Request) -> Result<Change, Error> {
        let answer = self.call(session, request).await?;
        match answer.success().is_some() {
            true => Ok(Change::Done),
            false if is_gone(&answer) => Ok(Change::NotThere),
            false => Err(self.refused(session, &answer).await),
        }
    }
}

#[async_trait]
impl Editor for Discourse {
    async fn sight(&self, session: &Session, post: &Posted) -> Result<Sight, Error> {
        let Some(there) = self.raw(session, post).await? else { return Ok(Sight::Gone) };
        let text = &post.prepared.text;
        // As it was sent, or as a person wrote it there.
        let is = |words: &str| evidence::correction(&composed(&there, words), &there);
        Ok(Sight::of(is(&raw(text)).or_else(|| is(text))))
    }

    async fn correction(&self, session: &Session, post: &Posted) -> Result<Value, Error> {
        let there = self.raw(session, post).await?;
        let there = there.ok_or_else(|| Error::Transient("the post is not there any more".into()))?;
        Ok(json!({ "post": { "raw": composed(&there, &raw(&post.prepared.text)) } }))
    }

    async fn edit(&self, session: &Session, post: &Posted, body: &Value) -> Result<Change, Error> {
        let url = api::path(&session.account.server, &format!("/posts/{}.json", number(post)?), &[])?;
        self.amended(session, Request::put(url, Payload::Json(body.clone())).visible()).await
    }

    async fn delete(&self, session: &Session, post: &Posted) -> Result<Change, Error> {
        let page = match topic(post) {
            Some(topic) => format!("/t/{topic}.json"),
            None => format!("/posts/{}.json", number(post)?),
        };
        let url = api::path(&session.account.server, &page, &[])?;
        self.amended(session, Request::delete(url).visible()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_below_a_text_stay_below_the_new_one() {
        let check = |there: &str, text: &str, expected: &str| assert_eq!(composed(there, text), expected);
        check("old", "new ", "new");
        check(
            "old\n\n![a|1x1](upload://a.png)\n\n![b|1x1](upload://b.png)",
            "new",
            "new\n\n![a|1x1](upload://a.png)\n\n![b|1x1](upload://b.png)",
        );
        check("![a|1x1](upload://a.png)\n\nold", "new", "new");
        check("![a|1x1](upload://a.png)", "new", "new\n\n![a|1x1](upload://a.png)");
    }
}
