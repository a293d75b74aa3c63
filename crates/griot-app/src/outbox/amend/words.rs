//! What is said of a live post that was changed or removed, or was not.

use griot_domain::Sentence;

/// French and English; `{name}` stands for the network, or for an address.
pub(super) type Words = (&'static str, &'static str);

pub(super) const GONE_ALREADY: Words = (
    "Elle n\u{2019}était plus sur {name}\u{a0}: quelqu\u{2019}un l\u{2019}y avait déjà supprimée.",
    "It was no longer on {name}: somebody had removed it there already.",
);
pub(super) const VANISHED: Words = (
    "Elle n\u{2019}est plus sur {name}\u{a0}: quelqu\u{2019}un l\u{2019}y a supprimée, et il n\u{2019}y a plus rien à corriger.",
    "It is no longer on {name}: somebody removed it there, and there is nothing left to correct.",
);
pub(super) const SAYS_EDITED: Words = (
    "{name} a répondu que le texte est changé\u{a0}; d\u{2019}ici, on ne peut pas le relire.",
    "{name} answered that the text is changed; from here it cannot be read back.",
);
pub(super) const SAYS_GONE: Words = (
    "{name} a répondu qu\u{2019}elle est supprimée\u{a0}; d\u{2019}ici, on ne peut pas le vérifier.",
    "{name} answered that it is deleted; from here that cannot be checked.",
);
pub(super) const SAYS_NOT_THERE: Words = (
    "{name} a répondu qu\u{2019}il n\u{2019}y a plus rien à supprimer\u{a0}; d\u{2019}ici, on ne peut pas le vérifier.",
    "{name} answered that there is nothing left to delete; from here that cannot be checked.",
);
pub(super) const NOTHING_TO_EDIT: Words = (
    "{name} a répondu qu\u{2019}il n\u{2019}y a rien à corriger\u{a0}: le message y a peut-être été supprimé.",
    "{name} answered that there is nothing to correct: the message was perhaps removed there.",
);
pub(super) const NOT_EDITED: Words =
    ("Le texte n\u{2019}a pas été changé sur {name}.", "The text was not changed on {name}.");
pub(super) const NOT_DELETED: Words =
    ("Elle n\u{2019}a pas été supprimée chez {name}.", "It was not deleted from {name}.");
pub(super) const EDIT_UNKNOWN: Words = (
    "On ne sait pas si {name} a pris la correction. Regardez\u{a0}; si l\u{2019}ancien texte y est, corrigez de nouveau.",
    "Nobody knows whether {name} has taken the correction. Look there; if the old text is still there, correct it again.",
);
pub(super) const DELETE_UNKNOWN: Words = (
    "On ne sait pas si {name} l\u{2019}a supprimée. Regardez\u{a0}; si elle y est, supprimez-la de nouveau.",
    "Nobody knows whether {name} has deleted it. Look there; if it is still there, delete it again.",
);
pub(super) const BY_HAND: Words =
    ("À la main, c\u{2019}est ici\u{a0}: {name}", "By hand, it is done here: {name}");

/// The sentence of `name`.
pub(super) fn of(words: Words, name: &str) -> Sentence {
    Sentence::from(words).each(|text| text.replace("{name}", name))
}
