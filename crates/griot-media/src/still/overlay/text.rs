//! Words as pixels. resvg shapes and draws them with the fonts that come with Griot, so that every machine draws the
//! same: Latin with its neighbours, Arabic and N'Ko, from right to left where they are written so. Lines break at line
//! ends, between words, and within a word that alone is too wide.

use std::fmt::Write as _;

use griot_domain::edit::{Place, Tone};
use image::RgbaImage;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Node, Options, Tree};

use crate::{Error, fonts};

/// Height of the letters' box as a part of a line's.
const LETTERS: f64 = 0.72;
/// Where the letters stand in their line, from its top.
const BASELINE: f64 = 0.74;
/// Room around the words on their plate, as a part of a line.
const PADDING: f64 = 0.28;
/// How much smaller words are tried again that do not fit in height.
const SMALLER: f64 = 0.88;
/// Words this small are no longer read, in pixels of a line.
const LEAST: f64 = 6.0;

/// What is to be drawn.
pub(super) struct Words<'a> {
    pub(super) text: &'a str,
    /// Height of a line in pixels.
    pub(super) line: f64,
    pub(super) tone: Tone,
    pub(super) plate: bool,
    /// Decides to which side lines lean.
    pub(super) place: Place,
}

/// The words as a layer that is no larger than `room`.
pub(super) fn draw(words: &Words<'_>, room: (u32, u32)) -> Result<RgbaImage, Error> {
    let mut line = words.line.clamp(LEAST, f64::from(room.1).max(LEAST));
    loop {
        let padding = if words.plate { line * PADDING } else { 0.0 };
        let width = f64::from(room.0) - 2.0 * padding;
        let lines = broken(words.text, line, width)?;
        let height = line * lines.len() as f64 + 2.0 * padding;
        if height <= f64::from(room.1) || line * SMALLER < LEAST {
            return drawn(words, &lines, line, padding, room);
        }
        line *= SMALLER;
    }
}

/// A line and its width in pixels.
struct Line {
    text: String,
    width: f64,
}

fn drawn(
    words: &Words<'_>,
    lines: &[Line],
    line: f64,
    padding: f64,
    room: (u32, u32),
) -> Result<RgbaImage, Error> {
    let widest = lines.iter().map(|line| line.width).fold(0.0, f64::max);
    let side = |side: f64, most: u32| (side.ceil().max(1.0) as u32).min(most);
    let width = side(widest + 2.0 * padding, room.0);
    let height = side(line * lines.len() as f64 + 2.0 * padding, room.1);
    let mut svg = opened(width, height);
    let (ink, ground) = match words.tone {
        Tone::Light => ("#ffffff", "#101418"),
        Tone::Dark => ("#101418", "#ffffff"),
    };
    if words.plate {
        let round = line * 0.18;
        let _ = write!(
            svg,
            "<rect width='{width}' height='{height}' rx='{round:.2}' fill='{ground}' fill-opacity='0.72'/>"
        );
    }
    let w = f64::from(width);
    for (n, part) in lines.iter().enumerate() {
        let x = match words.place {
            Place::TopLeft | Place::Left | Place::BottomLeft => padding,
            Place::Top | Place::Centre | Place::Bottom => (w - part.width) / 2.0,
            Place::TopRight | Place::Right | Place::BottomRight => w - padding - part.width,
        };
        let y = padding + (n as f64 + BASELINE) * line;
        element(&mut svg, &part.text, (x, y), line, ink);
    }
    svg.push_str("</svg>");
    let tree = tree(&svg)?;
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| Error::Bug("an overlay of no size".into()))?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    RgbaImage::from_raw(width, height, pixels.take_demultiplied())
        .ok_or_else(|| Error::Bug("an overlay of the wrong size".into()))
}

fn opened(width: u32, height: u32) -> String {
    format!("<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>")
}

