//! The studio: options, ports, the open workspace, events, jobs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use griot_domain::{Lang, Tag, WorkspaceId};
use griot_store::{Store, workspace};
use tokio::sync::{Notify, broadcast, watch};

use crate::commands::SignInWaiting;
use crate::events::{Event, Listener};
use crate::failure::Failure;
use crate::films::Films;
use crate::handles::Handle;
use crate::jobs::{Jobs, Running};
use crate::library::refine::Rough;
use crate::looks::Looks;
use crate::ports::Ports;
use crate::secrets::{Choice, Secret};
use crate::uploads::Uploads;
use crate::wire::studio::WorkerState;
use crate::{AppError, words};

/// What a host decides when it starts.
#[derive(Clone)]
pub struct Options {
    /// The workspace's folder.
    pub workspace: PathBuf,
    /// Where this machine keeps what must not travel with a workspace: the device's key, secrets, epochs.
    pub app_dir: PathBuf,
    /// The language of sentences.
    pub lang: Lang,
    /// Whether the workspace's setting of the language goes before `lang`. A terminal is asked in its own.
    pub follow_settings: bool,
    /// Where secrets are kept.
    pub secrets: Choice,
    /// The passphrase of a secrets file.
    pub passphrase: Option<String>,
    /// How much work a guess at the passphrase takes, as a power of two: [`crate::secrets::WORK_FACTOR`] for people. Trials
    /// that open a studio ten thousand times take less.
    pub work_factor: u8,
    /// Whether commands take paths. A host with a page in it says no and issues handles.
    pub raw_paths: bool,
    /// Where programs are looked for (`PATH`).
    pub search_path: Option<OsString>,
    /// The machine's zone, an IANA name.
    pub zone: String,
    /// A folder for files that nobody needs afterwards.
    pub scratch: PathBuf,
}

/// An open workspace.
pub(crate) struct Workspace {
    pub(crate) dir: PathBuf,
    pub(crate) id: WorkspaceId,
    pub(crate) store: Store,
}

impl Workspace {
    /// Where originals, thumbnails and renditions are.
    pub(crate) fn media(&self) -> PathBuf {
        self.dir.join("media")
    }
}

/// The studio. Hosts hold one and share it.
pub struct Studio {
    pub(crate) options: Options,
    pub(crate) ports: Ports,
    pub(crate) jobs: Arc<Jobs>,
    /// Rings when something may have become due.
    pub(crate) wake: Notify,
    open: Mutex<Option<Arc<Workspace>>>,
    pub(crate) secrets: Mutex<Secret>,
    pub(crate) handles: Mutex<Vec<Handle>>,
    pub(crate) uploads: Mutex<Uploads>,
    pub(crate) sign_ins: Mutex<Vec<SignInWaiting>>,
    lang: Mutex<Lang>,
    pub(crate) films: Films,
    pub(crate) looks: Looks,
    pub(crate) rough: Rough,
    worker: Mutex<WorkerState>,
    events: broadcast::Sender<Event>,
    stop: watch::Sender<bool>,
}

impl Studio {
    /// A studio that has opened nothing yet.
    #[must_use]
    pub fn new(options: Options, ports: Ports) -> Arc<Self> {
        Arc::new(Self {
            lang: Mutex::new(options.lang),
            worker: Mutex::new(WorkerState::Stopped),
            films: Films::default(),
            looks: Looks::default(),
            rough: Rough::default(),
            options,
            ports,
            jobs: Arc::default(),
            wake: Notify::new(),
            open: Mutex::new(None),
            secrets: Mutex::default(),
            handles: Mutex::new(Vec::new()),
            uploads: Mutex::default(),
            sign_ins: Mutex::default(),
            events: broadcast::channel(1024).0,
            stop: watch::channel(false).0,
        })
    }

    /// Hears events from now on.
    #[must_use]
    pub fn listen(&self) -> Listener {
        Listener(self.events.subscribe())
    }

    /// Stops every running job and the worker; what is on its way to a network is written down first.
    pub fn cancel(&self) {
        self.jobs.cancel_all();
        self.drop_uploads();
        self.stop.send_replace(true);
    }

    /// Closes the workspace: everything is in one database file afterwards.
    ///
    /// # Errors
    /// When the database cannot be written; nothing is lost then, the next opening carries on.
    pub fn close(&self) -> Result<(), AppError> {
        self.drop_uploads();
        // Who only rendered a picture leaves nothing behind: these go where they are empty.
        for folder in [&self.options.scratch, &self.options.app_dir] {
            let _ = std::fs::remove_dir(folder);
        }
        let open = lock(&self.open).take();
        match open.map(Arc::try_unwrap) {
            Some(Ok(workspace)) => workspace.store.close().map_err(|e| self.say(e.into())),
            Some(Err(_)) | None => Ok(()),
        }
    }

