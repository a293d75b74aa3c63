//! Transport streams (ISO/IEC 13818-1): packets of 188 bytes, with four more before or sixteen after them in some recordings.

use std::collections::BTreeMap;

use super::{Stream, Streams, packet};
use crate::Error;

/// How far apart packets may start.
const STRIDES: [usize; 3] = [188, 192, 204];
/// Packets in a row that prove where they start, as far as there are so many.
const PROOF: usize = 8;
const SYNC: u8 = 0x47;

/// Where the first packet starts and how far apart they are.
pub(crate) fn grid(head: &[u8]) -> Option<(usize, usize)> {
    STRIDES.into_iter().find_map(|stride| {
        (0..stride).find_map(|start| {
            let rows: Vec<u8> = head.iter().skip(start).step_by(stride).copied().take(PROOF).collect();
            // Little can only be believed where a packet usually begins.
            let least = if start == 0 || start == 4 && stride == 192 { 3 } else { PROOF };
            (rows.len() >= least && rows.iter().all(|byte| *byte == SYNC)).then_some((start, stride))
        })
    })
}

/// Reads the two ends of a file.
pub(super) fn read(head: &[u8], tail: &[u8]) -> Result<Streams, Error> {
    let mut found = Found::default();
    found.walk(head);
    found.ended = true;
    found.walk(tail);
    found.streams()
}

#[derive(Default)]
struct Found {
    /// The packets in which the table of the programme stands.
    table: Option<u16>,
    /// Streams by their number, in the order of the table.
    streams: Vec<(u16, Kind)>,
    by_pid: BTreeMap<u16, Stream>,
    /// Whether the end of the file is read: only times count there.
    ended: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Picture(&'static str),
    Sound(&'static str),
    Other,
}

impl Found {
    fn walk(&mut self, bytes: &[u8]) {
        let Some((start, stride)) = grid(bytes) else { return };
        let mut at = start;
        while let Some(packet) = bytes.get(at..at + 188) {
            if packet[0] == SYNC {
                self.take(packet);
                at += stride;
            } else {
                // Something is missing here: the next packets tell where they start.
                match grid(&bytes[at..bytes.len().min(at + 4096)]) {
                    Some((step, _)) if step > 0 => at += step,
                    _ => at += stride,
                }
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        let starts = bytes[1] & 0x40 != 0;
        let pid = u16::from(bytes[1] & 0x1F) << 8 | u16::from(bytes[2]);
        let scrambled = bytes[3] & 0xC0 != 0;
        let body = match bytes[3] >> 4 & 3 {
            1 => 4,
            3 => 5 + usize::from(bytes[4]),
            _ => return,
        };
        let Some(body) = bytes.get(body..) else { return };
        if pid == 0 && starts && self.table.is_none() {
            self.table = programme(body);
        } else if Some(pid) == self.table && starts && self.streams.is_empty() {
            self.streams = streams(body);
        } else if let Some((_, Kind::Picture(codec) | Kind::Sound(codec))) =
            self.streams.iter().find(|(number, _)| *number == pid)
        {
            let stream = self.by_pid.entry(pid).or_insert_with(|| Stream::of(codec));
            stream.scrambled += u64::from(scrambled && starts);
            let mut from = 0;
            if starts && let Some((_, hidden, time, start)) = packet(body) {
                stream.scrambled += u64::from(hidden && !scrambled);
                stream.time(time);
                from = start;
            } else if starts {
                stream.time(None);
            }
            if !self.ended {
                stream.carry(body.get(from..).unwrap_or_default());
            }
        }
    }

    fn streams(mut self) -> Result<Streams, Error> {
        if self.streams.is_empty() {
            return Err(Error::Damaged("the table of its streams is missing".into()));
        }
        let mut first = |picture: bool| {
            let of = |kind: &Kind| match kind {
                Kind::Picture(_) => picture,
                Kind::Sound(_) => !picture,
                Kind::Other => false,
            };
            // A stream that the table names and nobody sends is none.
            let (pid, _) =
                self.streams.iter().find(|(pid, kind)| of(kind) && self.by_pid.contains_key(pid))?;
            self.by_pid.remove(pid)
        };
        let (picture, sound) = (first(true), first(false));
        let further = self.streams.len() > usize::from(picture.is_some()) + usize::from(sound.is_some());
        Ok(Streams { picture, sound, further })
    }
}

/// The rows of a table behind its head, without the sum at its end.
fn table(body: &[u8], id: u8, head: usize) -> Option<&[u8]> {
    let section = body.get(1 + usize::from(*body.first()?)..)?;
    if *section.first()? != id {
        return None;
    }
    let len = usize::from(u16::from_be_bytes([*section.get(1)?, *section.get(2)?]) & 0x0FFF);
    let end = (3 + len).min(section.len()).checked_sub(4)?;
    section.get(head..end.max(head))
}

/// Where the table of the first programme stands.
fn programme(body: &[u8]) -> Option<u16> {
    let rows = table(body, 0, 8)?;
    let row = rows.chunks_exact(4).find(|row| row[..2] != [0, 0])?;
    Some(u16::from_be_bytes([row[2], row[3]]) & 0x1FFF)
}

/// The streams of a programme.
fn streams(body: &[u8]) -> Vec<(u16, Kind)> {
    let Some(rows) = table(body, 2, 10) else { return Vec::new() };
    let len = |at: usize| {
        rows.get(at..at + 2).map(|bytes| usize::from(u16::from_be_bytes([bytes[0], bytes[1]]) & 0x0FFF))
    };
    let mut found = Vec::new();
    let Some(mut at) = len(0).map(|described| 2 + described) else { return found };
    while let (Some(row), Some(described)) = (rows.get(at..at + 3), len(at + 3)) {
        let pid = u16::from_be_bytes([row[1], row[2]]) & 0x1FFF;
        let descriptors = rows.get(at + 5..at + 5 + described).unwrap_or_default();
        found.push((pid, kind(row[0], descriptors)));
        at += 5 + described;
    }
    found
}

fn kind(number: u8, descriptors: &[u8]) -> Kind {
    let described = |tag: u8| {
        let mut rest = descriptors;
        while let [found, len, ..] = rest {
            if *found == tag {
                return true;
            }
            rest = rest.get(2 + usize::from(*len)..).unwrap_or_default();
        }
        false
    };
    match number {
        0x01 | 0x02 => Kind::Picture("mpeg2"),
        0x10 => Kind::Picture("mpeg4"),
        0x1B => Kind::Picture("h264"),
        0x24 => Kind::Picture("hevc"),
        0x33 => Kind::Picture("vvc"),
        0xEA => Kind::Picture("vc1"),
        0x03 | 0x04 => Kind::Sound("mp2"),
        0x0F | 0x11 => Kind::Sound("aac"),
        0x80 => Kind::Sound("pcm"),
        0x81 | 0x83 => Kind::Sound("ac3"),
        0x84 | 0x87 => Kind::Sound("eac3"),
        0x82 | 0x85 | 0x86 => Kind::Sound("dts"),
        0x06 if described(0x6A) => Kind::Sound("ac3"),
        0x06 if described(0x7A) => Kind::Sound("eac3"),
        0x06 if described(0x7C) => Kind::Sound("aac"),
        _ => Kind::Other,
    }
}
