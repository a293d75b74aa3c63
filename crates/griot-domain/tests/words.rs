//! What a person wrote is what a reader sees, in every notation: all of it but the marks that a person would see as
//! marks.
//!
//! Texts are put together from words that hold signs and no marks, and from words between marks, so what has to be
//! seen is known without reading the text. Each place is then read as its readers' app reads it. `GRIOT_SEED` and
//! `GRIOT_CASES` choose others than the usual texts.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "all of this file is tests, and they say how many cases they ran and from which seed"
)]

use griot_domain::Markup;
use griot_domain::markup::written;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use pulldown_cmark::{Event, Options, Parser};

/// A text and what of it has to be seen.
#[derive(Debug, Clone)]
struct Case {
    text: String,
    seen: String,
}

/// Words with signs that are no marks.
const SIGNS: &[&str] = &[
    "Cher*e*s ami*e*s",
    "tou_te_s",
    "120*80 cm et 60*40 cm",
    "Kolleg*innen, Freund*innen",
    "Student*in",
    "Menu (*) 2500 F (*)",
    "prix* et délai",
    "2*3*4 = 24",
    "5 * 3 * 2",
    "2**3**4",
    "*144*",
    "*.txt",
    "snake_case_name",
    "__init__.py",
    "D:\\_photos",
    "C:\\_new\\*.txt",
    "\\\\serveur\\_partage\\_b",
    "a\\_b",
    "mon.*fichier*.txt",
    "_photo_.jpg",
    "¯\\_(ツ)_/¯",
    "¯_(ツ)_/¯",
    "(*_*)",
    "(^_^)",
    ">_<",
    "-_-",
    "=_=",
    "$*$",
    "(*^_^*)",
    "~10 km, ~20 km",
    "a~b~c",
    "l`ami d`enfance",
    "Nom ___ Prénom ____",
    "/* note */",
    "fin\\",
    "a\\b",
    "typed &amp; &copy; &#42;",
    "R&D; Q&A",
    "a < b & c > d",
    "<nom> <3",
    "a || b || c",
    "100% ^ | $5",
    "ߊ*ߓ*ߕ",
    "م*ح*ب",
    "ለ_አ_ም",
    "长*宽*高",
    "e\u{301}*e\u{301}*e",
    "👩🏿‍🌾*",
    "‏شكرا‏",
    "😀 _ 😀",
    "mot\u{a0}* mot",
    "https://example.org/a-b?c=d&e=f",
    "#étiquette @marie",
];

/// Words as people write them, in many scripts.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zéèçœß]{1,8}",
        "[A-ZÀ-Ö][a-z]{0,6}( [a-z]{1,5})?",
        "[ߊ-ߥ]{1,5}[߫-߳]?",
        "[ا-ي]{1,6}( [ا-ي]{1,4})?",
        "[አ-ኦ]{1,4}",
        "[一-十]{1,3}",
        "[а-я]{1,6}",
        "[ก-ฮ]{1,4}",
        "e\u{301}[a-z]{0,3}",
        Just("👩🏿‍🌾".to_owned()),
        Just("🇲🇱 Mali".to_owned()),
        Just("3 poulets".to_owned()),
        Just("5\u{a0}000 F".to_owned()),
    ]
}

fn piece() -> impl Strategy<Value = Case> {
    let words = prop_oneof![word(), prop::sample::select(SIGNS).prop_map(str::to_owned)];
    let words = words.prop_map(|text| Case { seen: text.clone(), text });
    let marks = prop::sample::select(vec!["*", "**", "_", "__", "~", "~~", "`", "***"]);
    let around = prop::sample::select(vec![
        ("", ""),
        ("(", ")"),
        ("« ", " »"),
        ("", "!"),
        ("l'", ","),
        ("\u{200F}", "\u{200F}"),
    ]);
    let marked = (marks, around, word()).prop_map(|(mark, (before, after), word)| Case {
        text: format!("{before}{mark}{word}{mark}{after}"),
        seen: format!("{before}{word}{after}"),
    });
    prop_oneof![2 => words, 1 => marked]
}

