//! The chunks of a WebP: size, orientation, profile, and everything that is not the picture.

use super::{Header, le16, le24, le32, slice};
use crate::{Error, Limits};

/// Reads the chunks.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Error> {
    let mut header = Header::new(0, 0);
    let mut xmp = None;
    let mut at = 12;
    let riff = le32(bytes, 4).map_or(0, |len| (len as usize).saturating_add(8));
    while let (Some(name), Some(len)) = (slice(bytes, at, 4), le32(bytes, at + 4)) {
        let rest = bytes.get(at + 8..).unwrap_or_default();
        let data = &rest[..rest.len().min(len as usize)];
        match name {
            b"VP8X" => extended(&mut header, data),
            b"VP8 " if header.width == 0 => lossy(&mut header, data),
            b"VP8L" if header.width == 0 => lossless(&mut header, data),
            b"ANMF" => header.animated = true,
            b"ICCP" => header.take_icc(data.to_vec(), limits),
            b"EXIF" => header.take_exif(data.strip_prefix(b"Exif\0\0").unwrap_or(data)),
            b"XMP " => xmp = Some(data),
            b"C2PA" => header.metadata.add("c2pa"),
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" => {}
            _ if at < riff => header.metadata.add("application data"),
            _ => {}
        }
        at = at.saturating_add(8).saturating_add(len as usize).saturating_add(len as usize & 1);
    }
    if bytes.get(riff.saturating_add(riff & 1)..).is_some_and(|rest| rest.iter().any(|b| *b != 0)) {
        header.metadata.add("trailing data");
    }
    if let Some(packet) = xmp {
        let use_orientation = !header.metadata.has("exif");
        header.take_xmp(packet, use_orientation);
    }
    if header.width == 0 {
        return Err(Error::Damaged("the WebP declares no size".into()));
    }
    Ok(header)
}

fn extended(header: &mut Header, data: &[u8]) {
    let (Some(flags), Some(width), Some(height)) = (data.first(), le24(data, 4), le24(data, 7)) else {
        return;
    };
    header.alpha = flags & 0x10 != 0;
    header.animated = flags & 0x02 != 0;
    header.width = width + 1;
    header.height = height + 1;
}

fn lossy(header: &mut Header, data: &[u8]) {
    if let (Some(width), Some(height)) = (le16(data, 6), le16(data, 8)) {
        header.width = u32::from(width & 0x3FFF);
        header.height = u32::from(height & 0x3FFF);
    }
}

fn lossless(header: &mut Header, data: &[u8]) {
    if let Some(bits) = le32(data, 1) {
        header.width = (bits & 0x3FFF) + 1;
        header.height = (bits >> 14 & 0x3FFF) + 1;
        header.alpha = bits >> 28 & 1 == 1;
    }
}
