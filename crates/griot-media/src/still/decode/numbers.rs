//! Colours that a file describes by numbers instead of a profile (ITU-T H.273: AVIF, HEIC, newer PNG), to sRGB. High
//! dynamic range is brought into what a screen shows: paper white stays where it is, lights above it are rolled off.

use image::{DynamicImage, RgbImage, Rgba, RgbaImage};

use crate::picture::Header;
use crate::still::colour;

/// Light of paper white in HDR pictures, in candela a square metre (ITU-R BT.2408).
const WHITE: f32 = 203.0;
/// The brightest light that HDR pictures are commonly made for.
const PEAK: f32 = 1000.0;
/// Up to here light is kept as it is; above, it is rolled off.
const KNEE: f32 = 0.6;
/// Steps of the table that goes back to sRGB.
const STEPS: usize = 65_536;

type Matrix = [[f32; 3]; 3];

/// How samples become light.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Transfer {
    Srgb,
    Gamma(f32),
    Linear,
    /// Absolute light up to 10,000 cd/m² (SMPTE ST 2084).
    Pq,
    /// Relative light (ARIB STD-B67).
    Hlg,
}

/// A colour space that is not sRGB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colours {
    to_srgb: Matrix,
    transfer: Transfer,
}

impl Colours {
    /// The space of these numbers; nothing for sRGB, for what looks like it, and for numbers without a meaning.
    pub(super) fn known(primaries: u16, transfer: u16) -> Option<Self> {
        let wide = match primaries {
            // BT.2020 and Display P3, from their chromaticities with the white of sRGB.
            9 => Some([
                [1.660_491, -0.587_641, -0.072_85],
                [-0.124_55, 1.132_9, -0.008_349],
                [-0.018_151, -0.100_579, 1.118_73],
            ]),
            12 => Some([
                [1.224_94, -0.224_94, 0.0],
                [-0.042_057, 1.042_057, 0.0],
                [-0.019_638, -0.078_636, 1.098_274],
            ]),
            _ => None,
        };
        let transfer = match transfer {
            4 => Transfer::Gamma(2.2),
            5 => Transfer::Gamma(2.8),
            8 => Transfer::Linear,
            16 => Transfer::Pq,
            18 => Transfer::Hlg,
            // Video's own curve is shown as sRGB's by every reader, and so is what nobody named.
            _ => Transfer::Srgb,
        };
        if wide.is_none() && transfer == Transfer::Srgb {
            return None;
        }
        let same = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        Some(Self { to_srgb: wide.unwrap_or(same), transfer })
    }

    /// Light of a sample in 0..=1, as a share of paper white.
    fn light(self, v: f32) -> f32 {
        match self.transfer {
            Transfer::Srgb if v <= 0.040_45 => v / 12.92,
            Transfer::Srgb => ((v + 0.055) / 1.055).powf(2.4),
            Transfer::Gamma(gamma) => v.powf(gamma),
            Transfer::Linear => v,
            Transfer::Pq => {
                let p = v.powf(1.0 / 78.843_75);
                let share = (p - 0.835_937_5).max(0.0) / (18.851_563 - 18.687_5 * p);
                share.powf(1.0 / 0.159_301_76) * 10_000.0 / WHITE
            }
            Transfer::Hlg if v <= 0.5 => v * v / 3.0,
            Transfer::Hlg => (((v - 0.559_910_7) / 0.178_832_77).exp() + 0.284_668_92) / 12.0,
        }
    }

    fn is_hdr(self) -> bool {
        matches!(self.transfer, Transfer::Pq | Transfer::Hlg)
    }

    /// Light in this space to light in sRGB's, 0..=1.
    fn convert(self, mut light: [f32; 3]) -> [f32; 3] {
        if self.transfer == Transfer::Hlg {
            // The system's own curve, for a screen of 1,000 cd/m².
            let luma = 0.262_7 * light[0] + 0.678 * light[1] + 0.059_3 * light[2];
            let gain = luma.max(0.0).powf(0.2) * PEAK / WHITE;
            light = light.map(|v| v * gain);
        }
        let mut out = self.to_srgb.map(|row| row[0] * light[0] + row[1] * light[1] + row[2] * light[2]);
        if self.is_hdr() {
            let brightest = out.iter().copied().fold(0.0, f32::max);
            if brightest > KNEE {
                let scale = roll_off(brightest) / brightest;
                out = out.map(|v| v * scale);
            }
        }
        out.map(|v| v.clamp(0.0, 1.0))
    }
}

/// Light above the knee, bent so that the peak arrives at 1 and the curve has no corner.
fn roll_off(light: f32) -> f32 {
    let peak = PEAK / WHITE;
    let share = ((light - KNEE) / (peak - KNEE)).min(1.0);
    let steep = (peak - KNEE) / (1.0 - KNEE);
    KNEE + (1.0 - KNEE) * (1.0 - (1.0 - share).powf(steep))
}

