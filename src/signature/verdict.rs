//! What a signature is worth: the words for it, and what stands behind each. Values only; nothing
//! here looks at a signature.

use schemars::JsonSchema;
use serde::Serialize;

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
    /// The letter that `git log --format=%G?` prints: one of `GUXYRBEN`; `?` where git stops
    /// instead, or where it cannot be told here.
    pub git: char,
    /// Fingerprint of the key or subkey that signed, where the signature holds.
    pub fingerprint: Option<String>,
    /// Whether that key was valid when the signature says it was made; none where that cannot be
    /// told, as with a key that fell into other hands.
    pub then: Option<bool>,
    /// When it was made, by its own word; seconds since the epoch.
    pub created: Option<i64>,
    /// Fingerprint of the primary key, or what the signature says of its maker.
    pub key: Option<String>,
    /// The key's first name.
    pub signer: Option<String>,
    /// E-mail addresses of the key.
    pub emails: Vec<String>,
    /// The secret half is this user's.
    pub own: bool,
    /// Algorithm of the key that signed.
    pub algorithm: Option<String>,
    /// Its length in bits.
    pub bits: Option<u32>,
    /// Hash algorithm.
    pub hash: Option<String>,
    /// Whether that hash can be forged.
    pub weak: bool,
    /// Why it is not good, or what else there is to be said of one that is; a fragment.
    pub reason: Option<String>,
}

impl Verdict {
    pub(super) fn plain(word: Word, git: char, reason: impl Into<String>) -> Self {
        Self {
            word,
            git,
            fingerprint: None,
            then: None,
            created: None,
            key: None,
            signer: None,
            emails: Vec::new(),
            own: false,
            algorithm: None,
            bits: None,
            hash: None,
            weak: false,
            reason: Some(reason.into()),
        }
    }
}
