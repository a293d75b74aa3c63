//! Words on their way: what a person is typing, kept at once and in no revision yet.
//!
//! One row a post. When they become a revision, and who may overwrite them, is the application's.

use griot_domain::{Content, PostId, Timestamp};
use rusqlite::Row;

use crate::reader::{Columns, to_json};
use crate::{Error, Reader, Tx};

/// What is being typed in a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// All it says.
    pub content: Content,
    /// New with each saving.
    pub stamp: String,
    /// When it was last saved.
    pub updated_at: Timestamp,
}

/// Keeps what is being typed in the place of what was kept before. Assets that are not in the library are kept as
/// they were named: nothing that was typed is refused.
///
/// # Errors
/// [`Error::Foreign`] without that post; else see [`Error`].
pub fn put(tx: &Tx<'_>, post: PostId, content: &Content, stamp: &str, now: Timestamp) -> Result<(), Error> {
    let id = post.to_string();
    tx.run(
        "INSERT INTO typing (post, content, stamp, updated_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (post) DO UPDATE SET content = ?2, stamp = ?3, updated_at = ?4",
        (&id, to_json(content)?, stamp, now.millis()),
    )?;
    tx.run("DELETE FROM typing_asset WHERE post = ?1", [&id])?;
    for asset in content.assets() {
        tx.run(
            "INSERT INTO typing_asset (post, asset) SELECT ?1, id FROM asset WHERE id = ?2",
            (&id, asset.to_string()),
        )?;
    }
    tx.run("UPDATE post SET updated_at = ?2 WHERE id = ?1", (&id, now.millis()))?;
    Ok(())
}

/// What is being typed in a post; nothing where its newest revision is all.
///
/// # Errors
/// See [`Error`].
pub fn get(r: &Reader<'_>, post: PostId) -> Result<Option<Typed>, Error> {
    r.one("SELECT * FROM typing WHERE post = ?1", [post.to_string()], map)
}

/// Forgets what is being typed in a post: it is in a revision, or the person took it out.
///
/// # Errors
/// See [`Error`].
pub fn forget(tx: &Tx<'_>, post: PostId) -> Result<(), Error> {
    tx.run("DELETE FROM typing WHERE post = ?1", [post.to_string()])?;
    Ok(())
}

fn map(row: &Row<'_>) -> rusqlite::Result<Typed> {
    Ok(Typed { content: row.json("content")?, stamp: row.get("stamp")?, updated_at: row.time("updated_at")? })
}

#[cfg(test)]
mod tests {
    use griot_domain::{AssetId, Attachment};

    use super::*;
    use crate::testing::{asset, content, furnished, id, t};
    use crate::{assets, posts};

    #[test]
    fn the_last_words_replace_the_ones_before_and_their_pictures_stay() {
        let store = furnished();
        let post = id(1, PostId::new);
        store
            .write(|tx| {
                assets::insert(tx, &asset(3))?;
                let mut typed = content("Bonj");
                typed.media.push(Attachment::new(asset(3).id, ""));
                typed.media.push(Attachment::new(id(9, AssetId::new), "gone"));
                put(tx, post, &typed, "s1", t(5))?;
                assert!(matches!(assets::delete(tx, asset(3).id), Err(Error::Foreign)));
                let kept = get(tx, post)?.unwrap();
                assert_eq!((kept.content, kept.stamp.as_str()), (typed, "s1"));
                assert_eq!(posts::get(tx, post)?.unwrap().updated_at, t(5));
                assert_eq!(posts::current(tx, post)?.content, content("Hello"), "no revision is touched");

                put(tx, post, &content("Bonjour"), "s2", t(6))?;
                assert_eq!(get(tx, post)?.unwrap().content, content("Bonjour"));
                assets::delete(tx, asset(3).id)?;
                forget(tx, post)?;
                assert_eq!(get(tx, post)?, None);
                let ghost = put(tx, id(9, PostId::new), &content("x"), "s3", t(7));
                assert!(matches!(ghost, Err(Error::Foreign)));
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
