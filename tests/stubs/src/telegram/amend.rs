//! Messages that are there already: their text changed, several removed at once.

use serde_json::json;

use super::send::{CAPTION_MAX, TEXT_MAX};
use super::{Call, State, bad, chat_of, described, ok};
use crate::http::Answer;
use crate::stub::Desk;

impl State {
    /// A message has a text, or a caption under its media, and is changed by the call for that.
    pub(super) fn edit(&mut self, desk: &Desk, call: &Call, what: &str) -> Answer {
        let (chat, id) = (chat_of(&call.value("chat_id")), call.value("message_id").as_i64());
        let text = desk.manners().kept(call.text(what).unwrap_or_default());
        let found = self.messages.iter_mut().find(|m| Some(m.chat) == chat && Some(m.id) == id);
        let Some(message) = found else { return bad("message to edit not found") };
        let Some(post) = &mut message.post else { return bad("there is no caption in the message to edit") };
        if post.media.is_empty() != (what == "text") {
            return bad(&format!("there is no {what} in the message to edit"));
        }
        if text.encode_utf16().count() > if what == "text" { TEXT_MAX } else { CAPTION_MAX } {
            return bad("MESSAGE_TOO_LONG");
        }
        if post.text == text {
            return bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
            );
        }
        post.text.clone_from(&text);
        ok(json!({"message_id": id, "chat": described(message.chat), "date": post.at / 1000, what: text}))
    }

    /// What is not there is passed over.
    pub(super) fn delete_all(&mut self, call: &Call) -> Answer {
        let chat = chat_of(&call.value("chat_id"));
        let ids = call.value("message_ids");
        let ids: Vec<i64> =
            ids.as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect();
        if ids.is_empty() || ids.len() > 100 {
            return bad("message identifiers are not specified");
        }
        self.messages.retain(|message| Some(message.chat) != chat || !ids.contains(&message.id));
        ok(json!(true))
    }
}
