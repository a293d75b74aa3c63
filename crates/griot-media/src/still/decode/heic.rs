//! HEIC to pixels, as coded: cut by the container's own words here, turned with every other picture later.
//!
//! A picture in parts is decoded part by part, so that one of 48 megapixels takes little more memory than its pixels.
//! Where nothing says what its colours mean, they are taken as the common decoders take them: by the matrix of BT.601.

use std::sync::{Mutex, PoisonError};

use heic_decoder::{ColorInfo, DecodeOptions, DecodedImage, HeifError, RgbOptions};
use image::{DynamicImage, GenericImage, ImageBuffer, Luma, RgbImage, RgbaImage};
use rayon::prelude::*;

use super::numbers;
use crate::picture::heif::{Grid, Heif};
use crate::picture::{Header, Numbers};
use crate::{Error, Limits, OverLimit, Unsupported};

/// Bytes of memory for one pixel: the decoder's samples take four bytes each, twice for tiles, then the result.
const BYTES_A_PIXEL: u64 = 20;
/// Bytes of memory for one pixel of a picture in parts: eight bits or sixteen, and alpha.
const BYTES_IN_PARTS: u64 = 4;
/// The matrix of BT.601, for what does not say.
const USUAL_MATRIX: u16 = 6;
/// The number that says that nothing is said (ITU-T H.273).
const UNSAID: u16 = 2;

/// Decodes the main picture.
pub(super) fn decode(bytes: &[u8], header: &Header, limits: &Limits) -> Result<DynamicImage, Error> {
    let heif = Heif::read(bytes).ok();
    let (pixels, said) = match &heif {
        Some(heif) if heif.kind(heif.primary()) == *b"grid" => in_parts(heif, header, limits)?,
        Some(heif) if simple(heif) => {
            let file = heif.alone(heif.primary(), limits)?;
            whole(&file, header, limits)?
        }
        _ => whole(bytes, header, limits)?,
    };
    let view = heif.and_then(|heif| heif.view(heif.primary()));
    let pixels = match view {
        // A cut that says nothing of this picture's real size is left out.
        Some(view) if view.x + view.width <= pixels.width() && view.y + view.height <= pixels.height() => {
            if (view.width, view.height) == (pixels.width(), pixels.height()) {
                pixels
            } else {
                pixels.crop_imm(view.x, view.y, view.width, view.height)
            }
        }
        _ => pixels,
    };
    let said = said.map(|c| numbers::Colours::known(c.color_primaries, c.transfer_characteristics));
    Ok(numbers::to_srgb(pixels, header, said.flatten()))
}

/// Whether the main picture is one coded picture and nothing else.
fn simple(heif: &Heif<'_>) -> bool {
    let id = heif.primary();
    heif.kind(id) == *b"hvc1" && !heif.is_predicted(id) && !heif.is_clear(id)
}

/// A file that the decoder reads as it is.
fn whole(bytes: &[u8], header: &Header, limits: &Limits) -> Result<(DynamicImage, Option<ColorInfo>), Error> {
    let info = heic_decoder::probe(bytes).map_err(refused)?;
    let (width, height) = (info.coded_width as u64, info.coded_height as u64);
    let pixels = width * height;
    if pixels > limits.max_pixels {
        return Err(Error::OverLimit(OverLimit::Pixels { width, height, most: limits.max_pixels }));
    }
    limits.alloc(pixels.saturating_mul(BYTES_A_PIXEL))?;
    let listed = Heif::read(bytes).is_ok_and(|heif| heif.view(heif.primary()).is_some());
    let options = DecodeOptions { apply_transforms: !listed };
    let decoded = heic_decoder::decode_with(bytes, &options).map_err(refused)?;
    let said = decoded.color_info;
    Ok((samples(&decoded, header.numbers)?, said))
}

