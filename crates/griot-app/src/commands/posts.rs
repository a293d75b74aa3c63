//! Writing posts: compose, save, history.

use std::collections::BTreeMap;
use std::sync::Arc;

use griot_domain::{Attachment, Content, NetworkId, Op, Plan, Planned, Post, PostId, RevisionId, Variant};
use griot_store::{Reader, Tx, assets, deliveries, posts};

use super::{choices, corrections, places, plans, schedule, typing};
use crate::Code;
use crate::failure::Failure;
use crate::library::import;
use crate::outbox::person;
use crate::studio::{Studio, Workspace};
use crate::transact::{Done, transact};
use crate::undo::Undo;
use crate::wire::Nothing;
use crate::wire::posts::{
    Compose, Composed, History, MediaInput, OnePost, PlanPost, PostRequest, Posts, RevertPost, SavePost,
    SchedulePost,
};

/// Longer texts than any network takes are still kept, up to this many bytes: a draft must never be lost, and a
/// database must not be filled by a mistaken paste.
const LONGEST_TEXT: usize = 4 * 1024 * 1024;

pub(super) fn compose(studio: &Arc<Studio>, request: Compose) -> Result<Composed, Failure> {
    let workspace = studio.workspace()?;
    if !request.draft && request.to.is_empty() {
        return Err(workspace.store.read(choices::nobody)?);
    }
    // Looked at before anything is written, so that a mistyped hour or a slip costs nothing.
    let when = schedule::when(studio, &workspace, request.at.as_deref(), request.zone.as_deref())?;
    let to = schedule::accounts(&workspace, &request.to)?;
    if !request.draft && when.is_none() && !request.confirmed {
        workspace.store.read(|r| choices::ask(r, &to, studio.ports.now()))?;
    }
    let content = content(studio, &workspace, &request)?;
    refuse_impossible(&content)?;
    if !request.draft && !request.again {
        let now = studio.ports.now();
        workspace.store.read(|r| places::refuse_same(r, &content, &to, when.as_ref(), now))?;
    }
    let post = create(studio, &workspace, &content)?.post.id;
    if request.draft {
        if !to.is_empty() || request.at.is_some() {
            let when = if request.at.is_some() { Planned::At } else { Planned::Draft };
            let to = to.iter().map(|account| account.id).collect();
            let plan = Plan { to, when, at: request.at, zone: request.zone, late: request.late };
            plans::plan(studio, PlanPost { post, plan: Some(plan) })?;
        }
        let warnings = Vec::new();
        return Ok(Composed { post, deliveries: Vec::new(), note: None, cost: None, wall: None, warnings });
    }
    let order = SchedulePost {
        post,
        to: request.to,
        at: None,
        zone: None,
        late: request.late,
        again: request.again,
        confirmed: true,
        stamp: None,
    };
    schedule::schedule_at(studio, &workspace, &order, when)
}

fn content(studio: &Arc<Studio>, workspace: &Workspace, request: &Compose) -> Result<Content, Failure> {
    let mut variants = BTreeMap::new();
    for (name, input) in &request.variants {
        let network: NetworkId = name.parse()?;
        let media = input.media.as_ref().map(|list| attachments(studio, workspace, list)).transpose()?;
        variants.insert(network, Variant { text: input.text.clone(), media, fields: input.fields.clone() });
    }
    Ok(Content {
        text: request.text.clone(),
        media: attachments(studio, workspace, &request.media)?,
        variants,
    })
}

fn attachments(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    inputs: &[MediaInput],
) -> Result<Vec<Attachment>, Failure> {
    let mut found = Vec::with_capacity(inputs.len());
    for input in inputs {
        let asset = match (&input.asset, &input.file) {
            (Some(id), _) => import::asset(workspace, *id)?,
            (None, Some(file)) => import::one(studio, workspace, &studio.file_of(file)?)?.0,
            (None, None) => {
                return Err(Failure::say(
                    Code::BadRequest,
                    "Un média n\u{2019}a ni fichier ni numéro.",
                    "A medium names neither a file nor an asset.",
                    ("", ""),
                ));
            }
        };
        let alt = input.alt.clone().unwrap_or(asset.alt);
        found.push(Attachment { asset: asset.id, alt, edit: input.edit.clone() });
    }
    Ok(found)
}

