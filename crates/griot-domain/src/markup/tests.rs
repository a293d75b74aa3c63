use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

const PLACES: [Markup; 4] = [Markup::Bbcode, Markup::Whatsapp, Markup::Plain, Markup::Markdown];
const ALL: [Markup; 5] =
    [Markup::Bbcode, Markup::Whatsapp, Markup::Plain, Markup::Markdown, Markup::Telegram];

/// The text as the three places that differ want it.
fn check(text: &str, expected: Expect) {
    let told: String = [("bbcode", Markup::Bbcode), ("whatsapp", Markup::Whatsapp), ("plain", Markup::Plain)]
        .iter()
        .map(|(name, markup)| format!("{name}:\n{}\n", written(text, *markup)))
        .collect();
    expected.assert_eq(&told);
    assert_eq!(written(text, Markup::Markdown), text);
}

/// For each text what a forum, WhatsApp and a plain place get.
fn table(lines: &[(&str, &str, &str, &str)]) {
    for (text, bbcode, whatsapp, plain) in lines {
        assert_eq!(written(text, Markup::Bbcode), *bbcode, "bbcode of {text:?}");
        assert_eq!(written(text, Markup::Whatsapp), *whatsapp, "whatsapp of {text:?}");
        assert_eq!(written(text, Markup::Plain), *plain, "plain of {text:?}");
        assert_eq!(written(text, Markup::Markdown), *text);
    }
}

#[test]
fn words_are_bold_italic_underlined_struck_and_code() {
    table(&[
        ("a **b** c", "a [b]b[/b] c", "a *b* c", "a b c"),
        ("a *b* c", "a [b]b[/b] c", "a *b* c", "a b c"),
        ("a _b_ c", "a [i]b[/i] c", "a _b_ c", "a b c"),
        ("a __b__ c", "a [u]b[/u] c", "a *b* c", "a b c"),
        ("a ~~b~~ c", "a [s]b[/s] c", "a ~b~ c", "a b c"),
        ("a ~b~ c", "a [s]b[/s] c", "a ~b~ c", "a b c"),
        ("a `b*c*` d", "a [code]b*c*[/code] d", "a `b*c*` d", "a b*c* d"),
        ("***b***", "[i][b]b[/b][/i]", "_*b*_", "b"),
        ("**a *b* c**", "[b]a [i]b[/i] c[/b]", "*a _b_ c*", "a b c"),
        ("**a __b__**", "[b]a [u]b[/u][/b]", "*a b*", "a b"),
        ("**ߊ** _مرحبا_ ~~👍🏿~~", "[b]ߊ[/b] [i]مرحبا[/i] [s]👍🏿[/s]", "*ߊ* _مرحبا_ ~👍🏿~", "ߊ مرحبا 👍🏿"),
    ]);
}

#[test]
fn whatsapp_formats_at_the_borders_of_words_and_within_a_line() {
    table(&[
        ("这是**重要**的", "这是[b]重要[/b]的", "这是重要的", "这是重要的"),
        ("(**a**)", "([b]a[/b])", "(*a*)", "(a)"),
        ("**a\nb** c", "[b]a\nb[/b] c", "*a*\n*b* c", "a\nb c"),
        ("**a _b\nc_**", "[b]a [i]b\nc[/i][/b]", "*a _b_*\n*_c_*", "a b\nc"),
    ]);
}

#[test]
fn what_only_looks_like_a_mark_stays() {
    for text in [
        "5 * 3 * 2 = 30",
        "prix* et *délai",
        "mon_fichier_final.txt",
        "@_marie_ et #mot_a_mot_",
        "https://example.org/_a_/*b*/~c~",
        "https://fr.example/wiki/Mali_(pays)_b_",
        "~10 km, ~20 km",
        "-> là, => ici, >_<, <3",
        "[b]gras[/b] [url=x]y[/url]",
        "# Titre\n\n* * *",
        "<b>gras</b> & R & D",
        "    en retrait",
        "C:\\Users\\nom, 50 %, a\\b",
        "fin\\",
        "[mots](javascript:alert(1)) [a][b] [c](d) ![e](f.png)",
        "deux 2. quatre 4.",
    ] {
        for place in PLACES {
            assert_eq!(written(text, place), text, "{place:?}");
        }
    }
}

