//! What went up, file by file, for people who buy the network by the megabyte.
//!
//! Only what a network took whole is known here; what broke off on the way is not.

use griot_domain::{DeliveryId, Timestamp};

use crate::reader::{Columns, to_integer};
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
                assert!(matches!(add(tx, id(9, DeliveryId::new), t(1), 1), Err(Error::Foreign)));
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
