//! Posts in words: what became of a correction, where each account stands.

use griot_app::wire::posts::{OnePost, PostMoved, PostPlace};

use super::queue::{due, state};
use super::table::table;
use super::{Names, Voice};

/// A post that was kept or looked at.
pub(super) fn one(voice: &Voice, names: &Names, post: &OnePost) -> Vec<String> {
    let kept = match (&post.correction, post.deliveries) {
        (Some(_), _) => voice.lang.pick("Correction gardée", "Correction kept"),
        (None, 0) => voice.lang.pick("Brouillon gardé", "Draft kept"),
        (None, _) => voice.lang.pick("Publication", "Post"),
    };
    told(voice, names, post, kept)
}

/// What is scheduled was replaced.
pub(super) fn confirmed(voice: &Voice, names: &Names, post: &OnePost) -> Vec<String> {
    told(
        voice,
        names,
        post,
        voice.lang.pick("Ce qui n’est pas parti dit maintenant cela", "What has not gone out says this now"),
    )
}

/// A correction was dropped.
pub(super) fn abandoned(voice: &Voice, names: &Names, post: &OnePost) -> Vec<String> {
    told(voice, names, post, voice.lang.pick("Correction abandonnée", "Correction abandoned"))
}

/// A post that has another time.
pub(super) fn moved(voice: &Voice, names: &Names, answer: &PostMoved) -> Vec<String> {
    let mut lines = told(voice, names, &answer.post, voice.lang.pick("Publication déplacée", "Post moved"));
    if !answer.left.is_empty() {
        lines.push(
            voice
                .lang
                .pick(
                    "Ce qui est en ligne, en train de partir ou chez son réseau n’a pas bougé.",
                    "What is live, leaving now or with its network has not moved.",
                )
                .to_owned(),
        );
    }
    lines
}

fn told(voice: &Voice, names: &Names, post: &OnePost, what: &str) -> Vec<String> {
    let mut lines = vec![voice.pair(what, &post.post.id.to_string())];
    lines.extend(post.correction.as_ref().map(|correction| correction.note.clone()));
    let row = |place: &PostPlace| {
        vec![
            place.delivery.to_string(),
            names.account(place.account, place.network),
            state(voice.lang, place.state, place.waiting_for),
            if place.state.is_final() { String::new() } else { due(voice, place.wall.as_ref(), place.due) },
            place.url.clone().unwrap_or_default(),
        ]
    };
    lines.extend(table(&post.places.iter().map(row).collect::<Vec<_>>()));
    lines
}
