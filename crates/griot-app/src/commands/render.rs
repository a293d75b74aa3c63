//! Renditions for people who script: files in, files out, no workspace, no cache.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use griot_domain::rules::preset;
use griot_domain::{Edit, Focus, Format, ImageRecipe, MediaKind, Recipe, VideoRecipe};
use griot_media::{film, probe::probe, still};

use crate::failure::Failure;
use crate::library::{files, limits};
use crate::studio::{Studio, lock};
use crate::wire::library::RefusedFile;
use crate::wire::media::{Removed, RenderDone, RenderRequest, RenditionView, VideoRequest};
use crate::words;

mod uses;

use uses::{Use, bad_use, uses};

pub(super) fn stills(studio: &Arc<Studio>, request: RenderRequest) -> Result<RenderDone, Failure> {
    let focus = match request.focus {
        None => Focus::CENTRE,
        Some((x, y)) => Focus::new(x, y).ok_or_else(|| bad_use(&format!("{x},{y}")))?,
    };
    let uses = uses(&request.uses, focus, request.max_bytes, (MediaKind::Image, request.edit.as_ref()))?;
    let out = folder(studio, &request.out)?;
    let job = studio.job(studio.lang().pick("Rendu", "Rendering"));
    let batch = Batch::new(studio, &request.files, &uses, &out);
    still::render_many(&batch.photos, &limits(), &job, &|n, made| batch.keep(n, made))?;
    let mut done =
        RenderDone { renditions: Vec::new(), removed: Vec::new(), refused: batch.lost, notes: Vec::new() };
    let stands_still = uses.iter().any(|usage| !usage.keeps_moving());
    for (n, kept) in batch.kept.into_inner().unwrap_or_else(PoisonError::into_inner) {
        match kept {
            Ok((views, removed)) => {
                let facts = stands_still.then(|| probe(&batch.photos[n].source, &limits()).ok()).flatten();
                done.notes.extend(
                    facts
                        .filter(|facts| facts.animated)
                        .map(|_| words::stood_still(batch.files[n].0, studio.lang())),
                );
                done.renditions.extend(views);
                done.removed.push(removed);
            }
            Err(refused) => done.refused.push(refused),
        }
    }
    Ok(done)
}

/// What became of one file.
type Kept = Result<(Vec<RenditionView>, Removed), RefusedFile>;

/// Files that are rendered side by side, each written as soon as it is made.
struct Batch<'a> {
    studio: &'a Studio,
    uses: &'a [Use],
    /// The files as they were named, and where their renditions go.
    files: Vec<(&'a str, Vec<PathBuf>)>,
    photos: Vec<still::Photo>,
    /// Files that are nowhere.
    lost: Vec<RefusedFile>,
    /// By the number of the photo.
    kept: Mutex<BTreeMap<usize, Kept>>,
}

impl<'a> Batch<'a> {
    fn new(studio: &'a Studio, files: &'a [String], uses: &'a [Use], out: &Path) -> Self {
        let images = |u: &Use| match &u.recipe {
            Recipe::Image(image) => Some(image.clone()),
            Recipe::Video(_) => None,
        };
        let recipes: Vec<ImageRecipe> = uses.iter().filter_map(images).collect();
        let mut taken = BTreeSet::new();
        let kept = Mutex::default();
        let mut batch = Self { studio, uses, files: Vec::new(), photos: Vec::new(), lost: Vec::new(), kept };
        for file in files {
            match studio.path_of(file) {
                Ok(source) => {
                    let mut place = |(usage, recipe): (&Use, &ImageRecipe)| {
                        free_name(out, &source, &usage.name, recipe.format.container(), &mut taken)
                    };
                    let places = uses.iter().zip(&recipes).map(&mut place).collect();
                    batch.files.push((file, places));
                    let recipes = filled(uses, &recipes, &source);
                    batch.photos.push(still::Photo { source, recipes });
                }
                Err(failure) => batch.lost.push(refusal(studio, file, failure)),
            }
        }
        batch
    }

