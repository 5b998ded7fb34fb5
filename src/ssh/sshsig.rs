//! One SSH signature: out of its armour, into its parts, held against what it should cover.

use ring::digest::{SHA256, SHA512, digest};

use super::arithmetic;
use super::base64;
use super::key::PublicKey;
use super::wire::{Reader, put};

const BEGIN: &[u8] = b"-----BEGIN SSH SIGNATURE-----\n";
const END: &[u8] = b"\n-----END SSH SIGNATURE-----";
const MAGIC: &[u8] = b"SSHSIG";

/// Longest signature looked at. One by RSA of 16384 bits takes 6 KiB, a certificate some more.
const LONGEST: usize = 256 << 10;

/// What a signature may not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Damaged, or made for something else: why, a fragment.
    Bad(&'static str),
    /// Of a version that OpenSSH refuses as well: why, a fragment.
    Newer(String),
    /// Perhaps right, but of a kind that is not checked here: why, a fragment.
    Unsupported(String),
}

/// A signature, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The key it names, and carries along.
    pub key: PublicKey,
    /// The digest it was made over: `sha256` or `sha512`.
    pub hash: &'static str,
    /// Something besides the one signature follows it.
    pub trailing: bool,
    /// Of a version that OpenSSH never made, and takes all the same.
    pub odd_version: bool,
    namespace: Vec<u8>,
    value: Vec<u8>,
}

/// What is known of a signature that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// It rests on SHA-1.
    pub weak: bool,
    /// Made by a security key that nobody touched.
    pub untouched: bool,
}

impl Signature {
    /// Reads one in its armour.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(text: &[u8]) -> Result<Self, Fault> {
        let damaged = Fault::Bad("its signature is damaged");
        let (blob, trailing) = dearmoured(text).ok_or(damaged.clone())?;
        let mut reader = Reader(&blob);
        if reader.take(MAGIC.len()) != Some(MAGIC) {
            return Err(damaged);
        }
        let version = reader.u32().ok_or(damaged.clone())?;
        if version > 1 {
            return Err(Fault::Newer(format!(
                "its SSH signature is of version {version}, which is not known here"
            )));
        }
        let parts = parts(&mut reader).ok_or(damaged.clone())?;
        let key = PublicKey::read(parts.key).ok_or(Fault::Bad(
            "the key in its signature cannot be read, or nobody certified it as it says",
        ))?;
        let hash = match parts.hash {
            b"sha256" => "sha256",
            b"sha512" => "sha512",
            _ => return Err(Fault::Bad("its signature names a digest that SSH does not allow")),
        };
        let (namespace, value) = (parts.namespace.to_vec(), parts.value.to_vec());
        Ok(Self { key, hash, trailing, odd_version: version != 1, namespace, value })
    }

    /// The digest's name for people.
    #[must_use]
    pub fn digest(&self) -> &'static str {
        if self.hash == "sha256" { "SHA-256" } else { "SHA-512" }
    }

    /// Holds it against what it should cover.
    ///
    /// # Errors
    /// Why it does not hold.
    pub fn check(&self, namespace: &str, payload: &[u8]) -> Result<Held, Fault> {
        if self.namespace != namespace.as_bytes() {
            return Err(Fault::Bad("it was signed for another purpose than git"));
        }
        if self.key.kind == super::Kind::Rsa && self.value.get(4..11) == Some(b"ssh-rsa") {
            return Err(Fault::Bad("its signature rests on SHA-1, which SSH does not allow"));
        }
        let algorithm = if self.hash == "sha256" { &SHA256 } else { &SHA512 };
        let mut data = MAGIC.to_vec();
        put(&mut data, namespace.as_bytes());
        put(&mut data, b"");
        put(&mut data, self.hash.as_bytes());
        put(&mut data, digest(algorithm, payload).as_ref());
        let held = arithmetic::check(&self.key, &self.value, &data)?;
        Ok(Held { weak: held.weak, untouched: held.untouched })
    }
}

struct Parts<'a> {
    key: &'a [u8],
    namespace: &'a [u8],
    hash: &'a [u8],
    value: &'a [u8],
}

/// Everything behind the version, and nothing more.
fn parts<'a>(reader: &mut Reader<'a>) -> Option<Parts<'a>> {
    let (key, namespace) = (reader.string()?, reader.text()?);
    // Kept for later use by the format, and covered by nothing.
    reader.string()?;
    let parts = Parts { key, namespace, hash: reader.text()?, value: reader.string()? };
    reader.is_empty().then_some(parts)
}

/// The bytes in the armour, and whether anything follows it.
fn dearmoured(text: &[u8]) -> Option<(Vec<u8>, bool)> {
    let text = text.get(..text.len().min(LONGEST))?;
    // The line feed may serve both lines where nothing stands between.
    let body = text.strip_prefix(BEGIN)?;
    let end = memchr::memmem::find(body, END)?;
    let rest = &body[end + END.len()..];
    let digits = &body[..end];
    // C ends the text at a zero.
    let digits = digits.split(|byte| *byte == 0).next()?;
    Some((base64::decode(digits)?, !rest.trim_ascii().is_empty()))
}
