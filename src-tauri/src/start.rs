//! From nothing to a window: the environment, the studio, the worker beside it. What keeps a window from opening
//! becomes one plain sentence.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;

use griot_app::ports::{self, environment};
use griot_app::{AppError, Options, Studio};
use griot_domain::{Faults, Lang};
use tauri::{App, Context, Manager, Wry};
use tokio::runtime::Runtime;

use crate::desktop::Around;
use crate::ending::Ending;
use crate::{media, rpc, window};

/// Why there is no window, for a person.
pub(crate) struct Sentence(String);

impl fmt::Display for Sentence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<AppError> for Sentence {
    fn from(error: AppError) -> Self {
        Self(format!("{} {}", error.message, error.hint).trim_end().to_owned())
    }
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// What keeps it from opening.
pub(crate) fn start() -> Result<ExitCode, Sentence> {
    log();
    environment::keep_to_oneself();
    let lang = environment::lang();
    let options = environment::options(None, lang)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| no_window(lang, &error))?;
    tauri::async_runtime::set(runtime.handle().clone());
    let app = app(&options, lang)?;
    open(&app, options, &runtime).map_err(|error| no_window(lang, &error))?;
    let code = app.run_return(crate::ending::heard);
    // What is left of blocking work must not hold the program: all that counts is on disk.
    runtime.shutdown_background();
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

fn log() {
    let filter = tracing_subscriber::EnvFilter::try_new(environment::log_filter("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")))
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}

/// The toolkit, ready to open windows. Where another Griot has this workspace open, its window comes to the front and
/// this program ends here.
fn app(options: &Options, lang: Lang) -> Result<App, Sentence> {
    let mut context: Context<Wry> = tauri::generate_context!();
    context.config_mut().identifier.push_str(&identity(options));
    let build = || {
        tauri::Builder::default()
            .plugin(tauri_plugin_single_instance::init(|app, _, _| window::to_the_front(app)))
            .plugin(tauri_plugin_clipboard_manager::init())
            .plugin(tauri_plugin_dialog::init())
            .plugin(tauri_plugin_notification::init())
            .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
            .plugin(window::remembered())
            .register_asynchronous_uri_scheme_protocol("media", media::answer)
            .invoke_handler(tauri::generate_handler![rpc::rpc])
            .on_window_event(window::heard)
            .build(context)
    };
    // Without a display the toolkit panics; its words are for developers.
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let built = catch_unwind(AssertUnwindSafe(build));
    std::panic::set_hook(told);
    match built {
        Ok(Ok(app)) => Ok(app),
        Ok(Err(error)) => Err(no_window(lang, &error)),
        Err(_) => {
            Err(no_window(lang, &lang.pick("ce système n’a pas d’écran", "this system has no display")))
        }
    }
}

/// What tells this program from a Griot on another workspace: nothing for the usual one.
fn identity(options: &Options) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    if environment::variable("GRIOT_WORKSPACE").is_none() {
        return String::new();
    }
    let mut hash = DefaultHasher::new();
    options.workspace.hash(&mut hash);
    format!(".w{:016x}", hash.finish())
}

fn open(app: &App, options: Options, runtime: &Runtime) -> tauri::Result<()> {
    let around = Arc::new(Around::new(app.handle().clone()));
    let mut ports = ports::system::ports(runtime.handle().clone(), Faults::none());
    ports.desktop = Some(around);
    let web = options.app_dir.join("webview");
    let studio = Studio::new(options, ports);
    let worker = runtime.spawn(griot_app::outbox::attend(Arc::clone(&studio)));
    app.manage(media::door(&studio));
    app.manage(Ending::new(worker, runtime.handle().clone()));
    app.manage(Arc::clone(&studio));
    runtime.spawn(window::carry(app.handle().clone(), studio.listen()));
    window::open(app, web)
}

fn no_window(lang: Lang, why: &dyn fmt::Display) -> Sentence {
    let (fr, en) = (
        format!(
            "Griot ne peut pas ouvrir de fenêtre\u{a0}: {why}. Sans écran, utilisez \u{ab}\u{a0}griot serve\u{a0}\u{bb}."
        ),
        format!("Griot cannot open a window: {why}. Without a display, use `griot serve`."),
    );
    Sentence(lang.pick(fr, en))
}
