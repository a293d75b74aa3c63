//! Films: three outputs at once against three commands of ffmpeg's, and one output against the one command.
//!
//! The commands are not written here: Griot is run once behind a script that notes what it gives to ffmpeg and passes it
//! on. So both sides do the same work with the same settings, and what differs is Griot.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::contest::{self, Side, empty};
use super::cost::Cost;
use super::report::{Bar, Report, costs, ratio};
use super::usage::files;
use super::{Bench, Photo};
use crate::fault::{Fault, WhileDoing};
use crate::{setup, shell};

/// A story, a square, a landscape.
const USES: [&str; 3] = ["cover:1080x1920:mp4", "cover:1080x1080:mp4", "inside:1280x720:mp4"];
/// How many times less processor time than three commands.
const CPU: f64 = 1.15;
/// What one output may cost of the bare command.
const WRAPPED: f64 = 1.02;
/// Rounds for a difference of hundredths.
const FINE: usize = 11;
/// Where the script's notes go.
const NOTES: &str = "notes";

/// This part of the bench.
pub(super) fn part(bench: &Bench, report: &mut Report) -> Result<(), Fault> {
    let Some(photo) = bench.photos.first().filter(|_| bench.peers.ffmpeg) else {
        report.say("## Films\n\nNothing was measured: there is no ffmpeg.");
        return Ok(());
    };
    let film = &film_of(bench, photo)?;
    let noted = USES.map(|usage| noted(bench, film, usage));
    let noted: Vec<Vec<Given>> = noted.into_iter().collect::<Result<_, _>>()?;
    let (every, first) = (noted.iter().flatten().collect::<Vec<_>>(), noted[0].iter().collect::<Vec<_>>());
    let there = |outputs: usize| move |out: &Path| are_there(out, outputs);
    let many = [
        Side::new("griot, three outputs", |out| Ok(vec![video(bench, film, &USES, out)]), there(3)),
        Side::new("ffmpeg, three commands", |out| again(&every, out), |_| Ok(())),
    ];
    let one = [
        Side::new("griot, one output", |out| Ok(vec![video(bench, film, &USES[..1], out)]), there(1)),
        Side::new("ffmpeg, one command", |out| again(&first, out), |_| Ok(())),
    ];
    println!("\na film to {USES:?}");
    let medians = contest::interleaved(&bench.work, &many)?;
    let many: Vec<_> = many.iter().map(Side::name).zip(medians).collect();
    println!("\na film to {}", USES[0]);
    let medians = contest::rounds(FINE, &bench.work, &one)?;
    let one: Vec<_> = one.iter().map(Side::name).zip(medians).collect();
    report.say("## Films");
    report.say(&format!(
        "Eight seconds of 1920x1080 at 14 Mb/s (a way across a photograph, with grain and a tone) to {}; one output is \
         the first of them. ffmpeg's commands are those that Griot gives for one output each, run again without Griot. \
         The peak is that of the largest process. One output is run in {FINE} rounds: a hundredth is less than what one \
         run differs from the next.",
        USES.join(", ")
    ));
    report.say(&costs(&many, 1));
    report.say(&costs(&one, 1));
    let cpu = |named: &[(&str, Cost)], at: usize| named[at].1.cpu_ms();
    let share = ratio(cpu(&many, 1), cpu(&many, 0));
    report.bar(Bar::at_least("film, three outputs: ffmpeg's CPU / griot's", CPU, share));
    report.bar(Bar::at_most(
        "film, one output: griot's CPU / ffmpeg's",
        WRAPPED,
        ratio(cpu(&one, 0), cpu(&one, 1)),
    ));
    Ok(())
}

fn video(bench: &Bench, film: &Path, uses: &[&str], out: &Path) -> Command {
    let mut command = bench.griot();
    command.arg("video").arg(film);
    for usage in uses {
        command.args(["--as", usage]);
    }
    command.arg("--out").arg(out);
    command
}

fn are_there(out: &Path, wanted: usize) -> Result<(), Fault> {
    let made = files(out)?;
    let whole = made.iter().filter(|path| fs::metadata(path).is_ok_and(|about| about.len() > 0));
    match whole.count() {
        count if count == wanted => Ok(()),
        count => Err(Fault::Unsound(format!("{count} films were made of {wanted}"))),
    }
}

/// A film that moves over the photograph, made once.
fn film_of(bench: &Bench, photo: &Photo) -> Result<PathBuf, Fault> {
    let film = bench.work.join(format!("{}.mp4", photo.stem));
    if film.exists() {
        return Ok(film);
    }
    let mut command = shell::program(setup::FFMPEG.program());
    command.args(["-v", "error", "-y", "-i"]).arg(&photo.path);
    command.args(["-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000", "-t", "8", "-vf"]);
    command.arg(
        "scale=2880:-2:flags=lanczos,loop=-1:1,setpts=N/30/TB,crop=1920:1080:(iw-ow)*t/8:(ih-oh)*t/8,\
         noise=alls=8:allf=t,format=yuv420p",
    );
    command.args([
        "-r", "30", "-c:v", "libx264", "-preset", "fast", "-b:v", "14M", "-c:a", "aac", "-b:a", "128k",
    ]);
    // A film that was made in part is none.
    let part = film.with_extension("part.mp4");
    shell::run(command.arg(&part))?;
    fs::rename(&part, &film).while_doing(|| format!("naming {}", film.display()))?;
    Ok(film)
}

