//! Pictures of the corpora: each renders or is refused with a reason, upright, in the right colours, without metadata.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use griot_domain::recipe::{Fit, ImageFormat, ImageRecipe};
use griot_media::{Error, Limits, probe, still};
use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder, RgbImage};

use crate::{Entry, corpora, entries};

fn recipe(fit: Fit, width: u32, height: u32, format: ImageFormat) -> ImageRecipe {
    ImageRecipe::new(fit, (width, height), format, 90)
}

/// The upright picture as exact pixels.
fn pixels(path: &Path) -> RgbImage {
    let whole = recipe(Fit::Inside, 4000, 4000, ImageFormat::Png);
    let made = still::render(path, &[whole], &Limits::default(), &()).expect("the picture renders");
    image::load_from_memory(&made[0].bytes).expect("a PNG").into_rgb8()
}

fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

/// What the manifest's pictures are called, up to their last folder.
const FOLDERS: [&str; 7] = [
    "images/",
    "derived/bombs/",
    "derived/colour/",
    "derived/coding/",
    "derived/wrong-type/",
    "derived/names/",
    "derived/svg/",
];

/// Files about which Griot and the manifest differ, and why that is right.
const LISTED: [(&str, &str); 8] = [
    (
        "images/jpeg/corrupt/hopper_bad_exif.jpg",
        "its data are torn in nearly every row, not its EXIF block alone",
    ),
    ("images/avif/kimono.crop.avif", "cut as its container says; the measurer does not cut"),
    (
        "images/avif/kimono.mirror-vertical.rotate270.crop.avif",
        "cut as its container says; the measurer does not cut",
    ),
    (
        "images/gif/issue_1455_oversized.gif",
        "the header's canvas counts; the measurer enlarges it for a frame outside",
    ),
    ("images/gif/oob.gif", "the header's canvas counts; the measurer enlarges it for a frame outside"),
    (
        "images/huge/decompression_bomb_extents.gif",
        "its first frame is 100 x 100, and the others are not unpacked",
    ),
    (
        "images/huge/png_decompression_dos.png",
        "the bomb is in its texts, which are not unpacked; the picture is sound",
    ),
    ("images/tiff/orientation.tiff", "the measurer turns it by itself and then counts the turn once more"),
];

/// Renders one file at a time: the peak of memory below is then that of one picture.
static ALONE: Mutex<()> = Mutex::new(());

/// The last size in a text like `JPEG 1800x1200 RGB upright=1200x1800`.
fn upright(facts: &str) -> Option<(u32, u32)> {
    let size = |word: &str| {
        let (w, h) = word.strip_prefix("upright=").unwrap_or(word).split_once('x')?;
        Some((w.parse().ok()?, h.parse().ok()?))
    };
    facts.split([' ', ';']).filter_map(size).next_back()
}

/// What is wrong about what became of a file, by the manifest.
fn disagrees(entry: &Entry, made: Result<(u32, u32), &Error>) -> Option<String> {
    let name = entry.name.rsplit('/').next().unwrap_or_default();
    let said = &entry.expected;
    let broken = said.starts_with("must-fail") || (said.starts_with("x* must-fail") && name.starts_with('x'));
    let refused = broken || said.starts_with("refuse");
    match made {
        Ok(_) if refused => Some(format!("rendered, though {said}")),
        Ok(size) => {
            let wanted = upright(&entry.facts).filter(|_| !entry.facts.starts_with("SVG"))?;
            (size != wanted && wanted != (0, 0))
                .then(|| format!("{size:?}, not {wanted:?} ({})", entry.facts))
        }
        Err(Error::Bug(said)) => Some(format!("bug: {said}")),
        Err(_) if refused || said.contains("or a clear refusal") || said.contains("or refuse with") => None,
        // Of fuzzed and cut-off files the manifest only asks that nothing bad happens.
        Err(_)
            if ["no crash", "must not crash", "must report", "tolerant"]
                .iter()
                .any(|w| said.starts_with(w)) =>
        {
            None
        }
        Err(e) => {
            let opens = entry.facts.contains("Pillow decodes") || entry.facts.starts_with("HEIF upright");
            opens.then(|| format!("refused: {e} | {} | {}", entry.expected, entry.facts))
        }
    }
}

/// The most memory that this process ever had, in MiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}

