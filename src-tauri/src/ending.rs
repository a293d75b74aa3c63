//! How the program ends: the page says what is still being typed, then what is on its way to a network is written
//! down, then the database is closed.
//!
//! Deliberately absent: asking the person. Nothing is lost by closing, so nothing is asked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use griot_app::Studio;
use tauri::{AppHandle, Emitter, Listener, Manager, RunEvent, Window};
use tokio::runtime::Handle;
use tokio::sync::RwLock;
use tokio::task::JoinHandle;

/// How long the page may take to say what was typed last.
const FLUSHING: Duration = Duration::from_millis(1500);
/// How long the worker may take to write down what is on its way. What takes longer is asked about at the next start.
const WRITING_DOWN: Duration = Duration::from_secs(10);

/// What has to end before the program does.
pub(crate) struct Ending {
    worker: Mutex<Option<JoinHandle<()>>>,
    /// Held by each command while it runs, and taken whole at the end.
    pub(crate) calls: RwLock<()>,
    runtime: Handle,
    begun: AtomicBool,
}

impl Ending {
    pub(crate) fn new(worker: JoinHandle<()>, runtime: Handle) -> Self {
        Self {
            worker: Mutex::new(Some(worker)),
            calls: RwLock::new(()),
            runtime,
            begun: AtomicBool::new(false),
        }
    }
}

/// The person closes the window: the page hears `closing`, answers `flushed`, and the program ends.
pub(crate) fn begin(window: &Window) {
    let app = window.app_handle().clone();
    tracing::debug!("the person closes the window");
    if app.state::<Ending>().begun.swap(true, Ordering::SeqCst) {
        return;
    }
    let (tell, told) = mpsc::channel();
    app.once_any("flushed", move |_| {
        // Nobody waits any more when the page took too long.
        let _ = tell.send(());
    });
    if let Err(error) = app.emit("closing", ()) {
        tracing::warn!(%error, "the page was not told that the window closes");
    }
    let window = window.clone();
    std::thread::spawn(move || {
        if told.recv_timeout(FLUSHING).is_err() {
            tracing::warn!("the page did not answer before the window closed");
        }
        tracing::debug!("the page has said its last");
        // Gone for the person at once, whatever is still being written down.
        let _ = window.hide();
        app.exit(0);
    });
}

/// The last thing the toolkit says is that it ends.
pub(crate) fn heard(app: &AppHandle, event: RunEvent) {
    if !matches!(event, RunEvent::Exit) {
        return;
    }
    let studio = app.state::<Arc<Studio>>();
    let ending = app.state::<Ending>();
    tracing::debug!("the end");
    studio.cancel();
    let worker = ending.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
    let last_words = async {
        if let Some(worker) = worker {
            // A worker that panicked has nothing left to write down.
            let _ = worker.await;
        }
        drop(ending.calls.write().await);
    };
    if ending.runtime.block_on(async { tokio::time::timeout(WRITING_DOWN, last_words).await }).is_err() {
        tracing::warn!("something was still under way when the program ended");
    }
    if let Err(error) = studio.close() {
        // The database is whole, it only keeps its log for the next opening.
        tracing::warn!(%error, "close");
    }
}
