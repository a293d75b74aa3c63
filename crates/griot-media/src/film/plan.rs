//! What a film is to become, in numbers: size, cut, frame rate, length, bit rate. No process, no file.

use griot_domain::asset::{Facts, Focus, Format};
use griot_domain::edit::{Crop, WHOLE};
use griot_domain::recipe::{Fit, VideoRecipe};

use super::budget::Budget;
use super::sight::Shown;
use crate::turn::{Part, Turn};
use crate::{Error, OverLimit, Unsupported};

/// Frames a second when a recipe does not say.
const USUAL_FPS: f64 = 30.0;
/// The most frames a second of a film that goes out as it is when the recipe does not say.
const MOST_FPS: f64 = 60.0;
/// Frame rates that networks and players know, in frames and the seconds that they take.
const RATES: [(u32, u32); 8] =
    [(24_000, 1001), (24, 1), (25, 1), (30_000, 1001), (30, 1), (50, 1), (60_000, 1001), (60, 1)];
/// How much a measured rate may differ from one of them and still be it.
const SAME_RATE: f64 = 0.004;

/// One rendition in numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// Size of the result; even numbers.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) fit: Fit,
    /// Size of what is kept of the source: upright, turned, cut, in square pixels.
    source: (u32, u32),
    /// How the stored picture is turned, and what is cut from it before.
    pub(super) turn: Turn,
    pub(super) part: Part,
    /// The point that is kept, in what is kept.
    focus: Focus,
    /// How the source comes in: its colours, its light, its fields.
    pub(super) shown: Shown,
    /// Frames, and the seconds that they take.
    pub(super) rate: (u32, u32),
    /// Whether fewer frames go out than come in.
    pub(super) thinned: bool,
    /// Start and length of the part that is kept, in milliseconds.
    pub(super) from_ms: u64,
    pub(super) length_ms: u64,
    pub(super) has_sound: bool,
    /// About how many bytes the original has for this part.
    pub(super) bytes: u64,
    /// Bits a second, once the film has to fit.
    pub(super) budget: Option<Budget>,
}

/// A picture that is scaled and then cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) scaled: (u32, u32),
    pub(super) at: (u32, u32),
}

/// The bytes of a part, as if all parts took the same.
fn share(bytes: u64, length_ms: u64, whole_ms: Option<u64>) -> u64 {
    let whole = whole_ms.unwrap_or(length_ms).max(1);
    u64::try_from(u128::from(bytes) * u128::from(length_ms) / u128::from(whole)).unwrap_or(u64::MAX)
}

/// Whether a film needs nothing but to lose its metadata (and its sound, where it is to be silent): an MP4 with ordinary
/// H.264 and AAC, upright, with square pixels, in the frame, under the limits, and whole.
#[must_use]
pub fn fits(facts: &Facts, recipe: &VideoRecipe) -> bool {
    let length = facts.duration_ms.unwrap_or(0);
    let whole = recipe.from_ms.unwrap_or(0) == 0 && recipe.to_ms.is_none_or(|to| to >= length);
    let heard = facts.audio_codec.as_deref().filter(|_| !recipe.mute);
    let sound = heard.is_none_or(|codec| codec == "aac" && !recipe.level);
    let plain = !facts.metadata.iter().any(|kind| kind == "fragments" || kind == "edits");
    facts.format == Format::Mp4
        && sound
        && plain
        && whole
        && shown_as_it_is(facts, recipe)
        && recipe.max_bytes.is_none_or(|limit| facts.bytes <= limit)
}

/// Whether the picture needs nothing: its frames can be copied.
pub(super) fn shown_as_it_is(facts: &Facts, recipe: &VideoRecipe) -> bool {
    const OBSTACLES: [&str; 5] = ["rotation", "pixel aspect", "variable rate", "fields", "full range"];
    let plain = !facts.metadata.iter().any(|kind| OBSTACLES.contains(&kind.as_str()));
    let frame = match recipe.fit {
        Fit::Inside => facts.width <= recipe.width && facts.height <= recipe.height,
        Fit::Cover | Fit::Blur => (facts.width, facts.height) == (recipe.width, recipe.height),
    };
    let untouched = recipe.turn.is_multiple_of(4)
        && !recipe.flip
        && recipe.subtitles.is_none()
        && recipe.crop.is_none_or(|crop| part(crop) == Part::WHOLE);
    facts.video_codec.as_deref() == Some("h264")
        && plain
        && frame
        && untouched
        && facts.fps.is_some_and(|fps| {
            fps <= recipe.max_fps.unwrap_or(MOST_FPS) * (1.0 + SAME_RATE)
                && fps >= recipe.min_fps.unwrap_or(0.0) * (1.0 - SAME_RATE)
        })
}

fn part(crop: Crop) -> Part {
    let share = |n: u16| f64::from(n) / f64::from(WHOLE);
    Part {
        left: share(crop.left),
        top: share(crop.top),
        width: share(crop.width),
        height: share(crop.height),
    }
}

