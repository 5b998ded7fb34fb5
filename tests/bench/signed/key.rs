//! A signing key for benchmarks that signs in process: thousands of signatures by gpg would take
//! longer than what is measured. Writes OpenPGP (RFC 4880) as gpg itself writes it; reads nothing.

use std::process::Command;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA512, digest};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA512, RsaKeyPair};

/// Long before any commit of the benchmark.
const MADE: u32 = 1_750_000_000;
const USER: &[u8] = b"Ada Lovelace <ada@example.org>";

const SIGNATURE: u8 = 2;
const PUBLIC_KEY: u8 = 6;
const USER_ID: u8 = 13;
const OVER_CONTENT: u8 = 0x00;
const OVER_NAME: u8 = 0x13;

/// Which arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Ed25519,
    Rsa4096,
}

enum Secret {
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// A primary key that signs.
pub(crate) struct Key {
    secret: Secret,
    body: Vec<u8>,
    pub(crate) fingerprint: [u8; 20],
}

impl Key {
    /// The Ed25519 key is the same every time; openssl makes a new RSA key.
    pub(crate) fn make(kind: Kind) -> Result<Self, String> {
        let secret = match kind {
            Kind::Ed25519 => Secret::Ed25519(
                Ed25519KeyPair::from_seed_unchecked(&[7; 32]).map_err(|error| error.to_string())?,
            ),
            Kind::Rsa4096 => Secret::Rsa(Box::new(rsa()?)),
        };
        let body = body(&secret);
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, &framed(&body));
        let mut fingerprint = [0; 20];
        fingerprint.copy_from_slice(digest.as_ref());
        Ok(Self { secret, body, fingerprint })
    }

    /// The certificate, for gpg to import.
    pub(crate) fn certificate(&self) -> Result<Vec<u8>, String> {
        let mut over = framed(&self.body);
        over.push(0xb4);
        over.extend(length(USER));
        over.extend(USER);
        let may_certify_and_sign = subpacket(27, &[3]);
        let signature = self.packet(OVER_NAME, MADE, &may_certify_and_sign, over)?;
        Ok([packet(PUBLIC_KEY, &self.body), packet(USER_ID, USER), signature].concat())
    }

    /// A detached signature in armour, without its last line feed.
    pub(crate) fn sign(&self, content: &[u8], at: u32) -> Result<String, String> {
        Ok(armored(&self.packet(OVER_CONTENT, at, &[], content.to_vec())?))
    }

    fn packet(
        &self,
        class: u8,
        at: u32,
        more: &[u8],
        mut content: Vec<u8>,
    ) -> Result<Vec<u8>, String> {
        let issuer = [&[4], &self.fingerprint[..]].concat();
        let hashed = [&subpacket(33, &issuer), &subpacket(2, &at.to_be_bytes()), more].concat();
        let mut body = vec![4, class, self.algorithm(), 10];
        body.extend(short(hashed.len()));
        body.extend(hashed);
        let end = length(&body);
        content.extend(&body);
        content.extend([4, 0xff]);
        content.extend(end);
        let id = subpacket(16, &self.fingerprint[12..]);
        body.extend(short(id.len()));
        body.extend(id);
        let digest = digest(&SHA512, &content);
        body.extend(&digest.as_ref()[..2]);
        body.extend(self.numbers(&content, digest.as_ref())?);
        Ok(packet(SIGNATURE, &body))
    }

    fn algorithm(&self) -> u8 {
        match self.secret {
            Secret::Rsa(_) => 1,
            Secret::Ed25519(_) => 22,
        }
    }

    fn numbers(&self, content: &[u8], digest: &[u8]) -> Result<Vec<u8>, String> {
        match &self.secret {
            Secret::Ed25519(key) => {
                let signature = key.sign(digest);
                let (r, s) = signature.as_ref().split_at(32);
                Ok([number(r), number(s)].concat())
            }
            Secret::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA512, &SystemRandom::new(), content, &mut signature)
                    .map_err(|error| error.to_string())?;
                Ok(number(&signature))
            }
        }
    }
}

/// The armour of any packets.
pub(crate) fn armored(packets: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("-----BEGIN PGP SIGNATURE-----\n\n");
    for line in packets.chunks(48) {
        for chunk in line.chunks(3) {
            let bits = chunk.iter().fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte));
            let bits = bits << (8 * (3 - chunk.len()));
            for place in 0..4 {
                let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
                text.push(if place <= chunk.len() { char::from(digit) } else { '=' });
            }
        }
        text.push('\n');
    }
    // gpg 2.2 takes the padding for the beginning of a checksum, so there has to be one.
    let sum = crc24(packets);
    text.push('=');
    for place in 0..4 {
        text.push(char::from(DIGITS[(sum >> (18 - 6 * place) & 63) as usize]));
    }
    text.push_str("\n-----END PGP SIGNATURE-----");
    text
}

fn crc24(data: &[u8]) -> u32 {
    data.iter().fold(0x00b7_04ce, |sum, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 16), |sum, _| {
            let shifted = sum << 1;
            if shifted & 0x0100_0000 == 0 { shifted } else { shifted ^ 0x0186_4cfb }
        })
    })
}

fn rsa() -> Result<RsaKeyPair, String> {
    let make = ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"];
    let made = Command::new("openssl").args(make).args(["-outform", "DER"]).output();
    let made = made.map_err(|error| format!("openssl makes the RSA key: {error}"))?;
    // Its versions do not agree on the wrapping.
    let key = RsaKeyPair::from_pkcs8(&made.stdout).or_else(|_| RsaKeyPair::from_der(&made.stdout));
    key.map_err(|error| format!("openssl's RSA key: {error}"))
}

fn body(secret: &Secret) -> Vec<u8> {
    let mut body = vec![4];
    body.extend(MADE.to_be_bytes());
    match secret {
        Secret::Ed25519(key) => {
            body.push(22);
            body.extend([9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1]);
            body.extend(number(&[&[0x40], key.public_key().as_ref()].concat()));
        }
        Secret::Rsa(key) => {
            let PublicKeyComponents::<Vec<u8>> { n, e } = key.public().into();
            body.push(1);
            body.extend(number(&n));
            body.extend(number(&e));
        }
    }
    body
}

/// A key as it goes into hashes.
fn framed(body: &[u8]) -> Vec<u8> {
    [&[0x99], &short(body.len())[..], body].concat()
}

fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
    [&[0x80 | (tag << 2) | 2], &length(body)[..], body].concat()
}

fn subpacket(kind: u8, data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len() + 1).unwrap_or(u8::MAX);
    [&[length, kind], data].concat()
}

fn length(body: &[u8]) -> [u8; 4] {
    u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes()
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes()
}

/// A number with its length in bits, as OpenPGP writes it.
fn number(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = &bytes[zeros..];
    let blank = bytes.first().map_or(0, |first| first.leading_zeros() as usize);
    [&short(bytes.len() * 8 - blank)[..], bytes].concat()
}
