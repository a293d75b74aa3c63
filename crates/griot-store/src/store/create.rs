//! A new workspace: its folder, its `media` folder and its database, all or nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use griot_domain::WorkspaceId;

use crate::connection::{self, APPLICATION_ID, Access};
use crate::migrate::{self, MIGRATIONS};
use crate::store::{Options, Store};
use crate::{DATABASE, Error, MEDIA, Tx, disk, drive, workspace};

impl Store {
    /// Makes the folder (where it is missing), `media` and the database, and opens it.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] when there is a database, or a file where the folder should be; else see [`Error`].
    pub fn create(dir: &Path, id: WorkspaceId, o: &Options) -> Result<Self, Error> {
        if dir.join(DATABASE).exists() || (dir.exists() && !dir.is_dir()) {
            return Err(Error::AlreadyThere);
        }
        o.faults.at("store.create")?;
        let made_dir = !dir.exists();
        fs::create_dir_all(dir)?;
        let made_media = !dir.join(MEDIA).exists();
        let made = build(dir, id, o);
        if made.is_err() {
            // Only what was made here, and only while it is empty: `remove_dir` takes nothing else.
            let leftovers = [(made_media, dir.join(MEDIA)), (made_dir, dir.to_owned())];
            for (_, folder) in leftovers.iter().filter(|(ours, _)| *ours) {
                if let Err(error) = fs::remove_dir(folder) {
                    tracing::warn!(%error, "a new folder could not be taken back");
                }
            }
        }
        made?;
        Self::open(dir, o)
    }
}

fn build(dir: &Path, id: WorkspaceId, o: &Options) -> Result<(), Error> {
    if drive::is_network(dir) {
        return Err(Error::NetworkDrive);
    }
    let part = disk::beside(&dir.join(DATABASE))?;
    let conn = connection::open(part.path(), Access::Create)?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrate::run(&conn, MIGRATIONS)?;
    workspace::insert(&Tx::new(&conn), id, o.now)?;
    conn.close().map_err(|(_, error)| Error::from(error))?;
    match fs::create_dir(dir.join(MEDIA)) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    o.faults.at("store.disk_full")?;
    part.as_file().sync_all()?;
    part.persist_noclobber(dir.join(DATABASE)).map_err(|failed| match failed.error.kind() {
        ErrorKind::AlreadyExists => Error::AlreadyThere,
        _ => failed.error.into(),
    })?;
    Ok(disk::sync_folder(dir)?)
}
