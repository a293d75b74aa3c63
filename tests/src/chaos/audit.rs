//! What Griot says, held against what the servers hold.

use std::path::Path;

use griot_stubs::Held;
use serde_json::Value;

use super::manners;
use super::media::Shown;
use super::places::{Kind, Place, Places};
use super::report::Report;

/// What a delivery of the round should have become.
pub(super) struct Expected<'a> {
    /// A word that stands in no other post.
    pub(super) tag: &'a str,
    /// What it shows.
    pub(super) shown: Shown,
    /// Whether it may have been dropped because it was late, or called off.
    pub(super) dropped: bool,
    /// The word of the post that it comments.
    pub(super) under: Option<&'a str>,
    /// The word of its correction, when the studio said that it is corrected.
    pub(super) says: Option<&'a str>,
}

/// A delivery that is over.
pub(super) struct Over {
    pub(super) place: usize,
    pub(super) tag: String,
    /// The word of the post that it comments.
    pub(super) under: Option<String>,
    pub(super) state: String,
}

/// The live posts of a round.
pub(super) fn live(place: &Place, tag: &str) -> Vec<Held> {
    place.server.look(tag).live
}

/// A delivery at the end of its round.
pub(super) fn delivery(place: &Place, view: &Value, expected: &Expected<'_>, report: &mut Report) {
    let look = place.server.look(expected.tag);
    let (posts, waits) = (look.live, look.kept.len());
    let state = view["state"].as_str().unwrap_or_default();
    let here =
        format!("{}: {state}, {} live, {waits} kept; {}", place.kind.name(), posts.len(), journal(view));
    if posts.len() + waits > 1 {
        report.found("published twice", &here);
    }
    if let Some(under) = expected.under {
        let above = live(place, under);
        if posts.iter().any(|comment| !stands_under(comment, &above)) {
            report.found("comment without its post", &here);
        }
    }
    match state {
        "published" if posts.is_empty() => report.found("false published", &here),
        "published" => {
            report.is_live(place.kind, expected.under.is_some(), expected.shown);
            if posts.iter().any(|post| !is_whole(place, post, expected, report)) {
                let shown: Vec<_> = posts.iter().map(|post| &post.media).collect();
                report.found("media missing", &format!("{:?} as {shown:?}, {here}", expected.shown));
            }
            corrected(&posts, expected, &here, report);
        }
        "deleted" if posts.len() + waits > 0 => report.found("live though deleted", &here),
        "deleted" => report.deleted(),
        "cancelled" if !expected.dropped => report.found("lost", &here),
        "cancelled" if !posts.is_empty() => report.found("live though cancelled", &here),
        // It would be live at its date.
        "cancelled" if waits > 0 => report.found("kept though cancelled", &here),
        "cancelled" => report.dropped(),
        // Said once already.
        _ => {}
    }
}

/// What is said to be corrected says so there.
fn corrected(posts: &[Held], expected: &Expected<'_>, here: &str, report: &mut Report) {
    let Some(word) = expected.says else { return };
    report.corrected();
    if posts.iter().any(|post| !post.text.contains(word)) {
        let texts: Vec<_> = posts.iter().map(|post| &post.text).collect();
        report.found("not corrected as it is said to be", &format!("{texts:?}, {here}"));
    }
}

/// A person is told that what they asked for was not done, or that nobody knows.
pub(super) fn not_amended(place: &Place, view: &Value, report: &mut Report) {
    report.not_amended();
    if view["reason"].as_str().is_none_or(str::is_empty) {
        report.found("no word on what was asked", &format!("{}: {}", place.kind.name(), journal(view)));
    }
}

/// Whether a comment stands under one of these posts: an album is several messages, of which the first is answered.
fn stands_under(comment: &Held, posts: &[Held]) -> bool {
    let Some(parent) = &comment.parent else { return false };
    posts.iter().any(|post| post.id.split(',').next() == Some(parent.as_str()))
}

/// Whether a post shows all its media, in order and byte for byte as every other post did before it, each with its alt
/// text where the network has a place for one.
fn is_whole(place: &Place, post: &Held, expected: &Expected<'_>, report: &mut Report) -> bool {
    let hashes: Vec<&str> = post.media.iter().map(|medium| medium.hash.as_str()).collect();
    let says = |alt: &Option<String>| alt.as_ref().is_some_and(|alt| alt.contains(expected.tag));
    let has_alts = place.kind.shows_alt_texts(expected.shown.is_film());
    let alts = !has_alts || post.media.iter().all(|medium| says(&medium.alt));
    hashes.len() == expected.shown.count()
        && report.are_the_media(place.kind, expected.shown, &hashes)
        && alts
}

