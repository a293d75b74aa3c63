//! First comments of what is scheduled: one is there exactly where the confirmed text has one.

use griot_domain::{Content, Effective, Phase, PostId};
use griot_store::{Tx, deliveries};
use serde_json::json;

use super::places::stands;
use super::schedule::{FIRST_COMMENT, following};
use crate::failure::Failure;
use crate::outbox::{person, record};
use crate::studio::Studio;

/// Whether a first comment follows.
pub(super) fn has_one(content: &Effective) -> bool {
    content.fields.get(FIRST_COMMENT).is_some_and(|text| !text.trim().is_empty())
}

/// Lets the first comments of a post be those of what it says now: writes what is new, calls off what is gone.
pub(crate) fn follow(studio: &Studio, tx: &Tx<'_>, post: PostId, content: &Content) -> Result<(), Failure> {
    let written = deliveries::for_post(tx, post)?;
    for lead in written.iter().filter(|delivery| delivery.part == 0 && stands(delivery)) {
        if super::account(tx, lead.account)?.is_by_hand() {
            continue;
        }
        let has = has_one(&content.for_network(lead.network));
        let mut after =
            written.iter().filter(|part| part.previous == Some(lead.id) && stands(part)).peekable();
        if has && after.peek().is_none() && !lead.is_final() {
            let part = following(studio, lead);
            deliveries::insert(tx, &part)?;
            let detail = json!({ "due": part.due, "follows": lead.id });
            record::event(tx, &part, None, part.created_at, Phase::Scheduled, detail)?;
        } else if !has {
            for part in after.filter(|part| !part.is_final()) {
                person::call_off(studio, tx, part.clone(), "correction")?;
            }
        }
    }
    Ok(())
}
