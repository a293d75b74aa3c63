//! The call that changes or removes what is live, and what follows from its answers.

use std::sync::Arc;

use griot_domain::delivery::Armed;
use griot_domain::{Amended, Delivery, Outcome, Phase, Sentence, State, Timestamp, WaitingFor, Wish};
use griot_networks::{Change, Error, Why};
use griot_store::attempts;
use serde_json::{Value, json};

use super::{ASK_AGAIN, Scene, rate, settle, wait, words, write};
use crate::failure::Failure;
use crate::outbox::stage::Told;
use crate::outbox::turn::Next;
use crate::outbox::worker::Worker;
use crate::outbox::{parts, record, stage};
use crate::studio::lock;

/// Makes the call that was armed.
pub(super) async fn send(
    worker: &Arc<Worker>,
    delivery: &Delivery,
    scene: &Scene,
    mut armed: Armed,
) -> Result<Next, Failure> {
    let now = worker.now();
    let again = armed.maybe_sent;
    armed.send(now);
    let (delivery, ()) = write(worker, delivery, |tx, d| {
        let amended = d.amended.clone().unwrap_or_default().settled();
        (d.amended, d.next_at) = (Some(amended), Some(now));
        let attempt = record::on_attempt(tx, d, |attempt| {
            attempt.phase = Phase::Sent;
            attempt.armed = Some(armed.clone());
        })?;
        let detail = json!({ "fingerprint": armed.fingerprint, "again": again });
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Sent, detail)
    })?;
    worker.fault("outbox.publishing")?;
    let answer = call(scene, &armed.body).await;
    worker.fault("outbox.answered")?;
    match answer {
        Ok(Change::Done) => done(worker, &delivery),
        Ok(Change::NotThere) if can_look(&delivery) => {
            let told = Sentence::new(
                "Il n\u{2019}y a rien sous ce numéro sur le réseau.",
                "There is nothing under this number on the network.",
            );
            in_doubt(worker, &delivery, &told, "there is nothing under this number", true)
        }
        Ok(Change::NotThere) => match scene.wish {
            Wish::Delete => deleted(worker, &delivery, Some(words::SAYS_NOT_THERE)),
            _ => give_up(worker, &delivery, Outcome::Refused, words::NOTHING_TO_EDIT, None, Value::Null),
        },
        Err(error) => failed(worker, &delivery, scene, error),
    }
}

async fn call(scene: &Scene, body: &Value) -> Result<Change, Error> {
    let editor = scene.network.editor();
    let editor = editor.ok_or_else(|| {
        Error::Permission(Why::ours(
            "Ce réseau ne laisse rien changer de ce qui est en ligne.",
            "This network lets nothing be changed of what is live.",
        ))
    })?;
    match scene.wish {
        Wish::Edit => editor.edit(&scene.session, &scene.post, body).await,
        _ => editor.delete(&scene.session, &scene.post).await,
    }
}

fn can_look(delivery: &Delivery) -> bool {
    let rules = griot_domain::rules::Rules::of(delivery.network);
    rules.amend.as_ref().is_some_and(|amend| amend.read_back)
}

/// The network said yes. What it shows is the proof: it is looked at next.
fn done(worker: &Worker, delivery: &Delivery) -> Result<Next, Failure> {
    lock(&worker.gates).open(delivery.account, worker.now());
    let now = worker.now();
    write(worker, delivery, |tx, d| {
        let amended = d.amended.clone().unwrap_or_default();
        (d.amended, d.next_at) = (Some(Amended { answered: Some(now), ..amended }), Some(now));
        let attempt = attempts::open_for(tx, d.id)?;
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Sent, json!({ "answer": "done" }))
    })?;
    worker.fault("outbox.changed")?;
    Ok(Next::Again)
}

/// Nobody knows what came of the call: the next look tells.
fn in_doubt(
    worker: &Worker,
    delivery: &Delivery,
    shown: &Sentence,
    said: &str,
    answered: bool,
) -> Result<Next, Failure> {
    let now = worker.now();
    let at = now.plus_millis(if can_look(delivery) { 0 } else { settle(delivery, true).max(1000) });
    write(worker, delivery, |tx, d| {
        d.next_at = Some(at);
        let attempt = record::on_attempt(tx, d, |attempt| {
            attempt.detail = Some(shown.clone());
            if let Some(armed) = &mut attempt.armed {
                armed.give_up(now, answered);
            }
        })?;
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Sent, json!({ "answer": said }))
    })?;
    Ok(Next::Again)
}

/// What follows an error of the call.
fn failed(worker: &Worker, delivery: &Delivery, scene: &Scene, error: Error) -> Result<Next, Failure> {
    let now = worker.now();
    let told = Told::of(delivery.network, &error);
    match error {
        // It never left, or who asked was refused: nothing was changed.
        Error::Offline(_) => {
            let at = lock(&worker.gates).no_way_out(delivery.account, WaitingFor::Network, now);
            back(worker, delivery, WaitingFor::Network, at, &told, None)
        }
        Error::Auth(_) => {
            let at = now.plus(ASK_AGAIN);
            let reason = Some(told.sentence.clone());
            let rested = back(worker, delivery, WaitingFor::Account, at, &told, reason)?;
            stage::stop_account(worker, delivery)?;
            Ok(rested)
        }
        Error::Permission(_) | Error::Content(_) | Error::Billing(_) => {
            refused(worker, delivery, scene.wish, &told)
        }
        Error::RateLimited { until } => {
            let until = rate(worker, delivery, until);
            give_up_waiting(worker, delivery, now)?;
            wait(worker, delivery, Some(WaitingFor::Rate), until, None)
        }
        error => {
            let answered = matches!(error, Error::Failed(_));
            in_doubt(worker, delivery, &told.message, &told.plain, answered)
        }
    }
}

