//! What the networks themselves say that their requests look like.
//!
//! OpenAPI files (X, Discourse, Mastodon), the list of Telegram's methods, and the parameters of Facebook's edges. All
//! but the last lie beside the repository, in `specs` of the folder that `GRIOT_SHARED` names or else of `shared`:
//! where they are absent it is said, and nothing is refused. Deliberately absent: answers, parameters of addresses,
//! and everything that the networks do not describe.

pub mod facebook;
mod openapi;
pub mod telegram;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::Value;

pub use openapi::{OpenApi, check, check_request};

use crate::http::held;

/// X's specification.
pub const X: &str = "x.openapi.json";
/// Discourse's.
pub const DISCOURSE: &str = "discourse.openapi.json";
/// Mastodon's.
pub const MASTODON: &str = "mastodon.openapi.json";
/// The list of Telegram's methods.
pub const TELEGRAM: &str = "telegram.json";

/// Whether a specification is on this machine; says so when it is not.
#[must_use]
pub fn is_here(file: &str) -> bool {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let is_here = place(file).is_file();
    if !is_here && held(&SAID).insert(file.to_owned()) {
        eprintln!("{file} absent: skipped");
    }
    is_here
}

fn place(file: &str) -> PathBuf {
    shared(&format!("specs/{file}"))
}

/// Where something is that lies beside the repository, in the folder that `GRIOT_SHARED` names or else in `shared`;
/// whether it is there or not.
#[must_use]
pub fn shared(path: &str) -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    std::env::var_os("GRIOT_SHARED").map_or_else(beside, PathBuf::from).join(path)
}

/// A specification, read once; nothing where it is not.
///
/// # Panics
/// When the file is no JSON: then it is broken.
fn read(file: &str) -> Option<Arc<Value>> {
    static READ: LazyLock<Mutex<BTreeMap<String, Arc<Value>>>> = LazyLock::new(Mutex::default);
    if !is_here(file) {
        return None;
    }
    let mut all = held(&READ);
    if let Some(known) = all.get(file) {
        return Some(Arc::clone(known));
    }
    let text = std::fs::read_to_string(place(file)).ok()?;
    let spec: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
    let spec = Arc::new(spec);
    all.insert(file.to_owned(), Arc::clone(&spec));
    Some(spec)
}
