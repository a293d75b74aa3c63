//! The words for ffmpeg. Everything that came from outside is a number by now, or a path behind `file:`; the other files
//! have fixed names in the folder that ffmpeg runs in.

use std::ffi::OsString;

use super::budget::SOUND_BITS;
use super::encode;
use super::graph;
use super::original::{Frames, Original};
use super::plan::Plan;
use super::{Encoder, loudness};
use crate::Error;

/// The single frame in the scratch folder.
pub(super) const FRAME: &str = "frame.png";

/// One film to make.
pub(super) struct Output<'a> {
    pub(super) plan: &'a Plan,
    /// The subtitles' file in the scratch folder.
    pub(super) words: Option<String>,
    /// The filter that levels the sound.
    pub(super) level: Option<String>,
    /// Which pass of several this is.
    pub(super) pass: encode::Pass,
    /// The film's number in the names of what the passes learn.
    pub(super) number: usize,
}

/// The name of a film in the scratch folder.
pub(super) fn out(n: usize) -> String {
    format!("out-{n}.mp4")
}

/// Where the pictures come from.
pub(super) enum Input<'a> {
    Film(&'a Original<'a>),
    /// Frames of three bytes a pixel on standard input: their size, and how many there are a second.
    Frames((u32, u32), (u32, u32)),
}

