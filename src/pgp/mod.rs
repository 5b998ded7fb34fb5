//! OpenPGP: the user's keyring and signatures.

/// Answers for the user's keys: the live one asks gpgme, a recorded machine has none.
pub trait Keyring: Send + Sync {}
