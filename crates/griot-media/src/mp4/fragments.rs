//! Films in fragments: the index holds no packets, each fragment's head lists its own. Their lengths are added up,
//! because the length in the header of such a file is often a guess of the recorder (a film of one second that claims
//! forty hours exists).

use std::fs::File;

use super::tree::{Node, u32_at};
use super::{Top, Track, body};
use crate::{Error, Limits};

/// Adds the packets of all fragments to their tracks.
pub(super) fn add(
    tracks: &mut [Track],
    moov: &Node,
    file: &mut File,
    tops: &[Top],
    limits: &Limits,
) -> Result<(), Error> {
    for track in tracks.iter_mut() {
        // An edit list of the header speaks of the same guessed length.
        track.forget_edits();
    }
    for top in tops.iter().filter(|top| &top.kind == b"moof") {
        let Ok(moof) = Node::parse(*b"moof", &body(file, top, limits)?) else {
            // A recording that broke off ends in half a fragment; what came before it counts.
            break;
        };
        for traf in moof.children(b"traf") {
            let tfhd = traf.bytes(&[b"tfhd"]);
            let Some(track) = tracks.iter_mut().find(|track| u32_at(tfhd, 4) == Some(track.id)) else {
                continue;
            };
            let usual = own_duration(tfhd).or_else(|| usual_duration(moov, track.id)).unwrap_or(0);
            for run in traf.children(b"trun") {
                let (samples, ticks) = packets(run.bytes(&[]), usual);
                track.samples = track.samples.saturating_add(samples);
                track.ticks = track.ticks.saturating_add(ticks);
            }
        }
    }
    Ok(())
}

/// The duration of a packet that the index gives for a track's fragments.
fn usual_duration(moov: &Node, id: u32) -> Option<u32> {
    let mvex = moov.child(b"mvex")?;
    let trex = mvex.children(b"trex").map(|trex| trex.bytes(&[])).find(|trex| u32_at(trex, 4) == Some(id))?;
    u32_at(trex, 12)
}

/// The duration of a packet that a fragment gives for itself.
fn own_duration(tfhd: &[u8]) -> Option<u32> {
    let flags = u32_at(tfhd, 0)?;
    if flags & 0x08 == 0 {
        return None;
    }
    let before = 8 + if flags & 0x01 != 0 { 8 } else { 0 } + if flags & 0x02 != 0 { 4 } else { 0 };
    u32_at(tfhd, before)
}

/// Number and length of the packets of one run.
fn packets(trun: &[u8], usual: u32) -> (u64, u64) {
    let (Some(flags), Some(count)) = (u32_at(trun, 0), u32_at(trun, 4)) else { return (0, 0) };
    let start = 8 + if flags & 0x01 != 0 { 4 } else { 0 } + if flags & 0x04 != 0 { 4 } else { 0 };
    let row = 4 * (flags & 0x0F00).count_ones() as usize;
    if flags & 0x0100 == 0 {
        // Every packet has the usual length; the count must still fit what is there, where rows exist at all.
        let there = trun.len().saturating_sub(start).checked_div(row).unwrap_or(count as usize);
        let count = u64::from(count).min(there as u64);
        return (count, count * u64::from(usual));
    }
    let lengths = trun.get(start..).unwrap_or_default().chunks_exact(row).take(count as usize);
    lengths.fold((0, 0u64), |(count, ticks), row| {
        (count + 1, ticks.saturating_add(u64::from(u32_at(row, 0).unwrap_or(0))))
    })
}
