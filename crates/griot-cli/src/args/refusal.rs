//! What the grammar refuses, in the person\u{2019}s language: what was wrong and what to write instead.
//!
//! The parser\u{2019}s own texts reach nobody: it says in facts what it met, and the sentences stand here.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use griot_domain::Lang;

use super::parse::NotThat;
use super::pieces;

/// What was wrong, and how it is written.
pub(crate) struct Refused {
    /// One sentence.
    pub(crate) message: String,
    /// How the verb is written, and where help is.
    pub(crate) hint: String,
}

/// Says `error` in `lang`.
pub(crate) fn say(error: &clap::Error, lang: Lang) -> Refused {
    let (fr, en) = sentence(error, lang);
    let usage = error.get(ContextKind::Usage).map(|usage| usage.to_string().trim().to_owned());
    let usage = usage.map(|usage| lang.pick(usage.replacen("Usage:", "Usage\u{a0}:", 1), usage));
    let help = lang
        .pick("Pour tout ce qui peut s\u{2019}écrire\u{a0}: --help.", "For all that can be written: --help.");
    let hint = usage.map_or_else(|| help.to_owned(), |usage| format!("{usage}\n{help}"));
    Refused { message: lang.pick(fr, en), hint }
}

fn sentence(error: &clap::Error, lang: Lang) -> (String, String) {
    // That there may be several is the usage line's to say.
    let arg = fact(error, ContextKind::InvalidArg).replace("...", "");
    let value = fact(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            (format!("Après {arg}, il manque une valeur."), format!("After {arg} a value is missing."))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if !arg.is_empty() => {
            let (fr, en) = expected(error);
            (
                format!("«\u{a0}{value}\u{a0}» ne va pas après {arg}\u{a0}: {fr}."),
                format!("\u{201c}{value}\u{201d} does not fit after {arg}: {en}."),
            )
        }
        ErrorKind::ValueValidation => placed(error),
        ErrorKind::UnknownArgument => {
            let (fr, en) = meant(error, ContextKind::SuggestedArg);
            (format!("{arg} n\u{2019}est pas connu ici.{fr}"), format!("{arg} is not known here.{en}"))
        }
        ErrorKind::InvalidSubcommand => {
            let verb = fact(error, ContextKind::InvalidSubcommand);
            let (fr, en) = meant(error, ContextKind::SuggestedSubcommand);
            (
                format!("«\u{a0}{verb}\u{a0}» n\u{2019}est pas un verbe de griot.{fr}"),
                format!("\u{201c}{verb}\u{201d} is not a verb of griot.{en}"),
            )
        }
        ErrorKind::ArgumentConflict => {
            let prior = fact(error, ContextKind::PriorArg);
            if prior.is_empty() || prior == arg {
                return (format!("{arg} est écrit deux fois."), format!("{arg} is written twice."));
            }
            (
                format!("{arg} ne va pas avec {prior}\u{a0}: écrivez l\u{2019}un ou l\u{2019}autre."),
                format!("{arg} does not go with {prior}: write one or the other."),
            )
        }
        ErrorKind::MissingRequiredArgument => (format!("Il manque {arg}."), format!("{arg} is missing.")),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => (
            "Dites ce qu\u{2019}il faut faire, par exemple griot queue.".to_owned(),
            "Say what to do, for example griot queue.".to_owned(),
        ),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => (
            format!("{arg} n\u{2019}a pas autant de valeurs qu\u{2019}il en faut."),
            format!("{arg} has not as many values as it takes."),
        ),
        ErrorKind::InvalidUtf8 => (
            "Un des arguments n\u{2019}est pas du texte Unicode.".to_owned(),
            "One of the arguments is not Unicode text.".to_owned(),
        ),
        _ => {
            let said = lang.pick("Cela ne s\u{2019}écrit pas ainsi.", "This is not how it is written.");
            (said.to_owned(), said.to_owned())
        }
    }
}

/// What the parser met, as it was written.
fn fact(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(one)) => one.clone(),
        Some(ContextValue::Strings(some)) => some.join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// What would have been taken.
fn expected(error: &clap::Error) -> (String, String) {
    if let Some(how) = error.source().and_then(|source| source.downcast_ref::<NotThat>()) {
        return (how.fr.to_owned(), how.en.to_owned());
    }
    if fact(error, ContextKind::InvalidArg).starts_with("--late") {
        let how = "hold, drop, publish:MINUTES";
        return (format!("écrivez {how}"), format!("write {how}"));
    }
    let known = fact(error, ContextKind::ValidValue);
    if known.is_empty() {
        return (
            "écrivez un nombre entier qui convienne".to_owned(),
            "write a whole number that fits".to_owned(),
        );
    }
    (format!("écrivez {known}"), format!("write {known}"))
}

/// What was perhaps meant.
fn meant(error: &clap::Error, kind: ContextKind) -> (String, String) {
    let near = fact(error, kind);
    if near.is_empty() {
        return (String::new(), String::new());
    }
    (format!(" Peut-être\u{a0}: {near}."), format!(" Perhaps: {near}."))
}

/// What stands in the wrong place.
fn placed(error: &clap::Error) -> (String, String) {
    let text = error.to_string();
    let known = pieces::WRONG.iter().find(|(_, en)| text.contains(en));
    let (fr, en) =
        known.copied().unwrap_or(("cela ne s\u{2019}écrit pas ainsi", "this is not how it is written"));
    let sentence = |text: &str| {
        let mut letters = text.chars();
        letters
            .next()
            .map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
    };
    (sentence(fr), sentence(en))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Cli;

    fn refused(line: &str, lang: Lang) -> String {
        let error = Cli::try_parse_from(std::iter::once("griot").chain(line.split(' ')));
        say(&error.expect_err(line), lang).message
    }

    #[test]
    fn what_the_grammar_refuses_is_said_in_both_languages() {
        for (line, fr, en) in [
            (
                "publish",
                "«\u{a0}publish\u{a0}» n\u{2019}est pas un verbe",
                "\u{201c}publish\u{201d} is not a verb",
            ),
            (
                "serve --port many",
                "«\u{a0}many\u{a0}» ne va pas après --port",
                "\u{201c}many\u{201d} does not fit after --port",
            ),
            ("queue --lang de", "écrivez fr ou en", "write fr or en"),
            ("import", "Il manque <PATH>", "<PATH> is missing"),
            ("post --text t --to x --late never", "écrivez hold, drop", "write hold, drop"),
            (
                "queue --states x",
                "--states n\u{2019}est pas connu ici. Peut-être\u{a0}: --state.",
                "Perhaps: --state.",
            ),
            ("run --max-seconds", "il manque une valeur", "a value is missing"),
            ("delivery 1 edit --text x --stdin", "ne va pas avec", "does not go with"),
            ("post --text t --alt A --to x", "--alt", "after the --media"),
        ] {
            let (said_fr, said_en) = (refused(line, Lang::Fr), refused(line, Lang::En));
            assert!(said_fr.contains(fr), "{line}: {said_fr}");
            assert!(said_en.contains(en), "{line}: {said_en}");
            assert!(said_fr.ends_with('.') && said_en.ends_with('.'), "{line}: {said_fr} / {said_en}");
        }
    }
}
