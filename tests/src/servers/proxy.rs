//! The trouble between Griot and a server: a loopback proxy that loses answers, cuts uploads, strips headers.
//!
//! One request per connection, HTTP/1.1, a thread for each: it runs beside any test, async or not.
//! Deliberately absent: TLS, keep-alive, HTTP/2.

mod fault;
mod wire;

use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};

pub use fault::{Fault, Faults, Rule};
use wire::{Body, Head};

/// A request that passed, or tried to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case, in order. The value of `authorization` is left out.
    pub headers: Vec<(String, String)>,
    /// Bytes of the body that were read.
    pub body: usize,
    /// The server's status; nothing when it was not asked or did not answer.
    pub status: Option<u16>,
}

impl Recorded {
    /// The value of the header called `name` (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

#[derive(Debug)]
struct Shared {
    target: String,
    faults: Mutex<Faults>,
    requests: Mutex<Vec<Recorded>>,
    closing: AtomicBool,
}

/// A proxy on a port of its own before one server; it ends when this is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

impl Proxy {
    /// Starts a proxy before `target` (`http://127.0.0.1:port`).
    ///
    /// # Panics
    /// When loopback has no port left or `target` is no such address.
    #[must_use]
    pub fn start(target: &str, faults: Faults) -> Self {
        let target =
            target.strip_prefix("http://").expect("an http address").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("BUG: a bound socket has an address");
        let shared = Arc::new(Shared {
            target,
            faults: Mutex::new(faults),
            requests: Mutex::new(Vec::new()),
            closing: AtomicBool::new(false),
        });
        let accepting = Mutex::new(Some(accept(listener, Arc::clone(&shared))));
        Self { address, shared, accepting }
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What goes wrong from now on, instead of what went wrong before.
    pub fn set(&self, faults: Faults) {
        *held(&self.shared.faults) = faults;
    }

    /// One more thing that goes wrong.
    pub fn add(&self, rule: Rule) {
        held(&self.shared.faults).push(rule);
    }

    /// Everything passes from now on.
    pub fn clear(&self) {
        self.set(Faults::default());
    }

    /// Every request so far, in the order in which they ended.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        held(&self.shared.requests).clone()
    }

    /// How many requests had this method and a path that begins so.
    #[must_use]
    pub fn count(&self, method: &str, path: &str) -> usize {
        held(&self.shared.requests).iter().filter(|r| r.method == method && r.path.starts_with(path)).count()
    }

    /// Nobody listens any more: connections are refused, as without a network.
    pub fn offline(&self) {
        let Some(accepting) = held(&self.accepting).take() else { return };
        self.shared.closing.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        TcpStream::connect(self.address).ok();
        accepting.join().ok();
    }

    /// Listens again, on the same port.
    ///
    /// # Panics
    /// When another program took the port meanwhile.
    pub fn online(&self) {
        let mut accepting = held(&self.accepting);
        if accepting.is_some() {
            return;
        }
        self.shared.closing.store(false, Ordering::SeqCst);
        let listener = TcpListener::bind(self.address).expect("the port is still free");
        *accepting = Some(accept(listener, Arc::clone(&self.shared)));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.offline();
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn accept(listener: TcpListener, shared: Arc<Shared>) -> JoinHandle<()> {
    thread::spawn(move || {
        for client in listener.incoming() {
            if shared.closing.load(Ordering::SeqCst) {
                return;
            }
            let Ok(client) = client else { continue };
            let shared = Arc::clone(&shared);
            // A broken connection is what the proxy is for: there is nobody to tell.
            thread::spawn(move || pass(client, &shared).ok());
        }
    })
}

/// One request and its answer, with whatever goes wrong with them.
fn pass(mut client: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let (mut head, early) = Head::read(&mut client)?;
    let faults = held(&shared.faults).matching(head.method(), head.path());
    let mut record = Recorded {
        method: head.method().to_owned(),
        path: head.path().to_owned(),
        headers: head.public_headers(),
        body: 0,
        status: None,
    };
    let result = pass_with(&mut client, &mut head, early, &faults, &mut record, shared);
    held(&shared.requests).push(record);
    client.shutdown(Shutdown::Both).ok();
    result
}

fn pass_with(
    client: &mut TcpStream,
    head: &mut Head,
    early: Vec<u8>,
    faults: &[Fault],
    record: &mut Recorded,
    shared: &Shared,
) -> std::io::Result<()> {
    let mut body = Body::of(head, early);
    if faults.contains(&Fault::Refuse) {
        return Ok(());
    }
    if let Some(page) = faults.iter().find_map(Fault::page) {
        record.body = body.copy(client, &mut std::io::sink(), usize::MAX)?;
        record.status = None;
        return client.write_all(&page);
    }
    for name in faults.iter().filter_map(Fault::stripped) {
        head.remove(name);
    }
    head.set("connection", "close");
    head.set("host", &shared.target);
    let mut server = TcpStream::connect(&shared.target)?;
    server.write_all(&head.bytes())?;
    let cut = faults.iter().find_map(Fault::cut);
    record.body = body.copy(client, &mut server, cut.unwrap_or(usize::MAX))?;
    if cut.is_some() {
        server.shutdown(Shutdown::Both).ok();
        return Ok(());
    }
    let answer = wire::answer(&mut server)?;
    record.status = wire::status(&answer);
    if faults.contains(&Fault::DropAnswer) {
        return Ok(());
    }
    let whole = answer.len();
    client.write_all(&answer[..if faults.contains(&Fault::Truncate) { wire::half(&answer) } else { whole }])
}

#[cfg(test)]
mod tests;
