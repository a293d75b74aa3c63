//! What all stubs share: one lock around what they keep, a clock, a token, and what was wrong with requests.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::http::{Answer, Request, Serve, Server, held};
use crate::manners::Manners;
use crate::time;

/// A medium of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldMedia {
    /// The network's id.
    pub id: String,
    /// BLAKE3 of the bytes that came, 64 hexadecimal digits.
    pub hash: String,
    /// How many they were.
    pub bytes: usize,
    /// The alt text that came with it.
    pub alt: Option<String>,
}

/// A post as a network keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The network's id. The ids of an album's messages, joined by commas.
    pub id: String,
    /// The text as it was received, or as a server that tidies texts keeps it.
    pub text: String,
    /// Its media, in order.
    pub media: Vec<HeldMedia>,
    /// The id of the post that it stands under; of a topic's first one.
    pub parent: Option<String>,
    /// When it became visible, in milliseconds by the stub's clock; when it will, for one that has a date.
    pub at: i64,
    /// The key of the client's that came with it (`Idempotency-Key`, `external_id`).
    pub key: Option<String>,
    /// The visible call's fields, as they came.
    pub sent: Value,
}

/// A post that has a date.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The post; its `at` is the date.
    pub post: Held,
}

/// What any of the stubs tells a test.
pub trait Auditor: fmt::Debug + Send + Sync {
    /// `http://127.0.0.1:port`.
    fn url(&self) -> String;
    /// Every post that is visible, oldest first, with answers and first comments.
    fn posts(&self) -> Vec<Held>;
    /// Every post that waits for its date at the network.
    fn scheduled(&self) -> Vec<Planned>;
    /// What was wrong with requests by the network's own specification, and what no client may do (a token in an
    /// address). A refusal for a limit alone is none.
    fn violations(&self) -> Vec<String>;
    /// Every request that came in whole, as it came.
    fn requests(&self) -> Vec<Request>;
    /// What time it is at the network, from now on; without it, the machine's.
    fn set_now(&self, millis: i64);
    /// The token is good no more.
    fn revoke(&self);
    /// Another token is good, and no other.
    fn replace(&self, token: &str);
    /// What the network makes of what it is given, from now on.
    fn behave(&self, manners: Manners);
}

/// What a stub's requests need beside its own state.
#[derive(Debug)]
pub(crate) struct Desk {
    now: Option<i64>,
    last: i64,
    token: Option<String>,
    violations: Vec<String>,
    requests: Vec<Request>,
    next: u64,
    manners: Manners,
    /// When each post was made that no list had for a while.
    made: BTreeMap<String, i64>,
}

impl Desk {
    /// What time it is.
    pub(crate) fn now(&self) -> i64 {
        self.now.unwrap_or_else(time::wall)
    }

    /// A number that no other thing of this stub has; they grow.
    pub(crate) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// What the network makes of what it is given.
    pub(crate) fn manners(&self) -> Manners {
        self.manners
    }

    /// A post was made at this instant: lists have it later.
    pub(crate) fn made(&mut self, id: &str, at: i64) {
        self.made.insert(id.to_owned(), at);
    }

    /// Whether lists have this post by now.
    pub(crate) fn is_listed(&self, id: &str) -> bool {
        self.made.get(id).is_none_or(|at| at + self.manners.lists_after_ms <= self.now())
    }

    /// Whether this is the good token.
    pub(crate) fn is_good(&self, token: Option<&str>) -> bool {
        token.is_some() && self.token.as_deref() == token
    }

    /// The good token; none when it was revoked.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Notes what was wrong with a request.
    pub(crate) fn note(&mut self, request: &Request, wrong: impl IntoIterator<Item = String>) {
        let at = format!("{} {}", request.method, request.path());
        self.violations.extend(wrong.into_iter().map(|words| format!("{at}: {words}")));
    }
}

