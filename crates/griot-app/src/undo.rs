//! Taking the last action of a person back, by the inverse of that action.
//!
//! What the worker did is never here: undoing a schedule is a cancellation that happens only while nothing can be
//! live yet, in the same transaction that looks.

use griot_domain::{Asset, Delivery, DeliveryId, Op, PostId, RevisionId, State};
use griot_store::{Tx, assets, deliveries, posts, undo};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Code;
use crate::failure::Failure;
use crate::outbox::person;
use crate::studio::Studio;

/// The inverse of an action.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Undo {
    /// Put an asset's words back.
    Asset { before: Asset },
    /// Delete a post that was new.
    Created { post: PostId },
    /// Show an earlier revision again.
    Current { post: PostId, revision: RevisionId },
    /// Call deliveries off, if nothing can be live.
    Scheduled { deliveries: Vec<DeliveryId> },
    /// Write deliveries again that were called off.
    Cancelled { before: Vec<Delivery> },
    /// Give a delivery its time back.
    Moved { before: Delivery },
    /// Put a setting back.
    Setting { key: String, before: Option<Value> },
}

impl Undo {
    /// As it is kept.
    pub(crate) fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("BUG: an inverse is plain data and always serialises")
    }
}

/// Undoes the last action that can be undone; says which one it was.
pub(crate) fn last(studio: &Studio, tx: &Tx<'_>) -> Result<Option<Op>, Failure> {
    let Some(entry) = undo::last(tx)? else { return Ok(None) };
    let inverse: Undo =
        serde_json::from_value(entry.entry.clone()).map_err(|e| crate::words::bad_request(&e))?;
    apply(studio, tx, inverse)?;
    undo::mark_undone(tx, entry.id, studio.ports.now())?;
    Ok(Some(entry.op))
}

fn apply(studio: &Studio, tx: &Tx<'_>, inverse: Undo) -> Result<(), Failure> {
    match inverse {
        Undo::Asset { before } => assets::update(tx, &before)?,
        Undo::Created { post } => {
            if !deliveries::for_post(tx, post)?.is_empty() {
                return Err(too_late());
            }
            posts::delete(tx, post)?;
        }
        Undo::Current { post, revision } => posts::set_current(tx, post, revision, studio.ports.now())?,
        Undo::Scheduled { deliveries } => {
            for id in deliveries {
                let delivery = person::load(tx, id)?;
                if delivery.state != State::Cancelled {
                    person::call_off(studio, tx, delivery, "undo")?;
                }
            }
        }
        Undo::Cancelled { before } => {
            for delivery in before {
                person::write_again(studio, tx, &delivery)?;
            }
        }
        Undo::Moved { before } => {
            let mut delivery = person::load(tx, before.id)?;
            if !matches!(delivery.state, State::Scheduled | State::Waiting) {
                return Err(too_late());
            }
            (delivery.due, delivery.wall, delivery.next_at) = (before.due, before.wall, before.next_at);
            delivery.updated_at = studio.ports.now();
            deliveries::update(tx, &delivery)?;
        }
        Undo::Setting { key, before } => {
            crate::commands::settings::put(tx, &key, &before.unwrap_or(Value::Null))?;
        }
    }
    Ok(())
}

fn too_late() -> Failure {
    Failure::say(
        Code::NotNow,
        "Il est trop tard pour revenir en arrière\u{a0}: la publication est déjà partie plus loin.",
        "It is too late to undo this: the post has gone further.",
        ("Regardez-la dans la file d\u{2019}attente.", "Look at it in the queue."),
    )
}
