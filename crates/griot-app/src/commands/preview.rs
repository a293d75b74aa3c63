//! How a post will look on a network, about: the text in its parts, the media in the shape in which they go out.
//!
//! Deliberately absent: the network's own look, which changes without notice.

use griot_domain::rules::Rules;
use griot_domain::text::Count;
use griot_domain::text::parts::{Kind, parts};
use griot_domain::{Account, Asset, Attachment, Effective, NetworkId, Recipe};

use crate::looks::{self, Looks};
use crate::renditions;
use crate::wire::verdicts::{PostPreview, PreviewMedia, Segment, SegmentKind};

/// So many letters are shown: more than a person reads in a preview, and little enough for every keystroke.
const SHOWN: usize = 3000;
/// The long side of a picture in a preview, in pixels.
const LOOK: u32 = 960;

/// The preview of what `account` gets. `media` are the assets of `content.media` that the library has, each with what
/// this post makes of it; `looks` names the pictures of what was changed.
pub(super) fn preview(
    looks: &Looks,
    account: &Account,
    content: &Effective,
    count: &Count,
    media: &[(&Asset, &Attachment)],
) -> PostPreview {
    let rules = Rules::of(account.network);
    let end = content.text.char_indices().nth(SHOWN).map_or(content.text.len(), |(at, _)| at);
    let spoiler = content.fields.get("spoiler").map(|words| words.trim()).filter(|words| !words.is_empty());
    PostPreview {
        segments: segments(&content.text[..end], account.network),
        folded: end < content.text.len() || rules.text.fold.is_some_and(|fold| count.used > fold),
        spoiler: spoiler.filter(|_| rules.field("spoiler").is_some()).map(str::to_owned),
        media: media.iter().map(|(asset, shown)| shape(looks, account, asset, shown)).collect(),
    }
}

fn segments(text: &str, network: NetworkId) -> Vec<Segment> {
    let mut found = Vec::new();
    let mut add = |kind, text: &str| {
        if !text.is_empty() {
            found.push(Segment { kind, text: text.to_owned() });
        }
    };
    let mut at = 0;
    for part in parts(text, network) {
        add(SegmentKind::Plain, &text[at..part.start]);
        let kind = match part.kind {
            Kind::Link => SegmentKind::Link,
            Kind::Hashtag => SegmentKind::Hashtag,
            Kind::Mention => SegmentKind::Mention,
        };
        add(kind, &text[part.start..part.end]);
        at = part.end;
    }
    add(SegmentKind::Plain, &text[at..]);
    found
}

fn shape(looks: &Looks, account: &Account, asset: &Asset, shown: &Attachment) -> PreviewMedia {
    let recipe = renditions::recipe_for(account, asset, &shown.edit);
    let (fit, frame, focus) = match &recipe {
        Recipe::Image(r) => (r.fit, (r.width, r.height), r.focus),
        Recipe::Video(r) => (r.fit, (r.width, r.height), r.focus),
    };
    let original = shown.edit.size((asset.facts.width, asset.facts.height), account.network);
    let (width, height) = looks::size_within(fit, original, frame);
    // The page itself shows what a frame cuts off; what was changed it cannot know.
    let looks = (!shown.edit.is_nothing()).then(|| looks.name(asset, &recipe, LOOK));
    PreviewMedia {
        asset: asset.id,
        kind: asset.facts.kind,
        alt: shown.alt.clone(),
        width,
        height,
        fit,
        focus,
        duration_ms: shown.edit.trim.map_or(asset.facts.duration_ms, |trim| Some(trim.to_ms - trim.from_ms)),
        look: looks.map(looks::spelt),
    }
}
