//! From the file's bytes to sRGB pixels, with every limit checked before the large allocation.
//!
//! JPEG goes through jpeg-decoder and not through the image crate, whose decoder (zune-jpeg 0.5.15) reads valid
//! pictures with optimised Huffman tables wrongly and without an error. A later scaled decode belongs in this file.

mod avif;
mod heic;
mod numbers;
mod svg;
mod yuv;

use std::io::Cursor;

use griot_domain::asset::Format;
use image::codecs::{
    bmp::BmpDecoder, gif::GifDecoder, png::PngDecoder, tiff::TiffDecoder, webp::WebPDecoder,
};
use image::{DynamicImage, GrayImage, ImageDecoder, RgbImage};
use jpeg_decoder::PixelFormat;

use super::{Master, colour};
use crate::picture::{Header, essential};
use crate::{Error, Limits};

/// Decodes the picture (of an animation: its first frame) and brings it to sRGB.
pub(super) fn decode(
    bytes: &[u8],
    format: Format,
    header: &Header,
    limits: &Limits,
) -> Result<Master, Error> {
    let icc = header.icc.as_deref();
    let pixels = match format {
        Format::Jpeg => jpeg(bytes, header, limits)?,
        Format::Png => {
            let essential = essential(bytes);
            let decoder = PngDecoder::with_limits(Cursor::new(&essential), image_limits(limits));
            numbers::to_srgb(pixels(decoder.map_err(refused)?, limits)?, header, None)
        }
        Format::Gif => {
            let decoder = GifDecoder::new(Cursor::new(bytes)).map_err(refused)?;
            colour::to_srgb(pixels(decoder, limits)?, icc)
        }
        Format::Webp => {
            let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(refused)?;
            colour::to_srgb(pixels(decoder, limits)?, icc)
        }
        Format::Heic => heic::decode(bytes, header, limits)?,
        Format::Avif => avif::decode(bytes, header, limits)?,
        Format::Svg => svg::decode(bytes, limits)?,
        Format::Tiff => {
            let decoder = TiffDecoder::new(Cursor::new(bytes)).map_err(refused)?;
            colour::to_srgb(pixels(decoder, limits)?, icc)
        }
        Format::Bmp => {
            let decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(refused)?;
            colour::to_srgb(pixels(decoder, limits)?, icc)
        }
        other => return Err(Error::Unsupported(format!("{} is not read here", other.mime()))),
    };
    Ok(Master { pixels, orientation: header.orientation })
}

pub(super) fn image_limits(limits: &Limits) -> image::Limits {
    let mut own = image::Limits::default();
    own.max_alloc = Some(limits.max_alloc);
    own
}

/// The image crate's limits do not cover the buffer that it decodes into: that one is checked here.
fn pixels(mut decoder: impl ImageDecoder, limits: &Limits) -> Result<DynamicImage, Error> {
    let (width, height) = decoder.dimensions();
    limits.size(width, height)?;
    limits.alloc(decoder.total_bytes())?;
    decoder.set_limits(image_limits(limits)).map_err(refused)?;
    DynamicImage::from_decoder(decoder).map_err(refused)
}

/// A picture that the image crate refuses, sorted by blame.
pub(super) fn refused(error: image::ImageError) -> Error {
    match error {
        image::ImageError::Limits(e) => Error::OverLimit(e.to_string()),
        image::ImageError::Unsupported(e) => Error::Unsupported(e.to_string()),
        image::ImageError::IoError(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => {
            // It reads from memory: the only thing that can be wrong is the data.
            Error::Damaged(e.to_string())
        }
        other => Error::Damaged(other.to_string()),
    }
}

fn jpeg(bytes: &[u8], header: &Header, limits: &Limits) -> Result<DynamicImage, Error> {
    // Four bytes a pixel at most; a progressive picture also keeps its coefficients, two bytes a sample.
    let samples = u64::from(header.width) * u64::from(header.height) * u64::from(header.components);
    limits.alloc(if header.progressive { samples * 3 } else { samples })?;
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(usize::try_from(limits.max_alloc).unwrap_or(usize::MAX));
    let data = decoder.decode().map_err(jpeg_refused)?;
    let info = decoder.info().ok_or_else(|| Error::Bug("a decoded JPEG without a header".into()))?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let short = || Error::Bug("the JPEG decoder returned too few bytes".into());
    let icc = header.icc.as_deref();
    match info.pixel_format {
        PixelFormat::L8 => {
            let grey = GrayImage::from_raw(width, height, data).ok_or_else(short)?;
            Ok(colour::to_srgb(grey.into(), icc))
        }
        PixelFormat::RGB24 => {
            let rgb = RgbImage::from_raw(width, height, data).ok_or_else(short)?;
            Ok(colour::to_srgb(rgb.into(), icc))
        }
        PixelFormat::CMYK32 => {
            let inks = inks(data, header.adobe);
            let rgb = colour::cmyk_to_srgb(&inks, icc);
            Ok(RgbImage::from_raw(width, height, rgb).ok_or_else(short)?.into())
        }
        PixelFormat::L16 => Err(Error::Unsupported("a JPEG with 16 bits a sample".into())),
    }
}

/// Inks as 255 = full. The decoder assumes that the file stores them inverted, which only Adobe's do.
fn inks(mut data: Vec<u8>, adobe: bool) -> Vec<u8> {
    if !adobe {
        data.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    data
}

fn jpeg_refused(error: jpeg_decoder::Error) -> Error {
    match error {
        jpeg_decoder::Error::Unsupported(what) => Error::Unsupported(format!("JPEG: {what:?}")),
        jpeg_decoder::Error::Format(what) => Error::Damaged(what),
        jpeg_decoder::Error::Io(e) => Error::Damaged(e.to_string()),
        jpeg_decoder::Error::Internal(e) => Error::Bug(e.to_string()),
    }
}
