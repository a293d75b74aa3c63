//! A film from an animated picture (GIF, PNG, WebP), for networks that take no animation: its frames are decoded here, one
//! at a time, and fed to ffmpeg at a constant rate.

use std::fs::File;
use std::io::{BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use griot_domain::asset::{Facts, Format, MediaKind};
use griot_domain::recipe::VideoRecipe;
use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{AnimationDecoder, Frames, ImageDecoder, RgbaImage};

use super::command::Input;
use super::job::{Job, Wanted};
use super::plan::Plan;
use super::scratch::Scratch;
use super::sight::Shown;
use super::{Ffmpeg, Rendered, capable, rendered};
use crate::progress::Part;
use crate::reel::Light;
use crate::turn::Turn;
use crate::{Error, Limits, OverLimit, Progress, Unsupported, probe};

/// Frames a second: every usual delay of an animation is kept to a sixtieth of a second.
const RATE: u32 = 30;
/// The rate for animations that are quicker, where the network takes it.
const QUICK: u32 = 50;
/// A delay of less than this, in milliseconds, is shown as [`SLOW_MS`], as browsers do.
const LEAST_MS: u64 = 11;
const SLOW_MS: u64 = 100;

/// Makes a film of an animated picture by a recipe; transparent parts become white. The recipe's trim, sound and
/// subtitles do not apply.
///
/// # Errors
/// The source is no animation, damaged or over a limit; ffmpeg is missing or failed; the byte limit cannot be met; or the
/// work was cancelled.
pub fn from_animation(
    ffmpeg: Option<&Ffmpeg>,
    source: &Path,
    recipe: &VideoRecipe,
    out: &Path,
    scratch: &Path,
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<Rendered, Error> {
    limits.size(recipe.width, recipe.height)?;
    let facts = probe::probe(source, limits)?;
    if !facts.animated {
        return Err(Error::Unsupported(Unsupported::StillForAnimation));
    }
    let (ffmpeg, encoder) = capable(ffmpeg)?;
    let format = facts.format;
    // The canvas, the frame before and the frame now.
    limits.alloc(u64::from(facts.width) * u64::from(facts.height) * 4 * 3)?;
    progress.report(0.0)?;
    let times = guarded(|| times(source, format, limits))?;
    let rate = rate(&times, recipe.max_fps);
    let film = Facts {
        kind: MediaKind::Video,
        duration_ms: Some(times.iter().sum()),
        fps: Some(f64::from(rate)),
        audio_codec: None,
        metadata: Vec::new(),
        ..facts
    };
    let recipe = VideoRecipe { from_ms: None, to_ms: None, subtitles: None, ..recipe.clone() };
    let mut plan = Plan::new(&film, Turn::NONE, Shown::RGB, &recipe)?;
    if !plan.thinned {
        plan.rate = (rate, 1);
    }
    let feeder = |to: &mut dyn Write| feed(source, format, rate, limits, to);
    let work = Scratch::new(scratch)?;
    let job = Job {
        ffmpeg,
        encoder,
        from: Input::Frames((film.width, film.height), (rate, 1)),
        feeder: Some(&feeder),
        light: Light::Sdr,
        seen: None,
        cues: None,
        limits,
        work: &work,
    };
    let mut wanted = [Wanted { plan, limit: recipe.max_bytes, out, loudness: None }];
    job.convert(&mut wanted, &Part::new(progress, 0.05, 1.0))?;
    progress.report(1.0)?;
    rendered(out, None, limits)
}

/// The milliseconds of each frame.
fn times(source: &Path, format: Format, limits: &Limits) -> Result<Vec<u64>, Error> {
    let mut times = Vec::new();
    let mut sum = 0;
    for frame in frames(source, format, limits)? {
        let time = delay(&frame.map_err(damaged)?);
        times.push(time);
        sum += time;
        limits.duration(sum)?;
    }
    Ok(times)
}

fn rate(times: &[u64], most: Option<f64>) -> u32 {
    let quickest = times.iter().min().copied().unwrap_or(SLOW_MS);
    if quickest * u64::from(RATE) < 1000 && most.is_some_and(|most| most >= f64::from(QUICK)) {
        QUICK
    } else {
        RATE
    }
}

/// Writes every frame as often as it is shown.
fn feed(source: &Path, format: Format, rate: u32, limits: &Limits, to: &mut dyn Write) -> Result<(), Error> {
    let (mut written, mut until) = (0u64, 0u64);
    for frame in frames(source, format, limits)? {
        let frame = frame.map_err(damaged)?;
        until += delay(&frame);
        let pixels = opaque(frame.buffer());
        // The last moment of a film shorter than a frame still is one.
        while written * 1000 < until * u64::from(rate) {
            to.write_all(&pixels)?;
            written += 1;
        }
    }
    Ok(())
}

fn delay(frame: &image::Frame) -> u64 {
    let (ms, per) = frame.delay().numer_denom_ms();
    match u64::from(ms) / u64::from(per.max(1)) {
        quick if quick < LEAST_MS => SLOW_MS,
        ms => ms,
    }
}

/// Three bytes a pixel, on white.
fn opaque(picture: &RgbaImage) -> Vec<u8> {
    let blend = |c: u8, a: u8| {
        let (c, a) = (u16::from(c), u16::from(a));
        ((c * a + 255 * (255 - a) + 127) / 255) as u8
    };
    picture.pixels().flat_map(|p| [blend(p[0], p[3]), blend(p[1], p[3]), blend(p[2], p[3])]).collect()
}

/// The frames of an animation, each on the whole canvas, decoded as they are asked for.
fn frames(source: &Path, format: Format, limits: &Limits) -> Result<Frames<'static>, Error> {
    let file = BufReader::new(File::open(source)?);
    let mut own = image::Limits::default();
    own.max_alloc = Some(limits.max_alloc);
    Ok(match format {
        Format::Gif => {
            let mut decoder = GifDecoder::new(file).map_err(damaged)?;
            decoder.set_limits(own).map_err(damaged)?;
            decoder.into_frames()
        }
        Format::Png => {
            PngDecoder::with_limits(file, own).and_then(PngDecoder::apng).map_err(damaged)?.into_frames()
        }
        Format::Webp => {
            let mut decoder = WebPDecoder::new(file).map_err(damaged)?;
            decoder.set_limits(own).map_err(damaged)?;
            decoder.into_frames()
        }
        other => return Err(Error::Unsupported(Unsupported::Animation(other))),
    })
}

fn damaged(error: image::ImageError) -> Error {
    match error {
        image::ImageError::Limits(e) => Error::OverLimit(OverLimit::Decoder(e.to_string())),
        image::ImageError::Unsupported(e) => Error::Unsupported(Unsupported::Decoder(e.to_string())),
        image::ImageError::IoError(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => Error::Io(e),
        other => Error::Damaged(other.to_string()),
    }
}

/// Decoders of others run here, on hostile bytes.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::Bug("a decoder panicked on an animation".into())))
}
