//! A server that speaks Mastodon's interface and keeps what it is told.
//!
//! Two things it does unlike Mastodon: it attaches the same media twice, and it has no video queue (the
//! answer is 200 at once). The networks' own tests cover both over recorded answers.

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::child::{Running, installed, scripts};
use super::oracle;

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Mastodon {
    running: Running,
    // Removed after the process that writes into it: fields drop in order.
    _data: TempDir,
}

impl Mastodon {
    /// Starts a server of its own and waits until it answers (1 to 6 s).
    ///
    /// # Panics
    /// When it is not installed, with the command that installs it.
    #[must_use]
    pub fn start() -> Self {
        let program = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        let python = installed("mastodon", program).join(program);
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
