//! Real servers behind the gate: each is started once in a run, when it is first wanted, and every chapter has an account
//! of its own there.
//!
//! Their clocks are the machine's, and the trial's runs ahead of it by days. What that means is told by each: the
//! Bluesky server's clock can be set, WordPress's scheduler is asked to run, the Mastodon server is left with its own.

mod mastodon;
mod pds;
mod wordpress;

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use griot_stubs::HeldMedia;

use super::places::Kind;
use super::server::Server;
use crate::servers::{Mastodon, Pds, WordPress};

/// The real servers of a run.
#[derive(Default)]
pub(super) struct Servers {
    pds: OnceCell<Arc<Pds>>,
    mastodon: OnceCell<Arc<Mastodon>>,
    wordpress: OnceCell<Arc<WordPress>>,
    accounts: Cell<u32>,
}

impl Servers {
    /// A new account on the real server of this kind; nothing when the kind is a stub's.
    pub(super) fn account(&self, kind: Kind) -> Option<Arc<dyn Server>> {
        let n = self.accounts.get() + 1;
        self.accounts.set(n);
        let name = format!("awa{n}");
        Some(match kind {
            Kind::Bluesky => {
                let pds = self.pds.get_or_init(|| Arc::new(Pds::start()));
                Arc::new(pds::Account::new(Arc::clone(pds), &name))
            }
            Kind::Mastodon => {
                let server = self.mastodon.get_or_init(|| Arc::new(Mastodon::start()));
                Arc::new(mastodon::Account::new(Arc::clone(server), &name))
            }
            Kind::Wordpress => {
                let site = self.wordpress.get_or_init(|| Arc::new(WordPress::start()));
                Arc::new(wordpress::Editor::new(Arc::clone(site), &name))
            }
            _ => return None,
        })
    }
}

/// Whether the real server of this kind is installed; a stub always is.
pub(super) fn is_here(kind: Kind) -> bool {
    match kind {
        Kind::Bluesky => Pds::is_here(),
        Kind::Mastodon => Mastodon::is_here(),
        Kind::Wordpress => WordPress::is_installed(),
        _ => true,
    }
}

/// What media are, by what the server calls them: bytes are asked for once.
#[derive(Debug, Default)]
struct Bytes(Mutex<BTreeMap<String, (String, usize)>>);

impl Bytes {
    /// The medium that the server calls `id`, with this alt text.
    fn held(&self, id: &str, alt: Option<&str>, fetch: impl FnOnce() -> Vec<u8>) -> HeldMedia {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (hash, bytes) = known.entry(id.to_owned()).or_insert_with(|| {
            let bytes = fetch();
            (blake3::hash(&bytes).to_hex().to_string(), bytes.len())
        });
        HeldMedia { id: id.to_owned(), hash: hash.clone(), bytes: *bytes, alt: alt.map(str::to_owned) }
    }
}
