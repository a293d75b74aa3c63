//! A studio for scenarios: a temporary workspace, a clock that the test moves, networks made of memory. It drives
//! only `dispatch(name, json)`, as a host does.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use griot_app::ports::{Meter, Timer};
use griot_app::{AppError, Event, Lang, Listener, Options, Ports, Studio, dispatch, outbox};
use griot_domain::{Clock, Faults, NetworkId, Random};
use serde_json::{Value, json};

mod tasks;
mod trap;

use crate::clock::{TestClock, TestRandom};
use crate::desktop::TestDesktop;
use crate::fake::{FakeNetwork, FakeNetworks};
use crate::meter::TestMeter;
use trap::Trap;

/// A studio with everything around it.
pub struct TestStudio {
    /// The studio.
    pub studio: Arc<Studio>,
    /// The clock.
    pub clock: Arc<TestClock>,
    /// The Bluesky of this test.
    pub bluesky: Arc<FakeNetwork>,
    /// The Mastodon of this test.
    pub mastodon: Arc<FakeNetwork>,
    /// The X of this test.
    pub x: Arc<FakeNetwork>,
    /// The Facebook of this test.
    pub facebook: Arc<FakeNetwork>,
    /// What the system says of the line.
    pub meter: Arc<TestMeter>,
    /// Where everything is.
    pub home: Arc<tempfile::TempDir>,
    trap: Trap,
    options: Options,
    ports: Ports,
    runtime: Arc<tokio::runtime::Runtime>,
    random: Arc<dyn Random>,
    events: Mutex<Listener>,
}

impl TestStudio {
    /// A studio with a new workspace.
    #[must_use]
    pub fn new() -> Self {
        let bare = Self::bare();
        bare.ok("workspace.create", json!({}));
        bare
    }

    /// A studio without a workspace.
    #[must_use]
    pub fn bare() -> Self {
        let home = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let clock = TestClock::new();
        let servers = (
            FakeNetwork::new(NetworkId::Bluesky, Arc::clone(&clock)),
            FakeNetwork::new(NetworkId::Mastodon, Arc::clone(&clock)),
        );
        let random: Arc<dyn Random> = Arc::new(TestRandom(AtomicU64::new(7)));
        Self::build(home, "workspace", "app", Arc::new(runtime.expect("a runtime")), clock, servers, random)
    }

    /// The same machine and servers, another folder as workspace (and another application folder when `app` is
    /// another one: another laptop).
    #[must_use]
    pub fn at(&self, workspace: &str, app: &str) -> Self {
        let servers = (Arc::clone(&self.bluesky), Arc::clone(&self.mastodon));
        Self::build(
            Arc::clone(&self.home),
            workspace,
            app,
            Arc::clone(&self.runtime),
            Arc::clone(&self.clock),
            servers,
            Arc::clone(&self.random),
        )
    }

    fn build(
        home: Arc<tempfile::TempDir>,
        workspace: &str,
        app: &str,
        runtime: Arc<tokio::runtime::Runtime>,
        clock: Arc<TestClock>,
        servers: (Arc<FakeNetwork>, Arc<FakeNetwork>),
        random: Arc<dyn Random>,
    ) -> Self {
        let trap = Trap::default();
        let sprung = trap.clone();
        let faults = Faults::with(move |name| sprung.pass(name));
        let (bluesky, mastodon) = servers;
        let x = FakeNetwork::new(NetworkId::X, Arc::clone(&clock));
        let facebook = FakeNetwork::new(NetworkId::Facebook, Arc::clone(&clock));
        let meter = Arc::new(TestMeter::default());
        let ports = Ports {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            timer: Arc::clone(&clock) as Arc<dyn Timer>,
            random: Arc::clone(&random),
            faults,
            meter: Arc::clone(&meter) as Arc<dyn Meter>,
            desktop: None,
            networks: Arc::new(FakeNetworks([
                Arc::clone(&bluesky),
                Arc::clone(&mastodon),
                Arc::clone(&x),
                Arc::clone(&facebook),
            ])),
            runtime: runtime.handle().clone(),
        };
        let options = Options {
            workspace: home.path().join(workspace),
            app_dir: home.path().join(app),
            lang: Lang::En,
            follow_settings: true,
            secrets: griot_app::secrets::Choice::File(home.path().join(format!("{app}.age"))),
            passphrase: Some("correct horse".to_owned()),
            work_factor: 8,
            raw_paths: true,
            search_path: std::env::var_os("PATH"),
            zone: "Africa/Bamako".to_owned(),
            scratch: home.path().join("scratch"),
        };
        let studio = Studio::new(options.clone(), ports.clone());
        let events = Mutex::new(studio.listen());
        Self {
            studio,
            clock,
            bluesky,
            mastodon,
            x,
            facebook,
            meter,
            home,
            trap,
            options,
            ports,
            runtime,
            random,
            events,
        }
    }

