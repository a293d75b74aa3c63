//! Where the data of a track lies in the file, piece by piece, held against what is there.

use super::tree::{Node, rows, u32_at, u64_at};
use crate::Error;

/// A piece of film data: which track, which of its pieces, where it was, how long it is.
pub(crate) struct Piece {
    pub(crate) track: usize,
    pub(crate) number: usize,
    pub(crate) at: u64,
    pub(crate) len: u64,
}

/// Where the data of a track lies.
pub(crate) fn of(trak: &Node, track: usize, bytes: u64) -> Result<Vec<Piece>, Error> {
    let stbl = trak.at(&[b"mdia", b"minf", b"stbl"]);
    let damaged = || Error::Damaged("a track's index does not add up".into());
    let stbl = stbl.ok_or_else(damaged)?;
    let (stco, co64) = (stbl.bytes(&[b"stco"]), stbl.bytes(&[b"co64"]));
    let offsets: Vec<u64> = if co64.is_empty() {
        rows(stco, 4, 4).filter_map(|row| u32_at(row, 0)).map(u64::from).collect()
    } else {
        rows(co64, 4, 8).filter_map(|row| u64_at(row, 0)).collect()
    };
    let stsz = stbl.bytes(&[b"stsz"]);
    let same = u64::from(u32_at(stsz, 4).ok_or_else(damaged)?);
    let count = u64::from(u32_at(stsz, 8).ok_or_else(damaged)?);
    let mut sizes = rows(stsz, 8, 4).map(|row| u64::from(u32_at(row, 0).unwrap_or(0)));
    let runs: Vec<(u64, u64)> = rows(stbl.bytes(&[b"stsc"]), 4, 12)
        .map(|row| (u64::from(u32_at(row, 0).unwrap_or(0)), u64::from(u32_at(row, 4).unwrap_or(0))))
        .collect();
    let mut pieces = Vec::with_capacity(offsets.len());
    let mut run = 0;
    let mut left = count;
    for (number, at) in offsets.into_iter().enumerate() {
        while runs.get(run + 1).is_some_and(|(first, _)| *first <= number as u64 + 1) {
            run += 1;
        }
        let samples = runs.get(run).ok_or_else(damaged)?.1.min(left);
        left -= samples;
        let len = if same > 0 {
            samples.checked_mul(same).ok_or_else(damaged)?
        } else {
            let samples = usize::try_from(samples).map_err(|_| damaged())?;
            sizes.by_ref().take(samples).sum()
        };
        if at.checked_add(len).is_none_or(|end| end > bytes) {
            return Err(Error::Damaged("the film is cut short: its index points beyond its end".into()));
        }
        pieces.push(Piece { track, number, at, len });
    }
    Ok(pieces)
}
