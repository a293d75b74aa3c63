//! The clusters: packets with their times. The first ones are counted for the frame rate, the last one for the length;
//! of those between, only the time is read.

use std::collections::BTreeMap;

use super::CLUSTER;
use super::element::{Element, Walk, number};
use crate::{Error, OverLimit};

const TIME: u32 = 0xE7;
const SIMPLE: u32 = 0xA3;
const GROUP: u32 = 0xA0;
const BLOCK: u32 = 0xA1;
/// Clusters whose packets are counted: some minutes.
const COUNTED: usize = 32;
/// Parts of a file that are looked at: more than four hours of packets, and far less than a file can be stuffed with.
const MOST: usize = 1 << 22;

/// What is known of the packets.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    seen: usize,
    parts: usize,
    /// The last cluster, when its packets were not looked at.
    last: Option<Element>,
    by_track: BTreeMap<u64, Pace>,
    /// The latest cluster's time.
    latest: i64,
}

/// Packets of one track.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    /// Packets of the counted clusters.
    pub(super) packets: u64,
    /// Ticks from the first of them to the last.
    pub(super) span: u64,
    first: i64,
    last_counted: i64,
    last: i64,
}

impl Clusters {
    /// Reads a cluster and goes behind it.
    pub(super) fn read(&mut self, walk: &mut Walk<'_>, cluster: &Element) -> Result<(), Error> {
        self.seen += 1;
        // Of unknown length: its end is where the next one starts, so its parts must be walked.
        if self.seen <= COUNTED || cluster.len.is_none() {
            self.last = None;
            return self.walk(walk, cluster);
        }
        self.last = Some(*cluster);
        self.part()?;
        walk.skip(cluster)
    }

    /// Looks at the last cluster.
    pub(super) fn finish(&mut self, walk: &mut Walk<'_>) -> Result<(), Error> {
        let Some(last) = self.last.take() else { return Ok(()) };
        walk.go(last.body)?;
        self.walk(walk, &last)
    }

    fn part(&mut self) -> Result<(), Error> {
        self.parts += 1;
        if self.parts > MOST {
            return Err(Error::OverLimit(OverLimit::Packets));
        }
        Ok(())
    }

    fn walk(&mut self, walk: &mut Walk<'_>, cluster: &Element) -> Result<(), Error> {
        let end = cluster.end(walk.bytes());
        while walk.at() < end {
            let before = walk.at();
            let Some(part) = walk.next()? else { return walk.go(end) };
            self.part()?;
            match part.id {
                TIME => {
                    let bytes = walk.start(&part, 8)?;
                    self.latest = i64::try_from(number(&bytes)).unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
                }
                SIMPLE | BLOCK => self.packet(&walk.start(&part, 12)?),
                // Its parts come next.
                GROUP => continue,
                // The next part of the file, of four bytes like the cluster itself: a cluster of unknown length ends here.
                id if cluster.len.is_none() && (id == CLUSTER || id > 0x0FFF_FFFF) => return walk.go(before),
                _ => {}
            }
            walk.skip(&part)?;
        }
        Ok(())
    }

    /// Track, and time relative to the cluster's.
    fn packet(&mut self, head: &[u8]) {
        let Some(first) = head.first() else { return };
        let len = first.leading_zeros() as usize + 1;
        if len > 8 || head.len() < len + 2 {
            return;
        }
        let track = number(&head[..len]) & ((1u64 << (7 * len)) - 1);
        let time = self.latest + i64::from(i16::from_be_bytes([head[len], head[len + 1]]));
        // A file names few tracks; thousands are an attempt to fill the memory.
        if self.by_track.len() > 256 && !self.by_track.contains_key(&track) {
            return;
        }
        let counted = self.seen <= COUNTED;
        let pace = self.by_track.entry(track).or_insert(Pace {
            first: time,
            last: time,
            last_counted: time,
            ..Pace::default()
        });
        pace.first = pace.first.min(time);
        pace.last = pace.last.max(time);
        if counted {
            pace.packets += 1;
            pace.last_counted = pace.last_counted.max(time);
        }
    }

    /// How the packets of a track follow each other.
    pub(super) fn pace(&self, track: u64) -> Pace {
        let pace = self.by_track.get(&track).copied().unwrap_or_default();
        Pace { span: pace.last_counted.abs_diff(pace.first), ..pace }
    }

    /// Ticks from the first packet of some tracks to the last.
    pub(super) fn span(&self, tracks: &[u64]) -> u64 {
        let paces = || tracks.iter().filter_map(|track| self.by_track.get(track));
        let first = paces().map(|pace| pace.first).min().unwrap_or(0);
        // What the last cluster holds may be one track alone; its own time counts for all.
        let last = paces().map(|pace| pace.last).max().unwrap_or(0);
        last.abs_diff(first)
    }
}
