//! What a person asked cannot be done as things stand: the sentence says how they stand, and what to press.

use griot_domain::{Delivery, State, WaitingFor};
use serde_json::json;

use crate::Code;
use crate::failure::Failure;

/// A sentence in French and in English.
type Said = (&'static str, &'static str);

/// It cannot be done in the state it is in; the hint says what can.
pub(super) fn not_now(delivery: &Delivery, action: &str) -> Failure {
    let (fr, en) = how_it_stands(delivery, action);
    Failure::say(Code::NotNow, fr, en, what_to_press(delivery, action))
        .with(json!({ "state": delivery.state, "waiting_for": delivery.waiting_for, "action": action }))
}

fn how_it_stands(delivery: &Delivery, action: &str) -> Said {
    if action == "move" && delivery.follows() {
        return (
            "Ce commentaire suit sa publication\u{a0}: il n\u{2019}a pas d\u{2019}heure à lui.",
            "This comment follows its post: it has no time of its own.",
        );
    }
    match delivery.state {
        State::Published => ("Cette publication est en ligne.", "This post is live."),
        State::Deleted => {
            ("Cette publication a été supprimée du réseau.", "This post was deleted from the network.")
        }
        State::Cancelled => ("Cette publication est annulée.", "This post is cancelled."),
        State::Armed | State::Publishing => (
            "Cette publication est en train de partir\u{a0}: elle ne peut plus être changée ni annulée.",
            "This post is leaving now: it can no longer be changed or cancelled.",
        ),
        State::HandedOver => ("Le réseau garde cette publication.", "The network keeps this post."),
        State::Unknown => (
            "Cette publication est peut-être en ligne\u{a0}: regardez d\u{2019}abord le compte.",
            "This post is perhaps live: look at the account first.",
        ),
        State::Preparing => (
            "Cette publication se prépare\u{a0}: rien n\u{2019}est visible encore.",
            "This post is being prepared: nothing is visible yet.",
        ),
        State::Uploading | State::Processing => (
            "Les médias de cette publication sont en route\u{a0}: rien n\u{2019}est visible encore.",
            "This post\u{2019}s media are on their way: nothing is visible yet.",
        ),
        State::Failed => ("Cette publication n\u{2019}est pas partie.", "This post did not leave."),
        State::Assisted => {
            ("Cette publication attend que vous la publiiez.", "This post waits for you to publish it.")
        }
        State::Scheduled => ("Cette publication attend son heure.", "This post waits for its time."),
        State::Waiting => waits(delivery.waiting_for),
    }
}

fn waits(what: Option<WaitingFor>) -> Said {
    match what {
        Some(WaitingFor::CheckAfterMove) => (
            "Cette publication attend votre accord, parce que l\u{2019}espace a été copié, déplacé ou restauré.",
            "This post waits for your consent, because the workspace was copied, moved or restored.",
        ),
        Some(WaitingFor::Late) => (
            "L\u{2019}heure de cette publication est passée\u{a0}: elle attend votre réponse.",
            "This post\u{2019}s time has passed: it waits for your answer.",
        ),
        Some(WaitingFor::Account) => (
            "Cette publication attend que son compte soit reconnecté.",
            "This post waits for its account to be connected again.",
        ),
        Some(WaitingFor::PreviousPart) => (
            "Ce commentaire part une fois sa publication en ligne.",
            "This comment leaves once its post is live.",
        ),
        Some(WaitingFor::Paused) => ("Les envois sont en pause.", "Sending is paused."),
        _ => (
            "Cette publication attend et repartira d\u{2019}elle-même.",
            "This post waits, and goes on by itself.",
        ),
    }
}

