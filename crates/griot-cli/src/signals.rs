//! Ctrl-C and its like: the first asks the studio to stop in good order, the second stops at once.

use std::sync::Arc;

use griot_app::Studio;
use tokio::runtime::Runtime;

use crate::outcome;

/// Listens from now on. Where the system gives no signals, Ctrl-C does what the system does by itself.
pub(crate) fn watch(runtime: &Runtime, studio: &Arc<Studio>) {
    let studio = Arc::clone(studio);
    runtime.spawn(async move {
        if !asked_to_stop().await {
            return;
        }
        studio.cancel();
        if asked_to_stop().await {
            std::process::exit(outcome::CANCELLED.into());
        }
    });
}

#[cfg(unix)]
async fn asked_to_stop() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    // Sent by service managers and at the end of a session.
    let Ok(mut end) = signal(SignalKind::terminate()) else { return false };
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.is_ok(),
        sent = end.recv() => sent.is_some(),
    }
}

#[cfg(windows)]
async fn asked_to_stop() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}
