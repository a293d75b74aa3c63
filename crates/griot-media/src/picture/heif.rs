//! The items of a HEIC or AVIF file: which coded pictures it holds, how they belong together, how they are turned and
//! cut, and what else is said of them. Films that share the container are read elsewhere, and no picture is decoded.
//!
//! The file's own turns (`irot`, `imir`, `clap`) are the only ones that count: phones repeat the same turn in EXIF,
//! and applying both would lay the picture on its side.

mod alone;
mod header;
mod meta;
mod view;

use std::borrow::Cow;

pub(crate) use self::header::header;
pub(crate) use self::view::View;
use super::{be16, be32, slice};
use crate::{Error, Limits};

/// The most items, properties and references that are looked at; a picture of 120 megapixels has some 500 tiles.
const MOST: usize = 4096;
/// Pieces of one item's data.
const MOST_PIECES: usize = 256;

/// One box: its name and its body.
#[derive(Debug, Clone, Copy)]
struct Part<'a> {
    name: [u8; 4],
    body: &'a [u8],
}

/// The boxes in `bytes`; stops at one that is cut off.
fn parts(bytes: &[u8]) -> impl Iterator<Item = Part<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let name = *slice(bytes, at + 4, 4)?.first_chunk()?;
        let (head, len) = match be32(bytes, at)? {
            0 => (8, bytes.len() - at),
            1 => (16, usize::try_from(u64::from_be_bytes(*slice(bytes, at + 8, 8)?.first_chunk()?)).ok()?),
            len => (8, usize::try_from(len).ok()?),
        };
        let body = slice(bytes, at + head, len.checked_sub(head)?)?;
        at += len;
        Some(Part { name, body })
    })
}

/// A coded picture, or something that belongs to one.
#[derive(Debug, Default)]
struct Item {
    id: u32,
    kind: [u8; 4],
    /// The media type of a `mime` item.
    mime: Vec<u8>,
    /// Whether the pieces are in `idat` instead of the file.
    inside: bool,
    pieces: Vec<(u64, u64)>,
    /// Numbers of properties, in the order in which they apply.
    properties: Vec<usize>,
}

/// A reference from one item to others.
#[derive(Debug)]
struct Link {
    kind: [u8; 4],
    from: u32,
    to: Vec<u32>,
}

/// The items of a file.
#[derive(Debug)]
pub(crate) struct Heif<'a> {
    bytes: &'a [u8],
    idat: &'a [u8],
    primary: u32,
    items: Vec<Item>,
    properties: Vec<Part<'a>>,
    links: Vec<Link>,
}

/// Pictures side by side that make one.
#[derive(Debug)]
pub(crate) struct Grid {
    pub(crate) rows: u32,
    pub(crate) columns: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Row by row.
    pub(crate) tiles: Vec<u32>,
}

impl Grid {
    /// Refuses a part that leaves room between itself and its neighbours, or at the grid's end: nothing would be there.
    pub(crate) fn covered(&self, part: (u32, u32), first: (u32, u32)) -> Result<(), Error> {
        let far = |side: u32, count: u32| u64::from(side) * u64::from(count);
        let whole =
            far(first.0, self.columns) >= self.width.into() && far(first.1, self.rows) >= self.height.into();
        if part == first && whole {
            Ok(())
        } else {
            Err(Error::Damaged("the parts of the picture do not fill it".into()))
        }
    }
}

