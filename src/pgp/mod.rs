//! OpenPGP: the user's keys, and what a signature is worth. Never signs, never touches the
//! network, never changes a keyring, and never takes a word of a work tree's configuration.
//!
//! [`Keyring`] is the way to GnuPG; [`packet`] reads who claims to have signed without any key at
//! hand.

mod armor;
pub mod key;
mod keyring;
mod listing;
pub mod packet;

use crate::observation::Unknown;

pub use key::{Key, Listing};
pub use keyring::GnuPg;

/// Answers for the user's keys. No method starts an agent or makes a file.
pub trait Keyring: Send + Sync {
    /// The user's own keys: those whose secret part lies here or on a card. With a hint (a key id,
    /// a fingerprint or an e-mail address) only the keys it names, because listing costs about a
    /// millisecond per key.
    ///
    /// # Errors
    /// Why the keyring could not be read; that there is none is no error.
    fn secret_keys(&self, hint: Option<&str>) -> Result<Listing, Unknown>;

    /// The keys, own or not, that these ids or fingerprints name.
    ///
    /// # Errors
    /// Why the keyring could not be read; that there is none is no error.
    fn public_keys(&self, ids: &[String]) -> Result<Listing, Unknown>;

    /// Checks a detached signature, in ASCII armour, over a payload. One answer per signature in
    /// it, at least one.
    ///
    /// # Errors
    /// Why it could not be checked.
    fn check(&self, payload: &[u8], signature: &[u8]) -> Result<Vec<Checked>, Unknown>;
}

/// What the arithmetic says of one signature. Whether its key is trusted is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How it came out.
    pub status: Status,
    /// Fingerprint or, where the signature does not hold, key id; of a subkey perhaps.
    pub key: Option<String>,
}

/// How a signature came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It holds, and the key may sign.
    Good,
    /// It holds; the key has expired.
    ExpiredKey,
    /// It holds; the key was revoked.
    RevokedKey,
    /// It held until the date its maker set.
    ExpiredSignature,
    /// It does not belong to this payload.
    Bad,
    /// The key is not in the keyring.
    MissingKey,
    /// Anything else, in gpg's words.
    Other(String),
}
