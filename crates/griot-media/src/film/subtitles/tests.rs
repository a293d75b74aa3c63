//! Subtitle files as people have them, and a property over all texts.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;

fn cue(from: u64, to: u64, text: &str) -> Cue {
    Cue { from, to, text: text.into(), place: BELOW }
}

fn cues(text: &str) -> Vec<Cue> {
    parse(text.as_bytes()).unwrap().cues
}

fn skipped(text: &str) -> Vec<(usize, Why)> {
    parse(text.as_bytes()).unwrap().skipped.iter().map(|part| (part.line, part.why)).collect()
}

#[test]
fn both_forms_are_read_with_their_marks_taken_out() {
    let srt = "\u{feff}1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>A ni sɔgɔma</i>\r\nBonjour {\\i1}à tous\r\n\r\n2\r\n00:01:00,5 --> 01:00:00,250\r\nfin\r\n";
    let read = cues(srt);
    assert_eq!(read, [cue(1000, 2500, "A ni sɔgɔma\nBonjour à tous"), cue(60_500, 3_600_250, "fin")]);
    let vtt = "WEBVTT\n\nNOTE no cue\nnor this\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Awa>Fish &amp; <c.yellow>rice</c>\n\nleft out\n";
    assert_eq!(cues(vtt), [cue(1000, 2000, "Fish & rice")]);
    let sbv = "0:00:01.000,0:00:02.500\nBonjour\nà tous\n\n0:00:03.000,0:00:04.000\nfin\n";
    assert_eq!(cues(sbv), [cue(1000, 2500, "Bonjour\nà tous"), cue(3000, 4000, "fin")]);
    let text = ass(&read, (1080, 1920), 1500);
    assert!(
        text.contains("Dialogue: 0,0:00:00.00,0:00:01.00,Default,A ni sɔgɔma\\NBonjour à tous"),
        "{text}"
    );
}

#[test]
fn a_speech_stands_where_its_file_puts_it() {
    let places = |text: &str| cues(text).iter().map(|cue| cue.place).collect::<Vec<_>>();
    let srt = "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}En haut\n\n2\n00:00:03,000 --> 00:00:04,000\nEn bas {\\an0}\n";
    assert_eq!(places(srt), [8, 2]);
    let drawn = ass(&cues(srt), (1280, 720), 0);
    assert!(drawn.contains("Default,{\\an8}En haut") && drawn.contains("Default,En bas"), "{drawn}");
    let vtt =
        |settings: &str| places(&format!("WEBVTT\n\n00:01.000 --> 00:02.000{settings}\nAwa : bonjour\n"));
    for (settings, place) in [
        ("", 2),
        (" line:0", 8),
        (" align:start line:10%,start", 8),
        (" line:-1", 2),
        (" line:85%", 2),
        (" line:", 2),
    ] {
        assert_eq!(vtt(settings), [place], "{settings}");
    }
}

#[test]
fn old_macs_are_read() {
    let read = |bytes: &[u8]| {
        let file = [b"1\r00:00:00,200 --> 00:00:03,500\r", bytes, b"\r"].concat();
        parse(&file).unwrap().cues[0].text.clone()
    };
    assert_eq!(read(b"L\xd5\x8ecole est ferm\x8ee, \x88 bient\x99t"), "L’école est fermée, à bientôt");
    assert_eq!(read(b"Fran\x8dais, tr\x8fs for\x90t"), "Français, très forêt");
    // The same letters of Windows stay what they are.
    assert_eq!(read(b"Fran\xe7ais, tr\xe8s \x8eatec, d\x9cuvre"), "Français, très Žatec, dœuvre");
}

