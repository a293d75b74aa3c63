//! What the studio asks of the world: time, chance, waiting, failure points, networks, secrets.
//!
//! Hosts give the real ones (`system`), tests give their own. Nothing else below the hosts touches them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use griot_domain::line::Sample;
use griot_domain::{AssetId, Clock, Faults, NetworkId, Random, Timestamp};
use griot_networks::Network;

use crate::wire::desktop::PickKind;

pub mod environment;
mod meter;
#[cfg(debug_assertions)]
pub mod pace;
pub mod system;

/// Waiting, so that a test can let a day pass in no time.
#[async_trait]
pub trait Timer: Send + Sync {
    /// Returns when the clock shows `at` or later, or soon after it was set back: whoever waits then reads the clock
    /// again.
    async fn until(&self, at: Timestamp);
    /// How long the machine has been running, counted from anywhere. No change of the clock moves it; while the machine
    /// sleeps it may stand still.
    fn running(&self) -> Duration;
}

/// The networks that have an interface.
pub trait Networks: Send + Sync {
    /// The network called `id`, when Griot publishes there by itself.
    fn get(&self, id: NetworkId) -> Option<Arc<dyn Network>>;
    /// How fast bodies went up to them since the last time this was asked, oldest first.
    fn samples(&self) -> Vec<Sample> {
        Vec::new()
    }
}

impl Networks for griot_networks::Networks {
    fn get(&self, id: NetworkId) -> Option<Arc<dyn Network>> {
        Self::get(self, id)
    }

    fn samples(&self) -> Vec<Sample> {
        Self::samples(self)
    }
}

/// Whether the line is paid by what goes over it, by the word of the system.
pub trait Meter: Send + Sync {
    /// What the system says now; nothing where it does not tell. Answers at once.
    fn is_metered(&self) -> Option<bool>;
}

/// The desktop around the window. A host without one has none.
pub trait Desktop: Send + Sync {
    /// Lets the person choose files; empty when they think better of it.
    ///
    /// # Errors
    /// When the system shows no dialog.
    fn pick(&self, kind: PickKind) -> std::io::Result<Vec<PathBuf>>;
    /// Lets the person choose where to write.
    ///
    /// # Errors
    /// When the system shows no dialog.
    fn save_as(&self, name: &str) -> std::io::Result<Option<PathBuf>>;
    /// Opens an http or https address in the system's browser.
    ///
    /// # Errors
    /// When there is none.
    fn open(&self, url: &str) -> std::io::Result<()>;
    /// Shows a folder in the system's file manager.
    ///
    /// # Errors
    /// When there is none.
    fn reveal(&self, folder: &Path) -> std::io::Result<()>;
    /// Puts text on the clipboard.
    ///
    /// # Errors
    /// When there is none.
    fn copy(&self, text: &str) -> std::io::Result<()>;
    /// Tells the person something while they look elsewhere. What cannot be told is not an error.
    fn notify(&self, title: &str, body: &str);
    /// An address for one film, where the page cannot play films from its own media address.
    fn film(&self, asset: AssetId) -> Option<String>;
}

/// Everything from outside, in one value. Cheap to clone.
#[derive(Clone)]
pub struct Ports {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Waiting.
    pub timer: Arc<dyn Timer>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Named failure points.
    pub faults: Faults,
    /// The networks.
    pub networks: Arc<dyn Networks>,
    /// What the system says of the line.
    pub meter: Arc<dyn Meter>,
    /// The desktop, for hosts that have one.
    pub desktop: Option<Arc<dyn Desktop>>,
    /// Where asynchronous work runs.
    pub runtime: tokio::runtime::Handle,
}

impl Ports {
    /// The instant it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Returns when the clock shows `at` or later, however often it is set meanwhile.
    pub async fn wait(&self, at: Timestamp) {
        while self.now() < at {
            self.timer.until(at).await;
        }
    }

    /// Ten unpredictable bytes, for an id.
    #[must_use]
    pub fn ten(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes);
        bytes
    }
}
