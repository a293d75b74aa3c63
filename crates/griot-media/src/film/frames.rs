//! Single frames of a film: the one that a person looks at, a thumbnail, and the strip under which a film is trimmed.

use std::fs;
use std::path::{Path, PathBuf};

use griot_domain::recipe::{Fit, ImageFormat, ImageRecipe, VideoRecipe};

use super::original::Original;
use super::plan::Plan;
use super::scratch::{Scratch, beside, place};
use super::{Ffmpeg, command, graph, hdr};
use crate::reel::Light;
use crate::{Error, Limits, OverLimit, Progress, mp4, source, still};

/// Quality of a cover frame.
const COVER_QUALITY: u8 = 88;
/// The widest single frame, in pixels.
const FRAME_WIDTH: u32 = 1280;
/// The most frames of a strip.
const MOST_FRAMES: u32 = 200;
/// A film up to this long, in milliseconds, may be decoded whole for its strip when few of its frames stand alone.
const SHORT_MS: u64 = 60_000;

/// One frame of a film, upright, as a JPEG without metadata. A moment after the end gives the last frame.
///
/// # Errors
/// The source is not a film, damaged or over a limit, or ffmpeg failed.
pub fn frame(
    ffmpeg: &Ffmpeg,
    source: &Path,
    at_ms: u64,
    out: &Path,
    scratch: &Path,
    limits: &Limits,
) -> Result<still::Rendered, Error> {
    let original = Original::open(source, limits)?;
    let size = frame_side(original.facts.width, original.facts.height);
    let picture = still_of(ffmpeg, original, (at_ms, size, COVER_QUALITY), scratch, limits)?;
    let part = beside(out);
    fs::write(&part, &picture.bytes)?;
    fs::rename(&part, out)?;
    Ok(picture)
}

/// The long side of a single frame: as wide as a page shows it, and never larger than the film.
pub(super) fn frame_side(width: u32, height: u32) -> u32 {
    let long_side = width.max(height);
    if width <= FRAME_WIDTH {
        return long_side;
    }
    let side = u64::from(long_side) * u64::from(FRAME_WIDTH) / u64::from(width);
    u32::try_from(side).unwrap_or(FRAME_WIDTH)
}

/// A small upright JPEG of a film, from a moment when it has usually begun; `long_side` in pixels.
///
/// # Errors
/// As [`frame`].
pub fn thumbnail(
    ffmpeg: &Ffmpeg,
    source: &Path,
    long_side: u32,
    scratch: &Path,
    limits: &Limits,
) -> Result<still::Rendered, Error> {
    let original = Original::open(source, limits)?;
    let at = (original.facts.duration_ms.unwrap_or(0) / 3).min(1000);
    still_of(ffmpeg, original, (at, long_side, 80), scratch, limits)
}

/// `count` frames of a film, evenly spaced from its start, upright, as JPEG files of some height in `folder`, made by one
/// run of ffmpeg. Of a film with enough frames that stand alone only those are decoded, which is quick and close enough
/// for a strip; of a short one every frame is.
///
/// # Errors
/// As [`frame`]; a strip of nothing; or the work was cancelled.
#[expect(clippy::too_many_arguments, reason = "one call with everything that a strip depends on")]
pub fn strip_of_frames(
    ffmpeg: &Ffmpeg,
    source: &Path,
    count: u32,
    height: u32,
    folder: &Path,
    scratch: &Path,
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<Vec<PathBuf>, Error> {
    if count == 0 || count > MOST_FRAMES || height < 16 {
        return Err(Error::OverLimit(OverLimit::Strip { count, height }));
    }
    progress.report(0.0)?;
    let original = Original::open(source, limits)?;
    let height = height.min(original.facts.height);
    let width = u64::from(original.facts.width) * u64::from(height) / u64::from(original.facts.height.max(1));
    let width = u32::try_from(width).unwrap_or(u32::MAX).max(2);
    limits.size(width, height)?;
    let work = Scratch::new(scratch)?;
    let plan = look_plan(ffmpeg, &original, (width, height), &work)?;
    let keys = stand_alone(&original, count, limits)?;
    let args = command::frames(&original, &plan, count, keys)?;
    ffmpeg.run(&args, &work.path, None, &mut |_| progress.report(0.0))?;
    let mut made = Vec::new();
    for n in 0..count {
        let from = work.path.join(format!("frame-{n}.jpg"));
        let to = folder.join(format!("{n}.jpg"));
        if from.exists() {
            place(&from, &to)?;
        } else {
            // The last moments may hold no frame of their own.
            let last =
                made.last().ok_or_else(|| Error::FfmpegFailed("it found no frame in the film".into()))?;
            let copy = work.path.join("copy.jpg");
            fs::copy(last, &copy)?;
            place(&copy, &to)?;
        }
        made.push(to);
    }
    progress.report(1.0)?;
    Ok(made)
}

/// Whether enough frames of a film stand alone for a strip, as far as its container tells.
fn stand_alone(original: &Original<'_>, count: u32, limits: &Limits) -> Result<bool, Error> {
    let short = original.facts.duration_ms.is_some_and(|ms| ms <= SHORT_MS);
    if original.demuxer() != "mov" {
        return Ok(!short);
    }
    let cuts = mp4::cuts(&mut source::open(original.path, limits)?, limits)?;
    Ok(!short || cuts.len() >= count as usize * 2)
}

/// A plan of the whole film at some size, with what its light needs in the scratch folder.
fn look_plan(
    ffmpeg: &Ffmpeg,
    original: &Original<'_>,
    size: (u32, u32),
    work: &Scratch,
) -> Result<Plan, Error> {
    // Fields are told by their flags alone: what moves is not worth a second look for a small picture.
    let shown = original.first_frame(ffmpeg, &work.path)?;
    if shown.light != Light::Sdr {
        fs::write(work.path.join(graph::LIGHT), hdr::table(shown.light))?;
    }
    let recipe = VideoRecipe::new(Fit::Inside, size);
    let mut plan = Plan::new(&original.facts, original.turn, shown, &recipe)?;
    // A picture may have odd sides.
    (plan.width, plan.height) = size;
    Ok(plan)
}

/// One frame through ffmpeg, then through the picture renderer, so that it is like every other picture.
fn still_of(
    ffmpeg: &Ffmpeg,
    original: Original<'_>,
    (at_ms, long_side, quality): (u64, u32, u8),
    scratch: &Path,
    limits: &Limits,
) -> Result<still::Rendered, Error> {
    let work = Scratch::new(scratch)?;
    let png = work.path.join(command::FRAME);
    let size = (original.facts.width, original.facts.height);
    let plan = look_plan(ffmpeg, &original, size, &work)?;
    let last = original.facts.duration_ms.unwrap_or(0).saturating_sub(1);
    // Near the end there may be no frame left to find: then a little earlier, and at last the first one.
    for at in [at_ms.min(last), last.saturating_sub(500).min(at_ms), 0] {
        ffmpeg.run(&command::frame(&original, &plan, at)?, &work.path, None, &mut |_| Ok(()))?;
        if fs::metadata(&png).is_ok_and(|facts| facts.len() > 0) {
            break;
        }
    }
    if !png.exists() {
        return Err(Error::FfmpegFailed("it found no frame in the film".into()));
    }
    let recipe = ImageRecipe::new(Fit::Inside, (long_side, long_side), ImageFormat::Jpeg, quality);
    let mut made = still::render(&png, &[recipe], limits, &())?;
    made.pop().ok_or_else(|| Error::Bug("one recipe made no picture".into()))
}
