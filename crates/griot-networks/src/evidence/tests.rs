//! What servers do to texts, row by row, and what they do not do.

use super::*;

/// Rows of a text, what a server made of it, and what follows.
fn check(rows: &[(&str, &str, Likeness)], judge: impl Fn(&str, &str) -> Likeness) {
    for (wrote, shown, expected) in rows {
        assert_eq!(judge(wrote, shown), *expected, "wrote {wrote:?}\nshown {shown:?}");
    }
}

#[test]
fn what_a_server_shows_as_it_was_written_is_the_same() {
    let rows = [
        ("", "<p></p>"),
        ("Deux lignes\net plus\n\nEncore", "<p>Deux lignes<br />et plus</p><p>Encore</p>"),
        ("a < b & c > \"d\"", "<p>a &lt; b &amp; c &gt; &quot;d&quot;</p>"),
        ("l'été", "<p>l&#39;e\u{301}te\u{301}</p>"),
        ("tout va&bien; et &nothing", "<p>tout va&amp;bien; et &nothing</p>"),
        (
            "Lire https://www.example.com/a/very/long/path ici",
            "<p>Lire <a href=\"https://www.example.com/a/very/long/path\" rel=\"nofollow\"><span class=\"invisible\">https://www.</span><span class=\"ellipsis\">example.com/a/very</span><span class=\"invisible\">/long/path</span></a> ici</p>",
        ),
        (
            "Bravo @awa@mastodon.example, @moussa!",
            "<p>Bravo <span class=\"h-card\"><a href=\"https://mastodon.example/@awa\">@<span>awa</span></a></span>, <a>@<span>moussa</span></a>!</p>",
        ),
        ("Merci @awa@mastodon.example.", "<p>Merci <a>@awa</a>.</p>"),
        ("écrire à awa@example.com", "<p>écrire à awa@example.com</p>"),
        ("#Bamako", "<p><a href=\"/tags/bamako\">#<span>Bamako</span></a></p>"),
        ("fin", "<p>fin</p"),
        ("zero\u{200b}width", "<p>zerowidth</p>"),
    ];
    check(&rows.map(|(wrote, shown)| (wrote, shown, Likeness::Same)), rendering);
}

#[test]
fn what_a_renderer_may_have_changed_cannot_be_told() {
    let rows = [
        ("¯\\_(ツ)_/¯", "<p>¯_(ツ)_/¯</p>"),
        ("C:\\_new\\*.txt", "<p>C:_new*.txt</p>"),
        ("a\\_b \\*c", "<p>a_b *c</p>"),
        ("typed &amp; &copy; here", "<p>typed & © here</p>"),
        ("&#65;wa et &eacute;t&eacute;", "<p>Awa et été</p>"),
        ("\u{3b1} et œuvre", "<p>&alpha; et &oelig;uvre</p>"),
        ("_underlined_ and **bold**", "<p><em>underlined</em> and <strong>bold</strong></p>"),
        ("2*3*4 = 24", "<p>2<em>3</em>4 = 24</p>"),
        ("<b>bold</b> tag", "<p><b>bold</b> tag</p>"),
        ("<b>bold</b> tag", "<p>tag</p>"),
        ("I <3 you", "<p>I</p>"),
        ("I <3 you", "<p>I  you</p>"),
        ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("> 1. one\n> 2. two", "<blockquote><ol><li>one</li><li>two</li></ol></blockquote>"),
        (
            "[here](https://example.org \"a title\") now",
            "<p><a href=\"https://example.org\">here</a> now</p>",
        ),
        ("![a photo](https://example.org/a.png) now", "<p><img src=\"https://example.org/a.png\"> now</p>"),
        ("read [it][x]\n\n[x]: https://example.org\n", "<p>read <a href=\"https://example.org\">it</a></p>"),
        ("a note[^n]\n\n[^n]: the note", "<p>a note<sup><a href=\"#n\">1</a></sup></p>"),
        ("<https://example.org/x>", "<p><a href=\"https://example.org/x\">https://example.org/x</a></p>"),
        (
            "see https://example.org/a/long/path?x=1",
            "<p>see <a href=\"https://t.example/7\">t.example/7</a></p>",
        ),
        ("see example.org/a now", "<p>see <a href=\"https://example.org/a\">A page</a> now</p>"),
        ("emoji :smile: here", "<p>emoji <img alt=\":smile:\" src=\"/smile.png\"> here</p>"),
        (
            "emoji 1\u{fe0f}\u{20e3} \u{2139}\u{fe0f}",
            "<p>emoji <img src=\"/1.png\"> <img src=\"/i.png\"></p>",
        ),
        ("@awa hello", "<p><a href=\"/@awa\">Awa Traoré</a> hello</p>"),
        ("It's \"quoted\" -- and... so", "<p>It’s “quoted” – and… so</p>"),
        ("9x9 (c) 2026", "<p>9×9 © 2026</p>"),
        ("hello :-D", "<p>hello 😃</p>"),
        ("```rust\nlet a = 1;\n```", "<pre><code class=\"language-rust\">let a = 1;</code></pre>"),
        ("[b]fort[/b] et [i]fin[/i]", "<p><b>fort</b> et <i>fin</i></p>"),
        (
            "| a | b |\n|---|---|\n| c | d | lost |",
            "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>",
        ),
        ("ﬁn ①", "<p>fin 1</p>"),
        ("a rule\n\n---\n\nbelow", "<p>a rule</p><hr><p>below</p>"),
    ];
    for (wrote, shown) in rows {
        assert_ne!(rendering(wrote, shown), Likeness::Different, "wrote {wrote:?}\nshown {shown:?}");
    }
}

