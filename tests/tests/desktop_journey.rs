//! The whole way in the real window: from an empty workspace to posts that are live on a real Bluesky server, with
//! two photos and a film, first with the mouse, then by keyboard alone. Proof is read from the server.
#![cfg(target_os = "linux")]

use std::path::PathBuf;

use griot_tests::servers::Pds;
use griot_tests::window::{Desk, Window};
use serde_json::{Value, json};

const TEXT: &str = "Forty homes have light since this morning.";
const FILM_TEXT: &str = "And the film.";

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";
const SPACE: &str = "\u{e00d}";
const CONTROL: &str = "\u{e009}";
const RELEASE: &str = "\u{e000}";

fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../assets/samples").join(name)
}

/// What the server holds of the two posts.
fn proven(pds: &Pds, did: &str) {
    let posts = pds.records(did);
    let of = |text: &str| {
        posts.iter().map(|post| &post["value"]).find(|post| post["text"] == text).unwrap_or(&Value::Null)
    };
    assert_eq!(posts.len(), 2, "{posts:#?}");
    assert_eq!(of(TEXT)["embed"]["images"].as_array().map(Vec::len), Some(2), "{posts:#?}");
    assert_eq!(of(FILM_TEXT)["embed"]["video"]["mimeType"], "video/mp4", "{posts:#?}");
}

/// Waits until the studio holds both deliveries for live.
async fn both_are_live(window: &Window) {
    window
        .until("both posts live", || async {
            let queue = window.rpc("deliveries.list", json!({})).await.expect("the queue");
            let lines = queue["deliveries"].as_array().cloned().unwrap_or_default();
            lines.len() == 2 && lines.iter().all(|line| line["state"] == "published")
        })
        .await;
}

/// Waits until so many pictures and films are attached.
async fn attached(window: &Window, count: u64) {
    let tiles = "return document.querySelectorAll('[data-tile]').length";
    window
        .until("all media attached", || async { window.ask(tiles, Vec::new()).await.as_u64() == Some(count) })
        .await;
}

#[tokio::test]
async fn with_the_mouse_two_photos_and_a_film_go_live() {
    let pds = Pds::start();
    let account = pds.account("mouse.test");
    let desk = Desk::new();
    let window = desk.open().await;
    window.write("textbox", "Name of the workspace", "Sahel Energy").await;
    window.click("button", "Begin").await;

    window.click("link", "Accounts").await;
    window.click("button", "Connect an account").await;
    window.click("button", "Bluesky").await;
    window.write("textbox", "Server", pds.url()).await;
    window.write("textbox", "Handle", &account.handle).await;
    window.write("textbox", "App password", &account.password).await;
    window.click("button", "Connect").await;
    window.click("button", "Compose a post").await;

    window.write("textbox", "Text of the post", TEXT).await;
    // Nobody is chosen until a person chooses.
    window.click("button", "Choose accounts").await;
    window.click("menuitemcheckbox", "mouse").await;
    window.press(ESCAPE).await;
    desk.choose([sample("dunes.jpg"), sample("poster.png"), sample("pirogue.mp4")]);
    window.click("button", "Drop, paste or browse").await;
    attached(&window, 3).await;
    // Bluesky takes photos or a film: one press keeps the photos there, and the film gets a post of its own.
    window.click("button", "Keep the pictures").await;
    window.says("2 warnings").await;
    window.click("button", "Publish to 1 account").await;
    // This account has never published from here: it is asked once.
    window.says("Publish now to").await;
    window.click("button", "Publish to 1 account").await;
    window.says("On its way to 1 account").await;

    window.write("textbox", "Text of the post", FILM_TEXT).await;
    desk.choose([sample("pirogue.mp4")]);
    window.click("button", "Drop, paste or browse").await;
    attached(&window, 1).await;
    window.click("button", "Publish to 1 account").await;
    both_are_live(&window).await;
    window.click("link", "Queue").await;
    window.says(FILM_TEXT).await;
    proven(&pds, &account.did);
}

/// What has the focus, as a reader of screens would say it. The page as a whole has it while nothing else does; its
/// text is everything, so it says nothing.
const FOCUSED: &str = "const at = document.activeElement;
    if (!at || at === document.body || at === document.documentElement) return '';
    const labels = [...(at?.labels ?? [])].map((label) => label.textContent);
    return [at?.getAttribute('aria-label'), ...labels, at?.textContent].filter(Boolean).join(' | ').replace(/\\s+/g, ' ').trim();";

/// Presses Tab until what has the focus is called like this.
async fn tab_to(window: &Window, name: &str) {
    walk_to(window, TAB, name).await;
}

/// The same with another key.
async fn walk_to(window: &Window, key: &str, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..80 {
        let focused = window.ask(FOCUSED, Vec::new()).await;
        let focused = focused.as_str().unwrap_or_default().to_owned();
        if focused.contains(name) {
            return;
        }
        passed.push(focused);
        window.press(key).await;
    }
    panic!("{key:?} never came to {name}: {passed:#?}");
}

/// Presses a letter or digit with Control.
async fn control(window: &Window, key: &str) {
    window.press(&format!("{CONTROL}{key}{RELEASE}")).await;
}

#[tokio::test]
async fn by_keyboard_alone_two_photos_and_a_film_go_live() {
    let pds = Pds::start();
    let account = pds.account("keys.test");
    let desk = Desk::new();
    let window = desk.open().await;
    tab_to(&window, "Name of the workspace").await;
    window.press("Sahel Energy").await;
    window.press(ENTER).await;
    window.find("textbox", "Text of the post").await;

    control(&window, "4").await;
    tab_to(&window, "Connect an account").await;
    window.press(ENTER).await;
    window.says("Bluesky").await;
    tab_to(&window, "Bluesky").await;
    window.press(ENTER).await;
    window.find("textbox", "Server").await;
    tab_to(&window, "Server").await;
    control(&window, "a").await;
    window.press(pds.url()).await;
    tab_to(&window, "Handle").await;
    window.press(&account.handle).await;
    tab_to(&window, "App password").await;
    window.press(&account.password).await;
    window.press(ENTER).await;
    window.find("button", "Compose a post").await;
    tab_to(&window, "Compose a post").await;
    window.press(ENTER).await;

    window.find("textbox", "Text of the post").await;
    tab_to(&window, "Text of the post").await;
    window.press(TEXT).await;
    tab_to(&window, "Choose accounts").await;
    window.press(ENTER).await;
    window.find("menuitemcheckbox", "keys").await;
    walk_to(&window, DOWN, "keys.test").await;
    window.press(SPACE).await;
    window.press(ESCAPE).await;
    desk.choose([sample("dunes.jpg"), sample("poster.png")]);
    control(&window, "o").await;
    attached(&window, 2).await;
    window.says("2 warnings").await;
    control(&window, ENTER).await;
    window.says("Publish now to").await;
    tab_to(&window, "Publish to 1 account").await;
    window.press(ENTER).await;
    window.says("On its way to 1 account").await;

    attached(&window, 0).await;
    tab_to(&window, "Text of the post").await;
    window.press(FILM_TEXT).await;
    desk.choose([sample("pirogue.mp4")]);
    control(&window, "o").await;
    attached(&window, 1).await;
    control(&window, ENTER).await;
    both_are_live(&window).await;
    proven(&pds, &account.did);
}
