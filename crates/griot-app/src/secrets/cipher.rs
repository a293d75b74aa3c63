//! Encrypting and decrypting the secrets file with `age`.

use std::io::{self, Read, Write};
use std::iter;
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use age::secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::Code;
use crate::failure::Failure;
use crate::studio::lock;

/// scrypt's work factor, as a power of two: 2^17 takes about a third of a second and 128 MiB, which OWASP's
/// password storage cheat sheet names as the least for interactive use.
pub const WORK_FACTOR: u8 = 17;

/// What a file begins with whose key is sealed by a passphrase: this, the length of the sealed key (four bytes, the
/// lowest first), the sealed key, and then the secrets, encrypted to that key.
const MARK: &[u8] = b"griot secrets 1\n";

/// Deriving takes 128 MiB: whoever asks for twenty at once waits for one after the other.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// How the file is opened.
pub(super) enum Cipher {
    /// By a person's passphrase.
    Passphrase(Passphrase),
    /// By a key of the keychain.
    Key(Box<age::x25519::Identity>),
}

/// A passphrase, and the key that it opened last. The passphrase seals a key and the key seals the secrets: deriving is
/// slow on purpose, and two hundred accounts that renew their sessions must not wait for it two hundred times.
pub(super) struct Passphrase {
    words: Zeroizing<String>,
    work_factor: u8,
    opened: Mutex<Option<Opened>>,
    derived: AtomicUsize,
}

/// A key and how it is kept.
struct Opened {
    sealed: Vec<u8>,
    key: age::x25519::Identity,
}

impl Cipher {
    /// `work_factor` is what sealing costs, at most [`WORK_FACTOR`].
    pub(super) fn passphrase(words: Zeroizing<String>, work_factor: u8) -> Self {
        Self::Passphrase(Passphrase {
            words,
            work_factor: work_factor.min(WORK_FACTOR),
            opened: Mutex::new(None),
            derived: AtomicUsize::new(0),
        })
    }

    pub(super) fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Passphrase(passphrase) => passphrase.encrypt(plain),
            Self::Key(key) => seal(&key.to_public(), plain),
        }
    }

    pub(super) fn decrypt(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        match self {
            Self::Passphrase(passphrase) => passphrase.decrypt(sealed),
            Self::Key(key) => unseal(key.as_ref(), sealed),
        }
    }

    /// How often a key was derived from the passphrase.
    #[cfg(test)]
    pub(super) fn derived(&self) -> usize {
        match self {
            Self::Passphrase(passphrase) => passphrase.derived.load(Ordering::Relaxed),
            Self::Key(_) => 0,
        }
    }
}

impl Passphrase {
    fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut opened = lock(&self.opened);
        let known = match opened.take() {
            Some(known) => known,
            None => self.new_key()?,
        };
        let length = u32::try_from(known.sealed.len()).map_err(|_| locked())?;
        let whole =
            [MARK, &length.to_le_bytes(), &known.sealed, &seal(&known.key.to_public(), plain)?].concat();
        *opened = Some(known);
        Ok(whole)
    }

    fn decrypt(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let Some((sealed_key, secrets)) = parts(sealed) else {
            // As earlier versions wrote it: the passphrase seals the secrets themselves. The next write gives it a key.
            return self.derive(sealed);
        };
        let mut opened = lock(&self.opened);
        let known = match opened.take() {
            Some(known) if known.sealed == sealed_key => known,
            _ => {
                let text = self.derive(sealed_key)?;
                let text = std::str::from_utf8(&text).map_err(|_| locked())?;
                let key = age::x25519::Identity::from_str(text).map_err(|_| locked())?;
                Opened { sealed: sealed_key.to_vec(), key }
            }
        };
        let plain = unseal(&known.key, secrets);
        *opened = Some(known);
        plain
    }

    fn new_key(&self) -> Result<Opened, Failure> {
        let key = age::x25519::Identity::generate();
        let mut recipient = age::scrypt::Recipient::new(secret(&self.words));
        recipient.set_work_factor(self.work_factor);
        self.derived.fetch_add(1, Ordering::Relaxed);
        let _alone = lock(&ONE_AT_A_TIME);
        let sealed = seal(&recipient, key.to_string().expose_secret().as_bytes())?;
        Ok(Opened { sealed, key })
    }

    fn derive(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let mut identity = age::scrypt::Identity::new(secret(&self.words));
        // Left alone it measures how fast the machine is just now, and a busy or an old one refuses the file.
        identity.set_max_work_factor(WORK_FACTOR);
        self.derived.fetch_add(1, Ordering::Relaxed);
        let _alone = lock(&ONE_AT_A_TIME);
        unseal(&identity, sealed)
    }
}

