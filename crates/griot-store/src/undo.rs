//! What a person did, with what takes it back: the last two hundred actions.
//!
//! How an action is taken back is the application's; an entry is JSON here.

use griot_domain::{Op, Timestamp};
use rusqlite::Row;
use serde_json::Value;

use crate::reader::{Columns, from_word, to_json, to_word};
use crate::{Error, Reader, Tx};

/// How many actions are kept.
pub const KEPT: u32 = 200;

/// An action that can be taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Grows with each action.
    pub id: i64,
    /// What was done.
    pub op: Op,
    /// When.
    pub at: Timestamp,
    /// What takes it back.
    pub entry: Value,
}

/// Writes down an action and lets the oldest go.
///
/// # Errors
/// See [`Error`].
pub fn push(tx: &Tx<'_>, op: Op, at: Timestamp, entry: &Value) -> Result<i64, Error> {
    tx.run(
        "INSERT INTO undo (op, at, entry) VALUES (?1, ?2, ?3)",
        (to_word(&op)?, at.millis(), to_json(entry)?),
    )?;
    let id = tx.conn.last_insert_rowid();
    tx.run("DELETE FROM undo WHERE id NOT IN (SELECT id FROM undo ORDER BY id DESC LIMIT ?1)", [KEPT])?;
    Ok(id)
}

/// The last action that was not taken back.
///
/// # Errors
/// See [`Error`].
pub fn last(r: &Reader<'_>) -> Result<Option<Entry>, Error> {
    r.one("SELECT * FROM undo WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1", [], map)
}

/// Says that an action was taken back.
///
/// # Errors
/// [`Error::Missing`] when there is no such action, or it was taken back before; else see [`Error`].
pub fn mark_undone(tx: &Tx<'_>, id: i64, at: Timestamp) -> Result<(), Error> {
    match tx.run("UPDATE undo SET undone_at = ?2 WHERE id = ?1 AND undone_at IS NULL", (id, at.millis()))? {
        0 => Err(Error::missing("action", id)),
        _ => Ok(()),
    }
}

fn map(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: row.get("id")?,
        op: from_word(row, "op")?,
        at: row.time("at")?,
        entry: row.json("entry")?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{store, t};

    #[test]
    fn actions_are_taken_back_from_the_last_and_two_hundred_are_kept() {
        let store = store();
        store
            .write(|tx| {
                assert_eq!(last(tx)?, None);
                for n in 0..250 {
                    push(tx, Op::EditPost, t(n), &json!({ "n": n }))?;
                }
                let newest = last(tx)?.unwrap();
                assert_eq!((newest.op, newest.at, &newest.entry), (Op::EditPost, t(249), &json!({"n": 249})));
                mark_undone(tx, newest.id, t(300))?;
                assert!(matches!(mark_undone(tx, newest.id, t(301)), Err(Error::Missing { .. })));
                assert_eq!(last(tx)?.unwrap().entry, json!({"n": 248}));
                let mut left = 0;
                while let Some(entry) = last(tx)? {
                    mark_undone(tx, entry.id, t(400))?;
                    left += 1;
                }
                assert_eq!(left, 199);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
