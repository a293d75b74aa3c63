//! Is it live? The account's own list, newest first, searched for our post.
//!
//! Authoritative only when everything since the arming was seen. What a list shows is a rendering: where that leaves it
//! open, the server is asked for the source of the text. Two posts that look like ours leave it open as well.

use griot_domain::Timestamp;
use reqwest::StatusCode;
use serde_json::Value;

use super::{Mastodon, api, status};
use crate::evidence::{self, Found, Likeness};
use crate::http::{Answer, Request};
use crate::{Error, Live, Probe, Question, Session};

/// The most that Mastodon gives at once.
const PAGE: &str = "40";
const PAGES_MAX: usize = 5;
/// Of how many statuses the source is asked for in one look.
const SOURCES_MAX: usize = 5;
/// How far two clocks that both look right may be apart (networks.md 23).
const SKEW_MS: i64 = 60_000;

/// What ours looks like.
struct Wanted {
    media_ids: Vec<String>,
    media: usize,
    text: String,
    spoiler: String,
    reply_to: Option<String>,
}

impl Wanted {
    fn of(question: &Question) -> Self {
        let frozen = question.armed.as_ref().map(|armed| &armed.body);
        let ids = frozen.map(status::media_ids).unwrap_or_default();
        let prepared = &question.prepared;
        let spoiler = status::spoiler(prepared);
        Self {
            media_ids: ids.into_iter().map(str::to_owned).collect(),
            media: prepared.media.len(),
            text: prepared.text.clone(),
            spoiler,
            reply_to: prepared.reply_to.as_ref().map(|live| live.id.clone()),
        }
    }

    fn has_same_media(&self, found: &Value) -> bool {
        let mut theirs = attachment_ids(found);
        let mut ours: Vec<_> = self.media_ids.iter().map(String::as_str).collect();
        theirs.sort_unstable();
        ours.sort_unstable();
        !ours.is_empty() && ours == theirs
    }

    /// What the status says and shows, held against ours. `source` is its text as its server keeps it.
    fn likeness(&self, found: &Value, source: Option<&str>) -> Likeness {
        let said = match source.or_else(|| found["text"].as_str()) {
            Some(source) => evidence::source(&self.text, source),
            None => evidence::rendering(&self.text, found["content"].as_str().unwrap_or_default()),
        };
        // A warning is plain text, whatever stands in it.
        let warning = evidence::field(&self.spoiler, found["spoiler_text"].as_str().unwrap_or_default());
        let same_media = attachment_ids(found).len() == self.media;
        let same_place = found["in_reply_to_id"].as_str() == self.reply_to.as_deref();
        said.and(warning).provided(same_media && same_place)
    }
}

impl Mastodon {
    /// Says whether the post is live.
    pub(super) async fn look_for(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        let wanted = Wanted::of(question);
        let seen = match self.own_since(session, question).await? {
            Seen::All(statuses) => statuses,
            Seen::NotAll(why) => return Ok(Probe::CannotTell(why)),
        };
        let free =
            |s: &&Value| !s["id"].as_str().is_some_and(|id| question.taken.iter().any(|taken| taken == id));
        let own: Vec<&Value> = seen.iter().filter(|s| !s["reblog"].is_object()).filter(free).collect();
        let mut ours: Vec<_> =
            own.iter().filter(|s| wanted.has_same_media(s)).map(|s| (*s, Likeness::Same)).collect();
        if ours.is_empty() {
            ours = self.compared(session, &wanted, &own).await?;
        }
        Ok(match evidence::pick(ours) {
            Found::None => Probe::Absent,
            Found::One(one) => match status::live(one) {
                Some(live) => Probe::Live(live),
                None => Probe::CannotTell("the post that was found has no address".into()),
            },
            Found::CannotTell(why) => Probe::CannotTell(why),
        })
    }

    /// Each status with what it is to ours; those that their rendering leaves open by their source, as far as the server
    /// gives it.
    async fn compared<'a>(
        &self,
        session: &Session,
        wanted: &Wanted,
        own: &[&'a Value],
    ) -> Result<Vec<(&'a Value, Likeness)>, Error> {
        let mut compared: Vec<_> = own.iter().map(|found| (*found, wanted.likeness(found, None))).collect();
        if compared.iter().any(|(_, likeness)| *likeness == Likeness::Same) {
            return Ok(compared);
        }
        let open = compared.iter_mut().filter(|(_, likeness)| *likeness == Likeness::CannotTell);
        for (found, likeness) in open.filter(|(found, _)| !found["text"].is_string()).take(SOURCES_MAX) {
            let Some(id) = found["id"].as_str() else { continue };
            if let Some((text, _)) = self.source(session, id).await? {
                *likeness = wanted.likeness(found, Some(&text));
            }
        }
        Ok(compared)
    }

