//! What an EXIF block or an XMP packet says of interest: the orientation, and which kinds of personal facts are inside.
//! A broken block says nothing and stops nothing; nothing of it is ever written.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ::exif::{In, Reader, Tag, Value};
use image::metadata::Orientation;

use super::{Credit, memfind};

/// The longest credit that is kept, in bytes: a name and a line, no more.
const LONGEST_CREDIT: usize = 1024;

/// The camera's serial number, as raw converters and some phones write it beside the size (DNG).
const CAMERA_SERIAL: Tag = Tag(::exif::Context::Tiff, 0xC62F);

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) orientation: Option<Orientation>,
    pub(super) kinds: Vec<&'static str>,
    /// The small picture, a JPEG, turned as the large one is.
    pub(super) thumbnail: Option<Vec<u8>>,
    pub(super) credit: Credit,
}

/// Reads a block that starts at its byte order mark. Entries that can be read count, also after a broken one.
pub(super) fn read(block: &[u8]) -> Found {
    // The parser is not ours and the bytes are hostile.
    catch_unwind(AssertUnwindSafe(|| parse(block))).unwrap_or_default()
}

fn parse(block: &[u8]) -> Found {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let exif = match reader.read_raw(block.to_vec()) {
        Ok(exif) => exif,
        Err(::exif::Error::PartialResult(partial)) => partial.into_inner().0,
        Err(_) => return Found::default(),
    };
    let mut found = Found::default();
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY);
    if let Some(value) = orientation.and_then(|field| field.value.get_uint(0)) {
        found.orientation = u8::try_from(value).ok().and_then(Orientation::from_exif);
    }
    let has = |tag| exif.get_field(tag, In::PRIMARY).is_some();
    if exif.fields().any(|f| f.tag.context() == ::exif::Context::Gps && f.tag != Tag::GPSVersionID) {
        found.kinds.push("gps");
    }
    if has(Tag::Make) || has(Tag::Model) {
        found.kinds.push("camera");
    }
    let serials = [Tag::BodySerialNumber, Tag::LensSerialNumber, Tag::ImageUniqueID, CAMERA_SERIAL];
    if serials.into_iter().any(has) {
        found.kinds.push("serial");
    }
    if has(Tag::MakerNote) {
        found.kinds.push("maker note");
    }
    if has(Tag::Artist) || has(Tag::CameraOwnerName) || text(&exif, Tag::Copyright) {
        found.kinds.push("author");
    }
    if text(&exif, Tag::ImageDescription) || has(Tag::UserComment) {
        found.kinds.push("comment");
    }
    if exif.get_field(Tag::JPEGInterchangeFormat, In::THUMBNAIL).is_some() {
        found.kinds.push("thumbnail");
        found.thumbnail = thumbnail(&exif);
    }
    found.credit = Credit { artist: words(&exif, Tag::Artist), copyright: words(&exif, Tag::Copyright) };
    found
}

fn thumbnail(exif: &::exif::Exif) -> Option<Vec<u8>> {
    let number = |tag| {
        let value = exif.get_field(tag, In::THUMBNAIL)?.value.get_uint(0)?;
        usize::try_from(value).ok()
    };
    let (from, len) = (number(Tag::JPEGInterchangeFormat)?, number(Tag::JPEGInterchangeFormatLength)?);
    let bytes = exif.buf().get(from..from.checked_add(len)?)?;
    bytes.starts_with(&[0xFF, 0xD8, 0xFF]).then(|| bytes.to_vec())
}

/// The text of a field, without what is no text.
fn words(exif: &::exif::Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(lines) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    // Copyright may hold two lines: of the photographer and of the editor.
    let lines: Vec<String> = lines.iter().filter_map(|line| clean(&String::from_utf8_lossy(line))).collect();
    clean(&lines.join("; "))
}

fn clean(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    let end = (0..=text.len().min(LONGEST_CREDIT)).rev().find(|at| text.is_char_boundary(*at))?;
    (end > 0).then(|| text[..end].to_owned())
}

/// The first entry of a list of an XMP packet, such as `dc:creator`.
pub(super) fn xmp_entry(packet: &[u8], name: &[u8]) -> Option<String> {
    let rest = packet.get(memfind(packet, name)? + name.len()..)?;
    let rest = rest.get(memfind(rest, b"<rdf:li")?..)?;
    let rest = rest.get(rest.iter().position(|b| *b == b'>')? + 1..)?;
    let text = String::from_utf8_lossy(rest.get(..rest.iter().position(|b| *b == b'<')?)?);
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    clean(&plain.replace("&apos;", "'").replace("&amp;", "&"))
}

fn text(exif: &::exif::Exif, tag: Tag) -> bool {
    exif.get_field(tag, In::PRIMARY).is_some_and(|field| match &field.value {
        Value::Ascii(lines) => lines.iter().any(|line| line.iter().any(|b| !b.is_ascii_whitespace())),
        _ => false,
    })
}

/// What an XMP packet tells of people and machines, by the names of its properties.
pub(super) fn xmp_kinds(packet: &[u8]) -> impl Iterator<Item = &'static str> {
    const TELLING: [(&[u8], &str); 8] = [
        (b"GPSLatitude", "gps"),
        (b"SerialNumber", "serial"),
        (b"dc:creator", "author"),
        (b"photoshop:Credit", "author"),
        (b"OwnerName", "author"),
        (b"xmpGImg:image", "thumbnail"),
        (b"hdrgm:", "further pictures"),
        (b"GImage:Data", "further pictures"),
    ];
    TELLING.into_iter().filter(|(word, _)| memfind(packet, word).is_some()).map(|(_, kind)| kind)
}

/// `tiff:Orientation` of an XMP packet, as an attribute or as an element.
pub(super) fn xmp_orientation(packet: &[u8]) -> Option<Orientation> {
    let at = memfind(packet, b"tiff:Orientation")? + b"tiff:Orientation".len();
    let rest = packet.get(at..(at + 8).min(packet.len()))?;
    let digit = rest.iter().find(|b| !matches!(b, b'=' | b'"' | b'\'' | b'>' | b' '))?;
    Orientation::from_exif(digit.checked_sub(b'0')?)
}
