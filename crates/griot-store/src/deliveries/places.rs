//! Where posts stand: what a person would publish a second time, and how long nothing went through an account.

use griot_domain::{AccountId, Delivery, PostId, RevisionId, Timestamp};

use super::map;
use crate::reader::Columns;
use crate::{Error, Reader};

/// What was written of a post for this identity and stands: on its way, live, or perhaps live. Also what went through an
/// account that was removed and connected again: it is one place for whoever reads there.
///
/// # Errors
/// See [`Error`].
pub fn standing_for(r: &Reader<'_>, post: PostId, account: AccountId) -> Result<Vec<Delivery>, Error> {
    r.all(
        "SELECT delivery.* FROM delivery JOIN account AS same ON same.id = delivery.account
         JOIN account AS mine ON mine.id = ?2
         WHERE delivery.post = ?1 AND delivery.part = 0 AND delivery.state NOT IN ('cancelled', 'deleted')
             AND (same.id = mine.id OR (same.network = mine.network AND same.server = mine.server
                 AND same.remote_id = mine.remote_id AND mine.remote_id <> ''))
         ORDER BY delivery.created_at, delivery.id",
        [post.to_string(), account.to_string()],
        map,
    )
}

/// Blanks, which nobody sees at the ends of a text.
const BLANKS: &str = " \t\n\u{B}\u{C}\r\u{85}\u{A0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}";

/// What stands of posts whose newest revision, written since `first`, has this text but for blanks around it, for one
/// account.
///
/// # Errors
/// See [`Error`].
pub fn saying(
    r: &Reader<'_>,
    account: AccountId,
    text: &str,
    first: RevisionId,
) -> Result<Vec<Delivery>, Error> {
    // Ids of revisions grow with time: the key alone leaves out what is older.
    r.all(
        "SELECT delivery.* FROM post_revision AS said JOIN post ON post.current = said.id
         JOIN delivery ON delivery.post = post.id
         WHERE said.id >= ?3 AND trim(said.text, ?4) = trim(?2, ?4) AND delivery.account = ?1 AND delivery.part = 0
             AND delivery.state NOT IN ('cancelled', 'deleted')
         ORDER BY delivery.created_at, delivery.id",
        [account.to_string(), text.to_owned(), first.to_string(), BLANKS.to_owned()],
        map,
    )
}

/// When something last went live through an account, or was changed or removed there; nothing when nothing ever did.
///
/// # Errors
/// See [`Error`].
pub fn last_live(r: &Reader<'_>, account: AccountId) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT max(updated_at) AS last FROM delivery WHERE account = ?1 AND state IN ('published', 'deleted')";
    Ok(r.one(sql, [account.to_string()], |row| row.time_or_none("last"))?.flatten())
}
