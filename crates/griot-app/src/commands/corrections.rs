//! Corrections: words beside what is scheduled or live, which change nothing before a person confirms them.
//!
//! They are the words on their way of a post that is out. Until they are confirmed every delivery follows the text that
//! was confirmed before; a time that comes meanwhile finds that text, and the correction stays.

use std::sync::Arc;

use griot_domain::{Account, Delivery, Op, PostId, RevisionId, State, Timestamp};
use griot_store::{Reader, Tx, accounts, deliveries, posts, typing as words};
use serde_json::json;

use super::costs::{self, Calendar};
use super::places::{self, called, listed, stands};
use super::posts::{one, revise};
use super::{comments, schedule, typing};
use crate::Code;
use crate::failure::Failure;
use crate::studio::Studio;
use crate::transact::{Done, transact};
use crate::undo::Undo;
use crate::wire::posts::{AbandonPost, ConfirmPost, Correction, OnePost, SavePost};

/// Makes a correction what the deliveries of its post follow.
pub(super) fn confirm(studio: &Arc<Studio>, request: ConfirmPost) -> Result<OnePost, Failure> {
    let workspace = studio.workspace()?;
    let mut post = workspace.store.read(|r| typing::show(studio, r, one(r, request.post)?))?;
    typing::refuse_stale(&post, request.stamp.as_deref())?;
    let written = workspace.store.read(|r| Ok::<_, Failure>(deliveries::for_post(r, request.post)?))?;
    refuse_gone(studio, &post, &written)?;
    let by_words = request.text.is_some();
    if let Some(text) = request.text {
        let content = griot_domain::Content { text, ..post.content };
        let stamp = Some(post.stamp);
        post =
            super::posts::save(studio, SavePost { post: Some(request.post), content, typing: true, stamp })?;
    }
    if post.correction.is_none() {
        // The words that were given are what is scheduled already.
        return if by_words { Ok(post) } else { Err(nothing_corrected()) };
    }
    let to = workspace.store.read(|r| open_accounts(r, &written))?;
    schedule::judge_all(studio, &workspace, &post.content, &to, schedule::Kept::Correction)?;
    let calendar = Calendar::of(studio, &workspace)?;
    transact(studio, &workspace, Op::ConfirmPost, |tx| {
        // What was judged is what goes out.
        let now = typing::show(studio, tx, one(tx, request.post)?)?;
        typing::refuse_stale(&now, Some(&post.stamp))?;
        let written = deliveries::for_post(tx, request.post)?;
        refuse_gone(studio, &now, &written)?;
        let before = costs::each(tx, &written)?;
        let revision = posts::current(tx, request.post)?.id;
        let changed = revise(studio, tx, request.post, &post.content)?.is_some();
        comments::follow(studio, tx, request.post, &post.content)?;
        costs::hold_correction(tx, &calendar, &before)?;
        let undo = changed.then_some(Undo::Confirmed { post: request.post, revision });
        Ok(Done { output: typing::show(studio, tx, one(tx, request.post)?)?, undo })
    })
}

/// Drops a correction: what is scheduled was never changed by it.
pub(super) fn abandon(studio: &Arc<Studio>, request: AbandonPost) -> Result<OnePost, Failure> {
    let workspace = studio.workspace()?;
    transact(studio, &workspace, Op::AbandonPost, |tx| {
        let before = typing::show(studio, tx, one(tx, request.post)?)?;
        typing::refuse_stale(&before, request.stamp.as_deref())?;
        if before.correction.is_none() {
            return Err(nothing_corrected());
        }
        words::forget(tx, request.post)?;
        let undo = Undo::Words { post: request.post, words: before.content };
        Ok(Done::undoable(typing::show(studio, tx, one(tx, request.post)?)?, undo))
    })
}

fn nothing_corrected() -> Failure {
    Failure::say(
        Code::NotNow,
        "Rien n\u{2019}est en cours de correction sur cette publication.",
        "Nothing is being corrected in this post.",
        ("", ""),
    )
}

/// The accounts whose deliveries are open, each once.
fn open_accounts(r: &Reader<'_>, written: &[Delivery]) -> Result<Vec<Account>, Failure> {
    let mut found: Vec<Account> = Vec::new();
    for delivery in written.iter().filter(|delivery| !delivery.is_final()) {
        if !found.iter().any(|known| known.id == delivery.account) {
            found.extend(accounts::get(r, delivery.account)?);
        }
    }
    Ok(found)
}

