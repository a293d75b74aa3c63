//! The library: what comes in, what does not and why. Nothing that was refused leaves a trace.

use griot_tests::terminal::{Output, Terminal, film, jpeg, png, turned};
use serde_json::{Value, json};

fn import(terminal: &Terminal, names: &[&str]) -> Output {
    let paths = names.iter().map(|name| terminal.path(name).into_os_string());
    terminal.run([std::ffi::OsString::from("import")].into_iter().chain(paths))
}

/// A PNG that says it is 60,000 pixels on each side and holds nothing.
fn enormous() -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(60_000_u32.to_be_bytes().repeat(2));
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend(&header);
    file.extend(crc(&header).to_be_bytes());
    file.extend(b"\0\0\0\0IEND\xae\x42\x60\x82");
    file
}

/// The checksum of a PNG chunk (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

/// The files of the library's originals.
fn originals(terminal: &Terminal) -> usize {
    let media = terminal.workspace().join("media").join("originals");
    terminal.all_files().iter().filter(|p| p.starts_with(&media) && p.is_file()).count()
}

#[test]
fn pictures_and_films_come_in_upright() {
    let terminal = Terminal::ready();
    let _ = terminal.file("photo.jpg", turned(40, 30, 6));
    let _ = terminal.file("dessin.png", png(20, 10));
    film(&terminal.path("film.mp4"), 160, 120);
    let answer = import(&terminal, &["photo.jpg", "dessin.png", "film.mp4"]).ok().json;
    assert_eq!(answer["refused"], json!([]));
    let facts: Vec<Value> = answer["imported"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| json!([i["kind"], i["width"], i["height"], i["duplicate"]]))
        .collect();
    assert_eq!(
        facts,
        [json!(["image", 30, 40, false]), json!(["image", 20, 10, false]), json!(["video", 160, 120, false])]
    );
    let keys: Vec<&str> = answer["imported"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["asset", "path", "kind", "width", "height", "bytes", "duplicate"]);
    assert_eq!(answer["imported"][0]["path"], terminal.path("photo.jpg").to_str().expect("a plain name"));
    assert_eq!(answer["imported"][0]["bytes"], terminal.path("photo.jpg").metadata().unwrap().len());
    assert_eq!(originals(&terminal), 3);
}

#[test]
fn the_same_bytes_are_recognised_under_any_name() {
    let terminal = Terminal::ready();
    let _ = terminal.file("a.png", png(20, 10));
    let first = import(&terminal, &["a.png"]).ok().json;
    let _ = terminal.file("b.jpg", png(20, 10));
    let again = import(&terminal, &["b.jpg"]).ok().json;
    assert_eq!(again["imported"][0]["asset"], first["imported"][0]["asset"]);
    assert_eq!(again["imported"][0]["duplicate"], true);
    assert_eq!(originals(&terminal), 1);
}

#[test]
fn a_folder_comes_in_whole() {
    let terminal = Terminal::ready();
    std::fs::create_dir_all(terminal.path("lot/dedans")).unwrap();
    let _ = terminal.file("lot/1.png", png(20, 10));
    let _ = terminal.file("lot/dedans/ߒߞߏ -rf.jpg", jpeg(20, 10));
    let _ = terminal.file("lot/notes.txt", "not a picture");
    let answer = import(&terminal, &["lot"]).ended(3).json;
    assert_eq!(answer["imported"].as_array().expect("a list").len(), 2, "{answer}");
    assert_eq!(answer["refused"].as_array().expect("a list").len(), 1, "{answer}");

    std::fs::create_dir(terminal.path("vide")).unwrap();
    assert_eq!(import(&terminal, &["vide"]).ended(2).json, json!({ "imported": [], "refused": [] }));
}

#[test]
fn what_cannot_be_used_is_refused_with_a_reason_and_leaves_nothing() {
    let terminal = Terminal::ready();
    film(&terminal.path("film.mp4"), 160, 120);
    let whole = std::fs::read(terminal.path("film.mp4")).unwrap();
    let files: &[(&str, Vec<u8>, &str)] = &[
        ("notes.jpg", b"Bonjour,\n\nvoici mes notes.\n".to_vec(), "not_media"),
        ("vide.jpg", Vec::new(), "media_damaged"),
        ("enorme.png", enormous(), "media_too_large"),
        ("coupe.mp4", whole[..whole.len() * 6 / 10].to_vec(), "media_damaged"),
        ("coupe.jpg", jpeg(400, 300)[..900].to_vec(), "media_damaged"),
        ("page.html", b"<!DOCTYPE html><html></html>".to_vec(), "not_media"),
    ];
    for (name, bytes, code) in files {
        let _ = terminal.file(name, bytes);
        let output = import(&terminal, &[name]).ended(2);
        assert_eq!(output.json["refused"][0]["code"], *code, "{name}: {}", output.json);
        let message = output.json["refused"][0]["message"].as_str().expect("a text");
        assert!(
            !message.is_empty() && !message.contains('_') && !message.contains("Error"),
            "{name}: {message}"
        );
    }
    assert_eq!(import(&terminal, &["absent.jpg"]).ended(2).json["refused"][0]["code"], "not_found");
    assert_eq!(originals(&terminal), 0);
    assert_eq!(terminal.run(["call", "library.list"]).ok().json["assets"], json!([]));

    let _ = terminal.file("bonne.png", png(20, 10));
    let mixed = import(&terminal, &["bonne.png", "notes.jpg"]).ended(3).json;
    assert_eq!(
        (
            mixed["imported"].as_array().expect("a list").len(),
            mixed["refused"].as_array().expect("a list").len()
        ),
        (1, 1)
    );
}

