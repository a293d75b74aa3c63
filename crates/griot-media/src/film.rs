//! Films for the networks: MP4 with H.264 High yuv420p and AAC 48 kHz, upright, square pixels, constant frame rate,
//! index first, no edit list, no metadata, in the frame and under the byte limit.
//!
//! A film that already is all that goes out as a copy without its metadata, made here without ffmpeg; everything else
//! goes through the ffmpeg process. The container is recognised before ffmpeg sees the file, and ffmpeg is told which
//! demuxer to use: a playlist in disguise never makes it open a second file. Recipes are rendered one after the other;
//! a shared decode belongs into `render`.

mod command;
mod plan;
mod strip;
mod subtitles;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use griot_domain::asset::{Facts, Format, MediaKind};
use griot_domain::recipe::{Fit, ImageFormat, ImageRecipe, VideoRecipe};

pub use self::plan::fits;
pub use self::strip::strip;
pub use self::subtitles::count as count_cues;
pub use crate::ffmpeg::Ffmpeg;
use crate::progress::Part;
use crate::{Cancelled, Error, Limits, Progress, probe, still};
use plan::Plan;

/// A finished film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Where it is.
    pub path: PathBuf,
    /// Size of the file.
    pub bytes: u64,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Length in milliseconds.
    pub duration_ms: u64,
    /// Codec of the picture.
    pub video: String,
    /// Codec of the sound, when there is any.
    pub audio: Option<String>,
    /// The cover frame as JPEG (the film's path with the ending `jpg`), when one was asked for.
    pub cover: Option<PathBuf>,
}

/// What goes into every rendition of one film besides its recipe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// An SRT or WebVTT file to burn in, timed from the start of the original.
    pub subtitles: Option<PathBuf>,
    /// The moment of the cover frame, in milliseconds from the start of the original.
    pub cover_ms: Option<u64>,
}

/// Passes over a film that has to get under a byte limit.
const PASSES: usize = 4;
/// Quality of a cover frame.
const COVER_QUALITY: u8 = 88;
/// The widest single frame, in pixels.
const FRAME_WIDTH: u32 = 1280;

/// Makes all renditions of one film. `outs` are the files to make, one per recipe; each appears whole or not at all.
/// `scratch` is a folder for what is half-made; nothing stays in it.
///
/// # Errors
/// The source is not a film, damaged or over a limit; ffmpeg is needed and missing, or failed; the subtitles are no
/// subtitles; the byte limit cannot be met; or the work was cancelled (ffmpeg has then ended, and what was half-made is
/// gone).
#[expect(
    clippy::too_many_arguments,
    reason = "one call with everything that a film depends on, as the pictures' has"
)]
pub fn render(
    ffmpeg: Option<&Ffmpeg>,
    source: &Path,
    recipes: &[VideoRecipe],
    outs: &[PathBuf],
    extras: &Extras,
    scratch: &Path,
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<Vec<Rendered>, Error> {
    if recipes.len() != outs.len() {
        return Err(Error::Bug(format!("{} recipes for {} files", recipes.len(), outs.len())));
    }
    progress.report(0.0)?;
    let facts = film_facts(source, limits)?;
    let cues = match &extras.subtitles {
        Some(path) => Some(subtitles::read(path)?),
        None => None,
    };
    let mut made = Vec::with_capacity(recipes.len());
    for (index, (recipe, out)) in recipes.iter().zip(outs).enumerate() {
        let part = Part::of(progress, index, recipes.len());
        limits.size(recipe.width, recipe.height)?;
        if cues.is_none() && fits(&facts, recipe) {
            strip(source, out)?;
        } else {
            let work = Scratch::new(scratch, index)?;
            let job = Job { ffmpeg: capable(ffmpeg)?, source, facts: &facts, work: &work, limits };
            job.convert(recipe, cues.as_deref(), out, &part)?;
        }
        let cover = match extras.cover_ms {
            Some(at) => Some(cover(ffmpeg, recipe, at, out, scratch, limits)?),
            None => None,
        };
        made.push(rendered(out, cover, limits)?);
        part.report(1.0)?;
    }
    Ok(made)
}

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
    let facts = film_facts(source, limits)?;
    let size = frame_side(facts.width, facts.height);
    let picture = still_of(ffmpeg, source, &facts, (at_ms, size, COVER_QUALITY), scratch, limits)?;
    let part = beside(out);
    fs::write(&part, &picture.bytes)?;
    fs::rename(&part, out)?;
    Ok(picture)
}

/// The long side of a single frame: as wide as a page shows it, and never larger than the film.
fn frame_side(width: u32, height: u32) -> u32 {
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
    let facts = film_facts(source, limits)?;
    let at = (facts.duration_ms.unwrap_or(0) / 3).min(1000);
    still_of(ffmpeg, source, &facts, (at, long_side, 80), scratch, limits)
}

fn film_facts(source: &Path, limits: &Limits) -> Result<Facts, Error> {
    let facts = probe::probe(source, limits)?;
    if facts.kind != MediaKind::Video {
        return Err(Error::Unsupported("a picture where a film is wanted".into()));
    }
    Ok(facts)
}

fn capable(ffmpeg: Option<&Ffmpeg>) -> Result<&Ffmpeg, Error> {
    let ffmpeg = ffmpeg
        .ok_or_else(|| Error::Ffmpeg { missing: "this film must be converted, which needs it".into() })?;
    if !ffmpeg.writes_h264() {
        let version = ffmpeg.version();
        return Err(Error::Ffmpeg { missing: format!("version {version} is there, without libx264") });
    }
    Ok(ffmpeg)
}

