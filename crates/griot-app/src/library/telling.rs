//! Telling listeners of a batch that comes in: not once a file, and always at its end.

use std::sync::Mutex;

use griot_domain::{Tag, Timestamp};

use crate::studio::{Studio, lock};

/// The library is read again at most this often while files come, in milliseconds.
const EVERY_MS: i64 = 200;

/// One batch.
pub(crate) struct Telling<'a> {
    studio: &'a Studio,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    last: Option<Timestamp>,
    owed: bool,
}

impl<'a> Telling<'a> {
    pub(crate) fn of(studio: &'a Studio) -> Self {
        Self { studio, told: Mutex::default() }
    }

    /// A file is there.
    pub(crate) fn came(&self) {
        let now = self.studio.ports.now();
        let mut told = lock(&self.told);
        told.owed = told.last.is_some_and(|last| now.millis_since(last) < EVERY_MS);
        if told.owed {
            return;
        }
        told.last = Some(now);
        drop(told);
        self.studio.changed(&[Tag::Library]);
    }
}

impl Drop for Telling<'_> {
    /// Also where the batch was stopped.
    fn drop(&mut self) {
        if lock(&self.told).owed {
            self.studio.changed(&[Tag::Library]);
        }
    }
}
