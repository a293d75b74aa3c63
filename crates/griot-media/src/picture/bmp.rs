//! The header of a BMP: its size. It has no metadata but, rarely, a profile.

use super::{Header, le16, le32};
use crate::Error;

/// Reads the two headers.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Error> {
    let cut = || Error::Damaged("the BMP has no header".into());
    let length = le32(bytes, 14).ok_or_else(cut)?;
    if length == 12 {
        let size = le16(bytes, 18).zip(le16(bytes, 20)).ok_or_else(cut)?;
        return Ok(Header::new(u32::from(size.0), u32::from(size.1)));
    }
    let (width, height) = le32(bytes, 18).zip(le32(bytes, 22)).ok_or_else(cut)?;
    // A negative height says that the first row is the upper one.
    let mut header = Header::new(width.cast_signed().unsigned_abs(), height.cast_signed().unsigned_abs());
    header.alpha =
        length >= 56 && le16(bytes, 28) == Some(32) && le32(bytes, 66).is_some_and(|mask| mask != 0);
    if length >= 124 && le32(bytes, 70) == Some(u32::from_be_bytes(*b"MBED")) {
        header.metadata.add("icc");
    }
    Ok(header)
}
