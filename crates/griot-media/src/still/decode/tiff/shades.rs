//! What the samples of a page stand for, and the way from there to light.

use super::Samples;
use super::page::Page;
use crate::{Error, Unsupported};

/// What the samples are.
pub(super) enum Shades {
    /// Grey, and whether white is nothing.
    Grey {
        inverted: bool,
        alpha: Alpha,
    },
    Rgb {
        alpha: Alpha,
    },
    /// Numbers of colours.
    Palette(Vec<[u8; 3]>),
    /// Four inks.
    Inks,
    Luma {
        weights: [f32; 3],
        reference: [f32; 6],
    },
    /// Lightness and two opponents; whether these are stored as they are or from the middle.
    Lab {
        signed: bool,
    },
}

/// Whether there is opacity, and whether the colours are multiplied by it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Alpha {
    None,
    Beside,
    Multiplied,
}

impl Shades {
    /// Of a page.
    pub(super) fn of(page: &Page<'_>) -> Result<Self, Error> {
        let unread = || Error::Unsupported(Unsupported::TiffSamples { kind: page.kind, bits: page.bits });
        let alpha = |colours: usize| match page.extra.first() {
            Some(1) if page.channels > colours => Alpha::Multiplied,
            Some(2) if page.channels > colours => Alpha::Beside,
            _ => Alpha::None,
        };
        let light = matches!(page.bits, 8 | 16) || page.float;
        match page.kind {
            0 | 1 => Ok(Self::Grey { inverted: page.kind == 0, alpha: alpha(1) }),
            2 if page.channels >= 3 && light => Ok(Self::Rgb { alpha: alpha(3) }),
            3 if page.channels == 1 && page.bits <= 8 => palette(page).ok_or_else(unread),
            5 if page.channels == 4 && matches!(page.bits, 8 | 16) => Ok(Self::Inks),
            // A JPEG's own decoder has made light of it.
            6 if page.channels == 3 && page.is_jpeg() => Ok(Self::Rgb { alpha: Alpha::None }),
            6 if page.channels == 3 && page.bits == 8 => Ok(luma(page)),
            8 | 9 if page.channels >= 3 && matches!(page.bits, 8 | 16) => {
                Ok(Self::Lab { signed: page.kind == 8 })
            }
            _ => Err(unread()),
        }
    }

    /// Light, and how many channels it has: grey, grey and alpha, red, green and blue, or these and alpha.
    pub(super) fn light(&self, samples: Samples, channels: usize) -> (usize, Samples) {
        match self {
            Self::Grey { inverted, alpha } => {
                let keep = if *alpha == Alpha::None { 1 } else { 2 };
                (keep, reduced(samples, channels, keep, *alpha, *inverted))
            }
            Self::Rgb { alpha } => {
                let keep = if *alpha == Alpha::None { 3 } else { 4 };
                (keep, reduced(samples, channels, keep, *alpha, false))
            }
            Self::Palette(colours) => {
                let colour = |[n]: [f32; 1]| colours.get(n as usize).copied().unwrap_or_default();
                (3, Samples::Plain(converted(&samples, channels, colour, 255.0)))
            }
            Self::Luma { weights, reference } => {
                let convert = |ycc: [f32; 3]| rgb_of_luma(ycc, *weights, *reference);
                (3, Samples::Plain(converted(&samples, channels, convert, 255.0)))
            }
            Self::Lab { signed } => {
                let deep = matches!(samples, Samples::Deep(_));
                let convert = |lab: [f32; 3]| rgb_of_lab(lab, *signed, deep);
                (3, Samples::Plain(converted(&samples, channels, convert, 65_535.0)))
            }
            // Inks need the page's profile.
            Self::Inks => (channels, samples),
        }
    }
}

fn palette(page: &Page<'_>) -> Option<Shades> {
    let count = 1usize << page.bits;
    let table = page.palette.get(..3 * count)?;
    // The specification says 65,535 for full light; old programs wrote 255.
    let old = table.iter().all(|n| *n < 256);
    let level = |n: u64| (if old { n } else { n >> 8 }).min(255) as u8;
    let colour = |n: usize| [level(table[n]), level(table[count + n]), level(table[2 * count + n])];
    Some(Shades::Palette((0..count).map(colour).collect()))
}

fn luma(page: &Page<'_>) -> Shades {
    // BT.601 and its whole range, as the specification says for what is not said.
    let weights = <[f32; 3]>::try_from(page.weights.as_slice()).unwrap_or([0.299, 0.587, 0.114]);
    let usual = [0.0, 255.0, 128.0, 255.0, 128.0, 255.0];
    let sound = |r: &[f32; 6]| r[1] > r[0] && r[3] > r[2] && r[5] > r[4];
    let reference = <[f32; 6]>::try_from(page.reference.as_slice()).ok().filter(sound).unwrap_or(usual);
    let weights = if weights[1] > 0.0 { weights } else { [0.299, 0.587, 0.114] };
    Shades::Luma { weights, reference }
}

