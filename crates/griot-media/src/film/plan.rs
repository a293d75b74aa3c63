//! What a film is to become, in numbers: size, cut, frame rate, length, bit rate. No process, no file.

use griot_domain::asset::{Facts, Focus, Format};
use griot_domain::recipe::{Fit, VideoRecipe};

use crate::Error;

/// Frames a second when a recipe does not say.
const USUAL_FPS: f64 = 30.0;
/// The most frames a second of a film that goes out as it is when the recipe does not say.
const MOST_FPS: f64 = 60.0;
/// Frame rates that networks and players know, in frames and the seconds that they take.
const RATES: [(u32, u32); 8] =
    [(24_000, 1001), (24, 1), (25, 1), (30_000, 1001), (30, 1), (50, 1), (60_000, 1001), (60, 1)];
/// How much a measured rate may differ from one of them and still be it.
const SAME_RATE: f64 = 0.004;
/// Bits a second of the sound.
pub(super) const SOUND_BITS: u64 = 128_000;
/// What the first measured bit rate aims at, and how much each further pass takes off, as parts of the limit.
const AIM: f64 = 0.95;
/// Bits a pixel below which a smaller picture looks better than a coarser one.
const COARSEST: f64 = 0.03;
/// Bits a second of the picture below which there is no film.
const LEAST_BITS: f64 = 40_000.0;
/// The long side, in pixels, below which a picture is not made smaller.
const SMALLEST: f64 = 240.0;

/// One rendition in numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// Size of the result; even numbers.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) fit: Fit,
    /// Upright size of the source in square pixels.
    source: (u32, u32),
    focus: Focus,
    /// Frames, and the seconds that they take.
    pub(super) rate: (u32, u32),
    /// Start and length of the part that is kept, in milliseconds.
    pub(super) from_ms: u64,
    pub(super) length_ms: u64,
    pub(super) has_sound: bool,
    limit: Option<u64>,
    /// Bits a second of the picture; nothing means by quality.
    pub(super) bits: Option<u64>,
}

/// A picture that is scaled and then cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) scaled: (u32, u32),
    pub(super) at: (u32, u32),
}

/// Whether a film needs nothing but to lose its metadata: an MP4 with ordinary H.264 and AAC, upright, with square
/// pixels, in the frame, under the limits, and whole.
#[must_use]
pub fn fits(facts: &Facts, recipe: &VideoRecipe) -> bool {
    const OBSTACLES: [&str; 4] = ["rotation", "pixel aspect", "fragments", "edits"];
    let codecs = facts.video_codec.as_deref() == Some("h264")
        && facts.audio_codec.as_deref().is_none_or(|codec| codec == "aac");
    let plain = !facts.metadata.iter().any(|kind| OBSTACLES.contains(&kind.as_str()));
    let frame = match recipe.fit {
        Fit::Inside => facts.width <= recipe.width && facts.height <= recipe.height,
        Fit::Cover | Fit::Blur => (facts.width, facts.height) == (recipe.width, recipe.height),
    };
    let length = facts.duration_ms.unwrap_or(0);
    let whole = recipe.from_ms.unwrap_or(0) == 0 && recipe.to_ms.is_none_or(|to| to >= length);
    facts.format == Format::Mp4
        && codecs
        && plain
        && frame
        && whole
        && facts.fps.is_some_and(|fps| fps <= recipe.max_fps.unwrap_or(MOST_FPS) * (1.0 + SAME_RATE))
        && recipe.max_bytes.is_none_or(|limit| facts.bytes <= limit)
}

impl Plan {
    /// Plans a rendition by quality.
    pub(super) fn new(facts: &Facts, recipe: &VideoRecipe) -> Result<Self, Error> {
        let length = facts.duration_ms.unwrap_or(0);
        let from_ms = recipe.from_ms.unwrap_or(0);
        let to = recipe.to_ms.unwrap_or(length).min(length);
        if from_ms >= to {
            return Err(Error::OverLimit(format!(
                "the part from {from_ms} ms to {to} ms holds nothing of a film of {length} ms"
            )));
        }
        let source = (facts.width, facts.height);
        let frame = (even(f64::from(recipe.width)), even(f64::from(recipe.height)));
        let (width, height) = match recipe.fit {
            Fit::Cover | Fit::Blur => frame,
            Fit::Inside => within(source, (recipe.width, recipe.height), 1.0),
        };
        Ok(Self {
            width,
            height,
            fit: recipe.fit,
            source,
            focus: recipe.focus,
            rate: rate(facts.fps.unwrap_or(USUAL_FPS), recipe.max_fps.unwrap_or(USUAL_FPS)),
            from_ms,
            length_ms: to - from_ms,
            has_sound: facts.audio_codec.is_some(),
            limit: recipe.max_bytes,
            bits: None,
        })
    }

