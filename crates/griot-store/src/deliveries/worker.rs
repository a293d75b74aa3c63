//! What the worker asks each time it looks. None of it goes through what is over, nor through what waits behind the
//! first: a look costs the same whatever the queue holds.

use griot_domain::{AccountId, Delivery, State, Timestamp, WaitingFor};

use super::map;
use crate::reader::Columns;
use crate::{Error, Reader};

/// What is live and is to be changed or removed.
///
/// # Errors
/// See [`Error`].
pub fn asked(r: &Reader<'_>) -> Result<Vec<Delivery>, Error> {
    r.all(ASKED, [], map)
}

/// What the worker may look at now. `next_at` decides where it is set; else the due time while nothing began
/// (scheduled); else it is now. What waits without `next_at` waits for a person or another delivery.
///
/// # Errors
/// See [`Error`].
pub fn movable(r: &Reader<'_>, now: Timestamp) -> Result<Vec<Delivery>, Error> {
    r.all(deliveries!("wakes <= ?1"), [now.millis()], map)
}

/// The first that the worker may look at now on one account, at most `most`: by the instant from which they may move,
/// then as they were written.
///
/// # Errors
/// See [`Error`].
pub fn next_of(
    r: &Reader<'_>,
    account: AccountId,
    now: Timestamp,
    most: u32,
) -> Result<Vec<Delivery>, Error> {
    r.all(NEXT_OF, (account.to_string(), now.millis(), most), map)
}

pub(super) const NEXT_OF: &str = "SELECT * FROM delivery WHERE account = ?1 AND wakes <= ?2
    ORDER BY wakes, created_at, part, id LIMIT ?3";

/// Whether [`movable`] finds anything.
///
/// # Errors
/// See [`Error`].
pub fn any_movable(r: &Reader<'_>, now: Timestamp) -> Result<bool, Error> {
    let found =
        r.one("SELECT 1 AS one FROM delivery WHERE wakes <= ?1 LIMIT 1", [now.millis()], |_| Ok(()))?;
    Ok(found.is_some())
}

/// When the first pause of this kind ends.
///
/// # Errors
/// See [`Error`].
pub fn first_pause(
    r: &Reader<'_>,
    state: State,
    waiting_for: Option<WaitingFor>,
) -> Result<Option<Timestamp>, Error> {
    let kind = (state.as_str(), waiting_for.map(|what| what.as_str()));
    Ok(r.one(FIRST_PAUSE, kind, |row| row.time_or_none("first"))?.flatten())
}

pub(super) const FIRST_PAUSE: &str = "SELECT min(next_at) AS first FROM delivery
    WHERE state = ?1 AND waiting_for IS ?2 AND next_at IS NOT NULL";

/// Whether anything through this account is still to move, or is live and is to be changed.
///
/// # Errors
/// See [`Error`].
pub fn is_wanted(r: &Reader<'_>, account: AccountId) -> Result<bool, Error> {
    Ok(r.one(IS_WANTED, [account.to_string()], |_| Ok(()))?.is_some())
}

pub(super) const IS_WANTED: &str = "SELECT 1 AS one FROM delivery WHERE account = ?1
        AND state IN ('scheduled', 'waiting', 'preparing', 'uploading', 'processing', 'armed', 'publishing',
                      'failed', 'unknown', 'handed_over', 'assisted')
    UNION ALL SELECT 1 FROM delivery WHERE account = ?1 AND wakes IS NOT NULL AND state = 'published' LIMIT 1";

/// What pauses beyond `now`.
///
/// # Errors
/// See [`Error`].
pub fn pausing(r: &Reader<'_>, now: Timestamp) -> Result<Vec<Delivery>, Error> {
    r.all(deliveries!("wakes > ?1 AND next_at > ?1"), [now.millis()], map)
}

/// Deliveries that are not final whose wall time was resolved by other zone data than `tzdata`; what follows a post is
/// not among them.
///
/// # Errors
/// See [`Error`].
pub fn resolved_by_others(r: &Reader<'_>, tzdata: &str) -> Result<Vec<Delivery>, Error> {
    r.all(
        deliveries!(
            "state NOT IN ('published', 'deleted', 'cancelled') AND wall IS NOT NULL AND previous IS NULL
             AND json_extract(wall, '$.tzdata') <> ?1"
        ),
        [tzdata],
        map,
    )
}

/// The first instant after `now` at which [`movable`] finds one more; nothing when no instant changes it.
///
/// # Errors
/// See [`Error`].
pub fn next_wake(r: &Reader<'_>, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT min(wakes) AS first FROM delivery WHERE wakes > ?1";
    Ok(r.one(sql, [now.millis()], |row| row.time_or_none("first"))?.flatten())
}

pub(super) const ASKED: &str =
    "SELECT * FROM delivery WHERE wakes IS NOT NULL AND state = 'published' ORDER BY wakes, id";