#[cfg(unix)]
#[test]
fn a_folder_without_rights_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let terminal = Terminal::new().without_privileges();
    terminal.run(["init"]).done();
    std::fs::create_dir(terminal.path("ferme")).unwrap();
    let _ = terminal.file("ferme/a.png", png(20, 10));
    let _ = terminal.file("ouverte.png", png(30, 10));
    std::fs::set_permissions(terminal.path("ferme"), PermissionsExt::from_mode(0o000)).unwrap();
    let answer = import(&terminal, &["ferme", "ouverte.png"]).ended(3).json;
    std::fs::set_permissions(terminal.path("ferme"), PermissionsExt::from_mode(0o700)).unwrap();
    assert_eq!(answer["refused"][0]["code"], "no_rights", "{answer}");
    assert_eq!(answer["imported"].as_array().expect("a list").len(), 1);
}

#[test]
fn a_full_disk_loses_nothing_and_leaves_nothing_half() {
    let terminal = Terminal::ready();
    let _ = terminal.file("avant.png", png(20, 10));
    let before = import(&terminal, &["avant.png"]).ok().json["imported"][0]["asset"].clone();
    let photo = terminal.file("photo.png", png(30, 10));
    let photo = photo.to_str().expect("a plain name");
    let full = terminal.call().env("GRIOT_FAIL", "import.write=full").run(["import", photo]).ended(2);
    assert_eq!(full.json["refused"][0]["code"], "disk_full", "{}", full.json);
    assert_eq!(originals(&terminal), 1, "the piece that was written is gone");
    let assets = terminal.run(["call", "library.list"]).ok().json;
    assert_eq!(
        (assets["assets"].as_array().expect("a list").len(), &assets["assets"][0]["id"]),
        (1, &before)
    );
    terminal.run(["import", photo]).done();
}

#[test]
fn a_kill_in_the_middle_of_an_import_is_carried_on_from() {
    for point in ["import.write", "import.sync", "import.kept"] {
        let terminal = Terminal::ready();
        let photo = terminal.file("photo.png", png(30, 10));
        let photo = photo.to_str().expect("a plain name");
        let mut cut = terminal.call().env("GRIOT_FAIL", format!("{point}=hold")).start(["import", photo]);
        cut.wait_for(&format!("failpoint {point} reached"));
        drop(cut.kill());
        assert_eq!(terminal.run(["call", "library.list"]).ok().json["assets"], json!([]), "{point}");
        terminal.run(["import", photo]).done();
        assert_eq!(
            terminal.run(["call", "library.list"]).ok().json["assets"].as_array().expect("a list").len(),
            1
        );
    }
}

#[test]
fn an_import_is_said_in_words() {
    let terminal = Terminal::ready();
    let _ = terminal.file("a.png", png(20, 10));
    let _ = terminal.file("b.txt", "x");
    let line = ["--lang", "fr", "import", "a.png", "b.txt"];
    let said = terminal.say(line).ended(3).stdout;
    assert!(said.contains("20×10") && said.contains("b.txt\u{a0}: "), "{said}");
    assert!(
        terminal.say(["--lang", "fr", "import", "a.png"]).ok().stdout.contains("déjà dans la médiathèque")
    );
}

/// A disk of three megabytes, made for this test; nothing where the machine does not let a test make one.
#[cfg(target_os = "linux")]
struct SmallDisk(std::path::PathBuf);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn new(place: std::path::PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&place).expect("a folder");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            .arg(&place)
            .stderr(std::process::Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(place))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Nothing to be done about a disk that does not go: the machine's next start takes it away.
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_the_import_says_so_and_what_was_there_is_intact() {
    let terminal = Terminal::new();
    let place = terminal.path("small");
    let disk = SmallDisk::new(place.clone());
    let terminal = terminal.with_workspace(place.join("workspace"));
    terminal.run(["init"]).done();
    let small = terminal.file("small.png", griot_tests::terminal::png(40, 40));
    terminal.run(["import", small.to_str().expect("a plain name")]).done();
    let mut noise = 1_u32;
    let large: Vec<u8> = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.to_be_bytes()[0]
    })
    .take(4_000_000)
    .collect();
    let large = terminal.file("large.jpg", [jpeg(600, 400), large].concat());
    let call = terminal.call();
    // Without a disk of its own the test lets the machine's disk be full where the file is written.
    let call = if disk.is_some() { call } else { call.env("GRIOT_FAIL", "import.write=full") };
    let refused = call.run(["import", large.to_str().expect("a plain name")]).ended(2).json;
    assert_eq!(refused["refused"][0]["code"], "disk_full", "{refused}");
    let assets = terminal.run(["call", "library.list", "{}"]).ok().json["assets"].as_array().map(Vec::len);
    assert_eq!(assets, Some(1));
    terminal.run(["post", "--text", "still here", "--draft"]).done();
    // Before the home that it is mounted in.
    drop(disk);
}
