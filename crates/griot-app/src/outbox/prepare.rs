//! Preparing: the frozen revision and its renditions, ready to go up.

use std::sync::Arc;

use griot_domain::{Account, Content, Delivery, Effective, Phase, State, Wish};
use griot_networks::{Live, Prepared};
use griot_store::{Reader, journal, posts};
use serde_json::{Value, json};

use super::turn::Next;
use super::worker::Worker;
use super::{record, turn};
use crate::Code;
use crate::commands::FIRST_COMMENT;
use crate::failure::Failure;
use crate::renditions;
use crate::studio::Workspace;

/// Makes the renditions of a frozen delivery and goes on.
pub(super) async fn freeze_done(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let prepared = prepared(worker, delivery).await?;
    worker.fault("outbox.prepared")?;
    let now = worker.now();
    let bytes: u64 = prepared.media.iter().map(|m| m.bytes).sum();
    let media = prepared.media.len();
    let (delivery, ()) = worker.write(delivery, |tx, d| {
        let attempt = record::attempt(tx, &worker.studio.ports, d)?;
        record::event(
            tx,
            d,
            Some(attempt.id),
            now,
            Phase::Prepared,
            json!({ "media": media, "bytes": bytes }),
        )
    })?;
    turn::prepared(worker, &delivery).await
}

/// All that is sent for a delivery. Renditions that exist are found again; others are made now, aside.
pub(super) async fn prepared(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Prepared, Failure> {
    let (account, content) = worker.workspace.store.read(|r| -> Result<_, Failure> {
        let account = crate::commands::account(r, delivery.account)?;
        Ok((account, said(r, delivery)?))
    })?;
    let (id, attachments) = (delivery.id, content.media.clone());
    let media = aside(
        worker,
        move |worker, account: &Account| {
            renditions::prepare(&worker.studio, &worker.workspace, account, id, &attachments)
        },
        account,
    )
    .await?;
    Ok(Prepared {
        delivery: delivery.id,
        created_at: delivery.created_at,
        text: content.text,
        fields: content.fields,
        media,
        reply_to: delivery.previous.map(|id| proof(&worker.workspace, id)).transpose()?.flatten(),
        date: delivery.due.filter(|_| delivery.wish == Some(Wish::HandOver)),
    })
}

/// What was written for a delivery: its frozen revision, else the newest.
pub(crate) fn written(r: &Reader<'_>, delivery: &Delivery) -> Result<Content, Failure> {
    let revision = match delivery.revision {
        Some(id) => posts::revision(r, id)?,
        None => Some(posts::current(r, delivery.post)?),
    };
    let revision =
        revision.ok_or_else(|| Failure::not_found(("Version", "revision"), &delivery.id.to_string()))?;
    Ok(revision.content)
}

/// What a delivery says; what follows a post says its own words.
pub(crate) fn said(r: &Reader<'_>, delivery: &Delivery) -> Result<Effective, Failure> {
    let mut content = written(r, delivery)?.for_network(delivery.network);
    if delivery.part > 0 {
        content.text = content.fields.get(FIRST_COMMENT).cloned().unwrap_or_default();
        content.media.clear();
    }
    Ok(content)
}

/// Runs blocking work where blocking is allowed.
async fn aside<T: Send + 'static>(
    worker: &Arc<Worker>,
    f: impl FnOnce(&Arc<Worker>, &Account) -> Result<T, Failure> + Send + 'static,
    account: Account,
) -> Result<T, Failure> {
    let worker = Arc::clone(worker);
    let runtime = worker.studio.ports.runtime.clone();
    let done = runtime.spawn_blocking(move || f(&worker, &account)).await;
    done.unwrap_or_else(|panic| Err(Failure::from(griot_media::Error::Bug(panic.to_string()))))
}

/// What the network answered when the delivery called `id` went live; nothing while it is not.
///
/// A post that a person confirmed by hand has no such answer, and nothing can be tied to it: what follows it must not
/// go out as a post of its own.
pub(super) fn proof(workspace: &Workspace, id: griot_domain::DeliveryId) -> Result<Option<Live>, Failure> {
    workspace.store.read(|r| {
        let delivery = super::person::load(r, id)?;
        let events = journal::for_delivery(r, id)?;
        let proof = events.iter().rev().find_map(|e| e.detail.get("live").cloned()).unwrap_or(Value::Null);
        match delivery.remote_id {
            Some(remote) => Ok(Some(Live { id: remote, url: delivery.url, at: None, proof })),
            None if delivery.state == State::Published => Err(Failure::say(
                Code::NotNow,
                "La publication qu\u{2019}elle suit a été confirmée à la main\u{a0}: Griot ne peut pas y répondre.",
                "The post that it follows was confirmed by hand: Griot cannot answer it.",
                (
                    "Répondez sur le réseau, puis confirmez ici, ou annulez.",
                    "Answer on the network, then confirm here, or cancel.",
                ),
            )),
            None => Ok(None),
        }
    })
}
