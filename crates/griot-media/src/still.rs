//! Pictures for the networks: upright, sRGB, without metadata, in the frame and under the byte limit.
//!
//! One decode serves all recipes. The steps are separate rooms so that each can be made faster alone: `decode` (a
//! scaled decode fits there), `colour` (works on whatever size it is given), `frame` (cuts in stored orientation and
//! turns only the small result), `encode`. No metadata is copied because none is ever read into the pixels.

mod animation;
mod colour;
mod decode;
mod encode;
mod frame;
#[cfg(test)]
pub(crate) mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use griot_domain::asset::{Format, MediaKind};
use griot_domain::recipe::{Fit, ImageFormat, ImageRecipe};
use image::DynamicImage;
use image::metadata::Orientation;

use crate::progress::Part;
use crate::{Error, Limits, Progress, picture, source};

/// A finished picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The file.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What it is.
    pub format: Format,
    /// The quality it was written with; nothing for PNG and GIF.
    pub quality: Option<u8>,
}

/// A decoded picture: sRGB, 8 bits, with or without alpha, still turned as it was stored.
#[derive(Debug)]
pub(crate) struct Master {
    pub(crate) pixels: DynamicImage,
    pub(crate) orientation: Orientation,
}

/// Quality of a thumbnail: it is looked at, not published.
const THUMBNAIL_QUALITY: u8 = 80;

/// Makes all renditions of one picture, in the order of the recipes. An animation stays one as GIF, and
/// gives its first frame to every other format.
///
/// # Errors
/// The file is not a picture, damaged, over a limit or of an unread kind; a recipe asks for a frame of nothing or for
/// fewer bytes than any acceptable quality gives; or the work was cancelled.
pub fn render(
    source: &Path,
    recipes: &[ImageRecipe],
    limits: &Limits,
    progress: &dyn Progress,
) -> Result<Vec<Rendered>, Error> {
    for recipe in recipes {
        limits.size(recipe.width, recipe.height)?;
    }
    progress.report(0.0)?;
    let master = load(source, limits)?;
    let moving = if recipes.iter().any(|recipe| recipe.format == ImageFormat::Gif) {
        moving(source, limits)?
    } else {
        None
    };
    let work = Part::new(progress, 0.4, 1.0);
    work.report(0.0)?;
    let mut made = Vec::with_capacity(recipes.len());
    for (index, recipe) in recipes.iter().enumerate() {
        let part = Part::of(&work, index, recipes.len());
        part.report(0.0)?;
        made.push(guarded(|| match (&moving, recipe.format) {
            (Some((bytes, format)), ImageFormat::Gif) => {
                animation::render(bytes, *format, recipe, limits, &part)
            }
            _ => one(&master, recipe, &part),
        })?);
        part.report(1.0)?;
    }
    Ok(made)
}

/// A small upright JPEG of a picture; `long_side` in pixels, never enlarged.
///
/// # Errors
/// As [`render`].
pub fn thumbnail(source: &Path, long_side: u32, limits: &Limits) -> Result<Rendered, Error> {
    let recipe = ImageRecipe::new(Fit::Inside, (long_side, long_side), ImageFormat::Jpeg, THUMBNAIL_QUALITY);
    let mut made = render(source, &[recipe], limits, &())?;
    made.pop().ok_or_else(|| Error::Bug("one recipe made no picture".into()))
}

/// The bytes of a picture that moves, for a rendition that keeps it moving.
fn moving(path: &Path, limits: &Limits) -> Result<Option<(Vec<u8>, Format)>, Error> {
    let source = source::open(path, limits)?;
    let format = source.format;
    let bytes = source.read_whole()?;
    Ok(guarded(|| Ok(animation::moves(&bytes, format, limits)))?.then_some((bytes, format)))
}

fn one(master: &Master, recipe: &ImageRecipe, progress: &dyn Progress) -> Result<Rendered, Error> {
    let framed = frame::fit(master, recipe)?;
    progress.report(0.3)?;
    encode::encode(framed, recipe, &Part::new(progress, 0.3, 1.0))
}

/// Reads, checks and decodes a picture.
fn load(path: &Path, limits: &Limits) -> Result<Master, Error> {
    let source = source::open(path, limits)?;
    let format = source.format;
    if format.kind() == MediaKind::Video {
        return Err(Error::Unsupported("a film where a picture is wanted".into()));
    }
    let bytes = source.read_whole()?;
    guarded(|| {
        let header = picture::header(&bytes, format, limits)?;
        decode::decode(&bytes, format, &header, limits)
    })
}

/// Runs a decoder, encoder or colour transform of others: a panic of theirs must not take the studio down.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Err(Error::Bug(format!("a codec panicked: {said}")))
    })
}
