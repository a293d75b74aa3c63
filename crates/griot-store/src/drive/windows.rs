//! Windows: the real path of a folder on a share, or on a letter that stands for one, begins with a server's name.

use std::path::{Component, Path, Prefix};

pub(super) fn is_network(dir: &Path) -> bool {
    let Ok(real) = dir.canonicalize() else { return false };
    matches!(
        real.components().next(),
        Some(Component::Prefix(prefix)) if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
    )
}