fn element(svg: &mut String, text: &str, (x, y): (f64, f64), line: f64, ink: &str) {
    let size = line * LETTERS;
    let family = fonts::FAMILY;
    let _ = write!(
        svg,
        "<text x='{x:.2}' y='{y:.2}' font-family='{family}' font-weight='700' font-size='{size:.2}' fill='{ink}' \
         xml:space='preserve'>"
    );
    let leftwards = is_leftwards(text);
    if leftwards {
        // The drawer takes every paragraph to run rightwards; this mark turns one around.
        svg.push('\u{202b}');
    }
    for c in text.chars() {
        match c {
            '&' => svg.push_str("&amp;"),
            '<' => svg.push_str("&lt;"),
            '>' => svg.push_str("&gt;"),
            c => svg.push(c),
        }
    }
    if leftwards {
        svg.push('\u{202c}');
    }
    svg.push_str("</text>");
}

fn tree(svg: &str) -> Result<Tree, Error> {
    let options = Options { fontdb: fonts::all(), font_family: fonts::FAMILY.into(), ..Options::default() };
    Tree::from_str(svg, &options).map_err(|e| Error::Bug(format!("an overlay's words: {e}")))
}

/// Whether the first letter that has a direction runs leftwards.
fn is_leftwards(text: &str) -> bool {
    let leftwards = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{1e900}'..='\u{1e95f}');
    text.chars().find(|c| c.is_alphabetic()).is_some_and(leftwards)
}

/// The widths of some lines at once, in pixels.
fn widths(lines: &[&str], line: f64) -> Result<Vec<f64>, Error> {
    let mut svg = opened(10, 10);
    for (n, text) in lines.iter().enumerate() {
        let _ = write!(svg, "<g id='t{n}'>");
        element(&mut svg, text, (0.0, 0.0), line, "#000000");
        svg.push_str("</g>");
    }
    svg.push_str("</svg>");
    let tree = tree(&svg)?;
    let width = |n: usize| match tree.node_by_id(&format!("t{n}")) {
        Some(Node::Group(group)) => f64::from(group.bounding_box().width()),
        // Blanks alone leave nothing to measure.
        _ => 0.0,
    };
    Ok((0..lines.len()).map(width).collect())
}

/// The text in lines that are no wider than `most`.
fn broken(text: &str, line: f64, most: f64) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    for paragraph in text.trim().lines() {
        let clean: String = paragraph.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let clean: String = clean.chars().filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
        let words: Vec<&str> = clean.split_whitespace().collect();
        if words.is_empty() {
            lines.push(Line { text: String::new(), width: 0.0 });
        }
        let mut rest = words.as_slice();
        while !rest.is_empty() {
            let (made, used) = longest(rest, line, most)?;
            if used == 0 {
                lines.extend(cut(rest[0], line, most)?);
                rest = &rest[1..];
            } else {
                lines.push(made);
                rest = &rest[used..];
            }
        }
    }
    Ok(lines)
}

/// The longest line of the first words that fits, and how many words it takes; none when the first is too wide.
fn longest(words: &[&str], line: f64, most: f64) -> Result<(Line, usize), Error> {
    // Nothing is narrower than a seventh of its line on the whole: more words need not be measured.
    let enough = (most / (line * LETTERS) * 7.0) as usize + 1;
    let mut texts: Vec<String> = Vec::new();
    for word in words {
        let text = texts.last().map_or_else(|| (*word).to_owned(), |before| format!("{before} {word}"));
        if text.chars().count() > enough && !texts.is_empty() {
            break;
        }
        texts.push(text);
    }
    let widths = widths(&texts.iter().map(String::as_str).collect::<Vec<_>>(), line)?;
    let used = widths.iter().take_while(|width| **width <= most).count();
    let made = used.checked_sub(1).and_then(|last| Some((texts.get(last)?.clone(), *widths.get(last)?)));
    let (text, width) = made.unwrap_or_default();
    Ok((Line { text, width }, used))
}

