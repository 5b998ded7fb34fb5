//! The arithmetic of signatures: whether one was made with a key over some bytes, and nothing
//! else. Ed25519 and RSA, which nearly all signatures are of, go to the fast library, DSA and
//! ECDSA to the ones of RustCrypto. Secret keys never come here, so time tells nobody anything.

use crypto_bigint::BoxedUint;
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{NonZero, Odd, Resize};
use ecdsa::elliptic_curve::array::ArraySize;
use ecdsa::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use ecdsa::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize};
use ecdsa::signature::hazmat::PrehashVerifier;
use ecdsa::{EcdsaCurve, SignatureSize, VerifyingKey};
use ring::signature as fast;

use super::digest;
use super::material::{Curve, Material};
use super::packet::Signature;

/// How the arithmetic came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sum {
    /// The key made this signature over these bytes.
    Holds,
    /// It did not.
    Fails,
    /// It did, but another wrote it in another form afterwards.
    Rewritten,
    /// It does not consist of the numbers that such a key makes.
    OtherNumbers,
    /// The key is so odd that it is not computed with, a fragment.
    Beyond(&'static str),
}

/// Longest modulus that is computed with, in bytes.
const LONGEST: usize = 2048;

/// Whether a key made a signature over bytes, which include what the signature adds to them.
pub(super) fn check(key: &Material<'_>, signature: &Signature<'_>, bytes: &[u8]) -> Sum {
    match (key, &signature.numbers[..]) {
        (Material::Ed25519(point), [r, s]) => ed25519(point, r, s, signature.hash, bytes),
        (Material::Rsa { modulus, exponent }, [number, ..]) => {
            rsa(modulus, exponent, number, signature.hash, bytes)
        }
        (Material::Dsa(key), [r, s]) => dsa(*key, r, s, signature.hash, bytes),
        (Material::Curve(curve, point), [r, s]) => {
            let digest = digest::of(signature.hash, bytes).unwrap_or_default();
            ecdsa_over(*curve, point, r, s, &digest)
        }
        _ => Sum::OtherNumbers,
    }
}

fn sum(holds: bool) -> Sum {
    if holds { Sum::Holds } else { Sum::Fails }
}

/// A number in exactly so many bytes.
fn padded(number: &[u8], length: usize) -> Option<Vec<u8>> {
    let zeros = length.checked_sub(number.len())?;
    let mut bytes = vec![0; zeros];
    bytes.extend_from_slice(number);
    Some(bytes)
}

fn ed25519(point: &[u8], r: &[u8], s: &[u8], hash: u8, bytes: &[u8]) -> Sum {
    let (Some(r), Some(s), Some(digest)) = (padded(r, 32), padded(s, 32), digest::of(hash, bytes))
    else {
        return Sum::Fails;
    };
    // gpg takes a second number that was made larger by the order of the group, which needs no
    // key to do; the library does not.
    let (s, rewritten) = below_order(s);
    let signature = [r, s].concat();
    let key = fast::UnparsedPublicKey::new(&fast::ED25519, point);
    match key.verify(&digest, &signature) {
        Ok(()) if rewritten => Sum::Rewritten,
        result => sum(result.is_ok()),
    }
}

/// A number, lowest byte first, taken down below the order of Ed25519, and whether it was above.
fn below_order(number: Vec<u8>) -> (Vec<u8>, bool) {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let (mut number, mut above) = (number, false);
    while number.iter().rev().cmp(ORDER.iter().rev()).is_ge() {
        let mut borrow = 0;
        for (byte, less) in number.iter_mut().zip(ORDER) {
            let difference = i16::from(*byte) - i16::from(less) - borrow;
            borrow = i16::from(difference < 0);
            *byte = difference.to_le_bytes()[0];
        }
        above = true;
    }
    (number, above)
}

fn rsa(modulus: &[u8], exponent: &[u8], number: &[u8], hash: u8, bytes: &[u8]) -> Sum {
    if modulus.len() > LONGEST || exponent.len() > 8 {
        return Sum::Beyond("its key is longer than any that is made");
    }
    let Some(signature) = padded(number, modulus.len()) else { return Sum::Fails };
    let parameters: &fast::RsaParameters = match (hash, modulus.len()) {
        (2, 128..=1024) => &fast::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (8, 128..=1024) => &fast::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        (9, 256..=1024) => &fast::RSA_PKCS1_2048_8192_SHA384,
        (10, 128..=1024) => &fast::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        _ => return sum(slow_rsa(modulus, exponent, &signature, hash, bytes) == Some(true)),
    };
    let key = fast::RsaPublicKeyComponents { n: modulus, e: exponent };
    sum(key.verify(parameters, bytes, &signature).is_ok())
}

