//! What an MP4 or QuickTime file says of itself, read from its boxes: enough to probe a film, to know whether it can go
//! out as it is, and to copy it without its metadata. No ffmpeg, no decoding.
//!
//! It reads the index and the heads of fragments, never the film data. Every count is held against the bytes that are
//! really there.

mod codec;
mod cuts;
mod fragments;
mod metadata;
pub(crate) mod pieces;
pub(crate) mod track;
pub(crate) mod tree;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

pub(crate) use self::codec::{avc_name, name_colours};
pub(crate) use self::cuts::Cut;
pub(crate) use self::track::{Handler, Track};
use self::tree::Node;
use crate::picture::Kinds;
use crate::reel::Reel;
use crate::source::Source;
use crate::{Error, Limits, OverLimit, Unsupported};

/// A film as its boxes describe it.
#[derive(Debug)]
pub(crate) struct Movie {
    /// The index.
    pub(crate) moov: Node,
    /// Tracks of every kind, in the order of the file.
    pub(crate) tracks: Vec<Track>,
    /// Whether the film data comes in fragments with heads of their own.
    pub(crate) fragmented: bool,
    /// What else is in the file.
    pub(crate) metadata: Kinds,
    /// Size of the file.
    pub(crate) bytes: u64,
}

/// One box at the top of the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Top {
    pub(crate) kind: [u8; 4],
    /// Where its body starts and ends in the file.
    pub(crate) body: u64,
    pub(crate) end: u64,
    /// Whether it claims to reach beyond the end of the file.
    cut: bool,
}

impl Movie {
    /// The track that is shown: the first enabled one with a picture.
    pub(crate) fn picture(&self) -> Option<&Track> {
        let mut films = self.tracks.iter().filter(|track| track.handler == Handler::Picture);
        films.clone().find(|track| track.enabled).or_else(|| films.next())
    }

    /// The track that is heard.
    pub(crate) fn sound(&self) -> Option<&Track> {
        let mut sounds = self.tracks.iter().filter(|track| track.handler == Handler::Sound);
        sounds.clone().find(|track| track.enabled).or_else(|| sounds.next())
    }

    /// How long picture and sound last, by their packets.
    pub(crate) fn duration_ms(&self) -> u64 {
        let lengths = [self.picture(), self.sound()];
        lengths.into_iter().flatten().map(Track::duration_ms).max().unwrap_or(0)
    }
}

/// Reads the index of a film and holds it against the limits.
pub(crate) fn read(source: &mut Source, limits: &Limits) -> Result<Movie, Error> {
    let tops = tops(&mut source.file, source.bytes)?;
    let Some(index) = tops.iter().find(|top| &top.kind == b"moov") else {
        return Err(Error::Damaged(
            "the film's index is missing: the recording or the copy broke off".into(),
        ));
    };
    if index.cut {
        return Err(Error::Damaged("the film's index is cut off".into()));
    }
    let moov = Node::parse(*b"moov", &body(&mut source.file, index, limits)?)?;
    let mut tracks = Vec::new();
    for trak in moov.children(b"trak") {
        tracks.push(Track::read(trak, &moov)?);
    }
    let fragmented = moov.child(b"mvex").is_some() || tops.iter().any(|top| &top.kind == b"moof");
    if fragmented {
        fragments::add(&mut tracks, &moov, &mut source.file, &tops, limits)?;
    }
    let metadata = metadata::kinds(&moov, &tracks, &mut source.file, &tops)?;
    let movie = Movie { moov, tracks, fragmented, metadata, bytes: source.bytes };
    check(&movie, limits)?;
    Ok(movie)
}

/// Reads a film as every container's is read.
pub(crate) fn reel(source: &mut Source, limits: &Limits) -> Result<Reel, Error> {
    let movie = read(source, limits)?;
    let Some(picture) = movie.picture() else {
        return Err(Error::Bug("a film without a picture passed its check".into()));
    };
    let mut reel = Reel {
        size: (picture.width, picture.height),
        duration_ms: movie.duration_ms(),
        video: picture.codec.clone(),
        audio: movie.sound().map(|track| track.codec.clone()),
        fps: picture.rate(),
        turn: picture.turn,
        light: picture.light,
        alpha: false,
        metadata: Kinds::default(),
    };
    let edits = movie.tracks.iter().any(|track| track.edits > 1);
    let fragmented = movie.fragmented;
    reel.metadata = movie.metadata;
    if fragmented {
        reel.metadata.add("fragments");
    }
    if edits {
        reel.metadata.add("edits");
    }
    Ok(reel)
}

