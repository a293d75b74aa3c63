//! Files made from assets for one use. They can be made again, so a row may go when nothing needs it.
//!
//! The files themselves are made, found and removed by the application; a path here never leaves the workspace.

use griot_domain::asset::Format;
use griot_domain::{AssetId, RenditionId, Timestamp};
use rusqlite::{Row, named_params};

use crate::reader::{Columns, from_word, to_integer, to_word};
use crate::{Error, MEDIA, Reader, Tx};

/// A file made from an asset for one use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The rendition.
    pub id: RenditionId,
    /// What it was made from.
    pub asset: AssetId,
    /// Its address: a hash of asset, recipe and renderer, 64 hexadecimal digits.
    pub key: String,
    /// BLAKE3 of the file, 64 hexadecimal digits.
    pub hash: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Size of the file.
    pub bytes: u64,
    /// The container.
    pub format: Format,
    /// The quality that fitted, 1..=100, where the format has one.
    pub quality: Option<u8>,
    /// Length of a film in milliseconds.
    pub duration_ms: Option<u64>,
    /// Codec of a film's picture track.
    pub video: Option<String>,
    /// Codec of a film's sound track; nothing when it is silent.
    pub audio: Option<String>,
    /// When it was made.
    pub made_at: Timestamp,
}

impl Rendition {
    /// The file, relative to the workspace's folder, with forward slashes. It follows from the address: what a row says
    /// of a path is never believed.
    #[must_use]
    pub fn path(&self) -> String {
        let (key, ending) = (&self.key, self.format.extension());
        format!("{MEDIA}/renditions/{}/{key}.{ending}", key.get(..2).unwrap_or("00"))
    }
}

/// Whether a path stays inside the folder it is relative to, on every system: plain names between forward
/// slashes, nothing that Windows would read as a drive, a stream or a device's separator.
#[must_use]
pub fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= 1024
        && !path.contains(['\\', ':', '\0'])
        && path.split('/').all(|name| !name.is_empty() && !name.starts_with("..") && name != ".")
}

/// Writes a rendition, or what was made anew where its address is known; the row keeps its id then.
///
/// # Errors
/// See [`Error`].
pub fn put(tx: &Tx<'_>, rendition: &Rendition) -> Result<(), Error> {
    tx.run(
        "INSERT INTO rendition (id, asset, key, path, hash, width, height, bytes, format, quality, duration_ms, video, audio, made_at)
         VALUES (:id, :asset, :key, :path, :hash, :width, :height, :bytes, :format, :quality, :duration, :video, :audio, :at)
         ON CONFLICT (key) DO UPDATE SET path = excluded.path, hash = excluded.hash, width = excluded.width,
             height = excluded.height, bytes = excluded.bytes, format = excluded.format, quality = excluded.quality,
             duration_ms = excluded.duration_ms, video = excluded.video, audio = excluded.audio, made_at = excluded.made_at",
        named_params! {
            ":id": rendition.id.to_string(),
            ":asset": rendition.asset.to_string(),
            ":key": rendition.key,
            ":path": rendition.path(),
            ":hash": rendition.hash,
            ":width": rendition.width,
            ":height": rendition.height,
            ":bytes": to_integer(rendition.bytes),
            ":format": to_word(&rendition.format)?,
            ":quality": rendition.quality,
            ":duration": rendition.duration_ms.map(to_integer),
            ":video": rendition.video,
            ":audio": rendition.audio,
            ":at": rendition.made_at.millis(),
        },
    )
    .map_err(|error| error.naming("rendition"))?;
    Ok(())
}

/// One rendition.
///
/// # Errors
/// See [`Error`].
pub fn get(r: &Reader<'_>, id: RenditionId) -> Result<Option<Rendition>, Error> {
    r.one("SELECT * FROM rendition WHERE id = ?1", [id.to_string()], map)
}

/// The rendition with this address.
///
/// # Errors
/// See [`Error`].
pub fn by_key(r: &Reader<'_>, key: &str) -> Result<Option<Rendition>, Error> {
    r.one("SELECT * FROM rendition WHERE key = ?1", [key], map)
}

/// What was made from an asset, the oldest first.
///
/// # Errors
/// See [`Error`].
pub fn for_asset(r: &Reader<'_>, asset: AssetId) -> Result<Vec<Rendition>, Error> {
    r.all("SELECT * FROM rendition WHERE asset = ?1 ORDER BY made_at, id", [asset.to_string()], map)
}

/// Every rendition, the oldest first.
///
/// # Errors
/// See [`Error`].
pub fn list(r: &Reader<'_>) -> Result<Vec<Rendition>, Error> {
    r.all("SELECT * FROM rendition ORDER BY made_at, id", [], map)
}

/// What was made before `made_before` and no delivery that is not final needs: its file may go, then its row.
///
/// # Errors
/// See [`Error`].
pub fn unused(r: &Reader<'_>, made_before: Timestamp) -> Result<Vec<Rendition>, Error> {
    r.all(
        "SELECT * FROM rendition WHERE made_at < ?1 AND NOT EXISTS (
             SELECT 1 FROM delivery_rendition AS needs JOIN delivery ON delivery.id = needs.delivery
             WHERE needs.rendition = rendition.id AND delivery.state NOT IN ('published', 'deleted', 'cancelled'))
         ORDER BY made_at, id",
        [made_before.millis()],
        map,
    )
}

