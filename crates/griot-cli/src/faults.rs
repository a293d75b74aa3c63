//! Failure points for the tests: `GRIOT_FAIL="NAME=WHAT,NAME@N=WHAT"` in a debug build. A release build knows none.
//!
//! `hold` says `failpoint NAME reached` on standard error and stays there for ever, so that a test can kill the
//! process at exactly that place; `full` is a full disk, `error` any other failure. With `@N` it happens at the N-th
//! passage only.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, PoisonError};

use griot_domain::Faults;

/// What happens at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Hold,
    Full,
    Error,
}

/// One point of the list.
#[derive(Debug, PartialEq, Eq)]
struct Point {
    name: String,
    passage: Option<u32>,
    what: What,
}

/// The points that `list` names; nothing when it is not written like that.
pub(crate) fn faults(list: &str) -> Option<Faults> {
    let points: Vec<Point> = list.split(',').map(point).collect::<Option<_>>()?;
    let passages: Mutex<HashMap<&'static str, u32>> = Mutex::default();
    Some(Faults::with(move |name| {
        let passage = {
            let mut passages = passages.lock().unwrap_or_else(PoisonError::into_inner);
            let passage = passages.entry(name).or_default();
            *passage += 1;
            *passage
        };
        let reached = |p: &&Point| p.name == name && p.passage.is_none_or(|n| n == passage);
        match points.iter().find(reached).map(|p| p.what) {
            None => Ok(()),
            Some(What::Full) => Err(io::ErrorKind::StorageFull.into()),
            Some(What::Error) => Err(io::Error::other(format!("failure point {name}"))),
            Some(What::Hold) => hold(name),
        }
    }))
}

fn hold(name: &str) -> io::Result<()> {
    crate::print::diagnostic(&format!("failpoint {name} reached"));
    loop {
        std::thread::park();
    }
}

fn point(text: &str) -> Option<Point> {
    let (place, what) = text.trim().split_once('=')?;
    let (name, passage) = match place.split_once('@') {
        Some((name, n)) => (name, Some(n.parse().ok()?)),
        None => (place, None),
    };
    let what = match what {
        "hold" => What::Hold,
        "full" => What::Full,
        "error" => What::Error,
        _ => return None,
    };
    Some(Point { name: name.to_owned(), passage, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_fails_as_it_was_asked_to() {
        let faults = faults("a=full, b@2=error").unwrap();
        let kind = |name| faults.at(name).err().map(|e| e.kind());
        assert_eq!([kind("a"), kind("a")], [Some(io::ErrorKind::StorageFull); 2]);
        assert_eq!([kind("b"), kind("b"), kind("b")], [None, Some(io::ErrorKind::Other), None]);
        assert_eq!(kind("c"), None);
    }

    #[test]
    fn a_list_that_is_not_one_is_refused() {
        for list in ["a", "a=later", "a@x=hold", "a=full,"] {
            assert!(faults(list).is_none(), "{list}");
        }
    }
}
