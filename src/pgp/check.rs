//! Checks one signature with the keys that were listed, step by step in the order in which gpg
//! does, so that git's letter follows from the outcome. Pure: what time and trust make of a
//! signature that holds is settled elsewhere.

use std::collections::HashMap;

use super::arithmetic::{self, Sum};
use super::digest;
use super::key::{Key, Listing, Part};
use super::material::{Material, hex};
use super::packet::{Signature, known_hash};
use super::sums::{Anew, Sums};

/// Keys by what signatures call them.
#[derive(Debug)]
pub struct Keys<'k> {
    /// The listing they come from.
    pub listing: &'k Listing,
    sums: &'k dyn Sums,
    fingerprints: HashMap<&'k str, Vec<Signer<'k>>>,
    ids: HashMap<&'k str, Vec<Signer<'k>>>,
}

/// A key or subkey that may have signed, with the whole key it is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signer<'k> {
    /// The whole key.
    pub key: &'k Key,
    /// The part that signs.
    pub part: &'k Part,
}

/// How one signature came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It belongs to this content, and its key may sign.
    Holds,
    /// As [`Outcome::Holds`], but somebody wrote it in another form afterwards.
    Rewritten,
    /// It does not belong to this content.
    Fails,
    /// It demands to be understood in a way that nobody knows.
    Critical,
    /// Its key is not among those listed.
    NoKey,
    /// Its hash algorithm is not known.
    UnknownHash,
    /// It is no signature over content, but over a key, a name or nothing.
    OtherClass,
    /// Its public-key algorithm is not known.
    UnknownAlgorithm,
    /// Nothing valid binds its key to a name, or to its primary key.
    InvalidKey,
    /// Its key was made after it, or is made in the future.
    TooEarly,
    /// It rests on MD5, which gpg refuses.
    Refused,
    /// Its key was not made for signing.
    NotForSigning,
    /// Its hash is too short for its key.
    ShortHash,
    /// It does not consist of the numbers that such a key makes.
    OtherNumbers,
    /// Its subkey does not acknowledge the primary key.
    NotBound,
    /// Nobody here can check a signature by such a key, a fragment that says why.
    Beyond(&'static str),
    /// Whether the subkey belongs to its key could not be looked at.
    Unclear,
}

const MD5: u8 = 1;
/// Public-key algorithms that gpg knows and that can sign.
const ALGORITHMS: [u8; 5] = [1, 3, 17, 19, 22];

impl<'k> Keys<'k> {
    /// Sorts a listing.
    #[must_use]
    pub fn of(listing: &'k Listing) -> Self {
        let (mut fingerprints, mut ids) = (HashMap::new(), HashMap::new());
        for key in &listing.keys {
            for part in &key.parts {
                let signer = Signer { key, part };
                let push = |into: &mut HashMap<&'k str, Vec<Signer<'k>>>, name: &'k str| {
                    into.entry(name).or_default().push(signer);
                };
                push(&mut fingerprints, &part.fingerprint);
                push(&mut ids, &part.key_id);
            }
        }
        Self { listing, sums: &Anew, fingerprints, ids }
    }

    /// The same keys, with sums that may be known already.
    #[must_use]
    pub fn with(self, sums: &'k dyn Sums) -> Self {
        Self { sums, ..self }
    }

    /// Checks one signature over a payload, and says whose it is where that is known.
    #[must_use]
    pub fn check(
        &self,
        payload: &[u8],
        signature: &Signature<'_>,
    ) -> (Outcome, Option<Signer<'k>>) {
        if let Some(outcome) = refused_by_form(signature) {
            return (outcome, None);
        }
        let named =
            signature.fingerprint.and_then(|bytes| self.fingerprints.get(hex(bytes).as_str()));
        // Without a key of that fingerprint gpg goes by the id, and by that of zeros where there
        // is none.
        let Some(signers) = named.or_else(|| self.ids.get(hex(&signature.key_id).as_str())) else {
            return (Outcome::NoKey, None);
        };
        let mut first = None;
        for signer in signers {
            let outcome = self.judge(payload, signature, *signer);
            // Anybody can list somebody else's key as a subkey of their own: whoever it
            // acknowledges has precedence over whoever comes first.
            if !matches!(outcome, Outcome::NotBound | Outcome::InvalidKey) {
                return (outcome, Some(*signer));
            }
            first = first.or(Some((outcome, Some(*signer))));
        }
        first.unwrap_or((Outcome::NoKey, None))
    }

    fn judge(&self, payload: &[u8], signature: &Signature<'_>, signer: Signer<'_>) -> Outcome {
        let Signer { key, part } = signer;
        if part.invalid || key.primary().is_some_and(|primary| primary.invalid) {
            return Outcome::InvalidKey;
        }
        let made = part.created.unwrap_or(i64::MAX);
        if made > i64::from(signature.created) || made > self.listing.now {
            return Outcome::TooEarly;
        }
        if signature.hash == MD5 {
            return Outcome::Refused;
        }
        if !part.signs {
            return Outcome::NotForSigning;
        }
        match arithmetic(payload, signature, part, self.sums) {
            Outcome::Holds | Outcome::Rewritten if signature.critical => Outcome::Critical,
            Outcome::Holds | Outcome::Rewritten if part.bound == Some(false) => Outcome::NotBound,
            Outcome::Holds | Outcome::Rewritten if is_loose(signer) => Outcome::Unclear,
            outcome => outcome,
        }
    }
}

/// A subkey of which nobody looked whether it belongs to its key.
fn is_loose(signer: Signer<'_>) -> bool {
    signer.part.bound.is_none() && signer.part.fingerprint != signer.key.fingerprint
}

fn refused_by_form(signature: &Signature<'_>) -> Option<Outcome> {
    if !known_hash(signature.hash) {
        Some(Outcome::UnknownHash)
    } else if signature.class > 1 {
        Some(Outcome::OtherClass)
    } else if !ALGORITHMS.contains(&signature.algorithm) {
        Some(Outcome::UnknownAlgorithm)
    } else {
        None
    }
}

fn arithmetic(payload: &[u8], signature: &Signature<'_>, part: &Part, sums: &dyn Sums) -> Outcome {
    let Some(key) = Material::of(part.code, &part.numbers) else {
        return Outcome::Beyond("its key is of a kind that is not checked here");
    };
    if digest::length(signature.hash) < key.shortest_hash() {
        return Outcome::ShortHash;
    }
    let bytes = digest::covered(payload, signature);
    let codes = [part.code, signature.algorithm, signature.hash];
    let mut question: Vec<&[u8]> = vec![&codes, &bytes];
    question.extend(part.numbers.iter().map(Vec::as_slice));
    // Key and signature consist of as many numbers as their codes say, so nothing runs together.
    question.extend(&signature.numbers);
    let mut done = None;
    let known = sums.settle(&question, &mut || {
        let sum = arithmetic::check(&key, signature, &bytes);
        done = Some(sum);
        match sum {
            Sum::Holds => Some(true),
            Sum::Fails => Some(false),
            Sum::Rewritten | Sum::OtherNumbers | Sum::Beyond(_) => None,
        }
    });
    match (done, known) {
        (Some(Sum::Holds), _) | (None, Some(true)) => Outcome::Holds,
        (Some(Sum::Rewritten), _) => Outcome::Rewritten,
        (Some(Sum::OtherNumbers), _) => Outcome::OtherNumbers,
        (Some(Sum::Beyond(reason)), _) => Outcome::Beyond(reason),
        (Some(Sum::Fails), _) | (None, _) => Outcome::Fails,
    }
}