/// Forgets a rendition.
///
/// # Errors
/// [`Error::Foreign`] while a delivery that is not final needs it; [`Error::Missing`]; else see [`Error`].
pub fn delete(tx: &Tx<'_>, id: RenditionId) -> Result<(), Error> {
    let needed = tx.one(
        "SELECT 1 FROM delivery_rendition AS needs JOIN delivery ON delivery.id = needs.delivery
         WHERE needs.rendition = ?1 AND delivery.state NOT IN ('published', 'deleted', 'cancelled') LIMIT 1",
        [id.to_string()],
        |_| Ok(()),
    )?;
    if needed.is_some() {
        return Err(Error::Foreign);
    }
    match tx.run("DELETE FROM rendition WHERE id = ?1", [id.to_string()])? {
        0 => Err(Error::missing("rendition", id)),
        _ => Ok(()),
    }
}

pub(crate) fn map(row: &Row<'_>) -> rusqlite::Result<Rendition> {
    Ok(Rendition {
        id: row.word("id")?,
        asset: row.word("asset")?,
        key: row.digest("key")?,
        hash: row.digest("hash")?,
        width: row.get("width")?,
        height: row.get("height")?,
        bytes: row.count("bytes")?,
        format: from_word(row, "format")?,
        quality: row.get("quality")?,
        duration_ms: row.count_or_none("duration_ms")?,
        video: row.get("video")?,
        audio: row.get("audio")?,
        made_at: row.time("made_at")?,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use griot_domain::State;

    use super::*;
    use crate::testing::{asset, delivery, furnished, id, t};
    use crate::{assets, deliveries};

    pub(crate) fn rendition(n: u8) -> Rendition {
        Rendition {
            id: id(n, RenditionId::new),
            asset: asset(1).id,
            key: format!("{n:02x}").repeat(32),
            hash: "0f".repeat(32),
            width: 1080,
            height: 1350,
            bytes: 300_000,
            format: Format::Jpeg,
            quality: Some(82),
            duration_ms: None,
            video: None,
            audio: None,
            made_at: t(i64::from(n)),
        }
    }

    #[test]
    fn a_rendition_stays_while_a_delivery_needs_it() {
        let store = furnished();
        store
            .write(|tx| {
                let film = Rendition {
                    format: Format::Mp4,
                    quality: None,
                    duration_ms: Some(30_000),
                    video: Some("h264".into()),
                    audio: Some("aac".into()),
                    ..rendition(2)
                };
                put(tx, &rendition(1))?;
                put(tx, &film)?;
                put(tx, &Rendition { id: id(3, RenditionId::new), ..film.clone() })?;
                assert_eq!(get(tx, film.id)?, Some(film.clone()), "made again, the row is the same");
                assert_eq!(by_key(tx, &film.key)?, Some(film.clone()));
                assert_eq!(for_asset(tx, asset(1).id)?, [rendition(1), film.clone()]);
                assert_eq!(list(tx)?.len(), 2);
                assert!(matches!(assets::delete(tx, asset(1).id), Err(Error::Foreign)));

                let mut d = delivery(1);
                deliveries::needs_rendition(tx, d.id, film.id)?;
                deliveries::needs_rendition(tx, d.id, film.id)?;
                assert_eq!(deliveries::renditions(tx, d.id)?, std::slice::from_ref(&film));
                assert_eq!(unused(tx, t(100))?, [rendition(1)]);
                assert_eq!(unused(tx, t(1))?, [], "made just now");
                assert!(matches!(delete(tx, film.id), Err(Error::Foreign)));

                d.state = State::Cancelled;
                deliveries::update(tx, &d)?;
                assert_eq!(unused(tx, t(100))?, [rendition(1), film.clone()]);
                delete(tx, film.id)?;
                assert!(matches!(delete(tx, film.id), Err(Error::Missing { .. })));
                Ok::<_, Error>(())
            })
            .unwrap();
    }

    #[test]
    fn a_path_never_leaves_the_workspace() {
        for good in ["media/renditions/ab/abcd.jpg", "a", "media/.hidden"] {
            assert!(is_inside(good), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "../x",
            "media/../../x",
            "a//b",
            "a/",
            "C:/x",
            "a\\b",
            "./a",
            "a/./b",
            "a/b\0",
            "a/.../b",
            "\\\\server\\x",
        ] {
            assert!(!is_inside(bad), "{bad}");
            let store = furnished();
            store.write(|tx| put(tx, &rendition(1))).unwrap();
            store.write(|tx| tx.run("UPDATE rendition SET path = ?1", [bad]).map(|_| ())).unwrap();
            let path = store.read(|r| get(r, rendition(1).id)).unwrap().map(|made| made.path());
            assert_eq!(path, Some(rendition(1).path()), "{bad}");
            store.writer().pragma_update(None, "ignore_check_constraints", true).unwrap();
            store.write(|tx| tx.run("UPDATE rendition SET key = ?1", [bad]).map(|_| ())).unwrap();
            assert!(store.read(|r| get(r, rendition(1).id)).is_err(), "{bad}");
        }
    }
}
