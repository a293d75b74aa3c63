//! What the posts of the trial say: words that servers, each in its own way, make something else of.

use fastrand::Rng;

/// Each holds what at least one server shows otherwise than it was written: marks, entities, links, blanks, quotes, line
/// breaks, codes of pictures, signs in two pieces.
const WORDS: &[&str] = &[
    "Réunion publique à 9 h, entrée libre 🙂",
    r"On ne sait pas ¯\_(ツ)_/¯ qui vient",
    r"Le fichier C:\_new\*.txt, le dossier D:\_photos",
    "Écrit &amp; &copy; tel quel, a < b & c > d",
    "*Ici* et _là_, 2*3*4 = 24, snake_case_name, `code`, ~~non~~",
    "- un\n- deux\n\n---\n\n> cité\n# Titre",
    "1. d'abord\n2. ensuite <b>gras</b> [ici](https://example.org/x)",
    "Voir https://www.example.org/a/rather/long/path/to/see?x=1&y=2 (ou example.org)",
    "« Guillemets », \"droits\" et 'simples' -- puis... voilà",
    "Avec @awa, #Étiquette et #mot-clé",
    "ߒߞߏ et العربية, l'e\u{301}te\u{301} à Se\u{301}gou",
    "Deux  blancs, une\u{a0}: fine\u{202f}; tabu\tlation",
    "Une ligne\r\nde Windows\u{2028}et une autre ",
    ":smile: I <3 you ☀️ 👩🏾‍🌾 de tous",
];

/// What stands before a text as a warning. It is plain wherever there is such.
const WARNINGS: &[&str] = &["I <3 you", "a < b", "Attention", "\"cité\" & co <b>", "C:\\_new :smile:"];

/// The words of a text, one or two kinds of them, with `tag` behind, which stands in no other text.
pub(super) fn text(tag: &str, rng: &mut Rng) -> String {
    let mut words = vec![rng.choice(WORDS).copied().unwrap_or_default()];
    if rng.u8(..3) == 0 {
        words.extend(rng.choice(WORDS).copied());
    }
    format!("{} {tag}", words.join("\n"))
}

/// A warning, for one in three.
pub(super) fn warning(rng: &mut Rng) -> Option<&'static str> {
    rng.choice(WARNINGS).copied().filter(|_| rng.u8(..3) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_fits_every_network_and_ends_with_its_tag() {
        let mut rng = Rng::with_seed(7);
        for _ in 0..500 {
            let text = text("ronde299xffffffff", &mut rng);
            assert!(text.ends_with(" ronde299xffffffff"), "{text}");
            assert!((20..200).contains(&text.chars().count()), "{text}");
        }
    }
}
