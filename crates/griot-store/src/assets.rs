//! Imported originals: one row for each different file.
//!
//! The bytes are in the `media` folder and are none of this table's business.

use griot_domain::asset::{Facts, MediaKind};
use griot_domain::text::fold;
use griot_domain::{Asset, AssetId, Focus};
use rusqlite::{Row, named_params};

use crate::reader::{Columns, to_json};
use crate::{Error, Reader, Tx};

/// What a person looks for. The default is the first hundred of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Only those whose name, alt text and tags contain every word of this, in any case and with or without accents.
    pub text: Option<String>,
    /// Only pictures, or only films.
    pub kind: Option<MediaKind>,
    /// Only those with exactly this tag.
    pub tag: Option<String>,
    /// Only these.
    pub only: Option<Vec<AssetId>>,
    /// How many at most.
    pub limit: u32,
    /// How many are left out before them.
    pub offset: u32,
}

impl Default for Filter {
    fn default() -> Self {
        Self { text: None, kind: None, tag: None, only: None, limit: 100, offset: 0 }
    }
}

/// Which assets a [`Filter`] describes. `fold` is this crate's own function (see `connection`).
macro_rules! condition {
    () => {
        "WHERE (:kind IS NULL OR kind = :kind)
           AND (:only IS NULL OR id IN (SELECT value FROM json_each(:only)))
           AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag))
           AND NOT EXISTS (SELECT 1 FROM json_each(:words) AS word WHERE instr(fold(name || char(10) || alt || char(10)
               || coalesce((SELECT group_concat(value, char(10)) FROM json_each(tags)), '')), word.value) = 0) "
    };
}

/// Writes a new asset.
///
/// # Errors
/// [`Error::Duplicate`] when its bytes or its id are known; else see [`Error`].
pub fn insert(tx: &Tx<'_>, asset: &Asset) -> Result<(), Error> {
    tx.run(
        "INSERT INTO asset (id, hash, name, kind, facts, alt, focus_x, focus_y, suggested_x, suggested_y, tags, imported_at)
         VALUES (:id, :hash, :name, :kind, :facts, :alt, :x, :y, :sx, :sy, :tags, :at)",
        named_params! {
            ":id": asset.id.to_string(),
            ":hash": asset.hash,
            ":name": asset.name,
            ":kind": asset.facts.kind.as_str(),
            ":facts": to_json(&asset.facts)?,
            ":alt": asset.alt,
            ":x": asset.focus.map(|f| f.x),
            ":y": asset.focus.map(|f| f.y),
            ":sx": asset.suggested.map(|f| f.x),
            ":sy": asset.suggested.map(|f| f.y),
            ":tags": to_json(&asset.tags)?,
            ":at": asset.imported_at.millis(),
        },
    )
    .map_err(|error| error.naming("asset"))?;
    Ok(())
}

/// One asset.
///
/// # Errors
/// See [`Error`].
pub fn get(r: &Reader<'_>, id: AssetId) -> Result<Option<Asset>, Error> {
    r.one("SELECT * FROM asset WHERE id = ?1", [id.to_string()], map)
}

/// The asset with these bytes, by their BLAKE3 in hexadecimal digits.
///
/// # Errors
/// See [`Error`].
pub fn by_hash(r: &Reader<'_>, hash: &str) -> Result<Option<Asset>, Error> {
    r.one("SELECT * FROM asset WHERE hash = ?1", [hash], map)
}

/// Assets, the last imported first: at most `limit`, after leaving out `offset`.
///
/// # Errors
/// See [`Error`].
pub fn list(r: &Reader<'_>, limit: u32, offset: u32) -> Result<Vec<Asset>, Error> {
    search(r, &Filter { limit, offset, ..Filter::default() })
}

/// The assets that a person looks for, the last imported first.
///
/// # Errors
/// See [`Error`].
pub fn search(r: &Reader<'_>, filter: &Filter) -> Result<Vec<Asset>, Error> {
    find(
        r,
        concat!(
            "SELECT * FROM asset ",
            condition!(),
            "ORDER BY imported_at DESC, id DESC LIMIT :limit OFFSET :offset"
        ),
        filter,
        map,
    )
}

