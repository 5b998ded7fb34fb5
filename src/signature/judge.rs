//! What each signature is worth: joins the claim in the packet, the arithmetic and the keyring to
//! one verdict. A verdict is `good` only where the signature holds, its key is sound and the user
//! trusts it. Reads no configuration of any repository, and knows no key of its own.

use std::collections::BTreeSet;

use crate::pgp::key::{Key, Listing, Secret, day};
use crate::pgp::packet::{self, Claim};
use crate::pgp::{Checked, Keyring, Status};

use super::verdict::{Verdict, Word};

/// Something that may be signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// The bytes the signature covers.
    pub payload: &'a [u8],
    /// The signature as it stands in the object.
    pub signature: Option<&'a [u8]>,
}

/// Judges each object, in order. The keyring is listed once for all of them, and only signatures
/// whose key is in it are checked: each check starts gpg. `forge_keys` are fingerprints or long
/// ids of hosting sites' keys.
pub fn judge(objects: &[Signed<'_>], keyring: &dyn Keyring, forge_keys: &[String]) -> Vec<Verdict> {
    let read: Vec<_> = objects.iter().map(|object| object.signature.map(claim)).collect();
    let issuers: BTreeSet<String> =
        read.iter().flatten().flatten().filter_map(|claim| claim.issuer.clone()).collect();
    let issuers: Vec<String> = issuers.into_iter().collect();
    let keys = if issuers.is_empty() {
        Err("the signature does not name its key".to_owned())
    } else {
        keyring.public_keys(&issuers).map_err(|unknown| unknown.0)
    };
    let bench = Bench { keyring, keys, forge_keys };
    let verdict = |(object, read): (&Signed<'_>, Option<Read>)| match read {
        None => Verdict::plain(Word::Unsigned, "it is not signed"),
        Some(Err((word, reason))) => Verdict::plain(word, reason),
        Some(Ok(claim)) => bench.judge(*object, &claim),
    };
    objects.iter().zip(read).map(verdict).collect()
}

type Read = Result<Claim, (Word, String)>;

/// The one claim of a signature, or the verdict that follows from its form alone.
fn claim(signature: &[u8]) -> Read {
    let unsupported = |what: &str| Err((Word::Unsupported, what.to_owned()));
    let text = String::from_utf8_lossy(&signature[..signature.len().min(64)]);
    let head = text.trim_start();
    if head.is_empty() {
        return Err((Word::Bad, "its signature is empty".to_owned()));
    }
    if head.starts_with("-----BEGIN SSH ") {
        return unsupported("it is signed with an SSH key, which is not checked here");
    }
    if head.starts_with("-----BEGIN SIGNED MESSAGE") {
        return unsupported("it is signed with an X.509 certificate, which is not checked here");
    }
    if !head.starts_with("-----BEGIN PGP ") {
        return unsupported("it is signed in a form that is not known here");
    }
    let mut claims = packet::claims(signature).map_err(|reason| (Word::Bad, reason))?;
    match (claims.pop(), claims.len()) {
        (Some(claim), 0) => Ok(claim),
        // git itself takes an object with several for unsigned.
        _ => unsupported("it carries several signatures, and git accepts only one"),
    }
}

struct Bench<'a> {
    keyring: &'a dyn Keyring,
    keys: Result<Listing, String>,
    forge_keys: &'a [String],
}