#[test]
fn old_editors_of_windows_are_read() {
    let read =
        parse(b"1\r\n00:00:00,200 --> 00:00:03,500\r\n\xc0 l\x92\xe9cole, c\x92est l\x92\xe9t\xe9 \x80\r\n")
            .unwrap();
    assert_eq!(read.cues, [cue(200, 3500, "À l’école, c’est l’été €")]);
    let text = "1\n00:00:00,200 --> 00:00:03,500\nɲɛ ߒߞߏ\n";
    for mark in [true, false] {
        let units = || mark.then_some('\u{feff}').into_iter().chain(text.chars()).collect::<String>();
        let little: Vec<u8> = units().encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            assert_eq!(parse(&bytes).unwrap().cues, [cue(200, 3500, "ɲɛ ߒߞߏ")], "marked: {mark}");
        }
    }
    let broken = [text.as_bytes(), b"\xc9\n"].concat();
    assert!(parse(&broken).unwrap().cues[0].text.starts_with("ɲɛ"), "one broken letter changes no other");
}

#[test]
fn what_cannot_be_shown_is_left_out_and_told_and_the_rest_is_shown() {
    let zero = "1\n00:00:00,200 --> 00:00:01,500\nBonjour\n\n2\n00:00:01,500 --> 00:00:01,500\n\n\n3\n00:00:01,600 --> 00:00:01,600\nhum\n\n4\n00:00:02,000 --> 00:00:03,500\nAu revoir";
    assert_eq!(cues(zero), [cue(200, 1500, "Bonjour"), cue(2000, 3500, "Au revoir")]);
    assert_eq!(skipped(zero), [(10, Why::NoTime)]);
    let swapped = "1\n00:00:00,200 --> 00:00:01,500\nBonjour\n\n2\n00:00:01,900 --> 00:00:01,600\nhum\n\n3\n00:00:02,000 --> 00:00:03,500\nAu revoir";
    assert_eq!(cues(swapped), [cue(200, 1500, "Bonjour"), cue(2000, 3500, "Au revoir")]);
    assert_eq!(skipped(swapped), [(6, Why::Backwards)]);
    let unreadable = "1\n00:00:00,200 --> 00:00:01,500\nBonjour\n\n2\n00:00:0x,000 --> 00:00:03,000\nperdu\n\n3\n00:00:04,000 --> 00:00:05,000\nfin\n";
    assert_eq!(cues(unreadable), [cue(200, 1500, "Bonjour"), cue(4000, 5000, "fin")]);
    assert_eq!(skipped(unreadable), [(6, Why::Times)]);
}

#[test]
fn numbers_without_an_empty_line_are_numbers_and_empty_lines_end_no_speech() {
    let whisper = "1\n00:00:00,200 --> 00:00:01,500\nBonjour\n2\n00:00:02,000 --> 00:00:03,500\nAu revoir\n";
    assert_eq!(cues(whisper), [cue(200, 1500, "Bonjour"), cue(2000, 3500, "Au revoir")]);
    let inner = "1\n00:00:00,200 --> 00:00:03,500\nPremière ligne\n\nDeuxième ligne\n\n2\n00:00:03,600 --> 00:00:03,900\nfin\n";
    assert_eq!(cues(inner), [cue(200, 3500, "Première ligne\nDeuxième ligne"), cue(3600, 3900, "fin")]);
    let heard = "[00:00.000 --> 00:02.500]  Bonjour\n[00:02.500 --> 00:04.000]  à tous\n";
    assert_eq!(cues(heard), [cue(0, 2500, "Bonjour"), cue(2500, 4000, "à tous")]);
    let dots = "00:01.000 --> 00:02.000\nBonjour\n\n61:05.5 --> 61:06.25\nfin\n";
    assert_eq!(cues(dots), [cue(1000, 2000, "Bonjour"), cue(3_665_500, 3_666_250, "fin")]);
    let spoken =
        "1\n00:00:00,200 --> 00:00:01,500\nNous étions\n1200\n\n2\n00:00:02,000 --> 00:00:03,500\nfin\n";
    assert_eq!(cues(spoken)[0].text, "Nous étions\n1200");
    let counted =
        "[00:00.000 --> 00:01.000]  30\n[00:01.000 --> 00:02.000]  20\n[00:02.000 --> 00:03.000]  10\n";
    assert_eq!(cues(counted).iter().map(|cue| cue.text.as_str()).collect::<Vec<_>>(), ["30", "20", "10"]);
}

