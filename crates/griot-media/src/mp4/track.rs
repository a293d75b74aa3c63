//! One track: what it holds, how large and how long it is, and how it is turned.

use super::codec;
use super::tree::{Node, rows, u16_at, u32_at, u64_at};
use crate::Error;
use crate::coded::Coded;
use crate::reel::{self, Light};
use crate::turn::Turn;

/// What a track is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handler {
    /// A film.
    Picture,
    /// Sound.
    Sound,
    /// Anything else: subtitles, chapters, positions, sensor readings.
    Other,
}

/// One track.
#[derive(Debug, Clone)]
pub(crate) struct Track {
    pub(crate) id: u32,
    pub(crate) handler: Handler,
    pub(crate) enabled: bool,
    /// Codec, in the words of [`griot_domain::asset::Facts`].
    pub(crate) codec: String,
    /// Width as it is seen: square pixels, turned upright.
    pub(crate) width: u32,
    /// Height as it is seen.
    pub(crate) height: u32,
    /// How the track is turned or mirrored when it is played.
    pub(crate) turn: Turn,
    /// How light is coded, where the track says so.
    pub(crate) light: Option<Light>,
    /// What the head of an H.264 stream says.
    pub(crate) coded: Option<Coded>,
    /// Whether it may hold frames of two fields, and whether its samples use all of their range.
    pub(crate) fields: bool,
    pub(crate) full: bool,
    /// Whether it is locked, or coloured in a way that only its own player knows.
    pub(crate) locked: bool,
    pub(crate) vision: bool,
    /// Whether its pixels are not square.
    pub(crate) stretched: bool,
    /// Number of packets.
    pub(crate) samples: u64,
    /// Units of a second in `ticks`.
    pub(crate) timescale: u32,
    /// Length of all packets.
    pub(crate) ticks: u64,
    /// Bytes of all packets that the index lists.
    pub(crate) bytes: u64,
    /// Whether the packets follow each other at times that differ much.
    pub(crate) uneven: bool,
    /// Whether the header states when it was recorded.
    pub(crate) dated: bool,
    /// Length that the edit list shows, in milliseconds, and its number of entries.
    edited_ms: Option<u64>,
    pub(crate) edits: usize,
    /// How much later than the film it starts, in milliseconds.
    pub(crate) late_ms: i64,
    /// Where the last piece of data starts in the file.
    pub(crate) last_chunk: Option<u64>,
}

impl Track {
    /// Reads a `trak` box.
    pub(super) fn read(trak: &Node, moov: &Node) -> Result<Self, Error> {
        let tkhd = trak.bytes(&[b"tkhd"]);
        let long = tkhd.first() == Some(&1);
        let id = u32_at(tkhd, if long { 20 } else { 12 });
        let matrix = if long { 52 } else { 40 };
        let Some(id) = id else {
            return Err(Error::Damaged("a track has no header".into()));
        };
        let stbl = [b"mdia", b"minf", b"stbl"];
        let table = |kind: &'static [u8; 4]| trak.bytes(&[stbl[0], stbl[1], stbl[2], kind]);
        let handler = match trak.bytes(&[b"mdia", b"hdlr"]).get(8..12) {
            Some(b"vide") => Handler::Picture,
            Some(b"soun") => Handler::Sound,
            _ => Handler::Other,
        };
        let entry = codec::Entry::read(table(b"stsd"), handler);
        let shown = (fixed(tkhd, matrix + 36), fixed(tkhd, matrix + 40));
        let mvhd = moov.bytes(&[b"mvhd"]);
        let whole = turn(mvhd, if mvhd.first() == Some(&1) { 48 } else { 36 });
        let turn = turn(tkhd, matrix).then(whole);
        let (width, height) = turn.size(entry.square().unwrap_or(shown));
        let mdhd = trak.bytes(&[b"mdia", b"mdhd"]);
        let timescale = u32_at(mdhd, if mdhd.first() == Some(&1) { 20 } else { 12 }).unwrap_or(0);
        let (samples, ticks) = times(table(b"stts"));
        let (edited_ms, edits) = edits(trak.bytes(&[b"edts", b"elst"]), moov);
        Ok(Self {
            id,
            handler,
            enabled: tkhd.get(3).is_some_and(|flags| flags & 1 == 1),
            stretched: entry.stretched(),
            codec: entry.codec,
            width,
            height,
            turn,
            light: entry.light,
            coded: entry.coded,
            fields: entry.coded.is_some_and(|coded| coded.fields),
            full: entry.full || entry.coded.is_some_and(|coded| coded.full),
            locked: entry.locked,
            vision: entry.vision,
            samples,
            timescale,
            ticks,
            bytes: weight(table(b"stsz")),
            uneven: uneven(table(b"stts"), samples),
            dated: [tkhd, mdhd, mvhd].into_iter().any(dated),
            edited_ms,
            edits,
            late_ms: late(trak.bytes(&[b"edts", b"elst"]), table(b"ctts"), moov, timescale),
            last_chunk: last_chunk(table(b"stco"), table(b"co64")),
        })
    }

