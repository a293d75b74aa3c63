//! What an AVI file says of itself, read from its chunks: RIFF lists with a header, and pieces of film whose heads are
//! counted. Film data is never read.
//!
//! The header's number of frames is not believed: recorders that broke off leave a zero there.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use crate::picture::{Kinds, memfind};
use crate::reel::{self, Reel, square};
use crate::source::Source;
use crate::turn::Turn;
use crate::{Error, Limits, OverLimit, Unsupported};

/// Pieces that are counted: more than four hours of them.
const MOST: u64 = 1 << 22;
/// Small, as most of a film is jumped over.
const BUFFER: usize = 4096;

/// One stream.
#[derive(Debug, Default)]
struct Stream {
    picture: bool,
    sound: bool,
    codec: String,
    /// Units in `rate` seconds: a frame of a picture, a block of a sound.
    scale: u32,
    rate: u32,
    /// Bytes of one block of sound; nothing when each piece is one block.
    block: u32,
    size: (u32, u32),
    /// Shape of the whole picture.
    aspect: Option<(u64, u64)>,
    pieces: u64,
    bytes: u64,
}

/// The file while it is read.
struct Walk<'a> {
    file: BufReader<&'a mut File>,
    at: u64,
    bytes: u64,
    streams: Vec<Stream>,
    metadata: Kinds,
    pieces: u64,
    most_index: u64,
}

/// The name and length of a chunk.
type Head = ([u8; 4], u64);

/// Reads a film.
pub(crate) fn read(source: &mut Source, limits: &Limits) -> Result<Reel, Error> {
    let bytes = source.bytes;
    let mut file = BufReader::with_capacity(BUFFER, &mut source.file);
    file.seek(SeekFrom::Start(0))?;
    let mut walk = Walk {
        file,
        at: 0,
        bytes,
        streams: Vec::new(),
        metadata: Kinds::default(),
        pieces: 0,
        most_index: limits.max_index_bytes,
    };
    // A film of several gigabytes continues in further RIFF chunks.
    while let Some((kind, len)) = walk.head()? {
        // A recording that broke off never learned its length.
        let end = if len == 0 { bytes } else { walk.end(len) };
        if &kind == b"RIFF" {
            let mut form = [0; 4];
            walk.take(&mut form)?;
            walk.list(end, 0)?;
        }
        walk.go(end)?;
    }
    walk.reel()
}