/// How many there are that a person looks for, on all pages.
///
/// # Errors
/// See [`Error`].
pub fn count(r: &Reader<'_>, filter: &Filter) -> Result<u32, Error> {
    let all = Filter { limit: 1, offset: 0, ..filter.clone() };
    let sql = concat!("SELECT count(*) AS n FROM asset ", condition!(), "LIMIT :limit OFFSET :offset");
    Ok(find(r, sql, &all, |row| row.get("n"))?.first().copied().unwrap_or(0))
}

fn find<T>(
    r: &Reader<'_>,
    sql: &str,
    filter: &Filter,
    map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Error> {
    let words: Vec<String> = filter.text.iter().flat_map(|t| t.split_whitespace()).map(fold).collect();
    let only = filter.only.as_ref().map(|ids| ids.iter().map(ToString::to_string).collect::<Vec<_>>());
    r.all(
        sql,
        named_params! {
            ":kind": filter.kind.map(MediaKind::as_str),
            ":words": to_json(&words)?,
            ":tag": filter.tag,
            ":only": only.map(|ids| to_json(&ids)).transpose()?,
            ":limit": filter.limit,
            ":offset": filter.offset,
        },
        map,
    )
}

/// How many posts show the asset in some revision or in words on their way: an asset that nobody needs may be taken
/// out.
///
/// # Errors
/// See [`Error`].
pub fn needed_by(r: &Reader<'_>, id: AssetId) -> Result<u32, Error> {
    let n = r.one(
        "SELECT count(*) AS n FROM (
             SELECT post_revision.post FROM attachment
             JOIN post_revision ON post_revision.id = attachment.revision WHERE attachment.asset = ?1
             UNION SELECT post FROM typing_asset WHERE asset = ?1)",
        [id.to_string()],
        |row| row.get("n"),
    )?;
    Ok(n.unwrap_or(0))
}

/// Writes what a person may change: name, alt text, focal point and tags.
///
/// # Errors
/// [`Error::Missing`]; else see [`Error`].
pub fn update(tx: &Tx<'_>, asset: &Asset) -> Result<(), Error> {
    let changed = tx.run(
        "UPDATE asset SET name = :name, alt = :alt, focus_x = :x, focus_y = :y, tags = :tags WHERE id = :id",
        named_params! {
            ":id": asset.id.to_string(),
            ":name": asset.name,
            ":alt": asset.alt,
            ":x": asset.focus.map(|f| f.x),
            ":y": asset.focus.map(|f| f.y),
            ":tags": to_json(&asset.tags)?,
        },
    )?;
    if changed == 0 { Err(Error::missing("asset", asset.id)) } else { Ok(()) }
}

/// Writes the point that a picture's content suggests; nothing happens when the asset has gone.
///
/// # Errors
/// See [`Error`].
pub fn suggest(tx: &Tx<'_>, id: AssetId, point: Focus) -> Result<(), Error> {
    tx.run(
        "UPDATE asset SET suggested_x = ?2, suggested_y = ?3 WHERE id = ?1",
        (id.to_string(), point.x, point.y),
    )?;
    Ok(())
}

/// Takes an asset out.
///
/// # Errors
/// [`Error::Foreign`] while a post shows it or a rendition was made from it; [`Error::Missing`]; else see [`Error`].
pub fn delete(tx: &Tx<'_>, id: AssetId) -> Result<(), Error> {
    match tx.run("DELETE FROM asset WHERE id = ?1", [id.to_string()])? {
        0 => Err(Error::missing("asset", id)),
        _ => Ok(()),
    }
}

/// Whether every row can be read.
pub(crate) fn check(r: &Reader<'_>) -> Result<(), Error> {
    r.all("SELECT * FROM asset", [], |row| map(row).map(|_| ())).map(|_| ())
}

