//! Keys that hold no longer: a list of public keys, or the binary list that `ssh-keygen -k` makes.
//! A list that cannot be read in full is none: whoever asked for one must not go without.

use std::collections::HashSet;

use super::key::{Blanks, Identity, PublicKey};
use super::krl::Krl;

/// Keys that were called back.
#[derive(Debug, Clone)]
pub struct Revoked(Form);

#[derive(Debug, Clone)]
enum Form {
    Keys(HashSet<Identity>),
    Binary(Box<Krl>),
}

impl Revoked {
    /// Reads a list of either form.
    ///
    /// # Errors
    /// Why it cannot be read, a fragment.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.starts_with(super::krl::MAGIC) {
            let list = Krl::read(bytes).ok_or("it is damaged, or of a kind not known here")?;
            return Ok(Self(Form::Binary(Box::new(list))));
        }
        let mut keys = HashSet::new();
        for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1_u64..) {
            let line = line.split(|byte| *byte == 0).next().unwrap_or_default();
            let line = line.trim_ascii_start_blank();
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            let (key, _) = PublicKey::read_line(line)
                .ok_or_else(|| format!("its line {number} is no public key"))?;
            keys.insert(key.identity);
        }
        Ok(Self(Form::Keys(keys)))
    }

    /// Whether a key was called back, or the one that certifies it.
    #[must_use]
    pub fn holds(&self, key: &PublicKey) -> bool {
        match &self.0 {
            Form::Binary(list) => list.holds(key),
            Form::Keys(keys) => {
                let authority = key.certificate.as_ref().map(|it| &it.authority.identity);
                keys.contains(&key.identity) || authority.is_some_and(|it| keys.contains(it))
            }
        }
    }
}
