//! Embedded profiles to sRGB. A profile that cannot be used is left aside: the picture opens as if it had none, which
//! is what every browser does.

use griot_colour::{Profile, Space};
use image::{DynamicImage, ImageBuffer, Rgb, RgbImage, Rgba, RgbaImage};

/// Brings a decoded picture to 8-bit sRGB, with alpha where it has any.
pub(super) fn to_srgb(mut image: DynamicImage, icc: Option<&[u8]>) -> DynamicImage {
    let converted = icc.and_then(Profile::read).and_then(|profile| match (profile.space(), &mut image) {
        // Most pictures: converted where they stand, without a second copy of all pixels.
        (Space::Rgb, DynamicImage::ImageRgb8(rgb)) => {
            let _unusable = profile.to_srgb_in_place(rgb, false);
            None
        }
        (Space::Rgb, DynamicImage::ImageRgba8(rgba)) => {
            let _unusable = profile.to_srgb_in_place(rgba, true);
            None
        }
        (Space::Grey, image) => grey(image, &profile),
        (Space::Rgb, image) => rgb(image, &profile),
        (Space::Cmyk, _) => None,
    });
    let image = converted.unwrap_or(image);
    if image.color().has_alpha() {
        DynamicImage::ImageRgba8(image.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(image.into_rgb8())
    }
}

/// Grey pixels with a grey profile.
fn grey(image: &DynamicImage, profile: &Profile) -> Option<DynamicImage> {
    let (width, height) = (image.width(), image.height());
    if image.color().has_color() {
        None
    } else if image.color().has_alpha() {
        let out = profile.to_srgb(image.to_luma_alpha8().as_raw(), true)?;
        RgbaImage::from_raw(width, height, out).map(Into::into)
    } else {
        let out = profile.to_srgb(image.to_luma8().as_raw(), false)?;
        RgbImage::from_raw(width, height, out).map(Into::into)
    }
}

/// Colour pixels (or grey ones, spread to three channels) with a colour profile. 16-bit pictures are converted before
/// they are narrowed: a wide profile would show bands otherwise.
fn rgb(image: &DynamicImage, profile: &Profile) -> Option<DynamicImage> {
    let (width, height, colour) = (image.width(), image.height(), image.color());
    let wide = colour.bytes_per_pixel() > colour.channel_count();
    match (wide, colour.has_alpha()) {
        (false, false) => {
            let mut out = image.to_rgb8();
            profile.to_srgb_in_place(&mut out, false)?;
            Some(out.into())
        }
        (false, true) => {
            let mut out = image.to_rgba8();
            profile.to_srgb_in_place(&mut out, true)?;
            Some(out.into())
        }
        (true, false) => {
            let out = profile.to_srgb_16(image.to_rgb16().as_raw(), false)?;
            ImageBuffer::<Rgb<u16>, _>::from_raw(width, height, out).map(Into::into)
        }
        (true, true) => {
            let out = profile.to_srgb_16(image.to_rgba16().as_raw(), true)?;
            ImageBuffer::<Rgba<u16>, _>::from_raw(width, height, out).map(Into::into)
        }
    }
}

/// Four inks (255 = full) to sRGB: by the press profile, else by the plain product.
pub(super) fn cmyk_to_srgb(inks: &[u8], icc: Option<&[u8]>) -> Vec<u8> {
    icc.and_then(Profile::read)
        .filter(|profile| profile.space() == Space::Cmyk)
        .and_then(|profile| profile.to_srgb(inks, false))
        .unwrap_or_else(|| inks.chunks_exact(4).flat_map(plain).collect())
}

fn plain(inks: &[u8]) -> [u8; 3] {
    let light = |ink: u8| {
        let product = u16::from(255 - ink) * u16::from(255 - inks[3]);
        u8::try_from((product + 127) / 255).unwrap_or(u8::MAX)
    };
    [light(inks[0]), light(inks[1]), light(inks[2])]
}
