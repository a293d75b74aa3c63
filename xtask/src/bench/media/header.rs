//! The size of a picture by its header: JPEG and WebP, with the turn that a JPEG asks for.

/// Width and height as it is seen; nothing for other files.
pub(super) fn upright_size(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.starts_with(&[0xff, 0xd8]) { jpeg(bytes) } else { webp(bytes) }
}

fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let (mut at, mut turned) = (2, false);
    loop {
        let (&first, &marker) = (bytes.get(at)?, bytes.get(at + 1)?);
        if first != 0xff {
            return None;
        }
        // A marker may be preceded by any number of filling bytes.
        if marker == 0xff {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let segment = bytes.get(at + 4..at + 2 + length)?;
        match marker {
            0xe1 => turned |= segment.strip_prefix(b"Exif\0\0").and_then(orientation).is_some_and(|o| o >= 5),
            // Every start of a frame but the tables that share its range.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let side = |at: usize| {
                    Some(u32::from(u16::from_be_bytes(segment.get(at..at + 2)?.try_into().ok()?)))
                };
                let (height, width) = (side(1)?, side(3)?);
                return Some(if turned { (height, width) } else { (width, height) });
            }
            _ => {}
        }
        at += 2 + length;
    }
}

/// The orientation in the first directory of a TIFF.
fn orientation(tiff: &[u8]) -> Option<u16> {
    let little = tiff.starts_with(b"II");
    let short = |at: usize| {
        let two: [u8; 2] = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let four: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let start = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize;
    let entries = usize::from(short(start)?);
    let entry = (0..entries).map(|entry| start + 2 + entry * 12).find(|at| short(*at) == Some(0x0112))?;
    short(entry + 8)
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    if !bytes.starts_with(b"RIFF") || bytes.get(8..12)? != b"WEBP" {
        return None;
    }
    let byte = |at: usize| bytes.get(at).copied().map(u32::from);
    match bytes.get(12..16)? {
        b"VP8 " => {
            let side = |at| Some((byte(at)? | byte(at + 1)? << 8) & 0x3fff);
            Some((side(26)?, side(28)?))
        }
        b"VP8L" => {
            let bits = byte(21)? | byte(22)? << 8 | byte(23)? << 16 | byte(24)? << 24;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => {
            let side = |at| Some((byte(at)? | byte(at + 1)? << 8 | byte(at + 2)? << 16) + 1);
            Some((side(24)?, side(27)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places;

    #[test]
    fn samples_have_the_size_that_their_page_says() {
        let size = |name: &str| {
            let bytes = std::fs::read(places::root().join("assets/samples").join(name)).expect("a sample");
            upright_size(&bytes)
        };
        assert_eq!(size("dunes.jpg"), Some((2000, 1333)));
        assert_eq!(size("river-turned-gps.jpg"), Some((1200, 1600)));
        assert_eq!(size("poster.png"), None);
    }

    #[test]
    fn the_three_kinds_of_webp_are_read() {
        let file = |kind: &[u8; 4], rest: &[u8]| {
            [b"RIFF\0\0\0\0WEBP".as_slice(), kind, &[0, 0, 0, 0], rest].concat()
        };
        let lossy = file(b"VP8 ", &[0, 0, 0, 0x9d, 0x01, 0x2a, 0xb0, 0x04, 0x20, 0x03]);
        assert_eq!(upright_size(&lossy), Some((1200, 800)));
        let lossless = file(b"VP8L", &[0x2f, 0xaf, 0xc4, 0xc7, 0x00]);
        assert_eq!(upright_size(&lossless), Some((1200, 800)));
        let extended = file(b"VP8X", &[0, 0, 0, 0, 0xaf, 0x04, 0, 0x1f, 0x03, 0]);
        assert_eq!(upright_size(&extended), Some((1200, 800)));
        assert_eq!(upright_size(&lossy[..27]), None);
    }

    #[test]
    fn what_is_cut_off_has_no_size() {
        for bytes in [&[][..], &[0xff, 0xd8], &[0xff, 0xd8, 0xff, 0xe1, 0, 9, b'E'], b"RIFF"] {
            assert_eq!(upright_size(bytes), None);
        }
    }
}
