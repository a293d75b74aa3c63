//! Writing GIF. Each frame has a palette of its own and holds only what changed since the one before. Under a byte
//! limit the colours get fewer first, then the picture smaller.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

use color_quant::NeuQuant;
use gif::{DisposalMethod, Encoder, Frame, Repeat};
use griot_domain::asset::Format;
use griot_domain::recipe::ImageRecipe;
use image::{DynamicImage, RgbaImage};

use crate::still::animation::Animation;
use crate::still::{Rendered, frame};
use crate::{Error, OverLimit, Progress, Unsupported};

/// Palettes that are tried under a byte limit, largest first. The quantiser wants at least 64.
const PALETTES: [usize; 3] = [256, 128, 64];
/// A picture smaller than this (in pixels of its long side) is no longer one.
const SMALLEST: u32 = 64;
/// Every n-th pixel teaches the quantiser, 1..=30.
const SAMPLE: i32 = 10;
/// Pixels with less opacity are left out: GIF knows no shades of it.
const OPAQUE: u8 = 128;

/// Writes an animation, or a single picture as one frame of it.
pub(crate) fn write(
    mut animation: Animation,
    recipe: &ImageRecipe,
    progress: &dyn Progress,
) -> Result<Rendered, Error> {
    let full = animation.frames.first().map_or((0, 0), |(image, _)| image.dimensions());
    let limit = recipe.max_bytes.unwrap_or(u64::MAX);
    let mut scale = 1.0;
    loop {
        let mut size = 0;
        for colours in PALETTES {
            progress.report(0.0)?;
            let bytes = encode(&animation, colours, progress)?;
            size = bytes.len() as u64;
            if size <= limit {
                let (width, height) = animation.frames[0].0.dimensions();
                return Ok(Rendered {
                    bytes,
                    width,
                    height,
                    format: Format::Gif,
                    quality: None,
                    shrunk: scale < 1.0,
                    below_floor: false,
                });
            }
            // Fewer colours save a third at most: from far above they need not be tried.
            if size > limit.saturating_mul(2) {
                break;
            }
        }
        let step = (limit as f64 / size as f64).sqrt() * 0.95;
        scale *= step.clamp(0.25, 0.95);
        let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
        let smaller = (side(full.0), side(full.1));
        if smaller.0.max(smaller.1) < SMALLEST.min(full.0.max(full.1)) {
            return Err(Error::OverLimit(OverLimit::AnimationBytes(limit)));
        }
        for (image, _) in &mut animation.frames {
            let large = DynamicImage::ImageRgba8(std::mem::take(image));
            *image = frame::shrink(&large, smaller)?.into_rgba8();
        }
    }
}

/// A single picture.
pub(super) fn still(
    image: DynamicImage,
    recipe: &ImageRecipe,
    progress: &dyn Progress,
) -> Result<Rendered, Error> {
    let animation = Animation { frames: vec![(image.into_rgba8(), Duration::ZERO)], rounds: Some(1) };
    write(animation, recipe, progress)
}

fn encode(animation: &Animation, colours: usize, progress: &dyn Progress) -> Result<Vec<u8>, Error> {
    let frames = &animation.frames;
    let large = || Error::Unsupported(Unsupported::Side { format: Format::Gif, most: 65_535 });
    let (width, height) = frames.first().map_or((0, 0), |(image, _)| image.dimensions());
    let (w, h) = (u16::try_from(width).map_err(|_| large())?, u16::try_from(height).map_err(|_| large())?);
    let failed = |e: gif::EncodingError| Error::Bug(format!("writing GIF: {e}"));
    let mut encoder = Encoder::new(Vec::new(), w, h, &[]).map_err(failed)?;
    if frames.len() > 1 {
        // The first round is not counted as a repetition.
        let repeat = match animation.rounds {
            None => Some(Repeat::Infinite),
            Some(rounds) if rounds > 1 => Some(Repeat::Finite(rounds - 1)),
            Some(_) => None,
        };
        if let Some(repeat) = repeat {
            encoder.set_repeat(repeat).map_err(failed)?;
        }
    }
    // Where every pixel is covered, a frame may leave out what did not change. Where some are not, each frame starts on
    // an empty canvas.
    let covered = frames.iter().all(|(image, _)| image.pixels().all(|pixel| pixel[3] >= OPAQUE));
    let mut clock = Clock::default();
    for (n, (image, delay)) in frames.iter().enumerate() {
        progress.report(n as f32 / frames.len() as f32)?;
        let before = n.checked_sub(1).filter(|_| covered).map(|n| &frames[n].0);
        let mut frame = part(image, before, colours);
        frame.delay = clock.hundredths(*delay);
        frame.dispose = if covered { DisposalMethod::Keep } else { DisposalMethod::Background };
        encoder.write_frame(&frame).map_err(failed)?;
    }
    encoder.into_inner().map_err(|e| Error::Bug(format!("writing GIF: {e}")))
}

