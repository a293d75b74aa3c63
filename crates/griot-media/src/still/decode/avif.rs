//! AVIF to pixels: the pictures of the file's list through an AV1 decoder, put together, with their opacity.
//!
//! The decoder is a Rust port of dav1d without its assembly. It refuses bad data by errors; where it would still panic,
//! that happens on threads of its own, behind a call that cannot be unwound. So it always runs with two frames in
//! flight (with one, its answer to damaged data is such a panic), and on a thread that is waited for with patience and
//! not forever.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use image::{DynamicImage, ImageBuffer, Luma, Rgb, Rgba};
use re_rav1d::{Decoder, Picture, Settings};

use super::numbers;
use super::yuv::{self, Planes};
use crate::picture::Header;
use crate::picture::heif::{Grid, Heif};
use crate::{Error, Limits, OverLimit, Unsupported};

/// Bytes of memory for one pixel while it is decoded and put together, 16-bit samples throughout.
const BYTES_A_PIXEL: u64 = 16;
/// The longest that one coded picture may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of stack for the decoder's thread.
const STACK: usize = 8 << 20;

/// A picture of 16-bit colours.
type Deep = ImageBuffer<Rgb<u16>, Vec<u16>>;
/// Its opacity.
type Opacity = ImageBuffer<Luma<u16>, Vec<u16>>;
/// What becomes of decoded planes.
type Convert<'a, P> = dyn FnMut(&Planes) -> Result<ImageBuffer<P, Vec<u16>>, Error> + 'a;

/// Decodes the main picture.
pub(super) fn decode(bytes: &[u8], header: &Header, limits: &Limits) -> Result<DynamicImage, Error> {
    let heif = Heif::read(bytes)?;
    let id = heif.primary();
    let (width, height) = heif.size(id).unwrap_or((0, 0));
    limits.size(width, height)?;
    limits.alloc(u64::from(width) * u64::from(height) * BYTES_A_PIXEL)?;
    let mut said = None;
    let colour = whole(&heif, id, limits, &mut |picture| {
        said = said.or(Some((picture.primaries, picture.transfer)));
        yuv::to_rgb(picture, header.numbers)
    })?;
    let mut opaque = |picture: &Planes| -> Result<Opacity, Error> { Ok(yuv::to_alpha(picture)) };
    let alpha = match heif.alpha(id) {
        Some((alpha, multiplied)) => Some((whole(&heif, alpha, limits, &mut opaque)?, multiplied)),
        None if heif.is_clear(id) => match heif.alpha_of_parts(&heif.grid(id, limits)?) {
            Some((grid, multiplied)) => Some((assembled(&heif, &grid, limits, &mut opaque)?, multiplied)),
            None => None,
        },
        None => None,
    };
    let pixels = with_alpha(colour, alpha)?;
    let pixels = match heif.view(id) {
        Some(view) if view.x + view.width <= pixels.width() && view.y + view.height <= pixels.height() => {
            pixels.crop_imm(view.x, view.y, view.width, view.height)
        }
        _ => pixels,
    };
    let coded = said.and_then(|(primaries, transfer)| numbers::Colours::known(primaries, transfer));
    Ok(numbers::to_srgb(pixels, header, coded))
}

/// One item as pixels: a coded picture, or a grid of them.
fn whole<P: image::Pixel<Subpixel = u16> + 'static>(
    heif: &Heif<'_>,
    id: u32,
    limits: &Limits,
    convert: &mut Convert<'_, P>,
) -> Result<ImageBuffer<P, Vec<u16>>, Error> {
    match &heif.kind(id) {
        b"av01" => convert(&coded(heif, id, limits)?),
        b"grid" => assembled(heif, &heif.grid(id, limits)?, limits, convert),
        other => Err(not_av1(*other)),
    }
}