    /// How long the track lasts: its packets, or less where an edit list shows less.
    pub(crate) fn duration_ms(&self) -> u64 {
        let packets = self.packets_ms();
        self.edited_ms.filter(|edited| *edited > 0).map_or(packets, |edited| edited.min(packets))
    }

    /// Leaves the edit list aside.
    pub(super) fn forget_edits(&mut self) {
        self.edited_ms = None;
    }

    fn packets_ms(&self) -> u64 {
        if self.timescale == 0 {
            return 0;
        }
        let scale = u128::from(self.timescale);
        u64::try_from((u128::from(self.ticks) * 1000 + scale / 2) / scale).unwrap_or(u64::MAX)
    }

    /// Packets a second, rounded to thousandths.
    pub(crate) fn rate(&self) -> Option<f64> {
        reel::rate(self.samples as f64, self.ticks as f64 / f64::from(self.timescale))
    }
}

/// The whole part of a 16.16 number.
fn fixed(bytes: &[u8], at: usize) -> u32 {
    u32_at(bytes, at).unwrap_or(0) >> 16
}

/// How the matrix that starts here turns the picture. The middle column is for perspective, which nobody uses.
fn turn(header: &[u8], at: usize) -> Turn {
    let cell = |index: usize| u32_at(header, at + index * 4).unwrap_or(0) as i32;
    Turn::of_matrix([cell(0), cell(1), cell(3), cell(4)])
}

/// Whether a header states when it was made.
fn dated(header: &[u8]) -> bool {
    let end = if header.first() == Some(&1) { 12 } else { 8 };
    header.get(4..end).is_some_and(|time| time.iter().any(|b| *b != 0))
}

/// Bytes of the packets of an `stsz` table.
fn weight(stsz: &[u8]) -> u64 {
    let same = u64::from(u32_at(stsz, 4).unwrap_or(0));
    if same > 0 {
        return same.saturating_mul(u64::from(u32_at(stsz, 8).unwrap_or(0)));
    }
    rows(stsz, 8, 4).map(|row| u64::from(u32_at(row, 0).unwrap_or(0))).sum()
}

/// Whether packets stand further from an even beat than a recorder's jitter brings them: a frame left out is that already.
fn uneven(stts: &[u8], samples: u64) -> bool {
    /// Parts of a frame to either side of its even place.
    const JITTER: f64 = 0.3;
    let runs = || rows(stts, 4, 8).map(|row| (u32_at(row, 0).unwrap_or(0), u32_at(row, 4).unwrap_or(0)));
    let Some((_, last)) = runs().last() else { return false };
    // The last packet's length is often made up: it moves no packet.
    let (count, ticks) = runs().fold((0u64, 0u64), |(count, ticks), (n, step)| {
        (count + u64::from(n), ticks.saturating_add(u64::from(n) * u64::from(step)))
    });
    let beat = ticks.saturating_sub(u64::from(last)) as f64 / count.saturating_sub(1).max(1) as f64;
    let (mut number, mut at) = (0u64, 0u64);
    let (mut early, mut late) = (0.0f64, 0.0f64);
    for (n, step) in runs() {
        // Within a run the distance grows evenly: its ends are its extremes. What follows the last packet is none.
        let n = u64::from(n).min(count.saturating_sub(1).saturating_sub(number));
        number += n;
        at = at.saturating_add(n * u64::from(step));
        let off = at as f64 - number as f64 * beat;
        (early, late) = (early.min(off), late.max(off));
    }
    samples > 1 && late - early > 2.0 * JITTER * beat
}

