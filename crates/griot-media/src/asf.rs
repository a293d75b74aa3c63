//! What a Windows Media file (WMV, ASF) says of itself: objects, each with a number of sixteen bytes and a length. Only the
//! header is read.

use std::io::Read;

use crate::picture::Kinds;
use crate::reel::{self, Reel};
use crate::source::Source;
use crate::turn::Turn;
use crate::{Error, Limits, OverLimit, Unsupported};

/// The header, which stands first.
pub(crate) const HEADER: [u8; 16] = *b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
const FILE: [u8; 16] = *b"\xA1\xDC\xAB\x8C\x47\xA9\xCF\x11\x8E\xE4\x00\xC0\x0C\x20\x53\x65";
const STREAM: [u8; 16] = *b"\x91\x07\xDC\xB7\xB7\xA9\xCF\x11\x8E\xE6\x00\xC0\x0C\x20\x53\x65";
const EXTENSION: [u8; 16] = *b"\xB5\x03\xBF\x5F\x2E\xA9\xCF\x11\x8E\xE3\x00\xC0\x0C\x20\x53\x65";
const FURTHER: [u8; 16] = *b"\xCB\xA5\xE6\x14\x72\xC6\x32\x43\x83\x99\xA9\x69\x52\x06\x5B\x5A";
const ABOUT: [u8; 16] = *b"\x33\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C";
const TAGS: [u8; 16] = *b"\x40\xA4\xD0\xD2\x07\xE3\xD2\x11\x97\xF0\x00\xA0\xC9\x5E\xA8\x50";
/// What stands in a file that only its seller's player opens.
const LOCKED: [[u8; 16]; 2] = [
    *b"\xFB\xB3\x11\x22\x23\xBD\xD2\x11\xB4\xB7\x00\xA0\xC9\x55\xFC\x6E",
    *b"\x14\xE6\x8A\x29\x22\x26\x17\x4C\xB9\x35\xDA\xE0\x7E\xE9\x28\x9C",
];
const PICTURE: [u8; 16] = *b"\xC0\xEF\x19\xBC\x4D\x5B\xCF\x11\xA8\xFD\x00\x80\x5F\x5C\x44\x2B";
const SOUND: [u8; 16] = *b"\x40\x9E\x69\xF8\x4D\x5B\xCF\x11\xA8\xFD\x00\x80\x5F\x5C\x44\x2B";

#[derive(Default)]
struct Found {
    size: Option<(u32, u32)>,
    video: String,
    audio: Option<String>,
    duration_ms: u64,
    fps: Option<f64>,
    further: bool,
    locked: bool,
    metadata: Kinds,
    depth: u8,
}

/// How deep objects may stand in objects: real files nest twice.
const DEEPEST: u8 = 8;

/// Reads a film.
pub(crate) fn read(source: &mut Source, limits: &Limits) -> Result<Reel, Error> {
    let mut head = [0; 30];
    source.file.read_exact(&mut head).map_err(|_| cut())?;
    let len = number::<8>(&head, 16).ok_or_else(cut)?;
    if len > limits.max_index_bytes {
        return Err(Error::OverLimit(OverLimit::Index { bytes: len, most: limits.max_index_bytes }));
    }
    let mut body = Vec::new();
    source.file.by_ref().take(len.saturating_sub(30)).read_to_end(&mut body)?;
    let mut found = Found::default();
    found.walk(&body);
    if found.locked {
        return Err(Error::Unsupported(Unsupported::Encrypted));
    }
    let Some(size) = found.size else { return Err(Error::Unsupported(Unsupported::SoundOnly)) };
    if found.duration_ms == 0 {
        return Err(Error::Damaged("its length is missing: the recording broke off".into()));
    }
    if found.further {
        found.metadata.add("further tracks");
    }
    Ok(Reel {
        size,
        duration_ms: found.duration_ms,
        video: found.video,
        audio: found.audio,
        fps: found.fps,
        turn: Turn::NONE,
        light: None,
        alpha: false,
        metadata: found.metadata,
    })
}

fn cut() -> Error {
    Error::Damaged("its header is cut off".into())
}

/// A little-endian number of some bytes.
fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + N)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

impl Found {
    fn walk(&mut self, mut rest: &[u8]) {
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        while let (Some(id), Some(len)) = (rest.first_chunk::<16>(), number::<8>(rest, 16)) {
            let Some(whole) = usize::try_from(len).ok().filter(|len| *len >= 24) else { break };
            let body = rest.get(24..whole.min(rest.len())).unwrap_or_default();
            self.take(id, body);
            rest = rest.get(whole..).unwrap_or_default();
        }
        self.depth -= 1;
    }

    fn take(&mut self, id: &[u8; 16], body: &[u8]) {
        match *id {
            FILE => {
                let (length, before) = (number::<8>(body, 40), number::<8>(body, 56));
                self.duration_ms = (length.unwrap_or(0) / 10_000).saturating_sub(before.unwrap_or(0));
            }
            STREAM => self.stream(body),
            EXTENSION => self.walk(body.get(22..).unwrap_or_default()),
            FURTHER => {
                let frame = number::<8>(body, 52).filter(|ticks| *ticks > 0);
                self.fps = self.fps.or_else(|| reel::rate(1e7, frame? as f64));
                // Heads of streams may stand within.
                if let Some(at) = crate::picture::memfind(body, &STREAM) {
                    self.walk(&body[at..]);
                }
            }
            ABOUT if body.iter().skip(10).any(|byte| *byte != 0) => self.metadata.add("comment"),
            TAGS => self.metadata.add("tags"),
            id if LOCKED.contains(&id) => self.locked = true,
            _ => {}
        }
    }

    fn stream(&mut self, body: &[u8]) {
        let of = body.get(54..).unwrap_or_default();
        match body.first_chunk::<16>() {
            Some(&PICTURE) if self.size.is_none() => {
                let side = |at| number::<4>(of, at).and_then(|side| u32::try_from(side).ok());
                self.size = side(0).zip(side(4));
                self.video = crate::avi::picture_codec(of.get(27..31).unwrap_or_default());
            }
            Some(&SOUND) if self.audio.is_none() => self.audio = Some(sound(number::<2>(of, 0)).into()),
            _ => self.further = true,
        }
        // Each stream says for itself whether it is locked.
        self.locked |= number::<2>(body, 48).is_some_and(|flags| flags & 0x8000 != 0);
    }
}

fn sound(tag: Option<u64>) -> &'static str {
    match tag {
        Some(0x160..=0x163) => "wma",
        Some(0x55) => "mp3",
        Some(0xFF | 0x1610) => "aac",
        Some(1) => "pcm",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_in_a_header_it_ends() {
        for seed in 0..200u32 {
            let mut bytes: Vec<u8> = (0..400u32)
                .map(|n| (n.wrapping_mul(seed + 7).wrapping_mul(2_654_435_761) >> 11) as u8)
                .collect();
            bytes[..16].copy_from_slice(&[FILE, STREAM, EXTENSION, FURTHER][seed as usize % 4]);
            bytes[16..24].copy_from_slice(&u64::from(24 + seed).to_le_bytes());
            Found::default().walk(&bytes);
        }
    }

    #[test]
    fn objects_within_objects_without_end_are_no_way_to_go() {
        // Each holds the next: 46 bytes a level, far more levels than a stack has room for.
        let levels = 100_000_u64;
        let mut bytes = Vec::new();
        for left in (1..=levels).rev() {
            bytes.extend(EXTENSION);
            bytes.extend((left * 46).to_le_bytes());
            bytes.extend([0; 22]);
        }
        Found::default().walk(&bytes);
    }
}
