//! One film on its way through ffmpeg: all renditions of the same part in one run, those that came out too large again,
//! each alone, until they fit.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use griot_domain::recipe::VideoRecipe;

use super::budget::Measured;
use super::command::{self, Input, Output};
use super::encode::Pass;
use super::loudness::Loudness;
use super::original::Frames;
use super::plan::{Plan, kept};
use super::scratch::{Scratch, place};
use super::sight::Seen;
use super::{Encoder, Ffmpeg, check, graph, hdr, strip, subtitles};
use crate::progress::Part;
use crate::reel::Light;
use crate::{Cancelled, Error, Limits, OverLimit, Progress, fonts, mp4, source};

/// Passes over a film that has to get under a byte limit, after the first.
const PASSES: i32 = 4;

/// Writes the frames that ffmpeg reads, as often as it is asked to.
pub(super) type Feeder<'a> = &'a (dyn Fn(&mut dyn Write) -> Result<(), Error> + Sync);

/// What every run of one film needs.
pub(super) struct Job<'a> {
    pub(super) ffmpeg: &'a Ffmpeg,
    pub(super) encoder: Encoder,
    pub(super) from: Input<'a>,
    pub(super) feeder: Option<Feeder<'a>>,
    pub(super) light: Light,
    /// The first frame of what comes in, where ffmpeg decodes it.
    pub(super) seen: Option<&'a Seen>,
    pub(super) cues: Option<&'a [subtitles::Cue]>,
    pub(super) limits: &'a Limits,
    pub(super) work: &'a Scratch,
}

/// One rendition to make.
pub(super) struct Wanted<'a> {
    pub(super) plan: Plan,
    pub(super) limit: Option<u64>,
    pub(super) out: &'a Path,
    /// How loud its part of the film is, when it is to be levelled.
    pub(super) loudness: Option<Loudness>,
}

