//! What goes up: forecasts before, bytes after, the line, and what fits into the minutes that there are.

use griot_domain::{AccountId, Content, DeliveryId, NetworkId, Timestamp};
use serde::{Deserialize, Serialize};

use super::studio::LinkState;

/// What went up on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct DayTraffic {
    /// The day in the workspace's zone, `2026-12-01`.
    pub day: String,
    /// Bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What went up, what is to go up, and the line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Traffic {
    /// What kind of line there is, as the outbox last saw.
    pub link: LinkState,
    /// Whether a person pays for it by the megabyte.
    pub metered: bool,
    /// How fast it carries; nothing while nothing was measured in the last hour.
    #[ts(type = "number | null")]
    pub bytes_per_second: Option<u64>,
    /// When that was measured.
    pub measured: Option<Timestamp>,
    /// Bytes that went up today.
    #[ts(type = "number")]
    pub sent_today: u64,
    /// Bytes that go up by themselves before the day ends.
    #[ts(type = "number")]
    pub to_go_today: u64,
    /// Bytes that go up by themselves at any time.
    #[ts(type = "number")]
    pub to_go: u64,
    /// Bytes that went up this month.
    #[ts(type = "number")]
    pub sent_month: u64,
    /// The days of this month on which something went up, the first one first.
    pub days: Vec<DayTraffic>,
    /// The zone whose days and months these are.
    pub zone: String,
}

/// A line that will be there for some minutes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields, default)]
pub struct FittingRequest {
    /// How many.
    pub minutes: u32,
    /// Whether what is due later may go now, too.
    pub later: bool,
}

impl Default for FittingRequest {
    fn default() -> Self {
        Self { minutes: 10, later: false }
    }
}

/// One delivery that goes, or stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FittingLine {
    /// The delivery.
    pub id: DeliveryId,
    /// Its account.
    pub account: AccountId,
    /// Its network.
    pub network: NetworkId,
    /// What the person calls the account.
    pub account_name: String,
    /// How the text begins, on one line.
    pub title: String,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// Bytes that are still to go up.
    #[ts(type = "number")]
    pub bytes: u64,
    /// How long that takes, in seconds.
    #[ts(type = "number")]
    pub seconds: u64,
}

/// What fits into the time, and what does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Fitting {
    /// The time, in minutes.
    pub minutes: u32,
    /// The speed by which it was worked out.
    #[ts(type = "number")]
    pub bytes_per_second: u64,
    /// Whether that speed was measured; else nothing was measured in the last hour, and it is the thinnest line that an
    /// upload is made for.
    pub measured: bool,
    /// What goes, in order.
    pub goes: Vec<FittingLine>,
    /// Bytes that go.
    #[ts(type = "number")]
    pub bytes: u64,
    /// What stays, in order.
    pub stays: Vec<FittingLine>,
    /// Bytes that stay.
    #[ts(type = "number")]
    pub kept_bytes: u64,
    /// Until when what stays is kept back.
    pub until: Timestamp,
}

/// A draft to weigh.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct WeighPost {
    /// What it says.
    pub content: Content,
    /// For these accounts.
    pub to: Vec<AccountId>,
}

/// What a draft will send to one account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PostWeight {
    /// The account.
    pub account: AccountId,
    /// Bytes; nothing for an account that is published by hand.
    #[ts(type = "number | null")]
    pub bytes: Option<u64>,
    /// Whether it is that, or at most that (a film that was not made yet).
    pub exact: bool,
}

/// What a draft will send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PostWeights {
    /// One by one.
    pub weights: Vec<PostWeight>,
    /// Bytes in all.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Whether that is exact.
    pub exact: bool,
    /// Whether the line is paid by the megabyte.
    pub metered: bool,
}
