//! A server's process: started, waited for, ended by its id.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// A cold machine that also compiles needs this long at worst; a warm one a few seconds.
const PATIENCE: Duration = Duration::from_secs(180);

/// How long a server may take to end by itself.
const FAREWELL: Duration = Duration::from_secs(20);

/// The code with which a server says that its port was taken between choosing and binding it.
const PORT_TAKEN: i32 = 98;

/// How often a taken port is answered with another one.
const TRIES: usize = 5;

/// Where the servers are installed.
pub(super) fn installed(server: &str, proof: &str) -> PathBuf {
    let home = home(server);
    assert!(
        home.join(proof).exists(),
        "the test server \"{server}\" is not installed in {}: run `cargo xtask test` once (it installs it), \
         or name its folder in GRIOT_TEST_SERVERS; tests/servers/README.md has the commands",
        home.display()
    );
    home
}

/// Whether a server is installed.
pub(super) fn is_installed(server: &str, proof: &str) -> bool {
    home(server).join(proof).exists()
}

fn home(server: &str) -> PathBuf {
    let named = std::env::var_os("GRIOT_TEST_SERVERS").map(PathBuf::from);
    let built = std::env::var_os("CARGO_TARGET_DIR").map(|target| PathBuf::from(target).join("servers"));
    let root = named
        .or(built.filter(|servers| servers.exists()))
        .unwrap_or_else(|| repository().join("target").join("servers"));
    root.join(server)
}

/// The folder that holds the servers' start files.
pub(super) fn scripts(server: &str) -> PathBuf {
    repository().join("tests").join("servers").join(server)
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A running server.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    /// The words after `READY`.
    pub(super) ready: Vec<String>,
    /// The words after `SET`, each time; says by its end that the process has closed its output.
    output: Mutex<mpsc::Receiver<Vec<String>>>,
}

impl Running {
    /// Starts what `command` makes and waits until it says that it is ready.
    pub(super) fn start(mut command: impl FnMut() -> Command) -> Self {
        for _ in 0..TRIES {
            match try_start(&mut command()) {
                Ok(running) => return running,
                Err(Some(PORT_TAKEN)) => {}
                Err(code) => {
                    panic!("the test server ended with {code:?} before it was ready; its words are above")
                }
            }
        }
        panic!("the test server found no free port {TRIES} times");
    }

    /// Tells the server something on its standard input, and waits until it has done it.
    pub(super) fn tell(&self, words: &str) {
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        let mut input = self.child.stdin.as_ref().expect("BUG: standard input is ours");
        writeln!(input, "{words}").expect("a server that listens");
        output.recv_timeout(PATIENCE).expect("a server that answers");
    }

    /// Ends a server that has processes of its own: it hears that its standard input is at its end, and takes them with it.
    pub(super) fn end_gently(&mut self) {
        drop(self.child.stdin.take());
        let output = self.output.get_mut().unwrap_or_else(PoisonError::into_inner);
        output.recv_timeout(FAREWELL).ok();
    }

    /// The process's id.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }
}

fn try_start(command: &mut Command) -> Result<Running, Option<i32>> {
    let program = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
    let output = child.stdout.take().expect("BUG: standard output was asked for");
    let output = lines_for_us(output);
    match output.recv_timeout(PATIENCE) {
        Ok(words) => Ok(Running { child, ready: words, output: Mutex::new(output) }),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(child.wait().ok().and_then(|status| status.code())),
        Err(mpsc::RecvTimeoutError::Timeout) => {
            stop(&mut child);
            panic!("{program} was not ready after {} s", PATIENCE.as_secs());
        }
    }
}

/// Reads the output to its end, so that the server never blocks on it, and passes on the lines that are for us.
fn lines_for_us(output: ChildStdout) -> mpsc::Receiver<Vec<String>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = String::new();
        while output.read_line(&mut line).is_ok_and(|n| n > 0) {
            let words = line.strip_prefix("READY ").or_else(|| line.strip_prefix("SET"));
            if let Some(words) = words {
                // Where nobody listens any more the rest is read all the same.
                sender.send(words.split_whitespace().map(str::to_owned).collect()).ok();
            }
            line.clear();
        }
    });
    receiver
}

fn stop(child: &mut Child) {
    // Neither can fail in a way that matters: the process is gone, or the operating system takes it with us.
    child.kill().ok();
    child.wait().ok();
}

impl Drop for Running {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}
