//! Deliveries in words: where they stand, what they wait for, what was tried.

use griot_app::wire::deliveries::{
    AttemptView, DeliveryView, HandOver, HandOverLine, OneDelivery, Queue, QueueLine, StepKind,
};
use griot_app::wire::posts::{Composed, OnePost};
use griot_domain::{Lang, Operation, Outcome, Phase, State, Timestamp, WaitingFor, WallTime, Wish};
use unicode_segmentation::UnicodeSegmentation as _;

use super::table::table;
use super::{Names, Voice};

pub(super) fn composed(voice: &Voice, names: &Names, answer: &Composed) -> Vec<String> {
    let post = answer.post;
    if answer.deliveries.is_empty() {
        return vec![voice.pair(voice.lang.pick("Brouillon gardé", "Draft kept"), &post.to_string())];
    }
    let rows: Vec<Vec<String>> = answer
        .deliveries
        .iter()
        .map(|delivery| {
            let upload = delivery.upload_bytes.map(|bytes| {
                let bytes = voice.bytes(bytes);
                voice.lang.pick(format!("{bytes} à envoyer"), format!("{bytes} to send"))
            });
            vec![
                delivery.id.to_string(),
                names.account(delivery.account, delivery.network),
                state(voice.lang, delivery.state, None),
                due(voice, answer.wall.as_ref(), delivery.due),
                upload.unwrap_or_default(),
            ]
        })
        .collect();
    let mut lines =
        vec![voice.pair(voice.lang.pick("Publication programmée", "Post scheduled"), &post.to_string())];
    lines.extend(table(&rows));
    lines.extend(answer.note.clone());
    lines.extend(answer.cost.clone());
    lines.extend(answer.warnings.iter().cloned());
    lines
}

/// What was given to the networks, and what stays here.
pub(super) fn handed(voice: &Voice, answer: &HandOver) -> Vec<String> {
    let lang = voice.lang;
    if answer.given.is_empty() && answer.left.is_empty() {
        return vec![lang.pick("Rien n’est prévu ces jours-là.", "Nothing is due in those days.").to_owned()];
    }
    let row = |line: &HandOverLine| {
        vec![
            line.id.to_string(),
            format!("{} {}", line.network.display_name(), line.account_name),
            due(voice, line.wall.as_ref(), line.due),
            line.reason.clone().unwrap_or_default(),
        ]
    };
    let mut lines = Vec::new();
    for (title, some) in [
        (lang.pick("Confiées aux réseaux", "Handed to the networks"), &answer.given),
        (lang.pick("Partent d’ici", "Leave from here"), &answer.left),
    ] {
        if !some.is_empty() {
            lines.push(voice.pair(title, &some.len().to_string()));
            lines.extend(table(&some.iter().map(row).collect::<Vec<_>>()));
        }
    }
    lines
}

fn soon(lang: Lang) -> String {
    lang.pick("dès que possible", "as soon as possible").to_owned()
}

pub(super) fn lines(voice: &Voice, names: &Names, answer: &Queue) -> Vec<String> {
    let mut lines = super::accounts::ending(voice, answer.ending.as_deref().unwrap_or_default());
    if answer.deliveries.is_empty() {
        lines.push(voice.lang.pick("La file d’attente est vide.", "The queue is empty.").to_owned());
        return lines;
    }
    lines.extend(table(&answer.deliveries.iter().map(|line| row(voice, names, line)).collect::<Vec<_>>()));
    lines
}

fn row(voice: &Voice, names: &Names, line: &QueueLine) -> Vec<String> {
    // What had no time and is over has none to show.
    let over = line.state.is_final() && line.due.is_none();
    let more = line.url.clone().or_else(|| line.reason.clone());
    let weight = line.upload_bytes.or(Some(line.sent_bytes)).filter(|bytes| *bytes > 0);
    vec![
        line.id.to_string(),
        names.account(line.account, line.network),
        begins(&line.title),
        state(voice.lang, line.state, line.waiting_for),
        if over { String::new() } else { due(voice, line.wall.as_ref(), line.due) },
        weight.map(|bytes| voice.bytes(bytes)).unwrap_or_default(),
        more.unwrap_or_default(),
    ]
}

/// So many letters of a post tell it from the others of a day, and leave room on a line for what became of it.
const BEGINNING: usize = 32;

/// How a post begins.
fn begins(title: &str) -> String {
    let mut letters = title.graphemes(true);
    let shown: String = letters.by_ref().take(BEGINNING).collect();
    if letters.next().is_some() { format!("{}…", shown.trim_end()) } else { shown }
}

