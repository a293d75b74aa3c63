//! The queue, and what a person does to one delivery.

use std::sync::Arc;

use griot_domain::{Attempt, Delivery, FailedClass, Op, State, WaitingFor};
use griot_store::deliveries::Filter;
use griot_store::{Tx, attempts, deliveries};

use super::schedule;
use crate::Code;
use crate::failure::Failure;
use crate::outbox::{by_hand_view, person, record};
use crate::studio::{Studio, Workspace};
use crate::transact::{Done, transact};
use crate::undo::Undo;
use crate::wire::deliveries::{
    AttemptView, ConfirmRequest, DeliveryRequest, DeliveryView, MoveRequest, OneDelivery, Queue, QueueCounts,
    QueueGroup, QueueLine, QueueRequest,
};

pub(super) fn list(studio: &Arc<Studio>, request: QueueRequest) -> Result<Queue, Failure> {
    let workspace = studio.workspace()?;
    let state = request.state.as_deref().map(state).transpose()?;
    let mut all = workspace.store.read(|r| {
        deliveries::list(r, &Filter { states: state.into_iter().collect(), ..Filter::default() })
            .map_err(Failure::from)
    })?;
    all.sort_by_key(|d| (!needs_person(d), d.due.unwrap_or(d.created_at), d.created_at, d.part));
    Ok(Queue { deliveries: all.iter().map(line).collect(), counts: QueueCounts::default() })
}

fn state(word: &str) -> Result<State, Failure> {
    word.parse().map_err(|_| {
        let words = State::ALL.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(", ");
        Failure::say(
            Code::BadRequest,
            format!("«\u{a0}{word}\u{a0}» n\u{2019}est pas un état. Les états\u{a0}: {words}."),
            format!("\u{201c}{word}\u{201d} is not a state. The states: {words}."),
            ("", ""),
        )
    })
}

/// Whether nothing moves this delivery but a person.
fn needs_person(delivery: &Delivery) -> bool {
    matches!(delivery.state, State::Unknown | State::Failed | State::Assisted)
        || matches!(
            delivery.waiting_for,
            Some(WaitingFor::Late | WaitingFor::CheckAfterMove | WaitingFor::Account)
        )
}

fn line(delivery: &Delivery) -> QueueLine {
    QueueLine {
        id: delivery.id,
        post: delivery.post,
        account: delivery.account,
        network: delivery.network,
        state: delivery.state,
        due: delivery.due,
        wall: delivery.wall.clone(),
        waiting_for: delivery.waiting_for,
        attempts: delivery.tries,
        url: delivery.url.clone(),
        reason: delivery.reason.clone(),
        account_name: String::new(),
        title: String::new(),
        asset: None,
        failed: delivery.failed,
        part: delivery.part,
        updated: delivery.updated_at,
        group: QueueGroup::Coming,
        actions: Vec::new(),
    }
}

pub(super) fn get(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    let workspace = studio.workspace()?;
    let delivery = workspace.store.read(|r| person::load(r, request.id))?;
    show(&workspace, delivery)
}

fn show(workspace: &Workspace, delivery: Delivery) -> Result<OneDelivery, Failure> {
    let tries = workspace.store.read(|r| attempts::list_for(r, delivery.id).map_err(Failure::from))?;
    let account = workspace.store.read(|r| super::account(r, delivery.account))?;
    let by_hand = by_hand_view(workspace, &delivery, &account.server)?;
    Ok(OneDelivery {
        delivery: DeliveryView {
            id: delivery.id,
            post: delivery.post,
            account: delivery.account,
            network: delivery.network,
            state: delivery.state,
            waiting_for: delivery.waiting_for,
            failed: delivery.failed,
            reason: delivery.reason,
            due: delivery.due,
            wall: delivery.wall,
            late: delivery.late,
            part: delivery.part,
            url: delivery.url,
            remote_id: delivery.remote_id,
            account_name: String::new(),
            title: String::new(),
            actions: Vec::new(),
            attempts: tries.into_iter().map(attempt).collect(),
            by_hand,
        },
    })
}

fn attempt(attempt: Attempt) -> AttemptView {
    AttemptView {
        n: attempt.n,
        op: attempt.op,
        phase: attempt.phase,
        started: attempt.started,
        ended: attempt.ended,
        outcome: attempt.outcome,
        detail: attempt.detail,
    }
}

/// One action of a person on one delivery.
fn act(
    studio: &Arc<Studio>,
    request: DeliveryRequest,
    op: Op,
    f: impl FnOnce(&Tx<'_>, Delivery) -> Result<Done<Delivery>, Failure>,
) -> Result<OneDelivery, Failure> {
    let workspace = studio.workspace()?;
    let delivery = transact(studio, &workspace, op, |tx| f(tx, person::load(tx, request.id)?))?;
    show(&workspace, delivery)
}

pub(super) fn confirm(studio: &Arc<Studio>, request: ConfirmRequest) -> Result<OneDelivery, Failure> {
    act(studio, DeliveryRequest { id: request.id }, Op::ConfirmDelivery, |tx, d| {
        person::confirm(studio, tx, d, request.url).map(Done::fixed)
    })
}

pub(super) fn retry(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    act(studio, request, Op::RetryDelivery, |tx, d| {
        if d.failed == Some(FailedClass::Content) {
            schedule::still_bad(studio, tx, &d)?;
        }
        person::retry(studio, tx, d).map(Done::fixed)
    })
}

pub(super) fn release(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    act(studio, request, Op::ReleaseDelivery, |tx, d| person::release(studio, tx, d).map(Done::fixed))
}

pub(super) fn cancel(studio: &Arc<Studio>, request: DeliveryRequest) -> Result<OneDelivery, Failure> {
    act(studio, request, Op::CancelDelivery, |tx, d| {
        let before = vec![d.clone()];
        // Undoing writes a new delivery with a new key: not for one that may be live under the old one.
        let left = record::left_once(tx, d.id)?;
        let cancelled = person::call_off(studio, tx, d, "person")?;
        Ok(if left { Done::fixed(cancelled) } else { Done::undoable(cancelled, Undo::Cancelled { before }) })
    })
}

pub(super) fn reschedule(studio: &Arc<Studio>, request: MoveRequest) -> Result<OneDelivery, Failure> {
    let workspace = studio.workspace()?;
    let when = schedule::when(studio, &workspace, Some(&request.at), request.zone.as_deref())?;
    let when = when.expect("BUG: a time was given, so there is one");
    act(studio, DeliveryRequest { id: request.id }, Op::MoveDelivery, |tx, d| {
        let before = d.clone();
        let moved = person::reschedule(studio, tx, d, when)?;
        Ok(Done::undoable(moved, Undo::Moved { before }))
    })
}
