//! What keeps a delivery from being given to its network.

use griot_domain::rules::{Rules, Window};
use griot_domain::{Delivery, State, Timestamp};

/// Why a delivery cannot be given to its network; nothing when it can.
pub(crate) fn hindrance(delivery: &Delivery, has_film: bool, now: Timestamp) -> Option<Hindrance> {
    let Some(rules) = &Rules::of(delivery.network).hand_over else { return Some(Hindrance::NoDates) };
    let Some(due) = delivery.due else { return Some(Hindrance::NoTime) };
    let free = delivery.state == State::Scheduled && delivery.wish.is_none();
    match rules.window(due, now) {
        _ if delivery.state == State::HandedOver => Some(Hindrance::Given),
        _ if delivery.part > 0 => Some(Hindrance::Follows),
        _ if !free => Some(Hindrance::State),
        _ if has_film && !rules.films => Some(Hindrance::Film),
        Window::TooNear => Some(Hindrance::TooNear),
        Window::TooFar => Some(Hindrance::TooFar),
        Window::Open => None,
    }
}

/// Why a delivery cannot be given to its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hindrance {
    /// The network keeps no dates.
    NoDates,
    /// A person publishes on this account.
    ByHand,
    /// Nobody chose a time.
    NoTime,
    /// The network has it already.
    Given,
    /// It follows another post, and waits for its proof.
    Follows,
    /// It has begun, or is over.
    State,
    /// The network keeps no dates for films.
    Film,
    /// Its time is too near.
    TooNear,
    /// Its time is too far away yet.
    TooFar,
}
