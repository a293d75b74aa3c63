//! Why something could not be done: few English words for the log, and what a person reads, kept apart.
//!
//! An [`Error`](crate::Error) that a person has to act on says its reason in both languages, or repeats what the server
//! said, which is shown between quotes as the server's. Words that are ours and for the log alone (of what passes by
//! itself, or is in doubt) never reach a person.

use std::fmt;
use std::ops::Deref;

use griot_domain::{NetworkId, Sentence};

use crate::address::AddressError;

/// The reason of an error. Reads as its English words; holds no secret.
#[derive(Clone)]
pub struct Why {
    plain: String,
    ours: Option<Sentence>,
    theirs: Option<String>,
}

impl Why {
    /// A reason of our own that a person reads: one whole sentence in French and in English.
    #[must_use]
    pub fn ours(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Sentence::new(fr, en).into()
    }

    /// The same, with other words for the log.
    #[must_use]
    pub(crate) fn logged(self, plain: impl Into<String>) -> Self {
        Self { plain: plain.into(), ..self }
    }

    /// An address that was kept, and is none.
    pub(crate) fn no_server(server: &str) -> Self {
        Self::ours(
            format!("«\u{a0}{server}\u{a0}» n\u{2019}est pas l\u{2019}adresse d\u{2019}un serveur."),
            format!("\u{201c}{server}\u{201d} is not the address of a server."),
        )
    }

    /// The secrets that are kept are somebody else's; `plain` says whose.
    pub fn of_another_account(plain: &str) -> Self {
        Self::ours(
            "Les identifiants gardés ici sont ceux d\u{2019}un autre compte.",
            "The secrets that are kept here belong to another account.",
        )
        .logged(plain)
    }

    /// A secret of the account is not there; `plain` says which.
    pub(crate) fn not_kept(plain: &str) -> Self {
        Self::ours(
            "Les identifiants de ce compte ne sont pas gardés sur cet ordinateur.",
            "The secrets of this account are not kept on this computer.",
        )
        .logged(plain)
    }

    /// What was written down of a post does not fit this account; `plain` says what.
    pub(crate) fn not_its_own(plain: &str) -> Self {
        Self::ours(
            "Ce qui a été noté de cette publication n\u{2019}est pas de ce compte\u{a0}: rien n\u{2019}a été envoyé. Copiez-la dans une nouvelle publication.",
            "What was noted of this post is not of this account: nothing was sent. Copy it into a new post.",
        )
        .logged(plain)
    }

    /// A network could not use a video; `why` is what it said.
    pub(crate) fn video_refused(why: Option<&str>) -> Self {
        let why = why.filter(|why| !why.is_empty());
        let said = Self::theirs(why.unwrap_or_default(), 0);
        let plain = format!("the film was refused: {}", why.unwrap_or("no reason given"));
        let ours = "Le réseau n\u{2019}a pas pu employer la vidéo.";
        said.means(ours, "The network could not use the video.").logged(plain)
    }

    /// What the server said, and under which status.
    pub(crate) fn theirs(said: &str, status: u16) -> Self {
        let said = said.trim();
        let plain = if said.is_empty() { "no reason given" } else { said };
        Self { plain: format!("{plain} ({status})"), ours: None, theirs: Some(said.to_owned()) }
    }

    /// The same, with what it means, as far as that is known.
    #[must_use]
    pub(crate) fn means(self, fr: &str, en: &str) -> Self {
        let plain = format!("{}: {}", logged(en), self.plain);
        Self { plain, ours: Some(Sentence::new(fr, en)), ..self }
    }

    /// The same, said in our words alone: a server's "not found" tells nobody what was looked for.
    #[must_use]
    pub(crate) fn of_nothing_there(self) -> Self {
        let ours = Sentence::new(
            "Ce que Griot cherchait sur le réseau n\u{2019}y est pas, ou n\u{2019}y est plus.",
            "What Griot looked for on the network is not there, or not any more.",
        );
        Self { ours: Some(ours), theirs: None, ..self }
    }

    /// The same, with something more for the log.
    #[must_use]
    pub(crate) fn noting(self, more: &str) -> Self {
        Self { plain: format!("{} {more}", self.plain), ..self }
    }

    /// The same, with the server's words read by `f`: some are HTML.
    #[must_use]
    pub(crate) fn reading(self, f: impl Fn(&str) -> String) -> Self {
        Self { plain: f(&self.plain), theirs: self.theirs.as_deref().map(f), ours: self.ours }
    }

