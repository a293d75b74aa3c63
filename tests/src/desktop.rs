//! A desktop made of memory: it chooses what the test says and remembers what it was asked.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use griot_app::ports::Desktop;
use griot_app::wire::desktop::PickKind;
use griot_domain::AssetId;

/// The desktop of one test.
#[derive(Default)]
pub struct TestDesktop {
    /// What the person chooses in the next dialogs; nothing when they think better of it.
    pub chosen: Mutex<Vec<PathBuf>>,
    /// What was asked, in order.
    pub asked: Mutex<Vec<String>>,
    /// Whether the system refuses everything.
    pub broken: Mutex<bool>,
}

impl TestDesktop {
    fn note(&self, what: String) -> io::Result<()> {
        if *self.broken.lock().expect("the desktop") {
            return Err(io::Error::other("no display"));
        }
        self.asked.lock().expect("the desktop").push(what);
        Ok(())
    }

    /// What was asked since the last look.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().expect("the desktop"))
    }

    /// The person will choose these.
    pub fn choose(&self, paths: &[&Path]) {
        *self.chosen.lock().expect("the desktop") = paths.iter().map(|p| p.to_path_buf()).collect();
    }
}

impl Desktop for TestDesktop {
    fn pick(&self, kind: PickKind) -> io::Result<Vec<PathBuf>> {
        self.note(format!("pick {kind:?}"))?;
        Ok(std::mem::take(&mut self.chosen.lock().expect("the desktop")))
    }

    fn save_as(&self, name: &str) -> io::Result<Option<PathBuf>> {
        self.note(format!("save_as {name}"))?;
        Ok(self.chosen.lock().expect("the desktop").pop())
    }

    fn open(&self, url: &str) -> io::Result<()> {
        self.note(format!("open {url}"))
    }

    fn reveal(&self, folder: &Path) -> io::Result<()> {
        self.note(format!("reveal {}", folder.display()))
    }

    fn copy(&self, text: &str) -> io::Result<()> {
        self.note(format!("copy {}", text.len()))
    }

    fn notify(&self, title: &str, body: &str) {
        let _ = self.note(format!("notify {title} | {body}"));
    }

    fn film(&self, asset: AssetId) -> Option<String> {
        Some(format!("http://127.0.0.1:1/{asset}"))
    }
}
