//! The real window, on a real display: what only it can get wrong. Everything a page does is tested in a browser; here
//! the doors between the page and the studio are tried, and the frame around it.
#![cfg(target_os = "linux")]

use std::time::Duration;

use griot_tests::terminal::jpeg;
use griot_tests::window::{Desk, Window};
use serde_json::{Value, json};

/// A desk with a workspace in which one picture lies; its id and size are given back.
fn with_a_picture() -> (Desk, String, u64) {
    let desk = Desk::new();
    desk.terminal().run(["init"]).done();
    let file = desk.terminal().file("loom.jpg", jpeg(640, 480));
    let bytes = file.metadata().expect("the picture is there").len();
    let imported = desk.terminal().run(["import".as_ref(), file.as_os_str()]).ok().json;
    let asset = imported["imported"][0]["asset"].as_str().expect("an id").to_owned();
    (desk, asset, bytes)
}

/// What a request of the page to the media door answers: its status, headers, and how many bytes.
async fn fetched(window: &Window, address: &str, headers: Value) -> Value {
    window
        .ask(
            "const answer = await fetch(args[0], { headers: args[1] });
             const bytes = (await answer.arrayBuffer()).byteLength;
             return { status: answer.status, bytes, range: answer.headers.get('content-range'), type: answer.headers.get('content-type') };",
            vec![json!(address), headers],
        )
        .await
}

#[tokio::test]
async fn it_opens_and_the_studio_answers() {
    let desk = Desk::new();
    let window = desk.open().await;
    assert_eq!(window.on_display(), 1);
    let presets = window.rpc("media.presets", json!({ "network": "bluesky" })).await.expect("presets");
    assert!(presets["presets"].as_array().is_some_and(|presets| !presets.is_empty()), "{presets}");
    let refused = window.rpc("posts.list", json!({})).await.expect_err("there is no workspace yet");
    assert_eq!(refused["code"], "no_workspace");
    window.rpc("workspace.create", json!({})).await.expect("a workspace");
    let imported = window.rpc("library.import", json!({ "files": ["/etc/hostname"] })).await;
    assert!(!imported.is_ok_and(|done| done["refused"] == json!([])), "a path is no handle");
    assert!(window.rpc("nothing.at_all", json!({})).await.is_err());
}

#[tokio::test]
async fn events_of_the_studio_reach_the_page() {
    let desk = Desk::new();
    let window = desk.open().await;
    window
        .ask(
            "window.heard = [];
             const handler = __TAURI_INTERNALS__.transformCallback((event) => window.heard.push(event.payload));
             await __TAURI_INTERNALS__.invoke('plugin:event|listen', { event: 'studio', target: { kind: 'Any' }, handler });",
            vec![],
        )
        .await;
    window.rpc("workspace.create", json!({})).await.expect("a workspace");
    window
        .until("the page hears of it", || async {
            let heard = window.ask("return window.heard", vec![]).await;
            heard.as_array().is_some_and(|events| events.iter().any(|event| event["event"] == "changed"))
        })
        .await;
}

#[tokio::test]
async fn media_go_out_in_parts() {
    let (desk, asset, bytes) = with_a_picture();
    let window = desk.open().await;
    let address = format!("media://localhost/asset/{asset}");
    let whole = fetched(&window, &address, json!({})).await;
    assert_eq!((whole["status"].as_u64(), whole["bytes"].as_u64()), (Some(200), Some(bytes)), "{whole}");
    assert_eq!(whole["type"], "image/jpeg");
    let part = fetched(&window, &address, json!({ "range": "bytes=10-19" })).await;
    assert_eq!((part["status"].as_u64(), part["bytes"].as_u64()), (Some(206), Some(10)), "{part}");
    assert_eq!(part["range"], format!("bytes 10-19/{bytes}"));
    let beyond = fetched(&window, &address, json!({ "range": format!("bytes={bytes}-") })).await;
    assert_eq!(beyond["status"], 416, "{beyond}");
    let absent =
        fetched(&window, "media://localhost/asset/0190f1d0-0000-7000-8000-000000000000", json!({})).await;
    assert_eq!(absent["status"], 404, "{absent}");
    let outside = fetched(&window, "media://localhost/asset/..%2f..%2fgriot.db", json!({})).await;
    assert_eq!(outside["status"], 404, "{outside}");
    let shown = window
        .ask(
            "const picture = new Image(); picture.src = args[0]; await picture.decode(); return picture.naturalWidth;",
            vec![json!(address)],
        )
        .await;
    assert_eq!(shown, 640, "the page shows it");
}

