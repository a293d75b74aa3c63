//! The ways a film can take: copied, cut, turned, levelled, squeezed, several at once; and what is left when it stops.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use griot_domain::edit::Crop;

use super::*;
use crate::{Lack, mp4, source};

/// What ffmpeg makes of some words, as a source for a test.
pub(super) fn made_by(ffmpeg: &Ffmpeg, words: &str, out: &Path) {
    let mut args: Vec<OsString> = words.split(' ').map(OsString::from).collect();
    args.extend(["-y".into(), out.into()]);
    ffmpeg.run(&args, out.parent().unwrap(), None, &mut |_| Ok(())).unwrap();
}

/// Three seconds of noise with a keyframe every second, and a quiet tone.
fn noisy(ffmpeg: &Ffmpeg, folder: &Path) -> PathBuf {
    let out = folder.join("noisy.mp4");
    let words = "-v error -f lavfi -i testsrc2=s=640x360:r=25:d=3,noise=alls=30:allf=t -f lavfi \
                 -i sine=d=3,volume=0.1 -c:v libx264 -preset ultrafast -bf 2 -g 25 -pix_fmt yuv420p -c:a aac \
                 -metadata artist=Awa -metadata location=+12.6392-008.0029/";
    made_by(ffmpeg, words, &out);
    out
}

pub(super) fn make(
    ffmpeg: &Ffmpeg,
    film: &Path,
    recipes: &[VideoRecipe],
    folder: &Path,
) -> Result<Vec<Rendered>, Error> {
    let outs: Vec<PathBuf> = (0..recipes.len()).map(|n| folder.join(format!("made-{n}.mp4"))).collect();
    let limits = Limits::default();
    render(Some(ffmpeg), film, recipes, &outs, &Extras::default(), folder, &limits, &())
}

/// Number and bytes of the frames of a film.
fn frames(film: &Path) -> (u64, u64) {
    let limits = Limits::default();
    let movie = mp4::read(&mut source::open(film, &limits).unwrap(), &limits).unwrap();
    let picture = movie.picture().unwrap();
    (picture.samples, picture.bytes)
}

/// The mean colours of the quarters of a frame: top left, top right, bottom left, bottom right.
fn quarters(jpeg: &Path) -> [[u64; 3]; 4] {
    let mut decoder = jpeg_decoder::Decoder::new(std::fs::File::open(jpeg).unwrap());
    let pixels = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    let picture = image::RgbImage::from_raw(info.width.into(), info.height.into(), pixels).unwrap();
    let (w, h) = (picture.width() / 2, picture.height() / 2);
    [(0, 0), (w, 0), (0, h), (w, h)].map(|(x, y)| {
        let part = image::imageops::crop_imm(&picture, x + w / 4, y + h / 4, w / 2, h / 2).to_image();
        let count = u64::from(part.width() * part.height());
        [0, 1, 2].map(|c| part.pixels().map(|p| u64::from(p[c])).sum::<u64>() / count)
    })
}

#[test]
fn a_film_that_fits_is_muted_without_ffmpeg() {
    let scratch = tempfile::tempdir().unwrap();
    let out = [scratch.path().join("out.mp4")];
    let silent = [VideoRecipe { mute: true, ..recipe(Fit::Inside, 320, 180) }];
    let film = fixture("film.mp4");
    assert!(!needs_ffmpeg(&facts(&film), &silent[0], &Extras::default()));
    let limits = Limits::default();
    let made = render(None, &film, &silent, &out, &Extras::default(), scratch.path(), &limits, &()).unwrap();
    assert_eq!((made[0].audio.as_deref(), made[0].duration_ms), (None, 2000));
    assert_eq!(frames(&out[0]), frames(&film));
}

#[test]
fn turned_mirrored_and_cut_it_shows_what_was_asked_for() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let plain = VideoRecipe { cover_ms: Some(500), ..recipe(Fit::Inside, 320, 320) };
    let look = |recipe: VideoRecipe| {
        let made = make(&ffmpeg, &fixture("film.mp4"), &[recipe], scratch.path()).unwrap();
        ((made[0].width, made[0].height), quarters(made[0].cover.as_ref().unwrap()))
    };
    let close = |a: [u64; 3], b: [u64; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 30);
    let (_, [tl, tr, bl, br]) = look(plain.clone());
    assert!(!close(tl, tr) && !close(tl, bl) && !close(tr, br), "the corners differ");
    let (size, turned) = look(VideoRecipe { turn: 1, ..plain.clone() });
    assert_eq!(size, (180, 320));
    assert!([bl, tl, br, tr].into_iter().zip(turned).all(|(a, b)| close(a, b)), "a quarter clockwise");
    let (_, flipped) = look(VideoRecipe { turn: 1, flip: true, ..plain.clone() });
    assert!([tl, bl, tr, br].into_iter().zip(flipped).all(|(a, b)| close(a, b)), "then mirrored");
    // The right half of what stands upright after the turn was the upper half before.
    let crop = Crop { left: 5000, top: 0, width: 5000, height: 10_000 };
    let (size, part) = look(VideoRecipe { turn: 1, crop: Some(crop), ..plain });
    assert_eq!(size, (90, 320));
    assert!(close(part[0], tl) && close(part[2], tr), "{part:?} {tl:?} {tr:?}");
}

