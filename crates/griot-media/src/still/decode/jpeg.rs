//! JPEG to pixels, at some eighths of its size, as few as suffice: 1, 2, 4, 5, 6 or all 8 by libjpeg-turbo, which has
//! quick paths for the powers of two and saves memory with the others; 1, 2, 4 or 8 by jpeg-decoder.
//!
//! A decoder gets the picture alone (`stream`), so that nothing around it can make it give up before it has written
//! anything. libjpeg-turbo does it where it is built in; what it cannot do is left to jpeg-decoder. Both fill what is
//! missing of a cut-off file with grey: whether the data are all there is asked elsewhere (`entropy`) wherever there is
//! a doubt, and what was not written is no picture (`canary`). The image crate's own decoder (zune-jpeg 0.5.15) is not
//! used: it reads valid pictures with optimised Huffman tables wrongly and without an error.

mod entropy;
mod stream;

use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::PixelFormat;

use super::super::colour;
use crate::picture::{Header, jpeg_header};
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
    let stream = stream::clean(bytes)?;
    limits.alloc(u64::from(width) * u64::from(height) * channels + kept + stream.len() as u64)?;
    finished(raw(&stream, header, eighths, limits)?, header)
}

/// The fewest of the eighths above that are at least `need`.
pub(in super::super) fn eighths(need: f64) -> u32 {
    [1, 2, 4, 5, 6].into_iter().find(|n| f64::from(*n) / 8.0 >= need).unwrap_or(8)
}

fn scaled((width, height): (u32, u32), eighths: u32) -> (u32, u32) {
    ((width * eighths).div_ceil(8), (height * eighths).div_ceil(8))
}

/// A part of a TIFF: its tables, where it shares them, and its data. `plain` samples are what they are; others are luma
/// and chroma, and become light. Rows of `channels` samples, with their width and height.
pub(super) fn part(
    tables: &[u8],
    data: &[u8],
    channels: usize,
    plain: bool,
    limits: &Limits,
) -> Result<(Vec<u8>, (u32, u32)), Error> {
    let own = data.strip_prefix(b"\xFF\xD8").unwrap_or(data);
    let shared = tables.strip_prefix(b"\xFF\xD8").unwrap_or_default();
    let shared = shared.strip_suffix(b"\xFF\xD9").unwrap_or(shared);
    let mut whole = vec![0xFF, 0xD8];
    // Without this word decoders take three channels for luma and chroma.
    whole.extend(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0");
    whole.push(u8::from(!plain));
    whole.extend_from_slice(shared);
    whole.extend_from_slice(own);
    let header = Header { adobe: false, ..jpeg_header(&whole, limits)? };
    let size = (header.width, header.height);
    if usize::from(header.components) != channels {
        return Err(Error::Damaged("a JPEG of other channels in the TIFF".into()));
    }
    limits.size(size.0, size.1)?;
    limits.alloc(u64::from(size.0) * u64::from(size.1) * channels as u64)?;
    let raw = raw(&stream::clean(&whole)?, &header, 8, limits)?;
    Ok((raw.data, size))
}

/// The samples, by whichever decoder reads them.
fn raw(stream: &[u8], header: &Header, eighths: u32, limits: &Limits) -> Result<Raw, Error> {
    #[cfg(feature = "turbo")]
    if let Some(raw) = turbo::decode(stream, header, eighths)? {
        return Ok(raw);
    }
    let whole = u64::from(header.width) * u64::from(header.height) * u64::from(header.components);
    // It also keeps the coefficients or the samples of whole components.
    limits.alloc(if header.progressive { whole * 3 } else { whole })?;
    entropy::whole(stream)?;
    plain(stream, header, scaled((header.width, header.height), eighths), limits)
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

    use super::super::canary;
    use super::{Header, Kind, Raw, entropy, inverted, scaled};
    use crate::{Error, OverLimit};

    /// Scans of a progressive picture; cameras and encoders write at most a few dozen. More are made to waste time.
    const MOST_SCANS: u32 = 200;

    /// The pixels, or nothing where the other decoder shall judge. `stream` is a cleaned one.
    pub(super) fn decode(stream: &[u8], header: &Header, eighths: u32) -> Result<Option<Raw>, Error> {
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
        // A complaint about the header ends the call below before it writes anything.
        if decoder.read_header(stream).is_err() {
            return Ok(None);
        }
        let (width, height) = scaled((header.width, header.height), eighths);
        let (across, down) = (width as usize, height as usize);
        let mut data = vec![0; across * down * channels];
        canary::plant(&mut data);
        let image = Image {
            pixels: data.as_mut_slice(),
            width: across,
            pitch: across * channels,
            height: down,
            format,
        };
        if let Err(error) = decoder.decompress(stream, image) {
            if error.to_string().contains("scans") {
                return Err(Error::OverLimit(OverLimit::Scans(MOST_SCANS)));
            }
            // It says the first of its complaints alone, which need not be the worst.
            entropy::whole(stream)?;
        }
        if !canary::written(&data) {
            return Ok(None);
        }
        // As the file stores them: inverted by Adobe's programs.
        let data = if matches!(kind, Kind::Inks) && header.adobe { inverted(data) } else { data };
        Ok(Some(Raw { data, size: (width, height), kind }))
    }
}
