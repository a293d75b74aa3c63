//! The real window, driven as a person uses it: what it shows is found by role and name, and it is closed by asking it
//! to close.
//!
//! Each [`Desk`] is a machine of its own, with a home, a workspace and an application folder. One window is open at a
//! time, on the display that `xvfb-run` gives; `cargo xtask test` runs it so. Waiting is always for something, with an
//! end. Deliberately absent: the system's own dialogs, which no driver can press; [`Desk::choose`] answers for them.

use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use fantoccini::elements::{Element, ElementRef};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};

use crate::terminal::{Terminal, built};

mod display;
mod driver;

use driver::Driver;

/// Nothing a window does takes longer on the slowest machine; what does hangs.
pub const LONGEST: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(25);

/// One display, one keyboard, one window at a time.
static DISPLAY: Mutex<()> = Mutex::const_new(());

/// A machine with Griot on it, seen from its desk.
#[derive(Debug)]
pub struct Desk {
    machine: Terminal,
    english: bool,
}

impl Desk {
    /// A machine without a workspace, whose person reads English.
    ///
    /// # Panics
    /// When the programs were not built.
    #[must_use]
    pub fn new() -> Self {
        Self { machine: Terminal::new(), english: true }
    }

    /// The same for a person who reads French.
    #[must_use]
    pub fn in_french(mut self) -> Self {
        self.english = false;
        self
    }

    /// The same machine, from its terminal: the same workspace.
    #[must_use]
    pub fn terminal(&self) -> &Terminal {
        &self.machine
    }

    /// Answers the next dialogs in which files are chosen, until it is called again.
    ///
    /// # Panics
    /// When that cannot be written down.
    pub fn choose<P: AsRef<Path>>(&self, files: impl IntoIterator<Item = P>) {
        let lines: Vec<String> = files.into_iter().map(|f| f.as_ref().display().to_string()).collect();
        fs::write(self.chosen(), lines.join("\n")).expect("a file of the test");
    }

    fn chosen(&self) -> PathBuf {
        self.machine.home().join("chosen")
    }

    /// Starts the program once more, without a driver, and waits until it ends.
    ///
    /// # Panics
    /// When it does not.
    pub async fn start_again(&self) -> Output {
        self.run(|_| {}).await
    }

    /// Starts it where there is no display, and waits until it ends.
    ///
    /// # Panics
    /// When it does not.
    pub async fn start_without_display(&self) -> Output {
        self.run(|command| {
            command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        })
        .await
    }

    async fn run(&self, change: impl FnOnce(&mut Command)) -> Output {
        let mut command = Command::new(built("griot-studio"));
        self.surround(&mut command);
        change(&mut command);
        let ended = tokio::task::spawn_blocking(move || command.output());
        let ended = tokio::time::timeout(LONGEST, ended).await.expect("the second start ends");
        ended.expect("a thread for it").expect("the program starts")
    }

    /// Opens the window and waits until its page is there.
    ///
    /// # Panics
    /// When it does not open.
    pub async fn open(&self) -> Window {
        let display = DISPLAY.lock().await;
        assert!(std::env::var_os("DISPLAY").is_some(), "no display: `cargo xtask e2e` brings one");
        let driver = Driver::start(|command| self.surround(command)).await;
        let options = json!({ "application": built("griot-studio"), "args": [] });
        let wants = json!({ "browserName": "wry", "tauri:options": options });
        let wants = wants.as_object().expect("BUG: an object").clone();
        let address = driver.address();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let opening = builder.capabilities(wants).connect(&address);
        // A driver whose window died does not answer any more.
        let client = tokio::time::timeout(LONGEST, opening).await.expect("the window opens in time");
        let client = client.expect("the window opens");
        let window = Window { client, driver, _display: display };
        window
            .until("the page is there", || async {
                window.look("return document.readyState").await == "complete"
            })
            .await;
        window
    }

    fn surround(&self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            // The log stays: whoever looks for a fault wants it.
            let ours = ["GRIOT_", "LC_", "LANG", "XDG_"].iter().any(|prefix| text.starts_with(prefix));
            if ours && text != "GRIOT_LOG" {
                command.env_remove(&name);
            }
        }
        let home = self.machine.home();
        command.env("HOME", home).env("TMPDIR", home.join("tmp"));
        command.env("GRIOT_WORKSPACE", self.machine.workspace()).env("GRIOT_APP_DIR", self.machine.app_dir());
        command.env("GRIOT_PASSPHRASE", "correct horse").env("GRIOT_PICK", self.chosen());
        command.env("GRIOT_SAVE_AS", home.join("files"));
        command.env("LC_ALL", if self.english { "C.UTF-8" } else { "fr_ML.UTF-8" });
        // The machine of a test has no graphics card, and its software one draws the same everywhere.
        command.env("LIBGL_ALWAYS_SOFTWARE", "1").current_dir(home.join("files"));
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

/// An open window. It is gone, with everything it started, when it is dropped.
#[derive(Debug)]
pub struct Window {
    client: Client,
    driver: Driver,
    _display: MutexGuard<'static, ()>,
}

/// How the page finds what a person sees, by role and name as a reader of screens says them.
const FIND: &str = include_str!("window/find.js");

impl Window {
    /// Asks the studio, as the page does. The error is the studio's own.
    ///
    /// # Errors
    /// What the studio refuses with.
    pub async fn rpc(&self, name: &str, request: Value) -> Result<Value, Value> {
        let answer = self
            .ask(
                "return __TAURI_INTERNALS__.invoke('rpc', { name: args[0], request: args[1] })
                    .then((ok) => ({ ok }), (error) => ({ error }))",
                vec![json!(name), request],
            )
            .await;
        if answer.get("error").is_some() { Err(answer["error"].clone()) } else { Ok(answer["ok"].clone()) }
    }

