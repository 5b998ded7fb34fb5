//! A project as checks see it: values, each asked-for one with its origin. Plain data, part of
//! every report, so that a report can be judged again elsewhere.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::afterwards::Afterwards;
use super::building::Build;
use super::lines::Release;
use super::request::Request;

/// A project's values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The pack's name.
    pub name: String,
    /// The name people use.
    pub title: String,
    /// How this project was chosen.
    pub chosen_by: String,
    /// Version of the work tree, from its root pom.
    pub version: Option<String>,
    /// The release line that version belongs to, where the project has a table of them.
    #[serde(default)]
    pub release: Option<Release>,
    /// The root pom's parent, as `group:artifact:version`, where that is not in the tree and may ask
    /// for more than the tree says.
    #[serde(default)]
    pub parent: Option<String>,
    /// Address of the repository; none where neither the pack nor the root pom gives it.
    pub repository: Option<String>,
    /// Branches.
    pub branches: Branches,
    /// git.
    pub git: Requirement,
    /// Maven.
    pub maven: Tool,
    /// JDK.
    pub jdk: Jdk,
    /// Node.js.
    #[serde(default)]
    pub node: Tool,
    /// Python.
    #[serde(default)]
    pub python: Tool,
    /// Memory, in bytes.
    pub memory: Amount,
    /// Cores.
    pub cores: Amount,
    /// Disk space, in bytes.
    pub disk: Disk,
    /// The build.
    pub build: Build,
    /// Pull requests.
    pub request: Request,
    /// What happens to them once they are open.
    #[serde(default)]
    pub afterwards: Afterwards,
    /// Licence headers.
    pub licence: Licence,
    /// Signatures.
    pub signatures: Signatures,
    /// What the tree says in several places, and whether these agree.
    #[serde(default)]
    pub stated: Vec<Stated>,
    /// Who gives each value that no file of the tree gives, by its dotted name.
    #[serde(default)]
    pub origins: BTreeMap<String, String>,
}

impl Project {
    /// Who asks for what version of a tool: `jdk`, `maven`, `node` or `python`.
    pub(super) fn asked_for(&self, name: &str) -> &[Asked] {
        match name {
            "jdk" => &self.jdk.asked_by,
            "maven" => &self.maven.asked_by,
            "node" => &self.node.asked_by,
            "python" => &self.python.asked_by,
            _ => &[],
        }
    }
}

/// Branches as last seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Branches {
    /// Where features go.
    pub default: String,
    /// All branches that take changes, the default first, then newest to oldest.
    pub maintained: Vec<String>,
    /// The day this list was seen.
    pub seen: Option<String>,
    /// Where the list was seen.
    pub source: Option<String>,
    /// What the name of a release branch looks like, as a regular expression.
    pub pattern: Option<String>,
    /// The workflow of the default branch that lists the maintained ones.
    pub workflow: Option<String>,
    /// A release branch without a commit for longer than so many days is no longer maintained.
    pub fresh_days: Option<u32>,
}

/// A version requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Such as `>=2.30`.
    pub requirement: String,
}

/// Which versions of a tool fit, and who says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Such as `>=3.8`; none where nobody asks for any.
    pub requirement: Option<String>,
    /// The version to advise, where somebody names one.
    #[serde(default)]
    pub recommended: Option<String>,
    /// What files of the tree say, each thing once.
    #[serde(default)]
    pub says: Vec<Said>,
    /// Who asks for what.
    #[serde(default)]
    pub asked_by: Vec<Asked>,
}

/// Which JDKs fit, and who says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Jdk {
    /// Feature releases that fit, ascending.
    pub accepted: Vec<u64>,
    /// The one to advise.
    pub recommended: u64,
    /// Releases that are neither accepted nor refused; none where every other is refused.
    #[serde(default)]
    pub untold: Option<Span>,
    /// Java releases that run what was built, ascending, where the table says so.
    #[serde(default)]
    pub runs: Vec<u64>,
    /// What files of the tree say, each thing once.
    #[serde(default)]
    pub says: Vec<Said>,
    /// Who asks for what.
    pub asked_by: Vec<Asked>,
}

impl Jdk {
    /// Whether a feature release fits.
    #[must_use]
    pub fn accepts(&self, feature: u64) -> bool {
        self.accepted.contains(&feature)
    }
}

/// Feature releases from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The lowest.
    pub from: u64,
    /// The highest; none where there is no end.
    pub to: Option<u64>,
}

/// One place that asks for something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// What it asks for: a version, or for `allows` a range. A Java version is its feature release.
    pub value: String,
    /// File, relative to the work tree; or the pack's own table.
    pub file: String,
    /// Line in it; none for a table.
    pub line: Option<u64>,
    /// Commit of the work tree when the file was read; none for a table, or where git did not tell.
    #[serde(default)]
    pub revision: Option<String>,
    /// The text that says so.
    pub text: String,
    /// In words: `asks for`, `asks for at least`, `compiles for`, `allows`, `CI uses`, `mentions`.
    pub meaning: String,
    /// Whether the requirement heeds it.
    #[serde(default)]
    pub counts: bool,
}

/// What the tree says in several places about one tool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// `jdk`, `maven`, `node` or `python`.
    pub name: String,
    /// The tool as people call it.
    pub tool: String,
    /// Whether one version can be all that is said.
    pub agree: bool,
    /// Who says what, one of each kind.
    pub says: Vec<Said>,
    /// What the project's CI uses.
    pub ci: Vec<String>,
    /// The version to take.
    pub recommended: Option<String>,
    /// File of the first that another contradicts.
    pub file: Option<String>,
    /// Line in it.
    pub line: Option<u64>,
}

/// The same said in one place or in several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The first place, as `file:line`.
    pub place: String,
    /// How many more places say the same.
    pub more: u64,
    /// In words, as in `asked_by`.
    pub meaning: String,
    /// The version.
    pub value: String,
}

/// An amount below which work fails, and one at which it is comfortable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Below it the work is known to fail.
    pub minimum: u64,
    /// From it on the work is comfortable.
    pub recommended: u64,
}

/// Disk space, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disk {
    /// Clone with history but without old contents, and its work tree.
    pub partial: u64,
    /// Full clone and its work tree.
    pub full: u64,
    /// Newest commit only, and its work tree.
    pub shallow: u64,
    /// What a build adds, local repository included; 0 where nobody measured it.
    pub build: u64,
}

/// Licence headers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Licence {
    /// The release of Apache RAT that the project's CI runs; none where nobody knows.
    pub rat: Option<String>,
    /// Patterns of files that need none, where the tree's own pom says nothing.
    pub exclude: Vec<String>,
}

/// Signatures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Signatures {
    /// Keys the forge itself signs with, by long id or fingerprint.
    pub forge_keys: Vec<String>,
    /// The forge's pages to paste one's public key into.
    pub key_pages: KeyPages,
}

/// The forge's pages to paste one's public key into, by the format that git signs in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KeyPages {
    /// For OpenPGP.
    pub openpgp: Option<String>,
    /// For SSH.
    pub ssh: Option<String>,
}
