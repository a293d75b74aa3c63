//! What a person may do to a delivery: confirm, retry, cancel, release, move, edit its post.
//!
//! Each is a condition and a write in one transaction, so that the worker and a person never cross.

use griot_domain::time::Resolved;
use griot_domain::{Delivery, DeliveryId, Outcome, Phase, PostId, State, WaitingFor, Wish};
use griot_store::{Reader, Tx, accounts, attempts, deliveries};
use serde_json::{Value, json};

mod refused;

use super::{by_hand, parts, record};
use crate::Code;
use crate::failure::Failure;
use crate::studio::Studio;

/// The delivery called `id`.
pub(crate) fn load(r: &Reader<'_>, id: DeliveryId) -> Result<Delivery, Failure> {
    deliveries::get(r, id)?
        .ok_or_else(|| Failure::not_found(("Publication programmée", "delivery"), &id.to_string()))
}

/// Whether a person may say that it is live.
pub(crate) fn may_confirm(delivery: &Delivery) -> bool {
    matches!(delivery.state, State::Unknown | State::Assisted | State::Failed)
        || delivery.waiting_for == Some(WaitingFor::CheckAfterMove)
}

/// Whether a person may ask for another try.
pub(crate) fn may_retry(delivery: &Delivery) -> bool {
    let soon =
        matches!(delivery.waiting_for, Some(WaitingFor::Backoff | WaitingFor::Network | WaitingFor::Portal));
    matches!(delivery.state, State::Failed | State::Unknown) || (delivery.state == State::Waiting && soon)
}

/// Whether a person may let it go.
pub(crate) fn may_release(delivery: &Delivery) -> bool {
    let held = matches!(delivery.waiting_for, Some(WaitingFor::Late | WaitingFor::CheckAfterMove));
    delivery.state == State::Waiting && held
}

/// Whether it may be called off; `doubt` is whether its visible call may have left.
pub(crate) fn may_call_off(delivery: &Delivery, doubt: bool) -> bool {
    let left = delivery.is_final() || matches!(delivery.state, State::Armed | State::Publishing);
    !doubt && !left && !is_asked(delivery, Wish::Cancel)
}

/// Whether it may get another time.
pub(crate) fn may_reschedule(delivery: &Delivery, doubt: bool) -> bool {
    let still = matches!(
        delivery.state,
        State::Scheduled | State::Waiting | State::Failed | State::Assisted | State::HandedOver
    );
    let taken_back = is_asked(delivery, Wish::Withdraw) || is_asked(delivery, Wish::Cancel);
    // What follows a post goes when that one is live: it has no time of its own.
    !doubt
        && still
        && !taken_back
        && !delivery.follows()
        && delivery.waiting_for != Some(WaitingFor::CheckAfterMove)
}

/// Whether it may be taken back from its network, or from its way there.
pub(crate) fn may_withdraw(delivery: &Delivery, doubt: bool) -> bool {
    let on_its_way = delivery.wish == Some(Wish::HandOver)
        && matches!(delivery.state, State::Scheduled | State::Waiting)
        && !doubt;
    let kept = delivery.state == State::HandedOver
        && !is_asked(delivery, Wish::Withdraw)
        && !is_asked(delivery, Wish::Cancel);
    on_its_way || kept
}

/// Whether the network is about to be asked for this.
fn is_asked(delivery: &Delivery, wish: Wish) -> bool {
    delivery.wish == Some(wish)
}

/// Whether its post can not be edited because of it.
pub(crate) fn bars_edits(delivery: &Delivery, doubt: bool) -> bool {
    // What is live already is changed by itself, and not through its post.
    let doubt = doubt && !delivery.is_final();
    doubt || delivery.may_be_live() || delivery.state == State::HandedOver
}

