//! What a fresh machine lacks: system packages, Node, cargo-deny, tauri-driver. Every step says what it does in one line
//! and passes at once when it was done before.
//!
//! Packages are installed by apt on Debian and Ubuntu only. Everywhere else the developer is told what is
//! missing and which line brings it; nothing is tried.

use std::env::consts::OS;
use std::path::Path;
use std::process::Command;

use crate::fault::Fault;
use crate::{page, places, servers, shell, wordpress};

/// A program that something needs, and how each system calls what brings it.
pub(crate) struct Need {
    program: &'static str,
    asks: &'static str,
    debian: &'static str,
    brew: &'static str,
    winget: &'static str,
    what_for: &'static str,
}

impl Need {
    /// How the program is called.
    pub(crate) fn program(&self) -> &'static str {
        self.program
    }
}

/// The C compiler, for SQLite, ring and libwebp.
const COMPILER: Need = Need {
    program: "cc",
    asks: "--version",
    debian: "build-essential",
    brew: "xcode-select --install",
    winget: "winget install Microsoft.VisualStudio.2022.BuildTools",
    what_for: "compiles SQLite, ring and libwebp",
};

/// What builds libjpeg-turbo, the reader and writer of JPEG.
const CMAKE: Need = Need {
    program: "cmake",
    asks: "--version",
    debian: "cmake",
    brew: "brew install cmake",
    winget: "winget install Kitware.CMake",
    what_for: "builds libjpeg-turbo",
};

/// Its assembler.
const NASM: Need = Need {
    program: "nasm",
    asks: "-v",
    debian: "nasm",
    brew: "brew install nasm",
    winget: "winget install NASM.NASM",
    what_for: "assembles libjpeg-turbo's quick paths",
};

/// Everything the studio itself calls.
pub(crate) const FFMPEG: Need = Need {
    program: "ffmpeg",
    asks: "-version",
    debian: "ffmpeg",
    brew: "brew install ffmpeg",
    winget: "winget install Gyan.FFmpeg",
    what_for: "renders video",
};

/// What the tests look at files with.
const EXIFTOOL: Need = Need {
    program: "exiftool",
    asks: "-ver",
    debian: "libimage-exiftool-perl",
    brew: "brew install exiftool",
    winget: "winget install OliverBetz.ExifTool",
    what_for: "proves that a picture holds no metadata",
};

/// Make and Python, for the native part of the Bluesky server.
const MAKE: Need = Need {
    program: "make",
    asks: "--version",
    debian: "build-essential",
    brew: "xcode-select --install",
    winget: "winget install Microsoft.VisualStudio.2022.BuildTools",
    what_for: "builds the native part of the Bluesky test server",
};

/// The picture program that `bench` compares with.
pub(crate) const IMAGEMAGICK: Need = Need {
    program: if cfg!(target_os = "linux") { "/usr/bin/convert" } else { "magick" },
    asks: "-version",
    debian: "imagemagick",
    brew: "brew install imagemagick",
    winget: "winget install ImageMagick.ImageMagick",
    what_for: "what our renditions are compared with",
};

/// The thumbnail program that `bench` compares with.
pub(crate) const VIPS: Need =
    tool("vipsthumbnail", "--vips-version", "libvips-tools", "what our thumbnails are compared with");

/// What tells `bench` the most memory that a program held.
pub(crate) const TIME: Need =
    tool("/usr/bin/time", "--version", "time", "tells what a program held in memory");

/// What a window is made of on Linux; Windows and macOS bring theirs.
const WINDOW: &[Need] = &[
    Need {
        program: "pkg-config",
        asks: "--version",
        debian: "pkg-config",
        brew: "",
        winget: "",
        what_for: "finds the system's libraries",
    },
    library("--exists webkit2gtk-4.1", "libwebkit2gtk-4.1-dev", "the web view in the window"),
    library("--exists librsvg-2.0", "librsvg2-dev", "icons in the window's toolkit"),
];

/// What the tests of the window need on Linux, where they run.
const DISPLAY: &[Need] = &[
    tool("Xvfb", "", "xvfb", "a display that nobody looks at"),
    tool("xauth", "version", "xauth", "the key to that display"),
    tool("dbus-run-session", "--version", "dbus-x11", "the bus of a session that nobody is in"),
    tool("WebKitWebDriver", "", "webkit2gtk-driver", "drives the window"),
];

/// The browser that the page is tested in.
const CHROMIUM: Need = Need {
    program: "chromium",
    asks: "--version",
    debian: "chromium",
    brew: "brew install --cask chromium",
    winget: "winget install Hibbiki.Chromium",
    what_for: "the browser that the page is tested in; where it has another name, say it in CHROMIUM",
};

