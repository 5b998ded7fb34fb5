//! OpenPGP keys as they are shown: strength, names, dates, where the secret halves are, and what
//! keeps each from signing. Pure; judges a key by facts that the listing holds.

use std::collections::{BTreeMap, BTreeSet};

use crate::pgp::Key;
use crate::pgp::key::{Part, Revocation, Secret, day};
use crate::signature::strength::strength;

use super::named::Meant;
use super::shape::{self, Kept, KeyKind, Revoked, State};

/// Names that are shown of one key; some carry thousands.
const NAMES: usize = 100;

/// What is known beside the listing.
#[derive(Debug, Default)]
pub struct Beside {
    /// The machine's clock, in seconds.
    pub now: i64,
    /// The commit e-mail.
    pub email: Option<String>,
    /// Fingerprints of keys for which a revocation certificate lies ready; none where their folder
    /// cannot be read.
    pub certificates: Option<BTreeSet<String>>,
    /// Revocations by fingerprint.
    pub revocations: BTreeMap<String, Revocation>,
}

/// A key as it is shown; `meant` is what names it where git would use it.
#[must_use]
pub fn shown(key: &Key, meant: Option<&Meant>, beside: &Beside) -> shape::Key {
    let signer = meant.map_or_else(|| key.signer(), |meant| meant.signer(key));
    let signing: Vec<&Part> = match meant.and_then(|meant| meant.part(key)) {
        Some(part) => vec![part],
        None => key.parts.iter().filter(|part| part.signs).collect(),
    };
    let last = signing.iter().copied().max_by_key(|part| part.created.unwrap_or_default());
    let part = signer.or(last).or(key.primary()).cloned().unwrap_or_default();
    let expires = expiry(key, &part);
    let state = if signer.is_some() { State::Usable } else { state(key, &signing) };
    let primary_away = key.primary().is_some_and(|primary| primary.secret == Secret::Absent);
    shape::Key {
        kind: KeyKind::Openpgp,
        used: false,
        why_not: words(state, key, &part, beside),
        state,
        fingerprint: Some(key.fingerprint.clone()),
        signs_with: signer.map(|part| part.fingerprint.clone()),
        strength: strength(&part.algorithm, part.bits.map(u64::from)),
        user_ids: key.user_ids.iter().take(NAMES).map(|id| id.text.clone()).collect(),
        emails: key.user_ids.iter().take(NAMES).filter_map(|id| id.email.clone()).collect(),
        user_id_count: key.user_ids.len(),
        carries_email: beside.email.as_deref().map(|email| key.carries(email)),
        capabilities: capabilities(key),
        created: part.created.and_then(day),
        expires: expires.and_then(day),
        days_left: expires.map(|at| at.saturating_sub(beside.now).div_euclid(86_400)),
        revoked: revoked(key, beside),
        kept: kept(part.secret),
        primary_away,
        revocation_certificate: beside
            .certificates
            .as_ref()
            .map(|there| there.contains(&key.fingerprint)),
        file: None,
        algorithm: part.algorithm,
        bits: part.bits.map(u64::from),
        curve: part.curve,
    }
}

/// A key lasts as long as its primary part does, and what signs no longer than itself.
fn expiry(key: &Key, part: &Part) -> Option<i64> {
    [key.primary(), Some(part)].into_iter().flatten().filter_map(|part| part.expires).min()
}

fn capabilities(key: &Key) -> Vec<String> {
    let words = [('c', "certify"), ('s', "sign"), ('e', "encrypt"), ('a', "authenticate")];
    let able = words
        .into_iter()
        .filter(|(letter, _)| key.parts.iter().any(|part| part.abilities.contains(*letter)));
    able.map(|(_, word)| word.to_owned()).collect()
}

fn kept(secret: Secret) -> Kept {
    match secret {
        Secret::Here => Kept::Disk,
        Secret::Card => Kept::Card,
        Secret::Absent => Kept::Away,
    }
}

fn revoked(key: &Key, beside: &Beside) -> Option<Revoked> {
    if !key.revoked {
        return None;
    }
    let Some(known) = beside.revocations.get(&key.fingerprint) else {
        return Some(Revoked::default());
    };
    let given = known.code != 0;
    Some(Revoked {
        on: day(known.date),
        reason: given.then(|| known.reason().to_owned()),
        note: Some(known.comment.clone()).filter(|note| !note.is_empty()),
    })
}

/// What keeps a key from signing, the gravest first; `signing` are the parts that were made for it.
fn state(key: &Key, signing: &[&Part]) -> State {
    if key.revoked {
        State::Revoked
    } else if key.primary().is_some_and(|primary| primary.expired) {
        State::Expired
    } else if key.disabled {
        State::Disabled
    } else if !signing.iter().any(|part| part.signs) {
        State::NotForSigning
    } else if signing.iter().any(|part| !part.expired && !part.unusable) {
        State::SecretAway
    } else if signing.iter().any(|part| part.expired) {
        State::PartExpired
    } else {
        State::PartRevoked
    }
}

fn words(state: State, key: &Key, part: &Part, beside: &Beside) -> Option<String> {
    let on = |text: &str, day: Option<String>| match day {
        Some(day) => format!("{text} on {day}"),
        None => text.to_owned(),
    };
    Some(match state {
        State::Usable => return None,
        State::Revoked => told_revoked(&revoked(key, beside).unwrap_or_default()),
        State::Expired => on("it expired", key.primary()?.expires.and_then(day)),
        State::Disabled => "it is disabled".to_owned(),
        State::NotForSigning => "it was not made for signing".to_owned(),
        State::SecretAway => "the secret part that signs is not on this machine".to_owned(),
        State::PartExpired => on("its signing subkey expired", part.expires.and_then(day)),
        State::PartRevoked => {
            let revoked = beside.revocations.get(&part.fingerprint);
            on("its signing subkey was revoked", revoked.and_then(|one| day(one.date)))
        }
    })
}

/// What is said of a revoked key.
fn told_revoked(revoked: &Revoked) -> String {
    let mut text = match &revoked.on {
        Some(day) => format!("it was revoked on {day}"),
        None => "it is revoked".to_owned(),
    };
    if let Some(reason) = &revoked.reason {
        text = format!("{text}, {reason}");
    }
    if let Some(note) = &revoked.note {
        text = format!("{text} (\"{note}\")");
    }
    text
}
