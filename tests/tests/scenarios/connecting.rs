//! Connecting: the passphrase of the secrets, networks as the page shows them, agreeing in the browser.

use std::time::Duration;

use griot_app::Code;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

#[test]
fn without_a_keychain_a_first_passphrase_is_chosen_and_asked_for_at_the_next_start() {
    let t = TestStudio::new().without_passphrase();
    let state = |t: &TestStudio| t.ask("studio.status", json!({}))["secrets"].clone();
    assert_eq!(state(&t), "unset");
    let fields = json!({ "handle": "me", "password": "right" });
    let add = json!({ "network": "bluesky", "fields": fields });
    let error = t.refused("accounts.add", add.clone());
    assert_eq!(error.code, Code::Secrets);
    assert!(error.hint.contains("Choose a passphrase"), "{error:?}");
    assert_eq!(t.bluesky.calls(), Vec::<&str>::new(), "no password left before it could be kept");
    assert_eq!(t.refused("secrets.unlock", json!({ "passphrase": "1234567" })).code, Code::Secrets);
    t.ok("secrets.unlock", json!({ "passphrase": "quatre mots bien longs" }));
    assert_eq!(state(&t), "open");
    t.ok("accounts.add", add);
    let t = t.restarted();
    assert_eq!(state(&t), "locked");
    let wrong = t.refused("secrets.unlock", json!({ "passphrase": "quatre mots bien courts" }));
    assert_eq!(wrong.code, Code::Secrets);
    assert!(!format!("{wrong:?}").contains("courts"), "a passphrase is in no answer");
    assert_eq!(state(&t), "locked");
    t.ok("secrets.unlock", json!({ "passphrase": "quatre mots bien longs" }));
    assert_eq!(state(&t), "open");
    t.ok("secrets.unlock", json!({ "passphrase": "anything" }));
    let asked = griot_app::wire::studio::Unlock { passphrase: "s3cret".to_owned() };
    assert!(!format!("{asked:?}").contains("s3cret"));
}

#[test]
fn a_file_under_a_passphrase_stays_one_also_where_a_keychain_has_come() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let owners = t.home.path().join("app/owners");
    let mut names = std::fs::read_dir(owners).expect("the owners").flatten().map(|e| e.path());
    let id = names
        .find_map(|p| p.file_stem().map(|s| s.to_string_lossy().into_owned()))
        .expect("the workspace's id");
    let usual = t.home.path().join("app/secrets");
    std::fs::create_dir_all(&usual).expect("a folder");
    std::fs::copy(t.home.path().join("app.age"), usual.join(format!("{id}.age"))).expect("the secrets");
    let t = t.without_passphrase().in_the_usual_place();
    assert_eq!(t.ask("studio.status", json!({}))["secrets"], "locked");
    assert_eq!(t.refused("secrets.unlock", json!({ "passphrase": "not this one" })).code, Code::Secrets);
    t.ok("secrets.unlock", json!({ "passphrase": "correct horse" }));
    let _ = t.post(json!({ "text": "with the old secrets", "to": ["bluesky"] }));
    t.work();
    assert_eq!(t.bluesky.live(), ["with the old secrets"]);
}

#[test]
fn an_outbox_that_waits_for_the_passphrase_goes_on_when_it_is_given() {
    let first = TestStudio::new();
    let _ = first.accounts();
    let id = first.post(json!({ "text": "waits", "to": ["bluesky"] })).remove(0);
    let t = first.without_passphrase();
    let task = t.attend();
    t.until("it is locked", |t| t.ask("studio.status", json!({}))["worker"] == "locked");
    assert_eq!(t.delivery(&id)["state"], "scheduled");
    t.ok("secrets.unlock", json!({ "passphrase": "correct horse" }));
    t.until("it went out", |t| t.delivery(&id)["state"] == "published");
    assert_eq!(t.ask("studio.status", json!({}))["worker"], "here");
    t.studio.cancel();
    t.ended(task);
    assert_eq!(t.ask("studio.status", json!({}))["worker"], "stopped");
}

