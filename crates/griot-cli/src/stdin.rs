//! Standard input: a text byte for byte, or secrets. Nothing else of the terminal reads it.
//!
//! A secret never stands in an argument, where other programs could read it.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal, Read};

use griot_app::wire::accounts::ConnectFieldView;
use griot_app::{AppError, Code};
use griot_domain::Lang;

use crate::print;

/// No text for a network and no secret is longer, in bytes.
const MOST: u64 = 4 << 20;

/// `given`, or standard input byte for byte when it is `-`.
pub(crate) fn text(given: String, lang: Lang) -> Result<String, AppError> {
    if given == "-" { all(io::stdin().lock(), lang) } else { Ok(given) }
}

fn all(input: impl Read, lang: Lang) -> Result<String, AppError> {
    let mut bytes = Vec::new();
    input.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error, lang))?;
    if bytes.len() as u64 > MOST {
        return Err(AppError::new(
            Code::BadRequest,
            lang.pick("L’entrée standard dépasse 4\u{a0}Mio.", "Standard input is larger than 4 MiB."),
            "",
        ));
    }
    String::from_utf8(bytes).map_err(|_| {
        AppError::new(
            Code::BadRequest,
            lang.pick("L’entrée standard n’est pas du texte UTF-8.", "Standard input is not UTF-8 text."),
            "",
        )
    })
}

fn unreadable(error: &io::Error, lang: Lang) -> AppError {
    let fr = format!("L’entrée standard ne se lit pas\u{a0}: {error}");
    let en = format!("Standard input cannot be read: {error}");
    AppError::new(Code::Environment, lang.pick(fr, en), "")
}

/// How much of standard input the fields are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it; a person at a terminal writes one line.
    All,
    /// Its first line: more is asked for later.
    Line,
}

/// The declared fields, from standard input. Nothing is read where nothing is needed.
pub(crate) fn fields(
    declared: &[ConnectFieldView],
    extent: Extent,
    lang: Lang,
) -> Result<BTreeMap<String, String>, AppError> {
    if declared.is_empty() {
        return Ok(BTreeMap::new());
    }
    let stdin = io::stdin();
    let is_terminal = stdin.is_terminal();
    if extent == Extent::All && !is_terminal {
        return understand(&all(stdin.lock(), lang)?, declared, lang);
    }
    for field in declared.iter().filter(|_| is_terminal) {
        print::diagnostic(&format!("{} - {}", field.name, field.hint));
    }
    understand(&line(lang)?, declared, lang)
}

/// The next line of standard input; empty where there is none.
pub(crate) fn line(lang: Lang) -> Result<String, AppError> {
    let mut line = String::new();
    io::stdin().lock().take(MOST).read_line(&mut line).map_err(|error| unreadable(&error, lang))?;
    Ok(line)
}

/// Whether a person sits there: they can be asked, and can answer.
pub(crate) fn is_somebody() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks; whether the answer is yes. Silence is no.
pub(crate) fn agrees(question: &str, lang: Lang) -> Result<bool, AppError> {
    print::piece(&format!("{question} {} ", lang.pick("[o/N]", "[y/N]")));
    Ok(means_yes(&line(lang)?))
}

fn means_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "o" | "oui" | "y" | "yes")
}

/// One line is the one secret that is needed, else the one thing that is; an object names each field.
fn understand(
    input: &str,
    declared: &[ConnectFieldView],
    lang: Lang,
) -> Result<BTreeMap<String, String>, AppError> {
    let input = input.strip_prefix('\u{feff}').unwrap_or(input);
    if input.trim_start().starts_with('{') {
        // The parser's own message could quote the secret.
        return serde_json::from_str(input).map_err(|_| {
            AppError::new(
                Code::BadRequest,
                lang.pick(
                    "L’entrée standard n’est pas un objet JSON dont chaque valeur est un texte.",
                    "Standard input is not a JSON object whose values are texts.",
                ),
                expected(declared, lang),
            )
        });
    }
    let line = input.trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        return Ok(BTreeMap::new());
    }
    let needed = |secret: bool| declared.iter().filter(move |f| !f.optional && f.secret == secret);
    let secrets: Vec<&ConnectFieldView> = needed(true).collect();
    let one = if secrets.is_empty() { needed(false).collect() } else { secrets };
    match one.as_slice() {
        [only] if !line.contains('\n') => Ok([(only.name.clone(), line.to_owned())].into()),
        _ => Err(AppError::new(
            Code::BadRequest,
            lang.pick(
                "L’entrée standard n’est pas une seule ligne pour un seul secret.",
                "Standard input is not one line for one secret.",
            ),
            expected(declared, lang),
        )),
    }
}

fn expected(declared: &[ConnectFieldView], lang: Lang) -> String {
    let names: Vec<&str> = declared.iter().map(|field| field.name.as_str()).collect();
    let names = names.join(", ");
    lang.pick(
        format!("Donnez un objet JSON avec les champs\u{a0}: {names}."),
        format!("Give a JSON object with the fields: {names}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, secret: bool) -> ConnectFieldView {
        ConnectFieldView {
            name: name.to_owned(),
            label: String::new(),
            secret,
            optional: false,
            hint: String::new(),
        }
    }

    #[test]
    fn one_line_is_the_one_secret() {
        let declared = [field("handle", false), field("password", true)];
        for input in ["hunter 2\n", "hunter 2", "hunter 2\r\n"] {
            let got = understand(input, &declared, Lang::En).unwrap();
            assert_eq!(got, [("password".to_owned(), "hunter 2".to_owned())].into());
        }
        let got = understand(" {\"handle\":\"a\",\"password\":\"b\"}\n", &declared, Lang::En).unwrap();
        assert_eq!(got["handle"], "a");
        assert_eq!(understand("\n", &declared, Lang::En), Ok(BTreeMap::new()));
        let app =
            [field("client_id", false), ConnectFieldView { optional: true, ..field("client_secret", true) }];
        assert_eq!(understand("an-app\n", &app, Lang::En).unwrap()["client_id"], "an-app");
    }

    #[test]
    fn what_cannot_be_one_secret_is_refused_without_repeating_it() {
        let two = [field("key", true), field("secret", true)];
        for (input, declared) in
            [("hunter2", &two[..]), ("hunter2\nb", &two[..1]), ("{\"key\": hunter2}", &two)]
        {
            let error = understand(input, declared, Lang::En).unwrap_err();
            assert_eq!(error.code, Code::BadRequest);
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        assert_eq!(all(&b"a\xff"[..], Lang::Fr).unwrap_err().code, Code::BadRequest);
        assert_eq!(all("é\n\n".as_bytes(), Lang::Fr).unwrap(), "é\n\n");
    }
}
