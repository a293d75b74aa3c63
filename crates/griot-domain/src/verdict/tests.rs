use expect_test::{Expect, expect};

use super::*;
use crate::asset::Format;
use crate::network::NetworkId;

fn picture(width: u32, height: u32, alt: &str) -> DraftMedia {
    let facts = Facts {
        kind: MediaKind::Image,
        format: Format::Jpeg,
        width,
        height,
        bytes: 30_000_000,
        animated: false,
        alpha: false,
        duration_ms: None,
        video_codec: None,
        audio_codec: None,
        fps: None,
        metadata: Vec::new(),
    };
    DraftMedia { name: "photo.jpg".into(), facts, alt: alt.into(), library_alt: String::new() }
}

fn film(seconds: u64) -> DraftMedia {
    let mut media = picture(1920, 1080, "Un marché.");
    media.name = "film.mp4".into();
    media.facts.kind = MediaKind::Video;
    media.facts.format = Format::Mp4;
    media.facts.duration_ms = Some(seconds * 1000);
    media
}

fn draft(text: &str, media: Vec<DraftMedia>, fields: &[(&str, &str)]) -> Draft {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Draft { text: text.into(), fields, media }
}

fn said(draft: &Draft, network: NetworkId, live: Option<&LiveLimits>, lang: Lang) -> String {
    let verdict = judge(draft, Rules::of(network), live, lang);
    let mut lines = vec![format!("{:?}", verdict.verdict)];
    lines.extend(
        verdict.problems.iter().map(|p| format!("{:?} {}: {} {}", p.level, p.code, p.message, p.fix)),
    );
    // The spaces that do not break would not be seen.
    lines.join("\n").replace('\u{A0}', "~")
}

#[expect(clippy::needless_pass_by_value, reason = "expectations are written in place")]
fn check(draft: Draft, network: NetworkId, expected: Expect) {
    expected.assert_eq(&said(&draft, network, None, Lang::Fr));
}

#[test]
fn a_good_draft_has_nothing_to_hear() {
    let good = draft("Bonjour", vec![picture(4000, 3000, "Une place.")], &[]);
    for network in
        [NetworkId::Bluesky, NetworkId::Mastodon, NetworkId::X, NetworkId::Instagram, NetworkId::Threads]
    {
        assert_eq!(said(&good, network, None, Lang::Fr), "Ok", "{network}");
    }
    let film = draft("Bonjour", vec![film(60)], &[]);
    for network in
        [NetworkId::Bluesky, NetworkId::Mastodon, NetworkId::X, NetworkId::Tiktok, NetworkId::Telegram]
    {
        assert_eq!(said(&film, network, None, Lang::Fr), "Ok", "{network}");
    }
}

