//! The directory of a TIFF: size, orientation, profile, and everything that is not the picture.

use image::metadata::Orientation;

use super::{Header, be16, be32, le16, le32, slice};
use crate::{Error, Limits};

/// The most entries and directories that are looked at.
const MOST_ENTRIES: u16 = 4096;
const MOST_PAGES: usize = 64;

/// Numbers in the byte order of the file.
struct Order<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl Order<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        if self.little { le16(self.bytes, at) } else { be16(self.bytes, at) }
    }

    fn u32(&self, at: usize) -> Option<u32> {
        if self.little { le32(self.bytes, at) } else { be32(self.bytes, at) }
    }
}

/// One entry: what it is, and where its values are.
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    at: usize,
}

impl Entry {
    fn number(&self, order: &Order<'_>) -> Option<u32> {
        match self.kind {
            1 => order.bytes.get(self.at).map(|b| u32::from(*b)),
            3 => order.u16(self.at).map(u32::from),
            4 | 13 => order.u32(self.at),
            _ => None,
        }
    }

    fn data<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        slice(bytes, self.at, self.count as usize).unwrap_or_default()
    }
}

/// The entries of the directory at `at`, and where the next one is.
fn directory(order: &Order<'_>, at: usize) -> Option<(Vec<Entry>, usize)> {
    let count = order.u16(at)?;
    let entry = |n: u16| {
        let at = at.checked_add(2 + usize::from(n) * 12)?;
        let (tag, kind, count) = (order.u16(at)?, order.u16(at + 2)?, order.u32(at + 4)?);
        let size = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            5 | 10 | 12 => 8,
            _ => 4,
        };
        // What fits into four bytes stands in the entry itself.
        let far = u64::from(count) * size > 4;
        let at = if far { order.u32(at + 8)? as usize } else { at + 8 };
        Some(Entry { tag, kind, count, at })
    };
    let entries = (0..count.min(MOST_ENTRIES)).map_while(entry).collect();
    let next = order.u32(at + 2 + usize::from(count) * 12).unwrap_or(0);
    Some((entries, next as usize))
}

/// Reads the first directory, and counts the others.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Error> {
    let order = Order { bytes, little: bytes.starts_with(b"II") };
    let first = order.u32(4).and_then(|at| directory(&order, at as usize));
    let Some((entries, mut next)) = first else {
        return Err(Error::Damaged("the TIFF has no directory".into()));
    };
    let mut header = Header::new(0, 0);
    let mut exif = false;
    for entry in &entries {
        let number = entry.number(&order);
        match entry.tag {
            0x100 => header.width = number.unwrap_or(0),
            0x101 => header.height = number.unwrap_or(0),
            0x112 => {
                let known = number.and_then(|n| u8::try_from(n).ok()).and_then(Orientation::from_exif);
                header.orientation = known.unwrap_or(Orientation::NoTransforms);
            }
            0x152 => header.alpha = number.is_some_and(|n| n == 1 || n == 2),
            0x10E | 0x9C9B | 0x9C9C => header.metadata.add("comment"),
            0x132 => header.metadata.add("time"),
            0x13B | 0x9C9D | 0x8298 => header.metadata.add("author"),
            0x10F | 0x110 => header.metadata.add("camera"),
            0x131 | 0x13C => header.metadata.add("application data"),
            0x83BB | 0x8649 => header.metadata.add("iptc"),
            0x8769 | 0x8825 => exif = true,
            0x2BC => header.take_xmp(entry.data(bytes), false),
            0x8773 => header.take_icc(entry.data(bytes).to_vec(), limits),
            _ => {}
        }
    }
    if exif {
        let orientation = header.orientation;
        header.take_exif(bytes);
        header.orientation = orientation;
    }
    let mut pages = 0;
    while next != 0 && pages < MOST_PAGES {
        pages += 1;
        next = directory(&order, next).map_or(0, |(_, next)| next);
    }
    if pages > 0 {
        header.metadata.add("further pictures");
    }
    Ok(header)
}
