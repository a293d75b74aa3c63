//! After a whole run (accounts connected, posts with pictures, lost answers, errors, a kill in the middle, the journal
//! exported, a backup written) no token stands anywhere: not in the workspace, not in a log at its loudest, not in what the
//! program says, not in its arguments.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use griot_stubs::gate::{Fault, Gate, Page};
use griot_stubs::{
    Auditor, Discourse, Facebook, Fediverse, Telegram, X, discourse, facebook, fediverse, telegram, x,
};
use griot_tests::terminal::{Output, Terminal, png};
use serde_json::json;

/// A network, what connecting gives it, and the call that makes a post visible.
struct Network {
    name: &'static str,
    server: Box<dyn Auditor>,
    gate: Gate,
    fields: String,
    visible: &'static str,
    /// A flag for the post that it needs.
    sets: Vec<String>,
}

fn network(
    name: &'static str,
    server: impl Auditor + 'static,
    fields: &serde_json::Value,
    visible: &'static str,
) -> Network {
    let gate = Gate::start(&server.url());
    let sets = match name {
        "discourse" => vec![
            "discourse.title=Une question sur le marché".to_owned(),
            format!("discourse.category={}", discourse::CATEGORY),
        ],
        _ => Vec::new(),
    };
    Network { name, server: Box::new(server), gate, fields: fields.to_string(), visible, sets }
}

fn all() -> Vec<Network> {
    let keys = json!({
        "api_key": x::API_KEY, "api_secret": x::API_SECRET,
        "access_token": x::ACCESS_TOKEN, "access_secret": x::ACCESS_SECRET,
    });
    let bot = json!({
        "token": telegram::TOKEN, "channel": telegram::CHANNEL.to_string(), "desk": telegram::DESK.to_string(),
    });
    let forum = json!({ "key": discourse::KEY, "handle": discourse::USERNAME });
    vec![
        network("facebook", Facebook::start(), &json!({ "token": facebook::TOKEN }), "/feed"),
        network("x", X::start(), &keys, "/2/tweets"),
        network("telegram", Telegram::start(), &bot, "/send"),
        network("discourse", Discourse::start(), &forum, "/posts.json"),
        network("mastodon", Fediverse::start(), &json!({ "token": fediverse::TOKEN }), "/api/v1/statuses"),
    ]
}

/// Every secret, in each form in which one could stand somewhere.
fn secrets() -> Vec<Vec<u8>> {
    let plain = [
        facebook::TOKEN,
        x::API_SECRET,
        x::ACCESS_TOKEN,
        x::ACCESS_SECRET,
        telegram::TOKEN,
        discourse::KEY,
        fediverse::TOKEN,
    ];
    let encoded = plain.iter().map(|secret| STANDARD.encode(secret).trim_end_matches('=').to_owned());
    let escaped = telegram::TOKEN.replace(':', "%3A");
    plain.iter().map(|s| (*s).to_owned()).chain(encoded).chain([escaped]).map(String::into_bytes).collect()
}

fn assert_none(bytes: &[u8], place: &str) {
    for secret in secrets() {
        let found = memchr::memmem::find(bytes, &secret);
        assert!(found.is_none(), "{place} holds {}", String::from_utf8_lossy(&secret));
    }
}

/// The arguments of every process on this machine that may be read: also of a child that the program started.
fn arguments() -> Vec<u8> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok()).flatten().collect()
}

/// A machine whose program writes down everything that it can, and everything that it ever said.
struct Loud {
    machine: Terminal,
    said: Vec<Output>,
}

impl Loud {
    fn run(&mut self, args: &[&str], stdin: &str) {
        let call = self.machine.call().env("GRIOT_LOG", "trace").stdin(stdin);
        self.said.push(call.run(args));
    }

    /// Posts to a network and works, with `fault` at the visible call.
    fn post(&mut self, to: &Network, text: &str, fault: Fault) {
        let photo = self.machine.file(&format!("{text}.png"), png(60, 40));
        let photo = photo.to_str().expect("a plain name").to_owned();
        let mut args = vec!["post", "--text", text, "--media", &photo, "--alt", "Une place", "--to", to.name];
        to.sets.iter().for_each(|set| args.extend(["--set", set]));
        self.run(&args, "");
        to.gate.at("POST", to.visible, [fault]);
        self.run(&["run", "--until-idle", "--max-seconds", "20"], "");
        to.gate.clear();
    }
}

#[test]
fn after_a_whole_run_no_secret_is_anywhere() {
    let networks = all();
    let mut loud = Loud { machine: Terminal::ready(), said: Vec::new() };
    for one in &networks {
        loud.run(&["accounts", "add", one.name, "--server", &one.gate.url()], &one.fields);
        let last = loud.said.last().expect("an answer");
        assert_eq!(last.code, 0, "{}: {}", one.name, last.stdout);
        loud.run(&["accounts", "check", last_account(&loud).as_str()], "");
        loud.post(one, &format!("sans histoire sur {}", one.name), Fault::Pass);
        loud.post(one, &format!("réponse perdue sur {}", one.name), Fault::LoseAnswer);
        loud.post(one, &format!("panne sur {}", one.name), Fault::Answer(Page::Broken));
    }
    // In the middle of a visible call: what are the program's arguments then?
    let first = &networks[0];
    let to = ["post", "--text", "au milieu", "--to", first.name];
    loud.run(&to, "");
    let call =
        loud.machine.call().env("GRIOT_LOG", "trace").env("GRIOT_FAIL", "networks.visible.sending=hold");
    let mut running = call.start(["run", "--until-idle"]);
    running.wait_for("failpoint networks.visible.sending reached");
    assert_none(&arguments(), "an argument of a process");
    loud.said.push(running.kill());
    loud.run(&["run", "--until-idle", "--max-seconds", "20"], "");
    // A token that is refused is a token that is spoken of.
    first.server.revoke();
    loud.post(first, "refusée", Fault::Pass);
    let evidence = loud.machine.path("evidence.json").to_string_lossy().into_owned();
    loud.run(&["journal", "export", &evidence], "");
    let backup = loud.machine.path("backup.griot").to_string_lossy().into_owned();
    loud.run(&["backup", &backup], "");
    loud.run(&["doctor"], "");
    loud.run(&["queue"], "");

    let posted: usize = networks.iter().map(|one| one.server.posts().len()).sum();
    assert!(posted >= networks.len() * 2, "it was a real run: {posted} posts");
    let logged: usize = loud.said.iter().map(|output| output.stderr.len()).sum();
    assert!(logged > 40_000, "the log was loud: {logged} bytes");
    for output in &loud.said {
        assert_none(output.stdout.as_bytes(), "an answer");
        assert_none(output.stderr.as_bytes(), "the log");
    }
    let mut files = 0;
    for file in loud.machine.all_files().iter().filter(|path| path.is_file()) {
        assert_none(&std::fs::read(file).expect("a file"), &file.display().to_string());
        files += 1;
    }
    assert!(files > 20, "a workspace with its copies: {files} files");
}

/// The id of the account that was connected last.
fn last_account(loud: &Loud) -> String {
    let answer = &loud.said.last().expect("an answer").json;
    answer["account"]["id"].as_str().expect("an id").to_owned()
}