    /// Runs a command.
    ///
    /// # Errors
    /// As the command says.
    pub fn call(&self, name: &str, mut request: Value) -> Result<Value, AppError> {
        // Who drives a test has thought of who reads it; that a person is asked is tested on its own.
        let public = ["posts.compose", "posts.schedule", "posts.move"].contains(&name);
        if public && request["confirmed"].is_null() {
            request["confirmed"] = json!(true);
        }
        dispatch(&self.studio, name, request)
    }

    /// Runs a command that must succeed.
    #[must_use]
    #[track_caller]
    pub fn ask(&self, name: &str, request: Value) -> Value {
        self.call(name, request).unwrap_or_else(|e| panic!("{name}: {e:?}"))
    }

    /// Runs a command that must succeed, for its effect.
    #[track_caller]
    pub fn ok(&self, name: &str, request: Value) {
        let _ = self.ask(name, request);
    }

    /// Runs a command that must be refused.
    #[must_use]
    #[track_caller]
    pub fn refused(&self, name: &str, request: Value) -> AppError {
        match self.call(name, request) {
            Err(error) => error,
            Ok(answer) => panic!("{name} should have been refused, and answered {answer}"),
        }
    }

    /// Connects both accounts; gives their ids.
    #[must_use]
    pub fn accounts(&self) -> (String, String) {
        let fields =
            json!({ "handle": "me", "server": "https://fake.example", "token": "t", "password": "right" });
        let add = |network: &str| {
            let answer = self.ask("accounts.add", json!({ "network": network, "fields": fields }));
            answer["account"]["id"].as_str().expect("an id").to_owned()
        };
        (add("bluesky"), add("mastodon"))
    }

    /// Works the outbox until nothing moves at this instant.
    pub fn work(&self) {
        self.try_work().unwrap_or_else(|e| panic!("the worker: {e:?}"));
    }

    /// The same, for tests in which another program may be at work.
    ///
    /// # Errors
    /// As the worker says.
    pub fn try_work(&self) -> Result<outbox::Ended, AppError> {
        // A deadline that the standing clock never reaches: every wait is "longer than the time left".
        let run = outbox::Run { until_idle: true, max: Some(Duration::from_millis(1)) };
        self.runtime.block_on(outbox::run(Arc::clone(&self.studio), run))
    }

    /// Lets seconds pass, one by one, until `reached`. Each is given to whoever works in between.
    #[track_caller]
    pub fn until(&self, what: &str, reached: impl Fn(&Self) -> bool) {
        let mut listener = self.studio.listen();
        for _ in 0..400 {
            if reached(self) {
                return;
            }
            self.clock.advance(Duration::from_secs(1));
            let _ = self
                .runtime
                .block_on(async { tokio::time::timeout(Duration::from_millis(50), listener.next()).await });
        }
        panic!("never reached: {what}; the queue: {:?}", self.states());
    }

    /// Lets time pass in steps, working after each.
    pub fn pass(&self, total: Duration, step: Duration) {
        let mut left = total;
        while !left.is_zero() {
            let now = left.min(step);
            self.clock.advance(now);
            self.work();
            left -= now;
        }
    }

    /// Makes the machine fail at a failure point until [`Self::mend`].
    pub fn fail_at(&self, name: &'static str, kind: std::io::ErrorKind) {
        self.trap.fail_at(name, kind);
    }