#[test]
fn what_markdown_alone_reads_gets_a_backslash_there_and_nowhere_else() {
    for (text, markdown) in [
        ("Titre\n=====\n\n---", "Titre\n\\=====\n\n---"),
        ("Samedi\n---", "Samedi\n\\---"),
        (">_< oui", "\\>_< oui"),
        ("+ un", "\\+ un"),
        ("2. deux\n4. quatre", "2\\. deux\n4\\. quatre"),
        ("typed &copy; R&D", "typed \\&copy; R&D"),
        ("le <nom> et <b>gras</b>", "le \\<nom> et <b>gras</b>"),
        ("Cher*e*s", "Cher\\*e\\*s"),
        ("re**com**mencer", "re\\*\\*com\\*\\*mencer"),
        ("&amp; &eacute;", "\\&amp; \\&eacute;"),
        (r"¯\_(ツ)_/¯", r"¯\\\_(ツ)\_/¯"),
        (r"D:\_photos", r"D:\\_photos"),
        ("prix* et délai", "prix* et délai"),
        ("```", "\\`\\`\\`"),
        ("``` ouvert\nsans fin", "\\`\\`\\` ouvert\nsans fin"),
        ("`a*b*` **oui** _non_", "`a*b*` **oui** _non_"),
    ] {
        if !text.contains("**oui**") {
            assert_eq!(written(text, Markup::Plain), text);
            assert_eq!(written(text, Markup::Bbcode), text);
        }
        assert_eq!(written(text, Markup::Markdown), markdown);
    }
}

#[test]
fn a_backslash_keeps_a_sign() {
    table(&[
        (r"\*a\* \_b\_", "*a* _b_", "*\u{200A}a* _\u{200A}b_", "*a* _b_"),
        (r"\[a](https://e.org)", "[a](https://e.org)", "[a](https://e.org)", "[a](https://e.org)"),
        ("\\- a\n\\> b", "- a\n> b", "\u{2060}- a\n\u{2060}> b", "- a\n> b"),
    ]);
}

#[test]
fn links_and_pictures_keep_their_address() {
    table(&[
        (
            "Voir [le **plan**](https://e.org/a_b) ici",
            "Voir [url=https://e.org/a_b]le [b]plan[/b][/url] ici",
            "Voir le *plan* https://e.org/a_b ici",
            "Voir le plan (https://e.org/a_b) ici",
        ),
        (
            "Voir [le plan](https://carte.example/a_b).",
            "Voir [url=https://carte.example/a_b]le plan[/url].",
            "Voir le plan https://carte.example/a_b.",
            "Voir le plan (https://carte.example/a_b).",
        ),
        ("**https://e.org/a**", "[b]https://e.org/a[/b]", "*https://e.org/a*", "https://e.org/a"),
        ("[https://e.org](https://e.org)", "https://e.org", "https://e.org", "https://e.org"),
        ("[](https://e.org)", "https://e.org", "https://e.org", "https://e.org"),
        ("<https://e.org>", "https://e.org", "https://e.org", "https://e.org"),
        (
            "![Une *place*](https://e.org/p.jpg)",
            "[img]https://e.org/p.jpg[/img]",
            "Une place https://e.org/p.jpg",
            "Une place (https://e.org/p.jpg)",
        ),
        (
            "![](https://e.org/p.jpg)",
            "[img]https://e.org/p.jpg[/img]",
            "https://e.org/p.jpg",
            "https://e.org/p.jpg",
        ),
        (
            "[![a](https://e.org/p.jpg)](https://e.org)",
            "[url=https://e.org][img]https://e.org/p.jpg[/img][/url]",
            "a https://e.org/p.jpg https://e.org",
            "a (https://e.org/p.jpg) (https://e.org)",
        ),
    ]);
}

#[test]
fn an_address_cannot_break_out_of_its_brackets() {
    table(&[
        (
            r#"[a](https://e.org/x]["y'z)"#,
            "[url=https://e.org/x%5D%5B%22y%27z]a[/url]",
            "a https://e.org/x%5D%5B%22y%27z",
            "a (https://e.org/x%5D%5B%22y%27z)",
        ),
        (
            "![a](<https://e.org/x[/img] [b]>)",
            "[img]https://e.org/x%5B/img%5D%20%5Bb%5D[/img]",
            "a https://e.org/x%5B/img%5D%20%5Bb%5D",
            "a (https://e.org/x%5B/img%5D%20%5Bb%5D)",
        ),
        (
            "[a](https://e.org/&#10;&quot;)",
            "[url=https://e.org/%22]a[/url]",
            "a https://e.org/%22",
            "a (https://e.org/%22)",
        ),
        ("`[/code]`", "`[/code]`", "`[/code]`", "[/code]"),
    ]);
}