/// The network said that it is too much now: whether it did it all the same is asked when it listens again.
fn give_up_waiting(worker: &Worker, delivery: &Delivery, now: Timestamp) -> Result<(), Failure> {
    worker.workspace.store.write(|tx| -> Result<(), Failure> {
        record::on_attempt(tx, delivery, |attempt| {
            if let Some(armed) = &mut attempt.armed {
                armed.give_up(now, true);
            }
        })?;
        Ok(())
    })
}

/// Nothing was changed: asked for again later.
fn back(
    worker: &Worker,
    delivery: &Delivery,
    why: WaitingFor,
    at: Timestamp,
    told: &Told,
    reason: Option<Sentence>,
) -> Result<Next, Failure> {
    let now = worker.now();
    write(worker, delivery, |tx, d| {
        let amended = d.amended.clone().unwrap_or_default();
        d.amended = Some(Amended { waits: Some(why), ..amended });
        (d.next_at, d.reason) = (Some(at), reason);
        record::end(tx, d, now, Outcome::Transient, Some(&told.message), json!({ "said": told.plain }))
    })?;
    Ok(Next::Rest)
}

/// It says what it was to say: seen there, or only answered.
pub(super) fn edited(worker: &Worker, delivery: &Delivery, seen: bool) -> Result<Next, Failure> {
    lock(&worker.gates).open(delivery.account, worker.now());
    let now = worker.now();
    let name = delivery.network.display_name();
    let reason = (!seen).then(|| words::of(words::SAYS_EDITED, name));
    write(worker, delivery, |tx, d| {
        if attempts::open_for(tx, d.id)?.is_none() {
            record::attempt(tx, &worker.studio.ports, d)?;
        }
        let before = d.amended.clone().unwrap_or_default().settled();
        let text = before.asked.clone().or(before.text);
        let hash = text.as_deref().map(|text| blake3::hash(text.as_bytes()).to_hex().to_string());
        let proof = json!({ "text": hash, "proof": if seen { "read_back" } else { "answer" } });
        record::end(tx, d, now, Outcome::Edited, reason.as_ref(), proof)?;
        d.amended = Some(Amended { asked: None, text, edited: Some(now), ..before });
        (d.wish, d.next_at, d.reason) = (None, None, reason.clone());
        Ok(())
    })?;
    worker.fault("outbox.edited")?;
    Ok(Next::Rest)
}

/// It is gone. `how` says it where it was not simply removed and seen to be gone.
pub(super) fn deleted(
    worker: &Worker,
    delivery: &Delivery,
    how: Option<words::Words>,
) -> Result<Next, Failure> {
    lock(&worker.gates).open(delivery.account, worker.now());
    let now = worker.now();
    let name = delivery.network.display_name();
    let reason = how.map(|how| words::of(how, name));
    write(worker, delivery, |tx, d| {
        if attempts::open_for(tx, d.id)?.is_none() {
            record::attempt(tx, &worker.studio.ports, d)?;
        }
        let said = how.map(|how| how.1.replace("{name}", name));
        record::end(tx, d, now, Outcome::Deleted, reason.as_ref(), json!({ "said": said }))?;
        let before = d.amended.clone().unwrap_or_default().settled();
        d.amended = Some(Amended { deleted: Some(now), ..before });
        d.state = State::Deleted;
        (d.wish, d.next_at, d.reason) = (None, None, reason.clone());
        parts::wake(tx, d, now)
    })?;
    worker.fault("outbox.deleted")?;
    worker.studio.wake.notify_one();
    Ok(Next::Rest)
}

/// The network refuses it, and says why. What is live stays as it is.
pub(super) fn refused(
    worker: &Worker,
    delivery: &Delivery,
    wish: Wish,
    told: &Told,
) -> Result<Next, Failure> {
    let how = if wish == Wish::Edit { words::NOT_EDITED } else { words::NOT_DELETED };
    give_up(worker, delivery, Outcome::Refused, how, Some(&told.sentence), json!({ "said": told.plain }))
}

/// Called as often as makes sense, and what is seen is not what was asked: a person looks.
pub(super) fn not_known(worker: &Worker, delivery: &Delivery, wish: Wish) -> Result<Next, Failure> {
    let how = if wish == Wish::Edit { words::EDIT_UNKNOWN } else { words::DELETE_UNKNOWN };
    give_up(worker, delivery, Outcome::Unknown, how, None, Value::Null)
}

/// The wish ends here. What was asked for is kept, so that nobody has to type it again.
fn give_up(
    worker: &Worker,
    delivery: &Delivery,
    outcome: Outcome,
    how: words::Words,
    more: Option<&Sentence>,
    proof: Value,
) -> Result<Next, Failure> {
    let now = worker.now();
    let said = words::of(how, delivery.network.display_name());
    let by_hand = delivery.url.as_deref().map(|url| words::of(words::BY_HAND, url));
    let parts = [more, by_hand.as_ref()];
    let reason = parts.into_iter().flatten().fold(said.clone(), |all, part| all.and(part));
    write(worker, delivery, |tx, d| {
        if attempts::open_for(tx, d.id)?.is_none() {
            record::attempt(tx, &worker.studio.ports, d)?;
        }
        record::end(tx, d, now, outcome, Some(more.unwrap_or(&said)), proof)?;
        d.amended = Some(d.amended.clone().unwrap_or_default().settled());
        (d.wish, d.next_at, d.reason) = (None, None, Some(reason.clone()));
        Ok(())
    })?;
    Ok(Next::Rest)
}
