//! What git is told: from its settings and the environment to the values that count. Pure; the
//! rules are git's own (`gpg-interface.c`, `ident.c`).

use crate::git::{Level, Listed};
use crate::sys::System;
use crate::text::clean_line;

use super::shape::{Git, Setting, Told, Variable};
use super::tree;

/// The settings that have to do with signing and with who commits, as git writes them.
pub const SETTINGS: [&str; 18] = [
    "user.name",
    "user.email",
    "committer.name",
    "committer.email",
    "author.email",
    "user.useconfigonly",
    "user.signingkey",
    "commit.gpgsign",
    "tag.gpgsign",
    "gpg.format",
    "gpg.program",
    "gpg.openpgp.program",
    "gpg.ssh.program",
    "gpg.x509.program",
    "gpg.ssh.allowedsignersfile",
    "gpg.ssh.revocationfile",
    "gpg.ssh.defaultkeycommand",
    "gpg.mintrustlevel",
];

/// Variables that override settings.
const VARIABLES: [&str; 5] =
    ["GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "EMAIL"];

/// What counts, of everything that was listed.
#[must_use]
pub fn told(listed: &[Listed], system: &dyn System) -> Git {
    let variables = variables(system);
    let last = |names: &[&str]| last(listed, names);
    let format = last(&["gpg.format"]).map_or_else(|| "openpgp".to_owned(), |told| told.value);
    let program = program(listed, &format);
    let who = |variable: &str, names: [&[&str]; 2], fallback: Option<&str>| {
        let mut found = of_variable(&variables, variable);
        for names in names {
            found = found.or_else(|| last(names).filter(|told| !told.value.trim().is_empty()));
        }
        found.or_else(|| of_variable(&variables, fallback?))
    };
    Git {
        key: last(&["user.signingkey"]),
        name: who("GIT_COMMITTER_NAME", [&["committer.name"], &["user.name"]], None),
        email: who("GIT_COMMITTER_EMAIL", [&["committer.email"], &["user.email"]], Some("EMAIL")),
        signs_commits: switched(listed, "commit.gpgsign"),
        signs_tags: switched(listed, "tag.gpgsign"),
        settings: settings(listed),
        program_path: None,
        variables,
        program,
        format,
    }
}

/// Whether git is told not to make an address up.
#[must_use]
pub fn makes_no_address_up(listed: &[Listed]) -> bool {
    switched(listed, "user.useconfigonly")
}

/// The program that git starts for a format. `gpg.program` and `gpg.openpgp.program` are one
/// setting with two names.
fn program(listed: &[Listed], format: &str) -> String {
    let (names, usual): (&[&str], _) = match format {
        "ssh" => (&["gpg.ssh.program"], "ssh-keygen"),
        "x509" => (&["gpg.x509.program"], "gpgsm"),
        _ => (&["gpg.program", "gpg.openpgp.program"], "gpg"),
    };
    last(listed, names).map_or_else(|| usual.to_owned(), |told| told.value)
}

/// The value that counts: the last one of all that go by these names.
pub(super) fn last(listed: &[Listed], names: &[&str]) -> Option<Told> {
    let found = listed.iter().rev().find(|one| names.contains(&one.name.as_str()))?;
    Some(Told {
        value: clean_line(found.value.as_deref().unwrap_or("true")),
        from: origin(found),
        of_tree: found.level.of_tree(),
    })
}

fn origin(listed: &Listed) -> String {
    let name = spelled(&listed.name);
    match &listed.file {
        Some(file) => format!("{name} in {}", clean_line(file)),
        None => format!("{name}, set in passing"),
    }
}

fn of_variable(variables: &[Variable], name: &str) -> Option<Told> {
    let variable = variables.iter().find(|variable| variable.name == name)?;
    let value = variable.value.trim().to_owned();
    Some(Told { value, from: name.to_owned(), of_tree: false })
        .filter(|told| !told.value.is_empty())
}

fn variables(system: &dyn System) -> Vec<Variable> {
    let set = VARIABLES.iter().filter_map(|name| {
        let value = clean_line(&system.env(name)?.to_string_lossy());
        Some(Variable { name: (*name).to_owned(), value })
    });
    set.collect()
}

fn switched(listed: &[Listed], name: &str) -> bool {
    let last = listed.iter().rev().find(|one| one.name == name);
    last.is_some_and(Listed::is_yes)
}

fn settings(listed: &[Listed]) -> Vec<Setting> {
    let counts = |at: usize| !listed[at + 1..].iter().any(|later| same(later, &listed[at]));
    let setting = |(at, one): (usize, &Listed)| Setting {
        name: one.name.clone(),
        value: one.value.as_deref().map(clean_line),
        level: one.level,
        file: one.file.as_deref().map(clean_line),
        counts: counts(at),
        of_tree: one.level.of_tree(),
        means: (one.level.of_tree() && counts(at)).then(|| tree::means(one)).flatten(),
    };
    listed.iter().enumerate().map(setting).collect()
}

fn same(one: &Listed, other: &Listed) -> bool {
    let program = |name: &str| name == "gpg.program" || name == "gpg.openpgp.program";
    one.name == other.name || program(&one.name) && program(&other.name)
}

/// A setting's name as people write it.
#[must_use]
pub fn spelled(name: &str) -> String {
    match name {
        "gpg.ssh.allowedsignersfile" => "gpg.ssh.allowedSignersFile",
        "gpg.ssh.revocationfile" => "gpg.ssh.revocationFile",
        "gpg.ssh.defaultkeycommand" => "gpg.ssh.defaultKeyCommand",
        "gpg.mintrustlevel" => "gpg.minTrustLevel",
        "user.useconfigonly" => "user.useConfigOnly",
        other => other,
    }
    .to_owned()
}

/// Whose a setting is, for people.
#[must_use]
pub fn whose(level: Level) -> &'static str {
    match level {
        Level::System => "this machine's",
        Level::Global => "yours",
        Level::Local | Level::Worktree => "this tree's own",
        Level::Command => "set in passing",
        Level::Other => "of a kind that onramp does not know",
    }
}
