//! What a picture file says of itself before it is decoded: size, orientation, profile, and the metadata that no
//! rendition will carry. One reader for the probe and the renderer, so that both agree on what is upright.
//!
//! It decodes no pixels and trusts no length: whatever points outside the file is ignored or refused.

mod bmp;
mod exif;
mod gif;
pub(crate) mod heif;
mod jpeg;
mod png;
mod svg;
mod tiff;
mod webp;

use std::ops::Range;

use griot_domain::asset::Format;
use image::metadata::Orientation;

pub(crate) use self::gif::rounds as gif_rounds;
pub(crate) use self::jpeg::{header as jpeg_header, next_marker as jpeg_marker};
pub(crate) use self::png::{essential, moving};
pub(crate) use self::svg::{Drawing, is_drawing};
pub(crate) use self::tiff::{Directory, Tiff, is_tiff, tag};
use crate::{Error, Limits};

/// The header of a picture.
#[derive(Debug)]
pub(crate) struct Header {
    /// Stored width in pixels, before the orientation.
    pub(crate) width: u32,
    /// Stored height in pixels.
    pub(crate) height: u32,
    /// How the stored picture is turned to stand upright.
    pub(crate) orientation: Orientation,
    /// The embedded colour profile, when it is whole and not absurdly large.
    pub(crate) icc: Option<Vec<u8>>,
    /// The numbers that describe the colours of a picture without a profile.
    pub(crate) numbers: Option<Numbers>,
    /// Whether there are transparent parts.
    pub(crate) alpha: bool,
    /// Whether there is more than one frame.
    pub(crate) animated: bool,
    /// Whether a JPEG carries Adobe's marker: its CMYK values are then stored inverted.
    pub(crate) adobe: bool,
    /// Whether a JPEG is progressive: its decoder keeps all coefficients.
    pub(crate) progressive: bool,
    /// Channels of a JPEG.
    pub(crate) components: u8,
    /// What else is in the file.
    pub(crate) metadata: Kinds,
    /// Where the finished JPEG of a camera's raw file is.
    pub(crate) inner: Option<Range<usize>>,
    /// Where the directory of a TIFF's picture is.
    pub(crate) page: usize,
    /// The small JPEG of the EXIF block, turned as the picture is.
    pub(crate) thumbnail: Option<Vec<u8>>,
    /// Who made the picture and whose it is.
    pub(crate) credit: Credit,
}

/// The words that may stay in a rendition when a person wants them to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Credit {
    /// Who made it.
    pub(crate) artist: Option<String>,
    /// Whose it is.
    pub(crate) copyright: Option<String>,
}

/// Colours described by numbers instead of a profile (ITU-T H.273).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) primaries: u16,
    pub(crate) transfer: u16,
    pub(crate) matrix: u16,
    /// Whether the samples use their whole range.
    pub(crate) full: bool,
}

impl Header {
    fn new(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            orientation: Orientation::NoTransforms,
            icc: None,
            numbers: None,
            alpha: false,
            animated: false,
            adobe: false,
            progressive: false,
            components: 3,
            metadata: Kinds::default(),
            inner: None,
            page: 0,
            thumbnail: None,
            credit: Credit::default(),
        }
    }

    /// Width and height of the upright picture.
    pub(crate) fn upright(&self) -> (u32, u32) {
        if quarter(self.orientation) { (self.height, self.width) } else { (self.width, self.height) }
    }

    /// Takes what an EXIF block (starting at its byte order mark) says.
    fn take_exif(&mut self, block: &[u8]) {
        self.metadata.add("exif");
        let found = exif::read(block);
        if let Some(orientation) = found.orientation {
            self.orientation = orientation;
        }
        for kind in found.kinds {
            self.metadata.add(kind);
        }
        self.thumbnail = self.thumbnail.take().or(found.thumbnail);
        let Credit { artist, copyright } = found.credit;
        self.credit.artist = artist.or(self.credit.artist.take());
        self.credit.copyright = copyright.or(self.credit.copyright.take());
    }

    /// Takes what an XMP packet says. Its orientation counts only where the file has no EXIF.
    fn take_xmp(&mut self, packet: &[u8], use_orientation: bool) {
        self.metadata.add("xmp");
        exif::xmp_kinds(packet).for_each(|kind| self.metadata.add(kind));
        // Where both speak, the EXIF block is the camera's or the agency's own word.
        let credit = &mut self.credit;
        credit.artist = credit.artist.take().or_else(|| exif::xmp_entry(packet, b"<dc:creator"));
        credit.copyright = credit.copyright.take().or_else(|| exif::xmp_entry(packet, b"<dc:rights"));
        if use_orientation && let Some(orientation) = exif::xmp_orientation(packet) {
            self.orientation = orientation;
        }
    }

    fn take_icc(&mut self, profile: Vec<u8>, limits: &Limits) {
        self.metadata.add("icc");
        self.icc = (profile.len() as u64 <= limits.max_profile_bytes).then_some(profile);
    }
}

/// Kinds of metadata, each once, in the order of finding.
#[derive(Debug, Default, Clone)]
pub(crate) struct Kinds(Vec<String>);

impl Kinds {
    pub(crate) fn add(&mut self, kind: &str) {
        if !self.0.iter().any(|known| known == kind) {
            self.0.push(kind.to_owned());
        }
    }

    pub(crate) fn has(&self, kind: &str) -> bool {
        self.0.iter().any(|known| known == kind)
    }

    pub(crate) fn into_vec(self) -> Vec<String> {
        self.0
    }
}

/// Reads the header of a picture and holds it against the limits.
pub(crate) fn header(bytes: &[u8], format: Format, limits: &Limits) -> Result<Header, Error> {
    let header = match format {
        Format::Jpeg => jpeg::header(bytes, limits)?,
        Format::Png => png::header(bytes, limits)?,
        Format::Webp => webp::header(bytes, limits)?,
        Format::Gif => gif::header(bytes)?,
        Format::Heic | Format::Avif => heif::header(bytes, limits)?,
        Format::Tiff => tiff::header(bytes, limits)?,
        Format::Bmp => bmp::header(bytes)?,
        Format::Svg => svg::header(bytes, limits)?,
        Format::Mp4
        | Format::Mov
        | Format::ThreeGp
        | Format::Webm
        | Format::Mkv
        | Format::Avi
        | Format::Ts
        | Format::Mpeg
        | Format::Wmv
        | Format::Flv
        | Format::Ogv => {
            return Err(Error::Bug("a film has no picture header".into()));
        }
    };
    limits.size(header.width, header.height)?;
    Ok(header)
}

/// Whether an orientation swaps width and height.
pub(crate) fn quarter(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Where `needle` first stands in `hay`.
pub(crate) fn memfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

/// The bytes `from..from + len`, or nothing when they are not all there.
fn slice(bytes: &[u8], from: usize, len: usize) -> Option<&[u8]> {
    bytes.get(from..from.checked_add(len)?)
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*slice(bytes, at, 2)?.first_chunk()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*slice(bytes, at, 4)?.first_chunk()?))
}

fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*slice(bytes, at, 2)?.first_chunk()?))
}

fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    let part = slice(bytes, at, 3)?;
    Some(u32::from(part[0]) | u32::from(part[1]) << 8 | u32::from(part[2]) << 16)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*slice(bytes, at, 4)?.first_chunk()?))
}
