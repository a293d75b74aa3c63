//! Who we are for a site: a user's name and one of their application passwords.
//!
//! Deliberately absent: the site's page that makes such a password (it gives it to an https address only), and
//! the password of the account itself, which sites do not take here.

use griot_domain::text::pasted;
use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use super::WordPress;
use super::refusal::refusal;
use super::site::{self, Door, PASSWORD, ROOT, USER};
use crate::{ConnectInput, Connected, Ends, Error, Secrets, Why};

/// What publishing takes, and who has it.
const NEEDED: &[(&str, (&str, &str))] = &[
    (
        "publish_posts",
        (
            "Ce compte n\u{2019}a pas le droit de publier sur le site\u{a0}: il y faut le rôle d\u{2019}Auteur, d\u{2019}Éditeur ou d\u{2019}Administrateur.",
            "The user may not publish on the site: that takes the role Author, Editor or Administrator.",
        ),
    ),
    (
        "upload_files",
        (
            "Ce compte n\u{2019}a pas le droit d\u{2019}envoyer des fichiers au site\u{a0}: il y faut le rôle d\u{2019}Auteur, d\u{2019}Éditeur ou d\u{2019}Administrateur.",
            "The user may not upload files to the site: that takes the role Author, Editor or Administrator.",
        ),
    ),
];

impl WordPress {
    /// Tries a site, a name and an application password.
    pub(super) async fn open(&self, input: &ConnectInput) -> Result<Connected, Error> {
        let typed = input.server.as_deref().or_else(|| input.fields.get("server")).unwrap_or_default();
        let user = input.handle.as_deref().or_else(|| input.fields.get("handle")).unwrap_or_default();
        let user = name(user)?;
        let password = application(input.fields.get(PASSWORD).unwrap_or_default())?;
        let root = self.find(typed).await?;
        self.identify(&Door { root, user, password }).await
    }

    /// Whose name and password they are, and whether they may publish.
    pub(super) async fn identify(&self, door: &Door) -> Result<Connected, Error> {
        let query = [("context", "edit"), ("_fields", "id,username,slug,capabilities")];
        let answer = self.client.send(door.get("/wp/v2/users/me", &query)).await?;
        let me = answer.success().ok_or_else(|| refusal(&answer))?;
        let id = site::number(me)?;
        if let Some((_, why)) = NEEDED.iter().find(|(what, _)| lacks(&me["capabilities"], what)) {
            return Err(Error::Permission(Why::ours(why.0, why.1)));
        }
        let called = ["username", "slug"].iter().find_map(|name| me[name].as_str().filter(|n| !n.is_empty()));
        let mut secrets = Secrets::default();
        let kept = [(USER, door.user.as_str()), (PASSWORD, &door.password), (ROOT, door.root.as_str())];
        secrets.0.extend(kept.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Ok(Connected {
            server: door.root.server(),
            handle: format!("{}@{}", called.unwrap_or(&door.user), door.root.place()),
            remote_id: remote_id(id, door.root.folder()),
            secrets,
            limits: None,
            ends: Ends::NotTold,
        })
    }
}

/// The identity that never changes. Sites in folders of one host may share their users and are different accounts.
fn remote_id(user: u64, folder: &str) -> String {
    if folder.is_empty() { user.to_string() } else { format!("{user}@{folder}") }
}

/// The number of the user that a remote id names.
pub(super) fn user_of(remote_id: &str) -> &str {
    remote_id.split_once('@').map_or(remote_id, |(user, _)| user)
}

/// Whether the user certainly lacks a capability. A site that does not say which they have says nothing.
fn lacks(capabilities: &Value, what: &str) -> bool {
    let has = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !matches!(text.as_str(), "" | "0"),
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => true,
    };
    match capabilities {
        Value::Object(map) => !map.get(what).is_some_and(has),
        // An empty table of PHP's is an empty list.
        Value::Array(_) => true,
        _ => false,
    }
}

