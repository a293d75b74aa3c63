//! A studio's surroundings for one account: a clock, secrets and steps in memory, media in a folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use griot_domain::delivery::Armed;
use griot_domain::{
    Account, AccountId, AccountState, Clock, DeliveryId, Faults, Format, NetworkId, Random, Timestamp,
};
use griot_networks::{
    Client, ConnectInput, Connected, Error, Prepared, PreparedMedia, Question, Secrets, Session, Staged,
    Steps, Vault,
};
use serde_json::Value;

/// One running server for all tests that need it at the same time; the last one ends it.
pub(crate) fn shared<T>(slot: &Mutex<Weak<T>>, start: impl FnOnce() -> T) -> Arc<T> {
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    slot.upgrade().unwrap_or_else(|| {
        let server = Arc::new(start());
        *slot = Arc::downgrade(&server);
        server
    })
}

struct World;

impl Clock for World {
    fn now(&self) -> Timestamp {
        now()
    }
}

impl Random for World {
    fn fill(&self, bytes: &mut [u8]) {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let next = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.iter_mut().zip(next.iter().rev().cycle()).for_each(|(byte, n)| *byte = *n);
    }
}

pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
}

pub(crate) fn client() -> Client {
    Client::new(Arc::new(World), Arc::new(World), Faults::none(), "0.0.0-test")
}

pub(crate) fn input(server: &str, handle: Option<&str>, name: &str, secret: &str) -> ConnectInput {
    let fields = Secrets([(name.to_owned(), secret.to_owned())].into());
    ConnectInput { server: Some(server.to_owned()), handle: handle.map(str::to_owned), fields }
}

struct Memory(Mutex<Secrets>);

#[async_trait]
impl Vault for Memory {
    async fn load(&self) -> Result<Secrets, Error> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn store(&self, secrets: &Secrets) -> Result<(), Error> {
        *self.0.lock().unwrap() = secrets.clone();
        Ok(())
    }

    async fn lock(&self) -> Result<Box<dyn Send>, Error> {
        Ok(Box::new(()))
    }
}

/// The session of an account that was just connected; `server` may be a proxy before the one it was connected at.
pub(crate) fn session(network: NetworkId, connected: &Connected, server: &str) -> Session {
    let account = Account {
        id: AccountId::new(now(), [0; 10]),
        network,
        server: server.to_owned(),
        handle: connected.handle.clone(),
        remote_id: connected.remote_id.clone(),
        name: "Test".into(),
        state: AccountState::Connected,
        limits: connected.limits.clone(),
        added_at: now(),
        ends_at: None,
    };
    Session { account, vault: Arc::new(Memory(Mutex::new(connected.secrets.clone()))) }
}

/// Steps in memory.
#[derive(Debug, Default)]
pub(crate) struct Kept(pub(crate) BTreeMap<String, Value>);

impl Steps for Kept {
    fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned()
    }

    fn put(&mut self, name: &str, value: Value, expires: Option<Timestamp>) -> Result<(), Error> {
        assert!(expires.is_none_or(|at| at > now()), "a step that has expired already");
        self.0.insert(name.to_owned(), value);
        Ok(())
    }

    fn forget(&mut self, name: &str) -> Result<(), Error> {
        self.0.remove(name);
        Ok(())
    }
}

/// A post of a delivery of its own.
pub(crate) fn prepared(text: &str, media: Vec<PreparedMedia>) -> Prepared {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut random = [0; 10];
    random[2..].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    let created_at = now();
    Prepared {
        delivery: DeliveryId::new(created_at, random),
        created_at,
        text: text.to_owned(),
        fields: BTreeMap::new(),
        media,
        reply_to: None,
        date: None,
    }
}

/// What the outbox asks after it armed `staged`.
pub(crate) fn question(prepared: &Prepared, staged: &Staged) -> Question {
    let armed = Armed {
        at: now(),
        server_date: staged.server_date,
        newest_own: staged.newest_own.clone(),
        key: staged.key.clone(),
        fingerprint: String::new(),
        body: staged.body.clone(),
        maybe_sent: true,
        sent_at: None,
        given_up_at: None,
        answered: false,
        unanswered_since: None,
        absent_at: None,
        resends: 0,
    };
    Question {
        prepared: prepared.clone(),
        armed: Some(armed),
        since: now(),
        taken: Vec::new(),
        dated: false,
        kept: None,
    }
}

/// A PNG of one pixel, followed by `more` bytes that no decoder reads: each has bytes of its own.
pub(crate) fn picture(folder: &Path, more: usize, alt: &str) -> PreparedMedia {
    const PIXEL: &[u8] = &[
        0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0,
        0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c,
        0x62, 0, 1, 0, 0, 5, 0, 1, 0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42,
        0x60, 0x82,
    ];
    let bytes: Vec<u8> = PIXEL.iter().copied().chain((0..more).map(|n| (n % 251) as u8)).collect();
    medium(folder, &format!("{more}.png"), &bytes, Format::Png, alt)
}

/// The beginning of an MP4 and nothing that plays.
pub(crate) fn film(folder: &Path, alt: &str) -> PreparedMedia {
    let mut bytes = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2mp41\0\x01\x86\xa8mdat".to_vec();
    bytes.extend((0..99_992_u32).map(|n| (n % 253) as u8));
    medium(folder, "film.mp4", &bytes, Format::Mp4, alt)
}

fn medium(folder: &Path, name: &str, bytes: &[u8], format: Format, alt: &str) -> PreparedMedia {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    PreparedMedia {
        path,
        hash: blake3::hash(bytes).to_hex().to_string(),
        format,
        width: 640,
        height: 360,
        bytes: bytes.len() as u64,
        duration_ms: None,
        alt: alt.to_owned(),
        focus: None,
    }
}
