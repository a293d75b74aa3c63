//! What goes up, in words: totals, the line, and what fits into the minutes that there are.

use griot_app::wire::studio::LinkState;
use griot_app::wire::traffic::{Fitting, FittingLine, Traffic};
use griot_domain::Lang;

use super::table::table;
use super::{Names, Voice, queue};

/// Today, this month with its days, what is to go, and the line.
pub(super) fn totals(voice: &Voice, answer: &Traffic) -> Vec<String> {
    let (lang, bytes) = (voice.lang, |bytes| voice.bytes(bytes));
    let (sent, to_go) = (bytes(answer.sent_today), bytes(answer.to_go_today));
    let mut lines = vec![
        voice.pair(
            lang.pick("Aujourd’hui", "Today"),
            &lang.pick(format!("{sent} envoyés, {to_go} à envoyer"), format!("{sent} sent, {to_go} to go")),
        ),
        voice.pair(
            lang.pick("Ce mois-ci", "This month"),
            &lang.pick(
                format!("{} envoyés", bytes(answer.sent_month)),
                format!("{} sent", bytes(answer.sent_month)),
            ),
        ),
    ];
    let days: Vec<Vec<String>> =
        answer.days.iter().map(|day| vec![format!("  {}", day.day), bytes(day.bytes)]).collect();
    lines.extend(table(&days));
    lines.push(voice.pair(lang.pick("À envoyer en tout", "To go in all"), &bytes(answer.to_go)));
    lines.push(voice.pair(lang.pick("Connexion", "Connection"), &link(voice, answer)));
    lines
}

fn link(voice: &Voice, answer: &Traffic) -> String {
    let lang = voice.lang;
    let kind = match answer.link {
        LinkState::Good => lang.pick("bonne", "good"),
        LinkState::None => lang.pick("aucune", "none"),
        LinkState::Portal => lang.pick("une page de connexion à passer", "a login page to pass"),
        LinkState::Slow => lang.pick("lente", "slow"),
        LinkState::Metered => lang.pick("comptée au mégaoctet", "counted by the megabyte"),
    };
    match answer.bytes_per_second {
        Some(speed) => format!("{kind}, {}", per_second(voice, speed)),
        None => {
            let unknown = lang.pick("vitesse pas encore mesurée", "speed not measured yet");
            format!("{kind}, {unknown}")
        }
    }
}

fn per_second(voice: &Voice, speed: u64) -> String {
    format!("{}/s", voice.bytes(speed))
}

/// What goes, what stays, how many megabytes, and by which speed; `goes` whether it goes now or only would.
pub(super) fn fitting(voice: &Voice, names: &Names, answer: &Fitting, goes: bool) -> Vec<String> {
    let lang = voice.lang;
    if answer.goes.is_empty() && answer.stays.is_empty() {
        return vec![lang.pick("Rien n’attend d’être envoyé.", "Nothing waits to be sent.").to_owned()];
    }
    let minutes = answer.minutes;
    let title = match goes {
        true => lang.pick(format!("Part en {minutes}\u{a0}min"), format!("Goes within {minutes}\u{a0}min")),
        false => lang
            .pick(format!("Partirait en {minutes}\u{a0}min"), format!("Would go within {minutes}\u{a0}min")),
    };
    let mut lines = vec![voice.pair(&title, &count(voice, answer.goes.len(), answer.bytes))];
    lines.extend(rows(voice, names, &answer.goes));
    if !answer.stays.is_empty() {
        let until = voice.time(answer.until);
        let title = lang.pick(format!("Gardé jusqu’à {until}"), format!("Kept back until {until}"));
        lines.push(voice.pair(&title, &count(voice, answer.stays.len(), answer.kept_bytes)));
        lines.extend(rows(voice, names, &answer.stays));
    }
    lines.push(speed(lang, &per_second(voice, answer.bytes_per_second), answer.measured));
    lines
}

fn speed(lang: Lang, speed: &str, measured: bool) -> String {
    match measured {
        true => lang.pick(
            format!("Calculé à {speed}, la vitesse des derniers envois."),
            format!("Worked out at {speed}, the speed of the last uploads."),
        ),
        false => lang.pick(
            format!("Rien n’a été mesuré depuis une heure\u{a0}: calculé à {speed}, la ligne la plus lente."),
            format!("Nothing was measured in the last hour: worked out at {speed}, the slowest line."),
        ),
    }
}

fn count(voice: &Voice, n: usize, bytes: u64) -> String {
    let bytes = voice.bytes(bytes);
    let plural = if n > 1 { "s" } else { "" };
    voice.lang.pick(
        format!("{n} publication{plural}, {bytes}"),
        format!("{n} post{}, {bytes}", if n == 1 { "" } else { "s" }),
    )
}

fn rows(voice: &Voice, names: &Names, lines: &[FittingLine]) -> Vec<String> {
    let row = |line: &FittingLine| {
        vec![
            format!("  {}", line.id),
            names.account(line.account, line.network),
            queue::due(voice, None, line.due),
            voice.bytes(line.bytes),
            line.title.clone(),
        ]
    };
    table(&lines.iter().map(row).collect::<Vec<_>>())
}
