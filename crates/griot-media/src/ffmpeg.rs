//! ffmpeg as a process: found, asked for its version and encoders, run, watched and stopped. The only file of Griot that
//! starts a process. It never links ffmpeg in (most builds are GPL) and knows nothing of films: arguments come in.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::{Cancelled, Error};

/// How often a running ffmpeg is looked after; a cancel is heard at least this often.
const BEAT: Duration = Duration::from_millis(100);
/// Beats without a word after which ffmpeg counts as hung: two minutes, as it reports twice a second.
const SILENCE: u32 = 1200;
/// Beats that a question (`-version`) may take: ten seconds.
const QUESTION: u32 = 100;
/// Lines of complaint that are kept for the error.
const LAST_WORDS: usize = 8;
/// Bytes of one line that are kept.
const LINE: usize = 400;

/// An ffmpeg that answered.
#[derive(Debug, Clone)]
pub struct Ffmpeg {
    program: PathBuf,
    version: String,
    x264: bool,
}

impl Ffmpeg {
    /// Looks for ffmpeg: the `chosen` program if a person chose one (and then no other), else in the application's
    /// folder, else along `search_path` (the form of the environment's `PATH`).
    ///
    /// # Errors
    /// [`Error::Ffmpeg`] when there is none, or when what is there does not answer like ffmpeg.
    pub fn find(
        chosen: Option<&Path>,
        app_dir: Option<&Path>,
        search_path: Option<&OsStr>,
    ) -> Result<Self, Error> {
        if let Some(chosen) = chosen {
            return Self::ask(chosen).map_err(|_| Error::Ffmpeg {
                missing: format!("{} does not answer like ffmpeg", chosen.display()),
            });
        }
        programs(app_dir, search_path).find_map(|program| Self::ask(&program).ok()).ok_or_else(|| {
            Error::Ffmpeg {
                missing: "not in the settings, the application's folder or the search path".into(),
            }
        })
    }

    /// Whether a file is where [`Self::find`] would look. Nothing is started: it may still not answer like ffmpeg.
    #[must_use]
    pub fn may_be_there(chosen: Option<&Path>, app_dir: Option<&Path>, search_path: Option<&OsStr>) -> bool {
        match chosen {
            Some(chosen) => chosen.is_file(),
            None => programs(app_dir, search_path).next().is_some(),
        }
    }

    /// The version that it gives, for example `7.1` or `5.1.9-0+deb12u1`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Where it is.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Whether it can write H.264 with x264, which the renditions need.
    #[must_use]
    pub fn writes_h264(&self) -> bool {
        self.x264
    }

    fn ask(program: &Path) -> Result<Self, Error> {
        let mut version = None;
        question(program, &["-version"], |line| {
            if let Some(rest) = line.strip_prefix("ffmpeg version ") {
                version = rest.split_whitespace().next().map(str::to_owned);
            }
        })?;
        let Some(version) = version else {
            return Err(Error::Ffmpeg { missing: "it states no version".into() });
        };
        let mut x264 = false;
        question(program, &["-hide_banner", "-encoders"], |line| {
            x264 |= line.split_whitespace().nth(1) == Some("libx264");
        })?;
        Ok(Self { program: program.to_path_buf(), version, x264 })
    }

    /// Runs ffmpeg in a folder and hands every line of its standard output to `watch`, also an empty one on every beat.
    /// When `watch` says stop, the process is killed and waited for before this returns.
    pub(crate) fn run(
        &self,
        args: &[OsString],
        folder: &Path,
        watch: &mut dyn FnMut(&str) -> Result<(), Cancelled>,
    ) -> Result<(), Error> {
        let mut command = Command::new(&self.program);
        command.args(args).current_dir(folder);
        run(command, SILENCE, watch)
    }
}

/// The files called ffmpeg, in the order in which they are asked.
fn programs(app_dir: Option<&Path>, search_path: Option<&OsStr>) -> impl Iterator<Item = PathBuf> {
    let name = format!("ffmpeg{}", std::env::consts::EXE_SUFFIX);
    let folders = search_path.map(|path| std::env::split_paths(path).collect::<Vec<_>>());
    let folders = app_dir.map(Path::to_path_buf).into_iter().chain(folders.unwrap_or_default());
    // An empty entry of the search path would mean the current directory, where anything may lie.
    folders
        .filter(|folder| folder.is_absolute())
        .map(move |folder| folder.join(&name))
        .filter(|program| program.is_file())
}

fn question(program: &Path, args: &[&str], mut hear: impl FnMut(&str)) -> Result<(), Error> {
    let mut command = Command::new(program);
    command.args(args);
    run(command, QUESTION, &mut |line| {
        hear(line);
        Ok(())
    })
}

/// A process that does not outlive its watcher.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when it has already ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(
    mut command: Command,
    patience: u32,
    watch: &mut dyn FnMut(&str) -> Result<(), Cancelled>,
) -> Result<(), Error> {
    // FFREPORT would make it write a log with paths into the current folder.
    command.env_remove("FFREPORT").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    without_console(&mut command);
    let mut running = Running(command.spawn()?);
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
    if status.success() {
        return Ok(());
    }
    let last: Vec<String> = complaints.into_iter().collect();
    Err(Error::FfmpegFailed(if last.is_empty() { status.to_string() } else { last.join(" / ") }))
}

/// Reads both outputs on threads of their own, so that neither can block the process. They end with it.
fn listen(child: &mut Child) -> (Receiver<String>, Complaints) {
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
    (said, Complaints(complaints))
}

/// The last lines of standard error, once the process has ended.
struct Complaints(Receiver<VecDeque<String>>);

impl Complaints {
    fn into_iter(self) -> impl Iterator<Item = String> {
        self.0.recv_timeout(BEAT * 20).unwrap_or_default().into_iter()
    }
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
