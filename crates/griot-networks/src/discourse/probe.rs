//! Is it live? A topic is found by our key, an answer in its topic.
//!
//! A post that waited for a moderator has lost our key: it is looked for among those that wait, and by its words among
//! the account's own topics. Deliberately absent: posts that were deleted again.

use std::sync::LazyLock;

use griot_domain::Timestamp;
use regex::Regex;
use reqwest::StatusCode;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::post::{self, Target};
use super::{Discourse, api};
use crate::evidence::{self, Found, Likeness};
use crate::http::{Answer, Request};
use crate::{Error, Live, Probe, Question, Session};

/// The most posts that are asked for at once.
const PAGE: usize = 20;
const PAGES_MAX: usize = 5;
/// How far two clocks that both look right may be apart (networks.md 23).
const SKEW_MS: i64 = 60_000;

/// What ours looks like: its words as they were sent, as they were written, and how many media it shows.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    sent: String,
    written: String,
    shown: usize,
}

impl Wanted {
    fn of(question: &Question) -> Self {
        let text = &question.prepared.text;
        let ((sent, shown), (written, _)) = (apart(&post::raw(text)), apart(text));
        Self { sent, written, shown: shown + question.prepared.media.len() }
    }

    /// What a post's own text, as its author wrote it, is to ours.
    fn likeness(&self, raw: &str) -> Likeness {
        let (words, shown) = apart(raw);
        let is = |ours: &str| evidence::source(ours, &words);
        is(&self.sent).or_else(|| is(&self.written)).provided(shown == self.shown)
    }
}

/// The words of a post in a form that can be compared, and the number of uploads that it shows.
fn apart(raw: &str) -> (String, usize) {
    static SHOWN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"!\[[^\n]*?\]\(upload://[^)\s]*\)").expect("BUG: the pattern is fixed and a test uses it")
    });
    let words: String = SHOWN.replace_all(raw, " ").nfc().collect();
    (words.split_whitespace().collect::<Vec<_>>().join(" "), SHOWN.find_iter(raw).count())
}

impl Discourse {
    /// Says whether the post is live.
    pub(super) async fn look_for(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        let sent = question.armed.as_ref().and_then(|armed| armed.body["topic_id"].as_u64());
        let target = match sent {
            Some(topic) => Target::Answer { topic, post: None },
            None => post::target(&session.account.server, &question.prepared)?,
        };
        match target {
            Target::Topic => self.look_for_topic(session, question).await,
            Target::Answer { topic, .. } => self.look_in_topic(session, question, topic).await,
        }
    }

    async fn look_for_topic(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        let prepared = &question.prepared;
        let armed = question.armed.as_ref().map(|armed| armed.key.clone()).filter(|key| !key.is_empty());
        let key = armed.unwrap_or_else(|| post::key(prepared.delivery));
        match self.topic_of(session, &key).await? {
            Some(live) if question.taken.contains(&live.id) => {
                return Ok(Probe::CannotTell("the topic with this key is another delivery's".into()));
            }
            Some(live) => return Ok(Probe::Live(live)),
            None => {}
        }
        let wanted = Wanted::of(question);
        if self.waits(session, &wanted).await? {
            return Ok(waiting());
        }
        let found = self.own_topics(session, question, &wanted).await?;
        Ok(one_of(&session.account.server, found))
    }

    /// The topic that carries our key.
    pub(super) async fn topic_of(&self, session: &Session, key: &str) -> Result<Option<Live>, Error> {
        let url = api::path(&session.account.server, &format!("/t/external_id/{key}.json"), &[])?;
        let answer = self.call(session, Request::get(url).located()).await?;
        let Some(place) = &answer.location else {
            if answer.status == StatusCode::NOT_FOUND && api::is_closed(&answer) {
                return Ok(None);
            }
            if answer.success().is_some() {
                return Err(Error::Portal("the answer names no topic".into()));
            }
            return Err(self.refused(session, &answer).await);
        };
        let named = post::in_path(place.path()).map(|(topic, _)| topic);
        let topic =
            named.ok_or_else(|| Error::Portal("a redirection to something else than a topic".into()))?;
        let answer = self.topic(session, topic).await?;
        let Some(body) = answer.success() else { return Err(self.refused(session, &answer).await) };
        let first = posts(body).iter().find(|post| post["post_number"] == 1);
        let live = first.and_then(|first| post::live(&session.account.server, first));
        live.map(Some).ok_or_else(|| Error::Portal("the topic that was found has no first post".into()))
    }

