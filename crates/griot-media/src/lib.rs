//! Media: what a file is, and the pictures and films that networks accept, made from it.
//!
//! Paths and options in, files and facts out. Every call blocks; the hosts run it on a thread that may. Files are
//! hostile until proven otherwise: the container is recognised by its bytes, limits are checked on the header, and
//! decoders run behind `catch_unwind`. Deliberately absent: the database, the networks' rules, the clock and the
//! environment, all of which come in as arguments or stay outside.

mod asf;
mod avi;
mod broadcast;
mod coded;
mod error;
mod ffmpeg;
pub mod film;
mod flv;
mod fonts;
mod limits;
mod matroska;
mod mp4;
mod ogg;
mod picture;
pub mod probe;
mod progress;
mod reel;
pub mod sniff;
mod source;
pub mod still;
mod time_left;
mod turn;

pub use error::{Error, Excess, Lack, OverLimit, Unsupported};
pub use fonts::undrawn;
pub use limits::Limits;
pub use progress::{Cancelled, Progress, Side, Sides};
pub use time_left::time_left;

/// Part of every rendition's address: raised whenever the same recipe gives other bytes than before.
pub const RENDERER_VERSION: u32 = 3;
