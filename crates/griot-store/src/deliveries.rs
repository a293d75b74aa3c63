//! One row for each post on each account: the outbox as data.
//!
//! What moves a delivery, and why, is the application's. Kept here: that no step is written which
//! [`griot_domain::State::may_become`] forbids, whoever asks.

use std::ops::Range;

use griot_domain::{AccountId, Delivery, DeliveryId, PostId, RenditionId, RevisionId, State, Timestamp};
use rusqlite::{Row, ToSql};

use crate::reader::{Columns, to_json};
use crate::renditions::{self, Rendition};
use crate::{Error, Reader, Tx};

/// Which deliveries are listed. The default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that stand here; empty means anywhere.
    pub states: Vec<State>,
    /// Only those of this post.
    pub post: Option<PostId>,
    /// Only those through this account.
    pub account: Option<AccountId>,
    /// How many at most; nothing means all.
    pub limit: Option<u32>,
}

/// A query of deliveries in the order in which they go out: by time, those without one by when they were written.
macro_rules! deliveries {
    ($condition:literal, $rest:literal) => {
        concat!(
            "SELECT * FROM delivery WHERE ",
            $condition,
            " ORDER BY coalesce(due, created_at), created_at, part, id ",
            $rest
        )
    };
    ($condition:literal) => {
        deliveries!($condition, "")
    };
}

/// Writes a new delivery.
///
/// # Errors
/// [`Error::Foreign`] without its post, account, revision or previous part; [`Error::Duplicate`]; else see [`Error`].
pub fn insert(tx: &Tx<'_>, delivery: &Delivery) -> Result<(), Error> {
    write(
        tx,
        "INSERT INTO delivery (post, account, network, part, created_at, state, waiting_for, failed, reason, due, wall, late,
             revision, previous, next_at, tries, released, moved, url, remote_id, wish, kept, amended, updated_at, id)
         VALUES (:post, :account, :network, :part, :created_at, :state, :waiting_for, :failed, :reason, :due, :wall, :late,
             :revision, :previous, :next_at, :tries, :released, :moved, :url, :remote_id, :wish, :kept, :amended, :updated_at, :id)",
        delivery,
        &[
            (":post", &delivery.post.to_string()),
            (":account", &delivery.account.to_string()),
            (":network", &delivery.network.as_str()),
            (":part", &delivery.part),
            (":created_at", &delivery.created_at.millis()),
        ],
    )
    .map_err(|error| error.naming("delivery"))
}

/// Writes everything that may change of a delivery; its post, account, part and when it was written stay.
///
/// # Errors
/// [`Error::Illegal`] when the row stands where no step leads to the new state (nothing is written then);
/// [`Error::Missing`]; else see [`Error`].
pub fn update(tx: &Tx<'_>, delivery: &Delivery) -> Result<(), Error> {
    let from = tx
        .one("SELECT state FROM delivery WHERE id = ?1", [delivery.id.to_string()], |row| {
            row.word::<State>("state")
        })?
        .ok_or_else(|| Error::missing("delivery", delivery.id))?;
    if !from.may_become(delivery.state) {
        return Err(Error::Illegal { from, to: delivery.state });
    }
    write(
        tx,
        "UPDATE delivery SET state = :state, waiting_for = :waiting_for, failed = :failed, reason = :reason, due = :due,
             wall = :wall, late = :late, revision = :revision, previous = :previous, next_at = :next_at, tries = :tries,
             released = :released, moved = :moved, url = :url, remote_id = :remote_id, wish = :wish,
             kept = :kept, amended = :amended, updated_at = :updated_at
         WHERE id = :id",
        delivery,
        &[],
    )
}

/// Binds what every write of a delivery has, and what only this one has.
fn write(tx: &Tx<'_>, sql: &str, delivery: &Delivery, fixed: &[(&str, &dyn ToSql)]) -> Result<(), Error> {
    let wall = delivery.wall.as_ref().map(to_json).transpose()?;
    let kept = delivery.kept.as_ref().map(to_json).transpose()?;
    let amended = delivery.amended.as_ref().map(to_json).transpose()?;
    let changing: [(&str, &dyn ToSql); 20] = [
        (":id", &delivery.id.to_string()),
        (":state", &delivery.state.as_str()),
        (":waiting_for", &delivery.waiting_for.map(|w| w.as_str())),
        (":failed", &delivery.failed.map(|f| f.as_str())),
        (":reason", &delivery.reason),
        (":due", &delivery.due.map(Timestamp::millis)),
        (":wall", &wall),
        (":late", &delivery.late.to_string()),
        (":revision", &delivery.revision.map(|r| r.to_string())),
        (":previous", &delivery.previous.map(|p| p.to_string())),
        (":next_at", &delivery.next_at.map(Timestamp::millis)),
        (":tries", &delivery.tries),
        (":released", &delivery.released),
        (":moved", &delivery.moved),
        (":url", &delivery.url),
        (":remote_id", &delivery.remote_id),
        (":wish", &delivery.wish.map(|wish| wish.as_str())),
        (":kept", &kept),
        (":amended", &amended),
        (":updated_at", &delivery.updated_at.millis()),
    ];
    tx.run(sql, [fixed, changing.as_slice()].concat().as_slice())?;
    Ok(())
}

