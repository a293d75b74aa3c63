//! What a video's own stream says of its picture, read from the head that stands before its frames: size, shape of a
//! pixel, rate, colours, fields. Containers for broadcasting and recorders say none of that themselves, and MP4 says less.

pub(crate) mod avc;
mod bits;
pub(crate) mod hevc;
pub(crate) mod mpeg2;

/// A picture as its stream describes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Coded {
    /// Size in samples, as it is shown.
    pub(crate) size: (u32, u32),
    /// The shape of a sample, width to height.
    pub(crate) pixel: (u64, u64),
    /// Frames a second, where it is said.
    pub(crate) fps: Option<f64>,
    /// Whether the stream may hold frames of two fields.
    pub(crate) fields: bool,
    /// Whether samples use all of their range.
    pub(crate) full: bool,
    /// Primaries, transfer and matrix by their numbers (ITU-T H.273), where they are said.
    pub(crate) colours: Option<(u8, u8, u8)>,
    /// Bits of a sample, and whether the colours have a quarter of the samples (4:2:0).
    pub(crate) depth: u32,
    pub(crate) quartered: bool,
}

impl Coded {
    /// A progressive picture of some size with square samples.
    pub(crate) fn of(size: (u32, u32)) -> Self {
        Self {
            size,
            pixel: (1, 1),
            fps: None,
            fields: false,
            full: false,
            colours: None,
            depth: 8,
            quartered: true,
        }
    }
}

/// The shapes of a sample by their number (ITU-T H.273, table for aspect_ratio_idc).
const SHAPES: [(u64, u64); 17] = [
    (1, 1),
    (1, 1),
    (12, 11),
    (10, 11),
    (16, 11),
    (40, 33),
    (24, 11),
    (20, 11),
    (32, 11),
    (80, 33),
    (18, 11),
    (15, 11),
    (64, 33),
    (160, 99),
    (4, 3),
    (3, 2),
    (2, 1),
];

/// The units of a stream whose units stand between start codes: what follows each `00 00 01`.
pub(crate) fn units(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let finder = memchr::memmem::Finder::new(b"\0\0\x01");
    let starts: Vec<usize> = finder.find_iter(bytes).map(|at| at + 3).collect();
    (0..starts.len()).map(move |n| {
        let end = starts.get(n + 1).map_or(bytes.len(), |next| next - 3);
        &bytes[starts[n]..end.max(starts[n])]
    })
}