#[test]
fn other_texts_are_told_apart() {
    let rows = [
        ("Partie 1/2", "<p>Partie 2/2</p>"),
        ("oui", "<p>non</p>"),
        ("oui", "<p>oui, et plus encore</p>"),
        ("oui, et plus encore", "<p>oui</p>"),
        ("_oui_ ou [non](https://a.example)", "<p>peut-être</p>"),
        ("Le marché ouvre à 9 h", "<p>Le marché ouvre à 10 h</p>"),
        ("ߒߞߏ", "<p>العربية</p>"),
        ("@awa@a.example oui", "<p>@moussa non</p>"),
        ("1. un", "<p>deux</p>"),
        ("", "<p>oui</p>"),
        ("see https://example.org/a now", "<p>see something else now</p>"),
    ];
    check(&rows.map(|(wrote, shown)| (wrote, shown, Likeness::Different)), rendering);
}

#[test]
fn a_source_is_the_same_but_for_blanks_and_what_its_server_keeps_it_in() {
    use Likeness::{CannotTell, Different, Same};
    let rows = [
        ("¯\\_(ツ)_/¯", "¯\\_(ツ)_/¯", Same),
        ("typed &amp; &copy; here", "typed &amp; &copy; here", Same),
        ("very\r\nwindows  and\tblanks ", "very\nwindows and blanks", Same),
        ("é", "e\u{301}", Same),
        ("I <3 you", "I <3 you", Same),
        ("I <3 you", "I &lt;3 you", CannotTell),
        ("_x_", "x", CannotTell),
        ("salut 🙂", "salut &#x1f642;", CannotTell),
        ("emoji :smile:", "emoji 😄", CannotTell),
        ("lire https://a.example/1", "lire https://a.example/2", Different),
        ("[a](https://a.example)", "a", Different),
        ("1. un", "un", Different),
        ("oui", "non", Different),
    ];
    check(&rows, source);
}

#[test]
fn one_that_may_be_ours_is_never_passed_over_as_none() {
    use Likeness::{CannotTell, Different, Same};
    let verdict = |all: &[Likeness]| pick(all.iter().copied().enumerate());
    assert_eq!(verdict(&[]), Found::None);
    assert_eq!(verdict(&[Different, Different]), Found::None);
    assert_eq!(verdict(&[Different, Same, CannotTell]), Found::One(1));
    assert!(matches!(verdict(&[Different, CannotTell]), Found::CannotTell(_)));
    assert!(matches!(verdict(&[Same, Same]), Found::CannotTell(_)));
}
