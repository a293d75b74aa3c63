//! What a verb asks of the studio: the name of a command and its request. Nothing is decided here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use griot_app::wire::accounts::{AddAccount, SignIn};
use griot_app::wire::deliveries::HandOverRequest;
use griot_app::wire::library::ImportRequest;
use griot_app::wire::media::{CheckRequest, RenderRequest, VideoRequest};
use griot_app::wire::posts::{Compose, MediaInput, VariantInput};
use griot_app::wire::studio::{FileRequest, VerifyRequest};
use griot_app::{AppError, Code};
use griot_domain::{Edit, Lang};
use serde::Serialize;
use serde_json::{Value, json};

use crate::args::media::{Check, Render, Video};
use crate::args::pieces::{File, TextOf};
use crate::args::{AccountsVerb, Correct, DeliveryAction, JournalVerb, Move, Post, QueueAction, Run, Verb};
use crate::stdin;

/// What a verb asks.
#[derive(Debug)]
pub(crate) enum Ask {
    /// One command.
    Call {
        /// `noun.verb`.
        command: String,
        /// Its request.
        request: Value,
    },
    /// One command that asks before something is public at once.
    Public {
        /// `noun.verb`.
        command: &'static str,
        /// Its request, without the person's word.
        request: Value,
        /// The person has said it already.
        yes: bool,
    },
    /// An account whose fields are still to come from standard input.
    Connect(AddAccount),
    /// An account whose person agrees in the browser; what the page needs is still to come from standard input.
    SignIn {
        /// What is known before.
        account: SignIn,
        /// Which of the person's identities it is to be.
        choice: Option<String>,
    },
    /// The outbox.
    Work {
        /// End when nothing can move by itself.
        until_idle: bool,
        /// End after so long.
        max: Option<Duration>,
    },
    /// What fits into the minutes that there are, and then the outbox for so long.
    Send {
        /// What fits.
        request: Value,
        /// How long.
        max: Duration,
    },
    /// The studio in a browser.
    Serve {
        /// On this port; 0 takes a free one.
        port: u16,
    },
}

/// What `verb` asks; reads standard input where the verb says so.
///
/// # Errors
/// A path or standard input is not text; the JSON of `call` is none.
pub(crate) fn ask(verb: Verb, lang: Lang) -> Result<Ask, AppError> {
    match verb {
        Verb::Init => call("workspace.create", &json!({})),
        Verb::Accounts(verb) => accounts(verb),
        Verb::Import { paths } => call("library.import", &ImportRequest { files: texts(&paths, lang)? }),
        Verb::Presets { network } => call("media.presets", &json!({ "network": network })),
        Verb::Render(render) => self::render(render, lang),
        Verb::Video(video) => self::video(video, lang),
        Verb::Check(check) => self::check(check, lang),
        Verb::Post(post) => compose(*post, lang),
        Verb::Correct(correct) => self::correct(correct, lang),
        Verb::Move(wanted) => Ok(moved(wanted)),
        Verb::Queue { state, action: None } => call("deliveries.list", &json!({ "state": state })),
        Verb::Queue { action: Some(action), .. } => queue(action),
        Verb::Delivery { id, action } => delivery(&id, action, lang),
        Verb::HandOver { days, dry_run } => {
            call("deliveries.hand_over_all", &HandOverRequest { days, dry_run })
        }
        Verb::Run(Run { until_idle, max_seconds }) => {
            Ok(Ask::Work { until_idle, max: max_seconds.map(Duration::from_secs) })
        }
        Verb::Serve { port } => Ok(Ask::Serve { port: port.unwrap_or(0) }),
        Verb::Journal(JournalVerb::Export { file }) => {
            call("journal.export", &FileRequest { file: text(&file, lang)? })
        }
        Verb::Journal(JournalVerb::Verify { file, head }) => {
            call("journal.verify", &VerifyRequest { file: text(&file, lang)?, head })
        }
        Verb::Backup { file } => call("workspace.backup", &FileRequest { file: text(&file, lang)? }),
        Verb::Restore { file } => call("workspace.restore", &FileRequest { file: text(&file, lang)? }),
        Verb::Doctor => call("doctor.run", &json!({})),
        Verb::Call { command, request } => any(command, request, lang),
    }
}

