//! Tests of the film renderer, on the project's own files. What needs ffmpeg says so and passes where there is none.

mod colours;
mod containers;
mod ways;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use griot_domain::recipe::Fit;

use super::frames::frame_side;
use super::*;
use crate::still::tests::fixture;
use crate::{Cancelled, still};

fn recipe(fit: Fit, width: u32, height: u32) -> VideoRecipe {
    VideoRecipe::new(fit, (width, height))
}

fn ffmpeg() -> Option<Ffmpeg> {
    let found = Ffmpeg::find(None, None, std::env::var_os("PATH").as_deref()).ok();
    if found.is_none() {
        println!("ffmpeg absent: skipped");
    }
    found
}

fn facts(path: &Path) -> Facts {
    probe::probe(path, &Limits::default()).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn a_film_is_probed_from_its_boxes() {
    let film = facts(&fixture("film.mp4"));
    assert_eq!((film.width, film.height, film.format), (320, 180, Format::Mp4));
    assert_eq!((film.video_codec.as_deref(), film.audio_codec.as_deref()), (Some("h264"), Some("aac")));
    assert!(film.duration_ms.unwrap().abs_diff(2000) < 60, "{:?}", film.duration_ms);
    assert_eq!(film.fps, Some(25.0));
    assert_eq!(film.metadata, Vec::<String>::new(), "the renderer writes none");
    let turned = facts(&fixture("film-turned-gps.mp4"));
    assert_eq!((turned.width, turned.height), (180, 320));
    assert_eq!(turned.metadata, ["user data", "gps", "rotation"]);
    let plain = facts(&fixture("mjpeg.mov"));
    assert_eq!((plain.format, plain.video_codec.as_deref()), (Format::Mov, Some("mjpeg")));
    assert_eq!((plain.audio_codec.as_deref(), plain.fps), (Some("pcm"), Some(10.0)));
}

#[test]
fn bad_films_are_refused_with_their_reason() {
    let refusal =
        |name: &str| format!("{:?}", probe::probe(&fixture(name), &Limits::default()).expect_err(name));
    assert!(refusal("film-truncated.mp4").starts_with("Damaged(\"the film is cut short"));
    assert!(refusal("playlist.mp4").contains("a playlist"));
    assert!(refusal("concat.mov").contains("a playlist"));
    let short = Limits { max_duration_ms: 1000, ..Limits::default() };
    assert!(matches!(probe::probe(&fixture("film.mp4"), &short), Err(Error::OverLimit(_))));
    let small = Limits { max_pixels: 100, ..Limits::default() };
    assert!(matches!(probe::probe(&fixture("film.mp4"), &small), Err(Error::OverLimit(_))));
}

#[test]
fn a_film_that_fits_goes_out_as_a_copy_without_ffmpeg() {
    let scratch = tempfile::tempdir().unwrap();
    let out = [scratch.path().join("out.mp4")];
    let source = fixture("film.mp4");
    assert!(fits(&facts(&source), &recipe(Fit::Inside, 1280, 720)));
    let (extras, limits) = (Extras::default(), Limits::default());
    let wanted = [recipe(Fit::Inside, 1280, 720)];
    let made = render(None, &source, &wanted, &out, &extras, scratch.path(), &limits, &()).unwrap();
    assert_eq!((made[0].width, made[0].height), (320, 180));
    let turned = fixture("film-turned-gps.mp4");
    let refused = render(None, &turned, &wanted, &out, &extras, scratch.path(), &limits, &());
    assert!(matches!(refused, Err(Error::Ffmpeg { .. })), "a turned film needs ffmpeg");
}

#[test]
fn what_does_not_fit_is_converted() {
    let film = facts(&fixture("film.mp4"));
    let exact = recipe(Fit::Cover, 320, 180);
    assert!(fits(&film, &exact));
    let no = |recipe: VideoRecipe| assert!(!fits(&film, &recipe), "{recipe:?}");
    no(recipe(Fit::Cover, 1080, 1080));
    no(recipe(Fit::Inside, 300, 300));
    no(VideoRecipe { max_bytes: Some(1000), ..exact.clone() });
    no(VideoRecipe { max_fps: Some(20.0), ..exact.clone() });
    no(VideoRecipe { from_ms: Some(500), ..exact.clone() });
    no(VideoRecipe { to_ms: Some(500), ..exact });
    assert!(!fits(&facts(&fixture("film-turned-gps.mp4")), &recipe(Fit::Inside, 999, 999)));
}

#[test]
fn stripping_takes_the_position_and_keeps_the_film() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("out.mp4");
    let source = fixture("film-turned-gps.mp4");
    let removed = strip(&source, &out).unwrap();
    assert!(removed.contains(&"gps".to_owned()));
    let (before, after) = (facts(&source), facts(&out));
    assert_eq!(after.metadata, ["rotation"], "how it is shown is kept");
    assert_eq!((after.width, after.height, after.fps), (before.width, before.height, before.fps));
    assert_eq!((after.duration_ms, after.audio_codec), (before.duration_ms, before.audio_codec));
    let bytes = std::fs::read(&out).unwrap();
    assert!(!bytes.windows(7).any(|window| window == b"13.4444"));
    let truncated = strip(&fixture("film-truncated.mp4"), &out);
    assert!(matches!(truncated, Err(Error::Damaged(_))));
    assert!(!scratch.path().join("out.mp4.part").exists());
}

