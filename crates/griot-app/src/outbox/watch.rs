//! Whether the clock ran, or jumped: the machine slept, or somebody or something set it.
//!
//! Wall time is held against the time for which the machine has been running, which nothing sets. Deliberately absent:
//! which of the two it was. After a sleep as after a clock set forward the queue is looked at, and what is late by then
//! is late.

use std::time::Duration;

use griot_domain::Timestamp;

use crate::ports::Ports;

/// A clock that is corrected while it runs moves by less than this between two looks.
const SMALL_MS: i64 = 2_000;

/// The clock jumped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Jump {
    /// The machine slept, or the clock was set forward.
    Ahead(Duration),
    /// The clock was set back.
    Back(Duration),
}

/// What both clocks showed at the last look.
pub(super) struct Watch {
    wall: Timestamp,
    running: Duration,
}

impl Watch {
    pub(super) fn new(ports: &Ports) -> Self {
        Self { wall: ports.now(), running: ports.timer.running() }
    }

    /// Whether the clock jumped since the last look.
    pub(super) fn look(&mut self, ports: &Ports) -> Option<Jump> {
        let before = std::mem::replace(self, Self::new(ports));
        let ran = self.running.saturating_sub(before.running);
        let shown = self.wall.millis_since(before.wall);
        let jumped = shown.saturating_sub(i64::try_from(ran.as_millis()).unwrap_or(i64::MAX));
        let size = Duration::from_millis(jumped.unsigned_abs());
        match jumped {
            SMALL_MS.. => Some(Jump::Ahead(size)),
            _ if jumped <= -SMALL_MS => Some(Jump::Back(size)),
            _ => None,
        }
    }
}
