//! What a host reads back of the studio it made: where it stands, and when it is asked to stop.

use std::path::Path;

use crate::ports::Ports;
use crate::studio::Studio;

impl Studio {
    /// What the studio asks of the world, for hosts that ask the same.
    #[must_use]
    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// The workspace's folder, made or not.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.options.workspace
    }

    /// Where this machine keeps what must not travel with a workspace.
    #[must_use]
    pub fn app_dir(&self) -> &Path {
        &self.options.app_dir
    }

    /// Returns once [`Studio::cancel`] was called.
    pub async fn cancelled(&self) {
        // Fails only without a sender, and this studio is the sender.
        let _ = self.stopping().wait_for(|stop| *stop).await;
    }
}
