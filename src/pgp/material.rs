//! Key material: the numbers of a public key as gpg lists them, made ready to compute with, and
//! the key's packet rebuilt from them. Computes nothing with them.

use ring::digest;

/// A public key ready for the arithmetic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Material<'a> {
    /// A point of Ed25519.
    Ed25519(&'a [u8]),
    /// Modulus and exponent.
    Rsa { modulus: &'a [u8], exponent: &'a [u8] },
    /// The four numbers p, q, g and y.
    Dsa([&'a [u8]; 4]),
    /// A point, with both coordinates, of a curve in the form of Weierstrass.
    Curve(Curve, &'a [u8]),
}

/// Curves for ECDSA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
    P521,
    Secp256k1,
    BrainpoolP256,
    BrainpoolP384,
}

const RSA: [u8; 2] = [1, 3];
const DSA: u8 = 17;
const ECDSA: u8 = 19;
const EDDSA: u8 = 22;
/// Marks a point of which only one coordinate is written, and one with both.
const COMPACT: u8 = 0x40;
const BOTH: u8 = 0x04;

impl<'a> Material<'a> {
    /// Reads the numbers of a key of some algorithm; `None` where it is of a kind that cannot be
    /// checked here. A curve comes as the length and the bytes of its identifier.
    pub(super) fn of(algorithm: u8, numbers: &'a [Vec<u8>]) -> Option<Self> {
        let numbers: Vec<&[u8]> = numbers.iter().map(Vec::as_slice).collect();
        if numbers.iter().any(|number| number.is_empty()) {
            return None;
        }
        match (algorithm, &numbers[..]) {
            (algorithm, [modulus, exponent]) if RSA.contains(&algorithm) => {
                Some(Self::Rsa { modulus, exponent })
            }
            (DSA, [p, q, g, y]) => Some(Self::Dsa([p, q, g, y])),
            (ECDSA, [curve, point]) => {
                let curve = Curve::named(curve.get(1..)?)?;
                (point.first() == Some(&BOTH)).then_some(Self::Curve(curve, point))
            }
            (EDDSA, [[_, 0x2B, 6, 1, 4, 1, 0xDA, 0x47, 0x0F, 1], [COMPACT, point @ ..]]) => {
                (point.len() == 32).then_some(Self::Ed25519(point))
            }
            _ => None,
        }
    }

    /// Least length of a hash, in bytes, that gpg lets this key sign.
    pub(super) fn shortest_hash(&self) -> usize {
        match self {
            Self::Ed25519(_) | Self::Rsa { .. } => 0,
            Self::Dsa([_, q, ..]) => q.len(),
            // There is no hash as long as P-521.
            Self::Curve(Curve::P521, _) => 64,
            Self::Curve(_, point) => point.len() / 2,
        }
    }
}

impl Curve {
    fn named(identifier: &[u8]) -> Option<Self> {
        Some(match identifier {
            [0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7] => Self::P256,
            [0x2B, 0x81, 4, 0, 0x22] => Self::P384,
            [0x2B, 0x81, 4, 0, 0x23] => Self::P521,
            [0x2B, 0x81, 4, 0, 0x0A] => Self::Secp256k1,
            [0x2B, 0x24, 3, 3, 2, 8, 1, 1, 7] => Self::BrainpoolP256,
            [0x2B, 0x24, 3, 3, 2, 8, 1, 1, 0x0B] => Self::BrainpoolP384,
            _ => return None,
        })
    }
}

/// What certifications hash of a key: its packet's body behind its length.
pub(super) fn framed(body: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(body.len()).ok()?;
    let mut framed = vec![0x99];
    framed.extend(length.to_be_bytes());
    framed.extend_from_slice(body);
    Some(framed)
}

/// The fingerprint, upper-case hexadecimal, of a key's packet of version 4.
pub(super) fn fingerprint(body: &[u8]) -> Option<String> {
    let framed = framed(body).filter(|_| body.first() == Some(&4))?;
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &framed);
    Some(hex(digest.as_ref()))
}

/// Upper-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |four: u8| char::from(DIGITS[usize::from(four & 0x0f)]);
    // Room for all at once: every signature of a history names its key several times.
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
    text
}

/// The bytes behind hexadecimal digits.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|four| u8::try_from(four).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect()
}