impl<'a> Heif<'a> {
    /// Reads the items. `Damaged` when there is no usable list of them.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        meta::read(bytes).ok_or_else(|| Error::Damaged("the file lists no pictures".into()))
    }

    /// The picture that the file is about.
    pub(crate) fn primary(&self) -> u32 {
        self.primary
    }

    fn item(&self, id: u32) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// What an item is: `hvc1`, `av01`, `grid`, ...; zeros when there is none of this number.
    pub(crate) fn kind(&self, id: u32) -> [u8; 4] {
        self.item(id).map_or([0; 4], |item| item.kind)
    }

    fn properties(&self, id: u32) -> impl Iterator<Item = Part<'a>> {
        let numbers = self.item(id).map_or(&[][..], |item| &item.properties);
        numbers.iter().filter_map(|number| self.properties.get(number.checked_sub(1)?).copied())
    }

    fn property(&self, id: u32, name: &[u8; 4]) -> Option<&'a [u8]> {
        self.properties(id).find(|part| part.name == *name).map(|part| part.body)
    }

    /// Items that `from` refers to.
    fn linked(&self, kind: &[u8; 4], from: u32) -> &[u32] {
        self.links.iter().find(|l| l.kind == *kind && l.from == from).map_or(&[], |l| &l.to)
    }

    /// Width and height as coded, in pixels.
    pub(crate) fn size(&self, id: u32) -> Option<(u32, u32)> {
        let body = self.property(id, b"ispe")?;
        Some((be32(body, 4)?, be32(body, 8)?))
    }

    /// How the coded picture is cut and turned to be seen.
    pub(crate) fn view(&self, id: u32) -> Option<View> {
        View::read(self.size(id)?, self.properties(id))
    }

    /// The picture of opacity that belongs to `id`, and whether the colours are already multiplied by it.
    pub(crate) fn alpha(&self, id: u32) -> Option<(u32, bool)> {
        let alpha = self.links.iter().find(|link| {
            let names = |part: &[u8]| {
                part.starts_with(b"\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:alpha")
                    || part.starts_with(b"\0\0\0\0urn:mpeg:hevc:2015:auxid:1")
            };
            link.kind == *b"auxl"
                && link.to.contains(&id)
                && self.property(link.from, b"auxC").is_some_and(names)
        })?;
        Some((alpha.from, self.linked(b"prem", id).contains(&alpha.from)))
    }

    /// Whether a picture has opacity, as a whole or in each part of a grid.
    pub(crate) fn is_clear(&self, id: u32) -> bool {
        let parts = self.linked(b"dimg", id);
        let each = self.kind(id) == *b"grid" && !parts.is_empty();
        self.alpha(id).is_some() || (each && parts.iter().all(|part| self.alpha(*part).is_some()))
    }

    /// The opacity of a grid that has it in each of its parts, and whether the colours are multiplied by it.
    pub(crate) fn alpha_of_parts(&self, grid: &Grid) -> Option<(Grid, bool)> {
        let parts = grid.tiles.iter().map(|part| self.alpha(*part));
        let (tiles, multiplied): (Vec<u32>, Vec<bool>) =
            parts.collect::<Option<Vec<_>>>()?.into_iter().unzip();
        Some((Grid { tiles, ..*grid }, multiplied.contains(&true)))
    }

    /// Whether the parts of a grid are opacity.
    pub(crate) fn is_opacity(&self, grid: &Grid) -> bool {
        let first = grid.tiles.first().copied().unwrap_or(0);
        let of = |id: u32| self.links.iter().any(|l| l.kind == *b"auxl" && l.from == id);
        of(first) || self.links.iter().any(|l| l.kind == *b"dimg" && l.to.contains(&first) && of(l.from))
    }

    /// Whether a picture is told by its difference from another one.
    pub(crate) fn is_predicted(&self, id: u32) -> bool {
        !self.linked(b"pred", id).is_empty()
    }

    /// The grid that an item describes.
    pub(crate) fn grid(&self, id: u32, limits: &Limits) -> Result<Grid, Error> {
        let wrong = || Error::Damaged("the grid of pictures contradicts itself".into());
        let body = self.data(id, limits)?;
        let wide = body.get(1).is_some_and(|flags| flags & 1 == 1);
        let (rows, columns) = (body.get(2), body.get(3));
        let (Some(rows), Some(columns)) = (rows, columns) else { return Err(wrong()) };
        let (rows, columns) = (u32::from(*rows) + 1, u32::from(*columns) + 1);
        let size = if wide {
            be32(&body, 4).zip(be32(&body, 8))
        } else {
            be16(&body, 4).zip(be16(&body, 6)).map(|(w, h)| (u32::from(w), u32::from(h)))
        };
        let (width, height) = size.ok_or_else(wrong)?;
        limits.size(width, height)?;
        let tiles = self.linked(b"dimg", id).to_vec();
        if tiles.len() != (rows * columns) as usize || tiles.contains(&id) {
            return Err(wrong());
        }
        Ok(Grid { rows, columns, width, height, tiles })
    }

    /// The bytes of an item.
    pub(crate) fn data(&self, id: u32, limits: &Limits) -> Result<Cow<'a, [u8]>, Error> {
        let missing = || Error::Damaged("a part of the picture is not in the file".into());
        let item = self.item(id).ok_or_else(missing)?;
        let from = if item.inside { self.idat } else { self.bytes };
        let piece = |(at, len): &(u64, u64)| {
            let at = usize::try_from(*at).ok()?;
            let len = if *len == 0 { from.len().checked_sub(at)? } else { usize::try_from(*len).ok()? };
            slice(from, at, len)
        };
        match item.pieces.as_slice() {
            [] => Err(missing()),
            [one] => piece(one).map(Cow::Borrowed).ok_or_else(missing),
            many => {
                // Pieces may overlap, so their sum is not bounded by the file.
                let total = many.iter().fold(0u64, |sum, (_, len)| sum.saturating_add(*len));
                limits.alloc(total)?;
                let mut whole = Vec::new();
                for one in many {
                    whole.extend_from_slice(piece(one).ok_or_else(missing)?);
                    limits.alloc(whole.len() as u64)?;
                }
                Ok(Cow::Owned(whole))
            }
        }
    }
}
