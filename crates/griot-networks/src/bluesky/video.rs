//! Films through Bluesky's video service, which makes them playable and puts them on the account's server.
//!
//! A film that goes to the account's server directly is shown as not ready by the network's own app, and is
//! capped at 50 MiB. Deliberately absent: the resumable interface; the outbox starts a cut upload again.

use std::time::Duration;

use griot_domain::Timestamp;
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};

use super::session::{HOME, refusal};
use super::upload::is_blob;
use super::{Bluesky, FORGET_AFTER, xrpc};
use crate::http::{Answer, Payload, Request, Upload};
use crate::{Error, PreparedMedia, Session, Steps, Why, address};

const SERVICE: &str = "https://video.bsky.app";
/// The longest that the account's server grants (networks.md 13).
const GRANT: Duration = Duration::from_secs(30 * 60);
/// A film of a minute is ready after some seconds.
const ASK_AGAIN: Duration = Duration::from_secs(3);

impl Bluesky {
    /// The video service for this account. A server on this machine is not known to the network's own one.
    pub(super) fn video_service(&self, session: &Session) -> Option<String> {
        if let Some(service) = &self.video_service {
            return Some(service.clone());
        }
        let server = Url::parse(&session.account.server).ok()?;
        (!address::is_loopback(&server)).then(|| SERVICE.to_owned())
    }

    /// The blob of a film, once the service has made it; [`Error::Processing`] until then.
    pub(super) async fn through_service(
        &self,
        session: &Session,
        service: &str,
        media: &PreparedMedia,
        steps: &mut dyn Steps,
    ) -> Result<Value, Error> {
        let step = xrpc::job_step(media);
        let answer = match steps.get(&step).as_ref().and_then(Value::as_str) {
            Some(job) => self.job(service, job).await?,
            None => self.upload(session, service, media).await?,
        };
        let status = job_status(&answer);
        if let Some(blob) = is_blob(&status["blob"]) {
            return Ok(blob);
        }
        if status["state"] == "JOB_STATE_FAILED" {
            steps.forget(&step)?;
            let why = ["message", "error"].into_iter().find_map(|name| status[name].as_str());
            return Err(Error::Content(Why::video_refused(why)));
        }
        let Some(job) = status["jobId"].as_str() else {
            // A job that the service does not know any more: the film goes up again.
            steps.forget(&step)?;
            return Err(Error::Expired(step));
        };
        steps.put(&step, json!(job), Some(self.client.now().plus(FORGET_AFTER)))?;
        Err(Error::Processing { after: ASK_AGAIN })
    }

    async fn upload(&self, session: &Session, service: &str, media: &PreparedMedia) -> Result<Answer, Error> {
        let token = self.grant(session).await?;
        let upload = Upload::of(media);
        let query = [("did", session.account.remote_id.as_str()), ("name", upload.name.as_str())];
        let url = xrpc::method(service, "app.bsky.video.uploadVideo", &query)?;
        let answer = self.client.send(Request::post(url, Payload::File(upload)).bearer(&token)).await?;
        // The same film again is answered with a conflict that carries the job or the blob of the first time.
        let known = answer.status == StatusCode::CONFLICT || answer.text("error") == Some("already_exists");
        if answer.success().is_none() && !known {
            return Err(refusal(&answer));
        }
        Ok(answer)
    }

    async fn job(&self, service: &str, job: &str) -> Result<Answer, Error> {
        let url = xrpc::method(service, "app.bsky.video.getJobStatus", &[("jobId", job)])?;
        let answer = self.client.send(Request::get(url)).await?;
        match answer.success() {
            Some(_) => Ok(answer),
            None if matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND) => Ok(answer),
            None => Err(refusal(&answer)),
        }
    }

    /// A token that lets the service put a blob on the account's server.
    async fn grant(&self, session: &Session) -> Result<String, Error> {
        let server = &session.account.server;
        let home = session.vault.load().await?.get(HOME).map_or_else(|| server.clone(), str::to_owned);
        let host = Url::parse(&home).ok().and_then(|url| url.host_str().map(str::to_owned));
        let audience = format!("did:web:{}", host.unwrap_or_default());
        // The server compares with its own clock, and this machine's may be off by years.
        let now = self.whoami(session).await?.date.unwrap_or_else(|| self.client.now());
        let expires = seconds(now.plus(GRANT)).to_string();
        let query =
            [("aud", audience.as_str()), ("lxm", "com.atproto.repo.uploadBlob"), ("exp", expires.as_str())];
        let url = xrpc::method(server, "com.atproto.server.getServiceAuth", &query)?;
        let answer = self.call(session, Request::get(url)).await?;
        let token = answer.success().ok_or_else(|| refusal(&answer))?["token"].as_str();
        token.map(str::to_owned).ok_or_else(|| Error::Portal("the answer has no token".into()))
    }
}

/// The job in an answer; some answers wrap it, some are it.
fn job_status(answer: &Answer) -> Value {
    let body = answer.json.clone().unwrap_or(Value::Null);
    if body["jobStatus"].is_object() { body["jobStatus"].clone() } else { body }
}

fn seconds(at: Timestamp) -> i64 {
    at.millis() / 1000
}
