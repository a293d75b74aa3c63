//! Who Griot is compared with, installed once: sharp from npm by a lock file of ours, the others by the system's
//! packages. What cannot be installed is said in a sentence and left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault::{Fault, WhileDoing};
use crate::setup::{self, Need};
use crate::stamp::Stamp;
use crate::{places, shell};

/// What npm and sharp's script need.
const INPUTS: [&str; 4] = ["package.json", "package-lock.json", ".npmrc", "renditions.mjs"];

/// Those that are there.
pub(super) struct Peers {
    /// The folder that sharp is installed in.
    pub(super) sharp: Option<PathBuf>,
    /// Whether there is vipsthumbnail.
    pub(super) vips: bool,
    /// Whether there is ImageMagick.
    pub(super) magick: bool,
    /// Whether there is ffmpeg.
    pub(super) ffmpeg: bool,
    /// What they call themselves.
    pub(super) versions: Vec<String>,
    /// Sentences about those that are not there.
    pub(super) missing: Vec<String>,
}

impl Peers {
    /// Installs what is not there yet.
    pub(super) fn install() -> Peers {
        let mut peers = Peers {
            sharp: None,
            vips: false,
            magick: false,
            ffmpeg: false,
            versions: Vec::new(),
            missing: Vec::new(),
        };
        peers.sharp = peers.or_without("sharp", sharp());
        if let Some(folder) = &peers.sharp {
            let node = shell::said(shell::program("node").arg("--version")).unwrap_or_default();
            let says = shell::said(&mut script(folder, "nothing", Path::new(""), &[])).unwrap_or_default();
            peers.versions.push(format!("{says}, node {node}"));
        }
        peers.vips = peers.package("vipsthumbnail", &setup::VIPS, "--vips-version");
        peers.magick = peers.package("ImageMagick", &setup::IMAGEMAGICK, "-version");
        peers.ffmpeg = peers.package("ffmpeg", &setup::FFMPEG, "-version");
        peers
    }

    fn package(&mut self, name: &str, need: &Need, asks: &str) -> bool {
        let installed = setup::packages(std::slice::from_ref(need));
        let there = self.or_without(name, installed).is_some();
        if there {
            let says = shell::said(shell::program(need.program()).arg(asks)).unwrap_or_default();
            self.versions.push(version(&says));
        }
        there
    }

    fn or_without<T>(&mut self, name: &str, installed: Result<T, Fault>) -> Option<T> {
        installed
            .map_err(|fault| {
                let sentence =
                    format!("{name} could not be installed, so nothing is compared with it: {fault}");
                println!("{sentence}");
                self.missing.push(sentence);
            })
            .ok()
    }
}

/// The first words of what a program says of itself, without its page on the web and its makers.
fn version(says: &str) -> String {
    let line = says.lines().next().unwrap_or_default();
    let line = line.strip_prefix("Version: ").unwrap_or(line);
    let cut = [" Copyright", " https:", " Q16"].iter().filter_map(|mark| line.find(mark)).min();
    line[..cut.unwrap_or(line.len())].to_owned()
}

/// sharp, below `target/bench`, from our lock file.
fn sharp() -> Result<PathBuf, Fault> {
    setup::node()?;
    let from = places::root().join("xtask/bench/sharp");
    let home = places::target().join("bench/sharp");
    fs::create_dir_all(&home).while_doing(|| format!("making {}", home.display()))?;
    let inputs = INPUTS.map(|name| from.join(name));
    let node = shell::said(shell::program("node").arg("--version")).unwrap_or_default();
    let stamp = Stamp::of(home.join(".installed-from"), &inputs, &node)?;
    if stamp.holds() && home.join("node_modules/sharp/package.json").exists() {
        println!("setup: sharp there");
        return Ok(home);
    }
    println!("setup: installing sharp (half a minute, 20 MB)");
    for (input, name) in inputs.iter().zip(INPUTS) {
        fs::copy(input, home.join(name)).while_doing(|| format!("copying {name}"))?;
    }
    let mut npm = shell::program("npm");
    npm.current_dir(&home).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    shell::run(&mut npm)?;
    stamp.write()?;
    Ok(home)
}

/// sharp's script in one of its ways; the files are still to be added.
pub(super) fn script(folder: &Path, way: &str, out: &Path, uses: &[&str]) -> Command {
    let mut command = shell::program("node");
    command.arg(folder.join("renditions.mjs")).arg(way).arg(out).arg(uses.join(","));
    command
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn a_version_is_a_few_words() {
        for (says, is) in [
            (
                "ffmpeg version 7.1 Copyright (c) 2000-2024 the FFmpeg developers\nbuilt with gcc",
                "ffmpeg version 7.1",
            ),
            (
                "Version: ImageMagick 6.9.11-60 Q16 x86_64 2021 https://imagemagick.org",
                "ImageMagick 6.9.11-60",
            ),
            ("libvips 8.14.1", "libvips 8.14.1"),
            ("", ""),
        ] {
            assert_eq!(version(says), is);
        }
    }
}
