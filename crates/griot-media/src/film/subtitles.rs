//! Subtitles to burn in. SRT and WebVTT are read and checked here and handed to ffmpeg as a new file of our own making:
//! nothing of the original reaches its parser, and the letters are as large as a phone needs them.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::{Error, OverLimit};

/// A film of four hours has about 4,000 cues in 400 kB.
const MOST_BYTES: u64 = 4 << 20;
/// Parts of the short side: letters of this height are read at arm's length on a phone.
const LETTERS: f64 = 0.055;

/// One line of speech, in milliseconds from the film's start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) text: String,
}

/// Reads a subtitle file.
pub(super) fn read(path: &Path) -> Result<Vec<Cue>, Error> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::OverLimit(OverLimit::Subtitles(MOST_BYTES)));
    }
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    parse(&bytes)
}

/// How many times somebody speaks in an SRT or WebVTT file.
///
/// # Errors
/// The bytes are no such file, or too many.
pub fn count(bytes: &[u8]) -> Result<usize, Error> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::OverLimit(OverLimit::Subtitles(MOST_BYTES)));
    }
    parse(bytes).map(|cues| cues.len())
}

/// Reads SRT or WebVTT: both are blocks with a line of two times, then text until an empty line.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Cue>, Error> {
    let text = text(bytes)
        .ok_or_else(|| Error::Damaged("the subtitles are no text in Unicode".into()))?
        .trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let mut cues = Vec::new();
    let mut lines = text.split('\n').enumerate();
    while let Some((number, line)) = lines.next() {
        if !line.contains("-->") {
            continue;
        }
        let (from, to) = times(line).ok_or_else(|| {
            Error::Damaged(format!("line {} of the subtitles has no two times in order", number + 1))
        })?;
        let words: Vec<String> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| !line.trim().is_empty())
            .map(plain)
            .collect();
        let text = words.join("\n").trim().to_owned();
        if !text.is_empty() {
            cues.push(Cue { from, to, text });
        }
    }
    if cues.is_empty() {
        return Err(Error::Damaged("the subtitles hold no line with its times".into()));
    }
    Ok(cues)
}

/// UTF-8, or UTF-16 as its mark says: editors on Windows write both.
fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let units = |of: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks();
        let units: Vec<u16> = pairs.iter().map(|pair| of(*pair)).collect();
        rest.is_empty().then(|| String::from_utf16(&units).ok()).flatten().map(Cow::Owned)
    };
    match bytes {
        [0xFF, 0xFE, ..] => units(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => units(u16::from_be_bytes),
        _ => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
    }
}

/// `00:01:02,345 --> 00:01:04.5 settings`, hours and fractions optional.
fn times(line: &str) -> Option<(u64, u64)> {
    let (from, rest) = line.split_once("-->")?;
    let from = time(from.trim())?;
    let to = time(rest.split_whitespace().next()?)?;
    (from < to).then_some((from, to))
}

fn time(text: &str) -> Option<u64> {
    let (clock, fraction) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let ms = match fraction.len() {
        1..=3 => fraction.parse::<u64>().ok()? * 10u64.pow(3 - fraction.len() as u32),
        _ => return None,
    };
    let parts: Vec<u64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match parts.as_slice() {
        [minutes, seconds] => (0, *minutes, *seconds),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    (hours < 1000 && minutes < 60 && seconds < 60)
        .then_some(((hours * 60 + minutes) * 60 + seconds) * 1000 + ms)
}

/// A line without markup: `<i>`, `<c.yellow>`, `{\an8}`.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let (open, close) = if tag.starts_with('<') { ("<", '>') } else { ("{\\", '}') };
        match tag.find(close).filter(|_| tag.starts_with(open)) {
            Some(end) => rest = &tag[end + 1..],
            None => {
                out.push_str(&tag[..1]);
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    for (name, sign) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", "\u{a0}"),
        ("&lrm;", "\u{200e}"),
        ("&rlm;", "\u{200f}"),
        ("&amp;", "&"),
    ] {
        out = out.replace(name, sign);
    }
    out
}

/// The file for ffmpeg, for a frame of a size and a film whose first `skipped` milliseconds are cut away.
pub(super) fn ass(cues: &[Cue], (w, h): (u32, u32), skipped: u64) -> String {
    let letters = (f64::from(w.min(h)) * LETTERS).round().max(8.0);
    let outline = (letters / 16.0).max(1.0);
    let (side, bottom) = (w / 16, h / 12);
    let family = crate::fonts::FAMILY;
    let mut out = format!(
        "[Script Info]\nScriptType: v4.00+\nPlayResX: {w}\nPlayResY: {h}\nWrapStyle: 0\n\
         ScaledBorderAndShadow: yes\n\n[V4+ Styles]\n\
         Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, \
         Shadow, Alignment, MarginL, MarginR, MarginV\n\
         Style: Default,{family},{letters},&H00FFFFFF,&H00101010,&H80000000,-1,1,{outline:.1},0.5,2,{side},{side},{bottom}\n\n\
         [Events]\nFormat: Layer, Start, End, Style, Text\n"
    );
    for cue in cues.iter().filter(|cue| cue.to > skipped) {
        let (from, to) = (cue.from.saturating_sub(skipped), cue.to - skipped);
        // Braces and backslashes are this format's own markup.
        let text =
            cue.text.replace('\\', "\u{29f5}").replace('{', "(").replace('}', ")").replace('\n', "\\N");
        writeln!(out, "Dialogue: 0,{},{},Default,{text}", clock(from), clock(to))
            .expect("BUG: a String takes every text");
    }
    out
}

fn clock(ms: u64) -> String {
    let (s, cs) = (ms / 1000, ms % 1000 / 10);
    format!("{}:{:02}:{:02}.{cs:02}", s / 3600, s / 60 % 60, s % 60)
}
