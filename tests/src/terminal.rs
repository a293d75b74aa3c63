//! The real `griot` program, run as a person or a script runs it.
//!
//! Each [`Terminal`] is a machine of its own: a home, an application folder, a workspace, a secrets file. Nothing of
//! the real machine's Griot is read. Deliberately absent: building the program, any sleep, and any look into the
//! database: what counts is what the program says.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

mod media;
mod running;

pub use media::{film, jpeg, png, turned};
pub use running::{Output, Running};

/// A machine with Griot on it.
#[derive(Debug)]
pub struct Terminal {
    home: tempfile::TempDir,
    workspace: PathBuf,
    program: PathBuf,
    user: Option<u32>,
    /// Milliseconds by which its clock is ahead of the real one.
    ahead_ms: AtomicU64,
}

/// How many times as fast the clock runs in a hurry: minutes of waiting take seconds, and a server close by still seems
/// to answer in time.
const HURRY: u32 = 20;

impl Terminal {
    /// A machine without a workspace.
    ///
    /// # Panics
    /// When the program was not built.
    #[must_use]
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        for folder in ["tmp", "files"] {
            fs::create_dir(home.path().join(folder)).expect("a folder in it");
        }
        let workspace = home.path().join("workspace");
        Self { home, workspace, program: built("griot"), user: None, ahead_ms: AtomicU64::new(0) }
    }

    /// A machine with a new workspace.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn ready() -> Self {
        let terminal = Self::new();
        terminal.run(["init"]).done();
        terminal
    }

    /// The same machine as a person without rights of an administrator sees it. Changes nothing for a person who is
    /// none.
    ///
    /// # Panics
    /// When its folders cannot be given to that person.
    #[cfg(unix)]
    #[must_use]
    pub fn without_privileges(mut self) -> Self {
        use std::os::unix::fs::{MetadataExt, chown};
        /// The person who owns nothing, on every system.
        const NOBODY: u32 = 65534;
        let root = self.home.path();
        if fs::metadata(root).expect("the home is there").uid() != 0 {
            return self;
        }
        // The program itself may lie where only an administrator looks.
        let program = root.join("griot");
        fs::copy(&self.program, &program).expect("the program can be copied");
        for path in [root.to_owned(), root.join("tmp"), root.join("files")] {
            chown(path, Some(NOBODY), Some(NOBODY)).expect("an administrator may give folders away");
        }
        self.program = program;
        self.user = Some(NOBODY);
        self
    }

    /// Another machine on which `workspace` lies.
    #[must_use]
    pub fn with_workspace(mut self, workspace: impl Into<PathBuf>) -> Self {
        self.workspace = workspace.into();
        self
    }

    /// The workspace's folder.
    #[must_use]
    pub fn workspace(&self) -> &Path {
        &self.workspace
    }

    /// Where this machine keeps what must not travel.
    #[must_use]
    pub fn app_dir(&self) -> PathBuf {
        self.home.path().join("app")
    }

    /// The secrets file.
    #[must_use]
    pub fn secrets(&self) -> PathBuf {
        self.home.path().join("secrets.age")
    }

    /// The home: everything the program may write by itself is below it.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A path for a file of the test.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join("files").join(name)
    }

    /// A file of the test, written.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).expect("a file of the test");
        path
    }

    /// Everything below the home, as paths in it, in order: to see that nothing was made.
    ///
    /// # Panics
    /// When a folder cannot be read.
    #[must_use]
    pub fn all_files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.home.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder of the home") {
                let path = entry.expect("an entry of it").path();
                if path.is_dir() {
                    folders.push(path.clone());
                }
                found.push(path);
            }
        }
        found.sort();
        found
    }

    /// Runs with `--json`.
    pub fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Output {
        self.call().run(args)
    }

    /// Runs with `--json` on a clock in a hurry: what is waited for by the clock comes twenty times as soon. From then on
    /// the clock of this machine is ahead of the real one.
    pub fn hurry<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Output {
        let began = Instant::now();
        let ahead = self.ahead_ms.load(Ordering::Relaxed);
        let output = self.call().env("GRIOT_CLOCK", format!("{ahead},{HURRY}")).run(args);
        let passed = began.elapsed() * HURRY + Duration::from_secs(1);
        self.ahead_ms.fetch_add(u64::try_from(passed.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        output
    }

    /// Runs without `--json`.
    pub fn say<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Output {
        self.call().plain().run(args)
    }

    /// A call with more to it.
    #[must_use]
    pub fn call(&self) -> Call<'_> {
        let mut env = [("GRIOT_PASSPHRASE".into(), Some("correct horse".into()))].to_vec();
        let ahead = self.ahead_ms.load(Ordering::Relaxed);
        if ahead > 0 {
            env.push(("GRIOT_CLOCK".into(), Some(format!("{ahead},1").into())));
        }
        Call { terminal: self, json: true, stdin: Vec::new(), stays_open: false, env }
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}

/// One call that is being put together.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    terminal: &'a Terminal,
    json: bool,
    stdin: Vec<u8>,
    stays_open: bool,
    env: Vec<(OsString, Option<OsString>)>,
}

