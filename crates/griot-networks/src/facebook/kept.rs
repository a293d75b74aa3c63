//! Posts that a Page keeps until their date: given, looked at, moved, taken back.
//!
//! A post and a film keep their number when they are published, so that asking for the number tells where it is. One
//! whose number was lost on the way is looked for in the Page's list of what waits. A film's number is known before it
//! is given.

use async_trait::async_trait;
use griot_domain::{Kept, Timestamp};
use serde_json::{Value, json};

use super::graph::{Graph, next, word};
use super::post::{self, Frozen, is_id};
use super::state::{DATED_FIELDS, State};
use super::{Facebook, errors};
use crate::evidence::{self, Found, Likeness};
use crate::http::{Answer, Effect, Payload, Request};
use crate::{Error, Keeper, Probe, Question, Session, Why};

const WAITING: &str = "scheduled_posts";
const FIELDS: &str = "id,message,scheduled_publish_time,attachments{media_type,target,subattachments}";
const ONE: &str = "id,is_published,scheduled_publish_time,permalink_url,created_time";
const AT_ONCE: &str = "100";
const LISTS_MAX: usize = 5;

/// What waits for its date, when the value does.
fn kept(found: &Value) -> Option<Kept> {
    let id = word(&found["id"]).filter(|id| is_id(id))?;
    let at = post::time(&found["scheduled_publish_time"])?;
    Some(Kept { id, at: Some(at), missing: None })
}

/// The same of a film, which is called by its own number and not by that of the post that shows it.
fn kept_film(found: &Value) -> Option<Kept> {
    let id = super::probe::shown(found).into_iter().flatten().find(|id| is_id(id))?;
    Some(Kept { id, ..kept(found)? })
}

impl Facebook {
    /// Where a post is that the Page may keep; nothing when it keeps none and does not know its number.
    pub(super) async fn keeps(&self, session: &Session, question: &Question) -> Result<Option<Probe>, Error> {
        let graph = Graph::of(&self.client, session).await?;
        let page = session.account.remote_id.as_str();
        let frozen = question.armed.as_ref().and_then(|armed| Frozen::read(&armed.body, page));
        let is_film = post::film(&question.prepared).is_some();
        if let Some(video) = film_of(question, frozen.as_ref()) {
            return self.film_kept(&graph, page, &video, question).await;
        }
        if let Some(known) = &question.kept {
            return self.numbered(&graph, &known.id, question).await;
        }
        let photos = frozen.as_ref().map(Frozen::photos).unwrap_or_default();
        let likeness = |found: &Value| {
            let holds = !photos.is_empty() && super::probe::is_same(&photos, found);
            if holds { Likeness::Same } else { super::probe::says(found, question) }
        };
        let (found, is_all) = waiting(&graph, page, |one| likeness(one) != Likeness::Different).await?;
        let read = if is_film { kept_film } else { kept };
        let ours = found.iter().filter_map(|one| Some((read(one)?, likeness(one))));
        let free = ours.filter(|(one, _)| !question.taken.contains(&one.id));
        Ok(match evidence::pick(free) {
            Found::None if !is_all => {
                Some(Probe::CannotTell("more waits on the Page than can be read".into()))
            }
            Found::None => None,
            Found::One(one) => Some(Probe::Kept(one)),
            Found::CannotTell(why) => Some(Probe::CannotTell(why)),
        })
    }

    /// Where a film is whose number is known: it says so itself, and else the Page's list of what waits does. Nothing when
    /// there is no such film any more.
    async fn film_kept(
        &self,
        graph: &Graph,
        page: &str,
        video: &str,
        question: &Question,
    ) -> Result<Option<Probe>, Error> {
        let found = match graph.get(&[video], &[("fields", DATED_FIELDS)]).await {
            Ok(answer) => answer.success().cloned().unwrap_or_default(),
            Err(Error::Content(_) | Error::Permission(_)) => return Ok(None),
            Err(other) => return Err(other),
        };
        let kept = |at| Probe::Kept(Kept { id: video.to_owned(), at: Some(at), missing: None });
        let state = State::of(&found);
        if let (Some(at), None) = (state.date, &state.wrong) {
            return Ok(Some(kept(at)));
        }
        let told = super::probe::film_verdict(video, &found, question)?;
        if told != Probe::Absent || state.wrong.is_some() {
            return Ok(Some(told));
        }
        let (list, is_all) = waiting(graph, page, |one| super::probe::is_same(&[video], one)).await?;
        Ok(Some(match list.first().and_then(|one| post::time(&one["scheduled_publish_time"])) {
            Some(at) => kept(at),
            None if is_all => Probe::Absent,
            None => Probe::CannotTell("more waits on the Page than can be read".into()),
        }))
    }

