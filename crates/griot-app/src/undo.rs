//! Taking the last action of a person back, by the inverse of that action.
//!
//! What the worker did is never here: undoing a schedule is a cancellation that happens only while nothing can be
//! live yet, in the same transaction that looks.

use griot_domain::{
    Asset, AssetId, Content, Delivery, DeliveryId, Op, Outcome, Plan, Post, PostId, Revision, RevisionId,
    State, WaitingFor,
};
use griot_store::{Error, Tx, assets, attempts, deliveries, plans, posts, undo};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Code;
use crate::commands::{comments, corrections, settings, typing};
use crate::failure::Failure;
use crate::outbox::{parts, person, record};
use crate::studio::Studio;

/// The inverse of an action.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Undo {
    /// Put an asset's words back.
    Asset { before: Asset },
    /// Delete a post that was new.
    Created { post: PostId },
    /// Write a post again that was removed.
    Removed {
        post: Post,
        revisions: Vec<Revision>,
        words: Option<Content>,
        #[serde(default)]
        plan: Option<Plan>,
    },
    /// Show an earlier revision again.
    Current { post: PostId, revision: RevisionId },
    /// Let the deliveries follow what was confirmed before, and keep what was confirmed as a correction again.
    Confirmed { post: PostId, revision: RevisionId },
    /// Put words on their way back that were dropped or replaced.
    Words { post: PostId, words: Content },
    /// Call deliveries off, if nothing can be live, and put what was planned back.
    Scheduled {
        deliveries: Vec<DeliveryId>,
        #[serde(default)]
        planned: Option<(PostId, Plan)>,
    },
    /// Write deliveries again that were called off.
    Cancelled { before: Vec<Delivery> },
    /// Give a delivery its time back.
    Moved { before: Box<Delivery> },
    /// Give the deliveries of a post their times back.
    MovedTogether { before: Vec<Delivery> },
    /// Put a setting back.
    Setting { key: String, before: Option<Value> },
}

impl Undo {
    /// The post whose words the action changed, when it changed some.
    fn changed_words_of(&self) -> Option<PostId> {
        match self {
            Self::Created { post } | Self::Current { post, .. } => Some(*post),
            _ => None,
        }
    }

    /// As it is kept.
    pub(crate) fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("BUG: an inverse is plain data and always serialises")
    }
}

/// Undoes the last action that can be undone; says which one it was.
pub(crate) fn last(studio: &Studio, tx: &Tx<'_>) -> Result<Option<Op>, Failure> {
    let Some(mut entry) = undo::last(tx)? else { return Ok(None) };
    let mut inverse = read(&entry)?;
    // Words on their way are what was done last: they become a revision that can be gone back to, and that is what
    // is taken back.
    if let Some(post) = inverse.changed_words_of()
        && typing::settle(studio, tx, post)?
        && let Some(typed) = undo::last(tx)?
    {
        (inverse, entry) = (read(&typed)?, typed);
    }
    apply(studio, tx, inverse)?;
    undo::mark_undone(tx, entry.id, studio.ports.now())?;
    Ok(Some(entry.op))
}

fn read(entry: &undo::Entry) -> Result<Undo, Failure> {
    serde_json::from_value(entry.entry.clone()).map_err(|e| crate::words::bad_request(&e))
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
        Undo::Removed { post, revisions, words, plan } => {
            posts::restore(tx, &post, &revisions).map_err(|error| match error {
                Error::Foreign => media_gone(),
                other => other.into(),
            })?;
            if let Some(words) = words {
                typing::keep(studio, tx, post.id, &words)?;
            }
            if let Some(plan) = plan {
                plans::put(tx, post.id, &plan)?;
            }
        }
        Undo::Current { post, revision } => earlier(studio, tx, post, revision)?,
        Undo::Confirmed { post, revision } => unconfirmed(studio, tx, post, revision)?,
        Undo::Words { post, words } => {
            corrections::keep_aside(studio, tx, post)?;
            typing::keep(studio, tx, post, &words)?;
        }
        Undo::Scheduled { deliveries, planned } => {
            deliveries.into_iter().try_for_each(|id| call_back(studio, tx, id))?;
            if let Some((post, plan)) = planned {
                plans::put(tx, post, &plan)?;
            }
        }
        Undo::Cancelled { before } => {
            // What follows a post stands after it, and follows the new one.
            for delivery in before {
                let again = person::write_again(studio, tx, &delivery)?;
                parts::follow_instead(tx, delivery.id, again)?;
            }
        }
        Undo::Moved { before } => move_back(studio, tx, &before)?,
        Undo::MovedTogether { before } => {
            before.iter().try_for_each(|before| move_back(studio, tx, before))?;
        }
        Undo::Setting { key, before } => {
            let before = before.unwrap_or(Value::Null);
            settings::put(tx, &key, &before)?;
            if key == settings::PAUSED && before != Value::Bool(true) {
                settings::resume(tx, studio.ports.now())?;
            }
        }
    }
    Ok(())
}