#[test]
fn what_a_person_wrote_is_no_mark() {
    let said = |text: &str| cues(&format!("1\n00:00:00,200 --> 00:00:01,500\n{text}\n"))[0].text.clone();
    for text in
        ["I <3 you > me", "a < b && b > c", "{so} it is", "C:\\new\\n", "5 -> 6", "<br/> in HTML", "a --> b"]
    {
        assert_eq!(said(text), text);
    }
    assert_eq!(said("<font color=\"#ff0000\">red</font> <B>x</B>"), "red x");
}

#[test]
fn a_file_without_subtitles_says_what_it_lacks() {
    let fault = |text: &str| match parse(text.as_bytes()) {
        Err(Error::Subtitles(fault)) => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(""), Fault::Empty);
    assert_eq!(fault(" \r\n\u{feff}\n"), Fault::Empty);
    assert_eq!(fault("hello"), Fault::NoCue);
    assert_eq!(fault("1\n00:00:02,000 --> 00:00:01,000\nback\n"), Fault::NothingShown(2));
}

/// What a reader of ASS sees of a text.
fn seen(written: &str) -> String {
    let mut out = String::new();
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("{\\fn") {
            rest = rest.split_once('}').unwrap().1;
        } else if let Some(more) = rest.strip_prefix("\\N") {
            (out, rest) = (out + "\n", more);
        } else if let Some(more) = rest.strip_prefix("\\{") {
            (out, rest) = (out + "{", more);
        } else if let Some(more) = rest.strip_prefix("\\}") {
            (out, rest) = (out + "}", more);
        } else if let Some(more) = rest.strip_prefix("\\\u{2060}") {
            (out, rest) = (out + "\\", more);
        } else {
            assert!(c != '\\' && c != '{', "a mark that nobody meant: {rest}");
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// Lines of any text, with more than their share of what could be taken for marks.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let signs = prop::sample::select(
        "<>{}\\&;/-:.,\u{2192}\u{200f}\u{fe0f}Nnhbi019 👍ߒصሰ☎'’".chars().collect::<Vec<_>>(),
    );
    let sign = prop_oneof![2 => signs, 1 => any::<char>()];
    let line = prop::collection::vec(sign, 1..24).prop_map(|line| line.into_iter().collect::<String>());
    prop::collection::vec(line, 1..4)
}

/// Two thousand texts, the same in every run: seed 12 in every byte.
#[test]
fn every_text_comes_out_as_it_went_in() {
    let config = Config { cases: 2000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[12; 32]);
    let outcome = TestRunner::new_with_rng(config, rng).run(&lines(), |lines| {
        let words =
            |line: &String| line.chars().filter(|c| !c.is_control() && *c != '\u{feff}').collect::<String>();
        let lines: Vec<String> = lines.iter().map(words).map(|line| line.trim().to_owned()).collect();
        let kept: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
        prop_assume!(!kept.is_empty() && kept.iter().all(|line| !line.contains(':') || !line.contains('-')));
        prop_assume!(kept.iter().all(|line| line.matches(':').count() < 4 && !line.starts_with("NOTE")));
        let text = kept.join("\n");
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace("{\\", "{&lrm;\\");
        let vtt =
            format!("WEBVTT\n\n1\n00:01.000 --> 00:02.000\n{escaped}\n\n2\n00:03.000 --> 00:04.000\nfin\n");
        let read = cues(&vtt);
        prop_assert_eq!(&read[0].text, &text.replace("{\\", "{\u{200e}\\"));
        let plain = text.replace('<', "< ").replace("{\\", "{ \\").replace('&', "& ");
        let srt =
            format!("1\n00:00:01,000 --> 00:00:02,000\n{plain}\n\n2\n00:00:03,000 --> 00:00:04,000\nfin\n");
        let read = cues(&srt);
        prop_assert_eq!(read.len(), 2);
        prop_assert_eq!(&read[0].text, plain.trim());
        prop_assert_eq!(seen(&written(&text)), text);
        Ok(())
    });
    outcome.unwrap();
}
