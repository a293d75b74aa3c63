//! Where a post stands for each account, and that it has one delivery for each.
//!
//! Another one is asked for in so many words (`again`). An account that was removed and connected again is the same place.

use std::time::Duration;

use griot_domain::time::Resolved;
use griot_domain::{Account, Content, Delivery, PostId, RevisionId, State, Timestamp};
use griot_store::{Reader, attempts, deliveries, posts};
use serde_json::json;

use crate::Code;
use crate::failure::Failure;
use crate::outbox::{person, record};
use crate::wire::posts::PostPlace;

/// So long the same words for the same account and time are taken for the same post, sent twice by mistake.
const TWICE: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether it has an effect, or had one that stands: it is not called off and not removed from its network.
pub(super) fn stands(delivery: &Delivery) -> bool {
    !matches!(delivery.state, State::Cancelled | State::Deleted)
}

/// Whether what the post says is scheduled, leaving or live somewhere: then new words are a correction.
pub(super) fn is_out(r: &Reader<'_>, post: PostId) -> Result<bool, Failure> {
    Ok(deliveries::for_post(r, post)?.iter().any(stands))
}

/// The places of a post, of all that was ever written for it.
pub(super) fn of(r: &Reader<'_>, written: &[Delivery]) -> Result<Vec<PostPlace>, Failure> {
    let shown = written.iter().filter(|d| d.part == 0 && d.state != State::Cancelled);
    shown.map(|delivery| place(r, delivery)).collect()
}

fn place(r: &Reader<'_>, delivery: &Delivery) -> Result<PostPlace, Failure> {
    let follows = !delivery.is_final() && !bars(r, delivery)?;
    Ok(PostPlace {
        delivery: delivery.id,
        account: delivery.account,
        network: delivery.network,
        state: delivery.state,
        waiting_for: delivery.waiting_for,
        due: delivery.due,
        wall: delivery.wall.clone(),
        url: delivery.url.clone(),
        follows,
    })
}

/// Whether nothing that it says can be changed now.
pub(super) fn bars(r: &Reader<'_>, delivery: &Delivery) -> Result<bool, Failure> {
    // Nothing was ever tried of what only waits for its time.
    let untried = delivery.state == State::Scheduled && delivery.revision.is_none();
    let open = !delivery.is_final() && !untried && record::unsettled(r, delivery.id)?;
    Ok(person::bars_edits(delivery, open))
}

/// Whether its visible call may have left without an answer.
pub(super) fn doubt(r: &Reader<'_>, delivery: &Delivery) -> Result<bool, Failure> {
    // Nothing was ever tried of what only waits for its time.
    if delivery.is_final() || (delivery.state == State::Scheduled && delivery.tries == 0 && !delivery.moved) {
        return Ok(false);
    }
    Ok(record::maybe_sent(attempts::open_for(r, delivery.id)?.as_ref()).is_some())
}

/// Refuses a second delivery of `post` for one of `to`.
pub(super) fn refuse_second(r: &Reader<'_>, post: PostId, to: &[Account]) -> Result<(), Failure> {
    let mut taken = Vec::new();
    for account in to {
        for delivery in deliveries::standing_for(r, post, account.id)? {
            taken.push((account, delivery));
        }
    }
    if taken.is_empty() { Ok(()) } else { Err(already(r, &taken, Door::Post)?) }
}

/// Refuses to write today's post a second time: the same content, for the same account and the same time.
pub(super) fn refuse_same(
    r: &Reader<'_>,
    content: &Content,
    to: &[Account],
    when: Option<&Resolved>,
    now: Timestamp,
) -> Result<(), Failure> {
    let since = RevisionId::new(now.minus(TWICE), [0; 10]);
    let due = when.map(|when| when.at);
    let mut taken = Vec::new();
    for account in to {
        for delivery in deliveries::saying(r, account.id, &content.text, since)? {
            if delivery.due == due && bare(&posts::current(r, delivery.post)?.content) == bare(content) {
                taken.push((account, delivery));
            }
        }
    }
    if taken.is_empty() { Ok(()) } else { Err(already(r, &taken, Door::Words)?) }
}

/// `content` without the blanks around its texts, which nobody sees.
fn bare(content: &Content) -> Content {
    let mut content = content.clone();
    let fields = content.variants.values_mut().flat_map(|v| v.text.iter_mut().chain(v.fields.values_mut()));
    for text in fields.chain([&mut content.text]) {
        *text = text.trim().to_owned();
    }
    content
}

/// By what a person would publish it a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// The same post.
    Post,
    /// Another post with the same words.
    Words,
}

/// It is there, or on its way there.
fn already(r: &Reader<'_>, taken: &[(&Account, Delivery)], door: Door) -> Result<Failure, Failure> {
    let live = taken.iter().all(|(_, delivery)| delivery.state == State::Published);
    let mut names: Vec<String> = taken.iter().map(|(account, _)| called(account)).collect();
    names.dedup();
    let (names_fr, names) = listed(&names);
    let (fr, en) = if live {
        (
            format!("Cette publication est déjà en ligne\u{a0}: {names_fr}."),
            format!("This post is live already: {names}."),
        )
    } else {
        (
            format!("Cette publication est déjà prévue ou en ligne\u{a0}: {names_fr}."),
            format!("This post is scheduled or live already: {names}."),
        )
    };
    let hint = if door == Door::Words {
        (
            "Rien n\u{2019}a été écrit. Pour la publier encore une fois, ajoutez --again.",
            "Nothing was written. To publish it once more, add --again.",
        )
    } else if live {
        (
            "Pour changer ce qui est en ligne, corrigez-le. Pour le faire paraître une deuxième fois, choisissez «\u{a0}Publier à nouveau\u{a0}».",
            "To change what is live, correct it. To have it appear a second time, choose \u{201c}Publish again\u{201d}.",
        )
    } else {
        (
            "Pour changer l\u{2019}heure, déplacez-la. Pour la faire paraître une deuxième fois, choisissez «\u{a0}Publier à nouveau\u{a0}».",
            "To change the time, move it. To have it appear a second time, choose \u{201c}Publish again\u{201d}.",
        )
    };
    let mut places = Vec::with_capacity(taken.len());
    for (_, delivery) in taken {
        places.push(place(r, delivery)?);
    }
    Ok(Failure::say(Code::AlreadyScheduled, fr, en, hint).with(json!({ "places": places })))
}

/// So many are named in one sentence; the others are counted.
const NAMED: usize = 5;

/// Names as a sentence lists them, in French and English.
pub(super) fn listed(names: &[String]) -> (String, String) {
    let shown = &names[..names.len().min(NAMED)];
    let (fr, en) = (shown.join("\u{a0}; "), shown.join("; "));
    match names.len() - shown.len() {
        0 => (fr, en),
        1 => (format!("{fr}, et un autre"), format!("{en}, and one more")),
        more => (format!("{fr}, et {more} autres"), format!("{en}, and {more} more")),
    }
}

/// The network and what a person calls the account.
pub(super) fn called(account: &Account) -> String {
    let network = account.network.display_name();
    if account.name.is_empty() || account.name == network {
        network.to_owned()
    } else {
        format!("{network}, {}", account.name)
    }
}
