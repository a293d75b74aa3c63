//! Is it live? A film says so itself; a post or a comment is looked for in the list it would stand in, newest first.
//!
//! A film or a post that is found is live. That nothing is found proves little: nobody promises that the list is
//! current, which is why the rules call this probe positive only.

use griot_domain::Timestamp;
use serde_json::Value;

use super::Facebook;
use super::graph::{Graph, next, word};
use super::post::{self, COMMENTS, Frozen, made_at};
use super::state::{self, STATE_FIELDS, State};
use crate::evidence::{self, Found, Likeness};
use crate::http::Answer;
use crate::{Error, Live, Probe, Question, Session};

const POSTS: &str = "published_posts";
const POST_FIELDS: &str =
    "id,message,created_time,permalink_url,attachments{media_type,target,subattachments}";
const COMMENT_FIELDS: &str = "id,message,created_time,permalink_url,from";
const AT_ONCE: &str = "25";
const LISTS_MAX: usize = 5;
/// How far two clocks that both look right may be apart (networks.md 23).
const SKEW_MS: i64 = 60_000;
/// Facebook works on a film for a minute or so.
const ASK_AGAIN: std::time::Duration = std::time::Duration::from_secs(20);

impl Facebook {
    /// Says whether the post is live.
    pub(super) async fn look_for(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        match self.look(session, question).await {
            // What may not be read, or is not there to be read, says nothing about the post.
            Err(Error::Content(words) | Error::Permission(words)) => Ok(Probe::CannotTell(words.into())),
            other => other,
        }
    }

    async fn look(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        let graph = Graph::of(&self.client, session).await?;
        let page = session.account.remote_id.as_str();
        let frozen = question.armed.as_ref().and_then(|armed| Frozen::read(&armed.body, page));
        let film = frozen.as_ref().and_then(|frozen| frozen.video.as_deref());
        if let Some(video) = film {
            match self.film_probe(&graph, video, question).await {
                // A film that was kept and is gone by its number: the Page's list says whether it is live after all.
                Err(Error::Content(_) | Error::Permission(_)) if question.dated => {}
                told => return told,
            }
        }
        if let Some(parent) = &question.prepared.reply_to {
            let query = [
                ("fields", COMMENT_FIELDS),
                ("filter", "stream"),
                ("order", "reverse_chronological"),
                ("limit", AT_ONCE),
            ];
            let seen = self.since(&graph, &[&parent.id, COMMENTS], &query, question).await?;
            return Ok(answer(seen, question, |found| our_comment(found, question, page)));
        }
        let query = [("fields", POST_FIELDS), ("limit", AT_ONCE)];
        let seen = self.since(&graph, &[page, POSTS], &query, question).await?;
        let photos = frozen.as_ref().map(Frozen::photos).unwrap_or_default();
        let photos = film.map_or(photos, |video| vec![video]);
        let holds = |found: &Value| !photos.is_empty() && is_same(&photos, found);
        if seen.found.iter().any(holds) {
            // A photo belongs to one post.
            return Ok(answer(Seen { is_all: true, ..seen }, question, |found| {
                Likeness::Same.provided(holds(found))
            }));
        }
        Ok(answer(seen, question, |found| says(found, question)))
    }

    async fn film_probe(&self, graph: &Graph, video: &str, question: &Question) -> Result<Probe, Error> {
        let found = graph.get(&[video], &[("fields", STATE_FIELDS)]).await?;
        film_verdict(video, &found.success().cloned().unwrap_or_default(), question)
    }

    /// The id of the newest own post, and the answer it came with.
    pub(super) async fn newest(&self, graph: &Graph, page: &str) -> Result<(Option<String>, Answer), Error> {
        let answer = graph.get(&[page, POSTS], &[("fields", "id"), ("limit", "1")]).await?;
        let list = answer.success().map(|body| &body["data"]).and_then(Value::as_array);
        let list = list.ok_or_else(|| Error::Portal("the answer is no list of posts".into()))?;
        let newest = list.first().and_then(|found| word(&found["id"]));
        Ok((newest, answer))
    }

