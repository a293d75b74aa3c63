//! What people read, word for word where it counts.

use griot_app::wire::deliveries::Queue;
use griot_app::wire::library::ImportDone;
use griot_app::wire::media::CheckDone;
use griot_domain::{State, WaitingFor};

use super::*;

const FR: Voice = Voice { lang: Lang::Fr, zone: "Africa/Bamako" };
const EN: Voice = Voice { lang: Lang::En, zone: "Europe/Paris" };
const ID: &str = "019f0000-0000-7000-8000-000000000000";

#[test]
fn sizes_are_rounded_to_the_tenth() {
    for (bytes, fr, en) in [
        (0, "0 o", "0 B"),
        (999, "999 o", "999 B"),
        (1000, "1 ko", "1 kB"),
        (1_260_000, "1,3 Mo", "1.3 MB"),
        (999_999, "1 Mo", "1 MB"),
        (5_000_000_000, "5 Go", "5 GB"),
    ] {
        assert_eq!(FR.bytes(bytes).replace('\u{a0}', " "), fr);
        assert_eq!(EN.bytes(bytes).replace('\u{a0}', " "), en);
    }
}

#[test]
fn times_carry_their_zone() {
    let at: Timestamp = "2026-12-01T08:00:00.000Z".parse().unwrap();
    assert_eq!(FR.time(at), "2026-12-01 08:00 Africa/Bamako");
    assert_eq!(EN.time(at), "2026-12-01 09:00 Europe/Paris");
    assert_eq!(Voice::new(Lang::Fr, "Africa/Wakanda").time(at), "2026-12-01 08:00 UTC");
}

#[test]
fn an_import_says_what_came_in_and_why_not() {
    let answer: ImportDone = serde_json::from_value(json!({
        "imported": [{ "asset": ID, "path": "marché.jpg", "kind": "image", "width": 3000, "height": 4000, "bytes": 2_400_000, "duplicate": true }],
        "refused": [{ "path": "notes.jpg", "code": "not_media", "message": "Ce n’est pas une image." }],
    }))
    .unwrap();
    let expected = format!("{ID}  3000×4000  2,4\u{a0}Mo  marché.jpg  déjà dans la médiathèque");
    assert_eq!(
        media::imported(&FR, &answer),
        [expected.as_str(), "notes.jpg\u{a0}: Ce n’est pas une image."]
    );
}

#[test]
fn a_verdict_counts_and_says_the_fix() {
    let answer: CheckDone = serde_json::from_value(json!({
        "network": "bluesky",
        "text": { "used": 312, "max": 300, "unit": "graphemes", "over": 12 },
        "verdict": "error",
        "problems": [{ "code": "text_too_long", "level": "error", "message": "12 too many.", "fix": "Shorten it." }],
    }))
    .unwrap();
    assert_eq!(
        media::checked(&EN, &answer),
        [
            "Bluesky: 312 of 300 characters, cannot go",
            "  By the usual limits of Bluesky.",
            "  12 too many. Shorten it."
        ]
    );
    assert_eq!(media::checked(&FR, &answer)[0], "Bluesky\u{a0}: 312 caractères sur 300, ne peut pas partir");
}

#[test]
fn the_queue_is_a_table_with_the_names_of_accounts() {
    let line = |state: &str, waiting: Value, due: Value| {
        json!({ "id": ID, "post": ID, "account": ID, "network": "mastodon", "state": state, "due": due,
                "waiting_for": waiting, "attempts": 0, "url": null, "reason": null, "account_name": "Campagne",
                "title": "Bonjour", "asset": null, "failed": null, "part": 0, "group": "coming", "actions": [],
                "upload_bytes": if state == "waiting" { json!(1_260_000) } else { Value::Null }, "sent_bytes": 0,
                "updated": "2026-12-01T07:00:00.000Z" })
    };
    let answer: Queue = serde_json::from_value(json!({ "deliveries": [
        line("unknown", Value::Null, Value::Null),
        line("waiting", json!("network"), json!("2026-12-01T08:00:00.000Z")),
    ], "counts": { "person": 1, "coming": 1, "kept": 0, "done": 0 } }))
    .unwrap();
    let names = Names([(ID.parse().unwrap(), "Campagne".to_owned())].into());
    assert_eq!(
        queue::lines(&FR, &names, &answer),
        [
            format!("{ID}  Mastodon, Campagne  Bonjour  peut-être en ligne                 dès que possible"),
            format!(
                "{ID}  Mastodon, Campagne  Bonjour  en attente (d’un accès au réseau)  2026-12-01 08:00 Africa/Bamako  1,3\u{a0}Mo"
            ),
        ]
    );
}

