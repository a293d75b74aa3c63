//! What becomes of a delivery whose time has passed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::delivery::UnknownWord;

/// What happens to a delivery that is more than ten minutes past the time a person chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ts_rs::TS)]
#[ts(type = "string")]
pub enum LatePolicy {
    /// Wait for a person.
    #[default]
    Hold,
    /// Go if within so many minutes, else wait for a person.
    Publish(u32),
    /// Cancel, with that reason.
    Drop,
}

impl LatePolicy {
    /// Later than this past a chosen time is late, in milliseconds (DESIGN: ten minutes).
    pub const GRACE_MS: i64 = 10 * 60 * 1000;

    /// So much later than it was meant for something may go without a question, in milliseconds.
    #[must_use]
    pub fn margin_ms(self) -> i64 {
        match self {
            Self::Hold | Self::Drop => Self::GRACE_MS,
            Self::Publish(minutes) => Self::GRACE_MS.max(i64::from(minutes) * 60_000),
        }
    }
}

impl fmt::Display for LatePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hold => f.write_str("hold"),
            Self::Publish(minutes) => write!(f, "publish:{minutes}"),
            Self::Drop => f.write_str("drop"),
        }
    }
}

impl FromStr for LatePolicy {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "hold" => Ok(Self::Hold),
            "drop" => Ok(Self::Drop),
            other => other
                .strip_prefix("publish:")
                .and_then(|m| m.parse().ok())
                .map(Self::Publish)
                .ok_or_else(|| UnknownWord(text.to_owned())),
        }
    }
}

impl Serialize for LatePolicy {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LatePolicy {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_policies_have_one_text() {
        for text in ["hold", "drop", "publish:45"] {
            assert_eq!(text.parse::<LatePolicy>().unwrap().to_string(), text);
        }
        assert!("publish".parse::<LatePolicy>().is_err());
        assert!("publish:-1".parse::<LatePolicy>().is_err());
    }
}
