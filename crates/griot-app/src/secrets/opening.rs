//! Opening the secrets of the open workspace: once by themselves, else when a person gives the passphrase.

use std::sync::Arc;
use std::time::SystemTime;

use griot_domain::Tag;

use super::{SecretsFile, place, seen};
use crate::Code;
use crate::failure::Failure;
use crate::studio::{Studio, lock};
use crate::wire::studio::SecretsState;

/// A shorter passphrase is guessed.
const SHORTEST: usize = 8;

/// What trying to open them gave, and how the file looked then.
#[derive(Default)]
pub(crate) struct Secret {
    open: Option<Arc<SecretsFile>>,
    failed: Option<(Option<(SystemTime, u64)>, SecretsState)>,
    /// Whether they are being opened aside.
    opening: bool,
}

impl Studio {
    /// The secrets, opened once.
    pub(crate) fn secrets(&self) -> Result<Arc<SecretsFile>, Failure> {
        // The workspace is not held meanwhile: it may be closed while a key is derived.
        let id = self.workspace()?.id;
        let mut secrets = lock(&self.secrets);
        if let Some(file) = &secrets.open {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(SecretsFile::open(&self.options, id, None)?);
        secrets.open = Some(Arc::clone(&file));
        Ok(file)
    }

    /// Whether the secrets can be used. What failed is tried again only when the file is another one: a wrong
    /// passphrase costs a second, and this is asked at every change.
    pub(crate) fn secrets_state(&self) -> SecretsState {
        // Without a workspace there are no secrets, and nothing has to be opened.
        let Ok(id) = self.workspace().map(|workspace| workspace.id) else { return SecretsState::Open };
        let looks = seen(&place(&self.options, id));
        {
            let secrets = lock(&self.secrets);
            match secrets.failed {
                _ if secrets.open.is_some() => return SecretsState::Open,
                Some((then, state)) if then == looks => return state,
                _ => {}
            }
        }
        let state = match self.secrets() {
            Ok(_) => return SecretsState::Open,
            Err(_) if looks.is_some() => SecretsState::Locked,
            Err(_) => SecretsState::Unset,
        };
        lock(&self.secrets).failed = Some((looks, state));
        state
    }

    /// The same at once: what takes a key or a keychain is found out aside and counts as open meanwhile. Listeners
    /// hear of it when it was not.
    pub(crate) fn secrets_state_so_far(self: &Arc<Self>) -> SecretsState {
        let Ok(id) = self.workspace().map(|workspace| workspace.id) else { return SecretsState::Open };
        let looks = seen(&place(&self.options, id));
        // Held by somebody who derives a key: it is being found out.
        let Ok(mut secrets) = self.secrets.try_lock() else { return SecretsState::Open };
        match secrets.failed {
            _ if secrets.open.is_some() || secrets.opening => return SecretsState::Open,
            Some((then, state)) if then == looks => return state,
            _ => {}
        }
        if let Some(state) = SecretsFile::at_hand(&self.options, id) {
            return state;
        }
        secrets.opening = true;
        drop(secrets);
        let studio = Arc::clone(self);
        self.ports.runtime.spawn_blocking(move || {
            // A workspace that was closed meanwhile is not opened again for this.
            let state = if studio.is_open() { studio.secrets_state() } else { SecretsState::Open };
            lock(&studio.secrets).opening = false;
            if state != SecretsState::Open {
                studio.changed(&[Tag::Accounts, Tag::Settings]);
            }
        });
        SecretsState::Open
    }

    /// Opens the secrets with what a person typed; a first passphrase makes the file.
    pub(crate) fn unlock(&self, passphrase: &str) -> Result<(), Failure> {
        let workspace = self.workspace()?;
        if self.secrets_state() == SecretsState::Open {
            return Ok(());
        }
        let first = seen(&place(&self.options, workspace.id)).is_none();
        if first && passphrase.chars().count() < SHORTEST {
            return Err(too_short());
        }
        let file = SecretsFile::open(&self.options, workspace.id, Some(passphrase))?;
        file.settle()?;
        let mut secrets = lock(&self.secrets);
        secrets.open = Some(Arc::new(file));
        secrets.failed = None;
        drop(secrets);
        self.changed(&[Tag::Accounts, Tag::Outbox, Tag::Settings]);
        Ok(())
    }
}

fn too_short() -> Failure {
    Failure::say(
        Code::Secrets,
        format!("Cette phrase de passe est trop courte\u{a0}: il faut au moins {SHORTEST} caractères."),
        format!("This passphrase is too short: at least {SHORTEST} characters are needed."),
        ("Quelques mots que vous retenez suffisent.", "A few words that you remember will do."),
    )
}
