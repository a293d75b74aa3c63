//! X, by the person's own developer app: they agree in the browser (OAuth 2.0), or paste the app's four keys (OAuth
//! 1.0a).
//!
//! There is no key that makes a second call harmless: after a lost answer the account's own list says whether the
//! post is live, and never that it is not. Every read costs the person money, so each is asked for once.
//! Deliberately absent: polls, communities, tagged people, subtitles, edits.

mod amend;
mod api;
mod chunks;
mod login;
mod media;
mod oauth;
mod post;
mod probe;
mod refusal;
mod shown;
mod tokens;

use async_trait::async_trait;
use griot_domain::NetworkId;
use griot_domain::rules::LiveLimits;
use griot_domain::text::pasted;
use serde_json::Value;

use crate::http::{Answer, Client, Payload, Request};
use crate::{
    Browser, ConnectInput, Connected, Editor, Ends, Error, Live, Network, Prepared, Probe, Question, Secrets,
    Session, Staged, Steps, Why, address,
};
use oauth::Keys;
use tokens::Tokens;

/// The most text of an account without a subscription, and of a subscriber's.
const PLAIN_MAX: u32 = 280;
const SUBSCRIBER_MAX: u32 = 25_000;

/// The network X.
#[derive(Debug, Clone)]
pub struct X {
    client: Client,
}

impl X {
    /// X, by this way out.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Whose tokens or keys they are, by what X answered to [`who`].
    fn identity(server: &str, secrets: Secrets, answer: &Answer) -> Result<Connected, Error> {
        let me = api::data(answer)?;
        let nameless = || Error::Portal("the answer does not say whose keys they are".into());
        let id = api::id(&me["id"]).ok_or_else(nameless)?;
        let name = me["username"].as_str().filter(|name| post::is_username(name)).ok_or_else(nameless)?;
        Ok(Connected {
            server: server.to_owned(),
            handle: format!("@{name}"),
            remote_id: id.to_owned(),
            secrets,
            limits: Some(limits_of(me)),
            ends: Ends::NotTold,
        })
    }
}

/// The question whose they are.
fn who(server: &str) -> Result<Request, Error> {
    let fields = [("user.fields", "name,subscription_type,username")];
    Ok(Request::get(api::path(server, "/2/users/me", &fields)?))
}

/// The server that a person means; X's own when they name none.
fn server_of(input: &ConnectInput) -> Result<String, Error> {
    let typed = input.server.as_deref().map(pasted::address).filter(|server| !server.is_empty());
    address::normalise(typed.as_deref().unwrap_or(api::DEFAULT_SERVER)).map_err(|e| Error::Auth(e.into()))
}

/// What the kind of subscription allows.
fn limits_of(me: &Value) -> LiveLimits {
    let kind = me["subscription_type"].as_str().unwrap_or_default();
    let subscriber = ["Basic", "Premium", "PremiumPlus"].contains(&kind);
    let text_max = if subscriber { SUBSCRIBER_MAX } else { PLAIN_MAX };
    LiveLimits { text_max: Some(text_max), ..LiveLimits::default() }
}

#[async_trait]
impl Network for X {
    fn id(&self) -> NetworkId {
        NetworkId::X
    }

    fn editor(&self) -> Option<&dyn Editor> {
        Some(self)
    }

    fn browser(&self) -> Option<&dyn Browser> {
        Some(self)
    }

    async fn connect(&self, input: &ConnectInput) -> Result<Connected, Error> {
        let server = server_of(input)?;
        let request = who(&server)?;
        let (secrets, answer) = match Tokens::of(&input.fields) {
            Some(tokens) => (tokens.secrets(), self.client.send(request.bearer(&tokens.bearer)).await?),
            None => {
                let keys = Keys::pasted(&input.fields)?;
                (keys.secrets(), self.signed(&keys, request).await?)
            }
        };
        Self::identity(&server, secrets, &answer)
    }

    async fn check(&self, session: &Session) -> Result<Connected, Error> {
        let server = &session.account.server;
        let answer = self.call(session, who(server)?).await?;
        let found = Self::identity(server, session.vault.load().await?, &answer)?;
        if found.remote_id != session.account.remote_id {
            return Err(Error::Auth(Why::of_another_account("the kept keys belong to another account")));
        }
        Ok(found)
    }

    async fn limits(&self, session: &Session) -> Result<Option<LiveLimits>, Error> {
        Ok(self.check(session).await?.limits)
    }

    async fn stage(
        &self,
        session: &Session,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Staged, Error> {
        let ids = self.media_ids(session, &prepared.media, steps).await?;
        let (newest_own, answer) = self.newest(session).await?;
        Ok(Staged {
            body: post::body(prepared, &ids),
            // X takes no key: this one is for the record alone.
            key: prepared.delivery.to_string(),
            server_date: answer.date,
            newest_own,
        })
    }

    async fn commit(&self, session: &Session, body: &Value, _key: &str) -> Result<Live, Error> {
        let url = api::path(&session.account.server, "/2/tweets", &[])?;
        let answer = self.call(session, Request::post(url, Payload::Json(body.clone())).visible()).await?;
        match answer.success() {
            Some(said) => post::live(&session.account.handle, &said["data"])
                .ok_or_else(|| Error::Uncertain("the answer does not name the post".into())),
            None => Err(refusal::of_post(&answer, body)),
        }
    }

    async fn probe(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        self.look_for(session, question).await
    }
}

/// What is said of media before any of them goes up.
#[cfg(test)]
pub(crate) fn holds(media: &[crate::PreparedMedia]) -> Result<(), Error> {
    media::kinds(media).map(|_| ())
}

#[cfg(test)]
mod tests;