/// The first `keep` channels, the right way round and divided by their opacity.
fn reduced(samples: Samples, channels: usize, keep: usize, alpha: Alpha, inverted: bool) -> Samples {
    match samples {
        Samples::Plain(data) => {
            Samples::Plain(kept(data, channels, keep, (alpha, inverted), 255, |n| n as u8))
        }
        Samples::Deep(data) => {
            Samples::Deep(kept(data, channels, keep, (alpha, inverted), 65_535, |n| n as u16))
        }
    }
}

fn kept<T: Copy + Into<u32>>(
    data: Vec<T>,
    channels: usize,
    keep: usize,
    (alpha, inverted): (Alpha, bool),
    most: u32,
    narrow: impl Fn(u32) -> T,
) -> Vec<T> {
    if channels == keep && alpha != Alpha::Multiplied && !inverted {
        return data;
    }
    let colours = if alpha == Alpha::None { keep } else { keep - 1 };
    let mut out = Vec::with_capacity(data.len() / channels * keep);
    for pixel in data.chunks_exact(channels) {
        let opacity: u32 = pixel.get(colours).map_or(most, |n| (*n).into());
        for sample in &pixel[..colours] {
            let value: u32 = (*sample).into();
            let value = if inverted { most - value } else { value };
            let divide = alpha == Alpha::Multiplied && opacity > 0;
            out.push(narrow(if divide { ((value * most + opacity / 2) / opacity).min(most) } else { value }));
        }
        if keep > colours {
            out.push(pixel[colours]);
        }
    }
    out
}

/// Each pixel's first samples to light, those of sixteen bits as parts of `most`.
fn converted<const N: usize>(
    samples: &Samples,
    channels: usize,
    convert: impl Fn([f32; N]) -> [u8; 3],
    most: f32,
) -> Vec<u8> {
    match samples {
        Samples::Plain(data) => {
            let one = |pixel: &[u8]| convert(std::array::from_fn(|n| f32::from(pixel[n])));
            data.chunks_exact(channels).flat_map(one).collect()
        }
        Samples::Deep(data) => {
            let scale = most / 65_535.0;
            let one = |pixel: &[u16]| convert(std::array::from_fn(|n| f32::from(pixel[n]) * scale));
            data.chunks_exact(channels).flat_map(one).collect()
        }
    }
}

fn level(v: f32) -> u8 {
    (v.clamp(0.0, 1.0) * 255.0).round() as u8
}

fn rgb_of_luma(ycc: [f32; 3], [red, green, blue]: [f32; 3], reference: [f32; 6]) -> [u8; 3] {
    let span = |n: usize, full: f32| {
        (ycc[n] - reference[2 * n]) * full / (reference[2 * n + 1] - reference[2 * n]) / 255.0
    };
    let (y, cb, cr) = (span(0, 255.0), span(1, 127.0), span(2, 127.0));
    let r = cr * (2.0 - 2.0 * red) + y;
    let b = cb * (2.0 - 2.0 * blue) + y;
    [level(r), level((y - blue * b - red * r) / green), level(b)]
}

/// Lab (D50) to sRGB, by way of the light that it means.
fn rgb_of_lab([l, a, b]: [f32; 3], signed: bool, deep: bool) -> [u8; 3] {
    let (full, step, middle) = if deep { (65_535.0, 256.0, 32_768.0) } else { (255.0, 1.0, 128.0) };
    let opponent = |v: f32| match (signed, v >= middle) {
        (true, true) => (v - 2.0 * middle) / step,
        (true, false) => v / step,
        (false, _) => (v - middle) / step,
    };
    let y = (l / full * 100.0 + 16.0) / 116.0;
    let (x, z) = (y + opponent(a) / 500.0, y - opponent(b) / 200.0);
    let cube = |v: f32| if v > 6.0 / 29.0 { v.powi(3) } else { (v - 4.0 / 29.0) * 108.0 / 841.0 };
    let (x, y, z) = (cube(x) * 0.964_22, cube(y), cube(z) * 0.825_21);
    let curve = |v: f32| {
        let v = v.clamp(0.0, 1.0);
        level(if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 })
    };
    [
        curve(3.133_856 * x - 1.616_867 * y - 0.490_615 * z),
        curve(-0.978_768 * x + 1.916_142 * y + 0.033_454 * z),
        curve(0.071_945 * x - 0.228_991 * y + 1.405_243 * z),
    ]
}
