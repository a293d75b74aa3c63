//! Messages that are live, changed and removed.
//!
//! Bots cannot read, so that Telegram's answer is all there is. Both calls can be made again: Telegram says so where the
//! text is there already, and where there is nothing left.

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use super::{Telegram, api, message};
use crate::http::Answer;
use crate::{Change, Editor, Error, Posted, Session, Sight, Why};

/// What Telegram says (400) where the message says that already.
const SAME: &str = "message is not modified";
/// Where it has no such message.
const UNKNOWN: &[&str] = &["message to edit not found", "message to delete not found", "message_id_invalid"];
/// Where the bot may not, or no longer.
const NOT_ALLOWED: &[&str] = &["can't be deleted", "can't be edited", "message_delete_forbidden"];

/// The messages of a post; an album has several, and the first carries the text.
fn numbers(post: &Posted) -> Result<Vec<i64>, Error> {
    let ids = post.live.id.split(',').map(|id| id.trim().parse::<i64>().ok().filter(|id| *id > 0));
    let ids: Option<Vec<i64>> = ids.collect();
    ids.filter(|ids| !ids.is_empty()).ok_or_else(|| {
        Error::Content(Why::not_its_own("the proof of the post does not say which message it is"))
    })
}

impl Telegram {
    async fn change(&self, session: &Session, method: &str, call: Value) -> Result<Change, Error> {
        let (bot, _) = api::kept(session).await?;
        let answer = self.client.send(bot.asks(method, call)?.visible()).await?;
        match api::result(&answer) {
            Some(_) => Ok(Change::Done),
            None => refused(&answer),
        }
    }
}

fn refused(answer: &Answer) -> Result<Change, Error> {
    let own = answer.json.as_ref().filter(|body| body["ok"] == false && body["error_code"] == 400);
    let said = own.and_then(|body| body["description"].as_str()).unwrap_or_default().to_lowercase();
    if said.contains(SAME) {
        return Ok(Change::Done);
    }
    if UNKNOWN.iter().any(|words| said.contains(words)) {
        return Ok(Change::NotThere);
    }
    if NOT_ALLOWED.iter().any(|words| said.contains(words)) {
        return Err(Error::Permission(answer.words()));
    }
    Err(api::refusal(answer))
}

#[async_trait]
impl Editor for Telegram {
    async fn sight(&self, session: &Session, _post: &Posted) -> Result<Sight, Error> {
        let place = message::address(session);
        Ok(Sight::CannotTell(format!("bots cannot read what was posted: look at {place}")))
    }

    async fn correction(&self, session: &Session, post: &Posted) -> Result<Value, Error> {
        let text: String = post.prepared.text.nfc().collect();
        let mut call = Map::new();
        call.insert("chat_id".into(), json!(api::chat(session)?));
        call.insert("message_id".into(), json!(numbers(post)?[0]));
        let frozen = post.frozen.as_ref().unwrap_or(&Value::Null);
        let is_text = frozen["method"].as_str().is_none_or(|method| method == "sendMessage");
        if is_text {
            call.insert("text".into(), json!(text));
            let preview = &frozen["call"]["link_preview_options"];
            if preview.is_object() {
                call.insert("link_preview_options".into(), preview.clone());
            }
        } else {
            call.insert("caption".into(), json!(text));
        }
        let method = if is_text { "editMessageText" } else { "editMessageCaption" };
        Ok(json!({ "method": method, "call": call }))
    }

    async fn edit(&self, session: &Session, _post: &Posted, body: &Value) -> Result<Change, Error> {
        let method = body["method"].as_str().filter(|method| method.starts_with("editMessage"));
        let ours = body["call"]["chat_id"] == json!(api::chat(session)?);
        let method = method.filter(|_| ours);
        let method = method.ok_or_else(|| {
            Error::Content(Why::not_its_own("the frozen request is not one of this account's"))
        })?;
        self.change(session, method, body["call"].clone()).await
    }

    async fn delete(&self, session: &Session, post: &Posted) -> Result<Change, Error> {
        let (chat, ids) = (api::chat(session)?, numbers(post)?);
        match ids.as_slice() {
            [one] => {
                self.change(session, "deleteMessage", json!({ "chat_id": chat, "message_id": one })).await
            }
            all => {
                self.change(session, "deleteMessages", json!({ "chat_id": chat, "message_ids": all })).await
            }
        }
    }
}