#[test]
fn networks_say_how_they_are_connected_in_plain_words() {
    let t = TestStudio::new();
    t.ok("settings.set", json!({ "key": "language", "value": "fr" }));
    let list = t.ask("networks.list", json!({}));
    let list = list["networks"].as_array().expect("a list");
    assert_eq!(list.len(), 14);
    let of = |id: &str| list.iter().find(|n| n["id"] == id).expect("a network");
    let (bluesky, mastodon) = (of("bluesky"), of("mastodon"));
    assert_eq!((&bluesky["by_hand"], &bluesky["sign_in"]), (&json!(false), &json!(false)));
    assert_eq!((&mastodon["by_hand"], &mastodon["sign_in"]), (&json!(false), &json!(true)));
    let first_by_hand = list.iter().position(|n| n["by_hand"] == true).expect("some are by hand");
    assert!(list[first_by_hand..].iter().all(|n| n["by_hand"] == true && n["sign_in"] == false));
    assert_eq!(of("telegram")["by_hand"], false);
    let labels: Vec<&str> = [bluesky, mastodon]
        .iter()
        .flat_map(|n| n["fields"].as_array().expect("a list"))
        .map(|f| f["label"].as_str().expect("a label"))
        .collect();
    assert_eq!(
        labels,
        ["Identifiant", "Mot de passe d\u{2019}application", "Serveur", "Jeton d\u{2019}accès"]
    );
}