/// A grid, part by part, and its opacity.
fn in_parts(
    heif: &Heif<'_>,
    header: &Header,
    limits: &Limits,
) -> Result<(DynamicImage, Option<ColorInfo>), Error> {
    let id = heif.primary();
    let grid = heif.grid(id, limits)?;
    let (pixels, said) = assembled(heif, &grid, header.numbers, limits)?;
    let alpha = match heif.alpha(id) {
        Some((alpha, multiplied)) if heif.kind(alpha) == *b"grid" => {
            Some((assembled(heif, &heif.grid(alpha, limits)?, None, limits)?.0, multiplied))
        }
        Some((alpha, multiplied)) => {
            let file = heif.alone(alpha, limits)?;
            Some((plane(&part(&file, limits)?)?, multiplied))
        }
        None => match heif.alpha_of_parts(&grid) {
            Some((grid, multiplied)) => Some((assembled(heif, &grid, None, limits)?.0, multiplied)),
            None => None,
        },
    };
    let Some((alpha, multiplied)) = alpha else { return Ok((pixels, said)) };
    let alpha = alpha.into_luma8();
    if (alpha.width(), alpha.height()) != (pixels.width(), pixels.height()) {
        return Err(Error::Damaged("the opacity has another size than the picture".into()));
    }
    let mut pixels = pixels.into_rgba8();
    for (pixel, opacity) in pixels.pixels_mut().zip(alpha.pixels()) {
        pixel.0[3] = opacity.0[0];
        if multiplied {
            divide(&mut pixel.0);
        }
    }
    Ok((pixels.into(), said))
}

/// The parts of a grid, put together as they are decoded.
fn assembled(
    heif: &Heif<'_>,
    grid: &Grid,
    numbers: Option<Numbers>,
    limits: &Limits,
) -> Result<(DynamicImage, Option<ColorInfo>), Error> {
    if let Some(other) = grid.tiles.iter().map(|tile| heif.kind(*tile)).find(|kind| kind != b"hvc1") {
        let what = String::from_utf8_lossy(&other).into_owned();
        return Err(Error::Unsupported(Unsupported::Decoder(format!("HEIC: a part of the kind {what:?}"))));
    }
    let opacity = heif.is_opacity(grid);
    let first = part(&heif.alone(grid.tiles[0], limits)?, limits)?;
    let size = (first.width as u32, first.height as u32);
    let sample = if first.bit_depth_luma > 8 { 2 } else { 1 };
    limits.alloc(u64::from(grid.width) * u64::from(grid.height) * BYTES_IN_PARTS * sample)?;
    let said = first.color_info;
    let canvas = match (opacity, sample) {
        (true, _) => DynamicImage::ImageLuma8(ImageBuffer::new(grid.width, grid.height)),
        (false, 1) => DynamicImage::ImageRgb8(ImageBuffer::new(grid.width, grid.height)),
        (false, _) => DynamicImage::ImageRgb16(ImageBuffer::new(grid.width, grid.height)),
    };
    let canvas = Mutex::new(canvas);
    // So many parts stand in memory side by side that together they keep to the limit of one picture.
    let each = (u64::from(size.0) * u64::from(size.1)).saturating_mul(BYTES_A_PIXEL).max(1);
    let at_once = (limits.max_alloc / each).clamp(1, 256);
    let share = Limits { max_alloc: limits.max_alloc / at_once, ..*limits };
    let tiles: Vec<_> = (0u32..).zip(&grid.tiles).collect();
    let lay = |(n, tile): (u32, &_)| {
        let decoded = part(&heif.alone(*tile, limits)?, &share)?;
        let pixels = if opacity { plane(&decoded)? } else { samples(&decoded, numbers)? };
        grid.covered((pixels.width(), pixels.height()), size)?;
        let (x, y) = (n % grid.columns * size.0, n / grid.columns * size.1);
        let mut canvas = canvas.lock().unwrap_or_else(PoisonError::into_inner);
        paste(&mut canvas, &pixels, (x, y))
    };
    tiles.chunks(at_once as usize).try_for_each(|some| some.par_iter().copied().try_for_each(lay))?;
    Ok((canvas.into_inner().unwrap_or_else(PoisonError::into_inner), said))
}

/// Lays a part on the canvas; what sticks out is padding.
fn paste(canvas: &mut DynamicImage, part: &DynamicImage, (x, y): (u32, u32)) -> Result<(), Error> {
    if x >= canvas.width() || y >= canvas.height() {
        return Ok(());
    }
    let (w, h) = (part.width().min(canvas.width() - x), part.height().min(canvas.height() - y));
    let odd = || Error::Damaged("the parts of the picture are of different kinds".into());
    let whole = (w, h) == (part.width(), part.height());
    let cut = if whole { None } else { Some(part.crop_imm(0, 0, w, h)) };
    let done = match (canvas, cut.as_ref().unwrap_or(part)) {
        (DynamicImage::ImageLuma8(to), DynamicImage::ImageLuma8(from)) => to.copy_from(from, x, y),
        (DynamicImage::ImageRgb8(to), DynamicImage::ImageRgb8(from)) => to.copy_from(from, x, y),
        (DynamicImage::ImageRgb16(to), DynamicImage::ImageRgb16(from)) => to.copy_from(from, x, y),
        _ => return Err(odd()),
    };
    done.map_err(|_| odd())
}

