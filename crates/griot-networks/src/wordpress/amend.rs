//! Articles and comments that are live: other words, and the way to the site's trash.
//!
//! An article is paragraphs and then its media. A person may have gone on with it on the site: where its words are more
//! than paragraphs, it is not touched.

use async_trait::async_trait;
use reqwest::StatusCode;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use super::refusal::refusal;
use super::site::Door;
use super::{WordPress, blocks, is_unknown_post};
use crate::evidence;
use crate::http::{Answer, Payload};
use crate::{Change, Editor, Error, Posted, Session, Sight, Why};

const FIELDS: &str = "id,status,content";
/// Where the media of an article of ours begin.
const MEDIA: &[&str] = &["<!-- wp:image ", "<!-- wp:gallery ", "<!-- wp:video "];

/// The place of an article, or of a comment: they are counted apart.
fn route(post: &Posted) -> Result<(bool, String), Error> {
    let (is_comment, digits) = match post.live.id.strip_prefix("comment-") {
        Some(digits) => (true, digits),
        None => (false, post.live.id.as_str()),
    };
    let number: u64 = digits.parse().map_err(|_| {
        Error::Content(Why::not_its_own("what is live is neither an article nor a comment of this site"))
    })?;
    let of = if is_comment { "comments" } else { "posts" };
    Ok((is_comment, format!("/wp/v2/{of}/{number}")))
}

/// Whether the site says that there is nothing of that number, or only in its trash.
fn is_gone(answer: &Answer) -> bool {
    let code = answer.text("code");
    match answer.status {
        StatusCode::NOT_FOUND => is_unknown_post(code) || code == Some("rest_comment_invalid_id"),
        StatusCode::GONE => code == Some("rest_already_trashed"),
        _ => false,
    }
}

/// The words of an article and its media, where the words are paragraphs and nothing else.
fn apart(raw: &str) -> Option<(&str, &str)> {
    let at = MEDIA.iter().filter_map(|sign| raw.find(sign)).min().unwrap_or(raw.len());
    let (words, media) = raw.split_at(at);
    let blocks = words.matches("<!-- wp:").count();
    (blocks == words.matches("<!-- wp:paragraph").count() && media.matches("<!-- wp:paragraph").count() == 0)
        .then_some((words.trim_end(), media.trim_end()))
}

/// What the article is to hold.
fn content(raw: &str, text: &str) -> Option<String> {
    let (_, media) = apart(raw)?;
    let words = blocks::content(text, &[]);
    let parts = [words.as_str(), media].into_iter().filter(|part| !part.is_empty());
    Some(parts.collect::<Vec<_>>().join("\n\n"))
}

/// What a comment is to hold.
fn comment(text: &str) -> String {
    let text: String = text.nfc().collect();
    blocks::escaped(text.trim())
}

impl WordPress {
    /// What is there, as it was written; nothing when it is not there.
    async fn raw(&self, door: &Door, post: &Posted) -> Result<Option<String>, Error> {
        let (_, route) = route(post)?;
        let answer = self.client.send(door.get(&route, &[("context", "edit"), ("_fields", FIELDS)])).await?;
        if is_gone(&answer) {
            return Ok(None);
        }
        let found = answer.success().ok_or_else(|| refusal(&answer))?;
        if found["status"] == "trash" {
            return Ok(None);
        }
        let raw = found["content"]["raw"].as_str().map(str::to_owned);
        raw.map(Some).ok_or_else(|| {
            Error::Permission(Why::ours(
                "Le site ne montre pas à ce compte ce qui a été écrit.",
                "The site does not show this user what was written.",
            ))
        })
    }

    /// What it is to hold, by what it holds.
    fn wanted(post: &Posted, raw: &str) -> Result<Option<String>, Error> {
        let (is_comment, _) = route(post)?;
        let text = &post.prepared.text;
        Ok(if is_comment { Some(comment(text)) } else { content(raw, text) })
    }
}

#[async_trait]
impl Editor for WordPress {
    async fn sight(&self, session: &Session, post: &Posted) -> Result<Sight, Error> {
        let door = Door::of(session).await?;
        let Some(raw) = self.raw(&door, post).await? else { return Ok(Sight::Gone) };
        let wanted = Self::wanted(post, &raw)?;
        Ok(wanted.map_or(Sight::Other, |wanted| Sight::of(evidence::correction(&wanted, &raw))))
    }

    async fn correction(&self, session: &Session, post: &Posted) -> Result<Value, Error> {
        let door = Door::of(session).await?;
        let raw = self.raw(&door, post).await?;
        let raw = raw.ok_or_else(|| Error::Transient("it is not there any more".into()))?;
        let wanted = Self::wanted(post, &raw)?.ok_or_else(|| {
            Error::Content(Why::ours(
                "Quelqu\u{2019}un a continué l\u{2019}article sur le site\u{a0}: il est laissé comme il est.",
                "Somebody has gone on with the article on the site: it is left as it is.",
            ))
        })?;
        Ok(json!({ "content": wanted }))
    }

    async fn edit(&self, session: &Session, post: &Posted, body: &Value) -> Result<Change, Error> {
        let (door, (_, route)) = (Door::of(session).await?, route(post)?);
        let request = door.post(&route, &[("_fields", "id,status")], Payload::Json(body.clone())).visible();
        let answer = self.client.send(request).await?;
        match answer.success() {
            Some(said) if said["id"].is_u64() => Ok(Change::Done),
            Some(_) => Err(Error::Uncertain("the answer does not name it".into())),
            None if is_gone(&answer) => Ok(Change::NotThere),
            None => Err(refusal(&answer)),
        }
    }

    async fn delete(&self, session: &Session, post: &Posted) -> Result<Change, Error> {
        let (door, (_, route)) = (Door::of(session).await?, route(post)?);
        let answer = self.client.send(door.delete(&route, &[("_fields", "id,status")]).visible()).await?;
        match answer.success() {
            Some(said) if said["status"] == "trash" || said["deleted"] == true => Ok(Change::Done),
            Some(_) => Err(Error::Uncertain("the answer does not say that it is in the trash".into())),
            None if is_gone(&answer) => Ok(Change::NotThere),
            None => Err(refusal(&answer)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_of_an_article_stay_and_what_a_person_made_of_it_is_left_alone() {
        let media = "<!-- wp:image {\"id\":1} -->\n<figure></figure>\n<!-- /wp:image -->";
        let old = format!("{}\n\n{media}", blocks::content("Ancien\n\ntexte", &[]));
        assert_eq!(content(&old, "Neuf"), Some(format!("{}\n\n{media}", blocks::content("Neuf", &[]))));
        assert_eq!(content(media, "Neuf"), Some(format!("{}\n\n{media}", blocks::content("Neuf", &[]))));
        assert_eq!(content(&blocks::content("Ancien", &[]), ""), Some(String::new()));
        for theirs in [
            "<!-- wp:heading -->\n<h2>x</h2>\n<!-- /wp:heading -->",
            &format!("{old}\n\n{}", blocks::content("dessous", &[])),
        ] {
            assert_eq!(content(theirs, "Neuf"), None, "{theirs}");
        }
    }
}
