//! The networks of a run: a server that remembers, a gate before it, and an account of the studio's behind it.

use std::sync::Arc;

use griot_domain::NetworkId;
use griot_domain::rules::{Authority, Rules};
use griot_stubs::discourse;
use griot_stubs::gate::{Asked, Gate};
use serde_json::{Value, json};

use super::life::Machine;
use super::real::{self, Servers};
use super::server::{Server, Stubbed};

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
    /// The real Bluesky server.
    Bluesky,
    /// The Mastodon-API server.
    Mastodon,
    /// A real WordPress site.
    Wordpress,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Facebook,
        Self::X,
        Self::Telegram,
        Self::Discourse,
        Self::Fediverse,
        Self::Bluesky,
        Self::Mastodon,
        Self::Wordpress,
    ];

    /// Every kind whose server is here: the stubs, and what is installed of the real ones.
    #[must_use]
    pub fn here() -> Vec<Self> {
        Self::ALL.iter().copied().filter(|kind| real::is_here(*kind)).collect()
    }

    /// Whether it is a real server, which takes its time.
    #[must_use]
    pub fn is_real(self) -> bool {
        matches!(self, Self::Bluesky | Self::Mastodon | Self::Wordpress)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Facebook => "facebook",
            Self::X => "x",
            Self::Telegram => "telegram",
            Self::Discourse => "discourse",
            Self::Fediverse => "fediverse",
            Self::Bluesky => "bluesky",
            Self::Mastodon => "mastodon",
            Self::Wordpress => "wordpress",
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
            Self::Fediverse | Self::Mastodon => NetworkId::Mastodon,
            Self::Bluesky => NetworkId::Bluesky,
            Self::Wordpress => NetworkId::Wordpress,
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

    /// Whether what is live says its alt texts in a place of their own; those of films, where it is a film.
    pub(super) fn shows_alt_texts(self, is_film: bool) -> bool {
        match self {
            Self::Fediverse | Self::Mastodon | Self::Bluesky => true,
            Self::Facebook | Self::X | Self::Wordpress => !is_film,
            Self::Telegram | Self::Discourse => false,
        }
    }

    /// Whether the studio hands posts over to it. The Mastodon server cannot be asked what it keeps: see there.
    pub(super) fn keeps_dates(self) -> bool {
        self != Self::Mastodon && Rules::of(self.network()).hand_over.is_some()
    }

    /// Whether a request may be the one that makes a post visible.
    pub(super) fn is_visible(self, asked: &Asked) -> bool {
        let parts: &[&str] = match self {
            Self::Facebook => &["/feed", "/videos", "/video_reels", "/comments"],
            Self::X => &["/2/tweets"],
            Self::Telegram => &["/send"],
            Self::Discourse => &["/posts.json"],
            Self::Fediverse | Self::Mastodon => &["/api/v1/statuses"],
            Self::Bluesky => &["/xrpc/com.atproto.repo.createRecord"],
            Self::Wordpress => &["/wp/v2/posts/", "/wp/v2/comments"],
        };
        changes_what_is_there(self, asked) || parts.iter().any(|part| asked.is("POST", part))
    }

    /// The declared fields that a post needs there.
    pub(super) fn declared(self, tag: &str) -> Value {
        match self {
            Self::Discourse => {
                json!({ "title": format!("Un sujet pour {tag}"), "category": discourse::CATEGORY.to_string() })
            }
            Self::Wordpress => json!({ "title": format!("Un article pour {tag}") }),
            _ => json!({}),
        }
    }
}

/// Whether a request may change, move or remove what a network keeps or shows.
fn changes_what_is_there(kind: Kind, asked: &Asked) -> bool {
    if matches!(asked.method.as_str(), "DELETE" | "PUT") {
        return true;
    }
    let parts: &[&str] = match kind {
        Kind::Facebook => &["/104104104104104_"],
        Kind::Telegram => &["/editMessage", "/deleteMessage"],
        Kind::Bluesky => &["/xrpc/com.atproto.repo.deleteRecord"],
        _ => &[],
    };
    parts.iter().any(|part| asked.is("POST", part))
}

/// One network of a run.
pub(super) struct Place {
    pub(super) kind: Kind,
    pub(super) server: Arc<dyn Server>,
    pub(super) gate: Gate,
    /// The studio's account.
    pub(super) account: String,
    secrets: Vec<String>,
}

impl Place {
    fn start(kind: Kind, servers: &Servers) -> Self {
        let stubbed = Stubbed::start(kind).map(|stub| Arc::new(stub) as Arc<dyn Server>);
        let server =
            stubbed.or_else(|| servers.account(kind)).expect("BUG: a kind is a stub's or a server's");
        let gate = Gate::start(&server.url());
        let secrets = vec![server.first_secret()];
        Self { kind, server, gate, account: String::new(), secrets }
    }

    /// Connects the account, as a person does: with the secret that the network takes now.
    pub(super) fn connect(&mut self, machine: &mut Machine) {
        self.gate.clear();
        self.gate.online();
        let secret = self.secrets.last().cloned().unwrap_or_default();
        let request = json!({
            "network": self.kind.network(), "server": self.gate.url(), "fields": self.server.fields(&secret),
        });
        let answer = machine.must("accounts.add", request);
        self.account = answer["account"]["id"].as_str().expect("an id").to_owned();
    }

    /// The person makes another secret on the network's own page.
    pub(super) fn renew(&mut self) {
        let n = u32::try_from(self.secrets.len()).unwrap_or(u32::MAX);
        self.secrets.push(self.server.renew(n));
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
    pub(super) fn start(kinds: &[Kind], servers: &Servers) -> Self {
        Self(kinds.iter().map(|kind| Place::start(*kind, servers)).collect())
    }
}
