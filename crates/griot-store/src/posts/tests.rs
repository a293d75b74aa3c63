use griot_domain::AssetId;

use super::*;
use crate::assets;
use crate::testing::{asset, content, delivery, furnished, id, t};

#[test]
fn a_post_says_exactly_what_was_written() {
    let store = furnished();
    let post = id(1, PostId::new);
    store
        .read(|r| {
            let now = current(r, post)?;
            assert_eq!(
                now.content,
                content("Hello"),
                "order of media, empty lists and absent parts included"
            );
            assert_eq!((now.number, now.created_at), (1, t(1)));
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn every_saving_is_a_revision_to_go_back_to() {
    let store = furnished();
    let (post, first, second) = (id(1, PostId::new), id(1, RevisionId::new), id(2, RevisionId::new));
    store
        .write(|tx| {
            let saved = save_revision(
                tx,
                post,
                second,
                &Content { text: "Better".into(), ..Content::default() },
                t(2),
            )?;
            assert_eq!(saved.number, 2);
            assert_eq!(current(tx, post)?, saved);
            assert_eq!(get(tx, post)?.unwrap().updated_at, t(2));

            set_current(tx, post, first, t(3))?;
            assert_eq!(current(tx, post)?.content.text, "Hello");
            let texts: Vec<_> =
                revisions(tx, post)?.into_iter().map(|r| (r.number, r.content.text)).collect();
            assert_eq!(texts, [(2, "Better".to_owned()), (1, "Hello".to_owned())]);
            assert_eq!(revision(tx, second)?, Some(saved));
            assert_eq!(revision(tx, id(9, RevisionId::new))?, None);

            let other = id(2, PostId::new);
            create(tx, other, id(3, RevisionId::new), &Content::default(), t(4))?;
            assert!(
                matches!(set_current(tx, other, first, t(5)), Err(Error::Missing { .. })),
                "another post's revision"
            );
            assert_eq!(list(tx)?.iter().map(|p| p.id).collect::<Vec<_>>(), [other, post]);

            let nobody = id(9, PostId::new);
            let refused = save_revision(tx, nobody, id(8, RevisionId::new), &Content::default(), t(5));
            assert!(matches!(refused, Err(Error::Missing { what: "post", .. })));
            assert!(matches!(current(tx, nobody), Err(Error::Missing { .. })));
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn a_revision_is_never_changed_and_goes_only_with_its_post() {
    let store = furnished();
    for forbidden in [
        "UPDATE post_revision SET text = 'x'",
        "UPDATE variant SET text = 'x'",
        "UPDATE attachment SET alt = 'x'",
        "DELETE FROM post_revision",
        "DELETE FROM variant",
        "DELETE FROM attachment",
        "INSERT OR REPLACE INTO post_revision SELECT id, post, number, 'x', created_at FROM post_revision",
    ] {
        let refused = store.write(|tx| tx.run(forbidden, []));
        assert!(refused.is_err(), "{forbidden}");
    }
    assert_eq!(store.read(|r| current(r, id(1, PostId::new))).unwrap().content, content("Hello"));
}

#[test]
fn a_post_is_deleted_with_everything_unless_a_delivery_was_written_for_it() {
    let store = furnished();
    store
        .write(|tx| {
            assert!(matches!(delete(tx, delivery(1).post), Err(Error::Foreign)));
            let post = id(2, PostId::new);
            create(tx, post, id(2, RevisionId::new), &content("Draft"), t(2))?;
            let (before, revisions) = (get(tx, post)?.unwrap(), revisions(tx, post)?);
            delete(tx, post)?;
            assert_eq!(get(tx, post)?, None);
            restore(tx, &before, &revisions)?;
            assert_eq!(get(tx, post)?, Some(before));
            assert_eq!(current(tx, post)?.content, content("Draft"), "as if it had never gone");
            delete(tx, post)?;
            assert_eq!(revision(tx, id(2, RevisionId::new))?, None);
            assert!(matches!(delete(tx, post), Err(Error::Missing { .. })));
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn a_shown_asset_stays_and_an_unknown_one_cannot_be_shown() {
    let store = furnished();
    store
        .write(|tx| {
            assert!(matches!(assets::delete(tx, asset(1).id), Err(Error::Foreign)));
            Ok::<_, Error>(())
        })
        .unwrap();
    let ghost = Content { media: vec![Attachment::new(id(9, AssetId::new), "")], ..Content::default() };
    let refused = store.write(|tx| create(tx, id(2, PostId::new), id(2, RevisionId::new), &ghost, t(2)));
    assert!(matches!(refused, Err(Error::Foreign)));
    assert_eq!(store.read(list).unwrap().len(), 1, "nothing of it was written");
}
