use super::*;
use crate::network::NetworkId;
use crate::rules::Rules;

fn check(network: NetworkId, text: &str, counting: &Counting<'_>, expected: &str) {
    let c = count(text, &Rules::of(network).text, counting);
    let max = c.max.map_or("-".to_owned(), |max| max.to_string());
    assert_eq!(format!("{}/{max} {:?} over {}", c.used, c.unit, c.over), expected, "{network}: {text:.60}");
}

#[test]
fn every_network_counts_in_its_own_unit() {
    let family = "👨\u{200D}👩\u{200D}👧\u{200D}👦";
    let plain = Counting::default();
    check(NetworkId::Bluesky, family, &plain, "1/300 Graphemes over 0");
    check(NetworkId::Mastodon, family, &plain, "1/500 Mastodon over 0");
    check(NetworkId::X, family, &plain, "2/280 XWeighted over 0");
    check(NetworkId::Threads, family, &plain, "25/500 Threads over 0");
    check(NetworkId::Threads, "à bientôt 👋", &plain, "14/500 Threads over 0");
    check(NetworkId::Telegram, family, &plain, "11/4096 Utf16 over 0");
    check(NetworkId::Discourse, family, &plain, "7/32000 Chars over 0");
    check(NetworkId::Youtube, "é", &plain, "2/5000 Bytes over 0");
    check(NetworkId::Wordpress, "é", &plain, "1/- Chars over 0");
}

#[test]
fn what_is_too_much_is_said() {
    let plain = Counting::default();
    check(NetworkId::Telegram, &"a".repeat(1030), &plain, "1030/4096 Utf16 over 0");
    let media = Counting { has_media: true, ..plain };
    check(NetworkId::Telegram, &"a".repeat(1030), &media, "1030/1024 Utf16 over 6");
    check(NetworkId::Bluesky, &"a".repeat(301), &plain, "301/300 Graphemes over 1");
    check(
        NetworkId::Bluesky,
        &"👨\u{200D}👩\u{200D}👧\u{200D}👦".repeat(121),
        &plain,
        "3025/3000 Bytes over 25",
    );
    check(NetworkId::X, &"é".repeat(281), &plain, "281/280 XWeighted over 1");
}

#[test]
fn decomposed_letters_count_as_they_are_sent() {
    check(NetworkId::X, "e\u{301}B", &Counting::default(), "2/280 XWeighted over 0");
    check(NetworkId::Telegram, "e\u{301}B", &Counting::default(), "2/4096 Utf16 over 0");
}

#[test]
fn mastodon_counts_links_mentions_and_the_warning() {
    let plain = Counting::default();
    let used = |text: &str, counting: &Counting<'_>| length(text, Unit::Mastodon, counting);
    assert_eq!(used("http://example.com/a/very/long/path/that/goes/on", &plain), 23);
    assert_eq!(used("https://example.com", &Counting { link_length: 30, ..plain }), 30);
    assert_eq!(used("example.com", &plain), 11, "a link without a scheme is text");
    assert_eq!(used("aahttp://example.com/abcdefghijklmnopq", &plain), 38, "a link inside a word is text");
    assert_eq!(used("@alice@mastodon.example merci", &plain), 12);
    assert_eq!(used("@alice merci", &plain), 12);
    assert_eq!(used(&format!("@alice@{}.com", "b".repeat(300)), &plain), 311, "no server has such a name");
    assert_eq!(used("moi@example.com", &plain), 15, "an address is text");
    assert_eq!(used("https://example.com/@alice@mastodon.example", &plain), 23);
    assert_eq!(used("suite", &Counting { spoiler: "attention", ..plain }), 14);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(
        text in r"([a-zé0-9.@#:/_()故。👨\u{1F3FD}\u{200D}\u{FE0F}\u{20E3} $?=-]|https?://|\.com|\PC){0,40}"
    ) {
        for network in NetworkId::ALL {
            let counted = count(&text, &Rules::of(*network).text, &Counting::default());
            proptest::prop_assert!(counted.used as usize <= text.len().max(23 * 40) * 4);
        }
        let facets = links::facets(&text);
        proptest::prop_assert!(facets.iter().all(|f| text.get(f.start..f.end).is_some_and(|part| !part.is_empty())));
        let urls = x::urls(&text, x::Tails::X);
        proptest::prop_assert!(urls.iter().all(|l| text.get(l.start..l.end).is_some()));
        proptest::prop_assert!(urls.is_sorted_by(|a, b| a.end <= b.start));
        let whole: String = emoji::pieces(&text).map(|(piece, _)| piece).collect();
        proptest::prop_assert_eq!(whole, text);
    }
}
