//! Telegram's Bot API: one bot, one channel, and a private chat where files can be laid down.
//!
//! A bot cannot read what was posted, and neither can a request here: only the test can. Deliberately absent: updates,
//! polls, entities, topics of a forum.

mod amend;
mod send;

use serde_json::{Value, json};

use crate::http::{Answer, Request};
use crate::spec;
use crate::stub::{Api, Desk, Held, Stub, Upload};

/// The token that is good at the start.
pub const TOKEN: &str = "123456789:AAStub-token_of_the_bot_0123456789";
/// The channel.
pub const CHANNEL: i64 = -1_001_234_567_890;
/// Its name.
pub const USERNAME: &str = "griot_studio";
/// The private chat of the person who owns the bot.
pub const DESK: i64 = 42_424_242;

const BOT: i64 = 123_456_789;

/// A message of the channel or of the private chat.
#[derive(Debug)]
struct Message {
    chat: i64,
    id: i64,
    /// The post that it is a part of: an album is several messages.
    post: Option<Held>,
}

/// What Telegram keeps.
#[derive(Debug)]
pub struct State {
    messages: Vec<Message>,
    files: Vec<(String, &'static str, Upload)>,
    may_post: bool,
}

/// Telegram on loopback.
pub type Telegram = Stub<State>;

impl Telegram {
    /// A bot that may post in its channel, with the token of this module.
    #[must_use]
    pub fn start() -> Self {
        let state = State { messages: Vec::new(), files: Vec::new(), may_post: true };
        Self::serve(state, TOKEN)
    }

    /// The channel's owner gives the right to post, or takes it away.
    pub fn allow(&self, may_post: bool) {
        self.within(|state| state.may_post = may_post);
    }

    /// Messages that lie in the private chat: files that were laid down and not taken away.
    #[must_use]
    pub fn laid_down(&self) -> usize {
        self.within(|state| state.messages.iter().filter(|message| message.chat == DESK).count())
    }

    /// Telegram forgets every file: their names are good no more.
    pub fn forget_files(&self) {
        self.within(|state| state.files.clear());
    }
}

fn ok(result: Value) -> Answer {
    Answer::json(200, json!({"ok": true, "result": result}))
}

fn refused(status: u16, description: &str) -> Answer {
    Answer::json(status, json!({"ok": false, "error_code": status, "description": description}))
}

fn bad(description: &str) -> Answer {
    refused(400, &format!("Bad Request: {description}"))
}

impl Api for State {
    fn answer(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let parts = request.parts();
        let [bot, method] = parts.as_slice() else { return refused(404, "Not Found") };
        let Some(token) = bot.strip_prefix("bot") else { return refused(404, "Not Found") };
        if !token.contains(':') {
            return refused(404, "Not Found");
        }
        if !desk.is_good(Some(token)) {
            return refused(401, "Unauthorized");
        }
        if let Some(spec) = spec::telegram::Spec::found() {
            desk.note(request, spec.check(method, request));
        }
        let Some(call) = Call::of(request) else { return bad("can't parse the request") };
        match method.as_str() {
            "getMe" => ok(json!({"id": BOT, "is_bot": true, "first_name": "Griot", "username": "griot_bot"})),
            "getChat" => match chat_of(&call.value("chat_id")) {
                Some(chat) => ok(described(chat)),
                None => bad("chat not found"),
            },
            "getChatMember" => self.member(&call),
            "deleteMessage" => self.delete(&call),
            "deleteMessages" => self.delete_all(&call),
            "editMessageText" => self.edit(desk, &call, "text"),
            "editMessageCaption" => self.edit(desk, &call, "caption"),
            "sendMessage" => self.send_text(desk, &call),
            "sendPhoto" => self.send_file(desk, &call, "photo"),
            "sendVideo" => self.send_file(desk, &call, "video"),
            "sendAnimation" => self.send_file(desk, &call, "animation"),
            "sendMediaGroup" => self.send_album(desk, &call),
            _ => refused(404, "Not Found"),
        }
    }

    fn posts(&self) -> Vec<Held> {
        self.messages.iter().filter(|m| m.chat == CHANNEL).filter_map(|m| m.post.clone()).collect()
    }
}

impl State {
    fn member(&self, call: &Call) -> Answer {
        match (chat_of(&call.value("chat_id")), call.value("user_id").as_i64()) {
            (Some(CHANNEL), Some(BOT)) => {
                let user = json!({"id": BOT, "is_bot": true, "first_name": "Griot"});
                ok(json!({"status": "administrator", "user": user, "can_be_edited": false,
                    "can_post_messages": self.may_post, "can_delete_messages": true}))
            }
            (Some(_), Some(_)) => bad("user not found"),
            _ => bad("chat not found"),
        }
    }

    fn delete(&mut self, call: &Call) -> Answer {
        let (chat, id) = (chat_of(&call.value("chat_id")), call.value("message_id").as_i64());
        let before = self.messages.len();
        self.messages.retain(|message| Some(message.chat) != chat || Some(message.id) != id);
        if self.messages.len() == before { bad("message to delete not found") } else { ok(json!(true)) }
    }
}

/// A call's parameters: JSON, or the texts of a form, in which everything but words is JSON again.
struct Call {
    given: Value,
    files: Vec<(String, Vec<u8>)>,
}

impl Call {
    fn of(request: &Request) -> Option<Self> {
        if request.body.is_empty() {
            return Some(Self { given: json!({}), files: Vec::new() });
        }
        if let Some(form) = request.form() {
            let given = form.texts.into_iter().map(|(name, text)| (name, json!(text))).collect();
            let files = form.files.into_iter().map(|file| (file.name, file.bytes)).collect();
            return Some(Self { given: Value::Object(given), files });
        }
        let given = request.json().filter(Value::is_object)?;
        Some(Self { given, files: Vec::new() })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.given[name].as_str()
    }

    /// A parameter that is no text: as it is, or what the text of a form means.
    fn value(&self, name: &str) -> Value {
        let given = &self.given[name];
        given.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| given.clone())
    }

    fn file(&self, name: &str) -> Option<&Vec<u8>> {
        self.files.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes)
    }
}

fn chat_of(named: &Value) -> Option<i64> {
    let by_name = named.as_str().is_some_and(|name| name == format!("@{USERNAME}"));
    let number = if by_name { Some(CHANNEL) } else { named.as_i64() };
    number.filter(|number| [CHANNEL, DESK].contains(number))
}

fn described(chat: i64) -> Value {
    match chat {
        DESK => json!({"id": DESK, "type": "private", "first_name": "Awa"}),
        _ => json!({"id": CHANNEL, "type": "channel", "title": "Griot", "username": USERNAME}),
    }
}
