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

/// What `delivery`'s policy says at `now`. Without a chosen time nothing is ever late; what a person released goes.
pub(super) fn lateness(delivery: &Delivery, now: Timestamp) -> Lateness {
    let Some(due) = delivery.due else { return Lateness::OnTime };
    let late = now.millis_since(due);
    if late <= LatePolicy::GRACE_MS {
        return Lateness::OnTime;
    }
    if delivery.released {
        return Lateness::Go;
    }
    match delivery.late {
        LatePolicy::Hold => Lateness::Hold,
        LatePolicy::Drop => Lateness::Drop,
        LatePolicy::Publish(minutes) if late <= i64::from(minutes) * 60_000 => Lateness::Go,
        LatePolicy::Publish(_) => Lateness::Hold,
    }
}
