//! What ffmpeg sees in a video's first frame, and what follows for its conversion: which matrix, range and primaries its
//! colours have, whether it is woven from two fields, whether something lies behind it. Containers and names are silent
//! about most of that, or wrong; the decoded frame is not.

use std::path::Path;

use super::command;
use super::original::Original;
use super::{Ffmpeg, Lack};
use crate::reel::Light;
use crate::{Error, Unsupported};

/// Primaries, transfer and matrix of BT.709 by their number in ITU-T H.273.
pub(super) const BT709: u8 = 1;
/// What stands for "not said" there.
const UNNAMED: u8 = 2;
/// A plane whose samples differ less than this on the whole shows nothing.
const FLAT: f64 = 1.5;
/// Steps of eight bits, as a standard deviation, that noise in a dark picture has and an encoder may level: measured up to
/// 4.3 at crf 21 and half the size.
const NOISE: f64 = 12.0;
/// Fields that are looked at: with fewer that disagree than this, a video counts as progressive.
const WOVEN: u32 = 4;

/// A decoded frame, in the words of ffmpeg's `showinfo`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    /// ffmpeg's name of how samples lie: `yuv420p`, `bgra`.
    pub(super) pixels: String,
    /// Size as it is stored.
    pub(super) size: (u32, u32),
    /// Frames a second by ffmpeg's guess.
    pub(super) fps: Option<f64>,
    /// Whether samples use all of their range, where it is said.
    pub(super) full: Option<bool>,
    /// ffmpeg's names of matrix, primaries and transfer.
    matrix: String,
    primaries: String,
    transfer: String,
    /// Whether the frame is flagged as two fields.
    fields: bool,
    /// How much the samples of the plane with most life differ from their mean.
    life: f64,
    /// The mean of each plane.
    means: Vec<f64>,
}

/// Two fields in one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weave {
    /// As each frame is flagged.
    Flagged,
    /// Every frame, the upper line first.
    Top,
    /// Every frame, the lower line first.
    Bottom,
}

/// How a video comes in, resolved: what is not said is what the usual rules make of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shown {
    pub(super) light: Light,
    /// The matrix in the words of ffmpeg's `scale`; nothing where samples are red, green and blue.
    pub(super) matrix: Option<&'static str>,
    /// Whether samples use all of their range.
    pub(super) full: bool,
    /// By their numbers in ITU-T H.273; always named.
    pub(super) primaries: u8,
    pub(super) transfer: u8,
    pub(super) weave: Option<Weave>,
    /// Whether parts of the picture are transparent.
    pub(super) alpha: bool,
}

impl Shown {
    /// Frames of red, green and blue for an ordinary screen.
    pub(super) const RGB: Self = Self {
        light: Light::Sdr,
        matrix: None,
        full: true,
        primaries: BT709,
        transfer: BT709,
        weave: None,
        alpha: false,
    };
}

impl Seen {
    /// Has ffmpeg decode the first frame of a file.
    pub(super) fn look(ffmpeg: &Ffmpeg, original: &Original<'_>, folder: &Path) -> Result<Self, Error> {
        let said = match ffmpeg.run(&command::look(original)?, folder, None, &mut |_| Ok(())) {
            Ok(said) => said,
            Err(Error::FfmpegFailed(said)) if no_decoder(&said) => return Err(original.unread()),
            other => other?,
        };
        match Self::read(&said) {
            Some(seen) => Ok(seen),
            None if said.iter().any(|line| no_decoder(line)) => Err(original.unread()),
            None => Err(Error::Damaged("no frame of it can be decoded".into())),
        }
    }

