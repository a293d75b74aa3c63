//! One page of a TIFF: what its directory says, and its samples put together from strips or tiles.

use super::super::{canary, jpeg};
use super::{Samples, unpack};
use crate::picture::{Directory, Tiff, tag};
use crate::{Error, Limits, Unsupported};

/// Channels of a pixel; more are of measurements, not of pictures.
const MOST_CHANNELS: u64 = 8;
/// The longest side of a strip or tile.
const WIDEST: u32 = 1 << 20;
/// JPEG within TIFF, as the supplement of 1995 says it.
const JPEG: u16 = 7;

/// What a page is.
pub(super) struct Page<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bits of a sample: 1, 2, 4, 8, 16 or 32.
    pub(super) bits: u16,
    /// Samples of a pixel in the file.
    pub(super) channels: usize,
    /// Photometric interpretation.
    pub(super) kind: u16,
    pub(super) compression: u16,
    pub(super) predictor: u16,
    /// Samples of 32 bits are fractions.
    pub(super) float: bool,
    pub(super) little: bool,
    /// Bits of each byte from the right.
    pub(super) reversed: bool,
    pub(super) fax_options: u64,
    /// What the samples beyond the colours are.
    pub(super) extra: Vec<u64>,
    pub(super) palette: Vec<u64>,
    /// Pixels that share their chroma, across and down.
    pub(super) shared: (usize, usize),
    /// Shares of red, green and blue in luma.
    pub(super) weights: Vec<f32>,
    /// Black and white of each channel.
    pub(super) reference: Vec<f32>,
    tables: &'a [u8],
    planes: usize,
    /// Width and height of a strip or tile.
    piece: (u32, u32),
    tiled: bool,
    places: Vec<u64>,
    lengths: Vec<u64>,
}

impl<'a> Page<'a> {
    /// Reads the directory at `at`.
    pub(super) fn read(bytes: &'a [u8], at: usize) -> Result<Self, Error> {
        let none = || Error::Damaged("the TIFF has no directory".into());
        let file = Tiff::read(bytes).ok_or_else(none)?;
        let page = file.directory(at).ok_or_else(none)?;
        let whole = |tag: u16, usual: u64| page.number(tag).unwrap_or(usual);
        let small = |tag, usual| u16::try_from(whole(tag, usual)).unwrap_or(u16::MAX);
        let kind = small(tag::PHOTOMETRIC, 1);
        let float = page.numbers(tag::SAMPLE_FORMAT).first() == Some(&3);
        let (bits, channels) = samples(&page, float).map_err(|bits| unread(kind, bits))?;
        let (tiled, piece) = cut(&page)?;
        let (places, lengths) =
            if tiled { (tag::TILES, tag::TILE_BYTES) } else { (tag::STRIPS, tag::STRIP_BYTES) };
        let shared = page.numbers(tag::SUBSAMPLING);
        let pair = |n: usize| shared.get(n).and_then(|n| usize::try_from(*n).ok()).unwrap_or(2);
        let planar = whole(tag::PLANAR, 1) == 2 && channels > 1;
        let page = Self {
            width: side(&page, tag::WIDTH, 0),
            height: side(&page, tag::HEIGHT, 0),
            bits,
            channels,
            kind,
            compression: small(tag::COMPRESSION, 1),
            predictor: small(tag::PREDICTOR, 1),
            float,
            little: file.little,
            reversed: whole(tag::FILL_ORDER, 1) == 2,
            fax_options: whole(tag::FAX_OPTIONS, 0),
            extra: page.numbers(tag::EXTRA),
            palette: page.numbers(tag::PALETTE),
            shared: (pair(0), pair(1)),
            weights: page.fractions(tag::WEIGHTS),
            reference: page.fractions(tag::REFERENCE),
            tables: page.data(tag::JPEG_TABLES),
            planes: if planar { channels } else { 1 },
            piece,
            tiled,
            places: page.numbers(places),
            lengths: page.numbers(lengths),
        };
        page.sound().ok_or_else(|| unread(kind, bits))
    }

