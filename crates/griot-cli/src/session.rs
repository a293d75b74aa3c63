//! One call of the program from its arguments to its exit code.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches};
use griot_app::wire::accounts::{AddAccount, ConnectFields, SignIn, SignInStarted, SignedIn};
use griot_app::{AppError, Code, Ports, Studio, dispatch, ports};
use griot_domain::{Faults, Lang};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::args::Cli;
use crate::request::Ask;
use crate::say::Voice;
use crate::stdin::Extent;
use crate::{args, host, outcome, print, progress, request, run, say, serve, signals, stdin};

/// What ends a sign-in.
const SIGNED_IN: &str = "accounts.sign_in_done";

/// Runs the program; the exit code is the answer.
pub(crate) fn start() -> u8 {
    let arguments = host::arguments();
    let cli = match parse(&arguments) {
        Ok(cli) => cli,
        Err((error, lang)) => {
            return outcome::usage(&error, arguments.iter().any(|a| a == "--json"), lang);
        }
    };
    let json = cli.global.json;
    let lang = host::lang(cli.global.lang);
    log();
    griot_app::ports::environment::keep_to_oneself();
    answer(cli, lang).unwrap_or_else(|error| outcome::failed(&error, json))
}

/// Help is asked for and refusals are made before the grammar knows the language: it is looked for in the words.
fn parse(arguments: &[OsString]) -> Result<Cli, (clap::Error, Lang)> {
    let after = arguments.iter().skip_while(|a| *a != "--lang").nth(1);
    let asked = after
        .and_then(|a| a.to_str())
        .or_else(|| arguments.iter().filter_map(|a| a.to_str()).find_map(|a| a.strip_prefix("--lang=")));
    let lang = host::lang(asked.and_then(|text| args::parse::lang(text).ok()));
    let command = match lang {
        Lang::Fr => args::french::french(Cli::command()),
        Lang::En => Cli::command(),
    };
    let matches = command.try_get_matches_from(arguments).and_then(|found| Cli::from_arg_matches(&found));
    matches.map_err(|error| (error, lang))
}

fn log() {
    // The log is for developers and in their language: what a person has to know is said in a sentence.
    let filter = tracing_subscriber::EnvFilter::try_new(griot_app::ports::environment::log_filter("off"));
    tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")))
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}

fn answer(cli: Cli, lang: Lang) -> Result<u8, AppError> {
    let Cli { global, verb } = cli;
    let ask = request::ask(verb, lang)?;
    let mut options = host::options(&global, lang)?;
    if matches!(ask, Ask::Serve { .. }) {
        // A page stands between the person and the files, and its language is the one chosen in it.
        options.raw_paths = false;
        options.follow_settings = true;
    }
    let runtime = runtime(lang)?;
    let voice = Voice::new(lang, &options.zone);
    let studio = Studio::new(options, ports(&runtime, lang)?);
    signals::watch(&runtime, &studio);
    let code = match ask {
        Ask::Call { command, request } => call(&runtime, &studio, &voice, global.json, &command, request),
        Ask::Public { command, request, yes } => {
            public(&runtime, &studio, &voice, global.json, command, request, yes)
        }
        Ask::Connect(account) => connect(&runtime, &studio, &voice, global.json, account),
        Ask::SignIn { account, choice } => {
            sign_in(&runtime, &studio, &voice, global.json, account, choice.as_deref())
        }
        Ask::Work { until_idle, max } => {
            let run = griot_app::outbox::Run { until_idle, max };
            run::work(&runtime, &studio, &voice, global.json, run)
        }
        Ask::Send { request, max } => send(&runtime, &studio, &voice, global.json, request, max),
        Ask::Serve { port } => serve::serve(&runtime, &studio, global.json, port),
    };
    if let Err(error) = studio.close() {
        // The answer stands: the database is whole, it only keeps its log for the next opening.
        tracing::warn!(%error, "close");
    }
    // What is left of blocking work must not hold the terminal: all that counts is on disk.
    runtime.shutdown_background();
    code
}

fn runtime(lang: Lang) -> Result<Runtime, AppError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        tracing::error!(%error, "no threads to work with");
        let fr = "Le système ne donne pas de quoi travailler.";
        let en = "The system does not give what is needed to work.";
        AppError::new(Code::Environment, lang.pick(fr, en), "")
    })
}

#[cfg(debug_assertions)]
fn ports(runtime: &Runtime, lang: Lang) -> Result<Ports, AppError> {
    let (handle, faults) = (runtime.handle().clone(), faults(lang)?);
    let Some(pace) = host::pace() else { return Ok(ports::system::ports(handle, faults)) };
    let pace = pace.parse().map_err(|_| {
        let fr = "GRIOT_CLOCK s’écrit AVANCE_EN_MS,FOIS.";
        let en = "GRIOT_CLOCK is written AHEAD_IN_MS,TIMES.";
        AppError::new(Code::BadRequest, lang.pick(fr, en), "")
    })?;
    Ok(ports::system::by_clock(Arc::new(ports::pace::PacedClock::new(pace)), handle, faults))
}

#[cfg(not(debug_assertions))]
fn ports(runtime: &Runtime, lang: Lang) -> Result<Ports, AppError> {
    Ok(ports::system::ports(runtime.handle().clone(), faults(lang)?))
}

#[cfg(debug_assertions)]
fn faults(lang: Lang) -> Result<Faults, AppError> {
    let Some(list) = host::failure_points() else { return Ok(Faults::none()) };
    crate::faults::faults(&list).ok_or_else(|| {
        let fr = "GRIOT_FAIL s’écrit POINT=hold, POINT=full ou POINT=error.";
        let en = "GRIOT_FAIL is written POINT=hold, POINT=full or POINT=error.";
        AppError::new(Code::BadRequest, lang.pick(fr, en), "")
    })
}

