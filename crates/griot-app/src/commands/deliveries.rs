//! One delivery, and what a person does to it.

use std::sync::Arc;

use griot_domain::{Attempt, Delivery, FailedClass, Lang, Op};
use griot_store::{Tx, attempts};

use super::costs::{self, Calendar};
use super::{amend, queue, schedule};
use crate::failure::Failure;
use crate::outbox::{by_hand_view, parts, person, record};
use crate::studio::{Studio, Workspace};
use crate::transact::{Done, transact};
use crate::undo::Undo;
use crate::wire::deliveries::{
    AttemptView, ConfirmRequest, DeliveryRequest, DeliveryView, MoveRequest, OneDelivery,
};

pub(super) fn get(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    let workspace = studio.workspace()?;
    let delivery = workspace.store.read(|r| person::load(r, request.id))?;
    show(studio, &workspace, delivery)
}

fn show(studio: &Studio, workspace: &Workspace, delivery: Delivery) -> Result<OneDelivery, Failure> {
    let (tries, account, (head, actions), live) = workspace.store.read(|r| -> Result<_, Failure> {
        let tries = attempts::list_for(r, delivery.id)?;
        let live = amend::view(studio, r, &delivery)?;
        Ok((tries, super::account(r, delivery.account)?, queue::of_one(studio, r, &delivery)?, live))
    })?;
    let by_hand = by_hand_view(workspace, &delivery, &account.server, studio.lang())?;
    let title = queue::title(queue::words(&delivery, &head));
    Ok(OneDelivery {
        delivery: DeliveryView {
            id: delivery.id,
            post: delivery.post,
            account: delivery.account,
            network: delivery.network,
            state: delivery.state,
            waiting_for: delivery.waiting_for,
            failed: delivery.failed,
            reason: queue::reason(studio.lang(), &delivery),
            due: delivery.due,
            wall: delivery.wall,
            late: delivery.late,
            part: delivery.part,
            url: delivery.url,
            remote_id: delivery.remote_id,
            wish: delivery.wish,
            kept_at: delivery.kept.as_ref().and_then(|kept| kept.at),
            account_name: head.account,
            title,
            live,
            actions,
            attempts: tries.into_iter().map(|tried| attempt(tried, studio.lang())).collect(),
            by_hand,
        },
    })
}

fn attempt(attempt: Attempt, lang: Lang) -> AttemptView {
    AttemptView {
        n: attempt.n,
        op: attempt.op,
        phase: attempt.phase,
        started: attempt.started,
        ended: attempt.ended,
        outcome: attempt.outcome,
        detail: attempt.detail.map(|detail| detail.pick(lang).to_owned()),
    }
}

/// One action of a person on one delivery.
pub(super) fn act(
    studio: &Arc<Studio>,
    request: DeliveryRequest,
    op: Op,
    f: impl FnOnce(&Tx<'_>, Delivery) -> Result<Done<Delivery>, Failure>,
) -> Result<OneDelivery, Failure> {
    let workspace = studio.workspace()?;
    let delivery = transact(studio, &workspace, op, |tx| f(tx, person::load(tx, request.id)?))?;
    show(studio, &workspace, delivery)
}

pub(super) fn confirm(studio: &Arc<Studio>, request: ConfirmRequest) -> Result<OneDelivery, Failure> {
    act(studio, DeliveryRequest { id: request.id }, Op::ConfirmDelivery, |tx, d| {
        person::confirm(studio, tx, d, request.url).map(Done::fixed)
    })
}

pub(super) fn retry(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    let calendar = Calendar::of(studio, &*studio.workspace()?)?;
    act(studio, request, Op::RetryDelivery, |tx, d| {
        if d.failed == Some(FailedClass::Content) {
            schedule::still_bad(studio, tx, &d)?;
        }
        let before = d.clone();
        let again = person::retry(studio, tx, d)?;
        costs::hold_again(tx, &calendar, &before, &again)?;
        Ok(Done::fixed(again))
    })
}

pub(super) fn release(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    act(studio, request, Op::ReleaseDelivery, |tx, d| person::release(studio, tx, d).map(Done::fixed))
}

pub(super) fn cancel(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    act(studio, request, Op::CancelDelivery, |tx, d| {
        let mut before = vec![d.clone()];
        before.extend(parts::called_off_with(tx, d.id)?);
        // Undoing writes a new delivery with a new key: not for one that may be live under the old one.
        let left = record::left_once(tx, d.id)?;
        let cancelled = person::call_off(studio, tx, d, "person")?;
        Ok(if left { Done::fixed(cancelled) } else { Done::undoable(cancelled, Undo::Cancelled { before }) })
    })
}

pub(super) fn reschedule(studio: &Arc<Studio>, request: MoveRequest) -> Result<OneDelivery, Failure> {
    let workspace = studio.workspace()?;
    // A time is meant in the zone in which the last one was chosen, unless another is named.
    let before = workspace.store.read(|r| person::load(r, request.id))?;
    let zone = request.zone.or_else(|| before.wall.map(|wall| wall.zone));
    let when = schedule::when(studio, &workspace, Some(&request.at), zone.as_deref())?;
    let when = when.expect("BUG: a time was given, so there is one");
    let calendar = Calendar::of(studio, &workspace)?;
    act(studio, DeliveryRequest { id: request.id }, Op::MoveDelivery, |tx, d| {
        let before = d.clone();
        let moved = person::reschedule(studio, tx, d, Some(when))?;
        costs::hold_again(tx, &calendar, &before, &moved)?;
        // The network has to be asked: that is not undone by writing the old time down again.
        let asked = moved.wish.is_some();
        Ok(if asked {
            Done::fixed(moved)
        } else {
            Done::undoable(moved, Undo::Moved { before: Box::new(before) })
        })
    })
}
