//! Counting, linking and handles against the conformance files of the networks.
//!
//! The files are not in the repository: they are found beside it, or where `GRIOT_SHARED` says.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "all of this file is tests, and they say how many cases they ran"
)]

use std::fs;
use std::path::{Path, PathBuf};

use griot_domain::rules::Unit;
use griot_domain::text::links::{Kind, facets};
use griot_domain::text::x::{self, Tails};
use griot_domain::text::{Counting, emoji, handle, length, normalise};
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;
use yaml_rust2::{Yaml, YamlLoader};

/// The text of `name` in the text corpora, or nothing where there are none.
fn corpus(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("GRIOT_SHARED").map_or_else(beside, PathBuf::from);
    let text = fs::read_to_string(shared.join("corpora/text").join(name)).ok();
    if text.is_none() {
        println!("corpora absent: skipped");
    }
    text
}

/// Collects what differs, so that one run shows every case that fails.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: Vec<String>,
}

impl Tally {
    fn check<T: PartialEq + std::fmt::Debug>(&mut self, case: &str, got: T, expected: T) {
        if got == expected {
            self.passed += 1;
        } else {
            self.failed.push(format!("{case}\n   got      {got:?}\n   expected {expected:?}"));
        }
    }

    fn finish(self, what: &str) {
        println!("{what}: {} passed, {} failed", self.passed, self.failed.len());
        assert!(self.failed.is_empty(), "{what}\n{}", self.failed.join("\n"));
        assert!(self.passed > 0, "{what}: no case was found");
    }
}

fn yaml(name: &str) -> Option<Yaml> {
    corpus(name).map(|text| YamlLoader::load_from_str(&text).unwrap().remove(0)["tests"].clone())
}

fn cases(group: &Yaml) -> impl Iterator<Item = (&str, &str, &Yaml)> {
    group.as_vec().into_iter().flatten().map(|case| {
        (case["description"].as_str().unwrap(), case["text"].as_str().unwrap(), &case["expected"])
    })
}

fn strings(list: &Yaml) -> Vec<String> {
    list.as_vec().into_iter().flatten().map(|s| s.as_str().unwrap().to_owned()).collect()
}

/// `(start, end)` in code points, as the files have it.
fn in_chars(text: &str, start: usize, end: usize) -> (i64, i64) {
    let chars = |at: usize| i64::try_from(text[..at].chars().count()).unwrap();
    (chars(start), chars(end))
}

fn indices(entity: &Yaml) -> (i64, i64) {
    (entity["indices"][0].as_i64().unwrap(), entity["indices"][1].as_i64().unwrap())
}

#[test]
fn x_extracts_links() {
    let Some(file) = yaml("twitter-text/extract.yml") else { return };
    let mut tally = Tally::default();
    for group in ["urls", "tco_urls_with_params"] {
        for (case, text, expected) in cases(&file[group]) {
            let got: Vec<String> =
                x::urls(text, Tails::X).iter().map(|l| text[l.start..l.end].to_owned()).collect();
            tally.check(case, got, strings(expected));
        }
    }
    for group in ["urls_with_indices", "urls_with_directional_markers"] {
        for (case, text, expected) in cases(&file[group]) {
            let got: Vec<_> =
                x::urls(text, Tails::X).iter().map(|l| in_chars(text, l.start, l.end)).collect();
            tally.check(case, got, expected.as_vec().into_iter().flatten().map(indices).collect());
        }
    }
    tally.finish("extract.yml, links");
}

#[test]
fn x_extracts_mentions_and_lists() {
    let Some(file) = yaml("twitter-text/extract.yml") else { return };
    let mut tally = Tally::default();
    for (case, text, expected) in cases(&file["mentions"]) {
        tally.check(case, x::mentions(text).iter().map(|m| m.name.to_owned()).collect(), strings(expected));
    }
    for group in ["mentions_with_indices", "mentions_or_lists_with_indices"] {
        for (case, text, expected) in cases(&file[group]) {
            let got: Vec<_> = x::mentions(text)
                .iter()
                .map(|m| (in_chars(text, m.start, m.end), m.list.to_owned()))
                .collect();
            let list = |e: &Yaml| (indices(e), e["list_slug"].as_str().unwrap_or_default().to_owned());
            tally.check(case, got, expected.as_vec().into_iter().flatten().map(list).collect());
        }
    }
    tally.finish("extract.yml, mentions");
}

