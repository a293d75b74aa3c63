//! Is it live? The account's own list, newest first, searched for our post.
//!
//! Every post that is read costs the person money, so one page is read and no more: what it does not show stays open.

use griot_domain::Timestamp;
use reqwest::StatusCode;
use serde_json::Value;

use super::{X, api, post, refusal, shown};
use crate::evidence::{self, Found, Likeness};
use crate::http::{Answer, Request};
use crate::{Error, Probe, Question, Session, Why};

/// The most that X gives at once, and the least that it takes for an answer.
const PAGE: &str = "100";
const PAGE_MIN: &str = "5";
const FIELDS: &str = "attachments,created_at,entities,note_tweet,text";
/// How far two clocks that both look right may be apart (networks.md 23).
const SKEW_MS: i64 = 60_000;

impl X {
    /// Says whether the post is live.
    pub(super) async fn look_for(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        let after = question.armed.as_ref().and_then(|armed| armed.newest_own.as_deref());
        let mut query = vec![("max_results", PAGE), ("exclude", "retweets"), ("tweet.fields", FIELDS)];
        query.extend(after.map(|id| ("since_id", id)));
        let answer = self.own(session, &query).await?;
        if answer.status == StatusCode::BAD_REQUEST && answer.json.is_some() {
            return Ok(Probe::CannotTell(answer.words().into()));
        }
        let page = list(&answer)?;
        let since = self.since(question, &answer);
        let is_old = |found: &&Value| made_at(found).is_some_and(|at| at < since);
        let body = answer.json.as_ref().unwrap_or(&Value::Null);
        let has_more = body["meta"]["next_token"].is_string() && !page.iter().any(|found| is_old(&found));
        if has_more {
            return Ok(Probe::CannotTell("too many posts since then".into()));
        }
        let seen = page
            .iter()
            .filter(|found| !is_old(found) && !is_taken(found, question))
            .map(|found| (found, likeness(found, question)));
        Ok(match evidence::pick(seen) {
            Found::None if body["errors"].as_array().is_some_and(|errors| !errors.is_empty()) => {
                Probe::CannotTell("the network did not show every post".into())
            }
            Found::None => Probe::Absent,
            Found::One(one) => match post::live(&session.account.handle, one) {
                Some(live) => Probe::Live(live),
                None => Probe::CannotTell("the post that was found has no number".into()),
            },
            Found::CannotTell(why) => Probe::CannotTell(why),
        })
    }

    /// The number of the newest own post, and the answer it came with.
    pub(super) async fn newest(&self, session: &Session) -> Result<(Option<String>, Answer), Error> {
        let answer = self.own(session, &[("max_results", PAGE_MIN), ("exclude", "retweets")]).await?;
        let ids = list(&answer)?.iter().filter_map(|found| api::id(&found["id"]));
        // Numbers grow with time; as texts they are compared by their length first.
        let newest = ids.max_by_key(|id| (id.len(), (*id).to_owned())).map(str::to_owned);
        Ok((newest, answer))
    }

    /// No post older than this by the server's clock can be ours.
    fn since(&self, question: &Question, answer: &Answer) -> Timestamp {
        let armed = question.armed.as_ref().and_then(|armed| armed.server_date);
        let theirs = armed.unwrap_or_else(|| {
            let ahead = answer.date.map_or(0, |date| date.millis_since(self.client.now()));
            question.since.plus_millis(ahead)
        });
        theirs.plus_millis(-SKEW_MS)
    }

    async fn own(&self, session: &Session, query: &[(&str, &str)]) -> Result<Answer, Error> {
        let account = &session.account;
        if !api::is_id(&account.remote_id) {
            return Err(Error::Environment(Why::not_its_own("the account has no number of X")));
        }
        let path = format!("/2/users/{}/tweets", account.remote_id);
        self.call(session, Request::get(api::path(&account.server, &path, query)?)).await
    }
}

/// The posts of an answer. An account without any has no list, and says that it has none.
fn list(answer: &Answer) -> Result<&[Value], Error> {
    let Some(body) = answer.success() else { return Err(refusal::of(answer)) };
    match body["data"].as_array() {
        Some(posts) => Ok(posts),
        None if body["meta"]["result_count"] == 0 => Ok(&[]),
        None if body["errors"].is_array() => Err(refusal::of(answer)),
        None => Err(Error::Portal("the answer is no list of posts".into())),
    }
}

/// What a post says and shows, held against ours.
fn likeness(found: &Value, question: &Question) -> Likeness {
    let prepared = &question.prepared;
    let said = evidence::relinked(&prepared.text, &shown::forms(found));
    said.provided(media_count(found) == prepared.media.len())
}

fn is_taken(found: &Value, question: &Question) -> bool {
    found["id"].as_str().is_some_and(|id| question.taken.iter().any(|taken| taken == id))
}

fn made_at(found: &Value) -> Option<Timestamp> {
    found["created_at"].as_str()?.parse().ok()
}

fn media_count(found: &Value) -> usize {
    found["attachments"]["media_keys"].as_array().map_or(0, Vec::len)
}
