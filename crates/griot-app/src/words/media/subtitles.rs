//! What subtitle files say: why one holds nothing, what of it is not shown, which signs no font draws. The video is never to
//! blame for them.

use griot_domain::Lang;
use griot_media::film::{Fault, Skipped, Subtitles, Why};

use super::{Words, said};
use crate::Code;

const ANOTHER: (&str, &str) = (
    "Corrigez le fichier ou choisissez-en un autre (SRT ou WebVTT). La vidéo n\u{2019}a rien.",
    "Mend the file or choose another one (SRT or WebVTT). Nothing is wrong with the video.",
);

/// Lines that are told one by one; of more, how many.
const TOLD: usize = 5;

/// A file without subtitles; `name` as the person knows it.
pub(crate) fn fault(fault: Fault, name: Option<&str>) -> Words {
    let (fr, en) = name.map_or_else(
        || ("Le fichier de sous-titres".to_owned(), "The subtitle file".to_owned()),
        |name| {
            (
                format!("Le fichier de sous-titres «\u{a0}{name}\u{a0}»"),
                format!("The subtitle file \u{201c}{name}\u{201d}"),
            )
        },
    );
    let (why_fr, why_en) = match fault {
        Fault::Empty => ("est vide".to_owned(), "is empty".to_owned()),
        Fault::NoCue => (
            "ne contient aucune ligne avec un début et une fin (00:00:01,000 --> 00:00:02,000)".to_owned(),
            "holds no line with a start and an end (00:00:01,000 --> 00:00:02,000)".to_owned(),
        ),
        Fault::NothingShown(line) => (
            format!(
                "ne contient rien qui puisse être affiché\u{a0}: dès la ligne {line}, les temps ne vont pas"
            ),
            format!("holds nothing that could be shown: from line {line} on, the times are wrong"),
        ),
    };
    said(Code::MediaDamaged, &format!("{fr} {why_fr}."), &format!("{en} {why_en}."), ANOTHER)
}

/// What a person should know before subtitles are burnt in, one sentence each.
pub(crate) fn notes(read: &Subtitles, lang: Lang) -> Vec<String> {
    let mut notes: Vec<String> = read.skipped().iter().take(TOLD).map(|part| skipped(*part, lang)).collect();
    if let Some(more) = read.skipped().len().checked_sub(TOLD).filter(|more| *more > 0) {
        notes.push(match more {
            1 => lang.pick(
                "Un autre sous-titre n\u{2019}est pas affiché, pour les mêmes raisons.".to_owned(),
                "One more subtitle is not shown, for the same reasons.".to_owned(),
            ),
            more => lang.pick(
                format!("{more} autres sous-titres ne sont pas affichés, pour les mêmes raisons."),
                format!("{more} more subtitles are not shown, for the same reasons."),
            ),
        });
    }
    notes.extend(undrawn(&read.undrawn(), lang));
    notes
}

/// So many that nobody will see, because the film is over by then.
pub(crate) fn beyond(count: usize, lang: Lang) -> Option<String> {
    let said = match count {
        0 => return None,
        1 => lang.pick(
            "Un sous-titre commence après la fin de la vidéo\u{a0}: personne ne le verra.".to_owned(),
            "One subtitle begins after the end of the video: nobody will see it.".to_owned(),
        ),
        n => lang.pick(
            format!("{n} sous-titres commencent après la fin de la vidéo\u{a0}: personne ne les verra."),
            format!("{n} subtitles begin after the end of the video: nobody will see them."),
        ),
    };
    Some(said)
}

fn skipped(part: Skipped, lang: Lang) -> String {
    let (fr, en) = match part.why {
        Why::Times => ("ses temps ne se lisent pas", "its times cannot be read"),
        Why::NoTime => ("il ne dure aucun temps", "it lasts for no time"),
        Why::Backwards => ("il finit avant de commencer", "it ends before it begins"),
    };
    let line = part.line;
    lang.pick(
        format!("Ligne {line} des sous-titres\u{a0}: ce sous-titre n\u{2019}est pas affiché, {fr}."),
        format!("Line {line} of the subtitles: this one is not shown, {en}."),
    )
}

/// The signs that would become empty boxes.
pub(crate) fn undrawn(signs: &[char], lang: Lang) -> Option<String> {
    /// Signs that are named.
    const NAMED: usize = 12;
    if signs.is_empty() {
        return None;
    }
    let named: Vec<String> = signs.iter().take(NAMED).map(ToString::to_string).collect();
    let more = if signs.len() > NAMED { " …" } else { "" };
    let named = format!("{}{more}", named.join(" "));
    Some(lang.pick(
        format!("Aucune police de Griot n\u{2019}a ces signes\u{a0}: {named}. Ils paraîtront comme des cases vides\u{a0}: écrivez-les autrement."),
        format!("No font of Griot has these signs: {named}. They will appear as empty boxes: write them another way."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use griot_media::film::parse_subtitles;

    #[test]
    fn a_file_without_subtitles_is_named_and_the_video_is_not_blamed() {
        for fault_of in [Fault::Empty, Fault::NoCue, Fault::NothingShown(7)] {
            let words = fault(fault_of, Some("réunion.srt"));
            assert!(words.message.0.contains("réunion.srt") && words.message.1.contains("réunion.srt"));
            assert!(!words.message.0.contains("vidéo est abîmée"), "{}", words.message.0);
        }
    }

    #[test]
    fn what_is_not_shown_is_told_with_its_line() {
        let srt = "1\n00:00:00,200 --> 00:00:01,500\nBonjour\n\n2\n00:00:01,900 --> 00:00:01,600\nhum 你\n\n3\n00:00:02,000 --> 00:00:02,000\nha\n";
        let read = parse_subtitles(srt.as_bytes()).unwrap();
        assert_eq!(
            notes(&read, Lang::En),
            [
                "Line 6 of the subtitles: this one is not shown, it ends before it begins.",
                "Line 10 of the subtitles: this one is not shown, it lasts for no time."
            ]
        );
        let read = parse_subtitles("00:01.000 --> 00:02.000\nNi hao 你\n".as_bytes()).unwrap();
        let [note] = &notes(&read, Lang::Fr)[..] else { panic!("one note") };
        assert!(note.contains('你') && note.contains("cases vides"), "{note}");
    }
}
