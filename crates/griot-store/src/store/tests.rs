use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::*;
use crate::testing::{furnish, id, options, t};
use crate::{MEDIA, posts, settings};

fn workspace_in(dir: &Path) -> Store {
    let store = Store::create(dir, id(0, WorkspaceId::new), &options()).unwrap();
    store.write(furnish).unwrap();
    store
}

fn failing(point: &'static str, kind: io::ErrorKind) -> Options {
    let faults = Faults::with(move |at| if at == point { Err(kind.into()) } else { Ok(()) });
    Options { faults, ..options() }
}

fn set(store: &Store, value: i64) -> Result<(), Error> {
    store.write(|tx| settings::set(tx, "n", &json!(value)))
}

fn get(store: &Store) -> Option<i64> {
    store.read(|r| settings::get(r, "n")).unwrap().and_then(|v| v.as_i64())
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_workspace_is_made_closed_and_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("clients/Awa");
    let store = workspace_in(&home);
    assert_eq!(store.dir(), home);
    assert!(matches!(Store::create(&home, id(1, WorkspaceId::new), &options()), Err(Error::AlreadyThere)));
    set(&store, 1).unwrap();
    store.close().unwrap();
    assert_eq!(
        names(&home),
        ["griot.db", "griot.open", "media"],
        "closed cleanly: one file holds everything"
    );

    let store = Store::open(&home, &options()).unwrap();
    assert_eq!(get(&store), Some(1));
    assert_eq!(store.read(workspace::id).unwrap(), id(0, WorkspaceId::new));
}

