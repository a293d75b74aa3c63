//! The page's own files.

use griot_tests::browser::Browser;

use super::room::Room;

#[test]
fn the_page_comes_with_what_keeps_strangers_out() {
    let room = Room::new();
    let browser = Browser::at(room.port);
    for path in ["/", "/index.html", "/queue", "/posts/018f", "/queue?x=1"] {
        let page = browser.get(path);
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some("text/html; charset=utf-8")),
            "{path}"
        );
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        assert!(page.text().contains("<title>Griot</title>"), "{path}");
        let policy = page.header("content-security-policy").expect("a policy");
        for rule in [
            "default-src 'self'",
            "script-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.split(';').any(|said| said.trim() == rule), "{rule}: {policy}");
        }
        assert!(!policy.contains("http:") && !policy.contains("unsafe-eval"), "{policy}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(page.header("cross-origin-resource-policy"), Some("same-origin"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert!(page.header("permissions-policy").is_some_and(|p| p.contains("camera=()")));
    }
}

#[test]
fn files_have_their_type_and_are_kept_by_their_name() {
    let room = Room::new();
    let browser = Browser::at(room.port);
    let script = browser.get("/assets/app-1a2b.js");
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(script.header("cache-control"), Some("private, max-age=31536000, immutable"));
    let icon = browser.get("/griot.svg");
    assert_eq!(icon.header("content-type"), Some("image/svg+xml"));
    assert_eq!(icon.header("cache-control"), Some("no-cache"));
    let head = browser.ask("HEAD", "/assets/app-1a2b.js").send();
    assert_eq!((head.status, head.body.len()), (200, 0));
    browser.get("/assets/gone.js").refuses(404, "not_found");
    browser.ask("DELETE", "/").origin().send().refuses(405, "bad_request");
}

#[test]
fn no_path_leads_out_of_the_page() {
    let room = Room::new();
    let browser = Browser::at(room.port);
    for path in [
        "/../Cargo.toml",
        "/assets/../../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/assets/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/%252e%252e/Cargo.toml",
        "/..%5cCargo.toml",
        "/..\\Cargo.toml",
        "//etc/passwd",
        "/./index.html",
        "/index.html%00.js",
        "/%ff",
        "/%",
    ] {
        browser.get(path).refuses(404, "not_found");
    }
}

#[test]
fn a_person_gets_the_sentence_as_text() {
    let room = Room::new();
    let asked = Browser::at(room.port).ask("GET", "/gone.png").header("Accept", "text/html,*/*").send();
    assert_eq!((asked.status, asked.header("content-type")), (404, Some("text/plain; charset=utf-8")));
    assert!(asked.text().starts_with("There is nothing at this address.\n"), "{}", asked.text());
}
