//! The proof that whoever brings the code back is the one who sent the person to the page (OAuth 2.0 with PKCE,
//! RFC 7636). Deliberately absent: the plain method, which proves nothing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::Client;

/// What one sign-in needs that nobody can guess.
pub(crate) struct Pkce {
    /// Comes back with the code; anything else is somebody else's answer.
    pub(crate) state: String,
    /// Stays here until the code is exchanged.
    pub(crate) verifier: String,
}

impl Pkce {
    /// For a sign-in that begins now.
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            state: state(client),
            // 43 letters, the fewest that RFC 7636 allows, of 256 bits.
            verifier: URL_SAFE_NO_PAD.encode(client.random::<32>()),
        }
    }

    /// What the page is told of the verifier (S256).
    pub(crate) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

/// What comes back with the code and nobody can guess: 128 bits.
pub(crate) fn state(client: &Client) -> String {
    URL_SAFE_NO_PAD.encode(client.random::<16>())
}
