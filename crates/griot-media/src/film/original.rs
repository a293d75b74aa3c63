//! The film that comes in: its facts, how it is turned, how its light is coded, and the one demuxer that may read it.

use std::path::Path;

use griot_domain::asset::{Facts, Format, MediaKind};

use super::Ffmpeg;
use super::command;
use crate::reel::Light;
use crate::turn::Turn;
use crate::{Error, Limits, mp4, probe, source};

/// A film that may be converted.
#[derive(Debug)]
pub(super) struct Original<'a> {
    pub(super) path: &'a Path,
    pub(super) facts: Facts,
    /// How the stored picture is turned to stand upright.
    pub(super) turn: Turn,
    /// How its light is coded; nothing as long as nobody knows.
    light: Option<Light>,
}

impl<'a> Original<'a> {
    /// Recognises the container and reads what it says.
    pub(super) fn open(path: &'a Path, limits: &Limits) -> Result<Self, Error> {
        let (facts, turn, light) = probe::film_at(path, limits)?;
        if facts.kind != MediaKind::Video {
            return Err(Error::Unsupported("a picture where a film is wanted".into()));
        }
        Ok(Self { path, facts, turn, light })
    }

    /// ffmpeg's name for the one demuxer that may read it.
    pub(super) fn demuxer(&self) -> &'static str {
        match self.facts.format {
            Format::Mkv | Format::Webm => "matroska",
            Format::Avi => "avi",
            _ => "mov",
        }
    }

    /// How its light is coded. Where the container is silent and the codec can carry more than ordinary light, ffmpeg is
    /// asked what it sees.
    pub(super) fn light(&mut self, ffmpeg: &Ffmpeg, folder: &Path) -> Result<Light, Error> {
        const RICH: [&str; 6] = ["hevc", "av1", "vp9", "prores", "h264-high10", "h264-high422"];
        if self.light.is_none() && self.facts.video_codec.as_deref().is_some_and(|c| RICH.contains(&c)) {
            let said = ffmpeg.run(&command::look(self)?, folder, None, &mut |_| Ok(()))?;
            let seen = said.iter().find(|line| line.contains("Video:")).map_or("", |line| line);
            self.light = if seen.contains("arib-std-b67") {
                Some(Light::Hlg)
            } else if seen.contains("smpte2084") {
                Some(Light::Pq)
            } else {
                Some(Light::Sdr)
            };
        }
        Ok(self.light.unwrap_or(Light::Sdr))
    }

    /// Whether a film can be cut at a moment without decoding it: every frame before it is stored before it.
    pub(super) fn cuts_at(&self, ms: u64, limits: &Limits) -> Result<bool, Error> {
        if ms == 0 || self.facts.duration_ms.is_some_and(|length| ms >= length) {
            return Ok(true);
        }
        if self.demuxer() != "mov" {
            return Ok(false);
        }
        Ok(mp4::cuts(&mut source::open(self.path, limits)?, limits)?.iter().any(|cut| cut.abs_diff(ms) <= 1))
    }
}
