//! Files and wishes of a kind that Griot does not take.

use griot_domain::Lang;
use griot_media::Unsupported;

use super::amounts::number;
use super::formats::{SAVE_AGAIN, TAKEN, name};
use super::{Words, said};
use crate::Code;

const PICTURE: (&str, &str) = ("une image", "a picture");
const STILL: (&str, &str) = ("une image qui ne bouge pas", "a picture that does not move");
const MOVING: (&str, &str) = ("une animation", "an animation");
const FILM: (&str, &str) = ("une vidéo", "a film");

pub(super) fn words(why: &Unsupported) -> Words {
    use Unsupported as U;
    match why {
        U::PictureForFilm => instead(FILM, PICTURE),
        U::FilmForPicture => instead(PICTURE, FILM),
        U::StillForAnimation => instead(MOVING, STILL),
        U::Animation(format) => {
            let name = name(*format);
            kind(&format!("une animation en {name}"), &format!("an animation in {name}"))
        }
        U::Raw => raw(),
        U::TiffCompression(number) => packed(*number),
        U::TiffSamples { bits, .. } => kind(
            &format!("un TIFF dont Griot ne lit pas les couleurs (à {bits} bits)"),
            &format!("a TIFF whose colours Griot does not read (of {bits} bits)"),
        ),
        U::JpegDepth(bits) => kind(
            &format!("un JPEG à {bits} bits par échantillon"),
            &format!("a JPEG with {bits} bits a sample"),
        ),
        U::ArithmeticJpeg => kind("un JPEG à codage arithmétique", "an arithmetic-coded JPEG"),
        U::LosslessJpeg => kind("un JPEG sans perte", "a lossless JPEG"),
        U::HierarchicalJpeg => kind("un JPEG hiérarchique", "a hierarchical JPEG"),
        U::NotAv1(_) => kind(
            "une image AVIF qui n\u{2019}est pas codée en AV1",
            "an AVIF picture that is not coded as AV1",
        ),
        U::Matrix(matrix) => kind(
            &format!("une image dont Griot ne connaît pas les couleurs (matrice {matrix})"),
            &format!("a picture whose colours Griot does not know (matrix {matrix})"),
        ),
        U::DrawingText => {
            kind("un dessin qui n\u{2019}est pas écrit en UTF-8", "a drawing that is not written in UTF-8")
        }
        U::Encrypted | U::VideoCodec(_) | U::VideoColours => video(why),
        U::SoundOnly => {
            Words { hint: TAKEN, ..kind("un enregistrement sans image", "a recording without a picture") }
        }
        U::SeveralFilms => kind("plusieurs vidéos dans un seul fichier", "several films in one file"),
        U::DataElsewhere => kind(
            "une vidéo dont les données sont dans un autre fichier",
            "a film whose data lies in another file",
        ),
        U::QuickTime => kind("une vidéo QuickTime, à convertir", "a QuickTime film, which must be converted"),
        U::Fragments => {
            kind("une vidéo en fragments, à convertir", "a film in fragments, which must be converted")
        }
        U::Cut => said(
            Code::MediaUnsupported,
            "Le cadrage sort de l\u{2019}image.",
            "The crop lies outside the picture.",
            ("Cadrez de nouveau.", "Crop it again."),
        ),
        U::Side { format, most } => side(name(*format), u64::from(*most)),
        U::Decoder(said) => decoder(said),
    }
}

fn raw() -> Words {
    Words {
        hint: (
            "Exportez-la en JPEG avec le programme de l\u{2019}appareil photo, puis importez ce JPEG.",
            "Export it as JPEG with the camera\u{2019}s program, then import that JPEG.",
        ),
        ..kind(
            "une photo RAW qui ne contient pas d\u{2019}image finie de sa taille",
            "a RAW photo without a finished picture of its own size",
        )
    }
}

fn packed(number: u16) -> Words {
    let (fr, en) = packing(number);
    kind(
        &format!("un TIFF compressé d\u{2019}une façon que Griot ne lit pas{fr}"),
        &format!("a TIFF packed in a way that Griot does not read{en}"),
    )
}

/// A compression of TIFF as people may know it, in brackets.
fn packing(number: u16) -> (&'static str, &'static str) {
    match number {
        2 | 3 => (" (télécopie)", " (fax)"),
        6 => (" (ancien JPEG)", " (old JPEG)"),
        34_712 => (" (JPEG 2000)", " (JPEG 2000)"),
        34_925 => (" (LZMA)", " (LZMA)"),
        50_000 | 34_926 => (" (ZSTD)", " (ZSTD)"),
        50_001 => (" (WebP)", " (WebP)"),
        _ => ("", ""),
    }
}

/// Videos that are sound, and closed to what is here.
fn video(why: &Unsupported) -> Words {
    match why {
        Unsupported::Encrypted => said(
            Code::MediaUnsupported,
            "Cette vidéo est protégée\u{a0}: seul le lecteur de qui l\u{2019}a vendue ou prêtée peut l\u{2019}ouvrir.",
            "This video is protected: only the player of whoever sold or lent it can open it.",
            ("Prenez une vidéo sans protection.", "Take a video without protection."),
        ),
        Unsupported::VideoCodec(codec) => {
            let name = coding(codec);
            said(
                Code::MediaUnsupported,
                &format!(
                    "Cette vidéo est entière, mais codée d\u{2019}une façon qui n\u{2019}est pas lue ici\u{a0}: {name}."
                ),
                &format!("This video is sound, but coded in a way that is not read here: {name}."),
                (
                    "Exportez-la de nouveau en MP4 (H.264), puis importez-la.",
                    "Export it again as MP4 (H.264), then import it.",
                ),
            )
        }
        _ => kind(
            "une vidéo dont les couleurs sont codées pour un seul lecteur",
            "a video whose colours are coded for one player alone",
        ),
    }
}

/// The name of a coding, as letters and figures alone.
fn coding(codec: &str) -> String {
    let name: String = codec.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    if name.is_empty() { "?".into() } else { name.to_uppercase() }
}

/// A file of a kind that is not taken.
fn kind(fr: &str, en: &str) -> Words {
    said(
        Code::MediaUnsupported,
        &format!("Griot ne prend pas cette sorte de fichier\u{a0}: {fr}."),
        &format!("Griot does not take this kind of file: {en}."),
        SAVE_AGAIN,
    )
}

/// A file that is good for something else.
fn instead(wanted: (&str, &str), given: (&str, &str)) -> Words {
    said(
        Code::MediaUnsupported,
        &format!("Il faut {}, et ce fichier est {}.", wanted.0, given.0),
        &format!("This needs {}, and the file is {}.", wanted.1, given.1),
        ("Choisissez un autre fichier.", "Choose another file."),
    )
}

fn side(name: &str, most: u64) -> Words {
    said(
        Code::MediaUnsupported,
        &format!("Une image {name} a au plus {} pixels de côté.", number(most, Lang::Fr)),
        &format!("A {name} picture has at most {} pixels on a side.", number(most, Lang::En)),
        ("Choisissez un cadre plus petit.", "Choose a smaller frame."),
    )
}

/// What a decoder of others says is for the log.
fn decoder(why: &str) -> Words {
    tracing::info!(why, "a decoder does not read a file");
    said(
        Code::MediaUnsupported,
        "Griot ne sait pas lire la façon dont ce fichier est codé.",
        "Griot cannot read the way in which this file is coded.",
        SAVE_AGAIN,
    )
}
