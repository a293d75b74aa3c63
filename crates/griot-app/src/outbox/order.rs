//! On a poor line: what goes first, and that two heavy things never share it. On a good one nothing changes.
//!
//! Deliberately absent: holding anything back because a line costs. What a person chose goes on time; what it costs is
//! said before (`posts.weigh`, `queue.traffic`).

use std::collections::HashSet;

use griot_domain::line::Load;
use griot_domain::{AccountId, Delivery, Tag, Timestamp};
use griot_store::{accounts, deliveries};

use super::worker::Worker;
use crate::events::Event;
use crate::failure::Failure;
use crate::line::{self, Line};
use crate::weights::Scales;

/// On a poor line so many of each account are weighed against each other; those behind them come when these are gone.
const WEIGHED: u32 = 256;

/// What may go now on the accounts that are not busy, in order, each with whether it has to have the line for itself:
/// on a poor line the heavy ones do, because the first of two that share it arrives when both do. Light ones (words, a
/// small picture) never wait for one. Only the head of each account's queue is read: a look costs the same however
/// many stand behind it.
pub(super) fn next(
    worker: &Worker,
    busy: &HashSet<AccountId>,
    now: Timestamp,
) -> Result<Vec<(Delivery, bool)>, Failure> {
    worker.workspace.store.read(|r| {
        if !deliveries::any_movable(r, now)? {
            return Ok(Vec::new());
        }
        let is_poor = Line::read(r, &*worker.studio.ports.meter, now)?.link().is_poor();
        let mut movable = Vec::new();
        for account in accounts::ids(r)?.into_iter().filter(|account| !busy.contains(account)) {
            movable.extend(deliveries::next_of(r, account, now, if is_poor { WEIGHED } else { 1 })?);
        }
        if !is_poor {
            return Ok(movable.into_iter().map(|delivery| (delivery, false)).collect());
        }
        let weights = Scales::new(r)?.still_to_go(&movable)?;
        let load = |(delivery, weight): (Delivery, Option<crate::weights::Weight>)| {
            let load = Load { due: delivery.due, bytes: weight.map_or(0, |weight| weight.bytes) };
            (load, delivery)
        };
        let mut loads: Vec<(Load, Delivery)> = movable.into_iter().zip(weights).map(load).collect();
        loads.sort_by_key(|(load, _)| load.rank());
        Ok(loads.into_iter().map(|(load, delivery)| (delivery, load.is_heavy())).collect())
    })
}

/// Keeps what the uploads of a turn say of the line.
pub(super) fn measure(worker: &Worker) {
    let samples = worker.studio.ports.networks.samples();
    if samples.is_empty() {
        return;
    }
    let noted = worker.workspace.store.write(|tx| line::note(tx, &samples, worker.now()));
    match noted {
        Ok(()) => worker.studio.tell(Event::Changed { tags: vec![Tag::Outbox] }),
        // The post is out all the same.
        Err(failure) => tracing::warn!(?failure, "what was measured of the line could not be kept"),
    }
}
