//! The post as Telegram takes it and as it gives it back.
//!
//! Text goes as it is, without a parse mode: a star or a bracket that a person wrote stays one.

use griot_domain::{Format, Timestamp};
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use super::connect::CHANNEL_PREFIX;
use super::file::{self, Item, Kind, Place, STEPS};
use crate::http::Upload;
use crate::{Error, Live, Prepared, Session, Why};

/// The most of a text, and of one under media, in UTF-16 units.
const TEXT_MAX: usize = 4096;
const CAPTION_MAX: usize = 1024;
/// The most files of an album.
const ALBUM_MAX: usize = 10;
/// The methods that make a post visible.
const METHODS: [&str; 5] = ["sendMessage", "sendPhoto", "sendVideo", "sendAnimation", "sendMediaGroup"];

/// A request ready to go: a method, its parameters, and the files that go with it under their names in the form.
pub(super) struct Frozen {
    pub(super) method: &'static str,
    pub(super) call: Map<String, Value>,
    pub(super) files: Vec<(String, Upload)>,
}

/// Refuses what no message takes, before any of it goes up.
pub(crate) fn check(prepared: &Prepared) -> Result<(), Error> {
    let (used, files) = (text(prepared).encode_utf16().count(), prepared.media.len());
    let refused = |fr: String, en: String| Err(Error::Content(Why::ours(fr, en)));
    if files > ALBUM_MAX {
        return refused(
            format!("Un album prend {ALBUM_MAX} fichiers au plus."),
            format!("An album takes {ALBUM_MAX} files at most."),
        );
    }
    if files > 1 && prepared.media.iter().any(|m| m.format == Format::Gif) {
        return refused(
            "Un album ne prend pas d\u{2019}image animée\u{a0}: elle part seule.".into(),
            "An album takes no moving picture: it goes alone.".into(),
        );
    }
    match files {
        0 if text(prepared).trim().is_empty() => {
            refused("Il n\u{2019}y a rien à envoyer.".into(), "There is nothing to send.".into())
        }
        0 if used > TEXT_MAX => refused(
            format!("Un texte prend {TEXT_MAX} signes au plus, celui-ci en a {used}."),
            format!("A text takes {TEXT_MAX} characters at most, this one has {used}."),
        ),
        1.. if used > CAPTION_MAX => refused(
            format!("Un texte sous des médias prend {CAPTION_MAX} signes au plus, celui-ci en a {used}."),
            format!("A text under media takes {CAPTION_MAX} characters at most, this one has {used}."),
        ),
        _ => Ok(()),
    }
}

fn text(prepared: &Prepared) -> String {
    prepared.text.nfc().collect()
}

/// The frozen request: the method, its parameters, and the files that go up with it where they are on this machine.
/// `items` are those of `prepared.media`, in order.
pub(super) fn body(chat: i64, prepared: &Prepared, items: &[Item]) -> Result<Value, Error> {
    let text = text(prepared);
    let mut call = Map::new();
    call.insert("chat_id".into(), json!(chat));
    let mut files = Vec::new();
    let method = match items {
        [] => {
            call.insert("text".into(), json!(text));
            if flag(prepared, "link_preview") == Some(false) {
                call.insert("link_preview_options".into(), json!({"is_disabled": true}));
            }
            "sendMessage"
        }
        [item] => {
            call.extend(single(item, &mut files));
            caption(&mut call, &text);
            item.kind.method()
        }
        album => {
            let mut media: Vec<_> = album.iter().map(|item| member(item, &mut files)).collect();
            if let Some(first) = media.first_mut() {
                caption(first, &text);
            }
            call.insert("media".into(), json!(media));
            "sendMediaGroup"
        }
    };
    if flag(prepared, "silent") == Some(true) {
        call.insert("disable_notification".into(), json!(true));
    }
    if let Some(parent) = &prepared.reply_to {
        call.insert("reply_parameters".into(), json!({"message_id": first_message(parent)?}));
    }
    Ok(json!({"method": method, "call": call, "files": files}))
}

fn flag(prepared: &Prepared, name: &str) -> Option<bool> {
    prepared.fields.get(name)?.trim().parse().ok()
}

fn caption(call: &mut Map<String, Value>, text: &str) {
    if !text.trim().is_empty() {
        call.insert("caption".into(), json!(text));
    }
}

