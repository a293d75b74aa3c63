//! The accounts' secrets: one encrypted file outside the workspace, replaced by write, sync, rename.
//!
//! The file is `age` encrypted, under a passphrase or to a key that the system's keychain holds. Deliberately
//! absent: any copy of a secret in the database, in a log or in an error.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use async_trait::async_trait;
use griot_domain::{Account, AccountId, Sentence, WorkspaceId};
use griot_networks::{Error as NetworkError, Secrets, Vault, Why};
use zeroize::Zeroizing;

use crate::Code;
use crate::failure::Failure;
use crate::library::files::write_whole;
use crate::studio::{Options, lock};
use crate::wire::studio::SecretsState;

mod cipher;
mod keychain;
mod opening;

pub(crate) use keychain::present as keychain_present;
pub(crate) use opening::Secret;

use cipher::Cipher;

pub use cipher::WORK_FACTOR;

/// Where the key to the secrets is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// In the system's keychain; the file is in the application's folder.
    Keychain,
    /// A passphrase; the file is this one.
    File(PathBuf),
}

type Book = BTreeMap<AccountId, BTreeMap<String, String>>;

/// Stands among an account's secrets and says whose they are: no network calls one of its own so.
const WHOSE: &str = "griot:whose";

/// The network, the server and the identity that secrets are for. A workspace says them too, and a workspace may come from a
/// stranger: what stands sealed beside the secrets counts.
fn whose(account: &Account) -> String {
    format!("{}\n{}\n{}", account.network, account.server, account.remote_id)
}

/// What was read last, and how the file looked then.
struct Read {
    book: Book,
    seen: Option<(SystemTime, u64)>,
}

/// The secrets of every account of one workspace.
pub(crate) struct SecretsFile {
    path: PathBuf,
    cipher: Cipher,
    read: Mutex<Option<Read>>,
}

impl SecretsFile {
    /// Finds the key and, when the file is there, proves that it opens it. `given` is what a person typed; the host's
    /// own passphrase counts otherwise.
    pub(crate) fn open(
        options: &Options,
        workspace: WorkspaceId,
        given: Option<&str>,
    ) -> Result<Self, Failure> {
        let path = place(options, workspace);
        let passphrase = given.or(options.passphrase.as_deref()).filter(|p| !p.is_empty());
        let typed =
            || passphrase.map(|p| Cipher::passphrase(Zeroizing::new(p.to_owned()), options.work_factor));
        let missing = || no_passphrase(options, path.exists());
        let cipher = match &options.secrets {
            Choice::File(_) => typed().ok_or_else(missing)?,
            // A file that a passphrase sealed stays one, also when a keychain has come since.
            Choice::Keychain if sealed_by_passphrase(&path) => typed().ok_or_else(missing)?,
            Choice::Keychain => match keychain::cipher(workspace) {
                Ok(key) => key,
                Err(failure) if path.exists() => return Err(failure),
                Err(failure) => typed().ok_or_else(|| without_keychain(options, failure))?,
            },
        };
        let file = Self { path, cipher, read: Mutex::new(None) };
        file.with(|_| ())?;
        Ok(file)
    }

    /// What can be said of the secrets without deriving a key and without asking a keychain; nothing when that has to
    /// be done.
    pub(crate) fn at_hand(options: &Options, workspace: WorkspaceId) -> Option<SecretsState> {
        let path = place(options, workspace);
        let given = options.passphrase.as_deref().is_some_and(|p| !p.is_empty());
        match &options.secrets {
            Choice::File(_) if !given && path.exists() => Some(SecretsState::Locked),
            Choice::File(_) if !given => Some(SecretsState::Unset),
            Choice::File(_) if !path.exists() => Some(SecretsState::Open),
            Choice::Keychain if !given && sealed_by_passphrase(&path) => Some(SecretsState::Locked),
            _ => None,
        }
    }

