//! The fonts that come with Griot, for words on pictures, in drawings and under films. Fonts of the system are never looked at:
//! every machine draws the same. What none of them has is told before anything is drawn.

mod letters;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::{fs, io};

use self::letters::Letters;
use resvg::usvg::fontdb::Database;

/// The family of emoji, whose signs are all as wide.
const EMOJI: &str = "Noto Emoji";
/// The family of Latin letters; the others step in where it has none.
pub(crate) const FAMILY: &str = "Noto Sans";

macro_rules! files {
    ($($family:literal = $name:literal),+ $(,)?) => {
        [$(($family, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/", $name, ".ttf")))),+]
    };
}

/// Each with its family, in the order in which they are asked for a letter.
static FILES: [(&str, &[u8]); 13] = files! {
    "Noto Sans" = "NotoSans-Bold",
    "Noto Sans Arabic" = "NotoSansArabic-Bold",
    "Noto Sans NKo" = "NotoSansNKo-Regular",
    "Noto Sans Ethiopic" = "NotoSansEthiopic-Bold",
    "Noto Sans Tifinagh" = "NotoSansTifinagh-Regular",
    "Noto Sans Adlam" = "NotoSansAdlam-Bold",
    "Noto Sans Hebrew" = "NotoSansHebrew-Bold",
    "Noto Sans Devanagari" = "NotoSansDevanagari-Bold",
    "Noto Sans Vai" = "NotoSansVai-Regular",
    "Noto Sans Symbols2" = "NotoSansSymbols2-Part",
    "Noto Sans Math" = "NotoSansMath-Part",
    "Noto Sans Symbols" = "NotoSansSymbols-Part",
    "Noto Emoji" = "NotoEmoji-Regular",
};

static ALL: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    FILES.iter().for_each(|(_, file)| fonts.load_font_data(file.to_vec()));
    fonts.set_serif_family(FAMILY);
    fonts.set_sans_serif_family(FAMILY);
    fonts.set_cursive_family(FAMILY);
    fonts.set_fantasy_family(FAMILY);
    fonts.set_monospace_family(FAMILY);
    Arc::new(fonts)
});

/// What is asked for its letters.
static LETTERS: LazyLock<Vec<(&'static str, Letters)>> =
    LazyLock::new(|| FILES.iter().map(|(family, file)| (*family, Letters::of(file))).collect());

/// A fontconfig that knows no fonts: those of the system stay where they are.
const NO_SYSTEM: &str =
    "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig></fontconfig>\n";
/// Its name in the folder that ffmpeg runs in.
pub(crate) const CONFIGURATION: &str = "fonts.conf";

/// Writes them into a folder, for a program that wants files.
pub(crate) fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    if let Some(around) = folder.parent() {
        fs::write(around.join(CONFIGURATION), NO_SYSTEM)?;
    }
    FILES.iter().enumerate().try_for_each(|(n, (_, file))| fs::write(folder.join(format!("{n}.ttf")), file))
}

/// All of them.
pub(crate) fn all() -> Arc<Database> {
    Arc::clone(&ALL)
}

/// Whether a sign leaves no mark of its own: blanks, joiners, directions, variants.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The family that draws a sign; nothing where none has it.
fn family(c: char) -> Option<&'static str> {
    LETTERS.iter().find(|(_, letters)| letters.has(c)).map(|(family, _)| *family)
}

/// The signs of a text that none of the fonts has, each once, in the order of the text.
#[must_use]
pub fn undrawn(text: &str) -> Vec<char> {
    let mut asked = BTreeSet::new();
    let new = text.chars().filter(|c| !c.is_ascii() && !is_unseen(*c) && asked.insert(*c));
    new.filter(|c| family(*c).is_none()).collect()
}

/// A text in stretches, each with the family that draws it. Blanks and signs that leave no mark stay with what they follow.
pub(crate) fn stretches(text: &str) -> Vec<(&str, &'static str)> {
    let mut found: Vec<(&str, &'static str)> = Vec::new();
    let (mut start, mut now) = (0, None);
    for (at, c) in text.char_indices() {
        // The blanks of emoji are as wide as the signs: those of the letters fit words.
        let wide = c.is_whitespace() && now == Some(EMOJI);
        if is_unseen(c) && !wide {
            continue;
        }
        let next = if wide { FAMILY } else { family(c).unwrap_or(FAMILY) };
        if let Some(before) = now.filter(|before| *before != next) {
            found.push((&text[start..at], before));
            start = at;
        }
        now = Some(next);
    }
    if start < text.len() {
        found.push((&text[start..], now.unwrap_or(FAMILY)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_and_the_scripts_of_the_field_are_drawn_and_what_is_not_is_known() {
        for text in [
            "Votez ✅ dimanche 🗳️ 🎉",
            "ሰላም",
            "ⴰⵣⵓⵍ",
            "𞤸𞤢𞤤𞤫",
            "ߒߞߏ",
            "مرحبا",
            "Bamanankan ɛɔɲŋ",
            "שלום",
            "Ω Ж №",
        ] {
            assert_eq!(undrawn(text), Vec::<char>::new(), "{text}");
        }
        assert_eq!(undrawn("Bonjour 你好, 你"), ['你', '好']);
        assert!(LETTERS.iter().all(|(_, letters)| !letters.is_empty()), "every file is a font");
    }

    #[test]
    fn stretches_put_together_are_the_text() {
        let text = "Votez ✅ dimanche 🗳️ 🎉 ሰላም!";
        let found = stretches(text);
        assert_eq!(found.iter().map(|(part, _)| *part).collect::<String>(), text);
        let families: Vec<&str> = found.iter().map(|(_, family)| *family).collect();
        assert_eq!(families[..3], ["Noto Sans", "Noto Emoji", "Noto Sans"]);
    }
}