const fn library(asks: &'static str, debian: &'static str, what_for: &'static str) -> Need {
    Need { program: "pkg-config", asks, debian, brew: "", winget: "", what_for }
}

/// A tool of Debian's, for what runs on Linux alone.
pub(crate) const fn tool(
    program: &'static str,
    asks: &'static str,
    debian: &'static str,
    what_for: &'static str,
) -> Need {
    Need { program, asks, debian, brew: "", winget: "", what_for }
}

/// The oldest Node that builds the page.
const NODE: (u32, u32) = (20, 19);

/// The tauri-driver that speaks to the window of Tauri 2.
const TAURI_DRIVER: &str = "2.1.0";

/// The cargo-deny that `deny.toml` is written for.
const CARGO_DENY: &str = "0.20.2";

/// What `check` needs: what the window is built from, the page, the licence checker.
pub(crate) fn for_check() -> Result<(), Fault> {
    packages(&[COMPILER, CMAKE, NASM])?;
    window()?;
    page::build()?;
    cargo_deny()
}

/// What `run` needs: ffmpeg, Node, and what the window is built from.
pub(crate) fn for_run(display: bool) -> Result<(), Fault> {
    packages(&[COMPILER, CMAKE, NASM, FFMPEG])?;
    node()?;
    if display { window() } else { Ok(()) }
}

/// What the window is built from.
pub(crate) fn window() -> Result<(), Fault> {
    if OS == "linux" { packages(WINDOW) } else { Ok(()) }
}

/// What `journey` needs: ffmpeg and a Bluesky server.
pub(crate) fn for_journey() -> Result<(), Fault> {
    packages(&[COMPILER, CMAKE, NASM, MAKE, FFMPEG])?;
    python()?;
    node()?;
    servers::pds()
}

/// What the tests need: all of it.
pub(crate) fn for_tests() -> Result<(), Fault> {
    packages(&[COMPILER, CMAKE, NASM, MAKE, FFMPEG, EXIFTOOL])?;
    window()?;
    display()?;
    if std::env::var_os("CHROMIUM").is_none() {
        packages(&[CHROMIUM])?;
    }
    let python = python()?;
    page::build()?;
    servers::pds()?;
    servers::mastodon(&python)?;
    wordpress::install(&python)
}

/// A display for windows that nobody looks at, and what drives them.
pub(crate) fn display() -> Result<(), Fault> {
    if OS != "linux" {
        return Ok(());
    }
    packages(DISPLAY)?;
    cargo_tool("tauri-driver", TAURI_DRIVER, "half a minute", |program| {
        // It does not tell its version; cargo remembers what it installed.
        let installed = std::fs::read_to_string(places::tools().join(".crates.toml")).unwrap_or_default();
        program.exists() && installed.contains(&format!("\"tauri-driver {TAURI_DRIVER} "))
    })
}

/// Installs, or names, the packages whose programs do not answer.
pub(crate) fn packages(needs: &[Need]) -> Result<(), Fault> {
    let lacks = |need: &&Need| match need.program {
        // On Windows the compiler is found by the build itself, never by this name.
        "cc" | "make" if cfg!(windows) => false,
        program if need.asks.is_empty() => !shell::on_path(program),
        program => !shell::answers(program, need.asks),
    };
    let missing: Vec<&Need> = needs.iter().filter(lacks).collect();
    if missing.is_empty() {
        println!("setup: {} there", needs.iter().map(|need| name(need)).collect::<Vec<_>>().join(", "));
        return Ok(());
    }
    for need in &missing {
        println!("setup: {} is missing ({})", name(need), need.what_for);
    }
    if !has_apt() {
        return Err(Fault::Missing(advice(&missing)));
    }
    apt(&missing.iter().map(|need| need.debian).collect::<Vec<_>>())
}

fn name(need: &Need) -> &'static str {
    // What has no program of its own goes by its package.
    if ["--exists", "-r "].iter().any(|question| need.asks.starts_with(question)) {
        return need.debian;
    }
    need.program.rsplit('/').next().unwrap_or(need.program)
}

/// Whether packages can be installed for the developer here.
pub(crate) fn has_apt() -> bool {
    OS == "linux" && shell::answers("apt-get", "--version")
}