impl Bench<'_> {
    fn judge(&self, object: Signed<'_>, claim: &Claim) -> Verdict {
        let listing = match &self.keys {
            Ok(listing) => listing,
            Err(reason) => return Verdict::of(claim, Word::Unchecked, reason.clone()),
        };
        let issuer = claim.issuer.as_deref().unwrap_or("");
        let Some(key) = listing.keys.iter().find(|key| key.answers_to(issuer)) else {
            return self.stranger(claim, listing);
        };
        let signature = object.signature.unwrap_or_default();
        match self.keyring.check(object.payload, signature) {
            Ok(checked) => self.known(claim, &checked, key, listing),
            Err(unknown) => Verdict::of(claim, Word::Unchecked, unknown.0),
        }
    }

    /// The key is not here, so what the signature says of its maker is all there is.
    fn stranger(&self, claim: &Claim, listing: &Listing) -> Verdict {
        let issuer = claim.issuer.as_deref().unwrap_or("");
        if self.is_forge(issuer) {
            let reason = "it names the hosting site's own key, which is not in your keyring";
            return Verdict::of(claim, Word::ForgeSigned, reason);
        }
        if !listing.gpg {
            return Verdict::of(claim, Word::Unchecked, "gpg is not installed");
        }
        let reason = match issuer {
            "" => "its signature does not name a key".to_owned(),
            issuer => format!("its key {issuer} is not in your keyring"),
        };
        Verdict::of(claim, Word::MissingKey, reason)
    }

    fn known(&self, claim: &Claim, checked: &[Checked], key: &Key, listing: &Listing) -> Verdict {
        let [checked] = checked else {
            return Verdict::of(claim, Word::Unsupported, "it carries several signatures");
        };
        let (word, reason) = match &checked.status {
            Status::Good if self.is_forge_key(key) => {
                (Word::ForgeSigned, "it is signed by the hosting site, not by a person".to_owned())
            }
            Status::Good => trust(key, listing),
            Status::ExpiredKey => (Word::GoodExpiredKey, expiry(key, checked)),
            Status::RevokedKey => (Word::GoodRevokedKey, "its key was revoked".to_owned()),
            Status::ExpiredSignature => {
                (Word::GoodExpiredSignature, "the signature was made to expire, and has".to_owned())
            }
            Status::Bad => (Word::Bad, "the signature does not belong to this content".to_owned()),
            Status::MissingKey => (Word::MissingKey, "its key is not in your keyring".to_owned()),
            Status::Other(reason) => (Word::Unchecked, format!("gpg says: {reason}")),
        };
        let mut verdict = Verdict::of(claim, word, reason).by(key);
        verdict.own = signed_by_own(key, checked);
        verdict.reason = verdict.reason.filter(|reason| !reason.is_empty());
        verdict
    }

    fn is_forge(&self, id: &str) -> bool {
        let id = id.to_ascii_uppercase();
        id.len() >= 16 && self.forge_keys.iter().any(|forge| same_key(&id, forge))
    }

    fn is_forge_key(&self, key: &Key) -> bool {
        key.parts.iter().any(|part| self.is_forge(&part.fingerprint))
    }
}

/// A long key id is the end of its fingerprint.
fn same_key(id: &str, other: &str) -> bool {
    let other = other.to_ascii_uppercase();
    other.len() >= 16 && (id.ends_with(&other) || other.ends_with(id))
}

fn trust(key: &Key, listing: &Listing) -> (Word, String) {
    if key.trusted {
        return (Word::Good, String::new());
    }
    let reason = if listing.stale_trust {
        "gpg has not worked out whether to trust its key: run `gpg --check-trustdb`"
    } else {
        "its key is in your keyring, but you have not said that you trust it"
    };
    (Word::Untrusted, reason.to_owned())
}

fn expiry(key: &Key, checked: &Checked) -> String {
    let signer = key.parts.iter().find(|part| Some(&part.fingerprint) == checked.key.as_ref());
    let seconds = signer.or(key.primary()).and_then(|part| part.expires);
    match seconds.and_then(day) {
        Some(day) => format!("its key expired on {day}"),
        None => "its key has expired".to_owned(),
    }
}

fn signed_by_own(key: &Key, checked: &Checked) -> bool {
    let here = key.parts.iter().filter(|part| part.secret != Secret::Absent);
    let mut fingerprints = here.map(|part| &part.fingerprint);
    fingerprints.any(|fingerprint| Some(fingerprint) == checked.key.as_ref())
}