/// Refuses where nothing on its way could say it any more.
fn refuse_gone(studio: &Studio, post: &OnePost, written: &[Delivery]) -> Result<(), Failure> {
    if written.iter().any(|delivery| !delivery.is_final()) {
        return Ok(());
    }
    if !written.iter().any(stands) {
        return Err(Failure::say(
            Code::NotNow,
            "Cette publication n\u{2019}est pas programmée\u{a0}: il n\u{2019}y a rien à remplacer.",
            "This post is not scheduled: there is nothing to replace.",
            ("Programmez-la.", "Schedule it."),
        ));
    }
    tracing::debug!(post = %post.post.id, lang = ?studio.lang(), "a correction came after its post");
    Err(Failure::say(
        Code::NotNow,
        "Cette publication est en ligne\u{a0}: plus rien de programmé ne peut suivre cette correction. Elle reste gardée.",
        "This post is live: nothing scheduled can follow this correction any more. It stays kept.",
        (
            "Corrigez ce qui est en ligne dans la file d\u{2019}attente, ou faites-en une nouvelle publication.",
            "Correct what is live in the queue, or make a new post of it.",
        ),
    )
    .with(json!({ "places": post.places })))
}

/// Refuses while a correction stands beside what is on its way: one post has one text, and nobody has said which.
pub(super) fn refuse_open(r: &Reader<'_>, post: PostId) -> Result<(), Failure> {
    let open = deliveries::for_post(r, post)?.iter().any(|delivery| !delivery.is_final());
    if !open || words::get(r, post)?.is_none() {
        return Ok(());
    }
    Err(Failure::say(
        Code::CorrectionOpen,
        "Une correction de cette publication n\u{2019}est pas confirmée\u{a0}: ce qui est programmé dit encore l\u{2019}ancien texte.",
        "A correction of this post is not confirmed: what is scheduled still says the earlier text.",
        (
            "Remplacez ce qui est programmé, ou abandonnez la correction.",
            "Replace what is scheduled, or abandon the correction.",
        ),
    ))
}

/// Keeps words in the history beside the text that counts: whoever puts others in their place loses nothing.
pub(crate) fn keep_aside(studio: &Studio, tx: &Tx<'_>, post: PostId) -> Result<(), Failure> {
    let Some(typed) = words::get(tx, post)? else { return Ok(()) };
    let now = studio.ports.now();
    posts::keep_revision(tx, post, RevisionId::new(now, studio.ports.ten()), &typed.content, now)?;
    Ok(())
}

/// A correction as it is shown.
pub(super) fn view(
    studio: &Studio,
    r: &Reader<'_>,
    written: &[Delivery],
    kept_at: Timestamp,
) -> Result<Correction, Failure> {
    let (mut gone, mut names) = (Vec::new(), Vec::new());
    let (mut open, mut barred, mut doubtful) = (false, false, false);
    for delivery in written.iter().filter(|delivery| stands(delivery)) {
        let bars = places::bars(r, delivery)?;
        open |= !delivery.is_final();
        barred |= bars && !delivery.is_final();
        if delivery.part > 0 || !(delivery.state == State::Published || delivery.may_be_live()) {
            continue;
        }
        doubtful |= delivery.may_be_live();
        gone.push(delivery.id);
        let name = delivery.network.display_name();
        names.push(
            accounts::get(r, delivery.account)?.map_or_else(|| name.to_owned(), |account| called(&account)),
        );
    }
    let note = note(&names, open, doubtful);
    Ok(Correction { kept_at, confirmable: open && !barred, gone, note: studio.lang().pick(note.0, note.1) })
}

/// What becomes of a correction, in French and English.
fn note(gone: &[String], open: bool, doubtful: bool) -> (String, String) {
    if gone.is_empty() {
        return (
            "Tant que vous ne la confirmez pas, c\u{2019}est l\u{2019}ancien texte qui partira.".to_owned(),
            "Until you confirm it, the earlier text is what goes out.".to_owned(),
        );
    }
    let (names_fr, names_en) = listed(gone);
    let (fr, en) = if doubtful {
        (
            format!("En ligne, ou peut-être, avec l\u{2019}ancien texte\u{a0}: {names_fr}."),
            format!("Live, or perhaps live, with the earlier text: {names_en}."),
        )
    } else {
        (
            format!("En ligne avec l\u{2019}ancien texte\u{a0}: {names_fr}."),
            format!("Live with the earlier text: {names_en}."),
        )
    };
    if open {
        (
            format!("{fr} La correction ne vaudra que pour ce qui n\u{2019}est pas encore parti."),
            format!("{en} The correction will only reach what has not gone out yet."),
        )
    } else {
        (
            format!(
                "{fr} Ce que vous écrivez ici n\u{2019}y change rien\u{a0}: corrigez ce qui est en ligne, ou faites-en une nouvelle publication."
            ),
            format!(
                "{en} What you write here does not change it: correct what is live, or make a new post of it."
            ),
        )
    }
}
