//! Whose token it is, which channel or group is meant, and whether the bot may post there.

use griot_domain::text::pasted;
use serde_json::{Value, json};

use super::Telegram;
use super::api::{self, Bot, CHANNEL, DESK, TOKEN};
use crate::{ConnectInput, Connected, Ends, Error, Secrets, Why, address};

/// Where bots are asked, for everybody who runs no server of their own.
const SERVER: &str = "https://api.telegram.org";

/// What numbers of channels begin with, before the number that addresses of messages hold.
pub(super) const CHANNEL_PREFIX: &str = "-100";

impl Telegram {
    /// Tries what a person gave.
    pub(super) async fn open(&self, input: &ConnectInput) -> Result<Connected, Error> {
        let typed = input.server.as_deref().map(pasted::address).filter(|server| !server.is_empty());
        let server =
            address::normalise(typed.as_deref().unwrap_or(SERVER)).map_err(|e| Error::Auth(e.into()))?;
        let bot = Bot::new(&server, input.fields.get(TOKEN).unwrap_or_default())?;
        let named = input.fields.get(CHANNEL).or(input.handle.as_deref()).unwrap_or_default();
        let chat = chat_of(named)?;
        let desk = input.fields.get(DESK).map(pasted::id).filter(|desk| !desk.is_empty());
        let desk = desk.as_deref().map(desk_of).transpose()?;
        self.identify(&bot, &chat, desk).await
    }

    /// The channel or group as Telegram knows it, when the bot may post there.
    pub(super) async fn identify(
        &self,
        bot: &Bot,
        chat: &Value,
        desk: Option<i64>,
    ) -> Result<Connected, Error> {
        let me = self.ask(bot, "getMe", json!({})).await?;
        let me = number(&me, "id")?;
        let found = self.ask(bot, "getChat", json!({"chat_id": chat})).await?;
        let (id, kind) = (number(&found, "id")?, text(&found, "type").unwrap_or_default());
        if !matches!(kind, "channel" | "group" | "supergroup") {
            return Err(Error::Permission(Why::ours(
                "Ce n\u{2019}est ni un canal ni un groupe.",
                "This is neither a channel nor a group.",
            )));
        }
        let member = self.ask(bot, "getChatMember", json!({"chat_id": id, "user_id": me})).await?;
        right_to_post(&member, kind == "channel")?;
        if let Some(desk) = desk {
            self.look_at_desk(bot, desk).await?;
        }
        let handle = match (text(&found, "username"), text(&found, "title")) {
            (Some(name), _) => format!("@{name}"),
            (None, Some(title)) => title.to_owned(),
            (None, None) => id.to_string(),
        };
        let mut secrets = Secrets::default();
        secrets.0.insert(TOKEN.into(), bot.token().to_owned());
        if let Some(desk) = desk {
            secrets.0.insert(DESK.into(), desk.to_string());
        }
        let server = bot.server().to_owned();
        Ok(Connected {
            server,
            handle,
            remote_id: id.to_string(),
            secrets,
            limits: None,
            ends: Ends::NotTold,
        })
    }

    /// The private chat must be one, and open: what is laid down there is seen by its owner alone.
    async fn look_at_desk(&self, bot: &Bot, desk: i64) -> Result<(), Error> {
        let found = self.ask(bot, "getChat", json!({"chat_id": desk})).await.map_err(about_desk)?;
        match text(&found, "type") {
            Some("private") => Ok(()),
            _ => Err(Error::Permission(Why::ours(
                "La conversation de dépôt n\u{2019}est pas une conversation privée.",
                "The chat for files is not a private one.",
            ))),
        }
    }

    async fn ask(&self, bot: &Bot, method: &str, parameters: Value) -> Result<Value, Error> {
        let answer = self.client.send(bot.asks(method, parameters)?).await?;
        api::result(&answer).cloned().ok_or_else(|| api::refusal(&answer))
    }
}

/// A refusal that is about the chat for files and not about the channel.
pub(super) fn about_desk(error: Error) -> Error {
    match error {
        Error::Permission(words) => {
            let plain = format!("the chat for files: {words}");
            Error::Permission(
                words
                    .means(
                        "Le robot ne peut pas écrire dans la conversation de dépôt\u{a0}: ouvrez le robot dans Telegram et appuyez sur Démarrer, ou connectez le compte sans elle.",
                        "The bot cannot write to the chat for files: open the bot in Telegram and press Start, or connect without that chat.",
                    )
                    .logged(plain),
            )
        }
        other => other,
    }
}

