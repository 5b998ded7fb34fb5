//! How much a key's signatures prove, by its kind and length: the Apache Software Foundation's words
//! on release keys, and one place for them. What a project makes of it is for its checks to say.

use schemars::JsonSchema;
use serde::Serialize;

/// How much a key's signatures prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// As much as any.
    Strong,
    /// Enough, but a new key should be longer.
    Short,
    /// Nothing: they can be forged.
    Weak,
    /// The kind of key is not known here.
    Unknown,
}

/// How much signatures by such a key prove.
#[must_use]
pub fn strength(algorithm: &str, bits: Option<u64>) -> Strength {
    match (algorithm, bits) {
        ("DSA" | "ElGamal" | "ssh-dss", _) => Strength::Weak,
        ("RSA" | "ssh-rsa", Some(bits)) if bits < 2048 => Strength::Weak,
        ("RSA" | "ssh-rsa", Some(bits)) if bits < 4096 => Strength::Short,
        ("RSA" | "ssh-rsa", Some(_)) | ("EdDSA" | "Ed25519" | "Ed448" | "ssh-ed25519", _) => {
            Strength::Strong
        }
        ("ECDSA", Some(bits)) if bits >= 256 => Strength::Strong,
        (name, _) if name.starts_with("ecdsa-sha2-nistp") || name.starts_with("sk-") => {
            Strength::Strong
        }
        _ => Strength::Unknown,
    }
}
