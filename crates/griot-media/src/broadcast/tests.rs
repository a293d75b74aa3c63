//! Hostile and cut-off streams; whole ones are made by ffmpeg in the tests of the renderer.

use super::*;

#[test]
fn a_time_is_read_and_a_packet_that_is_none_is_not() {
    // 90,000 ticks: one second.
    let bytes = [0, 0, 1, 0xE0, 0, 0, 0x80, 0x80, 5, 0x21, 0x00, 0x05, 0xBF, 0x21, 0xAA];
    assert_eq!(packet(&bytes), Some((0xE0, false, Some(90_000), 14)));
    assert_eq!(packet(&[0, 0, 2, 0xE0, 0, 0, 0x80]), None);
    for end in 0..bytes.len() {
        let _ = packet(&bytes[..end]);
    }
}

#[test]
fn noise_that_keeps_the_beat_is_refused_and_ends() {
    let mut noise: Vec<u8> = (0..188 * 400u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    noise.iter_mut().step_by(188).for_each(|byte| *byte = 0x47);
    assert_eq!(grid(&noise), Some((0, 188)));
    assert!(transport::read(&noise, &noise).is_err());
    let streams = program::read(&noise, &noise);
    assert!(streams.reel(&Limits::default()).is_err());
    assert_eq!(grid(&noise[1..1000]), None);
}
