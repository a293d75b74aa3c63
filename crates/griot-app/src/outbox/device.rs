//! This installation: its id, and the key that signs the journal's head. Kept outside every workspace.

use std::fs;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use griot_domain::DeviceId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::Code;
use crate::failure::Failure;
use crate::journal::{hex, unhex};
use crate::library::files::write_whole;
use crate::studio::Studio;

#[derive(Serialize, Deserialize)]
struct Stored {
    id: DeviceId,
    /// Seed of an Ed25519 key, 64 hexadecimal digits.
    seed: String,
}

impl Drop for Stored {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.seed);
    }
}

/// This installation.
pub(crate) struct Device {
    pub(crate) id: DeviceId,
    seed: Zeroizing<[u8; 32]>,
}

impl Device {
    /// This installation's identity; made now when there is none.
    pub(crate) fn load(studio: &Studio) -> Result<Self, Failure> {
        let path = path(studio);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).ok_or_else(|| damaged(&path)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Self::make(studio, &path),
            Err(e) => Err(Failure::Io(path, e)),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let stored: Stored = serde_json::from_str(text).ok()?;
        let seed: [u8; 32] = unhex(&stored.seed)?.try_into().ok()?;
        Some(Self { id: stored.id, seed: Zeroizing::new(seed) })
    }

    fn make(studio: &Studio, path: &Path) -> Result<Self, Failure> {
        let mut seed = Zeroizing::new([0; 32]);
        studio.ports.random.fill(seed.as_mut());
        let id = DeviceId::new(studio.ports.now(), studio.ports.ten());
        let stored = Stored { id, seed: hex(seed.as_ref()) };
        let text = Zeroizing::new(serde_json::to_string(&stored).map_err(|e| crate::words::bad_request(&e))?);
        write_whole(path, text.as_bytes())?;
        Ok(Self { id, seed })
    }

    /// The key that signs.
    pub(crate) fn key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.seed)
    }
}

fn path(studio: &Studio) -> PathBuf {
    studio.options.app_dir.join("device.json")
}

fn damaged(path: &Path) -> Failure {
    Failure::say(
        Code::Environment,
        format!("L\u{2019}identité de cet appareil est abîmée\u{a0}: {}.", path.display()),
        format!("This device\u{2019}s identity is damaged: {}.", path.display()),
        (
            "Écartez ce fichier\u{a0}: les publications en attente vous seront montrées avant de partir.",
            "Move the file away: waiting posts are shown to you before they leave.",
        ),
    )
}
