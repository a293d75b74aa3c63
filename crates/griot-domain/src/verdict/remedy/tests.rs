use super::*;
use crate::asset::{Facts, Format};
use crate::network::NetworkId;
use crate::verdict::{DraftMedia, judge};

fn medium(kind: MediaKind, alt: &str, library_alt: &str) -> DraftMedia {
    let facts = Facts {
        kind,
        format: Format::Jpeg,
        width: 1080,
        height: 1080,
        bytes: 1_000_000,
        animated: false,
        alpha: false,
        duration_ms: (kind == MediaKind::Video).then_some(20_000),
        video_codec: None,
        audio_codec: None,
        fps: None,
        metadata: Vec::new(),
    };
    DraftMedia { name: "a.jpg".into(), facts, alt: alt.into(), library_alt: library_alt.into() }
}

fn picture() -> DraftMedia {
    medium(MediaKind::Image, "", "Une place au soleil.")
}

fn film() -> DraftMedia {
    medium(MediaKind::Video, "Un marché.", "")
}

fn offered(draft: &Draft, network: NetworkId, code: &str) -> Vec<(String, String)> {
    let rules = Rules::of(network);
    let problems = judge(draft, rules, None, Lang::Fr).problems;
    let of_code = problems.iter().filter(|p| p.code == code);
    of_code
        .flat_map(|p| remedies(p, draft, rules, None, Lang::Fr))
        .map(|remedy| (remedy.id, remedy.label))
        .collect()
}

fn pressed(draft: &Draft, network: NetworkId, id: &str) -> Draft {
    let rules = Rules::of(network);
    let problems = judge(draft, rules, None, Lang::Fr).problems;
    let all = problems.iter().flat_map(|p| remedies(p, draft, rules, None, Lang::Fr));
    let remedy = all.into_iter().find(|r| r.id == id).unwrap_or_else(|| panic!("{network}: no {id}"));
    remedy.work_out(draft, rules, None).expect("it applies").on(draft.clone())
}

fn said(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(id, label)| ((*id).to_owned(), (*label).to_owned())).collect()
}

#[test]
fn a_press_keeps_the_pictures_or_the_film_and_the_first_that_fit() {
    let mixed = Draft { text: "a".into(), media: vec![picture(), film(), picture()], ..Draft::default() };
    assert_eq!(
        offered(&mixed, NetworkId::Mastodon, "mixed_media"),
        said(&[("keep_pictures", "Garder les photos"), ("keep_film", "Garder la vidéo")])
    );
    assert_eq!(pressed(&mixed, NetworkId::Mastodon, "keep_pictures").media, vec![picture(), picture()]);
    assert_eq!(pressed(&mixed, NetworkId::Mastodon, "keep_film").media, vec![film()]);
    let six = Draft { text: "a".into(), media: vec![picture(); 6], ..Draft::default() };
    assert_eq!(
        offered(&six, NetworkId::Bluesky, "too_many_images"),
        said(&[("keep_first_4_images", "Garder les 4 premières")])
    );
    assert_eq!(pressed(&six, NetworkId::Bluesky, "keep_first_4_images").media.len(), 4);
    assert_eq!(
        offered(&six, NetworkId::Youtube, "images_not_accepted"),
        said(&[("take_out_images", "Retirer les photos")])
    );
}

#[test]
fn a_text_is_shortened_at_a_word_and_a_link_stays_whole() {
    let text = format!("{}https://exemple.com/une/longue/adresse et la suite", "mot ".repeat(68));
    let long = Draft { text, ..Draft::default() };
    assert_eq!(
        offered(&long, NetworkId::Bluesky, "text_too_long"),
        said(&[("shorten", "Raccourcir pour Bluesky")])
    );
    let short = pressed(&long, NetworkId::Bluesky, "shorten").text;
    assert!(short.ends_with("mot mot…"), "{short}");
    let one_link = Draft { text: format!("https://exemple.com/{}", "a".repeat(400)), ..Draft::default() };
    assert_eq!(offered(&one_link, NetworkId::Bluesky, "text_too_long"), []);
}

