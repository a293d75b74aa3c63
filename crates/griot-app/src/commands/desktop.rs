//! What a page asks of the desktop around it: dialogs, the browser, the file manager, the clipboard.
//!
//! The page names handles and ids; a path never comes in or goes out. Without a desktop everything is refused with
//! `not_now`, and the page knows other ways.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use griot_domain::MediaKind;

use crate::Code;
use crate::failure::Failure;
use crate::library::import;
use crate::outbox;
use crate::ports::Desktop;
use crate::studio::Studio;
use crate::wire::Nothing;
use crate::wire::desktop::{
    CopyText, FilmAddress, OpenPage, PickFiles, PickedFiles, PlayFilm, Reveal, SaveAs, SaveTarget,
};

/// More text than this is a file and not something to paste.
const MOST_COPIED: usize = 1 << 20;

fn desktop(studio: &Studio) -> Result<Arc<dyn Desktop>, Failure> {
    studio.ports.desktop.clone().ok_or_else(|| {
        Failure::say(
            Code::NotNow,
            "Cela se fait dans la fenêtre de Griot\u{a0}: ici, il n\u{2019}y a pas de bureau autour de la page.",
            "This is done in Griot\u{2019}s window: here, there is no desktop around the page.",
            ("", ""),
        )
    })
}

/// What the system said; logged, because a person can do nothing with it.
fn refused(error: &io::Error) -> Failure {
    tracing::warn!(%error, "the desktop could not do it");
    Failure::say(
        Code::Environment,
        "Le système n\u{2019}a pas pu le faire.",
        "The system could not do it.",
        ("Réessayez, ou faites-le à la main.", "Try again, or do it by hand."),
    )
}

pub(super) fn pick(studio: &Arc<Studio>, request: PickFiles) -> Result<PickedFiles, Failure> {
    let chosen = desktop(studio)?.pick(request.kind).map_err(|e| refused(&e))?;
    Ok(PickedFiles { files: chosen.into_iter().map(|path| studio.picked(path)).collect() })
}

pub(super) fn save_as(studio: &Arc<Studio>, request: SaveAs) -> Result<SaveTarget, Failure> {
    let chosen = desktop(studio)?.save_as(&request.name).map_err(|e| refused(&e))?;
    Ok(SaveTarget { file: chosen.map(|path| studio.picked(path)) })
}

pub(super) fn open(studio: &Arc<Studio>, request: OpenPage) -> Result<Nothing, Failure> {
    let desktop = desktop(studio)?;
    if !is_page(&request.url) {
        return Err(Failure::say(
            Code::BadRequest,
            "Ce n\u{2019}est pas l\u{2019}adresse d\u{2019}une page.",
            "This is not the address of a page.",
            ("", ""),
        ));
    }
    desktop.open(&request.url).map_err(|e| refused(&e))?;
    Ok(Nothing {})
}

/// Anything else than a page would start a program; one that comes unencrypted may be anybody's, but from this machine.
fn is_page(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.strip_prefix('[').map_or_else(
        || authority.split(':').next().unwrap_or_default(),
        |inner| inner.split(']').next().unwrap_or_default(),
    );
    let here = host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    let web = scheme.eq_ignore_ascii_case("https") || (scheme.eq_ignore_ascii_case("http") && here);
    // What stands before an @ looks like a server and is none.
    let plain = !authority.contains('@')
        && !url.contains(|c: char| c.is_control() || c.is_whitespace() || c == '"' || c == '\\');
    web && plain && rest.starts_with(|c: char| c.is_alphanumeric() || c == '[')
}

pub(super) fn reveal(studio: &Arc<Studio>, request: Reveal) -> Result<Nothing, Failure> {
    let desktop = desktop(studio)?;
    let workspace = studio.workspace()?;
    let folder: PathBuf = match request.delivery {
        None => workspace.dir.clone(),
        Some(id) => {
            let delivery = workspace.store.read(|r| outbox::person::load(r, id))?;
            outbox::by_hand_folder(&workspace, delivery.id)
        }
    };
    if !folder.is_dir() {
        return Err(Failure::say(
            Code::NotFound,
            "Cette publication n\u{2019}a pas de dossier\u{a0}: rien n\u{2019}y est à faire à la main.",
            "This post has no folder: there is nothing to do by hand.",
            ("", ""),
        ));
    }
    desktop.reveal(&folder).map_err(|e| refused(&e))?;
    Ok(Nothing {})
}

pub(super) fn copy(studio: &Arc<Studio>, request: CopyText) -> Result<Nothing, Failure> {
    let desktop = desktop(studio)?;
    if request.text.len() > MOST_COPIED {
        return Err(Failure::say(
            Code::BadRequest,
            "Ce texte est trop long pour le presse-papiers.",
            "This text is too long for the clipboard.",
            ("", ""),
        ));
    }
    desktop.copy(&request.text).map_err(|e| refused(&e))?;
    Ok(Nothing {})
}

/// Nothing is refused here: without a desktop a film plays from the page's own address.
pub(super) fn film(studio: &Arc<Studio>, request: PlayFilm) -> Result<FilmAddress, Failure> {
    let workspace = studio.workspace()?;
    let asset = import::asset(&workspace, request.asset)?;
    if asset.facts.kind != MediaKind::Video {
        return Err(Failure::say(
            Code::BadRequest,
            "Ce n\u{2019}est pas une vidéo.",
            "This is not a film.",
            ("", ""),
        ));
    }
    import::there(&workspace, &asset)?;
    Ok(FilmAddress { url: studio.ports.desktop.as_ref().and_then(|d| d.film(asset.id)) })
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn only_pages_are_opened() {
        for url in [
            "https://bsky.app/profile/a",
            "http://127.0.0.1:8080/x?y=1",
            "HTTPS://a.example",
            "http://[::1]/",
        ] {
            assert!(is_page(url), "{url}");
        }
        for url in [
            "",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "smb://a",
            "http://a.example/",
            "http://127.0.0.1.example/",
            "http://127.0.0.1@a.example/",
            "http://localhost:80@a.example/",
            "https://bank.example@a.example/",
            "https://a b",
            "https://a\nb",
            "-x",
        ] {
            assert!(!is_page(url), "{url}");
        }
    }
}
