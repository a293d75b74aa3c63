//! What is live, changed or removed because a person asked for it.
//!
//! The delivery stays published meanwhile, which is the truth; only the proof that it is gone moves it. Both calls are
//! armed and asked about like publishing, and both can be made again: what is seen there decides whether they are.
//! Deliberately absent: other media (they stay), and changing a post of which the network gave us no number.

mod answer;
mod asked;
mod hindrance;
mod words;

use std::sync::Arc;
use std::time::Duration;

use griot_domain::delivery::Armed;
use griot_domain::rules::Rules;
use griot_domain::{AccountState, Amended, Attempt, Delivery, Phase, Sentence, Timestamp, WaitingFor, Wish};
use griot_networks::{Error, Live, Network, Posted, Prepared, Session, Sight, Why};
use griot_store::{Tx, attempts};
use serde_json::{Value, json};

use super::stage::Told;
use super::turn::Next;
use super::worker::Worker;
use super::{commit, patience, prepare, record, stage};
use crate::failure::Failure;
use crate::studio::lock;
pub(crate) use asked::{delete, edit, forget_in_copy, leave, may_leave};
pub(crate) use hindrance::{Hindrance, hindrance};

/// What could not be asked is asked again after this long.
const ASK_AGAIN: Duration = Duration::from_secs(5 * 60);
/// A network that shows no effect after so many calls is looked at by a person.
const MOST_CALLS: u32 = 3;

/// What a person asked, and what the network is asked it with.
pub(super) struct Scene {
    wish: Wish,
    open: Option<Attempt>,
    network: Arc<dyn Network>,
    session: Session,
    post: Posted,
}

impl Scene {
    fn of(worker: &Arc<Worker>, delivery: &Delivery, wish: Wish) -> Result<Self, Failure> {
        let live = prepare::proof(&worker.workspace, delivery.id)?;
        let reply_to =
            delivery.previous.map(|id| prepare::proof(&worker.workspace, id)).transpose()?.flatten();
        let (account, open, frozen, said) = worker.workspace.store.read(|r| -> Result<_, Failure> {
            let all = attempts::list_for(r, delivery.id)?;
            let open = all.last().filter(|attempt| attempt.ended.is_none()).cloned();
            let account = crate::commands::account(r, delivery.account)?;
            Ok((account, open, commit::frozen(all), prepare::said(r, delivery)?))
        })?;
        let asked = delivery.amended.clone().unwrap_or_default();
        let now_there = asked.text.clone().unwrap_or_else(|| said.text.clone());
        let text = asked.asked.filter(|_| wish == Wish::Edit).unwrap_or(now_there);
        let live = live.unwrap_or(Live { id: String::new(), url: None, at: None, proof: Value::Null });
        let prepared = Prepared {
            delivery: delivery.id,
            created_at: delivery.created_at,
            text,
            fields: said.fields,
            media: Vec::new(),
            reply_to,
            date: None,
        };
        Ok(Self {
            wish,
            open,
            network: crate::commands::api(&worker.studio, delivery.network)?,
            session: crate::commands::session(&worker.studio, &account)?,
            post: Posted { live, prepared, frozen: frozen.map(|armed| armed.body) },
        })
    }

    /// What was written down before a call that may have left.
    fn sent(&self) -> Option<&Armed> {
        record::maybe_sent(self.open.as_ref())
    }

    async fn look(&self) -> Result<Sight, Error> {
        match self.network.editor() {
            Some(editor) => editor.sight(&self.session, &self.post).await,
            None => Err(Error::Permission(Why::ours(
                "Ce réseau ne laisse rien changer de ce qui est en ligne.",
                "This network lets nothing be changed of what is live.",
            ))),
        }
    }

    /// The frozen request.
    async fn body(&self) -> Result<Value, Error> {
        let editor = self.network.editor();
        match editor.filter(|_| self.wish == Wish::Edit) {
            Some(editor) => editor.correction(&self.session, &self.post).await,
            None => Ok(json!({ "id": self.post.live.id })),
        }
    }
}

