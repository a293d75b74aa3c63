//! Named failure points: the places where a test may stop the program or make the machine fail.
//!
//! A host decides what happens at a point; in a release build the terminal installs nothing and the
//! call costs one comparison.

use std::fmt;
use std::io;
use std::sync::Arc;

type Hook = dyn Fn(&'static str) -> io::Result<()> + Send + Sync;

/// What happens at a named failure point. Cheap to clone.
#[derive(Clone, Default)]
pub struct Faults(Option<Arc<Hook>>);

impl Faults {
    /// Nothing ever happens.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// `hook` is called with the name of each point that is passed. It may block, and it may return the
    /// error that the machine would have given.
    #[must_use]
    pub fn with(hook: impl Fn(&'static str) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hook)))
    }

    /// Passes the point called `name`.
    ///
    /// # Errors
    /// The error that the test asked for at this point.
    pub fn at(&self, name: &'static str) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |hook| hook(name))
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Faults(armed)" } else { "Faults(none)" })
    }
}
