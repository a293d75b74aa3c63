//! A first comment under an article that is live, and whether it is there.
//!
//! A site has no key for comments. It refuses the same words of the same person under the same article, and its
//! list says whether they are there. Deliberately absent: answers to comments, moderation.

use reqwest::StatusCode;
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use super::refusal::{is_duplicate, refusal};
use super::site::{self, Door};
use super::{WordPress, article, blocks, is_unknown_post, login};
use crate::evidence::{self, Likeness};
use crate::http::Payload;
use crate::{Error, Live, Prepared, Probe, Question, Session, Staged, Why};

const FIELDS: &str = "id,post,author,status,link,date_gmt,content";
/// The most that a site lists at once.
const PAGE: usize = 100;

/// The visible call.
fn body(article: u64, prepared: &Prepared) -> Value {
    let text: String = prepared.text.nfc().collect();
    json!({"post": article, "content": blocks::escaped(text.trim())})
}

/// Whether a frozen request is a comment's.
pub(super) fn is_comment(body: &Value) -> bool {
    body["post"].is_u64()
}

/// What is kept of a comment. Comments and articles are counted apart, so that a bare number would not say which.
fn live(found: &Value) -> Option<Live> {
    let text = |name: &str| found[name].as_str().filter(|value| !value.is_empty());
    let (id, link) = (article::number(found)?, text("link")?);
    let mut proof = Map::new();
    proof.insert("id".into(), json!(id));
    proof.insert("post".into(), found["post"].clone());
    for name in ["status", "link", "date_gmt"] {
        proof.extend(text(name).map(|value| (name.to_owned(), json!(value))));
    }
    Some(Live {
        id: format!("comment-{id}"),
        url: Some(link.to_owned()),
        at: article::made_at(found),
        proof: Value::Object(proof),
    })
}

/// What the HTML of a comment is to a text: as a site keeps it, or as it shows it. Ours was sent without a mark that a site
/// reads, so that only its typography can have changed it.
fn likeness(wrote: &str, shown: &str) -> Likeness {
    if comparable(&evidence::to_text(shown)) == comparable(wrote) {
        return Likeness::Same;
    }
    evidence::rendering(wrote, shown)
}

/// A text as it survives a site's typography: quotes, dashes and smileys are made anew there.
fn comparable(text: &str) -> String {
    text.nfc().map(|c| if c == '×' { 'x' } else { c }).filter(|c| c.is_alphanumeric()).collect()
}

impl WordPress {
    /// Asks whether the article takes comments; nothing has to go up for one.
    pub(super) async fn stage_comment(
        &self,
        door: &Door,
        prepared: &Prepared,
        parent: &Live,
    ) -> Result<Staged, Error> {
        if !prepared.media.is_empty() {
            return Err(Error::Content(Why::ours(
                "Un commentaire ne porte pas de média.",
                "A comment holds no media.",
            )));
        }
        let not_one = || Error::Content(Why::not_its_own("what is commented on is no article of this site"));
        let article: u64 = parent.id.parse().map_err(|_| not_one())?;
        let query = [("_fields", "id,comment_status")];
        let answer = self.client.send(door.get(&format!("/wp/v2/posts/{article}"), &query)).await?;
        if is_unknown_post(answer.text("code")) {
            return Err(not_one());
        }
        let said = answer.success().ok_or_else(|| refusal(&answer))?;
        site::number(said)?;
        if said["comment_status"] == "closed" {
            return Err(Error::Permission(Why::ours(
                "Les commentaires sont fermés sous cet article.",
                "Comments are closed under this article.",
            )));
        }
        let (body, key) = (body(article, prepared), article::key(prepared.delivery));
        Ok(Staged { body, key, server_date: answer.date, newest_own: None })
    }

    /// Makes the comment.
    pub(super) async fn comment(&self, door: &Door, body: &Value) -> Result<Live, Error> {
        let query = [("_fields", FIELDS)];
        let request = door.post("/wp/v2/comments", &query, Payload::Json(body.clone())).visible();
        let answer = self.client.send(request).await?;
        match answer.success() {
            Some(said) => live(said)
                .filter(|_| said["post"] == body["post"])
                .ok_or_else(|| Error::Uncertain("the answer does not name the comment".into())),
            // Perhaps this very one, sent before: the list tells.
            None if is_duplicate(&answer) => Err(Error::Uncertain(answer.words())),
            None => Err(refusal(&answer)),
        }
    }

    /// Says whether the comment is there, by its words.
    pub(super) async fn look_for_comment(
        &self,
        door: &Door,
        session: &Session,
        question: &Question,
    ) -> Result<Probe, Error> {
        let frozen = question.armed.as_ref().and_then(|armed| armed.body["post"].as_u64());
        let parent = question.prepared.reply_to.as_ref().and_then(|live| live.id.parse().ok());
        let Some(article) = frozen.or(parent) else {
            return Ok(Probe::CannotTell("nobody knows which article it belongs to".into()));
        };
        let (article, per_page) = (article.to_string(), PAGE.to_string());
        let query = [
            ("post", article.as_str()),
            ("author", login::user_of(&session.account.remote_id)),
            ("status", "all"),
            ("per_page", per_page.as_str()),
            ("_fields", FIELDS),
        ];
        // What a site keeps of a comment is for those who moderate; others see what it makes of it.
        let kept: Vec<_> = query.into_iter().chain([("context", "edit")]).collect();
        let mut answer = self.client.send(door.get("/wp/v2/comments", &kept)).await?;
        if matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            answer = self.client.send(door.get("/wp/v2/comments", &query)).await?;
        }
        let seen = site::list(&answer)?;
        let since = self.since(question, answer.date);
        let fresh = |found: &&Value| article::made_at(found).is_none_or(|at| at >= since);
        if seen.len() >= PAGE && seen.iter().all(|found| fresh(&found)) {
            return Ok(Probe::CannotTell("too many comments since then".into()));
        }
        let compared = seen.iter().filter(fresh).map(|found| {
            let content = &found["content"];
            let shown = content["raw"].as_str().or_else(|| content["rendered"].as_str()).unwrap_or_default();
            (live(found), likeness(&question.prepared.text, shown))
        });
        Ok(super::probe::only_one(compared, &question.taken))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_known_again_through_a_sites_typography() {
        let check = |written: &str, shown: &str, same: bool| {
            assert_eq!(likeness(written, shown) == Likeness::Same, same, "{shown}");
            assert_eq!(likeness(written, shown) == Likeness::Different, !same, "{shown}");
        };
        check("", "<p>x</p>", false);
        check("oui", "<p>non</p>", false);
        check("Partie 1/2", "<p>Partie 2/2</p>", false);
        check("\"L'été\" -- 9x9...", "<p>&#8220;L&#8217;été&#8221; &#8211; 9&#215;9&#8230;</p>\n", true);
        check("a < b & c :)", "<p>a &lt; b &amp; c 🙂</p>", true);
        check(
            "Lire https://e.example/a",
            "<p>Lire <a href=\"https://e.example/a\" rel=\"ugc\">https://e.example/a</a></p>",
            true,
        );
        check("un\n\ndeux", "<p>un</p>\n<p>deux</p>", true);
    }
}
