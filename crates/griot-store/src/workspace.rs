//! The table of one row: which workspace this is, and who may work its outbox.
//!
//! Whether the owner is this machine is decided by the application, which keeps the same pair outside.

use griot_domain::{DeviceId, Timestamp, WorkspaceId};

use crate::reader::{Columns, to_integer};
use crate::{Error, Reader, Tx};

/// Who works the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The installation.
    pub device: DeviceId,
    /// Grows each time the workspace is taken over, so that an old copy on the same machine is told apart.
    pub epoch: u64,
}

pub(crate) fn insert(tx: &Tx<'_>, id: WorkspaceId, created_at: Timestamp) -> Result<(), Error> {
    tx.run(
        "INSERT INTO workspace (one, id, created_at) VALUES (1, ?1, ?2)",
        (id.to_string(), created_at.millis()),
    )?;
    Ok(())
}

/// Which workspace it is.
///
/// # Errors
/// See [`Error`].
pub fn id(r: &Reader<'_>) -> Result<WorkspaceId, Error> {
    r.one("SELECT id FROM workspace", [], |row| row.word("id"))?
        .ok_or_else(|| Error::missing("workspace", ""))
}

/// When it was made.
///
/// # Errors
/// See [`Error`].
pub fn created_at(r: &Reader<'_>) -> Result<Timestamp, Error> {
    r.one("SELECT created_at FROM workspace", [], |row| row.time("created_at"))?
        .ok_or_else(|| Error::missing("workspace", ""))
}

/// Who works the outbox; nobody in a workspace that was just made or restored.
///
/// # Errors
/// See [`Error`].
pub fn owner(r: &Reader<'_>) -> Result<Option<Owner>, Error> {
    let owner = r.one("SELECT owner_device, owner_epoch FROM workspace", [], |row| {
        let device = row.word_or_none("owner_device")?;
        let epoch = row.count_or_none("owner_epoch")?;
        Ok(device.zip(epoch).map(|(device, epoch)| Owner { device, epoch }))
    })?;
    Ok(owner.flatten())
}

/// Writes who works the outbox.
///
/// # Errors
/// See [`Error`].
pub fn set_owner(tx: &Tx<'_>, owner: Option<&Owner>) -> Result<(), Error> {
    let device = owner.map(|o| o.device.to_string());
    let epoch = owner.map(|o| to_integer(o.epoch));
    tx.run("UPDATE workspace SET owner_device = ?1, owner_epoch = ?2", (device, epoch))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{id as make, store, t};

    #[test]
    fn a_workspace_belongs_to_nobody_until_it_is_taken() {
        let store = store();
        store
            .write(|tx| {
                assert_eq!(id(tx)?, make(0, WorkspaceId::new));
                assert_eq!(created_at(tx)?, t(0));
                assert_eq!(owner(tx)?, None);
                let me = Owner { device: make(1, DeviceId::new), epoch: 7 };
                set_owner(tx, Some(&me))?;
                assert_eq!(owner(tx)?, Some(me));
                set_owner(tx, None)?;
                assert_eq!(owner(tx)?, None);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
