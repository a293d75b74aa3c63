//! How a lost answer is recovered: what a probe proves, and the time that a network is given until it does.

use serde::{Deserialize, Serialize};

use super::Sure;

/// Whether a probe's "not there" can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// The probe asks for the very thing by a name chosen before sending, or reads a list that is always current.
    Authoritative,
    /// The probe can prove that a post is live, never that it is not.
    PositiveOnly,
    /// There is no probe.
    None,
}

/// How a lost answer is recovered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// Whether "not there" can be believed.
    pub probe: Authority,
    /// Milliseconds, from the moment the answer was given up, for which the network may still be at it after it
    /// answered with a failure that is no refusal.
    #[ts(type = "number")]
    pub settle_ms: u64,
    /// The same where no answer came: a time-out, a cut line, a call that the network still holds, a crash.
    #[ts(type = "number")]
    pub settle_timeout_ms: u64,
    /// Where a second call under the same key is the same post and never a second one: milliseconds after which it may be
    /// made, long before a "not there" can be believed. Nothing where a second call makes a second post.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub resend_ms: Option<u64>,
    /// Milliseconds for which the network may not yet show what it has: the second "not there" that counts comes so
    /// much later than the first.
    #[ts(type = "number")]
    pub listing_late_ms: u64,
    /// Milliseconds for which the server honours the idempotency key; nothing where there is no key or no end.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub key_ms: Option<u64>,
    /// Whether "too many requests", said by the network itself about the visible call, proves that nothing was done.
    #[serde(default)]
    pub busy_refuses: bool,
    /// In words, for the people who read the file.
    pub note: String,
    /// How sure.
    pub sure: Sure,
}

impl Recovery {
    /// How long the network may still be at a call, in milliseconds from the moment its answer was given up.
    #[must_use]
    pub fn settle(&self, answered: bool) -> i64 {
        let millis = if answered { self.settle_ms } else { self.settle_timeout_ms.max(self.settle_ms) };
        i64::try_from(millis).unwrap_or(i64::MAX)
    }

    /// How long to wait until the call is made again, in the same way: shorter where that can do no harm, and longer with
    /// each of the `resends` that were lost as well.
    #[must_use]
    pub fn settle_for_resend(&self, answered: bool, resends: u32) -> i64 {
        let settle = self.settle(answered);
        let soon = self.resend_ms.map(|millis| millis.saturating_mul(2_u64.saturating_pow(resends)));
        soon.map_or(settle, |soon| i64::try_from(soon).unwrap_or(i64::MAX).min(settle))
    }

    /// How much later than the first "not there" the second one is asked for, in milliseconds: never at the same
    /// instant.
    #[must_use]
    pub fn late(&self) -> i64 {
        i64::try_from(self.listing_late_ms).unwrap_or(i64::MAX).max(1000)
    }
}