    /// Writes what was made of a photo, or keeps why nothing was. One bad file never stops the others.
    fn keep(&self, n: usize, made: Result<still::Made, griot_media::Error>) {
        let (source, places) = &self.files[n];
        let kept = made.map_err(Failure::from).and_then(|made| self.write(source, places, made));
        let kept = kept.map_err(|failure| refusal(self.studio, source, failure));
        lock(&self.kept).insert(n, kept);
    }

    fn write(
        &self,
        source: &str,
        places: &[PathBuf],
        made: still::Made,
    ) -> Result<(Vec<RenditionView>, Removed), Failure> {
        let mut views = Vec::with_capacity(places.len());
        for ((usage, place), picture) in self.uses.iter().zip(places).zip(made.renditions) {
            files::write_whole(place, &picture.bytes)?;
            views.push(RenditionView {
                source: source.to_owned(),
                usage: usage.name.clone(),
                path: place.display().to_string(),
                width: picture.width,
                height: picture.height,
                bytes: picture.bytes.len() as u64,
                format: format_name(picture.format).to_owned(),
                quality: picture.quality,
                duration: None,
                video: None,
                audio: None,
                cover: None,
            });
        }
        Ok((views, Removed { source: source.to_owned(), metadata: made.metadata }))
    }
}

pub(super) fn film(studio: &Arc<Studio>, request: VideoRequest) -> Result<RenderDone, Failure> {
    // Subtitles of a post lie in a workspace; here they are a file.
    let edit = request.edit.map(|edit| Edit { subtitles: None, ..edit });
    let edit = edit.as_ref();
    let mut uses = uses(&request.uses, Focus::CENTRE, request.max_bytes, (MediaKind::Video, edit))?;
    let (from_ms, to_ms) = (millis(request.from)?, millis(request.to)?);
    for usage in &mut uses {
        if let Recipe::Video(video) = &mut usage.recipe {
            (video.from_ms, video.to_ms) = (from_ms.or(video.from_ms), to_ms.or(video.to_ms));
        }
    }
    let path = studio.path_of(&request.file)?;
    let out = folder(studio, &request.out)?;
    let extras = film::Extras {
        subtitles: request.subtitles.as_deref().map(|s| studio.path_of(s)).transpose()?,
        cover_ms: millis(request.cover)?,
    };
    let mut done =
        RenderDone { renditions: Vec::new(), removed: Vec::new(), refused: Vec::new(), notes: Vec::new() };
    if let (Some(place), Some(given)) = (&extras.subtitles, &request.subtitles) {
        // Before anything is made: a fault here is the subtitles', and never the video's.
        match film::read_subtitles(place) {
            Ok(read) => {
                done.notes = words::subtitles::notes(&read, studio.lang());
                let length = probe(&path, &limits()).ok().and_then(|facts| facts.duration_ms);
                let over = length.map_or(0, |length| read.beyond(length));
                done.notes.extend(words::subtitles::beyond(over, studio.lang()));
            }
            Err(griot_media::Error::Io(error)) => return Err(Failure::Io(place.clone(), error)),
            Err(error) => {
                let name =
                    place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                done.refused.push(refusal(studio, given, super::media::named(error, &name)));
                return Ok(done);
            }
        }
    }
    match make_film(studio, &path, &request.file, &uses, &out, &extras) {
        Ok((views, removed)) => {
            done.renditions = views;
            done.removed.push(removed);
        }
        Err(failure) if failure.blames_the_file() => {
            done.refused.push(refusal(studio, &request.file, failure));
        }
        Err(failure) => return Err(failure),
    }
    Ok(done)
}

