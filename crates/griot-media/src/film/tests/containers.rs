//! Every usual container is probed and made; what cannot be is refused by its kind.

use super::ways::{made_by, make};
use super::*;
use crate::Unsupported;
use crate::film::check;
use crate::film::sight::Seen;

const SOURCE: &str = "-v error -f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i sine=d=2";

#[test]
fn every_usual_container_is_probed_and_made() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let x264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";
    for (name, coding, format, codecs) in [
        ("camera.MTS", format!("{x264} -c:a ac3 -f mpegts -mpegts_m2ts_mode 1"), Format::Ts, ("h264", "ac3")),
        ("air.ts", "-c:v mpeg2video -c:a mp2 -f mpegts".into(), Format::Ts, ("mpeg2", "mp2")),
        (
            "phone.ts",
            "-c:v libx265 -x265-params log-level=none -preset ultrafast -pix_fmt yuv420p -c:a aac -f mpegts"
                .into(),
            Format::Ts,
            ("hevc", "aac"),
        ),
        ("tv.mpg", "-c:v mpeg2video -c:a mp2 -f vob".into(), Format::Mpeg, ("mpeg2", "mp2")),
        ("old.mpg", "-c:v mpeg1video -c:a mp2 -f mpeg".into(), Format::Mpeg, ("mpeg1", "mp2")),
        ("windows.wmv", "-c:v wmv2 -c:a wmav2".into(), Format::Wmv, ("wmv2", "wma")),
        ("flash.flv", "-c:v flv -c:a libmp3lame -ar 44100".into(), Format::Flv, ("flv1", "mp3")),
        ("web.flv", format!("{x264} -c:a aac"), Format::Flv, ("h264", "aac")),
        ("free.ogv", "-c:v libtheora -q:v 6 -c:a libvorbis".into(), Format::Ogv, ("theora", "vorbis")),
        ("old.avi", "-c:v mpeg4 -c:a libmp3lame".into(), Format::Avi, ("mpeg4", "mp3")),
        ("film.mkv", format!("{x264} -c:a aac"), Format::Mkv, ("h264", "aac")),
        ("web.webm", "-c:v libvpx -c:a libvorbis".into(), Format::Webm, ("vp8", "vorbis")),
        ("apple.mov", format!("{x264} -c:a aac"), Format::Mov, ("h264", "aac")),
        ("phone.3gp", format!("{x264} -c:a aac"), Format::ThreeGp, ("h264", "aac")),
    ] {
        let film = scratch.path().join(name);
        made_by(&ffmpeg, &format!("{SOURCE} {coding}"), &film);
        let found = facts(&film);
        assert_eq!((found.format, found.width, found.height), (format, 320, 180), "{name}");
        assert_eq!(
            (found.video_codec.as_deref(), found.audio_codec.as_deref()),
            (Some(codecs.0), Some(codecs.1)),
            "{name}"
        );
        assert!(found.duration_ms.unwrap().abs_diff(2000) < 150, "{name}: {:?}", found.duration_ms);
        assert!(found.fps.is_none_or(|fps| (fps - 25.0).abs() < 0.3), "{name}: {:?}", found.fps);
        let made = make(&ffmpeg, &film, &[recipe(Fit::Cover, 160, 160)], scratch.path()).unwrap();
        let after = facts(&made[0].path);
        assert_eq!((after.fps, after.audio_codec.as_deref()), (Some(25.0), Some("aac")), "{name}");
        assert!(made[0].duration_ms.abs_diff(2000) < 200, "{name}: {}", made[0].duration_ms);
        cut_and_changed(&film, &found);
    }
}

/// Whatever is missing or changed of a file, it is probed or refused, and never Griot's own fault.
fn cut_and_changed(film: &Path, whole: &Facts) {
    let bytes = std::fs::read(film).unwrap();
    let hurt = film.with_extension("hurt");
    for n in 1..24usize {
        let mut some = bytes[..bytes.len() * n / 24].to_vec();
        let at = (n * 7919) % some.len().clamp(1, 4000);
        some[at] ^= 0x55;
        std::fs::write(&hurt, &some).unwrap();
        match probe::probe(&hurt, &Limits::default()) {
            Err(Error::Bug(said)) => panic!("{}: {said}", film.display()),
            Ok(facts) => assert!(facts.width <= 65_536, "{facts:?} {whole:?}"),
            Err(_) => {}
        }
    }
}

