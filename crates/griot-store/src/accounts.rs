//! Identities on networks. Their secrets are never here.
//!
//! An account that has a history is marked and hidden, not deleted: what went out through it is evidence.

use griot_domain::{Account, AccountId, NetworkId, Timestamp};
use rusqlite::{Row, named_params};

use crate::reader::{Columns, from_word, to_json, to_word};
use crate::{Error, Reader, Tx};

/// Writes a new account.
///
/// # Errors
/// [`Error::Duplicate`] when that identity is connected; else see [`Error`].
pub fn insert(tx: &Tx<'_>, account: &Account) -> Result<(), Error> {
    tx.run(
        "INSERT INTO account (id, network, server, handle, remote_id, name, state, limits, added_at, ends_at)
         VALUES (:id, :network, :server, :handle, :remote, :name, :state, :limits, :at, :ends)",
        named_params! {
            ":id": account.id.to_string(),
            ":network": account.network.as_str(),
            ":server": account.server,
            ":handle": account.handle,
            ":remote": account.remote_id,
            ":name": account.name,
            ":state": to_word(&account.state)?,
            ":limits": account.limits.as_ref().map(to_json).transpose()?,
            ":at": account.added_at.millis(),
            ":ends": account.ends_at.map(Timestamp::millis),
        },
    )
    .map_err(|error| error.naming("account"))?;
    Ok(())
}

/// One account, also when it was removed: history shows it.
///
/// # Errors
/// See [`Error`].
pub fn get(r: &Reader<'_>, id: AccountId) -> Result<Option<Account>, Error> {
    r.one("SELECT * FROM account WHERE id = ?1", [id.to_string()], map)
}

/// Whether there is such an account, and it was not removed.
///
/// # Errors
/// See [`Error`].
pub fn is_there(r: &Reader<'_>, id: AccountId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM account WHERE id = ?1 AND NOT removed";
    Ok(r.one(sql, [id.to_string()], |_| Ok(()))?.is_some())
}

/// Every account that was not removed, in the order in which they came.
///
/// # Errors
/// See [`Error`].
pub fn list(r: &Reader<'_>) -> Result<Vec<Account>, Error> {
    r.all("SELECT * FROM account WHERE NOT removed ORDER BY added_at, id", [], map)
}

/// Every account that was not removed, by its id alone.
///
/// # Errors
/// See [`Error`].
pub fn ids(r: &Reader<'_>) -> Result<Vec<AccountId>, Error> {
    r.all("SELECT id FROM account WHERE NOT removed", [], |row| row.word("id"))
}

/// The account with this identity, when it is connected.
///
/// # Errors
/// See [`Error`].
pub fn find(
    r: &Reader<'_>,
    network: NetworkId,
    server: &str,
    remote_id: &str,
) -> Result<Option<Account>, Error> {
    r.one(
        "SELECT * FROM account WHERE network = ?1 AND server = ?2 AND remote_id = ?3 AND NOT removed",
        (network.as_str(), server, remote_id),
        map,
    )
}

/// Writes what is known of an account now. Its network and when it came never change.
///
/// # Errors
/// [`Error::Missing`], also for one that was removed; [`Error::Duplicate`]; else see [`Error`].
pub fn update(tx: &Tx<'_>, account: &Account) -> Result<(), Error> {
    let changed = tx
        .run(
            "UPDATE account SET server = :server, handle = :handle, remote_id = :remote, name = :name, state = :state,
             limits = :limits, ends_at = :ends WHERE id = :id AND NOT removed",
            named_params! {
                ":id": account.id.to_string(),
                ":server": account.server,
                ":handle": account.handle,
                ":remote": account.remote_id,
                ":name": account.name,
                ":state": to_word(&account.state)?,
                ":limits": account.limits.as_ref().map(to_json).transpose()?,
                ":ends": account.ends_at.map(Timestamp::millis),
            },
        )
        .map_err(|error| error.naming("account"))?;
    if changed == 0 { Err(Error::missing("account", account.id)) } else { Ok(()) }
}

