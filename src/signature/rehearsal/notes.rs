//! What a person should know about signing here that is no problem: git's own verdict, what git
//! signs by itself, how long it took, what was ended again. Pure.

use crate::text::clean_line;

use super::super::Word;
use super::{Agent, Attempt, Note, Signature, gpg, ssh};

/// Signing that takes longer without anybody typing makes a rebase tedious.
const SLOW: f64 = 2.0;

/// The notes on a signature that was made in so many seconds, the weightiest first.
#[must_use]
pub fn notes(attempt: &Attempt<'_>, seconds: Option<f64>, signature: &Signature) -> Vec<Note> {
    let told = [
        trust(attempt, signature),
        signers(attempt, signature),
        each_time(attempt, seconds),
        time(attempt, seconds),
        by_itself(attempt),
        format(attempt),
        agent(attempt),
    ];
    told.into_iter().flatten().collect()
}

fn agent(attempt: &Attempt<'_>) -> Option<Note> {
    (attempt.agent == Agent::Absent && attempt.setup.format != "ssh").then(|| {
        Note::new(
            "gpg-agent did not run before; the one that signing started was ended again, so your \
             next signature asks for the passphrase, where there is one",
        )
    })
}

fn trust(attempt: &Attempt<'_>, signature: &Signature) -> Option<Note> {
    (signature.verdict == Word::Untrusted && attempt.setup.format == "openpgp").then(|| {
        let key = signature.key.as_deref().unwrap_or("KEY");
        Note::new(
            "gpg here does not know that the key is yours, so git shows its signatures as \
             untrusted; the forge does not mind",
        )
        .with(format!("gpg --edit-key {key} trust quit, and answer 5: ultimately"))
    })
}

/// git judges SSH signatures by a file that the user has to make.
fn signers(attempt: &Attempt<'_>, signature: &Signature) -> Option<Note> {
    let setup = attempt.setup;
    if setup.format != "ssh" || signature.git.as_deref() == Some("G") {
        return None;
    }
    let email = attempt.committer.and_then(gpg::address).unwrap_or("YOUR@ADDRESS");
    let key = setup.key.as_deref().unwrap_or("~/.ssh/id_ed25519");
    let says = match &setup.allowed_signers {
        None => {
            "git here cannot judge SSH signatures, yours among them: no file says whose key is \
                 whose (gpg.ssh.allowedSignersFile)"
                .to_owned()
        }
        Some(file) => format!(
            "git here shows your signatures as nobody's: {} does not name your key",
            clean_line(file)
        ),
    };
    Some(Note::new(says).with(ssh::signers_file(key, email, setup.allowed_signers.as_deref())))
}

/// ssh-keygen asks at the terminal itself, so that it did shows only in the time it took.
fn each_time(attempt: &Attempt<'_>, seconds: Option<f64>) -> Option<Note> {
    let asked = attempt.interactive && attempt.setup.format == "ssh" && seconds? > 0.5;
    let key = attempt.setup.key.as_deref().filter(|_| asked)?;
    Some(
        Note::new("where ssh-keygen asked for a passphrase, it asks again for every commit")
            .with(ssh::add(key)),
    )
}

fn time(attempt: &Attempt<'_>, seconds: Option<f64>) -> Option<Note> {
    let asked = attempt.said.contains("PINENTRY_LAUNCHED");
    let asked = asked || (attempt.interactive && attempt.setup.format == "ssh");
    let slow = seconds.filter(|seconds| *seconds > SLOW && !asked)?;
    Some(Note::new(format!(
        "signing is slow: {slow:.1} s for one commit, and a rebase signs every commit anew"
    )))
}

fn by_itself(attempt: &Attempt<'_>) -> Option<Note> {
    let setup = attempt.setup;
    match (setup.signs_commits, setup.signs_tags) {
        (true, true) => None,
        (true, false) => Some(
            Note::new("git signs your commits by itself, and tags only with `git tag -s`")
                .with("git config --global tag.gpgSign true, where you make tags"),
        ),
        (false, _) => Some(
            Note::new("git signs only where you say so: `git commit -S` each time")
                .with("git config --global commit.gpgSign true"),
        ),
    }
}

fn format(attempt: &Attempt<'_>) -> Option<Note> {
    (attempt.setup.format == "x509").then(|| {
        Note::new(
            "gpg.format is x509: git signs with a certificate (S/MIME) through gpgsm. Whether it \
             was revoked is asked over the network, which a rehearsal does not do",
        )
    })
}