fn map(row: &Row<'_>) -> rusqlite::Result<Asset> {
    let point = |x: &str, y: &str| -> rusqlite::Result<Option<Focus>> {
        let (x, y): (Option<f64>, Option<f64>) = (row.get(x)?, row.get(y)?);
        Ok(x.zip(y).and_then(|(x, y)| Focus::new(x, y)))
    };
    Ok(Asset {
        id: row.word("id")?,
        hash: row.digest("hash")?,
        name: row.get("name")?,
        facts: row.json::<Facts>("facts")?,
        alt: row.get("alt")?,
        focus: point("focus_x", "focus_y")?,
        suggested: point("suggested_x", "suggested_y")?,
        tags: row.json("tags")?,
        imported_at: row.time("imported_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{asset, id, store};

    fn names(r: &Reader<'_>, filter: &Filter) -> Vec<String> {
        search(r, filter).unwrap().into_iter().map(|a| a.name).collect()
    }

    #[test]
    fn an_asset_survives_its_row_and_the_same_bytes_are_recognised() {
        let store = store();
        store
            .write(|tx| {
                let mut a = asset(1);
                a.facts.duration_ms = Some(12_345);
                a.facts.fps = Some(29.97);
                a.focus = Focus::new(0.25, 0.75);
                a.tags = vec!["marché".into(), "Bamako".into()];
                insert(tx, &a)?;
                assert_eq!(get(tx, a.id)?, Some(a.clone()));
                assert_eq!(by_hash(tx, &a.hash)?, Some(a.clone()));
                assert_eq!(by_hash(tx, &asset(2).hash)?, None);

                let twin = Asset { id: id(9, AssetId::new), ..a.clone() };
                assert!(matches!(insert(tx, &twin), Err(Error::Duplicate("asset"))));

                a.alt = "Two women at a stall".into();
                a.focus = None;
                update(tx, &a)?;
                assert_eq!(get(tx, a.id)?, Some(a.clone()));
                delete(tx, a.id)?;
                assert_eq!(get(tx, a.id)?, None);
                assert!(matches!(update(tx, &a), Err(Error::Missing { .. })));
                assert!(matches!(delete(tx, a.id), Err(Error::Missing { .. })));
                Ok::<_, Error>(())
            })
            .unwrap();
    }

    #[test]
    fn assets_are_found_by_words_kind_tag_and_page() {
        let store = store();
        store
            .write(|tx| {
                for n in 1..=5 {
                    let mut a = asset(n);
                    if n == 2 {
                        a.facts.kind = MediaKind::Video;
                        a.alt = "100% sûre".into();
                    }
                    if n == 3 {
                        a.tags = vec!["Market".into()];
                    }
                    insert(tx, &a)?;
                }
                let all = Filter::default();
                assert_eq!(
                    names(tx, &all),
                    ["Photo 5.jpg", "Photo 4.jpg", "Photo 3.jpg", "Photo 2.jpg", "Photo 1.jpg"]
                );
                assert_eq!(
                    names(tx, &Filter { limit: 2, offset: 1, ..all.clone() }),
                    ["Photo 4.jpg", "Photo 3.jpg"]
                );
                let words = |text: &str| Filter { text: Some(text.into()), ..Filter::default() };
                assert_eq!(names(tx, &words("photo 4")), ["Photo 4.jpg"]);
                assert_eq!(names(tx, &words("0%")), ["Photo 2.jpg"], "a percent sign means itself");
                assert_eq!(names(tx, &words("mark")), ["Photo 3.jpg"]);
                assert_eq!(names(tx, &words("' OR 1 --")), [""; 0]);
                assert_eq!(names(tx, &words("sure 200")), [""; 0], "every word must be there");
                assert_eq!(names(tx, &words("  SÚRE  ")), ["Photo 2.jpg"], "accents and case do not matter");
                assert_eq!(count(tx, &Filter { limit: 1, offset: 1, ..words("photo") })?, 5);
                let only =
                    Filter { only: Some(vec![id(1, AssetId::new), id(4, AssetId::new)]), ..all.clone() };
                assert_eq!(names(tx, &only), ["Photo 4.jpg", "Photo 1.jpg"]);
                let tag = |tag: &str| Filter { tag: Some(tag.into()), ..Filter::default() };
                assert_eq!(names(tx, &tag("Market")), ["Photo 3.jpg"]);
                assert_eq!(names(tx, &tag("Mark")), [""; 0]);
                assert_eq!(names(tx, &Filter { kind: Some(MediaKind::Video), ..all }), ["Photo 2.jpg"]);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
