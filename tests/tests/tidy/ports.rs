//! Below the hosts nobody asks the world what time it is, what the environment holds, where it stands or
//! for a number by chance: such things come in through the ports, so that every test can hold them still.

use super::house::{Breach, File, House};
use super::source::{line_of, words};

/// Who may ask, and why.
const MAY_ASK: &[&str] = &[
    "crates/griot-cli/",            // a host: it makes the ports that the studio is given
    "src-tauri/",                   // a host, likewise
    "crates/griot-app/src/ports/",  // the real ports that both hosts hand in, in one place instead of two
    "xtask/",                       // a developer's tool
    "crates/griot-media/examples/", // a developer's tool: it draws the samples and fixtures
    "crates/griot-store/examples/", // a developer's tool: it measures a long queue
    "tests/",                       // tests hold the ports themselves
];

/// What asks the world, by what it asks for.
const QUESTIONS: &[(&str, &[&str])] = &[
    (
        "the clock",
        &["SystemTime::now", "Instant::now", "Utc::now", "Local::now", "Uuid::now_v7", "Timestamp::now"],
    ),
    (
        "the environment",
        &[
            "env::var",
            "env::var_os",
            "env::vars",
            "env::vars_os",
            "env::args",
            "env::args_os",
            "env::set_var",
        ],
    ),
    ("where this program is", &["env::current_exe"]),
    (
        "the environment's folder for temporary files",
        &["env::temp_dir", "NamedTempFile::new()", "tempdir()", "TempDir::new()", "tempfile()"],
    ),
    ("where the platform keeps things", &["ProjectDirs", "BaseDirs", "UserDirs", "home_dir"]),
    ("the current directory", &["env::current_dir", "set_current_dir"]),
    ("chance", &["rand::", "getrandom", "OsRng", "thread_rng", "Uuid::new_v4", "fastrand"]),
    ("time to pass", &["thread::sleep", "tokio::time::sleep", "time::sleep"]),
];

/// Nothing below the hosts reads the clock, the environment, randomness or the current directory.
pub(crate) fn nothing_below_the_hosts_asks_the_world(house: &House) -> Vec<Breach> {
    let below = |file: &&File| {
        !file.is_test() && !file.ends("/build.rs") && !MAY_ASK.iter().any(|place| file.under(place))
    };
    let mut found = Vec::new();
    for file in house.rust().filter(below) {
        let mut lines = Vec::new();
        for (asked, ways) in QUESTIONS {
            for way in *ways {
                for at in words(&file.shipped, way) {
                    let line = line_of(&file.shipped, at);
                    // A line is told once for each question.
                    if !lines.contains(&(line, *asked)) {
                        lines.push((line, *asked));
                        found.push(
                            file.breach(line, format!("asks {asked} (`{way}`): take it from the ports")),
                        );
                    }
                }
            }
        }
    }
    found
}
