//! For whom and when, as a person chose last, and the question before something is public at once.
//!
//! Nobody is ever chosen by Griot: a new post gets the last choice, or none. An account that was connected since then is
//! in no choice.

use std::sync::Arc;
use std::time::Duration;

use griot_domain::{Account, AccountId, Plan, Planned, PostId, Timestamp};
use griot_store::{Reader, Tx, accounts, deliveries, plans, settings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::places::{called, listed};
use super::settings::ASK;
use crate::Code;
use crate::failure::Failure;
use crate::studio::Studio;
use crate::wire::Nothing;
use crate::wire::posts::PostChoice;

/// Where the last choice is noted; no setting that a person sees.
const LAST: &str = "compose.last";
/// What was not used for so long is asked about: two months, after which nobody remembers who reads there.
const LONG: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// The last choice, as it is noted.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Last {
    to: Vec<AccountId>,
    when: Planned,
}

/// Notes what was chosen for a post that is scheduled now.
pub(super) fn remember(tx: &Tx<'_>, to: &[Account], at_a_time: bool) -> Result<(), Failure> {
    let when = if at_a_time { Planned::At } else { Planned::Now };
    let last = Last { to: to.iter().map(|account| account.id).collect(), when };
    let last = serde_json::to_value(last).expect("BUG: a choice is plain data and always serialises");
    Ok(settings::set(tx, LAST, &last)?)
}

/// The last choice without the accounts that are gone; nothing when nothing was scheduled yet.
pub(super) fn last(r: &Reader<'_>) -> Result<Option<Plan>, Failure> {
    let Some(noted) = settings::get(r, LAST)? else { return Ok(None) };
    // What another version noted otherwise is no choice.
    let Ok(noted) = serde_json::from_value::<Last>(noted) else { return Ok(None) };
    let mut to = Vec::with_capacity(noted.to.len());
    for id in noted.to {
        if accounts::is_there(r, id)? {
            to.push(id);
        }
    }
    Ok(Some(Plan { to, when: noted.when, ..Plan::default() }))
}

/// The last choice, for a post of which nothing is written yet.
pub(super) fn choice(studio: &Arc<Studio>, _: Nothing) -> Result<PostChoice, Failure> {
    let plan = studio.workspace()?.store.read(last)?;
    Ok(PostChoice { plan })
}

/// Gives a new post the last choice.
pub(super) fn propose(tx: &Tx<'_>, post: PostId) -> Result<(), Failure> {
    match last(tx)? {
        Some(plan) => Ok(plans::put(tx, post, &plan)?),
        None => Ok(()),
    }
}

/// Refuses to publish at once, without having asked, to more than one account or to one that was not used for long.
/// What a person publishes by hand is public by their own hand.
pub(super) fn ask(r: &Reader<'_>, to: &[Account], now: Timestamp) -> Result<(), Failure> {
    if settings::get(r, ASK)? == Some(Value::Bool(false)) {
        return Ok(());
    }
    let direct: Vec<&Account> = to.iter().filter(|account| !account.is_by_hand()).collect();
    let mut unused = Vec::new();
    let mut told = Vec::with_capacity(direct.len());
    for account in &direct {
        let last = deliveries::last_live(r, account.id)?;
        if last.is_none_or(|last| last.plus(LONG) < now) {
            unused.push(called(account));
        }
        told.push(json!({ "account": account.id, "network": account.network, "name": account.name, "last_live": last }));
    }
    if direct.len() < 2 && unused.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = direct.iter().map(|account| called(account)).collect();
    let ((names_fr, names), count) = (listed(&names), direct.len());
    let many = count > 1;
    let (fr, en) = if many {
        (
            format!("Publier maintenant sur {count} comptes\u{a0}? {names_fr}."),
            format!("Publish now to {count} accounts? {names}."),
        )
    } else {
        (
            format!(
                "Publier maintenant sur {names_fr}\u{a0}? Rien n\u{2019}y est paru depuis Griot ces deux derniers mois."
            ),
            format!("Publish now to {names}? Nothing has appeared there from Griot in the last two months."),
        )
    };
    let why: Vec<&str> = [(many, "many"), (!unused.is_empty(), "unused")]
        .iter()
        .filter(|(is, _)| *is)
        .map(|(_, why)| *why)
        .collect();
    Err(Failure::say(
        Code::ConfirmNeeded,
        fr,
        en,
        (
            "Confirmez, ou changez les comptes ou l\u{2019}heure.",
            "Confirm, or change the accounts or the time.",
        ),
    )
    .with(json!({ "accounts": told, "count": count, "why": why })))
}

/// Nobody was chosen: says who there is, and for whom the last post was.
pub(super) fn nobody(r: &Reader<'_>) -> Result<Failure, Failure> {
    let all = accounts::list(r)?;
    let last = last(r)?.map(|plan| plan.to).unwrap_or_default();
    let names = all.iter().map(called).collect::<Vec<_>>();
    if names.is_empty() {
        return Ok(Failure::say(
            Code::BadRequest,
            "Aucun compte n\u{2019}est choisi, et aucun n\u{2019}est connecté.",
            "No account is chosen, and none is connected.",
            (
                "Connectez d\u{2019}abord un compte, ou gardez un brouillon.",
                "Connect an account first, or keep a draft.",
            ),
        ));
    }
    let again: Vec<String> =
        all.iter().filter(|account| last.contains(&account.id)).map(|a| word(&all, a)).collect();
    let (fr, en) = if again.is_empty() {
        let one = all.first().map(|account| word(&all, account)).unwrap_or_default();
        (
            format!("Choisissez\u{a0}: --to {one}, ou --draft pour un brouillon."),
            format!("Choose: --to {one}, or --draft for a draft."),
        )
    } else {
        let line = again.join(" ");
        (format!("La dernière fois\u{a0}: --to {line}"), format!("Last time: --to {line}"))
    };
    let (names_fr, names) = listed(&names);
    Ok(Failure::say(
        Code::BadRequest,
        format!("Aucun compte n\u{2019}est choisi. Il y a\u{a0}: {names_fr}."),
        format!("No account is chosen. There are: {names}."),
        (fr.as_str(), en.as_str()),
    )
    .with(json!({ "accounts": all.iter().map(|a| json!({ "account": a.id, "network": a.network, "name": a.name })).collect::<Vec<_>>(), "last": last })))
}

/// How an account is named on a command line: the shortest word that means it alone.
fn word(all: &[Account], account: &Account) -> String {
    let plain = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.@:/".contains(c))
    };
    let words = [account.network.as_str(), account.name.as_str(), account.handle.as_str()];
    let alone = |word: &&&str| {
        plain(word) && super::accounts::meant(all, word).is_ok_and(|meant| meant.id == account.id)
    };
    words.iter().find(alone).map_or_else(|| account.id.to_string(), |word| (*word).to_owned())
}
