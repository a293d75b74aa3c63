//! The tracks: what each holds, its codec, its size, how it is turned.

use super::element::{elements, float, number};
use crate::reel::{Light, square};
use crate::turn::Turn;

/// What a track is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Picture,
    Sound,
    Other,
}

/// One track.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) number: u64,
    pub(super) kind: Kind,
    /// Whether it is the one that is played.
    pub(super) usual: bool,
    /// Whether somebody gave it a name.
    pub(super) named: bool,
    pub(super) codec: String,
    /// Nanoseconds of one packet, when they are all as long.
    pub(super) packet_ns: Option<u64>,
    /// Size in square pixels, before the turn.
    pub(super) size: (u32, u32),
    pub(super) stretched: bool,
    pub(super) turn: Turn,
    pub(super) light: Option<Light>,
    /// Whether parts of its picture are transparent.
    pub(super) alpha: bool,
    /// Whether it is locked.
    pub(super) locked: bool,
}

/// All tracks of a `Tracks` element.
pub(super) fn read(bytes: &[u8]) -> Vec<Track> {
    /// More than any film has.
    const MOST: usize = 128;
    elements(bytes).filter(|(id, _)| *id == 0xAE).take(MOST).map(|(_, entry)| track(entry)).collect()
}

fn track(entry: &[u8]) -> Track {
    let mut track = Track {
        number: 0,
        kind: Kind::Other,
        usual: true,
        named: false,
        codec: String::new(),
        packet_ns: None,
        size: (0, 0),
        stretched: false,
        turn: Turn::NONE,
        light: None,
        alpha: false,
        locked: false,
    };
    let (mut id, mut private): (&[u8], &[u8]) = (&[], &[]);
    for (part, body) in elements(entry) {
        match part {
            0xD7 => track.number = number(body),
            0x83 => {
                track.kind = match number(body) {
                    1 => Kind::Picture,
                    2 => Kind::Sound,
                    _ => Kind::Other,
                }
            }
            0x88 => track.usual = number(body) != 0,
            0x536E => track.named = !body.is_empty(),
            0x86 => id = body,
            0x63A2 => private = body,
            0x0023_E383 => track.packet_ns = Some(number(body)).filter(|ns| *ns > 0),
            0xE0 => picture(body, &mut track),
            0x6D80 => track.locked = locked(body),
            _ => {}
        }
    }
    track.codec = codec(id, private);
    track
}

fn picture(body: &[u8], track: &mut Track) {
    let (mut size, mut shown, mut unit) = ((0u64, 0u64), (0u64, 0u64), 0);
    let (mut across, mut down) = (0u64, 0u64);
    for (id, body) in elements(body) {
        match id {
            0xB0 => size.0 = number(body),
            0xBA => size.1 = number(body),
            0x54B0 => shown.0 = number(body),
            0x54BA => shown.1 = number(body),
            0x54B2 => unit = number(body),
            0x53C0 => track.alpha = number(body) != 0,
            0x54AA | 0x54BB => down = down.saturating_add(number(body)),
            0x54CC | 0x54DD => across = across.saturating_add(number(body)),
            0x55B0 => {
                let transfer = elements(body).find(|(id, _)| *id == 0x55BA);
                track.light = transfer.and_then(|(_, body)| Light::of(number(body)));
            }
            0x7670 => {
                let roll = elements(body).find(|(id, _)| *id == 0x7675);
                track.turn = roll.map_or(Turn::NONE, |(_, body)| rolled(float(body)));
            }
            _ => {}
        }
    }
    let side = |side: u64, cut: u64| u32::try_from(side.saturating_sub(cut)).unwrap_or(u32::MAX);
    track.size = (side(size.0, across), side(size.1, down));
    // In pixels, or as a ratio: both give the shape. Centimetres and inches too.
    let given = unit <= 3 && shown.0 > 0 && shown.1 > 0 && track.size.0 > 0 && track.size.1 > 0;
    if given && shown.0 <= u64::from(u32::MAX) && shown.1 <= u64::from(u32::MAX) {
        let pixel = (shown.0 * u64::from(track.size.1), shown.1 * u64::from(track.size.0));
        if let Some(size) = square(track.size, pixel) {
            (track.size, track.stretched) = (size, true);
        }
    }
}

/// Whether one of the ways in which a track is stored is a lock: the others only press it together.
fn locked(ways: &[u8]) -> bool {
    let kind = |way: &[u8]| elements(way).any(|(id, body)| id == 0x5033 && number(body) == 1);
    elements(ways).any(|(id, way)| id == 0x6240 && kind(way))
}

/// A film rolled by some degrees, counter-clockwise in this format, is turned upright by quarters.
fn rolled(degrees: f64) -> Turn {
    if !degrees.is_finite() {
        return Turn::NONE;
    }
    Turn::quarters(((-degrees / 90.0).round() as i64).rem_euclid(4) as u8)
}

fn codec(id: &[u8], private: &[u8]) -> String {
    let id = String::from_utf8_lossy(&id[..id.len().min(40)]).trim_end_matches('\0').to_owned();
    let known = match id.as_str() {
        "V_MPEG4/ISO/AVC" => return crate::mp4::avc_name(private).to_owned(),
        "V_MPEGH/ISO/HEVC" => "hevc",
        "V_VP8" => "vp8",
        "V_VP9" => "vp9",
        "V_AV1" => "av1",
        "V_MPEGI/ISO/VVC" => "vvc",
        "V_MJPEG" => "mjpeg",
        "V_PRORES" => "prores",
        "V_MPEG1" => "mpeg1",
        "V_MPEG2" => "mpeg2",
        "V_THEORA" => "theora",
        "V_MS/VFW/FOURCC" => return crate::avi::picture_codec(private.get(16..20).unwrap_or_default()),
        "A_OPUS" => "opus",
        "A_VORBIS" => "vorbis",
        "A_MPEG/L3" => "mp3",
        "A_MPEG/L2" => "mp2",
        "A_AC3" => "ac3",
        "A_EAC3" => "eac3",
        "A_FLAC" => "flac",
        "A_DTS" => "dts",
        _ if id.starts_with("V_MPEG4/ISO/") => "mpeg4",
        _ if id.starts_with("A_AAC") => "aac",
        _ if id.starts_with("A_PCM/") => "pcm",
        _ if id.is_empty() => "unknown",
        other => return other.chars().filter(char::is_ascii_graphic).collect::<String>().to_lowercase(),
    };
    known.to_owned()
}
