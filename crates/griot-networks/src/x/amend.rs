//! Posts that are live, removed. Changing one is for paying accounts on X's own pages, and nothing here.

use async_trait::async_trait;
use reqwest::{StatusCode, Url};
use serde_json::Value;

use super::{X, api, refusal};
use crate::http::{Answer, Request};
use crate::{Change, Editor, Error, Posted, Session, Sight, Why};

fn place(session: &Session, post: &Posted) -> Result<Url, Error> {
    let id = Some(post.live.id.as_str()).filter(|id| api::is_id(id));
    let id = id.ok_or_else(|| Error::Content(Why::not_its_own("what is live has no number of X")))?;
    api::path(&session.account.server, &format!("/2/tweets/{id}"), &[])
}

/// Whether X itself says that it has no such post: with 404, or with a success that holds nothing but that.
fn is_unknown(answer: &Answer) -> bool {
    let Some(body) = &answer.json else { return false };
    let said = refusal::kind(body) == "resource-not-found";
    said && body["data"].is_null() && matches!(answer.status, StatusCode::OK | StatusCode::NOT_FOUND)
}

#[async_trait]
impl Editor for X {
    async fn sight(&self, session: &Session, post: &Posted) -> Result<Sight, Error> {
        let answer = self.call(session, Request::get(place(session, post)?)).await?;
        if is_unknown(&answer) {
            return Ok(Sight::Gone);
        }
        match answer.success() {
            Some(said) if said["data"]["id"] == post.live.id.as_str() => Ok(Sight::Same),
            Some(_) => Ok(Sight::CannotTell(answer.words().into())),
            None => Err(refusal::of(&answer)),
        }
    }

    async fn delete(&self, session: &Session, post: &Posted) -> Result<Change, Error> {
        let answer = self.call(session, Request::delete(place(session, post)?).visible()).await?;
        if is_unknown(&answer) {
            return Ok(Change::NotThere);
        }
        match answer.success() {
            Some(said) if said["data"]["deleted"] == Value::Bool(true) => Ok(Change::Done),
            Some(_) => Err(Error::Uncertain("the answer does not say that it is deleted".into())),
            None => Err(refusal::of(&answer)),
        }
    }
}
