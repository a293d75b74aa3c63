//! Addresses that play one film and open nothing else: for a window whose player takes no other address than http.
//!
//! An address is good for ten minutes after the player last read from it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use griot_app::Ports;
use griot_domain::{AssetId, Timestamp};

use super::session::secret;

/// How long an address that nobody reads from stays good.
const IDLE: Duration = Duration::from_secs(10 * 60);
/// So many at once; the one that was idle longest goes.
const MOST: usize = 64;

struct Film {
    hash: blake3::Hash,
    asset: AssetId,
    ends: Timestamp,
}

/// The films that have an address.
pub(crate) struct Films {
    ports: Ports,
    films: Mutex<Vec<Film>>,
}

impl Films {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports, films: Mutex::default() }
    }

    /// A token that plays `asset`.
    pub(crate) fn token(&self, asset: AssetId) -> String {
        let (token, hash) = secret(&self.ports);
        let now = self.ports.now();
        let mut films = self.films.lock().unwrap_or_else(PoisonError::into_inner);
        films.retain(|film| now < film.ends);
        if films.len() == MOST {
            let idle = films.iter().enumerate().min_by_key(|(_, film)| film.ends).map_or(0, |(at, _)| at);
            films.remove(idle);
        }
        films.push(Film { hash, asset, ends: now.plus(IDLE) });
        token
    }

    /// The film that this token plays, which goes on for another while.
    pub(crate) fn film(&self, token: &str) -> Option<AssetId> {
        let given = blake3::hash(token.as_bytes());
        let now = self.ports.now();
        let mut films = self.films.lock().unwrap_or_else(PoisonError::into_inner);
        let film = films.iter_mut().find(|film| film.hash == given && now < film.ends)?;
        film.ends = now.plus(IDLE);
        Some(film.asset)
    }

    /// Keeps an address good while it is read from.
    pub(crate) fn plays(&self, token: &str) {
        let _ = self.film(token);
    }
}