/// For short keys and rare hashes: raises the signature to the exponent, and compares what comes
/// out with the one form that is right (RFC 8017, section 8.2.2). Nothing of it is parsed.
fn slow_rsa(
    modulus: &[u8],
    exponent: &[u8],
    number: &[u8],
    hash: u8,
    bytes: &[u8],
) -> Option<bool> {
    let digest = digest::of(hash, bytes)?;
    let form = [prefix(hash)?, &digest].concat();
    let ones = modulus.len().checked_sub(form.len() + 3).filter(|ones| *ones >= 8)?;
    let wanted = [&[0, 1][..], &vec![0xff; ones], &[0], &form].concat();

    let modulus = Option::from(Odd::new(BoxedUint::from_be_slice_vartime(modulus)))?;
    let parameters = BoxedMontyParams::new_vartime(modulus);
    let precision = parameters.bits_precision();
    let number = BoxedUint::from_be_slice_vartime(number).resize(precision);
    if number >= **parameters.modulus() {
        return None;
    }
    let exponent = BoxedUint::from_be_slice_vartime(exponent);
    let raised = BoxedMontyForm::new(number, &parameters).pow(&exponent).retrieve();
    Some(raised == BoxedUint::from_be_slice_vartime(&wanted).resize(precision))
}

/// What marks a hash of an algorithm in an RSA signature (RFC 8017, section 9.2).
fn prefix(hash: u8) -> Option<&'static [u8]> {
    Some(match hash {
        2 => &[0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 0x14],
        3 => &[0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x24, 3, 2, 1, 5, 0, 4, 0x14],
        8 => &[0x30, 0x31, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20],
        9 => &[0x30, 0x41, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x30],
        10 => &[0x30, 0x51, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40],
        11 => &[0x30, 0x2d, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4, 5, 0, 4, 0x1c],
        _ => return None,
    })
}

fn dsa(key: [&[u8]; 4], r: &[u8], s: &[u8], hash: u8, bytes: &[u8]) -> Sum {
    let [longest, others @ ..] = &key;
    if longest.len() > LONGEST || others.iter().any(|number| number.len() > longest.len()) {
        return Sum::Beyond("its key is malformed");
    }
    let [p, q, g, y] = key.map(BoxedUint::from_be_slice_vartime);
    let precision = p.bits_precision();
    let (g, y) = (g.resize(precision), y.resize(precision));
    let Ok(components) = dsa::Components::from_components(p, q.clone(), g) else {
        return Sum::Beyond("its key is a DSA key of an unusual length");
    };
    let Ok(key) = dsa::VerifyingKey::from_components(components, y) else {
        return Sum::Fails;
    };
    let number = |bytes: &[u8]| {
        let number = BoxedUint::from_be_slice(bytes, q.bits_precision()).ok()?;
        (number < q).then(|| NonZero::new(number)).and_then(Option::from)
    };
    let (Some(r), Some(s)) = (number(r), number(s)) else { return Sum::Fails };
    let signature =
        dsa::Signature::from_components(NonZero::<BoxedUint>::get(r), NonZero::<BoxedUint>::get(s));
    let digest = digest::of(hash, bytes).unwrap_or_default();
    sum(signature.is_some_and(|signature| key.verify_prehash(&digest, &signature).is_ok()))
}

fn ecdsa_over(curve: Curve, point: &[u8], r: &[u8], s: &[u8], digest: &[u8]) -> Sum {
    let length = if curve == Curve::P521 { 66 } else { point.len() / 2 };
    // A hash shorter than the curve is the same number with zeros in front.
    let digest = padded(digest, length).unwrap_or_else(|| digest.to_vec());
    let (Some(r), Some(s)) = (padded(r, length), padded(s, length)) else { return Sum::Fails };
    let signature = [r, s].concat();
    let check = match curve {
        Curve::P256 => on_curve::<p256::NistP256>,
        Curve::P384 => on_curve::<p384::NistP384>,
        Curve::P521 => on_curve::<p521::NistP521>,
        Curve::Secp256k1 => on_curve::<k256::Secp256k1>,
        Curve::BrainpoolP256 => on_curve::<bp256::BrainpoolP256r1>,
        Curve::BrainpoolP384 => on_curve::<bp384::BrainpoolP384r1>,
    };
    sum(check(point, &signature, &digest))
}

fn on_curve<C>(point: &[u8], signature: &[u8], digest: &[u8]) -> bool
where
    C: EcdsaCurve + CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
    SignatureSize<C>: ArraySize,
{
    let key = VerifyingKey::<C>::from_sec1_bytes(point);
    let signature = ecdsa::Signature::<C>::from_slice(signature);
    // Bitcoin's library wants the lower of two forms that are both right.
    let holds = |key: VerifyingKey<C>, signature: ecdsa::Signature<C>| {
        key.verify_prehash(digest, &signature.normalize_s()).is_ok()
    };
    matches!((key, signature), (Ok(key), Ok(signature)) if holds(key, signature))
}
