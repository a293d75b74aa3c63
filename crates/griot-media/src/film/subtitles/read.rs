//! SRT, WebVTT and SBV as players read them: a line with two times begins a cue, whatever stands around it. What cannot be
//! shown is left out and told with its line; the rest is shown.

use super::{BELOW, Cue, Fault, Skipped, Subtitles, decode};

/// Names of marks in the text of subtitles.
const MARKS: [&str; 10] = ["b", "i", "u", "s", "c", "v", "font", "ruby", "rt", "lang"];

/// What a line is for.
enum Line<'a> {
    /// Two times, what follows them on the same line as speech, and where it is to stand.
    Times(u64, u64, &'a str, u8),
    /// Meant as two times, and none.
    Broken,
    Text,
}

/// A cue while its lines come in.
struct Open<'a> {
    /// Where its times stand, from 1.
    line: usize,
    times: Option<(u64, u64)>,
    place: u8,
    text: Vec<&'a str>,
    /// Where the blocks of its text after an empty line begin, in lines of it.
    ended: bool,
}

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<Subtitles, Fault> {
    let text = decode::text(bytes);
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    if text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        return Err(Fault::Empty);
    }
    let web = text.starts_with("WEBVTT");
    let lines: Vec<&str> = text.split('\n').collect();
    let mut found = Subtitles::default();
    let mut open: Option<Open<'_>> = None;
    let mut about = false;
    for (at, line) in lines.iter().enumerate() {
        match kind(line) {
            Line::Text => {
                about = web && about_itself(line, at.checked_sub(1).map(|before| lines[before]), about);
                if let Some(open) = open.as_mut().filter(|_| !about) {
                    open.take(line, web);
                }
            }
            line_of_times => {
                if let Some(open) = open.take() {
                    open.close(true, web, &mut found);
                }
                about = false;
                let mut next =
                    Open { line: at + 1, times: None, place: BELOW, text: Vec::new(), ended: false };
                if let Line::Times(from, to, more, place) = line_of_times {
                    (next.times, next.place) = (Some((from, to)), place);
                    next.text.extend(Some(more).filter(|more| !more.is_empty()));
                }
                open = Some(next);
            }
        }
    }
    if let Some(open) = open {
        open.close(false, web, &mut found);
    }
    match (found.cues.is_empty(), found.skipped.first()) {
        (false, _) => Ok(found),
        (true, Some(first)) => Err(Fault::NothingShown(first.line)),
        (true, None) => Err(Fault::NoCue),
    }
}

/// WebVTT has blocks that are no speech: remarks, styles and regions, each until an empty line.
fn about_itself(line: &str, before: Option<&str>, about: bool) -> bool {
    if line.trim().is_empty() {
        return false;
    }
    let starts = before.is_none_or(|before| before.trim().is_empty());
    let named = |name: &str| {
        line.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    };
    about || starts && ["NOTE", "STYLE", "REGION"].into_iter().any(named)
}

impl<'a> Open<'a> {
    fn take(&mut self, line: &'a str, web: bool) {
        // In WebVTT an empty line ends the speech; what comes then is the name of the next.
        self.ended |= web && line.trim().is_empty() && !self.text.is_empty();
        if !self.ended {
            self.text.push(line);
        }
    }

    /// Closes the cue; `followed` where another one comes, whose number may stand last in this one.
    fn close(mut self, followed: bool, web: bool, found: &mut Subtitles) {
        if followed && !web {
            self.drop_number(found.numbered);
        }
        found.numbered += 1;
        let place = self.text.iter().find_map(|line| marked_place(line)).unwrap_or(self.place);
        let text: Vec<String> = self.text.iter().map(|line| plain(line, web)).collect();
        let text = text.join("\n");
        let text = text.trim_matches(|c: char| c.is_whitespace() && c != '\u{a0}');
        // Empty lines in the middle would push the words up: players show none.
        let shown: Vec<&str> = text.split('\n').filter(|line| !line.trim().is_empty()).collect();
        let skip = |why| Skipped { line: self.line, why };
        match self.times {
            _ if shown.is_empty() => {}
            None => found.skipped.push(skip(super::Why::Times)),
            Some((from, to)) if from == to => found.skipped.push(skip(super::Why::NoTime)),
            Some((from, to)) if from > to => found.skipped.push(skip(super::Why::Backwards)),
            Some((from, to)) => found.cues.push(Cue { from, to, text: shown.join("\n"), place }),
        }
    }

    /// The number of the next cue: alone after an empty line, or the one that is due.
    fn drop_number(&mut self, before: usize) {
        while self.text.last().is_some_and(|line| line.trim().is_empty()) {
            self.text.pop();
        }
        let Some(last) = self.text.last() else { return };
        let Ok(number) = last.trim().trim_start_matches('\u{feff}').parse::<usize>() else { return };
        let apart = self.text.len() > 1 && self.text[self.text.len() - 2].trim().is_empty();
        // Files count from nothing or from one.
        if apart || number == before + 1 || number == before + 2 {
            self.text.pop();
        }
    }
}