    /// What a script in the page returns, once its promise is kept. Its arguments are `args`.
    ///
    /// # Panics
    /// When the script fails.
    pub async fn ask(&self, script: &str, args: Vec<Value>) -> Value {
        let whole = format!(
            "const done = arguments[arguments.length - 1]; const args = [...arguments].slice(0, -1);
             (async () => {{ {script} }})().then((kept) => done({{ kept: kept ?? null }}), (broken) => done({{ broken: String(broken) }}));"
        );
        let answer = tokio::time::timeout(LONGEST, self.client.execute_async(&whole, args)).await;
        let answer = answer.expect("the page answers in time").expect("the page runs scripts");
        assert!(answer.get("broken").is_none(), "{script}\n{}", answer["broken"]);
        answer["kept"].clone()
    }

    async fn look(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("the page runs scripts")
    }

    /// Waits until `holds`.
    ///
    /// # Panics
    /// When it never does; the page's text is said then.
    pub async fn until<F: Future<Output = bool>>(&self, what: &str, mut holds: impl FnMut() -> F) {
        let end = Instant::now() + LONGEST;
        while !holds().await {
            if Instant::now() > end {
                panic!("never: {what}\n{}", self.text().await);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// All that the page says.
    pub async fn text(&self) -> String {
        self.look("return document.body.innerText").await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says this.
    ///
    /// # Panics
    /// When it never does.
    pub async fn says(&self, text: &str) {
        self.until(text, || async { self.text().await.contains(text) }).await;
    }

    /// Waits until the page no longer says this.
    ///
    /// # Panics
    /// When it always does.
    pub async fn no_longer_says(&self, text: &str) {
        self.until(&format!("no more {text:?}"), || async { !self.text().await.contains(text) }).await;
    }

    /// Waits for what has this role and this name, and can be used.
    ///
    /// # Panics
    /// When it never comes.
    pub async fn find(&self, role: &str, name: &str) -> Element {
        let end = Instant::now() + LONGEST;
        loop {
            if let Some(element) = self.seek(role, name).await {
                return element;
            }
            if Instant::now() > end {
                panic!("no {role} {name:?}\n{}", self.text().await);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What has this role and this name, if it is there now.
    pub async fn seek(&self, role: &str, name: &str) -> Option<Element> {
        let found =
            self.client.execute(FIND, vec![json!(role), json!(name)]).await.expect("the page runs scripts");
        let id = found.as_object()?.values().next()?.as_str()?.to_owned();
        Some(Element::from_element_id(self.client.clone(), ElementRef::from(id)))
    }

    /// Clicks it, once it is there.
    ///
    /// # Panics
    /// When it never comes, or does not take a click.
    pub async fn click(&self, role: &str, name: &str) {
        let end = Instant::now() + LONGEST;
        // What moves or is covered for a moment refuses a click; a person would click again.
        loop {
            let refused = match self.find(role, name).await.click().await {
                Ok(()) => return,
                Err(error) => error,
            };
            assert!(Instant::now() < end, "{role} {name:?} takes no click: {refused}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Replaces what stands in a field.
    ///
    /// # Panics
    /// When it is not there, or takes no words.
    pub async fn write(&self, role: &str, name: &str, words: &str) {
        let field = self.find(role, name).await;
        field.click().await.expect("a field takes the focus");
        // Select all and delete by keys: a driver's own clearing tells the page nothing.
        field.send_keys("\u{e009}a\u{e000}\u{e003}").await.expect("a field takes keys");
        field.send_keys(words).await.expect("a field takes words");
    }

    /// Presses keys where the focus is: `\u{e004}` is Tab, `\u{e007}` Enter, `\u{e009}` Control until `\u{e000}`.
    ///
    /// # Panics
    /// When nothing takes them.
    pub async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(keys).await.expect("it takes keys");
    }

    /// A picture of the page, as PNG, once two frames were drawn after everything before.
    ///
    /// # Panics
    /// When none can be taken.
    pub async fn picture(&self) -> Vec<u8> {
        self.ask(
            "await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))",
            Vec::new(),
        )
        .await;
        self.client.screenshot().await.expect("a picture")
    }

    /// How many windows called Griot the display shows.
    ///
    /// # Panics
    /// When the display does not answer.
    #[must_use]
    pub fn on_display(&self) -> usize {
        display::windows("Griot").len()
    }

    /// Asks the window to close, as the button in its frame does, and waits until the program is gone.
    ///
    /// # Panics
    /// When it stays. Returns how long it took.
    pub async fn close(self) -> Duration {
        let started = Instant::now();
        display::ask_to_close("Griot");
        while self.driver.program_runs() {
            assert!(started.elapsed() < LONGEST, "the window does not close");
            tokio::time::sleep(LOOK).await;
        }
        let took = started.elapsed();
        // The driver has lost its window; that it says so is all that is left of it.
        let _ = self.client.close().await;
        took
    }
}
