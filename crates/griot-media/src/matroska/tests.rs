//! Matroska built by hand: what is rare in real files, and what is hostile.

use std::io::Write as _;

use griot_domain::asset::Facts;

use super::*;
use crate::probe::probe;

/// An element with a length of eight bytes, or of unknown length.
fn element(id: u32, body: &[u8], known: bool) -> Vec<u8> {
    let id: Vec<u8> = id.to_be_bytes().into_iter().skip_while(|b| *b == 0).collect();
    let len = if known { 1u64 << 56 | body.len() as u64 } else { 0x01FF_FFFF_FFFF_FFFF };
    [id, len.to_be_bytes().to_vec(), body.to_vec()].concat()
}

fn number_of(id: u32, value: u64) -> Vec<u8> {
    element(id, &value.to_be_bytes(), true)
}

/// A film of 320x180 with a frame every 40 ms, `frames` of them in clusters of 25.
fn film(frames: u64, known: bool, picture: &[Vec<u8>], more: &[Vec<u8>]) -> Vec<u8> {
    let video = [&[number_of(0xB0, 320), number_of(0xBA, 180)], picture].concat().concat();
    let track =
        [number_of(0xD7, 1), number_of(0x83, 1), element(0x86, b"V_VP8", true), element(0xE0, &video, true)];
    let mut body = element(INFO, &number_of(TICK, 1_000_000), true);
    body.extend(element(TRACKS, &element(0xAE, &track.concat(), true), true));
    body.extend(more.concat());
    for cluster in 0..frames.div_ceil(25) {
        let mut parts = number_of(0xE7, cluster * 1000);
        for frame in 0..25.min(frames - cluster * 25) {
            let time = u16::try_from(frame * 40).unwrap();
            parts.extend(element(0xA3, &[&[0x81], &time.to_be_bytes()[..], &[0x80, 1, 2, 3]].concat(), true));
        }
        body.extend(element(CLUSTER, &parts, known));
    }
    [element(HEAD, &element(0x4282, b"webm", true), true), element(SEGMENT, &body, known)].concat()
}

fn probed(bytes: &[u8], limits: &Limits) -> Result<Facts, Error> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    probe(file.path(), limits)
}

#[test]
fn a_film_lasts_as_long_as_its_packets_whether_its_parts_say_their_length_or_not() {
    for known in [true, false] {
        let facts = probed(&film(2000, known, &[], &[]), &Limits::default()).unwrap();
        assert_eq!((facts.width, facts.height, facts.format), (320, 180, Format::Webm));
        assert_eq!((facts.duration_ms, facts.fps), (Some(80_000), Some(25.0)), "known: {known}");
        assert_eq!((facts.video_codec.as_deref(), facts.audio_codec), (Some("vp8"), None));
    }
    let short = Limits { max_duration_ms: 79_000, ..Limits::default() };
    assert!(matches!(probed(&film(2000, true, &[], &[]), &short), Err(Error::OverLimit(_))));
}

#[test]
fn shape_light_and_what_is_personal_are_seen() {
    let shape =
        [number_of(0x54B0, 240), number_of(0x54BA, 180), element(0x55B0, &number_of(0x55BA, 18), true)];
    let tag = element(0x45A3, b"LOCATION", true);
    let tags = element(TAGS, &element(0x7373, &element(0x67C8, &tag, true), true), true);
    let facts = probed(&film(3, true, &shape, &[tags]), &Limits::default()).unwrap();
    assert_eq!((facts.width, facts.height), (240, 180));
    assert_eq!(facts.metadata, ["tags", "gps", "pixel aspect"]);
}

#[test]
fn hostile_files_are_refused_or_read_and_never_more() {
    let whole = film(60, true, &[], &[]);
    let limits = Limits::default();
    for cut in 0..whole.len() {
        let _ = probed(&whole[..cut], &limits);
    }
    for at in 0..300.min(whole.len()) {
        for value in [0, 1, 0x7F, 0x80, 0xFF] {
            let mut bent = whole.clone();
            bent[at] = value;
            assert!(!matches!(probed(&bent, &limits), Err(Error::Bug(_))), "byte {at} = {value}");
        }
    }
    let huge = [number_of(0xB0, 1 << 20), number_of(0xBA, 1 << 20)];
    assert!(matches!(probed(&film(3, true, &huge, &[]), &limits), Err(Error::OverLimit(_))));
    assert!(matches!(probed(&whole[..80], &limits), Err(Error::Damaged(_) | Error::Unsupported(_))));
}
