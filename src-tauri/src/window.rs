//! The one window: how it looks before the page is there, where it may go (nowhere), and what is carried between it
//! and the studio.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use griot_app::{Listener, Studio};
use tauri::plugin::TauriPlugin;
use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{
    App, AppHandle, DragDropEvent, Emitter, Listener as _, Manager, Theme, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, Window, WindowEvent, Wry,
};
use tauri_plugin_window_state::StateFlags;

use crate::{ending, media};

/// Its name in the capabilities.
const MAIN: &str = "main";
/// Paper by day and by night, as in the page's own tokens: the ground before there is a page.
const PAPER: [Color; 2] = [Color(0xfa, 0xf7, 0xf1, 0xff), Color(0x13, 0x14, 0x1b, 0xff)];
/// A page that does not load in this time is shown as it is: better an empty window than none.
const PAINTED: Duration = Duration::from_secs(4);

/// Opens it; a person sees it when the page is there.
///
/// # Errors
/// When the system has no web view.
pub(crate) fn open(app: &App, web: PathBuf) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Griot")
        .inner_size(1280.0, 800.0)
        .min_inner_size(960.0, 640.0)
        .visible(false)
        .data_directory(web)
        .devtools(cfg!(debug_assertions))
        // The page's own address, without or with a path or a screen behind it.
        .on_navigation(|to| format!("{to}/").replace('#', "/").starts_with(&format!("{}/", media::PAGE)))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                show(&window);
            }
        })
        .build()?;
    let paper = PAPER[usize::from(window.theme().is_ok_and(|theme| theme == Theme::Dark))];
    if let Err(error) = window.set_background_color(Some(paper)) {
        tracing::debug!(%error, "the window has the system's ground");
    }
    app.listen_any("ready", |_| tracing::info!("ready"));
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PAINTED).await;
        show(&window);
    });
    Ok(())
}

fn show(window: &WebviewWindow) {
    if let Err(error) = window.show() {
        tracing::warn!(%error, "the window could not be shown");
    }
}

/// Another start of Griot on this workspace: the person wants this window.
pub(crate) fn to_the_front(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    for done in [window.unminimize(), window.show(), window.set_focus()] {
        if let Err(error) = done {
            tracing::debug!(%error, "the window does not come to the front");
        }
    }
}

/// Where it was and how large, from one start to the next; not whether it was seen, which is `open`'s to say.
pub(crate) fn remembered() -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::all() - StateFlags::VISIBLE)
        .build()
}

/// What happens to the window.
pub(crate) fn heard(window: &Window, event: &WindowEvent) {
    let studio = window.state::<Arc<Studio>>();
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            ending::begin(window);
        }
        WindowEvent::DragDrop(DragDropEvent::Enter { .. }) => studio.drop_over(),
        WindowEvent::DragDrop(DragDropEvent::Leave) => studio.drop_left(),
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => studio.dropped(paths.clone()),
        _ => {}
    }
}

/// Carries the studio's events to the page until the studio is gone.
pub(crate) async fn carry(app: AppHandle, mut events: Listener) {
    while let Some(event) = events.next().await {
        if let Err(error) = app.emit("studio", event) {
            tracing::warn!(%error, "an event did not reach the page");
        }
    }
}
