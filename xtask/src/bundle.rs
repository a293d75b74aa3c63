//! A release build with its papers in one folder, packed as a `.tar.gz`. Installers (for
//! Windows and macOS, and packages of Linux systems) are another matter and not made here.

use std::env::consts::{ARCH, EXE_SUFFIX, OS};
use std::fs;

use crate::fault::{Fault, WhileDoing};
use crate::{page, places, setup, shell};

/// What goes beside the program.
const PAPERS: &[&str] = &["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// `cargo xtask bundle`.
pub(crate) fn bundle(_: &[String]) -> Result<(), Fault> {
    setup::window()?;
    page::build()?;
    let build = ["build", "--release", "--locked", "--package", "griot-cli", "--package", "griot-studio"];
    shell::run(shell::cargo().args(build))?;
    let name = format!("griot-{}-{OS}-{ARCH}", env!("CARGO_PKG_VERSION"));
    let above = places::target().join("bundle");
    let folder = above.join(&name);
    fs::create_dir_all(&folder).while_doing(|| format!("making {}", folder.display()))?;
    let program = format!("griot{EXE_SUFFIX}");
    let copy = |from: &std::path::Path, to: &str| {
        fs::copy(from, folder.join(to)).while_doing(|| format!("copying {}", from.display()))
    };
    let bytes = copy(&places::built("release", "griot"), &program)?;
    let window = format!("griot-studio{EXE_SUFFIX}");
    let of_window = copy(&places::built("release", "griot-studio"), &window)?;
    copy(&places::root().join("assets/icons/256.png"), "griot.png")?;
    for paper in PAPERS {
        copy(&places::root().join(paper), paper)?;
    }
    // tar comes with Windows 10 and later, macOS and every Linux.
    let packed = format!("{name}.tar.gz");
    shell::run(shell::program("tar").current_dir(&above).args(["-czf", &packed, &name]))?;
    let size = fs::metadata(above.join(&packed)).while_doing(|| format!("measuring {packed}"))?.len();
    println!(
        "{}: {:.1} MB, in it the window {:.1} MB and the terminal {:.1} MB",
        above.join(&packed).display(),
        mega(size),
        mega(of_window),
        mega(bytes)
    );
    Ok(())
}

fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