/// One delivery.
///
/// # Errors
/// See [`Error`].
pub fn get(r: &Reader<'_>, id: DeliveryId) -> Result<Option<Delivery>, Error> {
    r.one("SELECT * FROM delivery WHERE id = ?1", [id.to_string()], map)
}

/// Deliveries in the order in which they go out.
///
/// # Errors
/// See [`Error`].
pub fn list(r: &Reader<'_>, filter: &Filter) -> Result<Vec<Delivery>, Error> {
    let states: Vec<&str> = filter.states.iter().map(|state| state.as_str()).collect();
    r.all(
        deliveries!(
            "(?1 = '[]' OR state IN (SELECT value FROM json_each(?1)))
             AND (?2 IS NULL OR post = ?2) AND (?3 IS NULL OR account = ?3)",
            "LIMIT coalesce(?4, -1)"
        ),
        (
            to_json(&states)?,
            filter.post.map(|post| post.to_string()),
            filter.account.map(|account| account.to_string()),
            filter.limit,
        ),
        map,
    )
}

/// Everything that was ever written for a post.
///
/// # Errors
/// See [`Error`].
pub fn for_post(r: &Reader<'_>, post: PostId) -> Result<Vec<Delivery>, Error> {
    r.all(deliveries!("post = ?1"), [post.to_string()], map)
}

/// What was written of a post for this identity and stands: on its way, live, or perhaps live. Also what went through an
/// account that was removed and connected again: it is one place for whoever reads there.
///
/// # Errors
/// See [`Error`].
pub fn standing_for(r: &Reader<'_>, post: PostId, account: AccountId) -> Result<Vec<Delivery>, Error> {
    r.all(
        "SELECT delivery.* FROM delivery JOIN account AS same ON same.id = delivery.account
         JOIN account AS mine ON mine.id = ?2
         WHERE delivery.post = ?1 AND delivery.part = 0 AND delivery.state NOT IN ('cancelled', 'deleted')
             AND (same.id = mine.id OR (same.network = mine.network AND same.server = mine.server
                 AND same.remote_id = mine.remote_id AND mine.remote_id <> ''))
         ORDER BY delivery.created_at, delivery.id",
        [post.to_string(), account.to_string()],
        map,
    )
}

/// What stands of posts whose newest revision, written since `first`, has exactly this text, for one account.
///
/// # Errors
/// See [`Error`].
pub fn saying(
    r: &Reader<'_>,
    account: AccountId,
    text: &str,
    first: RevisionId,
) -> Result<Vec<Delivery>, Error> {
    // Ids of revisions grow with time: the key alone leaves out what is older.
    r.all(
        "SELECT delivery.* FROM post_revision AS said JOIN post ON post.current = said.id
         JOIN delivery ON delivery.post = post.id
         WHERE said.id >= ?3 AND said.text = ?2 AND delivery.account = ?1 AND delivery.part = 0
             AND delivery.state NOT IN ('cancelled', 'deleted')
         ORDER BY delivery.created_at, delivery.id",
        [account.to_string(), text.to_owned(), first.to_string()],
        map,
    )
}

/// When something last went live through an account, or was changed or removed there; nothing when nothing ever did.
///
/// # Errors
/// See [`Error`].
pub fn last_live(r: &Reader<'_>, account: AccountId) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT max(updated_at) AS last FROM delivery WHERE account = ?1 AND state IN ('published', 'deleted')";
    Ok(r.one(sql, [account.to_string()], |row| row.time_or_none("last"))?.flatten())
}

/// Everything that is not final.
///
/// # Errors
/// See [`Error`].
pub fn open(r: &Reader<'_>) -> Result<Vec<Delivery>, Error> {
    r.all(deliveries!("state NOT IN ('published', 'deleted', 'cancelled')"), [], map)
}

/// What is live and is to be changed or removed.
///
/// # Errors
/// See [`Error`].
pub fn asked(r: &Reader<'_>) -> Result<Vec<Delivery>, Error> {
    r.all(ASKED, [], map)
}

/// Remembers of everything that is live that this workspace is a copy: what is asked of it from now on is asked here.
///
/// # Errors
/// See [`Error`].
pub fn mark_moved(tx: &Tx<'_>) -> Result<(), Error> {
    tx.run("UPDATE delivery SET moved = 1, released = 0 WHERE state = 'published' AND NOT moved", [])?;
    Ok(())
}

const ASKED: &str =
    "SELECT * FROM delivery WHERE wakes IS NOT NULL AND state = 'published' ORDER BY wakes, id";

/// What is published, removed or called off, the last moved first, at most `limit`.
///
/// # Errors
/// See [`Error`].
pub fn done(r: &Reader<'_>, limit: Option<u32>) -> Result<Vec<Delivery>, Error> {
    r.all(DONE, [limit], map)
}

