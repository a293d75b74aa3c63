//! What a person asks of a live post: other words, its removal, or to leave it as it is after all.

use griot_domain::{Amended, Delivery, Outcome, Sentence, State, Wish};
use griot_store::{Tx, attempts, deliveries};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::outbox::{person, record};
use crate::studio::Studio;

/// Whether what was asked can be called off.
pub(crate) fn may_leave(delivery: &Delivery, doubt: bool) -> bool {
    delivery.state == State::Published && delivery.wish.is_some() && !doubt
}

/// A person asks for another text. Whether it may be was asked before.
pub(crate) fn edit(
    studio: &Studio,
    tx: &Tx<'_>,
    mut delivery: Delivery,
    text: &str,
) -> Result<Delivery, Failure> {
    let before = delivery.amended.take().unwrap_or_default();
    delivery.amended = Some(Amended { asked: Some(text.to_owned()), ..before });
    ask(studio, tx, delivery, Wish::Edit)
}

/// A person asks for its removal. Whether it may be was asked before.
pub(crate) fn delete(studio: &Studio, tx: &Tx<'_>, delivery: Delivery) -> Result<Delivery, Failure> {
    ask(studio, tx, delivery, Wish::Delete)
}

fn ask(studio: &Studio, tx: &Tx<'_>, mut delivery: Delivery, wish: Wish) -> Result<Delivery, Failure> {
    give_up(studio, tx, &delivery)?;
    delivery.amended = Some(delivery.amended.take().unwrap_or_default().settled());
    // A person who asks this in a copy of the workspace has said that it is theirs.
    delivery.released |= delivery.moved;
    (delivery.wish, delivery.next_at) = (Some(wish), Some(studio.ports.now()));
    (delivery.reason, delivery.tries) = (None, 0);
    person::put(studio, tx, delivery, json!({ "action": wish }))
}

/// A person calls off what was asked, as long as nothing has left.
pub(crate) fn leave(studio: &Studio, tx: &Tx<'_>, mut delivery: Delivery) -> Result<Delivery, Failure> {
    give_up(studio, tx, &delivery)?;
    let before = delivery.amended.take().unwrap_or_default().settled();
    delivery.amended = Some(Amended { asked: None, ..before });
    (delivery.wish, delivery.next_at, delivery.reason) = (None, None, None);
    person::put(studio, tx, delivery, json!({ "action": "leave" }))
}

/// Ends an attempt of which nothing has left.
fn give_up(studio: &Studio, tx: &Tx<'_>, delivery: &Delivery) -> Result<(), Failure> {
    if attempts::open_for(tx, delivery.id)?.is_some() {
        record::end(tx, delivery, studio.ports.now(), Outcome::Abandoned, None, Value::Null)?;
    }
    Ok(())
}

/// In a copy of the workspace the original does what was asked there: here it is forgotten, unless it was asked here.
pub(crate) fn forget_in_copy(studio: &Studio, tx: &Tx<'_>) -> Result<(), Failure> {
    for mut delivery in deliveries::asked(tx)? {
        if delivery.moved && delivery.released {
            continue;
        }
        give_up(studio, tx, &delivery)?;
        let before = delivery.amended.take().unwrap_or_default().settled();
        delivery.amended = Some(before);
        (delivery.wish, delivery.next_at) = (None, None);
        delivery.reason = Some(Sentence::new(
            "Cet espace a été copié, déplacé ou restauré\u{a0}: ce qui avait été demandé au réseau est oublié ici. Demandez-le de nouveau s\u{2019}il le faut.",
            "This workspace was copied, moved or restored: what was asked of the network is forgotten here. Ask for it again if need be.",
        ));
        person::put(studio, tx, delivery, json!({ "action": "forget", "why": "copy" }))?;
    }
    Ok(deliveries::mark_moved(tx)?)
}