pub(super) fn save(studio: &Arc<Studio>, request: SavePost) -> Result<OnePost, Failure> {
    let workspace = studio.workspace()?;
    refuse_impossible(&request.content)?;
    match request.post {
        None if request.typing => begin(studio, &workspace, &request.content),
        None => create(studio, &workspace, &request.content),
        Some(post) => transact(studio, &workspace, Op::EditPost, |tx| {
            let before = typing::show(studio, tx, one(tx, post)?)?;
            typing::refuse_stale(&before, request.stamp.as_deref())?;
            // What is scheduled or live changes only when it is confirmed: until then it is a draft of its own.
            let undo = if request.typing || places::is_out(tx, post)? {
                typing::hold(studio, tx, &before, &request.content)?;
                None
            } else {
                revise(studio, tx, post, &request.content)?
            };
            Ok(Done { output: typing::show(studio, tx, one(tx, post)?)?, undo })
        }),
    }
}

/// A new post with its first revision.
fn create(studio: &Arc<Studio>, workspace: &Workspace, content: &Content) -> Result<OnePost, Failure> {
    let now = studio.ports.now();
    transact(studio, workspace, Op::CreatePost, |tx| {
        known_assets(tx, content)?;
        let id = PostId::new(now, studio.ports.ten());
        posts::create(tx, id, RevisionId::new(now, studio.ports.ten()), content, now)?;
        choices::propose(tx, id)?;
        Ok(Done::undoable(typing::show(studio, tx, one(tx, id)?)?, Undo::Created { post: id }))
    })
}

/// A new post of which the first letters are on their way: its first revision is the empty page.
fn begin(studio: &Arc<Studio>, workspace: &Workspace, content: &Content) -> Result<OnePost, Failure> {
    let now = studio.ports.now();
    transact(studio, workspace, Op::CreatePost, |tx| {
        let id = PostId::new(now, studio.ports.ten());
        let empty = Content::default();
        posts::create(tx, id, RevisionId::new(now, studio.ports.ten()), &empty, now)?;
        choices::propose(tx, id)?;
        typing::hold(studio, tx, &typing::show(studio, tx, one(tx, id)?)?, content)?;
        Ok(Done::undoable(typing::show(studio, tx, one(tx, id)?)?, Undo::Created { post: id }))
    })
}

/// Makes `content` the newest revision of `post` in the place of words on their way; says how to undo it. The same
/// words again are no revision.
pub(super) fn revise(
    studio: &Studio,
    tx: &Tx<'_>,
    post: PostId,
    content: &Content,
) -> Result<Option<Undo>, Failure> {
    let before = posts::current(tx, post)?;
    if before.content == *content {
        griot_store::typing::forget(tx, post)?;
        return Ok(None);
    }
    known_assets(tx, content)?;
    let now = studio.ports.now();
    posts::save_revision(tx, post, RevisionId::new(now, studio.ports.ten()), content, now)?;
    person::content_changed(studio, tx, post)?;
    griot_store::typing::forget(tx, post)?;
    Ok(Some(Undo::Current { post, revision: before.id }))
}

/// Refuses what no network would take and what cannot be made.
fn refuse_impossible(content: &Content) -> Result<(), Failure> {
    let media = || content.variants.values().filter_map(|v| v.media.as_ref()).flatten().chain(&content.media);
    media().try_for_each(|medium| super::media::sound(&medium.edit))?;
    let variants = content.variants.values().flat_map(|v| v.text.iter().chain(v.fields.values()));
    let size = content.text.len()
        + variants.map(String::len).sum::<usize>()
        + media().map(|medium| medium.alt.len()).sum::<usize>();
    if size > LONGEST_TEXT {
        return Err(Failure::say(
            Code::BadRequest,
            "Ce texte dépasse quatre mégaoctets\u{a0}: aucun réseau ne le prendrait.",
            "This text is over four megabytes: no network would take it.",
            ("Raccourcissez-le.", "Shorten it."),
        ));
    }
    Ok(())
}

