//! What of a JPEG is the picture: its tables, its frame and its scans, without what stands between them. Padding, bytes
//! of chance, profiles, foreign versions and everything else that a decoder could stumble over is left out, so that
//! whatever a decoder then complains about is the picture itself.

use crate::Error;
use crate::picture::jpeg_marker as next_marker;

/// Density and version as every decoder knows them.
const JFIF: &[u8] = b"\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
const END: [u8; 2] = [0xFF, 0xD9];
/// Channels of a picture at most.
const MOST_CHANNELS: usize = 4;

/// Writes the picture anew. It always ends with the mark of the end, whether the file does or not: what is missing is
/// then missing in the scans.
///
/// # Errors
/// Damaged: a channel is declared and never begun.
pub(super) fn clean(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend([0xFF, 0xD8]);
    let (mut channels, mut begun) = (Vec::new(), Vec::new());
    let (mut at, mut jfif) = (2, false);
    while let Some((marker, body)) = next_marker(bytes, at) {
        at = body;
        match marker {
            0xD9 => break,
            0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let Some(len) = length(bytes, body) else { break };
        let segment = &bytes[body + 2..body + len];
        at = body + len;
        match marker {
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                channels = segment.get(6..).unwrap_or_default().chunks(3).map(|channel| channel[0]).collect();
                whole(&mut out, marker, &bytes[body..at]);
            }
            0xC4 | 0xCC | 0xDB | 0xDC | 0xDD => whole(&mut out, marker, &bytes[body..at]),
            0xE0 if !jfif && segment.starts_with(b"JFIF\0") => {
                out.extend(JFIF);
                jfif = true;
            }
            0xEE if segment.starts_with(b"Adobe") && segment.len() >= 12 => {
                adobe(&mut out, segment, &channels)
            }
            0xDA => {
                begun.extend(first_of(segment));
                let end = scan_end(bytes, at);
                whole(&mut out, marker, &bytes[body..end]);
                at = end;
            }
            _ => {}
        }
    }
    out.extend(END);
    let all = !channels.is_empty() && channels.len() <= MOST_CHANNELS;
    if all && channels.iter().all(|channel| begun.contains(channel)) {
        Ok(out)
    } else {
        Err(Error::Damaged("a channel of the JPEG is missing".into()))
    }
}

/// Length of a segment, its two bytes included, when all of it is there.
fn length(bytes: &[u8], at: usize) -> Option<usize> {
    let len = usize::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
    (len >= 2 && at + len <= bytes.len()).then_some(len)
}

fn whole(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xFF, marker]);
    out.extend_from_slice(body);
}

/// Adobe's word about the channels, with a transform that every decoder knows: what nobody knows is taken as the usual.
fn adobe(out: &mut Vec<u8>, segment: &[u8], channels: &[u8]) {
    let transform = match (segment[11], channels.len()) {
        (known @ 0..=2, _) => known,
        (_, 4) => 2,
        _ => 1,
    };
    out.extend(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0");
    out.push(transform);
}

/// The channels that a scan begins: those of which it holds the coarsest part.
fn first_of(segment: &[u8]) -> Vec<u8> {
    let count = usize::from(segment.first().copied().unwrap_or(0));
    let from = segment.get(1 + 2 * count).copied();
    let channels = segment.get(1..).unwrap_or_default().chunks(2).take(count).map(|channel| channel[0]);
    if from == Some(0) { channels.collect() } else { Vec::new() }
}

/// Where the data of a scan end: at the next marker that is no restart.
fn scan_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = memchr::memchr(0xFF, bytes.get(at..).unwrap_or_default()) {
        match bytes.get(at + found + 1) {
            Some(0 | 0xD0..=0xD7) => at += found + 2,
            // Bytes that only fill belong to what follows.
            Some(0xFF) => at += found + 1,
            Some(_) => return at + found,
            None => break,
        }
    }
    bytes.len()
}
