//! How single values are written. What the studio judges itself is not judged here.

use std::fmt;
use std::path::PathBuf;

use griot_domain::{Edit, Lang};

use super::pieces::{Field, FieldOf, TextOf};

/// Where secrets are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SecretsPlace {
    /// The system's keychain.
    Keychain,
    /// A file under a passphrase.
    File(PathBuf),
}

/// A value that is not written as it has to be; what it says is how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotThat {
    pub(crate) fr: &'static str,
    pub(crate) en: &'static str,
}

impl NotThat {
    const fn new(fr: &'static str, en: &'static str) -> Self {
        Self { fr, en }
    }
}

impl fmt::Display for NotThat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.en)
    }
}

impl std::error::Error for NotThat {}

/// `fr` or `en`.
pub(crate) fn lang(text: &str) -> Result<Lang, NotThat> {
    match text {
        "fr" => Ok(Lang::Fr),
        "en" => Ok(Lang::En),
        _ => Err(NotThat::new("écrivez fr ou en", "write fr or en")),
    }
}

/// `keychain` or `file:PATH`.
pub(crate) fn secrets(text: &str) -> Result<SecretsPlace, NotThat> {
    match text.split_once(':') {
        None if text == "keychain" => Ok(SecretsPlace::Keychain),
        Some(("file", path)) if !path.is_empty() => Ok(SecretsPlace::File(path.into())),
        _ => Err(NotThat::new("écrivez keychain ou file:CHEMIN", "write keychain or file:PATH")),
    }
}

/// `X,Y`, each from 0 to 1.
pub(crate) fn focus(text: &str) -> Result<(f64, f64), NotThat> {
    text.split_once(',').and_then(|(x, y)| Some((part(x)?, part(y)?))).ok_or(NotThat::new(
        "écrivez deux nombres de 0 à 1, comme 0.5,0.3",
        "write two numbers from 0 to 1, as in 0.5,0.3",
    ))
}

/// Changes, written as a post keeps them.
pub(crate) fn edit(text: &str) -> Result<Edit, NotThat> {
    serde_json::from_str(text).map_err(|_| {
        NotThat::new(
            r#"écrivez les changements en JSON, comme {"turn":1,"flip":true}"#,
            r#"write changes as JSON, as in {"turn":1,"flip":true}"#,
        )
    })
}

fn part(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|n| (0.0..=1.0).contains(n))
}

/// Seconds, not negative.
pub(crate) fn seconds(text: &str) -> Result<f64, NotThat> {
    text.trim()
        .parse()
        .ok()
        .filter(|n: &f64| n.is_finite() && *n >= 0.0)
        .ok_or(NotThat::new("écrivez des secondes, comme 12.5", "write seconds, as in 12.5"))
}

/// `FIELD=VALUE`.
pub(crate) fn field(text: &str) -> Result<Field, NotThat> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok(Field { name: name.to_owned(), value: value.to_owned() })
        }
        _ => Err(NotThat::new("écrivez CHAMP=VALEUR", "write FIELD=VALUE")),
    }
}

/// `NETWORK.FIELD=VALUE`.
pub(crate) fn field_of(text: &str) -> Result<FieldOf, NotThat> {
    let wrong = NotThat::new("écrivez RÉSEAU.CHAMP=VALEUR", "write NETWORK.FIELD=VALUE");
    let Field { name, value } = field(text).map_err(|_| wrong)?;
    match name.split_once('.') {
        Some((network, field)) if !network.is_empty() && !field.is_empty() => {
            Ok(FieldOf { network: network.to_owned(), field: Field { name: field.to_owned(), value } })
        }
        _ => Err(wrong),
    }
}

/// `NETWORK=TEXT`.
pub(crate) fn text_of(text: &str) -> Result<TextOf, NotThat> {
    let Field { name, value } =
        field(text).map_err(|_| NotThat::new("écrivez RÉSEAU=TEXTE", "write NETWORK=TEXT"))?;
    Ok(TextOf { network: name, text: value })
}
