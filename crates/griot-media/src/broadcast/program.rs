//! Program streams (ISO/IEC 11172-1 and 13818-1): packs of packets of any length, each behind a start code.

use super::{Stream, Streams, packet};

/// Reads the two ends of a file.
pub(super) fn read(head: &[u8], tail: &[u8]) -> Streams {
    let mut streams = Streams::default();
    walk(head, &mut streams, false);
    walk(tail, &mut streams, true);
    if let Some(picture) = &mut streams.picture
        && crate::coded::mpeg2::of_stream(&picture.bytes).is_none()
        && crate::coded::avc::of_stream(&picture.bytes).is_some()
    {
        picture.codec = "h264".into();
    }
    streams
}

fn walk(bytes: &[u8], streams: &mut Streams, ended: bool) {
    let mut at = 0;
    let (mut pictures, mut sounds) = ([None; 2], [None; 2]);
    while let Some(step) = bytes.get(at..).and_then(|rest| memchr::memmem::find(rest, b"\0\0\x01")) {
        at += step;
        let Some(stream) = bytes.get(at + 3) else { break };
        let sound = matches!(stream, 0xC0..=0xDF | 0xBD);
        if !sound && !matches!(stream, 0xE0..=0xEF) {
            at += 4;
            continue;
        }
        let Some(len) = bytes.get(at + 4..at + 6) else { break };
        let end = (at + 6 + usize::from(u16::from_be_bytes([len[0], len[1]]))).min(bytes.len());
        let Some((_, hidden, time, start)) = packet(&bytes[at..end]) else {
            at += 4;
            continue;
        };
        let body = bytes.get(at + start..end).unwrap_or_default();
        at = end.max(at + 4);
        // Subtitles and sound of discs share a stream, and say which they are in their first byte.
        let codec = match stream {
            0xBD if matches!(body.first(), Some(0x80..=0x87)) => "ac3",
            0xBD if matches!(body.first(), Some(0x88..=0x8F)) => "dts",
            0xBD if matches!(body.first(), Some(0xA0..=0xAF)) => "pcm",
            0xBD => continue,
            0xC0..=0xDF => "mp2",
            _ => "mpeg2",
        };
        let numbers = if sound { &mut sounds } else { &mut pictures };
        let first = *numbers[0].get_or_insert(*stream);
        if first != *stream {
            numbers[1] = Some(*stream);
            continue;
        }
        let kept = if sound { &mut streams.sound } else { &mut streams.picture };
        if ended && kept.is_none() {
            continue;
        }
        let kept = kept.get_or_insert_with(|| Stream::of(codec));
        kept.time(time);
        kept.scrambled += u64::from(hidden);
        if !ended && !sound {
            kept.carry(body);
        }
    }
    streams.further |= pictures[1].is_some() || sounds[1].is_some();
}
