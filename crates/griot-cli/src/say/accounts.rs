//! Accounts in words.

use griot_app::wire::accounts::{AccountView, Accounts, ConnectFieldView, ConnectFields, OneAccount};
use griot_domain::{AccountState, Lang};

use super::Voice;
use super::table::table;

pub(super) fn fields(voice: &Voice, answer: &ConnectFields) -> Vec<String> {
    let mut lines = declared(voice, &answer.fields);
    if let Some(page) = &answer.page {
        lines.push(String::new());
        let other = voice.lang.pick(
            "Ou avec --browser, en donnant votre accord sur la page du réseau\u{a0}:",
            "Or with --browser, by agreeing on the network’s page:",
        );
        lines.push(other.to_owned());
        lines.extend(page.guide.iter().enumerate().map(|(n, step)| format!("  {}. {step}", n + 1)));
        lines.extend(page.callbacks.iter().map(|address| format!("     {address}")));
        lines.extend(declared(voice, &page.fields));
    }
    lines
}

fn declared(voice: &Voice, fields: &[ConnectFieldView]) -> Vec<String> {
    if fields.is_empty() {
        let nothing = voice.lang.pick(
            "Rien à donner\u{a0}: la publication se fait à la main.",
            "Nothing to give: posts are published by hand.",
        );
        return vec![nothing.to_owned()];
    }
    let secret = voice.lang.pick("secret", "secret");
    let rows: Vec<Vec<String>> = fields
        .iter()
        .map(|f| {
            vec![f.name.clone(), if f.secret { secret.to_owned() } else { String::new() }, f.hint.clone()]
        })
        .collect();
    table(&rows)
}

pub(super) fn one(voice: &Voice, answer: &OneAccount) -> Vec<String> {
    table(&[row(voice.lang, &answer.account)])
}

pub(super) fn all(voice: &Voice, answer: &Accounts) -> Vec<String> {
    if answer.accounts.is_empty() {
        return vec![voice.lang.pick("Aucun compte.", "No account.").to_owned()];
    }
    table(&answer.accounts.iter().map(|account| row(voice.lang, account)).collect::<Vec<_>>())
}

fn row(lang: Lang, account: &AccountView) -> Vec<String> {
    let handle = if account.handle == account.name { String::new() } else { account.handle.clone() };
    vec![
        account.id.to_string(),
        account.network.display_name().to_owned(),
        account.name.clone(),
        handle,
        state(lang, account.state).to_owned(),
    ]
}

fn state(lang: Lang, state: AccountState) -> &'static str {
    match state {
        AccountState::Connected => lang.pick("connecté", "connected"),
        AccountState::Reconnect => lang.pick("à reconnecter", "to be connected again"),
        AccountState::Assisted => lang.pick("à la main", "by hand"),
    }
}
