//! "Send now what fits in N minutes": which deliveries that is, and letting them go.
//!
//! A person who has found a line for ten minutes spends it on what gets through: what is under way already, then by
//! deadline, then the lightest first. What does not fit is kept back until the time is over, with the reason, and is
//! looked at again then: it goes on by itself, or its policy asks where it has become late. Deliberately absent: what
//! waits for a person's answer (a doubt, a move, an account), what a network asked to slow down, and what its policy
//! calls off once it is late.

use std::time::Duration;

use griot_domain::line::{ASSUMED_BYTES_PER_SECOND, Load, fitting};
use griot_domain::{AccountState, Delivery, Lang, Sentence, State, Timestamp, WaitingFor, calendar};
use griot_store::{Reader, Tx, deliveries, settings};
use serde_json::{Value, json};

use super::late::{Lateness, lateness};
use super::person;
use crate::Code;
use crate::commands::settings::{PAUSED, ZONE};
use crate::failure::Failure;
use crate::line;
use crate::studio::Studio;
use crate::weights::Scales;
use crate::words;

/// What is kept back waits this much longer than the time that was given: whoever works for just so long begins none of
/// it in the last second.
const MARGIN: Duration = Duration::from_secs(60);

/// What a person asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// How long the line will be there.
    pub(crate) minutes: u32,
    /// Whether what is due later may go now, too.
    pub(crate) later: bool,
}

/// One delivery, weighed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weighed {
    pub(crate) delivery: Delivery,
    /// Bytes that are still to go up.
    pub(crate) bytes: u64,
    /// How long that takes.
    pub(crate) millis: u64,
}

/// What goes and what stays.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) goes: Vec<Weighed>,
    pub(crate) stays: Vec<Weighed>,
    /// The speed by which it was worked out.
    pub(crate) bytes_per_second: u64,
    /// Whether that was measured; else it is an assumption.
    pub(crate) measured: bool,
    /// Until when what stays is kept back.
    pub(crate) until: Timestamp,
}

/// Works out what fits. Nothing is changed.
pub(crate) fn plan(r: &Reader<'_>, now: Timestamp, span: Span) -> Result<Plan, Failure> {
    if settings::get(r, PAUSED)? == Some(Value::Bool(true)) {
        return Err(paused());
    }
    let measured = line::bytes_per_second(r, now)?;
    let speed = measured.unwrap_or(ASSUMED_BYTES_PER_SECOND);
    let mut scales = Scales::new(r)?;
    let mut able = Vec::new();
    for delivery in deliveries::open(r)? {
        if may_go(r, &mut scales, &delivery, now, span.later)? {
            able.push(delivery);
        }
    }
    let weights = scales.still_to_go(&able)?;
    let loads = able.into_iter().zip(weights).map(|(delivery, weight)| {
        (Load { due: delivery.due, bytes: weight.map_or(0, |weight| weight.bytes) }, delivery)
    });
    let (under_way, waiting): (Vec<_>, Vec<_>) = loads.partition(|(_, delivery)| is_under_way(delivery));
    let given = u64::from(span.minutes) * 60_000;
    let taken: u64 = under_way.iter().map(|(load, _)| load.millis(speed)).fold(0, u64::saturating_add);
    let (goes, stays) = fitting(waiting, speed, given.saturating_sub(taken));
    let weigh = |(load, delivery): (Load, Delivery)| Weighed {
        delivery,
        bytes: load.bytes,
        millis: load.millis(speed),
    };
    Ok(Plan {
        goes: under_way.into_iter().chain(goes).map(weigh).collect(),
        stays: stays.into_iter().map(weigh).collect(),
        bytes_per_second: speed,
        measured: measured.is_some(),
        until: now.plus(Duration::from_millis(given)).plus(MARGIN),
    })
}

/// Whether it may be sent now because a person asks for it.
fn may_go(
    r: &Reader<'_>,
    scales: &mut Scales<'_, '_>,
    delivery: &Delivery,
    now: Timestamp,
    later: bool,
) -> Result<bool, Failure> {
    let account = scales.account(delivery.account)?;
    if account.is_by_hand() || account.state == AccountState::Reconnect || is_barred(delivery) {
        return Ok(false);
    }
    if is_under_way(delivery) {
        return Ok(true);
    }
    let waits = match delivery.state {
        State::Scheduled => true,
        State::Waiting => matches!(
            delivery.waiting_for,
            Some(WaitingFor::Network | WaitingFor::Portal | WaitingFor::Backoff | WaitingFor::Late)
        ),
        _ => false,
    };
    let due = later || delivery.own_due().is_none_or(|due| due <= now);
    if !waits || !due || lateness(delivery, delivery.released_at, now) == Lateness::Drop {
        return Ok(false);
    }
    // What follows a post goes by itself once that one is live.
    let Some(previous) = delivery.previous else { return Ok(true) };
    Ok(person::load(r, previous)?.state == State::Published)
}