fn call(command: &str, request: &impl Serialize) -> Result<Ask, AppError> {
    let request = serde_json::to_value(request).expect("BUG: a request is plain data and always serialises");
    Ok(Ask::Call { command: command.to_owned(), request })
}

fn accounts(verb: AccountsVerb) -> Result<Ask, AppError> {
    match verb {
        AccountsVerb::Fields { network } => call("accounts.fields", &json!({ "network": network })),
        AccountsVerb::Add(add) if add.browser => Ok(Ask::SignIn {
            choice: add.page,
            account: SignIn {
                network: add.network,
                server: add.server.unwrap_or_default(),
                name: add.name,
                fields: BTreeMap::new(),
                again: None,
            },
        }),
        AccountsVerb::Add(add) => Ok(Ask::Connect(AddAccount {
            network: add.network,
            server: add.server,
            handle: add.handle,
            name: add.name,
            fields: BTreeMap::new(),
            by_hand: add.by_hand,
        })),
        AccountsVerb::List => call("accounts.list", &json!({})),
        AccountsVerb::Check { id } => call("accounts.check", &json!({ "id": id })),
        AccountsVerb::Remove { id } => call("accounts.remove", &json!({ "id": id })),
    }
}

fn queue(action: QueueAction) -> Result<Ask, AppError> {
    match action {
        QueueAction::Traffic => call("queue.traffic", &json!({})),
        QueueAction::Send { minutes, later, dry_run } => {
            let request = json!({ "minutes": minutes, "later": later });
            if dry_run {
                return call("queue.fitting", &request);
            }
            Ok(Ask::Send { request, max: Duration::from_secs(60 * u64::from(minutes)) })
        }
    }
}

fn delivery(id: &str, action: Option<DeliveryAction>, lang: Lang) -> Result<Ask, AppError> {
    match action {
        None => call("deliveries.get", &json!({ "id": id })),
        Some(DeliveryAction::Confirm { url }) => call("deliveries.confirm", &json!({ "id": id, "url": url })),
        Some(DeliveryAction::Retry) => call("deliveries.retry", &json!({ "id": id })),
        Some(DeliveryAction::Cancel) => call("deliveries.cancel", &json!({ "id": id })),
        Some(DeliveryAction::Release) => call("deliveries.release", &json!({ "id": id })),
        Some(DeliveryAction::HandOver) => call("deliveries.hand_over", &json!({ "id": id })),
        Some(DeliveryAction::Withdraw) => call("deliveries.withdraw", &json!({ "id": id })),
        Some(DeliveryAction::Edit { text, dry_run, .. }) => {
            let text = stdin::text(text.unwrap_or_else(|| "-".to_owned()), lang)?;
            call("deliveries.edit", &json!({ "id": id, "text": text, "dry_run": dry_run }))
        }
        Some(DeliveryAction::Delete { dry_run }) => {
            call("deliveries.delete", &json!({ "id": id, "dry_run": dry_run }))
        }
        Some(DeliveryAction::Leave) => call("deliveries.leave", &json!({ "id": id })),
        Some(DeliveryAction::Copy) => call("deliveries.copy", &json!({ "id": id })),
        Some(DeliveryAction::Move { at, zone }) => {
            call("deliveries.move", &json!({ "id": id, "at": at, "zone": zone }))
        }
    }
}

fn render(render: Render, lang: Lang) -> Result<Ask, AppError> {
    call(
        "media.render",
        &RenderRequest {
            files: texts(&render.paths, lang)?,
            uses: render.uses.0,
            out: text(&render.out, lang)?,
            focus: render.focus,
            max_bytes: render.max_bytes,
            edit: render.edit,
        },
    )
}