    /// Writes the file when there is none, so that its passphrase is settled.
    pub(crate) fn settle(&self) -> Result<(), Failure> {
        if seen(&self.path).is_some() { Ok(()) } else { self.change(|_| ()) }
    }

    /// Keeps an account's secrets.
    pub(crate) fn put(&self, account: &Account, secrets: &Secrets) -> Result<(), Failure> {
        self.keep(account.id, &whose(account), secrets)
    }

    fn keep(&self, account: AccountId, whose: &str, secrets: &Secrets) -> Result<(), Failure> {
        self.change(|book| {
            let mut kept = secrets.0.clone();
            kept.insert(WHOSE.to_owned(), whose.to_owned());
            book.insert(account, kept);
        })
    }

    /// Forgets an account's secrets.
    pub(crate) fn forget(&self, account: AccountId) -> Result<(), Failure> {
        self.change(|book| {
            book.remove(&account);
        })
    }

    /// What is kept for an account; nothing where it was given for another server or identity.
    pub(crate) fn of(&self, account: &Account) -> Result<Option<Secrets>, Failure> {
        self.get(account.id, &whose(account))
    }

    /// An account's secrets as they are now; nothing where they were given for another server or identity. What an earlier
    /// version kept says of nobody: the next write does.
    fn get(&self, account: AccountId, whose: &str) -> Result<Option<Secrets>, Failure> {
        self.with(|book| {
            let mut kept = book.get(&account).cloned().unwrap_or_default();
            let is_theirs = kept.remove(WHOSE).is_none_or(|theirs| theirs == whose);
            is_theirs.then_some(Secrets(kept))
        })
    }

    /// One account's secrets, as a network uses them.
    pub(crate) fn vault(
        self: &Arc<Self>,
        account: &Account,
        runtime: tokio::runtime::Handle,
    ) -> Arc<dyn Vault> {
        Arc::new(OneVault { file: Arc::clone(self), account: account.id, whose: whose(account), runtime })
    }

    /// Reads again only when the file is another one than was read: deriving a key takes a second.
    fn with<T>(&self, f: impl FnOnce(&Book) -> T) -> Result<T, Failure> {
        let mut read = lock(&self.read);
        let seen = seen(&self.path);
        let fresh = match read.take() {
            Some(known) if known.seen == seen => known,
            _ => Read { book: self.load(seen.is_some())?, seen },
        };
        let answer = f(&fresh.book);
        *read = Some(fresh);
        Ok(answer)
    }

    fn change(&self, f: impl FnOnce(&mut Book)) -> Result<(), Failure> {
        let _alone = alone(&self.path.with_extension("lock"))?;
        let mut book = self.with(Clone::clone)?;
        f(&mut book);
        let plain =
            Zeroizing::new(serde_json::to_vec(&book).map_err(|e| damaged(&self.path, &e.to_string()))?);
        write_whole(&self.path, &self.cipher.encrypt(&plain)?)?;
        *lock(&self.read) = Some(Read { book, seen: seen(&self.path) });
        Ok(())
    }

    fn load(&self, there: bool) -> Result<Book, Failure> {
        if !there {
            return Ok(Book::new());
        }
        let bytes = fs::read(&self.path).map_err(Failure::io(&self.path))?;
        let plain = self.cipher.decrypt(&bytes)?;
        serde_json::from_slice(&plain).map_err(|e| damaged(&self.path, &e.to_string()))
    }
}

/// Alone among all programs while the file is held.
fn alone(path: &Path) -> Result<File, Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    }
    let file =
        File::options().create(true).truncate(false).write(true).open(path).map_err(Failure::io(path))?;
    file.lock().map_err(Failure::io(path))?;
    Ok(file)
}

struct OneVault {
    file: Arc<SecretsFile>,
    account: AccountId,
    whose: String,
    runtime: tokio::runtime::Handle,
}