    /// Lowers the bit rate after a pass that came out too large, and the size where the bits no longer carry it.
    pub(super) fn squeeze(&mut self, size: u64) -> Result<(), Error> {
        let limit = self.limit.unwrap_or(u64::MAX);
        let seconds = self.length_ms as f64 / 1000.0;
        let sound = if self.has_sound { SOUND_BITS as f64 } else { 0.0 };
        let budget = limit as f64 * 8.0 * AIM / seconds - sound;
        let bits = match self.bits {
            None => budget,
            // The measured share of what came out too large.
            Some(before) => budget.min(before as f64 * limit as f64 / size as f64 * AIM),
        };
        if bits < LEAST_BITS {
            return Err(Error::OverLimit(format!(
                "{limit} bytes are too few for {} seconds of film",
                self.length_ms / 1000
            )));
        }
        let rate = f64::from(self.rate.0) / f64::from(self.rate.1);
        let pixels = f64::from(self.width) * f64::from(self.height);
        let carried = bits / (pixels * rate);
        let long = f64::from(self.width.max(self.height));
        if carried < COARSEST && long > SMALLEST {
            let scale = (carried / COARSEST).sqrt().max(SMALLEST / long).min(1.0);
            self.width = even(f64::from(self.width) * scale);
            self.height = even(f64::from(self.height) * scale);
        }
        self.bits = Some(bits as u64);
        Ok(())
    }

    /// How the source fills a frame of some size around the focal point.
    pub(super) fn cover(&self, (w, h): (u32, u32)) -> Cut {
        let (sw, sh) = (f64::from(self.source.0), f64::from(self.source.1));
        let scale = (f64::from(w) / sw).max(f64::from(h) / sh);
        let scaled = (even_up(sw * scale).max(w), even_up(sh * scale).max(h));
        let at = |focus: f64, scaled: u32, frame: u32| {
            let middle = focus * f64::from(scaled) - f64::from(frame) / 2.0;
            // Even positions keep the colour samples where they belong.
            (middle.clamp(0.0, f64::from(scaled - frame)) as u32) & !1
        };
        Cut { scaled, at: (at(self.focus.x, scaled.0, w), at(self.focus.y, scaled.1, h)) }
    }

    /// The size of the whole source within the frame of the plan, enlarged where there is room.
    pub(super) fn contain(&self) -> (u32, u32) {
        within(self.source, (self.width, self.height), f64::INFINITY)
    }
}

fn within((w, h): (u32, u32), (fw, fh): (u32, u32), most: f64) -> (u32, u32) {
    let scale = (f64::from(fw) / f64::from(w)).min(f64::from(fh) / f64::from(h)).min(most);
    let side = |side: u32, frame: u32| even(f64::from(side) * scale).min((frame & !1).max(2));
    (side(w, fw), side(h, fh))
}

/// The nearest even number, at least 2: H.264 with 4:2:0 has no odd sizes.
fn even(side: f64) -> u32 {
    (((side / 2.0).round() as u32) * 2).max(2)
}

fn even_up(side: f64) -> u32 {
    (((side / 2.0 - 1e-6).ceil() as u32) * 2).max(2)
}

/// The constant rate for a film with a measured rate: its own where players know it and the limit allows it, half of it
/// where that is so, else the next one above it, else the highest allowed.
pub(super) fn rate(measured: f64, most: f64) -> (u32, u32) {
    let value = |(frames, seconds): (u32, u32)| f64::from(frames) / f64::from(seconds);
    let allowed = || RATES.iter().copied().filter(|rate| value(*rate) <= most * (1.0 + SAME_RATE));
    let near = |wanted: f64| {
        let gap = |rate: &(u32, u32)| (value(*rate) / wanted - 1.0).abs();
        allowed().filter(|rate| gap(rate) < SAME_RATE).min_by(|a, b| gap(a).total_cmp(&gap(b)))
    };
    near(measured)
        .or_else(|| near(measured / 2.0))
        .or_else(|| allowed().find(|rate| value(*rate) >= measured))
        .or_else(|| allowed().next_back())
        // A limit below every known rate is obeyed as it stands.
        .unwrap_or(((most.max(1.0) * 1000.0) as u32, 1000))
}
