//! Copies an MP4 without its metadata, in Rust: only the shown and the heard track, only the boxes that play them, index
//! first. The film data is copied piece by piece, so that what lies between the pieces (other tracks, positions,
//! trailing files) stays behind. Nothing is decoded; what the codec itself carries in its stream stays.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use griot_domain::asset::{Format, MediaKind};

use super::scratch::{beside, place};
use crate::mp4::name_colours;
use crate::mp4::pieces::{self, Piece};
use crate::mp4::tree::{Body, Node, u32_at};
use crate::mp4::{self, Movie};
use crate::{Error, Limits, Unsupported, source};

/// `isom`, version 512, and what it is compatible with.
const FILE_TYPE: &[u8] = b"isom\0\0\x02\0isomiso2avc1mp41";
/// The boxes that play a track, by the box that holds them.
const KEPT: [(&[u8; 4], &[&[u8; 4]]); 5] = [
    (b"trak", &[b"tkhd", b"edts", b"mdia"]),
    (b"edts", &[b"elst"]),
    (b"mdia", &[b"mdhd", b"hdlr", b"minf"]),
    (b"minf", &[b"vmhd", b"smhd", b"dinf", b"stbl"]),
    (b"stbl", &[b"stsd", b"stts", b"ctts", b"cslg", b"stss", b"stsz", b"stsc", b"sdtp", b"sgpd", b"sbgp"]),
];

/// Copies the film without its metadata and says which kinds were left behind. `out` appears whole or not at all.
///
/// # Errors
/// The source is not an MP4 whose data lies in one file with one index, is damaged, or a file cannot be read or written.
pub fn strip(source: &Path, out: &Path) -> Result<Vec<String>, Error> {
    copy(source, out, Keep::All)
}

/// What is kept of what plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Somebody else's film is played as it was.
    All,
    /// The same, silent.
    Picture,
    /// Our own film stands upright and starts with its first packets; the networks want no edit list.
    Own,
}

/// Copies the film as [`strip`] does.
pub(super) fn copy(source: &Path, out: &Path, keep: Keep) -> Result<Vec<String>, Error> {
    let limits = Limits::default();
    let mut source = source::open(source, &limits)?;
    if source.format.kind() != MediaKind::Video {
        return Err(Error::Unsupported(Unsupported::PictureForFilm));
    }
    if source.format == Format::Mov {
        return Err(Error::Unsupported(Unsupported::QuickTime));
    }
    let movie = mp4::read(&mut source, &limits)?;
    if movie.fragmented {
        return Err(Error::Unsupported(Unsupported::Fragments));
    }
    let (mut moov, pieces) = pruned(&movie, keep)?;
    let part = beside(out);
    let written = write(&mut source.file, &mut moov, &pieces, &part).and_then(|()| place(&part, out));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written?;
    Ok(movie.metadata.into_vec())
}

/// The index with only what plays, and the pieces of its tracks in the order of the file.
fn pruned(movie: &Movie, keep: Keep) -> Result<(Node, Vec<Piece>), Error> {
    let wanted = [movie.picture(), movie.sound().filter(|_| keep != Keep::Picture)];
    let kept = |id: u32| wanted.iter().flatten().any(|track| track.id == id);
    let mut mvhd = movie.moov.bytes(&[b"mvhd"]).to_vec();
    forget_times(&mut mvhd);
    let mut boxes = vec![Node { kind: *b"mvhd", body: Body::Bytes(mvhd) }];
    let mut pieces = Vec::new();
    for (trak, track) in movie.moov.children(b"trak").zip(&movie.tracks) {
        if !kept(track.id) {
            continue;
        }
        let mut trak = trak.clone();
        pieces.extend(pieces::of(&trak, boxes.len(), movie.bytes)?);
        clean(&mut trak)?;
        if let (Some(coded), Some(stsd)) =
            (&track.coded, bytes_of(&mut trak, &[b"mdia", b"minf", b"stbl", b"stsd"]))
        {
            name_colours(stsd, coded);
        }
        if keep == Keep::Own {
            if let Body::Boxes(boxes) = &mut trak.body {
                boxes.retain(|child| &child.kind != b"edts");
            }
            stand_upright(bytes_of(&mut trak, &[b"tkhd"]));
        }
        boxes.push(trak);
    }
    let total: u64 = pieces.iter().map(|piece| piece.len).sum();
    if total > movie.bytes {
        return Err(Error::Damaged("the film's index counts more data than there is".into()));
    }
    pieces.sort_by_key(|piece| piece.at);
    Ok((Node { kind: *b"moov", body: Body::Boxes(boxes) }, pieces))
}