    /// Reads the two lines that `showinfo` writes of a frame.
    pub(super) fn read(said: &[String]) -> Option<Self> {
        let mut lines = said.iter().filter(|line| line.contains("showinfo"));
        let frame = lines.by_ref().find(|line| line.contains(" fmt:"))?;
        let colours = lines.find(|line| line.contains("color_range:"));
        let word = |name: &str| {
            let of = |line: &str| {
                line.split_once(name).and_then(|(_, rest)| rest.split_whitespace().next()).map(str::to_owned)
            };
            of(frame).or_else(|| of(colours?))
        };
        let (width, height) = frame.split_once(" s:")?.1.split_whitespace().next()?.split_once('x')?;
        let unnamed = || "unknown".to_owned();
        Some(Self {
            pixels: word(" fmt:")?,
            size: (width.parse().ok()?, height.parse().ok()?),
            fps: said.iter().find_map(|line| guessed(line)),
            full: match word("color_range:").as_deref() {
                Some("pc") => Some(true),
                Some("tv") => Some(false),
                _ => None,
            },
            matrix: word("color_space:").unwrap_or_else(unnamed),
            primaries: word("color_primaries:").unwrap_or_else(unnamed),
            transfer: word("color_trc:").unwrap_or_else(unnamed),
            fields: word(" i:").is_some_and(|field| field == "T" || field == "B"),
            means: planes(frame, "mean:["),
            life: planes(frame, "stdev:[").into_iter().reduce(f64::max).unwrap_or(f64::INFINITY),
        })
    }

    /// Whether it shows one colour and nothing else.
    pub(super) fn flat(&self) -> bool {
        self.life < FLAT
    }

    /// Whether it shows something that no encoder levels: more than the noise of a dark room, in steps of eight bits.
    /// What lies behind transparent parts is not seen in what is made.
    pub(super) fn shows(&self) -> bool {
        let deep = self.pixels.strip_suffix("le").or_else(|| self.pixels.strip_suffix("be"));
        let bits =
            deep.and_then(|name| name.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse::<i32>().ok());
        let steps = 2f64.powi(bits.unwrap_or(8).clamp(8, 16) - 8);
        !self.has_alpha() && self.life / steps > NOISE
    }

    /// Whether it shows what decoders leave where they could decode nothing: grey, or green.
    pub(super) fn made_up(&self) -> bool {
        let near =
            |plane: usize, value: f64| self.means.get(plane).is_some_and(|mean| (mean - value).abs() < 12.0);
        self.flat() && (near(1, 128.0) && near(2, 128.0) && near(0, 128.0) || near(1, 0.0) && near(2, 0.0))
    }

    /// Whether what is made of it has named everything that a player would have to guess.
    pub(super) fn named(&self) -> bool {
        let named = |word: &str| word != "unknown" && word != "reserved";
        self.full == Some(false) && named(&self.matrix) && named(&self.primaries) && named(&self.transfer)
    }

    /// What follows for the conversion. `motion` is what `idet` found, where it was asked.
    pub(super) fn shown(&self, light: Option<Light>, motion: Option<Motion>) -> Result<Shown, Error> {
        let seen = match self.transfer.as_str() {
            "arib-std-b67" => Light::Hlg,
            "smpte2084" => Light::Pq,
            _ => Light::Sdr,
        };
        let light = if seen == Light::Sdr { light.unwrap_or(seen) } else { seen };
        let full = self.full.unwrap_or_else(|| self.pixels.starts_with("yuvj"));
        let matrix = if self.is_rgb() { None } else { Some(self.matrix(light, full)?) };
        let known = |number: u8| if number == UNNAMED { BT709 } else { number };
        Ok(Shown {
            light,
            matrix,
            full,
            primaries: known(primaries(&self.primaries)),
            transfer: known(transfer(&self.transfer)),
            weave: self.weave(motion),
            alpha: self.has_alpha(),
        })
    }

    fn is_rgb(&self) -> bool {
        const FAMILIES: [&str; 6] = ["rgb", "bgr", "gbr", "0rgb", "0bgr", "x2"];
        const OTHERS: [&str; 4] = ["argb", "abgr", "pal8", "xyz12"];
        let starts = |starts: &[&str]| starts.iter().any(|start| self.pixels.starts_with(start));
        starts(&FAMILIES) || starts(&OTHERS)
    }

    fn has_alpha(&self) -> bool {
        const STARTS: [&str; 8] = ["yuva", "rgba", "bgra", "argb", "abgr", "gbra", "ya", "pal8"];
        STARTS.iter().any(|start| self.pixels.starts_with(start))
    }

