//! From an OpenPGP signature and the listed keys to a verdict and git's letter. The arithmetic is
//! the tool's; here its outcome gets its name and its reason. Pure.

use std::collections::BTreeSet;

use crate::pgp::check::{Keys, Outcome, Signer};
use crate::pgp::hex;
use crate::pgp::key::Secret;
use crate::pgp::packet::{self, Reading, Signature, Unwrapped};

use super::standing::{Standing, standing};
use super::verdict::{Verdict, Word};

const BY_FORGE: &str = "it is signed by the hosting site, not by a person";

/// What all objects are judged with.
pub(super) struct Bench<'a> {
    /// The keys, or why there are none.
    pub(super) keys: Result<Keys<'a>, String>,
    /// Fingerprints or long ids of hosting sites' keys.
    pub(super) forge_keys: &'a [String],
}

/// Adds what a signature calls its key, as bytes.
pub(super) fn name_issuers(unwrapped: &Unwrapped, issuers: &mut BTreeSet<Vec<u8>>) {
    // Of several signatures only the first is ever checked.
    let reading = unwrapped.read();
    for name in reading.signatures.first().into_iter().flat_map(Signature::raw_names) {
        // A long history names few keys.
        if !issuers.contains(name) {
            issuers.insert(name.to_vec());
        }
    }
}

impl Bench<'_> {
    /// Judges one signature over a payload.
    pub(super) fn judge(
        &self,
        payload: &[u8],
        opened: Result<&Unwrapped, &&'static str>,
    ) -> Verdict {
        let unwrapped = match opened {
            Ok(unwrapped) => unwrapped,
            Err(reason) => return Verdict::plain(Word::Bad, 'N', *reason),
        };
        let reading = unwrapped.read();
        let first = match sole(&reading) {
            Ok(first) => first,
            Err(verdict) => return *verdict,
        };
        let keys = match &self.keys {
            Ok(keys) => keys,
            Err(reason) => return of(first, Word::Unchecked, '?', reason.clone()),
        };
        let (outcome, signer) = keys.check(payload, first);
        let Some(signer) = signer else { return self.stranger(first, outcome, keys) };
        let mut verdict = match outcome {
            Outcome::Holds | Outcome::Rewritten => {
                self.holding(first, &reading, signer, keys, is_tag(payload))
            }
            _ => failed(first, outcome, signer),
        };
        if outcome == Outcome::Rewritten {
            verdict.word = Word::Bad;
            verdict.reason = Some("somebody wrote the signature in another form".to_owned());
        }
        verdict.key = Some(signer.key.fingerprint.clone());
        verdict.signer = signer.key.user_ids.first().map(|id| id.text.clone());
        verdict.emails = signer.key.user_ids.iter().filter_map(|id| id.email.clone()).collect();
        verdict.algorithm = Some(signer.part.algorithm.clone());
        verdict.bits = signer.part.bits;
        verdict.own = signer.part.secret != Secret::Absent;
        verdict
    }

    /// No key that is known here, so what the signature says of its maker is all there is.
    fn stranger(&self, signature: &Signature<'_>, outcome: Outcome, keys: &Keys<'_>) -> Verdict {
        let unsupported = |git, reason: &str| of(signature, Word::Unsupported, git, reason);
        match outcome {
            Outcome::UnknownHash => unsupported('N', "its hash algorithm is not known"),
            Outcome::UnknownAlgorithm => unsupported('E', "its algorithm is not known"),
            Outcome::OtherClass => of(signature, Word::Bad, 'E', "it is no signature over content"),
            _ => self.missing(signature, keys),
        }
    }

    fn missing(&self, signature: &Signature<'_>, keys: &Keys<'_>) -> Verdict {
        let names = signature.names();
        if names.iter().any(|name| self.is_forge(name)) {
            let reason = "it names the hosting site's own key, which is not in your keyring";
            return of(signature, Word::ForgeSigned, 'E', reason);
        }
        if !keys.listing.gpg {
            return of(signature, Word::Unchecked, '?', "gpg is not installed");
        }
        let Some(name) = names.first() else {
            return of(signature, Word::MissingKey, 'E', "its signature does not name a key");
        };
        if names.iter().any(|name| keys.listing.unreadable.contains(name)) {
            let reason = format!("its key {name} is too large to be read: somebody blew it up");
            return of(signature, Word::Unchecked, '?', reason);
        }
        of(signature, Word::MissingKey, 'E', format!("its key {name} is not in your keyring"))
    }

    /// The arithmetic is right: what the key is worth decides, and whether anything else is there.
    fn holding(
        &self,
        signature: &Signature<'_>,
        reading: &Reading<'_>,
        signer: Signer<'_>,
        keys: &Keys<'_>,
        tag: bool,
    ) -> Verdict {
        let Standing { word, git, then, reason } = standing(signature, signer, keys.listing);
        let forge = self.by_forge(signature, signer);
        let (word, reason) = match (word, surplus(reading, tag)) {
            (_, Some(odd)) => (Word::Unsupported, Some(odd)),
            (Word::Good | Word::Untrusted, None) if forge => {
                (Word::ForgeSigned, Some(BY_FORGE.to_owned()))
            }
            // A site replaces its key once it has expired: nobody can renew what it signed before.
            (Word::GoodExpiredKey, None) if forge && then == Some(true) && git == 'Y' => {
                let since = reason.map(|reason| format!("; {reason}")).unwrap_or_default();
                (Word::ForgeSigned, Some(format!("{BY_FORGE}{since}")))
            }
            (Word::Good, None) => (Word::Good, remark(signature, reading, keys)),
            (word, None) => (word, reason),
        };
        let fingerprint = Some(signer.part.fingerprint.clone());
        Verdict { fingerprint, then, reason, ..of(signature, word, git, "") }
    }

    /// Whether a hosting site's own key made it: a site's key that somebody hung below theirs makes
    /// it no site's.
    fn by_forge(&self, signature: &Signature<'_>, signer: Signer<'_>) -> bool {
        let mut parts = std::iter::once(signer.part).chain(signer.key.primary());
        let own = parts.any(|part| self.is_forge(&part.fingerprint));
        own && !signer.key.disabled && !packet::weak_hash(signature.hash)
    }

    fn is_forge(&self, id: &str) -> bool {
        let id = id.to_ascii_uppercase();
        id.len() >= 16 && self.forge_keys.iter().any(|forge| same_key(&id, forge))
    }
}

