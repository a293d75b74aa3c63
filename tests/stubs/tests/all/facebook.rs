//! Facebook.

use griot_stubs::facebook::{PAGE, TOKEN, USER_TOKEN};
use griot_stubs::http::{Answer, Request};
use griot_stubs::{Auditor, Facebook};
use serde_json::{Value, json};

use super::{FILM, PICTURE, assert_clean, hash, send};

const NOW: i64 = 1_795_377_600_000;

fn at(edge: &str) -> String {
    format!("/v26.0/{PAGE}/{edge}")
}

fn ask(page: &Facebook, request: Request) -> Answer {
    send(page, &request.with("authorization", &format!("Bearer {TOKEN}")))
}

fn get(page: &Facebook, target: &str) -> Value {
    ask(page, Request::new("GET", target)).value()
}

fn post(page: &Facebook, target: &str, body: &Value) -> Answer {
    ask(page, Request::new("POST", target).with_json(body))
}

fn code(answer: &Answer) -> (i64, i64) {
    let error = &answer.value()["error"];
    (error["code"].as_i64().unwrap_or(0), error["error_subcode"].as_i64().unwrap_or(0))
}

fn photo(page: &Facebook, alt: &str) -> String {
    let texts = [("published", "false"), ("alt_text_custom", alt)];
    let request = Request::new("POST", &at("photos"));
    let answer = ask(page, request.with_form(&texts, &[("source", "a.jpg", "image/jpeg", PICTURE)]));
    answer.value()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_post_with_photos_and_a_comment_are_read_back() {
    let page = Facebook::start();
    let photos = [photo(&page, "Un étal"), photo(&page, "Du riz")];
    let media: Vec<_> = photos.iter().map(|id| json!({ "media_fbid": id })).collect();
    let text = "Le marché\nà Bamako & ailleurs";
    let body = json!({"message": text, "attached_media": media, "published": true});
    let said = post(&page, &format!("{}?fields=id,permalink_url", at("feed")), &body).value();
    let id = said["id"].as_str().unwrap().to_owned();
    assert!(said["permalink_url"].as_str().unwrap().starts_with("https://www.facebook.com/"));
    let comment = post(&page, &format!("/v26.0/{id}/comments"), &json!({"message": "Premier"}));
    assert_eq!(comment.status, 200);
    let posts = page.posts();
    assert_eq!((posts[0].text.as_str(), posts[1].parent.as_deref()), (text, Some(id.as_str())));
    let alts: Vec<_> = posts[0].media.iter().map(|m| (m.hash.clone(), m.alt.clone().unwrap())).collect();
    assert_eq!(alts, [(hash(PICTURE), "Un étal".to_owned()), (hash(PICTURE), "Du riz".to_owned())]);
    let fields = "fields=id,message,created_time,attachments{media_type,target,subattachments}";
    let list = get(&page, &format!("{}?{fields}&limit=25", at("published_posts")));
    assert_eq!((list["data"].as_array().unwrap().len(), &list["data"][0]["message"]), (1, &json!(text)));
    let within = &list["data"][0]["attachments"]["data"][0]["subattachments"]["data"];
    assert_eq!(within[1]["target"]["id"], photos[1]);
    let comments = get(&page, &format!("/v26.0/{id}/comments?fields=id,message"));
    assert_eq!(comments["data"][0]["message"], "Premier");
    let again = post(&page, &at("feed"), &json!({"message": "x", "attached_media": media}));
    assert_eq!(code(&again), (100, 1_366_051), "a photo belongs to one post");
    assert_clean(&page);
}

#[test]
fn what_facebook_refuses_is_refused() {
    let page = Facebook::start();
    let text = |text: &str| post(&page, &at("feed"), &json!({"message": text, "published": true}));
    assert_eq!(text("une fois").status, 200);
    assert_eq!(code(&text("une fois")).0, 506);
    assert_eq!(text("autre").status, 200);
    assert_eq!(text("une fois").status, 200, "only the one before is looked at");
    assert_eq!(code(&text(&"x".repeat(63_207))).0, 100);
    assert_eq!(code(&text("")).0, 100);
    let unknown = post(&page, &at("feed"), &json!({"message": "x", "attached_media": [{"media_fbid": "7"}]}));
    assert_eq!(code(&unknown).0, 100);
    assert_eq!(code(&ask(&page, Request::new("GET", "/v26.0/7"))), (100, 33));
    assert_eq!(code(&ask(&page, Request::new("GET", "/v9.0/me"))).0, 2500);
    assert_eq!(
        code(&ask(&page, Request::new("GET", &format!("{}?fields=txet", at("published_posts"))))).0,
        100
    );
    assert_eq!(page.posts().len(), 3);
    let large = vec![0; (4 << 20) + 1];
    let form =
        Request::new("POST", &at("photos")).with_form(&[], &[("source", "a.jpg", "image/jpeg", &large)]);
    assert_eq!(code(&ask(&page, form)), (324, 1_366_046));
    assert_clean(&page);
}

#[test]
fn a_reel_goes_on_where_it_broke_off_and_is_made_by_being_asked_for() {
    let page = Facebook::start();
    let begun = post(&page, &at("video_reels"), &json!({"upload_phase": "start"})).value();
    let id = begun["video_id"].as_str().unwrap().to_owned();
    let place = begun["upload_url"].as_str().unwrap().strip_prefix(&page.url()).unwrap().to_owned();
    let send_from = |from: usize, bytes: &[u8]| {
        let mut request = Request::new("POST", &place)
            .with("authorization", &format!("OAuth {TOKEN}"))
            .with("offset", &from.to_string())
            .with("file_size", &FILM.len().to_string());
        request.body = bytes.to_vec();
        send(&page, &request)
    };
    assert_eq!(send_from(0, &FILM[..10]).value()["debug_info"]["type"], "PartialRequestError");
    assert_eq!(send_from(3, &FILM[3..]).value()["debug_info"]["type"], "OffsetInvalidError");
    let state = || get(&page, &format!("/v26.0/{id}?fields=status"))["status"].clone();
    assert_eq!(state()["uploading_phase"]["bytes_transfered"], 10);
    let finish =
        json!({"upload_phase": "finish", "video_id": id, "video_state": "PUBLISHED", "description": "Danse"});
    assert_eq!(code(&post(&page, &at("video_reels"), &finish)).0, 6000, "not whole");
    assert_eq!(send_from(10, &FILM[10..]).value()["success"], true);
    assert_eq!(state()["publishing_phase"]["status"], "not_started");
    assert_eq!(post(&page, &at("video_reels"), &finish).value()["success"], true);
    let list = || get(&page, &at("published_posts"))["data"].as_array().unwrap().len();
    assert_eq!(state()["video_status"], "processing");
    assert_eq!(list(), 0);
    assert_eq!(state()["publishing_phase"]["status"], "in_progress");
    assert_eq!(state()["publishing_phase"]["publish_status"], "published");
    assert_eq!(list(), 1);
    let posts = page.posts();
    assert_eq!(
        (posts.len(), posts[0].text.as_str(), posts[0].media[0].hash.clone()),
        (1, "Danse", hash(FILM))
    );
    assert_clean(&page);
}

#[test]
fn a_film_goes_up_in_the_parts_that_are_asked_for() {
    let page = Facebook::start();
    page.part(10);
    let begun =
        post(&page, &at("videos"), &json!({"upload_phase": "start", "file_size": FILM.len()})).value();
    let session = begun["upload_session_id"].as_str().unwrap().to_owned();
    let part = |from: usize, to: usize| {
        let from_text = from.to_string();
        let texts =
            [("upload_phase", "transfer"), ("upload_session_id", &session), ("start_offset", &from_text)];
        let request = Request::new("POST", &at("videos"));
        ask(&page, request.with_form(&texts, &[("video_file_chunk", "a", "video/mp4", &FILM[from..to])]))
    };
    let wrong = part(5, 10).value();
    assert_eq!(wrong["error"]["error_data"], json!({"start_offset": "0", "end_offset": "10"}));
    let mut next = begun;
    while next["start_offset"] != next["end_offset"] {
        let offset = |name: &str| next[name].as_str().unwrap().parse::<usize>().unwrap();
        next = part(offset("start_offset"), offset("end_offset")).value();
    }
    let finish = json!({"upload_phase": "finish", "upload_session_id": session, "published": true, "description": "Vu"});
    assert_eq!(post(&page, &at("videos"), &finish).value()["success"], true);
    assert_eq!(page.posts()[0].media[0].hash, hash(FILM));
    assert_clean(&page);
}

#[test]
fn a_post_with_a_date_waits_moves_and_appears() {
    let page = Facebook::start();
    page.set_now(NOW);
    let dated = |text: &str, minutes: i64| {
        let time = NOW / 1000 + minutes * 60;
        post(
            &page,
            &at("feed"),
            &json!({"message": text, "published": false, "scheduled_publish_time": time}),
        )
    };
    assert_eq!(code(&dated("trop tôt", 5)).0, 100);
    let ids: Vec<_> = ["un", "deux", "trois"].map(|text| dated(text, 60).value()["id"].clone()).to_vec();
    let node = |id: &Value| format!("/v26.0/{}", id.as_str().unwrap());
    let waiting = get(&page, &format!("{}?fields=id,message,scheduled_publish_time", at("scheduled_posts")));
    assert_eq!(waiting["data"].as_array().unwrap().len(), 3);
    assert_eq!((page.posts().len(), page.scheduled().len()), (0, 3));
    let moved = json!({"scheduled_publish_time": NOW / 1000 + 7200});
    assert_eq!(post(&page, &node(&ids[0]), &moved).value()["success"], true);
    assert_eq!(post(&page, &node(&ids[1]), &json!({"is_published": true})).value()["success"], true);
    assert_eq!(ask(&page, Request::new("DELETE", &node(&ids[2]))).value()["success"], true);
    assert_eq!(page.posts()[0].text, "deux");
    page.set_now(NOW + 3_600_000);
    assert_eq!((page.posts().len(), page.scheduled()[0].post.at), (1, NOW + 7_200_000));
    page.set_now(NOW + 7_200_000);
    assert_eq!((page.posts().len(), page.scheduled().len()), (2, 0));
    assert_eq!(get(&page, &at("published_posts"))["data"][0]["message"], "un");
    assert_clean(&page);
}

#[test]
fn only_good_tokens_are_good_and_a_persons_leads_to_the_pages() {
    let page = Facebook::start();
    let with = |token: &str, target: &str| {
        send(&page, &Request::new("GET", target).with("authorization", &format!("Bearer {token}")))
    };
    assert_eq!(code(&send(&page, &Request::new("GET", "/v26.0/me"))).0, 104);
    assert_eq!(code(&with("EAAwrong", "/v26.0/me")).0, 190);
    assert_eq!(code(&with(USER_TOKEN, "/v26.0/me?fields=id,name,link,category")).0, 100);
    let accounts =
        with(USER_TOKEN, "/v26.0/me/accounts?fields=id,name,username,access_token&limit=100").value();
    assert_eq!(
        (&accounts["data"][0]["id"], &accounts["data"][0]["access_token"]),
        (&json!(PAGE), &json!(TOKEN))
    );
    page.revoke();
    assert_eq!(code(&with(TOKEN, "/v26.0/me?fields=id,name")), (190, 467));
    page.replace("EAAnew");
    assert_eq!(with("EAAnew", "/v26.0/me?fields=id,name").value()["id"], PAGE);
    with("EAAnew", "/v26.0/me?access_token=EAAnew");
    assert_eq!(page.violations().len(), 1);
}

#[test]
fn a_wrong_field_is_noted() {
    let page = Facebook::start();
    post(&page, &at("feed"), &json!({"message": "x", "texte": "y"}));
    post(&page, &at("feed"), &json!({"message": 7}));
    assert_eq!(page.violations().len(), 2, "{:?}", page.violations());
}
