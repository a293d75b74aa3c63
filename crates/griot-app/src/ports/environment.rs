//! What the environment says of this machine and this person: folders, language, zone, passphrase. For hosts only, so
//! that both find the same workspace.
//!
//! Deliberately absent: arguments, which are the terminal's, and making any folder.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use griot_domain::Lang;

use crate::secrets::Choice;
use crate::{AppError, Code, Options};

/// A variable that says something: an empty one counts as absent.
#[must_use]
pub fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// The system's language when Griot speaks it, else English.
#[must_use]
pub fn lang() -> Lang {
    lang_of(["LC_ALL", "LC_MESSAGES", "LANG"].map(variable), sys_locale::get_locale)
}

/// The first of the POSIX variables that says something decides, else the system.
fn lang_of(variables: [Option<OsString>; 3], system: impl FnOnce() -> Option<String>) -> Lang {
    let said = variables.into_iter().flatten().next().or_else(|| system().map(OsString::from));
    match said.as_deref().and_then(|value| value.to_str()) {
        Some(locale) if locale.to_ascii_lowercase().starts_with("fr") => Lang::Fr,
        _ => Lang::En,
    }
}

/// The zone that the environment names (`TZ`), where it is one of the zone data; else the system's, else UTC.
fn zone_of(named: Option<OsString>, system: impl FnOnce() -> Option<String>) -> String {
    let named = named.and_then(|name| name.into_string().ok());
    let named = named.map(|name| name.trim_start_matches(':').to_owned());
    let known = named.filter(|name| griot_domain::time::zone(name).is_ok());
    known.or_else(system).unwrap_or_else(|| "UTC".to_owned())
}

/// The filter of the log, as `tracing` writes filters; `otherwise` where nobody asked for one.
#[must_use]
pub fn log_filter(otherwise: &str) -> String {
    variable("GRIOT_LOG").and_then(|v| v.into_string().ok()).unwrap_or_else(|| otherwise.to_owned())
}

/// The options of a host with a page in it: the keychain, handles instead of paths, the workspace's own language.
/// `workspace` goes before what the environment says.
///
/// # Errors
/// Nobody says where data belong on this system.
pub fn options(workspace: Option<PathBuf>, lang: Lang) -> Result<Options, AppError> {
    let data = directories::ProjectDirs::from("", "", "Griot");
    let place = |asked: Option<PathBuf>, default: Option<PathBuf>| {
        asked.or(default).map(|path| absolute(&path)).ok_or_else(|| no_home(lang))
    };
    let workspace = workspace.or_else(|| variable("GRIOT_WORKSPACE").map(PathBuf::from));
    let app_dir = place(
        variable("GRIOT_APP_DIR").map(PathBuf::from),
        data.as_ref().map(|d| d.data_local_dir().join("app")),
    )?;
    Ok(Options {
        workspace: place(workspace, data.as_ref().map(|d| d.data_dir().join("workspace")))?,
        lang,
        follow_settings: true,
        secrets: Choice::Keychain,
        passphrase: variable("GRIOT_PASSPHRASE").and_then(|v| v.into_string().ok()),
        work_factor: crate::secrets::WORK_FACTOR,
        raw_paths: false,
        search_path: variable("PATH"),
        zone: zone_of(variable("TZ"), || iana_time_zone::get_timezone().ok()),
        // Not the folder that all users of a machine share: what lies there may be a trap.
        scratch: app_dir.join("scratch"),
        app_dir,
    })
}

/// Keeps what this program writes from other users of the machine, whoever writes it: files are 0600 and folders 0700 from
/// here on, those of SQLite and of ffmpeg among them. On Windows a person's folders are theirs by themselves.
pub fn keep_to_oneself() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// The same path from the root on.
#[must_use]
pub fn absolute(path: &Path) -> PathBuf {
    // Fails only without a current directory; the path as it is then fails later, with its own sentence.
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn no_home(lang: Lang) -> AppError {
    AppError::new(
        Code::Environment,
        lang.pick(
            "Ce système ne dit pas où ranger les données des applications.",
            "This system does not say where applications keep their data.",
        ),
        lang.pick(
            "Indiquez un dossier dans GRIOT_WORKSPACE, et un autre dans GRIOT_APP_DIR.",
            "Name a folder in GRIOT_WORKSPACE, and another in GRIOT_APP_DIR.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_of_the_environment_goes_before_the_systems() {
        let zone =
            |named: &str| zone_of((!named.is_empty()).then(|| named.into()), || Some("Europe/Paris".into()));
        assert_eq!(zone("Africa/Bamako"), "Africa/Bamako");
        assert_eq!(zone(":Africa/Nairobi"), "Africa/Nairobi");
        for unknown in ["", "Mars/Olympus", "<+03>-3", "/etc/localtime"] {
            assert_eq!(zone(unknown), "Europe/Paris", "{unknown}");
        }
        assert_eq!(zone_of(None, || None), "UTC");
    }

    #[test]
    fn the_first_variable_that_says_something_decides_the_language() {
        let said = |words: [&str; 3]| lang_of(words.map(|w| (!w.is_empty()).then(|| w.into())), || None);
        assert_eq!(said(["", "", "fr_ML.UTF-8"]), Lang::Fr);
        assert_eq!(said(["C", "", "fr_ML.UTF-8"]), Lang::En);
        assert_eq!(said(["", "FR", "en_GB"]), Lang::Fr);
        assert_eq!(said(["", "", "de_DE"]), Lang::En);
        assert_eq!(said(["", "", ""]), Lang::En);
        assert_eq!(lang_of([None, None, None], || Some("fr-CI".to_owned())), Lang::Fr);
    }
}
