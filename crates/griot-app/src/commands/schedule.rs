//! Scheduling: the verdict first, then one delivery per account in the same transaction.

use std::sync::Arc;

use griot_domain::rules::Rules;
use griot_domain::time::{Resolved, resolve};
use griot_domain::verdict::{Draft, DraftMedia, Level, judge};
use griot_domain::{
    Account, AccountId, Content, Delivery, DeliveryId, Effective, LatePolicy, NetworkId, Op, Phase, PostId,
    State, Timestamp,
};
use griot_store::{Reader, Tx, accounts, assets, deliveries, plans, posts};
use serde_json::json;

use super::accounts::meant;
use super::costs::{self, Calendar};
use super::endings::Eyes;
use super::{choices, comments, corrections, places, settings, times, typing};
use crate::Code;
use crate::failure::Failure;
use crate::outbox::record;
use crate::renditions;
use crate::studio::{Studio, Workspace};
use crate::transact::{Done, transact};
use crate::undo::Undo;
use crate::wire::posts::{Composed, SchedulePost, Scheduled};

/// The declared field whose text follows the post as an answer of its own.
pub(crate) const FIRST_COMMENT: &str = "first_comment";

pub(super) fn schedule(studio: &Arc<Studio>, request: SchedulePost) -> Result<Composed, Failure> {
    let workspace = studio.workspace()?;
    let when = when(studio, &workspace, request.at.as_deref(), request.zone.as_deref())?;
    schedule_at(studio, &workspace, &request, when)
}

/// The instant of a chosen wall time; nothing when none was chosen.
pub(super) fn when(
    studio: &Studio,
    workspace: &Workspace,
    at: Option<&str>,
    zone: Option<&str>,
) -> Result<Option<Resolved>, Failure> {
    let Some(at) = at else {
        if let Some(zone) = zone {
            griot_domain::time::zone(zone)?;
        }
        return Ok(None);
    };
    let zone = match zone {
        Some(zone) => zone.to_owned(),
        None => settings::zone(studio, workspace)?,
    };
    let resolved = resolve(at, &zone)?;
    if resolved.at < studio.ports.now() {
        return Err(Failure::say(
            Code::TimePast,
            format!("{} ({}) est déjà passé.", resolved.wall.local, resolved.wall.zone),
            format!("{} ({}) has already passed.", resolved.wall.local, resolved.wall.zone),
            (
                "Choisissez une heure à venir, ou n\u{2019}en donnez pas pour publier dès que possible.",
                "Choose a time to come, or give none to publish as soon as possible.",
            ),
        ));
    }
    Ok(Some(resolved))
}

/// The accounts that a person means, each once.
pub(super) fn accounts(workspace: &Workspace, wanted: &[String]) -> Result<Vec<Account>, Failure> {
    let all = workspace.store.read(|r| accounts::list(r).map_err(Failure::from))?;
    let mut found: Vec<Account> = Vec::with_capacity(wanted.len());
    for name in wanted {
        let account = meant(&all, name)?;
        if !found.iter().any(|a| a.id == account.id) {
            found.push(account);
        }
    }
    Ok(found)
}