#[test]
fn every_picture_renders_without_metadata_or_is_refused_with_a_reason() {
    let Some(folder) = corpora() else { return };
    let _alone = ALONE.lock();
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let (mut made, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    let mut slowest = (Duration::ZERO, String::new());
    for (n, entry) in entries(&folder, &FOLDERS).iter().enumerate() {
        let start = Instant::now();
        let outcome = become_renditions(entry, &scratch.path().join(n.to_string()));
        slowest = slowest.max((start.elapsed(), entry.name.clone()));
        match &outcome {
            Ok(_) => made += 1,
            Err(e) => refused.push(format!("{}: {e}", entry.name)),
        }
        let listed = LISTED.iter().any(|(name, _)| *name == entry.name);
        match disagrees(entry, outcome.as_ref().copied()) {
            Some(how) if !listed => wrong.push(format!("{}: {how}", entry.name)),
            None if listed => wrong.push(format!("{}: listed, but agrees", entry.name)),
            _ => {}
        }
    }
    println!("{made} rendered, {} refused:\n{}", refused.len(), refused.join("\n"));
    println!("slowest: {slowest:?}; peak of memory: {:?} MiB", peak());
    wrong.extend(carried(scratch.path()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(slowest.0 < Duration::from_secs(10), "{slowest:?}");
    assert!(peak().is_none_or(|mib| mib <= 512), "{:?} MiB", peak());
}

/// Makes renditions beside `to`, looks at them, and gives the size that the probe says of the original.
fn become_renditions(entry: &Entry, to: &Path) -> Result<(u32, u32), Error> {
    let recipes = [
        recipe(Fit::Inside, 1080, 1080, ImageFormat::Jpeg),
        recipe(Fit::Cover, 108, 135, ImageFormat::Jpeg),
        recipe(Fit::Inside, 300, 300, ImageFormat::Webp),
        recipe(Fit::Blur, 90, 160, ImageFormat::Png),
    ];
    let renditions = still::render(&entry.path, &recipes, &Limits::default(), &())?;
    let probed = probe::probe(&entry.path, &Limits::default()).expect("what renders can be probed");
    for (rendition, recipe) in renditions.iter().zip(&recipes) {
        let file = to.with_extension(format!("{}.{}", recipe.width, rendition.format.extension()));
        std::fs::write(&file, &rendition.bytes).expect("the scratch folder takes a file");
        let facts = probe::probe(&file, &Limits::default()).expect("a rendition is a picture");
        assert_eq!(facts.metadata, Vec::<String>::new(), "{}", entry.name);
        assert_eq!((facts.width, facts.height), (rendition.width, rendition.height));
        if recipe.fit != Fit::Inside {
            assert_eq!((facts.width, facts.height), (recipe.width, recipe.height));
        }
    }
    Ok((probed.width, probed.height))
}

/// Metadata that exiftool finds in a folder of renditions; nothing where there is no exiftool.
#[expect(clippy::print_stdout, reason = "a test that looks less closely says so")]
fn carried(folder: &Path) -> Vec<String> {
    let groups = ["EXIF", "GPS", "XMP", "IPTC", "MakerNotes", "Photoshop", "ICC_Profile", "MPF"];
    match Command::new("exiftool")
        .args(["-q", "-a", "-G0", "-s", "-r"])
        .args(groups.map(|g| format!("-{g}:all")))
        .arg(folder)
        .output()
    {
        Ok(said) => String::from_utf8_lossy(&said.stdout)
            .lines()
            .filter(|l| l.starts_with('['))
            .map(str::to_owned)
            .collect(),
        Err(_) => {
            println!("exiftool absent: only the own probe looked");
            Vec::new()
        }
    }
}

#[test]
fn turned_pictures_equal_the_upright_one() {
    let Some(folder) = corpora() else { return };
    let landscape = pixels(&folder.join("images/jpeg/orientation/Landscape_1.jpg"));
    for n in [0, 2, 3, 4, 5, 6, 7, 8] {
        let turned = pixels(&folder.join(format!("images/jpeg/orientation/Landscape_{n}.jpg")));
        assert_eq!(turned.dimensions(), (1800, 1200));
        // The pictures spell their own number, so they differ there and nowhere else.
        let off = difference(&landscape, &turned);
        assert!(off < 8.0, "Landscape_{n}: {off}");
    }
    let hopper = pixels(&folder.join("images/jpeg/orientation-small/hopper.jpg"));
    for n in 2..=8 {
        let names = [
            format!("images/jpeg/orientation-small/hopper_orientation_{n}.jpg"),
            format!("images/webp/hopper_orientation_{n}.webp"),
        ];
        for name in names {
            let off = difference(&hopper, &pixels(&folder.join(&name)));
            assert!(off < 6.0, "{name}: {off}");
        }
    }
}

#[test]
fn pictures_turned_mirrored_and_cut_by_their_container_stand_upright() {
    let Some(folder) = corpora() else { return };
    let _alone = ALONE.lock();
    let avif = folder.join("images/avif");
    for (reference, names) in [
        (
            "kimono.avif",
            &["mirror-horizontal", "mirror-vertical", "mirror-vertical.rotate270", "rotate90", "rotate270"][..],
        ),
        ("kimono.crop.avif", &["mirror-vertical.rotate270.crop"]),
    ] {
        let upright = pixels(&avif.join(reference));
        for name in names {
            let off = difference(&upright, &pixels(&avif.join(format!("kimono.{name}.avif"))));
            println!("kimono.{name}: {off:.3}");
            assert!(off < 4.0, "kimono.{name}: {off}");
        }
    }
    // Stored on its side, with the same turn in the container and again in EXIF.
    let arrow = probe::probe(&folder.join("images/heic/arrow.heic"), &Limits::default()).expect("a HEIC");
    assert_eq!((arrow.width, arrow.height), (3024, 4032));
}

#[test]
fn moving_pictures_stay_moving_as_gif_within_their_limit() {
    let Some(folder) = corpora() else { return };
    let _alone = ALONE.lock();
    let mut moved = 0;
    for entry in entries(&folder, &["images/gif/", "images/webp/", "images/png/apng/", "images/huge/"]) {
        let Ok(facts) = probe::probe(&entry.path, &Limits::default()) else { continue };
        if !facts.animated {
            continue;
        }
        let recipe = |max_bytes| ImageRecipe { max_bytes, ..recipe(Fit::Inside, 120, 120, ImageFormat::Gif) };
        let start = Instant::now();
        match still::render(&entry.path, &[recipe(None), recipe(Some(30_000))], &Limits::default(), &()) {
            Ok(made) => {
                let frames = |bytes: &[u8]| {
                    let decoder = GifDecoder::new(Cursor::new(bytes)).expect("a GIF");
                    decoder.into_frames().collect_frames().expect("whole frames").len()
                };
                let wanted = entry.facts.split("frames=").nth(1);
                let wanted = wanted.and_then(|n| n.split([' ', ';']).next()?.parse::<usize>().ok());
                println!("{}: {} frames of {wanted:?}", entry.name, frames(&made[0].bytes));
                // A broken one keeps the frames before the break, and the still picture of a PNG for readers that
                // know no animation is none of its frames.
                let broken = entry.name.contains("invalid");
                let found = frames(&made[0].bytes) + usize::from(entry.name.ends_with(".png"));
                let right = |n: usize| n == 1 || broken || n == found || n + 1 == found;
                assert!(wanted.is_none_or(right), "{}: {found} of {wanted:?}", entry.name);
                assert!(made[1].bytes.len() <= 30_000, "{}", entry.name);
                moved += 1;
            }
            Err(e) => println!("{}: {e}", entry.name),
        }
        assert!(start.elapsed() < Duration::from_secs(10), "{}", entry.name);
    }
    assert!(moved >= 15, "only {moved} moved");
}

#[test]
fn wide_colours_equal_their_reference() {
    let Some(folder) = corpora() else { return };
    let mut checked = 0;
    for entry in entries(&folder, &["derived/colour/"]) {
        let Some((stem, _)) = entry.name.rsplit_once('/').and_then(|(_, name)| name.split_once('-')) else {
            continue;
        };
        let reference = folder.join(format!("derived/colour/{stem}-reference-srgb.png"));
        let supported = [".png", ".jpg", ".webp"].iter().any(|end| entry.name.ends_with(end));
        if !reference.is_file() || !supported || entry.path == reference {
            continue;
        }
        let off = difference(&pixels(&reference), &pixels(&entry.path));
        println!("{}: {off:.3}", entry.name);
        assert!(off <= 1.0, "{}: {off}", entry.name);
        checked += 1;
    }
    assert!(checked >= 4, "only {checked} files were checked");
}

#[test]
fn press_colours_are_no_negative() {
    let Some(folder) = corpora() else { return };
    let cmyk = folder.join("images/jpeg/cmyk");
    let profiled = pixels(&cmyk.join("Channel_digital_image_CMYK_color.jpg"));
    let plain = pixels(&cmyk.join("Channel_digital_image_CMYK_color_no_profile.jpg"));
    let off = difference(&profiled, &plain);
    assert!(off < 40.0, "with and without its profile the picture differs by {off}");
    // Red letters on black, and a dark ground: as negatives they would be light.
    for name in ["pil_sample_cmyk.jpg", "ycck-2112.jpg"] {
        let picture = pixels(&cmyk.join(name));
        let mean = picture.iter().map(|v| f64::from(*v)).sum::<f64>() / picture.len() as f64;
        assert!(mean < 60.0, "{name}: {mean}");
    }
}
