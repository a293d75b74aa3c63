//! What may be written, and what it means.

use clap::{CommandFactory, Parser};

use super::*;

fn verb(line: &[&str]) -> Verb {
    Cli::try_parse_from([&["griot"], line].concat()).map(|cli| cli.verb).unwrap_or_else(|e| panic!("{e}"))
}

fn refused(line: &[&str]) -> String {
    match Cli::try_parse_from([&["griot"], line].concat()) {
        Ok(cli) => panic!("accepted: {cli:?}"),
        Err(error) => {
            assert_eq!(error.exit_code(), 2, "{error}");
            error.to_string()
        }
    }
}

#[test]
fn the_grammar_holds_together() {
    Cli::command().debug_assert();
}

#[test]
fn global_options_stand_anywhere() {
    for line in [
        ["griot", "--json", "--lang", "fr", "queue"].as_slice(),
        &["griot", "queue", "--json", "--lang=fr"],
        &["griot", "--json", "queue", "--lang", "fr"],
    ] {
        let cli = Cli::try_parse_from(line).unwrap();
        assert!(cli.global.json && cli.global.lang == Some(Lang::Fr), "{line:?}");
    }
    let cli = Cli::try_parse_from(["griot", "accounts", "list", "--secrets", "file:a/b"]).unwrap();
    assert_eq!(cli.global.secrets, Some(SecretsPlace::File("a/b".into())));
    refused(&["queue", "--lang", "de"]);
    refused(&["queue", "--secrets", "file:"]);
    refused(&["queue", "--secrets", "vault"]);
}

#[test]
fn an_alt_text_belongs_to_the_file_before_it() {
    let line = "post --text t --media a.jpg --media b.jpg --alt B --variant-media x=c.jpg --alt C --media d.jpg --to x";
    let Verb::Post(post) = verb(&line.split(' ').collect::<Vec<_>>()) else { panic!("not a post") };
    let file =
        |path: &str, alt: Option<&str>| pieces::File { path: path.into(), alt: alt.map(str::to_owned) };
    assert_eq!(post.attached.media, [file("a.jpg", None), file("b.jpg", Some("B")), file("d.jpg", None)]);
    assert_eq!(post.attached.of_network, [("x".to_owned(), file("c.jpg", Some("C")))]);

    let alone = refused(&["post", "--text", "t", "--alt", "A", "--media", "a.jpg", "--to", "x"]);
    assert!(alone.contains("after the --media"), "{alone}");
    let twice =
        refused(&["post", "--text", "t", "--media", "a.jpg", "--alt", "A", "--alt", "B", "--to", "x"]);
    assert!(twice.contains("two --alt"), "{twice}");
    refused(&["post", "--text", "t", "--variant-media", "a.jpg", "--to", "x"]);
}

#[test]
fn a_text_may_start_with_a_dash() {
    for line in [["post", "--text", "-30 %", "--to", "x"].as_slice(), &["post", "--text=-30 %", "--to", "x"]]
    {
        let Verb::Post(post) = verb(line) else { panic!("not a post") };
        assert_eq!(post.text, "-30 %");
    }
    let Verb::Check(check) = verb(&["check", "--network", "x", "--", "-30 %"]) else { panic!("not a check") };
    assert_eq!(check.text, "-30 %");
}

#[test]
fn a_post_goes_to_somebody_or_is_a_draft() {
    // Who is there, and who was chosen last, the studio says.
    assert!(matches!(verb(&["post", "--text", "t"]), Verb::Post(p) if !p.draft && p.to.is_empty()));
    refused(&["post", "--text", "t", "--to", "x", "--zone", "Africa/Bamako"]);
    refused(&["post", "--text", "t", "--to", "x", "--late", "never"]);
    for line in [["--to", "a", "--to", "b"].as_slice(), &["--to", "a", "b"]] {
        let Verb::Post(post) = verb(&[&["post", "--text", "t"], line].concat()) else { panic!("not a post") };
        assert_eq!(post.to, ["a", "b"]);
    }
    assert!(matches!(verb(&["post", "--text", "t", "--draft"]), Verb::Post(p) if p.draft && p.to.is_empty()));
}

