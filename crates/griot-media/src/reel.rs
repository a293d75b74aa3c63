//! A film as its container describes it, the same for every container: what the probe tells and the renderer needs. No
//! ffmpeg, no decoding.

use griot_domain::asset::{Facts, Format, MediaKind};

use crate::picture::Kinds;
use crate::source::Source;
use crate::turn::Turn;
use crate::{Error, Limits, asf, avi, broadcast, flv, matroska, mp4, ogg};

/// A film.
#[derive(Debug)]
pub(crate) struct Reel {
    /// Width and height as they are seen: square pixels, upright.
    pub(crate) size: (u32, u32),
    /// Length of picture and sound by their packets.
    pub(crate) duration_ms: u64,
    /// Codecs, in the words of [`Facts`].
    pub(crate) video: String,
    pub(crate) audio: Option<String>,
    pub(crate) fps: Option<f64>,
    /// How the stored picture is turned to stand upright.
    pub(crate) turn: Turn,
    /// How light is coded, where the container says so.
    pub(crate) light: Option<Light>,
    /// Whether parts of the picture are transparent, where the container says so.
    pub(crate) alpha: bool,
    /// What else is in the file, and what keeps it from going out as it is.
    pub(crate) metadata: Kinds,
}

/// How light is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Light {
    /// For ordinary screens.
    Sdr,
    /// Hybrid log-gamma (BT.2100).
    Hlg,
    /// Perceptual quantizer (BT.2100, SMPTE ST 2084).
    Pq,
}

impl Light {
    /// By the number of the transfer function (ITU-T H.273), which both families of containers use; 2 means unknown.
    pub(crate) fn of(transfer: u64) -> Option<Self> {
        match transfer {
            0 | 2 | 3 => None,
            16 => Some(Self::Pq),
            18 => Some(Self::Hlg),
            _ => Some(Self::Sdr),
        }
    }
}

/// Reads a film and holds it against the limits.
pub(crate) fn read(source: &mut Source, limits: &Limits) -> Result<Reel, Error> {
    let reel = match source.format {
        Format::Mp4 | Format::Mov | Format::ThreeGp => mp4::reel(source, limits)?,
        Format::Mkv | Format::Webm => matroska::read(source, limits)?,
        Format::Avi => avi::read(source, limits)?,
        Format::Ts => broadcast::transport(source, limits)?,
        Format::Mpeg => broadcast::program(source, limits)?,
        Format::Wmv => asf::read(source, limits)?,
        Format::Flv => flv::read(source, limits)?,
        Format::Ogv => ogg::read(source, limits)?,
        other => return Err(Error::Bug(format!("{} is no film", other.mime()))),
    };
    limits.size(reel.size.0, reel.size.1)?;
    limits.duration(reel.duration_ms)?;
    Ok(reel)
}

impl Reel {
    /// What the probe tells of it.
    pub(crate) fn facts(self, source: &Source) -> Facts {
        Facts {
            kind: MediaKind::Video,
            format: source.format,
            width: self.size.0,
            height: self.size.1,
            bytes: source.bytes,
            animated: false,
            alpha: self.alpha,
            duration_ms: Some(self.duration_ms),
            video_codec: Some(self.video),
            audio_codec: self.audio,
            fps: self.fps,
            metadata: self.metadata.into_vec(),
        }
    }
}

/// Size in square pixels: the height stays, the width follows the shape of a pixel. A shape of nothing, or beyond 1:10,
/// is a mistake in the file; one within half a percent of square is a rounding.
pub(crate) fn square((width, height): (u32, u32), (wide, high): (u64, u64)) -> Option<(u32, u32)> {
    if wide == 0 || high == 0 || wide / high >= 10 || high / wide >= 10 || wide.abs_diff(high) * 200 <= wide {
        return None;
    }
    let width = u128::from(width) * u128::from(wide) / u128::from(high);
    Some((u32::try_from(width).unwrap_or(u32::MAX).max(1), height))
}

/// Frames a second, rounded to thousandths; nothing for what cannot be one.
pub(crate) fn rate(frames: f64, seconds: f64) -> Option<f64> {
    let rate = frames / seconds;
    (rate.is_finite() && rate > 0.0).then(|| (rate * 1000.0).round() / 1000.0)
}
