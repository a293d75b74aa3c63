//! The desktop around the window, by the toolkit's own plugins: dialogs, the browser, the file manager, the clipboard,
//! notifications, and an address for films where the page's player needs one.
//!
//! All of it blocks; the studio calls it on threads where that is allowed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use griot_app::Studio;
use griot_app::ports::Desktop;
use griot_app::wire::desktop::PickKind;
use griot_domain::{AssetId, Lang};
use griot_serve::{Addresses, Server};
use tauri::{AppHandle, Manager, Wry};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tauri_plugin_notification::NotificationExt;
use tauri_plugin_opener::OpenerExt;

/// What Griot takes in, by the endings that people see. Containers are recognised by their bytes later.
const MEDIA: &[&str] = &["jpg", "jpeg", "png", "webp", "gif", "mp4", "m4v", "mov"];

/// The desktop of one window.
pub(crate) struct Around {
    app: AppHandle,
    films: OnceLock<Option<Addresses>>,
}

impl Around {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app, films: OnceLock::new() }
    }

    fn studio(&self) -> Arc<Studio> {
        Arc::clone(&self.app.state::<Arc<Studio>>())
    }

    fn dialog(&self) -> FileDialogBuilder<Wry> {
        let dialog = self.app.dialog().file();
        match self.app.webview_windows().values().next() {
            Some(window) => dialog.set_parent(window),
            None => dialog,
        }
    }

    /// The films' own server, started for the first film.
    fn films(&self) -> Option<Addresses> {
        let start = || {
            let server = Server::films_only(self.studio());
            let server = server.inspect_err(|error| tracing::warn!(%error, "films do not play")).ok()?;
            let addresses = server.addresses();
            tauri::async_runtime::spawn(server.serve());
            Some(addresses)
        };
        self.films.get_or_init(start).clone()
    }
}

impl Desktop for Around {
    fn pick(&self, kind: PickKind) -> io::Result<Vec<PathBuf>> {
        #[cfg(debug_assertions)]
        if let Some(chosen) = told::picked() {
            return Ok(chosen);
        }
        let (dialog, lang) = (self.dialog(), self.studio().lang());
        let picked = match kind {
            PickKind::Media => dialog.add_filter(media(lang), MEDIA).blocking_pick_files(),
            PickKind::Backup => one(dialog.add_filter("Griot", &["griot"])),
            PickKind::Journal => one(dialog.add_filter("JSON", &["jsonl", "json"])),
            PickKind::Program => one(dialog),
        };
        picked.unwrap_or_default().into_iter().map(path).collect()
    }

    fn save_as(&self, name: &str) -> io::Result<Option<PathBuf>> {
        #[cfg(debug_assertions)]
        if let Some(folder) = told::folder() {
            return Ok(Some(folder.join(name)));
        }
        self.dialog().set_file_name(name).blocking_save_file().map(path).transpose()
    }

    fn open(&self, url: &str) -> io::Result<()> {
        self.app.opener().open_url(url, None::<&str>).map_err(io::Error::other)
    }

    fn reveal(&self, folder: &Path) -> io::Result<()> {
        self.app.opener().open_path(folder.to_string_lossy(), None::<&str>).map_err(io::Error::other)
    }

    fn copy(&self, text: &str) -> io::Result<()> {
        self.app.clipboard().write_text(text).map_err(io::Error::other)
    }

    fn notify(&self, title: &str, body: &str) {
        if let Err(error) = self.app.notification().builder().title(title).body(body).show() {
            tracing::debug!(%error, "the system shows no notifications");
        }
    }

    fn film(&self, asset: AssetId) -> Option<String> {
        // WebKitGTK hands addresses to GStreamer, which knows nothing of the window's own protocol.
        if cfg!(target_os = "linux") { self.films().map(|films| films.film(asset)) } else { None }
    }
}

fn one(dialog: FileDialogBuilder<Wry>) -> Option<Vec<FilePath>> {
    dialog.blocking_pick_file().map(|file| vec![file])
}

fn path(file: FilePath) -> io::Result<PathBuf> {
    file.into_path().map_err(io::Error::other)
}

fn media(lang: Lang) -> &'static str {
    lang.pick("Images et films", "Pictures and films")
}

/// What a test chose: no test can press the buttons of the system's own dialogs.
#[cfg(debug_assertions)]
mod told {
    use std::path::PathBuf;

    use griot_app::ports::environment::variable;

    /// One path a line, in the file that `GRIOT_PICK` names; read at each dialog, so that a test may choose again.
    pub(super) fn picked() -> Option<Vec<PathBuf>> {
        let text = std::fs::read_to_string(PathBuf::from(variable("GRIOT_PICK")?)).ok()?;
        Some(text.lines().filter(|line| !line.is_empty()).map(PathBuf::from).collect())
    }

    /// The folder that `GRIOT_SAVE_AS` names.
    pub(super) fn folder() -> Option<PathBuf> {
        variable("GRIOT_SAVE_AS").map(PathBuf::from)
    }
}
