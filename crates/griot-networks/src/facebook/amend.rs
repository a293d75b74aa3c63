//! Posts, films and comments that are live: other words, and their removal.
//!
//! "No such object" may also mean "not for you", which Facebook does not tell apart: it is believed where the Page's own
//! list can be read, for who may read that may see the post.

use async_trait::async_trait;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use super::graph::{Graph, is_success};
use super::kept::is_unknown;
use super::post::{Frozen, is_id};
use super::{Facebook, errors};
use crate::evidence;
use crate::http::{Answer, Effect, Payload, Request};
use crate::{Change, Editor, Error, Posted, Session, Sight, Why};

fn id(post: &Posted) -> Result<&str, Error> {
    let id = Some(post.live.id.as_str()).filter(|id| is_id(id));
    id.ok_or_else(|| Error::Content(Why::not_its_own("what is live has no number of Facebook")))
}

/// What the words are called: a film has a description.
fn words(session: &Session, post: &Posted) -> &'static str {
    let frozen = post.frozen.as_ref().and_then(|body| Frozen::read(body, &session.account.remote_id));
    if frozen.is_some_and(|frozen| frozen.video.is_some()) { "description" } else { "message" }
}

impl Facebook {
    async fn amended(&self, graph: &Graph, request: Request) -> Result<Change, Error> {
        let answer = graph.ask(request.visible()).await?;
        match answer.json.as_ref().filter(|_| is_success(&answer)) {
            Some(said) if said["success"] == true => Ok(Change::Done),
            Some(_) => Err(Error::Uncertain("the answer does not say that it worked".into())),
            None if is_unknown(&answer) => Ok(Change::NotThere),
            None => Err(errors::refusal(&answer, Effect::Visible)),
        }
    }

    /// Whether "no such object" can be believed.
    async fn is_gone(&self, graph: &Graph, session: &Session, answer: &Answer) -> Result<Sight, Error> {
        if !is_unknown(answer) {
            return Err(errors::refusal(answer, Effect::Repeatable));
        }
        let page = session.account.remote_id.as_str();
        graph.get(&[page, "published_posts"], &[("fields", "id"), ("limit", "1")]).await?;
        Ok(Sight::Gone)
    }
}

#[async_trait]
impl Editor for Facebook {
    async fn sight(&self, session: &Session, post: &Posted) -> Result<Sight, Error> {
        let graph = Graph::of(&self.client, session).await?;
        let (id, name) = (id(post)?, words(session, post));
        let fields = format!("id,{name}");
        let answer = graph.ask(Request::get(graph.at(&[id], &[("fields", &fields)])?)).await?;
        let Some(found) = answer.json.as_ref().filter(|_| is_success(&answer)) else {
            return self.is_gone(&graph, session, &answer).await;
        };
        let there = found[name].as_str().unwrap_or_default();
        Ok(Sight::of(evidence::correction(&post.prepared.text, there)))
    }

    async fn correction(&self, session: &Session, post: &Posted) -> Result<Value, Error> {
        let text: String = post.prepared.text.nfc().collect();
        Ok(json!({ words(session, post): text }))
    }

    async fn edit(&self, session: &Session, post: &Posted, body: &Value) -> Result<Change, Error> {
        let graph = Graph::of(&self.client, session).await?;
        let request = Request::post(graph.at(&[id(post)?], &[])?, Payload::Json(body.clone()));
        self.amended(&graph, request).await
    }

    async fn delete(&self, session: &Session, post: &Posted) -> Result<Change, Error> {
        let graph = Graph::of(&self.client, session).await?;
        let request = Request::delete(graph.at(&[id(post)?], &[])?);
        self.amended(&graph, request).await
    }
}
