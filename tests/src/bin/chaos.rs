//! `chaos [--rounds N] [--seed S] [--from N] [--networks a,b] [--aloud] [--until-found]`: runs rounds of trouble and says what was
//! found.
//!
//! Without `--networks` every network whose server is here takes part, the real servers seldom.

#![expect(clippy::print_stdout, reason = "a developer's tool speaks on standard output")]

use std::process::ExitCode;

use griot_tests::chaos::{self, Kind, Plan};

fn main() -> ExitCode {
    let Some(plan) = plan(std::env::args().skip(1)) else {
        let all: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        println!(
            "chaos [--rounds N] [--seed S] [--from N] [--networks {}] [--aloud] [--until-found]",
            all.join(",")
        );
        return ExitCode::from(2);
    };
    let report = chaos::run(&plan, &mut |line| println!("{line}"));
    println!("{report}");
    for finding in report.findings() {
        println!("{finding}");
    }
    if report.findings().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn plan(mut args: impl Iterator<Item = String>) -> Option<Plan> {
    let mut plan = Plan {
        rounds: 300,
        seed: 1,
        from: 0,
        kinds: Kind::here(),
        sparing: true,
        aloud: false,
        until_found: false,
    };
    while let Some(name) = args.next() {
        match name.as_str() {
            "--rounds" => plan.rounds = args.next()?.parse().ok()?,
            "--seed" => plan.seed = args.next()?.parse().ok()?,
            "--from" => plan.from = args.next()?.parse().ok()?,
            "--networks" => {
                plan.kinds = args.next()?.split(',').map(Kind::named).collect::<Option<_>>()?;
                plan.sparing = false;
            }
            "--aloud" => plan.aloud = true,
            "--until-found" => plan.until_found = true,
            _ => return None,
        }
    }
    Some(plan)
}