/// Milliseconds to hundredths of a second, without drifting.
#[derive(Default)]
struct Clock {
    shown: Duration,
    said: u128,
}

impl Clock {
    fn hundredths(&mut self, delay: Duration) -> u16 {
        if delay.is_zero() {
            return 0;
        }
        self.shown += delay;
        // Players take less than two hundredths for a mistake, and show ten.
        let wanted = (self.shown.as_millis() + 5) / 10;
        let step = wanted.saturating_sub(self.said).max(2);
        self.said += step;
        u16::try_from(step).unwrap_or(u16::MAX)
    }
}

/// The part of a frame that differs from the one before, with what did not change left transparent.
fn part(image: &RgbaImage, before: Option<&RgbaImage>, colours: usize) -> Frame<'static> {
    let (left, top, width, height) = changed(image, before);
    let mut pixels = Vec::with_capacity((width * height * 4) as usize);
    for y in top..top + height {
        for x in left..left + width {
            let pixel = image.get_pixel(x, y);
            let same = before.is_some_and(|before| before.get_pixel(x, y) == pixel);
            let shown = !same && pixel[3] >= OPAQUE;
            pixels.extend_from_slice(&if shown { [pixel[0], pixel[1], pixel[2], 255] } else { [0; 4] });
        }
    }
    let (palette, buffer, transparent) = palette(&pixels, colours);
    // Both sides were checked against what a GIF can say.
    let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
    Frame {
        left: side(left),
        top: side(top),
        width: side(width),
        height: side(height),
        palette: Some(palette),
        transparent,
        buffer: Cow::Owned(buffer),
        ..Frame::default()
    }
}

/// The smallest rectangle (left, top, width, height) with every change; one pixel where there is none.
fn changed(image: &RgbaImage, before: Option<&RgbaImage>) -> (u32, u32, u32, u32) {
    let (width, height) = image.dimensions();
    let Some(before) = before else { return (0, 0, width, height) };
    let (mut left, mut top, mut right, mut bottom) = (width, height, 0, 0);
    for ((x, y, pixel), old) in image.enumerate_pixels().zip(before.pixels()) {
        if pixel != old {
            left = left.min(x);
            right = right.max(x + 1);
            top = top.min(y);
            bottom = bottom.max(y + 1);
        }
    }
    if right == 0 { (0, 0, 1, 1) } else { (left, top, right - left, bottom - top) }
}

/// A palette for these pixels (RGBA, opacity 0 or 255), each pixel's place in it, and the place of nothing.
fn palette(pixels: &[u8], most: usize) -> (Vec<u8>, Vec<u8>, Option<u8>) {
    let pixels = pixels.as_chunks::<4>().0;
    let holes = pixels.iter().any(|pixel| pixel[3] == 0);
    let room = if holes { most - 1 } else { most };
    let (mut colours, places) = exact(pixels, room).unwrap_or_else(|| nearest(pixels, room));
    let hole = holes.then(|| {
        colours.extend([0; 3]);
        u8::try_from(colours.len() / 3 - 1).unwrap_or(u8::MAX)
    });
    let place = |(pixel, place): (&[u8; 4], u8)| if pixel[3] == 0 { hole.unwrap_or(0) } else { place };
    let places = pixels.iter().zip(places).map(place).collect();
    (colours, places, hole)
}

/// The colours as they are, where there are few enough.
fn exact(pixels: &[[u8; 4]], room: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut known: HashMap<[u8; 4], u8> = HashMap::new();
    let mut colours = Vec::new();
    let mut places = Vec::with_capacity(pixels.len());
    for pixel in pixels {
        if pixel[3] == 0 {
            places.push(0);
            continue;
        }
        if !known.contains_key(pixel) {
            let place = u8::try_from(known.len()).ok().filter(|_| known.len() < room)?;
            known.insert(*pixel, place);
            colours.extend_from_slice(&pixel[..3]);
        }
        places.push(known[pixel]);
    }
    Some((colours, places))
}

