//! Which key `user.signingkey` means, by the rules that gpg reads a `--local-user` with. Pure:
//! it looks through a listing that was made before, so no key is asked for twice.

use crate::pgp::Key;
use crate::pgp::key::{Part, Secret};

/// What a text names keys by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The fingerprint of a key or of one of its parts.
    Fingerprint(String),
    /// The last sixteen digits of one.
    KeyId(String),
    /// The last eight digits of one, which anybody can give a key of their own.
    ShortId(String),
    /// GnuPG's own name for a secret half.
    Keygrip(String),
    /// Exactly this address.
    Email(String),
    /// Exactly this name.
    Name(String),
    /// A part of a name, in any case.
    Words(String),
    /// Something that names no key.
    Nothing,
}

/// A text read as gpg reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// What it names keys by.
    pub by: By,
    /// It ends in `!`: that very part, not the one that gpg would choose.
    pub exactly: bool,
}

/// Reads a text.
#[must_use]
pub fn meant(text: &str) -> Meant {
    let text = text.trim();
    let by = match text.chars().next() {
        None | Some('.' | '/' | '#' | ':' | '+') => By::Nothing,
        Some('<') => By::Email(text.trim_matches(['<', '>']).to_owned()),
        Some('=') => By::Name(text[1..].to_owned()),
        Some('*') => By::Words(text[1..].to_owned()),
        Some('@') => By::Words(text.to_owned()),
        Some('&') => By::Keygrip(text[1..].to_ascii_uppercase()),
        Some(_) => return of_digits(text),
    };
    Meant { by, exactly: false }
}

/// A fingerprint or a key id, where it has the length of one; part of a name otherwise.
fn of_digits(text: &str) -> Meant {
    let marked = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (digits, exactly) = match marked.unwrap_or(text).strip_suffix('!') {
        Some(digits) => (digits, true),
        None => (marked.unwrap_or(text), false),
    };
    // Fingerprints are shown in groups, and copied with the blanks.
    let joined: String = digits.split(' ').collect();
    let digits = if joined.len() == 40 { joined } else { digits.to_owned() };
    let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let upper = digits.to_ascii_uppercase();
    let by = match (hexadecimal, digits.len()) {
        (true, 40 | 64) => By::Fingerprint(upper),
        (true, 16) => By::KeyId(upper),
        (true, 8) => By::ShortId(upper),
        // One zero in front is left from older habits.
        (true, 9 | 17 | 41) if digits.starts_with('0') => {
            return of_digits(&text.replacen('0', "", 1));
        }
        _ if marked.is_some() => By::Nothing,
        _ => return Meant { by: By::Words(text.to_owned()), exactly: false },
    };
    Meant { by, exactly }
}

impl Meant {
    /// Whether it names a key.
    #[must_use]
    pub fn names(&self, key: &Key) -> bool {
        let part = |fits: &dyn Fn(&Part) -> bool| key.parts.iter().any(fits);
        match &self.by {
            By::Fingerprint(text) => part(&|part| part.fingerprint == *text),
            By::KeyId(text) => part(&|part| part.key_id == *text),
            By::ShortId(text) => part(&|part| part.key_id.ends_with(text.as_str())),
            By::Keygrip(text) => part(&|part| part.keygrip.as_ref() == Some(text)),
            By::Email(email) => key.carries(email),
            By::Name(name) => key.user_ids.iter().any(|id| id.text == *name),
            By::Words(words) => {
                let words = words.to_ascii_lowercase();
                !words.is_empty()
                    && key.user_ids.iter().any(|id| id.text.to_ascii_lowercase().contains(&words))
            }
            By::Nothing => false,
        }
    }

    /// The part of a key that it would make sign: the one it names where it says exactly, else the
    /// one that gpg chooses.
    #[must_use]
    pub fn signer<'a>(&self, key: &'a Key) -> Option<&'a Part> {
        if !self.exactly {
            return key.signer();
        }
        let alive = !key.revoked && !key.disabled && key.primary().is_some_and(|p| !p.expired);
        self.part(key).filter(|part| {
            alive && part.signs && !part.expired && !part.unusable && part.secret != Secret::Absent
        })
    }

    /// The very part that it names, where it names one.
    #[must_use]
    pub fn part<'a>(&self, key: &'a Key) -> Option<&'a Part> {
        key.parts.iter().filter(|_| self.exactly).find(|part| match &self.by {
            By::Fingerprint(text) => part.fingerprint == *text,
            By::KeyId(text) => part.key_id == *text,
            By::ShortId(text) => part.key_id.ends_with(text.as_str()),
            _ => false,
        })
    }
}