/// The parts of a grid, put together.
fn assembled<P: image::Pixel<Subpixel = u16> + 'static>(
    heif: &Heif<'_>,
    grid: &Grid,
    limits: &Limits,
    convert: &mut Convert<'_, P>,
) -> Result<ImageBuffer<P, Vec<u16>>, Error> {
    limits.alloc(u64::from(grid.width) * u64::from(grid.height) * BYTES_A_PIXEL)?;
    let mut canvas = ImageBuffer::new(grid.width, grid.height);
    let mut size = None;
    for (n, tile) in (0u32..).zip(&grid.tiles) {
        let kind = heif.kind(*tile);
        if kind != *b"av01" {
            return Err(not_av1(kind));
        }
        let pixels = convert(&coded(heif, *tile, limits)?)?;
        let (w, h) = *size.get_or_insert(pixels.dimensions());
        grid.covered(pixels.dimensions(), (w, h))?;
        let (x, y) = (i64::from(n % grid.columns) * i64::from(w), i64::from(n / grid.columns) * i64::from(h));
        image::imageops::replace(&mut canvas, &pixels, x, y);
    }
    Ok(canvas)
}

fn not_av1(kind: [u8; 4]) -> Error {
    Error::Unsupported(Unsupported::NotAv1(String::from_utf8_lossy(&kind).into_owned()))
}

/// Decodes one coded picture.
fn coded(heif: &Heif<'_>, id: u32, limits: &Limits) -> Result<Planes, Error> {
    let (width, height) = heif.size(id).unwrap_or((0, 0));
    limits.size(width, height)?;
    limits.alloc(u64::from(width) * u64::from(height) * BYTES_A_PIXEL)?;
    let data = heif.data(id, limits)?.into_owned();
    // The stream may declare another size than the file: the decoder refuses what is larger.
    let most = u32::try_from(limits.max_pixels).unwrap_or(u32::MAX);
    let most = most.min((limits.max_alloc / BYTES_A_PIXEL).try_into().unwrap_or(u32::MAX));
    let (answer, wait) = mpsc::channel();
    thread::Builder::new().name("avif".into()).stack_size(STACK).spawn(move || {
        let _ = answer.send(first(data, most).and_then(|picture| Planes::read(&picture)));
    })?;
    match wait.recv_timeout(PATIENCE) {
        Ok(planes) => planes,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(Error::OverLimit(OverLimit::Patience)),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(Error::Bug("the AV1 decoder panicked".into())),
    }
}

/// The first picture of a stream.
fn first(data: Vec<u8>, most_pixels: u32) -> Result<Picture, Error> {
    let mut settings = Settings::new();
    settings.set_n_threads(2);
    settings.set_max_frame_delay(2);
    settings.set_frame_size_limit(most_pixels);
    settings.set_all_layers(false);
    let mut decoder = Decoder::with_settings(&settings).map_err(|e| refused(&e))?;
    let mut pending = match decoder.send_data(data, None, None, None) {
        Ok(()) => false,
        Err(e) if e.is_again() => true,
        Err(e) => return Err(refused(&e)),
    };
    loop {
        match decoder.get_picture() {
            Ok(picture) => return Ok(picture),
            Err(e) if e.is_again() && pending => match decoder.send_pending_data() {
                Ok(()) => pending = false,
                Err(e) if e.is_again() => {}
                Err(e) => return Err(refused(&e)),
            },
            // All is sent: the second question waits for the picture and the third would wait for nothing.
            Err(e) if e.is_again() => {
                return decoder.get_picture().map_err(|e| refused(&e));
            }
            Err(e) => return Err(refused(&e)),
        }
    }
}

fn refused(error: &re_rav1d::Error) -> Error {
    Error::Damaged(format!("AV1: {error}"))
}

fn with_alpha(colour: Deep, alpha: Option<(Opacity, bool)>) -> Result<DynamicImage, Error> {
    let Some((plane, multiplied)) = alpha else { return Ok(DynamicImage::ImageRgb16(colour)) };
    if plane.dimensions() != colour.dimensions() {
        return Err(Error::Damaged("the opacity has another size than the picture".into()));
    }
    let mut out = ImageBuffer::new(colour.width(), colour.height());
    for ((to, from), opacity) in out.pixels_mut().zip(colour.pixels()).zip(plane.pixels()) {
        let alpha = opacity[0];
        let light = |v: u16| {
            if multiplied && alpha > 0 {
                let whole = u32::from(v) * 65_535 / u32::from(alpha);
                u16::try_from(whole).unwrap_or(u16::MAX)
            } else {
                v
            }
        };
        *to = Rgba([light(from[0]), light(from[1]), light(from[2]), alpha]);
    }
    Ok(DynamicImage::ImageRgba16(out))
}
