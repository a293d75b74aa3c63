//! Where things are: the repository, the build's results, what was installed for the tests.

use std::env;
use std::path::{Path, PathBuf};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// The target folder, `CARGO_TARGET_DIR` honoured.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |named| root().join(named))
}

/// Where cargo's own tools are installed for this repository.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

/// Where the test servers are installed; the tests find it by `GRIOT_TEST_SERVERS`.
pub(crate) fn servers() -> PathBuf {
    env::var_os("GRIOT_TEST_SERVERS").map_or_else(|| target().join("servers"), PathBuf::from)
}

/// A built program of ours.
pub(crate) fn built(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// The test corpora: `GRIOT_SHARED`, else beside the repository. Nothing when they are not there.
pub(crate) fn shared() -> Option<PathBuf> {
    let place = env::var_os("GRIOT_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    place.join("corpora").is_dir().then_some(place)
}
