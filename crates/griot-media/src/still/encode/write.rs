//! The writers. Only pixels are written, so nothing of the original's metadata can remain.

use griot_domain::asset::Format;
use griot_domain::recipe::ImageFormat;
use image::DynamicImage;

use super::png;
use crate::{Error, Unsupported};

/// From this quality on colour keeps its full resolution; below, halving it is not seen and saves a fifth.
const FULL_COLOUR: u8 = 90;

/// How hard libwebp tries, 0..=6. Five is 1 to 3 % smaller than its usual four at the same quality and takes as long; six
/// takes two to three times as long for 3 % more (two photographs of `cargo xtask bench media`).
const WEBP_METHOD: i32 = 5;

/// The resolution of colour in a JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    /// 4:4:4.
    Full,
    /// 4:2:0.
    Half,
}

impl Colour {
    /// What suits a quality.
    pub(super) fn at(quality: u8) -> Self {
        if quality >= FULL_COLOUR { Self::Full } else { Self::Half }
    }
}

/// Writes a picture; JPEG takes no alpha, and alone minds `colour`.
pub(super) fn write(
    image: &DynamicImage,
    format: ImageFormat,
    quality: u8,
    colour: Colour,
) -> Result<Vec<u8>, Error> {
    match format {
        ImageFormat::Jpeg => jpeg(image, quality, colour),
        ImageFormat::Webp => webp(image, quality),
        ImageFormat::Png => png::write(image),
        ImageFormat::Gif => Err(Error::Bug("a GIF is written elsewhere".into())),
    }
}

#[cfg(feature = "turbo")]
fn jpeg(image: &DynamicImage, quality: u8, colour: Colour) -> Result<Vec<u8>, Error> {
    use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

    let (width, height) = (image.width() as usize, image.height() as usize);
    if width.max(height) > 65_535 {
        return Err(Error::Unsupported(Unsupported::Side { format: Format::Jpeg, most: 65_535 }));
    }
    let failed = |e: turbojpeg::Error| Error::Bug(format!("writing JPEG: {e}"));
    let mut encoder = Compressor::new().map_err(failed)?;
    encoder.set_quality(i32::from(quality)).map_err(failed)?;
    encoder.set_optimize(true).map_err(failed)?;
    let colour = if colour == Colour::Full { Subsamp::None } else { Subsamp::Sub2x2 };
    encoder.set_subsamp(colour).map_err(failed)?;
    let pixels = image.as_bytes();
    let picture = Image { pixels, width, pitch: width * 3, height, format: PixelFormat::RGB };
    encoder.compress_to_vec(picture).map_err(failed)
}

#[cfg(not(feature = "turbo"))]
fn jpeg(image: &DynamicImage, quality: u8, colour: Colour) -> Result<Vec<u8>, Error> {
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

    let (Ok(width), Ok(height)) = (u16::try_from(image.width()), u16::try_from(image.height())) else {
        return Err(Error::Unsupported(Unsupported::Side { format: Format::Jpeg, most: 65_535 }));
    };
    let mut bytes = Vec::new();
    // Plain Huffman tables: some widespread decoders misread this encoder's optimised ones.
    let mut encoder = Encoder::new(&mut bytes, quality);
    let colour = if colour == Colour::Full { SamplingFactor::F_1_1 } else { SamplingFactor::F_2_2 };
    encoder.set_sampling_factor(colour);
    encoder
        .encode(image.as_bytes(), width, height, ColorType::Rgb)
        .map_err(|e| Error::Bug(format!("writing JPEG: {e}")))?;
    Ok(bytes)
}

fn webp(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, Error> {
    let (width, height) = (image.width(), image.height());
    if width > 16_383 || height > 16_383 {
        return Err(Error::Unsupported(Unsupported::Side { format: Format::Webp, most: 16_383 }));
    }
    let encoder = if image.color().has_alpha() {
        webp::Encoder::from_rgba(image.as_bytes(), width, height)
    } else {
        webp::Encoder::from_rgb(image.as_bytes(), width, height)
    };
    let broken = |what: &str| Error::Bug(format!("writing WebP: {what}"));
    let mut config = webp::WebPConfig::new().map_err(|()| broken("no configuration"))?;
    config.quality = f32::from(quality);
    config.method = WEBP_METHOD;
    let bytes = encoder.encode_advanced(&config).map_err(|e| broken(&format!("{e:?}")))?;
    Ok(bytes.to_vec())
}
