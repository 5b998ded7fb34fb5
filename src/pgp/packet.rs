//! Reads signature packets (RFC 4880 and 9580, section 5.2) by gpg's rules, which are not the
//! standard's: what gpg skips is skipped, where it stops reading ends, and what it overlooks is
//! noted. Pure and bounded. Nothing here is proof: until a signature is checked, its maker may have
//! written what they liked.

use super::armor;
use super::material::hex;
use super::subpackets::{self, Areas};

/// Everything that was read from the armour of one object's signature.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reading<'a> {
    /// The signatures, in order.
    pub signatures: Vec<Signature<'a>>,
    /// It is a whole signed message, or part of one: not a signature over something else.
    pub message: bool,
    /// Why no more was read, a fragment.
    pub stopped: Option<&'static str>,
    /// It holds a signature in a newer form than gpg reads.
    pub newer: bool,
    /// Something besides one signature that gpg puts up with, a fragment.
    pub odd: Option<&'static str>,
    /// Packed content, which gpg would unpack; it stays shut here.
    pub packed: bool,
    /// There is text behind the signature.
    pub trailing: bool,
}

/// One signature, as it stands.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Signature<'a> {
    /// Version of the packet: 2, 3 or 4.
    pub version: u8,
    /// What it is over: 0 is content, 1 text.
    pub class: u8,
    /// Public-key algorithm, by its number.
    pub algorithm: u8,
    /// Hash algorithm, by its number.
    pub hash: u8,
    /// When it says it was made, in seconds since the epoch.
    pub created: u32,
    /// How long it was made to hold, in seconds; 0 is for ever.
    pub lifetime: u32,
    /// Fingerprint of the key, where the signature itself covers it.
    pub fingerprint: Option<&'a [u8]>,
    /// Long id of the key.
    pub key_id: [u8; 8],
    /// It demands to be understood in a way that gpg does not know.
    pub critical: bool,
    /// A signature within it, by which a subkey acknowledges its primary key.
    pub embedded: Option<&'a [u8]>,
    /// Reason of a revocation: a code and a text.
    pub reason: Option<&'a [u8]>,
    /// The part of the packet that is hashed along with the content.
    pub covered: &'a [u8],
    /// The numbers it consists of, without leading zeros.
    pub numbers: Vec<&'a [u8]>,
}

/// Armour taken off: what a [`Reading`] borrows from.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Unwrapped(armor::Stripped);

/// Kinds of packets, as a key and a signature consist of them (RFC 9580, section 5).
pub(super) const SIGNATURE: u8 = 2;
pub(super) const PUBLIC_KEY: u8 = 6;
pub(super) const USER_ID: u8 = 13;
pub(super) const SUBKEY: u8 = 14;
pub(super) const ATTRIBUTE: u8 = 17;
/// Longest number that gpg reads, in bits.
const NUMBER_BITS: usize = 16_384;
/// Shortest signature packet that gpg looks at.
const SHORTEST: usize = 16;

/// Takes the armour off.
///
/// # Errors
/// A fragment that says why gpg reads nothing here.
pub fn unwrap(armored: &[u8]) -> Result<Unwrapped, &'static str> {
    armor::strip(armored).map(Unwrapped)
}

impl Unwrapped {
    /// Reads the packets.
    #[must_use]
    pub fn read(&self) -> Reading<'_> {
        let stripped = &self.0;
        let mut reading =
            Reading { odd: stripped.odd, trailing: stripped.trailing, ..Reading::default() };
        let mut input = Input(&stripped.bytes);
        while !input.0.is_empty() && reading.stopped.is_none() {
            let at = stripped.bytes.len() - input.0.len();
            let before = reading.odd;
            reading.stopped = one(&mut input, &mut reading).err();
            // What was read out of the END line is nobody's doing.
            if stripped.end.is_some_and(|end| at >= end) {
                reading.odd = before;
            } else if reading.stopped.is_some() && !reading.signatures.is_empty() {
                reading.odd = Some("something that cannot be read follows the signature");
            }
        }
        reading
    }
}

impl Signature<'_> {
    /// What it calls its key, upper-case hexadecimal: a fingerprint or a long id, or both where one
    /// is not the end of the other.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.raw_names().map(hex).collect()
    }

    /// The same, as bytes.
    pub fn raw_names(&self) -> impl Iterator<Item = &[u8]> {
        let id = (self.key_id != [0; 8]).then_some(&self.key_id[..]);
        let id = id.filter(|id| !self.fingerprint.is_some_and(|whole| whole.ends_with(id)));
        self.fingerprint.into_iter().chain(id)
    }
}

