//! Posts and their revisions, with what differs per network and what is attached.
//!
//! A revision is written once and never changed (triggers see to it); a post points at the one that counts.

use std::collections::BTreeMap;

use griot_domain::{Attachment, Content, NetworkId, Post, PostId, Revision, RevisionId, Timestamp, Variant};
use rusqlite::{Row, named_params};

use crate::reader::{Columns, to_json};
use crate::{Error, Reader, Tx};

/// Writes a post with its first revision.
///
/// # Errors
/// [`Error::Foreign`] when an attached asset is not there; [`Error::Duplicate`]; else see [`Error`].
pub fn create(
    tx: &Tx<'_>,
    post: PostId,
    revision: RevisionId,
    content: &Content,
    now: Timestamp,
) -> Result<Revision, Error> {
    tx.run(
        "INSERT INTO post (id, current, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)",
        (post.to_string(), revision.to_string(), now.millis()),
    )
    .map_err(|error| error.naming("post"))?;
    let first = Revision { id: revision, post, number: 1, content: content.clone(), created_at: now };
    write_revision(tx, &first)?;
    Ok(first)
}

/// One post.
///
/// # Errors
/// See [`Error`].
pub fn get(r: &Reader<'_>, id: PostId) -> Result<Option<Post>, Error> {
    r.one("SELECT * FROM post WHERE id = ?1", [id.to_string()], map)
}

/// Posts, the last changed first.
///
/// # Errors
/// See [`Error`].
pub fn list(r: &Reader<'_>) -> Result<Vec<Post>, Error> {
    r.all("SELECT * FROM post ORDER BY updated_at DESC, id DESC", [], map)
}

/// Saves new content and makes it the current one.
///
/// # Errors
/// As [`keep_revision`].
pub fn save_revision(
    tx: &Tx<'_>,
    post: PostId,
    revision: RevisionId,
    content: &Content,
    now: Timestamp,
) -> Result<Revision, Error> {
    let saved = keep_revision(tx, post, revision, content, now)?;
    set_current(tx, post, revision, now)?;
    Ok(saved)
}

/// Saves content in the history of a post, beside the one that counts.
///
/// # Errors
/// [`Error::Missing`] without that post; [`Error::Foreign`] when an attached asset is not there; else see [`Error`].
pub fn keep_revision(
    tx: &Tx<'_>,
    post: PostId,
    revision: RevisionId,
    content: &Content,
    now: Timestamp,
) -> Result<Revision, Error> {
    let last: Option<u32> = tx
        .one("SELECT max(number) AS last FROM post_revision WHERE post = ?1", [post.to_string()], |row| {
            row.get("last")
        })?
        .flatten();
    let number = last.ok_or_else(|| Error::missing("post", post))? + 1;
    let saved = Revision { id: revision, post, number, content: content.clone(), created_at: now };
    write_revision(tx, &saved)?;
    Ok(saved)
}

/// One revision.
///
/// # Errors
/// See [`Error`].
pub fn revision(r: &Reader<'_>, id: RevisionId) -> Result<Option<Revision>, Error> {
    let bare = r.one("SELECT * FROM post_revision WHERE id = ?1", [id.to_string()], map_revision)?;
    bare.map(|bare| complete(r, bare)).transpose()
}

/// The revision of a post that counts.
///
/// # Errors
/// [`Error::Missing`]; else see [`Error`].
pub fn current(r: &Reader<'_>, post: PostId) -> Result<Revision, Error> {
    let id = get(r, post)?.ok_or_else(|| Error::missing("post", post))?.current;
    revision(r, id)?.ok_or_else(|| Error::missing("revision", id))
}

/// Every revision of a post, the newest first.
///
/// # Errors
/// See [`Error`].
pub fn revisions(r: &Reader<'_>, post: PostId) -> Result<Vec<Revision>, Error> {
    r.all(
        "SELECT * FROM post_revision WHERE post = ?1 ORDER BY number DESC",
        [post.to_string()],
        map_revision,
    )?
    .into_iter()
    .map(|bare| complete(r, bare))
    .collect()
}

/// Makes an earlier (or later) revision of the same post the one that counts.
///
/// # Errors
/// [`Error::Missing`] when the post has no such revision; else see [`Error`].
pub fn set_current(tx: &Tx<'_>, post: PostId, revision: RevisionId, now: Timestamp) -> Result<(), Error> {
    let changed = tx.run(
        "UPDATE post SET current = ?2, updated_at = ?3
         WHERE id = ?1 AND EXISTS (SELECT 1 FROM post_revision WHERE id = ?2 AND post = ?1)",
        (post.to_string(), revision.to_string(), now.millis()),
    )?;
    if changed == 0 { Err(Error::missing("revision", revision)) } else { Ok(()) }
}

