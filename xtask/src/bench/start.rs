//! From nothing to a window that can be used, beside an empty window of the same toolkit: runs interleaved so that both
//! see the same machine, medians of wall time, and what both hold in memory with everything they started.
//!
//! The empty window is what the toolkit's own template makes, with a page that says one word when it is there. It is
//! written below `target/bench`, built once, and is no part of the product.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::fault::{Fault, WhileDoing};
use crate::{page, places, setup, shell};

/// How often each side runs.
const RUNS: usize = 7;
/// A window that takes longer than this does not come.
const LONGEST: Duration = Duration::from_secs(60);
/// What is loaded after the first look is counted too.
const SETTLES: Duration = Duration::from_secs(2);

const MANIFEST: &str = r#"[package]
name = "empty"
version = "0.1.0"
edition = "2021"

[workspace]

[features]
default = ["custom-protocol"]
custom-protocol = ["tauri/custom-protocol"]

[dependencies]
tauri = "2.12"

[build-dependencies]
tauri-build = "2.7"
"#;

const PROGRAM: &str = r#"use tauri::Listener;

fn main() {
    tauri::Builder::default()
        .setup(|app| {
            app.listen_any("ready", |_| eprintln!("ready"));
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("a window");
}
"#;

const CONFIGURATION: &str = r#"{
  "productName": "empty",
  "identifier": "org.griot.empty",
  "build": { "frontendDist": "dist" },
  "app": { "windows": [{ "title": "empty", "width": 800, "height": 600 }], "security": { "csp": null } },
  "bundle": { "icon": ["icons/32.png"] }
}
"#;

const PAGE: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>empty</title></head>
<body><h1>Welcome</h1>
<script>__TAURI_INTERNALS__.invoke("plugin:event|emit", { event: "ready", payload: null });</script>
</body></html>
"#;

const RIGHTS: &str = r#"{ "identifier": "default", "windows": ["main"], "permissions": ["core:default"] }"#;

/// `cargo xtask bench start`.
pub(super) fn bench() -> Result<(), Fault> {
    if !cfg!(target_os = "linux") {
        return Err(Fault::Usage("this bench reads /proc: it runs on Linux".to_owned()));
    }
    setup::window()?;
    setup::display()?;
    if std::env::var_os("DISPLAY").is_none() {
        return again_with_a_display();
    }
    page::build()?;
    let build = ["build", "--release", "--package", "griot-studio", "--package", "griot-cli"];
    shell::run(shell::cargo().args(build))?;
    let (ours, empty) = (places::built("release", "griot-studio"), empty()?);
    let folder = places::target().join("bench").join(format!("start-{}", std::process::id()));
    let mut create = around(&places::built("release", "griot"), &folder);
    shell::run(create.args(["--json", "call", "workspace.create", r#"{"samples":true}"#]))?;
    println!("from a start to a page that says it is ready, {RUNS} runs each, interleaved");
    let (mut of_ours, mut of_empty) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        of_ours.push(started(&mut around(&ours, &folder))?);
        of_empty.push(started(&mut around(&empty, &folder))?);
    }
    let (ours, empty) = (Measure::median(of_ours), Measure::median(of_empty));
    println!("griot-studio  {ours}");
    println!("empty window  {empty}");
    println!(
        "griot-studio takes {:.2} of the empty window's time",
        ours.wall.as_secs_f64() / empty.wall.as_secs_f64()
    );
    Ok(())
}

/// The same bench within a display and a bus of its own.
fn again_with_a_display() -> Result<(), Fault> {
    let this = std::env::current_exe().while_doing(|| "finding this program".to_owned())?;
    let mut command = shell::program("dbus-run-session");
    command.args(["--", "xvfb-run", "-a", "-s", "-screen 0 1280x800x24 -nolisten tcp"]);
    shell::run(command.arg(this).args(["bench", "start"]).env("LIBGL_ALWAYS_SOFTWARE", "1"))
}

/// The empty window, written and built with the versions of our own lock file.
fn empty() -> Result<PathBuf, Fault> {
    let folder = places::target().join("bench/empty");
    let files = [
        ("Cargo.toml", MANIFEST),
        ("build.rs", "fn main() {\n    tauri_build::build();\n}\n"),
        ("src/main.rs", PROGRAM),
        ("tauri.conf.json", CONFIGURATION),
        ("dist/index.html", PAGE),
        ("capabilities/default.json", RIGHTS),
    ];
    for (name, text) in files {
        write(&folder.join(name), text.as_bytes())?;
    }
    for (from, to) in [("Cargo.lock", "Cargo.lock"), ("assets/icons/32.png", "icons/32.png")] {
        let bytes = fs::read(places::root().join(from)).while_doing(|| format!("reading {from}"))?;
        write(&folder.join(to), &bytes)?;
    }
    fs::copy(folder.join("icons/32.png"), folder.join("icons/icon.png"))
        .while_doing(|| "copying an icon".to_owned())?;
    let mut build = shell::cargo();
    shell::run(build.current_dir(&folder).args(["build", "--release", "--target-dir", "target"]))?;
    Ok(folder.join("target/release/empty"))
}

/// Written only where it is not there yet, so that nothing is built again.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let folder = path.parent().expect("BUG: a file of the empty window lies in its folder");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .while_doing(|| format!("writing {}", path.display()))
}

fn around(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("GRIOT_WORKSPACE", folder.join("workspace")).env("GRIOT_APP_DIR", folder.join("app"));
    command.env("HOME", folder).env("GRIOT_LOG", "griot_studio=info").current_dir(places::root());
    command
}

/// One start: how long until the page says it is ready, and what is held then.
fn started(command: &mut Command) -> Result<Measure, Fault> {
    let told = shell::told(command);
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .while_doing(|| format!("starting `{told}`"))?;
    let ready = when_ready(&mut child);
    let wall = started.elapsed();
    std::thread::sleep(SETTLES);
    let held = family(child.id());
    let peak_kib = Some(held.iter().filter_map(|process| share(*process)).sum());
    // The window first: what it started ends with it.
    for process in held {
        let _ = Command::new("kill").arg(process.to_string()).stderr(Stdio::null()).status();
    }
    let _ = child.wait();
    if ready {
        Ok(Measure { wall, peak_kib })
    } else {
        Err(Fault::Unsound(format!("`{told}` is never ready")))
    }
}

fn when_ready(child: &mut Child) -> bool {
    let output = child.stderr.take().expect("BUG: standard error was asked for");
    let (tell, told) = mpsc::channel();
    // Reads on to the end, so that the program never waits for a reader.
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if line.ends_with("ready") {
                let _ = tell.send(());
            }
        }
    });
    told.recv_timeout(LONGEST).is_ok()
}

