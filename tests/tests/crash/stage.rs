//! What every crash test starts from: a machine with one account on one real server, and a way to count.

use griot_tests::servers::mastodon::Mastodon;
use griot_tests::servers::pds::{Account, Pds};
use griot_tests::servers::proxy::{Faults, Proxy};
use griot_tests::terminal::{Terminal, png};
use serde_json::Value;

/// A server, and what is live on it.
pub(crate) trait Server {
    /// `bluesky` or `mastodon`.
    fn network(&self) -> &'static str;
    /// Where it listens.
    fn url(&self) -> &str;
    /// What connecting needs, as JSON for standard input.
    fn credentials(&self) -> String;
    /// Every live text.
    fn live(&self) -> Vec<String>;
}

pub(crate) struct Bluesky {
    pds: Pds,
    account: Account,
}

impl Bluesky {
    pub(crate) fn start() -> Self {
        let pds = Pds::start();
        let account = pds.account("griot.test");
        Self { pds, account }
    }
}

impl Server for Bluesky {
    fn network(&self) -> &'static str {
        "bluesky"
    }

    fn url(&self) -> &str {
        self.pds.url()
    }

    fn credentials(&self) -> String {
        serde_json::json!({ "handle": self.account.handle, "password": self.account.password }).to_string()
    }

    fn live(&self) -> Vec<String> {
        let records = self.pds.records(&self.account.did);
        records.iter().filter_map(|r| r["value"]["text"].as_str().map(str::to_owned)).collect()
    }
}

pub(crate) struct Toots(Mastodon);

impl Toots {
    pub(crate) fn start() -> Self {
        Self(Mastodon::start())
    }
}

impl Server for Toots {
    fn network(&self) -> &'static str {
        "mastodon"
    }

    fn url(&self) -> &str {
        self.0.url()
    }

    fn credentials(&self) -> String {
        serde_json::json!({ "token": self.0.token() }).to_string()
    }

    fn live(&self) -> Vec<String> {
        let plain = |html: &str| html.replace("<p>", "").replace("</p>", "");
        self.0.statuses().iter().filter_map(|s| s["content"].as_str().map(plain)).collect()
    }
}

/// A machine, a server, and a proxy between them.
pub(crate) struct Scene<S: Server> {
    pub(crate) machine: Terminal,
    pub(crate) server: S,
    pub(crate) proxy: Proxy,
}

impl<S: Server> Scene<S> {
    pub(crate) fn new(server: S) -> Self {
        let machine = Terminal::ready();
        let proxy = Proxy::start(server.url(), Faults::none());
        let scene = Self { machine, server, proxy };
        scene.connect(&scene.machine);
        scene
    }

    /// Connects the account on `machine`.
    pub(crate) fn connect(&self, machine: &Terminal) {
        let add = ["accounts", "add", self.server.network(), "--server", &self.proxy.url()];
        machine.call().stdin(self.server.credentials()).run(add).done();
    }

    /// Schedules a post with a picture of its own; gives its delivery's id.
    pub(crate) fn post(&self, text: &str) -> String {
        let shade = u32::try_from(text.len()).expect("a short text");
        let photo = self.machine.file(&format!("{text}.png"), png(40 + shade, 30));
        let photo = photo.to_str().expect("a plain name").to_owned();
        let args = ["post", "--text", text, "--media", &photo, "--alt", text, "--to", self.server.network()];
        let answer = self.machine.run(args).ok().json;
        answer["deliveries"][0]["id"].as_str().expect("an id").to_owned()
    }

    /// Works the outbox to its rest.
    pub(crate) fn work(&self) {
        self.machine.hurry(["run", "--until-idle"]).done();
    }

    /// How often `text` is live.
    pub(crate) fn times(&self, text: &str) -> usize {
        self.server.live().iter().filter(|t| *t == text).count()
    }

    /// Sees that `delivery` is published with an address, and live exactly once.
    pub(crate) fn once(&self, delivery: &str, text: &str, when: &str) {
        let view = self.machine.run(["delivery", delivery]).ok().json["delivery"].clone();
        assert_eq!(view["state"], "published", "{when}: {view:#}");
        assert!(view["url"].as_str().is_some_and(|u| u.starts_with("http")), "{when}: {view:#}");
        assert_eq!(self.times(text), 1, "{when}: live {:?}", self.server.live());
    }

    /// The state of a delivery, with what it waits for.
    pub(crate) fn state(&self, machine: &Terminal, delivery: &str) -> (String, Value) {
        let view = machine.run(["delivery", delivery]).ok().json["delivery"].clone();
        (view["state"].as_str().unwrap_or_default().to_owned(), view["waiting_for"].clone())
    }
}

/// Works, and is killed at `point`; then works until nothing moves for some minutes.
pub(crate) fn killed_at(machine: &Terminal, point: &str) {
    let run = ["run", "--until-idle", "--max-seconds", "240"];
    let mut running = machine.call().env("GRIOT_FAIL", format!("{point}=hold")).start(run);
    running.wait_for(&format!("failpoint {point} reached"));
    let _ = running.kill();
    machine.hurry(run).done();
}
