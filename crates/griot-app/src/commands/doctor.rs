//! What is there, what is missing, what to do.

use std::sync::Arc;

use griot_domain::Lang;

use crate::failure::Failure;
use crate::secrets::{Choice, keychain_present};
use crate::studio::Studio;
use crate::wire::Nothing;
use crate::wire::studio::{Check, Checks};

pub(super) fn run(studio: &Arc<Studio>, _: Nothing) -> Result<Checks, Failure> {
    let lang = studio.lang();
    Ok(Checks {
        checks: vec![
            database(studio, lang),
            ffmpeg(studio, lang),
            secrets(studio, lang),
            fonts(lang),
            clock(studio, lang),
            disk(studio, lang),
            originals(studio, lang),
        ],
    })
}

fn check(name: &str, ok: bool, detail: impl Into<String>) -> Check {
    Check { name: name.to_owned(), ok, detail: detail.into() }
}

/// Where there is no workspace, none is made.
fn database(studio: &Studio, lang: Lang) -> Check {
    let dir = &studio.options.workspace;
    let file = dir.join("griot.db");
    if !file.exists() {
        let detail = lang.pick(
            format!(
                "Pas encore d\u{2019}espace de travail dans {}. Pour en créer un\u{a0}: griot init.",
                dir.display()
            ),
            format!("No workspace in {} yet. To make one: griot init.", dir.display()),
        );
        return check("database", true, detail);
    }
    match studio.workspace() {
        Ok(workspace) => check(
            "database",
            true,
            lang.pick(
                format!("{} est saine (version {}).", file.display(), workspace.store.schema()),
                format!("{} is sound (version {}).", file.display(), workspace.store.schema()),
            ),
        ),
        Err(error) => {
            let said = studio.say(error);
            check("database", false, format!("{} {}", said.message, said.hint))
        }
    }
}

/// Named each: a post that shows one of them cannot leave. Without a workspace there are none.
fn originals(studio: &Studio, lang: Lang) -> Check {
    let well = || lang.pick("Tous là, entiers.", "All there, whole.");
    if !studio.options.workspace.join("griot.db").exists() {
        return check("originals", true, well());
    }
    match studio.workspace().and_then(|workspace| crate::library::originals::look(&workspace)) {
        Ok(found) => match found.said(lang) {
            None => check("originals", true, well()),
            Some(said) => check("originals", false, said),
        },
        Err(error) => {
            let said = studio.say(error);
            check("originals", false, format!("{} {}", said.message, said.hint))
        }
    }
}

fn ffmpeg(studio: &Studio, lang: Lang) -> Check {
    match studio.ffmpeg() {
        Ok(ffmpeg) => check("ffmpeg", true, format!("ffmpeg {}", ffmpeg.version())),
        Err(_) => check("ffmpeg", false, lang.pick(
            "ffmpeg manque\u{a0}: les vidéos qui conviennent déjà partent quand même, les autres ne peuvent pas être adaptées. Installez ffmpeg, ou indiquez son chemin dans le réglage ffmpeg.path.",
            "ffmpeg is missing: films that fit already still go, others cannot be adapted. Install ffmpeg, or name its path in the setting ffmpeg.path.",
        )),
    }
}

/// Where the secrets of this call are, and whether they can be opened there.
fn secrets(studio: &Studio, lang: Lang) -> Check {
    let Choice::File(file) = &studio.options.secrets else { return keychain(lang) };
    let (place, given) =
        (file.display(), studio.options.passphrase.as_deref().is_some_and(|p| !p.is_empty()));
    let detail = match (file.exists(), given) {
        (true, true) => lang.pick(
            format!("Les secrets sont dans le fichier {place}, sous la phrase de GRIOT_PASSPHRASE."),
            format!("The secrets are in the file {place}, under the phrase of GRIOT_PASSPHRASE."),
        ),
        (false, true) => lang.pick(
            format!("Les secrets iront dans le fichier {place}, sous la phrase de GRIOT_PASSPHRASE."),
            format!("The secrets will go into the file {place}, under the phrase of GRIOT_PASSPHRASE."),
        ),
        (_, false) => lang.pick(
            format!("Les secrets sont pour le fichier {place}, et GRIOT_PASSPHRASE est vide\u{a0}: donnez sa phrase."),
            format!("The secrets are for the file {place}, and GRIOT_PASSPHRASE is empty: give its phrase."),
        ),
    };
    check("keychain", given, detail)
}

fn keychain(lang: Lang) -> Check {
    if keychain_present() {
        return check(
            "keychain",
            true,
            lang.pick("Le trousseau du système répond.", "The system\u{2019}s keychain answers."),
        );
    }
    check("keychain", false, lang.pick(
        "Pas de trousseau\u{a0}: gardez les secrets dans un fichier, --secrets file:CHEMIN, avec GRIOT_PASSPHRASE.",
        "No keychain: keep the secrets in a file, --secrets file:PATH, with GRIOT_PASSPHRASE.",
    ))
}

/// Burnt-in subtitles need a font; ffmpeg finds the system's.
fn fonts(lang: Lang) -> Check {
    const PLACES: &[&str] =
        &["/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "C:\\Windows\\Fonts"];
    let found = PLACES.iter().find(|p| std::fs::read_dir(p).is_ok_and(|mut d| d.next().is_some()));
    match found {
        Some(place) => check("fonts", true, (*place).to_owned()),
        None => check("fonts", false, lang.pick(
            "Aucune police\u{a0}: les sous-titres incrustés ne peuvent pas être dessinés. Sur Debian\u{a0}: apt install fonts-dejavu-core.",
            "No font: burnt-in subtitles cannot be drawn. On Debian: apt install fonts-dejavu-core.",
        )),
    }
}

/// A clock from before this program was made is wrong, and then every due time is.
fn clock(studio: &Studio, lang: Lang) -> Check {
    /// 2026-01-01T00:00:00Z.
    const EARLIEST_MS: i64 = 1_767_225_600_000;
    let now = studio.ports.now();
    let detail = format!("{now} ({})", studio.options.zone);
    if now.millis() >= EARLIEST_MS {
        return check("clock", true, detail);
    }
    check("clock", false, lang.pick(
        format!("L\u{2019}horloge dit {detail}\u{a0}: mettez-la à l\u{2019}heure, les heures de publication en dépendent."),
        format!("The clock says {detail}: set it, due times depend on it."),
    ))
}

fn disk(studio: &Studio, lang: Lang) -> Check {
    /// Less than this does not hold one film and its renditions.
    const LEAST: u64 = 500_000_000;
    let place = studio.options.workspace.ancestors().find(|p| p.exists()).map(std::path::Path::to_path_buf);
    let free = place.as_deref().and_then(griot_store::free_bytes);
    match free {
        None => check("disk", true, lang.pick("Place libre inconnue.", "Free space unknown.")),
        Some(free) => {
            let megabytes = free / 1_000_000;
            check(
                "disk",
                free >= LEAST,
                lang.pick(format!("{megabytes}\u{a0}Mo libres."), format!("{megabytes} MB free.")),
            )
        }
    }
}
