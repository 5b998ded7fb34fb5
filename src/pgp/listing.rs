//! Reads `gpg --with-colons`, gpg's listing for programs. Pure; marks no secret parts.

use crate::text::clean_line;

use super::key::{Key, Part, Secret, UserId};
use super::material::unhex;

/// What a listing says: the keys, and whether gpg's trust database is out of date.
pub(super) fn read(text: &str) -> (Vec<Key>, bool) {
    let mut keys: Vec<Key> = Vec::new();
    let mut stale = false;
    for line in text.lines() {
        let fields = Fields(line.split(':').collect());
        match (fields.at(0), keys.last_mut()) {
            ("tru", _) => stale |= fields.at(1).contains(['o', 't']),
            ("pub", _) => keys.push(key(&fields)),
            ("sub", Some(key)) => key.parts.push(part(&fields)),
            ("fpr", Some(key)) => name_part(key, fields.at(9)),
            ("grp", Some(key)) => {
                if let Some(part) = key.parts.last_mut() {
                    part.keygrip = fields.text(9);
                }
            }
            ("pkd", Some(key)) => {
                if let (Some(part), Some(number)) = (key.parts.last_mut(), unhex(fields.at(3))) {
                    part.numbers.push(number);
                }
            }
            ("uid", Some(key)) => key.user_ids.extend(user_id(&fields, key.revoked)),
            _ => {}
        }
    }
    for key in &mut keys {
        // A key whose every name was taken back belongs to nobody, whatever gpg makes of it.
        key.trusted &= !key.user_ids.is_empty();
    }
    (keys, stale)
}

/// A fingerprint follows the key or subkey it belongs to.
fn name_part(key: &mut Key, fingerprint: &str) {
    if key.fingerprint.is_empty() {
        fingerprint.clone_into(&mut key.fingerprint);
    }
    if let Some(part) = key.parts.last_mut() {
        fingerprint.clone_into(&mut part.fingerprint);
    }
}

pub(super) struct Fields<'a>(pub(super) Vec<&'a str>);

impl<'a> Fields<'a> {
    pub(super) fn at(&self, index: usize) -> &'a str {
        self.0.get(index).copied().unwrap_or("")
    }

    pub(super) fn text(&self, index: usize) -> Option<String> {
        Some(self.at(index).to_owned()).filter(|text| !text.is_empty())
    }
}

fn key(fields: &Fields<'_>) -> Key {
    let own_trust = fields.at(8) == "u";
    Key {
        fingerprint: String::new(),
        revoked: fields.at(1).contains('r'),
        disabled: fields.at(11).contains('D') || fields.at(1).contains('d'),
        // The user's own mark counts even before gpg has worked out what follows from it.
        trusted: fields.at(1).contains(['f', 'u']) || own_trust,
        accepted: fields.at(1).contains(['f', 'u', 'm']) || own_trust,
        user_ids: Vec::new(),
        parts: vec![part(fields)],
    }
}

/// The primary key or a subkey, as far as its own line says.
pub(super) fn part(fields: &Fields<'_>) -> Part {
    Part {
        fingerprint: String::new(),
        key_id: fields.at(4).to_owned(),
        keygrip: None,
        algorithm: algorithm(fields.at(3)),
        bits: fields.at(2).parse().ok(),
        curve: fields.text(16),
        created: fields.at(5).parse().ok(),
        expires: fields.at(6).parse().ok(),
        expired: fields.at(1).contains('e'),
        unusable: fields.at(1).contains(['r', 'i']),
        revoked: fields.at(1).contains('r'),
        invalid: fields.at(1).contains('i'),
        // Capital letters sum up the whole key; small ones speak of this part.
        signs: fields.at(11).contains('s'),
        abilities: fields.at(11).chars().filter(char::is_ascii_lowercase).collect(),
        secret: Secret::Absent,
        code: fields.at(3).parse().unwrap_or(0),
        numbers: Vec::new(),
        bound: None,
        revocation: None,
    }
}

/// By the numbers of RFC 9580, section 9.1.
fn algorithm(number: &str) -> String {
    match number {
        "1" | "2" | "3" => "RSA",
        "16" | "20" => "ElGamal",
        "17" => "DSA",
        "18" => "ECDH",
        "19" => "ECDSA",
        "22" => "EdDSA",
        "27" => "Ed25519",
        "28" => "Ed448",
        other => return format!("algorithm {other}"),
    }
    .to_owned()
}

/// Every name of a revoked key is marked as revoked; which of them were is then not told.
fn user_id(fields: &Fields<'_>, revoked: bool) -> Option<UserId> {
    if fields.at(1).contains('r') && !revoked {
        return None;
    }
    let text = unescape(fields.at(9));
    let email = email(&text).map(clean_line);
    Some(UserId { text: clean_line(&text), email })
}

/// The address in angle brackets, or the whole where it is nothing but an address.
pub(super) fn email(text: &str) -> Option<&str> {
    let bracketed = text.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    let email = bracketed.unwrap_or(text).trim();
    (email.contains('@') && !email.contains(char::is_whitespace)).then_some(email)
}

/// gpg writes colons, backslashes and some control characters as `\x3a`, others as `\n`.
pub(super) fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let (byte, length) = escaped(after).unwrap_or((b'\\', 0));
        bytes.push(byte);
        rest = &after[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The byte that stands behind a backslash, and how long its writing is.
fn escaped(after: &str) -> Option<(u8, usize)> {
    let byte = match after.bytes().next()? {
        b'x' => return Some((u8::from_str_radix(after.get(1..3)?, 16).ok()?, 3)),
        b'n' => b'\n',
        b'r' => b'\r',
        b'f' => 0x0c,
        b'v' => 0x0b,
        b'b' => 0x08,
        b'0' => 0,
        _ => return None,
    };
    Some((byte, 1))
}
