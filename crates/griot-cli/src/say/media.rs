//! The library, renditions, presets and verdicts in words.

use griot_app::wire::library::{ImportDone, Imported, RefusedFile};
use griot_app::wire::media::{CheckDone, Presets, RenderDone, RenditionView};
use griot_domain::rules::Unit;
use griot_domain::text::Count;
use griot_domain::verdict::Level;
use griot_domain::{Fit, Lang};

use super::Voice;
use super::table::table;

pub(super) fn imported(voice: &Voice, answer: &ImportDone) -> Vec<String> {
    if answer.imported.is_empty() && answer.refused.is_empty() {
        let nothing = voice.lang.pick("Rien à importer ici.", "There is nothing to import here.");
        return vec![nothing.to_owned()];
    }
    let rows: Vec<Vec<String>> = answer.imported.iter().map(|file| asset(voice, file)).collect();
    let mut lines = table(&rows);
    lines.extend(refused(voice, &answer.refused));
    lines
}

fn asset(voice: &Voice, file: &Imported) -> Vec<String> {
    let known = voice.lang.pick("déjà dans la médiathèque", "already in the library");
    vec![
        file.asset.to_string(),
        size(file.width, file.height),
        voice.bytes(file.bytes),
        file.path.clone(),
        if file.duplicate { known.to_owned() } else { String::new() },
    ]
}

fn refused(voice: &Voice, files: &[RefusedFile]) -> impl Iterator<Item = String> {
    files.iter().map(|file| voice.pair(&file.path, &file.message))
}

fn size(width: u32, height: u32) -> String {
    format!("{width}\u{d7}{height}")
}

pub(super) fn rendered(voice: &Voice, answer: &RenderDone) -> Vec<String> {
    let rows: Vec<Vec<String>> = answer.renditions.iter().map(|made| rendition(voice, made)).collect();
    let mut lines = table(&rows);
    for removed in answer.removed.iter().filter(|removed| !removed.metadata.is_empty()) {
        let what: Vec<&str> = removed.metadata.iter().map(|kind| metadata(voice.lang, kind)).collect();
        let what = what.join(", ");
        let said = voice.lang.pick(format!("sans {what}"), format!("without {what}"));
        lines.push(voice.pair(&removed.source, &said));
    }
    lines.extend(answer.notes.iter().cloned());
    lines.extend(refused(voice, &answer.refused));
    lines
}

fn rendition(voice: &Voice, made: &RenditionView) -> Vec<String> {
    let quality = voice.lang.pick("qualité", "quality");
    vec![
        made.path.clone(),
        made.usage.clone(),
        size(made.width, made.height),
        voice.bytes(made.bytes),
        made.quality.map(|q| format!("{quality} {q}")).unwrap_or_default(),
        made.duration.map(|d| seconds(voice, d)).unwrap_or_default(),
        made.cover.clone().unwrap_or_default(),
    ]
}

/// What a file said besides its picture, by the name that scripts read.
fn metadata(lang: Lang, kind: &str) -> &str {
    let (fr, en) = match kind {
        "application data" => ("données d’un logiciel", "a program’s data"),
        "author" => ("auteur", "author"),
        "camera" => ("appareil", "camera"),
        "c2pa" => ("preuves d’origine (C2PA)", "proofs of origin (C2PA)"),
        "comment" => ("commentaire", "comment"),
        "edits" => ("montage", "edits"),
        "exif" => ("EXIF", "EXIF"),
        "fields" => ("trames", "fields"),
        "fragments" => ("fragments", "fragments"),
        "full range" => ("niveaux étendus", "full range"),
        "further pictures" => ("autres images", "further pictures"),
        "further tracks" => ("autres pistes", "further tracks"),
        "gps" => ("position", "position"),
        "icc" => ("profil de couleurs", "colour profile"),
        "iptc" => ("IPTC", "IPTC"),
        "pixel aspect" => ("pixels étirés", "stretched pixels"),
        "private data" => ("données privées", "private data"),
        "rotation" => ("rotation", "rotation"),
        "serial" => ("numéro de série", "serial number"),
        "tags" => ("étiquettes", "tags"),
        "thumbnail" => ("vignette", "thumbnail"),
        "time" => ("date", "date"),
        "trailing data" => ("données à la fin", "trailing data"),
        "user data" => ("données ajoutées", "user data"),
        "variable rate" => ("cadence variable", "variable rate"),
        "xmp" => ("XMP", "XMP"),
        other => (other, other),
    };
    lang.pick(fr, en)
}

fn seconds(voice: &Voice, seconds: f64) -> String {
    let text = format!("{seconds:.1}\u{a0}s");
    voice.lang.pick(text.replace('.', ","), text)
}

pub(super) fn presets(voice: &Voice, answer: &Presets) -> Vec<String> {
    let rows: Vec<Vec<String>> = answer
        .presets
        .iter()
        .map(|preset| {
            let most = preset.max_bytes.map(|bytes| {
                let bytes = voice.bytes(bytes);
                voice.lang.pick(format!("{bytes} au plus"), format!("{bytes} at most"))
            });
            let checked = &preset.checked_on;
            vec![
                preset.id.clone(),
                size(preset.width, preset.height),
                fit(voice.lang, preset.fit).to_owned(),
                preset.format.clone(),
                most.unwrap_or_default(),
                voice.lang.pick(format!("vérifié le {checked}"), format!("checked on {checked}")),
            ]
        })
        .collect();
    if rows.is_empty() {
        return vec![voice.lang.pick("Aucun format.", "No preset.").to_owned()];
    }
    table(&rows)
}

fn fit(lang: Lang, fit: Fit) -> &'static str {
    match fit {
        Fit::Cover => lang.pick("recadré", "cropped"),
        Fit::Inside => lang.pick("entier", "whole"),
        Fit::Blur => lang.pick("entier sur fond flou", "whole on a blurred ground"),
    }
}

pub(super) fn checked(voice: &Voice, answer: &CheckDone) -> Vec<String> {
    let name = answer.network.display_name();
    let used = count(voice, &answer.text);
    let said = match answer.verdict {
        Level::Ok => voice.lang.pick("tout va", "all is well"),
        Level::Warning => voice.lang.pick("peut partir, à savoir", "can go, and you should know"),
        Level::Error => voice.lang.pick("ne peut pas partir", "cannot go"),
    };
    let mut lines = vec![voice.pair(name, &format!("{used}, {said}"))];
    lines.push(match &answer.account {
        Some(account) => voice.lang.pick(
            format!("  D\u{2019}après les limites du serveur de {account}."),
            format!("  By the limits of {account}\u{2019}s server."),
        ),
        None => voice.lang.pick(
            format!("  D\u{2019}après les limites habituelles chez {name}."),
            format!("  By the usual limits of {name}."),
        ),
    });
    for problem in &answer.problems {
        lines.push(format!("  {} {}", problem.message, problem.fix).trim_end().to_owned());
    }
    lines
}

fn count(voice: &Voice, count: &Count) -> String {
    let unit = match count.unit {
        Unit::Bytes => voice.lang.pick("octets", "bytes"),
        _ => voice.lang.pick("caractères", "characters"),
    };
    // Of one, and in French of none.
    let is_one = count.used == 1 || (count.used == 0 && voice.lang == Lang::Fr);
    let unit = if is_one { unit.trim_end_matches('s') } else { unit };
    match count.max {
        Some(max) => {
            let used = count.used;
            voice.lang.pick(format!("{used} {unit} sur {max}"), format!("{used} of {max} {unit}"))
        }
        None => format!("{} {unit}", count.used),
    }
}