/// One coded picture.
fn part(file: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    let info = heic_decoder::probe(file).map_err(refused)?;
    limits.alloc((info.coded_width as u64 * info.coded_height as u64).saturating_mul(BYTES_A_PIXEL))?;
    heic_decoder::decode_with(file, &DecodeOptions { apply_transforms: false }).map_err(refused)
}

/// A decoded picture as opacity, of which every bit counts.
fn plane(decoded: &DecodedImage) -> Result<DynamicImage, Error> {
    let side = |side: usize| u32::try_from(side).unwrap_or(0);
    let shift = decoded.bit_depth_luma.saturating_sub(8);
    let data = decoded.y.iter().map(|v| (*v >> shift).clamp(0, 255) as u8).collect();
    ImageBuffer::<Luma<u8>, _>::from_raw(side(decoded.width), side(decoded.height), data)
        .map(DynamicImage::ImageLuma8)
        .ok_or_else(|| Error::Bug("the HEIC decoder returned too few samples".into()))
}

/// Red, green and blue, with alpha where there is any. More than 8 bits stay until the colours are right.
fn samples(decoded: &DecodedImage, numbers: Option<Numbers>) -> Result<DynamicImage, Error> {
    let wrong = || Error::Bug("the HEIC decoder returned too few samples".into());
    let side = |side: usize| u32::try_from(side).map_err(|_| wrong());
    let (width, height) = (side(decoded.width)?, side(decoded.height)?);
    let multiplied = decoded.alpha.as_ref().is_some_and(|alpha| alpha.premultiplied);
    // Colours that were multiplied are divided in 8 bits.
    let deep = decoded.bit_depth_luma > 8 && !multiplied;
    let options = RgbOptions { color: Some(meaning(decoded, numbers)), ..RgbOptions::default() };
    let image = match (&decoded.alpha, deep) {
        (None, false) => {
            let data = decoded.to_rgb8_with_options(&options).map_err(refused)?.data;
            RgbImage::from_raw(width, height, data).map(DynamicImage::ImageRgb8)
        }
        (None, true) => {
            let data = decoded.to_rgb16_with_options(&options).map_err(refused)?.data;
            ImageBuffer::from_raw(width, height, data).map(DynamicImage::ImageRgb16)
        }
        (Some(_), false) => {
            let mut data = decoded.to_rgba8_with_options(&options).map_err(refused)?.data;
            if multiplied {
                data.as_chunks_mut::<4>().0.iter_mut().for_each(divide);
            }
            RgbaImage::from_raw(width, height, data).map(DynamicImage::ImageRgba8)
        }
        (Some(_), true) => {
            let data = decoded.to_rgba16_with_options(&options).map_err(refused)?.data;
            ImageBuffer::from_raw(width, height, data).map(DynamicImage::ImageRgba16)
        }
    };
    image.ok_or_else(wrong)
}

/// What the numbers of a picture mean: by the file's word, else by its stream's, else as is usual.
fn meaning(decoded: &DecodedImage, numbers: Option<Numbers>) -> ColorInfo {
    let unsaid = ColorInfo { matrix_coefficients: UNSAID, ..ColorInfo::default() };
    let stream = decoded.color_info.unwrap_or(unsaid);
    let said = numbers.map_or(stream, |n| ColorInfo {
        color_primaries: n.primaries,
        transfer_characteristics: n.transfer,
        matrix_coefficients: n.matrix,
        full_range: n.full,
    });
    let matrix = if said.matrix_coefficients == UNSAID { USUAL_MATRIX } else { said.matrix_coefficients };
    ColorInfo { matrix_coefficients: matrix, ..said }
}

/// Undoes a multiplication of the colours by alpha.
fn divide(pixel: &mut [u8; 4]) {
    let alpha = u16::from(pixel[3]);
    if alpha == 0 {
        return;
    }
    for light in &mut pixel[..3] {
        *light = u8::try_from((u16::from(*light) * 255 + alpha / 2) / alpha).unwrap_or(u8::MAX);
    }
}

fn refused(error: HeifError) -> Error {
    match error {
        HeifError::Unsupported(what) => Error::Unsupported(Unsupported::Decoder(format!("HEIC: {what}"))),
        HeifError::LimitExceeded(what) => Error::OverLimit(OverLimit::Decoder(format!("HEIC: {what}"))),
        other => Error::Damaged(other.to_string()),
    }
}