fn case() -> impl Strategy<Value = Case> {
    let between = prop::sample::select(vec![" ", " ", " ", "\n", "\n\n", " — "]);
    prop::collection::vec((piece(), between), 1..7).prop_map(|pieces| {
        let mut case = Case { text: String::new(), seen: String::new() };
        for (n, (piece, between)) in pieces.iter().enumerate() {
            let between = if n + 1 == pieces.len() { "" } else { between };
            case.text.push_str(&format!("{}{between}", piece.text));
            case.seen.push_str(&format!("{}{between}", piece.seen));
        }
        case
    })
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Runs `check` over thousands of texts that follow from a seed.
fn over_all_texts(what: &str, check: impl Fn(&Case)) {
    let (seed, cases) = (number("GRIOT_SEED", 20_261_130), number("GRIOT_CASES", 6000));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config =
        Config { cases: u32::try_from(cases).unwrap(), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let ran = std::cell::Cell::new(0_u32);
    let result = runner.run(&case(), |case| {
        ran.set(ran.get() + 1);
        check(&case);
        Ok(())
    });
    println!("{what}: {} cases, seed {seed}", ran.get());
    result.unwrap();
}

fn same(place: Markup, case: &Case, seen: &str) {
    assert_eq!(seen, case.seen, "{place:?}: {:?} was written as {:?}", case.text, written(&case.text, place));
}

#[test]
fn a_plain_place_shows_all_that_was_written_but_the_marks() {
    over_all_texts("plain", |case| same(Markup::Plain, case, &written(&case.text, Markup::Plain)));
}

#[test]
fn a_forum_shows_all_that_was_written_but_the_marks() {
    over_all_texts("bbcode", |case| {
        let mut seen = written(&case.text, Markup::Bbcode);
        for tag in ["b", "i", "u", "s", "code"] {
            seen = seen.replace(&format!("[{tag}]"), "").replace(&format!("[/{tag}]"), "");
        }
        same(Markup::Bbcode, case, &seen);
    });
}

/// A line as WhatsApp shows it: a sign begins a mark where no letter is before it and no blank behind it, and ends it
/// where no blank is before it and no letter behind it.
fn on_whatsapp(line: &str) -> String {
    let mut chars: Vec<char> = line.chars().collect();
    for sign in ['`', '*', '_', '~'] {
        let mut at = 0;
        while at < chars.len() {
            let word = |at: Option<&char>| at.is_some_and(|c| c.is_alphanumeric());
            let blank = |at: Option<&char>| at.is_none_or(|c| c.is_whitespace());
            let before = at.checked_sub(1).and_then(|before| chars.get(before));
            let begins = chars[at] == sign && !word(before) && !blank(chars.get(at + 1));
            let ends = |end: &usize| {
                let says_something = chars[at..*end].iter().any(|c| *c != sign);
                let is_end = chars[*end] == sign && !blank(chars.get(end - 1));
                says_something && is_end && !word(chars.get(end + 1))
            };
            match (at + 2..chars.len()).find(ends).filter(|_| begins) {
                Some(end) => {
                    chars.remove(end);
                    chars.remove(at);
                    at = end - 1;
                }
                None => at += 1,
            }
        }
    }
    chars.into_iter().filter(|c| !matches!(c, '\u{200A}' | '\u{2060}')).collect()
}

#[test]
fn whatsapp_shows_all_that_was_written_but_the_marks() {
    over_all_texts("whatsapp", |case| {
        let there = written(&case.text, Markup::Whatsapp);
        let lines: Vec<String> = there.split('\n').map(on_whatsapp).collect();
        same(Markup::Whatsapp, case, &lines.join("\n"));
    });
}

/// A text as Telegram shows what was typed into it.
fn on_telegram(text: &str) -> String {
    let mut text = text.to_owned();
    for mark in ["**", "__", "~~", "||"] {
        while let Some(start) = text.find(mark) {
            let Some(end) = text[start + 2..].find(mark) else { break };
            text.replace_range(start + 2 + end..start + 4 + end, "");
            text.replace_range(start..start + 2, "");
        }
    }
    text.replace('\u{2060}', "")
}

#[test]
fn telegram_shows_all_that_was_written_but_the_marks() {
    over_all_texts("telegram", |case| {
        let seen = on_telegram(&written(&case.text, Markup::Telegram));
        // Ticks that stand for code stay as typed: its readers see code.
        let without = |text: &str| text.replace('`', "");
        assert_eq!(without(&seen), without(&case.seen), "{:?}", case.text);
    });
}

/// A text as a place that reads Markdown shows it.
fn on_markdown(text: &str) -> String {
    let mut seen = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(words) | Event::Code(words) => seen.push_str(&words),
            Event::InlineHtml(tag) | Event::Html(tag) => panic!("{tag} is shown to nobody: {text:?}"),
            Event::SoftBreak | Event::HardBreak => seen.push('\n'),
            _ => {}
        }
    }
    seen
}

#[test]
fn a_place_of_markdown_shows_all_that_was_written_but_the_marks() {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    over_all_texts("markdown", |case| {
        // Markdown itself sees no mark beside a mark of direction: its readers see the signs.
        if case.text.contains('\u{200F}') {
            return;
        }
        let seen = on_markdown(&written(&case.text, Markup::Markdown));
        assert_eq!(
            bare(&seen),
            bare(&case.seen),
            "{:?}: {:?}",
            case.text,
            written(&case.text, Markup::Markdown)
        );
    });
}

#[test]
fn what_people_write_with_signs_in_it_is_read_as_they_wrote_it() {
    let alone = ["char *p", "*155#", "****", "\\*c", "*gras", "gras*", "**", "_", "\\", "`"];
    for text in SIGNS.iter().chain(&alone) {
        for place in [Markup::Plain, Markup::Bbcode] {
            assert_eq!(&written(text, place), text, "{place:?}");
        }
        let whatsapp: Vec<String> = written(text, Markup::Whatsapp).split('\n').map(on_whatsapp).collect();
        assert_eq!(&whatsapp.join("\n"), text);
    }
}
