//! What the forge would show, by what the project's profile knows of it. Nobody is asked: which
//! keys and addresses an account has cannot be seen from here, so that stands as a condition.

use crate::profile::Forge;
use crate::text::{clean_line, shell_word};

use super::super::Word;
use super::{Problem, Setup, Shown, Signature, gpg};

/// Whether an OpenPGP key or a certificate names the committer; an SSH key names nobody.
#[must_use]
pub fn fits(signature: &Signature, committer: Option<&str>) -> bool {
    let Some(email) = committer.and_then(gpg::address) else { return true };
    signature.emails.is_empty()
        || signature.emails.iter().any(|own| own.eq_ignore_ascii_case(email.trim()))
}

/// The problem of a signature whose key names somebody else than the committer.
#[must_use]
pub fn differs(signature: &Signature, committer: Option<&str>) -> Option<Problem> {
    let committer = committer.filter(|_| !fits(signature, committer))?;
    let email = clean_line(gpg::address(committer)?);
    let says = format!(
        "the commit carries {email}, and the key names {}",
        clean_line(&signature.emails.join(", "))
    );
    let key = signature.key.as_deref().unwrap_or("KEY");
    let remedy = format!("gpg --quick-add-uid {key} {}", shell_word(committer));
    Some(Problem::new("address-differs", says, remedy))
}

/// What it would show for a signature.
#[must_use]
pub fn expected(
    forge: &Forge,
    setup: &Setup,
    committer: Option<&str>,
    signature: &Signature,
) -> Shown {
    let reason = match signature.verdict {
        Word::GoodExpiredKey => Some("expired_key"),
        Word::Good | Word::Untrusted | Word::IdentityMismatch if !fits(signature, committer) => {
            Some("bad_email")
        }
        _ => None,
    };
    let word = if reason.is_some() { &forge.refused } else { &forge.accepted };
    Shown {
        forge: forge.name.clone(),
        word: word.clone(),
        reason: reason.map(str::to_owned),
        needs: forge.needs.get(&setup.format).cloned().unwrap_or_default(),
    }
}