fn video(video: Video, lang: Lang) -> Result<Ask, AppError> {
    call(
        "media.video",
        &VideoRequest {
            file: text(&video.path, lang)?,
            uses: video.uses.0,
            out: text(&video.out, lang)?,
            from: video.from,
            to: video.to,
            max_bytes: video.max_bytes,
            subtitles: video.subtitles.map(|path| text(&path, lang)).transpose()?,
            cover: video.cover,
            edit: video.edit,
        },
    )
}

fn check(check: Check, lang: Lang) -> Result<Ask, AppError> {
    let media = check.attached.media;
    let paths: Vec<PathBuf> = media.iter().map(|file| file.path.clone()).collect();
    call(
        "rules.check",
        &CheckRequest {
            network: check.network,
            text: stdin::text(check.text, lang)?,
            files: texts(&paths, lang)?,
            alts: media.into_iter().map(|file| file.alt.unwrap_or_default()).collect(),
            fields: check.set.into_iter().map(|field| (field.name, field.value)).collect(),
        },
    )
}

fn compose(post: Post, lang: Lang) -> Result<Ask, AppError> {
    let mut variants: BTreeMap<String, VariantInput> = BTreeMap::new();
    for TextOf { network, text } in post.variant {
        variants.entry(network).or_default().text = Some(text);
    }
    for (network, file) in post.attached.of_network {
        let media = variants.entry(network).or_default().media.get_or_insert_default();
        media.push(media_input(file, lang)?);
    }
    for set in post.set {
        variants.entry(set.network).or_default().fields.insert(set.field.name, set.field.value);
    }
    let media = post.attached.media.into_iter().map(|file| media_input(file, lang));
    let request = Compose {
        text: stdin::text(post.text, lang)?,
        media: media.collect::<Result<_, _>>()?,
        variants,
        to: post.to,
        at: post.at,
        zone: post.zone,
        late: post.late,
        draft: post.draft,
        again: post.again,
        confirmed: false,
    };
    let request = serde_json::to_value(request).expect("BUG: a request is plain data and always serialises");
    Ok(Ask::Public { command: "posts.compose", request, yes: post.yes })
}

fn correct(correct: Correct, lang: Lang) -> Result<Ask, AppError> {
    if correct.abandon {
        return call("posts.abandon", &json!({ "post": correct.post }));
    }
    let text = correct.text.map(|text| stdin::text(text, lang)).transpose()?;
    call("posts.confirm", &json!({ "post": correct.post, "text": text }))
}

fn moved(wanted: Move) -> Ask {
    let Move { post, at, zone, to, yes, .. } = wanted;
    let request = json!({ "post": post, "at": at, "zone": zone, "accounts": to });
    Ask::Public { command: "posts.move", request, yes }
}

fn media_input(file: File, lang: Lang) -> Result<MediaInput, AppError> {
    Ok(MediaInput { file: Some(text(&file.path, lang)?), asset: None, alt: file.alt, edit: Edit::default() })
}

fn any(command: String, request: String, lang: Lang) -> Result<Ask, AppError> {
    let request = stdin::text(request, lang)?;
    let request: Value = serde_json::from_str(&request).map_err(|error| {
        let fr = format!("La demande n’est pas du JSON\u{a0}: {error}.");
        let en = format!("The request is not JSON: {error}.");
        AppError::new(Code::BadRequest, lang.pick(fr, en), "")
    })?;
    Ok(Ask::Call { command, request })
}

fn texts(paths: &[PathBuf], lang: Lang) -> Result<Vec<String>, AppError> {
    paths.iter().map(|path| text(path, lang)).collect()
}

