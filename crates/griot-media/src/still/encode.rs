//! Finding the quality that fits a byte limit with few tries.
//!
//! The logarithm of a file's size is nearly a straight line over the logarithm of what the quality leaves out, so a
//! secant finds the target in about three encodes. Below the floor of quality the picture gets smaller instead: fewer
//! good pixels look better than many bad ones.

mod credit;
pub(super) mod gif;
mod png;
mod write;

use griot_domain::recipe::{ImageFormat, ImageRecipe};
use image::DynamicImage;

use super::{Rendered, frame};
use crate::picture::Credit;
use crate::{Error, OverLimit, Progress};
use write::{Colour, write};

/// No rendition is written with less, unless its recipe starts lower.
pub(super) const FLOOR: u8 = 60;
/// The quality from which a picture that had to get smaller tries again.
const AFTER_SHRINKING: u8 = 75;
/// How fast the logarithm of the size grows with [`finesse`], before there is a measurement. At quality 82 this is
/// 3.6 % for one point of quality.
const SLOPE: f64 = 0.68;
/// What the search aims at, and what it is content with, as parts of the limit.
const AIM: f64 = 0.97;
const CONTENT: f64 = 0.93;
/// What halving the resolution of colour leaves of a JPEG, about.
const HALF_COLOUR: f64 = 0.8;
/// Encodes for one size of the picture.
const TRIES: u32 = 5;
/// A picture smaller than this (in pixels of its long side) is no longer one.
const SMALLEST: u32 = 64;

/// Writes a finished picture as the recipe wants it.
pub(super) fn encode(
    image: DynamicImage,
    recipe: &ImageRecipe,
    credit: &Credit,
    progress: &dyn Progress,
) -> Result<Rendered, Error> {
    if recipe.format == ImageFormat::Gif {
        return gif::still(image, recipe, progress);
    }
    let image = match recipe.format {
        ImageFormat::Jpeg => DynamicImage::ImageRgb8(frame::flatten(&image)),
        ImageFormat::Webp | ImageFormat::Png | ImageFormat::Gif => opaque_if_possible(image),
    };
    let best = recipe.quality.clamp(1, 100);
    let block = if recipe.keep_credit { credit::block(credit) } else { None };
    let Some(limit) = recipe.max_bytes else {
        let bytes = write(&image, recipe.format, best, Colour::at(best))?;
        return finished(bytes, &image, recipe, best, block.as_deref());
    };
    let own = block.as_ref().map_or(0, |block| credit::weight(recipe.format, block.len()));
    let limit = limit.saturating_sub(own).max(1);
    let full = (image.width(), image.height());
    let (mut scale, mut small, mut first) = (1.0, None, best);
    loop {
        let at = small.as_ref().unwrap_or(&image);
        let size = match search(at, recipe.format, (first, best), limit, progress)? {
            Found::Fits(bytes, quality) => {
                let made = finished(bytes, at, recipe, quality, block.as_deref())?;
                return Ok(Rendered { shrunk: small.is_some(), ..made });
            }
            Found::Over(size) => size,
        };
        // The size goes with the area, and a little slower.
        let step = (limit as f64 / size as f64).sqrt() * 0.95;
        scale *= step.clamp(0.25, 0.95);
        let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
        let smaller = (side(full.0), side(full.1));
        if smaller.0.max(smaller.1) < SMALLEST.min(full.0.max(full.1)) {
            return Err(Error::OverLimit(OverLimit::PictureBytes(limit)));
        }
        small = Some(frame::shrink(&image, smaller)?);
        first = best.min(AFTER_SHRINKING);
    }
}

enum Found {
    /// The bytes, and their quality.
    Fits(Vec<u8>, u8),
    /// Even the lowest quality takes this many bytes.
    Over(u64),
}

/// One try: its quality, the logarithm of its size.
#[derive(Clone, Copy)]
struct Try {
    quality: u8,
    size: f64,
}

/// What quality does to the logarithm of the size, as nearly a straight line.
fn finesse(quality: u8) -> f64 {
    -(101.0 - f64::from(quality)).ln()
}

