//! The film that comes in: its facts, how it is turned, how its light is coded, and the one demuxer that may read it.

use std::path::Path;

use griot_domain::asset::{Facts, Format, MediaKind};

use super::Ffmpeg;
use super::sight::{self, Motion, Seen, Shown};
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
            Format::Ts => "mpegts",
            Format::Mpeg => "mpeg",
            Format::Wmv => "asf",
            Format::Flv => "flv",
            Format::Ogv => "ogg",
            _ => "mov",
        }
    }

    /// The decoder that sees what is transparent, where ffmpeg's usual one does not.
    pub(super) fn decoder(&self) -> Option<&'static str> {
        if !self.facts.alpha {
            return None;
        }
        match self.facts.video_codec.as_deref() {
            Some("vp8") => Some("libvpx"),
            Some("vp9") => Some("libvpx-vp9"),
            _ => None,
        }
    }

    /// Why ffmpeg cannot decode it: it lacks the decoder, or that for transparency.
    pub(super) fn unread(&self) -> Error {
        if self.decoder().is_some() {
            return sight::no_alpha();
        }
        Error::Unsupported(Unsupported::VideoCodec(self.facts.video_codec.clone().unwrap_or_default()))
    }

    /// How it comes in, by its first frame alone.
    pub(super) fn first_frame(&self, ffmpeg: &Ffmpeg, folder: &Path) -> Result<Shown, Error> {
        Seen::look(ffmpeg, self, folder)?.shown(self.light, None)
    }

    /// How it comes in: ffmpeg decodes a frame of it, and some more where two fields may be woven.
    pub(super) fn shown(&self, ffmpeg: &Ffmpeg, folder: &Path) -> Result<(Seen, Shown), Error> {
        /// Codecs that carry fields.
        const WEAVES: [&str; 9] =
            ["h264", "h264-high422", "mpeg1", "mpeg2", "mpeg4", "mjpeg", "prores", "dv", "vc1"];
        let seen = Seen::look(ffmpeg, self, folder)?;
        let weaves = self.facts.video_codec.as_deref().is_some_and(|codec| WEAVES.contains(&codec));
        // More frames a second than television has fields in two are no fields.
        let slow = self.facts.fps.is_none_or(|fps| fps < 31.0);
        let motion = if weaves && slow && seen.may_be_woven() {
            // A third of the way in, something has usually begun to move.
            Motion::look(ffmpeg, self, self.facts.duration_ms.unwrap_or(0) / 3, folder)?
        } else {
            None
        };
        let shown = seen.shown(self.light, motion)?;
        Ok((seen, shown))
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
