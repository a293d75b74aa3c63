//! ffmpeg as a program: found, asked once for its version and its encoders, and run. The only file of Griot with its
//! folder that starts a process. It never links ffmpeg in (most builds are GPL) and knows nothing of films: arguments
//! come in.
//!
//! What a program answered is remembered until its file changes: asking takes a tenth of a second, and a page asks often.

mod process;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

pub(crate) use self::process::Feed;
use crate::{Cancelled, Error, fonts};

/// Beats that a question (`-encoders`) may take: ten seconds.
const QUESTION: u32 = 100;
/// Beats without a word after which a running ffmpeg counts as hung: two minutes, as it reports twice a second.
const SILENCE: u32 = 1200;

/// The encoders of graphics cards and of the systems, in the order in which they are tried.
const HARDWARE: [&str; 6] =
    ["h264_videotoolbox", "h264_nvenc", "h264_qsv", "h264_amf", "h264_mf", "h264_vaapi"];

/// What writes H.264.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoder {
    /// The best picture for its bytes.
    X264,
    /// Cisco's, which builds without GPL parts have.
    Openh264,
    /// A graphics card's or the system's, by its name in ffmpeg.
    Hardware(&'static str),
}

/// An ffmpeg that answered.
#[derive(Debug, Clone)]
pub struct Ffmpeg {
    program: PathBuf,
    ability: Arc<Ability>,
    hardware: bool,
}

/// What it said of itself.
#[derive(Debug)]
struct Ability {
    version: String,
    encoders: BTreeSet<String>,
    /// Asked for when a film needs one that not every build has.
    filters: OnceLock<BTreeSet<String>>,
    /// Which encoders of [`HARDWARE`] passed their test on this machine.
    passed: Mutex<BTreeMap<&'static str, bool>>,
}

/// When a program's file was last changed, and its size.
type Stamp = (Option<SystemTime>, u64);

/// The answers of the programs that were asked.
static KNOWN: Mutex<BTreeMap<PathBuf, (Stamp, Arc<Ability>)>> = Mutex::new(BTreeMap::new());

impl Ffmpeg {
    /// Looks for ffmpeg: the `chosen` program if a person chose one (and then no other), else in the application's
    /// folder, else along `search_path` (the form of the environment's `PATH`).
    ///
    /// # Errors
    /// [`Error::Ffmpeg`] when there is none, or when what is there does not answer like ffmpeg.
    pub fn find(
        chosen: Option<&Path>,
        app_dir: Option<&Path>,
        search_path: Option<&OsStr>,
    ) -> Result<Self, Error> {
        if let Some(chosen) = chosen {
            return Self::ask(chosen).map_err(|_| Error::Ffmpeg {
                missing: format!("{} does not answer like ffmpeg", chosen.display()),
            });
        }
        programs(app_dir, search_path).find_map(|program| Self::ask(&program).ok()).ok_or_else(|| {
            Error::Ffmpeg {
                missing: "not in the settings, the application's folder or the search path".into(),
            }
        })
    }

    /// Whether a file is where [`Self::find`] would look. Nothing is started: it may still not answer like ffmpeg.
    #[must_use]
    pub fn may_be_there(chosen: Option<&Path>, app_dir: Option<&Path>, search_path: Option<&OsStr>) -> bool {
        match chosen {
            Some(chosen) => chosen.is_file(),
            None => programs(app_dir, search_path).next().is_some(),
        }
    }