#[test]
fn the_librarys_alt_text_is_offered_only_where_there_is_one() {
    let draft = Draft {
        text: "a".into(),
        media: vec![medium(MediaKind::Image, "", ""), picture()],
        ..Draft::default()
    };
    let offers = offered(&draft, NetworkId::Bluesky, "alt_missing");
    assert_eq!(offers, said(&[("use_library_alt_1", "Reprendre celui de la médiathèque")]));
    let after = pressed(&draft, NetworkId::Bluesky, "use_library_alt_1");
    assert_eq!(after.media[1].alt, "Une place au soleil.");
}

#[test]
fn signs_too_many_become_words() {
    let marks: String = (0..32).map(|n| format!("#mot{n} ")).collect();
    let draft = Draft { text: marks, media: vec![picture()], ..Draft::default() };
    let after = pressed(&draft, NetworkId::Instagram, "keep_first_30_hashtags").text;
    assert!(after.ends_with("#mot29 mot30 mot31 "), "{after}");
}

/// Drafts with everything that can be wrong.
fn troubled() -> Vec<Draft> {
    let fields = |value: &str| -> std::collections::BTreeMap<String, String> {
        let names = NetworkId::ALL.iter().flat_map(|n| &Rules::of(*n).fields).map(|field| field.name.clone());
        names.chain(["colour".to_owned()]).map(|name| (name, value.to_owned())).collect()
    };
    let marks: String = (0..40).map(|n| format!("#mot{n} @nom{n} https://exemple.com/{n} ")).collect();
    let texts =
        ["mot suivant ".repeat(300), "a".repeat(3500), marks, "a <b>\u{FEFF} c".into(), String::new()];
    let media = [
        vec![],
        vec![picture(); 60],
        vec![film(), picture(), film(), picture()],
        vec![medium(MediaKind::Image, &"mot ".repeat(600), "")],
    ];
    let values =
        [fields("mot, <autre>.\nligne "), fields(&"mot, ".repeat(450)), std::collections::BTreeMap::new()];
    let mut all = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        for (m, media) in media.iter().enumerate().filter(|(m, _)| (n + m).is_multiple_of(2)) {
            let fields = values[(n + m) % values.len()].clone();
            all.push(Draft { text: text.clone(), fields, media: media.clone() });
        }
    }
    all
}

#[test]
fn after_a_press_the_problem_is_gone_on_every_network() {
    let mut pressed = std::collections::BTreeSet::new();
    for draft in troubled() {
        for network in NetworkId::ALL {
            let rules = Rules::of(*network);
            for problem in judge(&draft, rules, None, Lang::Fr).problems {
                for remedy in remedies(&problem, &draft, rules, None, Lang::En) {
                    if !pressed.insert((*network, remedy.id.clone(), draft.text.len(), draft.media.len())) {
                        continue;
                    }
                    let patch = remedy.work_out(&draft, rules, None);
                    let patch = patch.unwrap_or_else(|| panic!("{network}: {} does nothing", remedy.id));
                    let after = judge(&patch.on(draft.clone()), rules, None, Lang::Fr).problems;
                    let same = |p: &&Problem| {
                        (&p.code, &p.field, p.medium) == (&problem.code, &problem.field, problem.medium)
                    };
                    assert_eq!(after.iter().find(same), None, "{network}: {}", remedy.id);
                }
            }
        }
    }
    for id in ["shorten", "keep_film", "clean_text", "take_out_images", "clear_colour", "shorten_alt_0"] {
        assert!(pressed.iter().any(|(_, name, ..)| name == id), "{id} was never offered");
    }
}

#[test]
fn buttons_are_named_in_both_languages() {
    for draft in troubled() {
        for network in NetworkId::ALL {
            let rules = Rules::of(*network);
            for problem in judge(&draft, rules, None, Lang::Fr).problems {
                let fr = remedies(&problem, &draft, rules, None, Lang::Fr);
                let en = remedies(&problem, &draft, rules, None, Lang::En);
                for (fr, en) in fr.iter().zip(&en) {
                    assert_eq!(fr.id, en.id);
                    assert!(fr.label != en.label && fr.label.chars().count() < 45, "{}", fr.label);
                }
            }
        }
    }
}
