//! Trouble on the line: a proxy on loopback between Griot and any server, a stub of this crate or a real one.
//!
//! What happens to each request is decided by the test, from its method, its path and how many came before: nothing is
//! left to chance or to time. A delay lasts until the test ends it. Deliberately absent: TLS, keep-alive, HTTP/2.

mod fault;
mod latch;
mod page;
mod pass;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};

pub use fault::Fault;
pub use latch::Latch;
pub use page::{Page, Wait};

use crate::http::{Listener, held};

/// A request that is about to pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path and query.
    pub target: String,
    /// How many requests came before it through this gate.
    pub before: usize,
    /// How many of them had the same method and the same path.
    pub same_before: usize,
}

impl Asked {
    /// The path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Whether it has this method and a path that holds `part`.
    #[must_use]
    pub fn is(&self, method: &str, part: &str) -> bool {
        self.method == method && self.path().contains(part)
    }
}

/// A request that came, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path and query.
    pub target: String,
    /// What was done to it, by its name.
    pub fault: &'static str,
    /// Bytes of the body that were read from the client.
    pub body: usize,
    /// The server's own status; nothing when it was not asked or did not answer.
    pub status: Option<u16>,
}

type Plan = dyn FnMut(&Asked) -> Fault + Send;

/// What a gate keeps.
struct State {
    plan: Box<Plan>,
    seen: Vec<(String, String)>,
    passed: Vec<Passed>,
    counts: BTreeMap<&'static str, usize>,
    /// Addresses under which the server calls itself.
    origins: Vec<String>,
}

struct Shared {
    /// `host:port` of the server.
    upstream: String,
    state: Mutex<State>,
}

/// A gate before one server; it ends when this is dropped.
pub struct Gate {
    listener: Arc<Listener>,
    shared: Arc<Shared>,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gate({} before {})", self.listener.url(), self.shared.upstream)
    }
}

impl Gate {
    /// A gate before `upstream` (`http://host:port`) through which everything passes.
    ///
    /// # Panics
    /// When `upstream` is no such address, or loopback has no port left.
    #[must_use]
    pub fn start(upstream: &str) -> Self {
        let upstream =
            upstream.strip_prefix("http://").expect("an http address").trim_end_matches('/').to_owned();
        let state = State {
            plan: Box::new(|_| Fault::Pass),
            seen: Vec::new(),
            passed: Vec::new(),
            counts: BTreeMap::new(),
            origins: vec![format!("http://{upstream}")],
        };
        let shared = Arc::new(Shared { upstream, state: Mutex::new(state) });
        let serving = Arc::clone(&shared);
        // The thread of a connection may close the port, and never keeps it open.
        let listener = Arc::new_cyclic(|port: &std::sync::Weak<Listener>| {
            let port = port.clone();
            Listener::start(move |client| {
                // A broken connection is what the gate is for: there is nobody to tell.
                pass::request(client, &serving, &port).ok();
            })
        });
        Self { listener, shared }
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        self.listener.url()
    }

    /// The server calls itself by this address as well (`https://mastodon.example`): it becomes the gate's, too.
    pub fn alias(&self, origin: &str) {
        held(&self.shared.state).origins.push(origin.trim_end_matches('/').to_owned());
    }

    /// From now on this decides what happens to each request.
    pub fn plan(&self, plan: impl FnMut(&Asked) -> Fault + Send + 'static) {
        held(&self.shared.state).plan = Box::new(plan);
    }

    /// These happen to the next requests, one each; then everything passes.
    pub fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        let mut queue: VecDeque<Fault> = faults.into_iter().collect();
        self.plan(move |_| queue.pop_front().unwrap_or(Fault::Pass));
    }

    /// These happen to the next requests with this method and a path that holds `part`, one each; all others pass.
    pub fn at(&self, method: &str, part: &str, faults: impl IntoIterator<Item = Fault>) {
        let (method, part) = (method.to_owned(), part.to_owned());
        let mut queue: VecDeque<Fault> = faults.into_iter().collect();
        self.plan(move |asked| {
            let fault = asked.is(&method, &part).then(|| queue.pop_front()).flatten();
            fault.unwrap_or(Fault::Pass)
        });
    }

    /// Everything passes from now on.
    pub fn clear(&self) {
        self.next([]);
    }

    /// Nobody listens any more: connections are refused, as without a network.
    pub fn offline(&self) {
        self.listener.offline();
    }

    /// Listens again, on the same port.
    ///
    /// # Panics
    /// When another program took the port meanwhile.
    pub fn online(&self) {
        self.listener.online();
    }

    /// What became of every request so far. It is written down before the client can know.
    #[must_use]
    pub fn passed(&self) -> Vec<Passed> {
        held(&self.shared.state).passed.clone()
    }

    /// How often each fault was done, by its name. It is counted when it is decided.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        held(&self.shared.state).counts.clone()
    }

    /// How many connections are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.listener.open()
    }
}

impl Shared {
    /// What happens to a request.
    fn decide(&self, method: &str, target: &str) -> Fault {
        let mut state = held(&self.state);
        let path = target.split('?').next().unwrap_or_default();
        let same = |(m, p): &&(String, String)| m == method && p == path;
        let asked = Asked {
            method: method.to_owned(),
            target: target.to_owned(),
            before: state.seen.len(),
            same_before: state.seen.iter().filter(same).count(),
        };
        state.seen.push((method.to_owned(), path.to_owned()));
        let fault = (state.plan)(&asked);
        *state.counts.entry(fault.name()).or_default() += 1;
        fault
    }

    fn record(&self, passed: Passed) {
        held(&self.state).passed.push(passed);
    }

    fn origins(&self) -> Vec<String> {
        held(&self.state).origins.clone()
    }
}
