//! What is asked of the world by everything below the hosts: the time and chance. No implementation is here.

use crate::time::Timestamp;

/// The clock. Only hosts have a real one.
pub trait Clock: Send + Sync {
    /// The instant it is.
    fn now(&self) -> Timestamp;
}

/// Chance. Only hosts have a real source.
pub trait Random: Send + Sync {
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}
