//! The terminal's grammar: verbs, options, what must come together.
//!
//! It says what may be written, and nothing of what it does. Values that the studio judges itself (times, zones,
//! networks, ids) pass through as text, so that the person gets the studio's sentence and not the grammar's.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use griot_domain::{Lang, LatePolicy};

pub(crate) mod french;
pub(crate) mod media;
pub(crate) mod parse;
pub(crate) mod pieces;

use media::{Check, Render, Video};
use parse::SecretsPlace;
use pieces::{Attached, FieldOf, TextOf};

/// Prepare, queue and publish posts; prove that they are live.
#[derive(Debug, Parser)]
#[command(name = "griot", version, max_term_width = 110, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// What holds for every verb.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What holds for every verb.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The workspace's folder [default: GRIOT_WORKSPACE, else the system's folder for application data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) workspace: Option<PathBuf>,
    /// Answer with one JSON object on one line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The language of the answers: fr or en [default: the system's]
    #[arg(long, global = true, value_name = "LANG", value_parser = parse::lang)]
    pub(crate) lang: Option<Lang>,
    /// Where secrets are kept: keychain, or file:PATH under GRIOT_PASSPHRASE [default: keychain]
    #[arg(long, global = true, value_name = "WHERE", value_parser = parse::secrets)]
    pub(crate) secrets: Option<SecretsPlace>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make the workspace
    Init,
    /// Connect, list, check and remove accounts
    #[command(subcommand)]
    Accounts(AccountsVerb),
    /// Take files or folders into the library
    Import {
        /// Pictures, films, or folders of them
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// List the sizes and formats that the networks take
    Presets {
        /// Only this network's
        network: Option<String>,
    },
    /// Make pictures for a use; needs no workspace
    Render(Render),
    /// Make films for a use; needs no workspace
    Video(Video),
    /// Count a text and judge a draft for one network; needs no workspace
    Check(Check),
    /// Write a post and schedule it
    Post(Box<Post>),
    /// Replace what is scheduled by a corrected text
    Correct(Correct),
    /// Give all that is scheduled of a post another time
    Move(Move),
    /// List what waits, what went out, what needs you
    Queue {
        /// Only those in this state
        #[arg(long, value_name = "STATE")]
        state: Option<String>,
        /// What to do with it
        #[command(subcommand)]
        action: Option<QueueAction>,
    },
    /// Show one delivery with its attempts, or act on it
    Delivery {
        /// The delivery
        id: String,
        /// What to do with it
        #[command(subcommand)]
        action: Option<DeliveryAction>,
    },
    /// Give everything of the coming days to the networks that keep dates
    HandOver {
        /// So many days from now
        #[arg(long, value_name = "N", default_value_t = 7)]
        days: u32,
        /// Only say what would be given
        #[arg(long)]
        dry_run: bool,
    },
    /// Work the outbox
    Run(Run),
    /// Show the studio in a browser of this machine, and work the outbox
    Serve {
        /// The port on 127.0.0.1 [default: a free one]
        #[arg(long, value_name = "PORT")]
        port: Option<u16>,
    },
    /// Export and verify the evidence
    #[command(subcommand)]
    Journal(JournalVerb),
    /// Write the whole workspace into one file
    Backup {
        /// The file to write
        file: PathBuf,
    },
    /// Make the workspace from a backup
    Restore {
        /// The file to read
        file: PathBuf,
    },
    /// Say what is there, what is missing and what to do
    Doctor,
    /// Call any command of the studio
    Call {
        /// Its name, noun.verb
        command: String,
        /// Its request, one JSON object; - reads standard input
        #[arg(default_value = "{}", hide_default_value = true)]
        request: String,
    },
}

/// Verbs about accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountsVerb {
    /// What a network needs to connect
    Fields {
        /// The network
        network: String,
    },
    /// Connect an account; the secret comes on standard input, one line or a JSON object of the fields
    Add(AddAccount),
    /// List the accounts
    List,
    /// Ask the network whether an account can be used
    Check {
        /// The account
        id: String,
    },
    /// Remove an account and its secret
    Remove {
        /// The account
        id: String,
    },
}

/// An account to connect.
#[derive(Debug, Args)]
pub(crate) struct AddAccount {
    /// The network
    pub(crate) network: String,
    /// The server's address, where the network has more than one
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// The identity
    #[arg(long)]
    pub(crate) handle: Option<String>,
    /// What you call it
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// You publish by hand, though the network could be connected; nothing is read from standard input
    #[arg(long)]
    pub(crate) by_hand: bool,
    /// You agree on the network's page, whose address is shown; standard input gives what the page needs
    #[arg(long, conflicts_with_all = ["by_hand", "handle"])]
    pub(crate) browser: bool,
    /// Which of your Pages it is to be, by its number or its name, where you have several
    #[arg(long, value_name = "PAGE", requires = "browser")]
    pub(crate) page: Option<String>,
}