#[test]
fn x_extracts_hashtags_and_cashtags() {
    let Some(file) = yaml("twitter-text/extract.yml") else { return };
    let mut tally = Tally::default();
    for group in ["hashtags", "hashtags_from_astral"] {
        for (case, text, expected) in cases(&file[group]) {
            tally.check(
                case,
                x::hashtags(text).iter().map(|t| t.tag.to_owned()).collect(),
                strings(expected),
            );
        }
    }
    for (case, text, expected) in cases(&file["hashtags_with_indices"]) {
        let got: Vec<_> = x::hashtags(text).iter().map(|t| in_chars(text, t.start, t.end)).collect();
        tally.check(case, got, expected.as_vec().into_iter().flatten().map(indices).collect());
    }
    for (case, text, expected) in cases(&file["cashtags"]) {
        tally.check(case, x::cashtags(text).iter().map(|t| t.symbol.to_owned()).collect(), strings(expected));
    }
    for (case, text, expected) in cases(&file["cashtags_with_indices"]) {
        let got: Vec<_> = x::cashtags(text).iter().map(|t| in_chars(text, t.start, t.end)).collect();
        tally.check(case, got, expected.as_vec().into_iter().flatten().map(indices).collect());
    }
    tally.finish("extract.yml, tags");
}

/// What a page of links was made of: the texts of its anchors, without markup and signs.
fn anchors(html: &str) -> Vec<String> {
    html.split("<a ")
        .skip(1)
        .filter_map(|part| part.split_once('>')?.1.split_once("</a>"))
        .map(|(s, _)| s.to_owned())
        .collect()
}

#[test]
fn x_links_what_its_pages_link() {
    let Some(file) = yaml("twitter-text/autolink.yml") else { return };
    let mut tally = Tally::default();
    let plain = |s: &str| s.replace("&amp;", "&").replace("&quot;", "\"").replace("&#39;", "'");
    for (case, text, expected) in cases(&file["urls"]) {
        let expected: Vec<String> = anchors(expected.as_str().unwrap()).iter().map(|s| plain(s)).collect();
        // Pages link only what is written with a scheme; a text counts the others too.
        let links = x::urls(text, Tails::X).into_iter().filter(|link| link.scheme);
        let got: Vec<String> = links.map(|l| text[l.start..l.end].to_owned()).collect();
        tally.check(case, got, expected);
    }
    for (case, text, expected) in cases(&file["hashtags"]) {
        let got: Vec<String> = x::hashtags(text).iter().map(|t| text[t.start..t.end].to_owned()).collect();
        tally.check(case, got, anchors(expected.as_str().unwrap()));
    }
    for group in ["usernames", "lists"] {
        for (case, text, expected) in cases(&file[group]) {
            let got: Vec<String> =
                x::mentions(text).iter().map(|m| format!("{}{}", m.name, m.list)).collect();
            tally.check(case, got, anchors(expected.as_str().unwrap()));
        }
    }
    tally.finish("autolink.yml");
}

#[test]
fn x_knows_every_top_level_domain() {
    let Some(file) = yaml("twitter-text/tlds.yml") else { return };
    let mut tally = Tally::default();
    for group in ["country", "generic"] {
        for (case, text, expected) in cases(&file[group]) {
            let got: Vec<String> =
                x::urls(text, Tails::X).iter().map(|l| text[l.start..l.end].to_owned()).collect();
            tally.check(case, got, strings(expected));
        }
    }
    tally.finish("tlds.yml");
}

#[test]
fn x_weighs_texts() {
    let Some(text) = corpus("twitter-text/validate-even.json") else { return };
    let file: Value = serde_json::from_str(&text).unwrap();
    let mut tally = Tally::default();
    for group in ["WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"] {
        for case in file[group].as_array().unwrap() {
            let text = case["text"].as_str().unwrap();
            let sent = normalise(text);
            let weight = x::weigh(&sent, 280, 23);
            let utf16 = |s: &str| i64::try_from(s.encode_utf16().count()).unwrap();
            let shorter = utf16(text) - utf16(&sent);
            let expected = &case["expected"];
            let got = (
                i64::from(weight.length),
                weight.valid,
                i64::from(weight.permillage),
                (utf16(&sent[..weight.fits]) - 1 + shorter).max(0),
            );
            let expected = (
                expected["weightedLength"].as_i64().unwrap(),
                expected["valid"].as_bool().unwrap(),
                expected["permillage"].as_i64().unwrap(),
                expected["validRangeEnd"].as_i64().unwrap(),
            );
            tally.check(&text.chars().take(60).collect::<String>(), got, expected);
        }
    }
    for case in file["hashtags"].as_array().unwrap() {
        let text = case["text"].as_str().unwrap();
        let whole = matches!(&x::hashtags(text)[..], [tag] if (tag.start, tag.end) == (0, text.len()));
        tally.check(text, whole, case["expected"].as_bool().unwrap());
    }
    for group in ["usernames", "lists"] {
        for case in file[group].as_array().unwrap() {
            let text = case["text"].as_str().unwrap();
            let list = group == "lists";
            let whole = matches!(&x::mentions(text)[..], [m] if (m.start, m.end) == (0, text.len()) && m.list.is_empty() != list);
            tally.check(text, whole, case["expected"].as_bool().unwrap());
        }
    }
    for case in file["urls_without_protocol"].as_array().unwrap() {
        let text = case["text"].as_str().unwrap();
        let whole = matches!(&x::urls(text, Tails::X)[..], [l] if (l.start, l.end) == (0, text.len()));
        tally.check(text, whole, case["expected"].as_bool().unwrap());
    }
    tally.finish("validate-even.json");
}

