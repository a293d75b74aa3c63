//! What the studio asks of the world: time, chance, waiting, failure points, networks, secrets.
//!
//! Hosts give the real ones (`system`), tests give their own. Nothing else below the hosts touches them.

use std::sync::Arc;

use async_trait::async_trait;
use griot_domain::{Clock, Faults, NetworkId, Random, Timestamp};
use griot_networks::Network;

pub mod system;

/// Waiting, so that a test can let a day pass in no time.
#[async_trait]
pub trait Timer: Send + Sync {
    /// Returns when the clock shows `at` or later.
    async fn until(&self, at: Timestamp);
}

/// The networks that have an interface.
pub trait Networks: Send + Sync {
    /// The network called `id`, when Griot publishes there by itself.
    fn get(&self, id: NetworkId) -> Option<Arc<dyn Network>>;
}

impl Networks for griot_networks::Networks {
    fn get(&self, id: NetworkId) -> Option<Arc<dyn Network>> {
        Self::get(self, id)
    }
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
    /// Where asynchronous work runs.
    pub runtime: tokio::runtime::Handle,
}

impl Ports {
    /// The instant it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Ten unpredictable bytes, for an id.
    #[must_use]
    pub fn ten(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes);
        bytes
    }
}
