//! A system that says of the line what a test wants it to say.

use std::sync::{Mutex, PoisonError};

use griot_app::ports::Meter;

/// What the system says of the line; at first it does not tell.
#[derive(Debug, Default)]
pub struct TestMeter(Mutex<Option<bool>>);

impl TestMeter {
    /// From now on the system says this.
    pub fn says(&self, metered: Option<bool>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = metered;
    }
}

impl Meter for TestMeter {
    fn is_metered(&self) -> Option<bool> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
