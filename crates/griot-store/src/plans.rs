//! Plans of drafts: for whom and when, as a person chose so far. One row a post.
//!
//! The accounts are named, not referred to: one that is removed later is left out by whoever reads.

use griot_domain::{Plan, PostId};
use rusqlite::Row;

use crate::reader::{Columns, from_word, to_json, to_word};
use crate::{Error, Reader, Tx};

/// Keeps the plan of a post in the place of the one before.
///
/// # Errors
/// [`Error::Foreign`] without that post; else see [`Error`].
pub fn put(tx: &Tx<'_>, post: PostId, plan: &Plan) -> Result<(), Error> {
    tx.run(
        "INSERT INTO plan (post, accounts, mode, at, zone, late) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (post) DO UPDATE SET accounts = ?2, mode = ?3, at = ?4, zone = ?5, late = ?6",
        (
            post.to_string(),
            to_json(&plan.to)?,
            to_word(&plan.when)?,
            &plan.at,
            &plan.zone,
            plan.late.to_string(),
        ),
    )?;
    Ok(())
}

/// The plan of a post, when it has one.
///
/// # Errors
/// See [`Error`].
pub fn get(r: &Reader<'_>, post: PostId) -> Result<Option<Plan>, Error> {
    r.one("SELECT * FROM plan WHERE post = ?1", [post.to_string()], map)
}

/// Forgets the plan of a post: it was carried out, or the person has none any more.
///
/// # Errors
/// See [`Error`].
pub fn forget(tx: &Tx<'_>, post: PostId) -> Result<(), Error> {
    tx.run("DELETE FROM plan WHERE post = ?1", [post.to_string()])?;
    Ok(())
}

fn map(row: &Row<'_>) -> rusqlite::Result<Plan> {
    Ok(Plan {
        to: row.json("accounts")?,
        when: from_word(row, "mode")?,
        at: row.get("at")?,
        zone: row.get("zone")?,
        late: row.word("late")?,
    })
}

#[cfg(test)]
mod tests {
    use griot_domain::{AccountId, Content, LatePolicy, Planned};

    use super::*;
    use crate::posts;
    use crate::testing::{id, store, t};
    use griot_domain::RevisionId;

    #[test]
    fn a_plan_is_kept_as_it_was_and_goes_with_its_post() {
        let store = store();
        let post = id(1, PostId::new);
        let plan = Plan {
            to: vec![id(3, AccountId::new), id(1, AccountId::new)],
            when: Planned::At,
            at: Some("2026-12-01T09:00".into()),
            zone: Some("Africa/Bamako".into()),
            late: LatePolicy::Publish(30),
        };
        store
            .write(|tx| {
                assert!(matches!(put(tx, post, &plan), Err(Error::Foreign)));
                posts::create(tx, post, id(1, RevisionId::new), &Content::default(), t(1))?;
                assert_eq!(get(tx, post)?, None);
                put(tx, post, &Plan::default())?;
                assert_eq!(get(tx, post)?, Some(Plan::default()));
                put(tx, post, &plan)?;
                assert_eq!(get(tx, post)?, Some(plan));
                posts::delete(tx, post)?;
                assert_eq!(get(tx, post)?, None);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
