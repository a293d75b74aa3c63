//! What a run costs: processor time and the most memory, of the program and of everything that it started and waited
//! for, and the time on the clock.
//!
//! The figures come from the system through bash's `time`, which counts in milliseconds, and from `/usr/bin/time`, which
//! knows the memory but counts in hundredths of a second. Reading them here would need `unsafe` or a library.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::fault::{Fault, WhileDoing};
use crate::shell;

/// One run, or the median of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    /// User and system time of all processes.
    pub(super) cpu: Duration,
    /// On the clock.
    pub(super) wall: Duration,
    /// The most that one process held, in KiB.
    pub(super) peak_kib: u64,
}

impl Cost {
    /// This run and then that one.
    fn then(self, next: Cost) -> Cost {
        Cost {
            cpu: self.cpu + next.cpu,
            wall: self.wall + next.wall,
            peak_kib: self.peak_kib.max(next.peak_kib),
        }
    }

    /// Each figure's own median; nothing of nothing.
    pub(super) fn median(runs: &[Cost]) -> Option<Cost> {
        Some(Cost {
            cpu: middle(runs.iter().map(|run| run.cpu))?,
            wall: middle(runs.iter().map(|run| run.wall))?,
            peak_kib: middle(runs.iter().map(|run| run.peak_kib))?,
        })
    }

    /// Processor time in milliseconds.
    pub(super) fn cpu_ms(self) -> f64 {
        self.cpu.as_secs_f64() * 1000.0
    }

    /// The clock's milliseconds.
    pub(super) fn wall_ms(self) -> f64 {
        self.wall.as_secs_f64() * 1000.0
    }

    /// The most memory in MiB.
    pub(super) fn peak_mib(self) -> f64 {
        self.peak_kib as f64 / 1024.0
    }
}

/// The middle one; of two in the middle, the higher.
fn middle<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

/// `$0` is where the times go, the memory beside it; the program keeps its own standard error.
const SCRIPT: &str = r#"TIMEFORMAT='%3R %3U %3S'; exec 3>&2 2>"$0"
time /usr/bin/time -q -f %M -o "$0.peak" "$@" 2>&3 3>&-"#;

/// Runs the commands one after the other. `scratch` is a folder for what the system says of them.
pub(super) fn measured(commands: &[Command], scratch: &Path) -> Result<Cost, Fault> {
    let mut total = Cost { cpu: Duration::ZERO, wall: Duration::ZERO, peak_kib: 0 };
    for command in commands {
        total = total.then(one(command, scratch)?);
    }
    Ok(total)
}

fn one(command: &Command, scratch: &Path) -> Result<Cost, Fault> {
    let told = shell::told(command);
    let times = scratch.join("times");
    let mut outer = Command::new("bash");
    outer.args(["-c", SCRIPT]).arg(&times).arg(command.get_program()).args(command.get_args());
    outer.env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        outer.current_dir(folder);
    }
    let output = outer.output().while_doing(|| format!("starting `{told}`"))?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        return Err(Fault::Program { command: told, code: output.status.code() });
    }
    let said = |path: &Path| fs::read_to_string(path).while_doing(|| format!("reading {}", path.display()));
    let (clock, peak) = (said(&times)?, said(&times.with_extension("peak"))?);
    read(&clock, &peak).ok_or_else(|| Fault::Unsound(format!("`{told}` took `{clock}` and held `{peak}`")))
}

/// `REAL USER SYSTEM` in seconds, and KiB.
fn read(times: &str, peak: &str) -> Option<Cost> {
    let mut seconds = times.split_whitespace().map(|word| word.parse().map(Duration::try_from_secs_f64));
    let mut next = || seconds.next()?.ok()?.ok();
    let (wall, user, system) = (next()?, next()?, next()?);
    Some(Cost { cpu: user + system, wall, peak_kib: peak.trim().parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(cpu: u64, wall: u64, peak_kib: u64) -> Cost {
        Cost { cpu: Duration::from_millis(cpu), wall: Duration::from_millis(wall), peak_kib }
    }

    #[test]
    fn what_the_system_says_is_read() {
        assert_eq!(read("1.250 0.900 0.100\n", "20480\n"), Some(cost(1000, 1250, 20480)));
        for (times, peak) in [("", "1"), ("1 2", "1"), ("1 2 3", ""), ("1 -2 3", "1"), ("1,0 2 3", "1")] {
            assert_eq!(read(times, peak), None, "{times} {peak}");
        }
    }

    #[test]
    fn the_median_is_each_figures_own() {
        let runs = [cost(30, 90, 5), cost(10, 70, 9), cost(20, 80, 1)];
        assert_eq!(Cost::median(&runs), Some(cost(20, 80, 5)));
        assert_eq!(Cost::median(&runs[..2]), Some(cost(30, 90, 9)));
        assert_eq!(Cost::median(&[]), None);
    }

    #[test]
    fn commands_in_a_row_add_their_times_and_share_their_peak() {
        assert_eq!(cost(10, 20, 300).then(cost(1, 2, 400)), cost(11, 22, 400));
    }
}