/// A user's name as it was typed.
fn name(typed: &str) -> Result<String, Error> {
    let name = pasted::words(typed);
    if name.is_empty() {
        return Err(Error::Auth(Why::ours("Il faut un nom d\u{2019}utilisateur.", "A user name is needed.")));
    }
    if name.contains(':') || name.contains(char::is_control) {
        return Err(Error::Auth(Why::ours(
            "Ce n\u{2019}est pas un nom d\u{2019}utilisateur d\u{2019}un site WordPress.",
            "This is not a user name of a WordPress site.",
        )));
    }
    Ok(name)
}

/// An application password as it was pasted: the site shows it in groups, and spaces do not count.
fn application(given: &str) -> Result<String, Error> {
    let password = pasted::secret(given);
    if password.is_empty() {
        return Err(Error::Auth(Why::ours(
            "Il faut un mot de passe d\u{2019}application.",
            "An application password is needed.",
        )));
    }
    if password.contains(char::is_control) {
        return Err(Error::Auth(Why::ours(
            "Le mot de passe d\u{2019}application contient un retour à la ligne\u{a0}: collez-le seul.",
            "The application password holds a line break: paste it alone.",
        )));
    }
    if let Some(whose) = is_of_another(&password) {
        return Err(Error::Auth(Why::ours(
            format!(
                "C\u{2019}est un secret de {whose}, et non un mot de passe d\u{2019}application d\u{2019}un site."
            ),
            format!("This is a secret of {whose}, not an application password of a site."),
        )));
    }
    Ok(password)
}

/// The network whose secrets look like this one.
fn is_of_another(secret: &str) -> Option<&'static str> {
    static SHAPES: OnceLock<Vec<(Regex, &str)>> = OnceLock::new();
    let shapes = SHAPES.get_or_init(|| {
        let shape = |pattern, whose| {
            (Regex::new(pattern).expect("BUG: the pattern is fixed and every test compiles it"), whose)
        };
        vec![
            shape(r"^\d{6,}:[\w-]{30,}$", "Telegram"),
            shape(r"^[a-z0-9]{4}(?:-[a-z0-9]{4}){3}$", "Bluesky"),
            shape(r"^EAA[A-Za-z0-9]{40,}$", "Facebook"),
        ]
    });
    shapes.iter().find(|(shape, _)| shape.is_match(secret)).map(|(_, whose)| *whose)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pasted_secret_is_taken_or_refused_for_a_plain_reason() {
        for bad in [
            "",
            "   ",
            "abcd efgh\nijkl",
            "123456789:AAF0123456789abcdefghijklmnopqrstuv",
            "abcd-ef12-ijkl-mn34",
            &format!("EAA{}", "x".repeat(60)),
        ] {
            let Err(Error::Auth(words)) = application(bad) else { panic!("{bad}") };
            assert!(bad.trim().is_empty() || !words.contains(bad), "{words}");
        }
        let shown = "AbCd eFgH 1234 5678 ijkl MNOP";
        assert_eq!(application(&format!(" {shown}\n")).unwrap(), shown);
        assert_eq!(application(&format!("Bearer {shown}")).unwrap(), shown);
        let spaced = shown.replace(' ', "\u{a0}");
        assert_eq!(application(&format!("\u{200B}\"{spaced}\"\u{FEFF}")).unwrap(), shown);
        for bad in ["", " ", "a:b", "a\nb"] {
            assert!(matches!(name(bad), Err(Error::Auth(_))), "{bad}");
        }
        assert_eq!(name(" Awa Diarra ").unwrap(), "Awa Diarra");
    }

    #[test]
    fn only_what_a_site_denies_is_lacking() {
        let all = json!({"publish_posts": true, "upload_files": 1});
        assert!(!lacks(&all, "publish_posts") && !lacks(&all, "upload_files"));
        assert!(!lacks(&Value::Null, "publish_posts"), "a site that does not say");
        for none in [json!([]), json!({}), json!({"publish_posts": false}), json!({"publish_posts": "0"})] {
            assert!(lacks(&none, "publish_posts"), "{none}");
        }
    }

    #[test]
    fn sites_in_folders_of_one_host_are_different_accounts() {
        assert_eq!(remote_id(7, ""), "7");
        assert_eq!(remote_id(7, "/journal"), "7@/journal");
        assert_eq!((user_of("7"), user_of("7@/journal")), ("7", "7"));
    }
}