    /// The version that it gives, for example `7.1` or `5.1.9-0+deb12u1`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.ability.version
    }

    /// Where it is.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Whether it can write H.264, which the renditions need.
    #[must_use]
    pub fn writes_h264(&self) -> bool {
        self.encoder().is_some()
    }

    /// Whether it can burn in subtitles (it was built with libass).
    #[must_use]
    pub fn burns_subtitles(&self) -> bool {
        self.has_filter("ass")
    }

    pub(crate) fn has_filter(&self, name: &str) -> bool {
        // One that did not answer is asked again the next time.
        if self.ability.filters.get().is_none()
            && let Ok((filters, _)) = listed(&self.program, &["-hide_banner", "-filters"])
        {
            // Somebody else may have asked meanwhile, and heard the same.
            let _ = self.ability.filters.set(filters);
        }
        self.ability.filters.get().is_some_and(|filters| filters.contains(name))
    }

    /// The same, with the encoder of a graphics card or of the system before the better one in software, where one works.
    #[must_use]
    pub fn with_hardware_first(self, hardware: bool) -> Self {
        Self { hardware, ..self }
    }

    /// What writes H.264 here. Hardware is quicker and coarser: it comes first only when it is asked for, and counts
    /// only after it has encoded a frame.
    pub(crate) fn encoder(&self) -> Option<Encoder> {
        let has = |name: &str| self.ability.encoders.contains(name);
        let software = || {
            let x264 = has("libx264").then_some(Encoder::X264);
            x264.or_else(|| has("libopenh264").then_some(Encoder::Openh264))
        };
        let card = || HARDWARE.into_iter().find(|name| has(name) && self.passes(name)).map(Encoder::Hardware);
        if self.hardware { card().or_else(software) } else { software().or_else(card) }
    }

    /// Whether a hardware encoder can encode one frame on this machine.
    fn passes(&self, name: &'static str) -> bool {
        let mut passed = self.ability.passed.lock().unwrap_or_else(PoisonError::into_inner);
        *passed.entry(name).or_insert_with(|| self.encodes(name).is_ok())
    }

    fn encodes(&self, name: &str) -> Result<(), Error> {
        let mut command = self.command(self.program.parent().unwrap_or(Path::new(".")));
        command.args(["-hide_banner", "-loglevel", "error"]);
        if name == "h264_vaapi" {
            command.args(["-init_hw_device", "vaapi=card", "-filter_hw_device", "card"]);
        }
        command.args(["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "640x360", "-r", "30", "-i", "pipe:0"]);
        if name == "h264_vaapi" {
            command.args(["-vf", "format=nv12,hwupload"]);
        }
        command.args(["-frames:v", "1", "-c:v", name, "-b:v", "1000000", "-f", "null", "-"]);
        let mut feed = |to: &mut dyn Write| Ok(to.write_all(&vec![128; 640 * 360 * 3 / 2])?);
        process::run(command, QUESTION, Some(&mut feed), &mut |_| Ok(())).map(|_| ())
    }

    fn ask(program: &Path) -> Result<Self, Error> {
        let facts = fs::metadata(program)?;
        let stamp = (facts.modified().ok(), facts.len());
        let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ability)) = known().get(program).filter(|(at, _)| *at == stamp) {
            return Ok(Self {
                program: program.to_path_buf(),
                ability: Arc::clone(ability),
                hardware: false,
            });
        }
        let ability = Arc::new(Ability::ask(program)?);
        known().insert(program.to_path_buf(), (stamp, Arc::clone(&ability)));
        Ok(Self { program: program.to_path_buf(), ability, hardware: false })
    }

    /// Runs ffmpeg in a folder and hands every line of its standard output to `watch`, also an empty one on every beat.
    /// When `watch` says stop, the process is killed and waited for before this returns. `feed` writes what ffmpeg reads
    /// from its standard input. What it said on standard error comes back, the last lines of it.
    pub(crate) fn run(
        &self,
        args: &[OsString],
        folder: &Path,
        feed: Option<Feed<'_>>,
        watch: &mut dyn FnMut(&str) -> Result<(), Cancelled>,
    ) -> Result<Vec<String>, Error> {
        let mut command = self.command(folder);
        command.args(args);
        process::run(command, SILENCE, feed, watch)
    }

    fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        // What draws subtitles looks for fonts where this file says, if it is there: nowhere but in ours.
        command.current_dir(folder).env("FONTCONFIG_FILE", folder.join(fonts::CONFIGURATION));
        command
    }
}

impl Ability {
    fn ask(program: &Path) -> Result<Self, Error> {
        // Its banner, on standard error, states the version: each start of a large program costs what it costs.
        let (encoders, banner) = listed(program, &["-encoders"])?;
        let version = banner.iter().find_map(|line| line.strip_prefix("ffmpeg version "));
        let Some(version) = version.and_then(|rest| rest.split_whitespace().next()) else {
            return Err(Error::Ffmpeg { missing: "it states no version".into() });
        };
        Ok(Self { version: version.to_owned(), encoders, filters: OnceLock::new(), passed: Mutex::default() })
    }
}

/// The files called ffmpeg, in the order in which they are asked.
fn programs(app_dir: Option<&Path>, search_path: Option<&OsStr>) -> impl Iterator<Item = PathBuf> {
    let name = format!("ffmpeg{}", std::env::consts::EXE_SUFFIX);
    let folders = search_path.map(|path| std::env::split_paths(path).collect::<Vec<_>>());
    let folders = app_dir.map(Path::to_path_buf).into_iter().chain(folders.unwrap_or_default());
    // An empty entry of the search path would mean the current directory, where anything may lie.
    folders
        .filter(|folder| folder.is_absolute())
        .map(move |folder| folder.join(&name))
        .filter(|program| program.is_file())
}

/// The names in a list that ffmpeg gives of itself, and what it said beside.
fn listed(program: &Path, args: &[&str]) -> Result<(BTreeSet<String>, Vec<String>), Error> {
    let mut command = Command::new(program);
    command.args(args);
    let mut names = BTreeSet::new();
    let beside = process::run(command, QUESTION, None, &mut |line| {
        names.extend(line.split_whitespace().nth(1).map(str::to_owned));
        Ok(())
    })?;
    Ok((names, beside))
}
