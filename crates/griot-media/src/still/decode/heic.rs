//! HEIC to pixels, as coded: cut by the container's own words here, turned with every other picture later.

use heic_decoder::{DecodeOptions, DecodedImage, HeifError};
use image::{DynamicImage, RgbImage, RgbaImage};

use super::numbers;
use crate::picture::Header;
use crate::picture::heif::Heif;
use crate::{Error, Limits, OverLimit, Unsupported};

/// Bytes of memory for one pixel: the decoder's samples take four bytes each, twice for tiles, then the result.
const BYTES_A_PIXEL: u64 = 20;

/// Decodes the main picture.
pub(super) fn decode(bytes: &[u8], header: &Header, limits: &Limits) -> Result<DynamicImage, Error> {
    let info = heic_decoder::probe(bytes).map_err(refused)?;
    let (width, height) = (info.coded_width as u64, info.coded_height as u64);
    let pixels = width * height;
    if pixels > limits.max_pixels {
        return Err(Error::OverLimit(OverLimit::Pixels { width, height, most: limits.max_pixels }));
    }
    limits.alloc(pixels.saturating_mul(BYTES_A_PIXEL))?;
    let view = Heif::read(bytes).ok().and_then(|heif| heif.view(heif.primary()));
    let options = DecodeOptions { apply_transforms: view.is_none() };
    let decoded = heic_decoder::decode_with(bytes, &options).map_err(refused)?;
    let said = decoded.color_info;
    let pixels = samples(decoded)?;
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

/// Red, green and blue, with alpha where there is any. More than 8 bits stay until the colours are right.
fn samples(decoded: DecodedImage) -> Result<DynamicImage, Error> {
    let wrong = || Error::Bug("the HEIC decoder returned too few samples".into());
    let side = |side: usize| u32::try_from(side).map_err(|_| wrong());
    let (width, height) = (side(decoded.width)?, side(decoded.height)?);
    let multiplied = decoded.alpha.as_ref().is_some_and(|alpha| alpha.premultiplied);
    // Colours that were multiplied are divided in 8 bits.
    let deep = decoded.bit_depth_luma > 8 && !multiplied;
    let image = match (&decoded.alpha, deep) {
        (None, false) => {
            let data = decoded.to_rgb8().map_err(refused)?.data;
            RgbImage::from_raw(width, height, data).map(DynamicImage::ImageRgb8)
        }
        (None, true) => {
            let data = decoded.to_rgb16().map_err(refused)?.data;
            image::ImageBuffer::from_raw(width, height, data).map(DynamicImage::ImageRgb16)
        }
        (Some(_), false) => {
            let mut data = decoded.to_rgba8().map_err(refused)?.data;
            if multiplied {
                data.as_chunks_mut::<4>().0.iter_mut().for_each(divide);
            }
            RgbaImage::from_raw(width, height, data).map(DynamicImage::ImageRgba8)
        }
        (Some(_), true) => {
            let data = decoded.to_rgba16().map_err(refused)?.data;
            image::ImageBuffer::from_raw(width, height, data).map(DynamicImage::ImageRgba16)
        }
    };
    image.ok_or_else(wrong)
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