/// Reads one packet, or says why reading ends here.
fn one<'a>(input: &mut Input<'a>, reading: &mut Reading<'a>) -> Result<(), &'static str> {
    let (tag, body) = input.packet().ok_or("the signature is cut off or damaged")?;
    match tag {
        SIGNATURE if body.len() < SHORTEST => reading.odd = Some("it holds a stub of a signature"),
        SIGNATURE => {
            reading.newer |= matches!(body.first(), Some(5 | 6));
            reading.signatures.push(signature(body)?);
        }
        4 | 11 => {
            reading.message = true;
            return Err("it is a whole signed message");
        }
        8 => {
            reading.packed = true;
            return Err("it is packed");
        }
        1 | 3 | 5 | 6 | 9 | 13 | 14 | 17 | 18 | 20 => return Err("it holds more than a signature"),
        // The checksum of an encrypted message; one of another length ends gpg's reading.
        19 if body.len() != 20 => return Err("it holds more than a signature"),
        _ => reading.odd = Some("it holds more than a signature"),
    }
    Ok(())
}

/// The packets of a key, as `(tag, body)`; reading ends at what is no packet.
pub(super) fn packets(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut input = Input(bytes);
    std::iter::from_fn(move || if input.0.is_empty() { None } else { input.packet() })
}

/// Reads the body of one signature packet.
pub(super) fn signature(body: &[u8]) -> Result<Signature<'_>, &'static str> {
    let cut = "the signature is cut off or damaged";
    match body.first() {
        Some(2 | 3) => old(body).ok_or(cut),
        Some(4) => current(body).ok_or(cut),
        Some(5 | 6) => Err("it is in a newer form that gpg does not read"),
        _ => Err("it is in a form that is not known"),
    }
}

/// Versions 2 and 3, which PGP of the nineties wrote.
fn old(body: &[u8]) -> Option<Signature<'_>> {
    let mut input = Input(body);
    let version = input.byte()?;
    input.byte()?;
    let covered = input.take(5)?;
    let key_id = input.take(8)?.try_into().ok()?;
    let mut found = Signature {
        version,
        class: covered[0],
        created: u32::from_be_bytes(covered[1..].try_into().ok()?),
        key_id,
        covered,
        algorithm: input.byte()?,
        hash: input.byte()?,
        ..Signature::default()
    };
    input.take(2)?;
    found.numbers = input.numbers(found.algorithm)?;
    Some(found)
}

fn current(body: &[u8]) -> Option<Signature<'_>> {
    let mut input = Input(body);
    let version = input.byte()?;
    let (class, algorithm, hash) = (input.byte()?, input.byte()?, input.byte()?);
    let hashed = input.area()?;
    let covered = &body[..body.len() - input.0.len()];
    let unhashed = input.area()?;
    input.take(2)?;
    let Areas { created, lifetime, fingerprint, key_id, critical, embedded, reason } =
        subpackets::read(hashed, unhashed);
    let numbers = input.numbers(algorithm)?;
    Some(Signature {
        version,
        class,
        algorithm,
        hash,
        created,
        lifetime,
        fingerprint,
        key_id,
        critical,
        embedded,
        reason,
        covered,
        numbers,
    })
}

/// Whether gpg knows a hash algorithm.
#[must_use]
pub fn known_hash(number: u8) -> bool {
    matches!(number, 1..=3 | 8..=11)
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
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl<'a> Input<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    /// A big-endian number of at most four bytes.
    pub(super) fn number(&mut self, width: usize) -> Option<usize> {
        self.take(width)?
            .iter()
            .try_fold(0usize, |sum, byte| sum.checked_mul(256).map(|sum| sum + usize::from(*byte)))
    }

    /// An area of subpackets, which gpg refuses when it is too long.
    fn area(&mut self) -> Option<&'a [u8]> {
        let length = self.number(2)?;
        if length > subpackets::LONGEST { None } else { self.take(length) }
    }

    /// The numbers that a signature of an algorithm consists of, without leading zeros. Whatever
    /// follows them is ignored.
    fn numbers(&mut self, algorithm: u8) -> Option<Vec<&'a [u8]>> {
        let count = match algorithm {
            1..=3 => 1,
            16 | 17 | 19 | 20 | 22 => 2,
            _ => 0,
        };
        (0..count).map(|_| self.mpi()).collect()
    }

    fn mpi(&mut self) -> Option<&'a [u8]> {
        let bits = self.number(2)?;
        let bytes = self.take(bits.div_ceil(8)).filter(|_| bits <= NUMBER_BITS)?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        Some(&bytes[zeros..])
    }

    /// Tag and body of the next packet. Lengths that only a stream has are not read.
    pub(super) fn packet(&mut self) -> Option<(u8, &'a [u8])> {
        let header = self.byte()?;
        if header & 0x80 == 0 {
            return None;
        }
        let (tag, length) = if header & 0x40 == 0 {
            let width = [1, 2, 4].get(usize::from(header & 3))?;
            ((header >> 2) & 0x0f, self.number(*width)?)
        } else {
            (header & 0x3f, self.length()?)
        };
        if tag == 0 { None } else { Some((tag, self.take(length)?)) }
    }

    /// The length of a packet in the new form.
    fn length(&mut self) -> Option<usize> {
        match self.byte()? {
            first @ 0..=191 => Some(usize::from(first)),
            first @ 192..=223 => Some((usize::from(first) - 192) * 256 + self.number(1)? + 192),
            255 => self.number(4),
            _ => None,
        }
    }
}
