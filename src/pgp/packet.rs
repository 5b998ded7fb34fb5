//! Reads from a signature packet who claims to have made it, when and how (RFC 9580, section 5.2).
//! Pure and bounded. Nothing here is proof: until the signature is checked, its maker may have
//! written what they liked.

use super::armor;

/// What one signature says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// Fingerprint of the key, else its long id; upper-case hexadecimal.
    pub issuer: Option<String>,
    /// Hash algorithm, by its number in RFC 9580.
    pub hash: u8,
    /// When it was made, in seconds since the epoch.
    pub created: Option<u32>,
}

/// Most packets looked at: a commit carries one signature, rarely two.
const PACKETS: usize = 16;
const SIGNATURE: u8 = 2;

/// The claims of every signature in an armoured block, or why it cannot be read.
///
/// # Errors
/// A fragment that says what is wrong with it.
pub fn claims(armored: &[u8]) -> Result<Vec<Claim>, String> {
    let bytes = armor::strip(armored).ok_or("the signature is damaged")?;
    let mut input = Input(&bytes);
    let mut found = Vec::new();
    for _ in 0..PACKETS {
        if input.0.is_empty() {
            break;
        }
        let (tag, body) = packet(&mut input).ok_or("the signature is cut off or damaged")?;
        if tag == SIGNATURE {
            found.push(claim(Input(body))?);
        }
    }
    if found.is_empty() { Err("it holds no signature".to_owned()) } else { Ok(found) }
}

/// The usual name of a hash algorithm.
#[must_use]
pub fn hash_name(number: u8) -> String {
    match number {
        1 => "MD5",
        2 => "SHA-1",
        3 => "RIPEMD-160",
        8 => "SHA-256",
        9 => "SHA-384",
        10 => "SHA-512",
        11 => "SHA-224",
        12 => "SHA3-256",
        14 => "SHA3-512",
        other => return format!("hash {other}"),
    }
    .to_owned()
}

/// Whether a hash can be forged with today's means.
#[must_use]
pub fn weak_hash(number: u8) -> bool {
    matches!(number, 1..=3)
}

/// Bytes still to be read; every read may find too few.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    /// A big-endian number of at most four bytes.
    fn number(&mut self, width: usize) -> Option<usize> {
        self.take(width)?
            .iter()
            .try_fold(0usize, |sum, byte| sum.checked_mul(256).map(|sum| sum + usize::from(*byte)))
    }

    fn seconds(&mut self) -> Option<u32> {
        self.number(4).and_then(|seconds| u32::try_from(seconds).ok())
    }
}

fn packet<'a>(input: &mut Input<'a>) -> Option<(u8, &'a [u8])> {
    let header = input.byte()?;
    if header & 0x80 == 0 {
        return None;
    }
    if header & 0x40 != 0 {
        let length = new_length(input)?;
        return Some((header & 0x3f, input.take(length)?));
    }
    let length = match header & 3 {
        0 => input.number(1)?,
        1 => input.number(2)?,
        2 => input.number(4)?,
        _ => input.0.len(),
    };
    Some(((header >> 2) & 0x0f, input.take(length)?))
}

/// The length forms that packets and subpackets share. Partial lengths are for streams, which a
/// signature never is.
fn new_length(input: &mut Input<'_>) -> Option<usize> {
    match input.byte()? {
        first @ 0..=191 => Some(usize::from(first)),
        first @ 192..=223 => Some((usize::from(first) - 192) * 256 + input.number(1)? + 192),
        255 => input.number(4),
        _ => None,
    }
}

fn claim(mut input: Input<'_>) -> Result<Claim, String> {
    let cut = || "the signature is cut off".to_owned();
    match input.byte().ok_or_else(cut)? {
        3 => old(&mut input).ok_or_else(cut),
        4 | 5 => current(&mut input, 2).ok_or_else(cut),
        6 => current(&mut input, 4).ok_or_else(cut),
        other => Err(format!("signatures of version {other} are not known here")),
    }
}

/// Version 3, which PGP of the nineties wrote.
fn old(input: &mut Input<'_>) -> Option<Claim> {
    input.take(2)?;
    let created = input.seconds();
    let issuer = Some(hex(input.take(8)?));
    input.byte()?;
    Some(Claim { issuer, hash: input.byte()?, created })
}

/// Versions 4 to 6; `width` is that of the lengths of their two subpacket areas.
fn current(input: &mut Input<'_>, width: usize) -> Option<Claim> {
    input.take(2)?;
    let hash = input.byte()?;
    let length = input.number(width)?;
    let hashed = area(input.take(length)?)?;
    let length = input.number(width)?;
    let unhashed = area(input.take(length)?)?;
    // What the signature itself covers comes first.
    let issuers = [hashed.fingerprint, hashed.key_id, unhashed.fingerprint, unhashed.key_id];
    Some(Claim { issuer: issuers.into_iter().flatten().next(), hash, created: hashed.created })
}

#[derive(Default)]
struct Area {
    fingerprint: Option<String>,
    key_id: Option<String>,
    created: Option<u32>,
}

fn area(bytes: &[u8]) -> Option<Area> {
    let mut input = Input(bytes);
    let mut found = Area::default();
    while !input.0.is_empty() {
        let length = new_length(&mut input)?;
        let mut body = Input(input.take(length)?);
        // The top bit marks a subpacket that a reader has to understand.
        match body.byte()? & 0x7f {
            2 => found.created = body.seconds(),
            16 if body.0.len() == 8 => found.key_id = Some(hex(body.0)),
            // The first byte is the key's version.
            33 if matches!(body.0.len(), 21 | 33) => found.fingerprint = Some(hex(&body.0[1..])),
            _ => {}
        }
    }
    Some(found)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