#[test]
fn fields_and_variants_name_their_network() {
    let line =
        ["post", "--text", "t", "--to", "x", "--variant", "x=a=b", "--set", "wordpress.title=1.5 = 3/2"];
    let Verb::Post(post) = verb(&line) else { panic!("not a post") };
    assert_eq!(post.variant, [TextOf { network: "x".into(), text: "a=b".into() }]);
    let title = pieces::Field { name: "title".into(), value: "1.5 = 3/2".into() };
    assert_eq!(post.set, [FieldOf { network: "wordpress".into(), field: title }]);
    refused(&["post", "--text", "t", "--to", "x", "--set", "title=x"]);
    refused(&["post", "--text", "t", "--to", "x", "--variant", "x"]);
}

#[test]
fn uses_keep_their_order() {
    let line =
        "render a.jpg --as cover:1x1:png:1 --preset x/post --as inside:2x2:png:1 b.jpg --out o --focus 0,1";
    let Verb::Render(render) = verb(&line.split(' ').collect::<Vec<_>>()) else { panic!("not a render") };
    assert_eq!(render.uses.0, ["cover:1x1:png:1", "x/post", "inside:2x2:png:1"]);
    assert_eq!(render.paths, [PathBuf::from("a.jpg"), "b.jpg".into()]);
    assert_eq!(render.focus, Some((0.0, 1.0)));
    refused(&["render", "a.jpg", "--out", "o"]);
    refused(&["render", "--preset", "x/post", "--out", "o"]);
    for focus in ["1", "2,0", "NaN,0", "a,b"] {
        refused(&["render", "a.jpg", "--preset", "x/post", "--out", "o", "--focus", focus]);
    }
    for from in ["-1", "inf", "soon"] {
        refused(&["video", "a.mp4", "--preset", "x/video", "--out", "o", &format!("--from={from}")]);
    }
}

#[test]
fn a_delivery_is_shown_or_acted_on() {
    assert!(matches!(verb(&["delivery", "1"]), Verb::Delivery { action: None, .. }));
    let moved = verb(&["delivery", "1", "move", "--at", "2026-12-01T09:00"]);
    assert!(matches!(moved, Verb::Delivery { action: Some(DeliveryAction::Move { zone: None, .. }), .. }));
    refused(&["delivery"]);
    refused(&["delivery", "1", "move"]);
    let given = verb(&["delivery", "1", "hand-over"]);
    assert!(matches!(given, Verb::Delivery { action: Some(DeliveryAction::HandOver), .. }));
    let back = verb(&["delivery", "1", "withdraw"]);
    assert!(matches!(back, Verb::Delivery { action: Some(DeliveryAction::Withdraw), .. }));
    let text = verb(&["delivery", "1", "edit", "--text", "-x"]);
    let is_x = |given: &Option<String>| given.as_deref() == Some("-x");
    assert!(
        matches!(text, Verb::Delivery { action: Some(DeliveryAction::Edit { text, stdin: false, .. }), .. } if is_x(&text))
    );
    let read = verb(&["delivery", "1", "edit", "--stdin", "--dry-run"]);
    assert!(matches!(
        read,
        Verb::Delivery { action: Some(DeliveryAction::Edit { text: None, stdin: true, dry_run: true }), .. }
    ));
    refused(&["delivery", "1", "edit"]);
    refused(&["delivery", "1", "edit", "--text", "x", "--stdin"]);
    let gone = verb(&["delivery", "1", "delete"]);
    assert!(matches!(gone, Verb::Delivery { action: Some(DeliveryAction::Delete { dry_run: false }), .. }));
    assert!(matches!(verb(&["hand-over"]), Verb::HandOver { days: 7, dry_run: false }));
    let asked = verb(&["hand-over", "--days", "30", "--dry-run"]);
    assert!(matches!(asked, Verb::HandOver { days: 30, dry_run: true }));
    refused(&["hand-over", "--days", "-1"]);
    assert!(matches!(verb(&["serve"]), Verb::Serve { port: None }));
    assert!(matches!(verb(&["serve", "--port", "8000"]), Verb::Serve { port: Some(8000) }));
    refused(&["serve", "--port", "65536"]);
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_text_is_not_a_panic() {
    use std::os::unix::ffi::OsStringExt;
    let odd = std::ffi::OsString::from_vec(b"a\xff.jpg".to_vec());
    assert!(Cli::try_parse_from(["griot".into(), "import".into(), odd.clone()]).is_ok());
    let mut line: Vec<std::ffi::OsString> = vec!["griot".into(), "post".into(), "--text".into()];
    line.push(odd);
    assert_eq!(Cli::try_parse_from(line).unwrap_err().exit_code(), 2);
}
