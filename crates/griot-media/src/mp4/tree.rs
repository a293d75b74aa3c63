//! Boxes within boxes, as a tree that can be read, pruned and written again. Only the containers that lead to tracks are
//! opened; everything else stays bytes.

use crate::Error;

/// Boxes that hold boxes and nothing else.
const CONTAINERS: [&[u8; 4]; 10] =
    [b"moov", b"trak", b"edts", b"mdia", b"minf", b"dinf", b"stbl", b"mvex", b"moof", b"traf"];
/// Real files nest six deep; deeper ones are built to exhaust the stack.
const DEEPEST: usize = 10;

/// One box.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: [u8; 4],
    pub(crate) body: Body,
}

/// What a box holds.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Bytes(Vec<u8>),
    Boxes(Vec<Node>),
}

/// Name, length with header (nothing: to the end) and length of the header of the box that starts here.
pub(crate) fn head(bytes: &[u8]) -> Option<([u8; 4], Option<u64>, u64)> {
    let size = u32::from_be_bytes(*bytes.first_chunk()?);
    let kind = *bytes.get(4..)?.first_chunk()?;
    match size {
        0 => Some((kind, None, 8)),
        1 => Some((kind, Some(u64::from_be_bytes(*bytes.get(8..)?.first_chunk()?)), 16)),
        _ => Some((kind, Some(u64::from(size)), 8)),
    }
}

impl Node {
    /// Reads a box from its body.
    pub(crate) fn parse(kind: [u8; 4], body: &[u8]) -> Result<Self, Error> {
        Self::parse_at(kind, body, 0)
    }

    fn parse_at(kind: [u8; 4], body: &[u8], depth: usize) -> Result<Self, Error> {
        if !CONTAINERS.contains(&&kind) {
            return Ok(Self { kind, body: Body::Bytes(body.to_vec()) });
        }
        if depth > DEEPEST {
            return Err(Error::Damaged("boxes are nested too deep".into()));
        }
        let mut boxes = Vec::new();
        let mut rest = body;
        while let Some((kind, len, header)) = head(rest) {
            let len = len.unwrap_or(rest.len() as u64);
            let Some(all) = usize::try_from(len).ok().and_then(|len| rest.get(..len)) else {
                return Err(Error::Damaged("a box is longer than the one around it".into()));
            };
            let Some(inner) = usize::try_from(header).ok().and_then(|header| all.get(header..)) else {
                // QuickTime ends some lists with a zero; a length below the header's is that or nonsense.
                break;
            };
            boxes.push(Self::parse_at(kind, inner, depth + 1)?);
            rest = &rest[all.len()..];
        }
        Ok(Self { kind, body: Body::Boxes(boxes) })
    }

    /// The boxes of one kind directly inside.
    pub(crate) fn children<'a>(&'a self, kind: &'a [u8; 4]) -> impl Iterator<Item = &'a Self> {
        let boxes = match &self.body {
            Body::Boxes(boxes) => boxes.as_slice(),
            Body::Bytes(_) => &[],
        };
        boxes.iter().filter(move |node| &node.kind == kind)
    }

    /// The first box of a kind directly inside.
    pub(crate) fn child(&self, kind: &[u8; 4]) -> Option<&Self> {
        match &self.body {
            Body::Boxes(boxes) => boxes.iter().find(|node| &node.kind == kind),
            Body::Bytes(_) => None,
        }
    }

    /// The box at the end of a path of kinds.
    pub(crate) fn at(&self, path: &[&[u8; 4]]) -> Option<&Self> {
        path.iter().try_fold(self, |node, kind| node.child(kind))
    }

    /// The bytes of the box at the end of a path; none when it is missing.
    pub(crate) fn bytes(&self, path: &[&[u8; 4]]) -> &[u8] {
        match self.at(path).map(|node| &node.body) {
            Some(Body::Bytes(bytes)) => bytes,
            _ => &[],
        }
    }

    /// The box at the end of a path, to change it.
    pub(crate) fn at_mut(&mut self, path: &[&[u8; 4]]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, kind| match &mut node.body {
            Body::Boxes(boxes) => boxes.iter_mut().find(|node| &node.kind == *kind),
            Body::Bytes(_) => None,
        })
    }

    /// Length of the written box.
    pub(crate) fn len(&self) -> u64 {
        8 + match &self.body {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Boxes(boxes) => boxes.iter().map(Self::len).sum(),
        }
    }

    /// Writes the box. Indexes are limited to far less than 4 GiB, so the short length always holds.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let len = u32::try_from(self.len()).expect("BUG: an index within its limit is below 4 GiB");
        out.extend_from_slice(&len.to_be_bytes());
        out.extend_from_slice(&self.kind);
        match &self.body {
            Body::Bytes(bytes) => out.extend_from_slice(bytes),
            Body::Boxes(boxes) => boxes.iter().for_each(|node| node.write(out)),
        }
    }
}

/// A big-endian number of two bytes.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A big-endian number of four bytes.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A big-endian number of eight bytes.
pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The entries of a table: a count at `at`, then rows of `row` bytes. Rows that are not there are not counted.
pub(crate) fn rows(bytes: &[u8], at: usize, row: usize) -> impl Iterator<Item = &[u8]> {
    let count = u32_at(bytes, at).unwrap_or(0) as usize;
    bytes.get(at + 4..).unwrap_or_default().chunks_exact(row).take(count)
}
