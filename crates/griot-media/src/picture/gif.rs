//! The blocks of a GIF: size, number of frames, transparency, comments.

use super::{Header, le16, memfind, slice};
use crate::Error;

/// Walks the blocks. A GIF that breaks off keeps what was read: its first frame may be whole.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Error> {
    let (Some(width), Some(height), Some(flags)) = (le16(bytes, 6), le16(bytes, 8), bytes.get(10)) else {
        return Err(Error::Damaged("the GIF has no header".into()));
    };
    let mut header = Header::new(u32::from(width), u32::from(height));
    let mut frames = 0;
    let mut at = 13 + table(*flags);
    while let Some(block) = bytes.get(at) {
        match block {
            0x21 => {
                extension(&mut header, bytes, at);
                at = sub_blocks(bytes, at + 2);
            }
            0x2C => {
                frames += 1;
                let flags = bytes.get(at + 9).copied().unwrap_or(0);
                at = sub_blocks(bytes, at + 10 + table(flags) + 1);
            }
            0x3B => {
                if bytes[at + 1..].iter().any(|b| *b != 0) {
                    header.metadata.add("trailing data");
                }
                break;
            }
            _ => break,
        }
    }
    header.animated = frames > 1;
    Ok(header)
}

/// How often an animation plays; nothing for ever. A GIF that does not say plays once.
pub(crate) fn rounds(bytes: &[u8]) -> Option<u16> {
    let name = b"\x21\xFF\x0BNETSCAPE2.0\x03\x01";
    let Some(at) = memfind(bytes, name) else { return Some(1) };
    match le16(bytes, at + name.len()) {
        Some(0) => None,
        // The first round is not counted.
        Some(more) => Some(more.saturating_add(1)),
        None => Some(1),
    }
}

/// Bytes of the colour table that flags announce.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn extension(header: &mut Header, bytes: &[u8], at: usize) {
    match bytes.get(at + 1) {
        Some(0xF9) => header.alpha |= bytes.get(at + 3).is_some_and(|flags| flags & 1 == 1),
        Some(0xFE) => header.metadata.add("comment"),
        Some(0xFF) => match slice(bytes, at + 3, 11) {
            Some(b"XMP DataXMP") => header.metadata.add("xmp"),
            Some(b"ICCRGBG1012") => header.metadata.add("icc"),
            Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0") => {}
            _ => header.metadata.add("application data"),
        },
        _ => {}
    }
}

/// Where the chain of sub-blocks that starts at `at` ends.
fn sub_blocks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(len) = bytes.get(at) {
        at += 1 + usize::from(*len);
        if *len == 0 {
            break;
        }
    }
    at
}
