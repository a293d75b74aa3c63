//! The command table: every action of the studio by name. Both hosts and every scenario go through [`dispatch`].
//!
//! A handler is `fn(&Arc<Studio>, Request) -> Result<Answer, Failure>`; it blocks, and hosts run it on a thread of
//! their own. A panic in one command becomes a `bug` error and the studio goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{AppError, Code};
use crate::failure::Failure;
use crate::studio::Studio;
use crate::{wire, words};

mod accounts;
mod amend;
mod asked;
mod choices;
pub(crate) mod comments;
pub(crate) mod corrections;
mod costs;
mod deliveries;
mod desktop;
mod doctor;
mod endings;
mod hand_over;
mod journal;
mod library;
mod media;
mod moving;
mod places;
mod plans;
mod posts;
mod preview;
mod queue;
mod render;
mod rules;
mod schedule;
pub(crate) mod settings;
mod sign_in;
mod status;
mod times;
mod traffic;
pub(crate) mod typing;
mod verdicts;
mod workspace;

/// One row of the table.
pub struct Command {
    /// `noun.verb`.
    pub name: &'static str,
    /// What it does, in one line.
    pub does: &'static str,
    /// The TypeScript names of request and answer.
    pub types: fn() -> (String, String),
    run: fn(&Arc<Studio>, Value) -> Result<Value, AppError>,
    export: fn(&ts_rs::Config) -> Result<(), ts_rs::ExportError>,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! table {
    ($($name:literal: $handler:path, $request:ty => $answer:ty, $does:literal;)+) => {
        /// Every command, in alphabetical order.
        pub const COMMANDS: &[Command] = &[$(Command {
            name: $name,
            does: $does,
            types: || {
                let config = ts_rs::Config::default();
                (<$request as ts_rs::TS>::name(&config), <$answer as ts_rs::TS>::name(&config))
            },
            run: |studio, json| answer::<$request, $answer>(studio, json, $handler),
            export: |config| {
                <$request as ts_rs::TS>::export_all(config)?;
                <$answer as ts_rs::TS>::export_all(config)
            },
        }),+];
    };
}

pub(crate) use accounts::{api, one as account, session};
pub(crate) use media::subtitles_place;
pub(crate) use queue::needs_person;
pub(crate) use schedule::FIRST_COMMENT;
pub(crate) use sign_in::Waiting as SignInWaiting;
use wire::Nothing;
use wire::accounts::{
    AccountRequest, Accounts, AddAccount, ConnectFields, NetworkList, NetworkRequest, OneAccount,
    RenameAccount, SignIn, SignInDone, SignInStarted, SignedIn,
};
use wire::deliveries::{
    ConfirmRequest, DeleteLive, DeliveryRequest, EditLive, HandOver, HandOverRequest, MoveRequest,
    OneDelivery, Queue, QueueRequest,
};
use wire::desktop::{
    CopyText, FilmAddress, OpenPage, PickFiles, PickedFiles, PlayFilm, Reveal, SaveAs, SaveTarget,
};
use wire::library::{
    Assets, EditAsset, ImportDone, ImportRequest, ListAssets, OneAsset, RemoveAssets, RemovedAssets,
};
use wire::media::{
    CheckDone, CheckRequest, Look, LookRequest, Presets, PresetsRequest, RenderDone, RenderRequest, Reserve,
    TakeSubtitles, TakenSubtitles, VideoRequest,
};
use wire::posts::{
    AbandonPost, Compose, Composed, ConfirmPost, History, MovePost, OneContent, OnePost, PlanPost,
    PostChoice, PostMoved, PostRequest, Posts, RevertPost, SavePost, SchedulePost,
};
use wire::studio::{
    Checks, CreateWorkspace, FileDone, FileRequest, JobRequest, JournalFacts, SettingRequest, Settings,
    Status, Undone, Unlock, VerifyRequest, WorkspaceMade,
};
use wire::traffic::{Fitting, FittingRequest, PostWeights, Traffic, WeighPost};
use wire::verdicts::{ApplyRemedy, CheckPost, FieldViews, PostChecks, ResolveTime, ResolvedTime, Zones};

table! {
    "accounts.add": accounts::add, AddAccount => OneAccount, "Connects an account.";
    "accounts.check": accounts::check, AccountRequest => Accounts, "Asks the network whether the account still works.";
    "accounts.fields": accounts::fields, NetworkRequest => ConnectFields, "What connecting asks for.";
    "accounts.list": accounts::list, Nothing => Accounts, "Every account.";
    "accounts.remove": accounts::remove, AccountRequest => Accounts, "Forgets an account and its secrets.";
    "accounts.rename": accounts::rename, RenameAccount => OneAccount, "Calls an account something else.";
    "accounts.sign_in": sign_in::begin, SignIn => SignInStarted, "Begins connecting an account in the browser.";
    "accounts.sign_in_done": sign_in::done, SignInDone => SignedIn, "Waits until the person has agreed there, or reads what they bring back.";
    "deliveries.cancel": deliveries::cancel, DeliveryRequest => OneDelivery, "Calls a delivery off.";
    "deliveries.confirm": deliveries::confirm, ConfirmRequest => OneDelivery, "A person says that it is live.";
    "deliveries.copy": amend::copy, DeliveryRequest => OnePost, "Writes what went out anew, as a draft.";
    "deliveries.delete": amend::delete, DeleteLive => OneDelivery, "Removes what is live from its network, for good.";
    "deliveries.edit": amend::edit, EditLive => OneDelivery, "Gives what is live another text on its network.";
    "deliveries.get": deliveries::get, DeliveryRequest => OneDelivery, "One delivery with its attempts.";
    "deliveries.hand_over": hand_over::one, DeliveryRequest => OneDelivery, "Gives a delivery to its network with its date.";
    "deliveries.hand_over_all": hand_over::all, HandOverRequest => HandOver, "Gives everything of the coming days to networks that keep dates.";
    "deliveries.leave": amend::leave, DeliveryRequest => OneDelivery, "Leaves what is live as it is, after all.";
    "deliveries.list": queue::list, QueueRequest => Queue, "The queue.";
    "deliveries.move": deliveries::reschedule, MoveRequest => OneDelivery, "Gives a delivery another time.";
    "deliveries.release": deliveries::release, DeliveryRequest => OneDelivery, "Lets a held delivery go.";
    "deliveries.retry": deliveries::retry, DeliveryRequest => OneDelivery, "Tries again.";
    "deliveries.withdraw": hand_over::withdraw, DeliveryRequest => OneDelivery, "Takes a delivery back from its network.";
    "desktop.copy": desktop::copy, CopyText => Nothing, "Puts text on the clipboard.";
    "desktop.film": desktop::film, PlayFilm => FilmAddress, "Where a film plays from.";
    "desktop.open": desktop::open, OpenPage => Nothing, "Opens a page in the system's browser.";
    "desktop.pick": desktop::pick, PickFiles => PickedFiles, "Lets the person choose files.";
    "desktop.reveal": desktop::reveal, Reveal => Nothing, "Shows a folder in the file manager.";
    "desktop.save_as": desktop::save_as, SaveAs => SaveTarget, "Lets the person choose where to write.";
    "doctor.run": doctor::run, Nothing => Checks, "What is there, what is missing, what to do.";
    "edit.undo": settings::undo, Nothing => Undone, "Takes the last action back.";
    "jobs.cancel": settings::cancel_job, JobRequest => Nothing, "Stops long work.";
    "journal.export": journal::export, FileRequest => JournalFacts, "Writes the evidence to a file.";
    "journal.verify": journal::verify, VerifyRequest => JournalFacts, "Checks such a file.";
    "library.edit": library::edit, EditAsset => OneAsset, "Alt text, focal point, tags.";
    "library.import": library::import, ImportRequest => ImportDone, "Takes files and folders in.";
    "library.list": library::list, ListAssets => Assets, "What the library holds.";
    "library.remove": library::remove, RemoveAssets => RemovedAssets, "Removes assets that no post needs.";
    "media.look": media::look, LookRequest => Look, "How a picture or film would look with a change.";
    "media.presets": media::presets, PresetsRequest => Presets, "Recommended outputs.";
    "media.render": render::stills, RenderRequest => RenderDone, "Makes renditions of pictures.";
    "media.reserve": media::reserve, Nothing => Reserve, "What one file may cost before it is refused.";
    "media.subtitles": media::subtitles, TakeSubtitles => TakenSubtitles, "Takes subtitles into the workspace.";
    "media.video": render::film, VideoRequest => RenderDone, "Makes renditions of a film.";
    "networks.list": accounts::networks, Nothing => NetworkList, "Every network, and how to connect it.";
    "posts.abandon": corrections::abandon, AbandonPost => OnePost, "Drops a correction.";
    "posts.check": verdicts::check, CheckPost => PostChecks, "What each network will make of a draft.";
    "posts.choice": choices::choice, Nothing => PostChoice, "For whom and when the last post was.";
    "posts.compose": posts::compose, Compose => Composed, "Writes a post and schedules it.";
    "posts.confirm": corrections::confirm, ConfirmPost => OnePost, "Makes a correction what is scheduled.";
    "posts.get": posts::get, PostRequest => OnePost, "One post with what it says.";
    "posts.history": posts::history, PostRequest => History, "Every revision of a post.";
    "posts.list": posts::list, Nothing => Posts, "Every post.";
    "posts.move": moving::all, MovePost => PostMoved, "Gives all of a post that can be moved another time.";
    "posts.plan": plans::plan, PlanPost => Nothing, "Remembers for whom and when a draft is.";
    "posts.remedy": verdicts::remedy, ApplyRemedy => OneContent, "A draft with one problem answered.";
    "posts.remove": posts::remove, PostRequest => Nothing, "Removes a post that was never scheduled.";
    "posts.revert": posts::revert, RevertPost => OnePost, "Goes back to an earlier revision.";
    "posts.save": posts::save, SavePost => OnePost, "Saves what a post says.";
    "posts.schedule": schedule::schedule, SchedulePost => Composed, "Schedules a saved post.";
    "posts.weigh": traffic::weigh, WeighPost => PostWeights, "What a draft will send, in bytes.";
    "queue.fitting": traffic::fits, FittingRequest => Fitting, "What fits into the minutes that a line is there.";
    "queue.send_fitting": traffic::send, FittingRequest => Fitting, "Sends that, and keeps the rest back meanwhile.";
    "queue.traffic": traffic::get, Nothing => Traffic, "What went up, what is to go up, and the line.";
    "rules.check": rules::check, CheckRequest => CheckDone, "Count and verdict of a draft.";
    "rules.fields": rules::fields, NetworkRequest => FieldViews, "The fields that only one network has.";
    "schedule.resolve": times::resolve, ResolveTime => ResolvedTime, "Which instant a wall time is.";
    "schedule.zones": times::zones, Nothing => Zones, "The time zones there are.";
    "secrets.unlock": status::unlock, Unlock => Nothing, "Opens the accounts' secrets.";
    "settings.get": settings::get, Nothing => Settings, "Every setting.";
    "settings.set": settings::set, SettingRequest => Settings, "Changes a setting.";
    "studio.status": status::get, Nothing => Status, "How the studio stands.";
    "workspace.backup": workspace::backup, FileRequest => FileDone, "The whole workspace in one file.";
    "workspace.create": workspace::create, CreateWorkspace => WorkspaceMade, "Makes the workspace.";
    "workspace.restore": workspace::restore, FileRequest => FileDone, "Makes the workspace from such a file.";
}

/// Runs the command called `name`.
///
/// # Errors
/// An [`AppError`] in the person's language; nothing was changed then, unless the sentence says what was kept.
pub fn dispatch(studio: &Arc<Studio>, name: &str, json: Value) -> Result<Value, AppError> {
    let Some(command) = COMMANDS.iter().find(|c| c.name == name) else {
        return Err(studio.say(Failure::say(
            Code::BadRequest,
            format!("Aucune commande ne s\u{2019}appelle {name}."),
            format!("No command is called {name}."),
            ("", ""),
        )));
    };
    let result = catch_unwind(AssertUnwindSafe(|| (command.run)(studio, json)));
    let result = result.unwrap_or_else(|panic| Err(words::bug(name, panic.as_ref(), studio.lang())));
    if let Err(error) = &result {
        tracing::info!(command = name, code = %error.code.as_str(), "refused");
    }
    result
}

fn answer<Q: DeserializeOwned, A: Serialize>(
    studio: &Arc<Studio>,
    json: Value,
    handler: fn(&Arc<Studio>, Q) -> Result<A, Failure>,
) -> Result<Value, AppError> {
    let json = if json.is_null() { Value::Object(serde_json::Map::new()) } else { json };
    let request = serde_json::from_value(json).map_err(|error| studio.say(words::bad_request(&error)))?;
    let answer = handler(studio, request).map_err(|failure| studio.say(failure))?;
    serde_json::to_value(answer).map_err(|error| studio.say(words::bad_request(&error)))
}

/// Writes the TypeScript contract into `dir`: one file per type and `commands.ts` with the table.
///
/// # Errors
/// When a file cannot be written.
pub fn export_contract(dir: &std::path::Path) -> Result<(), ts_rs::ExportError> {
    let config = ts_rs::Config::default().with_out_dir(dir);
    let mut imports = std::collections::BTreeSet::new();
    let mut rows = String::new();
    for command in COMMANDS {
        (command.export)(&config)?;
        let (request, answer) = (command.types)();
        rows.push_str(&format!(
            "  /** {} */\n  \"{}\": {{ request: {request}; answer: {answer} }};\n",
            command.does, command.name
        ));
        imports.extend([request, answer]);
    }
    <AppError as ts_rs::TS>::export_all(&config)?;
    <crate::Event as ts_rs::TS>::export_all(&config)?;
    let imports: String =
        imports.iter().map(|t| format!("import type {{ {t} }} from \"./{t}\";\n")).collect();
    let text = format!(
        "// Generated from the command table; `cargo xtask contract` writes it anew.\n{imports}\nexport interface Commands {{\n{rows}}}\n"
    );
    std::fs::write(dir.join("commands.ts"), text)?;
    Ok(())
}