impl Job<'_> {
    /// Makes renditions of one part of the film. Each gets to its place as soon as it is finished, also when a later one
    /// fails.
    pub(super) fn convert(&self, wanted: &mut [Wanted<'_>], progress: &dyn Progress) -> Result<(), Error> {
        if self.light != Light::Sdr {
            fs::write(self.work.path.join(graph::LIGHT), hdr::table(self.light))?;
        }
        let limited = wanted.iter().any(|w| w.limit.is_some());
        let first = Part::new(progress, 0.0, if limited { 0.5 } else { 0.98 });
        let mut large = Vec::new();
        let fits = |w: &Wanted<'_>| w.limit.is_none_or(|limit| w.plan.may_fit(limit));
        let together: Vec<usize> = (0..wanted.len()).filter(|n| fits(&wanted[*n])).collect();
        large.extend((0..wanted.len()).filter(|n| !together.contains(n)).map(|n| (n, None)));
        if !together.is_empty() {
            let pass = |n: usize| if wanted[n].limit.is_some() { self.first() } else { Pass::Only };
            let jobs: Vec<_> = together.iter().map(|n| (*n, &wanted[*n], pass(*n))).collect();
            let complaints = self.encode(&jobs, &first)?;
            for (at, n) in together.into_iter().enumerate() {
                let (file, measured) = self.finish(at, Some((&wanted[n].plan, &complaints)))?;
                match wanted[n].limit {
                    Some(limit) if measured.whole > limit => large.push((n, Some(measured))),
                    _ => place(&file, wanted[n].out)?,
                }
            }
        }
        let rest = Part::new(progress, if limited { 0.5 } else { 0.98 }, 1.0);
        let count = large.len();
        // One that cannot get small enough does not keep the others from it.
        let mut failed = None;
        for (at, (n, measured)) in large.into_iter().enumerate() {
            match self.squeeze(&mut wanted[n], n, measured, &Part::of(&rest, at, count)) {
                Err(e @ Error::OverLimit(_)) => failed = Some(e),
                other => other?,
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// The pass that another can learn from, where the encoder knows such.
    fn first(&self) -> Pass {
        if self.encoder == Encoder::X264 { Pass::First } else { Pass::Only }
    }

    /// Encodes one film again and again, each time by what was measured, until it fits and wastes little.
    fn squeeze(
        &self,
        wanted: &mut Wanted<'_>,
        number: usize,
        mut measured: Option<Measured>,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        let limit = wanted.limit.unwrap_or(u64::MAX);
        let best_file = self.work.path.join("best.mp4");
        let mut best = None;
        let mut known = measured.is_some();
        for pass in 0..PASSES {
            match wanted.plan.aim(limit, measured) {
                Ok(shrunk) => known &= !shrunk,
                Err(_) if best.is_some() => break,
                Err(e) => return Err(e),
            }
            let kind = if known && self.first() == Pass::First { Pass::Second } else { self.first() };
            // Half of the way for each pass: there are rarely more than two, and it must never run backwards.
            let rest = 0.5_f32.powi(pass);
            let progress = Part::new(progress, 1.0 - rest, 1.0 - rest / 2.0);
            let complaints = self.encode(&[(number, wanted, kind)], &progress)?;
            let (file, now) = self.finish(0, Some((&wanted.plan, &complaints)))?;
            if now.whole <= limit && best.is_none_or(|best| now.whole > best) {
                fs::rename(&file, &best_file)?;
                best = Some(now.whole);
            }
            // A film that needs no more bits does not grow with them.
            let stuck =
                best.is_some() && measured.is_some_and(|m| m.whole.abs_diff(now.whole) * 200 < now.whole);
            if now.is_enough(limit) || stuck {
                break;
            }
            (measured, known) = (Some(now), true);
        }
        if best.is_none() {
            return Err(Error::OverLimit(OverLimit::FilmBytes(limit)));
        }
        place(&best_file, wanted.out)
    }

    /// One run of ffmpeg: each film has a number, which its files in the scratch folder carry.
    /// What it complained about comes back.
    fn encode(
        &self,
        films: &[(usize, &Wanted<'_>, Pass)],
        progress: &dyn Progress,
    ) -> Result<Vec<String>, Error> {
        let mut outputs = Vec::with_capacity(films.len());
        for (number, wanted, pass) in films {
            let plan = &wanted.plan;
            let words = match self.cues {
                Some(cues) => {
                    let name = format!("words-{number}.ass");
                    let text = subtitles::ass(cues, (plan.width, plan.height), plan.from_ms);
                    fs::write(self.work.path.join(&name), text)?;
                    fonts::write(&self.work.path.join(graph::FONTS))?;
                    Some(name)
                }
                None => None,
            };
            let level = wanted.loudness.as_ref().map(Loudness::filter);
            outputs.push(Output { plan, words, level, pass: *pass, number: *number });
        }
        let args = command::convert(&self.from, &outputs, self.encoder)?;
        let length = films.first().map_or(0, |(_, wanted, _)| wanted.plan.length_ms);
        self.run(&args, length, progress)
    }

    /// Copies the frames of a film as they are and writes its sound anew. Says whether that gave a sound film: the frames
    /// of some start later than their sound, which only an edit list could tell.
    pub(super) fn copy(
        &self,
        recipe: &VideoRecipe,
        frames: Frames,
        loudness: Option<&Loudness>,
        out: &Path,
        progress: &dyn Progress,
    ) -> Result<bool, Error> {
        /// With the 21 ms by which the encoder of the sound itself is late, the 60 ms that broadcasters allow (EBU R 37).
        const TOGETHER_MS: u64 = 39;
        let Input::Film(original) = &self.from else { return Ok(false) };
        let part = kept(&original.facts, recipe)?;
        let has_sound = original.facts.audio_codec.is_some() && !recipe.mute;
        let level = loudness.map(Loudness::filter);
        let args = command::copy(original, part, frames, has_sound, level.as_deref())?;
        match self.run(&args, part.1, progress) {
            Err(Error::FfmpegFailed(_)) => return Ok(false),
            other => drop(other?),
        }
        let raw =
            mp4::read(&mut source::open(&self.work.path.join(command::out(0)), self.limits)?, self.limits)?;
        let late = raw.picture().map_or(0, |track| track.late_ms.unsigned_abs());
        // Other containers tell only now whether their frames come evenly.
        let even = raw.picture().is_some_and(|track| !track.uneven);
        let lasts = raw.duration_ms().abs_diff(part.1);
        let (file, measured) = self.finish(0, None)?;
        let fits = recipe.max_bytes.is_none_or(|limit| measured.whole <= limit);
        let sound = fits && even && late <= TOGETHER_MS && lasts < 150;
        if sound {
            place(&file, out)?;
        }
        Ok(sound)
    }

    /// Gives the film of a run its final form, weighs it, and holds one that was encoded against its plan.
    fn finish(&self, at: usize, by: Option<(&Plan, &[String])>) -> Result<(PathBuf, Measured), Error> {
        let file = self.work.path.join(format!("finished-{at}.mp4"));
        strip::copy(&self.work.path.join(command::out(at)), &file, strip::Keep::Own)?;
        let whole = fs::metadata(&file)?.len();
        if let Some((plan, complaints)) = by {
            let source = check::Source { seen: self.seen, complaints };
            check::made(self.ffmpeg, &file, plan, &source, &self.work.path, self.limits)?;
        }
        let movie = mp4::read(&mut source::open(&file, self.limits)?, self.limits)?;
        Ok((file, Measured { whole, picture: movie.picture().map_or(0, |track| track.bytes) }))
    }

    fn run(
        &self,
        args: &[std::ffi::OsString],
        length_ms: u64,
        progress: &dyn Progress,
    ) -> Result<Vec<String>, Error> {
        let whole = length_ms.max(1) as f32 * 1000.0;
        let mut done = 0.0;
        let mut watch = |line: &str| -> Result<(), Cancelled> {
            if let Some(at) = line.strip_prefix("out_time_us=").and_then(|at| at.parse::<i64>().ok()) {
                done = (at.max(0) as f32 / whole).clamp(done, 1.0);
            }
            progress.report(done)
        };
        let mut feed = self.feeder.map(|feeder| move |to: &mut dyn Write| feeder(to));
        let feed = feed.as_mut().map(|feed| feed as crate::ffmpeg::Feed<'_>);
        self.ffmpeg.run(args, &self.work.path, feed, &mut watch)
    }
}
