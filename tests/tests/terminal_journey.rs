//! The whole journey with the terminal alone, against real servers, with photographs and a film that nobody here
//! made: what comes back from the servers is what a stranger would see.

use std::path::PathBuf;
use std::process::Command;

use griot_tests::servers::mastodon::Mastodon;
use griot_tests::servers::pds::Pds;
use griot_tests::terminal::Terminal;
use serde_json::{Value, json};

/// A photo turned by EXIF, one with a position, one in Adobe RGB, one with EXIF, XMP and a profile; and a film with a
/// position. Alt text, file, and upright size.
const PHOTOS: [(&str, &str, (u64, u64)); 4] = [
    ("A landscape, turned by its camera", "images/jpeg/orientation/Landscape_6.jpg", (1800, 1200)),
    ("Seen from a telephone", "images/jpeg/phones/Apple_iPhone_4.jpg", (1296, 968)),
    ("A photo in Adobe RGB", "images/jpeg/colour/jpg-24bit-icc-adobe-rgb.jpg", (1900, 1263)),
    ("Paris", "images/jpeg/metadata/paris_exif_xmp_icc.jpg", (403, 302)),
];
const FILM: &str = "video/mp4/sample_portrait.mp4";
const TEXT: &str = "Été à Kayes : quatre photos, é compris. https://example.org/kayes #marché";
const TOOT: &str = "Kayes en quatre photos. https://example.org/kayes #marché";

