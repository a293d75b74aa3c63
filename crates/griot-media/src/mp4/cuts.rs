//! The moments at which a film can be cut without decoding it: frames that need no other, before which everything that
//! is stored is also shown.

use super::tree::{Node, rows, u32_at};

/// More frames than four hours have; a longer table is not looked at.
const MOST: usize = 1 << 20;

/// A moment to cut at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Milliseconds from the first frame that is shown.
    pub(crate) ms: u64,
    /// Packets that are stored before it.
    pub(crate) before: u64,
}

/// The moments, in the order of the film.
pub(super) fn moments(trak: &Node, timescale: u32) -> Vec<Cut> {
    let table = |kind: &'static [u8; 4]| trak.bytes(&[b"mdia", b"minf", b"stbl", kind]);
    let shown = shown(table(b"stts"), table(b"ctts"));
    let Some(first) = shown.iter().min().copied() else { return Vec::new() };
    // What is shown at the earliest from each packet on.
    let mut earliest = shown.clone();
    for at in (0..earliest.len().saturating_sub(1)).rev() {
        earliest[at] = earliest[at].min(earliest[at + 1]);
    }
    let mut keys: Vec<usize> = rows(table(b"stss"), 4, 4)
        .filter_map(|row| u32_at(row, 0)?.checked_sub(1))
        .map(|n| n as usize)
        .collect();
    if table(b"stss").is_empty() {
        // Without the table every frame stands alone.
        keys = (0..shown.len()).collect();
    }
    let scale = i128::from(timescale.max(1));
    let clean = |key: &usize| shown.get(*key).is_some_and(|at| *at == earliest[*key]);
    keys.iter()
        .filter(|key| clean(key))
        .filter_map(|key| {
            let ms = (i128::from(shown[*key] - first) * 1000 + scale / 2) / scale;
            Some(Cut { ms: u64::try_from(ms).ok()?, before: *key as u64 })
        })
        .collect()
}

/// When each packet is shown, in the order of the file.
fn shown(stts: &[u8], ctts: &[u8]) -> Vec<i64> {
    let mut times = Vec::new();
    let mut at = 0i64;
    for row in rows(stts, 4, 8) {
        let (count, step) = (u32_at(row, 0).unwrap_or(0), u32_at(row, 4).unwrap_or(0));
        for _ in 0..count {
            if times.len() >= MOST {
                return Vec::new();
            }
            times.push(at);
            at = at.saturating_add(i64::from(step));
        }
    }
    let mut packets = times.iter_mut();
    for row in rows(ctts, 4, 8) {
        let (count, later) = (u32_at(row, 0).unwrap_or(0), u32_at(row, 4).unwrap_or(0) as i32);
        for time in packets.by_ref().take(count as usize) {
            *time = time.saturating_add(i64::from(later));
        }
    }
    times
}