    /// The open workspace; opened now when it is not yet.
    pub(crate) fn workspace(&self) -> Result<Arc<Workspace>, Failure> {
        let mut open = lock(&self.open);
        if let Some(workspace) = open.as_ref() {
            return Ok(Arc::clone(workspace));
        }
        let dir = &self.options.workspace;
        if !dir.join("griot.db").exists() {
            return Err(words::no_workspace(dir));
        }
        let store = Store::open(dir, &self.store_options())?;
        let workspace = Arc::new(self.adopt(dir, store)?);
        self.after_opening(&workspace)?;
        self.learn(&workspace);
        *open = Some(Arc::clone(&workspace));
        Ok(workspace)
    }

    /// The workspace, when it is open already.
    pub(crate) fn opened(&self) -> Option<Arc<Workspace>> {
        lock(&self.open).clone()
    }

    /// Whether the workspace is open already.
    pub(crate) fn is_open(&self) -> bool {
        lock(&self.open).is_some()
    }

    /// Makes the workspace and opens it.
    pub(crate) fn create_workspace(&self) -> Result<Arc<Workspace>, Failure> {
        let mut open = lock(&self.open);
        let dir = &self.options.workspace;
        let id = WorkspaceId::new(self.ports.now(), self.ports.ten());
        let store = Store::create(dir, id, &self.store_options())?;
        let workspace = Arc::new(self.adopt(dir, store)?);
        crate::outbox::owner::found(self, &workspace)?;
        *open = Some(Arc::clone(&workspace));
        drop(open);
        self.changed(Tag::ALL);
        Ok(workspace)
    }

    fn adopt(&self, dir: &Path, store: Store) -> Result<Workspace, Failure> {
        let id = store.read(|r| workspace::id(r).map_err(Failure::from))?;
        // A canonical path: the owner's record outside the workspace compares it.
        let dir = std::fs::canonicalize(dir).map_err(Failure::io(dir))?;
        Ok(Workspace { dir, id, store })
    }

    fn after_opening(&self, workspace: &Workspace) -> Result<(), Failure> {
        let now = self.ports.now();
        let day = now.to_utc().format("%Y-%m-%d").to_string();
        match workspace.store.daily_copy(now, &day) {
            Ok(None) => {}
            // The first opening of the day also takes away what nobody has needed for long.
            Ok(Some(_)) => {
                let swept = crate::renditions::sweep(workspace, now).and(crate::shown::sweep(workspace));
                if let Err(failure) = swept {
                    tracing::warn!(?failure, "old renditions could not be removed");
                }
            }
            // A missing copy must not keep anyone from the queue.
            Err(error) => tracing::warn!(%error, "the daily copy could not be made"),
        }
        crate::outbox::resolve_wall_times(self, workspace)
    }

    pub(crate) fn store_options(&self) -> griot_store::Options {
        griot_store::Options {
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            now: self.ports.now(),
            faults: self.ports.faults.clone(),
        }
    }

    /// The language of sentences as it is now.
    #[must_use]
    pub fn lang(&self) -> Lang {
        *lock(&self.lang)
    }

    /// Takes over what the workspace's settings say of this studio.
    pub(crate) fn learn(&self, workspace: &Workspace) {
        if !self.options.follow_settings {
            return;
        }
        let said = crate::commands::settings::text(workspace, crate::commands::settings::LANGUAGE);
        match said {
            Ok(said) => {
                let chosen = said.and_then(|word| word.parse::<Lang>().ok());
                *lock(&self.lang) = chosen.unwrap_or(self.options.lang);
            }
            Err(failure) => tracing::warn!(?failure, "the language could not be read"),
        }
    }

    /// Who works the outbox.
    pub(crate) fn worker(&self) -> WorkerState {
        *lock(&self.worker)
    }

    /// Remembers who works the outbox and tells listeners; says whether that is new.
    pub(crate) fn set_worker(&self, state: WorkerState) -> bool {
        let before = std::mem::replace(&mut *lock(&self.worker), state);
        if before != state {
            self.tell(Event::Changed { tags: vec![Tag::Outbox] });
        }
        before != state
    }

    /// Tells every listener.
    pub(crate) fn tell(&self, event: Event) {
        // Nobody listening is not an error.
        let _ = self.events.send(event);
    }

    /// Tells every listener what to read again, and the worker that something may be due.
    pub(crate) fn changed(&self, tags: &[Tag]) {
        self.tell(Event::Changed { tags: tags.to_vec() });
        self.wake.notify_one();
    }

    /// Starts a job.
    pub(crate) fn job(&self, what: impl Into<String>) -> Running {
        self.jobs.start(what.into(), Arc::clone(&self.ports.clock), self.events.clone())
    }

    /// Follows the request to stop.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Puts a failure into words.
    pub(crate) fn say(&self, failure: Failure) -> AppError {
        words::say(failure, self.lang())
    }
}

/// Locks; a panic of another thread while it held the lock does not stop the studio.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