pub(super) fn copied(voice: &Voice, answer: &OnePost) -> Vec<String> {
    vec![voice.pair(voice.lang.pick("Brouillon gardé", "Draft kept"), &answer.post.id.to_string())]
}

pub(super) fn one(voice: &Voice, names: &Names, answer: &OneDelivery) -> Vec<String> {
    let delivery = &answer.delivery;
    let name = names.account(delivery.account, delivery.network);
    let mut lines = vec![voice.pair(&name, &state(voice.lang, delivery.state, delivery.waiting_for))];
    lines.extend(delivery.reason.iter().map(|reason| format!("  {reason}")));
    lines.extend(delivery.url.iter().map(|url| format!("  {url}")));
    lines.extend(there(voice, delivery));
    lines.push(format!("  {}", when(voice, delivery)));
    lines.extend(by_hand(voice, delivery));
    let attempts: Vec<Vec<String>> = delivery.attempts.iter().map(|attempt| tried(voice, attempt)).collect();
    lines.extend(table(&attempts));
    lines
}

/// What is asked of the network of what is live, what has come of it, and what cannot be done from here.
fn there(voice: &Voice, delivery: &DeliveryView) -> Vec<String> {
    let Some(live) = &delivery.live else { return Vec::new() };
    let lang = voice.lang;
    let mut lines = Vec::new();
    let held = live.waits.map(|what| format!(" ({})", waiting(lang, what))).unwrap_or_default();
    match delivery.wish {
        Some(Wish::Edit) => {
            let to = live.asked.as_deref().unwrap_or_default();
            let name = lang.pick("  correction demandée", "  correction asked for");
            lines.push(voice.pair(&format!("{name}{held}"), to));
        }
        Some(Wish::Delete) => {
            lines.push(format!("  {}{held}", lang.pick("suppression demandée", "deletion asked for")));
        }
        _ => {}
    }
    if let Some(at) = live.edited_at {
        lines.push(voice.pair(lang.pick("  corrigée", "  corrected"), &voice.time(at)));
    }
    if let Some(at) = live.deleted_at {
        lines.push(
            voice.pair(lang.pick("  supprimée du réseau", "  deleted from the network"), &voice.time(at)),
        );
    }
    lines.extend(live.notes.iter().map(|note| format!("  {note}")));
    lines
}

fn when(voice: &Voice, delivery: &DeliveryView) -> String {
    let due = due(voice, delivery.wall.as_ref(), delivery.due);
    voice.pair(voice.lang.pick("prévue", "due"), &due)
}

/// The wall time that a person chose stands as they chose it, in its zone.
pub(super) fn due(voice: &Voice, wall: Option<&WallTime>, due: Option<Timestamp>) -> String {
    match (wall, due) {
        (Some(wall), _) => format!("{} {}", wall.local.replace('T', " "), wall.zone),
        (None, Some(due)) => voice.time(due),
        (None, None) => soon(voice.lang),
    }
}

fn by_hand(voice: &Voice, delivery: &DeliveryView) -> Vec<String> {
    let Some(by_hand) = &delivery.by_hand else { return Vec::new() };
    let lang = voice.lang;
    let mut lines = vec![voice.pair(lang.pick("  dossier", "  folder"), &by_hand.folder)];
    for (n, step) in by_hand.steps.iter().enumerate() {
        let name = match step.kind {
            StepKind::Page => lang.pick("page à ouvrir", "page to open"),
            StepKind::Field => step.label.as_str(),
            StepKind::Text => lang.pick("texte", "text"),
            StepKind::Files => lang.pick("fichiers", "files"),
        };
        let said =
            if step.kind == StepKind::Files { by_hand.files.join("\n     ") } else { step.value.clone() };
        lines.push(voice.pair(&format!("  {}. {name}", n + 1), &said));
    }
    lines
}

fn tried(voice: &Voice, attempt: &AttemptView) -> Vec<String> {
    let how = match attempt.outcome {
        Some(how) => outcome(voice.lang, how),
        None => phase(voice.lang, attempt.phase),
    };
    vec![
        format!("  {}", attempt.n),
        operation(voice.lang, attempt.op).to_owned(),
        how.to_owned(),
        voice.time(attempt.started),
        attempt.detail.clone().unwrap_or_default(),
    ]
}

