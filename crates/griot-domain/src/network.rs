//! The networks Griot knows, by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! networks {
    ($($variant:ident = $id:literal, $name:literal;)+) => {
        /// A network that Griot has rules for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
        #[serde(rename_all = "lowercase")]
        pub enum NetworkId { $(#[doc = $name] $variant),+ }

        impl NetworkId {
            /// Every network, in the order in which people are shown them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The short name used in files, commands and the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// The name as its owner writes it.
            #[must_use]
            pub fn display_name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

networks! {
    Bluesky = "bluesky", "Bluesky";
    Mastodon = "mastodon", "Mastodon";
    Facebook = "facebook", "Facebook";
    Instagram = "instagram", "Instagram";
    X = "x", "X";
    Telegram = "telegram", "Telegram";
    Wordpress = "wordpress", "WordPress";
    Discourse = "discourse", "Discourse";
    Whatsapp = "whatsapp", "WhatsApp";
    Phpbb = "phpbb", "phpBB";
    Linkedin = "linkedin", "LinkedIn";
    Tiktok = "tiktok", "TikTok";
    Youtube = "youtube", "YouTube";
    Threads = "threads", "Threads";
}

impl fmt::Display for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is not one of a network Griot knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no network is called \"{0}\"")]
pub struct UnknownNetwork(pub String);

impl FromStr for NetworkId {
    type Err = UnknownNetwork;
    fn from_str(text: &str) -> Result<Self, UnknownNetwork> {
        let wanted = text.trim().to_ascii_lowercase();
        Self::ALL
            .iter()
            .copied()
            .find(|n| n.as_str() == wanted)
            .ok_or_else(|| UnknownNetwork(text.to_owned()))
    }
}
