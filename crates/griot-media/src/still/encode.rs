//! Writing the picture, and finding the quality that fits a byte limit with few tries.
//!
//! The logarithm of a file's size is nearly a straight line over the quality, so a secant finds the target in about
//! three encodes. Below the floor of quality the picture gets smaller instead: fewer good pixels look better than many
//! bad ones. Only pixels are written, so nothing of the original's metadata can remain.

pub(super) mod gif;
mod png;

use griot_domain::recipe::{ImageFormat, ImageRecipe};
use image::DynamicImage;

use super::{Rendered, frame};
use crate::{Error, Progress};

/// No rendition is written with less.
pub(super) const FLOOR: u8 = 60;
/// The quality from which a picture that had to get smaller tries again.
const AFTER_SHRINKING: u8 = 75;
/// How the logarithm of the size grows with one point of quality, before there is a measurement.
const SLOPE: f64 = 0.036;
/// What the search aims at, and what it is content with, as parts of the limit.
const AIM: f64 = 0.97;
const CONTENT: f64 = 0.93;
/// Encodes for one size of the picture.
const TRIES: usize = 5;
/// A picture smaller than this (in pixels of its long side) is no longer one.
const SMALLEST: u32 = 64;

/// Writes a finished picture as the recipe wants it.
pub(super) fn encode(
    image: DynamicImage,
    recipe: &ImageRecipe,
    progress: &dyn Progress,
) -> Result<Rendered, Error> {
    if recipe.format == ImageFormat::Gif {
        return gif::still(image, recipe, progress);
    }
    let mut image = match recipe.format {
        ImageFormat::Jpeg => DynamicImage::ImageRgb8(frame::flatten(&image)),
        ImageFormat::Webp | ImageFormat::Png | ImageFormat::Gif => opaque_if_possible(image),
    };
    let mut start = recipe.quality.clamp(1, 100);
    let full = (image.width(), image.height());
    let Some(limit) = recipe.max_bytes else {
        let bytes = write(&image, recipe.format, start)?;
        return Ok(rendered(bytes, &image, recipe.format, start));
    };
    let mut scale = 1.0;
    loop {
        progress.report(0.0)?;
        let size = match search(&image, recipe.format, start, limit)? {
            Found::Fits(bytes, quality) => return Ok(rendered(bytes, &image, recipe.format, quality)),
            Found::Over(size) => size,
        };
        // The size goes with the area, and a little slower.
        let step = (limit as f64 / size as f64).sqrt() * 0.95;
        scale *= step.clamp(0.25, 0.95);
        let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
        let smaller = (side(full.0), side(full.1));
        if smaller.0.max(smaller.1) < SMALLEST.min(full.0.max(full.1)) {
            return Err(Error::OverLimit(format!("no acceptable quality fits into {limit} bytes")));
        }
        image = frame::shrink(&image, smaller)?;
        start = start.min(AFTER_SHRINKING);
    }
}

enum Found {
    /// The bytes, and their quality.
    Fits(Vec<u8>, u8),
    /// Even the lowest quality takes this many bytes.
    Over(u64),
}

/// The best quality between the floor and `start` that fits.
fn search(image: &DynamicImage, format: ImageFormat, start: u8, limit: u64) -> Result<Found, Error> {
    let bytes = write(image, format, start)?;
    if bytes.len() as u64 <= limit {
        return Ok(Found::Fits(bytes, start));
    }
    if format == ImageFormat::Png {
        return Ok(Found::Over(bytes.len() as u64));
    }
    let floor = FLOOR.min(start);
    let aim = (limit as f64 * AIM).max(1.0).ln();
    let mut over = (start, (bytes.len() as f64).ln());
    let mut fits: Option<(u8, f64, Vec<u8>)> = None;
    let mut slope = SLOPE;
    for _ in 1..TRIES {
        let (lowest, highest) = (fits.as_ref().map_or(floor, |(q, _, _)| q + 1), over.0.saturating_sub(1));
        if lowest > highest {
            break;
        }
        let guess = f64::from(over.0) - (over.1 - aim) / slope;
        let quality = (guess.round().max(0.0) as u8).clamp(lowest, highest);
        let bytes = write(image, format, quality)?;
        let size = (bytes.len() as f64).max(1.0).ln();
        let measured = (over.1 - size) / f64::from(over.0 - quality);
        slope = if measured > 0.001 { measured } else { SLOPE };
        if bytes.len() as u64 > limit {
            over = (quality, size);
            if let Some((below, known, _)) = &fits {
                slope = ((size - known) / f64::from(quality - below)).max(0.001);
            }
        } else {
            let good = bytes.len() as f64 >= limit as f64 * CONTENT;
            fits = Some((quality, size, bytes));
            if good {
                break;
            }
        }
    }
    match fits {
        Some((quality, _, bytes)) => Ok(Found::Fits(bytes, quality)),
        None if over.0 > floor => {
            // The search ended above the floor; the floor itself decides whether the picture must get smaller.
            let bytes = write(image, format, floor)?;
            if bytes.len() as u64 <= limit {
                Ok(Found::Fits(bytes, floor))
            } else {
                Ok(Found::Over(bytes.len() as u64))
            }
        }
        None => Ok(Found::Over(over.1.exp() as u64)),
    }
}

fn rendered(bytes: Vec<u8>, image: &DynamicImage, format: ImageFormat, quality: u8) -> Rendered {
    Rendered {
        bytes,
        width: image.width(),
        height: image.height(),
        format: format.container(),
        quality: (format != ImageFormat::Png).then_some(quality),
    }
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

fn write(image: &DynamicImage, format: ImageFormat, quality: u8) -> Result<Vec<u8>, Error> {
    match format {
        ImageFormat::Jpeg => jpeg(image, quality),
        ImageFormat::Webp => webp(image, quality),
        ImageFormat::Png => png::write(image),
        ImageFormat::Gif => Err(Error::Bug("a GIF is written elsewhere".into())),
    }
}

fn jpeg(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, Error> {
    let (Ok(width), Ok(height)) = (u16::try_from(image.width()), u16::try_from(image.height())) else {
        return Err(Error::Unsupported("a JPEG with more than 65535 pixels on a side".into()));
    };
    let mut bytes = Vec::new();
    // Plain Huffman tables: some widespread decoders misread this encoder's optimised ones.
    jpeg_encoder::Encoder::new(&mut bytes, quality)
        .encode(image.as_bytes(), width, height, jpeg_encoder::ColorType::Rgb)
        .map_err(|e| Error::Bug(format!("writing JPEG: {e}")))?;
    Ok(bytes)
}

fn webp(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, Error> {
    let (width, height) = (image.width(), image.height());
    if width > 16_383 || height > 16_383 {
        return Err(Error::Unsupported("a WebP with more than 16383 pixels on a side".into()));
    }
    let encoder = if image.color().has_alpha() {
        webp::Encoder::from_rgba(image.as_bytes(), width, height)
    } else {
        webp::Encoder::from_rgb(image.as_bytes(), width, height)
    };
    let bytes = encoder
        .encode_simple(false, f32::from(quality))
        .map_err(|e| Error::Bug(format!("writing WebP: {e:?}")))?;
    Ok(bytes.to_vec())
}
