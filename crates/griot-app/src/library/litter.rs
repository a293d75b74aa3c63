//! Files that systems put beside pictures and nobody made: in a folder they are passed over without a word.
//!
//! Deliberately absent: other files that are no media, which a person may have meant; they are refused by name.

/// Whether a system put a file or folder called `name` there.
pub(super) fn is_litter(name: &str) -> bool {
    const WHOLE: [&str; 10] = [
        ".ds_store",
        "thumbs.db",
        "ehthumbs.db",
        "ehthumbs_vista.db",
        "desktop.ini",
        "picasa.ini",
        "icon\r",
        "__macosx",
        "@eadir",
        "system volume information",
    ];
    let lower = name.to_lowercase();
    lower.starts_with("._") || lower.starts_with("$recycle") || WHOLE.contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systems_leave_behind_is_told_from_what_people_made() {
        for name in
            ["._photo.jpg", ".DS_Store", "Thumbs.db", "THUMBS.DB", "desktop.ini", "__MACOSX", "$RECYCLE.BIN"]
        {
            assert!(is_litter(name), "{name}");
        }
        for name in ["photo.jpg", "_photo.jpg", "desktop.png", "thumbs.jpg", "macosx", "notes.txt"] {
            assert!(!is_litter(name), "{name}");
        }
    }
}
