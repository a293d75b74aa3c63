//! From the file's bytes to sRGB pixels, with every limit checked before the large allocation. Each format that needs
//! more than a call has a file of its own.

mod avif;
mod canary;
mod heic;
mod jpeg;
mod numbers;
mod svg;
mod tiff;
mod yuv;

use std::io::Cursor;

use griot_domain::asset::Format;
use image::codecs::{bmp::BmpDecoder, gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::error::{DecodingError, ImageFormatHint};
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, ImageResult};

use super::{Master, colour};
use crate::picture::{Header, essential};
use crate::{Error, Limits, OverLimit, Unsupported};

pub(super) use jpeg::eighths;

/// Decodes the picture (of an animation: its first frame) and brings it to sRGB. `need` is the most pixels of an output
/// that one of its pixels becomes: a format that can decode to fewer pixels may deliver just enough.
pub(super) fn decode(
    bytes: &[u8],
    format: Format,
    header: &Header,
    need: f64,
    limits: &Limits,
) -> Result<Master, Error> {
    let icc = header.icc.as_deref();
    let pixels = match format {
        Format::Jpeg => jpeg::decode(bytes, header, need, limits)?,
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
        Format::Tiff => match &header.inner {
            // The finished picture of a raw file, of which the header speaks.
            Some(place) => {
                let inner = bytes.get(place.clone()).unwrap_or_default();
                jpeg::decode(inner, header, need, limits)?
            }
            None => tiff::decode(bytes, header, limits)?,
        },
        Format::Bmp => {
            let decoder = BmpDecoder::new(Cursor::new(bytes)).map_err(refused)?;
            colour::to_srgb(pixels(decoder, limits)?, icc)
        }
        Format::Mp4
        | Format::Mov
        | Format::ThreeGp
        | Format::Webm
        | Format::Mkv
        | Format::Avi
        | Format::Ts
        | Format::Mpeg
        | Format::Wmv
        | Format::Flv
        | Format::Ogv => {
            return Err(Error::Unsupported(Unsupported::FilmForPicture));
        }
    };
    Ok(Master::new(pixels, (header.width, header.height), header.orientation))
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
    DynamicImage::from_decoder(Watched(decoder)).map_err(refused)
}

/// A decoder of the image crate, of which is seen whether it fills the buffer that it is given.
struct Watched<D>(D);

impl<D: ImageDecoder> ImageDecoder for Watched<D> {
    fn dimensions(&self) -> (u32, u32) {
        self.0.dimensions()
    }

    fn color_type(&self) -> ColorType {
        self.0.color_type()
    }

    fn read_image(self, buffer: &mut [u8]) -> ImageResult<()> {
        let format = ImageFormatHint::Unknown;
        canary::plant(buffer);
        self.0.read_image(buffer)?;
        let left_out =
            || ImageError::Decoding(DecodingError::new(format, "a part of the picture is missing"));
        if canary::written(buffer) { Ok(()) } else { Err(left_out()) }
    }

    fn read_image_boxed(self: Box<Self>, buffer: &mut [u8]) -> ImageResult<()> {
        self.read_image(buffer)
    }
}

/// A picture that the image crate refuses, sorted by blame.
pub(super) fn refused(error: image::ImageError) -> Error {
    match error {
        image::ImageError::Limits(e) => Error::OverLimit(OverLimit::Decoder(e.to_string())),
        image::ImageError::Unsupported(e) => Error::Unsupported(Unsupported::Decoder(e.to_string())),
        image::ImageError::IoError(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => {
            // It reads from memory: the only thing that can be wrong is the data.
            Error::Damaged(e.to_string())
        }
        other => Error::Damaged(other.to_string()),
    }
}
