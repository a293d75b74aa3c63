//! Discourse: topics and answers on forums, with an administrator's API key.
//!
//! Every topic carries a key of ours that the forum finds it by; an answer is found in its topic. What waits for a
//! moderator is not published. Deliberately absent: private messages, dates, forums below a path of their site, films
//! too large for one request, and user API keys, which cannot name a topic.

mod amend;
mod api;
mod forum;
mod media;
mod post;
mod probe;

use async_trait::async_trait;
use griot_domain::NetworkId;
use griot_domain::rules::LiveLimits;
use reqwest::{StatusCode, Url};
use serde_json::Value;

use crate::http::{Answer, Client, Payload, Request};
use crate::{
    ConnectInput, Connected, Editor, Ends, Error, Live, Network, Prepared, Probe, Question, Secrets, Session,
    Staged, Steps, Why, address,
};

/// The network Discourse.
#[derive(Debug, Clone)]
pub struct Discourse {
    client: Client,
}

impl Discourse {
    /// Discourse, by this way out.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Whose key it is, and what the forum says of itself.
    async fn identify(&self, server: &str, keys: &api::Keys) -> Result<Connected, Error> {
        let (id, name) = self.whose(server, keys).await?;
        let limits = self.stated(server, keys).await?;
        let host = Url::parse(server).ok().and_then(|url| url.host_str().map(str::to_owned));
        let mut secrets = Secrets::default();
        secrets.0.insert(api::KEY.into(), keys.key.clone());
        Ok(Connected {
            server: server.to_owned(),
            handle: format!("{name}@{}", host.unwrap_or_default()),
            remote_id: id.to_string(),
            secrets,
            limits: Some(limits),
            ends: Ends::NotTold,
        })
    }

    /// What a refusal of the visible call means.
    async fn commit_refusal(
        &self,
        session: &Session,
        answer: &Answer,
        body: &Value,
        key: &str,
    ) -> Result<Live, Error> {
        let is_topic = body["external_id"] == key;
        if answer.status != StatusCode::UNPROCESSABLE_ENTITY || answer.json.is_none() || !is_topic {
            return Err(self.refused(session, answer).await);
        }
        // Nothing new became visible; but the title or the key may be taken by this very topic, sent before.
        match self.topic_of(session, key).await {
            Ok(Some(live)) => Ok(live),
            Ok(None) => Err(api::refusal(answer)),
            Err(error) => Err(Error::Uncertain(format!("refused, and then: {error}").into())),
        }
    }

    /// The forum's clock and the newest own post.
    async fn newest(&self, session: &Session) -> Result<(Option<String>, Answer), Error> {
        let name = api::name(&session.account.handle)?;
        // 4 are own topics, 5 own answers.
        let query = [("offset", "0"), ("username", &name), ("filter", "4,5")];
        let url = api::path(&session.account.server, "/user_actions.json", &query)?;
        let answer = self.call(session, Request::get(url)).await?;
        if answer.success().is_none() {
            match self.refused(session, &answer).await {
                // A key that may only write, or a person who hides what they did.
                Error::Permission(_) | Error::Content(_) if api::is_closed(&answer) => {}
                error => return Err(error),
            }
        }
        let first = answer.success().map(|body| &body["user_actions"][0]["post_id"]);
        let newest =
            first.and_then(|id| id.as_str().map(str::to_owned).or_else(|| Some(id.as_u64()?.to_string())));
        Ok((newest, answer))
    }
}

#[async_trait]
impl Network for Discourse {
    fn id(&self) -> NetworkId {
        NetworkId::Discourse
    }

    fn editor(&self) -> Option<&dyn Editor> {
        Some(self)
    }

    async fn connect(&self, input: &ConnectInput) -> Result<Connected, Error> {
        let typed = input.server.as_deref().or_else(|| input.fields.get("server")).unwrap_or_default();
        let server = address::normalise(typed).map_err(|e| Error::Auth(e.into()))?;
        let handle = input.handle.as_deref().or_else(|| input.fields.get("handle")).unwrap_or_default();
        let key = input.fields.get(api::KEY).unwrap_or_default();
        let keys = api::Keys { key: api::cleaned(key)?, name: api::name(handle)? };
        self.identify(&server, &keys).await
    }

    async fn check(&self, session: &Session) -> Result<Connected, Error> {
        let keys = api::keys(session).await?;
        let found = self.identify(&session.account.server, &keys).await?;
        if found.remote_id != session.account.remote_id {
            return Err(Error::Auth(Why::of_another_account("the kept secrets belong to another account")));
        }
        Ok(found)
    }

    async fn limits(&self, session: &Session) -> Result<Option<LiveLimits>, Error> {
        let keys = api::keys(session).await?;
        Ok(Some(self.stated(&session.account.server, &keys).await?))
    }

    async fn stage(
        &self,
        session: &Session,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Staged, Error> {
        let key = post::key(prepared.delivery);
        let target = post::target(&session.account.server, prepared)?;
        // What is wrong without the forum being asked comes before bytes are paid for.
        let head = self.head(session, prepared, &target, &key, steps).await?;
        let markup = self.uploaded(session, &prepared.media, steps).await?;
        let (newest_own, answer) = self.newest(session).await?;
        Ok(Staged {
            body: post::body(head, &prepared.text, &markup),
            key,
            server_date: answer.date,
            newest_own,
        })
    }

    async fn commit(&self, session: &Session, body: &Value, key: &str) -> Result<Live, Error> {
        let server = &session.account.server;
        let url = api::path(server, "/posts.json", &[])?;
        let request = Request::post(url, Payload::Json(body.clone())).visible();
        let answer = self.call(session, request).await?;
        match answer.success() {
            // A definite end that a person must see: whether it ever goes live is for others to decide. Words about
            // content reach the person as they are, words about rights do not.
            Some(said) if said["action"] == "enqueued" => Err(Error::Content(Why::ours(
                "Le forum la garde pour ses modérateurs\u{a0}: quand ils l\u{2019}auront laissée passer, confirmez-la ici, et ne la renvoyez pas.",
                "The forum holds it back for its moderators: when they have let it through, confirm it here, and do not send it again.",
            ))),
            Some(said) => post::live(server, said)
                .ok_or_else(|| Error::Uncertain("the answer does not name the post".into())),
            None => self.commit_refusal(session, &answer, body, key).await,
        }
    }

    async fn probe(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        self.look_for(session, question).await
    }
}

#[cfg(test)]
mod tests;