#[test]
fn films_are_converted_upright_in_every_fit_and_trimmed() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let source = fixture("film-turned-gps.mp4");
    let recipes = [
        recipe(Fit::Inside, 160, 160),
        recipe(Fit::Cover, 128, 128),
        VideoRecipe {
            from_ms: Some(500),
            to_ms: Some(1500),
            max_fps: Some(24.0),
            ..recipe(Fit::Blur, 256, 144)
        },
    ];
    let outs: Vec<PathBuf> = (0..3).map(|n| scratch.path().join(format!("{n}.mp4"))).collect();
    let extras = Extras { cover_ms: Some(700), ..Extras::default() };
    let limits = Limits::default();
    let made =
        render(Some(&ffmpeg), &source, &recipes, &outs, &extras, scratch.path(), &limits, &()).unwrap();
    let sizes: Vec<_> = made.iter().map(|film| (film.width, film.height)).collect();
    assert_eq!(sizes, [(90, 160), (128, 128), (256, 144)]);
    for film in &made {
        let facts = facts(&film.path);
        assert_eq!(facts.metadata, Vec::<String>::new(), "{}", film.path.display());
        assert_eq!((film.video.as_str(), film.audio.as_deref()), ("h264", Some("aac")));
        let cover = crate::probe::probe(film.cover.as_ref().unwrap(), &limits).unwrap();
        assert_eq!((cover.width, cover.height), (film.width, film.height));
        assert!(cover.metadata.is_empty());
    }
    assert!(made[0].duration_ms.abs_diff(2000) < 80);
    assert!(made[2].duration_ms.abs_diff(1000) < 80);
    assert_eq!(facts(&outs[2]).fps, Some(24.0));
    // The source is the corners' picture turned clockwise: blue stands at the top left.
    let frame = still::thumbnail(made[0].cover.as_ref().unwrap(), 160, &limits).unwrap();
    let mut decoder = jpeg_decoder::Decoder::new(frame.bytes.as_slice());
    let pixels = image::RgbImage::from_raw(frame.width, frame.height, decoder.decode().unwrap()).unwrap();
    let mean = |x0: u32, y0: u32| {
        let part = image::imageops::crop_imm(&pixels, x0, y0, 30, 50).to_image();
        [0, 1, 2].map(|c| part.pixels().map(|p| u64::from(p[c])).sum::<u64>() / 1500)
    };
    let (top_left, top_right) = (mean(5, 10), mean(55, 10));
    assert!(top_left[2] > top_left[0], "blue at the top left: {top_left:?}");
    assert!(top_right[0] > top_right[2], "red at the top right: {top_right:?}");
    let left: Vec<_> = std::fs::read_dir(scratch.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 6, "three films and three covers, and nothing half-made: {left:?}");
}

#[test]
fn a_byte_limit_of_a_film_is_kept() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let out = [scratch.path().join("out.mp4")];
    let limited = |limit| [VideoRecipe { max_bytes: Some(limit), ..recipe(Fit::Cover, 640, 360) }];
    let (extras, limits) = (Extras::default(), Limits::default());
    let source = fixture("film.mp4");
    let made = render(Some(&ffmpeg), &source, &limited(70_000), &out, &extras, scratch.path(), &limits, &())
        .unwrap();
    assert!(made[0].bytes <= 70_000, "{}", made[0].bytes);
    let refused =
        render(Some(&ffmpeg), &source, &limited(5_000), &out, &extras, scratch.path(), &limits, &());
    assert!(matches!(refused, Err(Error::OverLimit(_))), "{refused:?}");
}

/// Notes what is reported and stops after a number of reports.
struct Watch {
    seen: Mutex<Vec<f32>>,
    left: AtomicU32,
}

