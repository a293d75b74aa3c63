//! Telegram: a bot that posts in one channel or group.
//!
//! There is no key and no history for bots, so a lost answer cannot be settled from here: a person looks at the
//! channel. Everything is done to keep the visible call short: with a private chat at hand (`desk`), files are laid
//! down there first and the visible call only names them. Deliberately absent: reading the channel's web page,
//! formatted text, polls, topics of a forum.

mod amend;
mod api;
mod connect;
mod desk;
mod file;
mod message;

use async_trait::async_trait;
use griot_domain::NetworkId;
use griot_domain::rules::LiveLimits;
use serde_json::{Value, json};

use crate::http::{Answer, Client};
use crate::{
    ConnectInput, Connected, Editor, Error, Live, Network, Prepared, Probe, Question, Session, Staged, Steps,
    Why,
};
use api::Bot;
use file::Item;

/// The network Telegram.
#[derive(Debug, Clone)]
pub struct Telegram {
    client: Client,
}

impl Telegram {
    /// Telegram, by this way out.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Asks, before a film goes up in vain, whether the bot may still post.
    async fn may_post(&self, bot: &Bot, chat: i64) -> Result<Answer, Error> {
        let asked = json!({"chat_id": chat, "user_id": bot.number()});
        let answer = self.client.send(bot.asks("getChatMember", asked)?).await?;
        let member = api::result(&answer).ok_or_else(|| api::refusal(&answer))?;
        // Only channels have this right.
        let channel = !member["can_post_messages"].is_null();
        connect::right_to_post(member, channel)?;
        Ok(answer)
    }
}

#[async_trait]
impl Network for Telegram {
    fn id(&self) -> NetworkId {
        NetworkId::Telegram
    }

    fn editor(&self) -> Option<&dyn Editor> {
        Some(self)
    }

    async fn connect(&self, input: &ConnectInput) -> Result<Connected, Error> {
        self.open(input).await
    }

    async fn check(&self, session: &Session) -> Result<Connected, Error> {
        let (bot, desk) = api::kept(session).await?;
        let chat = api::chat(session)?;
        let found = self.identify(&bot, &json!(chat), desk).await?;
        if found.remote_id != session.account.remote_id {
            return Err(Error::Auth(Why::of_another_account(
                "the kept token belongs to another channel or group",
            )));
        }
        Ok(found)
    }

    async fn limits(&self, _session: &Session) -> Result<Option<LiveLimits>, Error> {
        Ok(None)
    }

    async fn stage(
        &self,
        session: &Session,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Staged, Error> {
        message::check(prepared)?;
        let (bot, desk) = api::kept(session).await?;
        let chat = api::chat(session)?;
        let answer = self.may_post(&bot, chat).await?;
        let mut items = Vec::new();
        for media in &prepared.media {
            items.push(match desk {
                Some(desk) => self.laid_down(&bot, desk, media, steps).await?,
                None => Item::here(media).await?,
            });
        }
        let body = message::body(chat, prepared, &items)?;
        Ok(Staged { body, key: prepared.delivery.to_string(), server_date: answer.date, newest_own: None })
    }

    async fn commit(&self, session: &Session, body: &Value, _key: &str) -> Result<Live, Error> {
        let (bot, _) = api::kept(session).await?;
        let chat = api::chat(session)?;
        let frozen = message::thaw(body, chat).await?;
        let files = !frozen.files.is_empty();
        let answer = self.client.send(bot.sends(frozen)?.visible()).await?;
        match api::result(&answer) {
            Some(said) => message::live(chat, said)
                .ok_or_else(|| Error::Uncertain("the answer does not name the message".into())),
            None => Err(match api::refusal(&answer) {
                // Nothing was laid down that could be gone.
                Error::Expired(_) if files => Error::Content(answer.words()),
                error => error,
            }),
        }
    }

    async fn probe(&self, session: &Session, _question: &Question) -> Result<Probe, Error> {
        let place = message::address(session);
        Ok(Probe::CannotTell(format!("bots cannot read what was posted: look at {place}")))
    }
}

#[cfg(test)]
pub(crate) use message::check as holds;

#[cfg(test)]
mod tests;