/// The parameters of a message with one file.
fn single(item: &Item, files: &mut Vec<Value>) -> Map<String, Value> {
    let word = item.kind.word();
    match &item.place {
        Place::Kept(id) => Map::from_iter([(word.to_owned(), json!(id))]),
        Place::Here { file, looks } => {
            files.push(named(word, file));
            looks.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
        }
    }
}

/// One file of an album.
fn member(item: &Item, files: &mut Vec<Value>) -> Map<String, Value> {
    // An album has no place for animations; a film without sound, which Telegram took for one, goes as a film.
    let kind = if item.kind == Kind::Animation { Kind::Video } else { item.kind };
    let mut member = Map::from_iter([("type".to_owned(), json!(kind.word()))]);
    match &item.place {
        Place::Kept(id) => {
            member.insert("media".into(), json!(id));
        }
        Place::Here { file, looks } => {
            let name = format!("file{}", files.len());
            member.insert("media".into(), json!(format!("attach://{name}")));
            member.extend(looks.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            files.push(named(&name, file));
        }
    }
    member
}

fn named(name: &str, file: &Value) -> Value {
    let mut named = json!({"name": name});
    if let (Value::Object(named), Value::Object(file)) = (&mut named, file) {
        named.extend(file.clone());
    }
    named
}

/// The message of a live post that an answer stands under; of an album, the first, which carries the text.
fn first_message(parent: &Live) -> Result<i64, Error> {
    let first = parent.id.split(',').next().and_then(|id| id.trim().parse().ok());
    first.ok_or_else(|| {
        Error::Content(Why::not_its_own("the proof of the post before does not say which message it is"))
    })
}

/// The request that was frozen, when it is one for this channel. [`Error::Expired`] when a file is not there any
/// more: nothing was sent yet, and it can be made again.
pub(super) async fn thaw(body: &Value, chat: i64) -> Result<Frozen, Error> {
    let bad = || Error::Content(Why::not_its_own("the frozen request is not one of this account's"));
    let method = METHODS.into_iter().find(|method| body["method"] == *method).ok_or_else(bad)?;
    let call =
        body["call"].as_object().filter(|call| call.get("chat_id") == Some(&json!(chat))).ok_or_else(bad)?;
    let mut files = Vec::new();
    for frozen in body["files"].as_array().ok_or_else(bad)? {
        let name = frozen["name"].as_str().ok_or_else(bad)?;
        let upload = file::upload(frozen).ok_or_else(bad)?;
        if !file::is_there(&upload).await {
            return Err(Error::Expired(STEPS.into()));
        }
        files.push((name.to_owned(), upload));
    }
    Ok(Frozen { method, call: call.clone(), files })
}

/// What is kept of a live message, or of all messages of an album; nothing when the answer names none in this chat.
pub(super) fn live(chat: i64, said: &Value) -> Option<Live> {
    let messages = match said.as_array() {
        Some(album) => album.iter().collect(),
        None => vec![said],
    };
    let first = *messages.first()?;
    let id = |message: &&Value| {
        message["message_id"].as_i64().filter(|id| *id > 0 && message["chat"]["id"] == chat)
    };
    let ids: Vec<i64> = messages.iter().map(id).collect::<Option<_>>()?;
    let name = first["chat"]["username"].as_str().filter(|name| !name.is_empty());
    let mut proof = json!({"chat": chat, "messages": ids, "date": first["date"]});
    if let Some(name) = name {
        proof["username"] = json!(name);
    }
    let at = first["date"].as_i64().map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000)));
    let joined = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    let url = place(chat, name).map(|place| format!("{place}/{}", ids[0]));
    Some(Live { id: joined, url, at, proof })
}

/// The address of a channel or group; a small group has none.
fn place(chat: i64, name: Option<&str>) -> Option<String> {
    match name {
        Some(name) => Some(format!("https://t.me/{name}")),
        None => {
            let digits = chat.to_string();
            digits.strip_prefix(CHANNEL_PREFIX).map(|bare| format!("https://t.me/c/{bare}"))
        }
    }
}

/// Where a person looks.
pub(super) fn address(session: &Session) -> String {
    let account = &session.account;
    match account.handle.strip_prefix('@') {
        Some(name) => format!("https://t.me/{name}"),
        None => format!("“{}” in Telegram", account.handle),
    }
}