    /// Everything in a list since the arming.
    async fn since(
        &self,
        graph: &Graph,
        path: &[&str],
        query: &[(&str, &str)],
        question: &Question,
    ) -> Result<Seen, Error> {
        let before = question.armed.as_ref().and_then(|armed| armed.newest_own.as_deref());
        let mut seen = Seen { found: Vec::new(), is_all: false };
        let mut after: Option<String> = None;
        for _ in 0..LISTS_MAX {
            let mut query = query.to_vec();
            query.extend(after.as_deref().map(|cursor| ("after", cursor)));
            let answer = graph.get(path, &query).await?;
            let body = answer.success().cloned().unwrap_or_default();
            let Some(list) = body["data"].as_array() else {
                return Err(Error::Portal("the answer is no list".into()));
            };
            let since = self.earliest(question, &answer);
            for found in list {
                // The newest post from before the arming, and all behind it, are older than ours.
                let is_older =
                    made_at(found).is_some_and(|at| at < since) || before.is_some_and(|id| found["id"] == id);
                if is_older {
                    seen.is_all = true;
                    return Ok(seen);
                }
                seen.found.push(found.clone());
            }
            let cursor = next(&body);
            if cursor.is_none() {
                seen.is_all = true;
                return Ok(seen);
            }
            if cursor == after {
                return Ok(seen);
            }
            after = cursor;
        }
        Ok(seen)
    }

    /// Nothing older than this by the server's clock can be ours.
    fn earliest(&self, question: &Question, answer: &Answer) -> Timestamp {
        let armed = question.armed.as_ref().and_then(|armed| armed.server_date);
        let theirs = armed.unwrap_or_else(|| {
            let ahead = answer.date.map_or(0, |date| date.millis_since(self.client.now()));
            question.since.plus_millis(ahead)
        });
        theirs.plus_millis(-SKEW_MS)
    }
}

/// What a list showed.
struct Seen {
    found: Vec<Value>,
    /// Whether nothing since the arming can have been missed.
    is_all: bool,
}

/// What follows from a list: exactly one that is ours, none, or no telling.
fn answer(seen: Seen, question: &Question, likeness: impl Fn(&Value) -> Likeness) -> Probe {
    let is_taken = |found: &Value| word(&found["id"]).is_some_and(|id| question.taken.contains(&id));
    let free = seen.found.iter().filter(|found| !is_taken(found));
    match evidence::pick(free.map(|found| (found, likeness(found)))) {
        // What was not seen may hold a second one; the text alone would then be no proof.
        Found::One(one) if seen.is_all => match post::live(one) {
            Some(live) => Probe::Live(Live { at: live.at.or_else(|| made_at(one)), ..live }),
            None => Probe::CannotTell("what was found has no number".into()),
        },
        Found::None if seen.is_all => Probe::Absent,
        Found::None | Found::One(_) => Probe::CannotTell("too much was published since then".into()),
        Found::CannotTell(why) => Probe::CannotTell(why),
    }
}

/// What a post says and shows, held against ours.
pub(super) fn says(found: &Value, question: &Question) -> Likeness {
    let prepared = &question.prepared;
    let said = evidence::source(&prepared.text, found["message"].as_str().unwrap_or_default());
    said.provided(shown(found).len() == prepared.media.len())
}

fn our_comment(found: &Value, question: &Question, page: &str) -> Likeness {
    // Who wrote it is told only to some tokens.
    let is_the_pages = found["from"].is_null() || found["from"]["id"] == page;
    let said = found["message"].as_str().unwrap_or_default();
    evidence::source(&question.prepared.text, said).provided(is_the_pages)
}

