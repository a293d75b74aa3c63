//! Subtitles to burn in. SRT, WebVTT and SBV are read here as players read them, and handed to ffmpeg as a new file of our own
//! making: nothing of the original reaches its parser, the letters are as large as a phone needs them, and every letter names
//! the font that draws it.

mod decode;
mod read;

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::{Error, OverLimit, fonts};

/// A film of four hours has about 4,000 cues in 400 kB.
const MOST_BYTES: u64 = 4 << 20;
/// Parts of the short side: letters of this height are read at arm's length on a phone.
const LETTERS: f64 = 0.055;
/// Joins words without being seen: behind a backslash it keeps the next letter from becoming its mark.
const JOINER: char = '\u{2060}';

/// One line of speech, in milliseconds from the film's start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) text: String,
    /// Where it stands, as the keys of a number pad lie: 2 below in the middle, 8 above.
    pub(super) place: u8,
}

/// Where a cue stands that says nothing about it.
const BELOW: u8 = 2;

/// Why something of a subtitle file is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its times cannot be read.
    Times,
    /// It is shown for no time at all.
    NoTime,
    /// It ends before it begins.
    Backwards,
}

/// Something of a subtitle file that is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skipped {
    /// The line of its times, from 1.
    pub line: usize,
    /// Why.
    pub why: Why,
}

/// Why a file holds no subtitles that could be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no text in it.
    #[error("no text")]
    Empty,
    /// No line has two times.
    #[error("no line with two times")]
    NoCue,
    /// There are cues, and none can be shown; the line of the first.
    #[error("nothing that could be shown, from line {0} on")]
    NothingShown(usize),
}

/// What a subtitle file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subtitles {
    pub(super) cues: Vec<Cue>,
    skipped: Vec<Skipped>,
    /// Cues that were met, shown or not.
    numbered: usize,
}

impl Subtitles {
    /// How many times somebody speaks.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cues.len()
    }

    /// What is not shown.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// How many begin only when a film of so many milliseconds is over.
    #[must_use]
    pub fn beyond(&self, length: u64) -> usize {
        self.cues.iter().filter(|cue| cue.from >= length).count()
    }

    /// The signs for which no font comes with Griot, each once, in the order of the text.
    #[must_use]
    pub fn undrawn(&self) -> Vec<char> {
        let mut missing = Vec::new();
        for c in self.cues.iter().flat_map(|cue| fonts::undrawn(&cue.text)) {
            if !missing.contains(&c) {
                missing.push(c);
            }
        }
        missing
    }
}

/// Reads a subtitle file.
///
/// # Errors
/// It cannot be read, is too large, or holds no subtitles.
pub fn read(path: &Path) -> Result<Subtitles, Error> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    parse(&bytes)
}

/// Reads the bytes of one.
///
/// # Errors
/// They are too many, or hold no subtitles.
pub fn parse(bytes: &[u8]) -> Result<Subtitles, Error> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::OverLimit(OverLimit::Subtitles(MOST_BYTES)));
    }
    read::read(bytes).map_err(Error::Subtitles)
}

/// The file for ffmpeg, for a frame of a size and a film whose first `skipped` milliseconds are cut away.
pub(super) fn ass(cues: &[Cue], (w, h): (u32, u32), skipped: u64) -> String {
    let letters = (f64::from(w.min(h)) * LETTERS).round().max(8.0);
    let outline = (letters / 16.0).max(1.0);
    let (side, bottom) = (w / 16, h / 12);
    let family = fonts::FAMILY;
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
        let place = if cue.place == BELOW { String::new() } else { format!("{{\\an{}}}", cue.place) };
        let text = format!("{place}{}", written(&cue.text));
        writeln!(out, "Dialogue: 0,{},{},Default,{text}", clock(from), clock(to))
            .expect("BUG: a String takes every text");
    }
    out
}

/// A text in the notation of ASS: its marks are the texts', and each stretch of letters names its font.
fn written(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut family = fonts::FAMILY;
    for (stretch, font) in fonts::stretches(text) {
        if font != family {
            let _ = write!(out, "{{\\fn{font}}}");
            family = font;
        }
        for c in stretch.chars() {
            match c {
                '\n' => out.push_str("\\N"),
                '{' => out.push_str("\\{"),
                '}' => out.push_str("\\}"),
                '\\' => out.extend(['\\', JOINER]),
                '\t' => out.push(' '),
                c if c.is_control() => {}
                c => out.push(c),
            }
        }
    }
    out
}

fn clock(ms: u64) -> String {
    let (s, cs) = (ms / 1000, ms % 1000 / 10);
    format!("{}:{:02}:{:02}.{cs:02}", s / 3600, s / 60 % 60, s % 60)
}

#[cfg(test)]
mod tests;
