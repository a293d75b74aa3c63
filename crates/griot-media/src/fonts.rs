//! The fonts that come with Griot, for words on pictures, in drawings and under films. Fonts of the system are never looked at:
//! every machine draws the same.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::{fs, io};

use resvg::usvg::fontdb::Database;

/// The family of Latin letters; the others step in where it has none.
pub(crate) const FAMILY: &str = "Noto Sans";

const FILES: [&[u8]; 3] = [
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/NotoSans-Bold.ttf")),
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/NotoSansArabic-Bold.ttf")),
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/NotoSansNKo-Regular.ttf")),
];

static ALL: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    FILES.iter().for_each(|file| fonts.load_font_data(file.to_vec()));
    fonts.set_serif_family(FAMILY);
    fonts.set_sans_serif_family(FAMILY);
    fonts.set_cursive_family(FAMILY);
    fonts.set_fantasy_family(FAMILY);
    fonts.set_monospace_family(FAMILY);
    Arc::new(fonts)
});

/// Writes them into a folder, for a program that wants files.
pub(crate) fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    FILES.iter().enumerate().try_for_each(|(n, file)| fs::write(folder.join(format!("{n}.ttf")), file))
}

/// All of them.
pub(crate) fn all() -> Arc<Database> {
    Arc::clone(&ALL)
}
