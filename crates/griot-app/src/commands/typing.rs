//! Words on their way: kept at every pause of the keyboard, a revision once they settle.
//!
//! They reach no delivery and leave no trace in the undo log before that. Whoever needs a revision of a draft
//! (scheduling, going back, undoing) settles them first, so that nothing that was typed disappears. Where the post is
//! scheduled or live they are a correction (see `corrections`), and only a person's word makes a revision of them.

use griot_domain::{Content, Op, Post, PostId, State};
use griot_store::{Reader, Tx, deliveries, posts, typing, undo};
use serde_json::json;

use super::{corrections, places};
use crate::Code;
use crate::failure::Failure;
use crate::studio::Studio;
use crate::wire::posts::OnePost;

/// A post with what it says: words on their way ahead of the newest revision.
///
/// The stamp of settled words is their revision's, so that coming back to the same words is no conflict.
pub(super) fn show(studio: &Studio, r: &Reader<'_>, post: Post) -> Result<OnePost, Failure> {
    let written = deliveries::for_post(r, post.id)?;
    let counted = written.iter().filter(|delivery| delivery.state != State::Cancelled).count();
    let typed = typing::get(r, post.id)?;
    let correction = match &typed {
        Some(typed) if written.iter().any(places::stands) => {
            Some(corrections::view(studio, r, &written, typed.updated_at)?)
        }
        _ => None,
    };
    let typing = typed.is_some();
    let (content, stamp) = match typed {
        Some(typed) => (typed.content, typed.stamp),
        None => (posts::current(r, post.id)?.content, post.current.to_string()),
    };
    Ok(OnePost {
        content,
        stamp,
        typing,
        deliveries: u32::try_from(counted).unwrap_or(u32::MAX),
        plan: super::plans::of(r, post.id)?,
        places: places::of(r, &written)?,
        correction,
        post,
    })
}

/// Refuses to overwrite what somebody else has written since `stamp` was seen.
pub(super) fn refuse_stale(now: &OnePost, stamp: Option<&str>) -> Result<(), Failure> {
    if stamp.is_none_or(|stamp| stamp == now.stamp) {
        return Ok(());
    }
    Err(Failure::say(
        Code::Conflict,
        "Cette publication a changé dans une autre fenêtre depuis que vous l\u{2019}avez ouverte. Rien n\u{2019}a été écrasé.",
        "This post has changed in another window since you opened it. Nothing was overwritten.",
        (
            "Comparez les deux textes, puis gardez le vôtre ou reprenez l\u{2019}autre.",
            "Compare the two texts, then keep yours or take the other.",
        ),
    )
    .with(json!({ "content": now.content, "stamp": now.stamp })))
}

/// Keeps words on their way. Those that a revision says already are not on their way.
pub(super) fn hold(studio: &Studio, tx: &Tx<'_>, before: &OnePost, content: &Content) -> Result<(), Failure> {
    if before.content == *content {
        return Ok(());
    }
    if before.typing && posts::current(tx, before.post.id)?.content == *content {
        return Ok(typing::forget(tx, before.post.id)?);
    }
    keep(studio, tx, before.post.id, content)
}

/// Writes words on their way under a stamp of their own.
pub(crate) fn keep(studio: &Studio, tx: &Tx<'_>, post: PostId, content: &Content) -> Result<(), Failure> {
    let stamp: String = studio.ports.ten().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(typing::put(tx, post, content, &stamp, studio.ports.now())?)
}

/// Makes words on their way of a draft a revision with an undo of its own; says whether it wrote one. A correction
/// never settles by itself.
pub(crate) fn settle(studio: &Studio, tx: &Tx<'_>, post: PostId) -> Result<bool, Failure> {
    if places::is_out(tx, post)? { Ok(false) } else { take_up(studio, tx, post) }
}

/// The same for words that a person sends out now, whatever became of the ones before.
pub(super) fn take_up(studio: &Studio, tx: &Tx<'_>, post: PostId) -> Result<bool, Failure> {
    let Some(typed) = typing::get(tx, post)? else { return Ok(false) };
    let undo = super::posts::revise(studio, tx, post, &typed.content)?;
    if let Some(undo) = &undo {
        undo::push(tx, Op::EditPost, studio.ports.now(), &undo.to_json())?;
    }
    Ok(undo.is_some())
}