/// A post to write and to schedule.
#[derive(Debug, Args)]
pub(crate) struct Post {
    /// The text; - reads standard input
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) text: String,
    /// Media, alt texts and media of variants.
    #[command(flatten)]
    pub(crate) attached: Attached,
    /// Accounts: an id, a handle, or a network that has one account only
    #[arg(long, value_name = "ACCOUNT", num_args = 1..)]
    pub(crate) to: Vec<String>,
    /// Another text for one network
    #[arg(long, value_name = "NETWORK=TEXT", value_parser = parse::text_of)]
    pub(crate) variant: Vec<TextOf>,
    /// A field that a network declares
    #[arg(long, value_name = "NETWORK.FIELD=VALUE", value_parser = parse::field_of)]
    pub(crate) set: Vec<FieldOf>,
    /// When, 2026-12-01T09:00 [default: as soon as possible]
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// The zone of that time, Africa/Bamako [default: the workspace's]
    #[arg(long, requires = "at")]
    pub(crate) zone: Option<String>,
    /// When it is late: hold, drop or publish:MINUTES
    #[arg(long, default_value = "hold")]
    pub(crate) late: LatePolicy,
    /// Keep it as a draft
    #[arg(long)]
    pub(crate) draft: bool,
    /// Publish it once more, though the same was written for the same account today
    #[arg(long)]
    pub(crate) again: bool,
    /// Do not ask before it is public at once on several accounts
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Another text for what is scheduled.
#[derive(Debug, Args)]
pub(crate) struct Correct {
    /// The post
    pub(crate) post: String,
    /// The text that takes the place of the one that is scheduled; - reads standard input [default: the correction that is kept]
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) text: Option<String>,
    /// Drop the correction that is kept: what is scheduled stays as it is
    #[arg(long, conflicts_with = "text")]
    pub(crate) abandon: bool,
}

/// Another time for a whole post.
#[derive(Debug, Args)]
pub(crate) struct Move {
    /// The post
    pub(crate) post: String,
    /// When, 2026-12-01T09:00
    #[arg(long, value_name = "TIME", required_unless_present = "now", conflicts_with = "now")]
    pub(crate) at: Option<String>,
    /// As soon as possible
    #[arg(long)]
    pub(crate) now: bool,
    /// The zone of that time [default: the one in which it was scheduled]
    #[arg(long, requires = "at")]
    pub(crate) zone: Option<String>,
    /// Only for these accounts
    #[arg(long, value_name = "ACCOUNT", num_args = 1..)]
    pub(crate) to: Option<Vec<String>>,
    /// Do not ask before it is public at once on several accounts
    #[arg(long)]
    pub(crate) yes: bool,
}

/// What a person does with a delivery.
#[derive(Debug, Subcommand)]
pub(crate) enum DeliveryAction {
    /// Say that it is live
    Confirm {
        /// Its address
        #[arg(long)]
        url: Option<String>,
    },
    /// Try again
    Retry,
    /// Call it off
    Cancel,
    /// Let it go although it was held
    Release,
    /// Give it to its network with its date
    HandOver,
    /// Take it back from its network
    Withdraw,
    /// Give what is live another text on its network; its media stay
    Edit {
        /// The text
        #[arg(long, allow_hyphen_values = true, required_unless_present = "stdin", conflicts_with = "stdin")]
        text: Option<String>,
        /// Read the text from standard input
        #[arg(long)]
        stdin: bool,
        /// Only say whether it can be
        #[arg(long)]
        dry_run: bool,
    },
    /// Remove what is live from its network, where that cannot be undone
    Delete {
        /// Only say whether it can be
        #[arg(long)]
        dry_run: bool,
    },
    /// Leave what is live as it is, as long as nothing has left
    Leave,
    /// Write what went out anew, as a draft
    Copy,
    /// Give it another time
    Move {
        /// When, 2026-12-01T09:00
        #[arg(long, value_name = "TIME")]
        at: String,
        /// The zone of that time [default: the workspace's]
        #[arg(long)]
        zone: Option<String>,
    },
}

/// What a person does with the queue.
#[derive(Debug, Subcommand)]
pub(crate) enum QueueAction {
    /// Send now what fits into the minutes that there is a network; the rest is kept back meanwhile
    Send {
        /// How many minutes
        #[arg(long, value_name = "N", default_value_t = 10)]
        minutes: u32,
        /// What is due later may go now, too
        #[arg(long)]
        later: bool,
        /// Only say what would go
        #[arg(long)]
        dry_run: bool,
    },
    /// What went up today and this month, what is to go up, and how fast the line is
    Traffic,
}

/// How long to work the outbox.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// End when nothing can move without a person or a later time
    #[arg(long)]
    pub(crate) until_idle: bool,
    /// End after so many seconds
    #[arg(long, value_name = "N")]
    pub(crate) max_seconds: Option<u64>,
}

/// Verbs about the evidence.
#[derive(Debug, Subcommand)]
pub(crate) enum JournalVerb {
    /// Write the journal into a file
    Export {
        /// The file to write
        file: PathBuf,
    },
    /// Check a journal: every entry follows from the one before, and this device signed the last
    Verify {
        /// The file to read
        file: PathBuf,
        /// A head that you saved: the journal must contain it
        #[arg(long)]
        head: Option<String>,
    },
}

#[cfg(test)]
mod tests;