/// Writes a person's step and notes it in the journal.
pub(super) fn put(
    studio: &Studio,
    tx: &Tx<'_>,
    mut delivery: Delivery,
    detail: Value,
) -> Result<Delivery, Failure> {
    let now = studio.ports.now();
    delivery.updated_at = record::later(delivery.updated_at, now);
    deliveries::update(tx, &delivery)?;
    let attempt = attempts::list_for(tx, delivery.id)?.last().map(|a| a.id);
    record::event(tx, &delivery, attempt, now, Phase::Person, detail)?;
    Ok(delivery)
}

/// A person says that it is live.
pub(crate) fn confirm(
    studio: &Studio,
    tx: &Tx<'_>,
    mut delivery: Delivery,
    url: Option<String>,
) -> Result<Delivery, Failure> {
    if !may_confirm(&delivery) {
        return Err(refused::not_now(&delivery, "confirm"));
    }
    let own = accounts::get(tx, delivery.account)?.map(|account| account.server).unwrap_or_default();
    if url.as_deref().is_some_and(|url| !is_page(url, &own)) {
        return Err(Failure::say(
            Code::BadRequest,
            "Ce n\u{2019}est pas une adresse de page.",
            "This is not the address of a page.",
            ("Collez l\u{2019}adresse complète, avec https://.", "Paste the whole address, with https://."),
        ));
    }
    let now = studio.ports.now();
    record::end(tx, &delivery, now, Outcome::Person, None, Value::Null)?;
    delivery.state = State::Published;
    (delivery.waiting_for, delivery.failed, delivery.reason, delivery.next_at) = (None, None, None, None);
    (delivery.wish, delivery.kept) = (None, None);
    delivery.url.clone_from(&url);
    let delivery = put(studio, tx, delivery, json!({ "action": "confirm", "url": url }))?;
    parts::wake(tx, &delivery, now)?;
    Ok(delivery)
}

