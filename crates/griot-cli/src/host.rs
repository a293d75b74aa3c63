//! The environment as the terminal reads it: its arguments, and what of them goes before the environment both hosts
//! share. What it finds becomes the studio's options.

use std::env;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use griot_app::ports::environment;
use griot_app::secrets::Choice;
use griot_app::{AppError, Options};
use griot_domain::Lang;

use crate::args::Global;
use crate::args::parse::SecretsPlace;

/// The arguments, with the program's name first.
pub(crate) fn arguments() -> Vec<OsString> {
    env::args_os().collect()
}

/// The language: what was asked for, else the environment's.
pub(crate) fn lang(asked: Option<Lang>) -> Lang {
    asked.unwrap_or_else(environment::lang)
}

/// What tests want to happen at named failure points.
#[cfg(debug_assertions)]
pub(crate) fn failure_points() -> Option<String> {
    environment::variable("GRIOT_FAIL").and_then(|v| v.into_string().ok())
}

/// How the clock runs for tests: `AHEAD_MS,TIMES`.
#[cfg(debug_assertions)]
pub(crate) fn pace() -> Option<String> {
    environment::variable("GRIOT_CLOCK").and_then(|v| v.into_string().ok())
}

/// The studio's options. Makes nothing.
///
/// # Errors
/// Nobody says where data belong on this system.
pub(crate) fn options(global: &Global, lang: Lang) -> Result<Options, AppError> {
    let secrets = match &global.secrets {
        Some(SecretsPlace::File(path)) => Choice::File(normal(&environment::absolute(path))),
        Some(SecretsPlace::Keychain) | None => Choice::Keychain,
    };
    let options = environment::options(global.workspace.clone(), lang)?;
    Ok(Options { secrets, raw_paths: true, follow_settings: false, ..options })
}

/// Without `.` and `..`, by the letters alone: the disk is not asked.
fn normal(path: &Path) -> PathBuf {
    let mut kept = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_their_dots_by_the_letters_alone() {
        for (path, expected) in
            [("/a/./b/../c", "/a/c"), ("/a/../../b", "/b"), ("/absent/../b/", "/b"), ("/a//b/.", "/a/b")]
        {
            assert_eq!(normal(Path::new(path)), Path::new(expected), "{path}");
        }
    }
}
