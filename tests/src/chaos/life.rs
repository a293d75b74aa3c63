//! A studio that can die at any failure point, and the machine that outlives it.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use griot_app::ports::Timer;
use griot_app::{AppError, Lang, Options, Ports, Studio, dispatch, outbox};
use griot_domain::{Clock, Faults, Random};
use griot_networks::Client;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::clock::{TestClock, TestRandom};

/// A dying studio's tasks end within this time.
const LAST_BREATH: Duration = Duration::from_secs(30);

/// What is thrown at the point where a life ends.
struct Death;

/// What the machine does at the failure points that the worker passes.
#[derive(Debug, Default)]
struct Fate {
    passed: u32,
    dies_at: Option<u32>,
    /// The disk is full from one point to another.
    full: Option<(u32, u32)>,
    dead: bool,
    died_at: Option<&'static str>,
}

/// The machine's side of the failure points.
#[derive(Debug)]
struct Hook {
    fate: Mutex<Fate>,
    died: watch::Sender<bool>,
}

impl Hook {
    fn at(&self, name: &'static str) -> std::io::Result<()> {
        let mut fate = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        if !fate.dead {
            fate.passed += 1;
            if fate.dies_at == Some(fate.passed) {
                fate.dead = true;
                fate.died_at = Some(name);
                self.died.send_replace(true);
            }
        }
        if fate.dead {
            drop(fate);
            // No panic message: this end was ordered.
            resume_unwind(Box::new(Death));
        }
        let full = fate.full.is_some_and(|(from, to)| (from..to).contains(&fate.passed));
        // Some points are no writing: an answer, and the question what kind of drive it is.
        if full && !name.starts_with("networks.") && name != "store.network_drive" {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

/// A running program.
struct Life {
    studio: Arc<Studio>,
    runtime: Runtime,
}

/// A laptop: its disk and its clock outlive every program on it.
pub(super) struct Machine {
    home: TempDir,
    pub(super) clock: Arc<TestClock>,
    random: Arc<dyn Random>,
    hook: Arc<Hook>,
    life: Option<Life>,
}

impl Machine {
    pub(super) fn new() -> Self {
        Self {
            home: folder(),
            clock: TestClock::at_the_real_time(),
            random: Arc::new(TestRandom(AtomicU64::new(7))),
            hook: Arc::new(Hook { fate: Mutex::default(), died: watch::channel(false).0 }),
            life: None,
        }
    }

    /// Another machine with a copy of the workspace and of the secrets, as a stick carries them.
    pub(super) fn twin(&mut self) -> Self {
        self.restart();
        let mut twin = Self::new();
        crate::folder::copy(&self.file("workspace"), &twin.file("workspace"));
        std::fs::copy(self.file("secrets.age"), twin.file("secrets.age")).expect("the copied secrets");
        twin.clock = Arc::clone(&self.clock);
        twin
    }

    /// A file in the machine's own folder.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The folder that holds all of it.
    pub(super) fn folder(&self) -> PathBuf {
        self.home.path().to_owned()
    }

    fn life(&mut self) -> &Life {
        let (home, clock, random, hook) = (&self.home, &self.clock, &self.random, &self.hook);
        self.life.get_or_insert_with(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            let runtime = runtime.expect("a runtime");
            let hook = Arc::clone(hook);
            let faults = Faults::with(move |name| hook.at(name));
            let client = {
                let _inside = runtime.enter();
                let clock = Arc::clone(clock) as Arc<dyn Clock>;
                Client::new(clock, Arc::clone(random), faults.clone(), "0.0.0-chaos")
            };
            let ports = Ports {
                clock: Arc::clone(clock) as Arc<dyn Clock>,
                timer: Arc::clone(clock) as Arc<dyn Timer>,
                random: Arc::clone(random),
                faults,
                meter: Arc::new(crate::meter::TestMeter::default()),
                desktop: None,
                networks: Arc::new(griot_networks::all(&client)),
                runtime: runtime.handle().clone(),
            };
            Life { studio: Studio::new(options(home), ports), runtime }
        })
    }

    /// Runs a command, as a person does: nothing is broken meanwhile.
    pub(super) fn ask(&mut self, name: &str, request: Value) -> Result<Value, AppError> {
        dispatch(&self.life().studio, name, request)
    }

    /// Runs a command that must succeed.
    #[track_caller]
    pub(super) fn must(&mut self, name: &str, request: Value) -> Value {
        self.ask(name, request).unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    /// From the next point on the machine behaves like this: it dies at one point, its disk is full between two.
    pub(super) fn will(&self, dies_at: Option<u32>, full: Option<(u32, u32)>) {
        let mut fate = self.hook.fate.lock().unwrap_or_else(PoisonError::into_inner);
        *fate = Fate { dies_at, full, ..Fate::default() };
        self.hook.died.send_replace(false);
    }

    /// Works the outbox until nothing moves at this instant. Where a life ended, the point at which it did.
    ///
    /// # Panics
    /// When the worker cannot work at all.
    pub(super) fn work(&mut self) -> Option<&'static str> {
        let mut death = self.hook.died.subscribe();
        let life = self.life();
        // A deadline that the standing clock never reaches: every wait is longer than the time left.
        let run = outbox::Run { until_idle: true, max: Some(Duration::from_millis(1)) };
        let studio = Arc::clone(&life.studio);
        let worked = life.runtime.block_on(async {
            tokio::select! {
                biased;
                _ = death.wait_for(|dead| *dead) => None,
                ended = tokio::spawn(outbox::run(studio, run)) => ended.ok(),
            }
        });
        let died_at = {
            let mut fate = self.hook.fate.lock().unwrap_or_else(PoisonError::into_inner);
            fate.died_at.take()
        };
        match (died_at, worked) {
            (Some(point), _) => {
                self.die();
                Some(point)
            }
            (None, Some(Ok(_))) => None,
            // A full disk can keep the worker itself from starting.
            (None, Some(Err(error))) if error.code == griot_app::Code::DiskFull => None,
            (None, other) => panic!("the worker: {other:?}"),
        }
    }

    /// The program is gone, in the middle of whatever it did; the next command starts another.
    fn die(&mut self) {
        if let Some(Life { studio, runtime }) = self.life.take() {
            drop(studio);
            runtime.shutdown_timeout(LAST_BREATH);
        }
        self.will(None, None);
    }

    /// The program ends in an orderly way and starts again.
    pub(super) fn restart(&mut self) {
        if let Some(Life { studio, runtime }) = self.life.take() {
            studio.cancel();
            drop(studio);
            runtime.shutdown_timeout(LAST_BREATH);
        }
    }
}

/// A workspace and its copies take some megabytes each; several runs may share the memory.
const ROOM: u64 = 512 << 20;

/// A folder in memory where the system has such and enough of it: what is tried is the end of programs, not of disks.
fn folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let has_room = griot_store::free_bytes(memory).is_some_and(|free| free >= ROOM);
    let in_memory = has_room.then(|| tempfile::tempdir_in(memory).ok()).flatten();
    in_memory.map_or_else(tempfile::tempdir, Ok).expect("a temporary folder")
}

fn options(home: &TempDir) -> Options {
    Options {
        workspace: home.path().join("workspace"),
        app_dir: home.path().join("app"),
        lang: Lang::En,
        follow_settings: true,
        secrets: griot_app::secrets::Choice::File(home.path().join("secrets.age")),
        passphrase: Some("correct horse".to_owned()),
        work_factor: 8,
        raw_paths: true,
        search_path: std::env::var_os("PATH"),
        zone: "Africa/Bamako".to_owned(),
        scratch: home.path().join("scratch"),
    }
}
