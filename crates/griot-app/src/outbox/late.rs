//! Lateness: what becomes of a delivery that is more than ten minutes past the time a person chose.

use griot_domain::{Delivery, LatePolicy, Timestamp};

/// What the policy says now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lateness {
    /// Not late.
    OnTime,
    /// Late, and it may go, spaced from other late ones.
    Go,
    /// Late, and a person decides.
    Hold,
    /// Late, and it is called off.
    Drop,
}

/// What `delivery`'s policy says at `now`. Without a chosen time nothing is ever late, and what follows a post is not
/// late by itself. What a person released at `released` may go for as long after that as its policy lets it be late;
/// then they are asked again, whatever the policy: they have said once that they want it.
pub(super) fn lateness(delivery: &Delivery, released: Option<Timestamp>, now: Timestamp) -> Lateness {
    let Some(due) = delivery.own_due() else { return Lateness::OnTime };
    let late = now.millis_since(due);
    if late <= LatePolicy::GRACE_MS {
        return Lateness::OnTime;
    }
    // A clock that was set back since may show an instant before it.
    if released.is_some_and(|at| now.millis_since(at).abs() <= delivery.late.margin_ms()) {
        return Lateness::Go;
    }
    match delivery.late {
        LatePolicy::Drop if released.is_none() => Lateness::Drop,
        LatePolicy::Publish(minutes) if late <= i64::from(minutes) * 60_000 => Lateness::Go,
        LatePolicy::Hold | LatePolicy::Drop | LatePolicy::Publish(_) => Lateness::Hold,
    }
}
