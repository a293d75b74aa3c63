//! What posts cost where a network takes money: said before anything is scheduled, and held by a month's cap.
//!
//! A month is one of the workspace's zone. What counts as spent is what this workspace published, by the prices in the
//! rules. Deliberately absent: what other programs spend through the same app, and what reading costs.

use griot_domain::cost::{Month, amount, price};
use griot_domain::rules::{CostRules, Rules};
use griot_domain::time::{self, Zone};
use griot_domain::{Account, Delivery, Effective, Lang, NetworkId, PostId, State, Timestamp, calendar};
use griot_store::deliveries::{self, Filter};
use griot_store::{Reader, accounts, posts, settings as stored};
use serde_json::json;

use super::schedule::FIRST_COMMENT;
use super::settings;
use crate::Code;
use crate::failure::Failure;
use crate::studio::{Studio, Workspace};

/// The states of what will go out by itself, or may be out already.
const PLANNED: &[State] = &[
    State::Scheduled,
    State::Waiting,
    State::Preparing,
    State::Uploading,
    State::Processing,
    State::Armed,
    State::Publishing,
    State::Unknown,
];

/// What a post costs at one account, its first comment included; nothing where the network takes no money, and where
/// a person publishes.
pub(super) fn of(account: &Account, content: &Effective) -> Option<u64> {
    if account.is_by_hand() {
        return None;
    }
    let post = price(account.network, &content.text)?;
    let comment = content.fields.get(FIRST_COMMENT).filter(|text| !text.trim().is_empty());
    Some(post + comment.and_then(|text| price(account.network, text)).unwrap_or(0))
}

/// Which month it is, by the workspace's clocks, and when it is now.
pub(super) struct Calendar {
    zone: Zone,
    now: Timestamp,
}

impl Calendar {
    pub(super) fn of(studio: &Studio, workspace: &Workspace) -> Result<Self, Failure> {
        Ok(Self { zone: time::zone(&settings::zone(studio, workspace)?)?, now: studio.ports.now() })
    }

    /// When something due then goes out: what is late, now.
    fn leaves(&self, due: Option<Timestamp>) -> Timestamp {
        due.filter(|due| *due > self.now).unwrap_or(self.now)
    }

    /// A network's account of the month in which something due at `due` goes out.
    pub(super) fn month_of(
        &self,
        r: &Reader<'_>,
        network: NetworkId,
        due: Option<Timestamp>,
    ) -> Result<Month, Failure> {
        let wanted = calendar::month(self.leaves(due), self.zone);
        let mut month = Month { cap: cap(r, network)?, ..Month::default() };
        for account in accounts::list(r)?.iter().filter(|a| a.network == network && !a.is_by_hand()) {
            for delivery in &deliveries::went_live_within(r, account.id, &wanted)? {
                month.spent += cost(r, delivery)?;
            }
            let planned = Filter { account: Some(account.id), states: PLANNED.to_vec(), ..Filter::default() };
            let planned = deliveries::list(r, &planned)?;
            for delivery in planned.iter().filter(|delivery| wanted.contains(&self.leaves(delivery.due))) {
                month.planned += cost(r, delivery)?;
            }
        }
        Ok(month)
    }
}

/// What one delivery costs: by what went out where that is frozen, else by what its post says now.
fn cost(r: &Reader<'_>, delivery: &Delivery) -> Result<u64, Failure> {
    let frozen = delivery.revision.map(|id| posts::revision(r, id)).transpose()?.flatten();
    let revision = match frozen {
        Some(revision) => revision,
        None => posts::current(r, delivery.post)?,
    };
    let content = revision.content.for_network(delivery.network);
    let comment = content.fields.get(FIRST_COMMENT).map_or("", String::as_str);
    let text = if delivery.part == 0 { &content.text } else { comment };
    Ok(price(delivery.network, text).unwrap_or(0))
}

/// The cap that a person set, in thousandths.
fn cap(r: &Reader<'_>, network: NetworkId) -> Result<Option<u64>, Failure> {
    if network != NetworkId::X {
        return Ok(None);
    }
    let set = stored::get(r, settings::X_CAP)?.and_then(|value| value.as_f64());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "settings.set takes 0 to 1,000,000"
    )]
    Ok(set.map(|whole| (whole * 1000.0).round().max(0.0) as u64))
}

/// What a post costs, and how the month stands, in one sentence or two.
pub(super) fn sentence(network: NetworkId, cost: u64, month: &Month, lang: Lang) -> Option<String> {
    let rules = Rules::of(network).cost.as_ref()?;
    let say = |n: u64| amount(n, &rules.currency, lang);
    let (name, price, day) = (network.display_name(), say(cost), day(rules, lang));
    let (spent, planned) = (say(month.spent), say(month.planned));
    let cap = month.cap.map(say);
    Some(match lang {
        Lang::Fr => {
            let cap = cap.map(|cap| format!(", plafond {cap}")).unwrap_or_default();
            format!(
                "{name} facture {price} (prix lus le {day}). Ce mois\u{a0}: {spent} partis, {planned} programmés{cap}."
            )
        }
        Lang::En => {
            let cap = cap.map(|cap| format!(", cap {cap}")).unwrap_or_default();
            format!(
                "{name} charges {price} (prices read on {day}). This month: {spent} sent, {planned} scheduled{cap}."
            )
        }
    })
}