/// Converts by plans, all of one part of one film.
pub(super) fn convert(
    from: &Input<'_>,
    outputs: &[Output<'_>],
    encoder: Encoder,
) -> Result<Vec<OsString>, Error> {
    let first = outputs.first().ok_or_else(|| Error::Bug("a run without a film to make".into()))?;
    let mut args = start("error");
    add(&mut args, encode::device(encoder));
    input(&mut args, from, first.plan.from_ms)?;
    let plans: Vec<&Plan> = outputs.iter().map(|output| output.plan).collect();
    let words: Vec<_> = outputs.iter().map(|output| output.words.clone()).collect();
    let graph = graph::graph(&plans, &words, encode::hand_over(encoder));
    let length = seconds(first.plan.length_ms);
    add(&mut args, &["-filter_complex", &graph]);
    for (n, output) in outputs.iter().enumerate() {
        add(&mut args, &["-t", &length, "-map", &format!("[v{n}]")]);
        args.extend(
            encode::picture(encoder, output.plan, output.pass, output.number).into_iter().map(OsString::from),
        );
        add(&mut args, &graph::named(&output.plan.shown).iter().map(String::as_str).collect::<Vec<_>>());
        // x264 writes its settings into the stream as a message; no message is kept.
        add(&mut args, &["-bsf:v", "filter_units=remove_types=6"]);
        let bits = output.plan.budget.map_or(SOUND_BITS, |budget| budget.sound);
        sound(&mut args, output.plan.has_sound, bits, output.level.as_deref());
        finish(&mut args, n);
    }
    if let Input::Film(_) = from {
        lifeline(&mut args, &length);
    }
    Ok(args)
}

/// Copies the frames of a part of a film and writes its sound anew.
pub(super) fn copy(
    original: &Original<'_>,
    (from_ms, length_ms): (u64, u64),
    frames: Frames,
    has_sound: bool,
    level: Option<&str>,
) -> Result<Vec<OsString>, Error> {
    let mut args = start("error");
    input(&mut args, &Input::Film(original), from_ms)?;
    let length = seconds(length_ms);
    add(&mut args, &["-t", &length, "-map", "0:v:0", "-c:v", "copy"]);
    // A limit of frames would end the sound with the last of them; dropping the others does not.
    let surplus = match frames {
        Frames::All => String::new(),
        Frames::Count(count) => format!("noise=amount=0:drop=gte(n\\,{count}),"),
    };
    add(&mut args, &["-bsf:v", &format!("{surplus}filter_units=remove_types=6")]);
    sound(&mut args, has_sound, SOUND_BITS, level);
    finish(&mut args, 0);
    lifeline(&mut args, &length);
    Ok(args)
}

/// Measures how loud a part of a film is.
pub(super) fn listen(original: &Original<'_>, from_ms: u64, length_ms: u64) -> Result<Vec<OsString>, Error> {
    let mut args = start("info");
    input(&mut args, &Input::Film(original), from_ms)?;
    let length = seconds(length_ms);
    add(&mut args, &["-t", &length, "-map", "0:a:0", "-vn", "-sn", "-dn", "-af", &loudness::measure()]);
    add(&mut args, &["-f", "null", "-"]);
    Ok(args)
}

/// Has ffmpeg say what it sees in the first frame of a film.
pub(super) fn look(original: &Original<'_>) -> Result<Vec<OsString>, Error> {
    let mut args = start("info");
    add(&mut args, &["-nostats"]);
    input(&mut args, &Input::Film(original), 0)?;
    add(&mut args, &["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", "showinfo", "-frames:v", "1"]);
    add(&mut args, &["-map_metadata", "-1", "-f", "null", "-"]);
    Ok(args)
}

/// Has ffmpeg tell frames that are woven of two fields from others, in two seconds of a film.
pub(super) fn motion(original: &Original<'_>, at_ms: u64) -> Result<Vec<OsString>, Error> {
    let mut args = start("info");
    add(&mut args, &["-nostats"]);
    input(&mut args, &Input::Film(original), at_ms)?;
    add(&mut args, &["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", "idet", "-frames:v", "50"]);
    add(&mut args, &["-map_metadata", "-1", "-f", "null", "-"]);
    Ok(args)
}

/// Takes one frame, upright and with square pixels.
pub(super) fn frame(original: &Original<'_>, plan: &Plan, at_ms: u64) -> Result<Vec<OsString>, Error> {
    let mut args = start("error");
    input(&mut args, &Input::Film(original), at_ms)?;
    let scaled = graph::still(plan, "", graph::Kept::Rgb);
    add(&mut args, &["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", &scaled, "-frames:v", "1"]);
    add(&mut args, &["-map_metadata", "-1", "-c:v", "png", "-pix_fmt", "rgb24", "-f", "image2"]);
    add(&mut args, &["-update", "1", "-y", FRAME]);
    Ok(args)
}

/// Takes many frames, evenly spaced, in one run. `keys` decodes only the frames that need no other.
pub(super) fn frames(
    original: &Original<'_>,
    plan: &Plan,
    count: u32,
    keys: bool,
) -> Result<Vec<OsString>, Error> {
    let mut args = start("error");
    if keys {
        add(&mut args, &["-skip_frame", "nokey"]);
    }
    input(&mut args, &Input::Film(original), 0)?;
    let (apart, most) = (plan.length_ms.max(1), count.to_string());
    let rate = format!("fps={}/{apart}:start_time=0:round=near,", u64::from(count) * 1000);
    let chosen = graph::still(plan, &rate, graph::Kept::Jpeg);
    add(&mut args, &["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", &chosen, "-frames:v", &most]);
    add(&mut args, &["-map_metadata", "-1", "-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"]);
    add(&mut args, &["-flags:v", "+bitexact", "-f", "image2", "-start_number", "0", "-y", "frame-%d.jpg"]);
    Ok(args)
}

/// The start of every command: quiet, no questions, progress as lines.
fn start(level: &str) -> Vec<OsString> {
    let mut args = Vec::new();
    add(&mut args, &["-nostdin", "-hide_banner", "-loglevel", level, "-progress", "pipe:1"]);
    args
}

/// One known demuxer, local files only, and no turning of ffmpeg's own: how a film is turned, every version of it sees
/// a little differently.
fn input(args: &mut Vec<OsString>, from: &Input<'_>, from_ms: u64) -> Result<(), Error> {
    add(args, &["-protocol_whitelist", "file,pipe"]);
    match from {
        Input::Film(original) => {
            add(args, &["-f", original.demuxer(), "-noautorotate"]);
            if let Some(decoder) = original.decoder() {
                add(args, &["-c:v", decoder]);
            }
            if from_ms > 0 {
                add(args, &["-ss", &seconds(from_ms)]);
            }
            // Absolute, as ffmpeg runs in the scratch folder; `file:` keeps a colon in a name from being a protocol.
            let mut path = OsString::from("file:");
            path.push(std::path::absolute(original.path)?);
            add(args, &["-i"]);
            args.push(path);
        }
        Input::Frames((w, h), (frames, per)) => {
            let (size, rate) = (format!("{w}x{h}"), format!("{frames}/{per}"));
            add(args, &["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", &size, "-r", &rate, "-i", "pipe:0"]);
        }
    }
    Ok(())
}

fn sound(args: &mut Vec<OsString>, has_sound: bool, bits: u64, level: Option<&str>) {
    if !has_sound {
        add(args, &["-an"]);
        return;
    }
    let filter = level.map_or_else(String::new, |level| format!("{level},"));
    let filter = format!("{filter}aresample=async=1000:first_pts=0");
    let channels = if bits < 64_000 { "1" } else { "2" };
    add(args, &["-map", "0:a:0", "-c:a", "aac", "-b:a", &bits.to_string(), "-ar", "48000", "-ac", channels]);
    add(args, &["-af", &filter, "-flags:a", "+bitexact"]);
}

/// No metadata, and the first frame is shown at nothing without help from an edit list. Index first, no edit list, no
/// names: the copy that follows sees to that, as ffmpeg's own way without edit lists stretches the first packet.
fn finish(args: &mut Vec<OsString>, n: usize) {
    add(args, &["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-sn", "-dn"]);
    add(args, &["-movflags", "+negative_cts_offsets", "-f", "mp4", "-y", &out(n)]);
}

/// A line for every packet that is read. When Griot is killed nobody reads them any more, and ffmpeg ends because it
/// cannot write: it would work on as an orphan otherwise, and no system offers more without unsafe code.
fn lifeline(args: &mut Vec<OsString>, length: &str) {
    add(args, &["-t", length, "-map", "0:v:0", "-c", "copy", "-flush_packets", "1"]);
    add(args, &["-f", "framecrc", "pipe:1"]);
}

pub(super) fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

fn add(args: &mut Vec<OsString>, more: &[&str]) {
    args.extend(more.iter().map(OsString::from));
}
