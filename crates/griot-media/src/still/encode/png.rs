//! Writing PNG without loss and as small as it gets in reasonable time: fewer channels, fewer bits or a palette where
//! nothing is lost by it, and the filters that pack best.

use image::DynamicImage;
use oxipng::{BitDepth, ColorType, Options, RawImage};

use crate::Error;

/// Effort 0..=6; the larger picture gets the smaller one, which takes about a second for a screen's worth of pixels.
const EFFORT: u8 = 2;
const EFFORT_LARGE: u8 = 1;
/// From here on a picture is large, in pixels.
const LARGE: u64 = 4_000_000;

/// Writes a picture with 8 bits a channel.
pub(super) fn write(image: &DynamicImage) -> Result<Vec<u8>, Error> {
    let pixels = u64::from(image.width()) * u64::from(image.height());
    let effort = if pixels > LARGE { EFFORT_LARGE } else { EFFORT };
    let (colours, data) = match image {
        DynamicImage::ImageRgba8(rgba) => (ColorType::RGBA, rgba.as_raw().clone()),
        other => (ColorType::RGB { transparent_color: None }, other.to_rgb8().into_raw()),
    };
    RawImage::new(image.width(), image.height(), colours, BitDepth::Eight, data)
        .and_then(|raw| raw.create_optimized_png(&Options::from_preset(effort)))
        .map_err(|e| Error::Bug(format!("writing PNG: {e}")))
}
