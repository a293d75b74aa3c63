//! `due-at-once [POSTS] [MILLISECONDS]`: so many posts due at one instant on one account, whose network takes so long for
//! each visible call; and the same number in a workspace that was restored, looked at for the first time. Figures on
//! standard output, one a line, for `cargo xtask bench queue`.

#![expect(clippy::print_stdout, reason = "a developer's tool speaks on standard output")]

use std::time::{Duration, Instant};

use griot_tests::studio::TestStudio;
use serde_json::json;

/// Posts, unless told otherwise.
const POSTS: u32 = 5_000;
/// What a server close by takes for one post, in milliseconds.
const EACH_MS: u64 = 50;

fn main() {
    let mut words = std::env::args().skip(1);
    let posts = words.next().and_then(|n| n.parse().ok()).unwrap_or(POSTS);
    let each = words.next().and_then(|ms| ms.parse().ok()).unwrap_or(EACH_MS);
    let t = TestStudio::new();
    let _ = t.accounts();
    t.bluesky.takes(Duration::from_millis(each));
    for n in 0..posts {
        let _ = t.post(json!({ "text": format!("post {n}"), "to": ["bluesky"], "at": "2026-12-01T09:00" }));
    }
    let file = t.home.path().join("before.griot");
    t.ok("workspace.backup", json!({ "file": file }));
    let began = Instant::now();
    t.pass(Duration::from_secs(3600), Duration::from_secs(3600));
    let total = began.elapsed();
    assert_eq!(t.bluesky.live().len(), posts as usize, "every post is out");
    println!("posts={posts}");
    println!("due_total={:.3}", total.as_secs_f64());
    println!("due_network={:.3}", t.bluesky.took().as_secs_f64());

    let restored = t.at("restored", "app");
    restored.ok("workspace.restore", json!({ "file": file }));
    let began = Instant::now();
    restored.work();
    println!("restored_total={:.3}", began.elapsed().as_secs_f64());
}
