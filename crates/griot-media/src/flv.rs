//! What a Flash video (FLV) says of itself: tags with their times, walked from one to the next. Film data is read only where
//! it holds the head of the picture.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use crate::coded::avc;
use crate::picture::{Kinds, memfind};
use crate::reel::{self, Reel};
use crate::source::Source;
use crate::turn::Turn;
use crate::{Error, Limits, OverLimit, Unsupported};

/// Tags that are walked: more than four hours of them.
const MOST: u64 = 1 << 22;
/// Bytes of a tag that may hold a head.
const LOOKED_AT: u64 = 1 << 16;

#[derive(Default)]
struct Found {
    size: Option<(u32, u32)>,
    video: Option<String>,
    audio: Option<String>,
    frames: u64,
    first_frame: Option<u64>,
    last_frame: u64,
    first: Option<u64>,
    last: u64,
    metadata: Kinds,
}

/// Reads a film.
pub(crate) fn read(source: &mut Source, _limits: &Limits) -> Result<Reel, Error> {
    let mut file = BufReader::with_capacity(4096, &mut source.file);
    let mut head = [0; 9];
    file.read_exact(&mut head).map_err(|_| cut())?;
    let mut at = u64::from(u32::from_be_bytes([head[5], head[6], head[7], head[8]])).max(9) + 4;
    file.seek(SeekFrom::Start(at))?;
    let mut found = Found::default();
    let mut tags = 0;
    while at + 11 <= source.bytes {
        let mut tag = [0; 11];
        file.read_exact(&mut tag)?;
        let len = u64::from(u32::from_be_bytes([0, tag[1], tag[2], tag[3]]));
        let time = u64::from(u32::from_be_bytes([tag[7], tag[4], tag[5], tag[6]]));
        let body = start(
            &mut file,
            len.min(source.bytes - at - 11).min(if found.wants(tag[0]) { LOOKED_AT } else { 2 }),
        )?;
        found.take(tag[0] & 31, time, &body);
        let step = i64::try_from(len - (body.len() as u64).min(len) + 4).unwrap_or(i64::MAX);
        file.seek_relative(step)?;
        at += 11 + len + 4;
        tags += 1;
        if tags > MOST {
            return Err(Error::OverLimit(OverLimit::Packets));
        }
    }
    found.reel()
}

fn cut() -> Error {
    Error::Damaged("the film has no contents: the recording or the copy broke off".into())
}

fn start(file: &mut BufReader<&mut File>, len: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    file.by_ref().take(len).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Found {
    /// Whether a tag of a kind may hold what is not known yet.
    fn wants(&self, kind: u8) -> bool {
        kind & 31 == 18 || kind & 31 == 9 && (self.size.is_none() || self.frames < 3)
    }

    fn take(&mut self, kind: u8, time: u64, body: &[u8]) {
        match kind {
            8 | 9 => {
                self.first = Some(self.first.map_or(time, |first| first.min(time)));
                self.last = self.last.max(time);
                if kind == 9 {
                    self.picture(time, body);
                } else if self.audio.is_none() {
                    self.audio = body.first().map(|head| sound(head >> 4).into());
                }
            }
            18 => {
                self.metadata.add("tags");
                let side = |name: &[u8]| entry(body, name).filter(|side| (1.0..65_536.0).contains(side));
                if self.size.is_none() {
                    self.size = side(b"width").zip(side(b"height")).map(|(w, h)| (w as u32, h as u32));
                }
            }
            _ => {}
        }
    }

    fn picture(&mut self, time: u64, body: &[u8]) {
        let Some(head) = body.first() else { return };
        if head & 0x80 == 0 && head & 15 == 7 && body.get(1) == Some(&0) {
            // The stream's own head is right where the writer's metadata may not be.
            if let Some(coded) = avc::of_configuration(body.get(5..).unwrap_or_default()) {
                self.size = Some(coded.size);
                self.video = Some(crate::mp4::avc_name(&body[5..]).into());
            }
            return;
        }
        if head & 0x8F == 7 && body.get(1) == Some(&2) {
            // The end of the stream is no frame.
            return;
        }
        self.frames += 1;
        self.first_frame = Some(self.first_frame.map_or(time, |first| first.min(time)));
        self.last_frame = self.last_frame.max(time);
        if self.video.is_none() {
            self.video = Some(match (head & 0x80, head & 15, body.get(1..5)) {
                (0x80, _, Some(b"hvc1")) => "hevc".into(),
                (0x80, _, Some(b"av01")) => "av1".into(),
                (0x80, _, Some(b"vp09")) => "vp9".into(),
                (0x80, _, Some(b"avc1")) | (0, 7, _) => "h264".into(),
                (0, 2, _) => "flv1".into(),
                (0, 3 | 6, _) => "flashsv".into(),
                (0, 4 | 5, _) => "vp6".into(),
                _ => "unknown".into(),
            });
        }
        if self.size.is_none() && head & 0x8F == 2 {
            self.size = sorenson(body.get(1..).unwrap_or_default());
        }
    }

    fn reel(mut self) -> Result<Reel, Error> {
        let Some(video) = self.video else {
            return Err(if self.audio.is_some() {
                Error::Unsupported(Unsupported::SoundOnly)
            } else {
                cut()
            });
        };
        let size = self.size.ok_or_else(|| Error::Damaged("the size of its picture is nowhere".into()))?;
        let first = self.first.unwrap_or(0);
        let span = self.last_frame.saturating_sub(self.first_frame.unwrap_or(first)) as f64 / 1000.0;
        let fps = reel::rate(self.frames.saturating_sub(1) as f64, span);
        let frame = fps.map_or(0.0, |fps| 1000.0 / fps);
        if self.frames == 0 {
            return Err(cut());
        }
        self.metadata.add("time");
        Ok(Reel {
            size,
            duration_ms: self.last.saturating_sub(first) + frame.round() as u64,
            video,
            audio: self.audio,
            fps,
            turn: Turn::NONE,
            light: None,
            alpha: false,
            metadata: self.metadata,
        })
    }
}

/// A number of the writer's metadata: its name behind a length of two bytes, a zero, eight bytes.
fn entry(body: &[u8], name: &[u8]) -> Option<f64> {
    let mut wanted = vec![0, u8::try_from(name.len()).ok()?];
    wanted.extend_from_slice(name);
    wanted.push(0);
    let at = memfind(body, &wanted)? + wanted.len();
    Some(f64::from_be_bytes(*body.get(at..)?.first_chunk()?))
}

/// The size in the head of a Sorenson picture: after 30 bits, a number that stands for it or says that it follows.
fn sorenson(body: &[u8]) -> Option<(u32, u32)> {
    let bits = body.get(..9)?.iter().fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
    let take = |from: u32, len: u32| (bits >> (72 - from - len) & ((1 << len) - 1)) as u32;
    Some(match take(30, 3) {
        0 => (take(33, 8), take(41, 8)),
        1 => (take(33, 16), take(49, 16)),
        2 => (352, 288),
        3 => (176, 144),
        4 => (128, 96),
        5 => (320, 240),
        6 => (160, 120),
        _ => return None,
    })
}

fn sound(number: u8) -> &'static str {
    match number {
        2 | 14 => "mp3",
        10 => "aac",
        11 => "speex",
        0 | 3 => "pcm",
        1 => "adpcm",
        4..=6 => "nellymoser",
        _ => "unknown",
    }
}
