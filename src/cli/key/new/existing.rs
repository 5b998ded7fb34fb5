//! A key that is there already and could be used. Looks only.

use crate::cli::Session;
use crate::pgp::Key;
use crate::pgp::key::{Part, day};
use crate::text::clean_line;

/// What the keyring has for an address.
pub(super) struct Existing {
    /// Keys of one's own that carry it and can sign now.
    pub(super) usable: Vec<Key>,
    /// Whether any key carries it, so that gpg has to be told to make one more.
    pub(super) any: bool,
}

/// Looks for keys that carry an address.
pub(super) fn existing(session: &Session<'_>, email: &str) -> Existing {
    let listing = session.machine.world().keyring.secret_keys(Some(email));
    let mut keys = listing.map(|listing| listing.keys).unwrap_or_default();
    keys.retain(|key| key.carries(email));
    let any = !keys.is_empty();
    keys.retain(|key| key.signer().is_some());
    Existing { usable: keys, any }
}

/// One line about a key.
pub(in crate::cli::key) fn described(key: &Key) -> String {
    let part = key.signer().or_else(|| key.primary());
    let kind = part.map(Part::kind);
    let end = part.and_then(|part| part.expires).or(key.primary().and_then(|part| part.expires));
    let end = match end.and_then(day) {
        Some(day) => format!("ends {day}"),
        None => "never ends".to_owned(),
    };
    let kind = kind.unwrap_or_default();
    let name = key.user_ids.first().map(|id| clean_line(&id.text)).unwrap_or_default();
    format!("{}  {kind}, {end}, {name}", key.fingerprint)
}
