//! Light and colour of a finished picture, in place. Brightness bends the curve between black and white, which both
//! stay; contrast is steeper or flatter about the middle; warmth trades blue for red; saturation mixes each pixel with
//! its own grey. Zero leaves every byte as it is.

use griot_domain::edit::Adjust;
use image::DynamicImage;

/// What full warmth multiplies red with and divides blue by.
const WARMEST: f64 = 1.18;

/// Changes the picture as a person wanted it.
pub(super) fn apply(image: &mut DynamicImage, adjust: Adjust) {
    if adjust == Adjust::default() {
        return;
    }
    let curves = [1.0, 0.0, -1.0].map(|side| curve(adjust, side));
    let saturation = i32::from(adjust.saturation.clamp(-100, 100));
    match image {
        DynamicImage::ImageRgba8(rgba) => each(rgba.as_flat_samples_mut().samples, 4, &curves, saturation),
        DynamicImage::ImageRgb8(rgb) => each(rgb.as_flat_samples_mut().samples, 3, &curves, saturation),
        other => {
            let mut rgb = other.to_rgb8();
            each(&mut rgb, 3, &curves, saturation);
            *other = DynamicImage::ImageRgb8(rgb);
        }
    }
}

fn each(samples: &mut [u8], channels: usize, curves: &[[u8; 256]; 3], saturation: i32) {
    for pixel in samples.chunks_exact_mut(channels) {
        for (value, curve) in pixel.iter_mut().zip(curves) {
            *value = curve[usize::from(*value)];
        }
        if saturation != 0 {
            let [r, g, b] = [0, 1, 2].map(|channel| i32::from(pixel[channel]));
            // Rec. 709, in ten-thousandths.
            let grey = (r * 2126 + g * 7152 + b * 722 + 5000) / 10_000;
            for value in &mut pixel[..3] {
                let mixed = grey + (i32::from(*value) - grey) * (100 + saturation) / 100;
                *value = u8::try_from(mixed.clamp(0, 255)).unwrap_or(u8::MAX);
            }
        }
    }
}

/// What becomes of each value of a channel; `side` is 1 for red, 0 for green, -1 for blue.
fn curve(adjust: Adjust, side: f64) -> [u8; 256] {
    let share = |value: i8| f64::from(value.clamp(-100, 100)) / 100.0;
    let gain = WARMEST.powf(share(adjust.warmth) * side);
    let bend = 2.0_f64.powf(-share(adjust.brightness));
    let steep = 2.0_f64.powf(share(adjust.contrast));
    std::array::from_fn(|value| {
        let light = (value as f64 / 255.0 * gain).min(1.0).powf(bend);
        let light = (light - 0.5) * steep + 0.5;
        (light * 255.0).round().clamp(0.0, 255.0) as u8
    })
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    fn changed(adjust: Adjust) -> RgbImage {
        let mut image =
            DynamicImage::ImageRgb8(RgbImage::from_fn(16, 16, |x, y| Rgb([x as u8 * 16, y as u8 * 16, 90])));
        apply(&mut image, adjust);
        image.into_rgb8()
    }

    fn mean(image: &RgbImage, channel: usize) -> f64 {
        image.pixels().map(|pixel| f64::from(pixel[channel])).sum::<f64>() / 256.0
    }

    #[test]
    fn every_knob_turns_the_way_its_name_says() {
        let plain = changed(Adjust::default());
        let with = |change: fn(&mut Adjust, i8), by: i8| {
            let mut adjust = Adjust::default();
            change(&mut adjust, by);
            changed(adjust)
        };
        let light = |image: &RgbImage| mean(image, 0) + mean(image, 1) + mean(image, 2);
        assert!(light(&with(|a, by| a.brightness = by, 40)) > light(&plain) + 20.0);
        assert!(light(&with(|a, by| a.brightness = by, -40)) < light(&plain) - 20.0);
        let spread =
            |image: &RgbImage| image.pixels().map(|pixel| f64::from(pixel[0].abs_diff(128))).sum::<f64>();
        assert!(spread(&with(|a, by| a.contrast = by, 50)) > spread(&plain) * 1.1);
        assert!(spread(&with(|a, by| a.contrast = by, -50)) < spread(&plain) * 0.9);
        let warm = with(|a, by| a.warmth = by, 60);
        assert!(mean(&warm, 0) > mean(&plain, 0) && mean(&warm, 2) < mean(&plain, 2));
        let grey = with(|a, by| a.saturation = by, -100);
        assert!(grey.pixels().all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]), "black and white");
        let vivid = with(|a, by| a.saturation = by, 60);
        assert!(vivid.get_pixel(15, 0)[0] >= plain.get_pixel(15, 0)[0]);
        assert!(vivid.get_pixel(15, 0)[1] <= plain.get_pixel(15, 0)[1]);
    }

    #[test]
    fn black_and_white_survive_any_brightness_and_zero_changes_no_byte() {
        for brightness in [-100, 100] {
            let curve = curve(Adjust { brightness, ..Adjust::default() }, 0.0);
            assert_eq!((curve[0], curve[255]), (0, 255));
        }
        let still = curve(Adjust { saturation: 30, ..Adjust::default() }, 1.0);
        assert!(still.iter().enumerate().all(|(from, to)| from == usize::from(*to)));
    }
}
