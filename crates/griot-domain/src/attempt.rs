//! The attempts to move a delivery: what was tried, what was written down before the visible call, and the journal's
//! events.

use serde::{Deserialize, Serialize};

use crate::delivery::{Operation, Outcome, Phase};
use crate::id::{AttemptId, DeliveryId};
use crate::sentence::Sentence;
use crate::time::Timestamp;

/// One try of one operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Attempt {
    /// The attempt.
    pub id: AttemptId,
    /// Its delivery.
    pub delivery: DeliveryId,
    /// 1, 2, 3, ... within the delivery.
    pub n: u32,
    /// What it does.
    pub op: Operation,
    /// How far it has come.
    pub phase: Phase,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; nothing while it is open.
    pub ended: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// A sentence about the last thing that happened to it.
    #[ts(type = "string | null")]
    pub detail: Option<Sentence>,
    /// What was written down before the visible call; nothing until then.
    pub armed: Option<Armed>,
}

/// What is on disk before the call that makes a post visible: enough to find out, after any crash,
/// whether it is live, and to send exactly the same again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Armed {
    /// When it was armed, by this machine's clock.
    pub at: Timestamp,
    /// The server's `Date` seen just before, when it gave one.
    pub server_date: Option<Timestamp>,
    /// The id of the newest own post seen just before, when the network can list them.
    pub newest_own: Option<String>,
    /// Idempotency key, record key or transaction id.
    pub key: String,
    /// BLAKE3 of `body`, 64 hexadecimal digits.
    pub fingerprint: String,
    /// The frozen request, as the network takes it. Holds no secret.
    #[ts(type = "unknown")]
    pub body: serde_json::Value,
    /// Whether the visible call may have left this machine at least once.
    pub maybe_sent: bool,
    /// When the visible call last may have left; nothing before the first time.
    #[serde(default)]
    pub sent_at: Option<Timestamp>,
    /// When its answer was given up, or when a start noticed that nobody had waited for it; nothing while it is awaited.
    #[serde(default)]
    pub given_up_at: Option<Timestamp>,
    /// Whether the network itself answered, with a failure that is no refusal. Otherwise no answer came (a time-out, a
    /// cut line, a crash), and the network may still be at it.
    #[serde(default)]
    pub answered: bool,
    /// Since when the network has not answered the question whether it is live; nothing where it did last.
    #[serde(default)]
    pub unanswered_since: Option<Timestamp>,
    /// When a probe first said, after the time that the network is given, that it is not live.
    pub absent_at: Option<Timestamp>,
    /// How often the visible call was repeated after a proof of absence.
    pub resends: u32,
}

impl Armed {
    /// Whether the call may have left now, for the first time or again: nothing is known of its answer yet.
    pub fn send(&mut self, at: Timestamp) {
        (self.maybe_sent, self.sent_at) = (true, Some(at));
        (self.given_up_at, self.answered) = (None, false);
        (self.unanswered_since, self.absent_at) = (None, None);
    }

    /// The answer is given up. `answered` says whether the network itself said something that settles nothing.
    pub fn give_up(&mut self, at: Timestamp, answered: bool) {
        (self.given_up_at, self.answered, self.absent_at) = (Some(at), answered, None);
    }

    /// It is certain that the call did nothing: only "it may have left" is taken back, the rest stays on record.
    pub fn disarm(&mut self) {
        (self.maybe_sent, self.sent_at) = (false, None);
        (self.given_up_at, self.answered) = (None, false);
        (self.unanswered_since, self.absent_at) = (None, None);
    }
}

/// One line of the journal: append-only, chained by hashes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct AttemptEvent {
    /// 1, 2, 3, ... within the workspace, without gaps.
    #[ts(type = "number")]
    pub seq: u64,
    /// The delivery it is about.
    pub delivery: DeliveryId,
    /// The attempt it is about, when it is about one.
    pub attempt: Option<AttemptId>,
    /// When, by this machine's clock.
    pub at: Timestamp,
    /// What happened.
    pub phase: Phase,
    /// BLAKE3 of the bytes that were or will be sent.
    pub fingerprint: Option<String>,
    /// What came back, or what a person said. Holds no secret.
    #[ts(type = "unknown")]
    pub detail: serde_json::Value,
    /// Hash of the event before (64 zeros for the first).
    pub previous: String,
    /// BLAKE3 over this event's fields and `previous`.
    pub hash: String,
}
