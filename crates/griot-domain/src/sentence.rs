//! A sentence for a person in both languages: which one is read is decided when it is read, not when it is written.
//!
//! What is kept of a delivery outlives the language that was set when it happened. A sentence is kept as one small
//! object with both texts; a text that is no such object is read as it is, in either language (rows of older versions,
//! addresses, what somebody typed).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// A sentence in French and in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct Sentence {
    fr: String,
    en: String,
}

/// How a sentence is kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Both {
    fr: String,
    en: String,
}

impl Sentence {
    /// The sentence in French and in English.
    #[must_use]
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self { fr: fr.into(), en: en.into() }
    }

    /// A text that is the same in every language: an address, a name, what somebody else said.
    #[must_use]
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { fr: text.clone(), en: text }
    }

    /// The sentence in `lang`.
    #[must_use]
    pub fn pick(&self, lang: Lang) -> &str {
        lang.pick(&self.fr, &self.en)
    }

    /// In English, as the journal and the logs have it.
    #[must_use]
    pub fn english(&self) -> &str {
        &self.en
    }

    /// This sentence, and `next` after it.
    #[must_use]
    pub fn and(&self, next: &Self) -> Self {
        let join = |a: &str, b: &str| format!("{a} {b}").trim().to_owned();
        Self { fr: join(&self.fr, &next.fr), en: join(&self.en, &next.en) }
    }

    /// Each language put through `f`.
    #[must_use]
    pub fn each(&self, f: impl Fn(&str) -> String) -> Self {
        Self { fr: f(&self.fr), en: f(&self.en) }
    }

    /// As it is kept in one column.
    #[must_use]
    pub fn kept(&self) -> String {
        if self.fr == self.en && serde_json::from_str::<Both>(&self.fr).is_err() {
            return self.fr.clone();
        }
        let both = Both { fr: self.fr.clone(), en: self.en.clone() };
        serde_json::to_string(&both).expect("BUG: two texts are always an object")
    }

    /// Reads what [`Sentence::kept`] wrote, and any other text as it is.
    #[must_use]
    pub fn read(kept: String) -> Self {
        match serde_json::from_str::<Both>(&kept) {
            Ok(Both { fr, en }) => Self { fr, en },
            Err(_) => Self::same(kept),
        }
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl From<(&str, &str)> for Sentence {
    fn from((fr, en): (&str, &str)) -> Self {
        Self::new(fr, en)
    }
}

impl From<(String, String)> for Sentence {
    fn from((fr, en): (String, String)) -> Self {
        Self { fr, en }
    }
}

impl From<Sentence> for String {
    fn from(sentence: Sentence) -> Self {
        sentence.kept()
    }
}

impl From<String> for Sentence {
    fn from(kept: String) -> Self {
        Self::read(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_in_the_language_of_now() {
        let sentence = Sentence::new("La réponse s\u{2019}est perdue.", "The answer was lost.");
        let read = Sentence::read(sentence.kept());
        assert_eq!(read.pick(Lang::Fr), "La réponse s\u{2019}est perdue.");
        assert_eq!(read.pick(Lang::En), "The answer was lost.");
    }

    #[test]
    fn a_text_of_an_older_version_is_read_as_it_is() {
        for old in ["Trop tard.", "", "{", "{\"fr\":1}", "null", "https://example.org/1", "{\"fr\":\"a\"}"] {
            assert_eq!(Sentence::read(old.to_owned()), Sentence::same(old));
            assert_eq!(Sentence::same(old).kept(), old, "and is kept as it is");
        }
    }

    #[test]
    fn every_pair_of_texts_comes_back_as_it_was() {
        let texts = ["", "a", "{\"fr\":\"a\",\"en\":\"b\"}", "\u{201c}«\u{a0}»\\\"", "{}", "\n"];
        for fr in texts {
            for en in texts {
                let sentence = Sentence::new(fr, en);
                assert_eq!(Sentence::read(sentence.kept()), sentence, "{fr} / {en}");
            }
        }
    }
}
