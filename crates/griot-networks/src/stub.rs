//! A scripted server on loopback for this crate's own tests: what a real one would never say on demand.

use std::collections::{BTreeMap, VecDeque};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use async_trait::async_trait;
use griot_domain::{
    Account, AccountId, AccountState, Clock, DeliveryId, Faults, Format, NetworkId, Random, Timestamp,
};
use serde_json::Value;

use crate::{Client, Error, Prepared, PreparedMedia, Secrets, Session, Steps, Vault};

/// 2026-11-22T20:00:00Z
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_377_600_000);

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        NOW
    }
}

impl Random for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        static NEXT: AtomicU8 = AtomicU8::new(1);
        bytes.fill_with(|| NEXT.fetch_add(1, Ordering::Relaxed));
    }
}

pub(crate) fn client_with(faults: Faults) -> Client {
    Client::new(Arc::new(Fixed), Arc::new(Fixed), faults, "0.0.0")
}

pub(crate) fn client() -> Client {
    client_with(Faults::none())
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// `POST /path?query`
    pub(crate) line: String,
    /// The head as it came, in lower case.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// For the specifications of the networks.
    pub(crate) fn request(&self) -> griot_stubs::http::Request {
        let (method, target) = self.line.split_once(' ').unwrap_or_default();
        let headers = self.head.lines().filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        griot_stubs::http::Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: headers.collect(),
            body: self.body.clone(),
        }
    }
}

/// Answers each request with the next of its script; closes the connection without a word when it is empty.
pub(crate) struct Stub {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// A whole answer.
pub(crate) fn reply(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
}

pub(crate) fn json(status: u16, body: &str) -> String {
    reply(status, "content-type: application/json\r\n", body)
}

impl Stub {
    pub(crate) fn start(script: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (recorded, mut script) = (Arc::clone(&seen), VecDeque::from(script));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&mut stream) else { continue };
                recorded.lock().unwrap().push(request);
                if let Some(answer) = script.pop_front() {
                    stream.write_all(answer.as_bytes()).ok();
                }
            }
        });
        Self { url, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }
}

fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut chunk).ok()? {
            0 => return None,
            n => bytes.extend_from_slice(&chunk[..n]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let line = head.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    while bytes.len() < end + length {
        match stream.read(&mut chunk).ok()? {
            0 => return None,
            n => bytes.extend_from_slice(&chunk[..n]),
        }
    }
    Some(Seen { line, head, body: bytes.split_off(end) })
}

/// Secrets in memory.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Secrets>);

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

/// Steps in memory.
#[derive(Default)]
pub(crate) struct Kept(pub(crate) BTreeMap<String, (Value, Option<Timestamp>)>);

impl Steps for Kept {
    fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).map(|(value, _)| value.clone())
    }

    fn put(&mut self, name: &str, value: Value, expires: Option<Timestamp>) -> Result<(), Error> {
        self.0.insert(name.to_owned(), (value, expires));
        Ok(())
    }

    fn forget(&mut self, name: &str) -> Result<(), Error> {
        self.0.remove(name);
        Ok(())
    }
}

pub(crate) fn session(network: NetworkId, server: &str, secrets: &[(&str, &str)]) -> Session {
    let account = Account {
        id: AccountId::new(NOW, [1; 10]),
        network,
        server: server.to_owned(),
        handle: "alice".into(),
        remote_id: "did:plc:alice".into(),
        name: "Alice".into(),
        state: AccountState::Connected,
        limits: None,
        added_at: NOW,
        ends_at: None,
    };
    let kept = secrets.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Session { account, vault: Arc::new(Memory(Mutex::new(Secrets(kept)))) }
}

pub(crate) fn prepared(text: &str, media: Vec<PreparedMedia>) -> Prepared {
    Prepared {
        delivery: DeliveryId::new(NOW, [2; 10]),
        created_at: NOW,
        text: text.to_owned(),
        fields: BTreeMap::new(),
        media,
        reply_to: None,
        date: None,
    }
}

/// A film of some bytes.
pub(crate) fn film(folder: &tempfile::TempDir) -> PreparedMedia {
    let path = folder.path().join("film.mp4");
    std::fs::write(&path, b"not really a film").unwrap();
    PreparedMedia {
        path,
        hash: blake3::hash(b"not really a film").to_hex().to_string(),
        format: Format::Mp4,
        width: 640,
        height: 360,
        bytes: 17,
        duration_ms: Some(1000),
        alt: "Un marché".into(),
        focus: None,
    }
}
