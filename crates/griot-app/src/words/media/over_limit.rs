//! What is too much: of a file, or for what was to be made of it.

use griot_domain::Lang::{self, En, Fr};
use griot_media::{Excess, OverLimit};

use super::amounts::{number, over, size, time};
use super::{Words, said};
use crate::Code;

const MIB: u64 = 1 << 20;
const SMALLER: (&str, &str) = (
    "Réduisez-le dans un autre logiciel, puis importez-le.",
    "Make it smaller in another program, then import it.",
);
const PICTURE_SMALLER: (&str, &str) = ("Réduisez-la dans un autre logiciel, puis importez-la.", SMALLER.1);
const SHORTER: (&str, &str) = (
    "N\u{2019}en gardez qu\u{2019}un extrait, puis recommencez.",
    "Keep only a part of it, then do it again.",
);

pub(super) fn words(what: &OverLimit) -> Words {
    use OverLimit as O;
    match what {
        O::File { bytes, most } => file(&mib(*bytes, *most, Fr), &mib(*bytes, *most, En)),
        O::Pixels { width, height, most } => pixels(*width, *height, *most),
        O::Memory { bytes, most } => file(
            &format!("l\u{2019}ouvrir demande {}", over(*bytes, *most, MIB, "Mio de mémoire", Fr)),
            &format!("opening it takes {}", over(*bytes, *most, MIB, "MiB of memory", En)),
        ),
        O::Patience => {
            file("l\u{2019}image est trop longue à décoder", "the picture takes too long to decode")
        }
        O::Scans(most) => {
            file(&format!("un JPEG de plus de {most} passes"), &format!("a JPEG with more than {most} scans"))
        }
        O::Frames(most) => file(
            &format!("l\u{2019}animation a plus de {} images", number(*most, Fr)),
            &format!("the animation has more than {} frames", number(*most, En)),
        ),
        O::MovingPixels(most) => file(
            &format!("les images de l\u{2019}animation dépassent ensemble {}", mega(*most, Fr)),
            &format!("the frames of the animation are over {} together", mega(*most, En)),
        ),
        O::Duration { ms, most } => file(
            &format!("la vidéo dure {}, pour {} au plus", time(*ms), time(*most)),
            &format!("the film lasts {}, {} at most", time(*ms), time(*most)),
        ),
        O::Index { bytes, most } => file(
            &format!("l\u{2019}index de la vidéo fait {}", mib(*bytes, *most, Fr)),
            &format!("the index of the film has {}", mib(*bytes, *most, En)),
        ),
        O::Packets => file("la vidéo est en trop de morceaux", "the film is in too many pieces"),
        O::Drawing(excess) => drawing(*excess),
        O::Subtitles(most) => file(
            &format!("des sous-titres de plus de {}\u{a0}Mio", most >> 20),
            &format!("subtitles of more than {}\u{a0}MiB", most >> 20),
        ),
        O::PictureBytes(most) => no_room("Cette image", "This picture", *most, PICTURE_SMALLER),
        O::AnimationBytes(most) => no_room("Cette animation", "This animation", *most, PICTURE_SMALLER),
        O::FilmBytes(most) => no_room("Cette vidéo", "This film", *most, SHORTER),
        O::FilmLength { bytes, ms } => film_length(time(*ms), *bytes),
        O::Part { from, to, length } => part(&time(*from), &time(*to), &time(*length)),
        O::Strip { count, height } => strip(*count, *height),
        O::Decoder(said) => decoder(said),
    }
}

/// More than is opened.
fn file(fr: &str, en: &str) -> Words {
    said(
        Code::MediaTooLarge,
        &format!("Ce fichier dépasse ce que Griot ouvre sans risque\u{a0}: {fr}."),
        &format!("This file is over what Griot opens safely: {en}."),
        SMALLER,
    )
}

fn mib(bytes: u64, most: u64, lang: Lang) -> String {
    over(bytes, most, MIB, lang.pick("Mio", "MiB"), lang)
}

fn mega(pixels: u64, lang: Lang) -> String {
    format!("{}\u{a0}{}", number(pixels / 1_000_000, lang), lang.pick("mégapixels", "megapixels"))
}

fn pixels(width: u64, height: u64, most: u64) -> Words {
    let sentence = |lang: Lang, name: &str, are: &str| {
        let (across, down) = (number(width, lang), number(height, lang));
        let all = over(width.saturating_mul(height), most, 1_000_000, name, lang);
        format!("{across}\u{a0}×\u{a0}{down} pixels {are} {all}")
    };
    file(&sentence(Fr, "mégapixels", "font"), &sentence(En, "megapixels", "are"))
}

fn drawing(excess: Excess) -> Words {
    match excess {
        Excess::Text(most) => file(
            &format!("un dessin de plus de {}\u{a0}Mio de texte", most >> 20),
            &format!("a drawing of more than {}\u{a0}MiB of text", most >> 20),
        ),
        Excess::Entities => file(
            "un dessin dont les entités sont faites d\u{2019}autres entités",
            "a drawing whose entities are made of others",
        ),
        Excess::Unpacked => {
            file("un dessin qui se déplie en trop de texte", "a drawing that unpacks to too much text")
        }
        Excess::Repeats => {
            file("un dessin qui répète trop ses parties", "a drawing that repeats its parts too often")
        }
        Excess::Nests => file(
            "un dessin dont les parties s\u{2019}emboîtent trop profondément",
            "a drawing that nests its parts too deeply",
        ),
        Excess::Large => file("un dessin trop grand", "a drawing that is too large"),
    }
}

/// What does not get as small as it must.
fn no_room(fr: &str, en: &str, most: u64, hint: (&'static str, &'static str)) -> Words {
    said(
        Code::MediaTooLarge,
        &format!("{fr} ne tient pas dans {} à une qualité acceptable.", size(most, Fr)),
        &format!("{en} does not fit into {} at an acceptable quality.", size(most, En)),
        hint,
    )
}

fn film_length(long: String, most: u64) -> Words {
    no_room(&format!("Une vidéo de {long}"), &format!("A film of {long}"), most, SHORTER)
}

fn part(from: &str, to: &str, length: &str) -> Words {
    said(
        Code::MediaTooLarge,
        &format!("L\u{2019}extrait de {from} à {to} ne contient rien\u{a0}: la vidéo dure {length}."),
        &format!("The part from {from} to {to} holds nothing: the film lasts {length}."),
        ("Déplacez le début ou la fin de l\u{2019}extrait.", "Move the start or the end of the part."),
    )
}

fn strip(count: u32, height: u32) -> Words {
    said(
        Code::MediaTooLarge,
        &format!("Griot ne fait pas de bande de {count} images de {height} pixels de haut."),
        &format!("Griot does not make a strip of {count} frames, {height} pixels high."),
        ("", ""),
    )
}

/// What a decoder of others says is for the log.
fn decoder(why: &str) -> Words {
    tracing::info!(why, "too much for a decoder");
    said(
        Code::MediaTooLarge,
        "Ce fichier dépasse ce que Griot ouvre sans risque.",
        "This file is over what Griot opens safely.",
        SMALLER,
    )
}