#[test]
fn bluesky_finds_links_and_mentions() {
    let Some(text) = corpus("bluesky/facet-detection-dev.json") else { return };
    let file: Value = serde_json::from_str(&text).unwrap();
    let mut tally = Tally::default();
    for case in file.as_array().unwrap() {
        let text = case["text"].as_str().unwrap();
        let mut got = Vec::new();
        let mut at = 0;
        for facet in facets(text) {
            let target = match facet.kind {
                Kind::Link(uri) => uri,
                Kind::Mention(handle) => format!("did:fake:{handle}"),
                Kind::Tag(_) => continue,
            };
            if at < facet.start {
                got.push(vec![text[at..facet.start].to_owned()]);
            }
            got.push(vec![text[facet.start..facet.end].to_owned(), target]);
            at = facet.end;
        }
        if at < text.len() {
            got.push(vec![text[at..].to_owned()]);
        }
        tally.check(text, got, serde_json::from_value(case["segments"].clone()).unwrap());
    }
    tally.finish("facet-detection-dev.json");
}

#[test]
fn bluesky_handles_are_told_from_other_texts() {
    let mut tally = Tally::default();
    for (name, expected) in [("valid", true), ("invalid", false)] {
        let Some(text) = corpus(&format!("bluesky/handle_syntax_{name}.txt")) else { return };
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            tally.check(line, handle::is_handle(line), expected);
        }
    }
    tally.finish("handle_syntax");
}

#[test]
fn mastodon_counts_as_its_servers_do() {
    if corpus("mastodon/counting.tsv").is_none() {
        return;
    }
    let count = |text: &str, spoiler: &str| {
        length(text, Unit::Mastodon, &Counting { spoiler, ..Counting::default() })
    };
    let a = |n| "a".repeat(n);
    assert_eq!(count(&a(520), ""), 520);
    assert_eq!(count(&"b".repeat(251), &a(250)), 501);
    assert_eq!(count(&format!("{} http://{}.com/example", a(476), "b".repeat(30)), ""), 500);
    assert_eq!(count(&format!("{} @alice@{}.com", a(475), "b".repeat(30)), ""), 482);
}

#[test]
fn grapheme_clusters_break_where_unicode_says() {
    let Some(text) = corpus("unicode/GraphemeBreakTest.txt") else { return };
    let mut tally = Tally::default();
    for line in
        text.lines().map(|line| line.split('#').next().unwrap().trim()).filter(|line| !line.is_empty())
    {
        let clusters: Vec<String> = line
            .trim_matches(['÷', ' '])
            .split('÷')
            .map(|cluster| cluster.split('×').map(code_point).collect())
            .collect();
        // A lone surrogate cannot stand in a text of Rust. And the tables in use are newer than this file of
        // Unicode 15: there U+2701 is no pictograph any more.
        if line.contains("D800") || line.contains("2701 × 200D × 2701") {
            continue;
        }
        let whole = clusters.concat();
        tally.check(line, whole.graphemes(true).map(str::to_owned).collect(), clusters);
    }
    tally.finish("GraphemeBreakTest.txt");
}

fn code_point(hex: &str) -> char {
    u32::from_str_radix(hex.trim(), 16).ok().and_then(char::from_u32).unwrap_or('\u{FFFD}')
}

#[test]
fn every_joined_emoji_is_one_grapheme_and_two_units_on_x() {
    let Some(text) = corpus("unicode/emoji-zwj-sequences.txt") else { return };
    let mut tally = Tally::default();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let sequence: String = line.split(';').next().unwrap().split_whitespace().map(code_point).collect();
        let got = (
            x::weigh(&sequence, 280, 23).length,
            sequence.graphemes(true).count(),
            emoji::leading(&sequence),
        );
        tally.check(line, got, (2, 1, Some(sequence.len())));
    }
    tally.finish("emoji-zwj-sequences.txt");
}

#[test]
fn long_texts_of_every_script_count_quickly() {
    for name in ["arb", "bam", "eng", "fra", "fuf_adlm", "hau_NG", "yor"] {
        let Some(text) = corpus(&format!("udhr/udhr_{name}.txt")) else { return };
        let chars = length(&text, Unit::Chars, &Counting::default());
        let weight = length(&text, Unit::XWeighted, &Counting::default());
        assert!(chars <= weight && weight <= 2 * chars, "{name}: {weight} for {chars} code points");
        assert!(length(&text, Unit::Graphemes, &Counting::default()) <= chars);
    }
}
