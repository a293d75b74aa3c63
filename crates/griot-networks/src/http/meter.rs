//! How fast bodies went up: noted where they are sent, taken by whoever wants to know the line.
//!
//! Only what the network took counts: a login page answers before it has read anything. An upload that ran out of time
//! is not noted, because nobody knows whether the line or the server was slow. Deliberately absent: sending anything to
//! find out.

use std::sync::{Arc, Mutex, PoisonError};

use griot_domain::line::Sample;

/// Notes that nobody takes do not grow without end; the newest say most.
const KEPT: usize = 64;

/// The notes. Cheap to clone; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Vec<Sample>>>);

impl Meter {
    /// Notes a body that was taken.
    pub(super) fn note(&self, sample: Sample) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() >= KEPT {
            notes.remove(0);
        }
        notes.push(sample);
    }

    /// What was noted since the last time, oldest first.
    #[must_use]
    pub fn take(&self) -> Vec<Sample> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
