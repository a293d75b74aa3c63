//! What the studio tells its listeners: which kinds of thing changed, and how deliveries move.

use griot_domain::{Tag, Transition};
use serde::{Deserialize, Serialize};

/// Something happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// What carries one of these tags has to be read again.
    Changed {
        /// The tags.
        tags: Vec<Tag>,
    },
    /// A delivery moved.
    Delivery(Transition),
    /// Long work went on.
    Job(crate::Job),
    /// Files hang over the window, left it, or fell.
    Drop(Dropped),
}

/// Files that a person drags over the window. Hosts that see paths issue handles; the page never gets a path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Dropped {
    /// How far it is.
    pub phase: DropPhase,
    /// What fell, when it fell.
    pub files: Vec<crate::wire::desktop::PickedFile>,
}

/// How far dragged files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum DropPhase {
    /// Over the window.
    Over,
    /// Gone again.
    Left,
    /// Let fall.
    Fell,
}

/// Hears events from the moment it was made. A listener that falls behind by 1,024 events misses the oldest and is
/// told `changed` with every tag instead.
#[derive(Debug)]
pub struct Listener(pub(crate) tokio::sync::broadcast::Receiver<Event>);

impl Listener {
    /// The next event; nothing when the studio is gone.
    pub async fn next(&mut self) -> Option<Event> {
        use tokio::sync::broadcast::error::RecvError;
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(RecvError::Lagged(_)) => Some(Event::Changed { tags: Tag::ALL.to_vec() }),
            Err(RecvError::Closed) => None,
        }
    }

    /// The events that wait, without waiting for more.
    pub fn drain(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Ok(event) = self.0.try_recv() {
            events.push(event);
        }
        events
    }
}
