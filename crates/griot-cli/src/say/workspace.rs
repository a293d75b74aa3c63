//! The workspace, the evidence and the health of the studio in words.

use griot_app::wire::studio::{Checks, FileDone, JournalFacts, WorkspaceMade};

use super::Voice;

pub(super) fn made(voice: &Voice, answer: &WorkspaceMade) -> Vec<String> {
    let ready = voice.pair(voice.lang.pick("Espace de travail prêt", "Workspace ready"), &answer.workspace);
    std::iter::once(ready).chain(answer.missing.clone()).collect()
}

pub(super) fn backup(voice: &Voice, answer: &FileDone) -> Vec<String> {
    let size = voice.bytes(answer.bytes);
    let done = voice.lang.pick("Sauvegarde faite", "Backup done");
    let line = voice.pair(done, &format!("{} ({size})", answer.file));
    std::iter::once(line).chain(answer.note.clone()).collect()
}

pub(super) fn restored(voice: &Voice, answer: &FileDone) -> Vec<String> {
    let done = voice.lang.pick("Sauvegarde reprise", "Backup restored");
    let next = voice.lang.pick(
        "Rien ne partira d’ici avant d’avoir été vérifié et libéré\u{a0}: griot queue, puis griot delivery ID release.",
        "Nothing goes out from here before it was checked and released: griot queue, then griot delivery ID release.",
    );
    vec![voice.pair(done, &answer.file), next.to_owned()]
}

pub(super) fn exported(voice: &Voice, answer: &JournalFacts) -> Vec<String> {
    let entries = answer.entries;
    let said = voice.lang.pick(
        format!("Journal exporté\u{a0}: {entries} entrées, tête {}", answer.head),
        format!("Journal exported: {entries} entries, head {}", answer.head),
    );
    vec![said]
}

pub(super) fn verified(voice: &Voice, answer: &JournalFacts) -> Vec<String> {
    let entries = answer.entries;
    if answer.ok {
        let said = voice.lang.pick(
            format!("Journal prouvé\u{a0}: {entries} entrées, tête {}", answer.head),
            format!("Journal proved: {entries} entries, head {}", answer.head),
        );
        return vec![said];
    }
    let not = voice.lang.pick("Ce journal ne prouve rien", "This journal proves nothing");
    let why = answer.problem.clone().unwrap_or_default();
    vec![voice.pair(not, &why)]
}

pub(super) fn doctor(voice: &Voice, answer: &Checks) -> Vec<String> {
    let well = |ok: bool| match ok {
        true => voice.lang.pick("bien", "well"),
        false => voice.lang.pick("à voir", "look at"),
    };
    let rows: Vec<Vec<String>> = answer
        .checks
        .iter()
        .map(|check| vec![check.name.clone(), well(check.ok).to_owned(), check.detail.clone()])
        .collect();
    super::table::table(&rows)
}
