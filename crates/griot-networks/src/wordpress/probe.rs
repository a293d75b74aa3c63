//! Is it live? The draft is asked for by its number; where nobody wrote that down, by the slug of its delivery.
//!
//! A draft that is still one is proof of absence. Where the person chose a slug of their own, an article that went
//! out from another copy of the workspace no longer carries ours: then the account's newest articles are read.

use griot_domain::Timestamp;
use reqwest::StatusCode;
use serde_json::Value;

use super::draft::STATES;
use super::refusal::refusal;
use super::site::{self, Door};
use super::{WordPress, article, is_unknown_post, login};
use crate::evidence::{self, Found, Likeness};
use crate::{Error, Live, Probe, Question, Session};

const FIELDS_TO_COMPARE: &str = "id,status,slug,link,date_gmt,title.raw,content.raw";
/// How many of the newest articles are read; whole articles are long.
const NEWEST: usize = 20;
/// How far two clocks that both look right may be apart (networks.md 23).
const SKEW_MS: i64 = 60_000;

impl WordPress {
    /// Says whether the article is live.
    pub(super) async fn look_for(
        &self,
        door: &Door,
        session: &Session,
        question: &Question,
    ) -> Result<Probe, Error> {
        let frozen = question.armed.as_ref().map(|armed| &armed.body);
        let wanted = match frozen.and_then(article::status) {
            // What was given with a date is to be public then.
            Some(article::FUTURE) => "publish",
            Some(state) => state,
            None => article::wanted(&question.prepared),
        };
        let kept = question.kept.as_ref().and_then(|kept| kept.id.parse().ok());
        if let Some(id) = kept.or_else(|| frozen.and_then(article::number))
            && let Some(found) = self.numbered(door, id).await?
        {
            return Ok(judge(&found, wanted, question));
        }
        let slugs = article::slugs(&question.prepared);
        let query =
            [("slug", slugs.as_str()), ("status", STATES), ("context", "edit"), ("_fields", article::FIELDS)];
        let answer = self.client.send(door.get("/wp/v2/posts", &query)).await?;
        match site::list(&answer)?.as_slice() {
            [found] => Ok(judge(found, wanted, question)),
            [] if article::field(&question.prepared, "slug").is_some() => {
                self.among_the_newest(door, session, question).await
            }
            [] => Ok(Probe::Absent),
            many => Ok(Probe::CannotTell(format!("{} articles have its slug", many.len()))),
        }
    }

    /// The article called `id`, when the site has it.
    async fn numbered(&self, door: &Door, id: u64) -> Result<Option<Value>, Error> {
        let query = [("context", "edit"), ("_fields", article::FIELDS)];
        let answer = self.client.send(door.get(&format!("/wp/v2/posts/{id}"), &query)).await?;
        match answer.success() {
            Some(found) if article::number(found) == Some(id) => Ok(Some(found.clone())),
            Some(_) => Err(Error::Portal("the answer is another article".into())),
            None if answer.status == StatusCode::NOT_FOUND && is_unknown_post(answer.text("code")) => {
                Ok(None)
            }
            None => Err(refusal(&answer)),
        }
    }

    /// Looks for the same title and the same words among the account's newest articles.
    async fn among_the_newest(
        &self,
        door: &Door,
        session: &Session,
        question: &Question,
    ) -> Result<Probe, Error> {
        let (author, per_page) = (login::user_of(&session.account.remote_id), NEWEST.to_string());
        let query = [
            ("author", author),
            ("status", "publish,future,pending,private"),
            ("per_page", per_page.as_str()),
            ("context", "edit"),
            ("_fields", FIELDS_TO_COMPARE),
        ];
        let answer = self.client.send(door.get("/wp/v2/posts", &query)).await?;
        let seen = site::list(&answer)?;
        let since = self.since(question, answer.date);
        let fresh = |found: &&Value| article::made_at(found).is_none_or(|at| at >= since);
        if seen.len() >= NEWEST && seen.iter().all(|found| fresh(&found)) {
            return Ok(Probe::CannotTell("too many articles since then".into()));
        }
        let title = article::title(&question.prepared);
        let compared = seen.iter().filter(fresh).map(|found| {
            let raw = |name: &str| found[name]["raw"].as_str().unwrap_or_default();
            let said = evidence::rendering(&question.prepared.text, raw("content"));
            (article::live(found), said.and(evidence::field(&title, raw("title"))))
        });
        Ok(only_one(compared, &question.taken))
    }

    /// Nothing older than this by the server's clock can be ours.
    pub(super) fn since(&self, question: &Question, date: Option<Timestamp>) -> Timestamp {
        let armed = question.armed.as_ref().and_then(|armed| armed.server_date);
        let theirs = armed.unwrap_or_else(|| {
            let ahead = date.map_or(0, |date| date.millis_since(self.client.now()));
            question.since.plus_millis(ahead)
        });
        theirs.plus_millis(-SKEW_MS)
    }
}

/// What the state of our own draft says.
fn judge(found: &Value, wanted: &str, question: &Question) -> Probe {
    let id = article::number(found).map(|id| id.to_string());
    if id.is_some_and(|id| question.taken.contains(&id)) {
        return Probe::CannotTell("the article is the proof of another delivery".into());
    }
    match article::status(found) {
        Some(state) if state == wanted || matches!(state, "publish" | "private") => {
            only_one([(article::live(found), Likeness::Same)], &[])
        }
        Some(article::FUTURE) => match article::kept(found) {
            Some(kept) => Probe::Kept(kept),
            None => Probe::CannotTell("the article waits for no date".into()),
        },
        Some("draft") => Probe::Absent,
        // What waited for its date and was thrown away was never out.
        Some("trash") if question.kept.is_some() => Probe::Absent,
        other => Probe::CannotTell(format!("the article is {}", other.unwrap_or("in no state"))),
    }
}

/// The one that is ours and no other delivery's.
pub(super) fn only_one(
    compared: impl IntoIterator<Item = (Option<Live>, Likeness)>,
    taken: &[String],
) -> Probe {
    let is_taken = |live: &Option<Live>| live.as_ref().is_some_and(|live| taken.contains(&live.id));
    match evidence::pick(compared.into_iter().filter(|(live, _)| !is_taken(live))) {
        Found::None => Probe::Absent,
        Found::One(Some(live)) => Probe::Live(live),
        Found::One(None) => Probe::CannotTell("what was found has no address".into()),
        Found::CannotTell(why) => Probe::CannotTell(why),
    }
}
