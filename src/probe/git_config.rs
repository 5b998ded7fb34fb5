//! Looks at git's settings for identity and signing, and at the variables that override them.
//! Starts no program; a setting of the tree's own is marked as such.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::unknown;
use super::{Given, Kind, World};
use crate::git::{Scope, Setting, is_yes};
use crate::observation::Unknown;
use crate::sys::System;

const NAMES: [&str; 7] = [
    "user.name",
    "user.email",
    "user.signingkey",
    "commit.gpgsign",
    "gpg.format",
    "gpg.program",
    "gpg.ssh.program",
];

/// The probe.
pub struct GitConfig;

/// Where to read them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// A folder in a work tree, whose own settings count too.
    #[serde(default)]
    pub tree: Option<String>,
}

/// A value and where it comes from.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Value {
    /// The value.
    pub value: String,
    /// The setting or variable it comes from.
    pub from: String,
}

/// The settings that take effect; none where unset.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Always true.
    pub present: bool,
    /// Name of the next commit's author.
    pub author_name: Option<Value>,
    /// E-mail address of the next commit's author.
    pub author_email: Option<Value>,
    /// `user.name`
    pub name: Option<Setting>,
    /// `user.email`
    pub email: Option<Setting>,
    /// `user.signingkey`
    pub signing_key: Option<Setting>,
    /// `commit.gpgsign`
    pub gpgsign: Option<Setting>,
    /// Whether `commit.gpgsign` says yes.
    pub signs: bool,
    /// `openpgp`, `ssh` or `x509`: what kind of signature `gpg.format` asks for.
    pub format: String,
    /// `gpg.program`
    pub program: Option<Setting>,
    /// Those of these settings that the tree itself makes.
    pub from_tree: Vec<Setting>,
    /// Variables of git's that are set and override settings, by name.
    pub variables: Vec<String>,
}

impl Kind for GitConfig {
    type Arguments = Arguments;
    type Found = Found;
    const NAME: &'static str = "git_config";
    const UNTRUSTED: Option<&'static [(&'static str, Given)]> = Some(&[("tree", super::THIS_TREE)]);

    fn observe(world: World<'_>, arguments: Arguments) -> Result<Found, Unknown> {
        let tree = arguments.tree.as_deref().map(Path::new);
        let settings = world.git.settings(tree, &NAMES).map_err(unknown)?;
        let find = |name: &str| settings.iter().find(|setting| setting.name == name).cloned();
        let (name, email) = (find("user.name"), find("user.email"));
        let gpgsign = find("commit.gpgsign");
        Ok(Found {
            present: true,
            author_name: effective(world.system, &["GIT_AUTHOR_NAME"], name.as_ref()),
            author_email: effective(world.system, &["GIT_AUTHOR_EMAIL"], email.as_ref())
                .or_else(|| effective(world.system, &["EMAIL"], None)),
            signs: gpgsign.as_ref().is_some_and(|setting| is_yes(&setting.value)),
            format: find("gpg.format").map_or_else(|| "openpgp".to_owned(), |s| s.value),
            signing_key: find("user.signingkey"),
            program: find("gpg.program"),
            from_tree: settings.iter().filter(|s| s.scope == Scope::Tree).cloned().collect(),
            variables: variables(world.system),
            name,
            email,
            gpgsign,
        })
    }
}

/// The variable where it is set, else the setting; empty values count as unset.
fn effective(system: &dyn System, names: &[&str], setting: Option<&Setting>) -> Option<Value> {
    let variable = names.iter().find_map(|name| {
        let value = system.env(name)?.to_string_lossy().trim().to_owned();
        (!value.is_empty()).then(|| Value { value, from: (*name).to_owned() })
    });
    variable.or_else(|| {
        let setting = setting.filter(|setting| !setting.value.trim().is_empty())?;
        let from = setting
            .file
            .as_ref()
            .map_or_else(|| setting.name.clone(), |file| format!("{} in {file}", setting.name));
        Some(Value { value: setting.value.clone(), from })
    })
}

fn variables(system: &dyn System) -> Vec<String> {
    let names = system.env_names();
    let names = names.iter().filter_map(|name| name.to_str());
    let mut found: Vec<_> = names
        .filter(|name| {
            name.starts_with("GIT_AUTHOR_")
                || name.starts_with("GIT_COMMITTER_")
                || name.starts_with("GIT_CONFIG")
        })
        .map(str::to_owned)
        .collect();
    found.sort();
    found
}
