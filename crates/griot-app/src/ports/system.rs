//! The real world: the system's clock, its source of randomness, real waiting. Used by hosts only.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use griot_domain::{Clock, Faults, Random, Timestamp};

use super::meter::SystemMeter;
use super::{Ports, Timer};

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        chrono::Utc::now().into()
    }
}

/// The longest single wait: after a sleep of the machine or a change of its clock, the wall clock is read again
/// within this time.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

#[async_trait]
impl Timer for SystemClock {
    async fn until(&self, at: Timestamp) {
        let mut shown = self.now();
        loop {
            let left = at.after(shown);
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LONGEST_WAIT)).await;
            let now = self.now();
            if now < shown {
                return;
            }
            shown = now;
        }
    }

    fn running(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }
}

/// The operating system's source of randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("BUG: an operating system without randomness cannot run Griot");
    }
}

/// Ports onto the real world.
#[must_use]
pub fn ports(runtime: tokio::runtime::Handle, faults: Faults) -> Ports {
    by_clock(Arc::new(SystemClock), runtime, faults)
}

/// The same with another clock.
#[must_use]
pub fn by_clock<C: Clock + Timer + 'static>(
    clock: Arc<C>,
    runtime: tokio::runtime::Handle,
    faults: Faults,
) -> Ports {
    let client = griot_networks::Client::new(
        Arc::clone(&clock) as Arc<dyn Clock>,
        Arc::new(SystemRandom),
        faults.clone(),
        env!("CARGO_PKG_VERSION"),
    );
    Ports {
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        timer: clock,
        random: Arc::new(SystemRandom),
        faults,
        meter: Arc::new(SystemMeter::default()),
        desktop: None,
        networks: Arc::new(griot_networks::all(&client)),
        runtime,
    }
}
