//! The SSH key that git is told to sign with, as it is shown. Reads its public half alone, asks no
//! agent and runs no command that would choose a key.

use std::path::Path;

use crate::observation::Unknown;
use crate::probe::ssh_key::{Arguments, Found, SshKey};
use crate::probe::{Kind, World};
use crate::signature::strength::{Strength, strength};
use crate::sys;

use super::settings::expanded;
use super::shape::{Git, Kept, Key, KeyKind, Problem, State, Weight};

const CHECK: &str = "apache/identity/ssh-key";
const MAKE: &str =
    "ssh-keygen -t ed25519, then git config --global user.signingkey ~/.ssh/id_ed25519.pub";

/// What there is to tell of it.
pub(super) struct Looked {
    /// The key, where there is one to be seen.
    pub(super) key: Option<Key>,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
}

/// Looks at the key; relative paths count from the work tree.
pub(super) fn look(world: World<'_>, git: &Git, tree: Option<&Path>) -> Looked {
    let Some(told) = &git.key else { return Looked { key: None, problems: vec![unnamed(git)] } };
    let named = placed(&told.value, tree);
    let found = match SshKey::observe(world, Arguments { key: Some(named.clone()) }) {
        Ok(found) => found,
        Err(Unknown(why)) => {
            let problem = Problem::new(Weight::Unknown, why).check(CHECK);
            return Looked { key: None, problems: vec![problem] };
        }
    };
    let problems = problems(world, &found, &named);
    Looked { key: found.present.then(|| shown(&found)), problems }
}

fn unnamed(git: &Git) -> Problem {
    let chosen = git.settings.iter().rev().find(|one| one.name == "gpg.ssh.defaultkeycommand");
    match chosen.and_then(|one| one.value.as_ref()) {
        Some(command) => Problem::new(
            Weight::Unknown,
            format!("git runs `{command}` to choose the key, which looking does not"),
        )
        .remedy("onramp key rehearse")
        .about("gpg.ssh.defaultKeyCommand"),
        None => Problem::new(Weight::Error, "user.signingkey names no key, and git signs with SSH")
            .remedy(MAKE)
            .about("user.signingkey")
            .check(CHECK),
    }
}

/// git runs in the root of the work tree.
fn placed(key: &str, tree: Option<&Path>) -> String {
    let literal = key.starts_with("key::") || key.starts_with("ssh-") || key.starts_with('~');
    match tree.filter(|_| !literal && !key.is_empty() && Path::new(key).is_relative()) {
        Some(tree) => tree.join(key).to_string_lossy().into_owned(),
        None => key.to_owned(),
    }
}

fn shown(found: &Found) -> Key {
    let algorithm = found.algorithm.clone().unwrap_or_default();
    let hardware = algorithm.starts_with("sk-");
    let kept = match found.private {
        _ if hardware => Kept::Card,
        Some(true) => Kept::Disk,
        Some(false) | None => Kept::Agent,
    };
    let strength = strength(&algorithm, found.bits);
    Key {
        kind: KeyKind::Ssh,
        used: true,
        state: State::Usable,
        why_not: None,
        fingerprint: None,
        signs_with: None,
        bits: found.bits,
        curve: None,
        user_ids: Vec::new(),
        emails: Vec::new(),
        user_id_count: 0,
        carries_email: None,
        capabilities: vec!["sign".to_owned()],
        created: None,
        expires: None,
        days_left: None,
        revoked: None,
        primary_away: false,
        revocation_certificate: None,
        file: found.file.clone(),
        algorithm,
        strength,
        kept,
    }
}

fn problems(world: World<'_>, found: &Found, named: &str) -> Vec<Problem> {
    if !found.present {
        return vec![absent(world, found, named)];
    }
    let mut problems = Vec::new();
    let kind = found.algorithm.as_deref().unwrap_or("unknown");
    let bits = found.bits.map(|bits| format!(" with {bits} bits")).unwrap_or_default();
    match strength(kind, found.bits) {
        Strength::Weak => problems.push(
            Problem::new(
                Weight::Error,
                format!("the key is of the kind {kind}{bits}, which can be forged"),
            )
            .remedy(MAKE)
            .check(CHECK),
        ),
        Strength::Short => problems.push(
            Problem::new(
                Weight::Advice,
                format!("the key is of the kind {kind}{bits}; new ones have 4096"),
            )
            .remedy(format!("keep it, or {MAKE}"))
            .check(CHECK),
        ),
        Strength::Strong | Strength::Unknown => {}
    }
    if found.private != Some(true) {
        problems.push(in_agent(world, found));
    }
    problems
}

/// No public half is to be seen.
fn absent(world: World<'_>, found: &Found, named: &str) -> Problem {
    let reason = found.reason.clone().unwrap_or_else(|| "the SSH key is not there".to_owned());
    let secret = expanded(world.system, named);
    if world.system.kind(&secret) == Some(sys::Kind::File) && !named.ends_with(".pub") {
        let secret = crate::text::shell_word(&secret.to_string_lossy());
        return Problem::new(Weight::Unknown, reason)
            .remedy(format!("ssh-keygen -y -f {secret} > {secret}.pub"))
            .about("user.signingkey")
            .check(CHECK);
    }
    Problem::new(Weight::Error, reason).remedy(MAKE).about("user.signingkey").check(CHECK)
}

/// The secret half is in no file, so an agent must have it.
fn in_agent(world: World<'_>, found: &Found) -> Problem {
    let what = match &found.file {
        Some(file) => format!("the secret half of {file} does not lie beside it"),
        None => "user.signingkey holds the public half alone".to_owned(),
    };
    if world.system.env("SSH_AUTH_SOCK").is_some() {
        return Problem::new(
            Weight::Unknown,
            format!(
                "{what}: whether your SSH agent has the other cannot be told without asking it"
            ),
        )
        .remedy("ssh-add -L, which lists what it has")
        .about("user.signingkey");
    }
    Problem::new(Weight::Error, format!("{what}, and no SSH agent runs that could have the other"))
        .remedy("eval $(ssh-agent) && ssh-add FILE, with the file of your secret key")
        .about("user.signingkey")
}
