//! The sample description: which codec a track uses, its coded size and the shape of its pixels.

use super::track::{Handler, side};
use super::tree::{head, u16_at, u32_at};
use crate::coded::{Coded, avc};
use crate::reel::{Light, square};

/// Where the boxes start in a description of pictures.
const PICTURE_BOXES: usize = 78;
/// Where the boxes start in a description of sound, version 0.
const SOUND_BOXES: usize = 28;

/// The first description of a track.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) codec: String,
    size: (u32, u32),
    pixel: (u32, u32),
    pub(super) light: Option<Light>,
    /// What the head of an H.264 stream says.
    pub(super) coded: Option<Coded>,
    /// Whether its samples use all of their range.
    pub(super) full: bool,
    /// Whether it is locked.
    pub(super) locked: bool,
    /// Whether its colours are those of a Dolby Vision without a layer for everybody.
    pub(super) vision: bool,
}

impl Entry {
    /// Reads an `stsd` box. What is missing is left empty.
    pub(super) fn read(stsd: &[u8], handler: Handler) -> Self {
        let entry = stsd.get(8..).unwrap_or_default();
        let Some((kind, len, _)) = head(entry) else {
            return Self { codec: "unknown".into(), ..Self::default() };
        };
        let len = usize::try_from(len.unwrap_or(0)).unwrap_or(usize::MAX).min(entry.len());
        let body = entry.get(8..len).unwrap_or_default();
        let locked = matches!(&kind, b"encv" | b"enca" | b"drmi" | b"drms");
        let read = match handler {
            Handler::Picture => Self {
                codec: picture(kind, boxes(body, PICTURE_BOXES, *b"avcC")),
                size: (side(body, 24), side(body, 26)),
                pixel: boxes(body, PICTURE_BOXES, *b"pasp")
                    .map_or((1, 1), |pasp| (u32_at(pasp, 0).unwrap_or(1), u32_at(pasp, 4).unwrap_or(1))),
                light: numbers(body).and_then(|colr| Light::of(u64::from(u16_at(colr, 6)?))),
                coded: boxes(body, PICTURE_BOXES, *b"avcC").and_then(avc::of_configuration),
                full: numbers(body).is_some_and(|colr| {
                    colr.starts_with(b"nclx") && colr.get(10).is_some_and(|b| b & 0x80 != 0)
                }),
                vision: boxes(body, PICTURE_BOXES, *b"dvcC")
                    .and_then(|dv| dv.get(2))
                    .is_some_and(|b| b >> 1 == 5),
                locked,
            },
            Handler::Sound => {
                Self { codec: sound(kind, boxes(body, SOUND_BOXES, *b"esds")), ..Self::default() }
            }
            Handler::Other => Self { codec: name(kind), ..Self::default() },
        };
        Self { locked, ..read }
    }

    /// Size in square pixels, when a size is given.
    pub(super) fn square(&self) -> Option<(u32, u32)> {
        let (width, height) = self.size;
        if width == 0 || height == 0 {
            return None;
        }
        Some(self.seen().unwrap_or((width, height)))
    }

    /// Whether the pixels are not square.
    pub(super) fn stretched(&self) -> bool {
        self.seen().is_some()
    }

    fn seen(&self) -> Option<(u32, u32)> {
        square(self.size, (u64::from(self.pixel.0), u64::from(self.pixel.1)))
    }
}

/// The colours by their numbers, where a description of pictures gives them.
fn numbers(body: &[u8]) -> Option<&[u8]> {
    boxes(body, PICTURE_BOXES, *b"colr").filter(|colr| colr.starts_with(b"nclx") || colr.starts_with(b"nclc"))
}

/// Adds the names of the colours to the first description of H.264 in an `stsd` where it has none: what the stream says, and
/// where that is silent too, what the usual rules make of its size. Players that guess otherwise then need not.
pub(crate) fn name_colours(stsd: &mut Vec<u8>, coded: &Coded) {
    const UNNAMED: u8 = 2;
    let Some((kind, Some(len), _)) = stsd.get(8..).and_then(head) else { return };
    let Some(end) = usize::try_from(len).ok().map(|len| 8 + len).filter(|end| *end <= stsd.len()) else {
        return;
    };
    let body = stsd.get(16..end).unwrap_or_default();
    if !kind.starts_with(b"avc") || boxes(body, PICTURE_BOXES, *b"colr").is_some() {
        return;
    }
    let (primaries, transfer, matrix) = coded.colours.unwrap_or((UNNAMED, UNNAMED, UNNAMED));
    let or = |number: u8, usual: u8| if number == UNNAMED || number == 0 { usual } else { number };
    let usual = if coded.size.0 < 1280 && coded.size.1 <= 576 { 6 } else { 1 };
    let mut colr = b"\0\0\0\x13colrnclx".to_vec();
    for number in [or(primaries, 1), or(transfer, 1), or(matrix, usual)] {
        colr.extend_from_slice(&u16::from(number).to_be_bytes());
    }
    colr.push(if coded.full { 0x80 } else { 0 });
    let Ok(grown) = u32::try_from(len + colr.len() as u64) else { return };
    stsd.splice(end..end, colr);
    stsd[8..12].copy_from_slice(&grown.to_be_bytes());
}

