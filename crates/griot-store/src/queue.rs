//! What a screen shows of deliveries beside their rows, read for many at once: thousands of lines in a few queries.
//!
//! Deliberately absent: which of them need a person, and what a person may do.

use std::collections::{BTreeMap, BTreeSet};

use griot_domain::{AssetId, DeliveryId};

use crate::reader::{Columns, to_json};
use crate::{Error, Reader};

/// How a delivery is recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// What the person calls its account.
    pub account: String,
    /// How its text begins: that of the frozen revision, else of the newest.
    pub text: String,
    /// The first picture or film that it shows.
    pub asset: Option<AssetId>,
}

/// How these deliveries are recognised. What follows a post (a first comment) shows its own text and no picture.
///
/// # Errors
/// See [`Error`].
pub fn heads(r: &Reader<'_>, of: &[DeliveryId]) -> Result<BTreeMap<DeliveryId, Head>, Error> {
    let ids: Vec<String> = of.iter().map(DeliveryId::to_string).collect();
    let rows = r.all(include_str!("queue/heads.sql"), [to_json(&ids)?], |row| {
        let text: Option<String> = row.get("text")?;
        let head = Head {
            account: row.get("account")?,
            text: text.unwrap_or_default(),
            asset: row.word_or_none("asset")?,
        };
        Ok((row.word("id")?, head))
    })?;
    Ok(rows.into_iter().collect())
}

/// The deliveries whose open attempt may have made its visible call.
///
/// # Errors
/// See [`Error`].
pub fn doubtful(r: &Reader<'_>) -> Result<BTreeSet<DeliveryId>, Error> {
    let sql = "SELECT delivery FROM attempt WHERE ended IS NULL AND json_extract(armed, '$.maybe_sent')";
    Ok(r.all(sql, [], |row| row.word("delivery"))?.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use griot_domain::{AssetId, NetworkId, RevisionId};

    use super::*;
    use crate::testing::{account, content, delivery, furnished, id, t};
    use crate::{accounts, deliveries, posts};

    #[test]
    fn a_head_shows_what_goes_out_and_a_comment_its_own_words() {
        let store = furnished();
        store
            .write(|tx| {
                let first = delivery(1);
                let mut comment = delivery(2);
                (comment.part, comment.previous) = (1, Some(first.id));
                deliveries::insert(tx, &comment)?;
                let mut blue = account(3);
                (blue.network, blue.name, blue.handle) =
                    (NetworkId::Bluesky, String::new(), "me.test".into());
                accounts::insert(tx, &blue)?;
                let mut third = delivery(3);
                (third.account, third.network) = (blue.id, blue.network);
                third.revision = Some(posts::current(tx, third.post)?.id);
                deliveries::insert(tx, &third)?;

                let mut newer = content("\n\u{a0} Newer\nwords");
                let toot = newer.variants.get_mut(&NetworkId::Mastodon).unwrap();
                toot.text = None;
                toot.fields.insert("first_comment".into(), "And more".into());
                posts::save_revision(tx, first.post, id(5, RevisionId::new), &newer, t(9))?;

                let found = heads(tx, &[first.id, comment.id, third.id])?;
                let of = |id| &found[&id];
                assert_eq!((of(first.id).text.as_str(), of(first.id).asset), ("Newer\nwords", None));
                assert_eq!((of(comment.id).text.as_str(), of(comment.id).asset), ("And more", None));
                let frozen = Head {
                    account: "me.test".into(),
                    text: "Hello".into(),
                    asset: Some(id(1, AssetId::new)),
                };
                assert_eq!(of(third.id), &frozen);
                assert_eq!(heads(tx, &[])?, BTreeMap::new());
                assert_eq!(doubtful(tx)?, BTreeSet::new());
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