/// The sealed key and the secrets of a file that has both.
fn parts(sealed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = sealed.strip_prefix(MARK)?.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

/// Whether a passphrase opens `sealed`; a key does otherwise.
pub(super) fn by_passphrase(sealed: &[u8]) -> bool {
    sealed.starts_with(MARK) || age::Decryptor::new(sealed).is_ok_and(|decryptor| decryptor.is_scrypt())
}

fn secret(passphrase: &str) -> SecretString {
    SecretString::from(passphrase.to_owned())
}

fn seal(recipient: &dyn age::Recipient, plain: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut sealed = Vec::with_capacity(plain.len() + 512);
    let written = (|| {
        let encryptor = age::Encryptor::with_recipients(iter::once(recipient)).map_err(io::Error::other)?;
        let mut writer = encryptor.wrap_output(&mut sealed)?;
        writer.write_all(plain)?;
        writer.finish().map(|_| ())
    })();
    written.map(|()| sealed).map_err(|error: io::Error| {
        tracing::error!(%error, "the secrets file cannot be sealed");
        locked()
    })
}

fn unseal(identity: &dyn age::Identity, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let decryptor = age::Decryptor::new(sealed).map_err(|_| locked())?;
    let mut reader = decryptor.decrypt(iter::once(identity)).map_err(|_| locked())?;
    let mut plain = Zeroizing::new(Vec::new());
    reader.read_to_end(&mut plain).map_err(|_| locked())?;
    Ok(plain)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cipher(words: &str) -> Cipher {
        Cipher::passphrase(Zeroizing::new(words.to_owned()), WORK_FACTOR)
    }

    #[test]
    fn two_hundred_accounts_that_renew_their_sessions_take_one_derivation_and_opening_one() {
        let here = cipher("correct horse");
        let mut sealed = here.encrypt(b"nothing yet").unwrap();
        for account in 0..200 {
            assert!(here.decrypt(&sealed).is_ok());
            sealed = here.encrypt(format!("{account} accounts").as_bytes()).unwrap();
        }
        assert_eq!(here.derived(), 1);
        // Another program opens it, and follows what the first one writes.
        let there = cipher("correct horse");
        assert_eq!(there.decrypt(&sealed).unwrap().as_slice(), b"199 accounts");
        sealed = here.encrypt(b"one more").unwrap();
        assert_eq!(there.decrypt(&sealed).unwrap().as_slice(), b"one more");
        assert_eq!(there.derived(), 1);
    }

    #[test]
    fn a_file_of_an_earlier_version_opens_and_only_the_right_passphrase_opens_either() {
        let mut recipient = age::scrypt::Recipient::new(secret("correct horse"));
        recipient.set_work_factor(WORK_FACTOR);
        let earlier = seal(&recipient, b"as before").unwrap();
        let right = cipher("correct horse");
        assert_eq!(right.decrypt(&earlier).unwrap().as_slice(), b"as before");
        let now = right.encrypt(b"as now").unwrap();
        assert!(by_passphrase(&earlier) && by_passphrase(&now));
        for sealed in [&earlier, &now] {
            assert!(cipher("battery staple").decrypt(sealed).is_err());
        }
        assert_eq!(right.decrypt(&now).unwrap().as_slice(), b"as now");
        for cut in [0, 5, MARK.len(), MARK.len() + 2, MARK.len() + 4, now.len() / 2, now.len() - 1] {
            assert!(cipher("correct horse").decrypt(&now[..cut]).is_err(), "cut at {cut}");
        }
    }
}