fn kind(line: &str) -> Line<'_> {
    if let Some((from, to)) = short(line) {
        return Line::Times(from, to, "", BELOW);
    }
    let Some((from, to)) = ["-->", "\u{2192}", "->"].iter().find_map(|arrow| line.split_once(arrow)) else {
        return Line::Text;
    };
    let looks = |side: &str| {
        side.contains(':') && side.trim().starts_with(|c: char| c.is_ascii_digit() || "[-+".contains(c))
    };
    // Programs that hear speech write `[00:01.000 --> 00:02.000] words`.
    let (from, to, more) = match (from.trim().strip_prefix('['), to.split_once(']')) {
        (Some(from), Some((to, more))) => (from, to, more.trim()),
        _ => (from, to, ""),
    };
    match (time(from.trim()), until(to)) {
        (Some(from), Some(until)) => Line::Times(from, until, more, set_place(to)),
        _ if line.contains("-->") && (looks(from) || looks(to)) => Line::Broken,
        _ => Line::Text,
    }
}

/// `0:00:01.000,0:00:02.500`, as YouTube writes SBV.
fn short(line: &str) -> Option<(u64, u64)> {
    let (from, to) = line.trim().split_once(',')?;
    let whole = |side: &str| side.matches(':').count() == 2 && side.contains('.');
    (whole(from) && whole(to)).then(|| Some((time(from)?, time(to)?)))?
}

/// The second time, before settings or places.
fn until(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || ":,.".contains(c))).unwrap_or(text.len());
    time(&text[..end])
}

/// `01:02:03,456`, `02:03.4`, `1:2:3:456`: hours and fractions may be missing.
fn time(text: &str) -> Option<u64> {
    let mut parts: Vec<&str> = text.split([':', ',', '.']).collect();
    let marks: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let fraction = match marks.as_slice() {
        [':', ':'] | [':'] => "0",
        [':', ':', ',' | '.' | ':'] | [':', ',' | '.'] => parts.pop()?,
        _ => return None,
    };
    if parts.iter().any(|part| part.is_empty() || part.len() > 4)
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let numbers: Vec<u64> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match numbers.as_slice() {
        [minutes, seconds] => (0, *minutes, *seconds),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    let sound = hours < 1000 && seconds < 60 && (minutes < 60 || parts.len() == 2);
    sound.then_some(((hours * 60 + minutes) * 60 + seconds) * 1000 + digits.parse::<u64>().ok()?)
}

/// A line without its marks: `<i>`, `<c.yellow>`, `<v Awa>`, `<00:01.000>`, `{\an8}`. What a person wrote stays: `a < b`, `I <3 you`,
/// `{so}`.
fn plain(line: &str, web: bool) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['<', '{', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(len) = mark(rest, web) {
            rest = &rest[len..];
        } else if let Some((sign, len)) = entity(rest) {
            out.push(sign);
            rest = &rest[len..];
        } else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// Where `{\an8}` puts a speech.
fn marked_place(line: &str) -> Option<u8> {
    let (_, after) = line.split_once("{\\an")?;
    let place = after.bytes().next()?.checked_sub(b'0')?;
    (1..=9).contains(&place).then_some(place)
}

/// Where the settings of WebVTT behind the times put a speech: `line:0` and `line:10%` above, whatever else below.
fn set_place(settings: &str) -> u8 {
    const ABOVE: u8 = 8;
    let line = settings.split_whitespace().find_map(|setting| setting.strip_prefix("line:"));
    let line = line.map(|line| line.split(',').next().unwrap_or(line));
    let is_above = match line.map(|line| (line.strip_suffix('%'), line)) {
        Some((Some(percent), _)) => percent.parse::<f64>().is_ok_and(|percent| percent < 40.0),
        Some((None, number)) => number.parse::<u32>().is_ok_and(|number| number < 5),
        None => false,
    };
    if is_above { ABOVE } else { BELOW }
}

/// How long the mark is that stands here.
fn mark(text: &str, web: bool) -> Option<usize> {
    if text.starts_with("{\\") {
        return text.find('}').map(|end| end + 1);
    }
    let inner = text.strip_prefix('<')?;
    let end = inner.find('>')?;
    let inner = &inner[..end];
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let known = name.split([' ', '.', '\t', '=']).next().unwrap_or_default().to_ascii_lowercase();
    let clock = web && time(name).is_some();
    let closing = inner.starts_with('/') && name.trim().is_empty();
    (MARKS.contains(&known.as_str()) || clock || closing).then_some(end + 2)
}

fn entity(text: &str) -> Option<(char, usize)> {
    const NAMED: [(&str, char); 8] = [
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&amp;", '&'),
        ("&nbsp;", '\u{a0}'),
        ("&lrm;", '\u{200e}'),
        ("&rlm;", '\u{200f}'),
        ("&quot;", '"'),
        ("&#39;", '\''),
    ];
    NAMED.iter().find(|(name, _)| text.starts_with(name)).map(|(name, sign)| (*sign, name.len()))
}
