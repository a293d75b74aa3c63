//! How the whole outbox stands, in few numbers: read at every change, so nothing is loaded that is not shown.

use griot_domain::{State, Timestamp, WaitingFor};

use crate::reader::Columns;
use crate::{Error, Reader};

/// So many deliveries stand alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Where they stand.
    pub state: State,
    /// What they wait for.
    pub waiting_for: Option<WaitingFor>,
    /// Whether the network kept it past its date: then a person looks.
    pub overdue: bool,
    /// How many.
    pub count: u32,
}

/// A delivery that found no way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Why: no network, or a page in between.
    pub why: WaitingFor,
    /// Since when.
    pub since: Timestamp,
}

/// Everything that is not final, counted.
///
/// # Errors
/// See [`Error`].
pub fn tally(r: &Reader<'_>) -> Result<Vec<Tally>, Error> {
    r.all(
        "SELECT state, waiting_for, state = 'handed_over' AND reason IS NOT NULL AND wish IS NULL AS overdue,
             count(*) AS n
         FROM delivery WHERE state NOT IN ('published', 'deleted', 'cancelled')
         GROUP BY state, waiting_for, overdue",
        [],
        |row| {
            Ok(Tally {
                state: row.word("state")?,
                waiting_for: row.word_or_none("waiting_for")?,
                overdue: row.get("overdue")?,
                count: row.get("n")?,
            })
        },
    )
}

/// The deliveries that have waited for a way out since the last time a network took something, the first to be held
/// first: an old wait says nothing once another delivery went through.
///
/// # Errors
/// See [`Error`].
pub fn without_way_out(r: &Reader<'_>) -> Result<Vec<Held>, Error> {
    let waiting = r.all(
        "SELECT waiting_for, (SELECT at FROM attempt_event WHERE delivery = delivery.id AND phase = 'held'
                              ORDER BY seq DESC LIMIT 1) AS held
         FROM delivery
         WHERE state NOT IN ('published', 'deleted', 'cancelled') AND state = 'waiting' AND waiting_for IN ('network', 'portal')
         ORDER BY held",
        [],
        |row| Ok((row.word("waiting_for")?, row.time_or_none("held")?)),
    )?;
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let through =
        r.one("SELECT at FROM attempt_event WHERE phase = 'staged' ORDER BY seq DESC LIMIT 1", [], |row| {
            row.time("at")
        })?;
    let held = waiting.into_iter().filter_map(|(why, since)| since.map(|since| Held { why, since }));
    Ok(held.filter(|held| through.is_none_or(|at| held.since > at)).collect())
}
