//! The formats, as people call them.

use griot_domain::asset::Format;

/// What Griot takes, once in each language.
macro_rules! taken {
    (fr) => {
        "Griot prend les images JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP et SVG, et les vidéos MP4, MOV, M4V, WebM, MKV, AVI, 3GP, MTS et M2TS, MPG, WMV, FLV et OGV."
    };
    (en) => {
        "Griot takes the pictures JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP and SVG, and the films MP4, MOV, M4V, WebM, MKV, AVI, 3GP, MTS and M2TS, MPG, WMV, FLV and OGV."
    };
}

/// The way on for a file that is none of them.
pub(super) const TAKEN: (&str, &str) = (taken!(fr), taken!(en));

/// The way on for a file of these formats whose coding is not read.
pub(super) const SAVE_AGAIN: (&str, &str) = (
    concat!("Enregistrez-le de nouveau dans un autre logiciel. ", taken!(fr)),
    concat!("Save it again in another program. ", taken!(en)),
);

/// A format's name, the same in both languages.
pub(super) fn name(format: Format) -> &'static str {
    match format {
        Format::Jpeg => "JPEG",
        Format::Png => "PNG",
        Format::Webp => "WebP",
        Format::Gif => "GIF",
        Format::Avif => "AVIF",
        Format::Heic => "HEIC",
        Format::Tiff => "TIFF",
        Format::Bmp => "BMP",
        Format::Svg => "SVG",
        Format::Mp4 => "MP4",
        Format::Mov => "MOV",
        Format::ThreeGp => "3GP",
        Format::Webm => "WebM",
        Format::Mkv => "MKV",
        Format::Avi => "AVI",
        Format::Ts => "MTS",
        Format::Mpeg => "MPG",
        Format::Wmv => "WMV",
        Format::Flv => "FLV",
        Format::Ogv => "OGV",
    }
}