/// Whether this member of the channel or group may post there.
pub(super) fn right_to_post(member: &Value, channel: bool) -> Result<(), Error> {
    let refused = |fr: &str, en: &str| Err(Error::Permission(Why::ours(fr, en)));
    match member["status"].as_str() {
        Some("creator") => Ok(()),
        Some("administrator") if channel && member["can_post_messages"] != true => refused(
            "Le robot est administrateur, mais sans le droit de publier des messages.",
            "The bot is an administrator without the right to post messages.",
        ),
        Some("administrator") => Ok(()),
        Some("member") if !channel => Ok(()),
        Some("restricted") if member["is_member"] == true && member["can_send_messages"] == true => Ok(()),
        Some("restricted") => refused(
            "Le robot n\u{2019}a pas le droit d\u{2019}écrire dans ce groupe.",
            "The bot may not write in this group.",
        ),
        Some("member" | "left") => refused(
            "Le robot n\u{2019}y est pas administrateur\u{a0}: ajoutez-le comme administrateur.",
            "The bot is not an administrator there: add it as one.",
        ),
        Some("kicked") => refused(
            "Le robot en a été retiré\u{a0}: ajoutez-le de nouveau.",
            "The bot was removed from there: add it again.",
        ),
        _ => Err(Error::Portal("the answer does not say what the bot may do".into())),
    }
}

/// The channel or group that was typed: `@name`, its address, or its number.
fn chat_of(typed: &str) -> Result<Value, Error> {
    let bad = || {
        Error::Permission(Why::ours(
            "Le canal ou le groupe manque\u{a0}: écrivez @nom ou son numéro, comme -1001234567890.",
            "The channel or group is missing: write @name or its number, like -1001234567890.",
        ))
    };
    let text = pasted::address(typed);
    let text = text.as_str();
    if let Ok(number) = text.parse::<i64>() {
        return Ok(json!(number));
    }
    let bare = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let path = ["t.me/", "telegram.me/"].into_iter().find_map(|host| bare.strip_prefix(host));
    if let Some(rest) = path.and_then(|path| path.strip_prefix("c/")) {
        // The address of a message in a channel without a name.
        let digits = rest.split('/').next().unwrap_or_default();
        let number = format!("{CHANNEL_PREFIX}{digits}");
        return number.parse::<i64>().map(|number| json!(number)).map_err(|_| bad());
    }
    let name = path.map_or_else(
        || text.strip_prefix('@').unwrap_or(text),
        |path| path.strip_prefix("s/").unwrap_or(path).split(['/', '?']).next().unwrap_or_default(),
    );
    let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let begins = name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if !letters || !begins || !(4..=32).contains(&name.len()) {
        return Err(bad());
    }
    Ok(json!(format!("@{name}")))
}

/// The number of a private chat, which is that of the person.
fn desk_of(typed: &str) -> Result<i64, Error> {
    let bad = || {
        Error::Permission(Why::ours(
            "La conversation de dépôt est le numéro d\u{2019}une personne, comme 123456789.",
            "The chat for files is a person\u{2019}s number, like 123456789.",
        ))
    };
    typed.parse().ok().filter(|number| *number > 0).ok_or_else(bad)
}

fn number(found: &Value, name: &str) -> Result<i64, Error> {
    found[name].as_i64().ok_or_else(|| Error::Portal(format!("the answer has no {name}").into()))
}

fn text<'a>(found: &'a Value, name: &str) -> Option<&'a str> {
    found[name].as_str().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, expected: &str) {
        let got = chat_of(typed).map_or_else(|_| "refused".to_owned(), |chat| chat.to_string());
        assert_eq!(got, expected, "{typed}");
    }

    #[test]
    fn a_channel_is_known_by_its_name_its_address_or_its_number() {
        for bad in [
            "",
            " ",
            "@",
            "@ab",
            "@a b c d",
            "@1channel",
            "mon canal",
            "https://t.me/+AbCdEf123",
            "t.me/c/x/1",
            "https://example.org/x",
            "t.me/",
            "@a/../getMe",
        ] {
            check(bad, "refused");
        }
        for named in ["@marche_ml", " marche_ml ", "https://t.me/marche_ml", "t.me/s/marche_ml/12?single"] {
            check(named, "\"@marche_ml\"");
        }
        check("-1001234567890", "-1001234567890");
        check("https://t.me/c/1234567890/12", "-1001234567890");
    }

    #[test]
    fn files_are_laid_down_with_a_person_only() {
        for bad in ["-1001234567890", "@awa", "0", "12 34"] {
            assert!(desk_of(bad).is_err(), "{bad}");
        }
        assert_eq!(desk_of("123456789"), Ok(123_456_789));
    }
}