/// A process and all that came from it.
fn family(id: u32) -> Vec<u32> {
    let parent = |process: u32| -> Option<u32> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
    };
    let all: Vec<u32> = fs::read_dir("/proc")
        .map(|entries| {
            entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
        })
        .unwrap_or_default();
    let mut found = vec![id];
    let mut at = 0;
    while at < found.len() {
        let of = found[at];
        found.extend(all.iter().filter(|process| parent(**process) == Some(of)));
        at += 1;
    }
    found
}

/// What a process holds, in KiB, with its share of what several hold together.
fn share(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// One run: how long, and how much memory at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Measure {
    wall: Duration,
    peak_kib: Option<u64>,
}

impl Measure {
    fn median(mut runs: Vec<Measure>) -> Measure {
        runs.sort_by_key(|run| run.wall);
        let peak_kib = runs.iter().filter_map(|run| run.peak_kib).max();
        Measure { peak_kib, ..runs[runs.len() / 2] }
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:>7.0} ms median", self.wall.as_secs_f64() * 1000.0)?;
        match self.peak_kib {
            Some(kib) => write!(out, ", {:>4} MiB at most", kib / 1024),
            None => write!(out, ", memory unknown on this system"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_run_counts_and_the_highest_memory() {
        let run = |ms, peak_kib| Measure { wall: Duration::from_millis(ms), peak_kib };
        let median = Measure::median(vec![run(90, Some(2048)), run(10, Some(9216)), run(30, None)]);
        assert_eq!(median, run(30, Some(9216)));
        assert_eq!(median.to_string(), "     30 ms median,    9 MiB at most");
    }
}