fn what_to_press(delivery: &Delivery, action: &str) -> Said {
    if action == "move" && delivery.follows() {
        return (
            "Déplacez la publication\u{a0}: le commentaire la suit.",
            "Move the post: the comment follows it.",
        );
    }
    let under_way = matches!(delivery.state, State::Preparing | State::Uploading | State::Processing);
    match delivery.state {
        State::Armed | State::Publishing => (
            "Attendez la réponse du réseau, quelques secondes en général.",
            "Wait for the network\u{2019}s answer, usually some seconds.",
        ),
        State::HandedOver => ("Reprenez-la d\u{2019}abord.", "Take it back first."),
        State::Published => (
            "Là où son réseau le permet, corrigez-la ou supprimez-la dans la file d\u{2019}attente.",
            "Where its network allows it, correct or delete it in the queue.",
        ),
        State::Unknown => (
            "Si elle est en ligne\u{a0}: confirmer. Sinon\u{a0}: réessayer.",
            "If it is live: confirm. If not: retry.",
        ),
        State::Cancelled | State::Deleted => (
            "Pour la publier, programmez-la de nouveau depuis sa page.",
            "To publish it, schedule it again from its page.",
        ),
        _ if under_way && action == "move" => (
            "Annulez cet envoi, puis programmez-la à la nouvelle heure\u{a0}; ou laissez-la partir.",
            "Cancel this sending, then schedule it for the new time; or let it leave.",
        ),
        _ if under_way => (
            "Attendez qu\u{2019}elle soit partie, ou annulez cet envoi.",
            "Wait until it has left, or cancel this sending.",
        ),
        State::Failed => (
            "Réessayez, ou corrigez-la\u{a0}; si elle est en ligne malgré tout, confirmez.",
            "Retry, or correct it; if it is live after all, confirm.",
        ),
        State::Assisted => {
            ("Publiez-la, puis confirmez\u{a0}; ou annulez-la.", "Publish it, then confirm; or cancel it.")
        }
        State::Scheduled => {
            ("Attendez son heure, déplacez-la ou annulez-la.", "Wait for its time, move it or cancel it.")
        }
        _ => instead_of_waiting(delivery.waiting_for),
    }
}

fn instead_of_waiting(what: Option<WaitingFor>) -> Said {
    match what {
        Some(WaitingFor::CheckAfterMove) => (
            "Regardez le compte, puis laissez-la partir\u{a0}; si elle est en ligne, confirmez\u{a0}; sinon annulez-la.",
            "Look at the account, then let it go; if it is live, confirm; else cancel it.",
        ),
        Some(WaitingFor::Late) => {
            ("Laissez-la partir, déplacez-la ou annulez-la.", "Let it go, move it or cancel it.")
        }
        Some(WaitingFor::Account) => ("Reconnectez son compte.", "Connect its account again."),
        Some(WaitingFor::PreviousPart) => (
            "Regardez sa publication dans la file d\u{2019}attente, ou annulez le commentaire.",
            "Look at its post in the queue, or cancel the comment.",
        ),
        Some(WaitingFor::Paused) => ("Terminez la pause.", "End the pause."),
        // Its call may have left, or it only waits: either way the answer decides.
        _ => (
            "Attendez le prochain essai\u{a0}: la file d\u{2019}attente dit quand elle est en ligne.",
            "Wait for the next try: the queue says when it is live.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use griot_domain::{AccountId, DeliveryId, LatePolicy, NetworkId, PostId, Timestamp};

    use super::*;

    fn delivery(state: State, waiting_for: Option<WaitingFor>, follows: bool) -> Delivery {
        let now = Timestamp::from_millis(0);
        let id = DeliveryId::new(now, [1; 10]);
        Delivery {
            id,
            post: PostId::new(now, [1; 10]),
            account: AccountId::new(now, [1; 10]),
            network: NetworkId::Bluesky,
            state,
            waiting_for,
            failed: None,
            reason: None,
            due: None,
            wall: None,
            late: LatePolicy::Hold,
            revision: None,
            part: u32::from(follows),
            previous: follows.then_some(id),
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
            created_at: now,
            updated_at: now,
        }
    }

    #[test]
    fn whatever_is_refused_in_whatever_state_says_what_to_press() {
        let waits = WaitingFor::ALL.iter().map(|what| (State::Waiting, Some(*what)));
        let stands: Vec<_> = State::ALL.iter().map(|state| (*state, None)).chain(waits).collect();
        for (state, waiting_for) in stands {
            for action in ["confirm", "retry", "release", "cancel", "move", "withdraw", "edit"] {
                for follows in [false, true] {
                    let Failure::Said(said) = not_now(&delivery(state, waiting_for, follows), action) else {
                        panic!("a sentence of the studio itself")
                    };
                    for sentence in [said.message.0, said.message.1, said.hint.0, said.hint.1] {
                        assert!(
                            sentence.ends_with('.'),
                            "{state} {waiting_for:?} {action} {follows}: {sentence:?}"
                        );
                    }
                }
            }
        }
    }
}
