//! Whether a text can be a handle on the AT protocol: a host name that is not an address.

/// The longest handle, in bytes.
const MAX: usize = 253;
/// The longest part between dots.
const MAX_PART: usize = 63;

/// Whether `text` is written as a handle must be. Whether somebody has it is asked of the network.
#[must_use]
pub fn is_handle(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    // A last part that starts with a figure would make an IPv4 address a name.
    let last_is_a_name = parts.last().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()));
    text.len() <= MAX && parts.len() >= 2 && parts.iter().all(|part| is_part(part)) && last_is_a_name
}

fn is_part(part: &str) -> bool {
    (1..=MAX_PART).contains(&part.len())
        && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !part.starts_with('-')
        && !part.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_host_names() {
        for good in ["alice.bsky.social", "A.ISI.EDU", "8.cn", "xn--ls8h.test", "john.t"] {
            assert!(is_handle(good), "{good}");
        }
        for bad in [
            "",
            "john",
            "john.",
            ".john.test",
            "jo_hn.test",
            "john..test",
            "127.0.0.1",
            "john.0",
            "bücher.test",
            "@a.bc",
        ] {
            assert!(!is_handle(bad), "{bad}");
        }
    }
}