/// One film on its way through ffmpeg.
struct Job<'a> {
    ffmpeg: &'a Ffmpeg,
    source: &'a Path,
    facts: &'a Facts,
    work: &'a Scratch,
    limits: &'a Limits,
}

impl Job<'_> {
    /// Encodes until the file fits, then moves it into place.
    fn convert(
        &self,
        recipe: &VideoRecipe,
        cues: Option<&[subtitles::Cue]>,
        out: &Path,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let mut plan = Plan::new(self.facts, recipe)?;
        let (raw, file) = (self.work.path.join(command::OUT), self.work.path.join("finished.mp4"));
        for pass in 0..PASSES {
            if let Some(cues) = cues {
                let text = subtitles::ass(cues, (plan.width, plan.height), plan.from_ms);
                fs::write(self.work.path.join(command::SUBTITLES), text)?;
            }
            // Half of the way for each pass: there are rarely more than two, and it must never run backwards.
            let rest = 0.5_f32.powi(pass as i32);
            let part = if recipe.max_bytes.is_some() {
                Part::new(progress, 1.0 - rest, 1.0 - rest / 2.0)
            } else {
                Part::new(progress, 0.0, 0.98)
            };
            let args = command::convert(self.source, &plan, cues.is_some())?;
            self.run(&args, plan.length_ms, &part)?;
            strip::copy(&raw, &file, strip::Edits::Dropped)?;
            let size = fs::metadata(&file)?.len();
            if recipe.max_bytes.is_none_or(|limit| size <= limit) {
                probe::probe(&file, self.limits)?;
                return place(&file, out);
            }
            plan.squeeze(size)?;
        }
        let limit = recipe.max_bytes.unwrap_or_default();
        Err(Error::OverLimit(format!("the film did not get under {limit} bytes")))
    }

    fn run(&self, args: &[std::ffi::OsString], length_ms: u64, progress: &dyn Progress) -> Result<(), Error> {
        let whole = length_ms.max(1) as f32 * 1000.0;
        let mut done = 0.0;
        self.ffmpeg.run(args, &self.work.path, &mut |line: &str| -> Result<(), Cancelled> {
            if let Some(at) = line.strip_prefix("out_time_us=").and_then(|at| at.parse::<i64>().ok()) {
                done = (at.max(0) as f32 / whole).clamp(done, 1.0);
            }
            progress.report(done)
        })
    }
}

/// The cover frame of a finished film, at a moment of the original.
fn cover(
    ffmpeg: Option<&Ffmpeg>,
    recipe: &VideoRecipe,
    at_ms: u64,
    film: &Path,
    scratch: &Path,
    limits: &Limits,
) -> Result<PathBuf, Error> {
    let out = film.with_extension("jpg");
    let at = at_ms.saturating_sub(recipe.from_ms.unwrap_or(0));
    frame(capable(ffmpeg)?, film, at, &out, scratch, limits)?;
    Ok(out)
}

/// One frame through ffmpeg, then through the picture renderer, so that it is like every other picture.
fn still_of(
    ffmpeg: &Ffmpeg,
    source: &Path,
    facts: &Facts,
    (at_ms, long_side, quality): (u64, u32, u8),
    scratch: &Path,
    limits: &Limits,
) -> Result<still::Rendered, Error> {
    let work = Scratch::new(scratch, usize::MAX)?;
    let png = work.path.join(command::FRAME);
    let last = facts.duration_ms.unwrap_or(0).saturating_sub(1);
    // Near the end there may be no frame left to find: then a little earlier, and at last the first one.
    for at in [at_ms.min(last), last.saturating_sub(500).min(at_ms), 0] {
        ffmpeg.run(&command::frame(source, facts, at)?, &work.path, &mut |_| Ok(()))?;
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

fn rendered(path: &Path, cover: Option<PathBuf>, limits: &Limits) -> Result<Rendered, Error> {
    let facts = probe::probe(path, limits)?;
    if facts.format != Format::Mp4 {
        return Err(Error::Bug("the finished film is no MP4".into()));
    }
    Ok(Rendered {
        path: path.to_path_buf(),
        bytes: facts.bytes,
        width: facts.width,
        height: facts.height,
        duration_ms: facts.duration_ms.unwrap_or(0),
        video: facts.video_codec.unwrap_or_default(),
        audio: facts.audio_codec,
        cover,
    })
}

/// A folder that is gone, with all that is in it, when the work ends, however it ends.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new(folder: &Path, number: usize) -> Result<Self, Error> {
        // Two films may share the folder: the first free name is taken, atomically.
        for attempt in 0..10_000 {
            let path = std::path::absolute(folder)?.join(format!("film-{number}-{attempt}"));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e.into()),
            }
        }
        Err(Error::Bug("the scratch folder is full of old work".into()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A file that somebody holds open stays for the next start to sweep.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Moves a finished file to its place in one step. From another disk it is first copied beside its place.
fn place(from: &Path, to: &Path) -> Result<(), Error> {
    fs::File::open(from)?.sync_all()?;
    if fs::rename(from, to).is_ok() {
        return Ok(());
    }
    let part = beside(to);
    let copied = fs::copy(from, &part)
        .and_then(|_| fs::OpenOptions::new().write(true).open(&part)?.sync_all())
        .and_then(|()| fs::rename(&part, to));
    if copied.is_err() {
        let _ = fs::remove_file(&part);
    }
    Ok(copied?)
}

/// The name of a file that is still being written, beside its place.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}
