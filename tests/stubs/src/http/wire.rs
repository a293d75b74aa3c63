//! Heads and bodies as they go over the line.

use std::io::{Error, ErrorKind, Read, Result};

use super::Request;

/// Longest head that is read.
const HEAD_MAX: usize = 64 << 10;
/// Longest body that is read.
const BODY_MAX: usize = 1 << 30;

/// The first line of a request or of an answer, and its headers.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// `GET /path HTTP/1.1`, `HTTP/1.1 200 OK`.
    pub first: String,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// Reads a head; what came of the body with it is second.
    ///
    /// # Errors
    /// When the connection ends before the head does, or the head is too long.
    pub fn read(from: &mut impl Read) -> Result<(Self, Vec<u8>)> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(at) = find(&bytes, b"\r\n\r\n") {
                break at;
            }
            if bytes.len() > HEAD_MAX || read_some(from, &mut bytes)? == 0 {
                return Err(Error::from(ErrorKind::InvalidData));
            }
        };
        let rest = bytes.split_off(end + 4);
        Ok((Self::parse(&bytes[..end]), rest))
    }

    /// A head without the empty line behind it.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let mut lines = text.split("\r\n");
        let first = lines.next().unwrap_or_default().to_owned();
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Self { first, headers }
    }

    /// The method of a request.
    #[must_use]
    pub fn method(&self) -> &str {
        self.first.split(' ').next().unwrap_or_default()
    }

    /// Path and query of a request.
    #[must_use]
    pub fn target(&self) -> &str {
        self.first.split(' ').nth(1).unwrap_or_default()
    }

    /// The status of an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.first.split(' ').nth(1)?.parse().ok()
    }

    /// The value of the header called `name` (lower case).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Writes a header in place of those with its name.
    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Takes the headers with this name away.
    pub fn remove(&mut self, name: &str) {
        self.headers.retain(|(known, _)| known != name);
    }

    /// As it goes over the line.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("{}\r\n{headers}\r\n", self.first).into_bytes()
    }

    /// The request that this is the head of.
    #[must_use]
    pub fn request(&self, body: Vec<u8>) -> Request {
        let (method, target) = (self.method().to_owned(), self.target().to_owned());
        Request { method, target, headers: self.headers.clone(), body }
    }
}

/// How long a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Bytes(usize),
    Chunks,
    /// Until the connection ends: answers without a length.
    End,
}

/// A body on its way.
#[derive(Debug)]
pub(crate) struct Body {
    early: Vec<u8>,
    length: Length,
}

impl Body {
    /// The body of a request.
    pub(crate) fn of(head: &Head, early: Vec<u8>) -> Self {
        Self { early, length: length(head).unwrap_or(Length::Bytes(0)) }
    }

    /// The body of an answer.
    pub(crate) fn of_answer(head: &Head, early: Vec<u8>) -> Self {
        let without = matches!(head.status(), Some(204 | 304));
        let length = if without { Length::Bytes(0) } else { length(head).unwrap_or(Length::End) };
        Self { early, length }
    }

    /// All of it, and whether it is whole.
    pub(crate) fn read(self, from: &mut impl Read) -> (Vec<u8>, bool) {
        self.read_most(from, BODY_MAX)
    }

    /// Its first `most` bytes at least, where it is longer; and whether it is whole.
    pub(crate) fn read_most(mut self, from: &mut impl Read, most: usize) -> (Vec<u8>, bool) {
        loop {
            let (body, is_whole) = match self.length {
                Length::Bytes(length) => (self.early.len().min(length), self.early.len() >= length),
                Length::Chunks | Length::End => (self.early.len(), false),
            };
            if self.length == Length::Chunks
                && let Some(whole) = unchunked(&self.early)
            {
                return (whole, true);
            }
            if is_whole || body >= most {
                self.early.truncate(body);
                return (self.early, is_whole);
            }
            if !matches!(read_some(from, &mut self.early), Ok(1..)) {
                let is_whole = self.length == Length::End;
                return (self.early, is_whole);
            }
        }
    }
}

fn length(head: &Head) -> Option<Length> {
    if head.get("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked")) {
        return Some(Length::Chunks);
    }
    Some(Length::Bytes(head.get("content-length")?.parse().ok()?))
}

/// The bytes within chunks; nothing until the last one is there.
fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.ends_with(b"\r\n\r\n") && !bytes.ends_with(b"0\r\n") {
        return None;
    }
    let mut body = Vec::new();
    loop {
        let end = find(bytes, b"\r\n")?;
        let size = std::str::from_utf8(&bytes[..end]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        let from = end + 2;
        if size == 0 {
            // Trailers are nobody's business here, but the empty line behind them is the end.
            return bytes[end..].ends_with(b"\r\n\r\n").then_some(body);
        }
        body.extend_from_slice(bytes.get(from..from + size)?);
        bytes = bytes.get(from + size + 2..)?;
    }
}

fn read_some(from: &mut impl Read, into: &mut Vec<u8>) -> Result<usize> {
    let mut chunk = [0; 16 << 10];
    let read = from.read(&mut chunk)?;
    into.extend_from_slice(&chunk[..read]);
    Ok(read)
}

/// Where `wanted` begins.
pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_become_a_body() {
        assert_eq!(unchunked(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"), Some(b"abcde".to_vec()));
        assert_eq!(unchunked(b"0\r\n\r\n"), Some(Vec::new()));
        for half in [&b"3\r\nabc\r\n"[..], b"3\r\nab", b"3\r\nabc\r\n0\r\n", b"x\r\n\r\n"] {
            assert_eq!(unchunked(half), None, "{half:?}");
        }
        // What looks like the end within a chunk is none.
        assert_eq!(unchunked(b"a\r\nab\r\n0\r\n\r\n"), None);
    }

    #[test]
    fn a_body_that_breaks_off_is_known() {
        let head = Head::parse(b"POST / HTTP/1.1\r\nContent-Length: 5");
        assert_eq!(Body::of(&head, b"ab".to_vec()).read(&mut &b"cdeX"[..]), (b"abcde".to_vec(), true));
        assert_eq!(Body::of(&head, b"ab".to_vec()).read(&mut &b"c"[..]), (b"abc".to_vec(), false));
    }
}
