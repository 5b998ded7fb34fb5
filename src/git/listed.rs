//! git's settings as `git config --list` tells them: every value of every file, with the file it
//! stands in and whose it is. Includes and conditions are resolved by git itself.
//!
//! The question runs nothing of a work tree: it is asked from the root folder in a clean
//! environment, the tree named by `GIT_DIR` alone, and `git config` starts no pager, no hook, no
//! alias and no monitor when its output is no terminal. The answer holds passwords too (`http.*`,
//! proxies), so only the settings asked for are kept.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::sys::{Command, System};

use super::settings::is_yes;

/// Most that is read of an answer; real ones take a few kilobytes.
const LIMIT: usize = 4 * 1024 * 1024;

/// Variables by which people choose other files of settings, or set some in passing.
const VARIABLES: [&str; 6] = [
    "HOME",
    "XDG_CONFIG_HOME",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_PARAMETERS",
];

/// Whose setting it is, in git's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The machine's.
    System,
    /// The user's.
    Global,
    /// The clone's.
    Local,
    /// One work tree's of several.
    Worktree,
    /// Set in passing, by a variable.
    Command,
    /// A kind that this onramp does not know.
    Other,
}

impl Level {
    /// Whether it came with the work tree, and may be somebody else's choice.
    #[must_use]
    pub fn of_tree(self) -> bool {
        matches!(self, Self::Local | Self::Worktree)
    }
}

/// One value of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// As git writes it, section and last part in lower case: `gpg.ssh.allowedsignersfile`.
    pub name: String,
    /// Its value, foreign bytes replaced; none for one that is named without a value.
    pub value: Option<String>,
    /// Whose it is.
    pub level: Level,
    /// The file it stands in; none where it stands in no file.
    pub file: Option<String>,
}

impl Listed {
    /// Whether git reads it as a yes; a name without a value is one.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        self.value.as_deref().is_none_or(is_yes)
    }
}

/// The question to git. A tree is asked about by its `.git`, folder or file; without one only the
/// machine's and the user's settings are told.
#[must_use]
pub fn question(system: &dyn System, git: PathBuf, dot_git: Option<&Path>) -> Command {
    // A repository that is none keeps git from looking for one in the root folder.
    let repository = dot_git.unwrap_or(Path::new("/dev/null"));
    let mut command = Command::question(git)
        .args(["--no-pager", "config", "--list", "-z", "--show-scope", "--show-origin"])
        .with("GIT_DIR", repository)
        .answering_in(LIMIT);
    // Settings of the user's may ask for a record of every command; looking leaves no trace.
    for trace in ["GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE2_PERF"] {
        command = command.with(trace, "0");
    }
    for (name, value) in chosen(system) {
        command = command.with(name, value);
    }
    command
}

fn chosen(system: &dyn System) -> Vec<(OsString, OsString)> {
    let names = VARIABLES.iter().map(OsString::from);
    let mut set: Vec<_> =
        names.filter_map(|name| system.env(name.to_str()?).map(|value| (name, value))).collect();
    let in_passing = system.env_names().into_iter().filter(|name| {
        let prefixes = ["GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"];
        name.to_str().is_some_and(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)))
    });
    // An empty value is one: without it git would refuse the whole.
    set.extend(in_passing.map(|name| {
        let value = name.to_str().and_then(|name| system.env(name)).unwrap_or_default();
        (name, value)
    }));
    set
}

/// Reads the answer, in git's order: of several values of one name the last one counts. `wanted`
/// chooses by name; what is not wanted is not kept. A part at the end that is cut off is left out.
#[must_use]
pub fn read(answer: &[u8], wanted: impl Fn(&str) -> bool) -> Vec<Listed> {
    let Some(end) = answer.iter().rposition(|byte| *byte == 0) else { return Vec::new() };
    let mut fields = answer[..end].split(|byte| *byte == 0);
    let mut listed = Vec::new();
    while let (Some(scope), Some(origin), Some(setting)) =
        (fields.next(), fields.next(), fields.next())
    {
        let (name, value) = halves(setting);
        let name = String::from_utf8_lossy(name);
        if !name.is_empty() && wanted(&name) {
            listed.push(Listed {
                value: value.map(|value| String::from_utf8_lossy(value).into_owned()),
                level: level(scope),
                file: file(origin),
                name: name.into_owned(),
            });
        }
    }
    listed
}

/// A name, and after a line feed its value.
fn halves(setting: &[u8]) -> (&[u8], Option<&[u8]>) {
    match setting.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&setting[..at], Some(&setting[at + 1..])),
        None => (setting, None),
    }
}

fn level(scope: &[u8]) -> Level {
    match scope {
        b"system" => Level::System,
        b"global" => Level::Global,
        b"local" => Level::Local,
        b"worktree" => Level::Worktree,
        b"command" => Level::Command,
        _ => Level::Other,
    }
}

fn file(origin: &[u8]) -> Option<String> {
    let path = origin.strip_prefix(b"file:")?;
    Some(String::from_utf8_lossy(path).into_owned())
}
