//! Settings of the workspace: names and JSON values.
//!
//! Which names exist and what they mean is the application's. Secrets are never here.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::reader::{Columns, to_json};
use crate::{Error, Reader, Tx};

/// One setting.
///
/// # Errors
/// See [`Error`].
pub fn get(r: &Reader<'_>, key: &str) -> Result<Option<Value>, Error> {
    r.one("SELECT value FROM setting WHERE key = ?1", [key], |row| row.json("value"))
}

/// Writes one setting; null takes it out.
///
/// # Errors
/// See [`Error`].
pub fn set(tx: &Tx<'_>, key: &str, value: &Value) -> Result<(), Error> {
    if value.is_null() {
        tx.run("DELETE FROM setting WHERE key = ?1", [key])?;
    } else {
        tx.run(
            "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, to_json(value)?),
        )?;
    }
    Ok(())
}

/// Every setting.
///
/// # Errors
/// See [`Error`].
pub fn all(r: &Reader<'_>) -> Result<BTreeMap<String, Value>, Error> {
    let rows =
        r.all("SELECT key, value FROM setting", [], |row| Ok((row.get("key")?, row.json("value")?)))?;
    Ok(rows.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::store;

    #[test]
    fn a_setting_is_what_was_set_last() {
        let store = store();
        store
            .write(|tx| {
                assert_eq!(get(tx, "zone")?, None);
                set(tx, "zone", &json!("Africa/Bamako"))?;
                set(tx, "zone", &json!("Europe/Paris"))?;
                set(tx, "late", &json!({"policy": "hold"}))?;
                assert_eq!(get(tx, "zone")?, Some(json!("Europe/Paris")));
                assert_eq!(all(tx)?.keys().collect::<Vec<_>>(), ["late", "zone"]);
                set(tx, "late", &Value::Null)?;
                assert_eq!(all(tx)?.len(), 1);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