#[test]
fn what_is_wrong_is_said_beside_its_field() {
    let t = TestStudio::new();
    let field = |fields: Value| {
        let network = if fields["handle"].is_null() { "mastodon" } else { "bluesky" };
        let error = t.refused("accounts.add", json!({ "network": network, "fields": fields }));
        error.detail["field"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(field(json!({ "handle": "awa.example", "password": " " })), "password");
    assert_eq!(field(json!({ "handle": "awa.example", "password": "wrong" })), "password");
    assert_eq!(field(json!({ "handle": "awa", "password": "wrong" })), "handle");
    assert_eq!(field(json!({ "token": "t" })), "server");
    for server in ["http://social.example", "https://a:b@social.example", "mon serveur"] {
        assert_eq!(field(json!({ "token": "t", "server": server })), "server", "{server}");
        let error = t.refused("accounts.sign_in", json!({ "network": "mastodon", "server": server }));
        assert_eq!(error.detail["field"], "server", "{server}");
    }
    assert_eq!(field(json!({ "token": "t", "server": "social.example" })), "token");
    t.mastodon.down(Some(griot_networks::Error::Offline("no such host".into())));
    assert_eq!(field(json!({ "token": "t", "server": "social.example" })), "server");
}

#[test]
fn an_account_gets_another_name() {
    let t = TestStudio::new();
    let (bluesky, _) = t.accounts();
    let answer = t.ask("accounts.rename", json!({ "id": bluesky, "name": "  Boutique " }));
    assert_eq!(answer["account"]["name"], "Boutique");
    assert_eq!(t.refused("accounts.rename", json!({ "id": bluesky, "name": " " })).code, Code::BadRequest);
    let _ = t.post(json!({ "text": "by its name", "to": ["Boutique"] }));
}

/// Begins a sign-in; gives the job and the address to which the browser would be sent back.
fn begin(t: &TestStudio) -> (Value, String) {
    let started = t.ask(
        "accounts.sign_in",
        json!({ "network": "mastodon", "server": "Social.Example", "name": "Radio" }),
    );
    let page = started["page"].as_str().expect("a page");
    assert!(page.starts_with("https://social.example/oauth/authorize?"), "{page}");
    let back =
        page.split("redirect_uri=").nth(1).and_then(|rest| rest.split('&').next()).expect("an address");
    assert!(back.starts_with("http://127.0.0.1:"), "{back}");
    (started["id"].clone(), back.to_owned())
}

fn visit(url: &str) -> (u16, String) {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
    let mut answer = agent.get(url).call().expect("an answer");
    (answer.status().as_u16(), answer.body_mut().read_to_string().expect("a page"))
}

#[test]
fn agreeing_in_the_browser_connects_the_account_and_keeps_its_secrets() {
    let t = TestStudio::new();
    let (job, back) = begin(&t);
    assert_eq!(visit(&format!("{back}?code=the-code&state=somebody-elses")).0, 400);
    assert_eq!(visit(&back.replace("/oauth/callback", "/favicon.ico")).0, 404);
    let (status, page) = visit(&format!("{back}?code=the-code&state=the-state"));
    assert_eq!(status, 200);
    assert!(page.contains("You can close this page"), "{page}");
    let done = t.ask("accounts.sign_in_done", json!({ "id": job }));
    assert_eq!((&done["account"]["name"], &done["account"]["state"]), (&json!("Radio"), &json!("connected")));
    let _ = t.post(json!({ "text": "signed in", "to": ["Radio"] }));
    t.work();
    assert_eq!(t.mastodon.live(), ["signed in"]);
    assert_eq!(
        t.refused("accounts.sign_in_done", json!({ "id": job })).code,
        Code::NotFound,
        "one code only"
    );
    assert!(
        std::net::TcpStream::connect(back.trim_start_matches("http://").split('/').next().expect("a host"))
            .is_err(),
        "the door is closed"
    );
}

#[test]
fn refusing_stopping_and_forgetting_a_sign_in_are_said_and_connect_nothing() {
    let t = TestStudio::new();
    let (job, back) = begin(&t);
    let _ = visit(&format!("{back}?error=access_denied&state=the-state"));
    let error = t.refused("accounts.sign_in_done", json!({ "id": job }));
    assert_eq!(error.code, Code::Auth);
    assert!(error.message.contains("refused"), "{error}");

    let (job, _) = begin(&t);
    t.ok("jobs.cancel", json!({ "id": job }));
    assert_eq!(t.refused("accounts.sign_in_done", json!({ "id": job })).code, Code::Cancelled);

    let (job, _) = begin(&t);
    t.clock.advance(Duration::from_secs(301));
    assert_eq!(t.refused("accounts.sign_in_done", json!({ "id": job })).code, Code::NotNow);

    let (job, back) = begin(&t);
    let _ = visit(&format!("{back}?code=a-wrong-one&state=the-state"));
    assert_eq!(t.refused("accounts.sign_in_done", json!({ "id": job })).code, Code::Auth);

    assert_eq!(t.ask("accounts.list", json!({}))["accounts"], json!([]));
    let plain = json!({ "network": "mastodon", "server": "http://social.example" });
    assert_eq!(t.refused("accounts.sign_in", plain).code, Code::BadRequest);
    let other = json!({ "network": "bluesky", "server": "bsky.social" });
    assert_eq!(t.refused("accounts.sign_in", other).code, Code::BadRequest);
    let locked = t.at("second", "app");
    locked.ok("workspace.create", json!({}));
    let locked = locked.without_passphrase_at("second");
    let early = json!({ "network": "mastodon", "server": "social.example" });
    assert_eq!(
        locked.refused("accounts.sign_in", early).code,
        Code::Secrets,
        "before anybody is sent to a page"
    );
}

/// The address of a page to which the browser would be sent back.
fn back(started: &Value) -> String {
    let page = started["page"].as_str().expect("a page");
    let back = page.split("redirect_uri=").nth(1).and_then(|rest| rest.split('&').next());
    back.expect("an address").to_owned()
}

#[test]
fn where_the_person_agrees_to_their_own_app_the_page_waits_for_it_at_an_address_that_they_registered() {
    let t = TestStudio::new();
    let list = t.ask("networks.list", json!({}));
    let of = |id: &str| list["networks"].as_array().expect("a list").iter().find(|n| n["id"] == id).cloned();
    let page = of("x").expect("X")["page"].clone();
    assert_eq!(of("mastodon").expect("Mastodon")["page"], json!(null));
    assert_eq!(page, t.ask("accounts.fields", json!({ "network": "x" }))["page"]);
    assert_eq!(
        (&page["fields"][0]["name"], &page["fields"][1]["optional"]),
        (&json!("client_id"), &json!(true))
    );

    let empty = t.refused("accounts.sign_in", json!({ "network": "x", "fields": { "client_id": " " } }));
    assert_eq!((empty.code, &empty.detail["field"]), (Code::BadRequest, &json!("client_id")));
    assert!(empty.message.contains("\u{201c}Client ID\u{201d}"), "{empty}");

    let fields = json!({ "client_id": "an-app", "client_secret": "s3cret" });
    let request = json!({ "network": "x", "name": "Radio", "fields": fields });
    let left = t.ask("accounts.sign_in", request.clone());
    let started = t.ask("accounts.sign_in", request);
    assert_eq!(t.refused("accounts.sign_in_done", json!({ "id": left["id"] })).code, Code::NotFound);
    let back = back(&started);
    assert!(page["callbacks"].as_array().expect("a list").contains(&json!(back)), "{back} of {page}");
    assert_eq!(visit(&format!("{back}?code=the-code&state=the-state")).0, 200);
    let done = t.ask("accounts.sign_in_done", json!({ "id": started["id"] }))["account"].clone();
    assert_eq!((&done["network"], &done["name"]), (&json!("x"), &json!("Radio")));

    // Connected anew, the app need not be given again.
    let again = json!({ "network": "x", "again": done["id"] });
    let started = t.ask("accounts.sign_in", again);
    t.ok("jobs.cancel", json!({ "id": started["id"] }));
    let stranger = json!({ "network": "x", "again": "018f0000-0000-7000-8000-000000000000" });
    assert_eq!(t.refused("accounts.sign_in", stranger).detail["field"], "client_id");
    let shown = serde_json::from_value::<griot_app::wire::accounts::SignIn>(
        json!({ "network": "x", "fields": fields }),
    );
    assert!(!format!("{shown:?}").contains("s3cret"));
}

#[test]
fn a_missing_field_is_named_as_people_call_it() {
    let t = TestStudio::new();
    let said =
        t.refused("accounts.add", json!({ "network": "bluesky", "fields": { "handle": "awa.example" } }));
    assert!(said.message.contains("\u{201c}App password\u{201d}"), "{said}");
    t.ok("settings.set", json!({ "key": "language", "value": "fr" }));
    let said =
        t.refused("accounts.add", json!({ "network": "mastodon", "fields": { "server": "a.example" } }));
    assert!(said.message.contains("«\u{a0}Jeton d\u{2019}accès\u{a0}»"), "{said}");
    assert_eq!(said.detail["field"], "token");
}

#[test]
fn an_account_never_turns_into_one_by_hand_or_back_without_a_word() {
    let t = TestStudio::new();
    let (bluesky, _) = t.accounts();
    let same = json!({ "network": "bluesky", "server": "https://fake.example", "handle": "me@bluesky", "by_hand": true });
    let refused = t.refused("accounts.add", same.clone());
    assert_eq!(refused.code, Code::NotNow);
    assert!(refused.message.contains("connected already"), "{refused}");
    let _ = t.post(json!({ "text": "still by itself", "to": [bluesky] }));
    t.work();
    assert_eq!(t.bluesky.live(), ["still by itself"]);

    t.ok("accounts.remove", json!({ "id": bluesky }));
    let by_hand = t.ask("accounts.add", same)["account"].clone();
    assert_eq!(by_hand["state"], "assisted");
    let fields = json!({ "handle": "me", "password": "right" });
    let refused = t.refused("accounts.add", json!({ "network": "bluesky", "fields": fields }));
    assert_eq!(refused.code, Code::NotNow);
    assert!(refused.message.contains("published by hand"), "{refused}");
    let list = t.ask("accounts.list", json!({}));
    assert!(list["accounts"].as_array().expect("a list").contains(&by_hand), "{list}");
}

const ENDS_ON: &str = "https://www.facebook.com/connect/login_success.html";

/// Begins connecting a Page by the person's own app.
fn begin_page(t: &TestStudio) -> Value {
    let fields = json!({ "app_id": "4711", "app_secret": "s3cret" });
    t.ask("accounts.sign_in", json!({ "network": "facebook", "fields": fields }))["id"].clone()
}

fn brought(job: &Value, query: &str) -> Value {
    json!({ "id": job, "address": format!("{ENDS_ON}{query}") })
}

#[test]
fn an_address_that_was_copied_wrongly_is_said_beside_it_and_can_be_copied_again() {
    let t = TestStudio::new();
    let page = t.ask("accounts.fields", json!({ "network": "facebook" }))["page"].clone();
    assert_eq!((&page["ends_on"], &page["callbacks"]), (&json!(ENDS_ON), &json!([])));
    let bare =
        t.refused("accounts.sign_in", json!({ "network": "facebook", "fields": { "app_id": "4711" } }));
    assert_eq!(bare.detail["field"], "app_secret");
    let job = begin_page(&t);
    let mut said = Vec::new();
    for address in [
        "",
        "le-code",
        "https://facebook.com.example/connect/login_success.html?code=the-code&state=the-state",
        "https://www.facebook.com/v26.0/dialog/oauth?client_id=4711&state=the-state",
        &format!("{ENDS_ON}?code=the-code&state=somebody-elses"),
        &format!("{ENDS_ON}#_=_"),
        &format!("{ENDS_ON}?error_code=100&error_message=Invalid%20Scopes&state=the-state"),
    ] {
        let error = t.refused("accounts.sign_in_done", json!({ "id": job, "address": address }));
        assert_eq!((error.code, &error.detail["field"]), (Code::BadRequest, &json!("address")), "{address}");
        assert!(!format!("{error:?}").contains("the-code") && !error.hint.is_empty(), "{error:?}");
        said.push(error.message);
    }
    assert!(said[6].contains("\u{201c}Invalid Scopes\u{201d}"), "{}", said[6]);
    said.dedup();
    assert_eq!(said.len(), 5, "what is wrong is told apart: {said:?}");
    assert_eq!(t.facebook.calls(), ["begin"], "nothing was asked with any of them");
    let done = t.ask("accounts.sign_in_done", brought(&job, "?code=the-code&state=the-state#_=_"));
    assert_eq!(done["account"]["network"], "facebook");
    let again = t.refused("accounts.sign_in_done", brought(&job, "?code=the-code&state=the-state"));
    assert_eq!(again.code, Code::NotFound, "one code only");
}

#[test]
fn refusing_stopping_and_waiting_too_long_end_a_sign_in_whose_address_is_copied() {
    let t = TestStudio::new();
    let job = begin_page(&t);
    let refused = t.refused("accounts.sign_in_done", brought(&job, "?error=access_denied&state=the-state"));
    assert_eq!(refused.code, Code::Auth);
    assert!(refused.message.contains("refused on the page of Facebook"), "{refused}");
    let good = "?code=the-code&state=the-state";
    let job = begin_page(&t);
    t.ok("jobs.cancel", json!({ "id": job }));
    assert_eq!(t.refused("accounts.sign_in_done", brought(&job, good)).code, Code::Cancelled);
    let job = begin_page(&t);
    t.clock.advance(Duration::from_secs(300));
    assert_eq!(t.refused("accounts.sign_in_done", brought(&job, good)).code, Code::NotNow);
    let job = begin_page(&t);
    let wrong = t.refused("accounts.sign_in_done", brought(&job, "?code=a-wrong-one&state=the-state"));
    assert_eq!(wrong.code, Code::Auth);
    assert_eq!(t.ask("accounts.list", json!({}))["accounts"], json!([]));
}

#[test]
fn of_several_pages_the_person_says_which_and_the_same_one_is_connected_anew_without_asking() {
    let t = TestStudio::new();
    t.facebook.has(&[("104", "Café Bamako"), ("105", "Sahel Énergie"), ("106", "Sahel Énergie")]);
    let good = "?code=the-code&state=the-state";
    let job = begin_page(&t);
    let asked = t.ask("accounts.sign_in_done", brought(&job, good));
    assert_eq!(asked["account"], json!(null));
    assert_eq!(asked["choices"][1], json!({ "id": "105", "name": "Sahel Énergie" }));
    for choice in ["Autre", "sahel énergie", ""] {
        let error = t.refused("accounts.sign_in_done", json!({ "id": job, "choice": choice }));
        assert_eq!((error.code, &error.detail["field"]), (Code::BadRequest, &json!("choice")));
        assert!(error.hint.contains("Sahel Énergie (106)"), "{error:?}");
    }
    let done = t.ask("accounts.sign_in_done", json!({ "id": job, "choice": "105" }))["account"].clone();
    assert_eq!(done["handle"], "Sahel Énergie");
    // Its own app is kept, and which Page it is.
    let again = json!({ "network": "facebook", "again": done["id"] });
    let job = t.ask("accounts.sign_in", again)["id"].clone();
    let same = t.ask("accounts.sign_in_done", brought(&job, good))["account"].clone();
    assert_eq!(same, done);
    let job = begin_page(&t);
    let named = json!({ "id": job, "address": format!("{ENDS_ON}{good}"), "choice": "café bamako" });
    assert_eq!(t.ask("accounts.sign_in_done", named)["account"]["handle"], "Café Bamako");
    let job = begin_page(&t);
    t.ok("accounts.sign_in_done", brought(&job, good));
    t.clock.advance(Duration::from_secs(300));
    let late = t.refused("accounts.sign_in_done", json!({ "id": job, "choice": "106" }));
    assert_eq!(late.code, Code::NotNow);
}
