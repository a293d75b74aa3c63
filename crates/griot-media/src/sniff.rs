//! Which container a file is, by its first bytes alone. Names lie, and a playlist called `.mp4` makes ffmpeg open other
//! files: nothing reaches a decoder that was not recognised here first.

use griot_domain::asset::Format;

use crate::picture::{is_drawing, is_tiff};

/// How many bytes [`sniff`] wants to see; fewer are fine for a smaller file.
pub const HEAD: usize = 4096;

/// Brands of the ISO base media format that are pictures, not films.
const PICTURE_BRANDS: [&[u8]; 12] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"mif3", b"msf1", b"avif",
    b"avis",
];
/// How brands start that are films, whatever else is listed beside them.
const FILM_BRANDS: [&[u8]; 7] = [b"iso", b"mp4", b"avc", b"qt", b"M4V", b"3g", b"dash"];

/// The container, or nothing when it is none that Griot reads.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<Format> {
    if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some(Format::Jpeg)
    } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(Format::Png)
    } else if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        Some(Format::Gif)
    } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        Some(Format::Webp)
    } else {
        picture(head).or_else(|| film(head))
    }
}

/// The pictures that are not told by a few bytes alone.
fn picture(head: &[u8]) -> Option<Format> {
    if head.get(4..8) == Some(b"ftyp") {
        let known = |brand: &[u8]| PICTURE_BRANDS.contains(&brand);
        // Files of either kind may put a brand of both kinds first; the list behind it then says which.
        let end = head.first_chunk::<4>().map_or(0, |size| u32::from_be_bytes(*size) as usize);
        let listed = || head.get(8..end.min(head.len())).unwrap_or_default().chunks_exact(4);
        let film = || listed().any(|brand| FILM_BRANDS.iter().any(|start| brand.starts_with(start)));
        if !head.get(8..12).is_some_and(known) && (film() || !listed().any(known)) {
            return None;
        }
        let av1 = listed().any(|brand| brand == b"avif" || brand == b"avis");
        Some(if av1 { Format::Avif } else { Format::Heic })
    } else if is_tiff(head) {
        Some(Format::Tiff)
    } else if head.starts_with(b"BM") && bmp(head) {
        Some(Format::Bmp)
    } else {
        is_drawing(head).then_some(Format::Svg)
    }
}

/// Whether a file that starts like this is a camera's raw file of a structure that is not read: Canon's newer ones,
/// Fujifilm's, Sigma's and Minolta's. Others are a TIFF at first sight.
pub(crate) fn is_raw(head: &[u8]) -> bool {
    let starts = [&b"FUJIFILMCCD-RAW"[..], b"FOVb", b"\0MRM"].iter().any(|start| head.starts_with(start));
    starts || head.get(4..12) == Some(b"ftypcrx ")
}

/// Two letters are no proof: the length of the second header and the number of planes must fit as well.
fn bmp(head: &[u8]) -> bool {
    let planes_at = match head.get(14..18).map(|len| u32::from_le_bytes([len[0], len[1], len[2], len[3]])) {
        Some(12) => 22,
        Some(16 | 40 | 52 | 56 | 64 | 108 | 124) => 26,
        _ => return false,
    };
    head.get(planes_at..planes_at + 2) == Some(&[1, 0])
}

/// Matroska and AVI by their first letters; of MP4 and QuickTime the first box says which. Old QuickTime files have no
/// `ftyp` and start with their index or data.
fn film(head: &[u8]) -> Option<Format> {
    if head.starts_with(b"\x1a\x45\xdf\xa3") {
        return Some(crate::matroska::format(head));
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"AVI ") {
        return Some(Format::Avi);
    }
    if let Some(format) = stream(head) {
        return Some(format);
    }
    if head.get(4..10) == Some(b"ftyp3g") {
        return Some(Format::ThreeGp);
    }
    let kind = head.get(4..8)?;
    match kind {
        b"ftyp" => {
            let brand = head.get(8..12)?;
            if brand == b"qt  " { Some(Format::Mov) } else { Some(Format::Mp4) }
        }
        b"moov" | b"mdat" | b"wide" | b"pnot" => plausible(head).then_some(Format::Mov),
        b"free" | b"skip" => plausible(head).then_some(Format::Mov),
        b"styp" | b"moof" => plausible(head).then_some(Format::Mp4),
        _ => None,
    }
}

/// Recordings without an index: by their first letters, or by the beat of their packets.
fn stream(head: &[u8]) -> Option<Format> {
    if head.starts_with(b"\0\0\x01\xBA") {
        Some(Format::Mpeg)
    } else if head.starts_with(&crate::asf::HEADER) {
        Some(Format::Wmv)
    } else if head.starts_with(b"FLV\x01") {
        Some(Format::Flv)
    } else if head.starts_with(b"OggS\0") {
        Some(Format::Ogv)
    } else {
        crate::broadcast::grid(head).map(|_| Format::Ts)
    }
}

/// How texts start that make ffmpeg, or another player, open further files.
const PLAYLISTS: [&str; 9] =
    ["#EXTM3U", "ffconcat", "[playlist]", "[Reference]", "v=0", "<asx", "<ASX", "<smil", "RTSPtext"];

/// Whether the size before a box's name can be one: not shorter than its own header.
fn plausible(head: &[u8]) -> bool {
    head.first_chunk::<4>().is_some_and(|size| matches!(u32::from_be_bytes(*size), 0 | 1 | 8..))
}

/// What unknown bytes look like, for the sentence that refuses them.
pub(crate) fn looks_like(head: &[u8]) -> &'static str {
    let text = std::str::from_utf8(head).ok().or_else(|| match std::str::from_utf8(head) {
        // A multi-byte character may be cut at the end of the head.
        Err(e) if e.error_len().is_none() => std::str::from_utf8(&head[..e.valid_up_to()]).ok(),
        _ => None,
    });
    if let Some(text) = text {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if PLAYLISTS.iter().any(|start| text.starts_with(start)) || text.contains("<MPD") {
            return "a playlist";
        }
        if !text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
            return "text";
        }
    }
    const KNOWN: [(usize, &[u8], &str); 5] = [
        (0, b"%PDF", "a PDF"),
        (0, b"PK\x03\x04", "a ZIP archive"),
        (0, b"\x1a\x45\xdf\xa3", "a Matroska or WebM film"),
        (8, b"AVI ", "an AVI film"),
        (0, b"\0\0\x01\0", "an icon"),
    ];
    let matches = |at: usize, magic: &[u8]| head.get(at..at + magic.len()) == Some(magic);
    KNOWN.iter().find(|(at, magic, _)| matches(*at, magic)).map_or("unknown bytes", |(_, _, name)| name)
}
