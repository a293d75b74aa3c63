use super::*;

fn check(text: &str, expected: &[(&str, &str)]) {
    let found = facets(text);
    let got: Vec<(&str, String)> = found
        .iter()
        .map(|facet| {
            let kind = match &facet.kind {
                Kind::Link(uri) => format!("link {uri}"),
                Kind::Mention(handle) => format!("mention {handle}"),
                Kind::Tag(tag) => format!("tag {tag}"),
            };
            (&text[facet.start..facet.end], kind)
        })
        .collect();
    let got: Vec<(&str, &str)> = got.iter().map(|(part, kind)| (*part, kind.as_str())).collect();
    assert_eq!(got, expected, "{text}");
}

#[test]
fn links_lose_the_punctuation_of_their_sentence() {
    check("voir https://foo.com.", &[("https://foo.com", "link https://foo.com")]);
    check("(https://foo.com/a)", &[("https://foo.com/a", "link https://foo.com/a")]);
    check(
        "https://fr.wikipedia.org/wiki/Griot_(conteur)",
        &[(
            "https://fr.wikipedia.org/wiki/Griot_(conteur)",
            "link https://fr.wikipedia.org/wiki/Griot_(conteur)",
        )],
    );
    check("foo.com/a?b=c, puis", &[("foo.com/a?b=c", "link https://foo.com/a?b=c")]);
    check("HTTPS://Foo.com", &[("HTTPS://Foo.com", "link HTTPS://Foo.com")]);
    check("photo.jpg e.g. 3.5 a..com", &[]);
}

#[test]
fn links_are_what_people_mean_by_them() {
    let pays = "https://fr.wikipedia.org/wiki/Mali_(pays)";
    let link = format!("link {pays}");
    for text in [
        format!("({pays})"),
        format!("« {pays} »"),
        format!("«{pays}»."),
        format!("[{pays}],"),
        format!("{pays}…"),
    ] {
        check(&text, &[(pays, link.as_str())]);
    }
    for text in [
        "griot.org's page",
        "griot.org’s",
        "l’adresse griot.org…",
        "(griot.org)",
        "“griot.org”",
        "«griot.org»",
        "griot.org!?",
    ] {
        check(text, &[("griot.org", "link https://griot.org")]);
    }
    check("https://griot.org's", &[("https://griot.org", "link https://griot.org")]);
    check("voir https://griot.org/page...", &[("https://griot.org/page", "link https://griot.org/page")]);
    check("www.sans-papiers.org", &[("www.sans-papiers.org", "link https://www.sans-papiers.org")]);
    check("20minutes.fr, 3.5.fr", &[("20minutes.fr", "link https://20minutes.fr")]);
    check(
        "https://e.org/a(b)c) https://e.org/x?y=(1",
        &[
            ("https://e.org/a(b)c", "link https://e.org/a(b)c"),
            ("https://e.org/x?y=(1", "link https://e.org/x?y=(1"),
        ],
    );
    check("https:// https://... http://«", &[]);
}

#[test]
fn mentions_stand_between_quotation_marks_and_after_them() {
    let mention = &[("@alice.test", "mention alice.test")];
    for text in [
        "«@alice.test»",
        "«\u{202F}@alice.test\u{202F}»",
        "« oui »@alice.test",
        "“@alice.test”",
        "[@alice.test]",
        "—@alice.test,",
        "l’@alice.test",
    ] {
        check(text, mention);
    }
    check("moi@alice.test x/@alice.test", &[]);
}

#[test]
fn mentions_need_a_host_name() {
    check("merci @alice.bsky.social.", &[("@alice.bsky.social", "mention alice.bsky.social")]);
    check("(@alice.test)", &[("@alice.test", "mention alice.test")]);
    check("moi@alice.com @alice", &[]);
}

#[test]
fn tags_are_words_in_every_script() {
    check("#élection #ߒߞߏ! #1 #1a", &[("#élection", "tag élection"), ("#ߒߞߏ", "tag ߒߞߏ"), ("#1a", "tag 1a")]);
    check("#👍 a#b #... ＃tag", &[("#👍", "tag 👍"), ("＃tag", "tag tag")]);
    check(&format!("#{}", "a".repeat(65)), &[]);
    check("#\u{FE0F}\u{20E3} touche", &[]);
}

#[test]
fn symbols_of_shares_are_tags() {
    check("$goog, $TOOLONG $5", &[("$goog", "tag $GOOG")]);
}

#[test]
fn offsets_are_bytes_of_utf8() {
    let found = facets("été @alice.test");
    assert_eq!((found[0].start, found[0].end), (6, 17));
}
