//! Keys as data: what a keyring says of one, less everything secret. Judges nothing but whether a
//! key could sign at all.

use schemars::JsonSchema;
use serde::Serialize;

/// What a keyring answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Whether gpg is installed.
    pub gpg: bool,
    /// The GnuPG home, whether or not it exists.
    pub home: String,
    /// Why there are no keys at all, a fragment fit to stand alone.
    pub nothing: Option<String>,
    /// gpg's trust database waits for `gpg --check-trustdb`.
    pub stale_trust: bool,
    /// When it answered, in seconds since the epoch.
    pub now: i64,
    /// The keys.
    pub keys: Vec<Key>,
    /// Ids that were asked for and could not be listed, for instance because somebody blew the key
    /// up to a size that nobody can read.
    pub unreadable: Vec<String>,
}

/// One key with its subkeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The primary key's fingerprint, upper-case hexadecimal.
    pub fingerprint: String,
    /// Whether it is revoked.
    pub revoked: bool,
    /// Whether its owner switched it off.
    pub disabled: bool,
    /// Whether it is known to belong to whom it names: full or ultimate validity or ownership.
    pub trusted: bool,
    /// Whether git calls a signature by it good: gpg says so for marginal validity as well.
    pub accepted: bool,
    /// Names, those revoked left out; of a key that is revoked itself all.
    pub user_ids: Vec<UserId>,
    /// The primary key first.
    pub parts: Vec<Part>,
}

/// A name on a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UserId {
    /// The whole of it, control characters made visible.
    pub text: String,
    /// The e-mail address in it.
    pub email: Option<String>,
}

/// The primary key or a subkey.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Fingerprint, upper-case hexadecimal.
    pub fingerprint: String,
    /// Long key id.
    pub key_id: String,
    /// GnuPG's name for its private half.
    pub keygrip: Option<String>,
    /// `RSA`, `DSA`, `EdDSA` and so on.
    pub algorithm: String,
    /// Its length, as gpg counts.
    pub bits: Option<u32>,
    /// `ed25519`, `nistp256` and so on.
    pub curve: Option<String>,
    /// Seconds since the epoch.
    pub created: Option<i64>,
    /// Seconds since the epoch; absent for a key that does not expire.
    pub expires: Option<i64>,
    /// Whether that day has come, by gpg's clock.
    pub expired: bool,
    /// Revoked or malformed.
    pub unusable: bool,
    /// Revoked, by itself or with the whole key.
    pub revoked: bool,
    /// Nothing valid binds it: no name, or no primary key.
    pub invalid: bool,
    /// Whether it may sign data.
    pub signs: bool,
    /// What it may be used for, a letter each: `c`ertify, `s`ign, `e`ncrypt, `a`uthenticate.
    pub abilities: String,
    /// Where its private half is.
    pub secret: Secret,
    /// Its algorithm's number.
    pub code: u8,
    /// The numbers it consists of, where they were asked for.
    pub numbers: Vec<Vec<u8>>,
    /// Whether a subkey acknowledges its primary key; none where that was not looked at. Without,
    /// anybody could pass it off as theirs.
    pub bound: Option<bool>,
    /// When and why it was revoked, where that was looked at and can be told.
    pub revocation: Option<Revocation>,
}

impl Part {
    /// What it is in a word or two: its curve, else its algorithm and length.
    #[must_use]
    pub fn kind(&self) -> String {
        match (&self.curve, self.bits) {
            (Some(curve), _) => curve.clone(),
            (None, Some(bits)) => format!("{} {bits}", self.algorithm),
            (None, None) => self.algorithm.clone(),
        }
    }
}

/// A revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Seconds since the epoch.
    pub date: i64,
    /// Its reason's number in RFC 9580, section 5.2.3.31.
    pub code: u8,
    /// What its maker wrote, control characters made visible.
    pub comment: String,
}

impl Revocation {
    /// Whether it counts from its date on only. Whoever says nothing, or that the key is in other
    /// hands, leaves no signature that could be believed, for its date may be made up.
    #[must_use]
    pub fn from_then_on(&self) -> bool {
        matches!(self.code, 1 | 3)
    }

    /// The reason, a fragment such as `because it is no longer used`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self.code {
            1 => "because it was replaced by another",
            2 => "because it fell into other hands",
            3 => "because it is no longer used",
            _ => "without a reason",
        }
    }
}

/// Where the private half of a key is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Secret {
    /// Not here.
    #[default]
    Absent,
    /// In the GnuPG home.
    Here,
    /// On a card that the GnuPG home knows.
    Card,
}

impl Key {
    /// Whether its owner is this user.
    #[must_use]
    pub fn own(&self) -> bool {
        self.parts.iter().any(|part| part.secret != Secret::Absent)
    }

    /// The part that would sign: as gpg does, the newest that may and can.
    #[must_use]
    pub fn signer(&self) -> Option<&Part> {
        if self.revoked || self.disabled || self.primary().is_some_and(|part| part.expired) {
            return None;
        }
        let able = self.parts.iter().filter(|part| {
            part.signs && !part.expired && !part.unusable && part.secret != Secret::Absent
        });
        // The primary key signs only where no subkey does.
        able.rev().max_by_key(|part| {
            (part.fingerprint != self.fingerprint, part.created.unwrap_or_default())
        })
    }

    /// The primary key.
    #[must_use]
    pub fn primary(&self) -> Option<&Part> {
        self.parts.first()
    }

    /// Whether a fingerprint or long key id names this key or one of its subkeys.
    #[must_use]
    pub fn answers_to(&self, id: &str) -> bool {
        let id = id.to_ascii_uppercase();
        id.len() >= 16 && self.parts.iter().any(|part| part.fingerprint == id || part.key_id == id)
    }

    /// Whether one of its names carries an e-mail address; case makes no difference.
    #[must_use]
    pub fn carries(&self, email: &str) -> bool {
        let mut emails = self.user_ids.iter().filter_map(|id| id.email.as_deref());
        emails.any(|own| own.eq_ignore_ascii_case(email.trim()))
    }
}

/// The day of a moment, as `2028-11-21`; `None` for a moment no calendar knows.
#[must_use]
pub fn day(seconds: i64) -> Option<String> {
    let moment = jiff::Timestamp::from_second(seconds).ok()?;
    Some(moment.strftime("%Y-%m-%d").to_string())
}