/// The corpora beside the project; nothing when they are absent, which is said.
fn corpora() -> Option<PathBuf> {
    let shared = std::env::var_os("GRIOT_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let corpora = shared.join("corpora");
    if corpora.join("MANIFEST.tsv").is_file() {
        return Some(corpora);
    }
    // The runner counts this line.
    eprintln!("corpora absent: skipped");
    None
}

fn exiftool(machine: &Terminal, name: &str, bytes: &[u8]) -> Value {
    let file = machine.file(name, bytes);
    let output = Command::new("exiftool")
        .args(["-json", "-G", "-a"])
        .arg(&file)
        .output()
        .expect("exiftool is installed");
    serde_json::from_slice::<Value>(&output.stdout).expect("exiftool answers in JSON")[0].clone()
}

/// Sees that nothing but the file's own structure is in a picture, and gives its size.
fn bare(machine: &Terminal, name: &str, bytes: &[u8]) -> (u64, u64) {
    let facts = exiftool(machine, name, bytes);
    for key in facts.as_object().expect("facts").keys() {
        let group = key.split(':').next().unwrap_or_default();
        assert!(
            ["SourceFile", "ExifTool", "File", "JFIF", "Composite", "QuickTime"].contains(&group),
            "{name} holds {key}: {facts:#}"
        );
    }
    let text = facts.to_string().to_lowercase();
    for word in ["gps", "iphone", "xmp", "icc_profile", "camera"] {
        assert!(!text.contains(word), "{name} still says {word}: {facts:#}");
    }
    (
        facts["File:ImageWidth"].as_u64().unwrap_or_default(),
        facts["File:ImageHeight"].as_u64().unwrap_or_default(),
    )
}

/// From `init` to two posts in the queue of an account; gives the URLs of the photos' post and of the film's.
fn journey(machine: &Terminal, network: &str, server: &str, credentials: &Value) -> Option<(String, String)> {
    let corpora = corpora()?;
    let path = |name: &str| corpora.join(name).to_str().expect("a plain name").to_owned();
    machine.run(["init"]).done();
    machine
        .call()
        .stdin(credentials.to_string())
        .run(["accounts", "add", network, "--server", server])
        .done();
    let mut import = vec!["import".to_owned()];
    import.extend(PHOTOS.iter().map(|(_, file, _)| path(file)));
    import.push(path(FILM));
    let imported = machine.run(&import).ok().json;
    assert_eq!(imported["refused"], json!([]), "{imported}");
    for (line, (_, _, (width, height))) in imported["imported"].as_array().expect("a list").iter().zip(PHOTOS)
    {
        assert_eq!(
            (line["width"].as_u64(), line["height"].as_u64()),
            (Some(width), Some(height)),
            "upright: {line}"
        );
    }
    let check = machine.run(["check", "--network", network, "--media", &path(PHOTOS[0].1), TEXT]).ok().json;
    assert_ne!(check["verdict"], "error", "{check}");

    let mut post: Vec<String> =
        ["post", "--text", TEXT, "--variant", &format!("mastodon={TOOT}"), "--to", network]
            .map(str::to_owned)
            .into();
    for (alt, file, _) in PHOTOS {
        post.extend(["--media".to_owned(), path(file), "--alt".to_owned(), alt.to_owned()]);
    }
    let photos = machine.run(&post).ok().json["deliveries"][0].clone();
    assert!(photos["upload_bytes"].as_u64().is_some_and(|b| b > 50_000), "{photos}");
    let film = machine
        .run([
            "post",
            "--text",
            "Une vidéo.",
            "--media",
            &path(FILM),
            "--alt",
            "Un plan court",
            "--to",
            network,
        ])
        .ok()
        .json["deliveries"][0]
        .clone();
    machine.run(["run", "--until-idle"]).done();
    let queue = machine.run(["queue", "--state", "published"]).ok().json;
    let url = |id: &Value| {
        let lines = queue["deliveries"].as_array().expect("a list");
        let line = lines
            .iter()
            .find(|l| l["id"] == *id)
            .unwrap_or_else(|| panic!("{id} is not published: {}", machine.run(["queue"]).stdout));
        line["url"].as_str().expect("a URL").to_owned()
    };
    Some((url(&photos["id"]), url(&film["id"])))
}

#[test]
fn on_a_real_pds_the_record_has_text_facets_alt_texts_ratios_and_bare_pictures() {
    let pds = Pds::start();
    let account = pds.account("journey.test");
    let machine = Terminal::new();
    let credentials = json!({ "handle": account.handle, "password": account.password });
    let Some((photos, film)) = journey(&machine, "bluesky", pds.url(), &credentials) else { return };
    let key = |url: &str| url.rsplit('/').next().unwrap_or_default().to_owned();
    assert!(photos.starts_with("https://bsky.app/profile/"), "{photos}");

    let record = pds.record(&account.did, &key(&photos)).expect("the record is there")["value"].clone();
    assert_eq!(record["text"], TEXT);
    let facets = record["facets"].as_array().expect("facets");
    let link = &facets[0];
    let (start, end) = (link["index"]["byteStart"].as_u64(), link["index"]["byteEnd"].as_u64());
    let range = usize::try_from(start.expect("a start")).expect("small")
        ..usize::try_from(end.expect("an end")).expect("small");
    assert_eq!(&TEXT.as_bytes()[range], b"https://example.org/kayes", "offsets count UTF-8 bytes");
    assert_eq!(link["features"][0]["uri"], "https://example.org/kayes");
    assert_eq!(facets[1]["features"][0]["tag"], "marché");
    let images = record["embed"]["images"].as_array().expect("four images");
    assert_eq!(images.len(), 4);
    for (n, (image, (alt, _, (width, height)))) in images.iter().zip(PHOTOS).enumerate() {
        assert_eq!(image["alt"], alt);
        let ratio = (image["aspectRatio"]["width"].as_u64(), image["aspectRatio"]["height"].as_u64());
        assert_eq!(ratio, (Some(width), Some(height)));
        let bytes = pds.blob(&account.did, image["image"]["ref"]["$link"].as_str().expect("a link"));
        assert!(bytes.len() <= 2_000_000);
        assert_eq!(bare(&machine, &format!("pds-{n}.jpg"), &bytes), (width, height), "upright");
    }
    let record = pds.record(&account.did, &key(&film)).expect("the film's record")["value"].clone();
    assert_eq!(record["embed"]["alt"], "Un plan court");
    let bytes = pds.blob(&account.did, record["embed"]["video"]["ref"]["$link"].as_str().expect("a link"));
    let facts = exiftool(&machine, "pds.mp4", &bytes);
    assert!(!facts.to_string().to_lowercase().contains("gps"), "{facts:#}");
}

#[test]
fn on_a_mastodon_server_the_status_has_text_alt_texts_and_bare_pictures() {
    let server = Mastodon::start();
    let machine = Terminal::new();
    let credentials = json!({ "token": server.token() });
    let Some((photos, film)) = journey(&machine, "mastodon", server.url(), &credentials) else { return };
    let statuses = server.statuses();
    let find = |url: &str| {
        statuses
            .iter()
            .find(|s| s["url"] == url || s["uri"] == url)
            .unwrap_or_else(|| panic!("{url}"))
            .clone()
    };
    let status = find(&photos);
    assert!(status["content"].as_str().is_some_and(|c| c.contains("Kayes en quatre photos.")), "{status}");
    let media = status["media_attachments"].as_array().expect("four attachments");
    assert_eq!(media.len(), 4);
    for (n, (attachment, (alt, _, size))) in media.iter().zip(PHOTOS).enumerate() {
        assert_eq!(attachment["description"], alt);
        let bytes = server.bytes(attachment["url"].as_str().expect("an address"));
        assert_eq!(bare(&machine, &format!("toot-{n}.jpg"), &bytes), size, "upright");
    }
    let film = find(&film);
    assert_eq!(film["media_attachments"][0]["description"], "Un plan court");
}
