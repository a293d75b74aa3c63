//! Messages: texts, one file, albums.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use super::{CHANNEL, Call, Message, State, bad, chat_of, described, ok, refused};
use crate::http::Answer;
use crate::stub::{Desk, Held, Upload};

pub(super) const TEXT_MAX: usize = 4096;
pub(super) const CAPTION_MAX: usize = 1024;
const PHOTO_MAX: usize = 10 << 20;
const FILE_MAX: usize = 50 << 20;

/// A file of a message: Telegram's name for it, and what it is.
struct Sent {
    id: String,
    kind: &'static str,
}

impl State {
    pub(super) fn send_text(&mut self, desk: &mut Desk, call: &Call) -> Answer {
        let text = desk.manners().kept(call.text("text").unwrap_or_default());
        if text.trim().is_empty() {
            return bad("message text is empty");
        }
        if text.encode_utf16().count() > TEXT_MAX {
            return bad("message is too long");
        }
        match self.place(call) {
            Ok((chat, parent)) => {
                let mut message = self.post(desk, call, chat, parent, &text, &[]).remove(0);
                message["text"] = json!(text);
                if let Some(entities) = entities(&text) {
                    message["entities"] = entities;
                }
                ok(message)
            }
            Err(refused) => refused,
        }
    }

    pub(super) fn send_file(&mut self, desk: &mut Desk, call: &Call, kind: &'static str) -> Answer {
        let caption = desk.manners().kept(call.text("caption").unwrap_or_default());
        if caption.encode_utf16().count() > CAPTION_MAX {
            return bad("message caption is too long");
        }
        let place = self.place(call);
        let sent = match call.file(kind) {
            Some(bytes) => self.take(desk, kind, bytes),
            None => self.known(call.text(kind).unwrap_or_default(), kind),
        };
        match (place, sent) {
            (Ok((chat, parent)), Ok(sent)) => {
                ok(self.post(desk, call, chat, parent, &caption, &[sent]).remove(0))
            }
            (Err(refused), _) | (_, Err(refused)) => refused,
        }
    }

    pub(super) fn send_album(&mut self, desk: &mut Desk, call: &Call) -> Answer {
        let media = call.value("media");
        let media: Vec<Value> = media.as_array().cloned().unwrap_or_default();
        if !(2..=10).contains(&media.len()) {
            return bad("wrong number of media in the album");
        }
        let captions: Vec<&str> = media.iter().filter_map(|one| one["caption"].as_str()).collect();
        if captions.iter().any(|caption| caption.encode_utf16().count() > CAPTION_MAX) {
            return bad("message caption is too long");
        }
        let (chat, parent) = match self.place(call) {
            Ok(place) => place,
            Err(refused) => return refused,
        };
        let mut all = Vec::new();
        for one in &media {
            let kind = match one["type"].as_str() {
                Some("photo") => "photo",
                Some("video") => "video",
                _ => return bad("wrong type of the media"),
            };
            let named = one["media"].as_str().unwrap_or_default();
            let sent = match named.strip_prefix("attach://").map(|name| call.file(name)) {
                Some(Some(bytes)) => self.take(desk, kind, bytes),
                Some(None) => Err(bad("can't find the attached file")),
                None => self.known(named, kind),
            };
            match sent {
                Ok(sent) => all.push(sent),
                Err(refused) => return refused,
            }
        }
        let caption = desk.manners().kept(captions.first().copied().unwrap_or_default());
        ok(Value::Array(self.post(desk, call, chat, parent, &caption, &all)))
    }

    /// The chat that is meant, and the message that is answered.
    fn place(&self, call: &Call) -> Result<(i64, Option<String>), Answer> {
        let chat = chat_of(&call.value("chat_id")).ok_or_else(|| bad("chat not found"))?;
        if chat == CHANNEL && !self.may_post {
            return Err(bad("not enough rights to post messages to the chat"));
        }
        let Some(number) = call.value("reply_parameters")["message_id"].as_i64() else {
            return Ok((chat, None));
        };
        if !self.messages.iter().any(|message| message.chat == chat && message.id == number) {
            return Err(bad("message to be replied not found"));
        }
        Ok((chat, Some(number.to_string())))
    }

