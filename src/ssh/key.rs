//! Public keys of SSH: their kinds, their numbers, and the name that a fingerprint is. A key is
//! read into its plain, canonical form, in which two keys are equal or not.

use ring::digest::{SHA256, digest};

use super::base64;
use super::certificate::{self, Certificate};
use super::wire::{Reader, bits, put, put_number};

/// Shortest RSA key that OpenSSH takes.
const SHORTEST_RSA: usize = 1024;

/// The kind of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Ed25519.
    Ed25519,
    /// RSA.
    Rsa,
    /// ECDSA over a NIST curve of so many bits: 256, 384 or 521.
    Ecdsa(u16),
    /// DSA, which OpenSSH has given up.
    Dsa,
    /// Ed25519 on a security key.
    SkEd25519,
    /// ECDSA over NIST P-256 on a security key.
    SkEcdsa,
}

impl Kind {
    /// The kind that a name stands for, and whether it is that of a certificate.
    pub(super) fn named(name: &[u8]) -> Option<(Self, bool)> {
        const CERTIFIED: &[u8] = b"-cert-v01@openssh.com";
        let (plain, certified) = match name.strip_suffix(CERTIFIED) {
            Some(plain) => (plain, true),
            // Keys on security keys carry the domain without a certificate as well.
            None if name.starts_with(b"sk-") => (name.strip_suffix(b"@openssh.com")?, false),
            None => (name, false),
        };
        let kind = match plain {
            b"ssh-ed25519" => Self::Ed25519,
            b"ssh-rsa" | b"rsa-sha2-256" | b"rsa-sha2-512" => Self::Rsa,
            b"ecdsa-sha2-nistp256" => Self::Ecdsa(256),
            b"ecdsa-sha2-nistp384" => Self::Ecdsa(384),
            b"ecdsa-sha2-nistp521" => Self::Ecdsa(521),
            b"ssh-dss" => Self::Dsa,
            b"sk-ssh-ed25519" => Self::SkEd25519,
            b"sk-ecdsa-sha2-nistp256" => Self::SkEcdsa,
            _ => return None,
        };
        Some((kind, certified))
    }

    /// The name of a plain key of this kind.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ssh-ed25519",
            Self::Rsa => "ssh-rsa",
            Self::Ecdsa(256) => "ecdsa-sha2-nistp256",
            Self::Ecdsa(384) => "ecdsa-sha2-nistp384",
            Self::Ecdsa(_) => "ecdsa-sha2-nistp521",
            Self::Dsa => "ssh-dss",
            Self::SkEd25519 => "sk-ssh-ed25519@openssh.com",
            Self::SkEcdsa => "sk-ecdsa-sha2-nistp256@openssh.com",
        }
    }

    /// The curve's name inside an ECDSA key.
    fn curve(self) -> &'static str {
        match self {
            Self::Ecdsa(384) => "nistp384",
            Self::Ecdsa(521) => "nistp521",
            _ => "nistp256",
        }
    }

    /// The name people use.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::Rsa => "RSA",
            Self::Ecdsa(_) => "ECDSA",
            Self::Dsa => "DSA",
            Self::SkEd25519 => "Ed25519 on a security key",
            Self::SkEcdsa => "ECDSA on a security key",
        }
    }
}

/// The numbers of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Numbers {
    /// A point as 32 bytes; on a security key with its application.
    Edwards { point: Vec<u8>, application: Vec<u8> },
    /// A point as SEC 1 has it; on a security key with its application.
    Curve { point: Vec<u8>, application: Vec<u8> },
    /// Exponent and modulus.
    Rsa { exponent: Vec<u8>, modulus: Vec<u8> },
    /// p, q, g and y.
    Dsa([Vec<u8>; 4]),
}

/// What makes a key this key: two that share it are one key. A certificate has that of the key it
/// certifies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity(pub(super) Vec<u8>);

impl Identity {
    /// `SHA256:` and the digest, as `ssh-keygen -l` shows it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", base64::encode(digest(&SHA256, &self.0).as_ref()))
    }
}

/// A public key, perhaps a certified one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its kind.
    pub kind: Kind,
    /// Its plain self.
    pub identity: Identity,
    /// What was certified about it.
    pub certificate: Option<Box<Certificate>>,
    pub(super) numbers: Numbers,
}

impl PublicKey {
    /// Reads a key or certificate. The certifying signature is checked along with it, as OpenSSH
    /// does: a certificate that was never given out is no key.
    #[must_use]
    pub fn read(blob: &[u8]) -> Option<Self> {
        read(blob, true)
    }