fn make_film(
    studio: &Arc<Studio>,
    path: &Path,
    source: &str,
    uses: &[Use],
    out: &Path,
    extras: &film::Extras,
) -> Result<(Vec<RenditionView>, Removed), Failure> {
    let facts = probe(path, &limits())?;
    let mut taken = BTreeSet::new();
    let places: Vec<PathBuf> =
        uses.iter().map(|u| free_name(out, path, &u.name, Format::Mp4, &mut taken)).collect();
    let recipes: Vec<VideoRecipe> = uses
        .iter()
        .filter_map(|u| match &u.recipe {
            Recipe::Video(video) => Some(video.clone()),
            Recipe::Image(_) => None,
        })
        .collect();
    let needed = recipes.iter().any(|r| film::needs_ffmpeg(&facts, r, extras));
    let ffmpeg = if needed { Some(studio.ffmpeg()?) } else { None };
    let job = studio.job(studio.lang().pick("Vidéo", "Video"));
    let made = film::render(
        ffmpeg.as_ref(),
        path,
        &recipes,
        &places,
        extras,
        &studio.options.scratch,
        &limits(),
        &job,
    )?;
    let mut views = Vec::with_capacity(made.len());
    for (usage, film) in uses.iter().zip(made) {
        views.push(RenditionView {
            source: source.to_owned(),
            usage: usage.name.clone(),
            path: film.path.display().to_string(),
            width: film.width,
            height: film.height,
            bytes: film.bytes,
            format: "mp4".to_owned(),
            quality: None,
            duration: Some(seconds(film.duration_ms)),
            video: Some(film.video),
            audio: film.audio,
            cover: film.cover.map(|c| c.display().to_string()),
        });
    }
    Ok((views, Removed { source: source.to_owned(), metadata: facts.metadata }))
}

/// The recipes for one file: where a network counts pixels, a whole picture fills them. A file that is no picture is
/// refused when it is rendered.
fn filled(uses: &[Use], recipes: &[ImageRecipe], source: &Path) -> Vec<ImageRecipe> {
    let counts = |usage: &Use| preset(&usage.name).is_some_and(|(_, preset)| preset.area.is_some());
    if !uses.iter().any(counts) {
        return recipes.to_vec();
    }
    let Ok(facts) = griot_media::probe::probe(source, &limits()) else { return recipes.to_vec() };
    let one = |(usage, recipe): (&Use, &ImageRecipe)| match preset(&usage.name) {
        Some((rules, preset)) => {
            let full = Recipe::Image(recipe.clone());
            match preset.filled(full, rules, usage.edit.size((facts.width, facts.height), rules.network)) {
                Recipe::Image(image) => image,
                Recipe::Video(_) => recipe.clone(),
            }
        }
        None => recipe.clone(),
    };
    uses.iter().zip(recipes).map(one).collect()
}

fn millis(seconds: Option<f64>) -> Result<Option<u64>, Failure> {
    const LONGEST: f64 = 1e6;
    match seconds {
        None => Ok(None),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
        Some(s) if (0.0..=LONGEST).contains(&s) => Ok(Some((s * 1000.0).round() as u64)),
        Some(s) => Err(bad_use(&s.to_string())),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a film is shorter than 2^53 milliseconds")]
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

fn folder(studio: &Studio, given: &str) -> Result<PathBuf, Failure> {
    let out = studio.path_of(given)?;
    fs::create_dir_all(&out).map_err(Failure::io(&out))?;
    Ok(out)
}

/// `photo-instagram-portrait.jpg`; `-2`, `-3` where two sources of one call have the same name.
fn free_name(
    out: &Path,
    source: &Path,
    usage: &str,
    format: Format,
    taken: &mut BTreeSet<PathBuf>,
) -> PathBuf {
    let stem = source.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let usage: String = usage.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name = |n: usize| {
        let number = if n == 1 { String::new() } else { format!("-{n}") };
        out.join(format!("{stem}-{usage}{number}.{}", format.extension()))
    };
    let place = (1..).map(name).find(|p| !taken.contains(p)).expect("BUG: there is always a next number");
    taken.insert(place.clone());
    place
}

/// `jpeg`, `3gp`: the word of the format on the wire.
fn format_name(format: Format) -> &'static str {
    match format {
        Format::Jpeg => "jpeg",
        Format::Tiff => "tiff",
        other => other.extension(),
    }
}

fn refusal(studio: &Studio, file: &str, failure: Failure) -> RefusedFile {
    let error = studio.say(failure.located(Path::new(file)));
    RefusedFile { path: file.to_owned(), code: error.code, message: error.message }
}