/// Deliveries that are over, once more when the chapter is: what came late, or waited for its date, shows by then.
pub(super) fn at_the_end(place: &Place, over: &[&Over], report: &mut Report) {
    let all = place.server.look("");
    for Over { tag, under, state, .. } in over {
        let posts: Vec<&Held> = all.live.iter().filter(|post| post.text.contains(tag)).collect();
        let (live, waits) =
            (posts.len(), all.kept.iter().filter(|planned| planned.post.text.contains(tag)).count());
        let most = usize::from(state == "published");
        let here =
            format!("{}: {tag} ended as {state}, {live} live and {waits} kept in the end", place.kind.name());
        if live > most || waits > 0 {
            report.found(if live > 1 { "published twice" } else { "live though it is over" }, &here);
        }
        if live < most {
            report.found("false published", &here);
        }
        let is_above = |post: &Held| under.as_ref().is_some_and(|under| post.text.contains(under));
        let above: Vec<Held> = all.live.iter().filter(|post| is_above(post)).cloned().collect();
        if under.is_some() && posts.iter().any(|comment| !stands_under(comment, &above)) {
            report.found("comment without its post", &here);
        }
    }
}

/// A person is asked: is there really no proof?
pub(super) fn unknown(place: &Place, view: &Value, live: usize, report: &mut Report) {
    report.unknown(place.kind);
    // What reached the server late may have become live after the network was asked.
    let proof = match live {
        0 => place.kind.proves_absence(),
        _ => place.kind.shows_what_is_live() && !is_hidden(place.kind, report),
    };
    if proof {
        let here = format!("{}: {live} live; {}", place.kind.name(), journal(view));
        report.found("unknown though there is proof", &here);
    }
}

/// Whether what is live may rightly not be known again: it became live after the network was asked, or no list had it, or
/// the network tells only what it made of it.
fn is_hidden(kind: Kind, report: &Report) -> bool {
    let reasons = ["late", "held", "late-behind", manners::LISTS_LATE, manners::NO_SOURCE];
    reasons.iter().any(|reason| report.is_troubled_by(kind, reason))
}

/// Nothing in a round is a reason to refuse a post, but for a machine that fails.
pub(super) fn failed(place: &Place, view: &Value, report: &mut Report) {
    if view["failed"] == "environment" {
        report.environment();
    } else {
        let here = format!("{}: {}; {}", place.kind.name(), view["failed"], journal(view));
        report.found("failed without a reason", &here);
    }
}

/// What the network's own specification says of the requests of this chapter.
pub(super) fn requests(place: &Place, report: &mut Report) {
    for wrong in place.server.violations() {
        report.found("against the specification", &format!("{}: {wrong}", place.kind.name()));
    }
}

/// Searches the disk for secrets. The one encrypted file is no exception: nothing of them can be read in it.
pub(super) fn disk(folder: &Path, places: &Places, report: &mut Report) {
    let mut secrets = Vec::new();
    for place in &places.0 {
        secrets.extend(place.secrets().iter().map(|secret| (place.kind, secret.as_str())));
    }
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap_or_default();
            for (kind, secret) in &secrets {
                let Some(at) = memchr::memmem::find(&bytes, secret.as_bytes()) else { continue };
                let around = String::from_utf8_lossy(&bytes[at.saturating_sub(200)..at]).into_owned();
                let facts = format!("{}'s in {}, after {around:?}", kind.name(), path.display());
                report.found("a secret on the disk", &facts);
            }
        }
    }
    report.searched(secrets.len());
}

/// What happened, in a line.
fn journal(view: &Value) -> String {
    let reason = view["reason"].as_str().unwrap_or_default();
    let events = view["attempts"].as_array().cloned().unwrap_or_default();
    let told: Vec<String> = events
        .iter()
        .map(|attempt| format!("{} {} {}", attempt["phase"], attempt["outcome"], attempt["detail"]))
        .collect();
    format!("{} {reason:?} [{}]", view["id"], told.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(id: &str, parent: Option<&str>) -> Held {
        let (text, media, sent) = (String::new(), Vec::new(), Value::Null);
        Held { id: id.to_owned(), text, media, parent: parent.map(str::to_owned), at: 0, key: None, sent }
    }

    #[test]
    fn a_comment_stands_under_its_own_post_and_nowhere_else() {
        let posts = [held("7", None), held("8,9", None)];
        for (parent, stands) in
            [(Some("7"), true), (Some("8"), true), (Some("9"), false), (Some("6"), false), (None, false)]
        {
            assert_eq!(stands_under(&held("10", parent), &posts), stands, "{parent:?}");
        }
        assert!(!stands_under(&held("10", Some("7")), &[]), "without its post");
    }
}
