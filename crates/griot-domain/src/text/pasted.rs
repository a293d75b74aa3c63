//! What a person pastes into a form, without what came along: invisible marks of profiles and chats, blanks of web
//! pages, quotation marks, the word that stands before a token.
//!
//! The one place where that is done, for handles, names, tokens, passwords, numbers and addresses alike. Deliberately
//! absent: whether what is left is one; each network says what its own look like.

/// A name of something: what is visible of it, on one line. Joiners stay, because names are written with them.
#[must_use]
pub fn words(given: &str) -> String {
    bare(given, |text| unquoted(&visible(text, |c| matches!(c, '\u{200C}' | '\u{200D}'))))
}

/// A number, an identifier, a version: the same without joiners, and without the punctuation of a sentence around it.
#[must_use]
pub fn id(given: &str) -> String {
    bare(given, |text| around(unquoted(&visible(text, |_| false)), "", ",;."))
}

/// Somebody's name on a network, without the sign before it and the punctuation of a sentence around it.
#[must_use]
pub fn handle(given: &str) -> String {
    bare(given, |text| around(unquoted(&visible(text, |_| false)), "@＠(", ",;:.!?)"))
}

/// A token, a key or a password, without the words that stand before one in documents and requests. What stands on
/// several lines stays so: it is not one secret.
#[must_use]
pub fn secret(given: &str) -> String {
    bare(given, one_secret)
}

fn one_secret(given: &str) -> String {
    const BEFORE: [&str; 8] =
        ["authorization:", "api-key:", "user-api-key:", "x-api-key:", "bearer", "oauth", "token:", "bearer:"];
    let mut text = unquoted(&visible(given, |_| false));
    while let Some(rest) = BEFORE.iter().find_map(|word| after(&text, word)) {
        text = unquoted(rest);
    }
    around(text, "", ",;")
}

/// A password that a person chose: any sign can belong to it, only what nobody sees and the blanks around it are gone.
#[must_use]
pub fn password(given: &str) -> String {
    visible(given, |_| false)
}

/// The address of a server or a page, without the brackets and the punctuation of a sentence around it.
#[must_use]
pub fn address(given: &str) -> String {
    bare(given, one_address)
}

/// What is left of `given` when nothing more comes off: quotation marks stand in brackets, and brackets in quotations.
fn bare(given: &str, clean: impl Fn(&str) -> String) -> String {
    let mut text = clean(given);
    loop {
        let again = clean(&text);
        if again.len() >= text.len() {
            return text;
        }
        text = again;
    }
}

fn one_address(given: &str) -> String {
    let text = around(unquoted(&visible(given, |_| false)), "(", ",;!");
    let open = |text: &str| text.matches('(').count();
    let mut text = text.as_str();
    // A bracket that was opened within belongs to the address.
    while text.ends_with(['.', ')']) && (text.ends_with('.') || text.matches(')').count() > open(text)) {
        text = text[..text.len() - 1].trim_end();
    }
    text.to_owned()
}

/// What follows `word` where it stands before a secret: behind it comes a blank, or it ends in a colon.
fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))?;
    let rest = &text[head.len()..];
    let ends = word.ends_with(':') || rest.is_empty() || rest.starts_with(char::is_whitespace);
    ends.then(|| rest.trim_start())
}

/// What can be seen of `given`, with plain blanks, trimmed.
fn visible(given: &str, keep: fn(char) -> bool) -> String {
    let seen = given.chars().filter(|c| keep(*c) || !is_invisible(*c));
    let plain = |c: char| if c.is_whitespace() && !matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
    let text: String = seen.map(plain).collect();
    text.trim().to_owned()
}

/// Whether `c` has no width and no meaning in what is pasted: joiners, marks of writing direction, marks of byte order.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

/// `text` without the quotation marks and pointed brackets around it.
fn unquoted(text: &str) -> String {
    const PAIRS: [(char, &str); 10] = [
        ('"', "\""),
        ('\'', "'"),
        ('`', "`"),
        ('“', "”“"),
        ('„', "“”"),
        ('‘', "’‘"),
        ('«', "»"),
        ('‹', "›"),
        ('<', ">"),
        ('”', "”"),
    ];
    let mut text = text.trim();
    loop {
        let first = text.chars().next();
        let ends = PAIRS.iter().find(|(open, _)| Some(*open) == first).map(|(_, ends)| *ends);
        // A comma or a semicolon behind the quotation is the list's that it was copied from.
        let bare = text.trim_end_matches([',', ';']).trim_end();
        let last = bare.chars().next_back().filter(|c| ends.is_some_and(|ends| ends.contains(*c)));
        match (first, last) {
            (Some(first), Some(last)) if bare.len() >= first.len_utf8() + last.len_utf8() => {
                text = bare[first.len_utf8()..bare.len() - last.len_utf8()].trim();
            }
            _ => return text.to_owned(),
        }
    }
}