/// The body of the first box of a kind among those that start at `from`.
fn boxes(body: &[u8], from: usize, wanted: [u8; 4]) -> Option<&[u8]> {
    let mut rest = body.get(from..)?;
    while let Some((kind, len, header)) = head(rest) {
        let len = usize::try_from(len.unwrap_or(rest.len() as u64)).ok()?;
        let inner = rest.get(usize::try_from(header).ok()?..len)?;
        if kind == wanted {
            return Some(inner);
        }
        rest = &rest[len..];
    }
    None
}

/// The name of H.264 by its configuration: `h264` is what every player decodes, 8 bits and 4:2:0. Other profiles carry
/// their name.
pub(crate) fn avc_name(configuration: &[u8]) -> &'static str {
    match configuration.get(1) {
        Some(110) => "h264-high10",
        Some(122) => "h264-high422",
        Some(244 | 44) => "h264-high444",
        _ => "h264",
    }
}

fn picture(kind: [u8; 4], avc: Option<&[u8]>) -> String {
    match &kind {
        b"avc1" | b"avc2" | b"avc3" | b"avc4" => avc_name(avc.unwrap_or_default()).into(),
        b"hvc1" | b"hev1" | b"dvh1" | b"dvhe" => "hevc".into(),
        b"av01" => "av1".into(),
        b"vvc1" | b"vvi1" => "vvc".into(),
        b"vp08" => "vp8".into(),
        b"vp09" => "vp9".into(),
        b"mp4v" => "mpeg4".into(),
        b"s263" | b"h263" => "h263".into(),
        b"jpeg" | b"mjpa" | b"mjpb" => "mjpeg".into(),
        b"apch" | b"apcn" | b"apcs" | b"apco" | b"ap4h" | b"ap4x" => "prores".into(),
        _ => name(kind),
    }
}

fn sound(kind: [u8; 4], esds: Option<&[u8]>) -> String {
    match &kind {
        b"mp4a" => match esds.and_then(object_type) {
            Some(0x69 | 0x6B) => "mp3".into(),
            Some(0xA5) => "ac3".into(),
            Some(0xA9) => "dts".into(),
            // QuickTime wraps the description once more; what it wraps is AAC.
            _ => "aac".into(),
        },
        b"samr" => "amr_nb".into(),
        b"sawb" => "amr_wb".into(),
        b"ac-3" => "ac3".into(),
        b"ec-3" => "eac3".into(),
        b"Opus" => "opus".into(),
        b"fLaC" => "flac".into(),
        b".mp3" => "mp3".into(),
        b"lpcm" | b"sowt" | b"twos" | b"in24" | b"raw " => "pcm".into(),
        _ => name(kind),
    }
}

/// The object type of an elementary stream descriptor: tags 3 and 4, each with a length of one to four bytes.
fn object_type(esds: &[u8]) -> Option<u8> {
    let rest = descriptor(esds.get(4..)?, 3)?;
    let flags = *rest.get(2)?;
    let mut skip = 3;
    if flags & 0x80 != 0 {
        skip += 2;
    }
    if flags & 0x40 != 0 {
        skip += 1 + usize::from(*rest.get(skip)?);
    }
    if flags & 0x20 != 0 {
        skip += 2;
    }
    descriptor(rest.get(skip..)?, 4)?.first().copied()
}

fn descriptor(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    if *bytes.first()? != tag {
        return None;
    }
    let len = bytes.get(1..)?.iter().take(4).position(|b| b & 0x80 == 0)?;
    bytes.get(len + 2..)
}

fn name(kind: [u8; 4]) -> String {
    let text: String = kind.iter().map(|b| char::from(*b)).filter(char::is_ascii_graphic).collect();
    if text.is_empty() { "unknown".into() } else { text }
}
