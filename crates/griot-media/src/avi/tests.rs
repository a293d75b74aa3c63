//! AVI built by hand: a header that lies, and what is hostile.

use std::io::Write as _;

use griot_domain::asset::{Facts, Format};

use super::*;
use crate::probe::probe;

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len()).unwrap().to_le_bytes();
    let pad = vec![0; body.len() % 2];
    [&name[..], &len, body, &pad].concat()
}

fn list(name: &[u8; 4], body: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"LIST", &[name.to_vec(), body.concat()].concat())
}

/// A film of 320x240 at 10 frames a second whose header claims an hour.
fn film(frames: usize, more: &[Vec<u8>]) -> Vec<u8> {
    let mut strh = vec![0; 56];
    strh[..8].copy_from_slice(b"vidsMJPG");
    strh[20] = 1;
    strh[24] = 10;
    strh[32..36].copy_from_slice(&36_000u32.to_le_bytes());
    let mut strf = vec![0; 40];
    strf[4..8].copy_from_slice(&320u32.to_le_bytes());
    strf[8..12].copy_from_slice(&240u32.to_le_bytes());
    let stream = list(b"strl", &[chunk(b"strh", &strh), chunk(b"strf", &strf)]);
    let pieces: Vec<_> = (0..frames).map(|_| chunk(b"00dc", b"jpeg!")).collect();
    let header = list(b"hdrl", &[chunk(b"avih", &[0; 56]), stream]);
    chunk(b"RIFF", &[b"AVI ".to_vec(), header, more.concat(), list(b"movi", &pieces)].concat())
}

fn probed(bytes: &[u8]) -> Result<Facts, Error> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    probe(file.path(), &Limits::default())
}

#[test]
fn a_film_lasts_as_long_as_its_pieces() {
    let facts = probed(&film(25, &[])).unwrap();
    assert_eq!((facts.format, facts.width, facts.height), (Format::Avi, 320, 240));
    assert_eq!((facts.duration_ms, facts.fps), (Some(2500), Some(10.0)));
    assert_eq!((facts.video_codec.as_deref(), facts.audio_codec), (Some("mjpeg"), None));
    let personal =
        [list(b"INFO", &[chunk(b"IART", b"Awa"), chunk(b"ICRD", b"2027")]), chunk(b"IDIT", b"today")];
    assert_eq!(probed(&film(3, &personal)).unwrap().metadata, ["author", "time"]);
}

#[test]
fn hostile_files_are_refused_or_read_and_never_more() {
    let whole = film(5, &[]);
    for cut in 0..whole.len() {
        let _ = probed(&whole[..cut]);
    }
    for at in 0..whole.len() {
        for value in [0, 1, 0x7F, 0x80, 0xFF] {
            let mut bent = whole.clone();
            bent[at] = value;
            assert!(!matches!(probed(&bent), Err(Error::Bug(_))), "byte {at} = {value}");
        }
    }
    assert!(matches!(probed(&film(0, &[])), Err(Error::Damaged(_))));
}
