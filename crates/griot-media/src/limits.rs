//! How much a file may ask for before it is refused. Checked on headers, before anything large is allocated. The
//! networks' own limits are rules, not these.

use crate::error::{Error, OverLimit};

/// The most that one file may cost. Every field is a ceiling, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of a picture, or of one frame of a film.
    pub max_pixels: u64,
    /// Bytes of a picture file, which is read whole.
    pub max_picture_bytes: u64,
    /// Bytes of a film file, which is never read whole.
    pub max_film_bytes: u64,
    /// Bytes that one decoded picture may take in memory.
    pub max_alloc: u64,
    /// Bytes of a film's index (the boxes that describe it), which is read whole.
    pub max_index_bytes: u64,
    /// Bytes of an embedded colour profile; a larger one is ignored.
    pub max_profile_bytes: u64,
    /// Frames of a picture that moves.
    pub max_frames: u64,
    /// Pixels of all its frames together, as they are decoded.
    pub max_moving_pixels: u64,
    /// Length of a film in milliseconds, by its packets.
    pub max_duration_ms: u64,
}

impl Default for Limits {
    /// 120 megapixels let every phone and nearly every camera in (108 MP phones exist) and cost 360 MB decoded, so
    /// 512 MiB of memory suffice for one picture; 256 MiB of file is far above any photo. A film is streamed, so its
    /// bytes are bounded by what networks take at all (4 GiB); an index of 64 MiB describes about a day. Four hours
    /// is the longest that any network of the rules accepts from an ordinary account. Real profiles are under 4 MiB.
    /// A thousand frames are a minute and a half of animation; a billion pixels of them take about ten seconds.
    fn default() -> Self {
        Self {
            max_pixels: 120_000_000,
            max_picture_bytes: 256 << 20,
            max_film_bytes: 4 << 30,
            max_alloc: 512 << 20,
            max_index_bytes: 64 << 20,
            max_profile_bytes: 4 << 20,
            max_frames: 1000,
            max_moving_pixels: 1_000_000_000,
            max_duration_ms: 4 * 3_600_000,
        }
    }
}

impl Limits {
    /// Refuses a size that is nothing or too many pixels.
    pub(crate) fn size(&self, width: u32, height: u32) -> Result<(), Error> {
        if width == 0 || height == 0 {
            return Err(Error::Damaged(format!("declares {width} x {height} pixels")));
        }
        let (width, height) = (u64::from(width), u64::from(height));
        if width * height > self.max_pixels {
            return Err(Error::OverLimit(OverLimit::Pixels { width, height, most: self.max_pixels }));
        }
        Ok(())
    }

    /// Refuses an allocation that is too large.
    pub(crate) fn alloc(&self, bytes: u64) -> Result<(), Error> {
        if bytes > self.max_alloc {
            return Err(Error::OverLimit(OverLimit::Memory { bytes, most: self.max_alloc }));
        }
        Ok(())
    }

    /// Refuses an animation with too many frames, or too many pixels in them.
    pub(crate) fn frames(&self, frames: u64, pixels: u64) -> Result<(), Error> {
        if frames > self.max_frames {
            return Err(Error::OverLimit(OverLimit::Frames(self.max_frames)));
        }
        if pixels > self.max_moving_pixels {
            return Err(Error::OverLimit(OverLimit::MovingPixels(self.max_moving_pixels)));
        }
        Ok(())
    }

    /// Refuses a film that lasts too long.
    pub(crate) fn duration(&self, ms: u64) -> Result<(), Error> {
        if ms > self.max_duration_ms {
            return Err(Error::OverLimit(OverLimit::Duration { ms, most: self.max_duration_ms }));
        }
        Ok(())
    }
}