/// Number and total length of the packets of an `stts` table.
fn times(stts: &[u8]) -> (u64, u64) {
    rows(stts, 4, 8).fold((0, 0u64), |(samples, ticks), row| {
        let (count, delta) = (u32_at(row, 0).unwrap_or(0), u32_at(row, 4).unwrap_or(0));
        // Some recorders store a small negative number for the last packet.
        let delta = if delta > i32::MAX as u32 { 0 } else { delta };
        (samples + u64::from(count), ticks.saturating_add(u64::from(count) * u64::from(delta)))
    })
}

/// Milliseconds that an edit list shows, without its pauses, and how many entries it has.
fn edits(elst: &[u8], moov: &Node) -> (Option<u64>, usize) {
    let mvhd = moov.bytes(&[b"mvhd"]);
    let timescale = u32_at(mvhd, if mvhd.first() == Some(&1) { 20 } else { 12 }).unwrap_or(0);
    let long = elst.first() == Some(&1);
    let mut shown = 0u64;
    let mut count = 0;
    for row in rows(elst, 4, if long { 20 } else { 12 }) {
        let (length, start) = if long {
            (u64_at(row, 0).unwrap_or(0), u64_at(row, 8).unwrap_or(0) as i64)
        } else {
            let start = u32_at(row, 4).unwrap_or(0) as i32;
            (u64::from(u32_at(row, 0).unwrap_or(0)), i64::from(start))
        };
        if start >= 0 {
            shown = shown.saturating_add(length);
        }
        count += 1;
    }
    let ms = (timescale > 0 && count > 0)
        .then(|| u64::try_from(u128::from(shown) * 1000 / u128::from(timescale)).unwrap_or(u64::MAX));
    (ms, count)
}

/// When the first packet is shown: after the pauses that stand first in the edit list, and by how much it is shown after
/// the moment at which the list lets the track begin.
fn late(elst: &[u8], ctts: &[u8], moov: &Node, timescale: u32) -> i64 {
    let mvhd = moov.bytes(&[b"mvhd"]);
    let whole = u32_at(mvhd, if mvhd.first() == Some(&1) { 20 } else { 12 }).unwrap_or(0);
    let ms = |ticks: i64, scale: u32| ticks.saturating_mul(1000) / i64::from(scale.max(1));
    let first = rows(ctts, 4, 8).next().and_then(|row| u32_at(row, 4)).unwrap_or(0) as i32;
    let mut pause = 0i64;
    for row in rows(elst, 4, if elst.first() == Some(&1) { 20 } else { 12 }) {
        let long = row.len() == 20;
        let length =
            if long { u64_at(row, 0).unwrap_or(0) as i64 } else { i64::from(u32_at(row, 0).unwrap_or(0)) };
        let start = if long {
            u64_at(row, 8).unwrap_or(0) as i64
        } else {
            i64::from(u32_at(row, 4).unwrap_or(0) as i32)
        };
        if start >= 0 {
            return ms(pause, whole).saturating_add(ms(i64::from(first).saturating_sub(start), timescale));
        }
        pause = pause.saturating_add(length);
    }
    ms(pause, whole).saturating_add(ms(i64::from(first), timescale))
}

fn last_chunk(stco: &[u8], co64: &[u8]) -> Option<u64> {
    let short = rows(stco, 4, 4).filter_map(|row| u32_at(row, 0)).map(u64::from).max();
    let long = rows(co64, 4, 8).filter_map(|row| u64_at(row, 0)).max();
    short.max(long)
}

/// A number of two bytes as a size; nothing when it is not there.
pub(super) fn side(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at).unwrap_or(0))
}