    /// Where nobody names the matrix: what HDR, stills and old television use, else what the size tells.
    fn matrix(&self, light: Light, full: bool) -> Result<&'static str, Error> {
        Ok(match self.matrix.as_str() {
            "bt709" => "bt709",
            "smpte170m" | "bt470bg" => "smpte170m",
            "smpte240m" => "smpte240m",
            "fcc" => "fcc",
            "bt2020nc" | "bt2020c" => "bt2020",
            "ycgco" => return Err(Error::Unsupported(Unsupported::VideoColours)),
            "ictcp" | "ipt-c2" | "smpte2085" => return Err(Error::Unsupported(Unsupported::VideoColours)),
            _ if light != Light::Sdr => "bt2020",
            _ if self.pixels.starts_with("yuvj") && full => "smpte170m",
            // Up to 576 lines it is standard definition, unless it is as wide as high definition.
            _ if self.size.0 < 1280 && self.size.1 <= 576 => "smpte170m",
            _ => "bt709",
        })
    }

    /// What moves tells more than the flags: progressive recorders flag fields, and copies lose the flags or their order.
    fn weave(&self, motion: Option<Motion>) -> Option<Weave> {
        let found = motion.unwrap_or_default();
        let woven = found.top + found.bottom;
        if woven >= WOVEN && woven > found.progressive {
            return Some(if found.top >= found.bottom { Weave::Top } else { Weave::Bottom });
        }
        (self.fields && found.progressive < WOVEN).then_some(Weave::Flagged)
    }

    /// Whether it is worth asking what moves: the frame is flagged, or of a size in which fields are recorded.
    pub(super) fn may_be_woven(&self) -> bool {
        self.fields || matches!(self.size.1, 480 | 486 | 512 | 576 | 1080 | 1088)
    }
}

/// A number for each plane, in brackets.
fn planes(line: &str, name: &str) -> Vec<f64> {
    let numbers = line.split_once(name).map_or("", |(_, rest)| rest.split(']').next().unwrap_or_default());
    numbers.split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

/// The rate in the line that `showinfo` writes before all frames. Clocks that tick in milliseconds are no rate.
fn guessed(line: &str) -> Option<f64> {
    let (frames, seconds) =
        line.split_once("config in ")?.1.split_once("frame_rate: ")?.1.trim().split_once('/')?;
    let rate = crate::reel::rate(frames.parse().ok()?, seconds.parse().ok()?)?;
    (rate <= 120.0).then_some(rate)
}

/// How many frames `idet` found to be woven, and how many not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Motion {
    top: u32,
    bottom: u32,
    progressive: u32,
}

impl Motion {
    /// Looks at some frames from a moment on.
    pub(super) fn look(
        ffmpeg: &Ffmpeg,
        original: &Original<'_>,
        at_ms: u64,
        folder: &Path,
    ) -> Result<Option<Self>, Error> {
        let said = ffmpeg.run(&command::motion(original, at_ms)?, folder, None, &mut |_| Ok(()))?;
        Ok(Self::read(&said))
    }

    fn read(said: &[String]) -> Option<Self> {
        let line = said.iter().rev().find(|line| line.contains("Multi frame detection"))?;
        let count = |name: &str| {
            line.split_once(name).and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok())
        };
        Some(Self { top: count("TFF:")?, bottom: count("BFF:")?, progressive: count("Progressive:")? })
    }
}

/// Whether ffmpeg says that it cannot decode such a thing at all.
fn no_decoder(said: &str) -> bool {
    let said = said.to_lowercase();
    ["no decoder found", "decoder not found", "codec none", "video: none", "unknown codec", "unknown decoder"]
        .iter()
        .any(|words| said.contains(words))
        || said.contains("decoder (codec") && said.contains("not found")
}

/// What an ffmpeg lacks that cannot decode what lies behind a picture.
pub(super) fn no_alpha() -> Error {
    Error::FfmpegLacks(Lack::Transparency)
}

/// By their numbers in ITU-T H.273.
fn primaries(name: &str) -> u8 {
    match name {
        "bt709" => BT709,
        "bt470m" => 4,
        "bt470bg" => 5,
        "smpte170m" => 6,
        "smpte240m" => 7,
        "film" => 8,
        "bt2020" => 9,
        "smpte431" => 11,
        "smpte432" => 12,
        _ => UNNAMED,
    }
}

