//! One post for one account, and its states. The attempts to move it are in `attempt`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use crate::amended::Amended;
pub use crate::attempt::{Armed, Attempt, AttemptEvent};
use crate::id::{AccountId, DeliveryId, PostId, RevisionId};
pub use crate::kept::{Kept, Wish};
pub use crate::late::LatePolicy;
use crate::network::NetworkId;
use crate::sentence::Sentence;
use crate::time::{Timestamp, WallTime};

/// A word that is none of the words a list knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not one of the known words")]
pub struct UnknownWord(pub String);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the database and on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text).ok_or_else(|| UnknownWord(text.to_owned()))
            }
        }
    };
}

pub(crate) use words;

words! {
    /// Where a delivery stands.
    State {
        /// Written, not due yet or not looked at yet.
        Scheduled = "scheduled",
        /// Due, and held by something: see [`WaitingFor`].
        Waiting = "waiting",
        /// Its revision is frozen and its renditions are being made.
        Preparing = "preparing",
        /// Its media are going up; nothing is visible.
        Uploading = "uploading",
        /// The network works on its media.
        Processing = "processing",
        /// All is ready and written down; the visible call may follow at any instant.
        Armed = "armed",
        /// The visible call may have been made; its result is not known yet.
        Publishing = "publishing",
        /// Live, with proof. Final, but for a person who removes it.
        Published = "published",
        /// Not live, and will not be without a person: see [`FailedClass`].
        Failed = "failed",
        /// May be live; only a person can say.
        Unknown = "unknown",
        /// The network holds it with its date.
        HandedOver = "handed_over",
        /// Ready for a person to publish by hand.
        Assisted = "assisted",
        /// Called off. Final.
        Cancelled = "cancelled",
        /// Was live, and is gone from its network. Final.
        Deleted = "deleted",
    }
}

words! {
    /// What a waiting delivery waits for.
    WaitingFor {
        /// A way out.
        Network = "network",
        /// A login page stands between here and the network.
        Portal = "portal",
        /// The network's rate limit.
        Rate = "rate",
        /// Its turn: late posts that are let go leave one after the other. Griot's own wish, and no network's.
        Spacing = "spacing",
        /// The pause after a passing failure.
        Backoff = "backoff",
        /// The account has to be connected again.
        Account = "account",
        /// Its time has passed; a person decides.
        Late = "late",
        /// The part before it is not proved yet.
        PreviousPart = "previous_part",
        /// The person paused the outbox.
        Paused = "paused",
        /// The workspace is a copy, moved or restored; a person decides after it was checked.
        CheckAfterMove = "check_after_move",
    }
}

words! {
    /// Why a delivery failed, by what a person has to do.
    FailedClass {
        /// The network refuses the content: edit it.
        Content = "content",
        /// The network refuses the identity: connect again.
        Auth = "auth",
        /// The identity may not do this: ask for the right.
        Permission = "permission",
        /// The account has no credit.
        Billing = "billing",
        /// This machine could not: disk, missing program, missing file.
        Environment = "environment",
    }
}

words! {
    /// What an attempt does.
    Operation {
        /// Make the post visible.
        Publish = "publish",
        /// Give it to the network with its date.
        HandOver = "hand_over",
        /// Give it another date at the network.
        Move = "move",
        /// Take it back from the network before its date.
        Withdraw = "withdraw",
        /// Change what is live.
        Edit = "edit",
        /// Remove what is live.
        Delete = "delete",
    }
}

words! {
    /// How far an attempt has come; also the kind of an event in the journal.
    Phase {
        /// A person wrote the delivery.
        Scheduled = "scheduled",
        /// The revision is frozen.
        Started = "started",
        /// Renditions exist.
        Prepared = "prepared",
        /// Media are with the network.
        Staged = "staged",
        /// Everything needed to ask "is it live?" is on disk.
        Armed = "armed",
        /// The visible call may have left.
        Sent = "sent",
        /// The network was asked whether it is live.
        Probed = "probed",
        /// It ended; see the outcome.
        Ended = "ended",
        /// It is held; the detail says by what.
        Held = "held",
        /// A person answered or acted.
        Person = "person",
    }
}