fn around(text: String, before: &str, behind: &str) -> String {
    let bare = text.trim_start_matches(|c: char| before.contains(c) || c.is_whitespace());
    bare.trim_end_matches(|c: char| behind.contains(c) || c.is_whitespace()).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_came_along_with_a_handle_is_gone() {
        for given in [
            "alice.bsky.social",
            "\u{202A}alice.bsky.social\u{202C}",
            "\u{2066}@alice.bsky.social\u{2069}",
            "\u{FEFF} @alice.bsky.social\u{A0}",
            "alice\u{200B}.bsky.social\n",
            "«\u{A0}@alice.bsky.social\u{A0}»",
            "(@alice.bsky.social),",
            "“alice.bsky.social”.",
        ] {
            assert_eq!(handle(given), "alice.bsky.social", "{given:?}");
        }
        assert_eq!(handle("@awa@mastodon.example"), "awa@mastodon.example");
        assert_eq!((handle(" \u{200E}@ "), handle("")), (String::new(), String::new()));
    }

    #[test]
    fn what_came_along_with_a_token_is_gone() {
        for given in [
            "s3cr-et_T0ken",
            "Bearer s3cr-et_T0ken",
            "Authorization: Bearer s3cr-et_T0ken",
            "\"s3cr-et_T0ken\",",
            "'Bearer s3cr-et_T0ken'",
            "\u{200B}s3cr-et_T0ken\u{FEFF}",
            "\u{A0}bearer\u{A0}s3cr-et_T0ken\r\n",
            "`s3cr-et_T0ken`;",
            "s3cr-et\u{2060}_T0ken",
            "API-Key: «s3cr-et_T0ken»",
        ] {
            assert_eq!(secret(given), "s3cr-et_T0ken", "{given:?}");
        }
        assert_eq!(secret("abcd\u{A0}efgh ijkl"), "abcd efgh ijkl");
        assert_eq!(secret("Bearertoken"), "Bearertoken");
        assert_eq!((secret("Bearer "), secret("\u{200B}")), (String::new(), String::new()));
        assert_eq!(secret("one\ntwo"), "one\ntwo", "two lines are not one secret");
    }

    #[test]
    fn what_came_along_with_an_address_a_number_or_a_name_is_gone() {
        for given in [
            "https://griot.example",
            "<https://griot.example>",
            "(https://griot.example).",
            "\u{200E}https://griot.example,",
        ] {
            assert_eq!(address(given), "https://griot.example", "{given:?}");
        }
        assert_eq!(address("https://e.org/Mali_(pays)"), "https://e.org/Mali_(pays)");
        assert_eq!(id("\u{202D}-1001234567890\u{202C},"), "-1001234567890");
        assert_eq!(words("\u{200E}« می\u{200C}خواهم »"), "می\u{200C}خواهم");
    }

    proptest! {
        #[test]
        fn a_token_comes_out_of_whatever_it_was_pasted_with(
            token in "[A-Za-z0-9][A-Za-z0-9:_|-]{0,40}[A-Za-z0-9]",
            before in "[ \t\u{A0}\u{202F}\u{3000}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{FEFF}]{0,4}",
            quotes in prop::sample::select(vec![("", ""), ("\"", "\""), ("'", "',"), ("“", "”"), ("« ", " »"), ("<", ">")]),
            word in prop::sample::select(vec!["", "Bearer ", "bearer\u{A0}", "Authorization: Bearer ", "OAuth "]),
            behind in "[ \n\u{A0}\u{200B}-\u{200F}\u{202C}\u{2069}\u{FEFF}]{0,4}",
        ) {
            let given = format!("{before}{}{word}{before}{token}{behind}{}{behind}", quotes.0, quotes.1);
            prop_assume!(!["bearer", "oauth"].contains(&token.to_ascii_lowercase().as_str()));
            prop_assert_eq!(secret(&given), token);
        }

        #[test]
        fn nothing_more_is_taken_away_the_second_time(text in "\\PC{0,30}") {
            for clean in [words, id, handle, secret, address] {
                let once = clean(&text);
                prop_assert_eq!(clean(&once), once);
            }
        }
    }
}