pub(super) fn schedule_at(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    request: &SchedulePost,
    when: Option<Resolved>,
) -> Result<Composed, Failure> {
    let to = accounts(workspace, &request.to)?;
    if to.is_empty() {
        return Err(workspace.store.read(choices::nobody)?);
    }
    let post = workspace.store.read(|r| typing::show(studio, r, super::posts::one(r, request.post)?))?;
    typing::refuse_stale(&post, request.stamp.as_deref())?;
    let accident = |r: &Reader<'_>| -> Result<(), Failure> {
        corrections::refuse_open(r, request.post)?;
        if request.again { Ok(()) } else { places::refuse_second(r, request.post, &to) }
    };
    workspace.store.read(accident)?;
    let content = &post.content;
    let warnings = judge_all(studio, workspace, content, &to, Kept::Draft(request.post))?;
    if when.is_none() && !request.confirmed {
        workspace.store.read(|r| choices::ask(r, &to, studio.ports.now()))?;
    }
    let weights = renditions::weigh(studio, workspace, content, &to)?;
    let now = studio.ports.now();
    let clocks = when.as_ref().and_then(|when| times::note(studio.lang(), &when.wall));
    let ending = Eyes::of(studio, workspace)?.note(&to, when.as_ref().map_or(now, |when| when.at));
    let said: Vec<String> = clocks.into_iter().chain(ending).collect();
    let note = Some(said.join(" ")).filter(|note| !note.is_empty());
    let plan = Plan { post: request.post, when, late: request.late, now };
    let calendar = Calendar::of(studio, workspace)?;
    let due = plan.when.as_ref().map(|when| when.at);
    let (written, cost) = transact(studio, workspace, Op::SchedulePost, |tx| {
        // What was judged and weighed is what goes out.
        typing::refuse_stale(
            &typing::show(studio, tx, super::posts::one(tx, request.post)?)?,
            Some(&post.stamp),
        )?;
        accident(tx)?;
        typing::take_up(studio, tx, request.post)?;
        choices::remember(tx, &to, due.is_some())?;
        let planned = plans::get(tx, request.post)?.map(|plan| (request.post, plan));
        plans::forget(tx, request.post)?;
        let wanted: Vec<_> =
            to.iter().map(|account| (account, content.for_network(account.network))).collect();
        let cost = costs::hold(tx, &calendar, request.post, &wanted, due, studio.lang())?;
        let mut written = Vec::new();
        for (account, weight) in to.iter().zip(&weights) {
            plan.write(studio, tx, account, &content.for_network(account.network), *weight, &mut written)?;
        }
        let ids = written.iter().map(|s| s.id).collect();
        Ok(Done::undoable((written, cost), Undo::Scheduled { deliveries: ids, planned }))
    })?;
    let wall = plan.when.map(|when| when.wall);
    Ok(Composed { post: request.post, deliveries: written, note, cost, wall, warnings })
}

/// A first comment of what is scheduled already, due with it.
pub(super) fn following(studio: &Studio, lead: &Delivery) -> Delivery {
    let plan = Plan { post: lead.post, when: None, late: lead.late, now: studio.ports.now() };
    let part = plan.delivery(studio, (lead.account, lead.network), 1, Some(lead.id));
    Delivery { due: lead.due, wall: lead.wall.clone(), ..part }
}

struct Plan {
    post: PostId,
    when: Option<Resolved>,
    late: LatePolicy,
    now: Timestamp,
}

impl Plan {
    /// One delivery for the post, one more for a first comment where Griot publishes it.
    fn write(
        &self,
        studio: &Studio,
        tx: &Tx<'_>,
        account: &Account,
        content: &Effective,
        weight: Option<u64>,
        written: &mut Vec<Scheduled>,
    ) -> Result<(), Failure> {
        let place = (account.id, account.network);
        let first = self.delivery(studio, place, 0, None);
        let comment = comments::has_one(content);
        let mut all = vec![(first, weight)];
        if comment && !account.is_by_hand() {
            let text = content.fields.get(FIRST_COMMENT).map_or(0, |t| t.len() as u64);
            all.push((self.delivery(studio, place, 1, Some(all[0].0.id)), Some(text)));
        }
        for (delivery, upload_bytes) in all {
            deliveries::insert(tx, &delivery)?;
            record::event(tx, &delivery, None, self.now, Phase::Scheduled, json!({ "due": delivery.due }))?;
            written.push(Scheduled {
                id: delivery.id,
                account: account.id,
                network: account.network,
                state: delivery.state,
                due: delivery.due,
                upload_bytes,
            });
        }
        Ok(())
    }

    fn delivery(
        &self,
        studio: &Studio,
        (account, network): (AccountId, NetworkId),
        part: u32,
        previous: Option<DeliveryId>,
    ) -> Delivery {
        Delivery {
            id: DeliveryId::new(self.now, studio.ports.ten()),
            post: self.post,
            account,
            network,
            state: State::Scheduled,
            waiting_for: None,
            failed: None,
            reason: None,
            due: self.when.as_ref().map(|w| w.at),
            wall: self.when.as_ref().map(|w| w.wall.clone()),
            late: self.late,
            revision: None,
            part,
            previous,
            next_at: None,
            tries: 0,
            released: false,
            released_at: None,
            moved: false,
            url: None,
            remote_id: None,
            wish: None,
            kept: None,
            amended: None,
            created_at: self.now,
            updated_at: self.now,
        }
    }
}

