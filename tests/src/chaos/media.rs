//! What the posts of the trial show: small pictures, and films that fit every network and go out as they are.

use std::process::Command;
use std::sync::OnceLock;

use fastrand::Rng;
use serde_json::{Value, json};

use super::life::Machine;

/// A wide film: in parts to a Page.
const WIDE: &[u8] = include_bytes!("../../fixtures/media/film.mp4");
/// How an upright one is made: a reel, to a Page.
const UPRIGHT: &str =
    "-v error -f lavfi -i testsrc=s=540x960:r=5:d=3.4 -c:v libx264 -threads 1 -crf 45 -pix_fmt yuv420p -y";

/// What a post shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    /// So many pictures.
    Pictures(usize),
    /// One of the films.
    Film(usize),
}

impl Shown {
    /// Nothing, for a comment.
    pub(super) const NOTHING: Self = Self::Pictures(0);

    pub(super) fn draw(rng: &mut Rng) -> Self {
        if rng.u8(..8) == 0 {
            return Self::Film(rng.usize(..2));
        }
        Self::Pictures(rng.choice([0, 0, 0, 1, 1, 2, 4]).unwrap_or(0))
    }

    /// How many media.
    pub(super) fn count(self) -> usize {
        match self {
            Self::Pictures(count) => count,
            Self::Film(_) => 1,
        }
    }

    pub(super) fn is_film(self) -> bool {
        matches!(self, Self::Film(_))
    }
}

/// The media in the library of a workspace.
pub(super) struct Shelf {
    pictures: Vec<String>,
    films: Vec<String>,
}

impl Shelf {
    /// Puts all of it into the library.
    pub(super) fn fill(machine: &mut Machine) -> Self {
        let pictures: Vec<_> =
            (0..4).map(|n| (format!("place{n}.png"), crate::terminal::png(320 + 16 * n, 240))).collect();
        let films = [("large.mp4".to_owned(), WIDE.to_vec()), ("debout.mp4".to_owned(), upright().to_vec())];
        Self { pictures: import(machine, &pictures), films: import(machine, &films) }
    }

    /// What a post with this word attaches.
    pub(super) fn attached(&self, shown: Shown, tag: &str) -> Vec<Value> {
        let assets = match shown {
            Shown::Pictures(count) => &self.pictures[..count],
            Shown::Film(n) => &self.films[n..=n],
        };
        assets.iter().map(|asset| json!({ "asset": asset, "alt": format!("Une place, {tag}") })).collect()
    }
}

/// The ids of the assets, in the order of the files.
fn import(machine: &mut Machine, files: &[(String, Vec<u8>)]) -> Vec<String> {
    let mut assets = Vec::new();
    for (name, bytes) in files {
        let path = machine.file(name);
        std::fs::write(&path, bytes).expect("a written file");
        let done = machine.must("library.import", json!({ "files": [path.to_string_lossy()] }));
        let asset = done["imported"][0]["asset"].as_str().unwrap_or_else(|| panic!("{name}: {done}"));
        assets.push(asset.to_owned());
    }
    assets
}

/// The upright film, made once.
fn upright() -> &'static [u8] {
    static FILM: OnceLock<Vec<u8>> = OnceLock::new();
    FILM.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("film.mp4");
        let made = Command::new("ffmpeg").args(UPRIGHT.split(' ')).arg(&path).status();
        assert!(made.as_ref().is_ok_and(|status| status.success()), "ffmpeg makes no film: {made:?}");
        std::fs::read(path).expect("a film")
    })
}
