//! The chunks of a PNG: size, orientation, profile, and everything that is not the picture.

use super::{Header, Numbers, be32, slice};
use crate::{Error, Limits};

const SIGNATURE: usize = 8;
/// Compressed bytes of a profile or a text that are looked at; what is larger is named and ignored.
const MAX_COMPRESSED: usize = 1 << 20;
/// Bytes of EXIF or XMP that a compressed text may unpack to.
const MAX_TEXT: usize = 1 << 20;

/// Chunks that say how to show the picture, and nothing else.
const HARMLESS: [&[u8]; 13] = [
    b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"sTER", b"fcTL", b"fdAT",
    b"mDCV", b"cLLI",
];

/// One chunk: its name, its data, all its bytes, and where they end.
struct Chunk<'a> {
    end: usize,
    name: &'a [u8],
    data: &'a [u8],
    all: &'a [u8],
}

/// The chunks in order; stops at the end, at a chunk that is cut off, or after `IEND`.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut at = SIGNATURE;
    std::iter::from_fn(move || {
        let len = be32(bytes, at)? as usize;
        let all = slice(bytes, at, len.checked_add(12)?)?;
        at += all.len();
        Some(Chunk { end: at, name: &all[4..8], data: &all[8..8 + len], all })
    })
}

/// Reads the chunks.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Error> {
    let mut chunks = chunks(bytes);
    let first = chunks.next().filter(|chunk| chunk.name == b"IHDR" && chunk.data.len() == 13);
    let Some(ihdr) = first else {
        return Err(Error::Damaged("the PNG has no header".into()));
    };
    let (width, height) = (be32(ihdr.data, 0).unwrap_or(0), be32(ihdr.data, 4).unwrap_or(0));
    let mut header = Header::new(width, height);
    header.alpha = matches!(ihdr.data[9], 4 | 6);
    let mut end = None;
    for chunk in chunks {
        match chunk.name {
            b"tRNS" => header.alpha = true,
            b"acTL" => header.animated = be32(chunk.data, 0).unwrap_or(0) > 1,
            b"eXIf" => header.take_exif(chunk.data),
            b"cICP" => header.numbers = numbers(chunk.data),
            b"iCCP" => profile(&mut header, chunk.data, limits),
            b"tEXt" | b"zTXt" | b"iTXt" => text(&mut header, chunk.name, chunk.data),
            b"tIME" => header.metadata.add("time"),
            b"caBX" => header.metadata.add("c2pa"),
            b"IEND" => {
                end = Some(chunk.end);
                break;
            }
            name if name[0].is_ascii_lowercase() && !HARMLESS.contains(&name) => {
                header.metadata.add("application data");
            }
            _ => {}
        }
    }
    if end.and_then(|end| bytes.get(end..)).is_some_and(|rest| rest.iter().any(|b| *b != 0)) {
        header.metadata.add("trailing data");
    }
    Ok(header)
}

/// Colours by numbers; they win over a profile.
fn numbers(data: &[u8]) -> Option<Numbers> {
    let [primaries, transfer, matrix, full] = *data.first_chunk()?;
    let [primaries, transfer, matrix] = [primaries, transfer, matrix].map(u16::from);
    Some(Numbers { primaries, transfer, matrix, full: full == 1 })
}

fn profile(header: &mut Header, data: &[u8], limits: &Limits) {
    header.metadata.add("icc");
    let packed = after_keyword(data).and_then(|(_, rest)| rest.get(1..));
    let ceiling = usize::try_from(limits.max_profile_bytes).unwrap_or(usize::MAX);
    if let Some(profile) = packed.and_then(|packed| unpack(packed, ceiling)) {
        header.take_icc(profile, limits);
    }
}

/// A text chunk: XMP, an old ImageMagick profile, or a comment.
fn text(header: &mut Header, name: &[u8], data: &[u8]) {
    let Some((keyword, rest)) = after_keyword(data) else { return };
    match keyword {
        b"XML:com.adobe.xmp" => {
            let packet = international(rest).unwrap_or_default();
            let use_orientation = !header.metadata.has("exif");
            header.take_xmp(&packet, use_orientation);
        }
        b"Raw profile type exif" | b"Raw profile type APP1" => {
            let plain = if name == b"zTXt" {
                rest.get(1..).and_then(|packed| unpack(packed, MAX_TEXT))
            } else {
                Some(rest.to_vec())
            };
            let block = plain.and_then(|plain| raw_profile(&plain)).unwrap_or_default();
            header.take_exif(block.strip_prefix(b"Exif\0\0").unwrap_or(&block));
        }
        b"Raw profile type xmp" => header.metadata.add("xmp"),
        b"Raw profile type iptc" => header.metadata.add("iptc"),
        _ => header.metadata.add("comment"),
    }
}

/// Splits at the zero byte that ends a keyword.
fn after_keyword(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = data.iter().take(80).position(|b| *b == 0)?;
    Some((&data[..end], &data[end + 1..]))
}

/// The text of an `iTXt` chunk after its keyword: flag, method, language, translated keyword, text.
fn international(rest: &[u8]) -> Option<Vec<u8>> {
    let (flag, rest) = (*rest.first()?, rest.get(2..)?);
    let language = rest.iter().position(|b| *b == 0)?;
    let rest = &rest[language + 1..];
    let translated = rest.iter().position(|b| *b == 0)?;
    let text = &rest[translated + 1..];
    if flag == 0 { Some(text.to_vec()) } else { unpack(text, MAX_TEXT) }
}

fn unpack(packed: &[u8], ceiling: usize) -> Option<Vec<u8>> {
    (packed.len() <= MAX_COMPRESSED)
        .then(|| fdeflate::decompress_to_vec_bounded(packed, ceiling).ok())
        .flatten()
}

/// The bytes of ImageMagick's form: a name, a length, and hexadecimal digits over many lines.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    let mut words = text.split_whitespace();
    words.next()?;
    let len: usize = words.next()?.parse().ok().filter(|len| *len <= MAX_TEXT)?;
    let digits: Vec<u8> =
        words.flat_map(str::bytes).map_while(|b| char::from(b).to_digit(16)).map(|d| d as u8).collect();
    let block: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).take(len).collect();
    (block.len() == len).then_some(block)
}

/// The same PNG with nothing but what the still picture needs. A decoder that never sees texts and profiles cannot be
/// made to unpack them.
pub(crate) fn essential(bytes: &[u8]) -> Vec<u8> {
    // An unknown critical chunk is the decoder's to refuse.
    kept(bytes, |name| name[0].is_ascii_uppercase() || name == b"tRNS")
}

/// The same with all frames of an animation.
pub(crate) fn moving(bytes: &[u8]) -> Vec<u8> {
    kept(bytes, |name| name[0].is_ascii_uppercase() || matches!(name, b"tRNS" | b"acTL" | b"fcTL" | b"fdAT"))
}

fn kept(bytes: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut kept = bytes[..SIGNATURE.min(bytes.len())].to_vec();
    let mut whole = kept.len();
    for chunk in chunks(bytes) {
        whole += chunk.all.len();
        if wanted(chunk.name) {
            kept.extend_from_slice(chunk.all);
        }
        if chunk.name == b"IEND" {
            return kept;
        }
    }
    // A chunk that is cut off is the decoder's to judge, too.
    kept.extend_from_slice(bytes.get(whole..).unwrap_or_default());
    kept
}
