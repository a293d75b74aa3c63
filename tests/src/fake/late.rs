//! A server that is slow: it takes up late what it was sent, and shows late what it has.

use std::time::Duration;

use griot_domain::Timestamp;
use serde_json::Value;

use super::{FakeNetwork, State};

/// A call that is under way although nobody waits for it any more.
pub(super) struct UnderWay {
    at: Timestamp,
    key: String,
    body: Value,
}

impl UnderWay {
    pub(super) fn new(at: Timestamp, body: &Value, key: &str) -> Self {
        Self { at, key: key.to_owned(), body: body.clone() }
    }
}

/// Makes everything live that the server has come to by now.
pub(super) fn appear_in_time(state: &mut State, now: Timestamp) {
    let (due, rest): (Vec<_>, Vec<_>) = state.under_way.drain(..).partition(|call| call.at <= now);
    state.under_way = rest;
    for call in due {
        FakeNetwork::appear(state, &call.body, &call.key);
        state.shown_from.insert(call.key, call.at);
    }
}

/// Whether a list shows the post with this key yet.
pub(super) fn is_listed(state: &State, key: &str, now: Timestamp) -> bool {
    let since = state.shown_from.get(key).copied();
    since.is_none_or(|since| now >= since.plus(state.lists_late))
}

impl FakeNetwork {
    /// From now on what is there is shown so much later.
    pub fn lists_late(&self, by: Duration) {
        self.state().lists_late = by;
    }
}
