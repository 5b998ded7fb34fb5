//! Whether a signature is that of a key over some bytes. Nothing else: not who the key belongs to,
//! nor whether it may sign.

use p521::ecdsa::signature::Verifier;
use ring::digest::{SHA256, digest};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519,
    RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::key::{Kind, Numbers, PublicKey};
use super::sshsig::Fault;
use super::wire::{Reader, bits};

/// How a signature that holds was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithm {
    /// It rests on SHA-1.
    pub(super) weak: bool,
    /// Made by a security key that nobody touched.
    pub(super) untouched: bool,
}

const STRONG: Algorithm = Algorithm { weak: false, untouched: false };
const WEAK: Algorithm = Algorithm { weak: true, untouched: false };

/// Longest RSA key the arithmetic is done for.
const LONGEST_RSA: usize = 8192;

/// A bit in the flags of a security key: somebody touched it.
const TOUCHED: u8 = 1;

const WRONG: Fault = Fault::Bad("the signature does not belong to this content");
const DAMAGED: Fault = Fault::Bad("its signature is damaged");

/// Checks a signature blob: the algorithm's name, then its bytes.
pub(super) fn check(key: &PublicKey, signature: &[u8], data: &[u8]) -> Result<Algorithm, Fault> {
    let mut reader = Reader(signature);
    let name = reader.text().ok_or(DAMAGED)?;
    let value = reader.string().ok_or(DAMAGED)?;
    if key.kind == Kind::SkEcdsa && name == b"webauthn-sk-ecdsa-sha2-nistp256@openssh.com" {
        return Err(Fault::Unsupported(
            "it was made by a web browser for a security key, which is not checked here".to_owned(),
        ));
    }
    let fits = match key.kind {
        Kind::Rsa => matches!(name, b"ssh-rsa" | b"rsa-sha2-256" | b"rsa-sha2-512"),
        kind => name == kind.name().as_bytes(),
    };
    if !fits {
        return Err(Fault::Bad("its signature is of another kind than its key"));
    }
    let algorithm = match &key.numbers {
        Numbers::Rsa { exponent, modulus } => rsa(name, exponent, modulus, value, data),
        Numbers::Edwards { point, application } if key.kind == Kind::SkEd25519 => {
            let (message, algorithm) = on_card(&mut reader, application, data)?;
            edwards(point, value, &message).map(|()| algorithm)
        }
        Numbers::Edwards { point, .. } => edwards(point, value, data).map(|()| STRONG),
        Numbers::Curve { point, application } if key.kind == Kind::SkEcdsa => {
            let (message, algorithm) = on_card(&mut reader, application, data)?;
            curve(256, point, value, &message).map(|()| algorithm)
        }
        Numbers::Curve { point, .. } => {
            let size = if let Kind::Ecdsa(size) = key.kind { size } else { 256 };
            curve(size, point, value, data).map(|()| STRONG)
        }
        Numbers::Dsa(_) => Err(Fault::Unsupported(
            "it is signed with a DSA key, which OpenSSH has given up".to_owned(),
        )),
    }?;
    if reader.is_empty() { Ok(algorithm) } else { Err(DAMAGED) }
}

/// What a security key signs: digests of the application and the bytes around flags and counter.
fn on_card(
    reader: &mut Reader<'_>,
    application: &[u8],
    data: &[u8],
) -> Result<(Vec<u8>, Algorithm), Fault> {
    let tail = reader.take(5).ok_or(DAMAGED)?;
    let mut message = digest(&SHA256, application).as_ref().to_vec();
    message.extend(tail);
    message.extend(digest(&SHA256, data).as_ref());
    Ok((message, Algorithm { weak: false, untouched: tail[0] & TOUCHED == 0 }))
}

fn edwards(point: &[u8], value: &[u8], data: &[u8]) -> Result<(), Fault> {
    UnparsedPublicKey::new(&ED25519, point).verify(data, value).map_err(|_| WRONG)
}

fn rsa(
    name: &[u8],
    exponent: &[u8],
    modulus: &[u8],
    value: &[u8],
    data: &[u8],
) -> Result<Algorithm, Fault> {
    let (parameters, algorithm) = match name {
        b"rsa-sha2-256" => (&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, STRONG),
        b"rsa-sha2-512" => (&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, STRONG),
        _ => (&RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, WEAK),
    };
    if bits(modulus) > LONGEST_RSA {
        let reason = format!("its RSA key has {} bits, more than is checked here", bits(modulus));
        return Err(Fault::Unsupported(reason));
    }
    if bits(exponent) > 33 {
        return Err(Fault::Unsupported("its RSA key has an unusual exponent".to_owned()));
    }
    // OpenSSH fills a signature that lost its leading zeros up.
    let missing = modulus.len().checked_sub(value.len()).ok_or(DAMAGED)?;
    let filled = [&vec![0; missing][..], value].concat();
    let key = RsaPublicKeyComponents { n: modulus, e: exponent };
    key.verify(parameters, data, &filled).map(|()| algorithm).map_err(|_| WRONG)
}

/// Two big numbers, each as long as the curve's order.
fn curve(size: u16, point: &[u8], value: &[u8], data: &[u8]) -> Result<(), Fault> {
    let length = usize::from(size.div_ceil(8));
    let mut reader = Reader(value);
    let mut fixed = Vec::with_capacity(2 * length);
    for _ in 0..2 {
        let number = reader.number().ok_or(DAMAGED)?;
        let missing = length.checked_sub(number.len()).ok_or(WRONG)?;
        fixed.extend(std::iter::repeat_n(0, missing));
        fixed.extend(number);
    }
    if !reader.is_empty() {
        return Err(DAMAGED);
    }
    match size {
        256 => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(data, &fixed)
            .map_err(|_| WRONG),
        384 => UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point)
            .verify(data, &fixed)
            .map_err(|_| WRONG),
        _ => {
            let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| WRONG)?;
            let value = p521::ecdsa::Signature::from_slice(&fixed).map_err(|_| WRONG)?;
            key.verify(data, &value).map_err(|_| WRONG)
        }
    }
}
