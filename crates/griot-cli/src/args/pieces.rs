//! Options whose order among each other matters: an alt text belongs to the file before it, uses keep their order.
//!
//! Derived grammars forget that order, so these read it from where each value stood.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};

/// A field and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// A field of one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldOf {
    pub(crate) network: String,
    pub(crate) field: Field,
}

/// A text for one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextOf {
    pub(crate) network: String,
    pub(crate) text: String,
}

/// A file with its alt text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) alt: Option<String>,
}

/// Media, each with its alt text; with `VARIANTS` also those of single networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attached<const VARIANTS: bool = true> {
    /// In order.
    pub(crate) media: Vec<File>,
    /// In order, each with its network.
    pub(crate) of_network: Vec<(String, File)>,
}

/// What to make: presets and written-out uses, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Uses(pub(crate) Vec<String>);

/// The values of an option with the place where each stood.
fn placed<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Vec<(usize, T)> {
    let places = matches.indices_of(id).into_iter().flatten();
    places.zip(matches.get_many::<T>(id).into_iter().flatten().cloned()).collect()
}

/// What the places of arguments can get wrong, in French and in English: the parser keeps one text, in English.
pub(crate) const WRONG: &[(&str, &str)] = &[WRITTEN, ALT_FIRST, TWO_ALTS];
const WRITTEN: (&str, &str) =
    ("--variant-media s’écrit RÉSEAU=CHEMIN", "--variant-media is written NETWORK=PATH");
const ALT_FIRST: (&str, &str) =
    ("--alt vient après le --media qu’il décrit", "--alt comes after the --media that it describes");
const TWO_ALTS: (&str, &str) = ("deux --alt pour le même --media", "two --alt for the same --media");

fn wrong((_, en): (&str, &str)) -> Error {
    Error::raw(ErrorKind::ValueValidation, format!("{en}\n"))
}

/// `NETWORK=PATH`; the path may be anything that the system takes.
fn network_and_path(value: &OsStr) -> Option<(String, PathBuf)> {
    let bytes = value.as_encoded_bytes();
    let cut = bytes.iter().position(|b| *b == b'=').filter(|cut| *cut > 0 && cut + 1 < bytes.len())?;
    let network = std::str::from_utf8(&bytes[..cut]).ok()?.to_owned();
    Some((network, after(value, cut + 1)))
}

/// The rest of `value` after `start` bytes. A value that is not text keeps its marks of replacement, and is refused
/// as a path later with its own sentence.
fn after(value: &OsStr, start: usize) -> PathBuf {
    match value.to_str() {
        Some(text) => PathBuf::from(&text[start..]),
        None => PathBuf::from(value),
    }
}

impl<const VARIANTS: bool> FromArgMatches for Attached<VARIANTS> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut files: Vec<(usize, Option<String>, File)> = placed::<PathBuf>(matches, "media")
            .into_iter()
            .map(|(place, path)| (place, None, File { path, alt: None }))
            .collect();
        if VARIANTS {
            for (place, value) in placed::<OsString>(matches, "variant-media") {
                let (network, path) = network_and_path(&value).ok_or_else(|| wrong(WRITTEN))?;
                files.push((place, Some(network), File { path, alt: None }));
            }
        }
        files.sort_by_key(|(place, ..)| *place);
        for (place, alt) in placed::<String>(matches, "alt") {
            let file = files.iter_mut().rev().find(|(of, ..)| *of < place);
            let Some((.., file)) = file else {
                return Err(wrong(ALT_FIRST));
            };
            if file.alt.replace(alt).is_some() {
                return Err(wrong(TWO_ALTS));
            }
        }
        let mut attached = Self::default();
        for (_, network, file) in files {
            match network {
                Some(network) => attached.of_network.push((network, file)),
                None => attached.media.push(file),
            }
        }
        Ok(attached)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<const VARIANTS: bool> Args for Attached<VARIANTS> {
    fn augment_args(command: Command) -> Command {
        let media = Arg::new("media")
            .long("media")
            .value_name("PATH")
            .action(ArgAction::Append)
            .value_parser(value_parser!(PathBuf))
            .help("A picture or film");
        let alt = Arg::new("alt")
            .long("alt")
            .value_name("TEXT")
            .action(ArgAction::Append)
            .allow_hyphen_values(true)
            .help("What the file before it shows, for people who do not see it");
        let command = command.arg(media).arg(alt);
        if !VARIANTS {
            return command;
        }
        command.arg(
            Arg::new("variant-media")
                .long("variant-media")
                .value_name("NETWORK=PATH")
                .action(ArgAction::Append)
                .value_parser(value_parser!(OsString))
                .help("Another picture or film for one network, instead of the post's own"),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Uses {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut uses = placed::<String>(matches, "preset");
        uses.extend(placed::<String>(matches, "as"));
        uses.sort_by_key(|(place, _)| *place);
        Ok(Self(uses.into_iter().map(|(_, usage)| usage).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Uses {
    fn augment_args(command: Command) -> Command {
        let preset = Arg::new("preset")
            .long("preset")
            .value_name("ID")
            .action(ArgAction::Append)
            .help("A preset, as in instagram/portrait; may be repeated");
        let written = Arg::new("as")
            .long("as")
            .value_name("FIT:WxH:FORMAT[:QUALITY]")
            .action(ArgAction::Append)
            .help("A use written out, as in cover:1080x1350:jpeg:85; may be repeated");
        let group = ArgGroup::new("uses").args(["preset", "as"]).required(true).multiple(true);
        command.arg(preset).arg(written).group(group)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
