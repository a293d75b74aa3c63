//! What the tests of the whole house share.

pub mod browser;
pub mod chaos;
pub mod clock;
pub mod desktop;
pub mod fake;
pub mod folder;
pub mod meter;
pub mod servers;
pub mod studio;
pub mod terminal;
#[cfg(target_os = "linux")]
pub mod window;