/// What went live on an account within a stretch of time, also where it was changed or removed since.
///
/// # Errors
/// See [`Error`].
pub fn went_live_within(
    r: &Reader<'_>,
    account: AccountId,
    within: &Range<Timestamp>,
) -> Result<Vec<Delivery>, Error> {
    r.all(
        deliveries!(
            "account = ?1 AND state IN ('published', 'deleted')
             AND coalesce((SELECT max(ended) FROM attempt WHERE attempt.delivery = delivery.id
                           AND outcome IN ('published', 'person')), updated_at) BETWEEN ?2 AND ?3 - 1"
        ),
        (account.to_string(), within.start.millis(), within.end.millis()),
        map,
    )
}

const DONE: &str = "SELECT * FROM delivery WHERE state IN ('published', 'deleted', 'cancelled')
    ORDER BY updated_at DESC, id DESC LIMIT coalesce(?1, -1)";
const COUNT_DONE: &str =
    "SELECT count(*) AS n FROM delivery WHERE state IN ('published', 'deleted', 'cancelled')";

/// How many are published, removed or called off.
///
/// # Errors
/// See [`Error`].
pub fn count_done(r: &Reader<'_>) -> Result<u32, Error> {
    Ok(r.one(COUNT_DONE, [], |row| row.get("n"))?.unwrap_or(0))
}

/// What the worker may look at now. `next_at` decides where it is set; else the due time while nothing began
/// (scheduled); else it is now. What waits without `next_at` waits for a person or another delivery.
///
/// # Errors
/// See [`Error`].
pub fn movable(r: &Reader<'_>, now: Timestamp) -> Result<Vec<Delivery>, Error> {
    r.all(deliveries!("wakes <= ?1"), [now.millis()], map)
}

/// The first instant after `now` at which [`movable`] finds one more; nothing when no instant changes it.
///
/// # Errors
/// See [`Error`].
pub fn next_wake(r: &Reader<'_>, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT min(wakes) AS first FROM delivery WHERE wakes > ?1";
    Ok(r.one(sql, [now.millis()], |row| row.time_or_none("first"))?.flatten())
}

/// The networks' ids of posts that are proved to be some delivery's through this identity, also when the
/// account was removed and connected again: a probe must not take one of them for another post.
///
/// # Errors
/// See [`Error`].
pub fn taken(r: &Reader<'_>, account: AccountId) -> Result<Vec<String>, Error> {
    r.all(
        "SELECT DISTINCT delivery.remote_id AS remote FROM account AS mine
         JOIN account AS same ON same.id = mine.id
             OR (same.network = mine.network AND same.server = mine.server
                 AND same.remote_id = mine.remote_id AND mine.remote_id <> '')
         JOIN delivery ON delivery.account = same.id
         WHERE mine.id = ?1 AND delivery.remote_id IS NOT NULL ORDER BY remote",
        [account.to_string()],
        |row| row.get("remote"),
    )
}

/// Says that a delivery sends a rendition: it is kept until the delivery is final. Saying it twice is saying it once.
///
/// # Errors
/// [`Error::Foreign`] without one of the two; else see [`Error`].
pub fn needs_rendition(tx: &Tx<'_>, delivery: DeliveryId, rendition: RenditionId) -> Result<(), Error> {
    tx.run(
        "INSERT INTO delivery_rendition (delivery, rendition) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        (delivery.to_string(), rendition.to_string()),
    )?;
    Ok(())
}

/// Says that a delivery sends none of its renditions any more: it starts again with other content.
///
/// # Errors
/// See [`Error`].
pub fn forget_renditions(tx: &Tx<'_>, delivery: DeliveryId) -> Result<(), Error> {
    tx.run("DELETE FROM delivery_rendition WHERE delivery = ?1", [delivery.to_string()])?;
    Ok(())
}

/// What a delivery sends, the oldest first.
///
/// # Errors
/// See [`Error`].
pub fn renditions(r: &Reader<'_>, delivery: DeliveryId) -> Result<Vec<Rendition>, Error> {
    r.all(
        "SELECT rendition.* FROM rendition JOIN delivery_rendition AS needs ON needs.rendition = rendition.id
         WHERE needs.delivery = ?1 ORDER BY made_at, id",
        [delivery.to_string()],
        renditions::map,
    )
}

fn map(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        id: row.word("id")?,
        post: row.word("post")?,
        account: row.word("account")?,
        network: row.word("network")?,
        state: row.word("state")?,
        waiting_for: row.word_or_none("waiting_for")?,
        failed: row.word_or_none("failed")?,
        reason: row.get("reason")?,
        due: row.time_or_none("due")?,
        wall: row.json_or_none("wall")?,
        late: row.word("late")?,
        revision: row.word_or_none("revision")?,
        part: row.get("part")?,
        previous: row.word_or_none("previous")?,
        next_at: row.time_or_none("next_at")?,
        tries: row.get("tries")?,
        released: row.get("released")?,
        moved: row.get("moved")?,
        url: row.get("url")?,
        remote_id: row.get("remote_id")?,
        wish: row.word_or_none("wish")?,
        kept: row.json_or_none("kept")?,
        amended: row.json_or_none("amended")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

#[cfg(test)]
mod tests;
