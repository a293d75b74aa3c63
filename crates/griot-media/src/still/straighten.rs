//! A slanted part of a picture, sampled in one step: turning and resizing are one resampling, so nothing is softened
//! twice. Each output pixel weighs its neighbours with a Catmull-Rom kernel that is as wide as the picture is reduced;
//! only a reduction by more than two is done by the quicker resizer first. Rows are made side by side.

use image::{DynamicImage, RgbImage, RgbaImage};
use rayon::prelude::*;

use super::frame;
use crate::Error;

/// Reductions above this are cheaper in two steps.
const MOST: f64 = 2.0;
/// Half of the kernel's width, at the largest reduction, in whole pixels on both sides.
const TAPS: usize = 10;

/// The picture of `size` whose pixels lie in `source` where `map` says (see `View::map`).
pub(super) fn sample(source: &DynamicImage, map: [f64; 6], size: (u32, u32)) -> Result<DynamicImage, Error> {
    let reduced = (map[0] * map[4] - map[1] * map[3]).abs().sqrt();
    if reduced <= MOST {
        return Ok(slanted(source, map, reduced.max(1.0), size));
    }
    let side = |side: u32| ((f64::from(side) / reduced).round() as u32).max(1);
    let small = (side(source.width()), side(source.height()));
    let across = f64::from(small.0) / f64::from(source.width());
    let down = f64::from(small.1) / f64::from(source.height());
    let smaller = frame::shrink(source, small)?;
    let [a, b, c, d, e, f] = map;
    let map = [a * across, b * across, c * across, d * down, e * down, f * down];
    Ok(slanted(&smaller, map, 1.0, size))
}

fn slanted(source: &DynamicImage, map: [f64; 6], wide: f64, (w, h): (u32, u32)) -> DynamicImage {
    match source {
        DynamicImage::ImageRgba8(rgba) => {
            let mut out = RgbaImage::new(w, h);
            rows::<4>(rgba.as_raw(), rgba.dimensions(), map, wide, (w, &mut out));
            DynamicImage::ImageRgba8(out)
        }
        other => {
            let rgb = other
                .as_rgb8()
                .map_or_else(|| std::borrow::Cow::Owned(other.to_rgb8()), std::borrow::Cow::Borrowed);
            let mut out = RgbImage::new(w, h);
            rows::<3>(rgb.as_raw(), rgb.dimensions(), map, wide, (w, &mut out));
            DynamicImage::ImageRgb8(out)
        }
    }
}

fn rows<const N: usize>(
    source: &[u8],
    size: (u32, u32),
    map: [f64; 6],
    wide: f64,
    (width, out): (u32, &mut [u8]),
) {
    out.par_chunks_mut(width as usize * N).enumerate().for_each(|(row, line)| {
        let row = row as f64 + 0.5;
        for (column, pixel) in line.chunks_exact_mut(N).enumerate() {
            let column = column as f64 + 0.5;
            let x = map[0] * column + map[1] * row + map[2];
            let y = map[3] * column + map[4] * row + map[5];
            pixel.copy_from_slice(&weighed::<N>(source, size, (x, y), wide));
        }
    });
}

/// The pixel at a point; beyond the edges the outermost pixels go on.
fn weighed<const N: usize>(source: &[u8], (w, h): (u32, u32), (x, y): (f64, f64), wide: f64) -> [u8; N] {
    let (left, across, count) = taps(x, wide, w);
    let (top, down, lines) = taps(y, wide, h);
    let mut sum = [0.0_f32; N];
    for (n, weight) in down[..lines].iter().enumerate() {
        let line = clamped(top + n as i64, h) * w as usize;
        let mut part = [0.0_f32; N];
        for (m, weight) in across[..count].iter().enumerate() {
            let at = (line + clamped(left + m as i64, w)) * N;
            let pixel = &source[at..at + N];
            if N == 4 {
                // Colours that are not seen do not count.
                let seen = weight * f32::from(pixel[3]);
                (0..3).for_each(|c| part[c] += seen * f32::from(pixel[c]));
                part[3] += seen;
            } else {
                (0..N).for_each(|c| part[c] += weight * f32::from(pixel[c]));
            }
        }
        (0..N).for_each(|c| sum[c] += weight * part[c]);
    }
    let mut out = [0; N];
    for c in 0..N {
        let value = if N == 4 && c < 3 { sum[c] / sum[3].max(1e-3) } else { sum[c] };
        out[c] = value.round().clamp(0.0, 255.0) as u8;
    }
    out
}

fn clamped(at: i64, side: u32) -> usize {
    at.clamp(0, i64::from(side) - 1) as usize
}

/// The first pixel that counts, the weights from there on (their sum is 1), and how many there are.
fn taps(at: f64, wide: f64, side: u32) -> (i64, [f32; TAPS], usize) {
    // A point far outside is the edge; the numbers stay small.
    let at = at.clamp(-4.0, f64::from(side) + 4.0);
    let first = (at - 0.5 - 2.0 * wide).ceil() as i64;
    let last = (at - 0.5 + 2.0 * wide).floor() as i64;
    let count = usize::try_from(last - first + 1).unwrap_or(1).clamp(1, TAPS);
    let mut weights = [0.0; TAPS];
    let mut sum = 0.0;
    for (n, weight) in weights[..count].iter_mut().enumerate() {
        *weight = catmull_rom((((first + n as i64) as f64 + 0.5 - at) / wide) as f32);
        sum += *weight;
    }
    weights[..count].iter_mut().for_each(|weight| *weight /= sum);
    (first, weights, count)
}

fn catmull_rom(x: f32) -> f32 {
    let x = x.abs();
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((2.5 - 0.5 * x) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}
