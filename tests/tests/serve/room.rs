//! A studio with a server in this process.

use std::borrow::Cow;
use std::sync::Arc;

use griot_serve::{Addresses, Pages, Server};
use griot_tests::browser::Browser;
use griot_tests::studio::TestStudio;

/// A studio that is served; it stops when it is dropped.
pub(super) struct Room {
    pub(super) studio: TestStudio,
    pub(super) port: u16,
    pub(super) addresses: Addresses,
    served: Option<tokio::task::JoinHandle<std::io::Result<()>>>,
}

impl Room {
    /// A new workspace on a free port.
    pub(super) fn new() -> Self {
        Self::of(TestStudio::new(), 0)
    }

    /// This studio on this port.
    pub(super) fn of(studio: TestStudio, port: u16) -> Self {
        let server = Server::bind(Arc::clone(&studio.studio), port, Pages::from(file));
        Self::serving(studio, server.expect("a free port"))
    }

    /// A server of films alone.
    pub(super) fn of_films(studio: TestStudio) -> Self {
        let server = Server::films_only(Arc::clone(&studio.studio)).expect("a free port");
        Self::serving(studio, server)
    }

    fn serving(studio: TestStudio, server: Server) -> Self {
        let (port, addresses) = (server.port(), server.addresses());
        let served = studio.studio.ports().runtime.spawn(server.serve());
        Self { studio, port, addresses, served: Some(served) }
    }

    /// A browser with a session.
    pub(super) fn browser(&self) -> Browser {
        Browser::open(&self.addresses.page())
    }

    /// Ends the server and waits until its port is free; the studio stays.
    pub(super) fn stop(mut self) -> TestStudio {
        self.addresses.stop();
        let served = self.served.take().expect("a server that was not stopped yet");
        self.studio.studio.ports().runtime.block_on(served).expect("no panic").expect("a socket");
        self.studio.at("workspace", "app")
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.addresses.stop();
    }
}

/// A page of two files.
fn file(name: &str) -> Option<Cow<'static, [u8]>> {
    match name {
        "index.html" => Some(Cow::Borrowed(b"<!doctype html><title>Griot</title>")),
        "assets/app-1a2b.js" => Some(Cow::Borrowed(b"console.log(1)")),
        "griot.svg" => Some(Cow::Borrowed(b"<svg xmlns='http://www.w3.org/2000/svg'/>")),
        _ => None,
    }
}
