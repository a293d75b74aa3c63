//! Files laid down in a private chat before the visible call, so that it only names them.
//!
//! Only the person who owns that chat could see them, without a sound and for an instant: the message is taken away
//! as soon as the file's name is kept. A file stays with Telegram when its message goes.

use serde_json::json;

use super::Telegram;
use super::api::{self, Bot};
use super::connect::about_desk;
use super::file::{Item, Kind, STEPS, looks};
use super::message::Frozen;
use crate::http::Upload;
use crate::{Error, PreparedMedia, Steps, Why};

impl Telegram {
    /// The file by Telegram's name for it; goes up unless a kept step has it.
    pub(super) async fn laid_down(
        &self,
        bot: &Bot,
        desk: i64,
        media: &PreparedMedia,
        steps: &mut dyn Steps,
    ) -> Result<Item, Error> {
        let step = format!("{STEPS}/{}", media.hash);
        if let Some(item) = steps.get(&step).as_ref().and_then(Item::kept) {
            return Ok(item);
        }
        let kind = Kind::of(media.format);
        let silent = [("chat_id", json!(desk)), ("disable_notification", json!(true))];
        let call =
            silent.into_iter().chain(looks(kind, media)).map(|(name, v)| (name.to_owned(), v)).collect();
        let files = vec![(kind.word().to_owned(), Upload::of(media))];
        let request = bot.sends(Frozen { method: kind.method(), call, files })?;
        let answer = self.client.send(request).await?;
        let message = api::result(&answer).ok_or_else(|| about_desk(api::refusal(&answer)))?;
        let found = Item::in_message(message);
        // Without its name the message is useless as well.
        let kept = found.as_ref().map(|value| steps.put(&step, value.clone(), None));
        if let Some(id) = message["message_id"].as_i64() {
            self.take_away(bot, desk, id).await;
        }
        kept.transpose()?;
        found.as_ref().and_then(Item::kept).ok_or_else(|| {
            Error::Content(
                Why::ours(
                    "Telegram n\u{2019}a pas pris le fichier pour ce qu\u{2019}il est.",
                    "Telegram did not take the file for what it is.",
                )
                .logged(format!("Telegram did not take the file as a {}", kind.word())),
            )
        })
    }

    /// A message that stays is untidy and nothing worse.
    async fn take_away(&self, bot: &Bot, desk: i64, message: i64) {
        let asked = bot.asks("deleteMessage", json!({"chat_id": desk, "message_id": message}));
        let Ok(request) = asked else { return };
        if self.client.send(request).await.is_ok_and(|answer| api::result(&answer).is_some()) {
            return;
        }
        tracing::debug!("a file's message stays in the chat for files");
    }
}