/// The nearest of as many colours as there is room for.
fn nearest(pixels: &[[u8; 4]], room: usize) -> (Vec<u8>, Vec<u8>) {
    let shown: Vec<u8> = pixels.iter().filter(|pixel| pixel[3] != 0).flatten().copied().collect();
    let network = NeuQuant::new(SAMPLE, room, &shown);
    // Colours that agree in their upper six bits share an answer.
    let mut known: Vec<Option<u8>> = vec![None; 1 << 18];
    let key = |pixel: &[u8; 4]| {
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(|v| usize::from(v >> 2));
        r << 12 | g << 6 | b
    };
    let place = |pixel: &[u8; 4]| {
        *known[key(pixel)].get_or_insert_with(|| u8::try_from(network.index_of(pixel)).unwrap_or(u8::MAX))
    };
    let places = pixels.iter().map(place).collect();
    (network.color_map_rgb(), places)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use griot_domain::recipe::{Fit, ImageFormat};
    use image::codecs::gif::GifDecoder;
    use image::{AnimationDecoder, Rgba};

    use super::*;

    fn recipe(max_bytes: Option<u64>) -> ImageRecipe {
        ImageRecipe { max_bytes, ..ImageRecipe::new(Fit::Inside, (200, 200), ImageFormat::Gif, 80) }
    }

    /// A square that moves over a ground, on as many frames.
    fn moving(count: u32, ground: Rgba<u8>) -> Animation {
        let frame = |n: u32| {
            let image = RgbaImage::from_fn(40, 30, |x, y| {
                let inside = (n * 5..n * 5 + 10).contains(&x) && (10..20).contains(&y);
                if inside { Rgba([220, 40, 30, 255]) } else { ground }
            });
            (image, Duration::from_millis(u64::from(n + 1) * 45))
        };
        Animation { frames: (0..count).map(frame).collect(), rounds: None }
    }

    fn read(bytes: &[u8]) -> Vec<image::Frame> {
        let decoder = GifDecoder::new(Cursor::new(bytes)).expect("a GIF");
        decoder.into_frames().collect_frames().expect("whole frames")
    }

    #[test]
    fn frames_come_back_as_they_were_with_their_timing_and_no_drift() {
        for ground in [Rgba([10, 90, 60, 255]), Rgba([0, 0, 0, 0])] {
            let animation = moving(4, ground);
            let wanted = animation.frames.clone();
            let made = write(animation, &recipe(None), &()).expect("written");
            let found = read(&made.bytes);
            assert_eq!(found.len(), wanted.len());
            let mut shown = 0;
            for (found, (image, _)) in found.iter().zip(&wanted) {
                shown += found.delay().numer_denom_ms().0 / found.delay().numer_denom_ms().1;
                for (a, b) in found.buffer().pixels().zip(image.pixels()) {
                    assert!(a == b || (a[3] == 0 && b[3] == 0), "{a:?} {b:?}");
                }
            }
            assert_eq!(shown, 450, "45 + 90 + 135 + 180 ms");
            assert_eq!(crate::picture::gif_rounds(&made.bytes), None);
        }
    }

    #[test]
    fn rounds_are_kept() {
        for rounds in [1, 2, 5] {
            let animation = Animation { rounds: Some(rounds), ..moving(2, Rgba([1, 2, 3, 255])) };
            let made = write(animation, &recipe(None), &()).expect("written");
            assert_eq!(crate::picture::gif_rounds(&made.bytes), Some(rounds));
        }
    }

    #[test]
    fn a_byte_limit_is_kept_by_colours_then_by_size() {
        let noisy = |n: u32| {
            let image = RgbaImage::from_fn(120, 120, |x, y| {
                let hash = (x * 7919 + y * 104_729 + n * 1_299_709).wrapping_mul(2_654_435_761);
                let [a, b, c, _] = hash.to_le_bytes();
                Rgba([a, b, c, 255])
            });
            (image, Duration::from_millis(100))
        };
        let noise = || Animation { frames: (0..3).map(noisy).collect(), rounds: None };
        let free = write(noise(), &recipe(None), &()).expect("written");
        for limit in [free.bytes.len() as u64 * 9 / 10, free.bytes.len() as u64 / 3] {
            let made = write(noise(), &recipe(Some(limit)), &()).expect("fits");
            assert!(made.bytes.len() as u64 <= limit);
            assert_eq!(read(&made.bytes).len(), 3);
        }
        let refused = write(noise(), &recipe(Some(500)), &());
        assert!(matches!(refused, Err(Error::OverLimit(_))), "{refused:?}");
    }
}