words! {
    /// How an attempt ended.
    Outcome {
        /// Live, with the network's id.
        Published = "published",
        /// The network keeps it with its date, by the network's own word.
        Kept = "kept",
        /// The network no longer keeps it, and it is not live.
        Withdrawn = "withdrawn",
        /// The live post says what it was to say.
        Edited = "edited",
        /// What was live is gone.
        Deleted = "deleted",
        /// Ready for a person's hands.
        Assisted = "assisted",
        /// The network refused it definitely: it is not live.
        Refused = "refused",
        /// This machine could not, before anything left it: a disk, a missing file, a missing program.
        Stopped = "stopped",
        /// A passing failure before anything could be visible.
        Transient = "transient",
        /// The answer is lost and no probe could tell.
        Unknown = "unknown",
        /// Given up before anything could be visible (edited, cancelled, moved).
        Abandoned = "abandoned",
        /// Settled by a person.
        Person = "person",
    }
}

/// One post for one account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Delivery {
    /// The delivery.
    pub id: DeliveryId,
    /// Its post.
    pub post: PostId,
    /// Its account.
    pub account: AccountId,
    /// The account's network.
    pub network: NetworkId,
    /// Where it stands.
    pub state: State,
    /// What it waits for, when it waits.
    pub waiting_for: Option<WaitingFor>,
    /// Why it failed, when it failed.
    pub failed: Option<FailedClass>,
    /// A sentence for the person about the state, when there is more to say than the state says.
    #[ts(type = "string | null")]
    pub reason: Option<Sentence>,
    /// The instant it is due; nothing means as soon as possible, and then it is never late. What follows a post shows
    /// that post's: see [`Delivery::own_due`].
    pub due: Option<Timestamp>,
    /// The wall time that a person chose, from which `due` was resolved.
    pub wall: Option<WallTime>,
    /// What happens when it is late.
    pub late: LatePolicy,
    /// The revision that is sent, frozen when it enters preparing.
    pub revision: Option<RevisionId>,
    /// 0 for the post itself; 1, 2, ... for what follows it on the same account (first comment, thread parts).
    pub part: u32,
    /// The delivery that must be published before this one.
    pub previous: Option<DeliveryId>,
    /// The worker does not look at it before this instant; nothing when only its due time counts.
    pub next_at: Option<Timestamp>,
    /// Counted tries since a person last touched it: being offline spends none.
    pub tries: u32,
    /// A person let it go although it was late or moved. In a copy of a workspace it is their word that it may leave.
    pub released: bool,
    /// When they let it go although it was late. That was for then: once its policy's margin has passed since, they are
    /// asked again.
    #[serde(default)]
    pub released_at: Option<Timestamp>,
    /// The workspace was a copy when this delivery was found: it is probed before it is armed.
    pub moved: bool,
    /// The address of the live post.
    pub url: Option<String>,
    /// The network's id of the live post.
    pub remote_id: Option<String>,
    /// What a person asked of the network that keeps it, is to keep it, or shows it, while that is not done.
    pub wish: Option<Wish>,
    /// The post as the network keeps it with its date, while it does.
    pub kept: Option<Kept>,
    /// What became of it after it was live; nothing while nobody asked for anything.
    pub amended: Option<Amended>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Delivery {
    /// Whether nothing will move it again by itself: published, deleted or cancelled.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.state.is_final()
    }

    /// Whether the visible call may have been made without a known result.
    #[must_use]
    pub fn may_be_live(&self) -> bool {
        matches!(self.state, State::Armed | State::Publishing | State::Unknown)
    }

    /// Whether it is a part of a post (a first comment): it follows that post in everything, and has no time of its
    /// own.
    #[must_use]
    pub fn follows(&self) -> bool {
        self.previous.is_some()
    }

    /// When it is due by itself; nothing for what leaves as soon as it can, and for what follows a post: that one's
    /// proof is its time.
    #[must_use]
    pub fn own_due(&self) -> Option<Timestamp> {
        self.due.filter(|_| !self.follows())
    }

    /// An instant from which the worker may look at it that has passed at `now`, and that keeps the order of times
    /// among all that may go: its due time, or before all others.
    #[must_use]
    pub fn at_once(&self, now: Timestamp) -> Timestamp {
        self.due.map_or(Timestamp::from_millis(0), |due| due.min(now))
    }

    /// What the next attempt at it does.
    #[must_use]
    pub fn operation(&self) -> Operation {
        match self.wish {
            None => Operation::Publish,
            Some(Wish::HandOver) => Operation::HandOver,
            Some(Wish::Move) => Operation::Move,
            Some(Wish::Withdraw | Wish::Cancel) => Operation::Withdraw,
            Some(Wish::Edit) => Operation::Edit,
            Some(Wish::Delete) => Operation::Delete,
        }
    }
}