/// One look at a live post that is to be changed or removed.
pub(super) async fn step(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let now = worker.now();
    let Some(wish) = delivery.wish.filter(|wish| matches!(wish, Wish::Edit | Wish::Delete)) else {
        return Ok(Next::Rest);
    };
    if worker.is_draining() || delivery.next_at.is_none_or(|at| at > now) {
        return Ok(Next::Rest);
    }
    let shut = lock(&worker.gates).before(delivery.account, now);
    if let Some((why, until)) = shut {
        return wait(worker, delivery, Some(why), until, delivery.reason.clone());
    }
    let account = worker.workspace.store.read(|r| crate::commands::account(r, delivery.account))?;
    if account.state == AccountState::Reconnect {
        let at = now.plus(ASK_AGAIN);
        return wait(worker, delivery, Some(WaitingFor::Account), at, delivery.reason.clone());
    }
    if delivery.amended.as_ref().is_none_or(|amended| amended.answered.is_none()) {
        patience::noticed(worker, delivery)?;
    }
    let scene = Scene::of(worker, delivery, wish)?;
    let seen = scene.look().await;
    worker.fault("outbox.sighted")?;
    match seen {
        Ok(Sight::Same) if wish == Wish::Edit => answer::edited(worker, delivery, true),
        Ok(Sight::Same | Sight::Other) => there(worker, delivery, scene).await,
        Ok(Sight::There) => like_it(worker, delivery, scene).await,
        Ok(Sight::Gone) => gone(worker, delivery, &scene),
        Ok(Sight::CannotTell(_)) => unseen(worker, delivery, scene).await,
        Err(error) => no_answer(worker, delivery, &scene, error),
    }
}

/// It is there, and not yet as it is to be.
async fn there(worker: &Arc<Worker>, delivery: &Delivery, scene: Scene) -> Result<Next, Failure> {
    let now = worker.now();
    let Some(armed) = scene.sent() else { return arm(worker, delivery, scene).await };
    let from = worker.counted_from(armed.given_up_at.or(armed.sent_at).unwrap_or(armed.at), None);
    let is_last = armed.resends + 1 >= MOST_CALLS;
    // To call again does no harm, and may be done soon. That nothing came of it is said when the server can no longer be
    // at it, or show what it showed before.
    let settled = from.plus_millis(settle(delivery, armed.answered || !is_last));
    if now < settled {
        return wait(worker, delivery, None, settled.max(now.plus_millis(1000)), None);
    }
    if is_last {
        return answer::not_known(worker, delivery, scene.wish);
    }
    let mut armed = armed.clone();
    armed.resends += 1;
    let delivery = {
        let _alone = worker.claim.alone();
        let (delivery, ()) = write(worker, delivery, |tx, d| {
            worker.claim.grow(tx)?;
            d.tries += 1;
            Ok(())
        })?;
        worker.claim.follow()?;
        delivery
    };
    answer::send(worker, &delivery, &scene, armed).await
}

/// It is there, and what the network shows does not tell which of two texts it is: then its answer to the call does.
async fn like_it(worker: &Arc<Worker>, delivery: &Delivery, scene: Scene) -> Result<Next, Failure> {
    let answered = delivery.amended.as_ref().is_some_and(|amended| amended.answered.is_some());
    if scene.wish == Wish::Edit && scene.sent().is_some() && answered {
        return answer::edited(worker, delivery, false);
    }
    there(worker, delivery, scene).await
}

/// The network cannot be asked: its answer to the call is all there is, and without one the call is made again.
async fn unseen(worker: &Arc<Worker>, delivery: &Delivery, scene: Scene) -> Result<Next, Failure> {
    let answered = delivery.amended.as_ref().is_some_and(|amended| amended.answered.is_some());
    match (scene.sent(), scene.wish) {
        (Some(_), Wish::Delete) if answered => answer::deleted(worker, delivery, Some(words::SAYS_GONE)),
        (Some(_), _) if answered => answer::edited(worker, delivery, false),
        _ => there(worker, delivery, scene).await,
    }
}

/// It is not there: believed at once after the network's own yes, else the second time, after the settle time.
fn gone(worker: &Worker, delivery: &Delivery, scene: &Scene) -> Result<Next, Failure> {
    let now = worker.now();
    let amended = delivery.amended.clone().unwrap_or_default();
    let by_us = scene.wish == Wish::Delete && scene.sent().is_some();
    if by_us && amended.answered.is_some() {
        return answer::deleted(worker, delivery, None);
    }
    let settle = Rules::of(delivery.network).recovery.late().max(settle(delivery, true));
    if let Some(first) = amended.missing
        && now >= first.plus_millis(settle)
    {
        return match scene.wish {
            Wish::Edit => answer::deleted(worker, delivery, Some(words::VANISHED)),
            _ => answer::deleted(worker, delivery, (!by_us).then_some(words::GONE_ALREADY)),
        };
    }
    let first = amended.missing.unwrap_or(now);
    write(worker, delivery, |tx, d| {
        let attempt = attempts::list_for(tx, d.id)?.last().map(|attempt| attempt.id);
        d.amended = Some(Amended { missing: Some(first), waits: None, ..amended.clone() });
        d.next_at = Some(first.plus_millis(settle).max(now.plus_millis(1000)));
        record::event(tx, d, attempt, now, Phase::Probed, json!({ "probe": "absent" }))
    })?;
    Ok(Next::Rest)
}