/// Leaves only what plays in a track: no times of recording, no names, no user data, no references to other tracks.
fn clean(trak: &mut Node) -> Result<(), Error> {
    prune(trak);
    let missing = || Error::Damaged("a track lacks what plays it".into());
    let url = trak.bytes(&[b"mdia", b"minf", b"dinf", b"dref"]);
    if u32_at(url, 4) != Some(1) || u32_at(url, 16).is_none_or(|flags| flags & 1 == 0) {
        return Err(Error::Unsupported(Unsupported::DataElsewhere));
    }
    forget_times(bytes_of(trak, &[b"tkhd"]).ok_or_else(missing)?);
    forget_times(bytes_of(trak, &[b"mdia", b"mdhd"]).ok_or_else(missing)?);
    let hdlr = bytes_of(trak, &[b"mdia", b"hdlr"]).ok_or_else(missing)?;
    // What follows the kind of track and twelve reserved bytes is a name that tells the recorder.
    hdlr.truncate(24);
    hdlr.resize(25, 0);
    let dref = bytes_of(trak, &[b"mdia", b"minf", b"dinf", b"dref"]).ok_or_else(missing)?;
    *dref = b"\0\0\0\0\0\0\0\x01\0\0\0\x0Curl \0\0\0\x01".to_vec();
    let sound = trak.at(&[b"mdia", b"minf", b"smhd"]).is_some();
    let stsd = bytes_of(trak, &[b"mdia", b"minf", b"stbl", b"stsd"]).ok_or_else(missing)?;
    // The first description of a picture holds the encoder's name, 32 bytes at 42 of its body.
    if !sound && let Some(name) = stsd.get_mut(16 + 42..16 + 74) {
        name.fill(0);
    }
    Ok(())
}

fn prune(node: &mut Node) {
    if let Body::Boxes(boxes) = &mut node.body {
        if let Some((_, kept)) = KEPT.iter().find(|(kind, _)| **kind == node.kind) {
            boxes.retain(|child| kept.contains(&&child.kind));
        }
        boxes.iter_mut().for_each(prune);
    }
}

fn bytes_of<'a>(node: &'a mut Node, path: &[&[u8; 4]]) -> Option<&'a mut Vec<u8>> {
    match &mut node.at_mut(path)?.body {
        Body::Bytes(bytes) => Some(bytes),
        Body::Boxes(_) => None,
    }
}

/// Undoes the matrix of a track: ffmpeg hands on the one of its source, whose turn its frames already have made.
fn stand_upright(tkhd: Option<&mut Vec<u8>>) {
    let Some(tkhd) = tkhd else { return };
    let at = if tkhd.first() == Some(&1) { 52 } else { 40 };
    let cells = [1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30].map(u32::to_be_bytes).concat();
    if let Some(matrix) = tkhd.get_mut(at..at + cells.len()) {
        matrix.copy_from_slice(&cells);
    }
}

/// Times of making and change stand first in `mvhd`, `tkhd` and `mdhd`.
fn forget_times(bytes: &mut [u8]) {
    let end = if bytes.first() == Some(&1) { 20 } else { 12 };
    if let Some(times) = bytes.get_mut(4..end) {
        times.fill(0);
    }
}

/// Writes the file type, the index with the new places of the pieces, and the pieces.
fn write(file: &mut File, moov: &mut Node, pieces: &[Piece], out: &Path) -> Result<(), Error> {
    let total: u64 = pieces.iter().map(|piece| piece.len).sum();
    let large = total > u64::from(u32::MAX / 2);
    set_places(moov, pieces, 0, large);
    let data = FILE_TYPE.len() as u64 + 8 + moov.len() + if large { 16 } else { 8 };
    set_places(moov, pieces, data, large);
    let mut head = Vec::new();
    Node { kind: *b"ftyp", body: Body::Bytes(FILE_TYPE.to_vec()) }.write(&mut head);
    moov.write(&mut head);
    if large {
        head.extend_from_slice(&1u32.to_be_bytes());
        head.extend_from_slice(b"mdat");
        head.extend_from_slice(&(total + 16).to_be_bytes());
    } else {
        let len = u32::try_from(total + 8).expect("BUG: a small film is below 4 GiB");
        head.extend_from_slice(&len.to_be_bytes());
        head.extend_from_slice(b"mdat");
    }
    let mut to = BufWriter::new(File::create(out)?);
    to.write_all(&head)?;
    let mut from = BufReader::with_capacity(1 << 16, file);
    let mut at = from.seek(SeekFrom::Start(0))?;
    for piece in pieces {
        let step = i64::try_from(piece.at).unwrap_or(i64::MAX) - i64::try_from(at).unwrap_or(0);
        from.seek_relative(step)?;
        if std::io::copy(&mut from.by_ref().take(piece.len), &mut to)? != piece.len {
            return Err(Error::Damaged("the film changed while it was copied".into()));
        }
        at = piece.at + piece.len;
    }
    to.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(())
}

/// Puts the table of places into every track, for data that starts at `data`.
fn set_places(moov: &mut Node, pieces: &[Piece], data: u64, large: bool) {
    let Body::Boxes(boxes) = &mut moov.body else { return };
    for (track, trak) in boxes.iter_mut().enumerate() {
        let mut places: Vec<(usize, u64)> = Vec::new();
        let mut at = data;
        for piece in pieces {
            if piece.track == track {
                places.push((piece.number, at));
            }
            at += piece.len;
        }
        places.sort_unstable();
        let Some(stbl) = trak.at_mut(&[b"mdia", b"minf", b"stbl"]) else { continue };
        let count = u32::try_from(places.len()).expect("BUG: as many places as were read from 32 bits");
        let mut table = [0u32.to_be_bytes(), count.to_be_bytes()].concat();
        for (_, at) in places {
            if large {
                table.extend_from_slice(&at.to_be_bytes());
            } else {
                let at = u32::try_from(at).expect("BUG: a small film is below 4 GiB");
                table.extend_from_slice(&at.to_be_bytes());
            }
        }
        let kind = if large { *b"co64" } else { *b"stco" };
        if let Body::Boxes(tables) = &mut stbl.body {
            tables.retain(|table| !matches!(&table.kind, b"stco" | b"co64"));
            tables.push(Node { kind, body: Body::Bytes(table) });
        }
    }
}
