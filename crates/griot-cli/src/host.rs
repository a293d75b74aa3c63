//! The environment: the only file of the terminal that reads variables, the current directory, and the system's
//! folders and zone. What it finds becomes the studio's options.

use std::env;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use griot_app::secrets::Choice;
use griot_app::{AppError, Code, Options};
use griot_domain::Lang;

use crate::args::Global;
use crate::args::parse::SecretsPlace;

/// The arguments, with the program's name first.
pub(crate) fn arguments() -> Vec<OsString> {
    env::args_os().collect()
}

/// The language: what was asked for, else the system's when Griot speaks it, else English.
pub(crate) fn lang(asked: Option<Lang>) -> Lang {
    asked.unwrap_or_else(|| lang_of(["LC_ALL", "LC_MESSAGES", "LANG"].map(variable)))
}

/// The first of the POSIX variables that says something decides.
fn lang_of(variables: [Option<OsString>; 3]) -> Lang {
    let said = variables.into_iter().flatten().next();
    match said.as_deref().and_then(|value| value.to_str()) {
        Some(locale) if locale.to_ascii_lowercase().starts_with("fr") => Lang::Fr,
        _ => Lang::En,
    }
}

/// The filter of the log, as `tracing` writes filters.
pub(crate) fn log_filter() -> String {
    variable("GRIOT_LOG").and_then(|v| v.into_string().ok()).unwrap_or_else(|| "warn".to_owned())
}

/// What tests want to happen at named failure points.
#[cfg(debug_assertions)]
pub(crate) fn failure_points() -> Option<String> {
    variable("GRIOT_FAIL").and_then(|v| v.into_string().ok())
}

/// The studio's options. Makes nothing.
///
/// # Errors
/// Nobody says where data belong on this system.
pub(crate) fn options(global: &Global, lang: Lang) -> Result<Options, AppError> {
    let data = directories::ProjectDirs::from("", "", "Griot");
    let place = |asked: Option<PathBuf>, default: Option<PathBuf>| {
        asked.or(default).map(|path| absolute(&path)).ok_or_else(|| no_home(lang))
    };
    let workspace = global.workspace.clone().or_else(|| variable("GRIOT_WORKSPACE").map(PathBuf::from));
    let secrets = match &global.secrets {
        Some(SecretsPlace::File(path)) => Choice::File(normal(&absolute(path))),
        Some(SecretsPlace::Keychain) | None => Choice::Keychain,
    };
    Ok(Options {
        workspace: place(workspace, data.as_ref().map(|d| d.data_dir().join("workspace")))?,
        app_dir: place(
            variable("GRIOT_APP_DIR").map(PathBuf::from),
            data.as_ref().map(|d| d.data_local_dir().join("app")),
        )?,
        lang,
        follow_settings: false,
        secrets,
        passphrase: variable("GRIOT_PASSPHRASE").and_then(|v| v.into_string().ok()),
        raw_paths: true,
        search_path: variable("PATH"),
        zone: iana_time_zone::get_timezone().unwrap_or_else(|_| "UTC".to_owned()),
        scratch: env::temp_dir(),
    })
}

/// A variable that says something: an empty one counts as absent.
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn absolute(path: &Path) -> PathBuf {
    // Fails only without a current directory; the path as it is then fails later, with its own sentence.
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
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

fn no_home(lang: Lang) -> AppError {
    AppError::new(
        Code::Environment,
        lang.pick(
            "Ce système ne dit pas où ranger les données des applications.",
            "This system does not say where applications keep their data.",
        ),
        lang.pick(
            "Indiquez un dossier avec --workspace, et GRIOT_APP_DIR.",
            "Name a folder with --workspace, and GRIOT_APP_DIR.",
        ),
    )
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

    #[test]
    fn the_first_variable_that_says_something_decides_the_language() {
        let said = |words: [&str; 3]| lang_of(words.map(|w| (!w.is_empty()).then(|| w.into())));
        assert_eq!(said(["", "", "fr_ML.UTF-8"]), Lang::Fr);
        assert_eq!(said(["C", "", "fr_ML.UTF-8"]), Lang::En);
        assert_eq!(said(["", "FR", "en_GB"]), Lang::Fr);
        assert_eq!(said(["", "", "de_DE"]), Lang::En);
        assert_eq!(said(["", "", ""]), Lang::En);
    }
}
