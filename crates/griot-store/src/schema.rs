//! What a database is told to do, held against what the migrations make. The file may come from a stranger, and a
//! trigger of theirs would do what they like at the first write.

use rusqlite::Connection;

use crate::migrate::{self, Migration};
use crate::{Error, Reader, connection};

/// What SQLite makes for itself, and how (sqlite.org/fileformat.html, "Internal Schema Objects"): statistics, and the
/// last numbers of keys that count by themselves. Nothing else may begin with `sqlite_`.
const OF_SQLITE: &[(&str, &str)] = &[
    ("sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)"),
    ("sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
    ("sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
];

/// One thing that a database holds: its type, its name, the table it belongs to, and how it was made.
type Part = (String, String, String, Option<String>);

/// Compares the whole schema with the one that the first `version` of `migrations` make. Only reads.
///
/// # Errors
/// [`Error::Altered`] names the first thing that differs; else see [`Error`].
pub(crate) fn compare(conn: &Connection, version: u32, migrations: &[Migration]) -> Result<(), Error> {
    let fresh = connection::open_memory()?;
    migrate::run(&fresh, &migrations[..migrations.len().min(version as usize)])?;
    let (found, expected) = (parts(conn)?, parts(&fresh)?);
    let differs = found.iter().find(|part| !expected.contains(part));
    let differs = differs.or_else(|| expected.iter().find(|part| !found.contains(part)));
    differs.map_or(Ok(()), |(kind, name, ..)| Err(Error::Altered(format!("{kind} {name}"))))
}

/// Everything that a database holds but what SQLite makes for itself.
fn parts(conn: &Connection) -> Result<Vec<Part>, Error> {
    let all = Reader { conn }.all(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    Ok(all.into_iter().filter(|part| !is_of_sqlite(part)).collect())
}

fn is_of_sqlite((kind, name, table, sql): &Part) -> bool {
    match sql {
        // The index of a key that was declared with its table.
        None => kind == "index" && name.starts_with(&format!("sqlite_autoindex_{table}_")),
        Some(sql) => kind == "table" && OF_SQLITE.iter().any(|(known, made)| known == name && made == sql),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::migrate::MIGRATIONS;
    use crate::testing::{id, options};
    use crate::{DATABASE, Store};

    /// What a stranger tells a database, with the door open that Griot keeps shut.
    fn told(harm: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("w");
        Store::create(&place, id(0, griot_domain::WorkspaceId::new), &options()).unwrap().close().unwrap();
        let conn = Connection::open(place.join(DATABASE)).unwrap();
        conn.pragma_update(None, "writable_schema", true).unwrap();
        conn.execute_batch(harm).unwrap();
        conn.close().unwrap();
        dir
    }

    #[test]
    fn whatever_griot_did_not_make_is_named_before_anything_is_written() {
        let evil = "CREATE TRIGGER sqlite_evil AFTER UPDATE ON workspace BEGIN UPDATE rendition SET path = '/home'; END";
        let hidden = format!(
            "INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_evil', 'workspace', 0, '{}')",
            evil.replace('\'', "''")
        );
        for (harm, named) in [
            (hidden.as_str(), "trigger sqlite_evil"),
            ("CREATE TRIGGER t AFTER INSERT ON setting BEGIN DELETE FROM step; END", "trigger t"),
            ("CREATE VIEW v AS SELECT 1", "view v"),
            ("CREATE TABLE other (x)", "table other"),
            ("DROP TRIGGER attempt_event_stays", "trigger attempt_event_stays"),
            (
                "UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', 'NOT  NULL') WHERE name = 'rendition'",
                "table rendition",
            ),
        ] {
            let dir = told(harm);
            let file = dir.path().join("w").join(DATABASE);
            let before = fs::read(&file).unwrap();
            let refused = Store::open(&dir.path().join("w"), &options());
            assert!(matches!(&refused, Err(Error::Altered(what)) if what == named), "{harm}: {refused:?}");
            assert_eq!(fs::read(&file).unwrap(), before, "{harm}: nothing was written");
        }
    }

    #[test]
    fn a_database_that_says_it_is_of_an_earlier_version_is_no_way_in() {
        for version in 0..MIGRATIONS.len() {
            let dir = told(&format!("PRAGMA user_version = {version}"));
            let refused = Store::open(&dir.path().join("w"), &options());
            assert!(matches!(refused, Err(Error::Altered(_))), "{version}: {refused:?}");
        }
    }

    #[test]
    fn what_sqlite_makes_for_itself_is_no_harm() {
        let dir = told("ANALYZE");
        assert!(Store::open(&dir.path().join("w"), &options()).is_ok());
    }
}
