//! Whether the system says that the line is paid by what goes over it: NetworkManager on Linux, the cost of the connection
//! on Windows. macOS tells nobody who may not call into its own libraries: there a person says it.
//!
//! The system is asked in a thread of its own, because it may take its time, and not more often than twice a minute.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Meter;

/// An answer is good for so long: lines are changed by people who walk from one to the other.
const FRESH: Duration = Duration::from_secs(30);
/// The first question is waited for so long: a program that ends at once asks but once.
const FIRST: Duration = Duration::from_millis(200);

/// Asks the system.
#[derive(Debug, Default)]
pub(super) struct SystemMeter(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    metered: Option<bool>,
    asked: Option<Instant>,
    coming: Option<Receiver<Option<bool>>>,
}

impl Meter for SystemMeter {
    fn is_metered(&self) -> Option<bool> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.now(Instant::now(), ask)
    }
}

impl Known {
    fn now(&mut self, now: Instant, ask: fn() -> Option<bool>) -> Option<bool> {
        let first = self.asked.is_none();
        let old = self.asked.is_none_or(|asked| now.duration_since(asked) >= FRESH);
        // A question without an answer is not asked again: whoever is asked hangs.
        if old && self.coming.is_none() {
            let (tell, coming) = mpsc::channel();
            // Nobody may be waiting any more.
            let asking = thread::Builder::new().name("meter".to_owned()).spawn(move || {
                let _ = tell.send(ask());
            });
            (self.asked, self.coming) = (Some(now), asking.ok().map(|_| coming));
        }
        let wait = if first { FIRST } else { Duration::ZERO };
        match self.coming.as_ref().map(|coming| coming.recv_timeout(wait)) {
            Some(Ok(metered)) => (self.metered, self.coming) = (metered, None),
            Some(Err(RecvTimeoutError::Disconnected)) => self.coming = None,
            Some(Err(RecvTimeoutError::Timeout)) | None => {}
        }
        self.metered
    }
}

/// NetworkManager's own guess counts: it takes a telephone's hotspot for one.
#[cfg(target_os = "linux")]
fn ask() -> Option<bool> {
    const NAME: &str = "org.freedesktop.NetworkManager";
    let bus = zbus::blocking::Connection::system().ok()?;
    let manager = zbus::blocking::Proxy::new(&bus, NAME, "/org/freedesktop/NetworkManager", NAME).ok()?;
    of_network_manager(manager.get_property("Metered").ok()?)
}

/// `NMMetered`: unknown, yes, no, probably, probably not.
#[cfg(any(target_os = "linux", test))]
fn of_network_manager(metered: u32) -> Option<bool> {
    match metered {
        1 | 3 => Some(true),
        2 | 4 => Some(false),
        _ => None,
    }
}

/// The cost of the connection that is in use, as the person set it in Windows or as the network declares it.
#[cfg(windows)]
fn ask() -> Option<bool> {
    use windows::Networking::Connectivity::{NetworkCostType, NetworkInformation};
    let cost = NetworkInformation::GetInternetConnectionProfile().ok()?.GetConnectionCost().ok()?;
    match cost.NetworkCostType().ok()? {
        NetworkCostType::Unrestricted => Some(cost.Roaming().unwrap_or(false)),
        NetworkCostType::Fixed | NetworkCostType::Variable => Some(true),
        _ => None,
    }
}

#[cfg(not(any(target_os = "linux", windows)))]
fn ask() -> Option<bool> {
    None
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_network_manager_guesses_counts_and_what_it_does_not_know_does_not() {
        let said: Vec<_> = (0..6).map(of_network_manager).collect();
        assert_eq!(said, [None, Some(true), Some(false), Some(true), Some(false), None]);
    }

    #[test]
    fn an_answer_is_good_for_half_a_minute() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        fn ask() -> Option<bool> {
            Some(ASKED.fetch_add(1, Ordering::SeqCst) == 0)
        }
        let (mut known, start) = (Known::default(), Instant::now());
        assert_eq!(known.now(start, ask), Some(true));
        assert_eq!(known.now(start + Duration::from_secs(29), ask), Some(true));
        assert_eq!(ASKED.load(Ordering::SeqCst), 1, "nobody was asked again");
        // The new answer comes when it comes; until then the old one stands.
        let later = start + FRESH;
        while known.now(later, ask) == Some(true) {
            thread::yield_now();
        }
        assert_eq!((known.now(later, ask), ASKED.load(Ordering::SeqCst)), (Some(false), 2));
    }

    #[test]
    fn a_system_that_hangs_is_asked_once_and_nothing_waits_for_it() {
        fn ask() -> Option<bool> {
            loop {
                thread::park();
            }
        }
        let (mut known, start) = (Known::default(), Instant::now());
        assert_eq!(known.now(start, ask), None);
        assert_eq!(known.now(start + FRESH, ask), None);
        assert!(known.coming.is_some(), "still the first question");
    }
}