/// What Griot gave to ffmpeg: the folder that it ran in, and the words.
#[derive(Debug, PartialEq, Eq)]
struct Given {
    folder: String,
    words: Vec<String>,
}

/// The commands by which Griot makes one output, without its questions for versions and encoders.
fn noted(bench: &Bench, film: &Path, usage: &str) -> Result<Vec<Given>, Fault> {
    let (out, shim) = (bench.work.join("out"), bench.work.join("shim"));
    empty(&out)?;
    let path = standing_in(&shim)?;
    let mut command = video(bench, film, &[usage], &out);
    command.env("PATH", path);
    super::cost::measured(&[command], &bench.work)?;
    let notes = shim.join(NOTES);
    let text = fs::read_to_string(&notes).while_doing(|| format!("reading {}", notes.display()))?;
    let name = film.file_name().unwrap_or_default().to_string_lossy();
    let mut given =
        given(&text).ok_or_else(|| Fault::Unsound("the notes on ffmpeg are cut off".to_owned()))?;
    given.retain(|given| reads(given, &name));
    if given.is_empty() {
        return Err(Fault::Unsound(format!(
            "griot made {usage} without ffmpeg: there is nothing to compare"
        )));
    }
    Ok(given)
}

/// Whether the film is an input of the command.
fn reads(given: &Given, film: &str) -> bool {
    given.words.windows(2).any(|pair| pair[0] == "-i" && pair[1].ends_with(film))
}

/// A script called ffmpeg that notes its words, and the search path on which it comes first.
fn standing_in(folder: &Path) -> Result<OsString, Fault> {
    empty(folder)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let real = std::env::split_paths(&path)
        .map(|folder| folder.join(setup::FFMPEG.program()))
        .find(|program| program.is_file())
        .ok_or_else(|| Fault::Missing("there is no ffmpeg on the search path".to_owned()))?;
    let notes = folder.join(NOTES);
    let script = folder.join(setup::FFMPEG.program());
    let text = format!(
        "#!/bin/sh\nprintf '%s\\0' \"$#\" \"$PWD\" \"$@\" >>'{}'\nexec '{}' \"$@\"\n",
        notes.display(),
        real.display()
    );
    fs::write(&script, text).while_doing(|| format!("writing {}", script.display()))?;
    shell::run(shell::program("chmod").arg("+x").arg(&script))?;
    std::env::join_paths(std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path)))
        .map_err(|error| Fault::Unsound(format!("the search path cannot be written: {error}")))
}

/// Reads the notes: for each command how many words, the folder, the words, each ended by a zero.
fn given(notes: &str) -> Option<Vec<Given>> {
    let mut pieces = notes.split_terminator('\0');
    let mut all = Vec::new();
    while let Some(count) = pieces.next() {
        let count = count.parse().ok()?;
        let folder = pieces.next()?.to_owned();
        let words: Vec<String> = pieces.by_ref().take(count).map(str::to_owned).collect();
        if words.len() != count {
            return None;
        }
        all.push(Given { folder, words });
    }
    Some(all)
}

/// The same commands in folders of their own: what was written into Griot's folder is written into theirs.
fn again(given: &[&Given], out: &Path) -> Result<Vec<Command>, Fault> {
    let mut commands = Vec::new();
    let mut folders: Vec<&str> = Vec::new();
    for given in given {
        // The passes over one output share their folder.
        let at = folders.iter().position(|folder| *folder == given.folder).unwrap_or_else(|| {
            folders.push(&given.folder);
            folders.len() - 1
        });
        let folder = out.join(at.to_string());
        fs::create_dir_all(&folder).while_doing(|| format!("making {}", folder.display()))?;
        let here = folder.to_string_lossy();
        let mut command = shell::program(setup::FFMPEG.program());
        command.args(given.words.iter().map(|word| word.replace(&given.folder, &here)));
        command.current_dir(&folder);
        commands.push(command);
    }
    Ok(commands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read_and_questions_left_out() {
        let notes = "1 /a -version 4 /b -i file:/x/k24.mp4 -y out.mp4 0 /c ".replace(' ', "\0");
        let given = given(&notes).expect("whole notes");
        assert_eq!(given.len(), 3);
        assert_eq!(given[1].folder, "/b");
        assert_eq!(given[1].words[3], "out.mp4");
        let reading: Vec<bool> = given.iter().map(|given| reads(given, "k24.mp4")).collect();
        assert_eq!(reading, [false, true, false]);
    }

    #[test]
    fn notes_that_are_cut_off_are_none() {
        for notes in ["2 /a one ", "1 ", "many /a "] {
            assert_eq!(given(&notes.replace(' ', "\0")), None, "{notes:?}");
        }
    }

    #[test]
    fn what_griot_wrote_is_written_elsewhere() {
        let given =
            Given { folder: "/griot/7".to_owned(), words: vec!["-y".into(), "/griot/7/out.mp4".into()] };
        let out = crate::places::target().join(format!("films-test-{}", std::process::id()));
        let commands = again(&[&given], &out).expect("commands");
        let words: Vec<_> = commands[0].get_args().map(|word| word.to_string_lossy().into_owned()).collect();
        assert_eq!(words, ["-y", &out.join("0/out.mp4").to_string_lossy()]);
        fs::remove_dir_all(&out).expect("removed");
    }
}
