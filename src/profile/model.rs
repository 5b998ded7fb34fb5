//! The shape of `_project.yaml`, strict: an unknown key is an error, every value may be left out.
//! A project takes what it does not give from the one it `extends`, value by value. Nothing here
//! looks at a work tree; `resolve` does that.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::afterwards::RawAfterwards;
use super::building::RawBuild;
use super::lines::Lines;
use super::project::KeyPages;
use super::request::RawRequest;
use super::source::Source;

/// A project as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawProject {
    /// The name people use.
    pub title: Option<String>,
    /// The project whose values and checks this one takes over.
    pub extends: Option<String>,
    /// The day these values were last compared with the project.
    pub seen: Option<String>,
    /// How a work tree of it is recognised.
    pub detect: Option<Detect>,
    /// Address of the repository, as the project documents it.
    pub repository: Option<String>,
    /// Where repositories of such projects lie, for one whose own address is not given: the root
    /// pom's `scm` says its name there.
    pub forge: Option<String>,
    /// The policy that such a project is judged by where nobody names another.
    pub policy: Option<String>,
    /// Branches.
    pub branches: Option<RawBranches>,
    /// git.
    pub git: Option<RawRequirement>,
    /// Maven.
    pub maven: Option<RawTool>,
    /// Node.js.
    pub node: Option<RawTool>,
    /// Python.
    pub python: Option<RawTool>,
    /// Where the wanted JDK is asked for.
    pub jdk: Option<RawJdk>,
    /// What each release line was built with, where the tree's own files do not say.
    pub lines: Option<Lines>,
    /// Memory, in bytes.
    pub memory: Option<RawAmount>,
    /// Cores.
    pub cores: Option<RawAmount>,
    /// Disk space by kind of clone, in bytes.
    pub disk: Option<RawDisk>,
    /// The build.
    pub build: Option<RawBuild>,
    /// Pull requests.
    pub request: Option<RawRequest>,
    /// What happens to them once they are open.
    pub afterwards: Option<RawAfterwards>,
    /// Licence headers.
    pub licence: Option<RawLicence>,
    /// Signatures.
    pub signatures: Option<RawSignatures>,
    /// Who gives each value, by its dotted name: not written, but kept while projects are joined.
    #[serde(skip)]
    pub origins: BTreeMap<String, String>,
    /// Who gives all that is written here, as long as it is joined with nothing.
    #[serde(skip)]
    pub giver: Option<String>,
}

/// Coordinates in the root pom by which a work tree is recognised; all that are given must match.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Detect {
    /// The group, or with a trailing `*` its beginning.
    pub group: Option<String>,
    /// The artifact.
    pub artifact: Option<String>,
}

/// Branches as last seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawBranches {
    /// Where features go.
    pub default: Option<String>,
    /// All branches that take changes, the default first, then newest to oldest.
    pub maintained: Option<Vec<String>>,
    /// Names that a default branch usually has, for projects of which none is given: those count
    /// that the clone knows.
    pub usual: Option<Vec<String>>,
    /// What the name of a release branch looks like, as a regular expression.
    pub pattern: Option<String>,
    /// The workflow of the default branch that lists the maintained ones under `on.push`.
    pub workflow: Option<String>,
    /// A release branch without a commit for longer than so many days is no longer maintained.
    pub fresh_days: Option<u32>,
    /// The day this list was seen.
    pub seen: Option<String>,
    /// Where the list was seen.
    pub source: Option<String>,
}

/// A version requirement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawRequirement {
    /// Such as `>=2.30`.
    pub requirement: Option<String>,
}

/// Which versions of a tool are wanted, and where the tree says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawTool {
    /// Holds whatever the tree says; where the tree asks for more, that holds.
    pub requirement: Option<String>,
    /// Holds where neither the tree nor the release line says anything.
    pub otherwise: Option<String>,
    /// Where `requirement` or `otherwise` comes from.
    pub source: Option<String>,
    /// Where the tree says what it wants, the first to count first.
    pub sources: Option<Vec<Source>>,
}

/// Which JDKs are wanted, and where the tree says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawJdk {
    /// Feature releases accepted where neither the tree nor the release line says anything.
    pub otherwise: Option<Vec<u64>>,
    /// Where `otherwise` comes from.
    pub source: Option<String>,
    /// Which of the accepted ones to advise, where the project's CI leaves a choice.
    pub recommended: Option<u64>,
    /// Narrows what is accepted to these, where any of them is accepted at all.
    pub within: Option<Vec<u64>>,
    /// Where the tree says what it wants, the first to count first.
    pub sources: Option<Vec<Source>>,
}

/// An amount below which work fails, and one at which it is comfortable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawAmount {
    /// Below it the work is known to fail.
    pub minimum: Option<u64>,
    /// From it on the work is comfortable.
    pub recommended: Option<u64>,
}

/// Disk space, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawDisk {
    /// Clone with history but without old contents, and its work tree.
    pub partial: Option<u64>,
    /// Full clone and its work tree.
    pub full: Option<u64>,
    /// Newest commit only, and its work tree.
    pub shallow: Option<u64>,
    /// What a build adds, local repository included; 0 where nobody measured it.
    pub build: Option<u64>,
}

/// Licence headers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawLicence {
    /// The release of Apache RAT that the project's CI runs.
    pub rat: Option<String>,
    /// Patterns of files that need none, where the tree's own pom says nothing.
    pub exclude: Option<Vec<String>>,
}

/// Signatures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawSignatures {
    /// Keys the forge itself signs with, by long id or fingerprint.
    pub forge_keys: Option<Vec<String>>,
    /// The forge's pages to paste one's public key into.
    pub key_pages: Option<KeyPages>,
    /// What the forge makes of a person's signatures.
    pub forge: Option<Forge>,
}

/// One thing that a forge asks for before it accepts a signature.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// What has to be so, a sentence as a fragment.
    pub what: String,
    /// The reasons it gives where it is not.
    pub otherwise: Vec<String>,
}

/// What a forge shows of signed commits, in its own terms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Forge {
    /// Its name.
    pub name: String,
    /// The word beside a commit whose signature it accepts.
    pub accepted: String,
    /// The word beside one whose signature it does not accept.
    pub refused: String,
    /// Where people put their keys.
    pub keys: String,
    /// Where people confirm their addresses.
    pub addresses: String,
    /// What it asks for, by kind of signature: `openpgp`, `ssh`, `x509`.
    pub needs: BTreeMap<String, Vec<Need>>,
    /// The reasons it gives where it does not accept one, and what each means.
    pub reasons: BTreeMap<String, String>,
    /// What else is good to know.
    pub notes: Vec<String>,
}