/// Which lines bring what is missing on a system where nothing is installed for the developer.
fn advice(missing: &[&Need]) -> String {
    let line = |need: &&Need| match OS {
        "windows" => format!("  {}", need.winget),
        "macos" => format!("  {}", need.brew),
        _ => format!(
            "  {}, by your system's package manager (Debian calls the package {})",
            name(need),
            need.debian
        ),
    };
    let mut lines: Vec<String> = missing.iter().map(line).collect();
    lines.dedup();
    format!("install what is missing, then call this again:\n{}", lines.join("\n"))
}

fn apt(packages: &[&str]) -> Result<(), Fault> {
    let mut wanted = packages.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    println!("setup: installing {} by apt", wanted.join(" "));
    refresh_apt()?;
    shell::run(as_root().args(["install", "-y", "--no-install-recommends"]).args(wanted))
}

/// Asks which packages there are.
pub(crate) fn refresh_apt() -> Result<(), Fault> {
    shell::run(as_root().arg("update"))
}

fn as_root() -> Command {
    let root = shell::said(shell::program("id").arg("-u")).is_some_and(|id| id == "0");
    let mut command = shell::program(if root { "env" } else { "sudo" });
    // The lock may be held by the system's own updates; waiting beats failing.
    command.args([
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=600",
        "-o",
        "Dpkg::Use-Pty=0",
        "-qq",
    ]);
    command
}

/// A Python that can make environments; Debian keeps that part in a package of its own.
pub(crate) fn python() -> Result<String, Fault> {
    let able =
        |name: &&&str| shell::said(shell::program(name).args(["-c", "import ensurepip, venv"])).is_some();
    let names: &[&str] = if cfg!(windows) { &["python", "py"] } else { &["python3", "/usr/bin/python3"] };
    if let Some(name) = names.iter().find(able) {
        return Ok((*name).to_owned());
    }
    println!("setup: a Python with venv is missing (it runs the Mastodon test server)");
    if has_apt() {
        apt(&["python3", "python3-venv"])?;
        return Ok("/usr/bin/python3".to_owned());
    }
    let line = match OS {
        "windows" => "winget install Python.Python.3.12",
        "macos" => "brew install python",
        _ => "python3 with its venv module, by your system's package manager",
    };
    Err(Fault::Missing(format!("install it, then call this again:\n  {line}")))
}

/// Node is the developer's: it is asked for, never installed.
pub(crate) fn node() -> Result<(), Fault> {
    let version = shell::said(shell::program("node").arg("--version")).unwrap_or_default();
    if is_new_enough(&version) && shell::answers("npm", "--version") {
        println!("setup: node {version} there");
        return Ok(());
    }
    let found = if version.is_empty() { "none was found".to_owned() } else { format!("{version} was found") };
    let line = match OS {
        "windows" => "winget install OpenJS.NodeJS.LTS",
        "macos" => "brew install node",
        _ => {
            "the archive for Linux of nodejs.org, unpacked below /usr/local (Debian 12's own package is too old)"
        }
    };
    Err(Fault::Missing(format!(
        "Node {}.{} or newer with npm is needed, {found}. Get it:\n  {line}",
        NODE.0, NODE.1
    )))
}

/// `v20.19.2` and everything after.
fn is_new_enough(version: &str) -> bool {
    let mut numbers =
        version.trim_start_matches('v').split('.').map_while(|number| number.parse::<u32>().ok());
    numbers.next().zip(numbers.next()).is_some_and(|version| version >= NODE)
}

fn cargo_deny() -> Result<(), Fault> {
    cargo_tool("cargo-deny", CARGO_DENY, "two to three minutes", |program| {
        let version = shell::said(Command::new(program).arg("--version")).unwrap_or_default();
        version.ends_with(CARGO_DENY)
    })
}

/// A tool from crates.io, compiled once, for this repository alone.
fn cargo_tool(name: &str, version: &str, takes: &str, is_there: impl Fn(&Path) -> bool) -> Result<(), Fault> {
    let tools = places::tools();
    if is_there(&tools.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))) {
        println!("setup: {name} {version} there");
        return Ok(());
    }
    println!("setup: compiling {name} {version} once ({takes})");
    let mut install = shell::cargo();
    install.args(["install", name, "--version", version, "--locked", "--quiet", "--root"]);
    shell::run(install.arg(tools))
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn an_old_node_is_not_enough() {
        for version in ["v20.19.0", "v20.20.2", "v22.0.0", "v24.19.0"] {
            assert!(is_new_enough(version), "{version}");
        }
        for version in ["", "v18.20.4", "v20.18.9", "v2", "twenty"] {
            assert!(!is_new_enough(version), "{version}");
        }
    }
}
