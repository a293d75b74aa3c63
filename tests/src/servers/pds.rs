//! The real Bluesky server, with a PLC directory in memory.

use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::child::{Running, installed, is_installed, scripts};
use super::oracle;

const POSTS: &str = "app.bsky.feed.post";

/// A running PDS; it ends when this is dropped.
#[derive(Debug)]
pub struct Pds {
    running: Running,
    // Removed after the process that writes into it: fields drop in order.
    _data: TempDir,
}

/// What is there when it is installed.
const PROOF: &str = "node_modules/@atproto/pds/package.json";
/// The password of every account here.
const OWN: &str = "the account's own password";

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
    /// Whether it is installed.
    #[must_use]
    pub fn is_here() -> bool {
        is_installed("pds", PROOF)
    }

    /// Starts a server of its own and waits until it answers (3 to 4 s).
    ///
    /// # Panics
    /// When it is not installed, with the command that installs it.
    #[must_use]
    pub fn start() -> Self {
        let home = installed("pds", PROOF);
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
            &json!({"email": email, "handle": handle, "password": OWN}),
        );
        let token = made["accessJwt"].as_str().expect("an access token");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let password = self.app_password(token, "griot");
        Account { handle: handle.to_owned(), did: text(&made["did"]), password }
    }

    fn app_password(&self, token: &str, name: &str) -> String {
        let app = self.call("com.atproto.server.createAppPassword", Some(token), &json!({ "name": name }));
        app["password"].as_str().expect("a password").to_owned()
    }

    /// Takes an app password back (the first is called `griot`), and every session that was opened with it: what has a
    /// token keeps it until it ends.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn take_back(&self, account: &Account, name: &str) {
        let token = self.own_session(account);
        let body = json!({ "name": name });
        let url = self.xrpc("com.atproto.server.revokeAppPassword");
        let (status, answer) = oracle::post(&url, Some(&token), &body);
        assert_eq!(status, 200, "{answer}");
    }

    /// Another app password, under a name that no other has.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn another(&self, account: &Account, name: &str) -> String {
        self.app_password(&self.own_session(account), name)
    }

    fn own_session(&self, account: &Account) -> String {
        let body = json!({"identifier": account.did, "password": OWN});
        let opened = self.call("com.atproto.server.createSession", None, &body);
        opened["accessJwt"].as_str().expect("an access token").to_owned()
    }

    /// It is so late on the server now, in milliseconds since 1970.
    pub fn set_now(&self, millis: i64) {
        self.running.tell(&format!("NOW {millis}"));
    }

    /// Every post of an account, newest first, as `{uri, cid, value}`.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn records(&self, did: &str) -> Vec<Value> {
        let first = format!("com.atproto.repo.listRecords?repo={did}&collection={POSTS}&limit=100");
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let url = self.xrpc(&format!("{first}{after}"));
            let (200, page) = oracle::get(&url, None) else { panic!("{url} is refused") };
            let records = page["records"].as_array().expect("a list");
            all.extend_from_slice(records);
            match page["cursor"].as_str().filter(|_| !records.is_empty()) {
                Some(cursor) => after = format!("&cursor={cursor}"),
                None => return all,
            }
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
