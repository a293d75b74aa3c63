//! Records that are live, removed. A post has no edits on Bluesky: its apps show the first version, or none.

use async_trait::async_trait;
use reqwest::StatusCode;
use serde_json::json;

use super::session::refusal;
use super::{Bluesky, tid, xrpc};
use crate::http::{Payload, Request};
use crate::{Change, Editor, Error, Posted, Session, Sight, Why};

/// The key of the record: the last part of its address, `at://did/collection/key`.
fn key(post: &Posted) -> Result<&str, Error> {
    let id = post.live.id.as_str();
    let last = id.rsplit('/').next().filter(|key| tid::is_valid(key));
    last.ok_or_else(|| Error::Content(Why::not_its_own("what is live is no record of this account")))
}

#[async_trait]
impl Editor for Bluesky {
    async fn sight(&self, session: &Session, post: &Posted) -> Result<Sight, Error> {
        let did = session.account.remote_id.as_str();
        let query = [("repo", did), ("collection", xrpc::POSTS), ("rkey", key(post)?)];
        let url = xrpc::method(&session.account.server, "com.atproto.repo.getRecord", &query)?;
        let answer = self.call(session, Request::get(url)).await?;
        match answer.success() {
            Some(found) if found["uri"].is_string() => Ok(Sight::Same),
            Some(_) => Ok(Sight::CannotTell("the server answered with another record".into())),
            None if answer.text("error") == Some("RecordNotFound") => Ok(Sight::Gone),
            None => Err(refusal(&answer)),
        }
    }

    async fn delete(&self, session: &Session, post: &Posted) -> Result<Change, Error> {
        let body = json!({"repo": session.account.remote_id, "collection": xrpc::POSTS, "rkey": key(post)?});
        let url = xrpc::method(&session.account.server, "com.atproto.repo.deleteRecord", &[])?;
        let answer = self.call(session, Request::post(url, Payload::Json(body)).visible()).await?;
        // A record that is not there is deleted with the same answer.
        if answer.status == StatusCode::OK && answer.success().is_some() {
            return Ok(Change::Done);
        }
        Err(refusal(&answer))
    }
}