#[test]
fn what_fits_says_what_goes_what_stays_and_by_which_speed() {
    let line = |title: &str, bytes: u64| {
        json!({ "id": ID, "account": ID, "network": "mastodon", "account_name": "Campagne", "title": title,
                "due": null, "bytes": bytes, "seconds": 4 })
    };
    let mut answer = json!({ "minutes": 10, "bytes_per_second": 40_000, "measured": true, "bytes": 5,
        "goes": [line("Bonjour", 5)], "stays": [line("Film", 81_000_000)], "kept_bytes": 81_000_000,
        "until": "2026-12-01T08:11:00.000Z" });
    let names = Names([(ID.parse().unwrap(), "Campagne".to_owned())].into());
    let said = |voice: &Voice, answer: &Value, goes| {
        let read = serde_json::from_value(answer.clone()).unwrap();
        traffic::fitting(voice, &names, &read, goes).join("\n").replace('\u{a0}', " ")
    };
    let known = format!(
        "Goes within 10 min: 1 post, 5 B\n  {ID}  Mastodon, Campagne  as soon as possible  5 B  Bonjour\n\
         Kept back until 2026-12-01 09:11 Europe/Paris: 1 post, 81 MB\n  \
         {ID}  Mastodon, Campagne  as soon as possible  81 MB  Film\n\
         Worked out at 40 kB/s, the speed of the last uploads."
    );
    assert_eq!(said(&EN, &answer, true), known);
    answer["measured"] = json!(false);
    let guessed = said(&FR, &answer, false);
    assert!(guessed.starts_with("Partirait en 10 min : 1 publication, 5 o"), "{guessed}");
    assert!(guessed.contains("Rien n’a été mesuré depuis une heure : calculé à 40 ko/s"), "{guessed}");
    (answer["goes"], answer["stays"]) = (json!([]), json!([]));
    assert_eq!(said(&FR, &answer, true), "Rien n’attend d’être envoyé.");
}

#[test]
fn totals_are_said_by_day_and_month_with_the_line() {
    let answer = json!({ "link": "metered", "metered": true, "bytes_per_second": 40_000,
        "measured": "2026-12-01T08:00:00.000Z", "sent_today": 12_400_000, "to_go_today": 8_100_000,
        "to_go": 9_000_000, "sent_month": 310_000_000,
        "days": [{ "day": "2026-12-01", "bytes": 12_400_000 }], "zone": "Africa/Bamako" });
    let read = serde_json::from_value(answer).unwrap();
    let said = traffic::totals(&FR, &read).join("\n").replace('\u{a0}', " ");
    assert_eq!(
        said,
        "Aujourd’hui : 12,4 Mo envoyés, 8,1 Mo à envoyer\nCe mois-ci : 310 Mo envoyés\n  2026-12-01  12,4 Mo\n\
         À envoyer en tout : 9 Mo\nConnexion : comptée au mégaoctet, 40 ko/s"
    );
}

#[test]
fn no_word_is_a_code_or_shouts() {
    for lang in [Lang::Fr, Lang::En] {
        let waits = WaitingFor::ALL.iter().map(|what| queue::state(lang, State::Waiting, Some(*what)));
        for word in State::ALL.iter().map(|state| queue::state(lang, *state, None)).chain(waits) {
            assert!(!word.contains(['_', '!', '\'']) && !word.is_empty(), "{word}");
        }
    }
}
