//! What is known of the line: whether it is paid by the megabyte (the system says it, and a person may know better) and
//! how fast it is (past uploads).
//!
//! The speed is kept in the workspace, so that a terminal that starts knows what the window measured a moment ago; what
//! is older than an hour counts for nothing ([`griot_domain::line`]). Deliberately absent: sending anything to find out.

use griot_domain::Timestamp;
use griot_domain::line::{Link, Sample, Speed};
use griot_store::{Reader, Tx, settings};
use serde_json::Value;

use crate::commands::settings::METERED;
use crate::failure::Failure;
use crate::ports::Meter;

/// Under this name the speed is kept; it is nobody's setting.
const MEASURED: &str = "line.measured";

/// The line as it is known now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Whether it is paid by the megabyte.
    pub(crate) metered: bool,
    /// How fast it carries; nothing while nothing was measured lately.
    pub(crate) bytes_per_second: Option<u64>,
    /// When that was measured last.
    pub(crate) measured: Option<Timestamp>,
}

impl Line {
    /// As the workspace has it.
    pub(crate) fn read(r: &Reader<'_>, meter: &dyn Meter, now: Timestamp) -> Result<Self, Failure> {
        let bytes_per_second = bytes_per_second(r, now)?;
        Ok(Self {
            metered: match settings::get(r, METERED)? {
                Some(Value::Bool(said)) => said,
                _ => meter.is_metered().unwrap_or(false),
            },
            bytes_per_second,
            measured: speed(r)?.map(|speed| speed.at).filter(|_| bytes_per_second.is_some()),
        })
    }

    /// What kind of line it is, when it is there.
    pub(crate) fn link(&self) -> Link {
        Link::of(self.metered, self.bytes_per_second)
    }
}

/// How fast it carries; nothing while nothing was measured lately.
pub(crate) fn bytes_per_second(r: &Reader<'_>, now: Timestamp) -> Result<Option<u64>, Failure> {
    Ok(speed(r)?.and_then(|speed| speed.bytes_per_second(now)))
}

/// Keeps what uploads that ended just now say of the line.
pub(crate) fn note(tx: &Tx<'_>, samples: &[Sample], now: Timestamp) -> Result<(), Failure> {
    let known = speed(tx)?;
    let next = samples.iter().fold(known, |known, sample| Speed::after(known, *sample, now));
    if let Some(next) = next.filter(|next| Some(*next) != known) {
        let kept = serde_json::to_value(next).expect("BUG: a speed is plain data and always serialises");
        settings::set(tx, MEASURED, &kept)?;
    }
    Ok(())
}

/// What cannot be read, from another version, is not known.
fn speed(r: &Reader<'_>) -> Result<Option<Speed>, Failure> {
    Ok(settings::get(r, MEASURED)?.and_then(|kept| serde_json::from_value(kept).ok()))
}
