//! JPEG to pixels, at some eighths of its size, as few as suffice: 1, 2, 4, 5, 6 or all 8 by libjpeg-turbo, which has
//! quick paths for the powers of two and saves memory with the others; 1, 2, 4 or 8 by jpeg-decoder.
//!
//! libjpeg-turbo does it where it is built in. What it cannot do, or doubts, is left to jpeg-decoder, whose verdict
//! counts: libjpeg-turbo fills what is missing of a cut-off file with grey and only warns. Neither is the image
//! crate's own decoder (zune-jpeg 0.5.15), which reads valid pictures with optimised Huffman tables wrongly and without
//! an error.

use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::PixelFormat;

use super::super::colour;
use crate::picture::Header;
use crate::{Error, Limits, Unsupported};

/// Samples as they come from a decoder.
struct Raw {
    data: Vec<u8>,
    size: (u32, u32),
    kind: Kind,
}

/// What the samples are.
enum Kind {
    Grey,
    Rgb,
    /// 255 = full.
    Inks,
}

/// Decodes to at least `need` pixels for each stored one.
pub(super) fn decode(
    bytes: &[u8],
    header: &Header,
    need: f64,
    limits: &Limits,
) -> Result<DynamicImage, Error> {
    let eighths = eighths(need);
    let (width, height) = scaled((header.width, header.height), eighths);
    let channels = u64::from(header.components);
    let whole = u64::from(header.width) * u64::from(header.height) * channels;
    // Four bytes a pixel at most; a progressive picture also keeps all its coefficients, two bytes a sample.
    let kept = if header.progressive { whole * 2 } else { 0 };
    limits.alloc(u64::from(width) * u64::from(height) * channels + kept)?;
    #[cfg(feature = "turbo")]
    if let Some(raw) = turbo::decode(bytes, header, eighths)? {
        return finished(raw, header);
    }
    // It also keeps the coefficients or the samples of whole components.
    limits.alloc(if header.progressive { whole * 3 } else { whole })?;
    finished(plain(bytes, header, (width, height), limits)?, header)
}

/// The fewest of the eighths above that are at least `need`.
pub(in super::super) fn eighths(need: f64) -> u32 {
    [1, 2, 4, 5, 6].into_iter().find(|n| f64::from(*n) / 8.0 >= need).unwrap_or(8)
}

fn scaled((width, height): (u32, u32), eighths: u32) -> (u32, u32) {
    ((width * eighths).div_ceil(8), (height * eighths).div_ceil(8))
}

fn finished(raw: Raw, header: &Header) -> Result<DynamicImage, Error> {
    let Raw { data, size: (width, height), kind } = raw;
    let short = || Error::Bug("a JPEG decoder returned too few bytes".into());
    let icc = header.icc.as_deref();
    match kind {
        Kind::Grey => {
            let grey = GrayImage::from_raw(width, height, data).ok_or_else(short)?;
            Ok(colour::to_srgb(grey.into(), icc))
        }
        Kind::Rgb => {
            let rgb = RgbImage::from_raw(width, height, data).ok_or_else(short)?;
            Ok(colour::to_srgb(rgb.into(), icc))
        }
        Kind::Inks => {
            let rgb = colour::cmyk_to_srgb(&data, icc);
            Ok(RgbImage::from_raw(width, height, rgb).ok_or_else(short)?.into())
        }
    }
}

fn plain(bytes: &[u8], header: &Header, (width, height): (u32, u32), limits: &Limits) -> Result<Raw, Error> {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(usize::try_from(limits.max_alloc).unwrap_or(usize::MAX));
    let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
    let (width, height) = decoder.scale(side(width), side(height)).map_err(refused)?;
    let data = decoder.decode().map_err(refused)?;
    let info = decoder.info().ok_or_else(|| Error::Bug("a decoded JPEG without a header".into()))?;
    let (data, kind) = match info.pixel_format {
        PixelFormat::L8 => (data, Kind::Grey),
        PixelFormat::RGB24 => (data, Kind::Rgb),
        // This decoder assumes that the file stores inks inverted, which only Adobe's do.
        PixelFormat::CMYK32 => (if header.adobe { data } else { inverted(data) }, Kind::Inks),
        PixelFormat::L16 => return Err(Error::Unsupported(Unsupported::JpegDepth(16))),
    };
    Ok(Raw { data, size: (u32::from(width), u32::from(height)), kind })
}

fn inverted(mut data: Vec<u8>) -> Vec<u8> {
    data.iter_mut().for_each(|ink| *ink = 255 - *ink);
    data
}

fn refused(error: jpeg_decoder::Error) -> Error {
    match error {
        jpeg_decoder::Error::Unsupported(what) => {
            Error::Unsupported(Unsupported::Decoder(format!("JPEG: {what:?}")))
        }
        jpeg_decoder::Error::Format(what) => Error::Damaged(what),
        jpeg_decoder::Error::Io(e) => Error::Damaged(e.to_string()),
        jpeg_decoder::Error::Internal(e) => Error::Bug(e.to_string()),
    }
}

#[cfg(feature = "turbo")]
mod turbo {
    //! libjpeg-turbo.

    use turbojpeg::{Decompressor, Image, PixelFormat, ScalingFactor};

    use super::{Header, Kind, Raw, inverted, scaled};
    use crate::{Error, OverLimit};

    /// Scans of a progressive picture; cameras and encoders write at most a few dozen. More are made to waste time.
    const MOST_SCANS: u32 = 200;
    /// Warnings after which every pixel that the file holds is there. A marker in the wrong place costs a row at most;
    /// `0xd9` instead of a restart is the end of a file that was cut off.
    const HARMLESS: [&str; 6] = [
        "extraneous bytes before marker",
        "Unknown Adobe color transform",
        "unknown JFIF revision",
        "bad ICC marker",
        "Invalid SOS parameters",
        "instead of RST",
    ];

    /// The pixels, or nothing where the other decoder shall judge.
    pub(super) fn decode(bytes: &[u8], header: &Header, eighths: u32) -> Result<Option<Raw>, Error> {
        let (format, kind, channels) = match header.components {
            1 => (PixelFormat::GRAY, Kind::Grey, 1),
            3 => (PixelFormat::RGB, Kind::Rgb, 3),
            4 => (PixelFormat::CMYK, Kind::Inks, 4),
            _ => return Ok(None),
        };
        let Ok(mut decoder) = Decompressor::new() else { return Ok(None) };
        let scale = ScalingFactor::new(eighths as usize, 8);
        if decoder.set_scaling_factor(scale).is_err() || decoder.set_scan_limit(MOST_SCANS).is_err() {
            return Ok(None);
        }
        let (width, height) = scaled((header.width, header.height), eighths);
        let (across, down) = (width as usize, height as usize);
        let mut data = vec![0; across * down * channels];
        let image = Image {
            pixels: data.as_mut_slice(),
            width: across,
            pitch: across * channels,
            height: down,
            format,
        };
        if let Err(error) = decoder.decompress(bytes, image) {
            let said = error.to_string();
            if said.contains("scans") {
                return Err(Error::OverLimit(OverLimit::Scans(MOST_SCANS)));
            }
            if said.contains("0xd9") || !HARMLESS.iter().any(|known| said.contains(known)) {
                return Ok(None);
            }
        }
        // As the file stores them: inverted by Adobe's programs.
        let data = if matches!(kind, Kind::Inks) && header.adobe { inverted(data) } else { data };
        Ok(Some(Raw { data, size: (width, height), kind }))
    }
}