#[test]
fn frames_are_copied_where_the_cut_allows_it_and_exactly_as_many_as_asked_for() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let film = noisy(&ffmpeg, scratch.path());
    let part =
        |from, to| VideoRecipe { from_ms: Some(from), to_ms: Some(to), ..recipe(Fit::Inside, 640, 360) };
    let all = frames(&film);
    assert_eq!(all.0, 75);
    let made = make(&ffmpeg, &film, &[part(1000, 2000)], scratch.path()).unwrap();
    let (count, copied) = frames(&made[0].path);
    assert_eq!((count, made[0].audio.as_deref()), (25, Some("aac")));
    assert!(made[0].duration_ms.abs_diff(1000) < 40, "{}", made[0].duration_ms);
    let whole =
        make(&ffmpeg, &film, &[VideoRecipe { level: true, ..recipe(Fit::Inside, 640, 360) }], scratch.path());
    let (count, whole) = frames(&whole.unwrap()[0].path);
    assert_eq!(count, 75, "levelling the sound leaves the frames alone");
    assert!(
        whole.abs_diff(all.1) < 2000 && copied.abs_diff(whole / 3) < whole / 10,
        "{copied} {whole} {all:?}"
    );
    // Between two keyframes it is encoded: exact to the frame, and much smaller than ultrafast's.
    let made = make(&ffmpeg, &film, &[part(1040, 2000)], scratch.path()).unwrap();
    let (count, encoded) = frames(&made[0].path);
    assert_eq!(count, 24);
    assert_ne!(encoded, copied);
    for film in [&film, &made[0].path] {
        let personal = facts(film).metadata.contains(&"gps".to_owned());
        assert_eq!(personal, film.ends_with("noisy.mp4"), "{}", film.display());
    }
}

#[test]
fn a_matroska_film_loses_its_tags_and_keeps_its_frames() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let film = scratch.path().join("film.mkv");
    let from = noisy(&ffmpeg, scratch.path());
    made_by(&ffmpeg, &format!("-v error -i {} -c copy", from.display()), &film);
    let before = facts(&film);
    assert_eq!((before.format, before.width, before.fps), (Format::Mkv, 640, Some(25.0)));
    assert!(before.metadata.contains(&"gps".to_owned()) && before.metadata.contains(&"author".to_owned()));
    let made = make(&ffmpeg, &film, &[recipe(Fit::Inside, 640, 360)], scratch.path()).unwrap();
    assert!(frames(&made[0].path).1.abs_diff(frames(&from).1) < 2000, "copied");
    assert_eq!(facts(&made[0].path).metadata, Vec::<String>::new());
    let bytes = std::fs::read(&made[0].path).unwrap();
    assert!(!bytes.windows(7).any(|window| window == b"12.6392"));
}

#[test]
fn sound_is_brought_to_where_the_networks_play() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let film = noisy(&ffmpeg, scratch.path());
    let levelled = VideoRecipe { level: true, ..recipe(Fit::Inside, 320, 180) };
    let made = make(&ffmpeg, &film, &[levelled], scratch.path()).unwrap();
    let loud = |film: &Path| -> f64 {
        let words = format!("-hide_banner -i {} -af ebur128 -f null -", film.display());
        let args: Vec<OsString> = words.split(' ').map(OsString::from).collect();
        let said = ffmpeg.run(&args, scratch.path(), None, &mut |_| Ok(())).unwrap();
        let line = said.iter().rev().find(|line| line.trim_start().starts_with("I:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    assert!(loud(&film) < -25.0);
    assert!((loud(&made[0].path) + 14.0).abs() < 0.7, "{}", loud(&made[0].path));
}

#[test]
fn a_film_that_must_be_squeezed_fills_its_limit_and_keeps_the_others() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let film = noisy(&ffmpeg, scratch.path());
    let limited = |limit| VideoRecipe { max_bytes: Some(limit), ..recipe(Fit::Cover, 360, 360) };
    let recipes =
        [recipe(Fit::Cover, 360, 640), limited(260_000), recipe(Fit::Blur, 360, 360), limited(90_000)];
    let made = make(&ffmpeg, &film, &recipes, scratch.path()).unwrap();
    for (film, limit) in [(&made[1], 260_000), (&made[3], 90_000)] {
        assert!((limit * 93 / 100..=limit).contains(&film.bytes), "{} of {limit}", film.bytes);
    }
    assert_eq!((made[0].width, made[0].height, made[0].duration_ms / 100), (360, 640, 30));
    assert_eq!(frames(&made[2].path).0, 75);
    for n in 0..4 {
        std::fs::remove_file(scratch.path().join(format!("made-{n}.mp4"))).unwrap();
    }
    let refused = make(&ffmpeg, &film, &[recipe(Fit::Cover, 360, 640), limited(2000)], scratch.path());
    assert!(matches!(refused, Err(Error::OverLimit(_))), "{refused:?}");
    assert!(scratch.path().join("made-0.mp4").exists(), "the finished one stays");
    assert!(!scratch.path().join("made-1.mp4").exists());
}

#[test]
fn a_strip_of_frames_is_upright_and_evenly_spaced() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let film = fixture("film-turned-gps.mp4");
    let limits = Limits::default();
    let strip = strip_of_frames(&ffmpeg, &film, 6, 96, scratch.path(), scratch.path(), &limits, &()).unwrap();
    assert_eq!(strip.len(), 6);
    for frame in &strip {
        let picture = probe::probe(frame, &limits).unwrap();
        assert_eq!((picture.width, picture.height, picture.metadata.len()), (54, 96, 0));
    }
    let [top_left, top_right, ..] = quarters(&strip[0]);
    assert!(top_left[2] > top_left[0] && top_right[0] > top_right[2], "{top_left:?} {top_right:?}");
    let none = strip_of_frames(&ffmpeg, &film, 0, 96, scratch.path(), scratch.path(), &limits, &());
    assert!(matches!(none, Err(Error::OverLimit(_))));
}