impl Progress for Watch {
    fn report(&self, done: f32) -> Result<(), Cancelled> {
        self.seen.lock().unwrap().push(done);
        if self.left.fetch_sub(1, Ordering::Relaxed) <= 1 { Err(Cancelled) } else { Ok(()) }
    }
}

#[test]
fn a_cancelled_film_leaves_nothing() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let out = [scratch.path().join("out.mp4")];
    let (extras, limits) = (Extras::default(), Limits::default());
    let watch = Watch { seen: Mutex::default(), left: AtomicU32::new(3) };
    let wanted = [recipe(Fit::Blur, 1080, 1920)];
    let made =
        render(Some(&ffmpeg), &fixture("film.mp4"), &wanted, &out, &extras, scratch.path(), &limits, &watch);
    assert!(matches!(made, Err(Error::Cancelled)), "{made:?}");
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
    let watch = Watch { seen: Mutex::default(), left: AtomicU32::new(u32::MAX) };
    let wanted = [recipe(Fit::Inside, 160, 90)];
    render(Some(&ffmpeg), &fixture("film.mp4"), &wanted, &out, &extras, scratch.path(), &limits, &watch)
        .unwrap();
    let seen = watch.seen.into_inner().unwrap();
    assert!(seen.is_sorted() && seen.last() == Some(&1.0), "{seen:?}");
}

#[test]
fn a_missing_ffmpeg_is_a_plain_answer() {
    let folder = tempfile::tempdir().unwrap();
    let none = Ffmpeg::find(None, Some(folder.path()), Some(folder.path().as_os_str()));
    assert!(matches!(none, Err(Error::Ffmpeg { .. })));
    let chosen = Ffmpeg::find(Some(&fixture("text.jpg")), None, None);
    assert!(matches!(chosen, Err(Error::Ffmpeg { .. })));
}

#[test]
fn a_single_frame_is_as_wide_as_a_page_shows_it() {
    for ((width, height), side) in [
        ((640, 360), 640),
        ((1920, 1080), 1280),
        ((3840, 2160), 1280),
        ((1080, 1920), 1920),
        ((2160, 3840), 2275),
    ] {
        assert_eq!(frame_side(width, height), side, "{width}x{height}");
    }
}

#[test]
fn frame_rates_stay_known_ones() {
    let check = |measured, most, wanted| {
        assert_eq!(plan::rate(measured, most, 0.0), wanted, "{measured} {most}");
    };
    check(25.0, 30.0, (25, 1));
    check(29.97, 30.0, (30_000, 1001));
    check(60.0, 30.0, (30, 1));
    check(60.0, 60.0, (60, 1));
    check(59.94, 30.0, (30_000, 1001));
    check(50.0, 30.0, (25, 1));
    check(13.4, 30.0, (24_000, 1001));
    check(240.0, 60.0, (60, 1));
    check(27.3, 30.0, (30_000, 1001));
    check(30.0, 15.0, (15_000, 1000));
    check(10.0, 30.0, (30, 1));
    check(12.0, 60.0, (24, 1));
    check(12.5, 60.0, (25, 1));
    assert_eq!(plan::rate(23.976, 60.0, 24.0), (24, 1), "what a network asks for is kept to the letter");
    assert_eq!(plan::rate(10.0, 20.0, 24.0), (20_000, 1000), "its most comes first");
}

#[test]
fn subtitles_are_burnt_in() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let words = scratch.path().join("words.srt");
    std::fs::write(&words, "1\n00:00:00,000 --> 00:00:02,000\nBonjour\n").unwrap();
    let limits = Limits::default();
    let frame_of = |subtitles| {
        let extras = Extras { subtitles, cover_ms: Some(1000) };
        let out = [scratch.path().join("out.mp4")];
        let wanted = [VideoRecipe { from_ms: Some(0), to_ms: Some(1800), ..recipe(Fit::Inside, 320, 180) }];
        let film = fixture("film.mp4");
        let made =
            render(Some(&ffmpeg), &film, &wanted, &out, &extras, scratch.path(), &limits, &()).unwrap();
        std::fs::read(made[0].cover.as_ref().unwrap()).unwrap()
    };
    assert_ne!(frame_of(None), frame_of(Some(words)));
    let extras = Extras { subtitles: Some(fixture("text.jpg")), cover_ms: None };
    let out = [scratch.path().join("bad.mp4")];
    let wanted = [recipe(Fit::Inside, 320, 180)];
    let film = fixture("film.mp4");
    let refused = render(Some(&ffmpeg), &film, &wanted, &out, &extras, scratch.path(), &limits, &());
    assert!(matches!(refused, Err(Error::Subtitles(_))), "{refused:?}");
    assert!(!out[0].exists());
}
