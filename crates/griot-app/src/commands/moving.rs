//! Another time for a whole post: all its deliveries that can be moved, in one step that one undo takes back.

use std::sync::Arc;

use griot_domain::{Account, Delivery, Op};
use griot_store::{Reader, deliveries};
use serde_json::json;

use super::costs::{self, Calendar};
use super::posts::one;
use super::{choices, places, schedule, typing};
use crate::Code;
use crate::failure::Failure;
use crate::outbox::person;
use crate::studio::Studio;
use crate::transact::{Done, transact};
use crate::undo::Undo;
use crate::wire::posts::{MovePost, PostMoved};

pub(super) fn all(studio: &Arc<Studio>, request: MovePost) -> Result<PostMoved, Failure> {
    let workspace = studio.workspace()?;
    let only = match &request.accounts {
        Some(names) => Some(schedule::accounts(&workspace, names)?),
        None => None,
    };
    let now = request.at.is_none();
    let look = |r: &Reader<'_>| -> Result<_, Failure> {
        one(r, request.post)?;
        split(r, deliveries::for_post(r, request.post)?, only.as_deref(), now)
    };
    let (movable, _) = workspace.store.read(look)?;
    let own = movable.iter().find_map(|delivery| delivery.wall.as_ref()).map(|wall| wall.zone.clone());
    let zone = request.zone.or(own).filter(|_| !now);
    let when = schedule::when(studio, &workspace, request.at.as_deref(), zone.as_deref())?;
    if now && !request.confirmed {
        workspace.store.read(|r| choices::ask(r, &accounts_of(r, &movable)?, studio.ports.now()))?;
    }
    let calendar = Calendar::of(studio, &workspace)?;
    let answer = transact(studio, &workspace, Op::MovePost, |tx| {
        let (movable, left) = look(tx)?;
        if movable.is_empty() {
            return Err(nothing(&left));
        }
        let (mut before, mut moved, mut asked) = (Vec::new(), Vec::new(), false);
        for delivery in movable {
            let after = person::reschedule(studio, tx, delivery.clone(), when.clone())?;
            costs::hold_again(tx, &calendar, &delivery, &after)?;
            // The network has to be asked: that is not undone by writing the old time down again.
            asked |= after.wish.is_some();
            moved.push(after.id);
            before.push(delivery);
        }
        let post = typing::show(studio, tx, one(tx, request.post)?)?;
        let output = PostMoved { post, moved, left: left.iter().map(|delivery| delivery.id).collect() };
        Ok(if asked { Done::fixed(output) } else { Done::undoable(output, Undo::MovedTogether { before }) })
    })?;
    studio.wake.notify_one();
    Ok(answer)
}

/// What can be moved, and what stands and cannot.
fn split(
    r: &Reader<'_>,
    written: Vec<Delivery>,
    only: Option<&[Account]>,
    now: bool,
) -> Result<(Vec<Delivery>, Vec<Delivery>), Failure> {
    let (mut movable, mut left) = (Vec::new(), Vec::new());
    for delivery in written.into_iter().filter(places::stands) {
        if only.is_some_and(|only| only.iter().all(|account| account.id != delivery.account)) {
            continue;
        }
        let with_network = now && delivery.state == griot_domain::State::HandedOver;
        let may = !with_network && person::may_reschedule(&delivery, places::doubt(r, &delivery)?);
        if may { movable.push(delivery) } else { left.push(delivery) }
    }
    Ok((movable, left))
}

fn accounts_of(r: &Reader<'_>, of: &[Delivery]) -> Result<Vec<Account>, Failure> {
    let mut found: Vec<Account> = Vec::new();
    for delivery in of {
        if !found.iter().any(|known| known.id == delivery.account) {
            found.push(super::account(r, delivery.account)?);
        }
    }
    Ok(found)
}

fn nothing(left: &[Delivery]) -> Failure {
    let (fr, en, hint) = if left.is_empty() {
        (
            "Cette publication n\u{2019}est pas programmée\u{a0}: il n\u{2019}y a rien à déplacer.",
            "This post is not scheduled: there is nothing to move.",
            ("Programmez-la.", "Schedule it."),
        )
    } else {
        (
            "Rien de cette publication ne peut plus être déplacé\u{a0}: elle est en ligne, en train de partir, ou chez son réseau.",
            "Nothing of this post can be moved any more: it is live, leaving now, or with its network.",
            ("Regardez-la dans la file d\u{2019}attente.", "Look at it in the queue."),
        )
    };
    Failure::say(Code::NotNow, fr, en, hint)
        .with(json!({ "left": left.iter().map(|delivery| delivery.id).collect::<Vec<_>>() }))
}
