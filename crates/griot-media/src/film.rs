//! Films for the networks: MP4 with H.264 High yuv420p and AAC 48 kHz, upright, square pixels, ordinary light, constant
//! frame rate, index first, no edit list, no metadata, in the frame and under the byte limit.
//!
//! Three ways lead there, the cheapest that does is taken: a film that already is all that goes out as a copy without its
//! metadata, made here without ffmpeg; one whose picture is right has its frames copied by ffmpeg; everything else is
//! encoded, all renditions of one part of a film in one run. The container is recognised before ffmpeg sees the file, and
//! ffmpeg is told which demuxer to use: a playlist in disguise never makes it open a second file.

mod animation;
mod budget;
mod check;
mod command;
mod encode;
mod frames;
mod graph;
mod hdr;
mod job;
mod loudness;
mod original;
mod plan;
mod scratch;
mod sight;
mod strip;
mod subtitles;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use griot_domain::asset::{Facts, Format};
use griot_domain::recipe::VideoRecipe;

pub use self::animation::from_animation;
pub use self::frames::{frame, strip_of_frames, thumbnail};
pub use self::plan::fits;
pub use self::strip::strip;
pub use self::subtitles::{Fault, Skipped, Subtitles, Why, parse as parse_subtitles, read as read_subtitles};
use crate::ffmpeg::Encoder;
pub use crate::ffmpeg::Ffmpeg;
use crate::progress::Part;
use crate::reel::Light;
use crate::{Error, Lack, Limits, Progress, probe};
use command::Input;
use job::{Job, Wanted};
use original::{Frames, Original};
use plan::Plan;
use scratch::Scratch;
use sight::{Seen, Shown};
use strip::Keep;

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
    /// An SRT or WebVTT file to burn in, timed from the start of the original. A recipe that names subtitles needs it.
    pub subtitles: Option<PathBuf>,
    /// The moment of the cover frame, in milliseconds from the start of the original, where the recipe names none.
    pub cover_ms: Option<u64>,
}

/// Whether a rendition can only be made with ffmpeg.
#[must_use]
pub fn needs_ffmpeg(facts: &Facts, recipe: &VideoRecipe, extras: &Extras) -> bool {
    let cover = recipe.cover_ms.or(extras.cover_ms).is_some();
    cover || extras.subtitles.is_some() || !fits(facts, recipe)
}

/// Makes all renditions of one film. `outs` are the files to make, one per recipe; each appears whole or not at all, and
/// stays when a later one fails. `scratch` is a folder for what is half-made; nothing stays in it.
///
/// # Errors
/// The source is not a film, damaged or over a limit; ffmpeg is needed and missing, lacks something, or failed; the
/// subtitles are no subtitles; the byte limit cannot be met; or the work was cancelled (ffmpeg has then ended, and what
/// was half-made is gone).
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
    for recipe in recipes {
        limits.size(recipe.width, recipe.height)?;
        if recipe.subtitles.is_some() && extras.subtitles.is_none() {
            return Err(Error::Bug("a recipe names subtitles whose file nobody gave".into()));
        }
    }
    let original = Original::open(source, limits)?;
    let cues = match &extras.subtitles {
        Some(path) => Some(subtitles::read(path)?.cues),
        None => None,
    };
    let plain = |n: &usize| cues.is_none() && fits(&original.facts, &recipes[*n]);
    let (easy, hard): (Vec<usize>, Vec<usize>) = (0..recipes.len()).partition(plain);
    for n in easy {
        strip::copy(source, &outs[n], if recipes[n].mute { Keep::Picture } else { Keep::All })?;
        progress.report(0.0)?;
    }
    let films: Vec<_> = hard.into_iter().map(|n| (&recipes[n], outs[n].as_path())).collect();
    if !films.is_empty() {
        let (ffmpeg, encoder) = capable(ffmpeg)?;
        if cues.is_some() && !ffmpeg.burns_subtitles() {
            return Err(Error::FfmpegLacks(Lack::Subtitles));
        }
        let tools = Tools { ffmpeg, encoder, cues: cues.as_deref(), scratch, limits };
        tools.convert(original, films, &Part::new(progress, 0.0, 0.97))?;
    }
    let mut made = Vec::with_capacity(outs.len());
    for (recipe, out) in recipes.iter().zip(outs) {
        let at = recipe.cover_ms.or(extras.cover_ms);
        let cover = at.map(|at| cover(ffmpeg, recipe, at, out, scratch, limits)).transpose()?;
        made.push(rendered(out, cover, limits)?);
    }
    progress.report(1.0)?;
    Ok(made)
}

/// What the work of one call needs.
struct Tools<'a> {
    ffmpeg: &'a Ffmpeg,
    encoder: Encoder,
    cues: Option<&'a [subtitles::Cue]>,
    scratch: &'a Path,
    limits: &'a Limits,
}

