//! Changing and removing what is live, leaving it as it is after all, and writing it anew.

use std::sync::Arc;

use griot_domain::{Content, Delivery, Effective, Op, PostId, RevisionId, State, Variant, Wish};
use griot_store::{Reader, Tx, attempts, posts};
use serde_json::json;

use super::deliveries::act;
use super::{FIRST_COMMENT, choices, schedule, typing};
use crate::Code;
use crate::failure::Failure;
use crate::outbox::amend::{self, Hindrance, hindrance};
use crate::outbox::{person, prepare, record};
use crate::studio::Studio;
use crate::transact::{Done, transact};
use crate::undo::Undo;
use crate::wire::deliveries::{DeleteLive, DeliveryRequest, EditLive, LiveView, OneDelivery};
use crate::wire::posts::OnePost;

/// A sentence in French and in English.
type Pair = (String, String);

pub(super) fn edit(studio: &Arc<Studio>, request: EditLive) -> Result<OneDelivery, Failure> {
    let look = |r: &Reader<'_>, d: &Delivery| -> Result<(), Failure> {
        refuse(r, d, Wish::Edit)?;
        let account = super::account(r, d.account)?;
        if request.text == text(r, d)? {
            return Err(Failure::say(Code::NotNow, "Elle dit déjà cela.", "It says that already.", ("", "")));
        }
        schedule::refuse_for(studio, r, &account, &with(r, d, &request.text)?)
    };
    if request.dry_run {
        return asked_only(studio, request.id, look);
    }
    act(studio, DeliveryRequest { id: request.id }, Op::EditLive, |tx, d| {
        look(tx, &d)?;
        amend::edit(studio, tx, d, &request.text).map(Done::fixed)
    })
}

pub(super) fn delete(studio: &Arc<Studio>, request: DeleteLive) -> Result<OneDelivery, Failure> {
    if request.dry_run {
        return asked_only(studio, request.id, |r, d| refuse(r, d, Wish::Delete));
    }
    act(studio, DeliveryRequest { id: request.id }, Op::DeleteLive, |tx, d| {
        refuse(tx, &d, Wish::Delete)?;
        amend::delete(studio, tx, d).map(Done::fixed)
    })
}

pub(super) fn leave(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    act(studio, request, Op::LeaveLive, |tx, d| {
        if d.state == State::Published && d.wish.is_none() {
            let (fr, en) = ("Rien n\u{2019}est demandé à son réseau.", "Nothing is asked of its network.");
            return Err(Failure::say(Code::NotNow, fr, en, ("", "")));
        }
        if !amend::may_leave(&d, doubt(tx, &d)?) {
            return Err(not_now(
                &d,
                if d.state == State::Published { Hindrance::Leaving } else { Hindrance::NotLive },
                Wish::Edit,
            ));
        }
        amend::leave(studio, tx, d).map(Done::fixed)
    })
}

