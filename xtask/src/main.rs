//! Every developer command: `cargo xtask VERB`. Standard library only, so that it builds in seconds on a
//! fresh machine and can then install what everything else needs.
//!
//! Deliberately absent: behaviour of the product. Each verb runs programs, says which, and counts.
#![expect(clippy::print_stdout, reason = "a developer's tool speaks on standard output")]

mod bench;
mod bundle;
mod chaos;
mod check;
mod examples;
mod fault;
mod fix;
mod http;
mod journey;
mod json;
mod levels;
mod mutations;
mod page;
mod pds;
mod places;
mod run;
mod servers;
mod setup;
mod shell;
mod stamp;
mod tally;
mod test;
mod told;
mod wordpress;

use std::process::ExitCode;

use fault::Fault;

/// A verb: its name, what it takes, what it does in one line, and the doing.
type Verb = (&'static str, &'static str, &'static str, fn(&[String]) -> Result<(), Fault>);

const VERBS: &[Verb] = &[
    (
        "run",
        "",
        "installs what is missing and opens the studio on a new workspace with samples; without a display, in a browser",
        run::run,
    ),
    (
        "journey",
        "",
        "plays the whole journey of a post through the terminal, against a real server on this machine",
        journey::journey,
    ),
    ("test", "", "everything that must hold: check, then every level of tests, counted", test::all),
    (
        "check",
        "",
        "format, lints, documentation, licences, rules of the house; the lock file's size",
        check::check,
    ),
    ("fix", "", "formats, and applies what clippy can mend by itself", fix::fix),
    (
        "e2e",
        "[LEVEL]",
        "the tests that run the programs themselves: terminal, servers, kills, browser, window; or one level of them",
        test::end_to_end,
    ),
    (
        "chaos",
        "[--rounds N] [--seed S] [--networks A,B] [--aloud]",
        "rounds of trouble between Griot and servers that remember: the line, the machine and the clock misbehave by a seed",
        chaos::chaos,
    ),
    (
        "mutations",
        "[NAME...]",
        "old mistakes put back on a copy of the tree, one after the other: chaos has to find each",
        mutations::mutations,
    ),
    ("contract", "", "writes the TypeScript contract anew from the Rust types", fix::contract),
    (
        "bench",
        "[media [--quick] [PART...]|start|queue]",
        "renditions beside sharp's, vipsthumbnail's, ImageMagick's and ffmpeg's, written to docs/benchmarks.md; the window's start beside an empty one's; a long queue beside a short one",
        bench::bench,
    ),
    ("bundle", "", "a release build with its papers, packed for this system", bundle::bundle),
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let Some(verb) = words.next() else {
        list();
        return ExitCode::SUCCESS;
    };
    let rest: Vec<String> = words.collect();
    let Some((_, _, _, work)) = VERBS.iter().find(|(name, ..)| *name == verb) else {
        eprintln!("There is no verb `{verb}`.");
        list();
        return ExitCode::from(2);
    };
    match work(&rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("\n{verb}: {fault}");
            ExitCode::from(if matches!(fault, Fault::Usage(_)) { 2 } else { 1 })
        }
    }
}

fn list() {
    println!("cargo xtask VERB");
    for (name, takes, does, _) in VERBS {
        println!("  {:<14} {does}", format!("{name} {takes}"));
    }
}
