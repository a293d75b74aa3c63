//! What became of deliveries, told to a person who looks elsewhere.
//!
//! Several within ten seconds are one notice: a morning's queue must not ring twenty times. Deliberately absent:
//! what only this window's person did themselves, and everything that goes well on its way.

use std::sync::Arc;
use std::time::Duration;

use griot_domain::{Delivery, DeliveryId, State, WaitingFor};
use griot_store::{deliveries, posts};

use crate::events::{Event, Listener};
use crate::failure::Failure;
use crate::ports::Desktop;
use crate::studio::Studio;

/// What happens within this time is told together.
const TOGETHER: Duration = Duration::from_secs(10);
/// So much of a text tells which post it is.
const SHOWN: usize = 80;

/// Tells until the studio is gone; at once forever silent without a desktop.
pub(super) async fn tell(studio: &Arc<Studio>) {
    let Some(desktop) = studio.ports.desktop.clone() else { return std::future::pending().await };
    let mut listener = studio.listen();
    let mut stopping = studio.stopping();
    loop {
        let Some(first) = next(&mut listener).await else { return };
        let until = studio.ports.now().plus(TOGETHER);
        let mut moved = vec![first];
        let ended = loop {
            tokio::select! {
                more = next(&mut listener) => match more {
                    Some(id) => moved.push(id),
                    None => break true,
                },
                () = studio.ports.timer.until(until) => break false,
                _ = stopping.changed() => break true,
            }
        };
        if let Err(failure) = say(studio, desktop.as_ref(), &moved) {
            tracing::debug!(?failure, "nothing could be told");
        }
        if ended {
            return;
        }
    }
}

/// The next delivery that came to something worth a notice.
async fn next(listener: &mut Listener) -> Option<DeliveryId> {
    loop {
        if let Event::Delivery(moved) = listener.next().await?
            && worth(moved.state, moved.waiting_for)
        {
            return Some(moved.id);
        }
    }
}

fn worth(state: State, waiting_for: Option<WaitingFor>) -> bool {
    match state {
        State::Published | State::Failed | State::Unknown | State::Assisted => true,
        State::Waiting => waiting_for == Some(WaitingFor::Late),
        _ => false,
    }
}

/// One notice of everything that moved, as it stands now.
fn say(studio: &Studio, desktop: &dyn Desktop, moved: &[DeliveryId]) -> Result<(), Failure> {
    let workspace = studio.workspace()?;
    let mut found: Vec<(Delivery, String)> = Vec::new();
    for id in moved {
        if found.iter().any(|(known, _)| known.id == *id) {
            continue;
        }
        let read = workspace.store.read(|r| -> Result<_, Failure> {
            let Some(delivery) = deliveries::get(r, *id)? else { return Ok(None) };
            let text = posts::current(r, delivery.post)?.content.text;
            Ok(Some((delivery, text)))
        })?;
        found.extend(read.filter(|(d, _)| worth(d.state, d.waiting_for)));
    }
    let lang = studio.lang();
    match found.as_slice() {
        [] => {}
        [(delivery, text)] => {
            let (fr, en) = one(delivery);
            let shown: String = text.chars().take(SHOWN).collect();
            desktop.notify(&lang.pick(fr, en), shown.trim());
        }
        several => {
            let live = several.iter().filter(|(d, _)| d.state == State::Published).count();
            let asks = several.len() - live;
            let title = lang.pick(
                format!("{} publications ont avancé", several.len()),
                format!("{} posts moved on", several.len()),
            );
            let body = lang.pick(
                format!("{live} en ligne, {asks} à regarder dans la file d\u{2019}attente."),
                format!("{live} live, {asks} to look at in the queue."),
            );
            desktop.notify(&title, &body);
        }
    }
    Ok(())
}

fn one(delivery: &Delivery) -> (String, String) {
    let name = delivery.network.display_name();
    match delivery.state {
        State::Published => (format!("{name}\u{a0}: en ligne"), format!("{name}: live")),
        State::Failed => (
            format!("{name}\u{a0}: la publication n\u{2019}est pas partie"),
            format!("{name}: the post did not leave"),
        ),
        State::Unknown => (
            format!("{name}\u{a0}: peut-être en ligne, à vérifier"),
            format!("{name}: perhaps live, please look"),
        ),
        State::Assisted => {
            (format!("{name}\u{a0}: à publier à la main"), format!("{name}: to publish by hand"))
        }
        _ => (
            format!("{name}\u{a0}: son heure est passée, à décider"),
            format!("{name}: its time has passed, please decide"),
        ),
    }
}