#[test]
fn texts_that_do_not_fit() {
    check(
        draft(&"a".repeat(1281), vec![], &[]),
        NetworkId::X,
        expect![[r#"
        Error
        Error text_too_long: Le texte dépasse de 1~001 caractères ce que X accepte (280). Raccourcissez le texte, ou écrivez une variante plus courte pour X."#]],
    );
    check(
        draft(&"a".repeat(1025), vec![picture(800, 800, "")], &[]),
        NetworkId::Telegram,
        expect![[r#"
        Error
        Error text_too_long: Le texte dépasse de 1 caractère ce que Telegram accepte avec un média (1~024). Raccourcissez le texte, ou écrivez une variante plus courte pour Telegram."#]],
    );
    check(
        draft(&"👨\u{200D}👩\u{200D}👧".repeat(200), vec![], &[]),
        NetworkId::Bluesky,
        expect![[r#"
        Error
        Error text_too_long: Le texte dépasse de 600 octets ce que Bluesky accepte (3~000). Raccourcissez le texte, ou écrivez une variante plus courte pour Bluesky."#]],
    );
    check(
        draft(" ", vec![], &[]),
        NetworkId::Mastodon,
        expect![[r#"
        Error
        Error empty: Il n’y a rien à publier~: ni texte, ni média. Écrivez un texte ou ajoutez une image."#]],
    );
    check(
        draft("Bonjour", vec![], &[]),
        NetworkId::Instagram,
        expect![[r#"
        Error
        Error media_missing: Instagram ne publie pas de texte seul. Ajoutez une image ou une vidéo."#]],
    );
    check(
        draft("Bonjour", vec![], &[("title", "Une question sur le marché")]),
        NetworkId::Discourse,
        expect![[r#"
        Error
        Error text_too_short: Discourse demande au moins 20 caractères~; le texte en a 7. Écrivez un peu plus."#]],
    );
    check(
        draft(&"a".repeat(500), vec![], &[]),
        NetworkId::Facebook,
        expect![[r#"
        Warning
        Warning text_folded: Facebook replie le texte après environ 480 caractères, derrière «~Voir plus~». Mettez l’essentiel au début."#]],
    );
    check(
        draft("a\u{FEFF}b", vec![], &[]),
        NetworkId::X,
        expect![[r#"
        Error
        Error forbidden_character: X refuse un caractère invisible (U+FEFF) dans le texte. Retirez-le du texte."#]],
    );
    check(
        draft("a < b", vec![film(60)], &[("title", "x > y")]),
        NetworkId::Youtube,
        expect![[r#"
        Error
        Error forbidden_character: YouTube refuse le signe «~<~» dans le texte. Retirez-le du texte.
        Error forbidden_character: YouTube refuse le signe «~>~» dans le champ «~title~». Retirez-le."#]],
    );
}

#[test]
fn links_hashtags_and_mentions_are_limited() {
    let links: String = (0..7).map(|n| format!("https://exemple.com/{n} ")).collect();
    check(
        draft(&links, vec![], &[]),
        NetworkId::Threads,
        expect![[r#"
        Error
        Error too_many_links: Threads accepte 5 liens au plus~; le texte en compte 7. Retirez 2 liens."#]],
    );
    let same = "https://exemple.com/1 ".repeat(7);
    check(draft(&same, vec![], &[]), NetworkId::Threads, expect!["Ok"]);
    let marks: String = (0..31).map(|n| format!("#mot{n} @nom{} ", n % 21)).collect();
    check(
        draft(&marks, vec![picture(1080, 1350, "a")], &[]),
        NetworkId::Instagram,
        expect![[r#"
        Error
        Error too_many_hashtags: Instagram accepte 30 hashtags au plus~; le texte en compte 31. Retirez 1 hashtag.
        Error too_many_mentions: Instagram accepte 20 mentions au plus~; le texte en compte 31. Retirez 11 mentions."#]],
    );
}

#[test]
fn fields_are_held_to_their_declaration() {
    check(
        draft("Bonjour", vec![], &[("visibility", "secret"), ("titre", "x")]),
        NetworkId::Mastodon,
        expect![[r#"
        Error
        Error unknown_field: Mastodon n’a pas de champ «~titre~». Les champs pour Mastodon~: visibility, spoiler, sensitive, language, first_comment.
        Error bad_choice: Le champ «~visibility~» ne peut pas être «~secret~». Choisissez parmi~: public, unlisted, private, direct."#]],
    );
    check(
        draft("Bonjour", vec![], &[]),
        NetworkId::Wordpress,
        expect![[r#"
        Error
        Error field_required: WordPress demande un titre. Remplissez le champ «~title~»."#]],
    );
    check(
        draft(&"a".repeat(30), vec![], &[("title", "Court")]),
        NetworkId::Discourse,
        expect![[r#"
        Error
        Error field_too_short: Le champ «~title~» demande au moins 15 caractères~; il en a 5. Écrivez un peu plus."#]],
    );
    check(
        draft(&"a".repeat(30), vec![], &[("topic", " ")]),
        NetworkId::Discourse,
        expect![[r#"
        Error
        Error field_required: Discourse demande un titre. Remplissez le champ «~title~»."#]],
    );
    check(draft(&"a".repeat(30), vec![], &[("topic", "12")]), NetworkId::Discourse, expect!["Ok"]);
    check(
        draft(
            "a",
            vec![],
            &[("language", "français"), ("first_comment", &"a".repeat(501)), ("sensitive", "oui")],
        ),
        NetworkId::Mastodon,
        expect![[r#"
            Error
            Error bad_field: Le champ «~sensitive~» ne peut pas être «~oui~». Mettez true (oui) ou false (non).
            Error bad_field: Le champ «~language~» ne peut pas être «~français~». Mettez un code de langue, par exemple fr, bm ou pt-BR.
            Error field_too_long: Le premier commentaire dépasse de 1 caractère ce que Mastodon accepte (500). Raccourcissez-le."#]],
    );
    check(
        draft("a", vec![], &[("link", "exemple.com")]),
        NetworkId::Facebook,
        expect![[r#"
        Error
        Error bad_field: Le champ «~link~» ne peut pas être «~exemple.com~». Mettez une adresse entière, qui commence par https://."#]],
    );
    check(
        draft("a", vec![], &[("title", "x")]),
        NetworkId::Whatsapp,
        expect![[r#"
        Error
        Error unknown_field: WhatsApp n’a pas de champ «~title~». Retirez ce champ~: WhatsApp n’en a pas."#]],
    );
    let spoiler = "a".repeat(300);
    check(
        draft(&"b".repeat(201), vec![], &[("spoiler", &spoiler)]),
        NetworkId::Mastodon,
        expect![[r#"
        Error
        Error text_too_long: Le texte dépasse de 1 caractère ce que Mastodon accepte (500). Raccourcissez le texte, ou écrivez une variante plus courte pour Mastodon."#]],
    );
}

#[test]
fn media_that_do_not_fit() {
    let five = || (0..5).map(|_| picture(800, 800, "a")).collect();
    check(
        draft("a", five(), &[]),
        NetworkId::Bluesky,
        expect![[r#"
        Error
        Error too_many_images: Bluesky accepte 4 images au plus~; il y en a 5. Retirez-en 1."#]],
    );
    check(
        draft("a", vec![picture(800, 800, "a"), film(60)], &[]),
        NetworkId::Mastodon,
        expect![[r#"
        Error
        Error mixed_media: Mastodon ne mêle pas images et vidéos dans une même publication. Gardez les images ou la vidéo, et publiez le reste à part."#]],
    );
    check(draft("a", vec![picture(800, 800, "a"), film(60)], &[]), NetworkId::Telegram, expect!["Ok"]);
    check(
        draft("a", vec![film(200)], &[]),
        NetworkId::X,
        expect![[r#"
        Error
        Error video_too_long: «~film.mp4~» dure 3~min~20~s~; X accepte 2~min~20~s au plus. Coupez la vidéo, ou n’en gardez qu’un extrait."#]],
    );
    check(
        draft("a", vec![film(2)], &[]),
        NetworkId::Instagram,
        expect![[r#"
        Error
        Error video_too_short: «~film.mp4~» dure 2~s~; Instagram demande au moins 3~s. Prenez une vidéo plus longue."#]],
    );
    check(
        draft("a", vec![film(3600)], &[]),
        NetworkId::Telegram,
        expect![[r#"
        Warning
        Warning video_poor: «~film.mp4~» dure 1~h et doit tenir en 50 Mo~: l’image sera pauvre. N’en gardez qu’un extrait."#]],
    );
    check(
        draft("a", vec![picture(9000, 300, "a")], &[]),
        NetworkId::Threads,
        expect![[r#"
        Error
        Error image_ratio: «~photo.jpg~» est trop large pour Threads. Recadrez, ou choisissez un autre format de sortie."#]],
    );
    check(
        draft("a", vec![picture(300, 300, "a")], &[]),
        NetworkId::Threads,
        expect![[r#"
        Error
        Error image_too_small: «~photo.jpg~» fait 300 pixels de large~; Threads en demande 320. Prenez une image plus grande."#]],
    );
    check(
        draft("a", vec![picture(300, 300, "a")], &[]),
        NetworkId::Instagram,
        expect![[r#"
        Warning
        Warning image_small: «~photo.jpg~» (300 × 300) sera agrandie et paraîtra floue sur Instagram. Prenez une image plus grande si vous en avez une."#]],
    );
    check(
        draft("a", vec![picture(800, 800, "a")], &[("title", "Un film")]),
        NetworkId::Youtube,
        expect![[r#"
        Error
        Error images_not_accepted: Sur YouTube, une publication ne porte pas d’image. Retirez ce qui est de trop (1)."#]],
    );
}

#[test]
fn alt_texts_are_asked_for_where_there_is_a_place_for_them() {
    check(
        draft("a", vec![picture(800, 800, " ")], &[]),
        NetworkId::X,
        expect![[r#"
        Warning
        Warning alt_missing: «~photo.jpg~» n’a pas de texte alternatif. Décrivez l’image pour les personnes qui ne la voient pas."#]],
    );
    check(draft("a", vec![picture(800, 800, "")], &[]), NetworkId::Telegram, expect!["Ok"]);
    check(
        draft("a", vec![picture(800, 800, &"a".repeat(1001))], &[]),
        NetworkId::X,
        expect![[r#"
            Error
            Error alt_too_long: Le texte alternatif de «~photo.jpg~» dépasse de 1 caractère ce que X accepte (1~000). Raccourcissez le texte alternatif."#]],
    );
}

#[test]
fn an_animation_that_goes_out_as_a_picture_is_still_where_no_gif_is_taken() {
    let mut moving = picture(800, 800, "a");
    (moving.facts.animated, moving.facts.format) = (true, Format::Gif);
    check(draft("a", vec![moving.clone()], &[]), NetworkId::Mastodon, expect!["Ok"]);
    check(
        draft("a", vec![moving], &[]),
        NetworkId::Bluesky,
        expect![[r#"
        Warning
        Warning animation_lost: «~photo.jpg~» est animée~; elle sera envoyée fixe. Pour garder le mouvement, retirez les retouches ou envoyez une vidéo."#]],
    );
}

#[test]
fn an_animation_that_fits_in_no_album_stands_alone() {
    let mut moving = picture(800, 800, "a");
    (moving.facts.animated, moving.facts.format) = (true, Format::Gif);
    check(draft("a", vec![moving.clone()], &[]), NetworkId::Telegram, expect!["Ok"]);
    check(draft("a", vec![moving.clone(), moving.clone()], &[]), NetworkId::Mastodon, expect!["Ok"]);
    check(
        draft("a", vec![picture(800, 800, "a"), moving], &[]),
        NetworkId::Telegram,
        expect![[r#"
        Error
        Error animation_not_alone: «~photo.jpg~» est animée~; Telegram ne la prend que seule. Publiez-la à part, ou retirez-la."#]],
    );
}

#[test]
fn what_the_server_states_wins() {
    let live = LiveLimits {
        text_max: Some(5000),
        media_max: Some(6),
        url_length: Some(40),
        alt_max: Some(10),
        ..LiveLimits::default()
    };
    let six = (0..6).map(|_| picture(800, 800, "Onze lettre")).collect();
    let long = draft(&format!("{} https://exemple.com/{}", "a".repeat(4000), "b".repeat(900)), six, &[]);
    let verdict = judge(&long, Rules::of(NetworkId::Mastodon), Some(&live), Lang::Fr);
    assert_eq!((verdict.text.used, verdict.text.max, verdict.text.over), (4041, Some(5000), 0));
    assert!(verdict.problems.iter().all(|p| p.code == "alt_too_long"), "{:?}", verdict.problems);
    assert_eq!(verdict.problems.len(), 6);
}

#[test]
fn english_says_the_same() {
    let bad = draft(&"a".repeat(1281), vec![picture(800, 800, "")], &[("colour", "red")]);
    expect![[r#"
        Error
        Error text_too_long: The text is 1,001 characters over what X takes (280). Shorten the text, or write a shorter variant for X.
        Error unknown_field: X has no field “colour”. The fields of X: reply_settings, synthetic_media, first_comment.
        Warning alt_missing: “photo.jpg” has no alt text. Describe the picture for people who do not see it."#]].assert_eq(&said(&bad, NetworkId::X, None, Lang::En));
}

#[test]
fn sentences_are_set_in_french_type() {
    let bad = draft(
        &"a<".repeat(3000),
        vec![film(50_000), picture(10, 10, "")],
        &[("colour", "red"), ("language", "!")],
    );
    for network in NetworkId::ALL {
        for problem in judge(&bad, Rules::of(*network), None, Lang::Fr).problems {
            for sentence in [problem.message, problem.fix] {
                let loose = [" :", " ;", " !", " ?", "« ", " »", "'", "!"]
                    .iter()
                    .find(|sign| sentence.contains(**sign));
                let quoted = sentence.contains("«\u{A0}!\u{A0}»");
                assert!(loose.is_none() || quoted, "{network}: {sentence}");
                assert!(sentence.ends_with('.'), "{network}: {sentence}");
            }
        }
    }
}

#[test]
fn where_a_person_pastes_the_text_is_counted_as_it_is_pasted() {
    let used = |network| judge(&draft("**oui**", vec![], &[]), Rules::of(network), None, Lang::Fr).text.used;
    assert_eq!((used(NetworkId::Phpbb), used(NetworkId::Whatsapp)), (10, 5));
    assert_eq!(used(NetworkId::Telegram), 7);
}

#[test]
fn alt_text_is_counted_as_each_network_counts_it() {
    // 1,470 letters and 25 signs beyond the first plane: 1,495 code points, 1,520 units of UTF-16.
    let alt = format!("{}{}", "a".repeat(1470), "😀".repeat(25));
    let family = "👨\u{200D}👩\u{200D}👧\u{200D}👦".repeat(200);
    let of = |network, alt: &str| {
        let verdict =
            judge(&draft("a", vec![picture(800, 800, alt)], &[]), Rules::of(network), None, Lang::En);
        verdict.problems.into_iter().find(|p| p.code == "alt_too_long").map(|p| p.message)
    };
    assert_eq!(of(NetworkId::Mastodon, &alt), None);
    assert_eq!(
        of(NetworkId::Mastodon, &"a".repeat(1501)).map(|said| said.contains("1 character over")),
        Some(true)
    );
    assert_eq!(of(NetworkId::X, &format!("{}{}", "a".repeat(980), "😀".repeat(20))), None);
    assert_eq!(of(NetworkId::Bluesky, &family), None);
    assert!(of(NetworkId::Threads, &format!("{}{}", "a".repeat(980), "😀".repeat(20))).is_some());
}

#[test]
fn a_person_who_publishes_in_the_app_may_use_what_the_app_takes() {
    let pictures = |n: usize| draft("a", (0..n).map(|_| picture(1080, 1350, "alt")).collect(), &[]);
    let of = |n: usize| judge(&pictures(n), Rules::of(NetworkId::Instagram), None, Lang::Fr).verdict;
    assert_eq!((of(15), of(20), of(21)), (Level::Ok, Level::Ok, Level::Error));
    let hand = Rules::of(NetworkId::Instagram);
    assert_eq!(hand.images.max_count, 10, "the interface takes ten");
    assert_eq!(hand.in_force(None).images.max_count, 20);
}
