//! A port on loopback, a thread for each connection, and an end for all of them.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

type Serve = dyn Fn(&mut TcpStream) + Send + Sync;

/// A port that is listened on; nobody listens any more, and every open connection is closed, when this is dropped.
pub struct Listener {
    address: SocketAddr,
    serve: Arc<Serve>,
    open: Arc<Mutex<Open>>,
    accepting: Mutex<Option<Accepting>>,
}

/// The thread that waits for connections, and how it is told to end.
struct Accepting {
    closing: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// The connections that are being served.
#[derive(Default)]
struct Open {
    next: u64,
    streams: BTreeMap<u64, TcpStream>,
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Listener({})", self.address)
    }
}

/// What a mutex holds, also after a thread that held it has failed.
pub(crate) fn held<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Listener {
    /// Listens on a free port; every connection is served on a thread of its own, and closed behind it.
    ///
    /// # Panics
    /// When loopback has no port left.
    #[must_use]
    pub fn start(serve: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("BUG: a bound socket has an address");
        let one = Self {
            address,
            serve: Arc::new(serve),
            open: Arc::new(Mutex::new(Open::default())),
            accepting: Mutex::new(None),
        };
        *held(&one.accepting) = Some(one.accept(listener));
        one
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Nobody listens any more: connections are refused. Those that are open stay.
    pub fn offline(&self) {
        let Some(accepting) = held(&self.accepting).take() else { return };
        accepting.closing.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        TcpStream::connect(self.address).ok();
        accepting.thread.join().ok();
    }

    /// Listens again, on the same port.
    ///
    /// # Panics
    /// When another program took the port meanwhile.
    pub fn online(&self) {
        let mut accepting = held(&self.accepting);
        if accepting.is_none() {
            let listener = TcpListener::bind(self.address).expect("the port is still free");
            *accepting = Some(self.accept(listener));
        }
    }

    /// How many connections are being served.
    #[must_use]
    pub fn open(&self) -> usize {
        held(&self.open).streams.len()
    }

    fn accept(&self, listener: TcpListener) -> Accepting {
        let closing = Arc::new(AtomicBool::new(false));
        let (ends, serve, open) = (Arc::clone(&closing), Arc::clone(&self.serve), Arc::clone(&self.open));
        let thread = thread::spawn(move || {
            for client in listener.incoming() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(client) = client else { continue };
                let (serve, open) = (Arc::clone(&serve), Arc::clone(&open));
                let Some(number) = enter(&open, &client) else { continue };
                thread::spawn(move || {
                    let _leaving = Leaving { open, number };
                    let mut client = client;
                    serve(&mut client);
                });
            }
        });
        Accepting { closing, thread }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.offline();
        for stream in held(&self.open).streams.values() {
            stream.shutdown(Shutdown::Both).ok();
        }
    }
}

fn enter(open: &Mutex<Open>, client: &TcpStream) -> Option<u64> {
    let mut open = held(open);
    open.next += 1;
    let number = open.next;
    open.streams.insert(number, client.try_clone().ok()?);
    Some(number)
}

/// Takes a connection from the list at its end, also when its thread fails.
struct Leaving {
    open: Arc<Mutex<Open>>,
    number: u64,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        held(&self.open).streams.remove(&self.number);
    }
}
