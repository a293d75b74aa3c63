//! MPEG transport streams (MTS and M2TS of camcorders, TS of broadcasts) and program streams (MPG, VOB): packets with times
//! and no index. The head tells what is inside, the times at both ends how long it lasts; what lies between is not read.

mod program;
mod transport;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

pub(crate) use self::transport::grid;
use crate::coded::{Coded, avc, hevc, mpeg2};
use crate::picture::Kinds;
use crate::reel::{self, Reel, square};
use crate::source::Source;
use crate::turn::Turn;
use crate::{Error, Limits, Unsupported};

/// Bytes that are read at the start: seconds of any video, with the first frame that stands alone.
const HEAD: u64 = 8 << 20;
/// Bytes that are read at the end.
const TAIL: u64 = 4 << 20;
/// Bytes of the picture's own stream that are searched for its head.
const STREAM: usize = 2 << 20;
/// Ticks of the packets' clock in a second, and where it begins anew.
const CLOCK: u64 = 90_000;
const ROUND: u64 = 1 << 33;

/// One stream inside.
#[derive(Debug, Default)]
struct Stream {
    codec: String,
    /// The start of what it carries.
    bytes: Vec<u8>,
    /// When its packets are shown, as far as they were read, in the order of the file.
    times: Vec<u64>,
    /// When the last one in the file is.
    last: Option<u64>,
    packets: u64,
    scrambled: u64,
}

/// What both kinds of file come down to.
#[derive(Debug, Default)]
struct Streams {
    picture: Option<Stream>,
    sound: Option<Stream>,
    further: bool,
}

/// Reads a transport stream.
pub(crate) fn transport(source: &mut Source, limits: &Limits) -> Result<Reel, Error> {
    let (head, tail) = ends(&mut source.file, source.bytes)?;
    transport::read(&head, &tail)?.reel(limits)
}

/// Reads a program stream.
pub(crate) fn program(source: &mut Source, limits: &Limits) -> Result<Reel, Error> {
    let (head, tail) = ends(&mut source.file, source.bytes)?;
    program::read(&head, &tail).reel(limits)
}

fn ends(file: &mut File, bytes: u64) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let mut part = |from: u64, len: u64| -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(from))?;
        file.take(len).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let head = part(0, HEAD)?;
    let tail = if bytes > HEAD { part(bytes - TAIL.min(bytes - HEAD), TAIL)? } else { Vec::new() };
    Ok((head, tail))
}

impl Stream {
    fn of(codec: &str) -> Self {
        Self { codec: codec.into(), ..Self::default() }
    }

    /// Takes the start of a packet, and what follows of it.
    fn time(&mut self, time: Option<u64>) {
        self.packets += 1;
        self.times.extend(time);
        self.last = time.or(self.last);
    }

    fn carry(&mut self, bytes: &[u8]) {
        let room = STREAM.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// Ticks from its first moment to its last.
    fn span(&self, first: u64) -> u64 {
        // Times that run over the clock's end go on from nothing.
        self.last.map_or(0, |last| last.wrapping_sub(first) & (ROUND - 1))
    }

    /// Frames a second by the usual distance of two times.
    fn pace(&self) -> Option<f64> {
        let mut times = self.times.clone();
        times.sort_unstable();
        let mut steps: Vec<u64> =
            times.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > 0).collect();
        steps.sort_unstable();
        reel::rate(CLOCK as f64, *steps.get(steps.len() / 2)? as f64)
    }

    fn coded(&mut self) -> Option<Coded> {
        match self.codec.as_str() {
            "h264" => avc::of_stream(&self.bytes),
            "hevc" => hevc::of_stream(&self.bytes),
            _ => {
                let (coded, second) = mpeg2::of_stream(&self.bytes)?;
                self.codec = if second { "mpeg2" } else { "mpeg1" }.into();
                Some(coded)
            }
        }
    }
}

impl Streams {
    fn reel(self, limits: &Limits) -> Result<Reel, Error> {
        let Some(mut picture) = self.picture else {
            return Err(Error::Unsupported(Unsupported::SoundOnly));
        };
        if picture.scrambled * 2 > picture.packets.max(1) {
            return Err(Error::Unsupported(Unsupported::Encrypted));
        }
        if picture.codec == "vvc" {
            return Err(Error::Unsupported(Unsupported::VideoCodec("VVC".into())));
        }
        let coded = picture.coded().ok_or_else(|| {
            Error::Damaged("the head of its picture is missing: the recording or the copy broke off".into())
        })?;
        limits.size(coded.size.0, coded.size.1)?;
        let fps = coded.fps.or_else(|| picture.pace());
        let starts = [Some(&picture), self.sound.as_ref()];
        let starts = starts.into_iter().flatten();
        // Of two times around the clock's end the later one is the first.
        let first = starts.clone().filter_map(|stream| stream.times.iter().take(32).min()).min();
        let first = first.copied().unwrap_or(0);
        let ticks = starts.map(|stream| stream.span(first)).max().unwrap_or(0);
        let frame = fps.map_or(0.0, |fps| 1000.0 / fps);
        let mut metadata = Kinds::default();
        if self.further {
            metadata.add("further tracks");
        }
        let seen = square(coded.size, coded.pixel);
        if seen.is_some() {
            metadata.add("pixel aspect");
        }
        Ok(Reel {
            size: seen.unwrap_or(coded.size),
            duration_ms: ((ticks as f64) * 1000.0 / CLOCK as f64 + frame).round() as u64,
            video: picture.codec,
            audio: self.sound.map(|sound| sound.codec),
            fps,
            turn: Turn::NONE,
            light: None,
            alpha: false,
            metadata,
        })
    }
}

/// A time of 33 bits with its marks, as it stands in the head of a packet.
fn stamp(bytes: &[u8]) -> Option<u64> {
    let [a, b, c, d, e] = *bytes.first_chunk::<5>()?;
    (a & 1 == 1 && c & 1 == 1 && e & 1 == 1).then(|| {
        u64::from(a >> 1 & 7) << 30
            | u64::from(b) << 22
            | u64::from(c >> 1) << 15
            | u64::from(d) << 7
            | u64::from(e >> 1)
    })
}

/// The head of an elementary packet: its stream, whether it is scrambled, its time, and where its body starts.
fn packet(bytes: &[u8]) -> Option<(u8, bool, Option<u64>, usize)> {
    if !bytes.starts_with(&[0, 0, 1]) {
        return None;
    }
    let stream = *bytes.get(3)?;
    let flags = *bytes.get(6)?;
    if flags & 0xC0 == 0x80 {
        let time = (bytes.get(7)? & 0x80 != 0).then(|| stamp(bytes.get(9..)?)).flatten();
        return Some((stream, flags & 0x30 != 0, time, 9 + usize::from(*bytes.get(8)?)));
    }
    // MPEG-1: filling, sizes, then the time.
    let mut at = 6;
    while bytes.get(at) == Some(&0xFF) && at < 22 {
        at += 1;
    }
    if bytes.get(at)? & 0xC0 == 0x40 {
        at += 2;
    }
    Some(match bytes.get(at)? & 0xF0 {
        0x20 => (stream, false, stamp(bytes.get(at..)?), at + 5),
        0x30 => (stream, false, stamp(bytes.get(at..)?), at + 10),
        _ => (stream, false, None, at + 1),
    })
}

#[cfg(test)]
mod tests;