    /// Nothing when chroma is shared in a way that is not read.
    fn sound(self) -> Option<Self> {
        let shares = self.kind == 6 && self.compression != JPEG && self.shared != (1, 1);
        let (h, v) = self.shared;
        let whole = [1, 2, 4].contains(&h) && [1, 2, 4].contains(&v) && self.planes == 1;
        let readable = whole && self.bits == 8 && self.channels == 3;
        (!shares || readable).then_some(self)
    }

    pub(super) fn is_deep(&self) -> bool {
        self.bits > 8
    }

    /// Whether a JPEG's decoder has already turned luma and chroma into light.
    pub(super) fn is_jpeg(&self) -> bool {
        self.compression == JPEG
    }

    /// Samples of a pixel in one plane.
    pub(super) fn beside(&self) -> usize {
        if self.planes > 1 { 1 } else { self.channels }
    }

    /// Bytes of a row of a piece that is `width` wide.
    pub(super) fn row_bytes(&self, width: usize) -> usize {
        (width * self.beside() * usize::from(self.bits)).div_ceil(8)
    }

    /// The samples of the page.
    pub(super) fn samples(&self, bytes: &[u8], limits: &Limits) -> Result<Samples, Error> {
        let count = self.width as usize * self.height as usize * self.channels;
        let sample = if self.is_deep() { 2 } else { 1 };
        let part = self.row_bytes(self.piece.0 as usize) as u64 * u64::from(self.piece.1.min(self.height));
        limits.alloc((count as u64 * sample).saturating_add(part))?;
        let mut samples = if self.is_deep() {
            Samples::Deep(vec![0; count])
        } else {
            let mut plain = vec![0; count];
            canary::plant(&mut plain);
            Samples::Plain(plain)
        };
        let across = self.width.div_ceil(self.piece.0);
        let down = self.height.div_ceil(self.piece.1);
        let each = across as usize * down as usize;
        let missing = || Error::Damaged("a part of the TIFF is not in the file".into());
        for n in 0..each * self.planes {
            let (plane, n) = (n / each, n % each);
            let at = usize::try_from(*self.places.get(plane * each + n).ok_or_else(missing)?).ok();
            let len = self.lengths.get(plane * each + n).and_then(|len| usize::try_from(*len).ok());
            let from = at.and_then(|at| bytes.get(at..)).ok_or_else(missing)?;
            // Old files of one strip leave its length out or say too much.
            let data = &from[..len.unwrap_or(from.len()).min(from.len())];
            let (x, y) = (n as u32 % across * self.piece.0, n as u32 / across * self.piece.1);
            let high = if self.tiled { self.piece.1 } else { self.piece.1.min(self.height - y) };
            let piece = (self.piece.0 as usize, high as usize);
            let raw = self.unpacked(data, piece, limits)?;
            self.place(&mut samples, &raw, (x, y, plane), piece);
        }
        match &samples {
            Samples::Plain(plain) if !canary::written(plain) => Err(missing()),
            _ => Ok(samples),
        }
    }

    /// The rows of a piece, as its samples lie in an unpacked file.
    fn unpacked(
        &self,
        data: &[u8],
        (width, height): (usize, usize),
        limits: &Limits,
    ) -> Result<Vec<u8>, Error> {
        let most = (self.row_bytes(width) * height) as u64;
        limits.alloc(most)?;
        if self.is_jpeg() {
            let plain = !matches!(self.kind, 6);
            let (raw, size) = jpeg::part(self.tables, data, self.beside(), plain, limits)?;
            let fits = self.bits == 8 && size.0 as usize == width && size.1 as usize >= height;
            return if fits {
                Ok(raw)
            } else {
                Err(Error::Damaged("a JPEG of another size in the TIFF".into()))
            };
        }
        unpack::rows(self, data, width, height)
    }