impl OneVault {
    /// Deriving a key and syncing a file block: they run where blocking is allowed.
    async fn aside<T: Send + 'static>(
        &self,
        f: impl FnOnce(&SecretsFile, AccountId) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, NetworkError> {
        let (file, account) = (Arc::clone(&self.file), self.account);
        let said = |failure| crate::words::spoken(failure).whole();
        let done = self.runtime.spawn_blocking(move || f(&file, account).map_err(said)).await;
        done.unwrap_or_else(|_| Err(stopped())).map_err(|why| NetworkError::Environment(why.into()))
    }
}

fn stopped() -> Sentence {
    Sentence::new(
        "Griot s\u{2019}est arrêté en lisant les secrets.",
        "Griot stopped while it read the secrets.",
    )
}

#[async_trait]
impl Vault for OneVault {
    async fn load(&self) -> Result<Secrets, NetworkError> {
        let whose = self.whose.clone();
        let found = self.aside(move |file, account| file.get(account, &whose)).await?;
        found.ok_or_else(|| {
            NetworkError::Auth(Why::of_another_account("the kept secrets are for another server or identity"))
        })
    }

    async fn store(&self, secrets: &Secrets) -> Result<(), NetworkError> {
        let secrets = secrets.clone();
        let whose = self.whose.clone();
        self.aside(move |file, account| file.keep(account, &whose, &secrets)).await
    }

    async fn lock(&self) -> Result<Box<dyn Send>, NetworkError> {
        let guard = self
            .aside(|file, account| {
                let name = format!("{account}.refresh.lock");
                alone(&file.path.parent().unwrap_or(Path::new(".")).join(name))
            })
            .await?;
        Ok(Box::new(guard))
    }
}

/// Where the secrets of a workspace are.
pub(crate) fn place(options: &Options, workspace: WorkspaceId) -> PathBuf {
    match &options.secrets {
        Choice::File(path) => path.clone(),
        Choice::Keychain => options.app_dir.join("secrets").join(format!("{workspace}.age")),
    }
}

fn sealed_by_passphrase(path: &Path) -> bool {
    fs::read(path).is_ok_and(|sealed| cipher::by_passphrase(&sealed))
}

/// What the file looks like from outside: its time and size, to see whether anything changed.
pub(crate) fn seen(path: &Path) -> Option<(SystemTime, u64)> {
    let facts = fs::metadata(path).ok()?;
    Some((facts.modified().ok()?, facts.len()))
}

/// The passphrase is missing: a terminal gives it in a variable, a page asks the person.
fn no_passphrase(options: &Options, there: bool) -> Failure {
    let hint = match (options.raw_paths, there) {
        (true, _) => ("Donnez-la dans GRIOT_PASSPHRASE.", "Give it in GRIOT_PASSPHRASE."),
        (false, true) => ("Donnez la phrase de passe pour les ouvrir.", "Give the passphrase to open them."),
        (false, false) => CHOOSE,
    };
    Failure::say(
        Code::Secrets,
        "Il manque la phrase de passe du fichier des secrets.",
        "The passphrase of the secrets file is missing.",
        hint,
    )
}

/// What a page says where there is no keychain and no file yet.
const CHOOSE: (&str, &str) = (
    "Choisissez une phrase de passe\u{a0}: elle protège les mots de passe des comptes sur cette machine.",
    "Choose a passphrase: it protects the accounts\u{2019} passwords on this machine.",
);

fn without_keychain(options: &Options, failure: Failure) -> Failure {
    if options.raw_paths {
        return failure;
    }
    Failure::say(
        Code::Secrets,
        "Ce système n\u{2019}a pas de trousseau ouvert.",
        "This system has no open keychain.",
        CHOOSE,
    )
}

fn damaged(path: &Path, why: &str) -> Failure {
    tracing::warn!(path = %path.display(), why, "the secrets file cannot be read");
    Failure::say(
        Code::Secrets,
        "Le fichier des secrets est abîmé.",
        "The secrets file is damaged.",
        (
            "Rien n\u{2019}est perdu des publications\u{a0}: écartez ce fichier et reconnectez les comptes.",
            "No post is lost: move the file away and connect the accounts again.",
        ),
    )
}
