//! Facebook Pages, by the Graph API.
//!
//! Everything goes up where nobody sees it: pictures as unpublished photos, a film in an upload session. One
//! small call then makes the post visible. Facebook knows no key for a post: the Page's own list and the state of
//! a film say what is live. A Page keeps dates, too.
//! Deliberately absent: profiles, groups and events (no interface), and stories.

mod amend;
mod consent;
mod ends;
mod errors;
mod film;
mod graph;
mod kept;
mod login;
mod photo;
mod post;
mod probe;
mod state;

use async_trait::async_trait;
use griot_domain::NetworkId;
use griot_domain::rules::LiveLimits;
use reqwest::Url;
use serde_json::Value;

use crate::http::{Answer, Client, Effect, Payload, Request};
use crate::{
    Browser, ConnectInput, Connected, Editor, Error, Keeper, Live, Network, Prepared, Probe, Question,
    Session, Staged, Steps, Why,
};
use graph::Graph;
use post::Frozen;

/// The network Facebook, for Pages.
#[derive(Debug, Clone)]
pub struct Facebook {
    client: Client,
}

impl Facebook {
    /// Facebook, by this way out.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The call that will make the post visible, with everything it names in place.
    async fn frozen(
        &self,
        graph: &Graph,
        page: &str,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Frozen, Error> {
        if let Some(parent) = &prepared.reply_to {
            return Ok(Frozen::comment(&parent.id, &prepared.text));
        }
        if let Some(film) = post::film(prepared) {
            return self.film(graph, page, film, prepared, steps).await;
        }
        let photos = self.photos(graph, page, &prepared.media, prepared.date.is_some(), steps).await?;
        Ok(Frozen::post(page, prepared, &photos))
    }

    /// Makes the visible call, or the one that gives Facebook a post with its date.
    async fn call(&self, graph: &Graph, frozen: &Frozen) -> Result<Answer, Error> {
        let query: &[(&str, &str)] =
            if frozen.video.is_some() { &[] } else { &[("fields", "id,permalink_url")] };
        let url: Url = graph.at(&[&frozen.node, &frozen.edge], query)?;
        let request = Request::post(url, Payload::Json(frozen.body.clone())).visible();
        graph.send(request, Effect::Visible).await.map_err(|error| match error {
            // The Page no longer has a photo that went up before: the next try sends them again.
            Error::Content(words) if !frozen.photos().is_empty() && words.contains("media_fbid") => {
                Error::Expired(photo::STEPS.into())
            }
            other => other,
        })
    }
}

#[async_trait]
impl Network for Facebook {
    fn id(&self) -> NetworkId {
        NetworkId::Facebook
    }

    fn editor(&self) -> Option<&dyn Editor> {
        Some(self)
    }

    fn browser(&self) -> Option<&dyn Browser> {
        Some(self)
    }

    fn keeper(&self) -> Option<&dyn Keeper> {
        Some(self)
    }

    async fn connect(&self, input: &ConnectInput) -> Result<Connected, Error> {
        self.open(input).await
    }

    async fn check(&self, session: &Session) -> Result<Connected, Error> {
        self.look_again(session).await
    }

    async fn limits(&self, _session: &Session) -> Result<Option<LiveLimits>, Error> {
        Ok(None)
    }

    async fn stage(
        &self,
        session: &Session,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Staged, Error> {
        post::check(prepared)?;
        let graph = Graph::of(&self.client, session).await?;
        let page = session.account.remote_id.as_str();
        let frozen = self.frozen(&graph, page, prepared, steps).await?;
        let (newest_own, answer) = self.newest(&graph, page).await?;
        Ok(Staged {
            body: frozen.to_value(),
            // No server knows it; it names the delivery in the journal, the same in every copy of the workspace.
            key: prepared.delivery.to_string(),
            server_date: answer.date,
            newest_own,
        })
    }

    async fn commit(&self, session: &Session, body: &Value, _key: &str) -> Result<Live, Error> {
        let frozen = Frozen::read(body, &session.account.remote_id).ok_or_else(|| {
            Error::Content(Why::not_its_own("the frozen request is not one of this Page's"))
        })?;
        let graph = Graph::of(&self.client, session).await?;
        let answer = self.call(&graph, &frozen).await?;
        let said = answer.success().cloned().unwrap_or_default();
        match &frozen.video {
            Some(video) if said["success"] == true => self.film_is_out(&graph, video).await,
            Some(_) => Err(Error::Uncertain("the answer does not say that it worked".into())),
            None => {
                post::live(&said).ok_or_else(|| Error::Uncertain("the answer does not name the post".into()))
            }
        }
    }

    async fn probe(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        if question.dated {
            match self.keeps(session, question).await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                // What may not be read says nothing about the post.
                Err(Error::Content(words) | Error::Permission(words)) => {
                    return Ok(Probe::CannotTell(words.into()));
                }
                Err(other) => return Err(other),
            }
        }
        self.look_for(session, question).await
    }
}

#[cfg(test)]
pub(crate) use post::check as holds;

#[cfg(test)]
mod tests;
