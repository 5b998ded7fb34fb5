//! OpenPGP written by hand: keys, certifications and signatures that gpg refuses to make, and that
//! cost no time. Everything is Ed25519 from seeds.

use ring::digest;
use ring::signature::{Ed25519KeyPair, KeyPair};
use ripemd::Digest as _;

pub(crate) const CREATED: u8 = 2;
pub(crate) const LIFETIME: u8 = 3;
pub(crate) const KEY_LIFETIME: u8 = 9;
pub(crate) const ISSUER: u8 = 16;
pub(crate) const FLAGS: u8 = 27;
pub(crate) const REASON: u8 = 29;
pub(crate) const EMBEDDED: u8 = 32;
pub(crate) const FINGERPRINT: u8 = 33;
pub(crate) const CRITICAL: u8 = 0x80;

const CURVE: [u8; 10] = [9, 0x2B, 6, 1, 4, 1, 0xDA, 0x47, 0x0F, 1];

/// One key or subkey.
pub(crate) struct Key {
    pair: Ed25519KeyPair,
    pub(crate) created: u32,
    body: Vec<u8>,
}

impl Key {
    pub(crate) fn new(seed: u8, created: u32) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let point = [&[0x40], pair.public_key().as_ref()].concat();
        let body = [&[4][..], &created.to_be_bytes(), &[22], &CURVE, &mpi(&point)].concat();
        Self { pair, created, body }
    }

    fn framed(&self) -> Vec<u8> {
        let length = u16::try_from(self.body.len()).unwrap();
        [&[0x99][..], &length.to_be_bytes(), &self.body].concat()
    }

    pub(crate) fn fingerprint(&self) -> Vec<u8> {
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &self.framed());
        digest.as_ref().to_vec()
    }

    pub(crate) fn hex(&self) -> String {
        self.fingerprint().iter().map(|byte| format!("{byte:02X}")).collect()
    }

    pub(crate) fn id(&self) -> Vec<u8> {
        self.fingerprint()[12..].to_vec()
    }

    /// The plain form of a signature by this key, made at some time.
    pub(crate) fn form(&self, at: u32) -> Form {
        Form {
            version: 4,
            class: 0,
            algorithm: 22,
            hash: 8,
            hashed: vec![
                (FINGERPRINT, [&[4][..], &self.fingerprint()].concat()),
                (CREATED, at.to_be_bytes().to_vec()),
            ],
            unhashed: vec![(ISSUER, self.id())],
            junk: Vec::new(),
        }
    }

    /// The packet's body of a signature over some bytes.
    pub(crate) fn sign(&self, bytes: &[u8], form: &Form) -> Vec<u8> {
        let head = form.head();
        let length = u32::try_from(head.len()).unwrap();
        let whole = [bytes, &head, &[4, 0xff], &length.to_be_bytes()].concat();
        let numbers = self.numbers(form.hash, &whole);
        let unhashed = area(&form.unhashed);
        [&head[..], &size(&unhashed), &unhashed, &[0, 0], &numbers].concat()
    }

    /// The same in the form of version 3.
    pub(crate) fn sign_old(&self, bytes: &[u8], at: u32) -> Vec<u8> {
        let head = [&[0][..], &at.to_be_bytes()].concat();
        let numbers = self.numbers(8, &[bytes, &head].concat());
        [&[3, 5][..], &head, &self.id(), &[22, 8, 0, 0], &numbers].concat()
    }

    fn numbers(&self, hash: u8, bytes: &[u8]) -> Vec<u8> {
        let signature = self.pair.sign(&hashed(hash, bytes));
        let (r, s) = signature.as_ref().split_at(32);
        [mpi(r), mpi(s)].concat()
    }
}

/// How a signature is to look.
#[derive(Clone)]
pub(crate) struct Form {
    pub(crate) version: u8,
    pub(crate) class: u8,
    pub(crate) algorithm: u8,
    pub(crate) hash: u8,
    pub(crate) hashed: Vec<(u8, Vec<u8>)>,
    pub(crate) unhashed: Vec<(u8, Vec<u8>)>,
    /// Bytes at the end of the area that is covered.
    pub(crate) junk: Vec<u8>,
}

