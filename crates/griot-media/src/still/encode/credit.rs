//! Copyright and credit in a finished file: an EXIF block of two fields, where each container keeps one. Nothing else
//! of the original can be in it, because the block is written anew from those two texts.

use griot_domain::recipe::ImageFormat;

use crate::Error;
use crate::picture::Credit;

const ARTIST: u16 = 0x013B;
const COPYRIGHT: u16 = 0x8298;

/// The EXIF block (from its byte order mark), or nothing when there is nobody to credit.
pub(super) fn block(credit: &Credit) -> Option<Vec<u8>> {
    let fields: Vec<(u16, &str)> = [(ARTIST, &credit.artist), (COPYRIGHT, &credit.copyright)]
        .into_iter()
        .filter_map(|(tag, text)| Some((tag, text.as_deref()?)))
        .collect();
    if fields.is_empty() {
        return None;
    }
    let mut block = b"MM\0*\0\0\0\x08".to_vec();
    block.extend(u16::try_from(fields.len()).ok()?.to_be_bytes());
    // Texts follow the fields and the four bytes that say there is no second directory.
    let mut at = u32::try_from(block.len() + fields.len() * 12 + 4).ok()?;
    let mut texts = Vec::new();
    for (tag, text) in fields {
        let mut text = text.as_bytes().to_vec();
        text.push(0);
        let count = u32::try_from(text.len()).ok()?;
        block.extend(tag.to_be_bytes());
        block.extend(2_u16.to_be_bytes());
        block.extend(count.to_be_bytes());
        if count <= 4 {
            text.resize(4, 0);
            block.extend(text);
        } else {
            block.extend(at.to_be_bytes());
            at += count;
            texts.extend(text);
        }
    }
    block.extend([0; 4]);
    block.extend(texts);
    Some(block)
}

/// How many bytes a block of `len` bytes adds to a file, at most.
pub(super) fn weight(format: ImageFormat, len: usize) -> u64 {
    let around = match format {
        ImageFormat::Jpeg => 10,
        ImageFormat::Png => 12,
        // The extended header comes with it, and a byte of padding.
        ImageFormat::Webp => 18 + 8 + 1,
        ImageFormat::Gif => return 0,
    };
    (len + around) as u64
}

/// The file with the block in it; GIF has no place for one.
pub(super) fn put(
    file: Vec<u8>,
    format: ImageFormat,
    block: &[u8],
    size: (u32, u32),
    alpha: bool,
) -> Result<Vec<u8>, Error> {
    let made = match format {
        ImageFormat::Jpeg => jpeg(&file, block),
        ImageFormat::Png => png(&file, block),
        ImageFormat::Webp => webp(&file, block, size, alpha),
        ImageFormat::Gif => return Ok(file),
    };
    made.ok_or_else(|| Error::Bug("a finished picture has no place for its credit".into()))
}

/// After the JFIF segment, where readers look for it.
fn jpeg(file: &[u8], block: &[u8]) -> Option<Vec<u8>> {
    let at = match file.get(2..6)? {
        [0xFF, 0xE0, high, low] => 4 + usize::from(u16::from_be_bytes([*high, *low])),
        _ => 2,
    };
    let len = u16::try_from(block.len() + 8).ok()?;
    let segment = [&[0xFF, 0xE1][..], &len.to_be_bytes()[..], &b"Exif\0\0"[..], block].concat();
    Some([file.get(..at)?, &segment, file.get(at..)?].concat())
}

/// After the header chunk.
fn png(file: &[u8], block: &[u8]) -> Option<Vec<u8>> {
    const AFTER_HEADER: usize = 8 + 25;
    let len = u32::try_from(block.len()).ok()?;
    let named = [&b"eXIf"[..], block].concat();
    let sum = crc(&named).to_be_bytes();
    let chunk = [&len.to_be_bytes()[..], &named, &sum].concat();
    Some([file.get(..AFTER_HEADER)?, &chunk, file.get(AFTER_HEADER..)?].concat())
}

/// The extended form of the container: a header that announces EXIF, the picture as it is, the block.
fn webp(file: &[u8], block: &[u8], (width, height): (u32, u32), alpha: bool) -> Option<Vec<u8>> {
    const EXIF: u8 = 0x08;
    const ALPHA: u8 = 0x10;
    let chunks = file.get(12..)?;
    let mut body = b"WEBP".to_vec();
    if let Some(extended) = chunks.strip_prefix(b"VP8X") {
        let at = body.len() + 8;
        body.extend(b"VP8X");
        body.extend(extended);
        *body.get_mut(at)? |= EXIF;
    } else {
        body.extend(b"VP8X\x0a\0\0\0");
        body.extend([EXIF | if alpha { ALPHA } else { 0 }, 0, 0, 0]);
        body.extend(&(width - 1).to_le_bytes()[..3]);
        body.extend(&(height - 1).to_le_bytes()[..3]);
        body.extend(chunks);
    }
    body.extend(b"EXIF");
    body.extend(u32::try_from(block.len()).ok()?.to_le_bytes());
    body.extend(block);
    if block.len() % 2 == 1 {
        body.push(0);
    }
    Some([&b"RIFF"[..], &u32::try_from(body.len()).ok()?.to_le_bytes()[..], &body].concat())
}

/// The check sum of PNG.
fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 },
        )
    };
    !bytes.iter().fold(u32::MAX, step)
}
