//! OpenPGP: the user's keys, and whether signatures hold. Never signs, never touches the network,
//! never changes a keyring, and never takes a word of a work tree's configuration.
//!
//! [`Keyring`] is the way to GnuPG, which knows which keys are valid and trusted. A signature goes
//! `armor` → [`packet`] → [`check`] → `arithmetic`, all of it pure and in this process. Armour and
//! packets are read by code of our own, because verdicts have to agree with git's, which are gpg's:
//! libraries read otherwise, and accept some forms that gpg refuses. [`mod@export`] takes a public
//! key out as others may have it, [`transfer`] compares copies of one.

mod arithmetic;
mod armor;
mod certificate;
pub mod check;
mod digest;
pub mod export;
pub mod import;
pub mod key;
mod keyring;
mod listing;
pub mod making;
mod material;
pub mod packet;
mod subpackets;
pub mod sums;
pub mod transfer;

use std::path::PathBuf;

use crate::observation::Unknown;
use crate::sys::System;

pub use key::{Key, Listing};
pub use keyring::GnuPg;
pub use material::hex;

/// The gpg program on PATH, by either of its names.
pub fn program(system: &dyn System) -> Option<PathBuf> {
    ["gpg", "gpg2"].iter().find_map(|name| system.find_program(name))
}

/// Answers for the user's keys. No method starts an agent or makes a file.
pub trait Keyring: Send + Sync {
    /// The user's own keys: those whose secret part lies here or on a card. With a hint (a key id,
    /// a fingerprint or an e-mail address) only the keys it names, because listing costs about a
    /// millisecond per key.
    ///
    /// # Errors
    /// Why the keyring could not be read; that there is none is no error.
    fn secret_keys(&self, hint: Option<&str>) -> Result<Listing, Unknown>;

    /// The keys, own or not, that these ids or fingerprints name, with all it takes to check their
    /// signatures.
    ///
    /// # Errors
    /// Why the keyring could not be read; that there is none is no error.
    fn public_keys(&self, ids: &[String]) -> Result<Listing, Unknown>;
}
