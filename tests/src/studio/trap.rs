//! What a test makes the machine do at a failure point.

use std::io::{Error, ErrorKind};
use std::sync::{Arc, Mutex, PoisonError};

/// What happens at a failure point.
#[derive(Clone)]
enum Sprung {
    /// The machine fails; once, or until it is mended.
    Fails(ErrorKind, bool),
    /// The test looks around while the studio stands there.
    Looks(Arc<dyn Fn() + Send + Sync>),
}

/// The one trap that is set, by its point's name.
#[derive(Clone, Default)]
pub(super) struct Trap(Arc<Mutex<Option<(&'static str, Sprung)>>>);

impl Trap {
    /// The studio comes by `name`.
    pub(super) fn pass(&self, name: &str) -> Result<(), Error> {
        // Whoever looks may come by here again: the trap is not held meanwhile.
        let set = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match set.filter(|(at, _)| *at == name) {
            Some((_, Sprung::Fails(kind, once))) => {
                if once {
                    self.mend();
                }
                Err(kind.into())
            }
            Some((_, Sprung::Looks(look))) => {
                look();
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(super) fn fail_at(&self, name: &'static str, kind: ErrorKind) {
        self.set(name, Sprung::Fails(kind, false));
    }

    /// From the first passage of `first` on the machine fails at the next of `then`, and is whole again.
    pub(super) fn fail_once_after(&self, first: &'static str, then: &'static str, kind: ErrorKind) {
        let trap = self.clone();
        self.look_at(first, move || trap.set(then, Sprung::Fails(kind, true)));
    }

    pub(super) fn look_at(&self, name: &'static str, look: impl Fn() + Send + Sync + 'static) {
        self.set(name, Sprung::Looks(Arc::new(look)));
    }

    pub(super) fn mend(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn set(&self, name: &'static str, sprung: Sprung) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((name, sprung));
    }
}
