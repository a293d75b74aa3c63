//! Mastodon, and the servers that speak its interface.
//!
//! A key makes the server know a request again for an hour; the account's own list says what is live when a
//! server does not honour it. A server keeps dates, too. Deliberately absent: polls, quotes.

mod amend;
mod api;
mod instance;
mod kept;
mod login;
mod media;
mod probe;
mod status;

use async_trait::async_trait;
use griot_domain::rules::LiveLimits;
use griot_domain::text::pasted;
use griot_domain::{Kept, NetworkId};
use reqwest::{StatusCode, Url};
use serde_json::Value;

pub use login::{App, Login, OUT_OF_BAND};

use crate::http::{Answer, Client, Payload, Request};
use crate::{
    Browser, ConnectInput, Connected, Editor, Ends, Error, Keeper, Live, Network, Prepared, Probe, Question,
    Secrets, Session, Staged, Steps, Why, address,
};

/// The network Mastodon.
#[derive(Debug, Clone)]
pub struct Mastodon {
    client: Client,
}

impl Mastodon {
    /// Mastodon, by this way out.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Whose token it is, and what the server says of itself.
    async fn identify(&self, server: &str, token: &str) -> Result<Connected, Error> {
        let url = api::path(server, "/api/v1/accounts/verify_credentials", &[])?;
        let answer = self.client.send(Request::get(url).bearer(token)).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Err(Error::Permission(Why::ours(
                "Ce serveur ne parle pas comme ceux de Mastodon.",
                "This server does not speak as those of Mastodon do.",
            )));
        }
        if answer.success().is_none() {
            return Err(answer.refusal());
        }
        let (id, name) = (api::text(&answer, "id")?, api::text(&answer, "username")?);
        let instance = self.instance(server).await?;
        let host = Url::parse(server).ok().and_then(|url| url.host_str().map(str::to_owned));
        let domain = instance.domain.or(host).unwrap_or_default();
        let mut secrets = Secrets::default();
        secrets.0.insert(api::TOKEN.into(), token.to_owned());
        Ok(Connected {
            server: server.to_owned(),
            handle: format!("@{name}@{domain}"),
            remote_id: id.to_owned(),
            secrets,
            limits: Some(instance.limits),
            ends: Ends::NotTold,
        })
    }

    /// What a refusal of handing a status over means.
    async fn kept_refusal(&self, session: &Session, answer: &Answer, media: &[&str]) -> Result<Kept, Error> {
        if !may_blame_media(answer, media) {
            return Err(answer.refusal());
        }
        // The attachments may be taken by this very post, given before, or forgotten by the server.
        Err(self.blame_media(session, media).await.map_err(in_doubt)?.unwrap_or_else(|| answer.refusal()))
    }

    /// What a refusal of the visible call means.
    async fn commit_refusal(
        &self,
        session: &Session,
        answer: &Answer,
        media: &[&str],
    ) -> Result<Live, Error> {
        if !may_blame_media(answer, media) {
            return Err(answer.refusal());
        }
        // Nothing new became visible; but the attachments may be taken by this very post, sent before.
        if let Some(live) = self.holding(session, media).await.map_err(in_doubt)? {
            return Ok(live);
        }
        Err(self.blame_media(session, media).await.map_err(in_doubt)?.unwrap_or_else(|| answer.refusal()))
    }
}

/// Whether a refusal may mean the attachments. Servers that are not Mastodon say 400 where Mastodon says 422.
fn may_blame_media(answer: &Answer, media: &[&str]) -> bool {
    let invalid = matches!(answer.status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST);
    invalid && answer.json.is_some() && !media.is_empty()
}

/// What could not be asked after a refusal leaves the post in doubt.
fn in_doubt(error: Error) -> Error {
    Error::Uncertain(format!("refused, and then: {error}").into())
}

#[async_trait]
impl Network for Mastodon {
    fn id(&self) -> NetworkId {
        NetworkId::Mastodon
    }

    fn browser(&self) -> Option<&dyn Browser> {
        Some(self)
    }

    fn keeper(&self) -> Option<&dyn Keeper> {
        Some(self)
    }

    fn editor(&self) -> Option<&dyn Editor> {
        Some(self)
    }

    async fn connect(&self, input: &ConnectInput) -> Result<Connected, Error> {
        let typed = input.server.as_deref().or_else(|| input.fields.get("server")).unwrap_or_default();
        let server = address::normalise(typed).map_err(|e| Error::Auth(e.into()))?;
        let token = input.fields.get(api::TOKEN).ok_or_else(|| {
            Error::Auth(Why::ours("Il faut un jeton d\u{2019}accès.", "An access token is needed."))
        })?;
        self.identify(&server, &pasted::secret(token)).await
    }

    async fn check(&self, session: &Session) -> Result<Connected, Error> {
        let token = api::token(session).await?;
        let found = self.identify(&session.account.server, &token).await?;
        if found.remote_id != session.account.remote_id {
            return Err(Error::Auth(Why::of_another_account("the kept secrets belong to another account")));
        }
        Ok(found)
    }

    async fn limits(&self, session: &Session) -> Result<Option<LiveLimits>, Error> {
        Ok(Some(self.instance(&session.account.server).await?.limits))
    }

    async fn stage(
        &self,
        session: &Session,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Staged, Error> {
        if prepared.date.is_some() {
            self.keeps_dates(session).await?;
        }
        let ids = self.attachments(session, &prepared.media, steps).await?;
        let (newest_own, answer) = self.newest(session).await?;
        Ok(Staged {
            body: status::body(prepared, &ids, status::text_type(session.account.limits.as_ref())),
            key: status::key(prepared.delivery),
            server_date: answer.date,
            newest_own,
        })
    }

    async fn commit(&self, session: &Session, body: &Value, key: &str) -> Result<Live, Error> {
        let url = api::path(&session.account.server, "/api/v1/statuses", &[])?;
        let request =
            Request::post(url, Payload::Json(body.clone())).header("Idempotency-Key", key).visible();
        let answer = self.call(session, request).await?;
        match answer.success() {
            Some(said) => status::live(said)
                .ok_or_else(|| Error::Uncertain("the answer does not name the status".into())),
            None => self.commit_refusal(session, &answer, &status::media_ids(body)).await,
        }
    }

    async fn probe(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        if question.dated
            && let Some(kept) = self.keeps(session, question).await?
        {
            return Ok(kept);
        }
        self.look_for(session, question).await
    }
}

#[cfg(test)]
mod tests;