    /// What a person reads, in our words; nothing where the reason is for the log alone.
    #[must_use]
    pub fn sentence(&self) -> Option<&Sentence> {
        self.ours.as_ref()
    }

    /// What the server said, to be repeated between quotes; nothing where that would help nobody.
    #[must_use]
    pub fn quote(&self) -> Option<&str> {
        self.theirs.as_deref().filter(|said| is_readable(said))
    }
}

impl Deref for Why {
    type Target = str;

    fn deref(&self) -> &str {
        &self.plain
    }
}

/// Two reasons are the same when their words are.
impl PartialEq for Why {
    fn eq(&self, other: &Self) -> bool {
        self.plain == other.plain
    }
}

impl Eq for Why {}

impl fmt::Debug for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.plain, f)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain)
    }
}

/// Words as they were said: for the log, and repeated between quotes where a network refused with them.
impl From<&str> for Why {
    fn from(plain: &str) -> Self {
        plain.to_owned().into()
    }
}

/// Words as they were said.
impl From<String> for Why {
    fn from(plain: String) -> Self {
        Self { theirs: Some(plain.clone()), plain, ours: None }
    }
}

/// A sentence as a log has it: in the middle of a line, with plain signs.
fn logged(sentence: &str) -> String {
    let line =
        sentence.trim_end_matches('.').replace('\u{2019}', "'").replace(['\u{201c}', '\u{201d}'], "\"");
    let is_name = NetworkId::ALL.iter().any(|network| line.starts_with(network.display_name()));
    let mut letters = line.chars();
    match letters.next() {
        Some(first) if !is_name => format!("{}{}", first.to_lowercase(), letters.as_str()),
        _ => line,
    }
}

/// Whether a person can read it: neither nothing, nor JSON, nor markup.
fn is_readable(said: &str) -> bool {
    !said.trim().is_empty() && !said.contains(['{', '}', '<', '>', '[', '\\'])
}

impl From<Sentence> for Why {
    fn from(sentence: Sentence) -> Self {
        Self { plain: logged(sentence.english()), ours: Some(sentence), theirs: None }
    }
}

impl From<Why> for String {
    fn from(why: Why) -> Self {
        why.plain
    }
}

impl From<AddressError> for Why {
    fn from(error: AddressError) -> Self {
        let plain = error.to_string();
        Self { plain, ours: Some(of_address(&error)), theirs: None }
    }
}

fn of_address(error: &AddressError) -> Sentence {
    match error {
        AddressError::Empty => {
            Sentence::new("L\u{2019}adresse du serveur manque.", "The server\u{2019}s address is missing.")
        }
        AddressError::NotAnAddress(typed) => Sentence::new(
            format!(
                "«\u{a0}{typed}\u{a0}» n\u{2019}est pas l\u{2019}adresse d\u{2019}un serveur, comme mastodon.example."
            ),
            format!("\u{201c}{typed}\u{201d} is not the address of a server, like mastodon.example."),
        ),
        AddressError::HoldsIdentity => Sentence::new(
            "L\u{2019}adresse ne doit contenir ni nom ni mot de passe\u{a0}: écrivez le serveur seul, comme mastodon.example.",
            "The address must not hold a name or a password: write the server alone, like mastodon.example.",
        ),
        AddressError::NotEncrypted(origin) => Sentence::new(
            format!(
                "{origin} n\u{2019}est pas chiffré\u{a0}: Griot n\u{2019}envoie rien sans https, sauf à cet ordinateur."
            ),
            format!("{origin} is not encrypted: Griot sends nothing without https, except to this computer."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_never_taken_for_a_sentence_of_ours() {
        let why = Why::from("the answer is no list");
        assert_eq!((why.sentence(), why.quote()), (None, Some("the answer is no list")));
        assert_eq!(why.to_string(), "the answer is no list");
        let ours = Why::ours("Il faut un jeton.", "A token is needed.");
        assert_eq!((ours.quote(), ours.to_string().as_str()), (None, "a token is needed"));
    }

    #[test]
    fn the_server_is_quoted_without_its_code_and_never_with_its_json() {
        let why = Why::theirs("Validation failed: Text can't be blank", 422);
        assert_eq!(why.quote(), Some("Validation failed: Text can't be blank"));
        assert_eq!(why.to_string(), "Validation failed: Text can't be blank (422)");
        for unreadable in ["{\"error\":1}", "<b>no</b>", "", "[object Object]"] {
            assert_eq!(Why::theirs(unreadable, 400).quote(), None, "{unreadable}");
        }
    }
}
