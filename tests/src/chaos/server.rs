//! What the trial asks of a network: a stub of the stubs' crate, or a real server.

use griot_stubs::{
    Auditor, Discourse, Facebook, Fediverse, Held, Manners, Planned, Telegram, X, discourse, facebook,
    fediverse, telegram, x,
};
use serde_json::{Value, json};

use super::places::Kind;

/// Films go up to the Page in parts of so many bytes: the films of the trial are small.
const PART: usize = 20_000;

/// What a network holds of the posts that were looked for.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// What everybody sees, with comments.
    pub(super) live: Vec<Held>,
    /// What waits there for its date.
    pub(super) kept: Vec<Planned>,
}

/// A network of a run, with the one account that the studio has there.
pub(super) trait Server: Send + Sync {
    /// `http://127.0.0.1:port`.
    fn url(&self) -> String;
    /// What the account has there whose words hold `tag`; all of it for an empty one.
    fn look(&self, tag: &str) -> Look;
    /// What was wrong with requests by the network's own specification; a real server refuses what it does not take.
    fn violations(&self) -> Vec<String> {
        Vec::new()
    }
    /// It is so late at the network now, in milliseconds since 1970.
    fn set_now(&self, millis: i64);
    /// What it makes of what it is given from now on; a real server has its own manners.
    fn behave(&self, _manners: Manners) {}
    /// The secret that is good at the start.
    fn first_secret(&self) -> String;
    /// The secret is good no more.
    fn revoke(&self);
    /// Another secret is good, and no other; `n` is another one each time.
    fn renew(&self, n: u32) -> String;
    /// What a person gives to connect.
    fn fields(&self, secret: &str) -> Value;
}

/// A stub.
pub(super) struct Stubbed {
    kind: Kind,
    stub: Box<dyn Auditor>,
}

impl Stubbed {
    /// A stub of this kind; nothing when it is a real server's.
    pub(super) fn start(kind: Kind) -> Option<Self> {
        let stub: Box<dyn Auditor> = match kind {
            Kind::Facebook => {
                let page = Facebook::start();
                page.part(PART);
                Box::new(page)
            }
            Kind::X => Box::new(X::start()),
            Kind::Telegram => Box::new(Telegram::start()),
            Kind::Discourse => Box::new(Discourse::start()),
            Kind::Fediverse => Box::new(Fediverse::start()),
            Kind::Bluesky | Kind::Mastodon | Kind::Wordpress => return None,
        };
        Some(Self { kind, stub })
    }
}

impl Server for Stubbed {
    fn url(&self) -> String {
        self.stub.url()
    }

    fn look(&self, tag: &str) -> Look {
        let (mut live, mut kept) = (self.stub.posts(), self.stub.scheduled());
        live.retain(|post| post.text.contains(tag));
        kept.retain(|planned| planned.post.text.contains(tag));
        Look { live, kept }
    }

    fn violations(&self) -> Vec<String> {
        self.stub.violations()
    }

    fn set_now(&self, millis: i64) {
        self.stub.set_now(millis);
    }

    fn behave(&self, manners: Manners) {
        self.stub.behave(manners);
    }

    fn first_secret(&self) -> String {
        match self.kind {
            Kind::Facebook => facebook::TOKEN,
            Kind::X => x::ACCESS_TOKEN,
            Kind::Telegram => telegram::TOKEN,
            Kind::Discourse => discourse::KEY,
            _ => fediverse::TOKEN,
        }
        .to_owned()
    }

    fn revoke(&self) {
        self.stub.revoke();
    }

    fn renew(&self, n: u32) -> String {
        // Each in the shape of its network's.
        let secret = match self.kind {
            Kind::Facebook => format!("EAAStubPageToken{n}"),
            Kind::X => format!("{}-StubAccessToken{n}", x::USER),
            Kind::Telegram => format!("123456789:AAStub-token_of_the_bot_{n:010}"),
            // Nothing but noughts and a figure stands in the journal as well, where a chain of hashes begins.
            Kind::Discourse => format!("c0ffee{n:058x}"),
            _ => format!("stub-fediverse-token-{n}"),
        };
        self.stub.replace(&secret);
        secret
    }

    fn fields(&self, secret: &str) -> Value {
        match self.kind {
            Kind::X => json!({
                "api_key": x::API_KEY, "api_secret": x::API_SECRET,
                "access_token": secret, "access_secret": x::ACCESS_SECRET,
            }),
            Kind::Telegram => json!({
                "token": secret, "channel": telegram::CHANNEL.to_string(), "desk": telegram::DESK.to_string(),
            }),
            Kind::Discourse => json!({ "key": secret, "handle": discourse::USERNAME }),
            _ => json!({ "token": secret }),
        }
    }
}
