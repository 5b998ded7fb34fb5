//! What git is set to sign with, told from its settings: the user's own make the rehearsal, the
//! work tree's own are set apart and never handed to a program. Pure.

use schemars::JsonSchema;
use serde::Serialize;

use crate::git::{Level, Listed};

/// Beginnings of the names that decide who signs, with what, and how it is judged.
pub const WANTED: [&str; 8] = [
    "user.",
    "author.",
    "committer.",
    "gpg.",
    "commit.gpgsign",
    "tag.gpgsign",
    "tag.forcesignannotated",
    "i18n.commitencoding",
];

/// What the user's git signs with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setup {
    /// `openpgp`, `ssh`, `x509`, or whatever else `gpg.format` says.
    pub format: String,
    /// `user.signingkey`.
    pub key: Option<String>,
    /// The program that signs, as it is written.
    pub program: String,
    /// The setting that names it; none where it is git's own choice.
    pub program_set: Option<String>,
    /// `gpg.ssh.allowedSignersFile`.
    pub allowed_signers: Option<String>,
    /// `gpg.ssh.defaultKeyCommand` is there.
    pub key_command: bool,
    /// `commit.gpgsign`.
    pub signs_commits: bool,
    /// `tag.gpgsign` or `tag.forceSignAnnotated`.
    pub signs_tags: bool,
    /// The settings, as arguments of git.
    pub arguments: Vec<String>,
    /// What the work tree itself sets.
    pub tree: Vec<Own>,
}

/// A setting of the work tree's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Own {
    /// As git writes it.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The file it stands in.
    pub file: Option<String>,
    /// What it changes for commits made in the tree, a fragment.
    pub means: String,
}

/// Reads the settings. `in_tree` tells of a file whether it came with the work tree, whoever
/// includes it.
#[must_use]
pub fn setup(listed: &[Listed], in_tree: impl Fn(&str) -> bool) -> Setup {
    let of_tree = |setting: &&Listed| {
        setting.level.of_tree()
            || setting.level == Level::Other
            || setting.file.as_deref().is_some_and(&in_tree)
    };
    let (tree, own): (Vec<&Listed>, Vec<&Listed>) = listed.iter().partition(of_tree);
    let last = |name: &str| own.iter().rev().find(|it| it.name == name);
    let value = |name: &str| last(name).and_then(|it| it.value.clone()).filter(|it| !it.is_empty());
    let yes = |name: &str| last(name).is_some_and(|it| it.is_yes());
    let format = value("gpg.format").unwrap_or_else(|| "openpgp".to_owned());
    let program = own.iter().rev().find(|it| names_program(&it.name, &format));
    let named = program.and_then(|it| it.value.clone());
    let mut setup = Setup {
        key: value("user.signingkey"),
        program: named.unwrap_or_else(|| usual_program(&format).to_owned()),
        program_set: program.map(|it| it.name.clone()),
        allowed_signers: value("gpg.ssh.allowedsignersfile"),
        key_command: last("gpg.ssh.defaultkeycommand").is_some(),
        signs_commits: yes("commit.gpgsign"),
        signs_tags: yes("tag.gpgsign") || yes("tag.forcesignannotated"),
        arguments: own.iter().flat_map(|it| ["-c".to_owned(), argument(it)]).collect(),
        tree: Vec::new(),
        format,
    };
    setup.tree = tree.iter().filter_map(|it| changes(it, &setup)).collect();
    setup
}

fn argument(setting: &Listed) -> String {
    match &setting.value {
        Some(value) => format!("{}={value}", setting.name),
        None => setting.name.clone(),
    }
}

fn names_program(name: &str, format: &str) -> bool {
    name == format!("gpg.{format}.program") || (format == "openpgp" && name == "gpg.program")
}

fn usual_program(format: &str) -> &'static str {
    match format {
        "ssh" => "ssh-keygen",
        "x509" => "gpgsm",
        _ => "gpg",
    }
}

/// What a setting of the tree's own changes against the user's; none where it changes nothing.
fn changes(setting: &Listed, user: &Setup) -> Option<Own> {
    let value = setting.value.clone();
    let yes = setting.is_yes();
    let format = user.format.as_str();
    let means = match setting.name.as_str() {
        "user.signingkey" if value != user.key => {
            "commits in this tree are signed with this key instead of yours"
        }
        "gpg.format" if value.as_deref() != Some(format) => {
            "commits in this tree are signed in this format instead of yours"
        }
        "gpg.program" | "gpg.openpgp.program" | "gpg.ssh.program" | "gpg.x509.program" => {
            "git starts this program when it signs or judges a commit in this tree"
        }
        "gpg.ssh.defaultkeycommand" => "git starts this command in this tree to choose a key",
        "user.email" | "committer.email" | "author.email" => {
            "commits in this tree carry this address, which the key has to name"
        }
        "user.name" | "committer.name" | "author.name" => "commits in this tree carry this name",
        "commit.gpgsign" if yes != user.signs_commits => {
            if yes {
                "every commit in this tree is signed"
            } else {
                "commits in this tree are not signed unless you say -S"
            }
        }
        "tag.gpgsign" if yes != user.signs_tags => {
            if yes {
                "every tag in this tree is signed"
            } else {
                "tags in this tree are not signed unless you say -s"
            }
        }
        "user.useconfigonly" if yes => "git makes up no address in this tree",
        _ => return None,
    };
    Some(Own {
        name: setting.name.clone(),
        value: value.unwrap_or_else(|| "true".to_owned()),
        file: setting.file.clone(),
        means: means.to_owned(),
    })
}