/// Whether `url` can be the address of a page. Without encryption only on the account's own site, where that has none.
fn is_page(url: &str, own: &str) -> bool {
    let open = own.starts_with("http://") && url.starts_with(own.trim_end_matches('/'));
    let bare = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://").filter(|_| open));
    let host = bare.and_then(|bare| bare.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// A person asks for another try. After a doubt the network is asked once more before anything is sent.
pub(crate) fn retry(studio: &Studio, tx: &Tx<'_>, mut delivery: Delivery) -> Result<Delivery, Failure> {
    if !may_retry(&delivery) {
        return Err(refused::not_now(&delivery, "retry"));
    }
    if delivery.state == State::Waiting {
        delivery.next_at = Some(delivery.at_once(studio.ports.now()));
        return put(studio, tx, delivery, json!({ "action": "retry" }));
    }
    if delivery.state == State::Failed {
        // What was refused is probably corrected: the newest content goes.
        delivery.revision = None;
    }
    start_over(studio, &mut delivery);
    put(studio, tx, delivery, json!({ "action": "retry" }))
}

fn start_over(studio: &Studio, delivery: &mut Delivery) {
    let now = studio.ports.now();
    // What a network would not keep, or lost, keeps its time here.
    let is_ahead = delivery.own_due().is_some_and(|due| due > now);
    delivery.state = State::Scheduled;
    (delivery.waiting_for, delivery.failed, delivery.reason) = (None, None, None);
    (delivery.wish, delivery.kept) = (None, None);
    (delivery.tries, delivery.released) = (0, true);
    delivery.released_at = (!is_ahead).then_some(now);
    delivery.next_at = (!is_ahead).then(|| delivery.at_once(now));
}

/// A person asks that it be given to its network now. Whether it can be was asked before.
pub(crate) fn hand_over(studio: &Studio, tx: &Tx<'_>, mut delivery: Delivery) -> Result<Delivery, Failure> {
    delivery.wish = Some(Wish::HandOver);
    delivery.reason = None;
    delivery.next_at = Some(studio.ports.now());
    put(studio, tx, delivery, json!({ "action": "hand_over" }))
}

/// A person asks for it back from its network: it goes out from here, at its time.
pub(crate) fn withdraw(studio: &Studio, tx: &Tx<'_>, mut delivery: Delivery) -> Result<Delivery, Failure> {
    let doubt = record::maybe_sent(attempts::open_for(tx, delivery.id)?.as_ref()).is_some();
    if !may_withdraw(&delivery, doubt) {
        return Err(refused::not_now(&delivery, "withdraw"));
    }
    if delivery.state == State::HandedOver {
        return ask_of_network(studio, tx, delivery, Wish::Withdraw);
    }
    // It never got there: nothing has to be taken back.
    record::end(tx, &delivery, studio.ports.now(), Outcome::Abandoned, None, Value::Null)?;
    start_over(studio, &mut delivery);
    (delivery.revision, delivery.released, delivery.released_at) = (None, delivery.moved, None);
    put(studio, tx, delivery, json!({ "action": "withdraw" }))
}

fn ask_of_network(
    studio: &Studio,
    tx: &Tx<'_>,
    mut delivery: Delivery,
    wish: Wish,
) -> Result<Delivery, Failure> {
    delivery.wish = Some(wish);
    // A person who asks this in a copy of the workspace has said that it is theirs.
    delivery.released |= delivery.moved;
    (delivery.next_at, delivery.reason, delivery.tries) = (Some(studio.ports.now()), None, 0);
    put(studio, tx, delivery, json!({ "action": wish }))
}

/// A person lets a held delivery go.
pub(crate) fn release(studio: &Studio, tx: &Tx<'_>, mut delivery: Delivery) -> Result<Delivery, Failure> {
    if !may_release(&delivery) {
        return Err(refused::not_now(&delivery, "release"));
    }
    let now = studio.ports.now();
    let doubt = record::maybe_sent(attempts::open_for(tx, delivery.id)?.as_ref()).is_some();
    delivery.released = true;
    delivery.reason = None;
    if doubt {
        // It may be live from before the move: the ordinary question decides, not the person's word.
        (delivery.waiting_for, delivery.next_at) = (Some(WaitingFor::Backoff), Some(now));
        delivery.released_at = delivery.own_due().is_some_and(|due| due <= now).then_some(now);
    } else {
        delivery.state = State::Scheduled;
        delivery.waiting_for = None;
        // Released before its time it keeps its time.
        let is_due = delivery.own_due().is_none_or(|due| due <= now);
        delivery.next_at = is_due.then(|| delivery.at_once(now));
        delivery.released_at = is_due.then_some(now);
    }
    put(studio, tx, delivery, json!({ "action": "release" }))
}

/// Calls a delivery off, unless it may be live.
pub(crate) fn call_off(
    studio: &Studio,
    tx: &Tx<'_>,
    mut delivery: Delivery,
    why: &str,
) -> Result<Delivery, Failure> {
    let doubt = record::maybe_sent(attempts::open_for(tx, delivery.id)?.as_ref()).is_some();
    if !may_call_off(&delivery, doubt) {
        return Err(refused::not_now(&delivery, "cancel"));
    }
    if delivery.state == State::HandedOver {
        // Called off only when the network has given it back.
        return ask_of_network(studio, tx, delivery, Wish::Cancel);
    }
    let now = studio.ports.now();
    record::end(tx, &delivery, now, Outcome::Abandoned, None, Value::Null)?;
    if delivery.state == State::Assisted {
        by_hand::put_away(&*studio.workspace()?, delivery.id)?;
    }
    delivery.state = State::Cancelled;
    (delivery.waiting_for, delivery.next_at, delivery.reason, delivery.wish) = (None, None, None, None);
    let delivery = put(studio, tx, delivery, json!({ "action": "cancel", "why": why }))?;
    parts::call_off(studio, tx, &delivery, why)?;
    parts::wake(tx, &delivery, now)?;
    Ok(delivery)
}

/// Gives a delivery another time; without one it goes out as soon as it can.
pub(crate) fn reschedule(
    studio: &Studio,
    tx: &Tx<'_>,
    mut delivery: Delivery,
    when: Option<Resolved>,
) -> Result<Delivery, Failure> {
    let doubt = record::maybe_sent(attempts::open_for(tx, delivery.id)?.as_ref()).is_some();
    // What its network keeps with a date leaves from there, and not now.
    let kept = delivery.state == State::HandedOver;
    if !may_reschedule(&delivery, doubt) || (kept && when.is_none()) {
        return Err(refused::not_now(&delivery, "move"));
    }
    let (due, wall) = when.map(|when| (when.at, when.wall)).unzip();
    (delivery.due, delivery.wall) = (due, wall);
    if kept {
        return ask_of_network(studio, tx, delivery, Wish::Move);
    }
    if due.is_none() {
        delivery.wish = None;
    }
    record::end(tx, &delivery, studio.ports.now(), Outcome::Abandoned, None, Value::Null)?;
    delivery.state = State::Scheduled;
    (delivery.waiting_for, delivery.failed, delivery.reason, delivery.next_at) = (None, None, None, None);
    (delivery.tries, delivery.released, delivery.released_at, delivery.revision) = (0, false, None, None);
    // What is on its way to its network has the new time to get there.
    delivery.next_at = delivery.wish.map(|_| studio.ports.now());
    put(studio, tx, delivery, json!({ "action": "move", "due": due }))
}

/// Writes a delivery again that was called off: a new one, because the old one is final.
pub(crate) fn write_again(studio: &Studio, tx: &Tx<'_>, before: &Delivery) -> Result<DeliveryId, Failure> {
    let now = studio.ports.now();
    let post = parts::post_of(tx, before)?;
    let is_proved = post.as_ref().is_some_and(|post| post.state == State::Published);
    let delivery = Delivery {
        id: DeliveryId::new(now, studio.ports.ten()),
        previous: post.map(|post| post.id),
        state: State::Scheduled,
        waiting_for: None,
        failed: None,
        reason: None,
        revision: None,
        next_at: is_proved.then(|| before.at_once(now)),
        tries: 0,
        released: false,
        released_at: None,
        wish: None,
        kept: None,
        amended: None,
        created_at: now,
        updated_at: now,
        ..before.clone()
    };
    deliveries::insert(tx, &delivery)?;
    record::event(
        tx,
        &delivery,
        None,
        now,
        Phase::Scheduled,
        json!({ "instead_of": before.id, "due": delivery.due }),
    )?;
    Ok(delivery.id)
}

/// A post's content changed: what is on its way before arming starts again with the new content; what may be live
/// refuses the edit.
pub(crate) fn content_changed(studio: &Studio, tx: &Tx<'_>, post: PostId) -> Result<(), Failure> {
    for mut delivery in deliveries::for_post(tx, post)? {
        let doubt = record::unsettled(tx, delivery.id)?;
        if bars_edits(&delivery, doubt) {
            return Err(refused::not_now(&delivery, "edit"));
        }
        let begun = matches!(delivery.state, State::Preparing | State::Uploading | State::Processing);
        let in_hand = delivery.state == State::Assisted;
        let held_with_revision = delivery.state == State::Waiting && delivery.revision.is_some();
        if begun || in_hand || held_with_revision {
            delivery.revision = None;
            if begun {
                record::end(tx, &delivery, studio.ports.now(), Outcome::Abandoned, None, Value::Null)?;
            }
            if in_hand {
                // Its time had come already: what lies ready for a person's hands is laid out anew, whatever the hour.
                (delivery.released, delivery.reason) = (true, None);
                by_hand::put_away(&*studio.workspace()?, delivery.id)?;
            }
            if begun || in_hand {
                // Its time had come already: it goes on with the new words, whatever the hour.
                let now = studio.ports.now();
                delivery.state = State::Scheduled;
                delivery.next_at = Some(now);
                if delivery.own_due().is_none_or(|due| due <= now) {
                    delivery.released_at = Some(now);
                }
            }
            put(studio, tx, delivery, json!({ "action": "edit" }))?;
        }
    }
    Ok(())
}