    /// Puts a piece where it belongs; what sticks out is its padding.
    fn place(
        &self,
        samples: &mut Samples,
        raw: &[u8],
        (x, y, plane): (u32, u32, usize),
        piece: (usize, usize),
    ) {
        let (beside, line) = (self.beside(), self.row_bytes(piece.0));
        let (x, y) = (x as usize, y as usize);
        let wide = piece.0.min(self.width as usize - x) * beside;
        let high = piece.1.min(self.height as usize - y);
        for (row, from) in raw.chunks_exact(line).take(high).enumerate() {
            let start = ((y + row) * self.width as usize + x) * self.channels + plane;
            match samples {
                Samples::Plain(to) if self.bits == 8 && beside == self.channels => {
                    to[start..start + wide].copy_from_slice(&from[..wide]);
                }
                Samples::Plain(to) => {
                    for (n, value) in (0..wide).map(|n| (n, self.small(from, n))) {
                        to[start + n / beside * self.channels + n % beside] = value;
                    }
                }
                Samples::Deep(to) => {
                    for (n, value) in (0..wide).map(|n| (n, self.large(from, n))) {
                        to[start + n / beside * self.channels + n % beside] = value;
                    }
                }
            }
        }
    }

    /// The nth sample of a row, of eight bits or fewer: spread over eight, except where it is a number in a palette.
    fn small(&self, row: &[u8], n: usize) -> u8 {
        let (bits, each) = (usize::from(self.bits), 8 / usize::from(self.bits));
        let most = ((1u16 << bits) - 1) as u8;
        let value = row[n / each] >> (8 - bits * (n % each + 1)) & most;
        if self.kind == 3 { value } else { (u16::from(value) * 255 / u16::from(most)) as u8 }
    }

    /// The nth sample of a row, of more than eight bits.
    fn large(&self, row: &[u8], n: usize) -> u16 {
        if self.bits == 16 {
            let pair = [row[2 * n], row[2 * n + 1]];
            return if self.little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) };
        }
        let four = [row[4 * n], row[4 * n + 1], row[4 * n + 2], row[4 * n + 3]];
        let value = if self.little { f32::from_le_bytes(four) } else { f32::from_be_bytes(four) };
        (value.clamp(0.0, 1.0) * 65_535.0).round() as u16
    }
}

fn unread(kind: u16, bits: u16) -> Error {
    Error::Unsupported(Unsupported::TiffSamples { kind, bits })
}

fn side(page: &Directory<'_>, tag: u16, usual: u32) -> u32 {
    page.number(tag).map_or(usual, |n| u32::try_from(n).unwrap_or(0))
}

/// Bits of a sample and samples of a pixel; the bits where these are not read.
fn samples(page: &Directory<'_>, float: bool) -> Result<(u16, usize), u16> {
    let bits = page.numbers(tag::BITS);
    let first = bits.first().map_or(1, |n| u16::try_from(*n).unwrap_or(u16::MAX));
    let known = if float { first == 32 } else { matches!(first, 1 | 2 | 4 | 8 | 16) };
    let alike = bits.iter().all(|n| *n == u64::from(first));
    let channels = page.number(tag::SAMPLES).unwrap_or(1);
    let some = (1..=MOST_CHANNELS).contains(&channels);
    if known && alike && some { Ok((first, channels as usize)) } else { Err(first) }
}

/// Whether a page is cut into tiles, and the size of a tile or strip.
fn cut(page: &Directory<'_>) -> Result<(bool, (u32, u32)), Error> {
    let (width, height) = (side(page, tag::WIDTH, 0), side(page, tag::HEIGHT, 0));
    let tiled = page.number(tag::TILES).is_some();
    let piece = if tiled {
        (side(page, tag::TILE_WIDTH, 0), side(page, tag::TILE_HEIGHT, 0))
    } else {
        (width, side(page, tag::ROWS, height).clamp(1, height.max(1)))
    };
    if piece.0 == 0 || piece.1 == 0 || piece.0 > WIDEST || piece.1 > WIDEST {
        return Err(Error::Damaged("the TIFF is cut into impossible parts".into()));
    }
    Ok((tiled, piece))
}
