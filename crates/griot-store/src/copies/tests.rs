use griot_domain::WorkspaceId;
use serde_json::json;

use super::*;
use crate::settings;
use crate::testing::{furnish, id, options, store};

fn at(day: &str) -> Timestamp {
    format!("{day}T10:00:00Z").parse().unwrap()
}

fn workspace() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("w"), id(0, WorkspaceId::new), &options()).unwrap();
    store.write(furnish).unwrap();
    (dir, store)
}

fn days(store: &Store) -> Vec<String> {
    all(store.dir()).iter().map(|path| name_of(path).to_owned()).collect()
}

#[test]
fn one_copy_a_day_and_seven_are_kept() {
    let (_dir, store) = workspace();
    for day in 1..=9 {
        let day = format!("2026-12-{day:02}");
        let made = store.daily_copy(at(&day), &day).unwrap().unwrap();
        assert_eq!(newest(store.dir(), at(&day)), Some(made));
        assert_eq!(store.daily_copy(at(&day), &day).unwrap(), None, "once a day");
    }
    assert_eq!(days(&store).len(), 7);
    assert_eq!((days(&store)[0].as_str(), days(&store)[6].as_str()), ("2026-12-09.db", "2026-12-03.db"));
}

#[test]
fn a_clock_that_was_wrong_does_not_cost_the_true_copies() {
    let (_dir, store) = workspace();
    store.daily_copy(at("2036-01-01"), "2036-01-01").unwrap();
    for day in 1..=7 {
        let day = format!("2026-12-{day:02}");
        store.daily_copy(at(&day), &day).unwrap();
    }
    assert_eq!(days(&store).len(), 7);
    assert!(!days(&store).contains(&"2036-01-01.db".to_owned()));
    // Kiribati is a day ahead of UTC in the afternoon there.
    let ahead: Timestamp = "2026-12-07T11:00:00Z".parse().unwrap();
    let tomorrow = store.daily_copy(ahead, "2026-12-08").unwrap();
    assert_eq!(newest(store.dir(), ahead), tomorrow);
}

#[test]
fn a_clock_that_starts_anew_each_day_still_gets_newer_copies_and_seven_are_kept() {
    let (_dir, store) = workspace();
    let morning: Timestamp = "2020-01-01T00:02:00Z".parse().unwrap();
    let evening: Timestamp = "2020-01-01T04:00:00Z".parse().unwrap();
    for day in 0..10 {
        let made =
            store.daily_copy(morning, "2020-01-01").unwrap().expect("a copy of what was written since");
        assert_eq!(newest(store.dir(), morning), Some(made.clone()));
        let conn = connection::open(&made, Access::Read).unwrap();
        let held = settings::get(&crate::Reader { conn: &conn }, "day").unwrap();
        assert_eq!(held, (day > 0).then(|| json!(day - 1)), "it holds what was written until then");
        assert_eq!(store.daily_copy(morning, "2020-01-01").unwrap(), None, "once for what was written");
        store
            .write(|tx| {
                settings::set(tx, "day", &json!(day))?;
                crate::undo::push(tx, griot_domain::Op::EditPost, evening, &json!({})).map(|_| ())
            })
            .unwrap();
        assert_eq!(store.daily_copy(evening, "2020-01-01").unwrap(), None, "the day goes on");
    }
    let kept = all(store.dir());
    assert_eq!(kept.len(), 7);
    let held: Vec<_> = kept
        .iter()
        .map(|copy| {
            let conn = connection::open(copy, Access::Read).unwrap();
            settings::get(&crate::Reader { conn: &conn }, "day").unwrap()
        })
        .collect();
    assert_eq!(held, [8, 7, 6, 5, 4, 3, 2].map(|day| Some(json!(day))), "the last seven, the last first");
}

#[test]
fn a_copy_is_a_whole_database_in_one_file_made_while_another_writes() {
    let (dir, store) = workspace();
    store.write(|tx| settings::set(tx, "n", &json!(1))).unwrap();
    let file = dir.path().join("snapshot.db");
    fs::write(&file, "an older one").unwrap();
    store
        .write(|tx| {
            settings::set(tx, "n", &json!(2))?;
            store.snapshot_to(&file)
        })
        .unwrap();
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "the workspace and one file: {names:?}");
    let conn = connection::open(&file, Access::Read).unwrap();
    let r = crate::Reader { conn: &conn };
    assert_eq!(settings::get(&r, "n").unwrap(), Some(json!(1)), "what was committed at that instant");

    let memory = store_in_memory_to(&dir.path().join("memory.db"));
    assert_eq!(memory.daily_copy(at("2026-12-01"), "2026-12-01").unwrap(), None);
}

fn store_in_memory_to(file: &Path) -> Store {
    let memory = store();
    memory.snapshot_to(file).unwrap();
    assert!(fs::metadata(file).unwrap().len() > 4096);
    memory
}

#[test]
fn a_day_is_a_date_and_nothing_that_leads_elsewhere() {
    let (_dir, store) = workspace();
    for bad in ["", "today", "2026-1-1", "../../../x", "2026-12-011", "2026/12/01"] {
        assert!(matches!(store.daily_copy(at("2026-12-01"), bad), Err(Error::Bug(_))), "{bad}");
    }
    assert_eq!(days(&store), [""; 0]);
}
