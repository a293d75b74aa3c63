//! Which networks have an interface that Griot speaks.

use std::fmt;
use std::sync::Arc;

use griot_domain::NetworkId;
use griot_domain::line::Sample;

use crate::{Bluesky, Client, Discourse, Facebook, Mastodon, Meter, Network, Telegram, WordPress, X};

/// The networks that can be asked. The others are published by hand.
#[derive(Clone, Default)]
pub struct Networks {
    known: Vec<Arc<dyn Network>>,
    meter: Meter,
}

impl fmt::Debug for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.known.iter().map(|network| network.id())).finish()
    }
}

impl Networks {
    /// These and no others.
    #[must_use]
    pub fn of(networks: Vec<Arc<dyn Network>>) -> Self {
        Self { known: networks, meter: Meter::default() }
    }

    /// How fast bodies went up to them since the last time somebody asked, oldest first.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        self.meter.take()
    }

    /// The network called `id`; nothing when it has no interface.
    #[must_use]
    pub fn get(&self, id: NetworkId) -> Option<Arc<dyn Network>> {
        self.known.iter().find(|network| network.id() == id).map(Arc::clone)
    }
}

/// Every network that Griot speaks with, by one way out.
#[must_use]
pub fn all(client: &Client) -> Networks {
    let known: Vec<Arc<dyn Network>> = vec![
        Arc::new(Bluesky::new(client.clone())),
        Arc::new(Mastodon::new(client.clone())),
        Arc::new(Facebook::new(client.clone())),
        Arc::new(X::new(client.clone())),
        Arc::new(Telegram::new(client.clone())),
        Arc::new(WordPress::new(client.clone())),
        Arc::new(Discourse::new(client.clone())),
    ];
    Networks { meter: client.meter(), ..Networks::of(known) }
}
