//! The markers of a JPEG: size, coding, orientation, profile, and everything that is not the picture.

use super::{Header, be16, slice};
use crate::{Error, Limits, Unsupported};

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const XMP_MORE: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";

/// A profile that came in numbered pieces.
#[derive(Default)]
struct Pieces {
    count: u8,
    parts: Vec<(u8, Vec<u8>)>,
    broken: bool,
}

impl Pieces {
    fn add(&mut self, segment: &[u8]) {
        match segment {
            [number, count, data @ ..] => {
                self.broken |= self.count != 0 && self.count != *count;
                self.broken |= self.parts.iter().any(|(known, _)| known == number);
                self.count = *count;
                self.parts.push((*number, data.to_vec()));
            }
            _ => self.broken = true,
        }
    }

    /// The whole profile, or nothing when a piece is missing, doubled or misnumbered.
    fn join(mut self) -> Option<Vec<u8>> {
        self.parts.sort_by_key(|(number, _)| *number);
        let numbered = self.parts.iter().zip(1u8..).all(|((number, _), wanted)| *number == wanted);
        let whole = !self.broken && numbered && self.parts.len() == usize::from(self.count);
        whole.then(|| self.parts.into_iter().flat_map(|(_, data)| data).collect())
    }
}

/// Walks the segments up to the picture data, then finds where the picture ends.
pub(crate) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Error> {
    let mut header = Header::new(0, 0);
    let mut pieces = Pieces::default();
    let mut framed = false;
    let mut at = 2;
    loop {
        let Some((marker, body)) = next_marker(bytes, at) else {
            return Err(Error::Damaged("the JPEG ends before its picture".into()));
        };
        at = body;
        if matches!(marker, 0x01 | 0xD0..=0xD8) {
            continue;
        }
        if marker == 0xD9 {
            return Err(Error::Damaged("the JPEG holds no picture".into()));
        }
        let len = usize::from(be16(bytes, at).unwrap_or(0));
        let Some(segment) = len.checked_sub(2).and_then(|len| slice(bytes, at + 2, len)) else {
            return Err(Error::Damaged("a JPEG segment is cut off".into()));
        };
        at += len;
        match marker {
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                frame(&mut header, marker, segment)?;
                framed = true;
            }
            0xE0..=0xEF | 0xFE => metadata(&mut header, &mut pieces, marker, segment),
            0xDA => break,
            _ => {}
        }
    }
    if !framed {
        return Err(Error::Damaged("the JPEG declares no size".into()));
    }
    if pieces.count > 0 || !pieces.parts.is_empty() {
        match pieces.join() {
            Some(profile) => header.take_icc(profile, limits),
            None => header.metadata.add("icc"),
        }
    }
    if trails(bytes, at) {
        header.metadata.add("trailing data");
    }
    Ok(header)
}

/// The next marker at or after `at` and where its body starts. Junk between segments is stepped over.
pub(crate) fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += memchr::memchr(0xFF, bytes.get(at..)?)?;
        while *bytes.get(at)? == 0xFF {
            at += 1;
        }
        let marker = *bytes.get(at)?;
        at += 1;
        if marker != 0 {
            return Some((marker, at));
        }
    }
}

/// A start-of-frame segment.
fn frame(header: &mut Header, marker: u8, segment: &[u8]) -> Result<(), Error> {
    let (Some(precision), Some(height), Some(width)) = (segment.first(), be16(segment, 1), be16(segment, 3))
    else {
        return Err(Error::Damaged("a JPEG frame header is cut off".into()));
    };
    header.width = u32::from(width);
    header.height = u32::from(height);
    header.progressive = marker == 0xC2;
    header.components = segment.get(5).copied().unwrap_or(0);
    match marker {
        0xC0..=0xC2 if *precision == 8 => Ok(()),
        0xC0..=0xC2 => Err(Error::Unsupported(Unsupported::JpegDepth(*precision))),
        0xC9..=0xCB => Err(Error::Unsupported(Unsupported::ArithmeticJpeg)),
        0xC3 => Err(Error::Unsupported(Unsupported::LosslessJpeg)),
        _ => Err(Error::Unsupported(Unsupported::HierarchicalJpeg)),
    }
}

/// An application segment or a comment.
fn metadata(header: &mut Header, pieces: &mut Pieces, marker: u8, segment: &[u8]) {
    match marker {
        // The first EXIF block is the camera's; what later ones say of the turn repeats or contradicts it.
        0xE1 if segment.starts_with(EXIF) => {
            let turned = header.metadata.has("exif").then_some(header.orientation);
            header.take_exif(&segment[EXIF.len()..]);
            header.orientation = turned.unwrap_or(header.orientation);
        }
        0xE1 if segment.starts_with(XMP) => header.take_xmp(&segment[XMP.len()..], false),
        0xE1 if segment.starts_with(XMP_MORE) => header.take_xmp(&segment[XMP_MORE.len()..], false),
        0xE2 if segment.starts_with(ICC) => pieces.add(&segment[ICC.len()..]),
        0xE2 if segment.starts_with(b"MPF\0") => header.metadata.add("further pictures"),
        0xEB if segment.starts_with(b"JP") => header.metadata.add("c2pa"),
        0xED => header.metadata.add("iptc"),
        0xEE if segment.starts_with(b"Adobe") => header.adobe = true,
        0xFE => header.metadata.add("comment"),
        // JFIF says density only.
        0xE0 | 0xEE => {}
        _ => header.metadata.add("application data"),
    }
}

/// Whether something follows the end of the picture: a second picture, a film, a depth map.
fn trails(bytes: &[u8], mut at: usize) -> bool {
    while let Some((marker, body)) = next_marker(bytes, at) {
        match marker {
            0xD9 => return bytes[body..].iter().any(|b| *b != 0),
            0x01 | 0xD0..=0xD8 => at = body,
            _ => at = body + usize::from(be16(bytes, body).unwrap_or(2)),
        }
    }
    false
}