/// The largest part of what is kept, of the size `source`, that has a frame's shape, about a point of it.
fn filling(kept: Part, source: (u32, u32), frame: (u32, u32), focus: Focus) -> Part {
    let (w, h) = (f64::from(source.0), f64::from(source.1));
    let scale = (f64::from(frame.0) / w).max(f64::from(frame.1) / h);
    // Less than a pixel is not worth a cut.
    let share = |frame: u32, side: f64| {
        let share = f64::from(frame) / scale / side;
        if (1.0 - share) * side < 1.0 { 1.0 } else { share }
    };
    let (across, down) = (share(frame.0, w), share(frame.1, h));
    let start = |focus: f64, share: f64| (focus - share / 2.0).clamp(0.0, 1.0 - share);
    Part {
        left: kept.left + kept.width * start(focus.x, across),
        top: kept.top + kept.height * start(focus.y, down),
        width: kept.width * across,
        height: kept.height * down,
    }
}

/// The part of a film that a recipe keeps: its start and length in milliseconds.
pub(super) fn kept(facts: &Facts, recipe: &VideoRecipe) -> Result<(u64, u64), Error> {
    let length = facts.duration_ms.unwrap_or(0);
    let from = recipe.from_ms.unwrap_or(0);
    let to = recipe.to_ms.unwrap_or(length).min(length);
    if from >= to {
        return Err(Error::OverLimit(OverLimit::Part { from, to, length }));
    }
    Ok((from, to - from))
}

impl Plan {
    /// Plans a rendition by quality of a film that is turned and coloured in some way.
    pub(super) fn new(facts: &Facts, turn: Turn, shown: Shown, recipe: &VideoRecipe) -> Result<Self, Error> {
        let (from_ms, length_ms) = kept(facts, recipe)?;
        if recipe.crop.is_some_and(|crop| !crop.is_sound()) {
            return Err(Error::Unsupported(Unsupported::Cut));
        }
        let asked = Turn::asked(recipe.turn, recipe.flip);
        let kept = recipe.crop.map_or(Part::WHOLE, part);
        let upright = asked.size((facts.width, facts.height));
        let side = |side: u32, share: f64| ((f64::from(side) * share).round() as u32).max(2);
        let source = (side(upright.0, kept.width), side(upright.1, kept.height));
        let frame = (even(f64::from(recipe.width)), even(f64::from(recipe.height)));
        let (width, height) = match recipe.fit {
            Fit::Cover | Fit::Blur => frame,
            Fit::Inside => within(source, (recipe.width, recipe.height), 1.0),
        };
        let point = asked.point(recipe.focus);
        let inside = |at: f64, from: f64, length: f64| ((at - from) / length).clamp(0.0, 1.0);
        let focus =
            Focus { x: inside(point.x, kept.left, kept.width), y: inside(point.y, kept.top, kept.height) };
        // What fills its frame is cut before it is scaled: pixels that nobody will see cost nothing.
        let kept = if recipe.fit == Fit::Cover { filling(kept, source, frame, focus) } else { kept };
        let measured = facts.fps.unwrap_or(USUAL_FPS);
        let rate = rate(measured, recipe.max_fps.unwrap_or(USUAL_FPS), recipe.min_fps.unwrap_or(0.0));
        let turn = turn.then(asked);
        Ok(Self {
            width,
            height,
            fit: recipe.fit,
            source,
            turn,
            part: turn.stored(kept),
            focus,
            shown,
            rate,
            thinned: f64::from(rate.0) / f64::from(rate.1) < measured * (1.0 - SAME_RATE),
            from_ms,
            length_ms,
            has_sound: facts.audio_codec.is_some() && !recipe.mute,
            bytes: share(facts.bytes, length_ms, facts.duration_ms),
            budget: None,
        })
    }

    /// Pixels of a second.
    pub(super) fn pixels(&self) -> f64 {
        f64::from(self.width) * f64::from(self.height) * f64::from(self.rate.0) / f64::from(self.rate.1)
    }

    /// Makes the frame smaller by a factor.
    pub(super) fn shrink(&mut self, scale: f64) {
        self.width = even(f64::from(self.width) * scale);
        self.height = even(f64::from(self.height) * scale);
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

/// The constant rate for a film with a measured rate: its own where players know it and the limits allow it, half of it
/// where that is so; of a slower one the known rate that shows each frame equally often, else the next one above it, else
/// the highest allowed. Never fewer than `least`, where `most` allows it.
pub(super) fn rate(measured: f64, most: f64, least: f64) -> (u32, u32) {
    let value = |(frames, seconds): (u32, u32)| f64::from(frames) / f64::from(seconds);
    let known = || RATES.iter().copied().filter(|rate| value(*rate) <= most * (1.0 + SAME_RATE));
    // A network that asks for 24 may mean 23.976 as well; it has said 24.
    let allowed = || known().filter(|rate| value(*rate) >= least);
    let near = |wanted: f64| {
        let gap = |rate: &(u32, u32)| (value(*rate) / wanted - 1.0).abs();
        allowed().filter(|rate| gap(rate) < SAME_RATE).min_by(|a, b| gap(a).total_cmp(&gap(b)))
    };
    let evenly = || (2..=6).find_map(|times| near(measured * f64::from(times)));
    near(measured)
        .or_else(|| near(measured / 2.0))
        .or_else(|| if measured < value(RATES[0]) { evenly() } else { None })
        .or_else(|| allowed().find(|rate| value(*rate) >= measured))
        .or_else(|| allowed().next_back())
        .or_else(|| known().next_back())
        // A limit below every known rate is obeyed as it stands.
        .unwrap_or(((most.max(1.0) * 1000.0) as u32, 1000))
}
