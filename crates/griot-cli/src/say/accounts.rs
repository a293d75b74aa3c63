//! Accounts in words.

use griot_app::wire::accounts::{
    AccountView, Accounts, ConnectFieldView, ConnectFields, OneAccount, SignInChoice, SignedIn,
};
use griot_app::{AppError, Code};
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

/// Nothing while a choice has to be made: that is said as what is missing.
pub(super) fn signed_in(voice: &Voice, answer: &SignedIn) -> Vec<String> {
    answer.account.iter().flat_map(|account| table(&[row(voice.lang, account)])).collect()
}

/// What has to be said to connect one of several Pages.
pub(crate) fn which(voice: &Voice, choices: &[SignInChoice]) -> AppError {
    let names = choices.iter().map(|one| format!("{} ({})", one.name, one.id)).collect::<Vec<_>>().join(", ");
    AppError::new(
        Code::BadRequest,
        voice.lang.pick(
            format!("Vous gérez plusieurs Pages\u{a0}: {names}. Aucune n’est connectée."),
            format!("You manage several Pages: {names}. None is connected."),
        ),
        voice.lang.pick(
            "Recommencez avec --page et le numéro de l’une d’elles.",
            "Start again with --page and the number of one of them.",
        ),
    )
}

/// Accounts that stop working within days, each with what to do.
pub(super) fn ending(voice: &Voice, accounts: &[AccountView]) -> Vec<String> {
    let said = accounts.iter().filter_map(|account| {
        let end = account.ends.as_ref()?;
        let name = format!("{}, {}", account.network.display_name(), account.name);
        let todo = end.todo.as_deref().unwrap_or_default();
        Some(format!("{}. {todo}", voice.pair(&name, &end.says)).trim_end().to_owned())
    });
    said.collect()
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
        account.ends.as_ref().map(|end| end.says.clone()).unwrap_or_default(),
    ]
}

fn state(lang: Lang, state: AccountState) -> &'static str {
    match state {
        AccountState::Connected => lang.pick("connecté", "connected"),
        AccountState::Reconnect => lang.pick("à reconnecter", "to be connected again"),
        AccountState::Assisted => lang.pick("à la main", "by hand"),
    }
}
