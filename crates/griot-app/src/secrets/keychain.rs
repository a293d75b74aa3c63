//! The workspace's key in the system's keychain.

use std::str::FromStr;

use age::secrecy::ExposeSecret;
use griot_domain::WorkspaceId;

use super::cipher::Cipher;
use crate::Code;
use crate::failure::Failure;

/// The name under which the keychain shows the key.
const SERVICE: &str = "Griot";

/// The key of `workspace`; made now when the keychain has none.
pub(super) fn cipher(workspace: WorkspaceId) -> Result<Cipher, Failure> {
    let entry = keyring::Entry::new(SERVICE, &workspace.to_string()).map_err(|e| none(&e))?;
    let identity = match entry.get_password() {
        Ok(text) => age::x25519::Identity::from_str(&text).map_err(|_| strange())?,
        Err(keyring::Error::NoEntry) => {
            let identity = age::x25519::Identity::generate();
            entry.set_password(identity.to_string().expose_secret()).map_err(|e| none(&e))?;
            identity
        }
        Err(error) => return Err(none(&error)),
    };
    Ok(Cipher::Key(Box::new(identity)))
}

/// Whether there is a keychain, for the doctor.
pub(crate) fn present() -> bool {
    match keyring::Entry::new(SERVICE, "doctor") {
        Ok(entry) => !matches!(
            entry.get_password(),
            Err(keyring::Error::NoStorageAccess(_) | keyring::Error::PlatformFailure(_))
        ),
        Err(_) => false,
    }
}

fn none(error: &keyring::Error) -> Failure {
    tracing::info!(%error, "no keychain");
    Failure::say(
        Code::Secrets,
        "Ce système n\u{2019}a pas de trousseau ouvert.",
        "This system has no open keychain.",
        (
            "Utilisez un fichier\u{a0}: --secrets file:CHEMIN, avec la phrase de passe dans GRIOT_PASSPHRASE.",
            "Use a file: --secrets file:PATH, with the passphrase in GRIOT_PASSPHRASE.",
        ),
    )
}

fn strange() -> Failure {
    Failure::say(
        Code::Secrets,
        "La clé du trousseau n\u{2019}est pas celle de Griot.",
        "The key in the keychain is not Griot\u{2019}s.",
        (
            "Retirez l\u{2019}entrée «\u{a0}Griot\u{a0}» du trousseau et reconnectez les comptes.",
            "Remove the entry \u{201c}Griot\u{201d} from the keychain and connect the accounts again.",
        ),
    )
}
