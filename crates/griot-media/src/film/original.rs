//! The film that comes in: its facts, how it is turned, how its light is coded, and the one demuxer that may read it.

use std::path::Path;

use griot_domain::asset::{Facts, Format, MediaKind};

use super::Ffmpeg;
use super::command;
use crate::reel::Light;
use crate::turn::Turn;
use crate::{Error, Limits, Unsupported, mp4, probe, source};

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
            return Err(Error::Unsupported(Unsupported::PictureForFilm));
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

    /// What copies the frames of a part of the film exactly: nothing when its ends are no places to cut without decoding
    /// it, that is, where every frame before is also stored before.
    pub(super) fn frames_of(
        &self,
        (from_ms, length_ms): (u64, u64),
        limits: &Limits,
    ) -> Result<Option<Frames>, Error> {
        let whole = self.facts.duration_ms.unwrap_or(0);
        let end = Some(from_ms + length_ms).filter(|end| *end < whole);
        if from_ms == 0 && end.is_none() {
            return Ok(Some(Frames::All));
        }
        if self.demuxer() != "mov" {
            return Ok(None);
        }
        let cuts = mp4::cuts(&mut source::open(self.path, limits)?, limits)?;
        let at = |ms: u64| cuts.iter().find(|cut| cut.ms.abs_diff(ms) <= 1).map(|cut| cut.before);
        let Some(from) = at(from_ms) else { return Ok(None) };
        Ok(match end.map(at) {
            None => Some(Frames::All),
            Some(to) => to.map(|to| Frames::Count(to.saturating_sub(from))),
        })
    }
}

/// Frames to copy from where a part of a film starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frames {
    /// To the end.
    All,
    /// So many, in the order in which they are stored: their times alone would take some too many.
    Count(u64),
}
