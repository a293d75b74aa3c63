//! The two doors to the tables: [`Reader`] for looking, [`Tx`] for changing.
//!
//! Both wrap a connection that stays hidden. What the columns hold is turned into the domain's types
//! here, once, so that every table maps its rows in the same words.

use std::ops::Deref;
use std::str::FromStr;

use griot_domain::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::de::DeserializeOwned;

use crate::Error;

/// A consistent view of the database. Everything that reads takes one.
pub struct Reader<'a> {
    pub(crate) conn: &'a Connection,
}

/// A transaction that writes. It reads as well: a `&Tx` is taken wherever a `&Reader` is.
pub struct Tx<'a> {
    reader: Reader<'a>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(conn: &'a Connection) -> Self {
        Self { reader: Reader { conn } }
    }

    /// Runs one statement and says how many rows it changed.
    pub(crate) fn run(&self, sql: &str, params: impl Params) -> Result<usize, Error> {
        Ok(self.conn.prepare_cached(sql)?.execute(params)?)
    }
}

impl<'a> Deref for Tx<'a> {
    type Target = Reader<'a>;
    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

impl Reader<'_> {
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        Ok(self.conn.prepare_cached(sql)?.query_row(params, map).optional()?)
    }

    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        Ok(self.conn.prepare_cached(sql)?.query_map(params, map)?.collect::<Result<_, _>>()?)
    }
}

/// What the columns hold, as the domain has it.
pub(crate) trait Columns {
    fn word<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
        &self,
        column: &str,
    ) -> rusqlite::Result<T>;
    fn word_or_none<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
        &self,
        column: &str,
    ) -> rusqlite::Result<Option<T>>;
    /// A BLAKE3 as 64 hexadecimal digits: files are named by it, and a row may come from a stranger.
    fn digest(&self, column: &str) -> rusqlite::Result<String>;
    fn count(&self, column: &str) -> rusqlite::Result<u64>;
    fn count_or_none(&self, column: &str) -> rusqlite::Result<Option<u64>>;
    fn time(&self, column: &str) -> rusqlite::Result<Timestamp>;
    fn time_or_none(&self, column: &str) -> rusqlite::Result<Option<Timestamp>>;
    fn json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T>;
    fn json_or_none<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<Option<T>>;
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
}

impl Columns for Row<'_> {
    fn word<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
        &self,
        column: &str,
    ) -> rusqlite::Result<T> {
        self.get_ref(column)?.as_str()?.parse().map_err(unreadable)
    }

    fn word_or_none<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
        &self,
        column: &str,
    ) -> rusqlite::Result<Option<T>> {
        self.get_ref(column)?.as_str_or_null()?.map(|text| text.parse().map_err(unreadable)).transpose()
    }

    fn digest(&self, column: &str) -> rusqlite::Result<String> {
        let text: String = self.get(column)?;
        let is_one = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if is_one { Ok(text) } else { Err(unreadable(std::io::Error::from(std::io::ErrorKind::InvalidData))) }
    }

    fn count(&self, column: &str) -> rusqlite::Result<u64> {
        u64::try_from(self.get::<_, i64>(column)?).map_err(unreadable)
    }

    fn count_or_none(&self, column: &str) -> rusqlite::Result<Option<u64>> {
        self.get::<_, Option<i64>>(column)?.map(|n| u64::try_from(n).map_err(unreadable)).transpose()
    }

    fn time(&self, column: &str) -> rusqlite::Result<Timestamp> {
        Ok(Timestamp::from_millis(self.get(column)?))
    }

    fn time_or_none(&self, column: &str) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.get::<_, Option<i64>>(column)?.map(Timestamp::from_millis))
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T> {
        serde_json::from_str(self.get_ref(column)?.as_str()?).map_err(unreadable)
    }

    fn json_or_none<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<Option<T>> {
        self.get_ref(column)?
            .as_str_or_null()?
            .map(|text| serde_json::from_str(text).map_err(unreadable))
            .transpose()
    }
}

/// The text of a value for a JSON column.
pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Bug(format!("a value has no JSON: {error}")))
}

/// A count for SQLite, whose integers have a sign.
pub(crate) fn to_integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The word that serde writes for an enumeration without data.
pub(crate) fn to_word(value: &impl serde::Serialize) -> Result<String, Error> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(Error::Bug(format!("not a word: {other:?}"))),
    }
}

/// The value whose serde word is in the column.
pub(crate) fn from_word<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let word: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(word)).map_err(unreadable)
}
