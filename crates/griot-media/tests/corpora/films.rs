//! Films of the corpora: each is probed like ffprobe sees it or refused with a reason; copies lose their metadata and
//! nothing else.

use griot_domain::asset::Format;
use griot_domain::recipe::{Fit, VideoRecipe};
use griot_media::{Error, Limits, film, probe};

use crate::{corpora, entries};

/// `upright=WxH` of the manifest's facts, else the first `WxH`.
fn size(facts: &str) -> Option<(u32, u32)> {
    let pair = |text: &str| {
        let (w, h) = text.split_once('x')?;
        Some((w.parse().ok()?, h.parse().ok()?))
    };
    let words = || facts.split([' ', '|', '=']);
    match facts.split_once("upright=") {
        Some((_, rest)) => pair(rest.split(' ').next()?),
        None => words().find_map(pair),
    }
}

#[test]
fn every_film_is_probed_right_or_refused_with_a_reason() {
    let Some(folder) = corpora() else { return };
    let (mut probed, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    for entry in entries(&folder, &["video/", "derived/video/"]) {
        match probe::probe(&entry.path, &Limits::default()) {
            Ok(facts) => {
                probed += 1;
                println!("{}: {facts:?}", entry.name);
                if entry.expected.starts_with("must-fail") && entry.name.starts_with("derived/") {
                    wrong.push(format!("{}: probed, though {}", entry.name, entry.expected));
                }
                // ffprobe gives coded pixels where they are not square.
                let stretched = facts.metadata.iter().any(|kind| kind == "pixel aspect");
                if let Some(size) = size(&entry.facts).filter(|_| !stretched)
                    && size != (facts.width, facts.height)
                {
                    wrong.push(format!("{}: {}x{} | {}", entry.name, facts.width, facts.height, entry.facts));
                }
                if entry.facts.contains("GPS") && !facts.metadata.iter().any(|kind| kind == "gps") {
                    wrong.push(format!("{}: its position was not seen", entry.name));
                }
            }
            Err(Error::Bug(said)) => wrong.push(format!("{}: bug: {said}", entry.name)),
            Err(e) => refused.push(format!("{}: {e} | {} | {}", entry.name, entry.expected, entry.facts)),
        }
    }
    println!("{probed} probed, {} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_fragmented_film_has_the_length_of_its_fragments() {
    let Some(folder) = corpora() else { return };
    let facts = probe::probe(&folder.join("video/mp4/sample_fragmented.mp4"), &Limits::default());
    let length = facts.expect("it is probed").duration_ms.expect("a film has a length");
    assert!((900..1300).contains(&length), "{length} ms");
}

#[test]
fn disguised_playlists_and_cut_films_are_refused() {
    let Some(folder) = corpora() else { return };
    for entry in entries(&folder, &["derived/video/"]) {
        let refusal = probe::probe(&entry.path, &Limits::default());
        if entry.name.contains("disguised") || entry.name.contains("concat") {
            assert!(matches!(refusal, Err(Error::NotMedia { found: "a playlist" })), "{}", entry.name);
        } else if entry.name.contains("-cut-") {
            assert!(matches!(refusal, Err(Error::Damaged(_))), "{}", entry.name);
        }
    }
}

#[test]
fn stripped_films_keep_picture_and_sound_and_lose_the_rest() {
    let Some(folder) = corpora() else { return };
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let out = scratch.path().join("out.mp4");
    let limits = Limits::default();
    let mut stripped = 0;
    for entry in entries(&folder, &["video/mp4/", "video/gps/", "video/misc/", "video/rot/"]) {
        let Ok(before) = probe::probe(&entry.path, &limits) else { continue };
        if before.format != Format::Mp4 || before.metadata.iter().any(|kind| kind == "fragments") {
            continue;
        }
        film::strip(&entry.path, &out).unwrap_or_else(|e| panic!("{}: {e}", entry.name));
        let after = probe::probe(&out, &limits).unwrap_or_else(|e| panic!("{}: {e}", entry.name));
        let shown = ["rotation", "pixel aspect", "variable rate", "edits", "fields", "full range"];
        let left: Vec<_> = after.metadata.iter().filter(|kind| !shown.contains(&kind.as_str())).collect();
        assert!(left.is_empty(), "{}: {left:?}", entry.name);
        assert_eq!((after.width, after.height), (before.width, before.height), "{}", entry.name);
        assert_eq!(after.duration_ms, before.duration_ms, "{}", entry.name);
        assert_eq!(after.video_codec, before.video_codec, "{}", entry.name);
        assert_eq!(after.audio_codec, before.audio_codec, "{}", entry.name);
        stripped += 1;
    }
    println!("{stripped} films stripped");
    assert!(stripped > 15);
}

#[test]
fn films_of_every_kind_become_what_networks_take() {
    let Some(folder) = corpora() else { return };
    let Ok(ffmpeg) = film::Ffmpeg::find(None, None, std::env::var_os("PATH").as_deref()) else {
        println!("ffmpeg absent: skipped");
        return;
    };
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let limits = Limits::default();
    let recipe =
        VideoRecipe { max_fps: Some(30.0), to_ms: Some(1000), ..VideoRecipe::new(Fit::Inside, (320, 320)) };
    let kinds = [
        "video/rot/video_1.mp4",
        "video/misc/h264_white_frame_sar_16_9.mp4",
        "video/mp4/sample_video_only.mp4",
        "video/mp4/sample_android_slow_motion.mp4",
        "video/mp4/h265_bframes.mp4",
        "video/mp4/sample_rotate_and_reflect.mp4",
        "video/mp4/sample_fragmented.mp4",
        "video/mp4/portrait_4k60.mp4",
        "video/mov/dolbyVision-hdr.MOV",
        "video/mov/bt601.mov",
        "video/3gp/sample.3gp",
        "video/3gp/bbb_176x144_128kbps_15fps_h263.3gp",
        "video/avi/100_0306.AVI",
        "video/avi/sample.avi",
        "video/webm/bear-vp9-odd-dimensions.webm",
        "video/webm/roadtrip-vp92-10bit.webm",
        "video/webm/vp8_in_webm.webm",
        "video/mp4/hdr10-av1.mp4",
    ];
    for name in kinds {
        let source = folder.join(name);
        let before = probe::probe(&source, &limits).unwrap_or_else(|e| panic!("{name}: {e}"));
        let out = [scratch.path().join("out.mp4")];
        let recipes = [VideoRecipe { to_ms: before.duration_ms.map(|ms| ms.min(1000)), ..recipe.clone() }];
        let extras = film::Extras::default();
        let made =
            film::render(Some(&ffmpeg), &source, &recipes, &out, &extras, scratch.path(), &limits, &())
                .unwrap_or_else(|e| panic!("{name}: {e}"));
        let after = probe::probe(&out[0], &limits).expect("a film");
        println!("{name}: {}x{} -> {after:?}", before.width, before.height);
        assert_eq!((made[0].video.as_str(), after.metadata.len()), ("h264", 0), "{name}");
        assert_eq!(after.audio_codec.is_some(), before.audio_codec.is_some(), "{name}");
        let shape = |w: u32, h: u32| f64::from(w) / f64::from(h);
        let stretch = shape(after.width, after.height) / shape(before.width, before.height);
        assert!((0.97..1.03).contains(&stretch), "{name}: stretched by {stretch}");
        let length = before.duration_ms.unwrap_or(0).min(1000);
        assert!(made[0].duration_ms.abs_diff(length) < 150, "{name}: {} ms", made[0].duration_ms);
    }
}

#[test]
fn subtitles_are_read_or_refused_with_a_sentence() {
    let Some(folder) = corpora() else { return };
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let film = folder.join("video/mp4/sample_video_only.mp4");
    let out = [scratch.path().join("out.mp4")];
    let (mut good, mut refused) = (0, Vec::new());
    for entry in entries(&folder, &["subtitles/"]) {
        let extras = film::Extras { subtitles: Some(entry.path.clone()), cover_ms: None };
        let recipe = [VideoRecipe::new(Fit::Inside, (320, 320))];
        // Without ffmpeg the subtitles are read, and then it is missed.
        match film::render(None, &film, &recipe, &out, &extras, scratch.path(), &Limits::default(), &()) {
            Err(Error::Ffmpeg { .. }) => good += 1,
            Err(e @ Error::Subtitles(_)) => refused.push(format!("{}: {e}", entry.name)),
            other => panic!("{}: {other:?}", entry.name),
        }
    }
    println!("{good} read, {} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(good > 30);
    let refused = refused.join(" ");
    assert!(!refused.contains("typical_utf16") && !refused.contains("with_positioning"), "{refused}");
}

/// A small picture of a video at its start.
fn first(ffmpeg: &film::Ffmpeg, film: &std::path::Path, scratch: &std::path::Path) -> image::RgbImage {
    let out = scratch.join("first.jpg");
    film::frame(ffmpeg, film, 0, &out, scratch, &Limits::default())
        .unwrap_or_else(|e| panic!("{}: {e}", film.display()));
    let mut decoder = jpeg_decoder::Decoder::new(std::fs::File::open(&out).expect("a frame"));
    let pixels = decoder.decode().expect("a JPEG");
    let info = decoder.info().expect("a JPEG");
    let picture =
        image::RgbImage::from_raw(info.width.into(), info.height.into(), pixels).expect("three colours");
    image::imageops::resize(&picture, 64, 64, image::imageops::FilterType::Triangle)
}

#[test]
fn every_film_and_every_case_is_made_as_it_looks_or_refused_with_a_reason() {
    let Some(folder) = corpora() else { return };
    let Ok(ffmpeg) = film::Ffmpeg::find(None, None, std::env::var_os("PATH").as_deref()) else {
        println!("ffmpeg absent: skipped");
        return;
    };
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let mut films: Vec<_> =
        entries(&folder, &["video/", "derived/video/"]).into_iter().map(|entry| entry.path).collect();
    let cases = ["sd-601-untagged.mp4", "interlaced.mp4", "alpha-logo.webm", "camcorder.MTS", "tv.mpg"];
    films.extend(
        cases.map(|name| folder.join("../cases").join(name)).into_iter().filter(|path| path.is_file()),
    );
    let (mut made, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    for source in &films {
        let out = [scratch.path().join("out.mp4")];
        let length = probe::probe(source, &Limits::default()).ok().and_then(|facts| facts.duration_ms);
        // An odd size, so that nothing goes out as it is.
        let recipe = [VideoRecipe {
            to_ms: length.map(|ms| ms.min(400)),
            ..VideoRecipe::new(Fit::Inside, (158, 158))
        }];
        let (extras, limits) = (film::Extras::default(), Limits::default());
        match film::render(Some(&ffmpeg), source, &recipe, &out, &extras, scratch.path(), &limits, &()) {
            Ok(_) => {
                made += 1;
                let (before, after) =
                    (first(&ffmpeg, source, scratch.path()), first(&ffmpeg, &out[0], scratch.path()));
                let off =
                    before.iter().zip(after.iter()).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>();
                let off = off / before.len() as f64;
                println!("{}: differs by {off:.2}", source.display());
                if off > 6.0 {
                    wrong.push(format!("{}: differs by {off:.1}", source.display()));
                }
            }
            Err(Error::Bug(said)) => wrong.push(format!("{}: bug: {said}", source.display())),
            Err(e) => refused.push(format!("{}: {e}", source.display())),
        }
    }
    println!("{made} made, {} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(made >= 35, "only {made} were made");
}

#[test]
fn subtitles_of_the_cases_are_read_as_players_read_them() {
    let Some(folder) = corpora() else { return };
    let cases = folder.join("../cases");
    for (name, cues, skipped) in [
        ("fr-1252.srt", 1, 0),
        ("zero.srt", 2, 1),
        ("swapped.srt", 2, 1),
        ("whisper.srt", 2, 0),
        ("inner-blank.srt", 2, 0),
        ("emoji.srt", 1, 0),
    ] {
        let Ok(read) = film::read_subtitles(&cases.join(name)) else { panic!("{name} is not read") };
        assert_eq!((read.count(), read.skipped().len()), (cues, skipped), "{name}");
        assert_eq!(read.undrawn(), Vec::<char>::new(), "{name}");
    }
}
