//! What the Graph's errors mean. Most of them come with status 400, so the code decides and not the status.

use serde_json::Value;

use crate::http::{Answer, Effect};
use crate::{Error, Why};

/// What an error means, by what is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The token is no longer good.
    Auth,
    /// The token may not do this, or Facebook wants something of the person first.
    Permission,
    /// The post has to be changed.
    Content,
    /// Too many calls, or blocked for a while.
    Wait,
    /// It goes away by itself.
    Passing,
    /// The same is there already.
    Duplicate,
    /// Nothing that is known here: the status decides.
    Unknown,
}

/// What an answer that is no success means.
pub(super) fn refusal(answer: &Answer, effect: Effect) -> Error {
    let Some(error) = answer.json.as_ref().map(|body| &body["error"]).filter(|error| error.is_object())
    else {
        return match answer.success() {
            Some(_) => answer.passing("an answer that cannot be understood"),
            None if answer.busy_in_doubt() => answer.passing(answer.words()),
            None => answer.refusal(),
        };
    };
    let (code, subcode) = (number(&error["code"]), number(&error["error_subcode"]));
    let words = words(answer, code, subcode);
    match meaning(code, subcode, error["is_transient"] == true) {
        Meaning::Auth => Error::Auth(words),
        Meaning::Permission => Error::Permission(words),
        Meaning::Content => Error::Content(words),
        Meaning::Wait => answer.too_many(None),
        Meaning::Passing => answer.passing(words),
        // What is there already may be this very post: its first answer was lost.
        Meaning::Duplicate if effect == Effect::Visible => Error::Uncertain(words),
        Meaning::Duplicate => Error::Content(words),
        Meaning::Unknown => match answer.refusal() {
            Error::RateLimited { until } => Error::RateLimited { until },
            Error::Auth(_) => Error::Auth(words),
            Error::Permission(_) => Error::Permission(words),
            Error::Content(_) => Error::Content(words),
            // A success that carries an error, or a fault of the server's: nobody knows what it did.
            _ => answer.passing(words),
        },
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(0)
}

/// The subcode says more than the code where it is known.
fn meaning(code: i64, subcode: i64, is_transient: bool) -> Meaning {
    match subcode {
        // Too large, not a picture or a film, an address that is none, a link that is refused, against the rules.
        1_366_046 | 1_349_125 | 2_061_006 | 1_609_008 | 1_346_003 | 1_404_102 => return Meaning::Content,
        1_363_022 | 1_363_023 | 1_363_031 => return Meaning::Content,
        1_366_051 => return Meaning::Duplicate,
        1_390_008 => return Meaning::Wait,
        // A check in the app, or the Page's own authorisation, is asked of the person.
        1_404_006 | 1_404_112 | 4_854_002 | 1_404_078 | 1_363_042 => return Meaning::Permission,
        1_363_047 | 1_609_010 | 1_363_019 | 1_363_030 | 1_363_033 => return Meaning::Passing,
        _ => {}
    }
    match code {
        4 | 17 | 32 | 341 | 613 | 368 => Meaning::Wait,
        // The limits of one kind of business use each.
        80_000..=80_014 => Meaning::Wait,
        102 | 190 => Meaning::Auth,
        1 | 2 => Meaning::Passing,
        506 => Meaning::Duplicate,
        _ if is_transient => Meaning::Passing,
        3 | 10 | 200..=299 => Meaning::Permission,
        // An object that is not there, or that this token may not see: Facebook does not tell which.
        100 if subcode == 33 => Meaning::Permission,
        100 | 1_609_005 => Meaning::Content,
        _ => Meaning::Unknown,
    }
}

/// What Facebook said, what it means in plain words where that is known, and the numbers to look it up by.
fn words(answer: &Answer, code: i64, subcode: i64) -> Why {
    let numbers = if subcode == 0 { code.to_string() } else { format!("{code}/{subcode}") };
    let said = answer.words().noting(&format!("[{numbers}]"));
    match plain(code, subcode) {
        Some((fr, en)) => said.means(fr, en),
        None => said,
    }
}

fn plain(code: i64, subcode: i64) -> Option<(&'static str, &'static str)> {
    Some(match (code, subcode) {
        (_, 458) => (
            "L\u{2019}application a été retirée du compte Facebook.",
            "The app was removed from the Facebook account.",
        ),
        (_, 459 | 464) => (
            "Facebook demande de se connecter sur facebook.com et d\u{2019}y confirmer qui l\u{2019}on est.",
            "Facebook wants the person to sign in on facebook.com and confirm who they are.",
        ),
        (_, 460) => (
            "Le mot de passe du compte Facebook a été changé.",
            "The password of the Facebook account was changed.",
        ),
        (_, 463) => ("Le jeton a expiré.", "The token has expired."),
        (_, 467) => ("Le jeton a été révoqué.", "The token was revoked."),
        (_, 492) => (
            "La personne n\u{2019}a plus de rôle sur la Page.",
            "The person no longer has a role on the Page.",
        ),
        (190 | 102, _) => ("Facebook n\u{2019}accepte pas ce jeton.", "The token is not accepted."),
        (_, 1_366_046) => ("Une image pèse plus de 4 Mo.", "A picture is larger than 4 MB."),
        (_, 1_366_051) => (
            "L\u{2019}image est déjà dans une publication en ligne.",
            "The picture is in a published post already.",
        ),
        (506, _) => ("Le même texte y est déjà.", "The same text is there already."),
        (_, 1_404_006 | 1_404_112 | 4_854_002) => (
            "Facebook demande d\u{2019}abord un contrôle de sécurité dans son application.",
            "Facebook wants a security check in its app first.",
        ),
        (_, 1_404_078) => (
            "Facebook demande d\u{2019}abord que la Page soit autorisée à publier.",
            "Facebook wants the Page to be authorised to publish first.",
        ),
        (1_609_005, _) => {
            ("La page derrière le lien ne peut pas être lue.", "The page behind the link cannot be read.")
        }
        (_, 1_609_008) => {
            ("Un lien vers facebook.com même est refusé.", "A link to facebook.com itself is refused.")
        }
        (100, 33) => (
            "La Page ou la publication n\u{2019}est pas là, ou ce jeton n\u{2019}a pas le droit de la voir.",
            "The Page or the post is not there, or the token may not see it.",
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Meaning::{Auth, Content, Duplicate, Passing, Permission, Unknown, Wait};
    use super::*;

    #[test]
    fn every_error_means_one_thing() {
        for (code, subcode, is_transient, expected) in [
            (1, 0, false, Passing),
            (2, 0, false, Passing),
            (2, 1_363_047, false, Passing),
            (1, 1_609_010, false, Passing),
            (6000, 1_363_030, false, Passing),
            (100, 0, true, Passing),
            (3, 0, false, Permission),
            (10, 0, false, Permission),
            (200, 0, false, Permission),
            (230, 0, false, Permission),
            (299, 0, false, Permission),
            (100, 33, false, Permission),
            (368, 1_404_078, false, Permission),
            (1, 1_404_006, false, Permission),
            (4, 0, false, Wait),
            (4, 0, true, Wait),
            (17, 0, false, Wait),
            (32, 0, false, Wait),
            (341, 0, false, Wait),
            (613, 0, false, Wait),
            (80_001, 0, false, Wait),
            (368, 0, false, Wait),
            (368, 1_390_008, false, Wait),
            (102, 0, false, Auth),
            (190, 0, false, Auth),
            (190, 458, false, Auth),
            (190, 463, false, Auth),
            (506, 0, false, Duplicate),
            (100, 1_366_051, false, Duplicate),
            (100, 0, false, Content),
            (100, 1_366_046, false, Content),
            (324, 1_366_046, false, Content),
            (368, 1_346_003, false, Content),
            (100, 1_609_008, false, Content),
            (1_609_005, 0, false, Content),
            (0, 0, false, Unknown),
            (9999, 0, false, Unknown),
            (300, 0, false, Unknown),
        ] {
            assert_eq!(meaning(code, subcode, is_transient), expected, "{code}/{subcode} {is_transient}");
        }
    }
}