/// The day the prices were read, as people write it.
fn day(rules: &CostRules, lang: Lang) -> String {
    let parts: Vec<&str> = rules.checked_on.split('-').collect();
    match (parts.as_slice(), lang) {
        ([year, month, day], Lang::Fr) => format!("{day}/{month}/{year}"),
        _ => rules.checked_on.clone(),
    }
}

/// Refuses what would pass the month's cap; says what it costs otherwise.
pub(super) fn hold(
    r: &Reader<'_>,
    calendar: &Calendar,
    post: PostId,
    wanted: &[(&Account, Effective)],
    due: Option<Timestamp>,
    lang: Lang,
) -> Result<Option<String>, Failure> {
    let costs = wanted.iter().filter_map(|(account, content)| Some((account.network, of(account, content)?)));
    let mut said = None;
    let mut of_network: Vec<(NetworkId, u64)> = Vec::new();
    for (network, cost) in costs {
        match of_network.iter_mut().find(|(known, _)| *known == network) {
            Some((_, sum)) => *sum += cost,
            None => of_network.push((network, cost)),
        }
    }
    for (network, cost) in of_network {
        let month = calendar.month_of(r, network, due)?;
        if month.over(cost).is_some() {
            let kept = (
                format!(" Elle est gardée comme brouillon {post}."),
                format!(" It is kept as draft {post}."),
            );
            return Err(over(network, cost, month.spent + month.planned + cost, &month, post, kept));
        }
        said = sentence(network, cost, &month, lang);
    }
    Ok(said)
}

/// Refuses what a person did with one delivery when a month passes its cap by it: `before` it was not planned, or for
/// another month. `after` is as it is written now.
pub(super) fn hold_again(
    r: &Reader<'_>,
    calendar: &Calendar,
    before: &Delivery,
    after: &Delivery,
) -> Result<(), Failure> {
    let month = |delivery: &Delivery| {
        let planned = PLANNED.contains(&delivery.state);
        planned.then(|| calendar::month(calendar.leaves(delivery.due), calendar.zone))
    };
    let account = super::account(r, after.account)?;
    let cost = cost(r, after)?;
    if cost == 0 || account.is_by_hand() || month(after).is_none() || month(after) == month(before) {
        return Ok(());
    }
    let found = calendar.month_of(r, after.network, after.due)?;
    match found.over(0) {
        Some(_) => {
            let all = found.spent + found.planned;
            Err(over(after.network, cost, all, &found, after.post, Default::default()))
        }
        None => Ok(()),
    }
}

/// What each delivery costs that would go out by itself.
pub(super) fn each(r: &Reader<'_>, of: &[Delivery]) -> Result<Vec<(Delivery, u64)>, Failure> {
    let planned = of.iter().filter(|delivery| PLANNED.contains(&delivery.state));
    planned.map(|delivery| Ok((delivery.clone(), cost(r, delivery)?))).collect()
}

/// Refuses a correction by which a month passes its cap: what it makes dearer is in `before`, with what it cost.
pub(super) fn hold_correction(
    r: &Reader<'_>,
    calendar: &Calendar,
    before: &[(Delivery, u64)],
) -> Result<(), Failure> {
    for (delivery, was) in before {
        let Some(now) = deliveries::get(r, delivery.id)? else { continue };
        let cost = cost(r, &now)?;
        if cost <= *was || super::account(r, now.account)?.is_by_hand() {
            continue;
        }
        let month = calendar.month_of(r, now.network, now.due)?;
        if month.over(0).is_some() {
            let all = month.spent + month.planned;
            return Err(over(now.network, cost, all, &month, now.post, Default::default()));
        }
    }
    Ok(())
}

fn over(
    network: NetworkId,
    cost: u64,
    all: u64,
    month: &Month,
    post: PostId,
    (kept_fr, kept_en): (String, String),
) -> Failure {
    let name = network.display_name();
    let currency = Rules::of(network).cost.as_ref().map_or("", |rules| rules.currency.as_str());
    let say = |lang| [cost, all, month.cap.unwrap_or(0)].map(|n| amount(n, currency, lang));
    let ([cost_fr, all_fr, cap_fr], [cost_en, all_en, cap_en]) = (say(Lang::Fr), say(Lang::En));
    Failure::say(
        Code::Refused,
        format!(
            "Avec cette publication ({cost_fr}), {name} coûterait {all_fr} ce mois-là\u{a0}: plus que votre plafond de {cap_fr}.{kept_fr}"
        ),
        format!(
            "With this post ({cost_en}), {name} would cost {all_en} that month: more than your cap of {cap_en}.{kept_en}"
        ),
        (
            "Relevez le plafond dans les réglages, ôtez le lien s\u{2019}il y en a un, ou choisissez un autre mois.",
            "Raise the cap in the settings, take the link out if there is one, or choose another month.",
        ),
    )
    .with(json!({ "post": post }))
}
