//! Looks at the SSH key that git is told to sign with: whether it is there, of what kind and how
//! long. Reads the public half only; the private one is looked for and never opened.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Given, Kind, World};
use crate::observation::Unknown;
use crate::ssh;
use crate::sys;

/// A public key is this long at most.
const LARGEST: u64 = 64 << 10;

/// The probe.
pub struct SshKey;

/// Which key is meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// `user.signingkey`: a file, or the public key itself.
    #[serde(default)]
    pub key: Option<String>,
}

/// The key.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Found {
    /// Whether there is a public key to look at.
    pub present: bool,
    /// Why there is none, a fragment.
    pub reason: Option<String>,
    /// The file that holds the public key.
    pub file: Option<String>,
    /// `ssh-ed25519`, `ssh-rsa` and so on.
    pub algorithm: Option<String>,
    /// Length of an RSA key.
    pub bits: Option<u64>,
    /// Whether the private half lies beside it; none for a key that an agent holds.
    pub private: Option<bool>,
}

impl Kind for SshKey {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "ssh_key";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> =
        Some(&[("key", Given::Only(&["run.signing.key"]))]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let none = |reason: String| Found { reason: Some(reason), ..Found::default() };
        let Some(key) = arguments.key.filter(|key| !key.trim().is_empty()) else {
            return Ok(none("user.signingkey names no key".to_owned()));
        };
        let inline = key.strip_prefix("key::").or_else(|| key.starts_with("ssh-").then_some(&*key));
        if let Some(text) = inline {
            return Ok(described(text, None, None).unwrap_or_else(|| {
                none("user.signingkey holds a key that cannot be read".to_owned())
            }));
        }
        let path = sys::opened_out(world.system, &key)
            .ok_or_else(|| Unknown::because("HOME is not set"))?;
        let shown = path.to_string_lossy().into_owned();
        let public = PathBuf::from(format!("{}.pub", shown.trim_end_matches(".pub")));
        let there = |path: &Path| world.system.kind(path) == Some(sys::Kind::File);
        let private = there(&public.with_extension(""));
        let Ok(bytes) = world.system.read(&public, LARGEST) else {
            return Ok(none(format!("{} is not there or cannot be read", public.display())));
        };
        let file = Some(public.to_string_lossy().into_owned());
        let text = String::from_utf8_lossy(&bytes);
        Ok(described(&text, file, Some(private))
            .unwrap_or_else(|| none(format!("{} holds no SSH key", public.display()))))
    }
}

fn described(text: &str, file: Option<String>, private: Option<bool>) -> Option<Found> {
    let mut words = text.split_whitespace();
    let (algorithm, key) = (words.next()?, words.next()?);
    let blob = ssh::decode(key.as_bytes())?;
    let mut fields = Fields(&blob);
    let named = fields.next()?;
    if named != algorithm.as_bytes() {
        return None;
    }
    let bits = (algorithm == "ssh-rsa").then(|| fields.nth(1).map(bits)).flatten();
    Some(Found {
        present: true,
        reason: None,
        file,
        algorithm: Some(algorithm.to_owned()),
        bits,
        private,
    })
}

/// The fields of an SSH key, each after its length.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let field = rest.get(..length)?;
        self.0 = &rest[length..];
        Some(field)
    }
}

/// Bits of a big number.
fn bits(number: &[u8]) -> u64 {
    let digits = &number[number.iter().take_while(|byte| **byte == 0).count()..];
    let first = digits.first().map_or(0, |byte| byte.leading_zeros());
    (digits.len() as u64 * 8).saturating_sub(u64::from(first))
}
