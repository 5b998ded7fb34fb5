//! What is wrong with an OpenPGP key that git would sign with, and with the folder it is kept in,
//! each with what to type. Changes nothing.

use std::path::Path;

use crate::pgp::Listing;
use crate::signature::strength::Strength;
use crate::sys::{Kind, System};
use crate::text::shell_word;

use super::shape::{self, Git, Kept, Problem, State, Told, Weight};

/// Days before its end at which a key is worth a word.
const SOON: i64 = 30;

/// What is wrong with the GnuPG home.
pub(super) fn of_home(system: &dyn System, home: &Path, listing: &Listing) -> Vec<Problem> {
    let mut problems = Vec::new();
    if system.kind(home) != Some(Kind::Folder) {
        return problems;
    }
    let (shown, word) = (home.display(), shell_word(&listing.home));
    if system.owner(home).is_ok_and(|owner| owner != system.user()) {
        let what = format!("{shown} belongs to another user, and gpg may refuse to use it");
        problems.push(
            Problem::new(Weight::Warn, what).remedy(format!("sudo chown -R \"$(id -u)\" {word}")),
        );
    } else if mode(system, home).is_some_and(|mode| mode & 0o077 != 0) {
        let what =
            format!("other users of this machine may look into {shown}, where your keys are");
        problems.push(Problem::new(Weight::Warn, what).remedy(format!("chmod 700 {word}")));
    }
    if !system.may_write(home) {
        let what = format!("gpg may not write to {shown}, and may not be able to sign");
        problems.push(Problem::new(Weight::Warn, what).remedy(format!("chmod u+w {word}")));
    }
    problems
}

/// The mode of what a path leads to in the end.
fn mode(system: &dyn System, path: &Path) -> Option<u32> {
    system.mode(&system.real_path(path).ok()?).ok()
}

/// What is wrong with the key that git uses.
pub(super) fn of_key(git: &Git, key: &shape::Key, home: &Path) -> Vec<Problem> {
    let fingerprint = key.fingerprint.clone().unwrap_or_default();
    let mut problems = Vec::new();
    problems.extend(dead(key, &fingerprint));
    problems.extend(addressed(git, key, &fingerprint));
    problems.extend(weak(key, &fingerprint));
    problems.extend(ending(key, &fingerprint));
    problems.extend(uncertified(key, &fingerprint, home));
    problems.into_iter().map(|problem: Problem| problem.about(&fingerprint)).collect()
}

fn dead(key: &shape::Key, fingerprint: &str) -> Option<Problem> {
    let why = key.why_not.as_ref()?;
    let problem = Problem::new(Weight::Error, format!("key {fingerprint}: {why}"));
    let remedy = match key.state {
        State::Expired | State::PartExpired => extend(key, fingerprint),
        State::Disabled => format!("gpg --edit-key {fingerprint} enable save"),
        State::SecretAway if key.kept == Kept::Card => {
            "plug the card in, then gpg --card-status".to_owned()
        }
        State::SecretAway => {
            "export it where it is with gpg --export-secret-keys, and here gpg --import FILE"
                .to_owned()
        }
        State::PartRevoked | State::NotForSigning => {
            at_primary(key, format!("gpg --quick-add-key {fingerprint} ed25519 sign 2y"))
        }
        State::Usable | State::Revoked => "onramp key new".to_owned(),
    };
    Some(problem.remedy(remedy).check("apache/identity/openpgp-key"))
}

/// Puts a key's end off; where a subkey signs, its end too.
fn extend(key: &shape::Key, fingerprint: &str) -> String {
    let by_subkey = key.signs_with.as_ref().is_some_and(|part| part != fingerprint);
    let mut command = format!("gpg --quick-set-expire {fingerprint} 2y");
    if by_subkey || key.state == State::PartExpired {
        command = format!("{command} && gpg --quick-set-expire {fingerprint} 2y '*'");
    }
    at_primary(key, command)
}

/// Names and dates are changed with the primary part, wherever that is.
fn at_primary(key: &shape::Key, command: String) -> String {
    if key.primary_away { format!("where its primary part is kept: {command}") } else { command }
}

fn addressed(git: &Git, key: &shape::Key, fingerprint: &str) -> Option<Problem> {
    let email = git.email.as_ref()?;
    if key.carries_email? {
        return None;
    }
    let emails: Vec<&str> = key.emails.iter().map(String::as_str).take(3).collect();
    let carries = if emails.is_empty() { "no address".to_owned() } else { emails.join(", ") };
    let what = format!("you commit as {}, but key {fingerprint} carries {carries}", email.value);
    let name = git.name.as_ref().map_or("Your Name", |told| told.value.as_str());
    let id = shell_word(&format!("{name} <{}>", email.value));
    let add = format!("gpg --quick-add-uid {fingerprint} {id}");
    let add = at_primary(key, add + &otherwise(email, key));
    let problem = Problem::new(Weight::Error, what).remedy(add);
    Some(problem.check("apache/identity/key-matches-email"))
}

/// How to commit by an address that the key carries.
fn otherwise(email: &Told, key: &shape::Key) -> String {
    let Some(carried) = key.emails.first() else { return String::new() };
    let command = if email.from.starts_with("GIT_") {
        format!("unset {}", email.from)
    } else {
        let scope = if email.of_tree { "--local" } else { "--global" };
        format!("git config {scope} user.email {}", shell_word(carried))
    };
    format!(" (or commit as the key does: {command})")
}

fn weak(key: &shape::Key, fingerprint: &str) -> Option<Problem> {
    let bits = key.bits.map(|bits| format!(" of {bits} bits")).unwrap_or_default();
    match key.strength {
        Strength::Strong => None,
        Strength::Weak => Some(
            Problem::new(
                Weight::Error,
                format!(
                    "key {fingerprint} signs with {}{bits}, which can be forged",
                    key.algorithm
                ),
            )
            .remedy("onramp key new")
            .check("apache/identity/key-strong"),
        ),
        Strength::Short => Some(
            Problem::new(
                Weight::Warn,
                format!("key {fingerprint} is an {} key{bits}; new ones have 4096", key.algorithm),
            )
            .remedy("keep it, or onramp key new")
            .check("apache/identity/key-length"),
        ),
        Strength::Unknown => Some(Problem::new(
            Weight::Unknown,
            format!(
                "key {fingerprint} signs with {}{bits}, of which onramp knows nothing",
                key.algorithm
            ),
        )),
    }
}

fn ending(key: &shape::Key, fingerprint: &str) -> Option<Problem> {
    let days = key.days_left.filter(|days| *days <= SOON && key.can_sign())?;
    let day = key.expires.clone()?;
    let what = format!("key {fingerprint} expires on {day}, in {days} days");
    let problem = Problem::new(Weight::Warn, what).remedy(extend(key, fingerprint));
    Some(problem.check("apache/identity/key-lasts"))
}

/// A key whose primary part is elsewhere has its certificate there, if anywhere.
fn uncertified(key: &shape::Key, fingerprint: &str, home: &Path) -> Option<Problem> {
    let missing = key.revocation_certificate == Some(false);
    let makes = !key.primary_away && key.revoked.is_none() && key.kept != Kept::Away;
    (missing && makes).then(|| {
        let what = format!("no revocation certificate of key {fingerprint} lies ready, to withdraw it if it is lost");
        let file = home.join("openpgp-revocs.d").join(format!("{fingerprint}.rev"));
        let file = shell_word(&file.to_string_lossy());
        Problem::new(Weight::Advice, what)
            .remedy(format!("gpg --output {file} --gen-revoke {fingerprint}"))
    })
}
