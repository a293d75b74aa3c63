//! The verbs that need no workspace: presets, check, render, video, doctor. They make nothing by the way.

use std::path::Path;

use griot_tests::terminal::{Terminal, film, jpeg, png, turned};
use serde_json::{Value, json};

/// Runs `f` and sees that nothing was made but below `out`.
fn makes_only(terminal: &Terminal, out: &Path, f: impl FnOnce()) {
    let before = terminal.all_files();
    f();
    let made: Vec<_> =
        terminal.all_files().into_iter().filter(|p| !before.contains(p) && !p.starts_with(out)).collect();
    assert_eq!(made, Vec::<std::path::PathBuf>::new());
}

#[test]
fn presets_are_facts_with_a_date() {
    let terminal = Terminal::new();
    makes_only(&terminal, Path::new("nothing"), || {
        let all = terminal.run(["presets"]).ok().json;
        let all = all["presets"].as_array().expect("a list");
        let portrait = all.iter().find(|p| p["id"] == "instagram/portrait").unwrap();
        assert_eq!(
            (&portrait["width"], &portrait["height"], &portrait["fit"], &portrait["format"]),
            (&json!(1080), &json!(1350), &json!("cover"), &json!("jpeg"))
        );
        let names =
            ["id", "width", "height", "fit", "format", "max_bytes", "safe", "kind", "usual", "checked_on"];
        for preset in all {
            let keys: Vec<&str> = preset.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, names, "{preset}");
            assert_eq!(preset["checked_on"].as_str().expect("a text").len(), "2026-11-22".len());
        }
        let one = terminal.run(["presets", "whatsapp"]).ok().json;
        let one = one["presets"].as_array().expect("a list");
        assert!(!one.is_empty() && one.len() < all.len());
        assert!(one.iter().all(|p| p["id"].as_str().expect("a text").starts_with("whatsapp/")));
        assert_eq!(terminal.run(["presets", "myspace"]).ended(2).error(), "unknown_network");
        assert!(terminal.say(["--lang", "fr", "presets"]).ok().stdout.contains("vérifié le"));
    });
}

#[test]
fn check_counts_and_judges() {
    let terminal = Terminal::new();
    makes_only(&terminal, Path::new("nothing"), || {
        assert_eq!(
            terminal.run(["check", "--network", "x", "bonjour"]).ok().json,
            json!({
                "network": "x",
                "text": { "used": 7, "max": 280, "unit": "x_weighted", "over": 0 },
                "verdict": "ok",
                "problems": [],
            })
        );
        let long = terminal.run(["check", "--network", "bluesky", &"a".repeat(312)]).ok().json;
        assert_eq!(long["text"], json!({ "used": 312, "max": 300, "unit": "graphemes", "over": 12 }));
        assert_eq!(long["verdict"], "error");
        let problem = &long["problems"][0];
        for part in ["code", "message", "fix"] {
            assert!(!problem[part].as_str().expect("a text").is_empty(), "{part} of {problem}");
        }
        assert_eq!(
            terminal.run(["check", "--network", "Bluesky", "--", "-30 %"]).ok().json["text"]["used"],
            5
        );
    });
}

#[test]
fn check_reads_standard_input_byte_for_byte() {
    let terminal = Terminal::new();
    let used = |bytes: &str| {
        let output = terminal.call().stdin(bytes).run(["check", "--network", "bluesky", "-"]).ok();
        output.json["text"]["used"].as_u64().expect("a number")
    };
    assert_eq!(used("né\n"), 3, "the line's end is part of the text");
    assert_eq!(used(""), 0);
    let odd = terminal.call().stdin(b"a\xff".as_slice()).run(["check", "--network", "bluesky", "-"]).ended(2);
    assert_eq!(odd.error(), "bad_request");
}

#[test]
fn check_judges_media_and_fields() {
    let terminal = Terminal::new();
    let photo = terminal.file("photo.jpg", jpeg(60, 40));
    let photo = photo.to_str().expect("a plain name");
    let none = terminal.run(["check", "--network", "instagram", "hello"]).ok().json;
    assert_eq!(none["verdict"], "error", "Instagram takes no text alone: {none}");
    let with =
        terminal.run(["check", "--network", "instagram", "--media", photo, "--alt", "A", "hello"]).ok().json;
    assert_ne!(with["problems"], none["problems"]);
    let title = |value: &str| {
        let set = format!("title={value}");
        terminal.run(["check", "--network", "discourse", "--set", &set, "hello, this is a topic"]).ok().json
    };
    assert_ne!(title(""), title("A title that is long enough"));

    let text = terminal.file("text.jpg", "not a picture");
    let refused = terminal
        .run(["check", "--network", "x", "--media", text.to_str().expect("a plain name"), "hello"])
        .ended(1);
    assert_eq!(refused.error(), "not_media");
}

