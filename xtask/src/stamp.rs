//! What was made from what: a fingerprint of the inputs, kept beside the result, so that nothing is made twice.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, WhileDoing};

/// A fingerprint of what went into an installation.
pub(crate) struct Stamp {
    path: PathBuf,
    content: String,
}

impl Stamp {
    /// Of these files, with everything below those that are folders. `tool` is what works on them.
    pub(crate) fn of(path: PathBuf, inputs: &[PathBuf], tool: &str) -> Result<Stamp, Fault> {
        let mut hash = Fnv::start();
        hash.take(tool.as_bytes());
        for input in inputs {
            hash.take_all(input)?;
        }
        Ok(Stamp { path, content: format!("{:016x}", hash.0) })
    }

    /// Whether the same went in the last time.
    pub(crate) fn holds(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|written| written == self.content)
    }

    /// Remembers it for the next time.
    pub(crate) fn write(&self) -> Result<(), Fault> {
        fs::write(&self.path, &self.content).while_doing(|| format!("writing {}", self.path.display()))
    }
}

/// FNV-1a, 64 bits: notices a change, defends against nobody.
struct Fnv(u64);

impl Fnv {
    fn start() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    /// A file, or a folder with the names of what is in it, in order.
    fn take_all(&mut self, path: &Path) -> Result<(), Fault> {
        let reading = || format!("reading {}", path.display());
        if !path.is_dir() {
            self.take(&fs::read(path).while_doing(reading)?);
            return Ok(());
        }
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path).while_doing(reading)?.flatten().map(|entry| entry.path()).collect();
        inside.sort();
        for path in inside {
            self.take(path.as_os_str().as_encoded_bytes());
            self.take_all(&path)?;
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places;

    #[test]
    fn a_stamp_holds_until_an_input_or_the_tool_changes() {
        let home = places::target().join(format!("stamp-test-{}", std::process::id()));
        fs::create_dir_all(&home).expect("a folder");
        let input = home.join("inputs");
        fs::create_dir_all(&input).expect("a folder of inputs");
        let file = input.join("lock");
        fs::write(&file, "one").expect("an input");
        let stamp =
            |tool| Stamp::of(home.join("stamp"), std::slice::from_ref(&input), tool).expect("a stamp");
        assert!(!stamp("v20").holds());
        stamp("v20").write().expect("written");
        assert!(stamp("v20").holds());
        assert!(!stamp("v22").holds());
        fs::write(&file, "two").expect("an input");
        assert!(!stamp("v20").holds());
        stamp("v20").write().expect("written");
        fs::write(input.join("new"), "").expect("another input");
        assert!(!stamp("v20").holds());
        fs::remove_dir_all(&home).expect("removed");
    }
}
