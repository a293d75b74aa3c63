//! What a camera's raw file shows of itself. The light that its sensor measured is no picture yet; beside it the camera
//! puts finished ones, and the one that is as large as the sensor is the picture. The small ones are for its own screen.

use std::ops::Range;

use super::super::{be16, slice};
use super::directory::{Directory, Tiff, tag};

/// A finished picture has at least this share of the sensor's long side.
const FULL: f64 = 0.8;
/// Pixels of a finished picture beside a sensor whose size is not said.
const FULL_PIXELS: u64 = 6_000_000;
/// Places at which a JPEG may begin, of which so many are looked at.
const MOST_JPEGS: usize = 512;
/// Light as a sensor measures it: behind coloured filters, or after they were taken out of account.
const SENSOR: [u64; 2] = [32_803, 34_892];
/// Compressions that cameras alone write.
const CAMERAS: [u64; 5] = [32_767, 32_769, 32_770, 34_713, 65_535];

/// Whether the directories are those of a raw file.
pub(super) fn is_raw(bytes: &[u8], directories: &[Directory<'_>]) -> bool {
    // Olympus, Panasonic and Canon say it in their first bytes.
    let told = [&b"IIRO"[..], b"IIRS", b"MMOR", b"IIU\0"].iter().any(|start| bytes.starts_with(start));
    let canon = slice(bytes, 8, 4) == Some(b"CR\x02\0");
    let digital_negative = |d: &Directory<'_>| d.tags().any(|t| t == tag::DNG_VERSION);
    told || canon || directories.iter().any(|d| is_sensor(d) || digital_negative(d))
}

fn is_sensor(directory: &Directory<'_>) -> bool {
    directory.number(tag::PHOTOMETRIC).is_some_and(|n| SENSOR.contains(&n))
        || directory.number(tag::COMPRESSION).is_some_and(|n| CAMERAS.contains(&n))
}

/// Long and short side of what the sensor sees.
fn sensor(file: Tiff<'_>, directories: &[Directory<'_>]) -> Option<(u64, u64)> {
    let of = |directory: &Directory<'_>, width: u16, height: u16| {
        let (w, h) = (directory.number(width)?, directory.number(height)?);
        Some((w.max(h), w.min(h)))
    };
    let measured = directories.iter().filter(|d| is_sensor(d)).filter_map(|d| of(d, tag::WIDTH, tag::HEIGHT));
    // Panasonic's own entries, and what the camera says of the picture that it would make.
    let own = directories.iter().filter_map(|d| of(d, 0x02, 0x03));
    let exif = directories.iter().filter_map(|d| {
        let exif = file.directory(usize::try_from(d.number(tag::EXIF)?).ok()?)?;
        of(&exif, 0xA002, 0xA003)
    });
    measured.max().or_else(|| own.max()).or_else(|| exif.max())
}

/// Where the finished JPEG as large as the sensor stands, when there is one.
pub(super) fn finished(bytes: &[u8], file: Tiff<'_>, directories: &[Directory<'_>]) -> Option<Range<usize>> {
    let starts = memchr::memmem::find_iter(bytes, b"\xFF\xD8\xFF").take(MOST_JPEGS);
    let jpegs = starts.filter_map(|at| Some((at, size(bytes.get(at..)?)?)));
    let (at, (width, height)) = jpegs.max_by_key(|(_, (w, h))| u64::from(*w) * u64::from(*h))?;
    let (width, height) = (u64::from(width), u64::from(height));
    let full = match sensor(file, directories) {
        Some((long, short)) => {
            let share = |side: u64, of: u64| side as f64 >= of as f64 * FULL;
            share(width.max(height), long) && share(width.min(height), short * 3 / 4)
        }
        None => width * height >= FULL_PIXELS,
    };
    full.then_some(at..bytes.len())
}

/// Width and height of a JPEG that a screen can show, when one begins here.
fn size(bytes: &[u8]) -> Option<(u16, u16)> {
    let (mut at, mut found) = (2, None);
    loop {
        let [0xFF, marker] = *slice(bytes, at, 2)?.first_chunk()? else { return None };
        let len = usize::from(be16(bytes, at + 2)?);
        let segment = slice(bytes, at + 4, len.checked_sub(2)?)?;
        match marker {
            0xC0..=0xC2 if segment.first() == Some(&8) && matches!(segment.get(5), Some(1 | 3)) => {
                found = Some((be16(segment, 3)?, be16(segment, 1)?));
            }
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return None,
            0xDA => return found,
            _ => {}
        }
        at += 2 + len;
    }
}