/// Calls off what was scheduled, where nothing can be live and nobody else keeps it.
fn call_back(studio: &Studio, tx: &Tx<'_>, id: DeliveryId) -> Result<(), Failure> {
    let delivery = person::load(tx, id)?;
    let in_doubt = !delivery.is_final() && record::unsettled(tx, id)?;
    if in_doubt || delivery.may_be_live() || delivery.state == State::HandedOver {
        return Err(too_late());
    }
    if delivery.state != State::Cancelled {
        person::call_off(studio, tx, delivery, "undo")?;
    }
    Ok(())
}

/// Gives a delivery the time back that it had; what follows it comes along.
fn move_back(studio: &Studio, tx: &Tx<'_>, before: &Delivery) -> Result<(), Failure> {
    let mut delivery = person::load(tx, before.id)?;
    let now = studio.ports.now();
    let open = attempts::open_for(tx, delivery.id)?;
    let in_doubt = record::maybe_sent(open.as_ref()).is_some();
    if in_doubt || !matches!(delivery.state, State::Scheduled | State::Waiting) {
        return Err(too_late());
    }
    (delivery.due, delivery.wall) = (before.due, before.wall.clone());
    if delivery.waiting_for != Some(WaitingFor::CheckAfterMove) {
        // Whatever held it held it for the time that it has no longer.
        if open.is_some() {
            record::end(tx, &delivery, now, Outcome::Abandoned, None, Value::Null)?;
        }
        (delivery.state, delivery.waiting_for, delivery.reason) = (State::Scheduled, None, None);
        (delivery.revision, delivery.tries, delivery.wish) = (None, 0, before.wish);
        delivery.next_at = before.wish.map(|_| now);
        if before.state == State::Assisted {
            // It lay ready already: laid out again, and not asked about or dropped as late.
            (delivery.next_at, delivery.released_at) = (Some(now), Some(now));
        }
    }
    delivery.updated_at = record::later(delivery.updated_at, now);
    Ok(deliveries::update(tx, &delivery)?)
}

/// Shows an earlier revision again. Where something on its way follows the post it becomes a correction: what is scheduled
/// changes only when a person confirms it.
fn earlier(studio: &Studio, tx: &Tx<'_>, post: PostId, revision: RevisionId) -> Result<(), Failure> {
    if deliveries::for_post(tx, post)?.iter().all(Delivery::is_final) {
        posts::set_current(tx, post, revision, studio.ports.now())?;
        return Ok(());
    }
    let Some(revision) = posts::revision(tx, revision)? else { return Err(too_late()) };
    corrections::keep_aside(studio, tx, post)?;
    typing::keep(studio, tx, post, &revision.content)
}

/// Takes a confirmation back, as long as nothing went out with what was confirmed.
fn unconfirmed(studio: &Studio, tx: &Tx<'_>, post: PostId, revision: RevisionId) -> Result<(), Failure> {
    let confirmed = posts::current(tx, post)?;
    let written = deliveries::for_post(tx, post)?;
    let went = |delivery: &Delivery| delivery.state.was_live() && delivery.revision == Some(confirmed.id);
    if written.iter().any(went) {
        return Err(too_late());
    }
    posts::set_current(tx, post, revision, studio.ports.now())?;
    person::content_changed(studio, tx, post)?;
    comments::follow(studio, tx, post, &posts::current(tx, post)?.content)?;
    match griot_store::typing::get(tx, post)? {
        Some(_) => Ok(()),
        None => typing::keep(studio, tx, post, &confirmed.content),
    }
}

fn media_gone() -> Failure {
    Failure::say(
        Code::NotNow,
        "Cette publication ne peut pas revenir\u{a0}: un de ses médias n\u{2019}est plus dans la médiathèque.",
        "This post cannot come back: one of its media is no longer in the library.",
        (
            "Importez ce média de nouveau, puis recommencez la publication.",
            "Import it again, then write the post again.",
        ),
    )
}

/// What a person types about an asset is saved every few words: one after the other they are one action.
const ONE_ACTION: std::time::Duration = std::time::Duration::from_secs(60);

/// Whether the last action was an edit of `asset` just now, so that taking that one back takes this one back too.
pub(crate) fn goes_on(studio: &Studio, tx: &Tx<'_>, asset: AssetId) -> Result<bool, Failure> {
    let Some(entry) = undo::last(tx)? else { return Ok(false) };
    if entry.op != Op::EditAsset || entry.at.plus(ONE_ACTION) < studio.ports.now() {
        return Ok(false);
    }
    let inverse = serde_json::from_value(entry.entry).map_err(|e| crate::words::bad_request(&e))?;
    Ok(matches!(inverse, Undo::Asset { before } if before.id == asset))
}

fn too_late() -> Failure {
    Failure::say(
        Code::NotNow,
        "Il est trop tard pour revenir en arrière\u{a0}: la publication est déjà partie plus loin.",
        "It is too late to undo this: the post has gone further.",
        ("Regardez-la dans la file d\u{2019}attente.", "Look at it in the queue."),
    )
}
