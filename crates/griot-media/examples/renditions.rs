//! Times the renditions of one photo: eight of them, as a network's worth of frames, with the processor's time, the
//! clock's and the bytes of each. `cargo run --release -p griot-media --example renditions -- PHOTO [FOLDER]`
//!
//! `thumbnail PHOTO`, `embedded PHOTO` and `focus PHOTO` time those instead, over twenty rounds; `many COUNT PHOTO...`
//! renders that many photos, the given ones over and over.

use std::path::{Path, PathBuf};
use std::time::Instant;

use griot_domain::recipe::{Fit, ImageFormat, ImageRecipe};
use griot_media::{Limits, still};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn eight() -> Vec<ImageRecipe> {
    let jpeg = |fit, width, height| ImageRecipe::new(fit, (width, height), ImageFormat::Jpeg, 80);
    vec![
        jpeg(Fit::Cover, 1080, 1350),
        jpeg(Fit::Cover, 1080, 1080),
        jpeg(Fit::Cover, 1080, 1920),
        jpeg(Fit::Cover, 1600, 900),
        jpeg(Fit::Cover, 1200, 630),
        jpeg(Fit::Inside, 2048, 2048),
        jpeg(Fit::Inside, 320, 320),
        ImageRecipe::new(Fit::Inside, (1200, 1200), ImageFormat::Webp, 80),
    ]
}

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["thumbnail", photo] => {
            rounds(|| still::thumbnail(Path::new(photo), 320, &Limits::default()).map(|_| ()))
        }
        ["embedded", photo] => {
            rounds(|| still::embedded_thumbnail(Path::new(photo), &Limits::default()).map(|_| ()))
        }
        ["focus", photo] => {
            println!("{:?}", still::first_look(Path::new(photo), 320, &Limits::default())?);
            rounds(|| still::first_look(Path::new(photo), 320, &Limits::default()).map(|_| ()))
        }
        ["many", count, photos @ ..] => many(count.parse()?, photos),
        [photo] => once(photo, None),
        [photo, folder] => once(photo, Some(Path::new(folder))),
        _ => Err("say which photo".into()),
    }
}

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn once(photo: &str, folder: Option<&Path>) -> Outcome {
    let begun = Instant::now();
    let made = still::render(Path::new(photo), &eight(), &Limits::default(), &())?;
    println!("{:.0} ms", begun.elapsed().as_secs_f64() * 1000.0);
    for (n, picture) in made.iter().enumerate() {
        println!("{} x {}: {} bytes", picture.width, picture.height, picture.bytes.len());
        if let Some(folder) = folder {
            std::fs::write(folder.join(format!("{n}.{}", picture.format.extension())), &picture.bytes)?;
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn rounds(work: impl Fn() -> Result<(), griot_media::Error>) -> Outcome {
    let mut all = Vec::new();
    for _ in 0..20 {
        let begun = Instant::now();
        work()?;
        all.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    all.sort_by(f64::total_cmp);
    println!("median {:.2} ms, least {:.2} ms", all[10], all[0]);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn many(count: usize, photos: &[&str]) -> Outcome {
    let photo = |n: usize| still::Photo { source: PathBuf::from(photos[n % photos.len()]), recipes: eight() };
    let all: Vec<_> = (0..count).map(photo).collect();
    let begun = Instant::now();
    still::render_many(&all, &Limits::default(), &(), &|n, made| {
        if let Err(e) = made {
            println!("{n}: {e}");
        }
    })?;
    println!("{count} photos: {:.0} ms each", begun.elapsed().as_secs_f64() * 1000.0 / count.max(1) as f64);
    Ok(())
}