    /// Bytes that came up.
    fn take(&mut self, desk: &mut Desk, kind: &'static str, bytes: &[u8]) -> Result<Sent, Answer> {
        if bytes.is_empty() {
            return Err(bad("file must be non-empty"));
        }
        if bytes.len() > FILE_MAX {
            return Err(refused(413, "Request Entity Too Large"));
        }
        if kind == "photo" && bytes.len() > PHOTO_MAX {
            return Err(bad("too big for a photo"));
        }
        let id = format!("BAACAg-{}", desk.number());
        self.files.push((id.clone(), kind, Upload { bytes: bytes.to_vec(), alt: None }));
        Ok(Sent { id, kind })
    }

    /// A file by Telegram's own name for it. It stays what it was: a photo is not sent as a film.
    fn known(&self, id: &str, kind: &'static str) -> Result<Sent, Answer> {
        let found = self.files.iter().find(|(known, ..)| known == id);
        let (id, was, _) = found.ok_or_else(|| bad("wrong file identifier/HTTP URL specified"))?;
        let fits = *was == kind || (*was == "animation" && kind == "video");
        if !fits {
            return Err(bad(&format!("can't use file of type {was} as {kind}")));
        }
        Ok(Sent { id: id.clone(), kind })
    }

    /// The messages of a post, as they are answered.
    fn post(
        &mut self,
        desk: &mut Desk,
        call: &Call,
        chat: i64,
        parent: Option<String>,
        text: &str,
        files: &[Sent],
    ) -> Vec<Value> {
        let count = files.len().max(1);
        let ids: Vec<i64> = (0..count).map(|_| desk.number() as i64).collect();
        let joined = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let media = files.iter().filter_map(|sent| {
            let (id, _, upload) = self.files.iter().find(|(id, ..)| *id == sent.id)?;
            Some(upload.held(id))
        });
        let held = Held {
            id: joined,
            text: text.to_owned(),
            media: media.collect(),
            parent,
            at: desk.now(),
            key: None,
            sent: call.given.clone(),
        };
        let date = desk.now() / 1000;
        let mut all = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            let mut message = json!({"message_id": id, "date": date, "chat": described(chat)});
            if index == 0 && !files.is_empty() && !text.is_empty() {
                message["caption"] = json!(text);
                if let Some(entities) = entities(text) {
                    message["caption_entities"] = entities;
                }
            }
            if files.len() > 1 {
                message["media_group_id"] = json!(ids[0].to_string());
            }
            if let Some(sent) = files.get(index) {
                message[sent.kind] = shown(sent);
            }
            // An album is one post: its first message carries it.
            let post = (index == 0).then(|| held.clone());
            self.messages.push(Message { chat, id: *id, post });
            all.push(message);
        }
        all
    }
}

fn shown(sent: &Sent) -> Value {
    let one =
        |side: u32, id: &str| json!({"file_id": id, "file_unique_id": id, "width": side, "height": side});
    match sent.kind {
        "photo" => json!([one(90, &format!("{}-small", sent.id)), one(1280, &sent.id)]),
        _ => {
            let mut film = one(640, &sent.id);
            film["duration"] = json!(1);
            film
        }
    }
}

/// What Telegram finds in a text by itself, counted in UTF-16 as it counts; nothing where it finds nothing.
pub(super) fn entities(text: &str) -> Option<Value> {
    static FOUND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?P<url>https?://[^\s<>]+)|(?P<hashtag>#\w*\p{L}\w*)|(?P<mention>@\w{4,})")
            .expect("BUG: the pattern is fixed")
    });
    let units = |text: &str| text.encode_utf16().count();
    let one = |found: regex::Captures<'_>| {
        let kind = ["url", "hashtag", "mention"].into_iter().find(|kind| found.name(kind).is_some());
        let at = found.get(0).map_or(0, |all| all.start());
        json!({"type": kind, "offset": units(&text[..at]), "length": units(&found[0])})
    };
    let all: Vec<Value> = FOUND.captures_iter(text).map(one).collect();
    (!all.is_empty()).then_some(Value::Array(all))
}