/// What went out, as a new draft.
pub(super) fn copy(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OnePost, Failure> {
    let workspace = studio.workspace()?;
    let now = studio.ports.now();
    transact(studio, &workspace, Op::CreatePost, |tx| {
        let delivery = person::load(tx, request.id)?;
        let content = again(tx, &delivery)?;
        let id = PostId::new(now, studio.ports.ten());
        posts::create(tx, id, RevisionId::new(now, studio.ports.ten()), &content, now)?;
        choices::propose(tx, id)?;
        Ok(Done::undoable(typing::show(studio, tx, super::posts::one(tx, id)?)?, Undo::Created { post: id }))
    })
}

/// What was written for the delivery, with the words that it has now. Where its network had no words of its own, the
/// corrected ones are everybody's: nothing brings the uncorrected ones back.
fn again(tx: &Tx<'_>, delivery: &Delivery) -> Result<Content, Failure> {
    let text = text(tx, delivery)?;
    if delivery.part > 0 {
        return Ok(Content { text, ..Content::default() });
    }
    let mut content = prepare::written(tx, delivery)?;
    match content.variants.get_mut(&delivery.network) {
        Some(Variant { text: Some(own), .. }) => *own = text,
        _ => content.text = text,
    }
    Ok(content)
}

/// Says what the delivery is like when nothing forbids it.
fn asked_only(
    studio: &Arc<Studio>,
    id: griot_domain::DeliveryId,
    look: impl FnOnce(&Reader<'_>, &Delivery) -> Result<(), Failure>,
) -> Result<OneDelivery, Failure> {
    let workspace = studio.workspace()?;
    workspace.store.read(|r| look(r, &person::load(r, id)?))?;
    super::deliveries::get(studio, DeliveryRequest { id })
}

fn doubt(r: &Reader<'_>, delivery: &Delivery) -> Result<bool, Failure> {
    Ok(record::maybe_sent(attempts::open_for(r, delivery.id)?.as_ref()).is_some())
}

fn refuse(r: &Reader<'_>, delivery: &Delivery, wish: Wish) -> Result<(), Failure> {
    match hindrance(delivery, wish, doubt(r, delivery)?) {
        Some(found) => Err(not_now(delivery, found, wish)),
        None => Ok(()),
    }
}

/// What it says on its network.
fn text(r: &Reader<'_>, delivery: &Delivery) -> Result<String, Failure> {
    let there = delivery.amended.as_ref().and_then(|amended| amended.text.clone());
    Ok(match there {
        Some(text) => text,
        None => prepare::said(r, delivery)?.text,
    })
}

/// What was published, with other words: this is what the rules judge.
fn with(r: &Reader<'_>, delivery: &Delivery, text: &str) -> Result<Effective, Failure> {
    let mut content = prepare::written(r, delivery)?.for_network(delivery.network);
    if delivery.part > 0 {
        content.fields.insert(FIRST_COMMENT.to_owned(), text.to_owned());
    } else {
        content.text = text.to_owned();
    }
    Ok(content)
}

fn not_now(delivery: &Delivery, found: Hindrance, wish: Wish) -> Failure {
    let (fr, en) = why(delivery, found, wish);
    let by_hand = by_hand(delivery).filter(|_| matches!(found, Hindrance::Network | Hindrance::ByHand));
    let (hint_fr, hint_en) = by_hand.unwrap_or_default();
    let data = json!({ "state": delivery.state, "action": wish });
    Failure::say(Code::NotNow, fr, en, (hint_fr.as_str(), hint_en.as_str())).with(data)
}

fn by_hand(delivery: &Delivery) -> Option<Pair> {
    let url = delivery.url.as_deref()?;
    Some((format!("À la main, c\u{2019}est ici\u{a0}: {url}"), format!("By hand, it is done here: {url}")))
}

fn why(delivery: &Delivery, found: Hindrance, wish: Wish) -> Pair {
    let name = delivery.network.display_name();
    match (found, wish) {
        (Hindrance::NotLive, _) if delivery.state == State::Deleted => (
            "Cette publication a été supprimée du réseau.".to_owned(),
            "This post was deleted from the network.".to_owned(),
        ),
        (Hindrance::NotLive, _) => {
            ("Cette publication n\u{2019}est pas en ligne.".to_owned(), "This post is not live.".to_owned())
        }
        (Hindrance::Network, Wish::Edit) => (
            format!("{name} ne laisse pas corriger d\u{2019}ici ce qui est en ligne."),
            format!("{name} does not let what is live be corrected from here."),
        ),
        (Hindrance::Network, _) => (
            format!("{name} ne laisse pas supprimer d\u{2019}ici ce qui est en ligne."),
            format!("{name} does not let what is live be deleted from here."),
        ),
        (Hindrance::ByHand, _) => (
            format!(
                "Vous l\u{2019}avez publiée à la main\u{a0}: Griot ne peut ni la corriger ni la supprimer sur {name}."
            ),
            format!("You published it by hand: Griot can neither correct nor delete it on {name}."),
        ),
        (Hindrance::Leaving, _) => (
            "Un changement est en train de partir\u{a0}: attendez la réponse du réseau.".to_owned(),
            "A change is leaving now: wait for the network\u{2019}s answer.".to_owned(),
        ),
    }
}

/// What is shown of what is live, or was; nothing before.
pub(super) fn view(
    studio: &Studio,
    r: &Reader<'_>,
    delivery: &Delivery,
) -> Result<Option<LiveView>, Failure> {
    if !delivery.state.was_live() {
        return Ok(None);
    }
    let amended = delivery.amended.clone().unwrap_or_default();
    let lang = studio.lang();
    let mut notes = Vec::new();
    for wish in [Wish::Edit, Wish::Delete] {
        let found = hindrance(delivery, wish, false);
        let Some(found) = found.filter(|found| matches!(found, Hindrance::Network | Hindrance::ByHand))
        else {
            continue;
        };
        let (fr, en) = why(delivery, found, wish);
        let said = lang.pick(fr, en);
        if !notes.contains(&said) {
            notes.push(said);
        }
    }
    if let Some((fr, en)) = by_hand(delivery).filter(|_| !notes.is_empty()) {
        notes.push(lang.pick(fr, en));
    }
    Ok(Some(LiveView {
        text: text(r, delivery)?,
        asked: amended.asked,
        edited_at: amended.edited,
        deleted_at: amended.deleted,
        waits: amended.waits,
        notes,
    }))
}
