//! How many bits a second a film may take to fit a number of bytes, worked out from what the last pass measured. No
//! process, no file.
//!
//! The first pass is by quality and often fits. One that does not tells how much the sound and the index take, and the
//! next aims at 97 % of the limit. Where so few bits are left that the picture would fall apart, it becomes smaller.

use super::plan::Plan;
use crate::{Error, OverLimit};

/// Bits a second of ordinary sound.
pub(super) const SOUND_BITS: u64 = 128_000;
/// What a pass aims at, as a part of the limit, and what is good enough.
const AIM: f64 = 0.97;
const ENOUGH: f64 = 0.93;
/// Bits a pixel below which a smaller picture looks better than a coarser one.
const COARSEST: f64 = 0.03;
/// Bits a pixel below which no pass by quality is worth its time: it would not fit.
const HOPELESS: f64 = 0.04;
/// How many times too large a measured picture is that had better be made smaller.
const FAR: f64 = 2.0;
/// Bits a second of the picture below which there is no film.
const LEAST_BITS: f64 = 40_000.0;
/// The long side, in pixels, below which a picture is not made smaller.
const SMALLEST: f64 = 240.0;
/// Bytes of index for one frame and one packet of sound.
const INDEX_BYTES: f64 = 14.0;

/// Bits a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Budget {
    pub(super) picture: u64,
    pub(super) sound: u64,
}

/// A finished pass, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measured {
    pub(super) whole: u64,
    pub(super) picture: u64,
}

/// Bits a second of the sound when there are so many for everything: talk is understood at 48 kbit/s.
fn sound_of(total: f64) -> u64 {
    match total {
        t if t >= 800_000.0 => SOUND_BITS,
        t if t >= 400_000.0 => 96_000,
        t if t >= 200_000.0 => 64_000,
        _ => 48_000,
    }
}

impl Measured {
    /// Whether it fits and wastes little of the limit.
    pub(super) fn is_enough(&self, limit: u64) -> bool {
        self.whole <= limit && self.whole as f64 >= limit as f64 * ENOUGH
    }
}

impl Plan {
    fn seconds(&self) -> f64 {
        self.length_ms.max(1) as f64 / 1000.0
    }

    /// Whether a pass by quality could fit at all: there are bits enough for any film, or for one that moves as little as
    /// its original's size tells.
    pub(super) fn may_fit(&self, limit: u64) -> bool {
        self.bytes.saturating_mul(2) <= limit
            || limit as f64 * 8.0 / self.seconds() / self.pixels() >= HOPELESS
    }

    /// Aims at a limit by what the last pass measured, if there was one. Says whether the frame changed its size.
    pub(super) fn aim(&mut self, limit: u64, measured: Option<Measured>) -> Result<bool, Error> {
        let seconds = self.seconds();
        let total = limit as f64 * 8.0 * AIM / seconds;
        let sound = if self.has_sound { sound_of(total) } else { 0 };
        let frames = f64::from(self.rate.0) / f64::from(self.rate.1) * seconds;
        let index = (frames + if self.has_sound { seconds * 47.0 } else { 0.0 }) * INDEX_BYTES;
        // What is measured counts only for the same sound.
        let before = self.budget.map_or(SOUND_BITS, |budget| budget.sound);
        let others = match measured {
            Some(m) if before == sound || !self.has_sound => m.whole.saturating_sub(m.picture) as f64,
            _ => sound as f64 * seconds / 8.0 + index,
        };
        let room = (limit as f64 * AIM - others) * 8.0 / seconds;
        let picture = match (self.budget, measured) {
            // The encoder missed its aim by this much.
            (Some(budget), Some(m)) if m.picture > 0 => {
                let share = room * seconds / 8.0 / m.picture as f64;
                budget.picture as f64 * share.clamp(0.2, 4.0)
            }
            _ => room,
        };
        if picture < LEAST_BITS {
            return Err(Error::OverLimit(OverLimit::FilmLength { bytes: limit, ms: self.length_ms }));
        }
        let long = f64::from(self.width.max(self.height));
        let carried = room / self.pixels();
        // What was measured knows better than a rule for all films whether the picture falls apart.
        let starved = measured.is_none_or(|m| m.picture as f64 > room * seconds / 8.0 * FAR);
        let shrunk = carried < COARSEST && starved && long > SMALLEST;
        if shrunk {
            self.shrink((carried / COARSEST).sqrt().max(SMALLEST / long).min(1.0));
        }
        self.budget = Some(Budget { picture: picture as u64, sound });
        Ok(shrunk)
    }
}
