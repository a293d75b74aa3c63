//! A process that is watched, fed and stopped, and does not outlive its watcher.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::{Cancelled, Error};

/// How often a running process is looked after; a cancel is heard at least this often.
const BEAT: Duration = Duration::from_millis(100);
/// Lines of standard error that are kept.
const LAST_WORDS: usize = 64;
/// Of these, how many an error tells.
const TOLD: usize = 8;
/// Bytes of one line that are kept.
const LINE: usize = 400;

/// Writes what the process reads from its standard input.
pub(crate) type Feed<'a> = &'a mut (dyn FnMut(&mut dyn Write) -> Result<(), Error> + Send);

/// Kills what is left of a process when nobody watches it any more.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when it has already ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a command to its end and hands back the last lines of its standard error.
pub(super) fn run(
    mut command: Command,
    patience: u32,
    feed: Option<Feed<'_>>,
    watch: &mut dyn FnMut(&str) -> Result<(), Cancelled>,
) -> Result<Vec<String>, Error> {
    OURS.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.stdin(if feed.is_some() { Stdio::piped() } else { Stdio::null() });
    without_console(&mut command);
    let mut running = Running(command.spawn()?);
    let input = running.0.stdin.take();
    std::thread::scope(|scope| {
        let fed = feed.zip(input).map(|(feed, mut input)| scope.spawn(move || feed(&mut input)));
        // It is killed before the scope waits for the feeding thread, whose pipe then breaks.
        let ended = attend(running, patience, watch);
        let fed = fed.map_or(Ok(()), |fed| fed.join().unwrap_or_else(|_| Err(panicked())));
        match (ended, fed) {
            (Err(Error::Cancelled), _) => Err(Error::Cancelled),
            // It may end before it has read everything.
            (ended, Err(Error::Io(e))) if e.kind() == std::io::ErrorKind::BrokenPipe => ended,
            (_, Err(e)) => Err(e),
            (ended, Ok(())) => ended,
        }
    })
}

/// What of the environment is not for others: the passphrase of the secrets, and where the person’s things lie. FFREPORT
/// would make ffmpeg write a log with paths into the current folder.
const OURS: &[&str] = &["GRIOT_PASSPHRASE", "GRIOT_WORKSPACE", "GRIOT_APP_DIR", "GRIOT_LOG", "FFREPORT"];

fn panicked() -> Error {
    Error::Bug("a decoder panicked while it fed ffmpeg".into())
}

fn attend(
    mut running: Running,
    patience: u32,
    watch: &mut dyn FnMut(&str) -> Result<(), Cancelled>,
) -> Result<Vec<String>, Error> {
    let (said, complaints) = listen(&mut running.0);
    let mut silent = 0;
    loop {
        match said.recv_timeout(BEAT) {
            Ok(line) => {
                silent = 0;
                watch(&line)?;
            }
            Err(RecvTimeoutError::Timeout) => {
                silent += 1;
                if silent > patience {
                    return Err(Error::FfmpegFailed("it said nothing for too long and was stopped".into()));
                }
                watch("")?;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let status = running.0.wait()?;
    let last = complaints.recv_timeout(BEAT * 20).unwrap_or_default();
    if status.success() {
        return Ok(last.into());
    }
    let told: Vec<String> = last.into_iter().rev().take(TOLD).rev().collect();
    Err(Error::FfmpegFailed(if told.is_empty() { status.to_string() } else { told.join(" / ") }))
}

/// Reads both outputs on threads of their own, so that neither can block the process. They end with it.
fn listen(child: &mut Child) -> (Receiver<String>, Receiver<VecDeque<String>>) {
    let (say, said) = channel();
    if let Some(out) = child.stdout.take() {
        std::thread::spawn(move || {
            lines(out, |line| say.send(line).is_ok());
        });
    }
    let (complain, complaints) = channel();
    if let Some(err) = child.stderr.take() {
        std::thread::spawn(move || {
            let mut last = VecDeque::new();
            lines(err, |line| {
                if last.len() == LAST_WORDS {
                    last.pop_front();
                }
                last.push_back(line);
                true
            });
            // Nobody may be left to hear it.
            let _ = complain.send(last);
        });
    }
    (said, complaints)
}

/// Feeds the lines of an output, shortened, until the other side has heard enough or the output ends.
fn lines(out: impl Read, mut hear: impl FnMut(String) -> bool) {
    let mut reader = BufReader::new(out);
    let mut line = Vec::new();
    while reader.by_ref().take(1 << 16).read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        line.truncate(LINE);
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        line.clear();
        if !text.is_empty() && !hear(text) {
            break;
        }
    }
}

/// Windows opens a console window for every console program unless told not to.
#[cfg(windows)]
fn without_console(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    /// `CREATE_NO_WINDOW` of the Windows API.
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
fn without_console(_command: &mut Command) {}
