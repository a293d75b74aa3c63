//! Three hundred rounds of trouble: `cargo xtask chaos` runs as many as one likes.

#![expect(clippy::print_stdout, reason = "the table of a run is what a reader of its log wants")]

use griot_tests::chaos::{self, Kind, Plan};

/// Half of the rounds: the test runs on both cores.
const ROUNDS: u32 = 150;

fn nothing_is_found(seed: u64) {
    let plan = Plan {
        rounds: ROUNDS,
        seed,
        from: 0,
        kinds: Kind::here(),
        sparing: true,
        aloud: false,
        until_found: false,
    };
    let report = chaos::run(&plan, &mut |line| println!("{line}"));
    println!("{report}");
    assert!(report.findings().is_empty(), "{}", report.findings().join("\n"));
    assert_eq!(report.rounds(), ROUNDS);
    assert!(report.published() > ROUNDS, "{report}");
}

#[test]
fn a_first_half_of_the_rounds_loses_nothing_and_sends_nothing_twice() {
    nothing_is_found(20_261_123);
}

#[test]
fn a_second_half_of_the_rounds_loses_nothing_and_sends_nothing_twice() {
    nothing_is_found(20_261_124);
}
