//! The studio on loopback: the page, its commands, its events and its media, for whoever holds the address that this
//! program wrote.
//!
//! Every request passes `gate` (which server is meant, which page asks) and, but for the page itself, `session`. Then
//! it is carried to `dispatch`, to the events or to the door. Time limits of sockets are the machine's own time; what
//! a person could notice (addresses, sessions) goes by the studio's clock.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use griot_app::{AppError, Code, Studio};
use griot_domain::{AssetId, Lang};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::door::Door;

mod answer;
mod body;
mod events;
mod film;
mod gate;
pub(crate) mod pages;
mod session;

use film::Films;
use gate::Address;
use pages::Pages;
use session::Sessions;

/// Connections at once; more wait until one ends.
const CONNECTIONS: usize = 128;
/// Windows that listen at once.
const LISTENERS: usize = 32;
/// The lines before a body arrive within this time, or the connection ends.
const HEAD_ARRIVES: Duration = Duration::from_secs(15);
/// The lines before a body are no longer than this.
const HEAD: usize = 32 << 10;
/// Between tries where the system gives no connection.
const MOMENT: Duration = Duration::from_millis(200);
/// What is on its way when the server stops may take this long.
const GRACE: Duration = Duration::from_secs(5);

/// A server on 127.0.0.1, bound and not serving yet.
pub struct Server {
    listener: TcpListener,
    inner: Arc<Inner>,
}

/// What every request sees.
pub(crate) struct Inner {
    studio: Arc<Studio>,
    door: Arc<Door>,
    address: Address,
    /// The name of the cookie: browsers keep one jar for every port of a machine.
    cookie: String,
    films: Films,
    /// Everything but films; nothing where films are all there is.
    page: Option<Page>,
    stop: watch::Sender<bool>,
}

/// What a server has that shows the whole studio.
pub(crate) struct Page {
    pages: Pages,
    sessions: Sessions,
    listeners: Arc<Semaphore>,
}

impl Server {
    /// Takes `port`, or a free one for 0, to show the whole studio.
    ///
    /// # Errors
    /// When another program has it, or the system gives none.
    pub fn bind(studio: Arc<Studio>, port: u16, pages: Pages) -> Result<Self, AppError> {
        let (listener, port) = listen(port, studio.lang())?;
        let sessions = Sessions::open(&studio, port);
        let listeners = Arc::new(Semaphore::new(LISTENERS));
        Ok(Self::new(studio, listener, port, Some(Page { pages, sessions, listeners })))
    }

    /// Takes a free port to play films, and for nothing else.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn films_only(studio: Arc<Studio>) -> Result<Self, AppError> {
        let (listener, port) = listen(0, studio.lang())?;
        Ok(Self::new(studio, listener, port, None))
    }

    fn new(studio: Arc<Studio>, listener: TcpListener, port: u16, page: Option<Page>) -> Self {
        let inner = Inner {
            door: Arc::new(Door::new(Arc::clone(&studio))),
            address: Address::new(port),
            cookie: format!("griot-{port}"),
            films: Films::new(studio.ports().clone()),
            page,
            stop: watch::channel(false).0,
            studio,
        };
        Self { listener, inner: Arc::new(inner) }
    }

    /// The port.
    ///
    /// # Panics
    /// Never: a bound listener has one.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.listener.local_addr().expect("BUG: a bound listener has an address").port()
    }

    /// Gives addresses while the server serves.
    #[must_use]
    pub fn addresses(&self) -> Addresses {
        Addresses(Arc::clone(&self.inner))
    }

    /// Serves until [`Addresses::stop`] or [`Studio::cancel`]. What is under way then has a few seconds.
    ///
    /// # Errors
    /// When the runtime cannot wait for the socket.
    pub async fn serve(self) -> io::Result<()> {
        self.listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let inner = self.inner;
        let mut stopping = inner.stop.subscribe();
        let free = Arc::new(Semaphore::new(CONNECTIONS));
        let mut open = JoinSet::new();
        loop {
            let accepted = async {
                let permit = Arc::clone(&free).acquire_owned().await;
                let permit = permit.expect("BUG: nobody closes this semaphore");
                (listener.accept().await, permit)
            };
            tokio::select! {
                (accepted, permit) = accepted => match accepted {
                    Ok((stream, _)) => {
                        let inner = Arc::clone(&inner);
                        open.spawn(async move {
                            connection(inner, stream).await;
                            drop(permit);
                        });
                    }
                    // Out of files, or a peer that left at once: the next may do better, a moment later.
                    Err(error) => {
                        tracing::warn!(%error, "a connection was not accepted");
                        let _ = tokio::time::timeout(MOMENT, stopped(&mut stopping)).await;
                    }
                },
                Some(_) = open.join_next() => {}
                () = inner.studio.cancelled() => break,
                () = stopped(&mut stopping) => break,
            }
        }
        inner.stop.send_replace(true);
        let _ = tokio::time::timeout(GRACE, async { while open.join_next().await.is_some() {} }).await;
        Ok(())
    }
}

async fn connection(inner: Arc<Inner>, stream: TcpStream) {
    let mut stopping = inner.stop.subscribe();
    // Small answers go out at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let inner = Arc::clone(&inner);
        async move { Ok::<_, Infallible>(answer::answer(inner, request).await) }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_ARRIVES)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = stopped(&mut stopping) => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}

/// Gives addresses of a server that serves, and stops it.
#[derive(Clone)]
pub struct Addresses(Arc<Inner>);

impl Addresses {
    /// The address to open: it works once, within ten minutes. Of those not opened yet each works.
    ///
    /// The token stands behind `#`, where a browser keeps it to itself. A server of films alone has no page to open.
    #[must_use]
    pub fn page(&self) -> String {
        let origin = self.0.address.origin();
        match &self.0.page {
            Some(page) => format!("{origin}/#token={}", page.sessions.token()),
            None => format!("{origin}/"),
        }
    }

    /// An address that plays this film and opens nothing else.
    #[must_use]
    pub fn film(&self, asset: AssetId) -> String {
        format!("{}/film/{}", self.0.address.origin(), self.0.films.token(asset))
    }

    /// Stops the server.
    pub fn stop(&self) {
        self.0.stop.send_replace(true);
    }
}

/// Returns once the server stops.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // Fails only without a sender, and then there is no server any more.
    let _ = stopping.wait_for(|stop| *stop).await;
}

fn listen(port: u16, lang: Lang) -> Result<(TcpListener, u16), AppError> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let bound = bound.and_then(|listener| listener.local_addr().map(|at| (listener, at.port())));
    bound.map_err(|error| {
        let (fr, en) = match error.kind() {
            io::ErrorKind::AddrInUse => (
                format!("Le port {port} est déjà pris par un autre programme."),
                format!("Port {port} is taken by another program already."),
            ),
            io::ErrorKind::PermissionDenied => (
                format!("Ce système ne donne pas le port {port} à Griot."),
                format!("This system does not give port {port} to Griot."),
            ),
            _ => (format!("Le port {port} ne s’ouvre pas."), format!("Port {port} cannot be opened.")),
        };
        let hint = lang.pick(
            "Choisissez-en un autre avec --port, ou laissez Griot choisir.",
            "Choose another with --port, or let Griot choose.",
        );
        AppError::new(Code::Environment, lang.pick(fr, en), hint)
    })
}
