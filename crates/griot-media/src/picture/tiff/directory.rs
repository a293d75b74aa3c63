//! Directories of a TIFF: entries by their numbers, in the byte order and the width (plain or BigTIFF) of the file.
//! Whatever points outside the file is nothing.

use super::super::slice;

/// The most entries of a directory and values of an entry that are looked at: a large scan has some 20,000 strips.
const MOST_ENTRIES: usize = 4096;
const MOST_VALUES: u64 = 1 << 20;
/// The most directories that are looked at.
const MOST: usize = 64;

/// Numbers as the file writes them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tiff<'a> {
    bytes: &'a [u8],
    pub(crate) little: bool,
    /// Whether places and counts have eight bytes.
    wide: bool,
    /// Where the first directory is.
    first: usize,
}

/// One entry: what it is, and where its values are.
#[derive(Debug, Clone, Copy)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    at: usize,
}

/// The entries of one directory.
#[derive(Debug)]
pub(crate) struct Directory<'a> {
    file: Tiff<'a>,
    entries: Vec<Entry>,
    /// Where it stands in the file.
    pub(crate) at: usize,
    next: usize,
}

/// How TIFF files begin, cameras' own spellings included, and whether their places have eight bytes.
const STARTS: [(&[u8], bool); 8] = [
    (b"II*\0", false),
    (b"MM\0*", false),
    (b"II+\0\x08\0\0\0", true),
    (b"MM\0+\0\x08\0\0", true),
    (b"IIRO", false),
    (b"IIRS", false),
    (b"MMOR", false),
    (b"IIU\0", false),
];

/// Whether a file that starts like this has the structure of a TIFF.
pub(crate) fn is_tiff(head: &[u8]) -> bool {
    STARTS.iter().any(|(start, _)| head.starts_with(start))
}

impl<'a> Tiff<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let wide = STARTS.iter().find(|(start, _)| bytes.starts_with(start))?.1;
        let mut file = Self { bytes, little: bytes.starts_with(b"II"), wide, first: 0 };
        file.first = if wide { file.place(8)? } else { file.place(4)? };
        Some(file)
    }

    pub(crate) fn number(&self, at: usize, len: usize) -> Option<u64> {
        let part = slice(self.bytes, at, len)?;
        let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if self.little { part.iter().rev().fold(0, join) } else { part.iter().fold(0, join) })
    }

    fn place(&self, at: usize) -> Option<usize> {
        usize::try_from(self.number(at, if self.wide { 8 } else { 4 })?).ok()
    }

    /// The directory at `at`.
    pub(crate) fn directory(self, at: usize) -> Option<Directory<'a>> {
        let (head, step, room) = if self.wide { (8, 20, 8) } else { (2, 12, 4) };
        let count = usize::try_from(self.number(at, head)?).ok()?;
        let entry = |n: usize| {
            let at = at.checked_add(head + n * step)?;
            let kind = u16::try_from(self.number(at + 2, 2)?).ok()?;
            let count = self.number(at + 4, room)?;
            // What fits stands in the entry itself.
            let far = count.checked_mul(width(kind) as u64)? > room as u64;
            let values = at + 4 + room;
            let at_values = if far { self.place(values)? } else { values };
            Some(Entry { tag: u16::try_from(self.number(at, 2)?).ok()?, kind, count, at: at_values })
        };
        let entries = (0..count.min(MOST_ENTRIES)).map_while(entry).collect();
        let end = at.checked_add(head)?.checked_add(count.checked_mul(step)?)?;
        Some(Directory { file: self, entries, at, next: self.place(end).unwrap_or(0) })
    }

    /// All directories: the pages in their order, each followed by those within it.
    pub(crate) fn all(self) -> Vec<Directory<'a>> {
        let (mut found, mut waiting) = (Vec::new(), vec![self.first]);
        while let Some(at) = waiting.pop() {
            let known = |known: &Directory<'_>| known.at == at;
            if at == 0 || found.len() >= MOST || found.iter().any(known) {
                continue;
            }
            let Some(directory) = self.directory(at) else { continue };
            waiting.push(directory.next);
            let within = directory.numbers(tag::WITHIN);
            waiting.extend(within.iter().take(MOST).rev().filter_map(|at| usize::try_from(*at).ok()));
            found.push(directory);
        }
        found
    }
}

