use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use griot_domain::{DeviceId, State};
use tar::{Builder, EntryType, Header};

use super::*;
use crate::renditions::tests::rendition;
use crate::testing::{delivery, furnish, id, options, t};
use crate::{DATABASE, Error, Owner, Store, deliveries, journal, posts, renditions, workspace};

struct Scene {
    dir: tempfile::TempDir,
    store: Store,
}

impl Scene {
    /// A workspace with two originals, a rendition that is needed and one that is not.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create(&dir.path().join("w"), id(0, WorkspaceId::new), &options()).unwrap();
        store
            .write(|tx| {
                furnish(tx)?;
                workspace::set_owner(tx, Some(&Owner { device: id(1, DeviceId::new), epoch: 4 }))?;
                renditions::put(tx, &rendition(1))?;
                renditions::put(tx, &rendition(2))?;
                deliveries::needs_rendition(tx, delivery(1).id, rendition(1).id)
            })
            .unwrap();
        for (path, bytes) in [
            ("media/originals/01/a.jpg", vec![1; 3_000_000]),
            ("media/originals/02/a name with spaces and é.png", vec![2; 10]),
            ("media/originals/empty.gif", vec![]),
            (&rendition(1).path(), vec![3; 500]),
            (&rendition(2).path(), vec![4; 500]),
            ("media/originals/.coming.part", vec![5; 5]),
        ] {
            let place = store.dir().join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, bytes).unwrap();
        }
        Self { dir, store }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn backup(&self) -> PathBuf {
        let file = self.at("b.griot");
        write(&self.store, &file, t(50), &mut |_, _| true).unwrap();
        file
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn entries(file: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(File::open(file).unwrap());
    let mut found = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        found.push((String::from_utf8(entry.path_bytes().to_vec()).unwrap(), bytes));
    }
    found
}

/// A backup as anyone could put it together, with a manifest that agrees.
fn forge(file: &Path, mut entries: Vec<(String, Vec<u8>)>) {
    let lines: Vec<Line> = entries
        .iter()
        .filter(|(path, _)| path != LABEL && path != MANIFEST)
        .map(|(path, bytes)| Line {
            path: path.clone(),
            bytes: bytes.len() as u64,
            blake3: blake3::hash(bytes).to_hex().to_string(),
        })
        .collect();
    entries.retain(|(path, _)| path != MANIFEST);
    entries.push((MANIFEST.to_owned(), serde_json::to_vec(&lines).unwrap()));
    let mut builder = Builder::new(File::create(file).unwrap());
    for (path, bytes) in entries {
        raw(&mut builder, &path, EntryType::Regular, &bytes);
    }
    builder.into_inner().unwrap();
}

/// An entry without the container's own care for names.
fn raw(builder: &mut Builder<File>, path: &str, kind: EntryType, bytes: &[u8]) {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_entry_type(kind);
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    builder.append(&header, Cursor::new(bytes)).unwrap();
}

#[test]
fn a_backup_brings_everything_back_and_belongs_to_nobody() {
    let scene = Scene::new();
    let mut heard = Vec::new();
    let file = scene.at("b.griot");
    let written = write(&scene.store, &file, t(50), &mut |done, all| {
        heard.push((done, all));
        true
    })
    .unwrap();
    assert_eq!(written.bytes, fs::metadata(&file).unwrap().len());
    assert!(written.files.contains_key(DATABASE), "what went in is told");
    assert!(heard.windows(2).all(|two| two[0].0 <= two[1].0));
    assert_eq!(heard.last().map(|(done, all)| done == all), Some(true));
    let paths: Vec<String> = entries(&file).into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        (paths[0].as_str(), paths[1].as_str(), paths.last().unwrap().as_str()),
        (LABEL, DATABASE, MANIFEST)
    );
    assert!(paths.contains(&rendition(1).path()), "a delivery still needs it");
    assert!(!paths.contains(&rendition(2).path()), "it can be made again");
    assert!(!paths.iter().any(|path| path.contains(".coming")));

    fs::create_dir(scene.at("empty")).unwrap();
    for target in ["new/there", "empty"] {
        let restored = restore(&file, &scene.at(target), &options()).unwrap();
        restored
            .read(|r| {
                assert_eq!(workspace::id(r)?, id(0, WorkspaceId::new));
                assert_eq!(workspace::owner(r)?, None, "a copy never publishes by itself");
                assert_eq!(posts::list(r)?.len(), 1);
                assert_eq!(deliveries::get(r, delivery(1).id)?.unwrap().state, State::Scheduled);
                assert!(journal::verify(journal::list(r, 1, 10)?).is_ok());
                Ok::<_, Error>(())
            })
            .unwrap();
        let original = "media/originals/02/a name with spaces and é.png";
        assert_eq!(fs::read(restored.dir().join(original)).unwrap(), vec![2; 10]);
        assert_eq!(fs::read(restored.dir().join("media/originals/01/a.jpg")).unwrap().len(), 3_000_000);
    }
    assert_eq!(
        scene.store.read(workspace::owner).unwrap().unwrap().epoch,
        4,
        "the one in use keeps its owner"
    );
    assert_eq!(scene.names(), ["b.griot", "empty", "new", "w"], "nothing else is left anywhere");
}

