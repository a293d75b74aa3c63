//! Drawings to pixels. Pictures inside a drawing go through this crate's own decoders, under the same limits.

use griot_domain::asset::{Format, MediaKind};
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageEncoder, RgbaImage};
use resvg::tiny_skia::{Pixmap, Transform};

use crate::picture::{self, Drawing};
use crate::sniff::sniff;
use crate::{Error, Limits};

/// Pixels of one picture inside a drawing.
const INNER_PIXELS: u64 = 16_000_000;

/// Draws.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<DynamicImage, Error> {
    let inner = Limits { max_pixels: INNER_PIXELS.min(limits.max_pixels), ..*limits };
    let drawing = Drawing::read(bytes, limits, |data| embedded(data, &inner))?;
    let (width, height) = (drawing.width, drawing.height);
    // Layers of a drawing are as large as the drawing, and a few are open at once.
    limits.alloc(u64::from(width) * u64::from(height) * 4 * 4)?;
    let mut pixels =
        Pixmap::new(width, height).ok_or_else(|| Error::OverLimit("the drawing is too large".into()))?;
    let size = drawing.tree.size();
    let scale = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(&drawing.tree, scale, &mut pixels.as_mut());
    let plain: Vec<u8> = pixels
        .pixels()
        .iter()
        .flat_map(|pixel| {
            let pixel = pixel.demultiply();
            [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
        })
        .collect();
    RgbaImage::from_raw(width, height, plain)
        .map(DynamicImage::ImageRgba8)
        .ok_or_else(|| Error::Bug("a drawing has another size than its canvas".into()))
}

/// A picture inside a drawing, as PNG; nothing when it is none or cannot be read, and for drawings within drawings.
fn embedded(data: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    let format = sniff(data.get(..crate::sniff::HEAD).unwrap_or(data))?;
    if format == Format::Svg || format.kind() != MediaKind::Image {
        return None;
    }
    let header = picture::header(data, format, limits).ok()?;
    let mut master = super::decode(data, format, &header, limits).ok()?;
    master.pixels.apply_orientation(master.orientation);
    let pixels = master.pixels.into_rgba8();
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(pixels.as_raw(), pixels.width(), pixels.height(), image::ExtendedColorType::Rgba8)
        .ok()?;
    Some(png)
}
