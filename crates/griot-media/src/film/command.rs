//! The words for ffmpeg. Everything that came from outside is a number by now, or a path behind `file:`; the other files
//! have fixed names in the folder that ffmpeg runs in.

use std::ffi::OsString;
use std::path::Path;

use griot_domain::asset::Facts;
use griot_domain::recipe::Fit;

use super::plan::{Plan, SOUND_BITS};
use crate::Error;

/// Names in the scratch folder.
pub(super) const OUT: &str = "out.mp4";
pub(super) const SUBTITLES: &str = "subtitles.ass";
pub(super) const FRAME: &str = "frame.png";

/// x264's constant quality: visually clean for phones, as every network encodes again.
const QUALITY: &str = "20";
/// The long side, in pixels, of the copy that becomes the blurred ground.
const GROUND: f64 = 160.0;

/// Converts by a plan.
pub(super) fn convert(source: &Path, plan: &Plan, subtitles: bool) -> Result<Vec<OsString>, Error> {
    let mut args = input(source, plan.from_ms)?;
    let length = seconds(plan.length_ms);
    let graph = graph(plan, subtitles);
    let (frames, per) = plan.rate;
    // A closed group of pictures of about two seconds: networks cut there.
    let group = (frames * 2).div_ceil(per).to_string();
    add(&mut args, &["-t", &length, "-filter_complex", &graph, "-map", "[out]", "-map", "0:a:0?"]);
    add(&mut args, &["-c:v", "libx264", "-preset", "fast", "-profile:v", "high", "-pix_fmt", "yuv420p"]);
    add(&mut args, &["-g", &group, "-bf", "2", "-flags:v", "+cgop+bitexact"]);
    match plan.bits {
        None => add(&mut args, &["-crf", QUALITY]),
        Some(bits) => {
            let (target, most) = (bits.to_string(), (bits + bits / 4).to_string());
            add(&mut args, &["-b:v", &target, "-maxrate", &most, "-bufsize", &(bits * 2).to_string()]);
        }
    }
    // x264 writes its settings into the stream as a message; no message is kept.
    add(&mut args, &["-bsf:v", "filter_units=remove_types=6"]);
    let sound = SOUND_BITS.to_string();
    add(&mut args, &["-c:a", "aac", "-b:a", &sound, "-ar", "48000", "-ac", "2"]);
    add(&mut args, &["-af", "aresample=async=1000:first_pts=0", "-flags:a", "+bitexact"]);
    add(&mut args, &["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-sn", "-dn"]);
    // The first frame is shown at nothing without help from an edit list. Index first, no edit list, no names: the copy
    // that follows sees to that, as ffmpeg's own way without edit lists stretches the first packet of each track.
    add(&mut args, &["-movflags", "+negative_cts_offsets", "-f", "mp4", "-y", OUT]);
    Ok(args)
}

/// Takes one frame, upright and with square pixels.
pub(super) fn frame(source: &Path, facts: &Facts, at_ms: u64) -> Result<Vec<OsString>, Error> {
    let mut args = input(source, at_ms)?;
    let scale = format!("scale={}:{}:flags=lanczos,setsar=1", facts.width, facts.height);
    add(&mut args, &["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", &scale, "-frames:v", "1"]);
    add(&mut args, &["-map_metadata", "-1", "-c:v", "png", "-pix_fmt", "rgb24", "-f", "image2"]);
    add(&mut args, &["-update", "1", "-y", FRAME]);
    Ok(args)
}

/// The start of every command: quiet, no questions, one known demuxer, local files only.
fn input(source: &Path, from_ms: u64) -> Result<Vec<OsString>, Error> {
    let mut args = Vec::new();
    add(&mut args, &["-nostdin", "-hide_banner", "-loglevel", "error", "-progress", "pipe:1"]);
    add(&mut args, &["-protocol_whitelist", "file,pipe", "-f", "mov"]);
    if from_ms > 0 {
        add(&mut args, &["-ss", &seconds(from_ms)]);
    }
    // Absolute, as ffmpeg runs in the scratch folder; `file:` keeps a colon in a name from being a protocol.
    let mut path = OsString::from("file:");
    path.push(std::path::absolute(source)?);
    args.push("-i".into());
    args.push(path);
    Ok(args)
}

/// The picture's way: scaled and cut (ffmpeg has already turned it upright), subtitled, at a constant rate.
fn graph(plan: &Plan, subtitles: bool) -> String {
    let (w, h) = (plan.width, plan.height);
    let framed = match plan.fit {
        Fit::Cover => {
            let cut = plan.cover((w, h));
            format!("[0:v:0]{},crop={w}:{h}:{}:{}", scale(cut.scaled), cut.at.0, cut.at.1)
        }
        Fit::Inside => format!("[0:v:0]{}", scale((w, h))),
        Fit::Blur => blur(plan),
    };
    let words = if subtitles { format!(",ass={SUBTITLES}") } else { String::new() };
    let (frames, per) = plan.rate;
    format!("{framed},fps={frames}/{per}:start_time=0{words},format=yuv420p,setsar=1[out]")
}

fn scale((w, h): (u32, u32)) -> String {
    format!("scale={w}:{h}:flags=lanczos:out_range=tv,setsar=1")
}

/// The whole film on a blurred, darkened copy of itself.
fn blur(plan: &Plan) -> String {
    let (w, h) = (plan.width, plan.height);
    let small = GROUND / f64::from(w.max(h));
    let side = |side: u32| ((f64::from(side) * small / 2.0).round() as u32 * 2).max(2);
    let ground = (side(w), side(h));
    let cut = plan.cover(ground);
    let (x, y) = cut.at;
    let front = plan.contain();
    let at = ((w - front.0) / 2, (h - front.1) / 2);
    format!(
        "[0:v:0]split=2[a][b];\
         [a]{},format=yuv420p,crop={}:{}:{x}:{y},gblur=sigma=5,scale={w}:{h}:flags=bicubic,\
         lutyuv=y=(val-16)*0.55+16,setsar=1[ground];\
         [b]{},format=yuv420p[front];\
         [ground][front]overlay={}:{}",
        scale(cut.scaled),
        ground.0,
        ground.1,
        scale(front),
        at.0,
        at.1
    )
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

fn add(args: &mut Vec<OsString>, more: &[&str]) {
    args.extend(more.iter().map(OsString::from));
}
