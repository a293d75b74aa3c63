//! Writing posts: compose, save, history.

use std::collections::BTreeMap;
use std::sync::Arc;

use griot_domain::{Attachment, Content, NetworkId, Op, Post, PostId, RevisionId, Variant};
use griot_store::{Reader, Tx, assets, posts};

use super::schedule;
use crate::Code;
use crate::failure::Failure;
use crate::library::import;
use crate::outbox::person;
use crate::studio::{Studio, Workspace};
use crate::transact::{Done, transact};
use crate::undo::Undo;
use crate::wire::Nothing;
use crate::wire::posts::{
    Compose, Composed, History, MediaInput, OnePost, PostRequest, Posts, RevertPost, SavePost, SchedulePost,
};

/// Longer texts than any network takes are still kept, up to this many bytes: a draft must never be lost, and a
/// database must not be filled by a mistaken paste.
const LONGEST_TEXT: usize = 4 * 1024 * 1024;

pub(super) fn compose(studio: &Arc<Studio>, request: Compose) -> Result<Composed, Failure> {
    let workspace = studio.workspace()?;
    if !request.draft && request.to.is_empty() {
        return Err(Failure::say(
            Code::BadRequest,
            "Il manque le compte\u{a0}: à qui confier cette publication\u{a0}?",
            "The account is missing: who is this post for?",
            (
                "Ajoutez --to COMPTE, ou --draft pour un brouillon.",
                "Add --to ACCOUNT, or --draft for a draft.",
            ),
        ));
    }
    // Looked at before anything is written, so that a mistyped hour costs nothing.
    let when = schedule::when(studio, &workspace, request.at.as_deref(), request.zone.as_deref())?;
    schedule::accounts(&workspace, &request.to)?;
    let content = content(studio, &workspace, &request)?;
    let saved = write(studio, &workspace, None, &content)?;
    if request.draft {
        return Ok(Composed { post: saved.id, deliveries: Vec::new() });
    }
    let order = SchedulePost { post: saved.id, to: request.to, at: None, zone: None, late: request.late };
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
        found.push(Attachment { asset: asset.id, alt: input.alt.clone().unwrap_or(asset.alt) });
    }
    Ok(found)
}

pub(super) fn save(studio: &Arc<Studio>, request: SavePost) -> Result<OnePost, Failure> {
    let workspace = studio.workspace()?;
    let post = write(studio, &workspace, request.post, &request.content)?;
    Ok(OnePost { post, content: request.content, stamp: String::new(), typing: false, deliveries: 0 })
}

/// Saves `content` as the newest revision of `post`, or as a new post.
fn write(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    post: Option<PostId>,
    content: &Content,
) -> Result<Post, Failure> {
    let size = content.text.len()
        + content.variants.values().filter_map(|v| v.text.as_ref()).map(String::len).sum::<usize>();
    if size > LONGEST_TEXT {
        return Err(Failure::say(
            Code::BadRequest,
            "Ce texte dépasse quatre mégaoctets\u{a0}: aucun réseau ne le prendrait.",
            "This text is over four megabytes: no network would take it.",
            ("Raccourcissez-le.", "Shorten it."),
        ));
    }
    let now = studio.ports.now();
    let revision = RevisionId::new(now, studio.ports.ten());
    match post {
        None => transact(studio, workspace, Op::CreatePost, |tx| {
            known_assets(tx, content)?;
            let id = PostId::new(now, studio.ports.ten());
            posts::create(tx, id, revision, content, now)?;
            Ok(Done::undoable(one(tx, id)?, Undo::Created { post: id }))
        }),
        Some(id) => transact(studio, workspace, Op::EditPost, |tx| {
            known_assets(tx, content)?;
            let before = one(tx, id)?.current;
            if posts::current(tx, id)?.content == *content {
                return Ok(Done::fixed(one(tx, id)?));
            }
            posts::save_revision(tx, id, revision, content, now)?;
            person::content_changed(studio, tx, id)?;
            Ok(Done::undoable(one(tx, id)?, Undo::Current { post: id, revision: before }))
        }),
    }
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
    workspace.store.read(|r| with_content(r, one(r, request.post)?))
}

pub(super) fn list(studio: &Arc<Studio>, _: Nothing) -> Result<Posts, Failure> {
    let workspace = studio.workspace()?;
    workspace.store.read(|r| {
        let all = posts::list(r)?;
        Ok(Posts { posts: all.into_iter().map(|p| with_content(r, p)).collect::<Result<_, Failure>>()? })
    })
}

pub(super) fn history(studio: &Arc<Studio>, request: PostRequest) -> Result<History, Failure> {
    let workspace = studio.workspace()?;
    workspace.store.read(|r| {
        one(r, request.post)?;
        Ok(History { revisions: posts::revisions(r, request.post)? })
    })
}

/// Going back is a new revision with the old content: nothing that was written disappears.
pub(super) fn revert(studio: &Arc<Studio>, request: RevertPost) -> Result<OnePost, Failure> {
    let workspace = studio.workspace()?;
    let revision = workspace.store.read(|r| posts::revision(r, request.revision).map_err(Failure::from))?;
    let content = match revision {
        Some(revision) if revision.post == request.post => revision.content,
        _ => return Err(Failure::not_found(("Version", "revision"), &request.revision.to_string())),
    };
    save(studio, SavePost { post: Some(request.post), content, typing: false, stamp: None })
}

/// The post called `id`.
pub(super) fn one(r: &Reader<'_>, id: PostId) -> Result<Post, Failure> {
    posts::get(r, id)?.ok_or_else(|| Failure::not_found(("Publication", "post"), &id.to_string()))
}

fn with_content(r: &Reader<'_>, post: Post) -> Result<OnePost, Failure> {
    let content = posts::current(r, post.id)?.content;
    Ok(OnePost { post, content, stamp: String::new(), typing: false, deliveries: 0 })
}
