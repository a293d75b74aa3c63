//! The queue: what needs a person first, then what comes, then what is over; each line with what a person can do.

use std::collections::BTreeSet;
use std::sync::Arc;

use griot_domain::{AccountState, Delivery, DeliveryId, FailedClass, Lang, PostId, State, WaitingFor, Wish};
use griot_store::queue::Head;
use griot_store::{Reader, attempts, deliveries, queue, uploads};

use super::endings::Eyes;
use super::{hand_over, schedule, times};
use crate::Code;
use crate::failure::Failure;
use crate::outbox::{amend, person, record};
use crate::studio::Studio;
use crate::weights::Scales;
use crate::wire::deliveries::{Queue, QueueAction, QueueCounts, QueueGroup, QueueLine, QueueRequest};

/// The most letters of a title.
const TITLE: usize = 140;

pub(super) fn list(studio: &Arc<Studio>, request: QueueRequest) -> Result<Queue, Failure> {
    let workspace = studio.workspace()?;
    let wanted = request.state.as_deref().map(state).transpose()?;
    let eyes = Eyes::of(studio, &workspace)?;
    workspace.store.read(|r| {
        let (mut open, done_of_post) = match request.post {
            Some(post) => of_post(r, post)?,
            None => (deliveries::open(r)?, None),
        };
        open.sort_by_key(|d| (group(d), d.due.unwrap_or(d.created_at), d.created_at, d.part));
        let within = |wanted| open.iter().filter(|d| group(d) == wanted).count();
        let counts = QueueCounts {
            person: counted(within(QueueGroup::Person)),
            coming: counted(within(QueueGroup::Coming)),
            kept: counted(within(QueueGroup::Kept)),
            done: match &done_of_post {
                Some(done) => counted(done.len()),
                None => deliveries::count_done(r)?,
            },
        };
        let doubts = Doubts::of(r, &open)?;
        let mut shown = open;
        if wanted.is_none_or(State::is_final) {
            // A state that is over is looked for among all that is over, and cut to length afterwards.
            let most = request.done.filter(|_| wanted.is_none());
            shown.extend(match done_of_post {
                Some(done) => done.into_iter().take(most.map_or(usize::MAX, |n| n as usize)).collect(),
                None => deliveries::done(r, most)?,
            });
        }
        shown.retain(|d| wanted.is_none_or(|state| d.state == state));
        if wanted.is_some_and(State::is_final) {
            shown.truncate(request.done.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX));
        }
        let ids: Vec<DeliveryId> = shown.iter().map(|d| d.id).collect();
        let mut heads = queue::heads(r, &ids)?;
        let weights = Scales::new(r)?.still_to_go(&shown)?;
        let sent = uploads::of(r, &ids)?;
        let lines = shown.into_iter().zip(weights).map(|(d, weight)| {
            let head = heads.remove(&d.id).unwrap_or_default();
            let actions = actions(studio, r, &d, &doubts);
            let sent_bytes = sent.get(&d.id).copied().unwrap_or(0);
            let upload_bytes = weight.map(|weight| weight.bytes);
            QueueLine { upload_bytes, sent_bytes, ..line(studio.lang(), d, head, actions) }
        });
        let ending = if request.post.is_none() { eyes.ending(r)? } else { None };
        Ok(Queue { deliveries: lines.collect(), counts, ending })
    })
}

/// What is still to come of a post, and what is over, the last moved first.
fn of_post(r: &Reader<'_>, post: PostId) -> Result<(Vec<Delivery>, Option<Vec<Delivery>>), Failure> {
    let all = deliveries::for_post(r, post)?;
    let (mut done, open): (Vec<_>, Vec<_>) = all.into_iter().partition(Delivery::is_final);
    done.sort_by_key(|d| std::cmp::Reverse((d.updated_at, d.id)));
    Ok((open, Some(done)))
}

