//! After a copy, a move or a restoration: each delivery is looked for on its network, and then waits for a person.

use std::sync::Arc;

use griot_domain::{Delivery, Sentence, WaitingFor};
use griot_networks::{Error, Probe};

use super::turn::{Next, by_api};
use super::worker::Worker;
use super::{commit, kept, prepare};
use crate::failure::Failure;

/// A network that cannot be reached is asked again after this long, in milliseconds.
const ASK_AGAIN_MS: i64 = 60_000;

/// Looks whether the delivery went out from the other copy. What is live is recorded; the rest waits for a person.
pub(super) async fn check(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    if !by_api(worker, delivery)? {
        return rest(
            worker,
            delivery,
            Sentence::new(
                "Cet espace a été copié, déplacé ou restauré\u{a0}: vérifiez que personne ne l\u{2019}a déjà publiée, puis laissez-la partir.",
                "This workspace was copied, moved or restored: make sure that nobody has published it yet, then let it go.",
            ),
        );
    }
    let looked = look(worker, delivery).await;
    match looked {
        Ok(Ok(Probe::Live(live))) => commit::published(worker, delivery, &live),
        Ok(Ok(Probe::Kept(found))) => kept::given(worker, delivery, &found),
        Ok(Ok(Probe::Absent)) => rest(
            worker,
            delivery,
            Sentence::new(
                "Cet espace a été copié, déplacé ou restauré. Cette publication n\u{2019}est pas en ligne\u{a0}: laissez-la partir d\u{2019}ici, ou annulez-la.",
                "This workspace was copied, moved or restored. This post is not live: let it go from here, or cancel it.",
            ),
        ),
        Ok(Ok(Probe::CannotTell(_))) => rest(
            worker,
            delivery,
            Sentence::new(
                "Cet espace a été copié, déplacé ou restauré, et le réseau ne permet pas de savoir si elle est en ligne. Regardez le compte avant de la laisser partir.",
                "This workspace was copied, moved or restored, and the network does not tell whether it is live. Look at the account before letting it go.",
            ),
        ),
        Ok(Err(Error::Auth(_))) => rest(
            worker,
            delivery,
            Sentence::new(
                "Cet espace a été copié, déplacé ou restauré, et son compte n\u{2019}est pas connecté ici. Connectez-le, puis laissez-la partir.",
                "This workspace was copied, moved or restored, and its account is not connected here. Connect it, then let it go.",
            ),
        ),
        Ok(Err(_)) => {
            let at = worker.now().plus_millis(ASK_AGAIN_MS);
            worker.hold(delivery, WaitingFor::CheckAfterMove, Some(at), delivery.reason.clone())?;
            Ok(Next::Rest)
        }
        // Without its files or its secrets it cannot be looked for: a person decides.
        Err(Failure::Overtaken) => Err(Failure::Overtaken),
        Err(failure) => rest(worker, delivery, crate::words::spoken(failure).whole()),
    }
}

async fn look(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Result<Probe, Error>, Failure> {
    let prepared = prepare::prepared(worker, delivery).await?;
    commit::ask(worker, delivery, prepared).await
}

fn rest(worker: &Worker, delivery: &Delivery, reason: Sentence) -> Result<Next, Failure> {
    worker.hold(delivery, WaitingFor::CheckAfterMove, None, Some(reason))?;
    Ok(Next::Rest)
}
