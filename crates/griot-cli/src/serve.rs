//! `griot serve`: the studio in a browser of this machine, with its outbox at work beside it.
//!
//! The address that is printed works once. At a terminal ENTER prints another one, for another window or after too long.

use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;

use griot_app::{AppError, Code, Studio};
use griot_serve::{Addresses, Pages, Server};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{outcome, print};

/// Serves until the person stops it. What is on its way to a network then is written down first.
///
/// # Errors
/// The port is another program's, or the system gives none.
pub(crate) fn serve(runtime: &Runtime, studio: &Arc<Studio>, json: bool, port: u16) -> Result<u8, AppError> {
    let lang = studio.lang();
    let server = Server::bind(Arc::clone(studio), port, Pages::built())?;
    let (port, addresses) = (server.port(), server.addresses());
    if json {
        print::answer(&json!({ "url": addresses.page(), "port": port }).to_string());
    } else {
        print::answer(&addresses.page());
        print::diagnostic(lang.pick(
            "Ouvrez cette adresse dans un navigateur de cette machine\u{a0}: elle sert une fois, dans les dix minutes.",
            "Open this address in a browser of this machine: it works once, within ten minutes.",
        ));
        if io::stdin().is_terminal() {
            print::diagnostic(lang.pick(
                "Entrée en donne une autre\u{a0}; Ctrl-C arrête.",
                "Enter gives another one; Ctrl-C stops.",
            ));
            more(addresses);
        }
    }
    let working = runtime.spawn(griot_app::outbox::attend(Arc::clone(studio)));
    let served = runtime.block_on(async {
        let served = server.serve().await;
        // The worker was asked to stop with the server; only a socket that failed leaves it at work.
        studio.cancel();
        let _ = working.await;
        served
    });
    served.map(|()| outcome::CANCELLED).map_err(|error| {
        tracing::warn!(%error, "serve");
        let fr = format!("Le système ne laisse plus Griot répondre sur le port {port}.");
        let en = format!("The system no longer lets Griot answer on port {port}.");
        AppError::new(Code::Environment, lang.pick(fr, en), "")
    })
}

/// Prints another address for each line, until the terminal is gone. The thread ends with the program.
fn more(addresses: Addresses) {
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            if line.is_err() {
                return;
            }
            print::answer(&addresses.page());
        }
    });
}
