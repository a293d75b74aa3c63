//! The real Bluesky server, with a PLC directory in memory.

use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::child::{Running, installed, scripts};
use super::oracle;

const POSTS: &str = "app.bsky.feed.post";

/// A running PDS; it ends when this is dropped.
#[derive(Debug)]
pub struct Pds {
    running: Running,
    // Removed after the process that writes into it: fields drop in order.
    _data: TempDir,
}

/// An account made on a PDS.
#[derive(Debug, Clone)]
pub struct Account {
    /// `alice.test`.
    pub handle: String,
    /// The identity that never changes.
    pub did: String,
    /// An app password: what a person gives to Griot.
    pub password: String,
}

impl Pds {
    /// Starts a server of its own and waits until it answers (3 to 4 s).
    ///
    /// # Panics
    /// When it is not installed, with the command that installs it.
    #[must_use]
    pub fn start() -> Self {
        let home = installed("pds", "node_modules/@atproto/pds/package.json");
        let data = tempfile::tempdir().expect("a temporary folder");
        let running = Running::start(|| {
            let mut node = Command::new("node");
            node.arg("--require").arg(scripts("pds").join("loopback.cjs"));
            node.arg(scripts("pds").join("start.cjs"));
            node.env("NODE_PATH", home.join("node_modules")).env("PDS_DIR", data.path());
            node.env("LOG_ENABLED", "false").env("NODE_ENV", "production");
            node
        });
        Self { running, _data: data }
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.running.ready[0]
    }

    /// The id of its process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.running.id()
    }

    /// Makes an account and an app password for it. `handle` ends in `.test`.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn account(&self, handle: &str) -> Account {
        let email = format!("{}@example.test", handle.trim_end_matches(".test"));
        let made = self.call(
            "com.atproto.server.createAccount",
            None,
            &json!({"email": email, "handle": handle, "password": "the account's own password"}),
        );
        let token = made["accessJwt"].as_str().expect("an access token");
        let app = self.call("com.atproto.server.createAppPassword", Some(token), &json!({"name": "griot"}));
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Account { handle: handle.to_owned(), did: text(&made["did"]), password: text(&app["password"]) }
    }

    /// Every post of an account, newest first, as `{uri, cid, value}`.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn records(&self, did: &str) -> Vec<Value> {
        let url = self.xrpc(&format!("com.atproto.repo.listRecords?repo={did}&collection={POSTS}&limit=100"));
        match oracle::get(&url, None) {
            (200, answer) => answer["records"].as_array().cloned().expect("a list"),
            other => panic!("{url}: {other:?}"),
        }
    }

    /// One post as `{uri, cid, value}`, when it is there.
    ///
    /// # Panics
    /// When the server answers anything but the record or that there is none.
    #[must_use]
    pub fn record(&self, did: &str, rkey: &str) -> Option<Value> {
        let url = self.xrpc(&format!("com.atproto.repo.getRecord?repo={did}&collection={POSTS}&rkey={rkey}"));
        match oracle::get(&url, None) {
            (200, answer) => Some(answer),
            (400, answer) if answer["error"] == "RecordNotFound" => None,
            other => panic!("{url}: {other:?}"),
        }
    }

    /// The bytes of a blob that a post holds.
    #[must_use]
    pub fn blob(&self, did: &str, cid: &str) -> Vec<u8> {
        oracle::bytes(&self.xrpc(&format!("com.atproto.sync.getBlob?did={did}&cid={cid}")))
    }

    /// Ends the session that `refresh` belongs to: the server refuses that refresh token from now on.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn revoke(&self, refresh: &str) {
        let (status, answer) = oracle::post_empty(&self.xrpc("com.atproto.server.deleteSession"), refresh);
        assert_eq!(status, 200, "{answer}");
    }

    fn call(&self, method: &str, token: Option<&str>, body: &Value) -> Value {
        match oracle::post(&self.xrpc(method), token, body) {
            (200, answer) => answer,
            other => panic!("{method}: {other:?}"),
        }
    }

    fn xrpc(&self, method: &str) -> String {
        format!("{}/xrpc/{method}", self.url())
    }
}
