//! What went up, file by file, for people who buy the network by the megabyte.
//!
//! Only what a network took whole is known here; what broke off on the way is not.

use std::collections::BTreeMap;
use std::ops::Range;

use griot_domain::{DeliveryId, Timestamp};

use crate::reader::{Columns, to_integer, to_json};
use crate::{Error, Reader, Tx};

/// Writes down that a file of a delivery is with its network.
///
/// # Errors
/// [`Error::Foreign`] without that delivery; else see [`Error`].
pub fn add(tx: &Tx<'_>, delivery: DeliveryId, at: Timestamp, bytes: u64) -> Result<(), Error> {
    tx.run(
        "INSERT INTO upload (delivery, at, bytes) VALUES (?1, ?2, ?3)",
        (delivery.to_string(), at.millis(), to_integer(bytes)),
    )?;
    Ok(())
}

/// Bytes that went up from `since` on.
///
/// # Errors
/// See [`Error`].
pub fn since(r: &Reader<'_>, since: Timestamp) -> Result<u64, Error> {
    let sum =
        r.one("SELECT coalesce(sum(bytes), 0) AS n FROM upload WHERE at >= ?1", [since.millis()], |row| {
            row.count("n")
        })?;
    Ok(sum.unwrap_or(0))
}

/// What went up within a stretch of time, oldest first: when, and how many bytes.
///
/// # Errors
/// See [`Error`].
pub fn within(r: &Reader<'_>, stretch: &Range<Timestamp>) -> Result<Vec<(Timestamp, u64)>, Error> {
    r.all(
        "SELECT at, bytes FROM upload WHERE at >= ?1 AND at < ?2 ORDER BY at",
        [stretch.start.millis(), stretch.end.millis()],
        |row| Ok((row.time("at")?, row.count("bytes")?)),
    )
}

/// Bytes that went up for each of these deliveries; those of which nothing did are not there.
///
/// # Errors
/// See [`Error`].
pub fn of(r: &Reader<'_>, deliveries: &[DeliveryId]) -> Result<BTreeMap<DeliveryId, u64>, Error> {
    let ids: Vec<String> = deliveries.iter().map(DeliveryId::to_string).collect();
    let rows = r.all(
        "SELECT delivery, sum(bytes) AS n FROM upload
         WHERE delivery IN (SELECT value FROM json_each(?1)) GROUP BY delivery",
        [to_json(&ids)?],
        |row| Ok((row.word("delivery")?, row.count("n")?)),
    )?;
    Ok(rows.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{furnished, id, t};

    #[test]
    fn what_went_up_is_summed_from_an_instant_on() {
        let store = furnished();
        store
            .write(|tx| {
                let delivery = id(1, DeliveryId::new);
                assert_eq!(since(tx, t(0))?, 0);
                add(tx, delivery, t(10), 1000)?;
                add(tx, delivery, t(20), 234)?;
                assert_eq!(since(tx, t(0))?, 1234);
                assert_eq!(since(tx, t(20))?, 234);
                assert_eq!(since(tx, t(21))?, 0);
                assert_eq!(within(tx, &(t(10)..t(20)))?, [(t(10), 1000)], "its end is no part of a stretch");
                assert_eq!(of(tx, &[delivery, id(9, DeliveryId::new)])?, [(delivery, 1234)].into());
                assert!(matches!(add(tx, id(9, DeliveryId::new), t(1), 1), Err(Error::Foreign)));
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
