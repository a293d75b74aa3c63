//! The servers that the publishing tests talk to, installed once from their lock files. A stamp holds a
//! fingerprint of what went in, so that a changed lock file or another Node installs them anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault::{Fault, WhileDoing};
use crate::stamp::Stamp;
use crate::{places, shell};

/// Beside what was installed.
const STAMP: &str = ".installed-from";

/// What npm needs of `tests/servers/pds`.
const PDS_INPUTS: &[&str] = &["package.json", "package-lock.json", ".npmrc"];

/// The real Bluesky server, from its lock file.
pub(crate) fn pds() -> Result<(), Fault> {
    let from = places::root().join("tests/servers/pds");
    let home = places::servers().join("pds");
    let node = shell::said(shell::program("node").arg("--version")).unwrap_or_default();
    let inputs: Vec<PathBuf> = PDS_INPUTS.iter().map(|name| from.join(name)).collect();
    let stamp = Stamp::of(home.join(STAMP), &inputs, &node)?;
    if stamp.holds() && home.join("node_modules/@atproto/pds/package.json").exists() {
        println!("setup: Bluesky test server there");
        return Ok(());
    }
    println!("setup: installing the Bluesky test server (about three minutes, 240 MB)");
    make_folder(&home)?;
    for input in PDS_INPUTS {
        fs::copy(from.join(input), home.join(input)).while_doing(|| format!("copying {input}"))?;
    }
    let npm = || {
        let mut command = shell::program("npm");
        command.current_dir(&home);
        command
    };
    shell::run(npm().args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    // Only this package has a native part that the server needs; no other install script runs.
    let mut rebuild = npm();
    rebuild.args(["rebuild", "better-sqlite3", "--foreground-scripts"]);
    if let Some(prefix) = node_with_headers() {
        rebuild.env("npm_config_nodedir", prefix);
    }
    shell::run(&mut rebuild)?;
    stamp.write()
}

/// The Mastodon-API server, in a Python environment of its own.
pub(crate) fn mastodon(python: &str) -> Result<(), Fault> {
    let requirements = places::root().join("tests/servers/mastodon/requirements.txt");
    let home = places::servers().join("mastodon");
    let version = shell::said(shell::program(python).arg("--version")).unwrap_or_default();
    let stamp = Stamp::of(home.join(STAMP), std::slice::from_ref(&requirements), &version)?;
    let inside = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if stamp.holds() && inside.exists() {
        println!("setup: Mastodon test server there");
        return Ok(());
    }
    println!("setup: installing the Mastodon test server (half a minute)");
    make_folder(&home)?;
    shell::run(shell::program(python).args(["-m", "venv", "--clear"]).arg(&home))?;
    let mut pip = Command::new(&inside);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    shell::run(pip.arg(&requirements))?;
    stamp.write()
}

/// Node's own folder where its C headers came along; npm would ask the internet for them otherwise.
fn node_with_headers() -> Option<PathBuf> {
    let node = shell::said(shell::program("node").args(["-p", "process.execPath"]))?;
    let prefix = Path::new(&node).parent()?.parent()?;
    prefix.join("include/node/node.h").exists().then(|| prefix.to_owned())
}

fn make_folder(path: &Path) -> Result<(), Fault> {
    fs::create_dir_all(path).while_doing(|| format!("making {}", path.display()))
}