#[test]
fn render_makes_what_was_asked_and_leaves_the_rest_alone() {
    let terminal = Terminal::new();
    let photo = terminal.file("marché.jpg", turned(400, 200, 6));
    let text = terminal.file("notes.jpg", "not a picture");
    let out = terminal.path("out/of/here");
    makes_only(&terminal, &terminal.path("out"), || {
        let line = [
            "render",
            photo.to_str().expect("a plain name"),
            text.to_str().expect("a plain name"),
            "--preset",
            "instagram/portrait",
            "--as",
            "inside:100x100:webp:80",
            "--as",
            "blur:64x64:png:80",
            "--out",
            out.to_str().expect("a plain name"),
            "--focus",
            "0.5,0.2",
        ];
        let answer = terminal.run(line).ended(3).json;
        let made: Vec<Value> = answer["renditions"].as_array().expect("a list").clone();
        let shapes: Vec<_> =
            made.iter().map(|r| json!([r["use"], r["width"], r["height"], r["format"]])).collect();
        assert_eq!(
            shapes,
            [
                json!(["instagram/portrait", 1080, 1350, "jpeg"]),
                json!(["inside:100x100:webp:80", 50, 100, "webp"]),
                json!(["blur:64x64:png:80", 64, 64, "png"]),
            ],
            "the picture is turned by its EXIF"
        );
        for rendition in &made {
            assert_eq!(rendition["source"], photo.to_str().expect("a plain name"));
            let path = Path::new(rendition["path"].as_str().expect("a text"));
            assert!(path.starts_with(&out), "{}", path.display());
            assert_eq!(rendition["bytes"], path.metadata().unwrap().len());
        }
        assert_eq!(answer["removed"][0]["source"], photo.to_str().expect("a plain name"));
        assert!(
            answer["removed"][0]["metadata"].as_array().expect("a list").contains(&json!("exif")),
            "{answer}"
        );
        assert_eq!(answer["refused"][0]["path"], text.to_str().expect("a plain name"));
        assert_eq!(answer["refused"][0]["code"], "not_media");
    });
}

#[test]
fn render_with_nothing_usable_ends_with_2() {
    let terminal = Terminal::new();
    let text = terminal.file("notes.jpg", "not a picture");
    let out = terminal.path("out");
    let (text, out) = (text.to_str().expect("a plain name"), out.to_str().expect("a plain name"));
    let refused = terminal.run(["render", text, "--preset", "x/nothing", "--out", out]).ended(2);
    assert_eq!(refused.error(), "bad_request");
    let refused = terminal.run(["render", text, "--as", "cover:10x10:jpeg:80", "--out", out]).ended(2);
    assert_eq!(refused.json["refused"][0]["code"], "not_media");
    for odd in ["cover:0x10:jpeg:80", "stretch:10x10:jpeg:80", "cover:10x10:bmp:80", "cover:10x10:jpeg:101"] {
        assert_eq!(
            terminal.run(["render", text, "--as", odd, "--out", out]).ended(2).error(),
            "bad_request",
            "{odd}"
        );
    }
}

#[test]
fn render_keeps_to_a_number_of_bytes() {
    let terminal = Terminal::new();
    let photo = terminal.file("photo.png", png(900, 900));
    let out = terminal.path("out");
    let line = [
        "render",
        photo.to_str().expect("a plain name"),
        "--as",
        "inside:900x900:jpeg:95",
        "--out",
        out.to_str().expect("a plain name"),
        "--max-bytes",
        "12000",
    ];
    let made = &terminal.run(line).ok().json["renditions"][0];
    assert!(made["bytes"].as_u64().expect("a number") <= 12_000, "{made}");
}

#[test]
fn video_makes_films_that_networks_take() {
    let terminal = Terminal::new();
    let source = terminal.path("film.mp4");
    film(&source, 320, 240);
    let out = terminal.path("out");
    makes_only(&terminal, &out, || {
        let line = [
            "video",
            source.to_str().expect("a plain name"),
            "--as",
            "blur:180x320:mp4",
            "--out",
            out.to_str().expect("a plain name"),
            "--from",
            "0.2",
            "--to",
            "0.8",
            "--cover",
            "0.1",
        ];
        let output = terminal.run(line).ok();
        let made = &output.json["renditions"][0];
        assert_eq!(json!([made["width"], made["height"], made["format"]]), json!([180, 320, "mp4"]));
        assert_eq!(json!([made["video"], made["audio"]]), json!(["h264", "aac"]));
        let duration = made["duration"].as_f64().unwrap();
        assert!((0.5..0.75).contains(&duration), "{duration} s");
        assert!(Path::new(made["path"].as_str().expect("a text")).is_file());
        assert!(output.stderr.contains('%'), "progress is said: {}", output.stderr);
    });
    let cut = std::fs::read(&source).unwrap();
    let cut = terminal.file("cut.mp4", &cut[..cut.len() * 6 / 10]);
    let line = [
        "video",
        cut.to_str().expect("a plain name"),
        "--as",
        "inside:90x90:mp4",
        "--out",
        out.to_str().expect("a plain name"),
    ];
    let refused = terminal.run(line).ended(2).json;
    assert_eq!(refused["refused"][0]["code"], "media_damaged", "{refused}");
}

#[test]
fn the_doctor_looks_and_touches_nothing() {
    let terminal = Terminal::new();
    makes_only(&terminal, Path::new("nothing"), || {
        let answer = terminal.run(["doctor"]).ok().json;
        let names: Vec<&str> = answer["checks"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|c| c["name"].as_str().expect("a text"))
            .collect();
        assert_eq!(names, ["database", "ffmpeg", "keychain", "fonts", "clock", "disk", "originals"]);
        for check in answer["checks"].as_array().expect("a list") {
            assert!(
                check["ok"].is_boolean() && !check["detail"].as_str().expect("a text").is_empty(),
                "{check}"
            );
        }
        let nowhere = terminal.call().env("PATH", "/nowhere").run(["doctor"]).ok().json;
        let ffmpeg = &nowhere["checks"][1];
        assert_eq!(ffmpeg["ok"], false, "{ffmpeg}");
    });
}
