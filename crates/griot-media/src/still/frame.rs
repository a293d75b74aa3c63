//! The picture meets its frame: `cover`, `inside` or `blur`. The cut is found in the view, carried back to the stored
//! picture, resized there, and only the small result is turned. A straightened picture is sampled in one step instead.

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use griot_domain::asset::Focus;
use griot_domain::recipe::{Fit, ImageFormat, ImageRecipe};
use image::{DynamicImage, GenericImageView, RgbImage, RgbaImage, imageops};

use super::view::{Rect, View};
use super::{Master, straighten};
use crate::Error;
use crate::picture::quarter;

/// Long side, in pixels, of the copy that becomes the blurred ground: small, as blurring removes the rest anyway.
const GROUND: u32 = 96;
/// Standard deviation of the blur on that copy, in its pixels: about 3 % of the frame.
const GROUND_SIGMA: f32 = 3.0;
/// Share of the light that the ground keeps, in percent: the picture stays the brightest thing.
const GROUND_LIGHT: u16 = 55;

/// Makes the picture, as the recipe's changes show it, in its frame.
pub(super) fn fit(master: &Master, recipe: &ImageRecipe) -> Result<DynamicImage, Error> {
    let frame = (recipe.width, recipe.height);
    let view = View::new(master.size, master.orientation, recipe);
    let size = view.size();
    match recipe.fit {
        Fit::Cover => cut(master, &view, cover(size, frame, view.focus()), frame),
        Fit::Inside => cut(master, &view, whole(size), contain(size, frame, 1.0)),
        Fit::Blur => blur(master, &view, frame),
    }
}

/// The whole upright picture as large as it goes into a frame, enlarged where it is smaller.
pub(super) fn fill(master: &Master, frame: (u32, u32)) -> Result<DynamicImage, Error> {
    let plain = ImageRecipe::new(Fit::Inside, frame, ImageFormat::Png, 100);
    let view = View::new(master.size, master.orientation, &plain);
    cut(master, &view, whole(view.size()), contain(view.size(), frame, f64::INFINITY))
}

fn whole((w, h): (u32, u32)) -> Rect {
    Rect { x: 0.0, y: 0.0, w: f64::from(w), h: f64::from(h) }
}

/// The largest part with the frame's shape whose middle is as near to the focal point as the edges allow.
pub(super) fn cover((w, h): (u32, u32), (fw, fh): (u32, u32), focus: Focus) -> Rect {
    let (w, h) = (f64::from(w), f64::from(h));
    let scale = (f64::from(fw) / w).max(f64::from(fh) / h);
    let (cw, ch) = ((f64::from(fw) / scale).min(w), (f64::from(fh) / scale).min(h));
    Rect {
        x: (focus.x * w - cw / 2.0).clamp(0.0, w - cw),
        y: (focus.y * h - ch / 2.0).clamp(0.0, h - ch),
        w: cw,
        h: ch,
    }
}

/// The size of the whole picture within the frame, enlarged by at most `most`.
pub(super) fn contain((w, h): (u32, u32), (fw, fh): (u32, u32), most: f64) -> (u32, u32) {
    let scale = (f64::from(fw) / f64::from(w)).min(f64::from(fh) / f64::from(h)).min(most);
    let side = |side: u32, frame: u32| ((f64::from(side) * scale).round() as u32).clamp(1, frame);
    (side(w, fw), side(h, fh))
}

/// Cuts a part of the view and brings it to a size.
fn cut(master: &Master, view: &View, part: Rect, (w, h): (u32, u32)) -> Result<DynamicImage, Error> {
    if !view.is_level() {
        let map = view.map(part, (w, h)).map(|step| step * master.scale);
        return straighten::sample(&master.pixels, map, (w, h));
    }
    let Rect { x, y, w: pw, h: ph } = view.stored(part);
    let s = master.scale;
    let part = Rect { x: x * s, y: y * s, w: pw * s, h: ph * s };
    let size = if quarter(view.turned) { (h, w) } else { (w, h) };
    let mut out = resize(&master.pixels, part, size, FilterType::Lanczos3)?;
    out.apply_orientation(view.turned);
    Ok(out)
}

/// Brings a part of a picture to a size. Alpha is multiplied in first, so that invisible colours do not bleed.
fn resize(
    source: &DynamicImage,
    part: Rect,
    (w, h): (u32, u32),
    filter: FilterType,
) -> Result<DynamicImage, Error> {
    let mut out = if source.color().has_alpha() {
        DynamicImage::ImageRgba8(RgbaImage::new(w, h))
    } else {
        DynamicImage::ImageRgb8(RgbImage::new(w, h))
    };
    // Rounding must not push the part over the edge by a millionth of a pixel.
    let (sw, sh) = (f64::from(source.width()), f64::from(source.height()));
    let (x, y) = (part.x.clamp(0.0, sw), part.y.clamp(0.0, sh));
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).crop(
        x,
        y,
        part.w.min(sw - x),
        part.h.min(sh - y),
    );
    Resizer::new()
        .resize(source, &mut out, &options)
        .map_err(|e| Error::Bug(format!("resizing to {w} x {h}: {e}")))?;
    Ok(out)
}

/// Brings a finished picture to a smaller size.
pub(super) fn shrink(source: &DynamicImage, size: (u32, u32)) -> Result<DynamicImage, Error> {
    resize(source, whole(source.dimensions()), size, FilterType::Lanczos3)
}

/// The whole picture on a blurred, darkened copy of itself.
fn blur(master: &Master, view: &View, frame: (u32, u32)) -> Result<DynamicImage, Error> {
    let size = view.size();
    let small = contain(frame, (GROUND, GROUND), 1.0);
    let ground = cut(master, view, cover(size, frame, view.focus()), small)?;
    let ground = imageops::blur(&flatten(&ground), GROUND_SIGMA);
    let ground = shrink_or_grow(ground.into(), frame)?;
    let mut ground = ground.into_rgb8();
    for light in ground.iter_mut() {
        *light = u8::try_from(u16::from(*light) * GROUND_LIGHT / 100).unwrap_or(u8::MAX);
    }
    let target = contain(size, frame, f64::INFINITY);
    let front = cut(master, view, whole(size), target)?;
    let (x, y) = (i64::from((frame.0 - target.0) / 2), i64::from((frame.1 - target.1) / 2));
    if front.color().has_alpha() {
        let mut ground = DynamicImage::ImageRgb8(ground).into_rgba8();
        imageops::overlay(&mut ground, &front.into_rgba8(), x, y);
        return Ok(DynamicImage::ImageRgba8(ground));
    }
    imageops::replace(&mut ground, &front.into_rgb8(), x, y);
    Ok(DynamicImage::ImageRgb8(ground))
}

/// Catmull-Rom keeps a blurred picture smooth when it grows.
fn shrink_or_grow(source: DynamicImage, size: (u32, u32)) -> Result<DynamicImage, Error> {
    resize(&source, whole(source.dimensions()), size, FilterType::CatmullRom)
}

/// The picture on white, for formats without alpha.
pub(super) fn flatten(image: &DynamicImage) -> RgbImage {
    let DynamicImage::ImageRgba8(rgba) = image else {
        return image.to_rgb8();
    };
    let mut out = RgbImage::new(rgba.width(), rgba.height());
    for (from, to) in rgba.pixels().zip(out.pixels_mut()) {
        let alpha = u16::from(from[3]);
        for channel in 0..3 {
            let mixed = u16::from(from[channel]) * alpha + 255 * (255 - alpha);
            to[channel] = u8::try_from((mixed + 127) / 255).unwrap_or(u8::MAX);
        }
    }
    out
}
