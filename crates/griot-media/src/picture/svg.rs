//! Drawings (SVG, plain or compressed): recognised, measured and parsed, with nothing followed outside the file. What
//! a drawing may cost is counted before it is built: entities and references can make a page of text into millions of
//! shapes.
//!
//! Words are drawn with the fonts that come with Griot: every machine draws the same.

mod cost;

use std::borrow::Cow;
use std::io::Read;
use std::sync::Arc;

use flate2::read::GzDecoder;
use resvg::usvg::{self, ImageHrefResolver, ImageKind, roxmltree};

use super::Header;
use crate::{Error, Excess, Limits, OverLimit, Unsupported, fonts};

/// The most bytes of a drawing's text, unpacked. Traced photos, the largest real ones, stay below.
const MAX_TEXT: u64 = 16 << 20;
/// The long side, in pixels, at which a smaller drawing is drawn: it has none of its own, and networks want about this.
const LONG_SIDE: f32 = 2048.0;

/// The size of a drawing that says neither its size nor its shape, as browsers take it (CSS 2.2, section 10.3.2).
const UNSAID: (f32, f32) = (300.0, 150.0);

/// A drawing and the size at which it is drawn.
pub(crate) struct Drawing {
    pub(crate) tree: usvg::Tree,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Whether a file that starts like this is a drawing.
pub(crate) fn is_drawing(head: &[u8]) -> bool {
    let unpacked = if head.starts_with(&[0x1F, 0x8B]) {
        let mut text = Vec::new();
        // The head is cut off, so an error at its end is no surprise.
        let _ = GzDecoder::new(head).take(head.len() as u64 * 4).read_to_end(&mut text);
        Cow::Owned(text)
    } else {
        Cow::Borrowed(head)
    };
    let text = unpacked.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&unpacked).trim_ascii_start();
    let opens = |word: &[u8]| text.starts_with(word);
    let within = |word: &[u8]| super::memfind(text, word).is_some();
    opens(b"<svg")
        || (["<?xml", "<!--", "<!DOCTYPE svg"].iter().any(|w| opens(w.as_bytes())) && within(b"<svg"))
}

/// The drawing's text, unpacked when it is compressed.
fn unpacked(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    let most = || Error::OverLimit(OverLimit::Drawing(Excess::Text(MAX_TEXT)));
    let text = if bytes.starts_with(&[0x1F, 0x8B]) {
        let mut text = Vec::new();
        let read = GzDecoder::new(bytes).take(MAX_TEXT + 1).read_to_end(&mut text);
        read.map_err(|e| Error::Damaged(format!("the drawing does not unpack: {e}")))?;
        Cow::Owned(text)
    } else {
        Cow::Borrowed(bytes)
    };
    if text.len() as u64 > MAX_TEXT {
        return Err(most());
    }
    let wrong = || Error::Unsupported(Unsupported::DrawingText);
    match text {
        Cow::Borrowed(text) => std::str::from_utf8(text).map(Cow::Borrowed).map_err(|_| wrong()),
        Cow::Owned(text) => String::from_utf8(text).map(Cow::Owned).map_err(|_| wrong()),
    }
}

fn parsed(text: &str) -> Result<roxmltree::Document<'_>, Error> {
    let options =
        roxmltree::ParsingOptions { allow_dtd: true, nodes_limit: cost::MOST, ..Default::default() };
    roxmltree::Document::parse_with_options(text, options)
        .map_err(|e| Error::Damaged(format!("the drawing cannot be read: {e}")))
}

/// The drawing without a width or a height in percent, when it has one: a share of a page that is not there is no size.
/// The shape is then the drawing's own, or, where it has none, that of browsers.
fn without_shares(document: &roxmltree::Document<'_>) -> Option<String> {
    let root = document.root_element();
    let share = |name: &str| {
        let side = root.attribute_node(name)?;
        side.value().trim_end().ends_with('%').then(|| side.range())
    };
    let mut places: Vec<_> = ["width", "height"].into_iter().filter_map(share).collect();
    places.sort_by_key(|place| std::cmp::Reverse(place.start));
    let mut text = document.input_text().to_owned();
    for place in &places {
        text.replace_range(place.clone(), "");
    }
    if !root.has_attribute("viewBox") {
        let start = root.range().start;
        let name = text.get(start..)?.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
        let unsaid = |name: &str| !root.has_attribute(name) || share(name).is_some();
        for (side, usual) in [("width", UNSAID.0), ("height", UNSAID.1)] {
            if unsaid(side) {
                text.insert_str(start + name, &format!(" {side}='{usual}'"));
            }
        }
    }
    (!places.is_empty()).then_some(text)
}

impl Drawing {
    /// Reads a drawing. Pictures inside it come through `picture`, which gets their bytes and gives PNG, or nothing.
    pub(crate) fn read(
        bytes: &[u8],
        limits: &Limits,
        picture: impl Fn(&[u8]) -> Option<Vec<u8>> + Send + Sync,
    ) -> Result<Self, Error> {
        let text = unpacked(bytes)?;
        cost::entities(&text)?;
        let document = parsed(&text)?;
        cost::document(&document)?;
        let plain = without_shares(&document);
        let document = match &plain {
            Some(plain) => parsed(plain)?,
            None => document,
        };
        let options = usvg::Options {
            image_href_resolver: ImageHrefResolver {
                resolve_data: Box::new(move |_, data, _| {
                    picture(&data).map(|png| ImageKind::PNG(Arc::new(png)))
                }),
                resolve_string: Box::new(|_, _| None),
            },
            fontdb: fonts::all(),
            font_family: fonts::FAMILY.into(),
            ..usvg::Options::default()
        };
        let tree = usvg::Tree::from_xmltree(&document, &options)
            .map_err(|e| Error::Damaged(format!("the drawing cannot be read: {e}")))?;
        let size = tree.size();
        let scale = (LONG_SIDE / size.width().max(size.height())).max(1.0);
        let side = |side: f32| (side * scale).round().max(1.0) as u32;
        let (width, height) = (side(size.width()), side(size.height()));
        limits.size(width, height)?;
        Ok(Self { tree, width, height })
    }
}

/// The header of a drawing. It has no metadata that a rendition could carry, except what editors write into it.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Error> {
    let drawing = Drawing::read(bytes, limits, |_| None)?;
    let mut header = Header::new(drawing.width, drawing.height);
    header.alpha = true;
    let text = unpacked(bytes)?;
    for (word, kind) in [
        ("<metadata", "xmp"),
        ("sodipodi:docname", "application data"),
        ("inkscape:", "application data"),
        ("<dc:creator", "author"),
        ("<!--", "comment"),
    ] {
        if text.contains(word) {
            header.metadata.add(kind);
        }
    }
    Ok(header)
}
