//! Reads from an exported key what no listing of gpg tells: whether a subkey acknowledges its
//! primary key, and when and why a key was revoked. Only what the key itself signed counts, and
//! every signature is checked; what others certified is passed over unread. Pure.

use crate::text::clean_line;

use super::arithmetic::{self, Sum};
use super::digest;
use super::key::{Key, Part, Revocation};
use super::material::{Material, fingerprint, framed};
use super::packet::{self, ATTRIBUTE, PUBLIC_KEY, SIGNATURE, SUBKEY, Signature, USER_ID, packets};

/// Signatures checked per key at most; more are nobody's doing but a flooder's.
const TRIES: usize = 256;

const BINDING: u8 = 0x18;
const ACKNOWLEDGEMENT: u8 = 0x19;
const KEY_REVOCATION: u8 = 0x20;
const SUBKEY_REVOCATION: u8 = 0x28;

/// Adds to keys what their export says.
pub(super) fn read_into(keys: &mut [Key], export: &[u8]) {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut current: Option<&[u8]> = None;
    for (tag, body) in packets(export) {
        match tag {
            PUBLIC_KEY => {
                blocks.push(Block { primary: body, over: Vec::new() });
                current = Some(body);
            }
            SUBKEY => current = Some(body),
            SIGNATURE => {
                if let (Some(over), Some(block)) = (current, blocks.last_mut()) {
                    block.over.push((over, body));
                }
            }
            USER_ID | ATTRIBUTE => current = None,
            _ => {}
        }
    }
    for block in blocks {
        let name = fingerprint(block.primary);
        if let Some(key) = keys.iter_mut().find(|key| Some(&key.fingerprint) == name.as_ref()) {
            block.read_into(key);
        }
    }
}

/// A key with the signatures over itself and its subkeys.
struct Block<'a> {
    primary: &'a [u8],
    over: Vec<(&'a [u8], &'a [u8])>,
}

impl Block<'_> {
    fn read_into(&self, key: &mut Key) {
        let Some(primary) = key.primary().cloned() else { return };
        let mut tries = TRIES;
        for part in &mut key.parts {
            let name = part.fingerprint.clone();
            let over =
                self.over.iter().filter(|(body, _)| fingerprint(body).as_ref() == Some(&name));
            let signatures = over.filter_map(|(body, signature)| {
                // What others certified falls away before any of it is read.
                let class = *signature.get(1)?;
                let own = matches!(class, BINDING | KEY_REVOCATION | SUBKEY_REVOCATION);
                let signature = own.then(|| packet::signature(signature).ok()).flatten()?;
                Some((framed(self.primary)?, framed(body)?, signature))
            });
            part_from(part, &primary, signatures, &mut tries);
        }
    }
}

fn part_from<'a>(
    part: &mut Part,
    primary: &Part,
    signatures: impl Iterator<Item = (Vec<u8>, Vec<u8>, Signature<'a>)>,
    tries: &mut usize,
) {
    let is_primary = part.fingerprint == primary.fingerprint;
    let mut newest = None;
    for (key, body, signature) in signatures {
        let both = [&key[..], &body].concat();
        let mut holds = |by: &Part, over: &[u8], signature: &Signature<'_>| {
            *tries = tries.saturating_sub(1);
            *tries > 0 && made_by(by, over, signature)
        };
        match signature.class {
            KEY_REVOCATION if is_primary && holds(primary, &key, &signature) => {
                revoke(part, &signature);
            }
            SUBKEY_REVOCATION if !is_primary && holds(primary, &both, &signature) => {
                revoke(part, &signature);
            }
            BINDING
                if !is_primary
                    && newest <= Some(signature.created)
                    && holds(primary, &both, &signature) =>
            {
                newest = Some(signature.created);
                let inner = signature.embedded.and_then(|body| packet::signature(body).ok());
                part.bound = Some(inner.is_some_and(|inner| {
                    inner.class == ACKNOWLEDGEMENT && holds(part, &both, &inner)
                }));
            }
            _ => {}
        }
    }
    if *tries == 0 {
        part.bound = None;
    }
}

fn made_by(by: &Part, over: &[u8], signature: &Signature<'_>) -> bool {
    let bytes = digest::with_trailer(over, signature);
    let key = Material::of(by.code, &by.numbers);
    key.is_some_and(|key| arithmetic::check(&key, signature, &bytes) == Sum::Holds)
}

/// The earliest revocation counts, and one that leaves no signature to be believed before others.
fn revoke(part: &mut Part, signature: &Signature<'_>) {
    let (code, comment) = signature.reason.and_then(<[u8]>::split_first).unwrap_or((&0, &[]));
    let found = Revocation {
        date: i64::from(signature.created),
        code: *code,
        comment: clean_line(&String::from_utf8_lossy(comment)),
    };
    let weight = |revocation: &Revocation| (revocation.from_then_on(), revocation.date);
    if part.revocation.as_ref().is_none_or(|other| weight(&found) < weight(other)) {
        part.revocation = Some(found);
    }
}