#[tokio::test]
async fn bytes_come_in_in_pieces() {
    let (desk, _, _) = with_a_picture();
    let window = desk.open().await;
    // A pasted picture, drawn by the page itself, in two pieces. Each is read into memory first: WebKitGTK's page dies
    // of a blob on its way to the window's own protocol.
    let file = window
        .ask(
            "const canvas = new OffscreenCanvas(320, 200);
             canvas.getContext('2d').fillRect(0, 0, 200, 100);
             const blob = await canvas.convertToBlob({ type: 'image/png' });
             const bytes = await blob.arrayBuffer();
             const half = Math.floor(blob.size / 2);
             const at = 'media://localhost/import?name=pasted.png&size=' + blob.size;
             const first = await (await fetch(at, { method: 'PUT', body: bytes.slice(0, half) })).json();
             const rest = at + '&upload=' + first.upload + '&at=' + first.received;
             return await (await fetch(rest, { method: 'PUT', body: bytes.slice(half) })).json();",
            vec![],
        )
        .await;
    let handle = file["file"]["handle"].as_str().unwrap_or_else(|| panic!("no handle: {file}"));
    let imported = window.rpc("library.import", json!({ "files": [handle] })).await.expect("it is imported");
    assert_eq!(imported["imported"][0]["width"], 320, "{imported}");
}

#[tokio::test]
async fn the_page_reaches_nothing_else() {
    let window = Desk::new().open().await;
    for address in [
        "http://127.0.0.1:9/",
        "https://example.org/",
        "file:///etc/hostname",
        "asset://localhost/etc/hostname",
    ] {
        let blocked = window
            .ask(
                "return await fetch(args[0]).then(() => 'reached', (error) => String(error))",
                vec![json!(address)],
            )
            .await;
        assert_ne!(blocked, "reached", "{address}");
    }
    let policy = window
        .ask(
            "const broken = new Promise((tell) => document.addEventListener('securitypolicyviolation', (event) => tell(event.effectiveDirective)));
             fetch('http://127.0.0.1:9/').catch(() => {});
             return await broken;",
            vec![],
        )
        .await;
    assert_eq!(policy, "connect-src", "it is the page's policy that forbids it");
    let opened = window.ask("return window.open('https://example.org/') === null", vec![]).await;
    assert_eq!(opened, true, "no other window opens");
    window.ask("location.href = 'https://example.org/'; return true", vec![]).await;
    window.rpc("media.presets", json!({})).await.expect("the page is still there");
    for (command, arguments) in [
        ("plugin:window|destroy", json!({ "label": "main" })),
        ("plugin:dialog|open", json!({ "options": {} })),
        ("plugin:clipboard-manager|read_text", json!({})),
        ("plugin:opener|open_path", json!({ "path": "/etc" })),
        ("plugin:window-state|filename", json!({})),
    ] {
        let script =
            "return await __TAURI_INTERNALS__.invoke(args[0], args[1]).then(() => 'allowed', String)";
        let said = window.ask(script, vec![json!(command), arguments]).await;
        assert!(said.as_str().is_some_and(|said| said.contains("not allowed")), "{command}: {said}");
    }
}

#[tokio::test]
async fn dialogs_give_handles_and_never_paths() {
    let (desk, _, _) = with_a_picture();
    let file = desk.terminal().file("chosen.jpg", jpeg(300, 200));
    desk.choose([&file]);
    let window = desk.open().await;
    let picked = window.rpc("desktop.pick", json!({ "kind": "media" })).await.expect("files");
    assert_eq!(picked["files"][0]["name"], "chosen.jpg");
    assert!(!picked.to_string().contains('/'), "{picked}");
    let imported = window.rpc("library.import", json!({ "files": [picked["files"][0]["handle"]] })).await;
    assert_eq!(imported.expect("it is imported")["imported"][0]["width"], 300);
}

#[tokio::test]
async fn a_second_start_shows_the_first_window() {
    let desk = Desk::new();
    let window = desk.open().await;
    let second = desk.start_again().await;
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    assert_eq!(window.on_display(), 1, "no second window");
    window.rpc("media.presets", json!({})).await.expect("the first goes on");
}

#[tokio::test]
async fn closing_waits_for_the_page_and_closes_the_database() {
    let (desk, _, _) = with_a_picture();
    let window = desk.open().await;
    window.rpc("posts.list", json!({})).await.expect("the workspace is open");
    // What the page says when it hears that the window closes is kept.
    window
        .ask(
            "const handler = __TAURI_INTERNALS__.transformCallback(() =>
               __TAURI_INTERNALS__.invoke('rpc', { name: 'settings.set', request: { key: 'theme', value: 'dark' } })
                 .finally(() => __TAURI_INTERNALS__.invoke('plugin:event|emit', { event: 'flushed', payload: null })));
             await __TAURI_INTERNALS__.invoke('plugin:event|listen', { event: 'closing', target: { kind: 'Any' }, handler });",
            vec![],
        )
        .await;
    let took = window.close().await;
    assert!(took < Duration::from_secs(10), "closing took {took:?}");
    let left = desk.terminal().workspace().join("griot.db-wal");
    assert!(left.metadata().map_or(0, |about| about.len()) == 0, "the database was not closed");
    let settings = desk.terminal().run(["call", "settings.get", "{}"]).ok().json;
    assert_eq!(settings["settings"]["theme"], "dark", "{settings}");
}

#[tokio::test]
async fn without_a_display_it_says_so_and_ends() {
    let ended = Desk::new().start_without_display().await;
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains("Griot cannot open a window") && said.contains("griot serve"), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    let said = Desk::new().in_french().start_without_display().await.stderr;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.contains("Griot ne peut pas ouvrir de fenêtre"), "{said}");
}