#[test]
fn an_animation_becomes_a_film_that_lasts_as_long() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("out.mp4");
    let limits = Limits::default();
    let film = |source: &str| {
        let wanted = recipe(Fit::Blur, 320, 320);
        from_animation(Some(&ffmpeg), &fixture(source), &wanted, &out, scratch.path(), &limits, &())
    };
    let made = film("animated.gif").unwrap();
    assert_eq!((made.width, made.height, made.audio), (320, 320, None));
    let rate = facts(&out).fps.unwrap();
    assert!((rate - 30.0).abs() < 0.1, "{rate}");
    assert!(made.duration_ms >= 100, "{}", made.duration_ms);
    assert!(matches!(film("alpha.png"), Err(Error::Unsupported(_))));
    assert!(matches!(film("film.mp4"), Err(Error::Unsupported(_))));
}

#[test]
fn ffmpeg_ends_by_itself_when_nobody_hears_it_any_more() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let film = noisy(&ffmpeg, scratch.path());
    let original = Original::open(&film, &Limits::default()).unwrap();
    let wanted = recipe(Fit::Blur, 1080, 1920);
    let plan = Plan::new(&original.facts, original.turn, Shown::RGB, &wanted).unwrap();
    let output =
        command::Output { plan: &plan, words: None, level: None, pass: encode::Pass::Only, number: 0 };
    let args = command::convert(&Input::Film(&original), &[output], Encoder::X264).unwrap();
    let mut child = Command::new(ffmpeg.program())
        .args(args)
        .current_dir(scratch.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(!child.wait().unwrap().success(), "it noticed");
}

#[cfg(unix)]
#[test]
fn what_an_ffmpeg_lacks_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let poor = scratch.path().join("ffmpeg");
    let hides = |words: &str| {
        let real = ffmpeg.program().display();
        let script = format!("#!/bin/sh\n\"{real}\" \"$@\" | grep -vE '{words}'\n");
        // A name that is new: what a program answered is remembered until its file changes.
        std::fs::write(&poor, script).unwrap();
        std::fs::set_permissions(&poor, std::fs::Permissions::from_mode(0o755)).unwrap();
        Ffmpeg::find(Some(&poor), None, None).unwrap()
    };
    let words = scratch.path().join("words.srt");
    std::fs::write(&words, "1\n00:00:00,000 --> 00:00:02,000\nBonjour\n").unwrap();
    let make = |ffmpeg: &Ffmpeg| {
        let extras = Extras { subtitles: Some(words.clone()), cover_ms: None };
        let (out, wanted) = ([scratch.path().join("out.mp4")], [recipe(Fit::Inside, 320, 180)]);
        let (film, limits) = (fixture("film.mp4"), Limits::default());
        render(Some(ffmpeg), &film, &wanted, &out, &extras, scratch.path(), &limits, &())
    };
    let without_ass = hides(" ass ");
    assert!(without_ass.writes_h264() && !without_ass.burns_subtitles());
    assert!(matches!(make(&without_ass), Err(Error::FfmpegLacks(Lack::Subtitles))));
    let without_encoders = hides("264");
    assert!(!without_encoders.writes_h264());
    assert!(matches!(make(&without_encoders), Err(Error::FfmpegLacks(Lack::Encoder))));
}
