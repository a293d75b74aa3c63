//! What an Ogg file with a Theora picture (OGV, OGG) says of itself: the heads of its streams at its start, the place of the
//! last frame at its end.

use std::io::{Read, Seek, SeekFrom};

use crate::picture::{Kinds, memfind};
use crate::reel::{self, Reel, square};
use crate::source::Source;
use crate::turn::Turn;
use crate::{Error, Limits, Unsupported};

/// Bytes that are read at the start: the heads are in the first pages.
const HEAD: u64 = 64 << 10;
/// Bytes that are read at the end: pages have at most 64 kB, and those of two streams may take turns.
const TAIL: u64 = 1 << 20;

/// A page: its stream, the place of its last frame, and what it carries.
struct Page<'a> {
    serial: u32,
    place: u64,
    body: &'a [u8],
}

/// The head of a Theora stream.
struct Theora {
    serial: u32,
    size: (u32, u32),
    rate: (u32, u32),
    pixel: (u64, u64),
    /// Bits of a place that count frames since the last one that stands alone.
    shift: u32,
}

/// Reads a film.
pub(crate) fn read(source: &mut Source, _limits: &Limits) -> Result<Reel, Error> {
    let mut part = |from: u64, len: u64| -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        source.file.seek(SeekFrom::Start(from))?;
        source.file.by_ref().take(len).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let head = part(0, HEAD)?;
    let tail = part(source.bytes.saturating_sub(TAIL), TAIL)?;
    let (mut theora, mut audio) = (None, None);
    for page in pages(&head) {
        theora = theora.or_else(|| picture(&page));
        audio = audio.or_else(|| sound(page.body));
    }
    let Some(theora) = theora else { return Err(Error::Unsupported(Unsupported::SoundOnly)) };
    let last = pages(&tail).filter(|page| page.serial == theora.serial && page.place != u64::MAX).last();
    let place = last.map_or(0, |page| page.place);
    let frames = (place >> theora.shift) + (place & ((1 << theora.shift) - 1));
    if frames == 0 {
        return Err(Error::Damaged("the film has no frames: the recording or the copy broke off".into()));
    }
    let fps = reel::rate(f64::from(theora.rate.0), f64::from(theora.rate.1));
    let mut metadata = Kinds::default();
    metadata.add("tags");
    let seen = square(theora.size, theora.pixel);
    if seen.is_some() {
        metadata.add("pixel aspect");
    }
    let ms = u128::from(frames) * 1000 * u128::from(theora.rate.1) / u128::from(theora.rate.0.max(1));
    Ok(Reel {
        size: seen.unwrap_or(theora.size),
        duration_ms: u64::try_from(ms).unwrap_or(u64::MAX),
        video: "theora".into(),
        audio,
        fps,
        turn: Turn::NONE,
        light: None,
        alpha: false,
        metadata,
    })
}

/// The pages of a part of a file; one that is cut off is left out.
fn pages(bytes: &[u8]) -> impl Iterator<Item = Page<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        loop {
            let at = memfind(rest, b"OggS")?;
            rest = &rest[at..];
            let head = rest.get(..27)?;
            let place = u64::from_le_bytes(*head[6..].first_chunk()?);
            let serial = u32::from_le_bytes(*head[14..].first_chunk()?);
            let table = rest.get(27..27 + usize::from(head[26]))?;
            let start = 27 + table.len();
            let len: usize = table.iter().map(|len| usize::from(*len)).sum();
            let Some(body) = rest.get(start..start + len) else {
                rest = &rest[4..];
                continue;
            };
            rest = &rest[start + len..];
            return Some(Page { serial, place, body });
        }
    })
}

fn picture(page: &Page<'_>) -> Option<Theora> {
    let head = page.body.strip_prefix(b"\x80theora")?.get(..35)?;
    let number =
        |at: usize, len: usize| head[at..at + len].iter().fold(0u32, |n, byte| n << 8 | u32::from(*byte));
    let pixel = (u64::from(number(23, 3)), u64::from(number(26, 3)));
    Some(Theora {
        serial: page.serial,
        size: (number(7, 3), number(10, 3)),
        rate: (number(15, 4), number(19, 4)),
        pixel: if pixel.0 == 0 || pixel.1 == 0 { (1, 1) } else { pixel },
        shift: (number(33, 2) >> 5) & 31,
    })
}

fn sound(body: &[u8]) -> Option<String> {
    const KNOWN: [(&[u8], &str); 4] =
        [(b"\x01vorbis", "vorbis"), (b"OpusHead", "opus"), (b"\x7FFLAC", "flac"), (b"Speex   ", "speex")];
    KNOWN.iter().find(|(start, _)| body.starts_with(start)).map(|(_, name)| (*name).to_owned())
}
