//! Which thing a path names. A path is taken apart into ids and numbers; no part of it ever becomes a file's name.

use griot_domain::{AssetId, DeliveryId};

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// An original.
    Asset(AssetId),
    /// Its thumbnail.
    Thumb(AssetId),
    /// A frame of a film, at so many milliseconds.
    Frame(AssetId, u64),
    /// A picture of the strip of a film, from 0.
    Strip(AssetId, u32),
    /// What a change makes of an asset, by its name: 32 hexadecimal digits.
    Look(u128),
    /// A file to post by hand, from 0.
    ByHand(DeliveryId, usize),
    /// A file that was written for this page.
    Saved(String),
}

impl Place {
    /// What `path` names; nothing when it names nothing.
    pub(super) fn of(path: &str) -> Option<Self> {
        let parts = parts(path)?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["asset", id] => Some(Self::Asset(id.parse().ok()?)),
            ["asset", id, "thumb"] => Some(Self::Thumb(id.parse().ok()?)),
            ["asset", id, "frame", at] => Some(Self::Frame(id.parse().ok()?, at.parse().ok()?)),
            ["asset", id, "strip", n] => Some(Self::Strip(id.parse().ok()?, n.parse().ok()?)),
            ["look", name] => Some(Self::Look(look(name)?)),
            ["by-hand", id, n] => Some(Self::ByHand(id.parse().ok()?, n.parse().ok()?)),
            ["saved", handle] => Some(Self::Saved((*handle).to_owned())),
            _ => None,
        }
    }
}

fn look(name: &str) -> Option<u128> {
    let digits = name.len() == 32 && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    u128::from_str_radix(name, 16).ok().filter(|_| digits)
}

/// The parts of a path, decoded; nothing when one of them could mean a folder above, another system's separator, or
/// something else after being decoded once more.
pub(crate) fn parts(path: &str) -> Option<Vec<String>> {
    path.strip_prefix('/')?.split('/').map(part).collect()
}

fn part(text: &str) -> Option<String> {
    let text = decoded(text)?;
    let hostile = |c: char| c.is_control() || matches!(c, '/' | '\\' | '%');
    (!text.is_empty() && text != "." && text != ".." && !text.contains(hostile)).then_some(text)
}

/// Without percent-encoding; nothing when that is broken or is not text.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'%' => {
                let digit = |b: Option<u8>| char::from(b?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "018f0000-0000-7000-8000-000000000000";

    #[test]
    fn each_path_names_one_thing() {
        let asset: AssetId = ID.parse().unwrap();
        for (path, expected) in [
            (format!("/asset/{ID}"), Place::Asset(asset)),
            (format!("/asset/{ID}/thumb"), Place::Thumb(asset)),
            (format!("/asset/{ID}/frame/1500"), Place::Frame(asset, 1500)),
            (format!("/asset/{ID}/strip/11"), Place::Strip(asset, 11)),
            (format!("/look/{:032x}", 7), Place::Look(7)),
            (format!("/by-hand/{ID}/2"), Place::ByHand(ID.parse().unwrap(), 2)),
            ("/saved/handle%3A4".to_owned(), Place::Saved("handle:4".to_owned())),
        ] {
            assert_eq!(Place::of(&path), Some(expected), "{path}");
        }
    }

    #[test]
    fn no_path_leads_anywhere_else() {
        for path in [
            "",
            "/",
            "asset",
            "/asset",
            "/asset/",
            "//asset",
            "/asset/..",
            "/asset/%2e%2e",
            "/saved/..",
            "/saved/%2E%2e",
            "/saved/..%2fgriot.db",
            "/saved/%252e%252e",
            "/saved/..%5cx",
            "/saved/a%00",
            "/saved/a\\b",
            "/saved/a/../b",
            "/saved/%ff",
            "/saved/%",
            "/saved/%4",
            "/saved/%zz",
            "/saved/.",
            "/asset/../asset/x",
            "/asset/018f",
            "/etc/passwd",
        ] {
            assert_eq!(Place::of(path), None, "{path}");
        }
        assert_eq!(Place::of(&format!("/asset/{ID}/frame/-1")), None);
        assert_eq!(Place::of(&format!("/asset/{ID}/thumb/")), None);
        assert_eq!(Place::of("/look/7"), None);
        assert_eq!(Place::of(&format!("/look/{}", "+".repeat(32))), None);
        assert_eq!(Place::of(&format!("/asset/{ID}/../{ID}")), None);
    }

    proptest::proptest! {
        #[test]
        fn no_part_of_a_path_climbs(path in "/([.%/a2eF5cC\\\\]{0,12}|.{0,20})") {
            for part in parts(&path).unwrap_or_default() {
                let climbs = part == ".." || part == "." || part.contains(['/', '\\', '\0', '%']);
                proptest::prop_assert!(!climbs && !part.is_empty(), "{part}");
            }
        }
    }
}