/// Removes an account: the row where nothing ever went through it, else a mark that hides it.
///
/// # Errors
/// [`Error::Foreign`] while a delivery through it is not final, or is to be changed on its network; [`Error::Missing`]; else see [`Error`].
pub fn delete(tx: &Tx<'_>, id: AccountId) -> Result<(), Error> {
    let open = tx.one(
        "SELECT 1 FROM delivery WHERE account = ?1
             AND (state NOT IN ('published', 'deleted', 'cancelled') OR wish IS NOT NULL) LIMIT 1",
        [id.to_string()],
        |_| Ok(()),
    )?;
    if open.is_some() {
        return Err(Error::Foreign);
    }
    let changed = match tx.run("DELETE FROM account WHERE id = ?1 AND NOT removed", [id.to_string()]) {
        Err(Error::Foreign) => {
            tx.run("UPDATE account SET removed = 1 WHERE id = ?1 AND NOT removed", [id.to_string()])?
        }
        other => other?,
    };
    if changed == 0 { Err(Error::missing("account", id)) } else { Ok(()) }
}

fn map(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.word("id")?,
        network: row.word("network")?,
        server: row.get("server")?,
        handle: row.get("handle")?,
        remote_id: row.get("remote_id")?,
        name: row.get("name")?,
        state: from_word(row, "state")?,
        limits: row.json_or_none("limits")?,
        added_at: row.time("added_at")?,
        ends_at: row.time_or_none("ends_at")?,
    })
}

#[cfg(test)]
mod tests {
    use griot_domain::rules::LiveLimits;
    use griot_domain::{AccountState, State};

    use super::*;
    use crate::testing::{account, delivery, furnished, id, t};
    use crate::{deliveries, posts};

    #[test]
    fn an_account_survives_its_row_and_an_identity_is_connected_once() {
        let store = furnished();
        store
            .write(|tx| {
                let mut b = account(2);
                b.limits = Some(LiveLimits { text_max: Some(5000), ..LiveLimits::default() });
                insert(tx, &b)?;
                assert_eq!(list(tx)?, [account(1), b.clone()]);
                b.state = AccountState::Reconnect;
                b.ends_at = Some(t(9));
                b.handle = "@new@mastodon.example".into();
                update(tx, &b)?;
                assert_eq!(get(tx, b.id)?, Some(b.clone()));
                assert_eq!(find(tx, b.network, &b.server, "2")?, Some(b.clone()));
                assert_eq!(find(tx, NetworkId::Bluesky, &b.server, "2")?, None);
                let again = Account { id: id(3, AccountId::new), ..b.clone() };
                assert!(matches!(insert(tx, &again), Err(Error::Duplicate("account"))));
                for n in [4, 5] {
                    let by_hand = Account { server: String::new(), remote_id: String::new(), ..account(n) };
                    insert(tx, &by_hand)?;
                }
                delete(tx, b.id)?;
                assert_eq!(get(tx, b.id)?, None);
                Ok::<_, Error>(())
            })
            .unwrap();
    }

    #[test]
    fn an_account_with_a_history_is_hidden_and_the_history_stays() {
        let store = furnished();
        store
            .write(|tx| {
                let a = account(1);
                assert!(matches!(delete(tx, a.id), Err(Error::Foreign)), "something is still to go out");
                let mut d = delivery(1);
                d.state = State::Published;
                d.remote_id = Some("r1".into());
                d.revision = Some(posts::current(tx, d.post)?.id);
                deliveries::update(tx, &d)?;
                delete(tx, a.id)?;
                assert_eq!(list(tx)?, []);
                assert_eq!(find(tx, a.network, &a.server, &a.remote_id)?, None);
                assert_eq!(get(tx, a.id)?, Some(a.clone()), "history shows it");
                assert!(matches!(delete(tx, a.id), Err(Error::Missing { .. })));

                let back = Account { id: id(7, AccountId::new), ..a };
                insert(tx, &back)?;
                assert_eq!(deliveries::taken(tx, back.id)?, ["r1"], "the same identity, whatever its row");
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
