//! A server that speaks Mastodon's interface and keeps what it is told.
//!
//! Two things it does unlike Mastodon: it attaches the same media twice, and it has no video queue (the
//! answer is 200 at once). The networks' own tests cover both over recorded answers.

use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::child::{Running, installed, is_installed, scripts};
use super::oracle;

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Mastodon {
    running: Running,
    // Removed after the process that writes into it: fields drop in order.
    _data: TempDir,
}

const PROGRAM: &str = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };

/// An account made on a server.
#[derive(Debug, Clone)]
pub struct Person {
    /// The number by which the server knows it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// An access token that nobody takes back.
    pub token: String,
}

impl Mastodon {
    /// Whether it is installed.
    #[must_use]
    pub fn is_here() -> bool {
        is_installed("mastodon", PROGRAM)
    }

    /// Starts a server of its own and waits until it answers (1 to 6 s).
    ///
    /// # Panics
    /// When it is not installed, with the command that installs it.
    #[must_use]
    pub fn start() -> Self {
        let python = installed("mastodon", PROGRAM).join(PROGRAM);
        let data = tempfile::tempdir().expect("a temporary folder");
        let running = Running::start(|| {
            let mut command = Command::new(&python);
            command.arg(scripts("mastodon").join("start.py")).current_dir(data.path());
            command.env("PYTHONDONTWRITEBYTECODE", "1");
            command
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

    /// The access token of its one account, `testuser`.
    #[must_use]
    pub fn token(&self) -> &'static str {
        "mock_token"
    }

    /// Makes an account.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        let made = self.post("/api/v1/_mock/dev_user", &json!({ "username": name }));
        let text = |name: &str| made[name].as_str().expect("a text").to_owned();
        Person { id: text("id"), name: text("username"), token: text("access_token") }
    }

    /// Another access token for an account.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn another(&self, person: &Person) -> String {
        let given = self.post("/api/v1/_mock/login", &json!({"username": person.name}));
        given["access_token"].as_str().expect("a token").to_owned()
    }

    /// Takes an access token back.
    ///
    /// # Panics
    /// When the server cannot be asked.
    pub fn revoke(&self, token: &str) {
        let url = format!("{}/oauth/revoke", self.url());
        let _ = oracle::submit(&url, [("token", token.to_owned())]);
    }

    /// Every status of an account, newest first.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn of(&self, person: &Person) -> Vec<Value> {
        let first = format!("{}/api/v1/accounts/{}/statuses?limit=40", self.url(), person.id);
        let (mut all, mut below): (Vec<Value>, String) = (Vec::new(), String::new());
        loop {
            let (200, page) = oracle::get(&format!("{first}{below}"), Some(&person.token)) else {
                panic!("{first} is refused")
            };
            let page = page.as_array().expect("a list");
            let Some(last) = page.last().and_then(|status| status["id"].as_str()) else { return all };
            below = format!("&max_id={last}");
            all.extend_from_slice(page);
        }
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        match oracle::post(&format!("{}{path}", self.url()), None, body) {
            (200, answer) => answer,
            other => panic!("{path}: {other:?}"),
        }
    }

    /// Every status of its account, newest first.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn statuses(&self) -> Vec<Value> {
        let me = self.get("/api/v1/accounts/verify_credentials");
        let id = me["id"].as_str().expect("an id").to_owned();
        self.get(&format!("/api/v1/accounts/{id}/statuses?limit=40")).as_array().cloned().expect("a list")
    }

    /// What the server answers to a GET of `path` with the token.
    ///
    /// # Panics
    /// When the status is not 200.
    #[must_use]
    pub fn get(&self, path: &str) -> Value {
        match oracle::get(&format!("{}{path}", self.url()), Some(self.token())) {
            (200, answer) => answer,
            other => panic!("{path}: {other:?}"),
        }
    }

    /// Agrees on the page where Griot asks for access, as a person does in a browser, and follows where the server
    /// sends the browser; gives the page that is shown in the end.
    ///
    /// # Panics
    /// When the page is not such a page.
    #[must_use]
    pub fn agree(&self, page: &str) -> String {
        let form = oracle::text(page);
        let hidden = |name: &str| {
            let start = form.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("the form's field");
            start.split('"').next().expect("its value").to_owned()
        };
        let fields: Vec<(&str, String)> =
            ["redirect_uri", "client_id", "scope", "state"].map(|name| (name, hidden(name))).into();
        let fields = fields.into_iter().chain([("username", "testuser".to_owned())]);
        oracle::submit(&format!("{}/oauth/authorize", self.url()), fields)
    }

    /// The bytes behind an address that a status names.
    #[must_use]
    pub fn bytes(&self, url: &str) -> Vec<u8> {
        assert!(url.starts_with(self.url()), "{url} is not on {}", self.url());
        oracle::bytes(url)
    }
}
