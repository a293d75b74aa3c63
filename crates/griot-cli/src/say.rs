//! Answers in words: what a person reads when `--json` was not asked for.
//!
//! French first, English with the same plainness; no code, no exclamation mark. Sentences of the studio itself
//! (problems, reasons, hints) come with the answer and are repeated as they are.

use std::collections::HashMap;
use std::sync::Arc;

use griot_app::wire::accounts::Accounts;
use griot_app::{Studio, dispatch};
use griot_domain::{AccountId, Lang, NetworkId, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::print;

mod accounts;
pub(crate) use accounts::which;
mod media;
mod posts;
pub(crate) mod queue;
mod table;
mod traffic;
mod workspace;

/// The language and the zone of what is said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice {
    /// The language.
    pub(crate) lang: Lang,
    zone: &'static str,
}

impl Voice {
    /// A voice for the person whose clock shows `zone`; UTC when there is no such zone.
    pub(crate) fn new(lang: Lang, zone: &str) -> Self {
        Self { lang, zone: griot_domain::time::zone(zone).map_or("UTC", |zone| zone.name()) }
    }

    /// A name and what is said of it.
    pub(crate) fn pair(&self, name: &str, said: &str) -> String {
        self.lang.pick(format!("{name}\u{a0}: {said}"), format!("{name}: {said}"))
    }

    /// An instant on the person's clock, with the zone.
    fn time(&self, at: Timestamp) -> String {
        let zone = griot_domain::time::zone(self.zone).expect("BUG: a voice speaks in a zone that there is");
        let shown = zone.shows(at).replacen('T', " ", 1);
        format!("{} {}", shown.get(..16).unwrap_or(&shown), self.zone)
    }

    /// A size, to the tenth.
    fn bytes(&self, bytes: u64) -> String {
        let units = self.lang.pick(["o", "ko", "Mo", "Go"], ["B", "kB", "MB", "GB"]);
        let mut tenths = u128::from(bytes) * 10;
        let mut unit = 0;
        while tenths >= 10_000 && unit + 1 < units.len() {
            tenths = (tenths + 500) / 1000;
            unit += 1;
        }
        let point = self.lang.pick(',', '.');
        let number = match tenths % 10 {
            0 => (tenths / 10).to_string(),
            tenth => format!("{}{point}{tenth}", tenths / 10),
        };
        format!("{number}\u{a0}{}", units[unit])
    }
}

/// How the accounts of a workspace are called.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<AccountId, String>);

impl Names {
    /// Of every account; of none when the studio cannot say.
    pub(crate) fn of(studio: &Arc<Studio>) -> Self {
        let answer = dispatch(studio, "accounts.list", json!({})).ok();
        let accounts = answer.and_then(|answer| serde_json::from_value::<Accounts>(answer).ok());
        let accounts = accounts.map(|a| a.accounts).unwrap_or_default();
        Self(accounts.into_iter().map(|account| (account.id, account.name)).collect())
    }

    /// The network and the account.
    pub(crate) fn account(&self, id: AccountId, network: NetworkId) -> String {
        match self.0.get(&id) {
            Some(name) if name != network.display_name() => format!("{}, {name}", network.display_name()),
            _ => network.display_name().to_owned(),
        }
    }
}

/// Says the answer of a command; one that has no words yet is shown as it is.
pub(crate) fn answer(studio: &Arc<Studio>, voice: &Voice, command: &str, answer: &Value) {
    let names = || Names::of(studio);
    let said = match command {
        "workspace.create" => read(answer).map(|a| workspace::made(voice, &a)),
        "workspace.backup" => read(answer).map(|a| workspace::backup(voice, &a)),
        "workspace.restore" => read(answer).map(|a| workspace::restored(voice, &a)),
        "journal.export" => read(answer).map(|a| workspace::exported(voice, &a)),
        "journal.verify" => read(answer).map(|a| workspace::verified(voice, &a)),
        "doctor.run" => read(answer).map(|a| workspace::doctor(voice, &a)),
        "accounts.fields" => read(answer).map(|a| accounts::fields(voice, &a)),
        "accounts.add" => read(answer).map(|a| accounts::one(voice, &a)),
        "accounts.sign_in_done" => read(answer).map(|a| accounts::signed_in(voice, &a)),
        "accounts.list" | "accounts.check" | "accounts.remove" => {
            read(answer).map(|a| accounts::all(voice, &a))
        }
        "library.import" => read(answer).map(|a| media::imported(voice, &a)),
        "media.presets" => read(answer).map(|a| media::presets(voice, &a)),
        "media.render" | "media.video" => read(answer).map(|a| media::rendered(voice, &a)),
        "rules.check" => read(answer).map(|a| media::checked(voice, &a)),
        "posts.compose" | "posts.schedule" => read(answer).map(|a| queue::composed(voice, &names(), &a)),
        "deliveries.hand_over_all" => read(answer).map(|a| queue::handed(voice, &a)),
        "queue.traffic" => read(answer).map(|a| traffic::totals(voice, &a)),
        "queue.fitting" => read(answer).map(|a| traffic::fitting(voice, &names(), &a, false)),
        "queue.send_fitting" => read(answer).map(|a| traffic::fitting(voice, &names(), &a, true)),
        "deliveries.list" => read(answer).map(|a| queue::lines(voice, &names(), &a)),
        "posts.save" | "posts.get" => read(answer).map(|a| posts::one(voice, &names(), &a)),
        "posts.confirm" => read(answer).map(|a| posts::confirmed(voice, &names(), &a)),
        "posts.abandon" => read(answer).map(|a| posts::abandoned(voice, &names(), &a)),
        "posts.move" => read(answer).map(|a| posts::moved(voice, &names(), &a)),
        "deliveries.copy" => read(answer).map(|a| queue::copied(voice, &a)),
        name if name.starts_with("deliveries.") => read(answer).map(|a| queue::one(voice, &names(), &a)),
        _ => None,
    };
    let lines = said.unwrap_or_else(|| vec![answer.to_string()]);
    for line in lines {
        print::said(&line);
    }
}

fn read<T: DeserializeOwned>(answer: &Value) -> Option<T> {
    T::deserialize(answer).ok()
}

#[cfg(test)]
mod tests;
