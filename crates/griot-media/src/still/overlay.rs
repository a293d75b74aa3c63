//! What is laid upon a finished picture: words and logos, at nine places within a margin of a twentieth of the short
//! side. The picture's size, and not the original's, decides how large they are.

mod text;

use griot_domain::edit::{Overlay, Place};
use griot_domain::recipe::{Fit, ImageFormat, ImageRecipe};
use image::{DynamicImage, RgbaImage};

use super::{Surroundings, frame};
use crate::Error;

/// The margin is this part of the short side.
const MARGIN: u32 = 20;

/// Lays each layer on the picture, the first one lowest.
pub(super) fn lay(
    image: &mut DynamicImage,
    overlays: &[Overlay],
    around: &Surroundings<'_>,
) -> Result<(), Error> {
    let size = (image.width(), image.height());
    let margin = size.0.min(size.1) / MARGIN;
    // What lies within the margin; a picture of a few pixels has room for a pixel.
    let room = ((size.0 - 2 * margin).max(1), (size.1 - 2 * margin).max(1));
    for overlay in overlays {
        let (layer, place) = match overlay {
            Overlay::Text { text, place, size: height, tone, plate } => {
                let line = f64::from(size.0.min(size.1)) * f64::from(*height) / 100.0;
                let words = text::Words { text, line, tone: *tone, plate: *plate, place: *place };
                (text::draw(&words, room)?, *place)
            }
            Overlay::Logo { asset, place, size: width, opacity } => {
                let path = (around.logos)(*asset).ok_or(Error::NoLogo(*asset))?;
                let width = (size.0 * u32::from(*width) / 100).clamp(1, room.0);
                (logo(&path, (width, room.1), *opacity, around)?, *place)
            }
        };
        let (x, y) = position(place, size, (layer.width(), layer.height()), margin);
        blend(image, &layer, (x, y));
    }
    Ok(())
}

/// A logo as wide as asked for, or less where it would be too high.
fn logo(
    path: &std::path::Path,
    room: (u32, u32),
    opacity: u8,
    around: &Surroundings<'_>,
) -> Result<RgbaImage, Error> {
    let recipe = ImageRecipe::new(Fit::Blur, room, ImageFormat::Png, 100);
    let master = super::load(path, std::slice::from_ref(&recipe), around.limits)?.master;
    let mut layer = frame::fill(&master, room)?.into_rgba8();
    for pixel in layer.pixels_mut() {
        let seen = u16::from(pixel[3]) * u16::from(opacity.min(100));
        pixel[3] = u8::try_from((seen + 50) / 100).unwrap_or(u8::MAX);
    }
    Ok(layer)
}

/// Where a layer's top left corner goes.
fn position(place: Place, (w, h): (u32, u32), (lw, lh): (u32, u32), margin: u32) -> (u32, u32) {
    let (free_w, free_h) = (w.saturating_sub(lw), h.saturating_sub(lh));
    let x = match place {
        Place::TopLeft | Place::Left | Place::BottomLeft => margin.min(free_w),
        Place::Top | Place::Centre | Place::Bottom => free_w / 2,
        Place::TopRight | Place::Right | Place::BottomRight => free_w.saturating_sub(margin),
    };
    let y = match place {
        Place::TopLeft | Place::Top | Place::TopRight => margin.min(free_h),
        Place::Left | Place::Centre | Place::Right => free_h / 2,
        Place::BottomLeft | Place::Bottom | Place::BottomRight => free_h.saturating_sub(margin),
    };
    (x, y)
}

/// Mixes a layer into the picture; what would lie outside is left out.
fn blend(image: &mut DynamicImage, layer: &RgbaImage, (x, y): (u32, u32)) {
    if let DynamicImage::ImageRgba8(rgba) = image {
        image::imageops::overlay(rgba, layer, i64::from(x), i64::from(y));
        return;
    }
    let mut rgb = std::mem::take(image).into_rgb8();
    for (dx, dy, top) in layer.enumerate_pixels() {
        let Some(under) = rgb.get_pixel_mut_checked(x + dx, y + dy) else { continue };
        let alpha = u16::from(top[3]);
        for channel in 0..3 {
            let mixed = u16::from(top[channel]) * alpha + u16::from(under[channel]) * (255 - alpha);
            under[channel] = u8::try_from((mixed + 127) / 255).unwrap_or(u8::MAX);
        }
    }
    *image = DynamicImage::ImageRgb8(rgb);
}