/// The signature that counts, or the verdict that follows from the form alone.
fn sole<'a, 'b>(reading: &'b Reading<'a>) -> Result<&'b Signature<'a>, Box<Verdict>> {
    let verdict = |word, git, reason: &str| Err(Box::new(Verdict::plain(word, git, reason)));
    if reading.packed {
        return verdict(Word::Unsupported, '?', "it is packed, and is not unpacked here");
    }
    if reading.message {
        let reason = "it is a whole signed message, not a signature over this content";
        return verdict(Word::Bad, 'N', reason);
    }
    let Some(first) = reading.signatures.first() else {
        let reason = reading.stopped.or(reading.odd).unwrap_or("it holds no signature");
        let word = if reading.newer { Word::Unsupported } else { Word::Bad };
        return verdict(word, 'N', reason);
    };
    let alike = reading.signatures.iter().all(|other| other.class == first.class);
    if reading.signatures.len() > 1 && alike && packet::known_hash(first.hash) {
        let reason = "it carries several signatures, and git accepts only one";
        return verdict(Word::Unsupported, 'E', reason);
    }
    Ok(first)
}

/// What stands beside the one signature and is covered by nothing.
fn surplus(reading: &Reading<'_>, tag: bool) -> Option<String> {
    let several = "it carries several signatures, of which only the first was looked at";
    let odd = if reading.signatures.len() > 1 { Some(several) } else { reading.odd };
    let behind = "text follows its signature, and nothing covers it";
    odd.or((tag && reading.trailing).then_some(behind)).map(str::to_owned)
}

/// What is to be said of a good signature.
fn remark(signature: &Signature<'_>, reading: &Reading<'_>, keys: &Keys<'_>) -> Option<String> {
    const DAY: i64 = 86_400;
    let remark = if reading.trailing {
        "text follows its signature, and nothing covers it"
    } else if signature.class == 1 {
        "it was signed as text, so what its lines end in is not covered"
    } else if signature.version < 4 {
        "its signature is in a form of the nineties"
    } else if i64::from(signature.created) > keys.listing.now.saturating_add(DAY) {
        "its signature is dated in the future: a clock was wrong, yours or the signer's"
    } else {
        return None;
    };
    Some(remark.to_owned())
}

fn failed(signature: &Signature<'_>, outcome: Outcome, signer: Signer<'_>) -> Verdict {
    let bad = |git, reason: &str| of(signature, Word::Bad, git, reason);
    match outcome {
        Outcome::Critical => bad('B', "it demands something of its readers that nobody knows"),
        Outcome::InvalidKey => bad('E', "nothing binds its key to a name"),
        Outcome::TooEarly => bad('E', "its key was made only after the signature"),
        Outcome::Refused => bad('E', "it rests on MD5, which anybody can forge"),
        Outcome::NotForSigning => bad('E', "its key was not made for signing"),
        Outcome::ShortHash => bad('E', "its hash is too short for its key"),
        Outcome::OtherNumbers => bad('E', "it is not of the kind that its key makes"),
        Outcome::NotBound => {
            bad('E', "its subkey does not say that it belongs to its key, so it may be stolen")
        }
        Outcome::Beyond(reason) => of(signature, Word::Unsupported, '?', reason),
        Outcome::Unclear => {
            let key = &signer.key.fingerprint;
            let reason = format!("its key {key} is too large to be read: somebody blew it up");
            of(signature, Word::Unchecked, '?', reason)
        }
        _ => bad('B', "the signature does not belong to this content"),
    }
}

fn of(signature: &Signature<'_>, word: Word, git: char, reason: impl Into<String>) -> Verdict {
    Verdict {
        key: signature.raw_names().next().map(hex),
        hash: Some(packet::hash_name(signature.hash)),
        weak: packet::weak_hash(signature.hash),
        created: Some(i64::from(signature.created)),
        ..Verdict::plain(word, git, reason)
    }
}

fn is_tag(payload: &[u8]) -> bool {
    payload.starts_with(b"object ")
}

/// A long key id is the end of its fingerprint.
fn same_key(id: &str, other: &str) -> bool {
    let other = other.to_ascii_uppercase();
    other.len() >= 16 && (id.ends_with(&other) || other.ends_with(id))
}