    async fn topic(&self, session: &Session, topic: u64) -> Result<Answer, Error> {
        let path = format!("/t/{topic}.json");
        let url = api::path(&session.account.server, &path, &[("include_raw", "true")])?;
        self.call(session, Request::get(url)).await
    }

    /// First posts of own topics since then that say the same.
    async fn own_topics(
        &self,
        session: &Session,
        question: &Question,
        wanted: &Wanted,
    ) -> Result<Vec<(Value, Likeness)>, Error> {
        let name = api::name(&session.account.handle)?;
        let url = api::path(&session.account.server, &format!("/topics/created-by/{name}.json"), &[])?;
        let answer = self.call(session, Request::get(url)).await?;
        if api::is_closed(&answer) {
            return Ok(Vec::new());
        }
        let Some(body) = answer.success() else { return Err(self.refused(session, &answer).await) };
        let since = self.since(question, &answer);
        let all = body["topic_list"]["topics"].as_array().map(Vec::as_slice).unwrap_or_default();
        let recent = all.iter().filter(|topic| made_at(topic).is_none_or(|at| at >= since));
        let mut found = Vec::new();
        for id in recent.filter_map(|topic| topic["id"].as_u64()).take(PAGES_MAX) {
            let answer = self.topic(session, id).await?;
            let Some(body) = answer.success() else { return Err(self.refused(session, &answer).await) };
            let first = posts(body).iter().find(|post| post["post_number"] == 1);
            found.extend(first.filter(|p| !is_taken(p, question)).map(|p| (p.clone(), likeness(p, wanted))));
        }
        Ok(found)
    }

    async fn look_in_topic(
        &self,
        session: &Session,
        question: &Question,
        topic: u64,
    ) -> Result<Probe, Error> {
        let wanted = Wanted::of(question);
        let answer = self.topic(session, topic).await?;
        if api::is_closed(&answer) {
            return match self.refused(session, &answer).await {
                error @ Error::Auth(_) => Err(error),
                _ => Ok(Probe::CannotTell("the topic is gone or closed to this account".into())),
            };
        }
        let Some(body) = answer.success() else { return Err(self.refused(session, &answer).await) };
        let since = self.since(question, &answer);
        let Some(seen) = self.answers_since(session, topic, body, since).await? else {
            return Ok(Probe::CannotTell("too many answers since then".into()));
        };
        let own = seen.iter().filter(|post| is_own(post, session) && post["post_number"] != 1);
        let free = own.filter(|post| !is_taken(post, question));
        let seen: Vec<_> = free.map(|post| (post.clone(), likeness(post, &wanted))).collect();
        let is_there = seen.iter().any(|(_, likeness)| *likeness != Likeness::Different);
        if !is_there && self.waits(session, &wanted).await? {
            return Ok(waiting());
        }
        Ok(one_of(&session.account.server, seen))
    }

    /// All posts of a topic since then; nothing where they are too many to see all.
    async fn answers_since(
        &self,
        session: &Session,
        topic: u64,
        body: &Value,
        since: Timestamp,
    ) -> Result<Option<Vec<Value>>, Error> {
        let Some(stream) = body["post_stream"]["stream"].as_array() else { return Ok(None) };
        let mut ids: Vec<u64> = stream.iter().filter_map(Value::as_u64).collect();
        let mut seen = Vec::new();
        for _ in 0..PAGES_MAX {
            let page = ids.split_off(ids.len().saturating_sub(PAGE));
            let shown = self.shown(session, topic, body, &page).await?;
            let reached = shown.iter().any(|post| made_at(post).is_some_and(|at| at < since));
            seen.extend(shown.into_iter().filter(|post| made_at(post).is_none_or(|at| at >= since)));
            if reached || ids.is_empty() {
                return Ok(Some(seen));
            }
        }
        Ok(None)
    }