pub(super) fn is_same(photos: &[&str], found: &Value) -> bool {
    let mut theirs: Vec<String> = shown(found).into_iter().flatten().collect();
    let mut ours = photos.to_vec();
    theirs.sort_unstable();
    ours.sort_unstable();
    theirs == ours
}

/// The pictures and films of a post, each with its number where it is told. The card of a link is none.
pub(super) fn shown(found: &Value) -> Vec<Option<String>> {
    let list = |value: &Value| value["data"].as_array().cloned().unwrap_or_default();
    let mut all = Vec::new();
    for attachment in list(&found["attachments"]) {
        let within = list(&attachment["subattachments"]);
        let each = if within.is_empty() { vec![attachment] } else { within };
        for one in each {
            let kind = one["media_type"].as_str().or_else(|| one["type"].as_str()).unwrap_or_default();
            if ["photo", "video", "album"].iter().any(|media| kind.contains(media)) {
                all.push(word(&one["target"]["id"]));
            }
        }
    }
    all
}

/// What a film says of itself.
pub(super) fn film_verdict(video: &str, found: &Value, question: &Question) -> Result<Probe, Error> {
    if question.taken.iter().any(|taken| taken == video) {
        return Ok(Probe::CannotTell("the film is another delivery's proof".into()));
    }
    match verdict(&State::of(found)) {
        Verdict::Live => Ok(Probe::Live(state::live(video, found))),
        Verdict::Absent => Ok(Probe::Absent),
        Verdict::Later => Err(Error::Processing { after: ASK_AGAIN }),
        Verdict::Unknown => Ok(Probe::CannotTell("Facebook does not say whether the film is public".into())),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Live,
    Absent,
    /// Facebook still works on it.
    Later,
    Unknown,
}

fn verdict(state: &State) -> Verdict {
    let is_public = matches!(state.publish_status.as_str(), "" | "publish" | "published");
    match (state.publishing.as_str(), state.video.as_str()) {
        ("complete", _) if is_public => Verdict::Live,
        ("complete", _) => Verdict::Unknown,
        // Films that are no reels do not always tell their phases.
        ("", "ready") if state.is_published == Some(true) => Verdict::Live,
        _ if state.wrong.is_some() => Verdict::Absent,
        ("in_progress", _) | (_, "processing") => Verdict::Later,
        ("not_started", "ready" | "upload_complete") => Verdict::Absent,
        ("", "ready" | "upload_complete") if state.is_published == Some(false) => Verdict::Absent,
        (_, "error" | "expired" | "upload_failed") => Verdict::Absent,
        _ => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_film_is_live_when_facebook_says_so_and_not_before() {
        let phases = |video: &str, publishing: &str| json!({"status": {"video_status": video, "publishing_phase": {"status": publishing}}});
        let draft = json!({"status": {"video_status": "ready", "publishing_phase": {"status": "complete", "publish_status": "draft"}}});
        let failed = json!({"status": {"video_status": "error", "processing_phase": {"status": "error", "errors": [{"message": "x"}]}}});
        for (found, expected) in [
            (json!({}), Verdict::Unknown),
            (json!({"published": true}), Verdict::Unknown),
            (phases("processing", "not_started"), Verdict::Later),
            (phases("ready", "in_progress"), Verdict::Later),
            (phases("upload_complete", "not_started"), Verdict::Absent),
            (phases("ready", "not_started"), Verdict::Absent),
            (phases("expired", ""), Verdict::Absent),
            (failed, Verdict::Absent),
            (draft, Verdict::Unknown),
            (json!({"status": {"video_status": "ready"}, "published": false}), Verdict::Absent),
            (json!({"status": {"video_status": "processing"}, "published": true}), Verdict::Later),
            (json!({"status": {"video_status": "ready"}, "published": true}), Verdict::Live),
            (phases("ready", "complete"), Verdict::Live),
        ] {
            assert_eq!(verdict(&State::of(&found)), expected, "{found}");
        }
    }
}
