//! The box that lists the items (`meta`): names, places, properties and references. What is not understood is stepped
//! over; lists that are longer than any real file's are cut off.

use super::{Heif, Item, Link, MOST, MOST_PIECES, Part, be16, be32, parts, slice};

/// Reads the list; nothing without one, or without a main picture in it.
pub(super) fn read(bytes: &[u8]) -> Option<Heif<'_>> {
    let meta = parts(bytes).find(|part| part.name == *b"meta")?.body.get(4..)?;
    let mut heif =
        Heif { bytes, idat: &[], primary: 0, items: Vec::new(), properties: Vec::new(), links: Vec::new() };
    for part in parts(meta) {
        match &part.name {
            b"pitm" => heif.primary = number(part.body, 4, *part.body.first()? != 0)?,
            b"idat" => heif.idat = part.body,
            _ => {}
        }
    }
    // Places and properties are given to items that are known by then.
    for wanted in [b"iinf", b"iloc", b"iprp", b"iref"] {
        for part in parts(meta).filter(|part| part.name == *wanted) {
            match wanted {
                b"iinf" => infos(&mut heif, part.body),
                b"iloc" => places(&mut heif, part.body),
                b"iprp" => properties(&mut heif, part.body),
                _ => links(&mut heif, part.body),
            };
        }
    }
    heif.item(heif.primary)?;
    Some(heif)
}

/// A number of 32 or 16 bits.
fn number(bytes: &[u8], at: usize, wide: bool) -> Option<u32> {
    if wide { be32(bytes, at) } else { be16(bytes, at).map(u32::from) }
}

/// `iinf`: what each item is.
fn infos(heif: &mut Heif<'_>, body: &[u8]) -> Option<()> {
    let head = if *body.first()? == 0 { 6 } else { 8 };
    for part in parts(body.get(head..)?).filter(|part| part.name == *b"infe").take(MOST) {
        let version = part.body.first().copied().unwrap_or(0);
        if version < 2 {
            continue;
        }
        let wide = version > 2;
        let at = if wide { 8 } else { 6 };
        let (Some(id), Some(kind)) = (number(part.body, 4, wide), slice(part.body, at + 2, 4)) else {
            continue;
        };
        // A name that ends with a zero, then the media type.
        let mut words = part.body.get(at + 6..).unwrap_or_default().split(|b| *b == 0);
        let mime = words.nth(1).unwrap_or_default().to_vec();
        let kind = kind.first_chunk().copied().unwrap_or_default();
        heif.items.push(Item { id, kind, mime, ..Item::default() });
    }
    Some(())
}

/// `iloc`: where the bytes of each item are.
fn places(heif: &mut Heif<'_>, body: &[u8]) -> Option<()> {
    let version = *body.first()?;
    let sizes = be16(body, 4)?;
    let field = |shift: u16| usize::from(sizes >> shift & 15);
    let (offset, length, base) = (field(12), field(8), field(4));
    let index = if version == 0 { 0 } else { field(0) };
    let mut at = 6;
    let mut take = |len: usize| {
        let value = slice(body, at, len)?.iter().fold(0u64, |sum, b| sum << 8 | u64::from(*b));
        at += len;
        (len <= 8).then_some(value)
    };
    let wide = if version < 2 { 2 } else { 4 };
    let count = take(wide)?;
    for _ in 0..count.min(MOST as u64) {
        let id = u32::try_from(take(wide)?).ok()?;
        let inside = if version == 0 { 0 } else { take(2)? & 15 };
        // Number of the data reference: this file is the only one that is read.
        let elsewhere = take(2)? != 0;
        let base = take(base)?;
        let mut pieces = Vec::new();
        let count = take(2)?;
        // Pieces without a word about them are all the same piece.
        let count = if index + offset + length == 0 { count.min(1) } else { count };
        for _ in 0..count {
            take(index)?;
            let (from, len) = (take(offset)?, take(length)?);
            if pieces.len() < MOST_PIECES {
                pieces.push((base.saturating_add(from), len));
            }
        }
        if let Some(item) = heif.items.iter_mut().find(|item| item.id == id)
            && !elsewhere
            && inside < 2
        {
            item.inside = inside == 1;
            item.pieces = pieces;
        }
    }
    Some(())
}

/// `iprp`: the properties, and whose they are.
fn properties<'a>(heif: &mut Heif<'a>, body: &'a [u8]) -> Option<()> {
    let all: Vec<Part<'a>> = parts(body).collect();
    let list = all.iter().find(|part| part.name == *b"ipco")?;
    heif.properties = parts(list.body).take(MOST).collect();
    for part in all.iter().filter(|part| part.name == *b"ipma") {
        owners(heif, part.body);
    }
    Some(())
}

fn owners(heif: &mut Heif<'_>, body: &[u8]) -> Option<()> {
    let (version, wide) = (*body.first()?, body.get(3)? & 1 == 1);
    let count = be32(body, 4)?;
    let mut at = 8;
    for _ in 0..(count as usize).min(MOST) {
        let id = number(body, at, version > 0)?;
        at += if version > 0 { 4 } else { 2 };
        let properties = *body.get(at)?;
        at += 1;
        for _ in 0..properties {
            // The first bit says that the property must be understood.
            let number = if wide { be16(body, at)? & 0x7FFF } else { u16::from(body.get(at)? & 0x7F) };
            at += if wide { 2 } else { 1 };
            if let Some(item) = heif.items.iter_mut().find(|item| item.id == id)
                && item.properties.len() < MOST_PIECES
            {
                item.properties.push(usize::from(number));
            }
        }
    }
    Some(())
}

/// `iref`: which item belongs to which.
fn links(heif: &mut Heif<'_>, body: &[u8]) -> Option<()> {
    let wide = *body.first()? != 0;
    let step = if wide { 4 } else { 2 };
    let mut room = MOST;
    for part in parts(body.get(4..)?).take(MOST) {
        let (Some(from), Some(count)) = (number(part.body, 0, wide), be16(part.body, step)) else {
            continue;
        };
        let place = |n| step + 2 + n * step;
        let to: Vec<u32> =
            (0..usize::from(count).min(room)).map_while(|n| number(part.body, place(n), wide)).collect();
        room -= to.len();
        heif.links.push(Link { kind: part.name, from, to });
    }
    Some(())
}
