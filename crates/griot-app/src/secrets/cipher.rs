//! Encrypting and decrypting the secrets file with `age`.

use std::io::{self, Read, Write};
use std::iter;

use age::secrecy::SecretString;
use zeroize::Zeroizing;

use crate::Code;
use crate::failure::Failure;

/// scrypt's work factor, as a power of two: 2^17 takes about a third of a second and 128 MiB, which OWASP's
/// password storage cheat sheet names as the least for interactive use.
const WORK_FACTOR: u8 = 17;

/// How the file is opened.
pub(super) enum Cipher {
    /// By a person's passphrase.
    Passphrase(Zeroizing<String>),
    /// By a key of the keychain.
    Key(Box<age::x25519::Identity>),
}

impl Cipher {
    pub(super) fn passphrase(passphrase: Zeroizing<String>) -> Self {
        Self::Passphrase(passphrase)
    }

    pub(super) fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut sealed = Vec::with_capacity(plain.len() + 512);
        let written = match self {
            Self::Passphrase(passphrase) => {
                let mut recipient = age::scrypt::Recipient::new(secret(passphrase));
                recipient.set_work_factor(WORK_FACTOR);
                seal(&recipient, plain, &mut sealed)
            }
            Self::Key(identity) => seal(&identity.to_public(), plain, &mut sealed),
        };
        written.map(|()| sealed).map_err(|error| {
            tracing::error!(%error, "the secrets file cannot be sealed");
            locked()
        })
    }

    pub(super) fn decrypt(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let decryptor = age::Decryptor::new(sealed).map_err(|_| locked())?;
        let mut reader = match self {
            Self::Passphrase(passphrase) => {
                let mut identity = age::scrypt::Identity::new(secret(passphrase));
                // Left alone it measures how fast the machine is just now, and a busy or an old one refuses the file.
                identity.set_max_work_factor(WORK_FACTOR);
                decryptor.decrypt(iter::once(&identity as &dyn age::Identity))
            }
            Self::Key(identity) => decryptor.decrypt(iter::once(identity.as_ref() as &dyn age::Identity)),
        }
        .map_err(|_| locked())?;
        let mut plain = Zeroizing::new(Vec::new());
        reader.read_to_end(&mut plain).map_err(|_| locked())?;
        Ok(plain)
    }
}

/// Whether a passphrase opens `sealed`; a key does otherwise.
pub(super) fn by_passphrase(sealed: &[u8]) -> bool {
    age::Decryptor::new(sealed).is_ok_and(|decryptor| decryptor.is_scrypt())
}

fn secret(passphrase: &str) -> SecretString {
    SecretString::from(passphrase.to_owned())
}

fn seal(recipient: &dyn age::Recipient, plain: &[u8], sealed: &mut Vec<u8>) -> io::Result<()> {
    let encryptor = age::Encryptor::with_recipients(iter::once(recipient)).map_err(io::Error::other)?;
    let mut writer = encryptor.wrap_output(sealed)?;
    writer.write_all(plain)?;
    writer.finish().map(|_| ())
}

fn locked() -> Failure {
    Failure::say(
        Code::Secrets,
        "Le fichier des secrets ne s\u{2019}ouvre pas\u{a0}: la phrase de passe n\u{2019}est pas la bonne, ou le fichier est abîmé.",
        "The secrets file does not open: the passphrase is wrong, or the file is damaged.",
        (
            "Vérifiez la phrase de passe. Les publications sont intactes.",
            "Check the passphrase. The posts are intact.",
        ),
    )
}
