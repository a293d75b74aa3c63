//! The evidence: what happened, in order, and any change to it found.

use griot_app::Code;
use griot_tests::studio::TestStudio;
use serde_json::json;

#[test]
fn the_exported_journal_proves_itself_and_a_saved_head() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let _ = t.post(json!({ "text": "one", "to": ["bluesky"] }));
    t.work();
    let file = t.home.path().join("one.journal");
    let first = t.ask("journal.export", json!({ "file": file }));
    let entries = first["entries"].as_u64().expect("a number");
    assert!(entries >= 6, "scheduled, started, prepared, staged, armed, sent, ended: {entries}");
    let _ = t.post(json!({ "text": "two", "to": ["bluesky"] }));
    t.work();
    let later = t.home.path().join("two.journal");
    t.ok("journal.export", json!({ "file": later }));
    let checked = t.ask("journal.verify", json!({ "file": later, "head": first["head"] }));
    assert_eq!(checked["ok"], true);
    let other = t.ask("journal.verify", json!({ "file": file, "head": checked["head"] }));
    assert_eq!(other["ok"], false, "the earlier journal does not contain the later head");
}

#[test]
fn any_changed_or_missing_line_is_found() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let _ = t.post(json!({ "text": "one", "to": ["bluesky"] }));
    t.work();
    let file = t.home.path().join("journal");
    t.ok("journal.export", json!({ "file": file }));
    let text = std::fs::read_to_string(&file).expect("the journal");
    assert!(!text.contains("s3cret"), "no secret is ever in the journal");
    let lines: Vec<&str> = text.lines().collect();
    let verify = |lines: &[String]| {
        let changed = t.home.path().join("changed");
        std::fs::write(&changed, lines.join("\n")).expect("written");
        t.ask("journal.verify", json!({ "file": changed }))["ok"] == true
    };
    let whole: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
    assert!(verify(&whole));
    for n in 1..lines.len() {
        let mut without = whole.clone();
        without.remove(n);
        assert!(!verify(&without), "line {n} is missing");
        let mut changed = whole.clone();
        changed[n] = changed[n].replacen("2026-12-01T08", "2026-12-01T07", 1);
        assert!(!verify(&changed), "line {n} was changed");
    }
    let mut header = whole.clone();
    let entries = lines.len() - 1;
    header[0] = header[0].replace(&format!("\"entries\":{entries}"), &format!("\"entries\":{}", entries - 1));
    header.pop();
    assert!(!verify(&header), "the end was cut and the header adjusted");
    std::fs::write(t.home.path().join("not"), "hello").expect("written");
    assert_eq!(
        t.refused("journal.verify", json!({ "file": t.home.path().join("not") })).code,
        Code::BadRequest
    );
}