impl Form {
    pub(crate) fn class(mut self, class: u8) -> Self {
        self.class = class;
        self
    }

    pub(crate) fn hash(mut self, hash: u8) -> Self {
        self.hash = hash;
        self
    }

    pub(crate) fn with(mut self, kind: u8, data: impl Into<Vec<u8>>) -> Self {
        self.hashed.push((kind, data.into()));
        self
    }

    pub(crate) fn loosely(mut self, kind: u8, data: impl Into<Vec<u8>>) -> Self {
        self.unhashed.push((kind, data.into()));
        self
    }

    pub(crate) fn without(mut self, kind: u8) -> Self {
        self.hashed.retain(|(other, _)| *other != kind);
        self.unhashed.retain(|(other, _)| *other != kind);
        self
    }

    fn head(&self) -> Vec<u8> {
        let hashed = [area(&self.hashed), self.junk.clone()].concat();
        let start = [self.version, self.class, self.algorithm, self.hash];
        [&start[..], &size(&hashed), &hashed].concat()
    }
}

/// A public key as it is given to others.
pub(crate) struct Certificate<'a> {
    pub(crate) key: &'a Key,
    pub(crate) name: Vec<u8>,
    pub(crate) flags: u8,
    pub(crate) lifetime: Option<u32>,
    pub(crate) revoked: Option<(u32, u8)>,
    pub(crate) certified_by: Option<&'a Key>,
    pub(crate) self_signed: bool,
    pub(crate) name_revoked: bool,
    pub(crate) subkeys: Vec<Subkey<'a>>,
    /// More names, each signed.
    pub(crate) more_names: Vec<Vec<u8>>,
    /// How many certifications by nobody known hang on it.
    pub(crate) certifications: u32,
}

/// A subkey in it.
pub(crate) struct Subkey<'a> {
    pub(crate) key: &'a Key,
    pub(crate) flags: u8,
    pub(crate) lifetime: Option<u32>,
    pub(crate) revoked: Option<(u32, u8)>,
    /// What it acknowledges its primary key with: that key, another, or nothing.
    pub(crate) acknowledges: Option<&'a Key>,
}

impl<'a> Certificate<'a> {
    pub(crate) fn of(key: &'a Key, name: &str) -> Self {
        Self {
            key,
            name: name.as_bytes().to_vec(),
            flags: 3,
            lifetime: None,
            revoked: None,
            certified_by: None,
            self_signed: true,
            name_revoked: false,
            subkeys: Vec::new(),
            more_names: Vec::new(),
            certifications: 0,
        }
    }