    /// Reads `ssh-ed25519 AAAA…`; what follows the key is handed back.
    pub(super) fn read_line(line: &[u8]) -> Option<(Self, &[u8])> {
        let end = line.iter().position(|byte| is_blank(*byte))?;
        let (kind, certified) = Kind::named(&line[..end])?;
        let rest = line[end..].trim_ascii_start_blank();
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(|byte| is_blank(*byte)).unwrap_or(rest.len());
        let key = Self::read(&base64::decode(&rest[..end])?)?;
        let same = key.kind == kind && key.certificate.is_some() == certified;
        same.then(|| (key, rest[end..].trim_ascii_start_blank()))
    }

    /// Reads a line of a `.pub` file.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::read_line(text.trim_ascii().as_bytes()).map(|(key, _)| key)
    }

    /// `SHA256:…` of the plain key.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.identity.fingerprint()
    }

    /// Length of an RSA or DSA key in bits; of a curve its own.
    #[must_use]
    pub fn bits(&self) -> usize {
        match (&self.numbers, self.kind) {
            (Numbers::Rsa { modulus, .. }, _) => bits(modulus),
            (Numbers::Dsa([p, ..]), _) => bits(p),
            (_, Kind::Ecdsa(bits)) => usize::from(bits),
            _ => 256,
        }
    }
}

/// Reads a key; a certificate only where one may stand.
pub(super) fn read(blob: &[u8], certificates: bool) -> Option<PublicKey> {
    let mut reader = Reader(blob);
    let (kind, certified) = Kind::named(reader.text()?)?;
    if certified {
        if !certificates {
            return None;
        }
        // A number used once stands before the key.
        reader.string()?;
    }
    let numbers = numbers(&mut reader, kind)?;
    let certificate =
        if certified { Some(Box::new(certificate::read(&mut reader, blob)?)) } else { None };
    let identity = Identity(plain(kind, &numbers));
    reader.is_empty().then_some(PublicKey { kind, identity, certificate, numbers })
}

fn numbers(reader: &mut Reader<'_>, kind: Kind) -> Option<Numbers> {
    let owned = |bytes: &[u8]| bytes.to_vec();
    Some(match kind {
        Kind::Ed25519 | Kind::SkEd25519 => {
            let point = reader.string().filter(|point| point.len() == 32)?;
            let application = if kind == Kind::Ed25519 { &[][..] } else { reader.text()? };
            Numbers::Edwards { point: owned(point), application: owned(application) }
        }
        Kind::Ecdsa(_) | Kind::SkEcdsa => {
            reader.text().filter(|curve| *curve == kind.curve().as_bytes())?;
            // Only whole points, as SEC 1 begins them.
            let point = reader.string().filter(|point| point.first() == Some(&4))?;
            let application = if kind == Kind::SkEcdsa { reader.text()? } else { &[] };
            Numbers::Curve { point: owned(point), application: owned(application) }
        }
        Kind::Rsa => {
            let (exponent, modulus) = (owned(reader.number()?), owned(reader.number()?));
            if bits(&modulus) < SHORTEST_RSA {
                return None;
            }
            Numbers::Rsa { exponent, modulus }
        }
        Kind::Dsa => {
            let mut next = || reader.number().map(owned);
            Numbers::Dsa([next()?, next()?, next()?, next()?])
        }
    })
}

/// The one form of a key.
fn plain(kind: Kind, numbers: &Numbers) -> Vec<u8> {
    let mut blob = Vec::new();
    put(&mut blob, kind.name().as_bytes());
    match numbers {
        Numbers::Edwards { point, .. } => put(&mut blob, point),
        Numbers::Curve { point, .. } => {
            put(&mut blob, kind.curve().as_bytes());
            put(&mut blob, point);
        }
        Numbers::Rsa { exponent, modulus } => {
            put_number(&mut blob, exponent);
            put_number(&mut blob, modulus);
        }
        Numbers::Dsa(all) => all.iter().for_each(|number| put_number(&mut blob, number)),
    }
    match numbers {
        Numbers::Edwards { application, .. } | Numbers::Curve { application, .. }
            if matches!(kind, Kind::SkEd25519 | Kind::SkEcdsa) =>
        {
            put(&mut blob, application);
        }
        _ => {}
    }
    blob
}

/// What parts the words of a line.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Skips blanks and tabs, and nothing else.
pub(super) trait Blanks {
    /// Without leading blanks and tabs.
    fn trim_ascii_start_blank(&self) -> &Self;
}

impl Blanks for [u8] {
    fn trim_ascii_start_blank(&self) -> &Self {
        let blanks = self.iter().take_while(|byte| is_blank(**byte)).count();
        &self[blanks..]
    }
}
