//! Over recorded answers: Telegram runs nowhere but at Telegram.

mod connecting;
mod posting;
mod sent;

use griot_domain::Format;

use super::*;
use crate::PreparedMedia;
use crate::stub::{Stub, client, json, session};

const TOKEN: &str = "123456789:AAs3cret-token_of_the_bot_0123456789";
const CHANNEL: i64 = -1_001_234_567_890;
const DESK: i64 = 42_424_242;

fn telegram() -> Telegram {
    Telegram::new(client())
}

/// A connected channel; with a private chat for files when `desk` says so.
fn at(stub: &Stub, desk: bool) -> Session {
    let number = DESK.to_string();
    let mut secrets = vec![("token", TOKEN)];
    if desk {
        secrets.push(("desk", number.as_str()));
    }
    let mut session = session(NetworkId::Telegram, &stub.url, &secrets);
    session.account.remote_id = CHANNEL.to_string();
    session.account.handle = "@marche_ml".into();
    session
}

fn ok(result: &str) -> String {
    json(200, &format!("{{\"ok\":true,\"result\":{result}}}"))
}

fn refused(status: u16, description: &str) -> String {
    let body = serde_json::json!({"ok": false, "error_code": status, "description": description});
    json(status, &body.to_string())
}

/// The bot may post in the channel.
fn administrator() -> String {
    ok("{\"status\":\"administrator\",\"can_post_messages\":true}")
}

/// A message of the channel, posted at the stub's own instant.
fn posted(id: i64) -> String {
    format!(
        "{{\"message_id\":{id},\"date\":1795377600,\"chat\":{{\"id\":{CHANNEL},\"type\":\"channel\",\"username\":\"marche_ml\"}}}}"
    )
}

/// A message in the chat for files.
fn laid(id: i64, file: &str) -> String {
    ok(&format!("{{\"message_id\":{id},\"chat\":{{\"id\":{DESK},\"type\":\"private\"}},{file}}}"))
}

const PHOTO: &str = "\"photo\":[{\"file_id\":\"small\",\"width\":90,\"height\":60},{\"file_id\":\"large\",\"width\":1280,\"height\":853},{\"file_id\":\"middle\",\"width\":320,\"height\":213}]";
const VIDEO: &str = "\"video\":{\"file_id\":\"the-film\"}";
const ANIMATION: &str =
    "\"animation\":{\"file_id\":\"the-loop\"},\"document\":{\"file_id\":\"the-document\"}";

/// A file of this format, of as many bytes as its words have.
fn file(folder: &tempfile::TempDir, format: Format, words: &str) -> PreparedMedia {
    let path = folder.path().join(format!("{words}.{}", format.extension()));
    std::fs::write(&path, words).unwrap();
    PreparedMedia {
        path,
        hash: blake3::hash(words.as_bytes()).to_hex().to_string(),
        format,
        width: 640,
        height: 360,
        bytes: words.len() as u64,
        duration_ms: (format.kind() == griot_domain::MediaKind::Video).then_some(2500),
        alt: "Un marché".into(),
        focus: None,
    }
}

/// The first words of what came of it; the token is never among them.
fn told<T: std::fmt::Debug>(result: &Result<T, Error>) -> String {
    let text = format!("{result:?}");
    assert!(!text.contains("s3cret"), "{text}");
    text
}