#[test]
fn every_connection_is_durable() {
    let dir = tempfile::tempdir().unwrap();
    let store = workspace_in(dir.path().join("w").as_path());
    let ask = |conn: &Connection, what: &str| {
        conn.pragma_query_value(None, what, |row| row.get::<_, i64>(0)).unwrap()
    };
    let check = |conn: &Connection| {
        assert_eq!(ask(conn, "synchronous"), 2);
        assert_eq!(ask(conn, "foreign_keys"), 1);
        assert_eq!(ask(conn, "busy_timeout"), 5000);
        assert_eq!(ask(conn, "recursive_triggers"), 1);
        let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    };
    check(&store.writer());
    store
        .read(|r| {
            check(r.conn);
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn what_fails_before_the_commit_leaves_nothing_and_what_fails_after_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("w");
    workspace_in(&home).close().unwrap();
    for (point, kept) in
        [("store.disk_full", None), ("store.before_commit", None), ("store.after_commit", Some(5))]
    {
        let store = Store::open(&home, &failing(point, io::ErrorKind::StorageFull)).unwrap();
        assert!(matches!(set(&store, 5), Err(Error::Full)), "{point}");
        assert_eq!(get(&store), kept, "{point}");
        store.close().unwrap();
        assert_eq!(get(&Store::open(&home, &options()).unwrap()), kept, "{point}, opened again");
    }
}

#[test]
fn an_error_or_a_panic_inside_a_transaction_undoes_it() {
    let store = crate::testing::store();
    let failed: Result<(), Error> = store.write(|tx| {
        settings::set(tx, "n", &json!(1))?;
        Err(Error::Cancelled)
    });
    assert!(matches!(failed, Err(Error::Cancelled)));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write(|tx| -> Result<(), Error> {
            settings::set(tx, "n", &json!(2))?;
            panic!("in the middle");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(get(&store), None);
    set(&store, 3).unwrap();
    assert_eq!(get(&store), Some(3), "the studio goes on");
}

/// What a kill leaves: the files as they are at that instant, with a transaction open.
#[test]
fn a_kill_in_the_middle_of_a_transaction_loses_only_that_transaction() {
    let dir = tempfile::tempdir().unwrap();
    let (home, after) = (dir.path().join("w"), dir.path().join("after"));
    let store = workspace_in(&home);
    set(&store, 1).unwrap();
    store
        .write(|tx| {
            settings::set(tx, "n", &json!(2))?;
            std::fs::create_dir(&after)?;
            for name in ["griot.db", "griot.db-wal"] {
                std::fs::copy(home.join(name), after.join(name))?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    let survivor = Store::open(&after, &options()).unwrap();
    assert_eq!(get(&survivor), Some(1), "what was committed is there, what was not is not");
    assert_eq!(survivor.read(posts::list).unwrap().len(), 1);
}

#[test]
fn a_reader_sees_one_state_while_others_write() {
    let dir = tempfile::tempdir().unwrap();
    let store = workspace_in(&dir.path().join("w"));
    set(&store, 1).unwrap();
    store
        .read(|r| {
            assert_eq!(settings::get(r, "n")?, Some(json!(1)));
            set(&store, 2)?;
            assert_eq!(settings::get(r, "n")?, Some(json!(1)), "the same look sees the same");
            assert_eq!(store.read(|r| settings::get(r, "n"))?, Some(json!(2)));
            Ok::<_, Error>(())
        })
        .unwrap();
    let refused = store.read(|r| Ok::<_, Error>(r.conn.execute("DELETE FROM setting", [])?));
    assert!(matches!(refused, Err(Error::ReadOnly)), "a reader cannot write");
}

#[test]
fn another_program_s_write_is_noticed_and_one_s_own_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("w");
    let mine = workspace_in(&home);
    let theirs = Store::open(&home, &options()).unwrap();
    let before = mine.data_version().unwrap();
    set(&mine, 1).unwrap();
    assert_eq!(mine.data_version().unwrap(), before);
    set(&theirs, 2).unwrap();
    assert_ne!(mine.data_version().unwrap(), before);
    assert_eq!(get(&mine), Some(2));
    mine.close().unwrap();
    assert_eq!(get(&theirs), Some(2), "the other goes on");
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = workspace_in(&dir.path().join("w"));
    set(&store, 1).unwrap();
    {
        let conn = store.writer();
        let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
    }
    let refused = store.write(|tx| settings::set(tx, "big", &json!("x".repeat(1 << 20))));
    assert!(matches!(refused, Err(Error::Full)));
    assert_eq!(get(&store), Some(1));
    assert_eq!(store.read(|r| settings::get(r, "big")).unwrap(), None);
}

#[test]
fn what_is_not_a_workspace_is_not_opened_and_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    let open = |name: &str, bytes: Option<&[u8]>| {
        let home = dir.path().join(name);
        std::fs::create_dir(&home).unwrap();
        if let Some(bytes) = bytes {
            std::fs::write(home.join(DATABASE), bytes).unwrap();
        }
        let refused = Store::open(&home, &options());
        assert!(matches!(refused, Err(Error::NotAWorkspace(at)) if at == home), "{name}");
        assert_eq!(std::fs::read(home.join(DATABASE)).ok().as_deref(), bytes, "{name}");
    };
    open("empty folder", None);
    open("empty file", Some(b""));
    open("text", Some("Liste des courses : mangues, riz, savon.\n".repeat(20).as_bytes()));
    open("zeros", Some(&[0; 8192]));
    assert!(matches!(Store::open(&dir.path().join("nowhere"), &options()), Err(Error::NotAWorkspace(_))));
    let folder = dir.path().join("folder");
    std::fs::create_dir_all(folder.join(DATABASE)).unwrap();
    assert!(matches!(Store::open(&folder, &options()), Err(Error::NotAWorkspace(_))));

    let other = dir.path().join("other program");
    std::fs::create_dir(&other).unwrap();
    Connection::open(other.join(DATABASE)).unwrap().execute_batch("CREATE TABLE song (title)").unwrap();
    assert!(matches!(Store::open(&other, &options()), Err(Error::NotAWorkspace(_))));
}

#[test]
fn a_damaged_database_is_named_with_its_newest_copy() {
    type Harm = fn(&mut Vec<u8>);
    let harm: [(&str, Harm); 4] = [
        ("cut in half", |bytes| bytes.truncate(bytes.len() / 2)),
        ("emptied", |bytes| bytes.clear()),
        ("overwritten", |bytes| bytes[..200].fill(b'x')),
        ("cut in the middle of a page", |bytes| bytes.truncate(bytes.len() - 1000)),
    ];
    for (how, harm) in harm {
        let dir = tempfile::tempdir().unwrap();
        let store = workspace_in(&dir.path().join("w"));
        store.daily_copy(t(0), "2026-11-29").unwrap();
        let copy = store.daily_copy(t(0), "2026-11-30").unwrap().unwrap();
        let file = store.file().unwrap();
        store.close().unwrap();
        let mut bytes = std::fs::read(&file).unwrap();
        harm(&mut bytes);
        std::fs::write(&file, bytes).unwrap();
        match Store::open(&dir.path().join("w"), &options()) {
            Err(Error::Damaged(why)) => assert!(why.contains(copy.to_str().unwrap()), "{how}: {why}"),
            other => panic!("{how}: {other:?}"),
        }
    }
}

/// Garbage in the middle is found when the last program did not close: then every page is read.
#[test]
fn an_unclean_close_has_every_page_checked() {
    let dir = tempfile::tempdir().unwrap();
    let (home, after) = (dir.path().join("w"), dir.path().join("after"));
    let store = workspace_in(&home);
    store.write(|tx| settings::set(tx, "big", &json!("x".repeat(100_000)))).unwrap();
    store.close().unwrap();
    let store = Store::open(&home, &options()).unwrap();
    set(&store, 1).unwrap();
    std::fs::create_dir(&after).unwrap();
    for name in ["griot.db", "griot.db-wal"] {
        std::fs::copy(home.join(name), after.join(name)).unwrap();
    }
    let file = after.join(DATABASE);
    let mut bytes = std::fs::read(&file).unwrap();
    // The schema's own page stays, so that only reading everything can find it.
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xff);
    std::fs::write(&file, &bytes).unwrap();
    assert!(matches!(Store::open(&after, &options()), Err(Error::Damaged(_))));
}

#[test]
fn a_place_that_cannot_be_written_is_said_and_nothing_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("w");
    let create = |o: &Options| Store::create(&home, id(0, WorkspaceId::new), o);
    assert!(matches!(
        create(&failing("store.create", io::ErrorKind::PermissionDenied)),
        Err(Error::NoRights)
    ));
    assert!(matches!(create(&failing("store.disk_full", io::ErrorKind::StorageFull)), Err(Error::Full)));
    assert!(!home.exists(), "not even an empty folder");

    std::fs::write(&home, "a file").unwrap();
    assert!(matches!(create(&options()), Err(Error::AlreadyThere)));
    let below = Store::create(&home.join("w"), id(0, WorkspaceId::new), &options());
    assert!(matches!(below, Err(Error::Io(_))), "{below:?}");
    assert_eq!(names(dir.path()), ["w"]);
}

#[test]
fn a_folder_with_media_becomes_a_workspace_and_keeps_them() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join(MEDIA)).unwrap();
    std::fs::write(dir.path().join(MEDIA).join("a.jpg"), "bytes").unwrap();
    let create = |o: &Options| Store::create(dir.path(), id(0, WorkspaceId::new), o);
    assert!(matches!(create(&failing("store.disk_full", io::ErrorKind::StorageFull)), Err(Error::Full)));
    create(&options()).unwrap();
    assert_eq!(std::fs::read(dir.path().join(MEDIA).join("a.jpg")).unwrap(), b"bytes");
}

#[test]
fn a_network_drive_is_refused_for_live_use() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("w");
    workspace_in(&home).close().unwrap();
    let refused = Store::open(&home, &failing("store.network_drive", io::ErrorKind::Other));
    assert!(matches!(refused, Err(Error::NetworkDrive)));
}

#[test]
fn threads_share_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = workspace_in(&dir.path().join("w"));
    set(&store, 0).unwrap();
    let seen = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..5 {
                    let add = |tx: &Tx<'_>| {
                        let n = settings::get(tx, "n")?.and_then(|v| v.as_i64()).unwrap();
                        settings::set(tx, "n", &json!(n + 1))
                    };
                    store.write(add).unwrap();
                    assert!(get(&store).unwrap() > 0);
                    seen.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!((get(&store), seen.into_inner()), (Some(40), 40));
}