#[test]
fn a_video_that_is_locked_is_refused_as_locked() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let film = scratch.path().join("locked.mp4");
    let lock = "-encryption_scheme cenc-aes-ctr -encryption_key 00112233445566778899aabbccddeeff -encryption_kid 0123456789abcdef0123456789abcdef";
    made_by(&ffmpeg, &format!("{SOURCE} -c:v libx264 -pix_fmt yuv420p -c:a aac {lock}"), &film);
    let refused = probe::probe(&film, &Limits::default());
    assert!(matches!(refused, Err(Error::Unsupported(Unsupported::Encrypted))), "{refused:?}");
}

#[test]
fn a_coding_that_is_not_read_is_refused_by_its_name() {
    let scratch = tempfile::tempdir().unwrap();
    let film = scratch.path().join("new.mp4");
    let mut bytes = std::fs::read(fixture("film.mp4")).unwrap();
    let at = bytes.windows(4).position(|four| four == b"avc1").unwrap();
    let at = bytes[at + 4..].windows(4).position(|four| four == b"avc1").map_or(at, |more| at + 4 + more);
    bytes[at..at + 4].copy_from_slice(b"vvc1");
    std::fs::write(&film, &bytes).unwrap();
    let refused = probe::probe(&film, &Limits::default());
    assert!(
        matches!(&refused, Err(Error::Unsupported(Unsupported::VideoCodec(name))) if name == "VVC"),
        "{refused:?}"
    );
}

#[test]
fn frames_that_lie_outside_their_file_are_refused_as_damaged() {
    let scratch = tempfile::tempdir().unwrap();
    let film = scratch.path().join("outside.mp4");
    let bytes = std::fs::read(fixture("film.mp4")).unwrap();
    for (table, row) in [(b"stsz", 12), (b"stco", 8)] {
        let mut bytes = bytes.clone();
        let at = bytes.windows(4).position(|four| four == table).unwrap() + 4 + row;
        bytes[at] = 0x7F;
        std::fs::write(&film, &bytes).unwrap();
        let refused = probe::probe(&film, &Limits::default());
        assert!(matches!(refused, Err(Error::Damaged(_))), "{refused:?}");
    }
}

#[test]
fn an_empty_first_frame_is_never_called_made_where_its_source_shows_something() {
    let line = |mean: &str, life: &str| {
        let said = [format!(
            "[Parsed_showinfo_0 @ 0x1] n: 0 fmt:yuv420p sar:1/1 s:320x180 i:P mean:[{mean}] stdev:[{life}]"
        )];
        Seen::read(&said).unwrap()
    };
    let (empty, full) = (line("16 128 128", "0.0 0.0 0.0"), line("90 110 140", "30.0 2.0 1.0"));
    let grey = line("126 128 128", "0.0 0.0 0.0");
    let plan = plan::Plan::new(
        &facts(&fixture("film.mp4")),
        crate::turn::Turn::NONE,
        Shown::RGB,
        &recipe(Fit::Inside, 320, 180),
    )
    .unwrap();
    let complaint = ["error while decoding MB 3 4".to_owned()];
    let judge = |seen: &Seen, source: &Seen, complaints: &[String]| {
        check::picture(seen, &plan, &check::Source { seen: Some(source), complaints })
    };
    assert!(judge(&full, &full, &complaint).is_ok());
    assert!(judge(&empty, &empty, &[]).is_ok(), "black is black");
    assert!(matches!(judge(&empty, &full, &[]), Err(Error::FfmpegFailed(_))));
    assert!(judge(&empty, &empty, &complaint).is_ok(), "it begins in black, and has a flaw elsewhere");
    assert!(matches!(judge(&grey, &grey, &complaint), Err(Error::Damaged(_))));
}
