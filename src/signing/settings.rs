//! What is wrong with what git is told: each with the command that mends it. Looks only whether
//! programs and files are there.

use std::path::{Path, PathBuf};

use crate::git::Listed;
use crate::sys::{self, Kind, System};
use crate::text::{shell_path, shell_word};

use super::shape::{Git, Problem, Setting, Told, Weight};
use super::told::{last, makes_no_address_up, spelled};

/// Programs known to sign as GnuPG and OpenSSH do.
const KNOWN: [&str; 4] = ["gpg", "gpg2", "gpgsm", "ssh-keygen"];

/// Where the program that git would start is.
pub(super) fn program_path(
    system: &dyn System,
    program: &str,
    tree: Option<&Path>,
) -> Option<PathBuf> {
    if !program.contains('/') {
        return system.find_program(program);
    }
    let path = expanded(system, program);
    let path = tree.map(|tree| tree.join(&path)).unwrap_or(path);
    (system.kind(&path) == Some(Kind::File)).then_some(path)
}

/// A path as git expands it.
pub(super) fn expanded(system: &dyn System, path: &str) -> PathBuf {
    sys::opened_out(system, path).unwrap_or_else(|| PathBuf::from(path))
}

/// Everything that is wrong with the settings, before any key is looked at.
pub(super) fn problems(system: &dyn System, listed: &[Listed], git: &Git) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(format(git));
    problems.extend(program(listed, git));
    problems.extend(email(listed, git));
    problems.extend(unsigned(git));
    problems.extend(signers(system, git));
    problems.extend(two_addresses(listed, git));
    problems
}

/// Whether the kind of signature is known, and the key looks like one of it.
fn format(git: &Git) -> Option<Problem> {
    const CHECK: &str = "apache/identity/signing-key-fits";
    if !["openpgp", "ssh", "x509"].contains(&git.format.as_str()) {
        let what = format!("gpg.format is {}, which git does not know", git.format);
        let problem = Problem::new(Weight::Error, what).about("gpg.format").check(CHECK);
        return Some(
            problem.remedy(
                setting_of(git, "gpg.format")
                    .map_or_else(|| "git config --global gpg.format openpgp".to_owned(), unset),
            ),
        );
    }
    let key = &git.key.as_ref()?.value;
    let of_ssh = key.starts_with("ssh-")
        || key.starts_with("key::")
        || key.ends_with(".pub")
        || key.contains('/');
    (git.format == "openpgp" && of_ssh).then(|| {
        Problem::new(
            Weight::Error,
            format!("user.signingkey is the SSH key {key}, but git signs with OpenPGP"),
        )
        .remedy("git config --global gpg.format ssh")
        .about("user.signingkey")
        .check(CHECK)
    })
}

fn program(listed: &[Listed], git: &Git) -> Option<Problem> {
    let names: &[&str] = match git.format.as_str() {
        "ssh" => &["gpg.ssh.program"],
        "x509" => &["gpg.x509.program"],
        _ => &["gpg.program", "gpg.openpgp.program"],
    };
    let set = git.settings.iter().rev().find(|one| names.contains(&one.name.as_str()));
    let told = last(listed, names);
    let Some(path) = &git.program_path else {
        return Some(absent(git, told.as_ref(), set));
    };
    let (told, set) = (told?, set?);
    if told.of_tree {
        let what = format!(
            "this clone's own settings have {} sign commits ({}), and onramp does not start it",
            told.value, told.from
        );
        let problem = Problem::new(Weight::Unknown, what).about(&set.name).remedy(unset(set));
        return Some(problem.check("apache/identity/own-signing"));
    }
    let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
    (!KNOWN.contains(&&*name)).then(|| {
        let what = format!(
            "git signs with {path} ({}), and what that does cannot be told without starting it",
            told.from
        );
        Problem::new(Weight::Unknown, what).about(&set.name).remedy("onramp key rehearse")
    })
}

fn absent(git: &Git, told: Option<&Told>, set: Option<&Setting>) -> Problem {
    const CHECK: &str = "apache/machine/signing-program";
    match (told, set) {
        (Some(told), Some(set)) => Problem::new(
            Weight::Error,
            format!("git is to sign with {} ({}), which is not there", told.value, told.from),
        )
        .about(&set.name)
        .remedy(unset(set)),
        _ => Problem::new(
            Weight::Error,
            format!("there is no {} on PATH, with which git signs", git.program),
        )
        .remedy("onramp fix signing-program"),
    }
    .check(CHECK)
}

