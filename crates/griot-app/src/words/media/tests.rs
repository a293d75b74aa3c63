//! Every refusal is a sentence in either language, and no decoder speaks in it.

use std::collections::BTreeSet;

use griot_domain::Lang;
use griot_domain::asset::Format;
use griot_media::Excess;

use super::*;
use crate::failure::Failure;

const FOREIGN: &str = "The encoder or decoder for Tiff does not support the color type `Unknown(24)`";

fn unsupported() -> Vec<Unsupported> {
    use Unsupported as U;
    vec![
        U::PictureForFilm,
        U::FilmForPicture,
        U::StillForAnimation,
        U::Animation(Format::Avif),
        U::Raw,
        U::TiffCompression(6),
        U::TiffSamples { kind: 10, bits: 8 },
        U::JpegDepth(12),
        U::ArithmeticJpeg,
        U::LosslessJpeg,
        U::HierarchicalJpeg,
        U::NotAv1("hvc1".to_owned()),
        U::Matrix(11),
        U::DrawingText,
        U::Encrypted,
        U::VideoCodec("vvc".to_owned()),
        U::VideoColours,
        U::SoundOnly,
        U::SeveralFilms,
        U::DataElsewhere,
        U::QuickTime,
        U::Fragments,
        U::Cut,
        U::Side { format: Format::Webp, most: 16_383 },
        U::Decoder(FOREIGN.to_owned()),
    ]
}

fn over_limit() -> Vec<OverLimit> {
    use OverLimit as O;
    let drawings = [
        Excess::Text(16 << 20),
        Excess::Entities,
        Excess::Unpacked,
        Excess::Repeats,
        Excess::Nests,
        Excess::Large,
    ];
    let mut all = vec![
        O::File { bytes: 300 << 20, most: 256 << 20 },
        O::Pixels { width: 60_000, height: 60_000, most: 120_000_000 },
        O::Memory { bytes: 700 << 20, most: 512 << 20 },
        O::Patience,
        O::Scans(200),
        O::Frames(1000),
        O::MovingPixels(1_000_000_000),
        O::Duration { ms: 5 * 3_600_000, most: 4 * 3_600_000 },
        O::Index { bytes: 65 << 20, most: 64 << 20 },
        O::Packets,
        O::Subtitles(2 << 20),
        O::PictureBytes(976_560),
        O::AnimationBytes(8_000_000),
        O::FilmBytes(50_000_000),
        O::FilmLength { bytes: 1_000_000, ms: 300_000 },
        O::Part { from: 5000, to: 3000, length: 4000 },
        O::Strip { count: 0, height: 80 },
        O::Decoder(FOREIGN.to_owned()),
    ];
    all.extend(drawings.map(O::Drawing));
    all
}

fn all() -> Vec<Error> {
    let mut all: Vec<Error> = unsupported().into_iter().map(Error::Unsupported).collect();
    all.extend(over_limit().into_iter().map(Error::OverLimit));
    all.extend([Lack::Encoder, Lack::Subtitles, Lack::Transparency].map(Error::FfmpegLacks));
    all
}

/// Errors that carry what somebody else said.
fn foreign() -> Vec<Error> {
    let said = || FOREIGN.to_owned();
    vec![
        Error::Unsupported(Unsupported::Decoder(said())),
        Error::Unsupported(Unsupported::NotAv1(said())),
        Error::OverLimit(OverLimit::Decoder(said())),
        Error::Damaged(said()),
        Error::NotMedia { found: FOREIGN },
        Error::Recipe(FOREIGN),
        Error::Ffmpeg { missing: said() },
        Error::FfmpegFailed(said()),
        Error::Bug(said()),
    ]
}

#[test]
fn no_decoder_speaks_in_a_sentence() {
    for error in foreign() {
        let words = words(&error);
        for text in [&words.message.0, &words.message.1, words.hint.0, words.hint.1] {
            let spoken = ["Tiff", "Unknown(24)", "color type"].iter().find(|part| text.contains(**part));
            assert!(spoken.is_none(), "{error:?}: {text}");
        }
    }
}