/// Takes a post out with all its revisions.
///
/// # Errors
/// [`Error::Foreign`] when a delivery was ever written for it; [`Error::Missing`]; else see [`Error`].
pub fn delete(tx: &Tx<'_>, id: PostId) -> Result<(), Error> {
    let delivered = tx.one("SELECT 1 FROM delivery WHERE post = ?1 LIMIT 1", [id.to_string()], |_| Ok(()))?;
    if delivered.is_some() {
        return Err(Error::Foreign);
    }
    match tx.run("DELETE FROM post WHERE id = ?1", [id.to_string()])? {
        0 => Err(Error::missing("post", id)),
        _ => Ok(()),
    }
}

/// Writes a post again that was taken out, with every revision it had.
///
/// # Errors
/// [`Error::Foreign`] when an asset that it shows has gone since, or `revisions` lack the current one;
/// [`Error::Duplicate`]; else see [`Error`].
pub fn restore(tx: &Tx<'_>, post: &Post, revisions: &[Revision]) -> Result<(), Error> {
    tx.run(
        "INSERT INTO post (id, current, created_at, updated_at) VALUES (?1, ?2, ?3, ?4)",
        (post.id.to_string(), post.current.to_string(), post.created_at.millis(), post.updated_at.millis()),
    )
    .map_err(|error| error.naming("post"))?;
    for revision in revisions {
        write_revision(tx, revision)?;
    }
    Ok(())
}

fn write_revision(tx: &Tx<'_>, revision: &Revision) -> Result<(), Error> {
    let id = revision.id.to_string();
    tx.run(
        "INSERT INTO post_revision (id, post, number, text, created_at) VALUES (:id, :post, :number, :text, :at)",
        named_params! {
            ":id": id,
            ":post": revision.post.to_string(),
            ":number": revision.number,
            ":text": revision.content.text,
            ":at": revision.created_at.millis(),
        },
    )
    .map_err(|error| error.naming("revision"))?;
    attach(tx, &id, "", &revision.content.media)?;
    for (network, variant) in &revision.content.variants {
        tx.run(
            "INSERT INTO variant (revision, network, text, own_media, fields) VALUES (?1, ?2, ?3, ?4, ?5)",
            (&id, network.as_str(), &variant.text, variant.media.is_some(), to_json(&variant.fields)?),
        )?;
        attach(tx, &id, network.as_str(), variant.media.as_deref().unwrap_or_default())?;
    }
    Ok(())
}

fn attach(tx: &Tx<'_>, revision: &str, network: &str, media: &[Attachment]) -> Result<(), Error> {
    for (position, attachment) in (0_i64..).zip(media) {
        tx.run(
            "INSERT INTO attachment (revision, network, position, asset, alt, edit) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                revision,
                network,
                position,
                attachment.asset.to_string(),
                &attachment.alt,
                to_json(&attachment.edit)?,
            ),
        )?;
    }
    Ok(())
}

/// Reads what hangs on a revision.
fn complete(r: &Reader<'_>, mut revision: Revision) -> Result<Revision, Error> {
    let id = revision.id.to_string();
    let mut media: BTreeMap<String, Vec<Attachment>> = BTreeMap::new();
    let attached = r.all(
        "SELECT network, asset, alt, edit FROM attachment WHERE revision = ?1 ORDER BY network, position",
        [&id],
        |row| {
            let (asset, alt) = (row.word("asset")?, row.get("alt")?);
            Ok((row.get("network")?, Attachment { asset, alt, edit: row.json("edit")? }))
        },
    )?;
    for (network, attachment) in attached {
        media.entry(network).or_default().push(attachment);
    }
    revision.content.media = media.remove("").unwrap_or_default();
    let variants = r.all("SELECT * FROM variant WHERE revision = ?1", [&id], |row| {
        let network: NetworkId = row.word("network")?;
        let own_media: bool = row.get("own_media")?;
        Ok((network, own_media, Variant { text: row.get("text")?, media: None, fields: row.json("fields")? }))
    })?;
    for (network, own_media, mut variant) in variants {
        variant.media = own_media.then(|| media.remove(network.as_str()).unwrap_or_default());
        revision.content.variants.insert(network, variant);
    }
    Ok(revision)
}

fn map(row: &Row<'_>) -> rusqlite::Result<Post> {
    Ok(Post {
        id: row.word("id")?,
        current: row.word("current")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// A revision with its text alone; [`complete`] adds the rest.
fn map_revision(row: &Row<'_>) -> rusqlite::Result<Revision> {
    Ok(Revision {
        id: row.word("id")?,
        post: row.word("post")?,
        number: row.get("number")?,
        content: Content { text: row.get("text")?, ..Content::default() },
        created_at: row.time("created_at")?,
    })
}

#[cfg(test)]
mod tests;
