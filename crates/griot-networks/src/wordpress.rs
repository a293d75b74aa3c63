//! WordPress: an article that waits as a draft and is then published by its number.
//!
//! The draft makes a lost answer harmless: publishing it twice is publishing it once, and asking for it says
//! which it is. Its slug comes from the delivery, so that every copy of the workspace finds the same draft.
//! A site keeps dates, too. Deliberately absent: making categories or tags that the site
//! does not have, WordPress.com's own interface, the sign-in page of application passwords.

mod amend;
mod article;
mod blocks;
mod comment;
mod draft;
mod kept;
mod login;
mod media;
mod probe;
mod refusal;
mod site;
mod terms;

use async_trait::async_trait;
use griot_domain::NetworkId;
use griot_domain::rules::LiveLimits;
use reqwest::StatusCode;
use serde_json::Value;

use crate::http::{Client, Payload};
use crate::{
    ConnectInput, Connected, Editor, Error, Keeper, Live, Network, Prepared, Probe, Question, Session,
    Staged, Steps, Why,
};
use refusal::refusal;
use site::Door;

/// The network WordPress.
#[derive(Debug, Clone)]
pub struct WordPress {
    client: Client,
}

impl WordPress {
    /// WordPress, by this way out.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Publishes the draft that `body` names.
    async fn publish(&self, door: &Door, body: &Value) -> Result<Live, Error> {
        let (Some(id), Some(wanted)) = (article::number(body), article::status(body)) else {
            return Err(Error::Content(Why::not_its_own("the frozen request names no draft")));
        };
        let route = format!("/wp/v2/posts/{id}");
        let query = [("context", "edit"), ("_fields", article::FIELDS)];
        let answer =
            self.client.send(door.post(&route, &query, Payload::Json(body.clone())).visible()).await?;
        match answer.success() {
            // Rules of the site may keep an article back: then it has a number, and is not what was asked for.
            Some(said) => article::live(said)
                .filter(|_| article::number(said) == Some(id) && article::status(said) == Some(wanted))
                .ok_or_else(|| Error::Uncertain("the answer does not say that the article is out".into())),
            None if answer.status == StatusCode::NOT_FOUND && is_unknown_post(answer.text("code")) => {
                Err(Error::Expired(draft::STEP.into()))
            }
            None => Err(refusal(&answer)),
        }
    }
}

/// Whether a code says that no article or medium has this number.
fn is_unknown_post(code: Option<&str>) -> bool {
    code == Some("rest_post_invalid_id")
}

#[async_trait]
impl Network for WordPress {
    fn id(&self) -> NetworkId {
        NetworkId::Wordpress
    }

    fn editor(&self) -> Option<&dyn Editor> {
        Some(self)
    }

    fn keeper(&self) -> Option<&dyn Keeper> {
        Some(self)
    }

    async fn connect(&self, input: &ConnectInput) -> Result<Connected, Error> {
        self.open(input).await
    }

    async fn check(&self, session: &Session) -> Result<Connected, Error> {
        let found = self.identify(&Door::of(session).await?).await?;
        if found.remote_id != session.account.remote_id {
            return Err(Error::Auth(Why::of_another_account("the kept secrets belong to another account")));
        }
        Ok(found)
    }

    async fn limits(&self, _session: &Session) -> Result<Option<LiveLimits>, Error> {
        // A site says how much it takes only by refusing more.
        Ok(None)
    }

    async fn stage(
        &self,
        session: &Session,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Staged, Error> {
        let door = Door::of(session).await?;
        if let Some(article) = &prepared.reply_to {
            return self.stage_comment(&door, prepared, article).await;
        }
        let media = self.uploaded(&door, prepared, steps).await?;
        let draft = self.draft(&door, prepared, &media, steps).await?;
        Ok(Staged {
            body: article::publishing(draft.id, prepared),
            key: article::key(prepared.delivery),
            server_date: draft.date,
            newest_own: Some(draft.id.to_string()),
        })
    }

    async fn commit(&self, session: &Session, body: &Value, _key: &str) -> Result<Live, Error> {
        let door = Door::of(session).await?;
        if comment::is_comment(body) {
            return self.comment(&door, body).await;
        }
        self.publish(&door, body).await
    }

    async fn probe(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        let door = Door::of(session).await?;
        let frozen = question.armed.as_ref().map(|armed| &armed.body);
        if question.prepared.reply_to.is_some() || frozen.is_some_and(comment::is_comment) {
            return self.look_for_comment(&door, session, question).await;
        }
        self.look_for(&door, session, question).await
    }
}

#[cfg(test)]
mod tests;