impl Walk<'_> {
    /// The head of the chunk that starts here.
    fn head(&mut self) -> Result<Option<Head>, Error> {
        if self.bytes.saturating_sub(self.at) < 8 {
            return Ok(None);
        }
        let mut head = [0; 8];
        self.take(&mut head)?;
        let len = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        Ok(Some(([head[0], head[1], head[2], head[3]], u64::from(len))))
    }

    /// Where a chunk whose body starts here ends; its length is rounded up to even.
    fn end(&self, len: u64) -> u64 {
        (self.at + len + (len & 1)).min(self.bytes)
    }

    fn take(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        if self.bytes - self.at < bytes.len() as u64 {
            return Err(Error::Damaged("the film is cut off".into()));
        }
        self.file.read_exact(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn go(&mut self, to: u64) -> Result<(), Error> {
        let step = i64::try_from(to).unwrap_or(i64::MAX) - i64::try_from(self.at).unwrap_or(0);
        self.file.seek_relative(step)?;
        self.at = to;
        Ok(())
    }

    fn body(&mut self, len: u64) -> Result<Vec<u8>, Error> {
        let len = len.min(self.bytes - self.at);
        if len > self.most_index {
            return Err(Error::OverLimit(OverLimit::Index { bytes: len, most: self.most_index }));
        }
        let mut body = vec![0; usize::try_from(len).unwrap_or(0)];
        self.take(&mut body)?;
        Ok(body)
    }

    /// The chunks of a list. Real files nest four deep.
    fn list(&mut self, end: u64, depth: u8) -> Result<(), Error> {
        while self.at + 8 <= end {
            let Some((kind, len)) = self.head()? else { break };
            let after = self.end(len).min(end);
            match &kind {
                b"LIST" if depth < 6 && len >= 4 => {
                    let mut name = [0; 4];
                    self.take(&mut name)?;
                    match &name {
                        b"INFO" => self.info(after)?,
                        b"exif" => self.metadata.add("exif"),
                        _ => self.list(after, depth + 1)?,
                    }
                }
                b"strh" => {
                    let body = self.body(len)?;
                    self.streams.push(header(&body));
                }
                b"strf" => {
                    let body = self.body(len)?;
                    if let Some(stream) = self.streams.last_mut() {
                        format(stream, &body);
                    }
                }
                b"vprp" => {
                    let body = self.body(len)?;
                    // The shape of the frame: height in the lower half, width in the upper one.
                    let shape = (u64::from(le16(&body, 26)), u64::from(le16(&body, 24)));
                    if let Some(stream) = self.streams.last_mut().filter(|_| shape.0 > 0 && shape.1 > 0) {
                        stream.aspect = Some(shape);
                    }
                }
                b"IDIT" => self.metadata.add("time"),
                b"strd" if len > 0 => self.metadata.add("application data"),
                b"strn" if len > 1 => self.metadata.add("comment"),
                b"_PMX" => self.metadata.add("xmp"),
                _ => self.piece(kind, len)?,
            }
            self.go(after)?;
        }
        Ok(())
    }

    /// A piece of film: `00dc` is a frame of the first stream, `01wb` sound of the second.
    fn piece(&mut self, kind: [u8; 4], len: u64) -> Result<(), Error> {
        self.pieces += 1;
        if self.pieces > MOST {
            return Err(Error::OverLimit(OverLimit::Packets));
        }
        let [tens, ones, what @ ..] = kind;
        if tens.is_ascii_digit() && ones.is_ascii_digit() && matches!(&what, b"dc" | b"db" | b"wb") {
            let number = usize::from(tens - b'0') * 10 + usize::from(ones - b'0');
            if let Some(stream) = self.streams.get_mut(number) {
                stream.pieces += 1;
                stream.bytes += len;
            }
        }
        Ok(())
    }

    /// Texts about the film: who, when, with what.
    fn info(&mut self, end: u64) -> Result<(), Error> {
        while self.at + 8 <= end {
            let Some((kind, len)) = self.head()? else { break };
            let after = self.end(len).min(end);
            if len > 1 {
                self.metadata.add(match &kind {
                    b"ICRD" | b"IDIT" => "time",
                    b"IART" | b"ICOP" | b"IENG" => "author",
                    b"IGPS" => "gps",
                    b"ISRC" => "camera",
                    b"ISFT" => "application data",
                    _ => "comment",
                });
                let body = self.body(len.min(1 << 16))?;
                if memfind(&body, b"GPS").is_some() {
                    self.metadata.add("gps");
                }
            }
            self.go(after)?;
        }
        Ok(())
    }

    fn reel(mut self) -> Result<Reel, Error> {
        let Some(picture) = self.streams.iter().find(|stream| stream.picture) else {
            return Err(if self.streams.is_empty() {
                Error::Damaged("the film's header is missing: the recording or the copy broke off".into())
            } else {
                Error::Unsupported(Unsupported::SoundOnly)
            });
        };
        let sound = self.streams.iter().find(|stream| stream.sound);
        if picture.pieces == 0 {
            return Err(Error::Damaged("the film has no frames".into()));
        }
        let duration_ms =
            [Some(picture), sound].into_iter().flatten().map(Stream::duration_ms).max().unwrap_or(0);
        let mut size = picture.size;
        if let Some((wide, high)) = picture.aspect
            && let Some(seen) = square(size, (wide * u64::from(size.1), high * u64::from(size.0)))
        {
            size = seen;
            self.metadata.add("pixel aspect");
        }
        Ok(Reel {
            size,
            duration_ms,
            video: picture.codec.clone(),
            audio: sound.map(|stream| stream.codec.clone()),
            fps: reel::rate(f64::from(picture.rate), f64::from(picture.scale)),
            turn: Turn::NONE,
            light: None,
            alpha: false,
            metadata: self.metadata,
        })
    }
}

impl Stream {
    fn duration_ms(&self) -> u64 {
        if self.rate == 0 {
            return 0;
        }
        let units = if self.block > 0 { self.bytes / u64::from(self.block) } else { self.pieces };
        let ms = u128::from(units) * u128::from(self.scale) * 1000 / u128::from(self.rate);
        u64::try_from(ms).unwrap_or(u64::MAX)
    }
}

fn header(strh: &[u8]) -> Stream {
    let picture = strh.starts_with(b"vids");
    Stream {
        picture,
        sound: strh.starts_with(b"auds"),
        codec: if picture { picture_codec(strh.get(4..8).unwrap_or_default()) } else { "unknown".into() },
        scale: le32(strh, 20),
        rate: le32(strh, 24),
        block: if picture { 0 } else { le32(strh, 44) },
        ..Stream::default()
    }
}

/// The stream's format: `BITMAPINFOHEADER` or `WAVEFORMATEX`.
fn format(stream: &mut Stream, strf: &[u8]) {
    if stream.picture {
        // A negative height is a picture stored from its top.
        stream.size = (le32(strf, 4), (le32(strf, 8) as i32).unsigned_abs());
        let codec = strf.get(16..20).unwrap_or_default();
        if codec.iter().any(|b| *b != 0) {
            stream.codec = picture_codec(codec);
        }
    } else if stream.sound {
        stream.codec = match le16(strf, 0) {
            1 | 3 | 6 | 7 | 0xFFFE => "pcm",
            2 | 0x11 => "adpcm",
            0x50 => "mp2",
            0x55 => "mp3",
            0xFF | 0x706D | 0x1600..=0x1610 => "aac",
            0x2000 => "ac3",
            0x2001 => "dts",
            0x161..=0x163 => "wma",
            _ => "unknown",
        }
        .into();
    }
}

/// The codec behind the four letters that Microsoft's formats use.
pub(crate) fn picture_codec(letters: &[u8]) -> String {
    let name: String =
        letters.iter().filter(|b| b.is_ascii_graphic()).map(|b| char::from(b.to_ascii_lowercase())).collect();
    match name.as_str() {
        "h264" | "x264" | "avc1" | "davc" => "h264",
        "hevc" | "h265" | "hvc1" | "hev1" => "hevc",
        "xvid" | "divx" | "dx50" | "fmp4" | "mp4v" => "mpeg4",
        "mjpg" | "jpeg" | "dmb1" => "mjpeg",
        "dvsd" | "dv25" | "dvhd" => "dv",
        "div3" | "mp43" | "mp42" => "msmpeg4",
        "vp80" => "vp8",
        "vp90" => "vp9",
        "av01" => "av1",
        "mpg2" => "mpeg2",
        "" | "dib" | "rgb" => "raw",
        other => return other.to_owned(),
    }
    .into()
}

fn le16(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |b| u16::from_le_bytes(*b))
}

fn le32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |b| u32::from_le_bytes(*b))
}

#[cfg(test)]
mod tests;