/// The best quality between the floor and `best` that fits, beginning with `first`.
fn search(
    image: &DynamicImage,
    format: ImageFormat,
    (first, best): (u8, u8),
    limit: u64,
    progress: &dyn Progress,
) -> Result<Found, Error> {
    let floor = FLOOR.min(best);
    let aim = (limit as f64 * AIM).max(1.0).ln();
    let (mut over, mut fits): (Option<Try>, Option<(Try, Vec<u8>)>) = (None, None);
    let (mut quality, mut slope, mut begun) = (first, SLOPE, 1);
    if format == ImageFormat::Jpeg && first == best && Colour::at(best) == Colour::Full {
        progress.report(0.0)?;
        let bytes = write(image, format, best, Colour::Full)?;
        if bytes.len() as u64 <= limit {
            return Ok(Found::Fits(bytes, best));
        }
        // Colour at half its resolution is the first thing to go. It is another line, of which nothing is known yet.
        let size = (bytes.len() as f64 * HALF_COLOUR).ln();
        quality = guess(Some(Try { quality: best, size }), None, slope, aim).clamp(floor, best);
        begun = 2;
    }
    for tries in begun..=TRIES {
        progress.report(0.0)?;
        let bytes = write(image, format, quality, Colour::Half)?;
        let len = bytes.len() as u64;
        let made = Try { quality, size: (len as f64).max(1.0).ln() };
        if let Some(before) = over.or(fits.as_ref().map(|(known, _)| *known)) {
            let measured = (before.size - made.size) / (finesse(before.quality) - finesse(quality));
            slope = if measured.is_finite() && measured > 0.05 { measured } else { slope };
        }
        if len > limit {
            over = Some(made);
            if format == ImageFormat::Png || quality <= floor {
                return Ok(Found::Over(len));
            }
        } else if quality == best || format == ImageFormat::Png || len as f64 >= limit as f64 * CONTENT {
            return Ok(Found::Fits(bytes, quality));
        } else {
            fits = Some((made, bytes));
        }
        let lowest = fits.as_ref().map_or(floor, |(known, _)| known.quality + 1);
        let highest = over.map_or(best, |known| known.quality - 1);
        if lowest > highest {
            break;
        }
        // The last try must decide whether anything fits.
        quality = if tries + 1 == TRIES && fits.is_none() {
            floor
        } else {
            guess(over, fits.as_ref().map(|(known, _)| *known), slope, aim).clamp(lowest, highest)
        };
    }
    match (fits, over) {
        (Some((known, bytes)), _) => Ok(Found::Fits(bytes, known.quality)),
        (None, Some(known)) => Ok(Found::Over(known.size.exp() as u64)),
        (None, None) => Err(Error::Bug("a search for a quality tried none".into())),
    }
}

/// The quality at which the line through what is known meets the aim.
fn guess(over: Option<Try>, fits: Option<Try>, slope: f64, aim: f64) -> u8 {
    let (known, slope) = match (over, fits) {
        (Some(high), Some(low)) => {
            let between = (high.size - low.size) / (finesse(high.quality) - finesse(low.quality));
            (low, between.max(0.05))
        }
        (Some(known), None) | (None, Some(known)) => (known, slope),
        (None, None) => return AFTER_SHRINKING,
    };
    let wanted = finesse(known.quality) - (known.size - aim) / slope;
    // Rounded down: one point above the aim is often over the limit.
    (101.0 - (-wanted).exp() + 0.3).clamp(1.0, 100.0) as u8
}

fn finished(
    bytes: Vec<u8>,
    image: &DynamicImage,
    recipe: &ImageRecipe,
    quality: u8,
    credit: Option<&[u8]>,
) -> Result<Rendered, Error> {
    let size = (image.width(), image.height());
    let bytes = match credit {
        Some(block) => credit::put(bytes, recipe.format, block, size, image.color().has_alpha())?,
        None => bytes,
    };
    let lossy = recipe.format != ImageFormat::Png;
    Ok(Rendered {
        bytes,
        width: size.0,
        height: size.1,
        format: recipe.format.container(),
        quality: lossy.then_some(quality),
        shrunk: false,
        below_floor: lossy && quality < FLOOR,
    })
}

/// Drops an alpha channel that hides nothing: it only costs bytes.
fn opaque_if_possible(image: DynamicImage) -> DynamicImage {
    match &image {
        DynamicImage::ImageRgba8(rgba) if rgba.pixels().all(|pixel| pixel[3] == 255) => {
            DynamicImage::ImageRgb8(image.into_rgb8())
        }
        _ => image,
    }
}

/// A small picture as JPEG.
pub(super) fn jpeg(image: &DynamicImage, quality: u8) -> Result<Rendered, Error> {
    let image = DynamicImage::ImageRgb8(frame::flatten(image));
    let recipe = ImageRecipe::new(
        griot_domain::recipe::Fit::Inside,
        (image.width(), image.height()),
        ImageFormat::Jpeg,
        quality,
    );
    finished(write(&image, ImageFormat::Jpeg, quality, Colour::at(quality))?, &image, &recipe, quality, None)
}
