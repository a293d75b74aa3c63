//! How loud a film is (EBU R128), measured by ffmpeg's `loudnorm`, and the filter that brings it to where the networks
//! play.

use std::path::Path;

use super::original::Original;
use super::{Ffmpeg, command};
use crate::{Cancelled, Error};

/// What the networks play at: full-scale loudness units, and the highest true peak in decibels.
const TARGET: &str = "I=-14:TP=-1.5";
/// Quieter than this is silence or noise, which nobody wants louder.
const SILENCE: f64 = -55.0;

/// The measure of one part of a film.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Loudness {
    integrated: f64,
    peak: f64,
    range: f64,
    threshold: f64,
    offset: f64,
}

/// The filter that measures.
pub(super) fn measure() -> String {
    format!("loudnorm={TARGET}:LRA=11:print_format=json")
}

/// Listens to a part of a film; nothing when it is silent.
pub(super) fn listen(
    ffmpeg: &Ffmpeg,
    original: &Original<'_>,
    (from_ms, length_ms): (u64, u64),
    folder: &Path,
    watch: &mut dyn FnMut(&str) -> Result<(), Cancelled>,
) -> Result<Option<Loudness>, Error> {
    let said = ffmpeg.run(&command::listen(original, from_ms, length_ms)?, folder, None, watch)?;
    Ok(read(&said))
}

/// The five numbers of the answer, each in quotes.
fn read(said: &[String]) -> Option<Loudness> {
    let number = |name: &str| {
        let line = said.iter().rev().find(|line| line.trim_start().starts_with(&format!("\"{name}\"")))?;
        let value = line.split(':').nth(1)?.trim().trim_matches([',', '"', ' ']);
        value.parse::<f64>().ok().filter(|value| value.is_finite())
    };
    let loudness = Loudness {
        integrated: number("input_i")?,
        peak: number("input_tp")?,
        range: number("input_lra")?,
        threshold: number("input_thresh")?,
        offset: number("target_offset")?,
    };
    (loudness.integrated > SILENCE).then_some(loudness)
}

impl Loudness {
    /// The filter that levels. As long as the peaks allow it, everything becomes louder or quieter by the same measure:
    /// the range is stated as what it is, else loudnorm would squeeze it.
    pub(super) fn filter(&self) -> String {
        let Self { integrated, peak, range, threshold, offset } = self;
        let most = range.clamp(11.0, 50.0);
        format!(
            "loudnorm={TARGET}:LRA={most:.2}:measured_I={integrated:.2}:measured_TP={peak:.2}:\
             measured_LRA={range:.2}:measured_thresh={threshold:.2}:offset={offset:.2}:linear=true"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_read_and_silence_is_left_alone() {
        let said = |loud: &str| -> Vec<String> {
            let text = format!(
                "[Parsed_loudnorm_0 @ 0x5] \n{{\n\"input_i\" : \"{loud}\",\n\"input_tp\" : \"-4.47\",\n\
                 \"input_lra\" : \"18.06\",\n\"input_thresh\" : \"-39.20\",\n\"output_i\" : \"-14.58\",\n\
                 \"target_offset\" : \"0.03\"\n}}"
            );
            text.lines().map(str::to_owned).collect()
        };
        let loudness = read(&said("-27.61")).unwrap();
        assert_eq!((loudness.integrated, loudness.peak, loudness.offset), (-27.61, -4.47, 0.03));
        assert!(loudness.filter().contains("LRA=18.06:measured_I=-27.61"), "{}", loudness.filter());
        assert_eq!(read(&said("-inf")), None);
        assert_eq!(read(&said("-70.00")), None);
        assert_eq!(read(&[]), None);
    }
}
