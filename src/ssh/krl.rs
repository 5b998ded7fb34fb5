//! The binary list of revoked keys (KRL), as `ssh-keygen -k` makes it: keys by themselves or by
//! their digests, certificates by number or name. Signed lists are not read.

use std::collections::HashSet;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};

use super::certificate::Certificate;
use super::key::{Identity, PublicKey};
use super::wire::Reader;

/// How it begins.
pub(super) const MAGIC: &[u8] = b"SSHKRL\n\0";

/// A list.
#[derive(Debug, Clone, Default)]
pub(super) struct Krl {
    keys: HashSet<Vec<u8>>,
    sha1: HashSet<Vec<u8>>,
    sha256: HashSet<Vec<u8>>,
    certificates: Vec<Certificates>,
}

/// Certificates of one authority.
#[derive(Debug, Clone)]
struct Certificates {
    /// Whose; none for anybody's.
    authority: Option<Identity>,
    numbers: Vec<Numbers>,
    names: HashSet<Vec<u8>>,
}

#[derive(Debug, Clone)]
enum Numbers {
    /// From here to there, both among them.
    Range(u64, u64),
    /// One bit a number, counted from here, the lowest bit last.
    Bits(u64, Vec<u8>),
}

impl Krl {
    /// Reads a whole list; `None` where anything in it is not understood.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes.strip_prefix(MAGIC)?);
        if reader.u32()? != 1 {
            return None;
        }
        // Its own number, its date and flags, something kept for later, and a comment.
        reader.take(24)?;
        reader.string()?;
        reader.text()?;
        let mut list = Self::default();
        while !reader.is_empty() {
            let (kind, section) = (reader.byte()?, reader.string()?);
            match kind {
                1 => list.certificates.push(certificates(Reader(section))?),
                2 => blobs(section, None, &mut list.keys)?,
                3 => blobs(section, Some(20), &mut list.sha1)?,
                5 => blobs(section, Some(32), &mut list.sha256)?,
                _ => return None,
            }
        }
        Some(list)
    }

    /// Whether it names a key, its certificate or the authority behind that.
    pub(super) fn holds(&self, key: &PublicKey) -> bool {
        if self.names(&key.identity) {
            return true;
        }
        let Some(certificate) = &key.certificate else { return false };
        self.names(&certificate.authority.identity)
            || self.certificates.iter().any(|some| some.holds(certificate))
    }

    fn names(&self, key: &Identity) -> bool {
        let Identity(blob) = key;
        self.keys.contains(blob)
            || self.sha256.contains(digest(&SHA256, blob).as_ref())
            || self.sha1.contains(digest(&SHA1_FOR_LEGACY_USE_ONLY, blob).as_ref())
    }
}

impl Certificates {
    fn holds(&self, certificate: &Certificate) -> bool {
        let concerns =
            self.authority.as_ref().is_none_or(|it| *it == certificate.authority.identity);
        let serial = certificate.serial;
        concerns
            && (self.names.contains(&certificate.key_id)
                // A certificate without a number has number zero.
                || serial != 0 && self.numbers.iter().any(|numbers| numbers.holds(serial)))
    }
}

impl Numbers {
    fn holds(&self, serial: u64) -> bool {
        match self {
            Self::Range(first, last) => (*first..=*last).contains(&serial),
            Self::Bits(first, bits) => {
                let place = serial.checked_sub(*first).and_then(|it| usize::try_from(it).ok());
                place.is_some_and(|place| {
                    let byte = bits.len().checked_sub(place / 8 + 1).and_then(|at| bits.get(at));
                    byte.is_some_and(|byte| byte >> (place % 8) & 1 == 1)
                })
            }
        }
    }
}

fn blobs(section: &[u8], length: Option<usize>, set: &mut HashSet<Vec<u8>>) -> Option<()> {
    let mut reader = Reader(section);
    while !reader.is_empty() {
        let blob = reader.string()?;
        if length.is_some_and(|length| length != blob.len()) {
            return None;
        }
        set.insert(blob.to_vec());
    }
    Some(())
}

fn certificates(mut reader: Reader<'_>) -> Option<Certificates> {
    let authority = match reader.string()? {
        b"" => None,
        blob => Some(PublicKey::read(blob)?.identity),
    };
    reader.string()?;
    let mut found = Certificates { authority, numbers: Vec::new(), names: HashSet::new() };
    while !reader.is_empty() {
        let (kind, mut part) = (reader.byte()?, Reader(reader.string()?));
        match kind {
            0x20 => {
                while !part.is_empty() {
                    found.numbers.push(range(part.u64()?, None)?);
                }
            }
            0x21 => found.numbers.push(range(part.u64()?, Some(part.u64()?))?),
            0x22 => found.numbers.push(bits(part.u64()?, part.number()?)?),
            0x23 => {
                while !part.is_empty() {
                    found.names.insert(part.text()?.to_vec());
                }
            }
            _ => return None,
        }
        if !part.is_empty() {
            return None;
        }
    }
    Some(found)
}

/// Zero is no number, and no range runs backwards.
fn range(first: u64, last: Option<u64>) -> Option<Numbers> {
    let last = last.unwrap_or(first);
    (first != 0 && first <= last).then_some(Numbers::Range(first, last))
}

fn bits(first: u64, bits: &[u8]) -> Option<Numbers> {
    let names_zero = first == 0 && bits.last().is_some_and(|last| last & 1 == 1);
    let wraps = first.checked_add(bits.len() as u64 * 8).is_none();
    (!names_zero && !wraps).then(|| Numbers::Bits(first, bits.to_vec()))
}
