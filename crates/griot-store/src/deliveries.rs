//! One row for each post on each account: the outbox as data.
//!
//! What moves a delivery, and why, is the application's. Kept here: that no step is written which
//! [`griot_domain::State::may_become`] forbids, whoever asks.

use std::ops::Range;

use griot_domain::{AccountId, Delivery, DeliveryId, PostId, RenditionId, Sentence, State, Timestamp};
use rusqlite::{Row, ToSql};

use crate::reader::{Columns, to_json};
use crate::renditions::{self, Rendition};
use crate::{Error, Reader, Tx};

mod places;

pub use places::{last_live, saying, standing_for};

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

mod worker;

pub use worker::{
    any_movable, asked, first_pause, is_wanted, movable, next_of, next_wake, pausing, resolved_by_others,
};

/// Writes a new delivery.
///
/// # Errors
/// [`Error::Foreign`] without its post, account, revision or previous part; [`Error::Duplicate`]; else see [`Error`].
pub fn insert(tx: &Tx<'_>, delivery: &Delivery) -> Result<(), Error> {
    write(
        tx,
        "INSERT INTO delivery (post, account, network, part, created_at, state, waiting_for, failed, reason, due, wall, late,
             revision, previous, next_at, tries, released, released_at, moved, url, remote_id, wish, kept, amended, updated_at, id)
         VALUES (:post, :account, :network, :part, :created_at, :state, :waiting_for, :failed, :reason, :due, :wall, :late,
             :revision, :previous, :next_at, :tries, :released, :released_at, :moved, :url, :remote_id, :wish, :kept, :amended, :updated_at, :id)",
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

/// Writes everything that may change of a delivery; its post, account, part and when it was written stay. The time and
/// the policy of what follows a post are that post's: they change with it here, and in no other way.
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
        "UPDATE delivery SET state = :state, waiting_for = :waiting_for, failed = :failed, reason = :reason,
             due = iif(:previous IS NULL, :due, due), wall = iif(:previous IS NULL, :wall, wall),
             late = iif(:previous IS NULL, :late, late), revision = :revision, previous = :previous, next_at = :next_at, tries = :tries,
             released = :released, released_at = :released_at, moved = :moved, url = :url, remote_id = :remote_id, wish = :wish,
             kept = :kept, amended = :amended, updated_at = :updated_at
         WHERE id = :id",
        delivery,
        &[],
    )?;
    if delivery.follows() { Ok(()) } else { followers_keep_time(tx, delivery) }
}

/// What follows `lead` and is not over gets its time and its policy.
fn followers_keep_time(tx: &Tx<'_>, lead: &Delivery) -> Result<(), Error> {
    let wall = lead.wall.as_ref().map(to_json).transpose()?;
    tx.run(
        "WITH RECURSIVE part (id) AS (
             SELECT id FROM delivery WHERE previous = ?1
             UNION SELECT delivery.id FROM delivery JOIN part ON delivery.previous = part.id
         )
         UPDATE delivery SET due = ?2, wall = ?3, late = ?4
         WHERE id IN (SELECT id FROM part) AND state NOT IN ('published', 'deleted', 'cancelled')
             AND (due IS NOT ?2 OR wall IS NOT ?3 OR late IS NOT ?4)",
        (lead.id.to_string(), lead.due.map(Timestamp::millis), wall, lead.late.to_string()),
    )?;
    Ok(())
}

/// Binds what every write of a delivery has, and what only this one has.
fn write(tx: &Tx<'_>, sql: &str, delivery: &Delivery, fixed: &[(&str, &dyn ToSql)]) -> Result<(), Error> {
    let wall = delivery.wall.as_ref().map(to_json).transpose()?;
    let kept = delivery.kept.as_ref().map(to_json).transpose()?;
    let amended = delivery.amended.as_ref().map(to_json).transpose()?;
    let changing: [(&str, &dyn ToSql); 21] = [
        (":id", &delivery.id.to_string()),
        (":state", &delivery.state.as_str()),
        (":waiting_for", &delivery.waiting_for.map(|w| w.as_str())),
        (":failed", &delivery.failed.map(|f| f.as_str())),
        (":reason", &delivery.reason.as_ref().map(Sentence::kept)),
        (":due", &delivery.due.map(Timestamp::millis)),
        (":wall", &wall),
        (":late", &delivery.late.to_string()),
        (":revision", &delivery.revision.map(|r| r.to_string())),
        (":previous", &delivery.previous.map(|p| p.to_string())),
        (":next_at", &delivery.next_at.map(Timestamp::millis)),
        (":tries", &delivery.tries),
        (":released", &delivery.released),
        (":released_at", &delivery.released_at.map(Timestamp::millis)),
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

/// What follows a delivery: its first comment, or the next part.
///
/// # Errors
/// See [`Error`].
pub fn followers(r: &Reader<'_>, of: DeliveryId) -> Result<Vec<Delivery>, Error> {
    r.all(FOLLOWERS, [of.to_string()], map)
}

const FOLLOWERS: &str = "SELECT * FROM delivery WHERE previous = ?1 ORDER BY part, id";

/// Everything that is not final.
///
/// # Errors
/// See [`Error`].
pub fn open(r: &Reader<'_>) -> Result<Vec<Delivery>, Error> {
    r.all(deliveries!("state NOT IN ('published', 'deleted', 'cancelled')"), [], map)
}

/// Remembers of everything that is live that this workspace is a copy: what is asked of it from now on is asked here.
///
/// # Errors
/// See [`Error`].
pub fn mark_moved(tx: &Tx<'_>) -> Result<(), Error> {
    tx.run("UPDATE delivery SET moved = 1, released = 0, released_at = NULL WHERE state = 'published' AND NOT moved", [])?;
    Ok(())
}

/// Takes back every word by which a person let something go: it was not given here.
///
/// # Errors
/// See [`Error`].
pub fn forget_releases(tx: &Tx<'_>) -> Result<(), Error> {
    tx.run(
        "UPDATE delivery SET released = 0, released_at = NULL WHERE released OR released_at IS NOT NULL",
        [],
    )?;
    Ok(())
}

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
        reason: row.get::<_, Option<String>>("reason")?.map(Sentence::read),
        due: row.time_or_none("due")?,
        wall: row.json_or_none("wall")?,
        late: row.word("late")?,
        revision: row.word_or_none("revision")?,
        part: row.get("part")?,
        previous: row.word_or_none("previous")?,
        next_at: row.time_or_none("next_at")?,
        tries: row.get("tries")?,
        released: row.get("released")?,
        released_at: row.time_or_none("released_at")?,
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
