//! What each encoder of H.264 wants to be told, for the same film.

use super::Encoder;
use super::plan::Plan;

/// x264's constant quality: visually clean for phones, as every network encodes again. With `veryfast` it gives the bytes
/// and the structural similarity of `fast` at 20 (a grainy pan, a screen film, a telephone's film: 0.90 to 1.03 of the
/// bytes, -0.48 to +0.10 dB) in about half the time.
const QUALITY: &str = "19";
/// Bits a pixel where an encoder has no constant quality: 7.5 Mbit/s for 1080p at 30 frames a second.
const BITS_A_PIXEL: f64 = 0.12;

/// A pass over a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// The only one.
    Only,
    /// What it learns helps another.
    First,
    /// Helped by the first.
    Second,
}

/// What stands before the input.
pub(super) fn device(encoder: Encoder) -> &'static [&'static str] {
    match encoder {
        Encoder::Hardware("h264_vaapi") => &["-init_hw_device", "vaapi=card", "-filter_hw_device", "card"],
        _ => &[],
    }
}

/// What stands at the end of the picture's way.
pub(super) fn hand_over(encoder: Encoder) -> &'static str {
    match encoder {
        Encoder::Hardware("h264_vaapi") => ",format=nv12,hwupload",
        Encoder::Hardware("h264_videotoolbox") | Encoder::X264 | Encoder::Openh264 => "",
        Encoder::Hardware(_) => ",format=nv12",
    }
}

/// The encoder and its options for a film with a number.
pub(super) fn picture(encoder: Encoder, plan: &Plan, pass: Pass, film: usize) -> Vec<String> {
    let (frames, per) = plan.rate;
    // A closed group of pictures of about two seconds: networks cut there.
    let group = (frames * 2).div_ceil(per).to_string();
    let quality_bits = ((plan.pixels() * BITS_A_PIXEL) as u64).max(200_000);
    let bits = plan.budget.map_or(quality_bits, |budget| budget.picture);
    let mut args: Vec<String> = Vec::new();
    let mut add = |more: &[&str]| args.extend(more.iter().map(ToString::to_string));
    match encoder {
        Encoder::X264 => {
            // Where bytes are counted, the slower search gets more out of each.
            let preset = if plan.budget.is_some() { "fast" } else { "veryfast" };
            add(&["-c:v", "libx264", "-preset", preset, "-profile:v", "high", "-pix_fmt", "yuv420p"]);
            add(&["-g", &group, "-bf", "2", "-flags:v", "+cgop+bitexact"]);
            match plan.budget {
                None => add(&["-crf", QUALITY]),
                Some(_) => add(&["-b:v", &bits.to_string()]),
            }
            let number = match pass {
                Pass::Only => None,
                Pass::First => Some(1),
                Pass::Second => Some(2),
            };
            if let Some(number) = number {
                add(&["-x264-params", &format!("pass={number}:stats=stats-{film}.log")]);
            }
        }
        Encoder::Openh264 => {
            add(&["-c:v", "libopenh264", "-profile:v", "high", "-pix_fmt", "yuv420p", "-g", &group]);
            add(&["-b:v", &bits.to_string(), "-flags:v", "+bitexact"]);
        }
        Encoder::Hardware(name) => {
            // The number is H.264's own, for encoders that know no word for it.
            let profile = if name == "h264_mf" { "100" } else { "high" };
            add(&["-c:v", name, "-profile:v", profile, "-g", &group, "-bf", "0", "-b:v", &bits.to_string()]);
            add(&["-maxrate", &(bits + bits / 2).to_string(), "-bufsize", &(bits * 2).to_string()]);
        }
    }
    args
}