/// The moments at which a film can be cut without decoding it.
pub(crate) fn cuts(source: &mut Source, limits: &Limits) -> Result<Vec<Cut>, Error> {
    let movie = read(source, limits)?;
    let picture = movie.picture().map(|track| (track.id, track.timescale));
    let mut traks = movie.moov.children(b"trak").zip(&movie.tracks);
    let trak = traks.find(|(_, track)| picture.is_some_and(|(id, _)| track.id == id));
    Ok(trak.map_or_else(Vec::new, |(trak, track)| cuts::moments(trak, track.timescale)))
}

fn check(movie: &Movie, limits: &Limits) -> Result<(), Error> {
    let Some(picture) = movie.picture() else {
        return Err(Error::Unsupported(Unsupported::SoundOnly));
    };
    if [Some(picture), movie.sound()].into_iter().flatten().any(|track| track.locked) {
        return Err(Error::Unsupported(Unsupported::Encrypted));
    }
    if picture.codec == "vvc" {
        return Err(Error::Unsupported(Unsupported::VideoCodec("VVC".into())));
    }
    if picture.vision {
        return Err(Error::Unsupported(Unsupported::VideoColours));
    }
    limits.size(picture.width, picture.height)?;
    limits.duration(movie.duration_ms())?;
    if picture.samples == 0 {
        return Err(Error::Damaged("the film has no frames".into()));
    }
    let beyond = |track: &Track| track.last_chunk.is_some_and(|at| at >= movie.bytes);
    if movie.tracks.iter().any(beyond) {
        return Err(Error::Damaged("the film is cut short: its index points beyond its end".into()));
    }
    let played = [Some(picture.id), movie.sound().map(|track| track.id)];
    for (trak, track) in movie.moov.children(b"trak").zip(&movie.tracks) {
        let listed = !trak.bytes(&[b"mdia", b"minf", b"stbl", b"stsz"]).is_empty();
        if played.contains(&Some(track.id)) && !movie.fragmented && listed {
            // Every frame lies in the file: what lies outside would be made up by a decoder.
            pieces::of(trak, 0, movie.bytes)?;
        }
    }
    Ok(())
}

/// The boxes at the top of a file. The walk ends at the first one that cannot be a box.
fn tops(file: &mut File, bytes: u64) -> Result<Vec<Top>, Error> {
    /// More boxes than any real film has: a day in fragments of one second is 180,000.
    const MOST: usize = 1 << 20;
    let mut found = Vec::new();
    let mut at = 0;
    while at + 8 <= bytes && found.len() < MOST {
        let mut head = [0; 16];
        file.seek(SeekFrom::Start(at))?;
        let have = usize::try_from((bytes - at).min(16)).unwrap_or(16);
        file.read_exact(&mut head[..have])?;
        let Some((kind, len, header)) = tree::head(&head[..have]) else { break };
        let len = len.unwrap_or(bytes - at);
        if len < header {
            break;
        }
        let end = at.saturating_add(len);
        found.push(Top { kind, body: at + header, end: end.min(bytes), cut: end > bytes });
        at = end;
    }
    Ok(found)
}

/// The body of a box, within the limit for indexes.
fn body(file: &mut File, top: &Top, limits: &Limits) -> Result<Vec<u8>, Error> {
    let len = top.end.saturating_sub(top.body);
    if len > limits.max_index_bytes {
        return Err(Error::OverLimit(OverLimit::Index { bytes: len, most: limits.max_index_bytes }));
    }
    file.seek(SeekFrom::Start(top.body))?;
    let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
    file.take(len).read_to_end(&mut bytes)?;
    Ok(bytes)
}
