//! The networks of a run: a server that remembers, a gate before it, and an account of the studio's behind it.

use std::sync::Arc;

use griot_domain::NetworkId;
use griot_domain::rules::{Authority, Rules};
use griot_stubs::gate::{Asked, Gate};
use griot_stubs::{
    Auditor, Discourse, Facebook, Fediverse, Telegram, X, discourse, facebook, fediverse, telegram, x,
};
use serde_json::{Value, json};

use super::life::Machine;

/// A kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A Facebook Page.
    Facebook,
    /// X.
    X,
    /// A Telegram channel, its bot with a private chat for files.
    Telegram,
    /// A Discourse forum.
    Discourse,
    /// A server that speaks Mastodon's interface and ignores `Idempotency-Key`.
    Fediverse,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] =
        &[Self::Facebook, Self::X, Self::Telegram, Self::Discourse, Self::Fediverse];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Facebook => "facebook",
            Self::X => "x",
            Self::Telegram => "telegram",
            Self::Discourse => "discourse",
            Self::Fediverse => "fediverse",
        }
    }

    /// The kind called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The network that the studio takes it for.
    pub(super) fn network(self) -> NetworkId {
        match self {
            Self::Facebook => NetworkId::Facebook,
            Self::X => NetworkId::X,
            Self::Telegram => NetworkId::Telegram,
            Self::Discourse => NetworkId::Discourse,
            Self::Fediverse => NetworkId::Mastodon,
        }
    }

    /// Whether "not there" can be believed, by the studio's own rules.
    pub(super) fn proves_absence(self) -> bool {
        Rules::of(self.network()).recovery.probe == Authority::Authoritative
    }

    /// Whether what is live can be found at all.
    pub(super) fn shows_what_is_live(self) -> bool {
        Rules::of(self.network()).recovery.probe != Authority::None
    }

    /// Whether what is live says its alt texts in a place of their own.
    pub(super) fn shows_alt_texts(self) -> bool {
        matches!(self, Self::Facebook | Self::X | Self::Fediverse)
    }

    /// Whether the studio hands posts over to it.
    pub(super) fn keeps_dates(self) -> bool {
        Rules::of(self.network()).hand_over.is_some()
    }

    fn start(self) -> Arc<dyn Auditor> {
        match self {
            Self::Facebook => Arc::new(Facebook::start()),
            Self::X => Arc::new(X::start()),
            Self::Telegram => Arc::new(Telegram::start()),
            Self::Discourse => Arc::new(Discourse::start()),
            Self::Fediverse => Arc::new(Fediverse::start()),
        }
    }

    /// A secret that was never used before, in the shape of this network's.
    fn secret(self, n: u32) -> String {
        match self {
            Self::Facebook => format!("EAAStubPageToken{n}"),
            Self::X => format!("{}-StubAccessToken{n}", x::USER),
            Self::Telegram => format!("123456789:AAStub-token_of_the_bot_{n:010}"),
            // Nothing but noughts and a figure stands in the journal as well, where a chain of hashes begins.
            Self::Discourse => format!("c0ffee{n:058x}"),
            Self::Fediverse => format!("stub-fediverse-token-{n}"),
        }
    }

    fn first_secret(self) -> &'static str {
        match self {
            Self::Facebook => facebook::TOKEN,
            Self::X => x::ACCESS_TOKEN,
            Self::Telegram => telegram::TOKEN,
            Self::Discourse => discourse::KEY,
            Self::Fediverse => fediverse::TOKEN,
        }
    }

    /// What a person gives to connect.
    fn fields(self, secret: &str) -> Value {
        match self {
            Self::Facebook | Self::Fediverse => json!({ "token": secret }),
            Self::X => json!({
                "api_key": x::API_KEY, "api_secret": x::API_SECRET,
                "access_token": secret, "access_secret": x::ACCESS_SECRET,
            }),
            Self::Telegram => json!({
                "token": secret, "channel": telegram::CHANNEL.to_string(), "desk": telegram::DESK.to_string(),
            }),
            Self::Discourse => json!({ "key": secret, "handle": discourse::USERNAME }),
        }
    }

    /// Whether a request may be the one that makes a post visible.
    pub(super) fn is_visible(self, asked: &Asked) -> bool {
        let parts: &[&str] = match self {
            Self::Facebook => &["/feed", "/videos", "/video_reels", "/comments"],
            Self::X => &["/2/tweets"],
            Self::Telegram => &["/send"],
            Self::Discourse => &["/posts.json"],
            Self::Fediverse => &["/api/v1/statuses"],
        };
        let changes_what_is_kept = match self {
            Self::Facebook => asked.method == "DELETE" || asked.is("POST", "/104104104104104_"),
            Self::Fediverse => {
                asked.is("PUT", "/scheduled_statuses/") || asked.is("DELETE", "/scheduled_statuses/")
            }
            _ => false,
        };
        changes_what_is_kept || parts.iter().any(|part| asked.is("POST", part))
    }

    /// The declared fields that a post needs there.
    pub(super) fn declared(self, tag: &str) -> Value {
        match self {
            Self::Discourse => {
                json!({ "title": format!("Un sujet pour {tag}"), "category": discourse::CATEGORY.to_string() })
            }
            _ => json!({}),
        }
    }
}

/// One network of a run.
pub(super) struct Place {
    pub(super) kind: Kind,
    pub(super) server: Arc<dyn Auditor>,
    pub(super) gate: Gate,
    /// The studio's account.
    pub(super) account: String,
    secrets: Vec<String>,
}

impl Place {
    fn start(kind: Kind) -> Self {
        let server = kind.start();
        let gate = Gate::start(&server.url());
        let secrets = vec![kind.first_secret().to_owned()];
        Self { kind, server, gate, account: String::new(), secrets }
    }

    /// Connects the account, as a person does: with the secret that the network takes now.
    pub(super) fn connect(&mut self, machine: &mut Machine) {
        self.gate.clear();
        self.gate.online();
        let secret = self.secrets.last().cloned().unwrap_or_default();
        let request = json!({
            "network": self.kind.network(), "server": self.gate.url(), "fields": self.kind.fields(&secret),
        });
        let answer = machine.must("accounts.add", request);
        self.account = answer["account"]["id"].as_str().expect("an id").to_owned();
    }

    /// The person makes another secret on the network's own page.
    pub(super) fn renew(&mut self) {
        let n = u32::try_from(self.secrets.len()).unwrap_or(u32::MAX);
        let secret = self.kind.secret(n);
        self.server.replace(&secret);
        self.secrets.push(secret);
    }

    /// Every secret that was ever used.
    pub(super) fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// Everything passes again.
    pub(super) fn calm(&self) {
        self.gate.clear();
        self.gate.online();
    }
}

/// Every network of a run.
pub(super) struct Places(pub(super) Vec<Place>);

impl Places {
    pub(super) fn start(kinds: &[Kind]) -> Self {
        Self(kinds.iter().map(|kind| Place::start(*kind)).collect())
    }
}
