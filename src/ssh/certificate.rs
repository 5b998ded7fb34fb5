//! Certificates of SSH: what a certifying key says of another key. Its signature is checked as it
//! is read; whether anybody believes the certifying key is another question.

use super::arithmetic;
use super::key::{self, PublicKey};
use super::wire::Reader;

/// Most names that OpenSSH reads from one certificate.
const MOST_PRINCIPALS: usize = 256;

/// What is certified about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Every byte of it: two certificates are one only where these agree.
    pub(super) whole: Vec<u8>,
    /// Its number, zero where the certifier gave none.
    pub serial: u64,
    /// Whether it speaks for a person, not a host.
    pub user: bool,
    /// The name the certifier keeps it under.
    pub key_id: Vec<u8>,
    /// The names it was given out for.
    pub principals: Vec<Vec<u8>>,
    /// First second it counts, since the epoch.
    pub valid_after: u64,
    /// First second it no longer counts.
    pub valid_before: u64,
    /// Names of the conditions that whoever checks it has to know.
    pub conditions: Vec<Vec<u8>>,
    /// The certifying key.
    pub authority: PublicKey,
    /// The certifying signature rests on SHA-1.
    pub weak: bool,
}

/// Reads what follows the key in a certificate, and checks it.
pub(super) fn read(reader: &mut Reader<'_>, whole: &[u8]) -> Option<Certificate> {
    let serial = reader.u64()?;
    let kind = reader.u32()?;
    let key_id = reader.text()?.to_vec();
    let mut names = Reader(reader.string()?);
    let (valid_after, valid_before) = (reader.u64()?, reader.u64()?);
    let (critical, extensions) = (reader.string()?, reader.string()?);
    reader.string()?;
    let authority = key::read(reader.string()?, false)?;
    let signed = &whole[..whole.len() - reader.0.len()];
    let signature = reader.string()?;
    let mut principals = Vec::new();
    while !names.is_empty() {
        if principals.len() >= MOST_PRINCIPALS {
            return None;
        }
        principals.push(names.text()?.to_vec());
    }
    let conditions = pairs(critical)?;
    pairs(extensions)?;
    let algorithm = arithmetic::check(&authority, signature, signed).ok()?;
    Some(Certificate {
        whole: whole.to_vec(),
        serial,
        user: match kind {
            1 => true,
            2 => false,
            _ => return None,
        },
        key_id,
        principals,
        valid_after,
        valid_before,
        conditions,
        authority,
        weak: algorithm.weak,
    })
}

/// The names in a list of names and values.
fn pairs(list: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (mut reader, mut names) = (Reader(list), Vec::new());
    while !reader.is_empty() {
        names.push(reader.string()?.to_vec());
        reader.string()?;
    }
    Some(names)
}