    async fn numbered(&self, graph: &Graph, id: &str, question: &Question) -> Result<Option<Probe>, Error> {
        let answer = match graph.get(&[id], &[("fields", ONE)]).await {
            Ok(answer) => answer,
            // There is no such number any more, or it may not be seen, which Facebook does not tell apart. The Page's
            // list is asked next: who may read that may see the post, and it says whether it is live after all.
            Err(Error::Content(_) | Error::Permission(_)) => return Ok(None),
            Err(other) => return Err(other),
        };
        let found = answer.success().cloned().unwrap_or_default();
        if found["is_published"] == true {
            let is_taken = question.taken.iter().any(|taken| taken == id);
            let live = post::live(&found).filter(|_| !is_taken);
            return Ok(Some(live.map_or_else(
                || Probe::CannotTell("the post is another delivery's proof".into()),
                Probe::Live,
            )));
        }
        Ok(Some(match kept(&found) {
            Some(kept) => Probe::Kept(kept),
            None => Probe::CannotTell("Facebook does not say when it is to appear".into()),
        }))
    }
}

/// The film that is asked about, where its number is known.
fn film_of(question: &Question, frozen: Option<&Frozen>) -> Option<String> {
    post::film(&question.prepared)?;
    let known = question.kept.as_ref().map(|kept| kept.id.clone());
    known.or_else(|| frozen?.video.clone())
}

/// What waits on a Page and is meant, and whether all that waits was read.
async fn waiting(
    graph: &Graph,
    page: &str,
    is_meant: impl Fn(&Value) -> bool,
) -> Result<(Vec<Value>, bool), Error> {
    let mut meant = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..LISTS_MAX {
        let mut query = vec![("fields", FIELDS), ("limit", AT_ONCE)];
        query.extend(after.as_deref().map(|cursor| ("after", cursor)));
        let answer = graph.get(&[page, WAITING], &query).await?;
        let body = answer.success().cloned().unwrap_or_default();
        let list = body["data"].as_array().ok_or_else(|| Error::Portal("the answer is no list".into()))?;
        meant.extend(list.iter().filter(|one| is_meant(one)).cloned());
        let cursor = next(&body);
        if cursor.is_none() || cursor == after {
            return Ok((meant, true));
        }
        after = cursor;
    }
    Ok((meant, false))
}

#[async_trait]
impl Keeper for Facebook {
    async fn hand_over(&self, session: &Session, body: &Value, _key: &str) -> Result<Kept, Error> {
        let frozen = Frozen::read(body, &session.account.remote_id)
            .filter(|frozen| frozen.body["scheduled_publish_time"].is_number())
            .ok_or_else(|| {
                Error::Content(Why::not_its_own("the frozen request is no dated one of this Page's"))
            })?;
        let graph = Graph::of(&self.client, session).await?;
        let answer = self.call(&graph, &frozen).await?;
        let said = answer.success().cloned().unwrap_or_default();
        let id = match &frozen.video {
            Some(video) => Some(video.clone()).filter(|_| said["success"] == true),
            None => word(&said["id"]).filter(|id| is_id(id)),
        };
        let id = id.ok_or_else(|| Error::Uncertain("the answer does not name the post".into()))?;
        let at = frozen.body["scheduled_publish_time"].as_i64().unwrap_or_default();
        let at = Timestamp::from_millis(at.saturating_mul(1000));
        Ok(Kept { id, at: Some(at), missing: None })
    }

    async fn move_to(&self, session: &Session, id: &str, at: Timestamp) -> Result<(), Error> {
        let graph = Graph::of(&self.client, session).await?;
        let body = json!({ "scheduled_publish_time": at.millis() / 1000 });
        let request = Request::post(graph.at(&[id], &[])?, Payload::Json(body)).visible();
        done(&graph, request).await
    }

    async fn withdraw(&self, session: &Session, id: &str) -> Result<(), Error> {
        let graph = Graph::of(&self.client, session).await?;
        done(&graph, Request::delete(graph.at(&[id], &[])?).visible()).await
    }
}

/// Sends a change of what waits; anything but "it worked" leaves it open.
async fn done(graph: &Graph, request: Request) -> Result<(), Error> {
    let answer = graph.ask(request).await?;
    match answer.json.as_ref().filter(|_| super::graph::is_success(&answer)) {
        Some(said) if said["success"] == true => Ok(()),
        Some(_) => Err(Error::Uncertain("the answer does not say that it worked".into())),
        // "No such object" may mean that it went out, or was taken back before: the next look tells.
        None if is_unknown(&answer) => Err(Error::Uncertain(answer.words())),
        None => Err(errors::refusal(&answer, Effect::Visible)),
    }
}

/// Whether the Graph says that there is no such object, or none that may be seen.
pub(super) fn is_unknown(answer: &Answer) -> bool {
    answer.json.as_ref().is_some_and(|body| body["error"]["error_subcode"] == 33)
}