#[cfg(not(debug_assertions))]
#[expect(clippy::unnecessary_wraps, reason = "the debug build reads a list that may be wrong")]
fn faults(_: Lang) -> Result<Faults, AppError> {
    Ok(Faults::none())
}

fn call(
    runtime: &Runtime,
    studio: &Arc<Studio>,
    voice: &Voice,
    json: bool,
    command: &str,
    request: Value,
) -> Result<u8, AppError> {
    let answer = ask(runtime, studio, command, request)?;
    Ok(told(studio, voice, json, command, &answer))
}

/// What would be public at once is asked of a person who sits there. Whoever writes a script has named each account in
/// it, and is not asked.
fn public(
    runtime: &Runtime,
    studio: &Arc<Studio>,
    voice: &Voice,
    json: bool,
    command: &str,
    mut request: Value,
    yes: bool,
) -> Result<u8, AppError> {
    let somebody = stdin::is_somebody();
    request["confirmed"] = json!(yes || !somebody);
    let asked = match ask(runtime, studio, command, request.clone()) {
        Err(error) if error.code == Code::ConfirmNeeded => error,
        answer => return Ok(told(studio, voice, json, command, &answer?)),
    };
    if !stdin::agrees(&asked.message, voice.lang)? {
        let said = voice.lang.pick("Rien n’est parti.", "Nothing went out.");
        return Err(AppError::new(Code::Cancelled, said, ""));
    }
    request["confirmed"] = json!(true);
    call(runtime, studio, voice, json, command, request)
}

fn ask(runtime: &Runtime, studio: &Arc<Studio>, command: &str, request: Value) -> Result<Value, AppError> {
    let shown = progress::show(runtime, studio);
    let result = dispatch(studio, command, request);
    shown.end();
    result
}

/// Says an answer; the exit code that goes with it.
fn told(studio: &Arc<Studio>, voice: &Voice, json: bool, command: &str, answer: &Value) -> u8 {
    if json {
        print::answer(&answer.to_string());
    } else {
        say::answer(studio, voice, command, answer);
    }
    outcome::of_answer(command, answer)
}

/// Says what goes and what stays, and works the outbox for so long; where another program works it, that one sends.
fn send(
    runtime: &Runtime,
    studio: &Arc<Studio>,
    voice: &Voice,
    json: bool,
    request: Value,
    max: Duration,
) -> Result<u8, AppError> {
    call(runtime, studio, voice, json, "queue.send_fitting", request)?;
    let run = griot_app::outbox::Run { until_idle: true, max: Some(max) };
    match run::work(runtime, studio, voice, json, run) {
        Err(error) if error.code == Code::WorkerBusy => {
            print::diagnostic(voice.lang.pick(
                "L’autre programme qui a ouvert cet espace les envoie.",
                "The other program that has this workspace open sends them.",
            ));
            Ok(outcome::DONE)
        }
        ended => ended,
    }
}

/// The declared fields say what is read from standard input.
fn connect(
    runtime: &Runtime,
    studio: &Arc<Studio>,
    voice: &Voice,
    json: bool,
    mut account: AddAccount,
) -> Result<u8, AppError> {
    let declared = declared(studio, &account.network)?;
    if !account.by_hand {
        account.fields = stdin::fields(&declared.fields, Extent::All, voice.lang)?;
    }
    let request = serde_json::to_value(account).expect("BUG: a request is plain data and always serialises");
    call(runtime, studio, voice, json, "accounts.add", request)
}

/// Shows the page's address and waits until the person has agreed there, refused, or stopped waiting; where the page
/// answers nobody, its address is the next line of standard input.
fn sign_in(
    runtime: &Runtime,
    studio: &Arc<Studio>,
    voice: &Voice,
    json: bool,
    mut account: SignIn,
    choice: Option<&str>,
) -> Result<u8, AppError> {
    let page = declared(studio, &account.network)?.page;
    let ends_on = page.as_ref().and_then(|page| page.ends_on.clone());
    let extent = if ends_on.is_some() { Extent::Line } else { Extent::All };
    account.fields = stdin::fields(&page.map(|page| page.fields).unwrap_or_default(), extent, voice.lang)?;
    let request = serde_json::to_value(account).expect("BUG: a request is plain data and always serialises");
    let started = dispatch(studio, "accounts.sign_in", request)?;
    let started: SignInStarted =
        serde_json::from_value(started).expect("BUG: the studio answers in its own types");
    print::diagnostic(&voice.pair(
        voice.lang.pick(
            "Donnez votre accord sur cette page, dans les cinq minutes",
            "Agree on this page within five minutes",
        ),
        &started.page,
    ));
    let address = match ends_on {
        None => None,
        Some(ends_on) => {
            print::diagnostic(&voice.pair(
                voice.lang.pick(
                    "Puis copiez ici toute l’adresse de la page où vous finissez, qui commence ainsi",
                    "Then copy here the whole address of the page on which you end, which begins like this",
                ),
                &ends_on,
            ));
            Some(stdin::line(voice.lang)?)
        }
    };
    let done = json!({ "id": started.id, "address": address, "choice": choice });
    let answer = ask(runtime, studio, SIGNED_IN, done)?;
    match serde_json::from_value::<SignedIn>(answer.clone()) {
        Ok(SignedIn { account: None, choices }) => Err(say::which(voice, &choices)),
        _ => Ok(told(studio, voice, json, SIGNED_IN, &answer)),
    }
}

fn declared(studio: &Arc<Studio>, network: &str) -> Result<ConnectFields, AppError> {
    let declared = dispatch(studio, "accounts.fields", json!({ "network": network }))?;
    Ok(serde_json::from_value(declared).expect("BUG: the studio answers in its own types"))
}
