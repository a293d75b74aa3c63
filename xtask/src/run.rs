//! `cargo xtask run`: the studio as a person sees it first, on a new workspace with samples: in its window, or in a
//! browser where there is no display.

use std::env::consts::OS;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault::{Fault, WhileDoing};
use crate::{page, places, setup, shell};

/// `cargo xtask run`.
pub(crate) fn run(_: &[String]) -> Result<(), Fault> {
    let display = has_display(OS, |name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    setup::for_run(display)?;
    page::build()?;
    let mut build = shell::cargo();
    build.args(["build", "--package", "griot-cli"]);
    if display {
        build.args(["--package", "griot-studio"]);
    }
    shell::run(&mut build)?;
    let folder = fresh_folder()?;
    let mut create = around(&folder, "griot");
    shell::run(create.args(["--json", "call", "workspace.create", r#"{"samples":true}"#]))?;
    println!("\nA new workspace with samples: {}", folder.join("workspace").display());
    if display {
        println!("The studio opens in its window. Close it to come back.");
        shell::run(&mut around(&folder, "griot-studio"))
    } else {
        println!(
            "There is no display here, so the same studio is served on this machine alone, for a browser. Ctrl-C stops it."
        );
        shell::run(around(&folder, "griot").arg("serve"))
    }
}

/// Windows and macOS always have one; elsewhere somebody says where it is.
fn has_display(system: &str, is_said: impl Fn(&str) -> bool) -> bool {
    ["windows", "macos"].contains(&system) || is_said("DISPLAY") || is_said("WAYLAND_DISPLAY")
}

/// A program of ours on this folder alone: the developer's own studio is not touched.
fn around(folder: &Path, program: &str) -> Command {
    let mut command = Command::new(places::built("debug", program));
    command.env("GRIOT_WORKSPACE", folder.join("workspace")).env("GRIOT_APP_DIR", folder.join("app"));
    command.current_dir(places::root());
    command
}

/// `target/run-1`, or the next number that is free.
fn fresh_folder() -> Result<PathBuf, Fault> {
    let folder =
        (1..).map(|number| places::target().join(format!("run-{number}"))).find(|folder| !folder.exists());
    let folder = folder.expect("BUG: numbers do not end");
    fs::create_dir_all(&folder).while_doing(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::has_display;

    #[test]
    fn a_window_opens_only_where_it_can_be_seen() {
        assert!(has_display("macos", |_| false));
        assert!(has_display("windows", |_| false));
        assert!(!has_display("linux", |_| false));
        assert!(has_display("linux", |name| name == "DISPLAY"));
        assert!(has_display("linux", |name| name == "WAYLAND_DISPLAY"));
    }
}