fn counted(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn state(word: &str) -> Result<State, Failure> {
    word.parse().map_err(|_| {
        let words = State::ALL.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(", ");
        Failure::say(
            Code::BadRequest,
            format!("«\u{a0}{word}\u{a0}» n\u{2019}est pas un état. Les états\u{a0}: {words}."),
            format!("\u{201c}{word}\u{201d} is not a state. The states: {words}."),
            ("", ""),
        )
    })
}

/// Whether nothing moves this delivery but a person.
pub(crate) fn needs_person(delivery: &Delivery) -> bool {
    let kept_too_long =
        delivery.state == State::HandedOver && delivery.reason.is_some() && delivery.wish.is_none();
    kept_too_long
        || matches!(delivery.state, State::Unknown | State::Failed | State::Assisted)
        || matches!(
            delivery.waiting_for,
            Some(WaitingFor::Late | WaitingFor::CheckAfterMove | WaitingFor::Account)
        )
}

fn group(delivery: &Delivery) -> QueueGroup {
    if delivery.is_final() {
        QueueGroup::Done
    } else if needs_person(delivery) {
        QueueGroup::Person
    } else if delivery.state == State::HandedOver {
        QueueGroup::Kept
    } else {
        QueueGroup::Coming
    }
}

/// What is said of where a delivery stands; of one that waits for its time, what clocks do then.
pub(super) fn reason(lang: Lang, delivery: &Delivery) -> Option<String> {
    let wall = delivery.wall.as_ref().filter(|_| delivery.state == State::Scheduled);
    let said = delivery.reason.as_ref().map(|reason| reason.pick(lang).to_owned());
    said.or_else(|| times::note(lang, wall?))
}

fn line(lang: Lang, delivery: Delivery, head: Head, actions: Vec<QueueAction>) -> QueueLine {
    let reason = reason(lang, &delivery);
    let title = title(words(&delivery, &head));
    QueueLine {
        id: delivery.id,
        post: delivery.post,
        account: delivery.account,
        network: delivery.network,
        state: delivery.state,
        due: delivery.due,
        group: group(&delivery),
        wall: delivery.wall,
        waiting_for: delivery.waiting_for,
        attempts: delivery.tries,
        url: delivery.url,
        reason,
        account_name: head.account,
        title,
        asset: head.asset,
        failed: delivery.failed,
        part: delivery.part,
        updated: delivery.updated_at,
        wish: delivery.wish,
        wish_waits: delivery.amended.as_ref().and_then(|amended| amended.waits),
        edited_at: delivery.amended.as_ref().and_then(|amended| amended.edited),
        deleted_at: delivery.amended.as_ref().and_then(|amended| amended.deleted),
        kept_at: delivery.kept.as_ref().and_then(|kept| kept.at),
        actions,
        upload_bytes: None,
        sent_bytes: 0,
    }
}

/// The words of a delivery: those that it has on its network now, where they were changed.
pub(super) fn words<'a>(delivery: &'a Delivery, head: &'a Head) -> &'a str {
    let there = delivery.amended.as_ref().and_then(|amended| amended.text.as_deref());
    there.unwrap_or(&head.text)
}

/// How a text begins, on one line.
pub(super) fn title(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if line.chars().count() <= TITLE {
        return line.to_owned();
    }
    let begins: String = line.chars().take(TITLE - 1).collect();
    format!("{}…", begins.trim_end())
}

/// How one delivery is recognised, and what a person can do with it now.
pub(super) fn of_one(
    studio: &Studio,
    r: &Reader<'_>,
    delivery: &Delivery,
) -> Result<(Head, Vec<QueueAction>), Failure> {
    let head = queue::heads(r, &[delivery.id])?.remove(&delivery.id).unwrap_or_default();
    let mut doubts = Doubts { may_have_left: BTreeSet::new(), barred: BTreeSet::new() };
    for other in deliveries::for_post(r, delivery.post)? {
        doubts.note(&other, record::maybe_sent(attempts::open_for(r, other.id)?.as_ref()).is_some());
    }
    Ok((head, actions(studio, r, delivery, &doubts)))
}

/// What may be live without proof, and so bars what a person could do otherwise.
struct Doubts {
    /// Deliveries whose visible call may have left.
    may_have_left: BTreeSet<DeliveryId>,
    /// Posts that can not be edited because of one of their deliveries.
    barred: BTreeSet<PostId>,
}

impl Doubts {
    fn of(r: &Reader<'_>, open: &[Delivery]) -> Result<Self, Failure> {
        let mut doubts = Self { may_have_left: BTreeSet::new(), barred: BTreeSet::new() };
        // Also of what is live: a change of it may have left.
        doubts.may_have_left = queue::doubtful(r)?;
        for delivery in open {
            doubts.note(delivery, doubts.may_have_left.contains(&delivery.id));
        }
        Ok(doubts)
    }

    fn note(&mut self, delivery: &Delivery, doubt: bool) {
        if doubt {
            self.may_have_left.insert(delivery.id);
        }
        if person::bars_edits(delivery, doubt) {
            self.barred.insert(delivery.post);
        }
    }
}

/// What a person can do now, the likeliest first: what the commands themselves would accept.
fn actions(studio: &Studio, r: &Reader<'_>, delivery: &Delivery, doubts: &Doubts) -> Vec<QueueAction> {
    let doubt = doubts.may_have_left.contains(&delivery.id);
    let editable = matches!(
        delivery.state,
        State::Scheduled
            | State::Waiting
            | State::Preparing
            | State::Uploading
            | State::Processing
            | State::Failed
    );
    let refused = delivery.failed == Some(FailedClass::Content);
    let mut all = likeliest_first(delivery);
    all.retain(|action| match action {
        QueueAction::Confirm => person::may_confirm(delivery),
        QueueAction::Retry => {
            person::may_retry(delivery) && (!refused || schedule::still_bad(studio, r, delivery).is_ok())
        }
        QueueAction::Release => person::may_release(delivery),
        QueueAction::Cancel => person::may_call_off(delivery, doubt),
        QueueAction::Move => person::may_reschedule(delivery, doubt),
        QueueAction::HandOver => hand_over::hindrance(studio, r, delivery).is_ok_and(|found| found.is_none()),
        QueueAction::Withdraw => person::may_withdraw(delivery, doubt),
        QueueAction::Correct => amend::hindrance(delivery, Wish::Edit, doubt).is_none(),
        QueueAction::Delete => amend::hindrance(delivery, Wish::Delete, doubt).is_none(),
        QueueAction::Leave => amend::may_leave(delivery, doubt),
        QueueAction::Copy => delivery.state.was_live(),
        QueueAction::ByHand => delivery.state == State::Assisted,
        QueueAction::Edit => editable && !doubts.barred.contains(&delivery.post),
        QueueAction::Reconnect => {
            delivery.waiting_for == Some(WaitingFor::Account)
                || (is_asked_of_its_network(delivery) && is_lost(r, delivery))
                || (delivery.state == State::Failed && delivery.failed == Some(FailedClass::Auth))
        }
    });
    all
}

/// Whether its network is asked about it again and again: what it keeps, and what is to change where it is live.
fn is_asked_of_its_network(delivery: &Delivery) -> bool {
    delivery.state == State::HandedOver || (delivery.state == State::Published && delivery.wish.is_some())
}

/// Whether nobody can ask, because the account has to be connected again.
fn is_lost(r: &Reader<'_>, delivery: &Delivery) -> bool {
    super::account(r, delivery.account).is_ok_and(|account| account.state == AccountState::Reconnect)
}

fn likeliest_first(delivery: &Delivery) -> Vec<QueueAction> {
    use QueueAction::{
        ByHand, Cancel, Confirm, Copy, Correct, Delete, Edit, HandOver, Leave, Move, Reconnect, Release,
        Retry, Withdraw,
    };
    let mut all = vec![Reconnect, ByHand, Release, Confirm, Retry, Withdraw, Move, HandOver, Edit, Cancel];
    if delivery.state.was_live() {
        all = vec![Reconnect, Leave, Correct, Copy, Delete];
    }
    if delivery.state == State::Failed {
        // What was refused is corrected first; what failed otherwise is tried again.
        all = match delivery.failed {
            Some(FailedClass::Content) => vec![Edit, Retry, Move, Confirm, Cancel],
            _ => vec![Reconnect, Retry, Edit, Move, Confirm, Cancel],
        };
    }
    all
}