/// Requests are JSON, and JSON holds text: a name in another encoding cannot be carried.
fn text(path: &Path, lang: Lang) -> Result<String, AppError> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        let fr = format!("Le nom {} n’est pas du texte Unicode.", path.display());
        let en = format!("The name {} is not Unicode text.", path.display());
        let hint = lang.pick("Renommez le fichier.", "Rename the file.");
        AppError::new(Code::BadRequest, lang.pick(fr, en), hint)
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Cli;

    fn request(line: &str) -> (String, Value) {
        let cli = Cli::try_parse_from(std::iter::once("griot").chain(line.split(' '))).unwrap();
        match ask(cli.verb, Lang::En).unwrap() {
            Ask::Call { command, request } => (command, request),
            Ask::Public { command, request, .. } => (command.to_owned(), request),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_post_is_one_request() {
        let line = "post --text t --media a.jpg --alt A --to b m --variant x=short --variant-media x=c.jpg \
                    --set x.title=T --at 2026-12-01T09:00 --zone Africa/Bamako --late publish:30";
        let (command, request) = request(&line.split_whitespace().collect::<Vec<_>>().join(" "));
        assert_eq!(command, "posts.compose");
        assert_eq!(
            request,
            json!({
                "text": "t",
                "media": [{ "file": "a.jpg", "asset": null, "alt": "A", "edit": Edit::default() }],
                "variants": { "x": {
                    "text": "short",
                    "media": [{ "file": "c.jpg", "asset": null, "alt": null, "edit": Edit::default() }],
                    "fields": { "title": "T" },
                } },
                "to": ["b", "m"],
                "at": "2026-12-01T09:00",
                "zone": "Africa/Bamako",
                "late": "publish:30",
                "draft": false,
                "again": false,
                "confirmed": false,
            })
        );
    }

    #[test]
    fn sending_for_some_minutes_works_the_outbox_for_so_long() {
        let cli = Cli::try_parse_from(["griot", "queue", "send", "--minutes", "3"]).unwrap();
        match ask(cli.verb, Lang::En).unwrap() {
            Ask::Send { request, max } => {
                assert_eq!(request, json!({ "minutes": 3, "later": false }));
                assert_eq!(max, Duration::from_secs(180));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn agreeing_in_the_browser_is_another_way_to_connect() {
        let ask_for = |line: &str| {
            let cli = Cli::try_parse_from(std::iter::once("griot").chain(line.split(' ')));
            cli.map(|cli| ask(cli.verb, Lang::En).unwrap())
        };
        match ask_for("accounts add mastodon --browser --server m.example --name Radio").unwrap() {
            Ask::SignIn { account, choice: None } => {
                assert_eq!((account.network.as_str(), account.server.as_str()), ("mastodon", "m.example"));
                assert_eq!(account.name.as_deref(), Some("Radio"));
            }
            other => panic!("{other:?}"),
        }
        match ask_for("accounts add facebook --browser --page 104").unwrap() {
            Ask::SignIn { choice, .. } => assert_eq!(choice.as_deref(), Some("104")),
            other => panic!("{other:?}"),
        }
        assert!(ask_for("accounts add facebook --page 104").is_err());
        assert!(matches!(ask_for("accounts add x").unwrap(), Ask::Connect(_)));
        assert!(ask_for("accounts add x --browser --by-hand").is_err());
    }

    #[test]
    fn every_verb_asks_for_a_command_of_the_table() {
        let id = "018f0000-0000-7000-8000-000000000000";
        let lines = [
            "init",
            "accounts fields x",
            "accounts list",
            "accounts check 1",
            "accounts remove 1",
            "import a",
            "presets",
            "presets x",
            "render a --preset x/post --out o",
            "video a --preset x/video --out o",
            "check --network x t",
            "post --text t --draft",
            "correct 1 --text t",
            "correct 1",
            "correct 1 --abandon",
            "move 1 --at t --zone z --to a b",
            "move 1 --now",
            "queue",
            "queue --state failed",
            "queue traffic",
            "queue send --dry-run --minutes 5 --later",
            "journal export f",
            "journal verify f",
            "backup f",
            "restore f",
            "doctor",
            "call edit.undo",
        ];
        let actions = [
            "",
            " confirm --url u",
            " retry",
            " cancel",
            " release",
            " move --at t",
            " edit --text t --dry-run",
            " delete",
            " leave",
            " copy",
        ];
        let deliveries = actions.map(|action| format!("delivery {id}{action}"));
        for line in lines.map(str::to_owned).iter().chain(&deliveries) {
            let (command, request) = request(line);
            assert!(griot_app::COMMANDS.iter().any(|c| c.name == command), "{line}: {command}");
            assert!(request.is_object(), "{line}: {request}");
        }
    }
}
