//! The bytes of a subtitle file as text. Editors of thirty years wrote them, and players guess; so does this.

use std::borrow::Cow;

use encoding_rs::{MACINTOSH, WINDOWS_1252};

/// As its mark says; without one as UTF-8 where it is that, as UTF-16 where every second byte is nothing, else as old Macs or
/// Windows wrote in western Europe and Africa.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest),
        _ => plain(bytes),
    }
}

fn plain(bytes: &[u8]) -> Cow<'_, str> {
    let head = &bytes[..bytes.len().min(512)];
    let nothing =
        |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count() * 3 > head.len();
    if nothing(1) {
        return wide(bytes, u16::from_le_bytes);
    }
    if nothing(0) {
        return wide(bytes, u16::from_be_bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) if mostly_utf8(bytes) => String::from_utf8_lossy(bytes),
        Err(_) if of_a_mac(bytes) => MACINTOSH.decode_without_bom_handling(bytes).0,
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// One broken letter does not turn a text into one of Windows: letters of several bytes do not come about by chance.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut letters, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    letters > broken * 2
}

/// Whether an old Mac wrote it: `é`, `è`, `à`, `ç`, `ê` and `ù` stand behind and before small letters where Windows has
/// nothing or signs that stand in no word, and the letters of Windows are fewer.
fn of_a_mac(bytes: &[u8]) -> bool {
    let small = |at: Option<&u8>| at.is_some_and(u8::is_ascii_lowercase);
    let in_a_word =
        |at: usize| small(at.checked_sub(1).and_then(|before| bytes.get(before))) || small(bytes.get(at + 1));
    let (mut mac, mut windows) = (0_usize, 0_usize);
    for (_, byte) in bytes.iter().enumerate().filter(|(at, _)| in_a_word(*at)) {
        mac += usize::from(matches!(byte, 0x87..=0x90 | 0x93..=0x95 | 0x99 | 0x9D..=0x9F));
        windows += usize::from(*byte >= 0xE0 || matches!(byte, 0x92 | 0x9C));
    }
    mac > windows
}

fn wide(bytes: &[u8], of: fn([u8; 2]) -> u16) -> Cow<'_, str> {
    let (pairs, _) = bytes.as_chunks();
    let units: Vec<u16> = pairs.iter().map(|pair| of(*pair)).collect();
    Cow::Owned(String::from_utf16_lossy(&units))
}
