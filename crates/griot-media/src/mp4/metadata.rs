//! Which kinds of metadata a film carries. Names only: the values are nobody's business.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::tree::{Body, Node};
use super::{Handler, Top, Track};
use crate::Error;
use crate::picture::{Kinds, memfind};
use crate::turn::Turn;

/// The kind of `uuid` box that holds XMP.
const XMP: [u8; 16] = *b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
/// The kind of `uuid` box that holds content credentials.
const C2PA: [u8; 16] = *b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81";
/// Bytes of a user data box that are searched: the texts of interest stand near the start.
const SEARCHED: usize = 1 << 20;
/// What a position looks like in the many places where one can stand.
const POSITIONS: [&[u8]; 5] = [b"\xA9xyz", b"loci", b"location.ISO6709", b"GPSLatitude", b"GPS5"];
/// What names a device.
const DEVICES: [&[u8]; 6] =
    [b"\xA9mak", b"\xA9mod", b"quicktime.make", b"quicktime.model", b"com.android", b"GoPro"];

/// What names people.
const AUTHORS: [&[u8]; 7] =
    [b"\xA9ART", b"\xA9aut", b"\xA9cpy", b"\xA9dir", b"quicktime.artist", b"quicktime.author", b"auth"];
/// What tells the day.
const TIMES: [&[u8]; 3] = [b"\xA9day", b"quicktime.creationdate", b"yrrc"];
/// What describes it in words.
const COMMENTS: [&[u8]; 5] = [b"\xA9cmt", b"\xA9des", b"\xA9nam", b"quicktime.comment", b"quicktime.title"];

/// The kinds, each once.
pub(super) fn kinds(moov: &Node, tracks: &[Track], file: &mut File, tops: &[Top]) -> Result<Kinds, Error> {
    let mut kinds = Kinds::default();
    inside(moov, &mut kinds);
    for trak in moov.children(b"trak") {
        inside(trak, &mut kinds);
        if let Some(mdia) = trak.child(b"mdia") {
            inside(mdia, &mut kinds);
        }
    }
    for top in tops {
        match &top.kind {
            b"uuid" => {
                let mut id = [0; 16];
                file.seek(SeekFrom::Start(top.body))?;
                let whole = file.read_exact(&mut id).is_ok();
                kinds.add(if whole && id == XMP {
                    "xmp"
                } else if whole && id == C2PA {
                    "c2pa"
                } else {
                    "private data"
                });
            }
            b"meta" => kinds.add("tags"),
            b"udta" => kinds.add("user data"),
            _ => {}
        }
    }
    tracks_of(tracks, &mut kinds);
    Ok(kinds)
}

/// What the tracks themselves tell: extra tracks, and how the picture is meant to be shown.
fn tracks_of(tracks: &[Track], kinds: &mut Kinds) {
    let shown: Vec<&Track> = tracks.iter().filter(|track| track.handler != Handler::Other).collect();
    if shown.len() < tracks.len() {
        kinds.add("further tracks");
    }
    let pictures = || shown.iter().filter(|track| track.handler == Handler::Picture);
    if pictures().any(|track| track.turn != Turn::NONE) {
        kinds.add("rotation");
    }
    if pictures().any(|track| track.stretched) {
        kinds.add("pixel aspect");
    }
    if pictures().any(|track| track.fields) {
        kinds.add("fields");
    }
    if pictures().any(|track| track.full) {
        kinds.add("full range");
    }
    if pictures().any(|track| track.uneven) {
        kinds.add("variable rate");
    }
    if tracks.iter().any(|track| track.dated) {
        kinds.add("time");
    }
}

/// User data, tags and private boxes directly inside a box.
fn inside(node: &Node, kinds: &mut Kinds) {
    let Body::Boxes(boxes) = &node.body else { return };
    for child in boxes {
        let name = match &child.kind {
            b"udta" => "user data",
            b"meta" => "tags",
            b"uuid" => "private data",
            _ => continue,
        };
        let bytes = child.bytes(&[]);
        if bytes.len() <= 8 {
            continue;
        }
        kinds.add(name);
        let searched = &bytes[..bytes.len().min(SEARCHED)];
        let holds = |words: &[&[u8]]| words.iter().any(|word| memfind(searched, word).is_some());
        if holds(&POSITIONS) {
            kinds.add("gps");
        }
        if holds(&DEVICES) {
            kinds.add("camera");
        }
        for (kind, words) in [("author", AUTHORS.as_slice()), ("time", &TIMES), ("comment", &COMMENTS)] {
            if holds(words) {
                kinds.add(kind);
            }
        }
        if memfind(searched, b"XMP_").is_some() {
            kinds.add("xmp");
        }
    }
}
