use super::*;
use crate::text::{LINK_LENGTH, normalise};

fn weight(text: &str) -> u32 {
    weigh(&normalise(text), 280, LINK_LENGTH).length
}

#[test]
fn weights_agree_with_what_was_published() {
    let label = "randomurl".to_owned() + &"s".repeat(55);
    let cases = [
        ("Hi http://test.co".to_owned(), 26),
        ("http://test.co".to_owned(), 23),
        ("http://test.co ".repeat(10), 240),
        ("故".repeat(160), 320),
        ("H🐱☺👨\u{200D}👩\u{200D}👧\u{200D}👦".to_owned(), 7),
        ("😷👾😡🔥💩".to_owned(), 10),
        ("🙋🏽👨\u{200D}🎤".to_owned(), 4),
        ("👨\u{200D}👩\u{200D}👧\u{200D}👦".repeat(140), 280),
        ("1\u{20E3}".to_owned(), 2),
        ("A\u{301}B".to_owned(), 2),
        (format!("{label}.com"), 68),
        ("Hello, world! 👋".to_owned(), 16),
        (String::new(), 0),
    ];
    for (text, expected) in cases {
        assert_eq!(weight(&text), expected, "{text:.60}");
    }
}

#[test]
fn what_cannot_be_posted_is_not_valid() {
    let valid = |text: &str| weigh(text, 280, LINK_LENGTH).valid;
    assert!(valid("a") && valid(&"a".repeat(280)));
    assert!(!valid("") && !valid(&"a".repeat(281)));
    for c in ['\u{FFFE}', '\u{FEFF}', '\u{FFFF}'] {
        assert!(!valid(&format!("a{c}")));
    }
    assert_eq!(weigh(&"a".repeat(300), 280, LINK_LENGTH).fits, 280);
}

#[test]
fn links_mentions_and_addresses_are_told_apart() {
    let links = |text: &'static str| -> Vec<&str> {
        urls(text, Tails::X).iter().map(|l| &text[l.start..l.end]).collect()
    };
    assert_eq!(links("voir griot.ml, ou (https://griot.ml/a_(b))."), ["griot.ml", "https://griot.ml/a_(b)"]);
    assert_eq!(links("moi@exemple.com @exemple.com #exemple.com $exemple.com"), Vec::<&str>::new());
    assert_eq!(links("voir été.com www.été.com"), ["été.com", "www.été.com"]);
    assert_eq!(links("fichier.jpg rapport.pdf 3.14 fin.Puis"), Vec::<&str>::new());
    assert_eq!(links(""), Vec::<&str>::new());
}

#[test]
fn a_page_without_spaces_is_read_quickly() {
    let page = "故".repeat(50_000) + ".invalid";
    assert_eq!(urls(&page, Tails::X), []);
    let dots = "a-.".repeat(20_000);
    assert_eq!(urls(&dots, Tails::X), []);
}