/// A word that alone is too wide, in pieces; each holds at least one letter.
fn cut(word: &str, line: f64, most: f64) -> Result<Vec<Line>, Error> {
    let letters: Vec<char> = word.chars().collect();
    let mut pieces = Vec::new();
    let mut from = 0;
    while from < letters.len() {
        let starts: Vec<String> =
            (from + 1..=letters.len()).map(|to| letters[from..to].iter().collect()).collect();
        let widths = widths(&starts.iter().map(String::as_str).collect::<Vec<_>>(), line)?;
        let fits = widths.iter().take_while(|width| **width <= most).count().max(1);
        pieces.push(Line { text: starts[fits - 1].clone(), width: widths[fits - 1].min(most.max(1.0)) });
        from += fits;
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(text: &str) -> f64 {
        widths(&[text], 40.0).unwrap()[0]
    }

    fn layer(text: &str, plate: bool) -> RgbaImage {
        let words = Words { text, line: 40.0, tone: Tone::Light, plate, place: Place::BottomLeft };
        draw(&words, (600, 400)).unwrap()
    }

    /// Columns that hold ink, from the left.
    fn ink(layer: &RgbaImage) -> Vec<u32> {
        (0..layer.width()).filter(|x| (0..layer.height()).any(|y| layer.get_pixel(*x, y)[3] > 128)).collect()
    }

    #[test]
    fn letters_of_every_script_are_drawn_and_joined_where_they_join() {
        let empty = width("\u{10fffd}");
        for text in ["Ségou", "Bamanankan ɛɔɲŋ", "مرحبا", "ߒߞߏ ߝߐߘߏߓߊ", "Ω, Ж"] {
            let seen = ink(&layer(text, false)).len();
            assert!(seen > 15, "{text}: {seen} columns of ink");
            let boxes = empty * text.chars().count() as f64;
            assert!((width(text) - boxes).abs() > 1.0, "{text} is no row of empty boxes");
        }
        // Joined Arabic is narrower than its letters apart.
        let apart: f64 = "مرحبا".chars().map(|c| width(&c.to_string())).sum();
        assert!(width("مرحبا") < apart * 0.95, "{} of {apart}", width("مرحبا"));
    }

    #[test]
    fn what_runs_leftwards_ends_on_the_left() {
        // The mark after the words, a thin stroke, stands at the left end of a line that runs leftwards.
        let (with, without) = (layer("ߒߞߏ!", false), layer("ߒߞߏ", false));
        let (with, without) = (ink(&with), ink(&without));
        let first_gap = |columns: &[u32]| {
            columns.windows(2).find(|pair| pair[1] > pair[0] + 1).map_or(u32::MAX, |pair| pair[0])
        };
        assert!(with.len() > without.len());
        assert!(first_gap(&with) < 14, "the first stroke from the left is the mark: {with:?}");
    }

    #[test]
    fn words_break_where_the_width_is_full() {
        let lines = broken("one two three four five six\n\nseven", 40.0, 170.0).unwrap();
        assert!(lines.len() >= 5, "{} lines", lines.len());
        assert!(lines.iter().all(|line| line.width <= 170.0));
        let words: Vec<String> =
            lines.iter().flat_map(|line| line.text.split_whitespace()).map(str::to_owned).collect();
        assert_eq!(words, ["one", "two", "three", "four", "five", "six", "seven"]);
        let cut = broken("incomprehensibilities", 40.0, 100.0).unwrap();
        assert!(cut.len() > 2 && cut.iter().all(|line| line.width <= 100.0));
        assert_eq!(cut.iter().map(|line| line.text.as_str()).collect::<String>(), "incomprehensibilities");
    }

    #[test]
    fn text_is_text_and_never_a_drawing() {
        let hostile = "</text><rect width='999' height='999' fill='red'/><text>&amp; \u{1}\u{fffe}";
        let layer = layer(hostile, false);
        assert!(layer.pixels().all(|pixel| pixel[0] == pixel[1] || pixel[3] == 0), "nothing red");
        assert!(ink(&layer).len() > 100);
    }
}