#[test]
fn quotes_lists_and_code_are_blocks_of_lines() {
    check(
        "Programme :\n- **Lundi** : Nioro\n- Mardi\n  à 9 h\n  - le matin\n  - le soir\n- Mercredi\nVenez !\n\n1. un\n\n2. deux\n\n> Il a dit\n>\n> **oui**\nEt voilà.\n```\na *b*\n```\nfin",
        expect![[r#"
            bbcode:
            Programme :
            [list]
            [*][b]Lundi[/b] : Nioro
            [*]Mardi
              à 9 h
            [list]
            [*]le matin
            [*]le soir
            [/list]
            [*]Mercredi
            [/list]
            Venez !

            [list=1]
            [*]un

            [*]deux
            [/list]

            [quote]Il a dit

            [b]oui[/b][/quote]
            Et voilà.
            [code]a *b*[/code]
            fin
            whatsapp:
            Programme :
            - *Lundi* : Nioro
            - Mardi
              à 9 h
              - le matin
              - le soir
            - Mercredi
            Venez !

            1. un

            2. deux

            > Il a dit
            >
            > *oui*
            Et voilà.
            ```
            a *b*
            ```
            fin
            plain:
            Programme :
            - Lundi : Nioro
            - Mardi
              à 9 h
              - le matin
              - le soir
            - Mercredi
            Venez !

            1. un

            2. deux

            > Il a dit
            >
            > oui
            Et voilà.
            a *b*
            fin
        "#]],
    );
}

#[test]
fn blocks_end_where_the_text_ends() {
    table(&[
        ("- a\n- b", "[list]\n[*]a\n[*]b\n[/list]", "- a\n- b", "- a\n- b"),
        ("- a\n  - b", "[list]\n[*]a\n[list]\n[*]b\n[/list]\n[/list]", "- a\n  - b", "- a\n  - b"),
        ("1. a\n- b", "[list=1]\n[*]a\n[/list]\n[list]\n[*]b\n[/list]", "1. a\n- b", "1. a\n- b"),
        ("> a", "[quote]a[/quote]", "> a", "> a"),
        ("> > a\n> b", "[quote][quote]a[/quote]\nb[/quote]", "> > a\n> b", "> > a\n> b"),
        ("> - a\r\n", "[quote][list]\n[*]a\n[/list][/quote]\r\n", "> - a\r\n", "> - a\r\n"),
    ]);
}

#[test]
fn a_text_in_whatsapps_own_marks_stays_as_it_is_there() {
    let text = "*Samedi* _20 h_ ~19 h~ `code`\n> cité\n- un\n* deux\n1. trois\n```bloc```";
    assert_eq!(written(text, Markup::Whatsapp), text);
}

#[test]
fn thousands_of_marks_take_no_time_to_speak_of() {
    for piece in [
        "> ",
        "- a\n",
        "```a\n",
        "**",
        "*a ",
        "[",
        "![",
        "_a\n",
        "`",
        "https://e.org/_a_ ",
        "  - a\n",
        "*_",
        "\\*a ",
        "a*) ",
        "&a;",
        "\\[",
    ] {
        let text = piece.repeat(60_000 / piece.len());
        let begun = std::time::Instant::now();
        for place in ALL {
            let _ = written(&text, place);
        }
        assert!(begun.elapsed().as_secs() < 10, "{piece:?}: {:?}", begun.elapsed());
    }
}

/// Letters of several scripts, emoji and line breaks; nothing that is a mark.
fn unmarked() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[\\PC&&[^*_~`\\[\\]<>\\\\\\-0-9]]{0,6}",
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\t".to_owned()),
        Just("ߒߞߏ ߛߓߍ".to_owned()),
        Just("مرحبا بكم".to_owned()),
        Just("👩🏿‍🌾🇲🇱".to_owned()),
        Just("https://example.org/a_b-c?d=*e*".to_owned()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Whatever people and accidents put together.
fn anything() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,4}",
        "[a-zé ]{1,4}",
        prop::sample::select(vec![
            "*",
            "**",
            "***",
            "_",
            "__",
            "~",
            "~~",
            "`",
            "```",
            "\n",
            "\r\n",
            "> ",
            ">",
            "- ",
            "  - ",
            "1. ",
            "2. ",
            "[",
            "](",
            ")",
            "![",
            "https://e.org",
            "<",
            "\\",
            "[b]",
            "\u{0}",
            "ߊ",
            "🇲🇱",
            "    ",
            "&#10;",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_bears_no_mark_comes_out_identical(text in unmarked()) {
        for place in PLACES {
            // What Markdown takes for the name of a sign, a list or a title there gets a backslash.
            if place == Markup::Markdown && text.contains(['&', '+', '=', '#']) {
                continue;
            }
            prop_assert_eq!(&written(&text, place), &text);
        }
    }

    #[test]
    fn no_text_makes_it_stumble_and_no_letter_is_lost(text in anything()) {
        let letters = |text: &str| text.chars().filter(|c| matches!(c, 'é' | 'ߊ' | '🇲')).count();
        for place in ALL {
            prop_assert_eq!(letters(&written(&text, place)), letters(&text));
        }
    }

    #[test]
    fn lines_stay_lines_where_marks_only_vanish(words in prop::collection::vec("[*_~a-zߊ-ߥ ]{0,8}", 1..9)) {
        let text = words.join("\n");
        for place in [Markup::Plain, Markup::Whatsapp] {
            prop_assert_eq!(written(&text, place).matches('\n').count(), text.matches('\n').count());
        }
    }

    #[test]
    fn marked_words_of_any_script_come_through(word in "[a-zé]{1,5}|[ߊ-ߥ]{1,5}|[ا-ي]{1,5}|👩🏿‍🌾") {
        prop_assert_eq!(written(&format!("**{word}** _{word}_"), Markup::Bbcode), format!("[b]{word}[/b] [i]{word}[/i]"));
        prop_assert_eq!(written(&format!("**{word}** ~~{word}~~"), Markup::Whatsapp), format!("*{word}* ~{word}~"));
    }
}