    /// The status that holds exactly these attachments, among the newest. An attachment belongs to one status only.
    pub(super) async fn holding(&self, session: &Session, ids: &[&str]) -> Result<Option<Live>, Error> {
        let answer = self.own_page(session, &[("limit", PAGE)]).await?;
        let mut wanted = ids.to_vec();
        wanted.sort_unstable();
        let same = |s: &&Value| {
            let mut theirs = attachment_ids(s);
            theirs.sort_unstable();
            theirs == wanted
        };
        Ok(list(&answer)?.iter().find(same).and_then(status::live))
    }

    /// The id of the newest own status, and the answer it came with.
    pub(super) async fn newest(&self, session: &Session) -> Result<(Option<String>, Answer), Error> {
        let answer = self.own_page(session, &[("limit", "1")]).await?;
        let newest = list(&answer)?.first().and_then(|s| s["id"].as_str()).map(str::to_owned);
        Ok((newest, answer))
    }

    /// All own statuses since the arming.
    async fn own_since(&self, session: &Session, question: &Question) -> Result<Seen, Error> {
        let after = question.armed.as_ref().and_then(|armed| armed.newest_own.clone());
        let mut seen: Vec<Value> = Vec::new();
        let mut below: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut query = vec![("limit", PAGE), ("exclude_reblogs", "false")];
            query.extend(after.as_deref().map(|id| ("since_id", id)));
            query.extend(below.as_deref().map(|id| ("max_id", id)));
            let answer = self.own_page(session, &query).await?;
            let page = list(&answer)?;
            let since = self.since(question, &answer);
            let last = page.last().and_then(|s| s["id"].as_str()).map(str::to_owned);
            if last.is_some() && last == below {
                return Ok(Seen::NotAll("the server does not turn its pages".into()));
            }
            let reached = page.iter().any(|s| made_at(s).is_some_and(|at| at < since));
            seen.extend(page.iter().filter(|s| made_at(s).is_none_or(|at| at >= since)).cloned());
            // A server may give fewer than were asked for, so only an empty page or an old post is the end.
            if page.is_empty() || reached {
                return Ok(Seen::All(seen));
            }
            below = last;
        }
        Ok(Seen::NotAll("too many posts since then".into()))
    }

    /// No status older than this by the server's clock can be ours.
    fn since(&self, question: &Question, answer: &Answer) -> Timestamp {
        // What the server kept until a date was not published before it.
        let dated = question.kept.as_ref().and_then(|kept| kept.at);
        let armed = question.armed.as_ref().and_then(|armed| armed.server_date);
        let theirs = dated.or(armed).unwrap_or_else(|| {
            let ahead = answer.date.map_or(0, |date| date.millis_since(self.client.now()));
            question.since.plus_millis(ahead)
        });
        theirs.plus_millis(-SKEW_MS)
    }

    async fn own_page(&self, session: &Session, query: &[(&str, &str)]) -> Result<Answer, Error> {
        let account = &session.account;
        let path = format!("/api/v1/accounts/{}/statuses", account.remote_id);
        let answer = self.call(session, Request::get(api::path(&account.server, &path, query)?)).await?;
        if answer.status == StatusCode::OK { Ok(answer) } else { Err(answer.refusal()) }
    }
}

enum Seen {
    All(Vec<Value>),
    NotAll(String),
}

fn list(answer: &Answer) -> Result<&Vec<Value>, Error> {
    let body = answer.json.as_ref().and_then(Value::as_array);
    body.ok_or_else(|| Error::Portal("the answer is no list of posts".into()))
}

fn made_at(found: &Value) -> Option<Timestamp> {
    found["created_at"].as_str()?.parse().ok()
}

fn attachment_ids(found: &Value) -> Vec<&str> {
    let attachments = found["media_attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
    attachments.iter().filter_map(|a| a["id"].as_str()).collect()
}