/// Where a delivery stands, and what it waits for.
pub(crate) fn state(lang: Lang, state: State, waiting_for: Option<WaitingFor>) -> String {
    let word = match state {
        State::Scheduled => lang.pick("programmée", "scheduled"),
        State::Waiting => lang.pick("en attente", "waiting"),
        State::Preparing => lang.pick("en préparation", "being prepared"),
        State::Uploading => lang.pick("médias en cours d’envoi", "media being sent"),
        State::Processing => lang.pick("médias traités par le réseau", "media processed by the network"),
        State::Armed => lang.pick("prête à partir", "ready to go"),
        State::Publishing => lang.pick("en cours de publication", "being published"),
        State::Published => lang.pick("en ligne", "live"),
        State::Failed => lang.pick("pas partie", "not sent"),
        State::Unknown => lang.pick("peut-être en ligne", "may be live"),
        State::HandedOver => lang.pick("confiée au réseau", "handed to the network"),
        State::Assisted => lang.pick("à faire à la main", "to be done by hand"),
        State::Cancelled => lang.pick("annulée", "called off"),
        State::Deleted => lang.pick("supprimée du réseau", "deleted from the network"),
    };
    match waiting_for {
        Some(what) => format!("{word} ({})", waiting(lang, what)),
        None => word.to_owned(),
    }
}

fn waiting(lang: Lang, what: WaitingFor) -> &'static str {
    match what {
        WaitingFor::Network => lang.pick("d’un accès au réseau", "for a way out"),
        WaitingFor::Portal => lang.pick("derrière une page de connexion", "behind a login page"),
        WaitingFor::Rate => lang.pick("du rythme du réseau", "for the network’s pace"),
        WaitingFor::Spacing => lang.pick(
            "de son tour, Griot espace les envois en retard",
            "for its turn, Griot spaces what is late",
        ),
        WaitingFor::Backoff => lang.pick("d’un nouvel essai", "for another try"),
        WaitingFor::Account => lang.pick("du compte à reconnecter", "for the account to be connected again"),
        WaitingFor::Late => {
            lang.pick("de votre réponse, l’heure est passée", "for your answer, its time has passed")
        }
        WaitingFor::PreviousPart => lang.pick("de la partie d’avant", "for the part before it"),
        WaitingFor::Paused => lang.pick("de la fin de la pause", "for the end of the pause"),
        WaitingFor::CheckAfterMove => {
            lang.pick("de votre accord, l’espace a été copié", "for your consent, the workspace was copied")
        }
    }
}

fn operation(lang: Lang, op: Operation) -> &'static str {
    match op {
        Operation::Publish => lang.pick("publication", "publish"),
        Operation::HandOver => lang.pick("remise au réseau", "hand over"),
        Operation::Move => lang.pick("changement d’heure", "move"),
        Operation::Withdraw => lang.pick("retrait", "withdraw"),
        Operation::Edit => lang.pick("modification", "edit"),
        Operation::Delete => lang.pick("suppression", "delete"),
    }
}

fn outcome(lang: Lang, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Published => lang.pick("en ligne", "live"),
        Outcome::Kept => lang.pick("gardée par le réseau", "kept by the network"),
        Outcome::Withdrawn => lang.pick("reprise au réseau", "taken back"),
        Outcome::Edited => lang.pick("texte changé", "text changed"),
        Outcome::Deleted => lang.pick("supprimée du réseau", "deleted from the network"),
        Outcome::Assisted => lang.pick("prête à la main", "ready for your hands"),
        Outcome::Stopped => {
            lang.pick("arrêtée sur cette machine, rien n’est parti", "stopped on this machine, nothing left")
        }
        Outcome::Refused => lang.pick("refusée par le réseau", "refused by the network"),
        Outcome::Transient => lang.pick("échec passager", "passing failure"),
        Outcome::Unknown => lang.pick("réponse perdue", "answer lost"),
        Outcome::Abandoned => lang.pick("abandonnée", "given up"),
        Outcome::Person => lang.pick("réglée par vous", "settled by you"),
    }
}

fn phase(lang: Lang, phase: Phase) -> &'static str {
    match phase {
        Phase::Scheduled => lang.pick("programmée", "scheduled"),
        Phase::Started => lang.pick("commencée", "begun"),
        Phase::Prepared => lang.pick("médias prêts", "media ready"),
        Phase::Staged => lang.pick("médias chez le réseau", "media with the network"),
        Phase::Armed => lang.pick("prête à partir", "ready to go"),
        Phase::Sent => lang.pick("envoyée", "sent"),
        Phase::Probed => lang.pick("vérifiée chez le réseau", "looked for at the network"),
        Phase::Ended => lang.pick("terminée", "ended"),
        Phase::Held => lang.pick("retenue", "held"),
        Phase::Person => lang.pick("réglée par vous", "settled by you"),
    }
}
