//! Plans of drafts: for whom and when, as a person chose so far.

use griot_app::{Code, Event};
use griot_domain::Tag;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

fn draft(t: &TestStudio) -> Value {
    t.ask("posts.save", json!({ "content": { "text": "Marché de Noël" } }))["post"]["id"].clone()
}

fn plan_of(t: &TestStudio, post: &Value) -> Value {
    t.ask("posts.get", json!({ "post": post }))["plan"].clone()
}

#[test]
fn what_was_chosen_for_a_draft_is_there_after_a_restart_and_gone_once_it_is_scheduled() {
    let t = TestStudio::new();
    let (bluesky, mastodon) = t.accounts();
    let post = draft(&t);
    assert_eq!(plan_of(&t, &post), json!(null));
    let _ = t.events();
    let plan = json!({
        "to": [mastodon, bluesky], "when": "at", "at": "2026-12-24T09:00", "zone": "Europe/Paris", "late": "publish:30",
    });
    t.ok("posts.plan", json!({ "post": post, "plan": plan }));
    assert_eq!(t.events(), [Event::Changed { tags: vec![Tag::Posts] }]);
    t.ok("posts.plan", json!({ "post": post, "plan": plan }));
    assert_eq!(t.events(), [], "the same choice again is no change");
    let t = t.restarted();
    assert_eq!(plan_of(&t, &post), plan);
    t.ok("accounts.remove", json!({ "id": bluesky }));
    assert_eq!(plan_of(&t, &post)["to"], json!([mastodon]), "an account that is gone is left out");

    t.ok("posts.schedule", json!({ "post": post, "to": [mastodon], "at": "2026-12-24T09:00" }));
    assert_eq!(plan_of(&t, &post), json!(null));
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "schedule_post");
    assert_eq!(plan_of(&t, &post)["at"], "2026-12-24T09:00", "undoing brings the choice back");
    t.ok("posts.plan", json!({ "post": post, "plan": null }));
    assert_eq!(plan_of(&t, &post), json!(null));
}

#[test]
fn a_plan_goes_with_its_draft_and_comes_back_with_it() {
    let t = TestStudio::new();
    let post = draft(&t);
    t.ok("posts.plan", json!({ "post": post, "plan": { "when": "now" } }));
    t.ok("posts.remove", json!({ "post": post }));
    let again = json!({ "post": post, "plan": { "when": "draft" } });
    assert_eq!(t.refused("posts.plan", again).code, Code::NotFound);
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "remove_post");
    assert_eq!(plan_of(&t, &post)["when"], "now");
    let endless = json!({ "post": post, "plan": { "at": "9".repeat(65) } });
    assert_eq!(t.refused("posts.plan", endless).code, Code::BadRequest);
}
