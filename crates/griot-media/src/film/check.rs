//! Whether a finished video is what was promised. Nothing is called made before it has been opened like anybody's file
//! and its first frame decoded: an encoder that ends well may still have written something else.

use std::path::Path;

use griot_domain::asset::Facts;

use super::Ffmpeg;
use super::original::Original;
use super::plan::Plan;
use super::sight::Seen;
use crate::turn::Part;
use crate::{Error, Limits};

/// How much shorter than asked for it may be, in milliseconds, and as a part of the whole: sound and picture end at
/// different moments, and indexes round.
const SHORTER: (u64, u64) = (500, 10);
/// How much the measured rate may differ from the one that was asked for.
const RATE: f64 = 0.02;

/// What a video was made of, as far as it can be held against it.
pub(super) struct Source<'a> {
    /// The first frame.
    pub(super) seen: Option<&'a Seen>,
    /// What ffmpeg complained about on the way.
    pub(super) complaints: &'a [String],
}

/// Holds a finished video against its plan.
pub(super) fn made(
    ffmpeg: &Ffmpeg,
    file: &Path,
    plan: &Plan,
    source: &Source<'_>,
    folder: &Path,
    limits: &Limits,
) -> Result<(), Error> {
    let original = Original::open(file, limits)?;
    numbers(&original.facts, plan)?;
    let seen = Seen::look(ffmpeg, &original, folder)?;
    if seen.pixels != "yuv420p" || seen.size != (plan.width, plan.height) {
        let (w, h) = seen.size;
        return Err(Error::FfmpegFailed(format!("it wrote {} of {w}x{h}", seen.pixels)));
    }
    if !seen.named() {
        return Err(Error::FfmpegFailed("it left colours unnamed".into()));
    }
    picture(&seen, plan, source)
}

fn numbers(facts: &Facts, plan: &Plan) -> Result<(), Error> {
    if (facts.width, facts.height) != (plan.width, plan.height) {
        let (w, h) = (facts.width, facts.height);
        return Err(Error::FfmpegFailed(format!("{w}x{h} came out, not {}x{}", plan.width, plan.height)));
    }
    if facts.video_codec.as_deref() != Some("h264") {
        return Err(Error::FfmpegFailed(format!("it wrote {:?}", facts.video_codec)));
    }
    let (made, asked) = (facts.duration_ms.unwrap_or(0), plan.length_ms);
    if made + SHORTER.0.max(asked / SHORTER.1) < asked {
        return Err(Error::Damaged(format!("only {made} ms of {asked} can be read")));
    }
    let asked = f64::from(plan.rate.0) / f64::from(plan.rate.1);
    // A handful of frames has no rate worth measuring.
    let even = facts.fps.is_none_or(|fps| (fps / asked - 1.0).abs() < RATE);
    if made > 1000 && (!even || facts.metadata.iter().any(|kind| kind == "variable rate")) {
        return Err(Error::FfmpegFailed(format!("frames at {:?}, not {asked:.3} a second", facts.fps)));
    }
    Ok(())
}

/// One colour and nothing else is right only where the source shows the same.
pub(super) fn picture(seen: &Seen, plan: &Plan, source: &Source<'_>) -> Result<(), Error> {
    if !seen.flat() {
        return Ok(());
    }
    // A film that begins in black may well have a flaw elsewhere.
    if !source.complaints.is_empty() && seen.made_up() {
        return Err(Error::Damaged(format!("nothing could be decoded: {}", source.complaints.join(" / "))));
    }
    let comparable = plan.from_ms == 0 && plan.part == Part::WHOLE;
    if comparable && source.seen.is_some_and(Seen::shows) {
        return Err(Error::FfmpegFailed("the first frame came out empty".into()));
    }
    Ok(())
}
