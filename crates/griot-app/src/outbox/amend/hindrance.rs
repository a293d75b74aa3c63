//! What keeps a delivery from being changed or removed where it is live.

use griot_domain::rules::Rules;
use griot_domain::{Delivery, State, Wish};

/// Why it cannot be done; nothing when it can. `doubt` is whether a call of its open attempt may have left.
pub(crate) fn hindrance(delivery: &Delivery, wish: Wish, doubt: bool) -> Option<Hindrance> {
    if delivery.state != State::Published {
        return Some(Hindrance::NotLive);
    }
    let rules = Rules::of(delivery.network).amend.as_ref();
    let can = rules.is_some_and(|amend| if wish == Wish::Edit { amend.edit } else { amend.delete });
    if !can {
        return Some(Hindrance::Network);
    }
    if delivery.remote_id.is_none() {
        return Some(Hindrance::ByHand);
    }
    doubt.then_some(Hindrance::Leaving)
}

/// Why a live post is not changed or removed from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hindrance {
    /// It is not live.
    NotLive,
    /// The network does not let anybody do that by its interface.
    Network,
    /// A person published it, and nobody knows its number.
    ByHand,
    /// A change of it is leaving just now.
    Leaving,
}
