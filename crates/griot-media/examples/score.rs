//! How near renditions look to the photograph that they were made of, in SSIMULACRA2:
//! `score PHOTO.jpg cover:1080x1350:jpeg:80=FILE ...` prints one score a line, in order.
//!
//! The reference is made as well as it can be, at any cost: the photograph decoded in full, brought to sRGB, turned
//! upright and resampled with Lanczos3, all at 16 bits. None of the product's own way from file to rendition is used,
//! as what is measured must not measure itself. Where a frame is filled the middle of the photograph may lie between
//! two pixels, and programs differ there: a rendition is held against the cut at the exact place and against those at
//! the whole pixels on either side of it, and the best counts. Deliberately absent: originals that are not colour JPEGs.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write;
use std::path::Path;

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use griot_colour::Profile;
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageBuffer, ImageFormat, Rgb};
use jpeg_decoder::PixelFormat;
use ssimulacra2::{ColorPrimaries, TransferCharacteristic, compute_frame_ssimulacra2};

/// What goes wrong is for a developer to read.
type Done<T> = Result<T, Box<dyn Error>>;

fn main() -> Done<()> {
    let mut words = std::env::args().skip(1);
    let photo = words.next().ok_or("score PHOTO.jpg USE=FILE ...")?;
    let photo = upright(Path::new(&photo))?;
    for word in words {
        let (usage, file) = word.split_once('=').ok_or("a rendition is written USE=FILE")?;
        let rendition = rendition(Path::new(file))?;
        let mut best = f64::NEG_INFINITY;
        for cut in cuts(usage, photo.dimensions(), rendition.dimensions())? {
            let reference = cut.of(&photo, rendition.dimensions())?;
            best = best.max(compute_frame_ssimulacra2(light(&reference)?, light(&rendition)?)?);
        }
        writeln!(std::io::stdout(), "{best:.2}")?;
    }
    Ok(())
}

/// A JPEG in full: its samples, colour profile and turn.
fn decoded(path: &Path) -> Done<(DynamicImage, Option<Vec<u8>>, Orientation)> {
    let bytes = std::fs::read(path)?;
    let mut decoder = jpeg_decoder::Decoder::new(bytes.as_slice());
    let samples = decoder.decode()?;
    let info = decoder.info().ok_or("a JPEG without a header")?;
    if info.pixel_format != PixelFormat::RGB24 {
        return Err(format!("{} is not a colour JPEG", path.display()).into());
    }
    let picture = ImageBuffer::<Rgb<u8>, _>::from_raw(info.width.into(), info.height.into(), samples);
    let turn =
        decoder.exif_data().and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    Ok((picture.ok_or("a JPEG that is too short")?.into(), decoder.icc_profile(), turn))
}

/// The photograph in sRGB at 16 bits, as it is seen.
fn upright(path: &Path) -> Done<DynamicImage> {
    let (picture, icc, turn) = decoded(path)?;
    let mut picture = DynamicImage::ImageRgb16(picture.into_rgb16());
    if let Some(profile) = icc.as_deref().and_then(Profile::read) {
        let (width, height) = picture.dimensions();
        let samples =
            profile.to_srgb_16(picture.into_rgb16().as_raw(), false).ok_or("a profile of no use")?;
        let converted = ImageBuffer::<Rgb<u16>, _>::from_raw(width, height, samples);
        picture = converted.ok_or("a profile that loses samples")?.into();
    }
    picture.apply_orientation(turn);
    Ok(picture)
}

/// JPEG or WebP, as it is: a rendition is upright and in sRGB by itself.
fn rendition(path: &Path) -> Done<DynamicImage> {
    if path.extension().is_some_and(|ending| ending == "jpg") {
        return Ok(decoded(path)?.0);
    }
    Ok(image::load_from_memory_with_format(&std::fs::read(path)?, ImageFormat::WebP)?)
}

/// A part of the photograph, in its pixels.
struct Cut {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Cut {
    fn of(&self, photo: &DynamicImage, (width, height): (u32, u32)) -> Done<DynamicImage> {
        let mut small = DynamicImage::ImageRgb16(ImageBuffer::new(width, height));
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(
            self.left,
            self.top,
            self.width,
            self.height,
        );
        Resizer::new().resize(photo, &mut small, &options)?;
        Ok(small)
    }
}

/// The parts of a photograph that may rightly be in a rendition of this size.
fn cuts(usage: &str, photo: (u32, u32), size: (u32, u32)) -> Done<Vec<Cut>> {
    let (width, height) = (f64::from(photo.0), f64::from(photo.1));
    if usage.starts_with("inside:") {
        return Ok(vec![Cut { left: 0.0, top: 0.0, width, height }]);
    }
    if !usage.starts_with("cover:") {
        return Err(format!("{usage} is neither cover nor inside").into());
    }
    let (across, down) = (f64::from(size.0), f64::from(size.1));
    let scale = (across / width).max(down / height);
    let exact = (across / scale, down / scale);
    let mut cuts = vec![Cut {
        left: (width - exact.0) / 2.0,
        top: (height - exact.1) / 2.0,
        width: exact.0,
        height: exact.1,
    }];
    // The whole photograph made small first, and then cut at whole pixels.
    let whole = ((width * scale).round(), (height * scale).round());
    let places = |whole: f64, part: f64| {
        let half = (whole - part) / 2.0;
        BTreeSet::from([half.floor() as u32, half.ceil() as u32])
    };
    for left in places(whole.0, across) {
        for top in places(whole.1, down) {
            cuts.push(Cut {
                left: f64::from(left) * width / whole.0,
                top: f64::from(top) * height / whole.1,
                width: across * width / whole.0,
                height: down * height / whole.1,
            });
        }
    }
    Ok(cuts)
}

/// Samples from 0 to 1, as the score takes them.
fn light(picture: &DynamicImage) -> Done<ssimulacra2::Rgb> {
    let (width, height) = picture.dimensions();
    let samples = picture.to_rgb32f().pixels().map(|pixel| pixel.0).collect();
    let (width, height) = (usize::try_from(width)?, usize::try_from(height)?);
    let srgb = (TransferCharacteristic::SRGB, ColorPrimaries::BT709);
    Ok(ssimulacra2::Rgb::new(samples, width, height, srgb.0, srgb.1)?)
}
