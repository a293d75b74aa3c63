//! Byte ranges (RFC 9110, section 14): one range is answered as such, several or nonsense get the whole file.

/// The part of a file that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// Some of it: the first byte and how many.
    Some(u64, u64),
    /// A part that lies beyond the end.
    Beyond,
}

/// What a `Range` header asks of a file of `len` bytes.
pub(super) fn part(header: Option<&str>, len: u64) -> Part {
    let Some((first, last)) = header.and_then(ends) else { return Part::Whole };
    match (number(first), number(last)) {
        (Some(first), last) if first >= len => {
            if last.is_some_and(|last| last < first) {
                Part::Whole
            } else {
                Part::Beyond
            }
        }
        (Some(first), None) => Part::Some(first, len - first),
        (Some(first), Some(last)) if first <= last => Part::Some(first, last.min(len - 1) - first + 1),
        (None, Some(count)) if count.min(len) == 0 => Part::Beyond,
        (None, Some(count)) => Part::Some(len - count.min(len), count.min(len)),
        _ => Part::Whole,
    }
}

/// Both ends of the only range of the header, each digits or nothing.
fn ends(header: &str) -> Option<(&str, &str)> {
    let (unit, range) = header.trim().split_once('=')?;
    let (first, last) = range.split_once('-')?;
    let plain = |end: &str| end.bytes().all(|b| b.is_ascii_digit());
    (unit.eq_ignore_ascii_case("bytes") && plain(first) && plain(last)).then_some((first, last))
}

/// Digits as a number, none as nothing; a larger one than there can be is the largest.
fn number(text: &str) -> Option<u64> {
    (!text.is_empty()).then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_read_as_the_standard_says() {
        for (header, expected) in [
            ("bytes=0-0", Part::Some(0, 1)),
            ("bytes=0-", Part::Some(0, 100)),
            ("bytes=90-", Part::Some(90, 10)),
            ("bytes=90-1000", Part::Some(90, 10)),
            ("Bytes=10-19", Part::Some(10, 10)),
            ("bytes=-1", Part::Some(99, 1)),
            ("bytes=-1000", Part::Some(0, 100)),
            ("bytes=99-99999999999999999999999999", Part::Some(99, 1)),
            ("bytes=100-", Part::Beyond),
            ("bytes=100-200", Part::Beyond),
            ("bytes=99999999999999999999999999-", Part::Beyond),
            ("bytes=-0", Part::Beyond),
        ] {
            assert_eq!(part(Some(header), 100), expected, "{header}");
        }
        assert_eq!(part(Some("bytes=0-"), 0), Part::Beyond);
    }

    #[test]
    fn several_ranges_and_nonsense_get_the_whole_file() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-a",
            "bytes=a-5",
            "bytes=5-4",
            "bytes=0-1,5-6",
            "bytes=1",
            "items=0-1",
            "bytes=--5",
            "bytes=+1-2",
            "bytes= 0-1",
            "bytes=0-1-",
            "bytes=-5-",
        ] {
            assert_eq!(part(Some(header), 100), Part::Whole, "{header}");
        }
        assert_eq!(part(None, 100), Part::Whole);
    }

    proptest::proptest! {
        #[test]
        fn a_part_lies_within_the_file(header in "bytes=[0-9]{0,21}-[0-9]{0,21}", len in 0_u64..2000) {
            if let Part::Some(start, count) = part(Some(&header), len) {
                proptest::prop_assert!(count > 0 && start + count <= len);
            }
        }
    }
}
