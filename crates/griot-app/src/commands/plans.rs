//! Plans of drafts: what a person chose of accounts and time is there again after a restart.
//!
//! Deliberately absent: whether the plan can be carried out. Scheduling looks at that, and says it.

use std::sync::Arc;

use griot_domain::{Op, Plan, PostId};
use griot_store::{Reader, accounts, plans};

use super::posts::one;
use crate::Code;
use crate::failure::Failure;
use crate::studio::Studio;
use crate::transact::{Done, transact};
use crate::wire::Nothing;
use crate::wire::posts::PlanPost;

/// More accounts than anybody has: a mistaken request must not fill the database.
const MOST_ACCOUNTS: usize = 1000;
/// No wall time and no zone is longer, in bytes.
const LONGEST_WORD: usize = 64;

pub(super) fn plan(studio: &Arc<Studio>, request: PlanPost) -> Result<Nothing, Failure> {
    let workspace = studio.workspace()?;
    if request.plan.as_ref().is_some_and(is_endless) {
        return Err(Failure::say(
            Code::BadRequest,
            "Ce ne sont pas des comptes et une heure.",
            "These are not accounts and a time.",
            ("", ""),
        ));
    }
    // The same choice again, as when a page opens, is no write.
    let before = workspace.store.read(|r| {
        one(r, request.post)?;
        Ok::<_, Failure>(plans::get(r, request.post)?)
    })?;
    if before == request.plan {
        return Ok(Nothing {});
    }
    transact(studio, &workspace, Op::PlanPost, |tx| {
        one(tx, request.post)?;
        match &request.plan {
            Some(plan) => plans::put(tx, request.post, plan)?,
            None => plans::forget(tx, request.post)?,
        }
        Ok(Done::fixed(Nothing {}))
    })
}

fn is_endless(plan: &Plan) -> bool {
    let long = |word: &Option<String>| word.as_ref().is_some_and(|word| word.len() > LONGEST_WORD);
    plan.to.len() > MOST_ACCOUNTS || long(&plan.at) || long(&plan.zone)
}

/// The plan of a post, without the accounts that are gone.
pub(super) fn of(r: &Reader<'_>, post: PostId) -> Result<Option<Plan>, Failure> {
    let Some(mut plan) = plans::get(r, post)? else { return Ok(None) };
    let mut kept = Vec::with_capacity(plan.to.len());
    for id in plan.to {
        if accounts::is_there(r, id)? {
            kept.push(id);
        }
    }
    plan.to = kept;
    Ok(Some(plan))
}
