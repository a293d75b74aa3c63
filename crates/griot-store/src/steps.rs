//! Results of repeatable steps of a delivery (upload ids, blobs, containers), kept between tries.
//!
//! What a result means is its network's; here it is JSON with an instant after which it is gone.

use griot_domain::{DeliveryId, Timestamp};
use serde_json::Value;

use crate::reader::{Columns, to_json};
use crate::{Error, Reader, Tx};

/// The result of the step called `name`; nothing when there is none, or it expired at or before `now`.
///
/// # Errors
/// See [`Error`].
pub fn get(r: &Reader<'_>, delivery: DeliveryId, name: &str, now: Timestamp) -> Result<Option<Value>, Error> {
    r.one(
        "SELECT value FROM step WHERE delivery = ?1 AND name = ?2 AND (expires_at IS NULL OR expires_at > ?3)",
        (delivery.to_string(), name, now.millis()),
        |row| row.json("value"),
    )
}

/// Whether a step of another kind (what stands before the first `/`) than `name` has a result for the same file, which
/// names hold by its hash.
///
/// # Errors
/// See [`Error`].
pub fn of_another_kind(
    r: &Reader<'_>,
    delivery: DeliveryId,
    name: &str,
    hash: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let found = r.one(
        "SELECT 1 FROM step WHERE delivery = ?1 AND instr(name, ?3) > 0
             AND substr(name, 1, instr(name, '/')) <> substr(?2, 1, instr(?2, '/'))
             AND (expires_at IS NULL OR expires_at > ?4) LIMIT 1",
        (delivery.to_string(), name, hash, now.millis()),
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Keeps a result, until `expires_at` where the network forgets it by then, and drops those that expired.
///
/// # Errors
/// [`Error::Foreign`] without that delivery; else see [`Error`].
pub fn put(
    tx: &Tx<'_>,
    delivery: DeliveryId,
    name: &str,
    value: &Value,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Error> {
    tx.run(
        "DELETE FROM step WHERE delivery = ?1 AND expires_at <= ?2",
        (delivery.to_string(), now.millis()),
    )?;
    tx.run(
        "INSERT INTO step (delivery, name, value, expires_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (delivery, name) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
        (delivery.to_string(), name, to_json(value)?, expires_at.map(Timestamp::millis)),
    )?;
    Ok(())
}

/// Forgets the result of one step and of every step below it (`blob` forgets `blob/ab12` too): a network that says
/// only that something is gone does not say which.
///
/// # Errors
/// See [`Error`].
pub fn forget(tx: &Tx<'_>, delivery: DeliveryId, name: &str) -> Result<(), Error> {
    tx.run(
        "DELETE FROM step WHERE delivery = ?1 AND (name = ?2 OR substr(name, 1, length(?2) + 1) = ?2 || '/')",
        (delivery.to_string(), name),
    )?;
    Ok(())
}

/// Forgets every result of a delivery: it starts again.
///
/// # Errors
/// See [`Error`].
pub fn clear(tx: &Tx<'_>, delivery: DeliveryId) -> Result<(), Error> {
    tx.run("DELETE FROM step WHERE delivery = ?1", [delivery.to_string()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{furnished, id, t};

    #[test]
    fn a_result_is_kept_until_it_expires_or_is_forgotten() {
        let store = furnished();
        let d = id(1, DeliveryId::new);
        store
            .write(|tx| {
                assert_eq!(get(tx, d, "blob:1", t(0))?, None);
                put(tx, d, "blob:1", &json!({"cid": "bafy"}), Some(t(60)), t(0))?;
                put(tx, d, "media", &json!(7), None, t(0))?;
                assert_eq!(get(tx, d, "blob:1", t(59))?, Some(json!({"cid": "bafy"})));
                assert_eq!(get(tx, d, "blob:1", t(60))?, None, "the network forgot it");
                put(tx, d, "blob:1", &json!("again"), None, t(0))?;
                assert_eq!(get(tx, d, "blob:1", t(999))?, Some(json!("again")));
                forget(tx, d, "blob:1")?;
                assert_eq!(get(tx, d, "blob:1", t(0))?, None);
                assert_eq!(get(tx, d, "media", t(0))?, Some(json!(7)));
                put(tx, d, "media/ab12", &json!(8), None, t(0))?;
                put(tx, d, "mediation", &json!(9), None, t(0))?;
                forget(tx, d, "media")?;
                assert_eq!(get(tx, d, "media/ab12", t(0))?, None, "what is below a name goes with it");
                assert_eq!(get(tx, d, "mediation", t(0))?, Some(json!(9)), "what only begins alike stays");
                put(tx, d, "job/ab12", &json!(1), Some(t(60)), t(0))?;
                assert!(of_another_kind(tx, d, "blob/ab12", "ab12", t(59))?);
                assert!(!of_another_kind(tx, d, "job/ab12/1", "ab12", t(59))?, "the same kind");
                assert!(!of_another_kind(tx, d, "blob/ab12", "ab12", t(60))?, "it expired");
                clear(tx, d)?;
                assert_eq!(get(tx, d, "media", t(0))?, None);
                assert!(matches!(
                    put(tx, id(9, DeliveryId::new), "x", &json!(1), None, t(0)),
                    Err(Error::Foreign)
                ));
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
