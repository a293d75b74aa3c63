//! The door through which media go out and files come in, the same for both hosts: the window's own protocol and the
//! loopback server.
//!
//! It turns paths into ids and the studio's files into answers of HTTP, and blocks while it does. What may be shown and
//! what may come in is the studio's to say. Deliberately absent: sockets, sessions, and any path of a file from outside.

use std::path::PathBuf;
use std::sync::Arc;

use griot_app::{AppError, Shown, ShownFile, Studio};
use http::header::{IF_NONE_MATCH, IF_RANGE, RANGE};
use http::{HeaderMap, Response, StatusCode};

mod arrive;
mod place;
mod range;

pub use arrive::Arriving;
pub(crate) use place::{decoded, parts};

use crate::words::{Refusal, status};
use place::Place;
use range::Part;

/// The most bytes of a file that one request brings. A larger file comes in several.
pub const PIECE: u64 = 8 << 20;

/// An answer without its socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// How it went.
    pub status: StatusCode,
    /// All headers, `content-length` among them.
    pub headers: Vec<(&'static str, String)>,
    /// What follows them.
    pub body: Body,
}

/// What an answer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A part of a file.
    File {
        /// The file.
        path: PathBuf,
        /// Its first byte.
        start: u64,
        /// How many bytes.
        len: u64,
    },
    /// These bytes.
    Bytes(Vec<u8>),
}

/// The door of one studio.
pub struct Door {
    studio: Arc<Studio>,
    longest: Option<u64>,
}

impl Door {
    /// The door of `studio`.
    #[must_use]
    pub fn new(studio: Arc<Studio>) -> Self {
        Self { studio, longest: None }
    }

    /// A door that answers a range with at most `longest` bytes of it, for a host that holds each answer in memory. A
    /// player asks for the rest by itself.
    #[must_use]
    pub fn in_pieces_of(studio: Arc<Studio>, longest: u64) -> Self {
        Self { studio, longest: Some(longest.max(1)) }
    }

    /// What is at `path` (`/asset/ID`, `/asset/ID/thumb`, `/asset/ID/frame/MS`,
    /// `/look/NAME`, `/by-hand/DELIVERY/N`, `/saved/HANDLE`), as
    /// far as `Range`, `If-Range` and `If-None-Match` ask for it. For HEAD the host leaves the body away.
    #[must_use]
    pub fn get(&self, path: &str, headers: &HeaderMap) -> Answer {
        let Some(place) = Place::of(path) else { return self.refuse(Refusal::NotFound) };
        match self.find(&place) {
            Ok(file) => self.show(&place, file, headers),
            Err(error) => failed(&error),
        }
    }

    fn find(&self, place: &Place) -> Result<ShownFile, AppError> {
        match place {
            Place::Asset(id) => self.studio.shown(Shown::Original(*id)),
            Place::Thumb(id) => self.studio.shown(Shown::Thumbnail(*id)),
            Place::Frame(id, at) => self.studio.shown(Shown::Frame(*id, *at)),
            Place::Strip(id, n) => self.studio.shown(Shown::Strip(*id, *n)),
            Place::Look(name) => self.studio.shown(Shown::Look(*name)),
            Place::ByHand(id, n) => self.studio.shown(Shown::ByHand(*id, *n)),
            Place::Saved(handle) => self.studio.saved_file(handle),
        }
    }

    fn show(&self, place: &Place, file: ShownFile, asked: &HeaderMap) -> Answer {
        let tag = tag(place, &file);
        let mut headers =
            vec![("accept-ranges", "bytes".to_owned()), ("cache-control", keeping(place).to_owned())];
        if let Some(tag) = &tag {
            headers.push(("etag", tag.clone()));
            if text(asked, IF_NONE_MATCH).is_some_and(|tags| names(tags, tag)) {
                return Answer { status: StatusCode::NOT_MODIFIED, headers, body: Body::Bytes(Vec::new()) };
            }
        }
        // A part of what has changed since would not fit the parts before it.
        let same = asked.get(IF_RANGE).is_none_or(|had| tag.as_deref().is_some_and(|tag| had == tag));
        let part = if same { range::part(text(asked, RANGE), file.bytes) } else { Part::Whole };
        let (status, start, len) = match part {
            Part::Beyond => {
                let mut answer = self.refuse(Refusal::Beyond);
                answer.headers.push(("content-range", format!("bytes */{}", file.bytes)));
                return answer;
            }
            Part::Whole => (StatusCode::OK, 0, file.bytes),
            Part::Some(start, len) => {
                let len = len.min(self.longest.unwrap_or(u64::MAX));
                headers.push(("content-range", format!("bytes {start}-{}/{}", start + len - 1, file.bytes)));
                (StatusCode::PARTIAL_CONTENT, start, len)
            }
        };
        headers.push(("content-length", len.to_string()));
        headers.extend(kind(place, &file));
        Answer { status, headers, body: Body::File { path: file.path, start, len } }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        let (status, error) = refusal.say(self.studio.lang());
        json(status, &error)
    }
}