    pub(crate) fn sub(mut self, key: &'a Key, change: impl FnOnce(&mut Subkey<'a>)) -> Self {
        let acknowledges = Some(self.key);
        let mut sub = Subkey { key, flags: 2, lifetime: None, revoked: None, acknowledges };
        change(&mut sub);
        self.subkeys.push(sub);
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let key = self.key;
        let mut out = packet(6, &key.body);
        if let Some(revoked) = self.revoked {
            out.extend(packet(2, &key.sign(&key.framed(), &revocation(key, 0x20, revoked))));
        }
        out.extend(packet(13, &self.name));
        let over = self.over(&self.name);
        if self.self_signed {
            let form = lasting(key.form(key.created).class(0x13), self.flags, self.lifetime);
            out.extend(packet(2, &key.sign(&over, &form)));
        }
        if self.name_revoked {
            out.extend(packet(2, &key.sign(&over, &revocation(key, 0x30, (key.created + 9, 32)))));
        }
        if let Some(other) = self.certified_by {
            let form = other.form(key.created + 9).class(0x10);
            out.extend(packet(2, &other.sign(&over, &form)));
        }
        for number in 0..self.certifications {
            let form = Form { unhashed: Vec::new(), ..key.form(key.created + 9).class(0x10) };
            let form =
                form.without(FINGERPRINT).loosely(ISSUER, u64::from(number + 1).to_be_bytes());
            out.extend(packet(2, &key.sign(b"", &form)));
        }
        for name in &self.more_names {
            let form = lasting(key.form(key.created).class(0x13), self.flags, self.lifetime);
            out.extend(packet(13, name));
            out.extend(packet(2, &key.sign(&self.over(name), &form)));
        }
        for sub in &self.subkeys {
            out.extend(packet(14, &sub.key.body));
            out.extend(self.binding(sub));
        }
        out
    }

    /// What certifications of a name are over.
    fn over(&self, name: &[u8]) -> Vec<u8> {
        let length = u32::try_from(name.len()).unwrap();
        [&self.key.framed()[..], &[0xb4], &length.to_be_bytes(), name].concat()
    }

    fn binding(&self, sub: &Subkey<'_>) -> Vec<u8> {
        let over = [self.key.framed(), sub.key.framed()].concat();
        let form = self.key.form(sub.key.created).class(0x18);
        let mut form = lasting(form, sub.flags, sub.lifetime);
        if let Some(acknowledged) = sub.acknowledges {
            let inner = sub.key.form(sub.key.created).class(0x19);
            let over = [acknowledged.framed(), sub.key.framed()].concat();
            form = form.loosely(EMBEDDED, sub.key.sign(&over, &inner));
        }
        let mut out = packet(2, &self.key.sign(&over, &form));
        if let Some(revoked) = sub.revoked {
            out.extend(packet(2, &self.key.sign(&over, &revocation(self.key, 0x28, revoked))));
        }
        out
    }
}

fn lasting(form: Form, flags: u8, lifetime: Option<u32>) -> Form {
    let form = form.with(FLAGS, [flags]);
    match lifetime {
        Some(seconds) => form.with(KEY_LIFETIME, seconds.to_be_bytes()),
        None => form,
    }
}

fn revocation(key: &Key, class: u8, (at, code): (u32, u8)) -> Form {
    key.form(at).class(class).with(REASON, [code])
}

/// A packet in the old form, with a length of four bytes.
pub(crate) fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap();
    let header = if tag < 16 { vec![0x80 | tag << 2 | 2] } else { vec![0xc0 | tag, 0xff] };
    [&header[..], &length.to_be_bytes(), body].concat()
}

fn area(subpackets: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let one = |(kind, data): &(u8, Vec<u8>)| {
        let length = u32::try_from(data.len() + 1).unwrap();
        [&[0xff][..], &length.to_be_bytes(), &[*kind], data].concat()
    };
    subpackets.iter().flat_map(one).collect()
}

fn size(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap().to_be_bytes()
}

fn mpi(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let number = &number[zeros..];
    let spare = number.first().map_or(0, |byte| byte.leading_zeros());
    let bits = u16::try_from(number.len() * 8).unwrap() - u16::try_from(spare).unwrap();
    [&bits.to_be_bytes(), number].concat()
}

fn hashed(number: u8, bytes: &[u8]) -> Vec<u8> {
    let algorithm = match number {
        3 => return ripemd::Ripemd160::digest(bytes).to_vec(),
        11 => return sha2::Sha224::digest(bytes).to_vec(),
        2 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        9 => &digest::SHA384,
        10 => &digest::SHA512,
        _ => &digest::SHA256,
    };
    digest::digest(algorithm, bytes).as_ref().to_vec()
}

/// Packets in the armour of a signature, with a checksum.
pub(crate) fn armored(packets: &[u8]) -> Vec<u8> {
    let sum = packets.iter().fold(0x00b7_04ceu32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 16, |sum, _| {
            if sum & 0x0080_0000 == 0 { sum << 1 } else { (sum << 1) ^ 0x0186_4cfb }
        })
    });
    let mut text = String::from("-----BEGIN PGP SIGNATURE-----\n\n");
    for line in base64(packets).as_bytes().chunks(64) {
        text.push_str(std::str::from_utf8(line).unwrap());
        text.push('\n');
    }
    let sum = base64(&sum.to_be_bytes()[1..]);
    text.push_str(&format!("={sum}\n-----END PGP SIGNATURE-----\n"));
    text.into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    text
}
