//! Bluesky (atproto): a record under a key that is known before it is sent.
//!
//! That key is what makes a lost answer harmless: `getRecord` says whether it is there. Deliberately absent:
//! OAuth (its loopback client is for development only), link cards, threadgates, galleries of more than four.

mod amend;
mod facets;
mod record;
mod session;
mod tid;
mod upload;
mod video;
mod xrpc;

use std::time::Duration;

use async_trait::async_trait;
use griot_domain::NetworkId;
use griot_domain::rules::LiveLimits;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use crate::http::{Answer, Client, Payload, Request};
use crate::{
    ConnectInput, Connected, Editor, Ends, Error, Live, Network, Prepared, Probe, Question, Session, Staged,
    Steps, Why,
};
use session::{refusal, text};

/// Servers collect blobs that no record names after an hour at the earliest; resolved names are asked again, too.
const FORGET_AFTER: Duration = Duration::from_secs(50 * 60);

/// The network Bluesky.
#[derive(Debug, Clone)]
pub struct Bluesky {
    client: Client,
    video_service: Option<String>,
}

impl Bluesky {
    /// Bluesky, by this way out.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client, video_service: None }
    }

    /// The same with a video service of its own, `https://host`.
    #[must_use]
    pub fn with_video_service(mut self, address: &str) -> Self {
        self.video_service = Some(address.to_owned());
        self
    }

    /// Key and date of the newest post of the account, as far as there is one.
    async fn newest(&self, session: &Session) -> Result<(Option<String>, Answer), Error> {
        let account = &session.account;
        let query = [("repo", account.remote_id.as_str()), ("collection", xrpc::POSTS), ("limit", "1")];
        let url = xrpc::method(&account.server, "com.atproto.repo.listRecords", &query)?;
        let answer = self.call(session, Request::get(url)).await?;
        let body = answer.success().ok_or_else(|| refusal(&answer))?;
        let uri = body["records"][0]["uri"].as_str();
        Ok((uri.and_then(|uri| uri.rsplit('/').next()).map(str::to_owned), answer))
    }

    /// What a refusal of the visible call means.
    fn commit_refusal(answer: &Answer) -> Error {
        match answer.text("error") {
            // The server does not say which step it was in a way that can be relied on.
            Some("BlobNotFound") => Error::Expired("blob".into()),
            // A record that is there already is answered with a bare 500: the probe finds it.
            _ => refusal(answer),
        }
    }
}

#[async_trait]
impl Network for Bluesky {
    fn id(&self) -> NetworkId {
        NetworkId::Bluesky
    }

    fn editor(&self) -> Option<&dyn Editor> {
        Some(self)
    }

    async fn connect(&self, input: &ConnectInput) -> Result<Connected, Error> {
        self.open(input).await
    }

    async fn check(&self, session: &Session) -> Result<Connected, Error> {
        let answer = self.whoami(session).await?;
        let body = answer.success().ok_or_else(|| refusal(&answer))?;
        Ok(Connected {
            server: session.account.server.clone(),
            handle: text(body, "handle")?.to_owned(),
            remote_id: session.account.remote_id.clone(),
            secrets: session.vault.load().await?,
            limits: None,
            ends: Ends::NotTold,
        })
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
        record::check_media(&prepared.media)?;
        // A cheap call first: an expired token is refreshed before a film goes up in vain.
        self.whoami(session).await?;
        let mut blobs = Vec::new();
        for media in &prepared.media {
            blobs.push(self.blob(session, media, steps).await?);
        }
        let text: String = prepared.text.nfc().collect();
        let facets = self.facets(session, &text, steps).await?;
        let (newest_own, answer) = self.newest(session).await?;
        let record = record::record(prepared, &text, facets, &blobs, self.client.now())?;
        let key = tid::of(prepared.delivery);
        let body = json!({
            "repo": session.account.remote_id,
            "collection": xrpc::POSTS,
            "rkey": key,
            "validate": true,
            "record": record,
        });
        Ok(Staged { body, key, server_date: answer.date, newest_own })
    }

    async fn commit(&self, session: &Session, body: &Value, key: &str) -> Result<Live, Error> {
        if !tid::is_valid(key) || body["rkey"] != key || body["repo"] != session.account.remote_id {
            return Err(Error::Content(Why::not_its_own("the frozen request is not one of this account's")));
        }
        let url = xrpc::method(&session.account.server, "com.atproto.repo.createRecord", &[])?;
        let answer = self.call(session, Request::post(url, Payload::Json(body.clone())).visible()).await?;
        match answer.success() {
            Some(said) => record::live(&session.account.remote_id, key, said, &body["record"])
                .ok_or_else(|| Error::Uncertain("the answer does not name the record".into())),
            None => Err(Self::commit_refusal(&answer)),
        }
    }

    async fn probe(&self, session: &Session, question: &Question) -> Result<Probe, Error> {
        let derived = tid::of(question.prepared.delivery);
        let key = question.armed.as_ref().map_or(derived.as_str(), |armed| armed.key.as_str());
        let did = session.account.remote_id.as_str();
        let query = [("repo", did), ("collection", xrpc::POSTS), ("rkey", key)];
        let url = xrpc::method(&session.account.server, "com.atproto.repo.getRecord", &query)?;
        let answer = self.call(session, Request::get(url)).await?;
        match answer.success() {
            Some(found) => Ok(match record::live(did, key, found, &found["value"]) {
                Some(live) => Probe::Live(live),
                None => Probe::CannotTell("the server answered with another record".into()),
            }),
            None if answer.text("error") == Some("RecordNotFound") => Ok(Probe::Absent),
            None if answer.status.is_client_error() && answer.text("error") == Some("InvalidRequest") => {
                Ok(Probe::CannotTell(answer.words().into()))
            }
            None => Err(refusal(&answer)),
        }
    }
}

#[cfg(test)]
pub(crate) use record::check_media as holds;

#[cfg(test)]
mod tests;
