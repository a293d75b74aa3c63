//! The header of a HEIC or AVIF picture: size as seen, profile, and everything that is not the picture.

use super::super::{Header, Numbers};
use super::{Heif, be16, slice};
use crate::{Error, Limits};

/// Reads what the file says of its main picture.
pub(crate) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Error> {
    let heif = match Heif::read(bytes) {
        Ok(heif) => heif,
        // Bursts have no list of pictures; the decoder finds their first one by itself.
        Err(e) => return burst(bytes).ok_or(e),
    };
    let primary = heif.primary();
    let Some((width, height)) = heif.size(primary) else {
        return Err(Error::Damaged("the main picture declares no size".into()));
    };
    limits.size(width, height)?;
    let view = heif
        .view(primary)
        .filter(|view| view.width > 0 && view.height > 0)
        .ok_or_else(|| Error::Damaged("the picture is cut to nothing".into()))?;
    let mut header = Header::new(view.width, view.height);
    header.alpha = heif.is_clear(primary);
    header.animated = bytes.get(8..12) == Some(b"avis") || brands(bytes).any(|brand| brand == b"avis");
    colours(&mut header, &heif, primary, limits);
    metadata(&mut header, &heif, limits);
    for part in super::parts(bytes) {
        match &part.name {
            b"ftyp" | b"meta" | b"mdat" | b"free" | b"skip" => {}
            // The film of a moving photo, or the frames of an animated picture.
            b"moov" | b"mpvd" => header.metadata.add("further pictures"),
            _ => header.metadata.add("trailing data"),
        }
    }
    // The turn is the container's; what EXIF or XMP said of one was said twice.
    header.orientation = view.orientation;
    Ok(header)
}

/// The brands of the file, main one included.
pub(crate) fn brands(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let body = super::parts(bytes).next().filter(|part| part.name == *b"ftyp").map_or(&[][..], |p| p.body);
    body.chunks_exact(4)
}

fn burst(bytes: &[u8]) -> Option<Header> {
    let info = heic_decoder::probe(bytes).ok()?;
    let mut header = Header::new(u32::try_from(info.width).ok()?, u32::try_from(info.height).ok()?);
    header.alpha = info.alpha_bit_depth.is_some();
    Some(header)
}

/// The profile, or the numbers that stand for one. A file may have both: the profile wins.
fn colours(header: &mut Header, heif: &Heif<'_>, primary: u32, limits: &Limits) {
    // A grid may leave it to its tiles.
    let first = heif.linked(b"dimg", primary).first().copied();
    for id in [Some(primary), first].into_iter().flatten() {
        for part in heif.properties(id).filter(|part| part.name == *b"colr") {
            match part.body.first_chunk() {
                Some(b"prof" | b"rICC") if header.icc.is_none() && part.body.len() > 4 => {
                    header.take_icc(part.body[4..].to_vec(), limits);
                }
                Some(b"nclx") if header.numbers.is_none() => header.numbers = numbers(&part.body[4..]),
                _ => {}
            }
        }
    }
}

fn numbers(body: &[u8]) -> Option<Numbers> {
    Some(Numbers {
        primaries: be16(body, 0)?,
        transfer: be16(body, 2)?,
        matrix: be16(body, 4)?,
        full: body.get(6)? & 0x80 != 0,
    })
}

/// Everything in the list that is not the main picture or a part of it.
fn metadata(header: &mut Header, heif: &Heif<'_>, limits: &Limits) {
    let primary = heif.primary();
    let alpha = heif.alpha(primary).map(|(id, _)| id);
    let is_part = |id: u32| heif.linked(b"dimg", primary).contains(&id) && heif.alpha(id).is_some();
    for item in &heif.items {
        let belongs = |to: u32| {
            heif.links.iter().any(|l| l.kind == *b"dimg" && l.from == to && l.to.contains(&item.id))
        };
        match &item.kind {
            b"Exif" => {
                if let Ok(data) = heif.data(item.id, limits) {
                    // Four bytes say how far the block is behind them.
                    let skip = super::be32(&data, 0).map_or(0, |n| n as usize);
                    let block = slice(&data, skip.saturating_add(4), 1).map(|_| &data[skip + 4..]);
                    header.take_exif(block.unwrap_or_default());
                }
            }
            b"mime" if item.mime == b"application/rdf+xml" => {
                header.take_xmp(&heif.data(item.id, limits).unwrap_or_default(), false);
            }
            b"mime" | b"uri " => header.metadata.add("application data"),
            _ if heif.linked(b"thmb", item.id).contains(&primary) => header.metadata.add("thumbnail"),
            _ if item.id == primary || Some(item.id) == alpha => {}
            _ if heif.linked(b"auxl", item.id).iter().any(|to| is_part(*to)) => {}
            _ if belongs(primary) || alpha.is_some_and(belongs) => {}
            // Depth maps, gain maps, further photos of a burst.
            _ => header.metadata.add("further pictures"),
        }
    }
}
