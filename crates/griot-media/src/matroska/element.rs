//! Elements: an identifier, a length, a body (RFC 8794). Walked in the file, or in a body that was read whole.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use crate::{Error, OverLimit};

/// Small, as most of a film is jumped over.
const BUFFER: usize = 4096;

/// An element of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    pub(super) id: u32,
    /// Where its body starts.
    pub(super) body: u64,
    /// Length of its body; nothing when it was not known when the file was written.
    pub(super) len: Option<u64>,
}

impl Element {
    /// Where it ends, at the latest at `most`.
    pub(super) fn end(&self, most: u64) -> u64 {
        self.len.map_or(most, |len| self.body.saturating_add(len).min(most))
    }
}

/// A walk through a file.
pub(super) struct Walk<'a> {
    file: BufReader<&'a mut File>,
    at: u64,
    bytes: u64,
}

impl<'a> Walk<'a> {
    pub(super) fn new(file: &'a mut File, bytes: u64) -> Result<Self, Error> {
        let mut file = BufReader::with_capacity(BUFFER, file);
        file.seek(SeekFrom::Start(0))?;
        Ok(Self { file, at: 0, bytes })
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The head of the element that starts here; nothing at the end, and where none can start.
    pub(super) fn next(&mut self) -> Result<Option<Element>, Error> {
        let left = usize::try_from((self.bytes - self.at).min(12)).unwrap_or(12);
        let mut bytes = [0; 12];
        let start = self.at;
        self.read(&mut bytes[..left])?;
        let Some((id, len, header)) = head(&bytes[..left]) else { return Ok(None) };
        let body = start + header as u64;
        self.go(body)?;
        Ok(Some(Element { id, body, len }))
    }

    /// Goes behind an element. One of unknown length has no end: what follows is its first part.
    pub(super) fn skip(&mut self, element: &Element) -> Result<(), Error> {
        let to = element.len.map_or(element.body, |len| element.body.saturating_add(len));
        self.go(to.min(self.bytes))
    }

    /// The whole body of an element.
    pub(super) fn body(&mut self, element: &Element, most: u64) -> Result<Vec<u8>, Error> {
        let len = element.end(self.bytes) - element.body;
        if len > most {
            return Err(Error::OverLimit(OverLimit::Index { bytes: len, most }));
        }
        self.start(element, most)
    }

    /// The start of an element's body.
    pub(super) fn start(&mut self, element: &Element, most: u64) -> Result<Vec<u8>, Error> {
        self.go(element.body)?;
        let len = usize::try_from((element.end(self.bytes) - element.body).min(most)).unwrap_or(0);
        let mut bytes = vec![0; len];
        self.read(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn go(&mut self, to: u64) -> Result<(), Error> {
        let step = i64::try_from(to).unwrap_or(i64::MAX) - i64::try_from(self.at).unwrap_or(0);
        self.file.seek_relative(step)?;
        self.at = to;
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.file.read_exact(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }
}

/// Identifier, length and length of the head itself.
fn head(bytes: &[u8]) -> Option<(u32, Option<u64>, usize)> {
    let first = *bytes.first()?;
    let id_len = first.leading_zeros() as usize + 1;
    if id_len > 4 {
        return None;
    }
    let id = bytes.get(..id_len)?.iter().fold(0, |id, b| id << 8 | u32::from(*b));
    let first = *bytes.get(id_len)?;
    let size_len = first.leading_zeros() as usize + 1;
    if size_len > 8 {
        return None;
    }
    let field = bytes.get(id_len..id_len + size_len)?;
    let value = field.iter().fold(0u64, |value, b| value << 8 | u64::from(*b));
    let most = (1u64 << (7 * size_len)) - 1;
    let len = value & most;
    Some((id, (len != most).then_some(len), id_len + size_len))
}

/// The elements of a body. What is cut off ends the list.
pub(super) fn elements(bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (id, len, header) = head(rest)?;
        let body = rest.get(header..)?;
        let len = usize::try_from(len?).ok()?;
        let inner = body.get(..len)?;
        rest = &body[len..];
        Some((id, inner))
    })
}

/// An unsigned number of up to eight bytes.
pub(super) fn number(body: &[u8]) -> u64 {
    body.iter().take(8).fold(0, |value, b| value << 8 | u64::from(*b))
}

/// A number with a fraction.
pub(super) fn float(body: &[u8]) -> f64 {
    match body.len() {
        4 => body.first_chunk().map_or(0.0, |b| f64::from(f32::from_be_bytes(*b))),
        8 => body.first_chunk().map_or(0.0, |b| f64::from_be_bytes(*b)),
        _ => 0.0,
    }
}
