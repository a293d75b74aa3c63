//! The verbs that need no workspace: renditions and verdicts.

use std::path::PathBuf;

use clap::Args;
use griot_domain::Edit;

use super::parse;
use super::pieces::{Attached, Field, Uses};

/// Pictures to make.
#[derive(Debug, Args)]
pub(crate) struct Render {
    /// Pictures
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// What to make of each.
    #[command(flatten)]
    pub(crate) uses: Uses,
    /// The folder to write into
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The point that cover keeps, each from 0 to 1
    #[arg(long, value_name = "X,Y", value_parser = parse::focus)]
    pub(crate) focus: Option<(f64, f64)>,
    /// No file may be larger
    #[arg(long, value_name = "N")]
    pub(crate) max_bytes: Option<u64>,
    /// What to change in each, as in {"turn":1,"adjust":{"brightness":20}}
    #[arg(long, value_name = "JSON", value_parser = parse::edit)]
    pub(crate) edit: Option<Edit>,
}

/// A film to make.
#[derive(Debug, Args)]
pub(crate) struct Video {
    /// The film
    pub(crate) path: PathBuf,
    /// What to make of it.
    #[command(flatten)]
    pub(crate) uses: Uses,
    /// The folder to write into
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Start of the part to keep, in seconds
    #[arg(long, value_name = "S", value_parser = parse::seconds)]
    pub(crate) from: Option<f64>,
    /// End of the part to keep, in seconds
    #[arg(long, value_name = "S", value_parser = parse::seconds)]
    pub(crate) to: Option<f64>,
    /// No file may be larger
    #[arg(long, value_name = "N")]
    pub(crate) max_bytes: Option<u64>,
    /// SRT or WebVTT, burnt in
    #[arg(long, value_name = "FILE")]
    pub(crate) subtitles: Option<PathBuf>,
    /// The second whose picture becomes the cover
    #[arg(long, value_name = "S", value_parser = parse::seconds)]
    pub(crate) cover: Option<f64>,
    /// What to change in it, as in {"mute":true,"turn":1}
    #[arg(long, value_name = "JSON", value_parser = parse::edit)]
    pub(crate) edit: Option<Edit>,
}

/// A draft to judge.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The network
    #[arg(long)]
    pub(crate) network: String,
    /// The account whose server's limits count [default: the only one of that network]
    #[arg(long, visible_alias = "account", value_name = "ACCOUNT")]
    pub(crate) to: Option<String>,
    /// Media with their alt texts.
    #[command(flatten)]
    pub(crate) attached: Attached<false>,
    /// A field that the network declares
    #[arg(long, value_name = "FIELD=VALUE", value_parser = parse::field)]
    pub(crate) set: Vec<Field>,
    /// The text; - reads standard input, -- comes before a text that starts with a dash
    pub(crate) text: String,
}
