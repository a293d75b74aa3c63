//! The directories of a TIFF: size, orientation, profile, and everything that is not the picture. Raw files of cameras
//! have the same structure and are told from pictures here.

mod directory;
mod raw;

use image::metadata::Orientation;

pub(crate) use self::directory::{Directory, Tiff, is_tiff, tag};
use super::{Header, jpeg};
use crate::{Error, Limits, Unsupported};

/// Reads what the file says of its picture: the first page that is no reduced copy of another one.
pub(super) fn header(bytes: &[u8], limits: &Limits) -> Result<Header, Error> {
    let none = || Error::Damaged("the TIFF has no directory".into());
    let file = Tiff::read(bytes).ok_or_else(none)?;
    let directories = file.all();
    let first = directories.first().ok_or_else(none)?;
    if raw::is_raw(bytes, &directories) {
        let Some(place) = raw::finished(bytes, file, &directories) else {
            return Err(Error::Unsupported(Unsupported::Raw));
        };
        let mut header = jpeg::header(&bytes[place.clone()], limits)?;
        let turned = orientation(first);
        describe(&mut header, first, bytes, limits);
        header.orientation = turned.unwrap_or(header.orientation);
        header.metadata.add("further pictures");
        header.inner = Some(place);
        return Ok(header);
    }
    let reduced = |d: &&Directory<'_>| d.number(tag::NEW_SUBFILE_TYPE).is_none_or(|kind| kind & 1 == 0);
    let page = directories.iter().find(reduced).unwrap_or(first);
    let side = |tag| page.number(tag).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    let mut header = Header::new(side(tag::WIDTH), side(tag::HEIGHT));
    header.page = page.at;
    header.alpha = page.numbers(tag::EXTRA).first().is_some_and(|n| matches!(n, 1 | 2));
    describe(&mut header, page, bytes, limits);
    header.orientation = orientation(page).unwrap_or(Orientation::NoTransforms);
    if directories.len() > 1 || first.has_next() {
        header.metadata.add("further pictures");
    }
    Ok(header)
}

fn orientation(page: &Directory<'_>) -> Option<Orientation> {
    page.number(tag::ORIENTATION).and_then(|n| Orientation::from_exif(u8::try_from(n).ok()?))
}

/// Everything that is not the picture, and its profile.
fn describe(header: &mut Header, page: &Directory<'_>, bytes: &[u8], limits: &Limits) {
    let mut exif = false;
    for tag in page.tags() {
        match tag {
            0x10E | 0x9C9B | 0x9C9C => header.metadata.add("comment"),
            0x132 => header.metadata.add("time"),
            0x13B | 0x9C9D | 0x8298 => header.metadata.add("author"),
            0x10F | 0x110 => header.metadata.add("camera"),
            0x131 | 0x13C => header.metadata.add("application data"),
            0x83BB | 0x8649 => header.metadata.add("iptc"),
            0x8769 | 0x8825 => exif = true,
            0x2BC => header.take_xmp(page.data(tag), false),
            0x8773 if header.inner.is_none() && header.icc.is_none() => {
                header.take_icc(page.data(tag).to_vec(), limits);
            }
            _ => {}
        }
    }
    if exif {
        header.take_exif(bytes);
    }
}