/// Those for ordinary screens alone.
fn transfer(name: &str) -> u8 {
    match name {
        "bt709" => BT709,
        "bt470m" | "gamma22" => 4,
        "bt470bg" | "gamma28" => 5,
        "smpte170m" => 6,
        "smpte240m" => 7,
        "iec61966-2-4" => 11,
        "iec61966-2-1" => 13,
        "bt2020-10" => 14,
        "bt2020-12" => 15,
        _ => UNNAMED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pixels: &str, size: &str, colours: &str) -> Seen {
        let said = [
            format!(
                "[Parsed_showinfo_0 @ 0x1] n:   0 pts: 0 fmt:{pixels} sar:1/1 s:{size} i:P mean:[1 2] stdev:[0.4 9.5]"
            ),
            format!("[Parsed_showinfo_0 @ 0x1] {colours}"),
        ];
        Seen::read(&said).unwrap()
    }

    const SILENT: &str = "color_range:unknown color_space:unknown color_primaries:unknown color_trc:unknown";

    #[test]
    fn what_nobody_names_is_what_the_usual_rules_make_of_it() {
        let matrix = |pixels: &str, size: &str, colours: &str| {
            seen(pixels, size, colours).shown(None, None).unwrap().matrix
        };
        assert_eq!(matrix("yuv420p", "720x576", SILENT), Some("smpte170m"));
        assert_eq!(matrix("yuv420p", "640x480", SILENT), Some("smpte170m"));
        assert_eq!(matrix("yuv420p", "1280x536", SILENT), Some("bt709"));
        assert_eq!(matrix("yuv420p", "720x1280", SILENT), Some("bt709"));
        assert_eq!(matrix("yuvj422p", "1920x1080", SILENT), Some("smpte170m"), "a still's");
        assert_eq!(matrix("bgra", "1080x1080", SILENT), None);
        let hdr = "color_range:tv color_space:unknown color_primaries:unknown color_trc:smpte2084";
        assert_eq!(matrix("yuv420p10le", "3840x2160", hdr), Some("bt2020"));
        let said = "color_range:pc color_space:bt709 color_primaries:bt470bg color_trc:gamma22";
        let shown = seen("yuv420p", "720x576", said).shown(None, None).unwrap();
        assert_eq!((shown.matrix, shown.full, shown.primaries, shown.transfer), (Some("bt709"), true, 5, 4));
        let odd = "color_range:tv color_space:ycgco color_primaries:bt709 color_trc:bt709";
        assert!(matches!(
            seen("yuv444p", "1920x1080", odd).shown(None, None),
            Err(Error::Unsupported(Unsupported::VideoColours))
        ));
    }

    #[test]
    fn what_moves_tells_more_than_the_flags() {
        let flagged = Seen { fields: true, ..seen("yuv420p", "720x576", SILENT) };
        let plain = Seen { fields: false, ..flagged.clone() };
        let motion = |top, bottom, progressive| Some(Motion { top, bottom, progressive });
        assert_eq!(flagged.weave(motion(30, 0, 0)), Some(Weave::Top));
        assert_eq!(plain.weave(motion(1, 28, 2)), Some(Weave::Bottom));
        assert_eq!(flagged.weave(motion(0, 0, 30)), None, "a progressive recorder that flags fields");
        assert_eq!(flagged.weave(motion(0, 0, 0)), Some(Weave::Flagged), "nothing moves");
        assert_eq!(plain.weave(motion(2, 1, 20)), None);
        assert_eq!(plain.weave(None), None);
    }

    #[test]
    fn the_noise_of_a_dark_room_is_nothing_that_has_to_be_seen_again() {
        let shows = |pixels: &str, life: f64| Seen { life, ..seen(pixels, "1920x1080", SILENT) }.shows();
        assert!(!shows("yuv420p", 4.3) && !shows("yuv420p10le", 16.9), "an encoder levels it");
        assert!(shows("yuv420p", 30.0) && shows("yuv420p10le", 120.0));
        assert!(!shows("yuva420p", 30.0), "it may be hidden");
    }
}