/// Whether a person has to say first that no other copy has sent it.
fn is_barred(delivery: &Delivery) -> bool {
    delivery.moved && !delivery.released
}

fn is_under_way(delivery: &Delivery) -> bool {
    matches!(delivery.state, State::Preparing | State::Uploading | State::Processing)
}

/// Lets go what fits, and keeps back what does not.
pub(crate) fn send(studio: &Studio, tx: &Tx<'_>, span: Span) -> Result<Plan, Failure> {
    let now = studio.ports.now();
    let plan = plan(tx, now, span)?;
    for chosen in plan.goes.iter().filter(|chosen| !is_under_way(&chosen.delivery)) {
        let detail = json!({ "action": "send_fitting", "minutes": span.minutes });
        person::put(studio, tx, let_go(&chosen.delivery, now), detail)?;
    }
    let zone = settings::get(tx, ZONE)?.and_then(|zone| zone.as_str().map(str::to_owned));
    let zone = calendar::zone_or_utc(zone.as_deref().unwrap_or(&studio.options.zone));
    let until = zone.shows(plan.until);
    for kept in plan.stays.iter().filter(|kept| would_leave(&kept.delivery, now)) {
        let reason = reason(kept.bytes, until.get(11..16).unwrap_or(&until), span.minutes);
        let held = keep_back(&kept.delivery, plan.until, reason);
        let detail = json!({ "action": "keep_back", "until": plan.until, "bytes": kept.bytes });
        person::put(studio, tx, held, detail)?;
    }
    Ok(plan)
}

impl Plan {
    /// Bytes that go.
    pub(crate) fn bytes(&self) -> u64 {
        total(&self.goes)
    }

    /// Bytes that stay.
    pub(crate) fn kept_bytes(&self) -> u64 {
        total(&self.stays)
    }
}

fn total(weighed: &[Weighed]) -> u64 {
    weighed.iter().map(|weighed| weighed.bytes).fold(0, u64::saturating_add)
}

/// A person lets it go, late or early, and asks for no more waiting. What may be live is asked about first as ever.
fn let_go(delivery: &Delivery, now: Timestamp) -> Delivery {
    let mut delivery = delivery.clone();
    (delivery.released, delivery.released_at, delivery.reason) = (true, Some(now), None);
    delivery.next_at = Some(delivery.at_once(now));
    if delivery.waiting_for == Some(WaitingFor::Late) {
        (delivery.state, delivery.waiting_for) = (State::Scheduled, None);
    }
    delivery
}

/// Whether it would go by itself while the line is there.
fn would_leave(delivery: &Delivery, now: Timestamp) -> bool {
    delivery.waiting_for != Some(WaitingFor::Late) && delivery.due.is_none_or(|due| due <= now)
}

fn keep_back(delivery: &Delivery, until: Timestamp, reason: Sentence) -> Delivery {
    Delivery {
        state: State::Waiting,
        waiting_for: Some(WaitingFor::Network),
        next_at: Some(until),
        reason: Some(reason),
        ..delivery.clone()
    }
}

fn reason(bytes: u64, until: &str, minutes: u32) -> Sentence {
    let (fr, en) = (words::size(bytes, Lang::Fr), words::size(bytes, Lang::En));
    Sentence::new(
        format!(
            "Gardée jusqu\u{2019}à {until}\u{a0}: {fr} à envoyer ne tenaient pas dans {minutes}\u{a0}min avec le reste."
        ),
        format!("Kept back until {until}: {en} to send did not fit into {minutes}\u{a0}min with the rest."),
    )
}

fn paused() -> Failure {
    Failure::say(
        Code::NotNow,
        "Les envois sont en pause\u{a0}: rien ne part.",
        "Sending is paused: nothing leaves.",
        ("Terminez la pause, puis recommencez.", "End the pause, then try again."),
    )
}
