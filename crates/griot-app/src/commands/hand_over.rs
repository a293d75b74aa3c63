//! Giving posts to networks that keep dates, one by one or all of the coming days, and asking for them back.

use std::sync::Arc;

use griot_domain::{Delivery, Lang, MediaKind, NetworkId, Op};
use griot_store::{Reader, assets, deliveries, posts};
use serde_json::json;

use super::deliveries::act;
use super::queue;
use crate::Code;
use crate::failure::Failure;
use crate::outbox::kept::{self, Hindrance};
use crate::outbox::person;
use crate::studio::Studio;
use crate::transact::{Done, transact};
use crate::wire::deliveries::{DeliveryRequest, HandOver, HandOverLine, HandOverRequest, OneDelivery};

/// More days than the farthest date that any network takes are a slip of the keyboard.
const MOST_DAYS: u32 = 365;

/// Why a delivery cannot be given to its network; nothing when it can.
pub(super) fn hindrance(
    studio: &Studio,
    r: &Reader<'_>,
    delivery: &Delivery,
) -> Result<Option<Hindrance>, Failure> {
    // The cheap questions first: most deliveries end there.
    let found = kept::hindrance(delivery, false, studio.ports.now());
    if found.is_some() {
        return Ok(found);
    }
    if super::account(r, delivery.account)?.is_by_hand() {
        return Ok(Some(Hindrance::ByHand));
    }
    let content = posts::current(r, delivery.post)?.content.for_network(delivery.network);
    let mut has_film = false;
    for attachment in &content.media {
        has_film |= assets::get(r, attachment.asset)?.is_some_and(|a| a.facts.kind == MediaKind::Video);
    }
    Ok(kept::hindrance(delivery, has_film, studio.ports.now()))
}

pub(super) fn one(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    act(studio, request, Op::HandOver, |tx, d| {
        if let Some(found) = hindrance(studio, tx, &d)? {
            let (fr, en) = (why(Lang::Fr, found, d.network), why(Lang::En, found, d.network));
            let data = json!({ "state": d.state, "action": "hand_over" });
            return Err(Failure::say(Code::NotNow, fr, en, ("", "")).with(data));
        }
        person::hand_over(studio, tx, d).map(Done::fixed)
    })
}

pub(super) fn withdraw(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    act(studio, request, Op::Withdraw, |tx, d| person::withdraw(studio, tx, d).map(Done::fixed))
}

/// Everything of the coming days that its network keeps.
pub(super) fn all(studio: &Arc<Studio>, request: HandOverRequest) -> Result<HandOver, Failure> {
    if request.days == 0 || request.days > MOST_DAYS {
        return Err(Failure::say(
            Code::BadRequest,
            format!("Entre 1 et {MOST_DAYS} jours."),
            format!("Between 1 and {MOST_DAYS} days."),
            ("", ""),
        ));
    }
    let workspace = studio.workspace()?;
    let (now, lang) = (studio.ports.now(), studio.lang());
    let until = now.plus_millis(i64::from(request.days) * 24 * 60 * 60 * 1000);
    let look = |r: &Reader<'_>| -> Result<_, Failure> {
        let mut found = (Vec::new(), Vec::new());
        let open = deliveries::open(r)?;
        let coming = open.into_iter().filter(|d| d.due.is_some_and(|due| due > now && due <= until));
        for delivery in coming {
            match hindrance(studio, r, &delivery)? {
                Some(Hindrance::Given) => {}
                Some(why_not) => found.1.push((delivery, Some(why_not))),
                None => found.0.push((delivery, None)),
            }
        }
        Ok(found)
    };
    let (given, left) = if request.dry_run {
        workspace.store.read(look)?
    } else {
        let found = transact(studio, &workspace, Op::HandOver, |tx| {
            let (given, left) = look(tx)?;
            for (delivery, _) in &given {
                person::hand_over(studio, tx, delivery.clone())?;
            }
            Ok(Done::fixed((given, left)))
        })?;
        studio.wake.notify_one();
        found
    };
    workspace.store.read(|r| Ok(HandOver { given: lines(r, lang, given)?, left: lines(r, lang, left)? }))
}

fn lines(
    r: &Reader<'_>,
    lang: Lang,
    of: Vec<(Delivery, Option<Hindrance>)>,
) -> Result<Vec<HandOverLine>, Failure> {
    let ids: Vec<_> = of.iter().map(|(delivery, _)| delivery.id).collect();
    let mut heads = griot_store::queue::heads(r, &ids)?;
    let line = |(delivery, found): (Delivery, Option<Hindrance>)| {
        let head = heads.remove(&delivery.id).unwrap_or_default();
        HandOverLine {
            id: delivery.id,
            network: delivery.network,
            account_name: head.account,
            title: queue::title(&head.text),
            due: delivery.due,
            wall: delivery.wall,
            reason: found.map(|found| why(lang, found, delivery.network)),
        }
    };
    Ok(of.into_iter().map(line).collect())
}

/// Why it stays here, and what follows from that.
fn why(lang: Lang, found: Hindrance, network: NetworkId) -> String {
    let name = network.display_name();
    let (fr, en) = match found {
        Hindrance::NoDates => (
            format!("{name} ne garde pas de date pour ce compte\u{a0}: elle part d\u{2019}ici."),
            format!("{name} keeps no date for this account: it leaves from here."),
        ),
        Hindrance::ByHand => (
            "Vous la publiez vous-même, à la main.".to_owned(),
            "You publish it yourself, by hand.".to_owned(),
        ),
        Hindrance::NoTime => (
            "Elle n\u{2019}a pas d\u{2019}heure\u{a0}: choisissez-en une d\u{2019}abord.".to_owned(),
            "It has no time: choose one first.".to_owned(),
        ),
        Hindrance::Given => (format!("{name} la garde déjà."), format!("{name} keeps it already.")),
        Hindrance::Follows => (
            "Elle suit une autre publication et part d\u{2019}ici, quand celle-ci est en ligne.".to_owned(),
            "It follows another post and leaves from here, once that one is live.".to_owned(),
        ),
        Hindrance::State => (
            "Elle est déjà en chemin, ou attend une réponse de votre part.".to_owned(),
            "It is on its way already, or waits for an answer of yours.".to_owned(),
        ),
        Hindrance::Film => (
            format!("Griot ne confie pas de vidéo à {name}\u{a0}: elle part d\u{2019}ici."),
            format!("Griot hands no video over to {name}: it leaves from here."),
        ),
        Hindrance::TooNear => (
            format!("Son heure est trop proche pour {name}\u{a0}: elle part d\u{2019}ici."),
            format!("Its time is too near for {name}: it leaves from here."),
        ),
        Hindrance::TooFar => (
            format!("Son heure est encore trop loin pour {name}."),
            format!("Its time is still too far away for {name}."),
        ),
    };
    lang.pick(fr, en)
}