    /// Makes the machine fail once at `then`, when it has come by `first`.
    pub fn fail_once_after(&self, first: &'static str, then: &'static str, kind: std::io::ErrorKind) {
        self.trap.fail_once_after(first, then, kind);
    }

    /// Looks around whenever the studio comes by a failure point, until [`Self::mend`].
    pub fn look_at(&self, name: &'static str, look: impl Fn() + Send + Sync + 'static) {
        self.trap.look_at(name, look);
    }

    /// Makes the machine whole again.
    pub fn mend(&self) {
        self.trap.mend();
    }

    /// The only delivery, or the one with this id.
    #[must_use]
    #[track_caller]
    pub fn delivery(&self, id: &str) -> Value {
        self.ask("deliveries.get", json!({ "id": id }))["delivery"].clone()
    }

    /// State and reason of waiting of every delivery, in queue order.
    #[must_use]
    pub fn states(&self) -> Vec<String> {
        let queue = self.ask("deliveries.list", json!({}));
        let lines = queue["deliveries"].as_array().expect("a list").iter();
        lines
            .map(|d| match d["waiting_for"].as_str() {
                Some(why) => format!("{}({why})", d["state"].as_str().unwrap_or_default()),
                None => d["state"].as_str().unwrap_or_default().to_owned(),
            })
            .collect()
    }

    /// Everything that was told since the last look.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.events.lock().expect("the listener").drain()
    }

    /// Writes a small PNG with this name into the home folder.
    #[must_use]
    pub fn png(&self, name: &str, width: u32, height: u32) -> std::path::PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, crate::terminal::png(width, height)).expect("a written picture");
        path
    }

    /// The same studio as seen by someone who gives another passphrase.
    #[must_use]
    pub fn with_passphrase(&self, passphrase: &str) -> Self {
        let mut other = self.at("workspace", "app");
        let mut options = other.options.clone();
        options.passphrase = Some(passphrase.to_owned());
        other.studio = Studio::new(options, other.ports.clone());
        other
    }

    /// The same workspace in a window: handles instead of paths, and a desktop around it.
    #[must_use]
    pub fn window(&self) -> (Self, Arc<TestDesktop>) {
        let mut other = self.at("workspace", "app");
        let desktop = Arc::new(TestDesktop::default());
        other.ports.desktop = Some(Arc::clone(&desktop) as Arc<dyn griot_app::ports::Desktop>);
        other.options.raw_paths = false;
        other.start_again();
        (other, desktop)
    }

    /// The same machine without a passphrase from outside, with a page that asks for it.
    #[must_use]
    pub fn without_passphrase(&self) -> Self {
        self.without_passphrase_at("workspace")
    }

    /// The same for another workspace.
    #[must_use]
    pub fn without_passphrase_at(&self, workspace: &str) -> Self {
        let mut other = self.at(workspace, "app");
        other.options.passphrase = None;
        other.options.raw_paths = false;
        other.start_again();
        other
    }

    /// The same machine as it would be with the secrets in its usual place: nobody chose a file.
    #[must_use]
    pub fn in_the_usual_place(mut self) -> Self {
        self.options.secrets = griot_app::secrets::Choice::Keychain;
        self.start_again();
        self
    }

    fn start_again(&mut self) {
        self.studio = Studio::new(self.options.clone(), self.ports.clone());
        self.events = Mutex::new(self.studio.listen());
    }

    /// The program ends and starts again.
    #[must_use]
    pub fn restarted(mut self) -> Self {
        self.studio.cancel();
        self.start_again();
        self
    }

    /// The file of an asset or a delivery, as a host serves it.
    ///
    /// # Errors
    /// As [`Studio::shown`].
    pub fn shown(&self, what: griot_app::Shown) -> Result<griot_app::ShownFile, AppError> {
        self.studio.shown(what)
    }

    /// Composes a post; gives the ids of its deliveries.
    #[must_use]
    #[track_caller]
    pub fn post(&self, request: Value) -> Vec<String> {
        let answer = self.ask("posts.compose", request);
        let list = answer["deliveries"].as_array().expect("a list").iter();
        list.map(|d| d["id"].as_str().expect("an id").to_owned()).collect()
    }
}

impl Default for TestStudio {
    fn default() -> Self {
        Self::new()
    }
}