/// sRGB's samples of light in 0..=1.
fn back() -> Vec<u8> {
    let sample = |n: usize| {
        let light = n as f32 / (STEPS - 1) as f32;
        let v = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
        (v * 255.0).round() as u8
    };
    (0..STEPS).map(sample).collect()
}

/// Brings a picture to sRGB: by its profile, else by the header's numbers, else by those of its coded data.
pub(super) fn to_srgb(image: DynamicImage, header: &Header, coded: Option<Colours>) -> DynamicImage {
    let said = match header.numbers {
        Some(numbers) if numbers.primaries != 2 || numbers.transfer != 2 => {
            Colours::known(numbers.primaries, numbers.transfer)
        }
        _ => coded,
    };
    match said.filter(|_| header.icc.is_none()) {
        Some(colours) => match image {
            DynamicImage::ImageRgb8(rgb) => in_place(rgb, colours).into(),
            other => by_numbers(&other, colours),
        },
        None => colour::to_srgb(image, header.icc.as_deref()),
    }
}

/// Most pictures of phones: converted where they stand, without a second copy of all pixels.
fn in_place(mut image: RgbImage, colours: Colours) -> RgbImage {
    let back = back();
    let table: Vec<f32> = (0..=u8::MAX).map(|v| colours.light(f32::from(v) / 255.0)).collect();
    let step = |light: f32| back[((light * (STEPS - 1) as f32).round() as usize).min(STEPS - 1)];
    for pixel in image.pixels_mut() {
        pixel.0 = colours.convert(pixel.0.map(|v| table[usize::from(v)])).map(step);
    }
    image
}

fn by_numbers(image: &DynamicImage, colours: Colours) -> DynamicImage {
    let back = back();
    let deep = image.color().bytes_per_pixel() > image.color().channel_count();
    let step = |light: f32| back[((light * (STEPS - 1) as f32).round() as usize).min(STEPS - 1)];
    let convert = |light: [f32; 3]| colours.convert(light).map(step);
    let alpha = image.color().has_alpha();
    let (width, height) = (image.width(), image.height());
    let mut out = RgbaImage::new(width, height);
    if deep {
        let table: Vec<f32> = (0..=u16::MAX).map(|v| colours.light(f32::from(v) / 65_535.0)).collect();
        for (from, to) in image.to_rgba16().pixels().zip(out.pixels_mut()) {
            let [r, g, b, a] = from.0;
            let [r, g, b] = convert([r, g, b].map(|v| table[usize::from(v)]));
            *to = Rgba([r, g, b, (a >> 8) as u8]);
        }
    } else {
        let table: Vec<f32> = (0..=u8::MAX).map(|v| colours.light(f32::from(v) / 255.0)).collect();
        for (from, to) in image.to_rgba8().pixels().zip(out.pixels_mut()) {
            let [r, g, b, a] = from.0;
            let [r, g, b] = convert([r, g, b].map(|v| table[usize::from(v)]));
            *to = Rgba([r, g, b, a]);
        }
    }
    if alpha {
        DynamicImage::ImageRgba8(out)
    } else {
        let plain: RgbImage = DynamicImage::ImageRgba8(out).into_rgb8();
        DynamicImage::ImageRgb8(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(colours: Colours, pixel: [u16; 3]) -> [u8; 3] {
        let image = image::ImageBuffer::from_pixel(1, 1, image::Rgb(pixel));
        by_numbers(&DynamicImage::ImageRgb16(image), colours).to_rgb8().get_pixel(0, 0).0
    }

    #[test]
    fn white_and_black_stay_and_colours_of_wide_spaces_get_stronger() {
        let p3 = Colours::known(12, 13).expect("Display P3 is no sRGB");
        assert_eq!(one(p3, [0, 0, 0]), [0, 0, 0]);
        assert_eq!(one(p3, [65_535; 3]), [255; 3]);
        let [r, g, b] = one(p3, [51_400, 20_560, 10_280]);
        assert!(r > 205 && g < 80 && b < 40, "{r} {g} {b}");
        assert_eq!(Colours::known(1, 13), None);
        assert_eq!(Colours::known(2, 2), None);
    }

    #[test]
    fn high_dynamic_range_keeps_paper_white_bright_and_order_of_lights() {
        for transfer in [16, 18] {
            let hdr = Colours::known(9, transfer).expect("BT.2020 is no sRGB");
            let greys: Vec<u8> = (0..=16u16).map(|n| one(hdr, [n * 4095; 3])[0]).collect();
            assert!(greys.is_sorted(), "{greys:?}");
            assert_eq!(greys[0], 0);
            assert!(greys[16] >= 254, "{greys:?}");
        }
        // 203 cd/m² is 58 % of the PQ signal.
        let paper = one(Colours::known(9, 16).expect("HDR"), [38_074; 3]);
        assert!(paper.iter().all(|v| (215..=250).contains(v)), "{paper:?}");
    }
}
