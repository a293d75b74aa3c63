//! Who may speak to the server: an address that works once, and the cookie that a page gets for it.
//!
//! The address's token lives in memory alone. Of a cookie only the BLAKE3 hash is kept, in a file of the application
//! folder that is this port's and this workspace's, so that a page whose core was started again goes on by itself.
//! Hashes are compared in constant time. Deliberately absent: names, passwords, more than one person.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use griot_app::{Ports, Studio};
use griot_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// How long an address works.
const ADDRESS: Duration = Duration::from_secs(10 * 60);
/// How long a session lasts after it was last seen, about.
const SESSION: Duration = Duration::from_secs(24 * 60 * 60);
/// So many addresses and so many sessions at once; the oldest goes.
const MOST: usize = 32;

/// A secret that is known by its hash, and when it ends.
#[derive(Debug, Clone, Copy)]
struct Known {
    hash: blake3::Hash,
    ends: Timestamp,
}

/// A session: while its core runs it lasts by the time for which the machine has been running, so that a lid that was
/// shut for a day ends nobody's work; `ends` is for a core that is started again.
#[derive(Debug, Clone, Copy)]
struct Session {
    hash: blake3::Hash,
    ends: Timestamp,
    /// On the clock of the machine's running, which stands still while it sleeps and which nobody sets.
    until: Duration,
}

/// What is kept of the sessions, on disk.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    port: u16,
    workspace: String,
    sessions: Vec<KeptSession>,
}

/// What is kept of one.
#[derive(Debug, Serialize, Deserialize)]
struct KeptSession {
    hash: String,
    ends: Timestamp,
}

#[derive(Debug, Default)]
struct Secrets {
    addresses: Vec<Known>,
    sessions: Vec<Session>,
}

/// The sessions of one server.
pub(crate) struct Sessions {
    ports: Ports,
    port: u16,
    workspace: String,
    file: PathBuf,
    secrets: Mutex<Secrets>,
}

impl Sessions {
    /// The sessions of this studio's workspace on this port, those of an earlier run included.
    pub(crate) fn open(studio: &Studio, port: u16) -> Self {
        let workspace = studio.folder().to_string_lossy().into_owned();
        let name = blake3::hash(workspace.as_bytes()).to_hex();
        let file = studio.app_dir().join("sessions").join(format!("{}-{port}.json", &name[..16]));
        let sessions =
            Self { ports: studio.ports().clone(), port, workspace, file, secrets: Mutex::default() };
        sessions.lock().sessions = sessions.kept();
        sessions
    }

    /// A token for a new address.
    pub(crate) fn token(&self) -> String {
        let (token, hash) = secret(&self.ports);
        let now = self.ports.now();
        push(&mut self.lock().addresses, Known { hash, ends: now.plus(ADDRESS) }, |known| now < known.ends);
        token
    }

    /// Takes a token, which ends with it, and gives the secret of a new session.
    pub(crate) fn exchange(&self, token: &str) -> Option<String> {
        let given = blake3::hash(token.as_bytes());
        let now = self.ports.now();
        let mut secrets = self.lock();
        let at = secrets.addresses.iter().position(|known| known.hash == given)?;
        if secrets.addresses.remove(at).ends <= now {
            return None;
        }
        let (session, hash) = secret(&self.ports);
        let running = self.ports.timer.running();
        let new = Session { hash, ends: now.plus(SESSION), until: running + SESSION };
        push(&mut secrets.sessions, new, |known| running < known.until);
        self.keep(&secrets.sessions);
        Some(session)
    }

    /// Whether this is the secret of a session; one that is used goes on.
    pub(crate) fn knows(&self, session: &str) -> bool {
        let given = blake3::hash(session.as_bytes());
        let (now, running) = (self.ports.now(), self.ports.timer.running());
        let mut secrets = self.lock();
        let is_alive = |known: &&mut Session| known.hash == given && running < known.until;
        let Some(known) = secrets.sessions.iter_mut().find(is_alive) else { return false };
        if known.until.saturating_sub(running) < SESSION / 2 || known.ends.after(now) < SESSION / 2 {
            (known.ends, known.until) = (now.plus(SESSION), running + SESSION);
            self.keep(&secrets.sessions);
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Secrets> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an earlier run kept. A file that is not ours, or no file, is no session.
    fn kept(&self) -> Vec<Session> {
        let Some(kept) =
            fs::read(&self.file).ok().and_then(|text| serde_json::from_slice::<Kept>(&text).ok())
        else {
            return Vec::new();
        };
        if kept.port != self.port || kept.workspace != self.workspace {
            return Vec::new();
        }
        let now = self.ports.now();
        let running = self.ports.timer.running();
        let known = |kept: KeptSession| {
            let hash = blake3::Hash::from_hex(kept.hash).ok()?;
            Some(Session { hash, ends: kept.ends, until: running + kept.ends.after(now) })
        };
        // An end that lies further away than any session lasts was not written by this program.
        let lasts = |known: &Session| now < known.ends && known.ends.after(now) <= SESSION;
        kept.sessions.into_iter().filter_map(known).filter(lasts).take(MOST).collect()
    }

    fn keep(&self, sessions: &[Session]) {
        let sessions = sessions
            .iter()
            .map(|known| KeptSession { hash: known.hash.to_hex().to_string(), ends: known.ends })
            .collect();
        let kept = Kept { port: self.port, workspace: self.workspace.clone(), sessions };
        if let Err(error) = write(&self.file, &kept) {
            // The session works until this program ends; only a restart asks for a new address then.
            tracing::warn!(%error, "the sessions could not be kept");
        }
    }
}

/// Whole or not at all; readable by its owner alone, as temporary files are.
fn write(file: &Path, kept: &Kept) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut new = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
    serde_json::to_writer(&mut new, kept)?;
    new.flush()?;
    new.persist(file).map_err(|error| error.error)?;
    Ok(())
}

fn push<T>(list: &mut Vec<T>, new: T, lasts: impl FnMut(&T) -> bool) {
    list.retain(lasts);
    if list.len() == MOST {
        list.remove(0);
    }
    list.push(new);
}

/// 256 unpredictable bits as 64 hexadecimal digits, and their hash.
pub(super) fn secret(ports: &Ports) -> (String, blake3::Hash) {
    let mut bits = [0; 32];
    ports.random.fill(&mut bits);
    // Written as a hash is: the digits are the bits themselves.
    let secret = blake3::Hash::from(bits).to_hex().to_string();
    let hash = blake3::hash(secret.as_bytes());
    (secret, hash)
}