/// Bytes of one value of a kind.
fn width(kind: u16) -> usize {
    match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => 4,
    }
}

impl<'a> Directory<'a> {
    fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// The numbers of the entries.
    pub(crate) fn tags(&self) -> impl Iterator<Item = u16> {
        self.entries.iter().map(|entry| entry.tag)
    }

    /// Whether another page follows.
    pub(crate) fn has_next(&self) -> bool {
        self.next != 0
    }

    /// The whole numbers of an entry; nothing where there is none of this tag.
    pub(crate) fn numbers(&self, tag: u16) -> Vec<u64> {
        let Some(entry) = self.entry(tag).filter(|entry| matches!(entry.kind, 1 | 3 | 4 | 7 | 13 | 16 | 18))
        else {
            return Vec::new();
        };
        let width = width(entry.kind);
        let count = usize::try_from(entry.count.min(MOST_VALUES)).unwrap_or(0);
        (0..count).map_while(|n| self.file.number(entry.at.checked_add(n * width)?, width)).collect()
    }

    /// The first number of an entry.
    pub(crate) fn number(&self, tag: u16) -> Option<u64> {
        let entry = self.entry(tag)?;
        matches!(entry.kind, 1 | 3 | 4 | 13 | 16 | 18)
            .then(|| self.file.number(entry.at, width(entry.kind)))
            .flatten()
    }

    /// Fractions of an entry.
    pub(crate) fn fractions(&self, tag: u16) -> Vec<f32> {
        let Some(entry) = self.entry(tag).filter(|entry| entry.kind == 5) else { return Vec::new() };
        let one = |n: u64| {
            let at = entry.at.checked_add(usize::try_from(n).ok()? * 8)?;
            let (over, under) = (self.file.number(at, 4)?, self.file.number(at + 4, 4)?);
            (under != 0).then(|| over as f32 / under as f32)
        };
        (0..entry.count.min(16)).map_while(one).collect()
    }

    /// The bytes of an entry.
    pub(crate) fn data(&self, tag: u16) -> &'a [u8] {
        let found = self.entry(tag).and_then(|entry| {
            let len = usize::try_from(entry.count).ok()?.checked_mul(width(entry.kind))?;
            slice(self.file.bytes, entry.at, len)
        });
        found.unwrap_or_default()
    }
}

/// The numbers of the entries that are read (TIFF 6.0, its supplements, and DNG).
pub(crate) mod tag {
    pub(crate) const NEW_SUBFILE_TYPE: u16 = 0xFE;
    pub(crate) const WIDTH: u16 = 0x100;
    pub(crate) const HEIGHT: u16 = 0x101;
    pub(crate) const BITS: u16 = 0x102;
    pub(crate) const COMPRESSION: u16 = 0x103;
    pub(crate) const PHOTOMETRIC: u16 = 0x106;
    pub(crate) const FILL_ORDER: u16 = 0x10A;
    pub(crate) const STRIPS: u16 = 0x111;
    pub(crate) const ORIENTATION: u16 = 0x112;
    pub(crate) const SAMPLES: u16 = 0x115;
    pub(crate) const ROWS: u16 = 0x116;
    pub(crate) const STRIP_BYTES: u16 = 0x117;
    pub(crate) const PLANAR: u16 = 0x11C;
    pub(crate) const FAX_OPTIONS: u16 = 0x124;
    pub(crate) const PREDICTOR: u16 = 0x13D;
    pub(crate) const PALETTE: u16 = 0x140;
    pub(crate) const TILE_WIDTH: u16 = 0x142;
    pub(crate) const TILE_HEIGHT: u16 = 0x143;
    pub(crate) const TILES: u16 = 0x144;
    pub(crate) const TILE_BYTES: u16 = 0x145;
    pub(crate) const WITHIN: u16 = 0x14A;
    pub(crate) const EXTRA: u16 = 0x152;
    pub(crate) const SAMPLE_FORMAT: u16 = 0x153;
    pub(crate) const JPEG_TABLES: u16 = 0x15B;
    pub(crate) const WEIGHTS: u16 = 0x211;
    pub(crate) const SUBSAMPLING: u16 = 0x212;
    pub(crate) const REFERENCE: u16 = 0x214;
    pub(crate) const EXIF: u16 = 0x8769;
    pub(crate) const DNG_VERSION: u16 = 0xC612;
}