/// Where what is judged stays when it is refused.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kept {
    /// As this draft.
    Draft(PostId),
    /// As a correction beside what is scheduled.
    Correction,
}

impl Kept {
    /// That it is not lost, in French and English.
    fn said(self) -> (String, String) {
        match self {
            Self::Draft(post) => (
                format!("La publication est gardée comme brouillon {post}."),
                format!("The post is kept as draft {post}."),
            ),
            Self::Correction => (
                "La correction est gardée, et ce qui est programmé n\u{2019}a pas changé.".to_owned(),
                "The correction is kept, and what is scheduled has not changed.".to_owned(),
            ),
        }
    }
}

/// Refuses what a network would refuse; says what a person should know of the rest, each once. What was written is saved
/// already: nothing of it is lost.
pub(super) fn judge_all(
    studio: &Studio,
    workspace: &Workspace,
    content: &Content,
    to: &[Account],
    kept: Kept,
) -> Result<Vec<String>, Failure> {
    let (mut bad, mut warnings) = (Vec::new(), Vec::new());
    for account in to {
        let verdict =
            workspace.store.read(|r| verdict(studio, r, account, &content.for_network(account.network)))?;
        for problem in verdict.problems {
            if problem.level == Level::Error {
                bad.push((account.network, problem));
                continue;
            }
            let said = format!("{} {}", problem.message, problem.fix).trim_end().to_owned();
            if !warnings.contains(&said) {
                warnings.push(said);
            }
        }
    }
    let Some((network, first)) = bad.first() else { return Ok(warnings) };
    let name = network.display_name();
    let text = first.message.clone();
    let fix = first.fix.clone();
    let (kept_fr, kept_en) = kept.said();
    let post = if let Kept::Draft(post) = kept { Some(post) } else { None };
    Err(Failure::say(
        Code::Refused,
        format!("{name}\u{a0}: {text} {kept_fr}"),
        format!("{name}: {text} {kept_en}"),
        (fix.as_str(), fix.as_str()),
    )
    .with(json!({
        "post": post,
        "problems": bad.iter().map(|(n, p)| json!({ "network": n, "code": p.code, "message": p.message, "fix": p.fix }))
            .collect::<Vec<_>>(),
    })))
}

fn verdict(
    studio: &Studio,
    r: &Reader<'_>,
    account: &Account,
    content: &Effective,
) -> Result<griot_domain::verdict::Verdict, Failure> {
    let mut media = Vec::with_capacity(content.media.len());
    for attachment in &content.media {
        let asset = assets::get(r, attachment.asset)?
            .ok_or_else(|| Failure::not_found(("Média", "asset"), &attachment.asset.to_string()))?;
        media.push(DraftMedia {
            name: asset.name,
            facts: renditions::rules_of(account).sees(&asset.facts, &attachment.edit),
            alt: attachment.alt.clone(),
            library_alt: asset.alt,
        });
    }
    let draft = Draft { text: content.text.clone(), fields: content.fields.clone(), media };
    Ok(judge(&draft, Rules::of(account.network), account.limits.as_ref(), studio.lang()))
}

/// Refuses another try of what the rules would refuse again.
pub(super) fn still_bad(studio: &Studio, r: &Reader<'_>, delivery: &Delivery) -> Result<(), Failure> {
    let account = super::accounts::one(r, delivery.account)?;
    let content = posts::current(r, delivery.post)?.content.for_network(delivery.network);
    refuse_for(studio, r, &account, &content)
}

/// Refuses what the rules of the account's network refuse.
pub(super) fn refuse_for(
    studio: &Studio,
    r: &Reader<'_>,
    account: &Account,
    content: &Effective,
) -> Result<(), Failure> {
    let verdict = verdict(studio, r, account, content)?;
    match verdict.problems.into_iter().find(|p| p.level == Level::Error) {
        None => Ok(()),
        Some(problem) => Err(Failure::say(
            Code::Refused,
            problem.message.clone(),
            problem.message,
            (problem.fix.as_str(), problem.fix.as_str()),
        )),
    }
}
