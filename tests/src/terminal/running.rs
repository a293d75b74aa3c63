//! A program that runs, and what it left behind when it ended.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// No call of a test takes longer on the slowest machine; one that does hangs.
pub(super) const LONGEST: Duration = Duration::from_secs(180);

/// What a call left behind.
#[derive(Debug, Clone)]
pub struct Output {
    /// The exit code; -1 when a signal ended it.
    pub code: i32,
    /// The last line of standard output, when it is JSON.
    pub json: Value,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    line: String,
}

impl Output {
    /// The same, after seeing that the call ended with 0.
    ///
    /// # Panics
    /// When it did not.
    #[must_use = "write `.code` to look at the code alone"]
    pub fn ok(self) -> Self {
        self.ended(0)
    }

    /// Sees that the call ended with 0.
    ///
    /// # Panics
    /// When it did not.
    pub fn done(self) {
        drop(self.ended(0));
    }

    /// The same, after seeing how the call ended.
    ///
    /// # Panics
    /// When it ended otherwise.
    #[must_use = "write `.code` to look at the code alone"]
    pub fn ended(self, code: i32) -> Self {
        let Self { line, stdout, stderr, .. } = &self;
        assert_eq!(self.code, code, "griot {line}\nstandard output:\n{stdout}\nstandard error:\n{stderr}");
        self
    }

    /// Every line of standard output as JSON.
    ///
    /// # Panics
    /// When a line is none.
    #[must_use]
    pub fn events(&self) -> Vec<Value> {
        self.stdout.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{l}: {e}"))).collect()
    }

    /// The code of the error, `""` when there is none.
    #[must_use]
    pub fn error(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }
}

/// A line of one of the two ways out, or the end of one.
enum Heard {
    Out(String),
    Err(String),
    End,
}

/// A call that runs. It is killed when it is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    heard: Receiver<Heard>,
    open: u8,
    stdout: String,
    stderr: String,
    line: String,
    /// What a person types while it runs; nothing where standard input has ended.
    keyboard: Option<Sender<Vec<u8>>>,
}

impl Running {
    pub(super) fn new(mut child: Child, stdin: Vec<u8>, stays_open: bool, args: &[OsString]) -> Self {
        let (tell, heard) = channel();
        let (keyboard, typed) = channel::<Vec<u8>>();
        if let Some(mut input) = child.stdin.take() {
            // A program that does not read its input closes it: no failure of the test.
            thread::spawn(move || typed.iter().try_for_each(|bytes| input.write_all(&bytes)));
        }
        let _ = keyboard.send(stdin);
        let keyboard = stays_open.then_some(keyboard);
        let out = child.stdout.take().map(|s| Box::new(s) as Box<dyn Read + Send>);
        let err = child.stderr.take().map(|s| Box::new(s) as Box<dyn Read + Send>);
        for (stream, wrap) in [(out, Heard::Out as fn(String) -> Heard), (err, Heard::Err)] {
            let tell = tell.clone();
            let stream = stream.expect("BUG: both ways out are piped");
            thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                let mut line = Vec::new();
                while reader.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
                    if tell.send(wrap(String::from_utf8_lossy(&line).into_owned())).is_err() {
                        return;
                    }
                    line.clear();
                }
                // Nobody listens any more when the test has ended.
                let _ = tell.send(Heard::End);
            });
        }
        let line = args.iter().map(|a| a.to_string_lossy()).collect::<Vec<_>>().join(" ");
        Self { child, heard, open: 2, stdout: String::new(), stderr: String::new(), line, keyboard }
    }

    /// Types one more line on a standard input that was left open.
    ///
    /// # Panics
    /// When it was not.
    pub fn types(&mut self, line: &str) {
        let keyboard = self.keyboard.as_ref().expect("standard input is open");
        // A program that has ended reads nothing any more: its end tells.
        let _ = keyboard.send(format!("{line}\n").into_bytes());
    }

    /// What it has said on standard error so far.
    #[must_use]
    pub fn said(&self) -> &str {
        &self.stderr
    }

    /// Waits for a line of standard error that contains `text`.
    ///
    /// # Panics
    /// When the program ends or hangs before.
    pub fn wait_for(&mut self, text: &str) {
        let seen = self.stderr.len();
        self.listen(|running| running.stderr[seen..].contains(text), text);
    }

    /// Waits for a line of standard output that contains `text`.
    ///
    /// # Panics
    /// When the program ends or hangs before.
    pub fn wait_for_answer(&mut self, text: &str) {
        let seen = self.stdout.len();
        self.listen(|running| running.stdout[seen..].contains(text), text);
    }

    /// Waits for the first line of standard output, which is JSON.
    ///
    /// # Panics
    /// When the program ends or hangs before, or says something else.
    pub fn answer(&mut self) -> Value {
        self.wait_for_answer("\n");
        let line = self.stdout.lines().next().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"))
    }

    /// Whether a line of standard error that contains `text` comes before the program ends.
    ///
    /// # Panics
    /// When it hangs.
    pub fn reaches(&mut self, text: &str) -> bool {
        let until = Instant::now() + LONGEST;
        while !self.stderr.contains(text) {
            if !self.hear(until) {
                return false;
            }
        }
        true
    }

    fn listen(&mut self, enough: impl Fn(&Self) -> bool, what: &str) {
        let until = Instant::now() + LONGEST;
        while !enough(self) {
            assert!(
                self.hear(until),
                "griot {} ended without {what}\n{}\n{}",
                self.line,
                self.stdout,
                self.stderr
            );
        }
    }

    /// Hears one line; false when there will be none.
    fn hear(&mut self, until: Instant) -> bool {
        while self.open > 0 {
            match self.heard.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Heard::Out(line)) => self.stdout.push_str(&line),
                Ok(Heard::Err(line)) => self.stderr.push_str(&line),
                Ok(Heard::End) => {
                    self.open -= 1;
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => {
                    let _ = self.child.kill();
                    panic!("griot {} hangs\n{}\n{}", self.line, self.stdout, self.stderr);
                }
            }
            return true;
        }
        false
    }

    /// Kills it as a power cut would (SIGKILL), and waits until it is gone.
    pub fn kill(mut self) -> Output {
        // One that ended by itself cannot be killed any more, and need not be.
        let _ = self.child.kill();
        self.finish()
    }

    /// Asks it to stop, as Ctrl-C does.
    ///
    /// # Panics
    /// When the system has no `kill`.
    #[cfg(unix)]
    pub fn interrupt(&mut self) {
        let id = self.child.id().to_string();
        let sent =
            std::process::Command::new("kill").args(["-INT", &id]).status().expect("every system has kill");
        assert!(sent.success(), "the program is gone");
    }

    /// Waits until it ends by itself.
    ///
    /// # Panics
    /// When it does not within three minutes.
    #[must_use]
    pub fn wait(mut self) -> Output {
        self.finish()
    }

    fn finish(&mut self) -> Output {
        let until = Instant::now() + LONGEST;
        while self.hear(until) {}
        let status = self.child.wait().expect("a child can be waited for");
        let last = self.stdout.lines().last().unwrap_or_default();
        Output {
            code: status.code().unwrap_or(-1),
            json: serde_json::from_str(last).unwrap_or(Value::Null),
            stdout: std::mem::take(&mut self.stdout),
            stderr: std::mem::take(&mut self.stderr),
            line: self.line.clone(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