impl Tools<'_> {
    /// Makes the renditions that need ffmpeg: those of the same part of the film together.
    fn convert(
        &self,
        mut original: Original<'_>,
        films: Vec<(&VideoRecipe, &Path)>,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let work = Scratch::new(self.scratch)?;
        let sight = original.shown(self.ffmpeg, &work.path)?;
        // Some containers do not say how quick they are; what decodes them has a guess.
        original.facts.fps = original.facts.fps.or(sight.0.fps);
        let all = films.len();
        let mut parts: Vec<((u64, u64), Vec<_>)> = Vec::new();
        for film in films {
            let kept = plan::kept(&original.facts, film.0)?;
            match parts.iter_mut().find(|(part, _)| *part == kept) {
                Some((_, films)) => films.push(film),
                None => parts.push((kept, vec![film])),
            }
        }
        let mut before = 0;
        for (part, films) in parts {
            let share = |n: usize| n as f32 / all as f32;
            let progress = Part::new(progress, share(before), share(before + films.len()));
            before += films.len();
            self.convert_part(&original, &sight, (part, films), &progress)?;
        }
        Ok(())
    }

    fn convert_part(
        &self,
        original: &Original<'_>,
        (seen, shown): &(Seen, Shown),
        (part, films): ((u64, u64), Vec<(&VideoRecipe, &Path)>),
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let work = Scratch::new(self.scratch)?;
        let job = Job {
            ffmpeg: self.ffmpeg,
            encoder: self.encoder,
            from: Input::Film(original),
            feeder: None,
            light: shown.light,
            seen: Some(seen),
            cues: self.cues,
            limits: self.limits,
            work: &work,
        };
        let heard = |recipe: &VideoRecipe| original.facts.audio_codec.is_some() && !recipe.mute;
        let levelled = films.iter().any(|(recipe, _)| recipe.level && heard(recipe));
        let mut watch = |_: &str| progress.report(0.0);
        let loudness = if levelled {
            loudness::listen(self.ffmpeg, original, part, &work.path, &mut watch)?
        } else {
            None
        };
        let mut wanted = Vec::with_capacity(films.len());
        for (recipe, out) in films {
            let loudness = loudness.clone().filter(|_| recipe.level);
            if let Some(frames) = self.copies(original, shown, recipe, part)?
                && job.copy(recipe, frames, loudness.as_ref(), out, &Part::new(progress, 0.0, 0.01))?
            {
                continue;
            }
            let plan = Plan::new(&original.facts, original.turn, *shown, recipe)?;
            wanted.push(Wanted { plan, limit: recipe.max_bytes, out, loudness });
        }
        if wanted.is_empty() { Ok(()) } else { job.convert(&mut wanted, &Part::new(progress, 0.01, 1.0)) }
    }

    /// Which frames of a part of a film can be copied as they are.
    fn copies(
        &self,
        original: &Original<'_>,
        shown: &Shown,
        recipe: &VideoRecipe,
        part: (u64, u64),
    ) -> Result<Option<Frames>, Error> {
        let facts = &original.facts;
        // AVI knows no order of showing, and WebM no H.264.
        let carries = matches!(facts.format, Format::Mp4 | Format::Mov | Format::ThreeGp | Format::Mkv);
        let single = !facts.metadata.iter().any(|kind| kind == "edits");
        let share = part.1 as f64 / facts.duration_ms.unwrap_or(1).max(1) as f64;
        let may_fit = recipe.max_bytes.is_none_or(|limit| facts.bytes as f64 * share * 0.9 <= limit as f64);
        let ordinary = shown.light == Light::Sdr && shown.weave.is_none() && !shown.full && !shown.alpha;
        let plain = ordinary && self.cues.is_none() && plan::shown_as_it_is(facts, recipe);
        if carries && single && may_fit && plain { original.frames_of(part, self.limits) } else { Ok(None) }
    }
}

/// ffmpeg and what it encodes with.
fn capable(ffmpeg: Option<&Ffmpeg>) -> Result<(&Ffmpeg, Encoder), Error> {
    let ffmpeg = ffmpeg
        .ok_or_else(|| Error::Ffmpeg { missing: "this film must be converted, which needs it".into() })?;
    let encoder = ffmpeg.encoder().ok_or(Error::FfmpegLacks(Lack::Encoder))?;
    Ok((ffmpeg, encoder))
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
    let missing = || Error::Ffmpeg { missing: "a cover is taken from the film with it".into() };
    let out = film.with_extension("jpg");
    let at = at_ms.saturating_sub(recipe.from_ms.unwrap_or(0));
    frame(ffmpeg.ok_or_else(missing)?, film, at, &out, scratch, limits)?;
    Ok(out)
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