#[test]
fn a_stopped_or_failing_backup_leaves_the_old_file() {
    let scene = Scene::new();
    let file = scene.at("b.griot");
    fs::write(&file, "yesterday's").unwrap();
    let stopped = write(&scene.store, &file, t(50), &mut |done, all| done < all / 2);
    assert!(matches!(stopped, Err(Error::Cancelled)));
    let nowhere = write(&scene.store, &scene.at("no/such/folder/b.griot"), t(50), &mut |_, _| true);
    assert!(matches!(nowhere, Err(Error::Io(_))));
    assert_eq!(fs::read(&file).unwrap(), b"yesterday's");
    assert_eq!(scene.names(), ["b.griot", "w"]);
}

#[test]
fn an_existing_workspace_is_never_overwritten() {
    let scene = Scene::new();
    let file = scene.backup();
    for target in ["w", "b.griot"] {
        assert!(
            matches!(restore(&file, &scene.at(target), &options()), Err(Error::AlreadyThere)),
            "{target}"
        );
    }
    assert_eq!(scene.store.read(posts::list).unwrap().len(), 1);
}

/// Cut anywhere, changed anywhere, or something else altogether: refused, and nothing is left.
#[test]
fn a_file_that_is_not_a_whole_backup_is_refused() {
    let scene = Scene::new();
    let whole = fs::read(scene.backup()).unwrap();
    let mut cases: Vec<(String, Vec<u8>)> = vec![
        ("empty".into(), vec![]),
        ("text".into(), "Chère Awa, voici les photos.".repeat(100).into_bytes()),
        ("zeros".into(), vec![0; 4096]),
        ("database".into(), fs::read(scene.store.dir().join(DATABASE)).unwrap()),
    ];
    for part in 0..20 {
        cases.push((format!("cut at {part}/20"), whole[..whole.len() * part / 20].to_vec()));
    }
    for part in [1, 3, 7, 9, 11, 13, 15, 17, 18, 19] {
        let mut changed = whole.clone();
        let at = whole.len() * part / 20;
        changed[at] ^= 0x55;
        cases.push((format!("changed at byte {at}"), changed));
    }
    for (what, bytes) in cases {
        let file = scene.at("bad.griot");
        fs::write(&file, bytes).unwrap();
        let refused = restore(&file, &scene.at("r"), &options());
        assert!(matches!(refused, Err(Error::NotABackup(_))), "{what}: {refused:?}");
        assert_eq!(scene.names(), ["b.griot", "bad.griot", "w"], "{what}");
    }
    let absent = restore(&scene.at("none.griot"), &scene.at("r"), &options());
    assert!(matches!(absent, Err(Error::Io(_))));
}