impl State {
    /// Whether nothing moves a delivery from here by itself.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Published | Self::Cancelled | Self::Deleted)
    }

    /// Whether it is over, after it was live: what was spent on it is spent.
    #[must_use]
    pub fn was_live(self) -> bool {
        matches!(self, Self::Published | Self::Deleted)
    }

    /// Whether the step from `self` to `to` is one that the outbox knows. The store refuses all others.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        use State::{
            Armed, Assisted, Cancelled, Deleted, Failed, HandedOver, Preparing, Processing, Published,
            Publishing, Scheduled, Unknown, Uploading, Waiting,
        };
        match self {
            Scheduled => {
                matches!(to, Scheduled | Waiting | Preparing | Cancelled | Failed | Published | HandedOver)
            }
            Waiting => !matches!(to, Armed | Publishing | Deleted),
            Preparing => {
                matches!(to, Preparing | Waiting | Scheduled | Uploading | Assisted | Failed | Cancelled)
            }
            Uploading => {
                matches!(
                    to,
                    Uploading
                        | Processing
                        | Waiting
                        | Scheduled
                        | Armed
                        | Failed
                        | Cancelled
                        | Published
                        | HandedOver
                )
            }
            Processing => {
                matches!(
                    to,
                    Processing
                        | Uploading
                        | Waiting
                        | Scheduled
                        | Armed
                        | Failed
                        | Cancelled
                        | Published
                        | HandedOver
                )
            }
            // Nothing may leave these two but proof, a definite refusal, certainty that nothing was sent, or a person.
            Armed => matches!(to, Armed | Publishing | Waiting | Published | Failed | Unknown | HandedOver),
            Publishing => matches!(to, Publishing | Waiting | Published | Failed | Unknown | HandedOver),
            Failed => matches!(to, Failed | Scheduled | Waiting | Cancelled | Published),
            Unknown => matches!(to, Unknown | Scheduled | Waiting | Cancelled | Published),
            HandedOver => {
                matches!(to, HandedOver | Armed | Published | Waiting | Unknown)
            }
            Assisted => matches!(to, Assisted | Published | Cancelled | Scheduled | Waiting),
            // Changed it stays live; removed it is gone for good.
            Published => matches!(to, Published | Deleted),
            Deleted | Cancelled => to == self,
        }
    }
}

/// One step of a delivery from one state to another, as listeners hear it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Transition {
    /// The delivery.
    pub id: DeliveryId,
    /// Where it stands now.
    pub state: State,
    /// What it waits for.
    pub waiting_for: Option<WaitingFor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_final_state_and_armed_never_goes_back_quietly() {
        for to in State::ALL {
            let stays = matches!(to, State::Published | State::Deleted);
            assert_eq!(State::Published.may_become(*to), stays, "what is live is live until it is removed");
            assert_eq!(State::Deleted.may_become(*to), *to == State::Deleted);
            assert!(
                *to != State::Deleted || State::ALL.iter().filter(|from| from.may_become(*to)).count() == 2
            );
            assert_eq!(State::Cancelled.may_become(*to), *to == State::Cancelled);
        }
        for from in [State::Armed, State::Publishing] {
            assert!(!from.may_become(State::Scheduled));
            assert!(!from.may_become(State::Cancelled), "what may be live is never simply called off");
        }
    }
}
