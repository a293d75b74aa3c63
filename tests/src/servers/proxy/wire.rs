//! As much of HTTP/1.1 as passing it on needs.

use std::io::{Error, ErrorKind, Read, Result, Write};

/// Longest head that is read.
const HEAD_MAX: usize = 64 << 10;

/// A request's first line and headers.
#[derive(Debug)]
pub(super) struct Head {
    first: String,
    headers: Vec<(String, String)>,
}

impl Head {
    /// Reads a head; what was read of the body with it comes second.
    pub(super) fn read(from: &mut impl Read) -> Result<(Self, Vec<u8>)> {
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
        let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = text.split("\r\n");
        let first = lines.next().unwrap_or_default().to_owned();
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Ok((Self { first, headers }, rest))
    }

    pub(super) fn method(&self) -> &str {
        self.first.split(' ').next().unwrap_or_default()
    }

    pub(super) fn path(&self) -> &str {
        self.first.split(' ').nth(1).unwrap_or_default()
    }

    /// The headers without what would give an account away.
    pub(super) fn public_headers(&self) -> Vec<(String, String)> {
        let hide = |(name, value): &(String, String)| {
            (name.clone(), if name == "authorization" { String::new() } else { value.clone() })
        };
        self.headers.iter().map(hide).collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let headers: String = self.headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
        format!("{}\r\n{headers}\r\n", self.first).into_bytes()
    }
}

enum Left {
    Bytes(usize),
    Chunks,
}

/// A request's body on its way.
pub(super) struct Body {
    early: Vec<u8>,
    left: Left,
}

impl Body {
    pub(super) fn of(head: &Head, early: Vec<u8>) -> Self {
        let chunked = head.get("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked"));
        let length = head.get("content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
        Self { early, left: if chunked { Left::Chunks } else { Left::Bytes(length) } }
    }

    /// Copies the body, or its first `most` bytes; says how many went.
    pub(super) fn copy(&mut self, from: &mut impl Read, to: &mut impl Write, most: usize) -> Result<usize> {
        let mut seen = std::mem::take(&mut self.early);
        let mut gone = 0;
        let mut tail = Vec::new();
        loop {
            let allowed = seen.len().min(most - gone);
            to.write_all(&seen[..allowed])?;
            gone += allowed;
            tail.extend_from_slice(&seen);
            let ended = match self.left {
                Left::Bytes(length) => gone >= length,
                Left::Chunks => tail.ends_with(b"0\r\n\r\n"),
            };
            if ended || gone >= most {
                return Ok(gone);
            }
            tail.drain(..tail.len().saturating_sub(5));
            seen.clear();
            if read_some(from, &mut seen)? == 0 {
                return Err(Error::from(ErrorKind::UnexpectedEof));
            }
        }
    }
}

/// The server's whole answer: it was asked to close the connection behind it.
pub(super) fn answer(from: &mut impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes)?;
    // Only the last hop may say how long the connection lives, and this one is closed behind the answer.
    let Some(end) = find(&bytes, b"\r\n\r\n") else { return Ok(bytes) };
    let body = bytes.split_off(end);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let kept = text.split("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let mut out = kept.collect::<Vec<_>>().join("\r\n").into_bytes();
    out.extend_from_slice(b"\r\nconnection: close");
    out.extend_from_slice(&body);
    Ok(out)
}

/// The status in an answer.
pub(super) fn status(answer: &[u8]) -> Option<u16> {
    std::str::from_utf8(answer.get(9..12)?).ok()?.parse().ok()
}

/// Where to stop so that the head is whole and the body is not.
pub(super) fn half(answer: &[u8]) -> usize {
    let body = find(answer, b"\r\n\r\n").map_or(0, |at| at + 4);
    body + (answer.len() - body) / 2
}

fn read_some(from: &mut impl Read, into: &mut Vec<u8>) -> Result<usize> {
    let mut chunk = [0; 16 << 10];
    let read = from.read(&mut chunk)?;
    into.extend_from_slice(&chunk[..read]);
    Ok(read)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
