//! The worker of a host that stays open: it takes the outbox whenever it can and never gives up.
//!
//! Until the studio is asked to stop it waits for a workspace, works it while no other program does, and listens to
//! that other program otherwise. Deliberately absent: errors. What stands in the way is remembered for
//! `studio.status`, which says it in the window.

use std::sync::Arc;
use std::time::Duration;

use griot_domain::{Tag, Timestamp};

use super::{POLL, Run, work};
use crate::Code;
use crate::events::Event;
use crate::failure::Failure;
use crate::studio::{Studio, Workspace};
use crate::wire::studio::WorkerState;

/// Another program's lock is tried again after this long.
const TRY_LOCK: Duration = Duration::from_secs(5);
/// What failed for the machine's reasons is tried again after this long.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// Works the outbox until [`Studio::cancel`], and tells the person what became of deliveries where the host can.
pub async fn attend(studio: Arc<Studio>) {
    crate::uploads::remove_abandoned(&studio.options.scratch);
    let mut stopping = studio.stopping();
    let working = async {
        while !*stopping.borrow_and_update() {
            round(&studio).await;
        }
    };
    tokio::pin!(working);
    tokio::select! {
        () = &mut working => {}
        // Ends only with the studio's events: what is under way is still written down.
        () = super::notices::tell(&studio) => working.await,
    }
    studio.set_worker(WorkerState::Stopped);
}

/// One try to open the workspace and work it, and the wait after it.
async fn round(studio: &Arc<Studio>) {
    let opening = Arc::clone(studio);
    let known = studio.is_open();
    // Opening may copy the database: it blocks, so it runs where blocking is allowed.
    let opened = studio.ports.runtime.spawn_blocking(move || opening.workspace()).await;
    let workspace = match opened {
        Ok(Ok(workspace)) => {
            if !known {
                // It may be another program that made it: whoever listens has read nothing of it yet.
                studio.tell(Event::Changed { tags: Tag::ALL.to_vec() });
            }
            workspace
        }
        Ok(Err(failure)) => {
            note(studio, failure);
            return pause(studio, TRY_LOCK).await;
        }
        Err(_) => return pause(studio, TRY_AGAIN).await,
    };
    let Err(failure) = work(studio, Run::default()).await else { return };
    let wait = match note(studio, failure) {
        WorkerState::Elsewhere => TRY_LOCK,
        _ => TRY_AGAIN,
    };
    listen(studio, &workspace, studio.ports.now().plus(wait)).await;
}

/// Remembers what stands in the way.
fn note(studio: &Studio, failure: Failure) -> WorkerState {
    let error = studio.say(failure);
    let state = match error.code {
        Code::WorkerBusy => WorkerState::Elsewhere,
        Code::Secrets => WorkerState::Locked,
        _ => WorkerState::Stopped,
    };
    if studio.set_worker(state) {
        tracing::info!(code = %error.code.as_str(), message = %error.message, "the outbox is not worked here");
    }
    state
}

/// Waits without a workspace: until something was done here, or for this long.
async fn pause(studio: &Studio, long: Duration) {
    let mut stopping = studio.stopping();
    tokio::select! {
        () = studio.wake.notified() => {}
        _ = stopping.changed() => {}
        () = studio.ports.timer.until(studio.ports.now().plus(long)) => {}
    }
}

/// Hears what other programs write, until `until`; ends early when the secrets were opened.
async fn listen(studio: &Arc<Studio>, workspace: &Workspace, until: Timestamp) {
    let mut stopping = studio.stopping();
    let Ok(mut version) = workspace.store.data_version() else { return pause(studio, TRY_AGAIN).await };
    let mut shown = studio.ports.now();
    // A clock that was set back ends it too: `until` was meant by the old one.
    while !*stopping.borrow_and_update() && (shown..until).contains(&studio.ports.now()) {
        shown = studio.ports.now();
        let next = shown.plus(POLL).min(until);
        tokio::select! {
            // A permit left from before the secrets were found locked costs one more look, and no loop.
            () = studio.wake.notified() => if studio.worker() == WorkerState::Locked { return },
            _ = stopping.changed() => {}
            () = studio.ports.timer.until(next) => {}
        }
        if let Ok(seen) = workspace.store.data_version()
            && seen != version
        {
            version = seen;
            foreign_change(studio, workspace);
        }
    }
}

/// Another program wrote: its settings may be another language, and everything has to be read again.
pub(super) fn foreign_change(studio: &Studio, workspace: &Workspace) {
    studio.learn(workspace);
    studio.tell(Event::Changed { tags: Tag::ALL.to_vec() });
}
