//! Many photos side by side. What is decoded at once is bounded, each result leaves as soon as it is made, and a bad
//! file costs only itself: a thousand photos take no more memory than ten.
//!
//! Photos have threads of their own, one for each core; their renditions share the pool that a single photo uses. A
//! thread of that pool never waits here, so the wait for memory cannot stand in its own way.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use griot_domain::recipe::ImageRecipe;

use super::{Opened, Rendered, Surroundings, made, sound};
use crate::progress::{Part, Sides};
use crate::{Error, Progress};

/// Pixels of decoded pictures at one time: 64 million are 192 MiB. A larger picture is decoded alone.
const IN_FLIGHT: u64 = 64_000_000;

/// A picture and what is to be made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// The file.
    pub source: PathBuf,
    /// The renditions.
    pub recipes: Vec<ImageRecipe>,
}

/// What was made of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// In the order of its recipes.
    pub renditions: Vec<Rendered>,
    /// Kinds of metadata that the original carries and no rendition does, as `Facts` names them.
    pub metadata: Vec<String>,
}

/// Makes the renditions of many photos. `done` hears of each photo by its number, once, in the order of finishing and
/// from several threads: what was made of it, or why nothing was.
///
/// # Errors
/// Only that somebody cancelled; photos that are not finished by then are not heard of.
pub fn render_many<'a>(
    photos: &[Photo],
    around: impl Into<Surroundings<'a>>,
    progress: &dyn Progress,
    done: &(dyn Fn(usize, Result<Made, Error>) + Sync),
) -> Result<(), Error> {
    let around = around.into();
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (gate, sides) = (Gate::default(), Sides::new(progress, photos.len()));
    progress.report(0.0)?;
    let work = || {
        while let Some((n, photo)) = claim(&next, photos)
            && !stopped.load(Ordering::Relaxed)
        {
            let part = sides.side(n);
            let result = one(photo, &around, &gate, &part);
            let result = match result {
                Err(Error::Cancelled) => return stopped.store(true, Ordering::Relaxed),
                other => other,
            };
            done(n, result);
            if part.report(1.0).is_err() {
                return stopped.store(true, Ordering::Relaxed);
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(photos.len());
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    if stopped.into_inner() { Err(Error::Cancelled) } else { Ok(()) }
}

fn claim<'a>(next: &AtomicUsize, photos: &'a [Photo]) -> Option<(usize, &'a Photo)> {
    let n = next.fetch_add(1, Ordering::Relaxed);
    photos.get(n).map(|photo| (n, photo))
}

fn one(
    photo: &Photo,
    around: &Surroundings<'_>,
    gate: &Gate,
    progress: &dyn Progress,
) -> Result<Made, Error> {
    sound(&photo.recipes, around.limits)?;
    progress.report(0.0)?;
    let opened = Opened::new(&photo.source, &photo.recipes, around.limits)?;
    let _pass = gate.enter(opened.pixels());
    let metadata = opened.header.metadata.clone().into_vec();
    let subject = opened.decode(around.limits)?;
    let renditions = made(&subject, &photo.recipes, around, &Part::new(progress, 0.4, 1.0))?;
    Ok(Made { renditions, metadata })
}

/// How many pixels are being worked on.
#[derive(Default)]
struct Gate {
    inside: Mutex<u64>,
    left: Condvar,
}

/// The right to hold that many pixels, given back when dropped.
struct Pass<'a> {
    gate: &'a Gate,
    pixels: u64,
}

impl Gate {
    /// Waits until there is room. Whoever is alone always gets in.
    fn enter(&self, pixels: u64) -> Pass<'_> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        while *inside > 0 && *inside + pixels > IN_FLIGHT {
            inside = self.left.wait(inside).unwrap_or_else(PoisonError::into_inner);
        }
        *inside += pixels;
        Pass { gate: self, pixels }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        *self.gate.inside.lock().unwrap_or_else(PoisonError::into_inner) -= self.pixels;
        self.gate.left.notify_all();
    }
}
