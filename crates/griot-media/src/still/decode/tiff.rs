//! TIFF to pixels: strips and tiles, in one plane or several, of the kinds that scanners, cameras and printers write.
//! What is packed or coloured in a way that is not read is refused by its name; nothing is guessed.
//!
//! The image crate's decoder is not used: it takes inks for light without asking their profile, ends in an assertion
//! over tiles in planes, and hands JPEG to a decoder that misreads it.

mod page;
mod shades;
mod unpack;

use image::{DynamicImage, ImageBuffer, Luma, LumaA, Rgb, Rgba};

use self::page::Page;
use self::shades::Shades;
use super::colour;
use crate::picture::Header;
use crate::{Error, Limits};

/// Samples of all pixels, channel beside channel.
enum Samples {
    Plain(Vec<u8>),
    /// More than eight bits, as sixteen.
    Deep(Vec<u16>),
}

/// Decodes the page that the header named.
pub(super) fn decode(bytes: &[u8], header: &Header, limits: &Limits) -> Result<DynamicImage, Error> {
    let page = Page::read(bytes, header.page)?;
    let shades = Shades::of(&page)?;
    let pixels = u64::from(page.width) * u64::from(page.height);
    let sample = if page.is_deep() { 2 } else { 1 };
    limits.alloc(pixels.saturating_mul(page.channels as u64 * sample + 4))?;
    let samples = page.samples(bytes, limits)?;
    let size = (page.width, page.height);
    let icc = header.icc.as_deref();
    let wrong = || Error::Bug("a TIFF gave another number of samples than it has".into());
    if let Shades::Inks = shades {
        let inks = match samples {
            Samples::Plain(inks) => inks,
            Samples::Deep(inks) => inks.into_iter().map(|ink| (ink >> 8) as u8).collect(),
        };
        let rgb = colour::cmyk_to_srgb(&inks, icc);
        return ImageBuffer::from_raw(size.0, size.1, rgb).map(DynamicImage::ImageRgb8).ok_or_else(wrong);
    }
    let lab = matches!(shades, Shades::Lab { .. });
    let image = match shades.light(samples, page.channels) {
        (channels, Samples::Plain(data)) => plain(size, channels, data),
        (channels, Samples::Deep(data)) => deep(size, channels, data),
    };
    // The profile of a page in Lab describes how it was printed, not what its numbers mean.
    Ok(colour::to_srgb(image.ok_or_else(wrong)?, icc.filter(|_| !lab)))
}

fn plain((w, h): (u32, u32), channels: usize, data: Vec<u8>) -> Option<DynamicImage> {
    match channels {
        1 => ImageBuffer::<Luma<u8>, _>::from_raw(w, h, data).map(Into::into),
        2 => ImageBuffer::<LumaA<u8>, _>::from_raw(w, h, data).map(Into::into),
        3 => ImageBuffer::<Rgb<u8>, _>::from_raw(w, h, data).map(Into::into),
        _ => ImageBuffer::<Rgba<u8>, _>::from_raw(w, h, data).map(Into::into),
    }
}

fn deep((w, h): (u32, u32), channels: usize, data: Vec<u16>) -> Option<DynamicImage> {
    match channels {
        1 => ImageBuffer::<Luma<u16>, _>::from_raw(w, h, data).map(Into::into),
        2 => ImageBuffer::<LumaA<u16>, _>::from_raw(w, h, data).map(Into::into),
        3 => ImageBuffer::<Rgb<u16>, _>::from_raw(w, h, data).map(Into::into),
        _ => ImageBuffer::<Rgba<u16>, _>::from_raw(w, h, data).map(Into::into),
    }
}
