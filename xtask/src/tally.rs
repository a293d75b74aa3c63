//! Counting what test programs say. Their closing lines are the only thing believed; a program that ends
//! badly without one counts as a failure of its own.

/// What a test program, or a level of them, came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: usize,
    /// Tests that failed.
    pub(crate) failed: usize,
    /// Tests that are marked to be ignored: always a fault here.
    pub(crate) ignored: usize,
    /// Tests that passed empty because something that this machine need not have is not here: the corpora, WordPress.
    pub(crate) skipped: usize,
}

impl Tally {
    /// Counts one line of a test program.
    pub(crate) fn hear(&mut self, line: &str) {
        if line.contains(" absent: skipped") {
            self.skipped += 1;
        }
        let Some((_, counts)) = line.split_once("test result: ").and_then(|(_, rest)| rest.split_once(". "))
        else {
            return;
        };
        for count in counts.split("; ") {
            let mut words = count.split(' ');
            let number = words.next().and_then(|number| number.parse::<usize>().ok()).unwrap_or_default();
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed") => self.failed += number,
                Some("ignored") => self.ignored += number,
                _ => {}
            }
        }
    }

    /// Takes the end of a program into account: a crash has no closing line.
    pub(crate) fn ended(&mut self, code: Option<i32>) {
        if code != Some(0) && self.failed == 0 {
            self.failed = 1;
        }
    }

    /// Adds another tally to this one.
    pub(crate) fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
        self.skipped += other.skipped;
    }

    /// How many tests ran.
    pub(crate) fn ran(self) -> usize {
        self.passed + self.failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(text: &str) -> Tally {
        let mut tally = Tally::default();
        text.lines().for_each(|line| tally.hear(line));
        tally
    }

    #[test]
    fn closing_lines_are_counted() {
        let text = "running 6 tests\ntest a ... ok\n\
            test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.62s\n\
            test result: ok. 10 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s\n\
            corpora absent: skipped\nWordPress absent: skipped\n";
        assert_eq!(heard(text), Tally { passed: 13, failed: 2, ignored: 1, skipped: 2 });
        assert_eq!(heard("test result: of nothing\nno result at all"), Tally::default());
    }

    #[test]
    fn a_crash_is_a_failure() {
        let mut tally = heard("running 3 tests\ntest a ... ok");
        tally.ended(Some(0));
        assert_eq!(tally.failed, 0);
        tally.ended(None);
        assert_eq!(tally.failed, 1);
    }
}