fn known_assets(tx: &Tx<'_>, content: &Content) -> Result<(), Failure> {
    for asset in content.assets() {
        if assets::get(tx, asset)?.is_none() {
            return Err(Failure::not_found(("Média", "asset"), &asset.to_string()));
        }
    }
    Ok(())
}

pub(super) fn get(studio: &Arc<Studio>, request: PostRequest) -> Result<OnePost, Failure> {
    let workspace = studio.workspace()?;
    workspace.store.read(|r| typing::show(studio, r, one(r, request.post)?))
}

pub(super) fn list(studio: &Arc<Studio>, _: Nothing) -> Result<Posts, Failure> {
    let workspace = studio.workspace()?;
    workspace.store.read(|r| {
        let all = posts::list(r)?;
        Ok(Posts {
            posts: all.into_iter().map(|p| typing::show(studio, r, p)).collect::<Result<_, Failure>>()?,
        })
    })
}

pub(super) fn history(studio: &Arc<Studio>, request: PostRequest) -> Result<History, Failure> {
    let workspace = studio.workspace()?;
    workspace.store.read(|r| {
        one(r, request.post)?;
        Ok(History { revisions: posts::revisions(r, request.post)? })
    })
}

/// Going back is a new revision with the old content, and words on their way are one before it: nothing that was
/// written disappears. Of a post that is out the old content is a correction like any other.
pub(super) fn revert(studio: &Arc<Studio>, request: RevertPost) -> Result<OnePost, Failure> {
    let workspace = studio.workspace()?;
    transact(studio, &workspace, Op::RevertPost, |tx| {
        one(tx, request.post)?;
        let content = match posts::revision(tx, request.revision)? {
            Some(revision) if revision.post == request.post => revision.content,
            _ => return Err(Failure::not_found(("Version", "revision"), &request.revision.to_string())),
        };
        let undo = if places::is_out(tx, request.post)? {
            let before = typing::show(studio, tx, one(tx, request.post)?)?;
            corrections::keep_aside(studio, tx, request.post)?;
            typing::hold(studio, tx, &before, &content)?;
            (before.content != content).then_some(Undo::Words { post: request.post, words: before.content })
        } else {
            typing::settle(studio, tx, request.post)?;
            revise(studio, tx, request.post, &content)?
        };
        Ok(Done { output: typing::show(studio, tx, one(tx, request.post)?)?, undo })
    })
}

/// Removes a post that never had a delivery: what was ever to go out, even if it was called off, is evidence.
pub(super) fn remove(studio: &Arc<Studio>, request: PostRequest) -> Result<Nothing, Failure> {
    let workspace = studio.workspace()?;
    transact(studio, &workspace, Op::RemovePost, |tx| {
        let post = one(tx, request.post)?;
        if !deliveries::for_post(tx, post.id)?.is_empty() {
            return Err(Failure::say(
                Code::NotNow,
                "Cette publication a été programmée\u{a0}: elle reste, avec la preuve de ce qui est parti ou a été annulé.",
                "This post was scheduled: it stays, with the proof of what went out or was called off.",
                (
                    "Annulez dans la file d\u{2019}attente ce qui ne doit pas partir.",
                    "Call off in the queue what must not go out.",
                ),
            ));
        }
        let revisions = posts::revisions(tx, post.id)?;
        let words = griot_store::typing::get(tx, post.id)?.map(|typed| typed.content);
        let plan = griot_store::plans::get(tx, post.id)?;
        posts::delete(tx, post.id)?;
        Ok(Done::undoable(Nothing {}, Undo::Removed { post, revisions, words, plan }))
    })
}

/// The post called `id`.
pub(super) fn one(r: &Reader<'_>, id: PostId) -> Result<Post, Failure> {
    posts::get(r, id)?.ok_or_else(|| Failure::not_found(("Publication", "post"), &id.to_string()))
}