impl Call<'_> {
    /// For a person: without `--json`.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.json = false;
        self
    }

    /// What standard input holds; nothing when this is not said.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Standard input stays open after that: more is typed while the program runs.
    #[must_use]
    pub fn typing(mut self) -> Self {
        self.stays_open = true;
        self
    }

    /// A variable of the environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), Some(value.into())));
        self
    }

    /// A variable that is not there.
    #[must_use]
    pub fn without(mut self, name: impl Into<OsString>) -> Self {
        self.env.push((name.into(), None));
        self
    }

    /// Runs to the end.
    ///
    /// # Panics
    /// When the program cannot be started, or does not end within three minutes.
    pub fn run<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Output {
        self.start(args).wait()
    }

    /// Starts the program and leaves it running.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn start<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Running {
        let args: Vec<OsString> = args.into_iter().map(|a| a.as_ref().to_owned()).collect();
        let mut command = self.command();
        command.args(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap_or_else(|e| panic!("{}: {e}", self.terminal.program.display()));
        Running::new(child, self.stdin, self.stays_open, &args)
    }

    /// Runs with a standard output that nobody reads any more; gives the exit code and standard error.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn run_unheard<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> (Option<i32>, String) {
        let mut command = self.command();
        command.args(args.into_iter().map(|a| a.as_ref().to_owned()).collect::<Vec<OsString>>());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("a child can be waited for");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    fn command(&self) -> Command {
        let terminal = self.terminal;
        let home = terminal.home.path();
        let mut command = Command::new(&terminal.program);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if ["GRIOT_", "LC_", "LANG", "XDG_"].iter().any(|prefix| text.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        for name in ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"] {
            command.env(name, home);
        }
        for name in ["TMPDIR", "TMP", "TEMP"] {
            command.env(name, home.join("tmp"));
        }
        command.env("GRIOT_APP_DIR", terminal.app_dir()).current_dir(home.join("files"));
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut secrets = OsString::from("file:");
        secrets.push(terminal.secrets());
        command.arg("--workspace").arg(&terminal.workspace).arg("--secrets").arg(secrets);
        if self.json {
            command.arg("--json");
        }
        #[cfg(unix)]
        if let Some(user) = terminal.user {
            use std::os::unix::process::CommandExt;
            command.uid(user).gid(user);
        }
        command
    }
}

/// A program that was built beside this test: `target/PROFILE/griot` for `target/PROFILE/deps/TEST`.
pub(crate) fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let folder = test.parent().and_then(Path::parent).expect("a test lies in target/PROFILE/deps");
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "{} is missing: run `cargo build --workspace --bins` first", program.display());
    program
}
