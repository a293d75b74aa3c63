//! From high dynamic range to ordinary screens, as a table of colours that ffmpeg's `lut3d` looks up.
//!
//! The table is worked out here and not by ffmpeg's own filters: those that could (zimg) are missing from many builds,
//! cost ten times the processor, and differ between versions. Both codings of BT.2100 come in, BT.709 goes out. Parts up
//! to half of reference white (203 cd/m2, BT.2408) keep their light; what is brighter is rolled off towards a peak of
//! 1000 cd/m2, for which phones record. Hues stay: the roll-off works on the largest of the three colours.

use std::fmt::Write as _;

use crate::reel::Light;

/// Steps along each side of the table: both codings are even to the eye, so these suffice.
const SIDE: usize = 33;
/// Reference white in cd/m2.
const WHITE: f64 = 203.0;
/// The brightest light, as a multiple of reference white.
const PEAK: f64 = 1000.0 / WHITE;
/// Where the roll-off begins.
const KNEE: f64 = 0.5;

/// The table as a file in the form that lut3d reads (`.cube`); the first colour changes quickest.
pub(super) fn table(light: Light) -> String {
    let mut out = format!("LUT_3D_SIZE {SIDE}\n");
    let step = |n: usize| n as f64 / (SIDE - 1) as f64;
    for blue in 0..SIDE {
        for green in 0..SIDE {
            for red in 0..SIDE {
                let [r, g, b] = colour(light, [step(red), step(green), step(blue)]);
                writeln!(out, "{r:.5} {g:.5} {b:.5}").expect("BUG: a String takes every text");
            }
        }
    }
    out
}

/// One colour: decoded to light, brought to the smaller set of colours, rolled off, coded again.
fn colour(light: Light, signal: [f64; 3]) -> [f64; 3] {
    let [r, g, b] = match light {
        Light::Pq => signal.map(|s| pq(s) / WHITE),
        Light::Hlg | Light::Sdr => hlg(signal),
    };
    // BT.2020 to BT.709 (BT.2087).
    let narrow = [
        1.6605 * r - 0.5876 * g - 0.0728 * b,
        -0.1246 * r + 1.1329 * g - 0.0083 * b,
        -0.0182 * r - 0.1006 * g + 1.1187 * b,
    ];
    let largest = narrow.into_iter().fold(0.0, f64::max);
    let scale = if largest > 0.0 { rolled(largest) / largest } else { 0.0 };
    // Screens and players take 2.2 for the curve of BT.709.
    narrow.map(|c| (c * scale).clamp(0.0, 1.0).powf(1.0 / 2.2))
}

/// Light in cd/m2 of a PQ signal (SMPTE ST 2084).
fn pq(signal: f64) -> f64 {
    let (m1, m2) = (2610.0 / 16384.0, 2523.0 / 32.0);
    let (c1, c2, c3) = (3424.0 / 4096.0, 2413.0 / 128.0, 2392.0 / 128.0);
    let p = signal.powf(1.0 / m2);
    10_000.0 * ((p - c1).max(0.0) / (c2 - c3 * p)).powf(1.0 / m1)
}

/// Light as multiples of reference white of an HLG signal, on a screen of 1000 cd/m2 (BT.2100).
fn hlg(signal: [f64; 3]) -> [f64; 3] {
    const A: f64 = 0.178_832_77;
    let (b, c) = (1.0 - 4.0 * A, 0.5 - A * (4.0 * A).ln());
    let scene = signal.map(|s| if s <= 0.5 { s * s / 3.0 } else { (((s - c) / A).exp() + b) / 12.0 });
    let bright = 0.2627 * scene[0] + 0.678 * scene[1] + 0.0593 * scene[2];
    // The system's curve of 1.2.
    let gain = if bright > 0.0 { bright.powf(0.2) } else { 0.0 };
    scene.map(|s| PEAK * gain * s)
}

/// Straight up to the knee, then a hyperbola with the same slope that reaches one at the peak.
fn rolled(x: f64) -> f64 {
    if x <= KNEE {
        return x;
    }
    let a = -KNEE * KNEE * (PEAK - 1.0) / (KNEE * KNEE - 2.0 * KNEE + PEAK);
    let b = (KNEE * KNEE - 2.0 * KNEE * PEAK + PEAK) / (PEAK - 1.0);
    let scale = (b * b + 2.0 * b * KNEE + KNEE * KNEE) / (b - a);
    (scale * (x.min(PEAK) + a) / (x.min(PEAK) + b)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_stays_black_white_becomes_bright_and_the_peak_white() {
        for light in [Light::Hlg, Light::Pq] {
            assert_eq!(colour(light, [0.0; 3]), [0.0; 3]);
            let top = colour(light, if light == Light::Hlg { [1.0; 3] } else { [0.7518; 3] });
            assert!(top.iter().all(|c| *c > 0.985), "{light:?} {top:?}");
        }
        // Reference white is 75 % of HLG and 58 % of PQ (BT.2408), and is clearly brighter than middle grey.
        for (light, signal) in [(Light::Hlg, 0.75), (Light::Pq, 0.58)] {
            let white = colour(light, [signal; 3]);
            assert!(white.iter().all(|c| (0.8..0.95).contains(c)), "{light:?} {white:?}");
        }
        assert_eq!(table(Light::Pq).lines().count(), SIDE.pow(3) + 1);
        let steps: Vec<f64> = (0..100).map(|n| rolled(f64::from(n) / 20.0)).collect();
        assert!(steps.is_sorted());
    }
}
