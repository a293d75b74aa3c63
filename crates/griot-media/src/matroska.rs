//! What a Matroska or WebM file says of itself, read from its elements. Heads and the clusters' times are read, film
//! data never; every length is held against the bytes that are there.
//!
//! A file that was recorded as it was shown states neither its length nor that of its parts: its packets are counted.

mod clusters;
mod element;
mod tracks;

use griot_domain::asset::Format;

use self::clusters::Clusters;
use self::element::{Walk, elements, number};
use self::tracks::{Kind, Track};
use crate::picture::{Kinds, memfind};
use crate::reel::{self, Reel};
use crate::source::Source;
use crate::{Error, Limits, Unsupported};

/// The names of the parts, as their identifiers (RFC 9559).
const HEAD: u32 = 0x1A45_DFA3;
const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_A966;
const TRACKS: u32 = 0x1654_AE6B;
const CLUSTER: u32 = 0x1F43_B675;
const TAGS: u32 = 0x1254_C367;
const ATTACHMENTS: u32 = 0x1941_A469;
const CHAPTERS: u32 = 0x1043_A770;
const TICK: u32 = 0x002A_D7B1;
const DATE: u32 = 0x4461;
const TITLE: u32 = 0x7BA9;
/// Bytes of the tags that are searched for what is personal.
const SEARCHED: u64 = 1 << 20;
/// What the names and values of tags look like that tell where, who, with what and when.
const TELLING: [(&str, &[&[u8]]); 5] = [
    ("gps", &[b"LOCATION", b"ISO6709", b"GPS", b"location"]),
    ("camera", &[b"MAKE", b"MODEL", b"com.android", b"make", b"model"]),
    ("author", &[b"ARTIST", b"AUTHOR", b"DIRECTOR", b"COPYRIGHT", b"artist"]),
    ("time", &[b"DATE", b"creation_time", b"CREATION_TIME"]),
    ("comment", &[b"COMMENT", b"DESCRIPTION", b"TITLE"]),
];

/// What lies beside the clusters.
struct Found {
    /// Nanoseconds of one tick of the clusters' clock.
    tick: u64,
    tracks: Vec<Track>,
    metadata: Kinds,
}

/// Whether the head of a file says WebM and not Matroska.
pub(crate) fn format(head: &[u8]) -> Format {
    let start = &head[..head.len().min(64)];
    if memfind(start, b"webm").is_some() { Format::Webm } else { Format::Mkv }
}

/// Reads a film.
pub(crate) fn read(source: &mut Source, limits: &Limits) -> Result<Reel, Error> {
    let mut walk = Walk::new(&mut source.file, source.bytes)?;
    let segment = loop {
        let element = walk.next()?.ok_or_else(|| cut("the film has no contents"))?;
        match element.id {
            SEGMENT => break element,
            _ => walk.skip(&element)?,
        }
    };
    let end = segment.end(source.bytes);
    let mut found = Found { tick: 1_000_000, tracks: Vec::new(), metadata: Kinds::default() };
    let mut clusters = Clusters::default();
    while walk.at() < end {
        let Some(element) = walk.next()? else { break };
        match element.id {
            CLUSTER => clusters.read(&mut walk, &element)?,
            INFO | TRACKS => {
                let bytes = walk.body(&element, limits.max_index_bytes)?;
                found.take(element.id, &bytes);
            }
            TAGS => found.tags(&walk.start(&element, SEARCHED)?),
            ATTACHMENTS => found.metadata.add("application data"),
            CHAPTERS => found.metadata.add("further tracks"),
            HEAD => return Err(Error::Unsupported(Unsupported::SeveralFilms)),
            _ => {}
        }
        if element.id != CLUSTER {
            walk.skip(&element)?;
        }
    }
    clusters.finish(&mut walk)?;
    found.reel(&clusters)
}

impl Found {
    fn take(&mut self, id: u32, bytes: &[u8]) {
        if id == TRACKS {
            self.tracks.extend(tracks::read(bytes));
            return;
        }
        for (id, body) in elements(bytes) {
            match id {
                TICK => self.tick = number(body).clamp(1, 1_000_000_000),
                DATE => self.metadata.add("time"),
                TITLE if !body.is_empty() => self.metadata.add("comment"),
                _ => {}
            }
        }
    }

    fn tags(&mut self, bytes: &[u8]) {
        self.metadata.add("tags");
        for (kind, words) in TELLING {
            if words.iter().any(|word| memfind(bytes, word).is_some()) {
                self.metadata.add(kind);
            }
        }
    }

    fn reel(mut self, clusters: &Clusters) -> Result<Reel, Error> {
        let first = |kind: Kind| {
            let mut of_kind = self.tracks.iter().filter(move |track| track.kind == kind);
            of_kind.clone().find(|track| track.usual).or_else(|| of_kind.next())
        };
        let Some(picture) = first(Kind::Picture) else {
            return Err(Error::Unsupported(Unsupported::SoundOnly));
        };
        let sound = first(Kind::Sound);
        if picture.locked {
            return Err(Error::Unsupported(Unsupported::Encrypted));
        }
        if picture.codec == "vvc" {
            return Err(Error::Unsupported(Unsupported::VideoCodec("VVC".into())));
        }
        let pace = clusters.pace(picture.number);
        if pace.packets == 0 {
            return Err(cut("the film has no frames"));
        }
        let seconds = |ticks: f64| ticks * self.tick as f64 / 1e9;
        let counted = reel::rate(pace.packets.saturating_sub(1) as f64, seconds(pace.span as f64));
        let fps = picture.packet_ns.and_then(|ns| reel::rate(1.0, ns as f64 / 1e9)).or(counted);
        // The last packet lasts as long as the others.
        let last = picture.packet_ns.map_or(fps.map_or(0.0, |fps| 1.0 / fps), |ns| ns as f64 / 1e9);
        let numbers = [Some(picture.number), sound.map(|track| track.number)];
        let ticks = clusters.span(&numbers.into_iter().flatten().collect::<Vec<_>>());
        let duration_ms = ((seconds(ticks as f64) + last) * 1000.0).round() as u64;
        if picture.turn != crate::turn::Turn::NONE {
            self.metadata.add("rotation");
        }
        if picture.stretched {
            self.metadata.add("pixel aspect");
        }
        if self.tracks.iter().any(|track| track.kind == Kind::Other) {
            self.metadata.add("further tracks");
        }
        if self.tracks.iter().any(|track| track.named) {
            self.metadata.add("comment");
        }
        Ok(Reel {
            size: picture.turn.size(picture.size),
            duration_ms,
            video: picture.codec.clone(),
            audio: sound.map(|track| track.codec.clone()),
            fps,
            turn: picture.turn,
            light: picture.light,
            alpha: picture.alpha,
            metadata: self.metadata,
        })
    }
}

fn cut(why: &str) -> Error {
    Error::Damaged(format!("{why}: the recording or the copy broke off"))
}

#[cfg(test)]
mod tests;