fn email(listed: &[Listed], git: &Git) -> Option<Problem> {
    if git.email.is_some() {
        return None;
    }
    let what = if makes_no_address_up(listed) {
        "git commits nothing, for it knows no e-mail address of yours and is to make none up"
    } else {
        "git would commit without an e-mail address of yours"
    };
    let problem = Problem::new(Weight::Error, what).about("user.email");
    Some(
        problem
            .remedy("git config --global user.email YOUR@ADDRESS")
            .check("apache/identity/git-identity"),
    )
}

fn unsigned(git: &Git) -> Option<Problem> {
    if git.signs_commits {
        return None;
    }
    let set = setting_of(git, "commit.gpgsign");
    let problem = match set.filter(|set| set.of_tree) {
        Some(set) => Problem::new(
            Weight::Warn,
            format!(
                "this clone's own settings switch signing off{}",
                set.file.as_ref().map(|file| format!(", in {file}")).unwrap_or_default()
            ),
        )
        .remedy(unset(set))
        .check("apache/identity/own-signing"),
        None => Problem::new(
            Weight::Warn,
            format!(
                "commit.gpgsign is {}, so git signs only what you commit with -S",
                if set.is_some() { "off" } else { "not set" }
            ),
        )
        .remedy(match setting_of(git, "user.signingkey") {
            Some(_) => "git config --global commit.gpgsign true",
            None => "onramp key new, which also has git sign with the key it makes",
        })
        .check("apache/identity/signing-configured"),
    };
    Some(problem.about("commit.gpgsign"))
}

/// Without a list of signers git cannot say whose an SSH signature is, not even one's own.
fn signers(system: &dyn System, git: &Git) -> Option<Problem> {
    if git.format != "ssh" {
        return None;
    }
    let about = "gpg.ssh.allowedSignersFile";
    let Some(set) = setting_of(git, "gpg.ssh.allowedsignersfile") else {
        let what =
            format!("{about} is not set, so git shows your own signatures as if there were none");
        return Some(Problem::new(Weight::Advice, what).about(about).remedy(make_signers(git)));
    };
    let file = set.value.clone().unwrap_or_default();
    let there = system.kind(&expanded(system, &file)) == Some(Kind::File);
    (!there).then(|| {
        let what = format!("{about} names {file}, which is not there");
        Problem::new(Weight::Warn, what).about(about).remedy(make_signers(git))
    })
}

fn make_signers(git: &Git) -> String {
    let email = git.email.as_ref().map_or("YOUR@ADDRESS", |told| told.value.as_str());
    let key = match &git.key {
        Some(key) if !key.value.starts_with("key::") && !key.value.starts_with("ssh-") => {
            let file = format!("{}.pub", key.value.trim_end_matches(".pub"));
            format!("\"$(cat {})\"", shell_path(&file))
        }
        _ => "YOUR-PUBLIC-KEY".to_owned(),
    };
    let (place, email) = ("~/.ssh/allowed_signers", shell_word(email));
    format!("echo {email} {key} >> {place}\ngit config --global gpg.ssh.allowedSignersFile {place}")
}

fn two_addresses(listed: &[Listed], git: &Git) -> Option<Problem> {
    let committer = git.email.as_ref()?;
    let variable = git.variables.iter().find(|one| one.name == "GIT_AUTHOR_EMAIL");
    let (author, from) = match variable.filter(|one| !one.value.trim().is_empty()) {
        Some(one) => (one.value.clone(), one.name.clone()),
        None => {
            let told = last(listed, &["author.email"]).or_else(|| last(listed, &["user.email"]))?;
            (told.value, told.from)
        }
    };
    (!author.trim().eq_ignore_ascii_case(committer.value.trim())).then(|| {
        let what = format!("git would commit work of {author} ({from}) as {}", committer.value);
        let remedy = match variable {
            Some(_) => "unset GIT_AUTHOR_EMAIL".to_owned(),
            None if committer.from.starts_with("GIT_") => format!("unset {}", committer.from),
            None => format!("git config --global user.email {}", shell_word(&committer.value)),
        };
        Problem::new(Weight::Warn, what).remedy(remedy).check("apache/identity/one-address")
    })
}

/// The value of a setting that counts.
fn setting_of<'a>(git: &'a Git, name: &str) -> Option<&'a Setting> {
    git.settings.iter().rev().find(|one| one.name == name)
}

/// The command that takes a setting away, wherever it stands.
pub(super) fn unset(setting: &Setting) -> String {
    match &setting.file {
        Some(file) => {
            format!("git config --file {} --unset-all {}", shell_word(file), spelled(&setting.name))
        }
        None => "unset GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS".to_owned(),
    }
}
