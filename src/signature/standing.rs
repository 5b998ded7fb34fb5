//! What time and trust make of a signature that holds: the letter by gpg's order, in which an
//! expired signature hides an expired key and that a revoked one, and the word by what weighs most.
//! Pure.

use crate::pgp::check::Signer;
use crate::pgp::key::{Listing, Part, Revocation, day};
use crate::pgp::packet::Signature;

use super::verdict::Word;

/// Where a signature that holds stands.
pub(super) struct Standing {
    pub(super) word: Word,
    pub(super) git: char,
    /// Whether its key was valid when it says it was made.
    pub(super) then: Option<bool>,
    pub(super) reason: Option<String>,
}

pub(super) fn standing(
    signature: &Signature<'_>,
    signer: Signer<'_>,
    listing: &Listing,
) -> Standing {
    let made = i64::from(signature.created);
    let lapsed = lapse(signature).filter(|end| *end <= listing.now);
    let expiry = expiry(signer);
    let expired = expiry.filter(|end| *end < listing.now);
    let revoked = signer.part.revoked || signer.key.revoked;
    let git = match () {
        () if lapsed.is_some() => 'X',
        () if expired.is_some() => 'Y',
        () if revoked => 'R',
        () if signer.key.accepted => 'G',
        () => 'U',
    };
    let alive = expiry.is_none_or(|end| made <= end);
    let told = |word, then: Option<bool>, reason: String| Standing {
        word,
        git,
        then: then.map(|then| then && alive),
        reason: Some(reason),
    };
    if revoked {
        let (then, reason) = revocation(signer, made);
        return told(Word::GoodRevokedKey, then, reason);
    }
    if let Some(end) = expired {
        return told(Word::GoodExpiredKey, Some(alive), expired_key(end, alive));
    }
    if let Some(end) = lapsed {
        let reason = match day(end) {
            Some(day) => format!("the signature was made to expire on {day}, and has"),
            None => "the signature was made to expire, and has".to_owned(),
        };
        return told(Word::GoodExpiredSignature, Some(alive), reason);
    }
    match distrust(signer, listing) {
        Some(reason) => told(Word::Untrusted, Some(alive), reason.to_owned()),
        None => Standing { word: Word::Good, git, then: Some(alive), reason: None },
    }
}

/// When a signature ends; the sum wraps, as it does for gpg.
fn lapse(signature: &Signature<'_>) -> Option<i64> {
    let ends = signature.lifetime != 0;
    ends.then(|| i64::from(signature.created.wrapping_add(signature.lifetime)))
}

/// When the key or its primary key ends, whichever is first.
fn expiry(signer: Signer<'_>) -> Option<i64> {
    let parts = [Some(signer.part), signer.key.primary()];
    parts.into_iter().flatten().filter_map(|part| part.expires).min()
}

fn expired_key(end: i64, alive: bool) -> String {
    match (day(end), alive) {
        (Some(day), true) => format!("its key expired on {day}, after it was signed"),
        (Some(day), false) => format!("its key had expired on {day}, before it was signed"),
        (None, _) => "its key has expired".to_owned(),
    }
}

/// Whether the key was still valid at the moment a signature names, and the words for it.
fn revocation(signer: Signer<'_>, made: i64) -> (Option<bool>, String) {
    let found = |part: &Part| part.revocation.clone().filter(|_| part.revoked);
    let primary = signer.key.primary().and_then(found);
    let Some(revocation) = primary.or_else(|| found(signer.part)) else {
        return (None, "its key was revoked; when and why is not told".to_owned());
    };
    let before = made < revocation.date;
    let then = revocation.from_then_on().then_some(before);
    (then, revoked_key(&revocation, before))
}

fn revoked_key(revocation: &Revocation, before: bool) -> String {
    let on = day(revocation.date).map(|day| format!(" on {day}")).unwrap_or_default();
    let why = revocation.reason();
    let comment = match revocation.comment.as_str() {
        "" => String::new(),
        comment => format!(" (\"{comment}\")"),
    };
    let when = match (revocation.from_then_on(), before) {
        (true, true) => ", after it was signed",
        (true, false) => ", before it was signed",
        (false, _) => ", so the date of the signature proves nothing",
    };
    format!("its key was revoked{on} {why}{comment}{when}")
}

/// Why a key that is neither revoked nor expired is still not trusted. Marginal validity, which git
/// calls good, is not enough: it is one acquaintance's word.
fn distrust(signer: Signer<'_>, listing: &Listing) -> Option<&'static str> {
    let key = signer.key;
    if key.disabled {
        Some("you have switched its key off in gpg")
    } else if key.trusted {
        None
    } else if key.user_ids.is_empty() {
        Some("every name on its key was taken back, so it belongs to nobody")
    } else if listing.stale_trust {
        Some("gpg has not worked out whether to trust its key: run `gpg --check-trustdb`")
    } else if key.accepted {
        Some("too few of those you trust vouch for its key")
    } else {
        Some("its key is in your keyring, but you have not said that you trust it")
    }
}
