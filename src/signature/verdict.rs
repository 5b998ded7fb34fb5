//! What a signature is worth: the words for it, and what stands behind each. Values only; nothing
//! here looks at a signature.

use schemars::JsonSchema;
use serde::Serialize;

use crate::pgp::Key;
use crate::pgp::packet::{self, Claim};

/// What a signature is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// It holds and the user trusts its key.
    Good,
    /// It holds; the key is merely in the keyring.
    Untrusted,
    /// It holds; its key has expired.
    GoodExpiredKey,
    /// It holds; its key was revoked.
    GoodRevokedKey,
    /// It holds; its maker let it hold until a date that has passed.
    GoodExpiredSignature,
    /// The content is not what was signed, or the signature is damaged.
    Bad,
    /// Its key is not in the keyring.
    MissingKey,
    /// Of a kind onramp does not check, such as SSH.
    Unsupported,
    /// It could not be checked here, for instance because gpg is missing.
    Unchecked,
    /// There is none.
    Unsigned,
    /// Made by a hosting site with its own key.
    ForgeSigned,
    /// It holds and the user trusts its key, which belongs to somebody else than the author.
    IdentityMismatch,
}

/// A verdict with what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The verdict.
    pub word: Word,
    /// Fingerprint of the primary key, or what the signature says of its maker.
    pub key: Option<String>,
    /// The key's first name.
    pub signer: Option<String>,
    /// E-mail addresses of the key.
    pub emails: Vec<String>,
    /// The secret half is this user's.
    pub own: bool,
    /// Hash algorithm.
    pub hash: Option<String>,
    /// Whether that hash can be forged.
    pub weak: bool,
    /// Why it is not simply good, a fragment.
    pub reason: Option<String>,
}

impl Verdict {
    pub(super) fn plain(word: Word, reason: impl Into<String>) -> Self {
        let reason = Some(reason.into());
        let (key, signer, hash) = (None, None, None);
        Self { word, key, signer, emails: Vec::new(), own: false, hash, weak: false, reason }
    }

    pub(super) fn of(claim: &Claim, word: Word, reason: impl Into<String>) -> Self {
        Self {
            key: claim.issuer.clone(),
            hash: Some(packet::hash_name(claim.hash)),
            weak: packet::weak_hash(claim.hash),
            ..Self::plain(word, reason)
        }
    }

    pub(super) fn by(mut self, key: &Key) -> Self {
        self.key = Some(key.fingerprint.clone());
        self.signer = key.user_ids.first().map(|id| id.text.clone());
        self.emails = key.user_ids.iter().filter_map(|id| id.email.clone()).collect();
        self
    }
}