#[test]
fn hostile_names_and_kinds_are_refused() {
    let scene = Scene::new();
    let good = entries(&scene.backup());
    let bad = scene.at("bad.griot");
    for path in [
        "../evil",
        "/evil",
        "media/../../evil",
        "media/a\\..\\evil",
        "C:evil",
        "evil",
        "media",
        "media/a:b",
        "griot.db-wal",
    ] {
        let mut forged = good.clone();
        forged.push((path.to_owned(), b"evil".to_vec()));
        forge(&bad, forged);
        let refused = restore(&bad, &scene.at("r"), &options());
        assert!(matches!(refused, Err(Error::NotABackup(_))), "{path}: {refused:?}");
    }
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::GNUSparse,
        EntryType::Char,
    ] {
        let mut builder = Builder::new(File::create(&bad).unwrap());
        raw(&mut builder, LABEL, EntryType::Regular, &good[0].1);
        raw(&mut builder, "media/x", kind, b"");
        builder.into_inner().unwrap();
        let refused = restore(&bad, &scene.at("r"), &options());
        assert!(matches!(refused, Err(Error::NotABackup(_))), "{kind:?}: {refused:?}");
    }
    let mut twice = good.clone();
    twice.push(good[2].clone());
    forge(&bad, twice);
    assert!(matches!(restore(&bad, &scene.at("r"), &options()), Err(Error::NotABackup(_))));
    assert_eq!(scene.names(), ["b.griot", "bad.griot", "w"]);
}

#[test]
fn a_backup_with_a_claim_of_endless_bytes_is_refused() {
    let scene = Scene::new();
    let good = entries(&scene.backup());
    let bad = scene.at("bad.griot");
    let mut builder = Builder::new(File::create(&bad).unwrap());
    raw(&mut builder, LABEL, EntryType::Regular, &good[0].1);
    let mut header = Header::new_gnu();
    header.set_path("media/x").unwrap();
    header.set_entry_type(EntryType::Regular);
    header.set_size(u64::MAX / 2);
    header.set_cksum();
    let mut file = builder.into_inner().unwrap();
    file.set_len(file.metadata().unwrap().len() - 1024).unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0)).unwrap();
    file.write_all(header.as_bytes()).unwrap();
    file.write_all(&[7; 5000]).unwrap();
    drop(file);
    let refused = restore(&bad, &scene.at("r"), &options());
    assert!(matches!(refused, Err(Error::NotABackup(_))), "{refused:?}");
}

#[test]
fn a_backup_of_a_newer_griot_is_refused() {
    let scene = Scene::new();
    let mut forged = entries(&scene.backup());
    let text = String::from_utf8(forged[0].1.clone()).unwrap();
    let schema = format!("\"schema\": {}", crate::migrate::known(crate::migrate::MIGRATIONS));
    forged[0].1 = text.replace(&schema, "\"schema\": 99").into_bytes();
    let bad = scene.at("bad.griot");
    forge(&bad, forged);
    assert!(matches!(restore(&bad, &scene.at("r"), &options()), Err(Error::TooNew { found: 99, .. })));
}

/// The database inside is a stranger's too: whatever it was told to do beyond Griot's tables is refused.
#[test]
fn a_database_with_other_tables_or_paths_is_refused() {
    let scene = Scene::new();
    let good = entries(&scene.backup());
    let bad = scene.at("bad.griot");
    for harm in [
        "CREATE TRIGGER t AFTER INSERT ON setting BEGIN DELETE FROM step; END",
        "DROP TRIGGER attempt_event_stays",
        "CREATE TABLE other (x) ",
        "PRAGMA ignore_check_constraints = 1; UPDATE rendition SET key = '../../secret' WHERE id = (SELECT min(id) FROM rendition)",
        "PRAGMA ignore_check_constraints = 1; UPDATE asset SET hash = '../../secret' WHERE id = (SELECT min(id) FROM asset)",
        "PRAGMA application_id = 7",
    ] {
        let place = scene.at("harmed.db");
        fs::write(&place, &good[1].1).unwrap();
        let conn = rusqlite::Connection::open(&place).unwrap();
        conn.execute_batch(harm).unwrap();
        conn.close().unwrap();
        let mut forged = good.clone();
        forged[1].1 = fs::read(&place).unwrap();
        fs::remove_file(&place).unwrap();
        forge(&bad, forged);
        let refused = restore(&bad, &scene.at("r"), &options());
        assert!(matches!(refused, Err(Error::NotABackup(_))), "{harm}: {refused:?}");
        assert_eq!(scene.names(), ["b.griot", "bad.griot", "w"], "{harm}");
    }
    let mut without = good.clone();
    without.remove(1);
    forge(&bad, without);
    assert!(matches!(restore(&bad, &scene.at("r"), &options()), Err(Error::NotABackup(_))));
}