/// A network's own behaviour.
pub(crate) trait Api: Send + 'static {
    /// Answers a request.
    fn answer(&mut self, desk: &mut Desk, request: &Request) -> Answer;
    /// A request whose body broke off.
    fn broken(&mut self, _desk: &mut Desk, _request: &Request) {}
    /// Every visible post, oldest first.
    fn posts(&self) -> Vec<Held>;
    /// Posts with a date that has not come.
    fn scheduled(&self) -> Vec<Planned> {
        Vec::new()
    }
    /// Time has passed: dates may have come.
    fn tick(&mut self, _desk: &mut Desk) {}
}

#[derive(Debug)]
struct Kept<A> {
    desk: Desk,
    api: A,
}

/// A network on loopback; it ends when this is dropped.
pub struct Stub<A> {
    kept: Arc<Mutex<Kept<A>>>,
    server: Server,
}

impl<A> fmt::Debug for Stub<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stub({})", self.server.url())
    }
}

struct Serving<A>(Arc<Mutex<Kept<A>>>);

impl<A: Api> Serve for Serving<A> {
    fn answer(&self, request: &Request) -> Answer {
        let mut kept = held(&self.0);
        let Kept { desk, api } = &mut *kept;
        desk.requests.push(request.clone());
        let now = desk.now();
        if now != desk.last {
            desk.last = now;
            api.tick(desk);
        }
        api.answer(desk, request).with("date", &time::http(now))
    }

    fn broken(&self, request: &Request) {
        let mut kept = held(&self.0);
        let Kept { desk, api } = &mut *kept;
        api.broken(desk, request);
    }
}

#[expect(private_bounds, reason = "the networks are this crate's own")]
impl<A: Api> Stub<A> {
    pub(crate) fn serve(api: A, token: &str) -> Self {
        let desk = Desk {
            now: None,
            last: 0,
            token: Some(token.to_owned()),
            violations: Vec::new(),
            requests: Vec::new(),
            next: 100,
            manners: Manners::default(),
            made: BTreeMap::new(),
        };
        let kept = Arc::new(Mutex::new(Kept { desk, api }));
        let server = Server::start(Arc::new(Serving(Arc::clone(&kept))));
        Self { kept, server }
    }

    /// Looks at the network's own state, or changes it.
    pub(crate) fn within<T>(&self, look: impl FnOnce(&mut A) -> T) -> T {
        look(&mut held(&self.kept).api)
    }
}

impl<A: Api> Auditor for Stub<A> {
    fn url(&self) -> String {
        self.server.url()
    }

    fn posts(&self) -> Vec<Held> {
        let mut kept = held(&self.kept);
        let Kept { desk, api } = &mut *kept;
        api.tick(desk);
        api.posts()
    }

    fn scheduled(&self) -> Vec<Planned> {
        let mut kept = held(&self.kept);
        let Kept { desk, api } = &mut *kept;
        api.tick(desk);
        api.scheduled()
    }

    fn violations(&self) -> Vec<String> {
        held(&self.kept).desk.violations.clone()
    }

    fn requests(&self) -> Vec<Request> {
        held(&self.kept).desk.requests.clone()
    }

    fn set_now(&self, millis: i64) {
        let mut kept = held(&self.kept);
        let Kept { desk, api } = &mut *kept;
        desk.now = Some(millis);
        api.tick(desk);
    }

    fn revoke(&self) {
        held(&self.kept).desk.token = None;
    }

    fn replace(&self, token: &str) {
        held(&self.kept).desk.token = Some(token.to_owned());
    }

    fn behave(&self, manners: Manners) {
        held(&self.kept).desk.manners = manners;
    }
}

/// Bytes that came up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upload {
    pub(crate) bytes: Vec<u8>,
    pub(crate) alt: Option<String>,
}

impl Upload {
    /// As a medium of a post.
    pub(crate) fn held(&self, id: &str) -> HeldMedia {
        HeldMedia {
            id: id.to_owned(),
            hash: blake3::hash(&self.bytes).to_hex().to_string(),
            bytes: self.bytes.len(),
            alt: self.alt.clone(),
        }
    }
}
