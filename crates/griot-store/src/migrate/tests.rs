use std::fs;
use std::path::PathBuf;

use expect_test::expect_file;

use super::*;
use crate::connection::{self, APPLICATION_ID, Access};
use crate::store::open::open_with;
use crate::testing::{options, store};
use crate::{
    DATABASE, MEDIA, Reader, Store, assets, attempts, copies, deliveries, journal, plans, posts, settings,
    typing, uploads, workspace,
};

fn fixture(version: usize) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/migrations/{version:04}.sql"))
}

/// A workspace as the version left it.
fn workspace_of(version: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(MEDIA)).unwrap();
    let conn = connection::open(&dir.path().join(DATABASE), Access::Create).unwrap();
    conn.pragma_update(None, "foreign_keys", false).unwrap();
    conn.execute_batch(&fs::read_to_string(fixture(version)).unwrap()).unwrap();
    drop(conn);
    dir
}

#[test]
fn the_schema_is_the_one_in_the_picture() {
    let store = store();
    let picture = store
        .read(|r| {
            r.all("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name", [], |row| {
                row.get::<_, String>(0)
            })
        })
        .unwrap()
        .join(";\n\n");
    expect_file!["schema.sql"].assert_eq(&(picture + ";\n"));
}

#[test]
fn every_past_version_has_a_fixture_and_opens_with_its_data() {
    for version in 1..=MIGRATIONS.len() {
        let dir = workspace_of(version);
        let store = Store::open(dir.path(), &options()).unwrap();
        assert_eq!(store.schema() as usize, MIGRATIONS.len());
        store
            .read(|r| {
                workspace::id(r)?;
                assert_eq!(workspace::owner(r)?.unwrap().epoch, 3);
                assert_eq!(assets::list(r, 10, 0)?.len(), 2);
                let post = posts::list(r)?.remove(0);
                let typed = typing::get(r, post.id)?.map(|typed| typed.content.text);
                assert_eq!(typed.as_deref(), (version >= 2).then_some("Bonjour Bamako, bonjour Ségou"));
                let plan = plans::get(r, post.id)?.map(|plan| (plan.to.len(), plan.at));
                let known = (1, Some("2026-12-01T09:00".to_owned()));
                assert_eq!(plan, (version >= 4).then_some(known));
                assert_eq!(
                    uploads::since(r, griot_domain::Timestamp::from_millis(0))?,
                    if version >= 3 { 48_213 } else { 0 }
                );
                assert_eq!(posts::revisions(r, post.id)?.len(), 2);
                let said = posts::current(r, post.id)?.content;
                assert_eq!(said.text, "Bonjour Bamako — ߒߞߏ");
                assert_eq!(said.media[0].edit.turn, u8::from(version >= 5));
                let suggested =
                    assets::list(r, 10, 0)?.iter().filter(|asset| asset.suggested.is_some()).count();
                assert_eq!(suggested, usize::from(version >= 5));
                let all = deliveries::list(r, &deliveries::Filter::default())?;
                assert_eq!(all.len(), 2);
                assert_eq!(attempts::list_for(r, all[0].id)?[0].armed.as_ref().unwrap().key, "3kfixture");
                let events = journal::list(r, 1, 100)?;
                assert_eq!(
                    journal::verify(&events).unwrap(),
                    journal::head(r)?.unwrap(),
                    "the evidence still holds"
                );
                assert_eq!(settings::get(r, "zone")?, Some(serde_json::json!("Africa/Bamako")));
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}

#[test]
fn migrations_are_numbered_without_gaps() {
    for (place, migration) in (1..).zip(MIGRATIONS) {
        assert!(migration.name.starts_with(&format!("{place:04}_")), "{}", migration.name);
        assert!(fixture(place).exists(), "version {place} has no fixture in tests/migrations");
    }
}

const FUTURE: Migration = Migration { name: "future", sql: "ALTER TABLE setting ADD COLUMN note TEXT;" };
const BROKEN: Migration = Migration { name: "broken", sql: "CREATE TABLE half (x) STRICT;" };

fn with(more: Vec<Migration>) -> Vec<Migration> {
    let mut all: Vec<Migration> = MIGRATIONS.iter().map(|m| Migration { name: m.name, sql: m.sql }).collect();
    all.extend(more);
    all
}

#[test]
fn a_copy_is_made_before_the_first_migration_of_a_new_version_and_an_old_program_is_refused() {
    let dir = workspace_of(MIGRATIONS.len());
    Store::open(dir.path(), &options()).unwrap().close().unwrap();
    assert!(copies::all(dir.path()).is_empty(), "nothing to migrate, nothing to copy");

    let next = with(vec![FUTURE]);
    let o = crate::Options { app_version: "0.2.0/../x".into(), ..options() };
    let store = open_with(dir.path(), &o, &next).unwrap();
    assert_eq!(store.schema() as usize, next.len());
    let copy = copies::all(dir.path()).remove(0);
    assert_eq!(
        copy.file_name().unwrap().to_str().unwrap(),
        format!("before-0.2.0-..-x-from-{}.db", MIGRATIONS.len())
    );
    let conn = connection::open(&copy, Access::Read).unwrap();
    assert_eq!(version(&conn, MIGRATIONS).unwrap() as usize, MIGRATIONS.len(), "the copy is from before");
    store.close().unwrap();

    let before = fs::read(dir.path().join(DATABASE)).unwrap();
    let refused = Store::open(dir.path(), &options());
    let (found, known) = (known(&next), known(MIGRATIONS));
    assert!(matches!(refused, Err(Error::TooNew { found: f, known: k }) if (f, k) == (found, known)));
    assert_eq!(fs::read(dir.path().join(DATABASE)).unwrap(), before, "a newer database is left alone");
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let dir = workspace_of(1);
    let broken = with(vec![FUTURE, BROKEN]);
    assert!(matches!(open_with(dir.path(), &options(), &broken), Err(Error::Sqlite(_))));
    let store = Store::open(dir.path(), &options()).unwrap();
    let columns = store
        .read(|r| r.all("SELECT name FROM pragma_table_info('setting')", [], |row| row.get::<_, String>(0)));
    assert_eq!(columns.unwrap(), ["key", "value"]);
}

#[test]
fn a_database_that_was_never_finished_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    let conn = connection::open(&dir.path().join(DATABASE), Access::Create).unwrap();
    conn.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    conn.execute_batch("CREATE TABLE x (y) STRICT; DROP TABLE IF EXISTS x;").ok();
    drop(conn);
    assert!(matches!(Store::open(dir.path(), &options()), Err(Error::Damaged(_))));
    let conn = connection::open_memory().unwrap();
    assert!(matches!(workspace::id(&Reader { conn: &conn }), Err(Error::Sqlite(_))));
}