#[test]
fn what_a_decoder_said_is_kept_for_those_who_want_to_know() {
    for error in [
        Error::Unsupported(Unsupported::Decoder(FOREIGN.to_owned())),
        Error::OverLimit(OverLimit::Decoder(FOREIGN.to_owned())),
    ] {
        assert!(error.to_string().contains(FOREIGN), "{error}");
        let said = crate::words::say(Failure::Media(error), Lang::Fr);
        assert_eq!(said.detail["said"], FOREIGN);
        assert!(!said.message.contains("color") && !said.hint.contains("color"), "{said:?}");
    }
    let own = crate::words::say(Failure::Media(Error::Unsupported(Unsupported::SoundOnly)), Lang::Fr);
    assert_eq!(own.detail, Value::Null);
}

#[test]
fn each_reason_has_a_sentence_of_its_own_in_each_language() {
    let (mut french, mut english) = (BTreeSet::new(), BTreeSet::new());
    for error in all() {
        let Words { message: (fr, en), hint, .. } = words(&error);
        assert_ne!(fr, en, "{error:?}");
        for sentence in [&fr, hint.0] {
            let loose =
                [" :", " ;", " !", " ?", "« ", " »", "'", "!"].iter().find(|sign| sentence.contains(**sign));
            assert!(loose.is_none(), "not set in French type: {sentence}");
            let foreign = [" the ", " with ", " of ", " is "].iter().find(|word| sentence.contains(**word));
            assert!(foreign.is_none(), "{error:?}: {sentence}");
        }
        for sentence in [&fr, &en, hint.0, hint.1] {
            assert!(sentence.is_empty() || sentence.ends_with('.'), "{error:?}: {sentence}");
        }
        assert!(!fr.contains(&error.to_string()), "the log's words in a sentence: {fr}");
        assert!(french.insert(fr), "said twice: {error:?}");
        assert!(english.insert(en), "said twice: {error:?}");
    }
}

#[test]
fn hints_name_every_format_that_is_taken() {
    for (fr, en) in [formats::TAKEN, formats::SAVE_AGAIN] {
        for name in Format::ALL.map(formats::name).into_iter().chain(["M4V"]) {
            assert!(fr.contains(name) && en.contains(name), "{name}");
        }
    }
    let other = words(&Error::NotMedia { found: "text" });
    assert_eq!(other.hint, formats::TAKEN);
}

#[test]
fn some_sentences_in_full() {
    let message = |error: Error| words(&error).message;
    assert_eq!(
        message(Error::OverLimit(OverLimit::Pixels { width: 60_000, height: 60_000, most: 120_000_000 })),
        (
            "Ce fichier dépasse ce que Griot ouvre sans risque\u{a0}: 60\u{a0}000\u{a0}×\u{a0}60\u{a0}000 pixels font 3\u{a0}600\u{a0}mégapixels, pour 120 au plus.".to_owned(),
            "This file is over what Griot opens safely: 60,000\u{a0}×\u{a0}60,000 pixels are 3,600\u{a0}megapixels, 120 at most.".to_owned(),
        )
    );
    assert_eq!(
        message(Error::Unsupported(Unsupported::Decoder(FOREIGN.to_owned()))),
        (
            "Griot ne sait pas lire la façon dont ce fichier est codé.".to_owned(),
            "Griot cannot read the way in which this file is coded.".to_owned(),
        )
    );
    assert_eq!(
        message(Error::OverLimit(OverLimit::FilmLength { bytes: 1_000_000, ms: 300_000 })).0,
        "Une vidéo de 5\u{a0}min ne tient pas dans 1\u{a0}Mo à une qualité acceptable."
    );
    assert_eq!(
        message(Error::FfmpegLacks(Lack::Subtitles)).0,
        "Le ffmpeg de cet ordinateur ne suffit pas pour cette vidéo\u{a0}: il lui manque libass, qui incruste les sous-titres."
    );
}

/// The first cells of the table under a heading of the document.
fn rows(heading: &str) -> Vec<&'static str> {
    const FORMATS: &str = include_str!("../../../../../docs/formats.md");
    let part = FORMATS.split("\n## ").find(|part| part.starts_with(heading)).unwrap_or_default();
    let cells = part.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    cells.filter(|cell| *cell != "format").collect()
}

#[test]
fn the_table_of_formats_names_each_picture_that_is_taken_and_no_other() {
    let pictures = rows("Pictures");
    for format in Format::ALL.into_iter().filter(|f| f.kind() == griot_domain::MediaKind::Image) {
        assert!(pictures.contains(&formats::name(format)), "{} is not in the table", formats::name(format));
    }
    let known = Format::ALL.map(formats::name);
    let all = pictures.iter().all(|name| *name == "RAW" || known.contains(name));
    assert!(all, "{pictures:?}");
}
