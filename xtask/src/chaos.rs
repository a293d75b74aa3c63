//! `cargo xtask chaos`: rounds of trouble between Griot and the networks, as many as one likes.

use crate::fault::Fault;
use crate::{places, servers, setup, shell, wordpress};

/// `cargo xtask chaos [--rounds N] [--seed S] [--from N] [--networks A,B] [--aloud]`: what the program takes. Real
/// servers that are named are installed; without names those take part that are there.
pub(crate) fn chaos(words: &[String]) -> Result<(), Fault> {
    setup::packages(&[setup::FFMPEG])?;
    let after = words.iter().skip_while(|word| *word != "--networks").nth(1);
    for name in after.map(|names| names.split(',')).into_iter().flatten() {
        match name {
            "bluesky" => {
                setup::node()?;
                servers::pds()?;
            }
            "mastodon" => servers::mastodon(&setup::python()?)?,
            "wordpress" => wordpress::install(&setup::python()?)?,
            _ => {}
        }
    }
    let mut command = shell::cargo();
    command.env("GRIOT_TEST_SERVERS", places::servers());
    command.args(["run", "--quiet", "--package", "griot-tests", "--bin", "chaos", "--"]).args(words);
    shell::run(&mut command)
}
