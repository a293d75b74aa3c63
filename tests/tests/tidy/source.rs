//! Just enough reading of Rust to tell code from comments, literals and tests. It keeps every line break
//! and every byte position, so that a place in the result is the place in the file. Not a parser: it needs
//! no dependency and takes microseconds a file.

/// `text` with comments and the inside of string and character literals turned to spaces.
pub(crate) fn code(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => line_end(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => block_comment_end(bytes, at),
            b'r' | b'b' | b'c' if !continues_a_word(bytes, at) => match raw_string_end(bytes, at) {
                Some(end) => end,
                None => {
                    at += 1;
                    continue;
                }
            },
            b'"' => string_end(bytes, at),
            b'\'' => char_end(bytes, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            at += 1;
            continue;
        }
        blank(&mut out[at..end]);
        at = end;
    }
    String::from_utf8(out).expect("BUG: whole literals and comments were blanked")
}

/// `code` with every item under `#[cfg(test)]` turned to spaces.
pub(crate) fn without_tests(code: &str) -> String {
    let mut out = code.as_bytes().to_vec();
    let mut from = 0;
    while let Some(found) =
        ["#[cfg(test)]", "#[cfg(all(test"].iter().filter_map(|mark| find(code, mark, from)).min()
    {
        let end = item_end(code.as_bytes(), found);
        blank(&mut out[found..end]);
        from = end.max(found + 1);
    }
    String::from_utf8(out).expect("BUG: items begin and end at ASCII")
}

/// Where the brace that opens at `open` closes; the end of the text when it does not.
pub(crate) fn closing(bytes: &[u8], open: usize) -> usize {
    let (opener, closer) = match bytes[open] {
        b'(' => (b'(', b')'),
        b'[' => (b'[', b']'),
        _ => (b'{', b'}'),
    };
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        if *byte == opener {
            depth += 1;
        } else if *byte == closer {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    bytes.len().saturating_sub(1)
}

/// The line, from 1, of a byte position.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The positions of `needle` in `text` where no identifier runs on at either side of it.
pub(crate) fn words(text: &str, needle: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let wordlike = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    text.match_indices(needle)
        .map(|(at, _)| at)
        .filter(|at| {
            let (first, last) = (needle.as_bytes().first(), needle.as_bytes().last());
            let before = *at > 0 && wordlike(first) && wordlike(bytes.get(at - 1));
            let after = wordlike(last) && wordlike(bytes.get(at + needle.len()));
            !before && !after
        })
        .collect()
}

fn find(text: &str, needle: &str, from: usize) -> Option<usize> {
    text.get(from..).and_then(|rest| rest.find(needle)).map(|at| at + from)
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

fn continues_a_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn block_comment_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0;
    let mut here = at;
    while here + 1 < bytes.len() {
        match &bytes[here..here + 2] {
            b"/*" => {
                depth += 1;
                here += 2;
            }
            b"*/" => {
                depth -= 1;
                here += 2;
                if depth == 0 {
                    return here;
                }
            }
            _ => here += 1,
        }
    }
    bytes.len()
}

/// The end of a raw string that starts at `at` (`r"`, `r#"`, `br##"`, ...), if one does.
fn raw_string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut here = at;
    if matches!(bytes[here], b'b' | b'c') {
        here += 1;
    }
    if bytes.get(here) != Some(&b'r') {
        return None;
    }
    here += 1;
    let hashes = bytes[here..].iter().take_while(|byte| **byte == b'#').count();
    here += hashes;
    if bytes.get(here) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.resize(hashes + 1, b'#');
    let inside = &bytes[here + 1..];
    let length = inside.windows(close.len()).position(|window| window == close).unwrap_or(inside.len());
    Some((here + 1 + length + close.len()).min(bytes.len()))
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut here = at + 1;
    while here < bytes.len() {
        match bytes[here] {
            b'\\' => here += 2,
            b'"' => return here + 1,
            _ => here += 1,
        }
    }
    bytes.len()
}

/// The end of a character literal, or nothing where the quote starts a lifetime.
fn char_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'\\' => {
            let close = bytes[at + 3..].iter().position(|byte| *byte == b'\'')?;
            Some(at + 3 + close + 1)
        }
        b'\'' => None,
        _ => {
            let width = std::str::from_utf8(&bytes[at + 1..(at + 5).min(bytes.len())])
                .map_or_else(|error| error.valid_up_to(), str::len);
            let inside = std::str::from_utf8(&bytes[at + 1..at + 1 + width]).ok()?.chars().next()?.len_utf8();
            (bytes.get(at + 1 + inside) == Some(&b'\'')).then_some(at + 2 + inside)
        }
    }
}

/// Where the item that begins (with its attributes) at `at` ends.
fn item_end(bytes: &[u8], at: usize) -> usize {
    let mut here = at;
    loop {
        while here < bytes.len() && bytes[here].is_ascii_whitespace() {
            here += 1;
        }
        if bytes.get(here) == Some(&b'#') && bytes.get(here + 1) == Some(&b'[') {
            here = closing(bytes, here + 1) + 1;
        } else {
            break;
        }
    }
    match bytes[here..].iter().position(|byte| matches!(byte, b'{' | b';')) {
        Some(length) if bytes[here + length] == b'{' => closing(bytes, here + length) + 1,
        Some(length) => here + length + 1,
        None => bytes.len(),
    }
}

#[test]
fn code_is_told_from_comments_and_literals() {
    let check = |text: &str, expect: &str| assert_eq!(code(text), expect, "{text}");
    check("a // rusqlite\nb", "a            \nb");
    check("a /* x /* y */ z */ b", "a                   b");
    check(r#"f("a \" b", 'x', '\'', 'y')"#, "f(        ,    ,     ,    )");
    check("r#\"a \" b\"# + b\"x\"", "           + b   ");
    check("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}");
    check("'é' + for", "     + for");
}

#[test]
fn tests_are_left_out_of_what_ships() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() {}\n}\nfn c() {}\n#[cfg(test)]\n#[path = \"\"]\nmod t;\n";
    let shipped = without_tests(text);
    assert!(shipped.contains("fn a") && shipped.contains("fn c"), "{shipped}");
    assert!(!shipped.contains("fn b") && !shipped.contains("mod t"), "{shipped}");
    assert_eq!(shipped.lines().count(), text.lines().count());
}

#[test]
fn words_have_ends() {
    assert_eq!(words("rand randomness grand rand::x", "rand").len(), 2);
    assert_eq!(words("my_rand::x rand::x", "rand::"), vec![11]);
}