/// Writes down what is about to be called, and calls.
async fn arm(worker: &Arc<Worker>, delivery: &Delivery, scene: Scene) -> Result<Next, Failure> {
    let body = match scene.body().await {
        Ok(body) => body,
        Err(error) => return no_answer(worker, delivery, &scene, error),
    };
    let now = worker.now();
    let armed = Armed {
        at: now,
        server_date: None,
        newest_own: None,
        key: format!("{}/{}", delivery.operation(), scene.post.live.id),
        fingerprint: blake3::hash(body.to_string().as_bytes()).to_hex().to_string(),
        body,
        maybe_sent: false,
        sent_at: None,
        given_up_at: None,
        answered: false,
        unanswered_since: None,
        absent_at: None,
        resends: 0,
    };
    let delivery = {
        let _alone = worker.claim.alone();
        let (delivery, ()) = write(worker, delivery, |tx, d| {
            worker.claim.grow(tx)?;
            (d.reason, d.next_at) = (None, Some(now));
            let mut attempt = record::attempt(tx, &worker.studio.ports, d)?;
            attempt.phase = Phase::Armed;
            attempt.armed = Some(armed.clone());
            attempts::update(tx, &attempt)?;
            let detail = json!({ "key": armed.key, "fingerprint": armed.fingerprint });
            record::event(tx, d, Some(attempt.id), now, Phase::Armed, detail)
        })?;
        worker.claim.follow()?;
        delivery
    };
    worker.fault("outbox.armed")?;
    answer::send(worker, &delivery, &scene, armed).await
}

/// The question itself had no answer: asked again later. What may have been called stays in doubt.
fn no_answer(worker: &Worker, delivery: &Delivery, scene: &Scene, error: Error) -> Result<Next, Failure> {
    let now = worker.now();
    let told = Told::of(delivery.network, &error);
    let (why, at, reason) = match error {
        Error::Offline(_) => {
            let at = lock(&worker.gates).no_way_out(delivery.account, WaitingFor::Network, now);
            (WaitingFor::Network, at, None)
        }
        Error::Portal(_) => {
            let at = lock(&worker.gates).no_way_out(delivery.account, WaitingFor::Portal, now);
            (WaitingFor::Portal, at, None)
        }
        Error::RateLimited { until } => (WaitingFor::Rate, rate(worker, delivery, until), None),
        Error::Auth(_) => {
            stage::stop_account(worker, delivery)?;
            (WaitingFor::Account, now.plus(ASK_AGAIN), Some(told.sentence))
        }
        Error::Permission(_) | Error::Content(_) | Error::Billing(_) => {
            return match scene.sent() {
                Some(_) => answer::not_known(worker, delivery, scene.wish),
                None => answer::refused(worker, delivery, scene.wish, &told),
            };
        }
        _ => {
            let pause = patience::in_vain(worker, delivery)?;
            let at = now.plus(pause.unwrap_or_else(|| stage::pause(worker, delivery.tries + 1)));
            (WaitingFor::Backoff, at, Some(told.sentence))
        }
    };
    wait(worker, delivery, Some(why), at, reason)
}

/// The network asked for a pause.
fn rate(worker: &Worker, delivery: &Delivery, until: Option<Timestamp>) -> Timestamp {
    let now = worker.now();
    let until = until.unwrap_or_else(|| now.plus_millis(60_000)).max(now.plus_millis(1000));
    lock(&worker.gates).rate(delivery.account, until);
    until
}

/// Looked at again at `at`; a wait that goes on leaves one line in the journal.
fn wait(
    worker: &Worker,
    delivery: &Delivery,
    why: Option<WaitingFor>,
    at: Timestamp,
    reason: Option<Sentence>,
) -> Result<Next, Failure> {
    let now = worker.now();
    let before = delivery.amended.clone().unwrap_or_default();
    let same = before.waits == why;
    write(worker, delivery, |tx, d| {
        d.amended = Some(Amended { waits: why, ..before.clone() });
        (d.next_at, d.reason) = (Some(at), reason);
        if matches!(why, Some(WaitingFor::Backoff)) {
            d.tries += 1;
        }
        if same || why.is_none() {
            return Ok(());
        }
        let attempt = attempts::open_for(tx, d.id)?.map(|attempt| attempt.id);
        record::event(tx, d, attempt, now, Phase::Held, json!({ "waiting_for": why, "until": at }))
    })?;
    Ok(Next::Rest)
}

/// The time that the network is given until what it shows can be believed, in milliseconds; longer where it has not
/// `answered`.
fn settle(delivery: &Delivery, answered: bool) -> i64 {
    Rules::of(delivery.network).recovery.settle(answered)
}

/// Writes a step, and tells whoever shows the queue: the state says nothing of it.
fn write<T>(
    worker: &Worker,
    delivery: &Delivery,
    f: impl FnOnce(&Tx<'_>, &mut Delivery) -> Result<T, Failure>,
) -> Result<(Delivery, T), Failure> {
    let written = worker.write(delivery, f)?;
    worker.studio.changed(&[griot_domain::Tag::Outbox]);
    Ok(written)
}