impl Answer {
    /// The answer with its bytes, for a host that hands over all at once.
    #[must_use]
    pub fn whole(self) -> Response<Vec<u8>> {
        let bytes = match self.body {
            Body::Bytes(bytes) => Ok(bytes),
            Body::File { path, start, len } => read(&path, start, len),
        };
        let mut reply = Response::new(Vec::new());
        match bytes {
            Ok(bytes) => *reply.body_mut() = bytes,
            Err(error) => {
                // It was there when the door looked.
                tracing::debug!(%error, "a file went away");
                *reply.status_mut() = StatusCode::NOT_FOUND;
                return reply;
            }
        }
        *reply.status_mut() = self.status;
        for (name, value) in self.headers {
            if let Ok(value) = http::HeaderValue::from_str(&value) {
                reply.headers_mut().insert(name, value);
            }
        }
        reply
    }
}

fn read(path: &std::path::Path, start: u64, len: u64) -> std::io::Result<Vec<u8>> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(len).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == len { Ok(bytes) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
}

/// An original never changes under its id. A picture made from it may be made better by another version; its size
/// tells them apart well enough for a cache.
fn tag(place: &Place, file: &ShownFile) -> Option<String> {
    match place {
        Place::Asset(id) => Some(format!("\"{id}\"")),
        Place::Thumb(id) => Some(format!("\"{id}-t{}\"", file.bytes)),
        Place::Frame(id, at) => Some(format!("\"{id}-{at}-{}\"", file.bytes)),
        Place::Strip(id, n) => Some(format!("\"{id}-s{n}-{}\"", file.bytes)),
        Place::Look(name) => Some(format!("\"{name:032x}\"")),
        Place::ByHand(..) | Place::Saved(_) => None,
    }
}

fn keeping(place: &Place) -> &'static str {
    match place {
        Place::Asset(_) => "private, max-age=31536000, immutable",
        Place::Thumb(_) | Place::Frame(..) | Place::Strip(..) | Place::Look(_) => "private, max-age=86400",
        Place::ByHand(..) | Place::Saved(_) => "no-store",
    }
}

/// What the bytes are, and that they are nothing else. Only what cannot hold a script is ever shown in a page.
fn kind(place: &Place, file: &ShownFile) -> Vec<(&'static str, String)> {
    const SHOWN: &[&str] =
        &["image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "video/quicktime"];
    let shown = SHOWN.contains(&file.mime) && !matches!(place, Place::Saved(_));
    let mut headers = vec![
        ("content-type", if shown { file.mime } else { "application/octet-stream" }.to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("content-security-policy", "default-src 'none'; sandbox".to_owned()),
    ];
    if !shown {
        headers
            .push(("content-disposition", format!("attachment; filename*=UTF-8''{}", encoded(&file.name))));
    }
    headers
}

/// A name in a header (RFC 8187).
fn encoded(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn text(headers: &HeaderMap, name: http::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Whether a list of tags names this one, compared weakly as the standard says for caches.
fn names(tags: &str, tag: &str) -> bool {
    tags.split(',').map(|t| t.trim()).any(|t| t == "*" || t.strip_prefix("W/").unwrap_or(t) == tag)
}

fn failed(error: &AppError) -> Answer {
    json(status(error.code), error)
}

fn json(status: StatusCode, value: &impl serde::Serialize) -> Answer {
    let bytes = serde_json::to_vec(value).expect("BUG: an answer is plain data and always serialises");
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("content-length", bytes.len().to_string()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("cache-control", "no-store".to_owned()),
    ];
    Answer { status, headers, body: Body::Bytes(bytes) }
}