    /// These posts: those that came with the topic, else asked for.
    async fn shown(
        &self,
        session: &Session,
        topic: u64,
        body: &Value,
        ids: &[u64],
    ) -> Result<Vec<Value>, Error> {
        let here = |id: &u64| posts(body).iter().find(|post| post["id"] == *id).cloned();
        let (mut shown, missing): (Vec<_>, Vec<_>) =
            (ids.iter().filter_map(here).collect(), ids.iter().filter(|id| here(id).is_none()).collect());
        if missing.is_empty() {
            return Ok(shown);
        }
        let texts: Vec<String> = missing.iter().map(ToString::to_string).collect();
        let mut query: Vec<(&str, &str)> = texts.iter().map(|id| ("post_ids[]", id.as_str())).collect();
        query.push(("include_raw", "true"));
        let url = api::path(&session.account.server, &format!("/t/{topic}/posts.json"), &query)?;
        let answer = self.call(session, Request::get(url)).await?;
        let Some(body) = answer.success() else { return Err(self.refused(session, &answer).await) };
        shown.extend(posts(body).iter().cloned());
        Ok(shown)
    }

    /// Whether a post that says the same waits for a moderator. Forums before 2022 do not tell.
    async fn waits(&self, session: &Session, wanted: &Wanted) -> Result<bool, Error> {
        let name = api::name(&session.account.handle)?;
        let url = api::path(&session.account.server, &format!("/posts/{name}/pending.json"), &[])?;
        let answer = self.call(session, Request::get(url)).await?;
        if api::is_closed(&answer) {
            return Ok(false);
        }
        let Some(body) = answer.success() else { return Err(self.refused(session, &answer).await) };
        let all = body["pending_posts"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(all.iter().any(|post| {
            post["raw_text"].as_str().is_some_and(|raw| wanted.likeness(raw) != Likeness::Different)
        }))
    }

    /// No post older than this by the forum's clock can be ours.
    fn since(&self, question: &Question, answer: &Answer) -> Timestamp {
        let armed = question.armed.as_ref().and_then(|armed| armed.server_date);
        let theirs = armed.unwrap_or_else(|| {
            let ahead = answer.date.map_or(0, |date| date.millis_since(self.client.now()));
            question.since.plus_millis(ahead)
        });
        theirs.plus_millis(-SKEW_MS)
    }
}

fn waiting() -> Probe {
    Probe::CannotTell("it waits for the forum's moderators".into())
}

fn one_of(server: &str, seen: Vec<(Value, Likeness)>) -> Probe {
    match evidence::pick(seen) {
        Found::None => Probe::Absent,
        Found::One(one) => match post::live(server, &one) {
            Some(live) => Probe::Live(live),
            None => Probe::CannotTell("the post that was found has no address".into()),
        },
        Found::CannotTell(why) => Probe::CannotTell(why),
    }
}

fn posts(topic: &Value) -> &[Value] {
    topic["post_stream"]["posts"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn likeness(post: &Value, wanted: &Wanted) -> Likeness {
    post["raw"].as_str().map_or(Likeness::CannotTell, |raw| wanted.likeness(raw))
}

fn is_taken(post: &Value, question: &Question) -> bool {
    post["id"].as_u64().is_some_and(|id| question.taken.contains(&id.to_string()))
}

/// By number where there is one: names can change.
fn is_own(post: &Value, session: &Session) -> bool {
    post["user_id"].as_u64().is_some_and(|id| id.to_string() == session.account.remote_id)
}

fn made_at(found: &Value) -> Option<Timestamp> {
    found["created_at"].as_str()?.parse().ok()
}
