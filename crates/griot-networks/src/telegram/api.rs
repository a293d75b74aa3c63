//! A bot's token, the requests that it opens, and what the answers mean.
//!
//! The token stands in the address of every request, so every request hides it.

use griot_domain::text::pasted;
use reqwest::Url;
use serde_json::Value;

use super::message::Frozen;
use crate::http::{Answer, Payload, Request};
use crate::{Error, Session, Why};

/// What the declared fields and the vault call the token.
pub(super) const TOKEN: &str = "token";
/// What they call the private chat where files are laid down first.
pub(super) const DESK: &str = "desk";
/// What the declared fields call the channel or group.
pub(super) const CHANNEL: &str = "channel";

/// Of the part of a token after its colon.
const LETTERS_MIN: usize = 30;

/// A bot on a server. Has no `Debug`: all that it holds is secret or in the account.
#[derive(Clone)]
pub(super) struct Bot {
    server: String,
    token: String,
}

impl Bot {
    /// From what was pasted. What cannot be a token is refused before it is sent anywhere.
    pub(super) fn new(server: &str, given: &str) -> Result<Self, Error> {
        let token = pasted::secret(given);
        if token.is_empty() {
            return Err(Error::Auth(Why::ours(
                "Il faut le jeton du robot.",
                "The bot\u{2019}s token is needed.",
            )));
        }
        if token.contains(['\n', '\r']) {
            return Err(Error::Auth(Why::ours(
                "Plusieurs lignes ont été collées\u{a0}: seul le jeton est attendu.",
                "More than one line was pasted: the token alone is needed.",
            )));
        }
        if !is_token(&token) {
            return Err(Error::Auth(Why::ours(
                "Ce n\u{2019}est pas le jeton d\u{2019}un robot\u{a0}: BotFather donne un nombre, deux points et quelque 35 lettres.",
                "This is no bot\u{2019}s token: BotFather gives a number, a colon and some 35 letters.",
            )));
        }
        Ok(Self { server: server.to_owned(), token })
    }

    pub(super) fn server(&self) -> &str {
        &self.server
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// The bot's own number, which its token begins with.
    pub(super) fn number(&self) -> i64 {
        self.halves().0.parse().unwrap_or_default()
    }

    fn halves(&self) -> (&str, &str) {
        self.token.split_once(':').unwrap_or((&self.token, ""))
    }

    /// A repeatable request with these parameters.
    pub(super) fn asks(&self, method: &str, parameters: Value) -> Result<Request, Error> {
        self.request(method, Payload::Json(parameters))
    }

    /// A request as it was frozen: JSON where every file is with Telegram already, else a form.
    pub(super) fn sends(&self, frozen: Frozen) -> Result<Request, Error> {
        if frozen.files.is_empty() {
            return self.asks(frozen.method, Value::Object(frozen.call));
        }
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let texts = frozen.call.into_iter().map(|(name, value)| (name, text(value))).collect();
        self.request(frozen.method, Payload::Parts { texts, files: frozen.files })
    }

    fn request(&self, method: &str, payload: Payload) -> Result<Request, Error> {
        let bad = |_| Error::Environment(Why::no_server(&self.server));
        let mut url = Url::parse(&self.server).map_err(bad)?;
        url.set_path(&format!("/bot{}/{method}", self.token));
        // A server may repeat all of it, or the part that proves who asks.
        Ok(Request::post(url, payload).hiding(&self.token).hiding(self.halves().1))
    }
}

fn is_token(text: &str) -> bool {
    let Some((number, letters)) = text.split_once(':') else { return false };
    (5..=15).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && letters.len() >= LETTERS_MIN
        && letters.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// The account's bot, and the private chat for files where there is one.
pub(super) async fn kept(session: &Session) -> Result<(Bot, Option<i64>), Error> {
    let secrets = session.vault.load().await?;
    let token = secrets.get(TOKEN).ok_or_else(|| Error::Auth(Why::not_kept("no token is kept")))?;
    let desk = secrets.get(DESK).and_then(|desk| desk.parse().ok());
    Ok((Bot::new(&session.account.server, token)?, desk))
}

/// The number of the account's channel or group.
pub(super) fn chat(session: &Session) -> Result<i64, Error> {
    let bad = |_| {
        Error::Auth(Why::ours(
            "Le numéro du canal n\u{2019}est pas connu\u{a0}: reconnectez-le.",
            "The channel\u{2019}s number is not known: connect it again.",
        ))
    };
    session.account.remote_id.parse().map_err(bad)
}

/// What Telegram gives when it did what was asked.
pub(super) fn result(answer: &Answer) -> Option<&Value> {
    answer.success().filter(|body| body["ok"] == true).and_then(|body| body.get("result"))
}

/// Words of a refusal with status 400 that mean: not here, or not this bot.
const NOT_ALLOWED: &[&str] = &[
    "chat not found",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_admin_required",
    "chat_write_forbidden",
    "chat_restricted",
    "channel_private",
    "not a member",
    "member not found",
    "member list is inaccessible",
    "participant_id_invalid",
    "user not found",
    "kicked",
    "deactivated",
];

/// Words that mean: this file is not known (any more).
const FILE_GONE: &[&str] = &[
    "wrong file identifier",
    "wrong remote file identifier",
    "wrong file_id",
    "invalid file_id",
    "invalid file id",
    "file_id_invalid",
    "file reference",
    "file_reference",
];

/// What an answer that is no success means.
pub(super) fn refusal(answer: &Answer) -> Error {
    let Some(body) = &answer.json else {
        // Some front door's "too many" is not Telegram's word that nothing was posted.
        return if answer.busy_in_doubt() { answer.passing(answer.words()) } else { answer.refusal() };
    };
    let (words, status) = (answer.words(), answer.status.as_u16());
    if body["ok"] != false {
        // Some other machine's JSON refuses nothing in Telegram's name.
        return match status {
            429 if !answer.busy_in_doubt() => answer.refusal(),
            _ => answer.passing(format!("an answer that is not Telegram's ({status})")),
        };
    }
    let parameters = &body["parameters"];
    let said = body["description"].as_str().unwrap_or_default().to_lowercase();
    let has = |known: &[&str]| known.iter().any(|part| said.contains(part));
    if !parameters["migrate_to_chat_id"].is_null() || said.contains("upgraded to a supergroup") {
        return Error::Auth(Why::ours(
            "Le groupe est devenu un supergroupe, qui a un autre numéro\u{a0}: reconnectez-le.",
            "The group has become a supergroup, which has another number: connect it again.",
        ));
    }
    match body["error_code"].as_u64().unwrap_or_else(|| status.into()) {
        401 | 404 => Error::Auth(words),
        403 => Error::Permission(words),
        429 => answer.too_many(parameters["retry_after"].as_f64()),
        400 if has(NOT_ALLOWED) => Error::Permission(words),
        400 if has(FILE_GONE) => Error::Expired(super::file::STEPS.into()),
        400 | 413 => Error::Content(words),
        // A conflict with another program that uses the same bot (409), and whatever the server could not do.
        _ => answer.passing(words),
    }
}
