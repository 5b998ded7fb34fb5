//! The shape of `_project.yaml`, strict. A project inherits every value that it does not give from
//! the one it `extends`. Nothing here looks at a work tree; `resolve` does that.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A project as written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawProject {
    /// The name people use.
    pub title: Option<String>,
    /// The project whose values and checks this one takes over.
    pub extends: Option<String>,
    /// How a work tree of it is recognised.
    pub detect: Option<Detect>,
    /// Address of the repository, as the project documents it.
    pub repository: Option<String>,
    /// Branches.
    pub branches: Option<Branches>,
    /// git.
    pub git: Option<Requirement>,
    /// Maven.
    pub maven: Option<Requirement>,
    /// Where the wanted JDK is asked for.
    pub jdk: Option<RawJdk>,
    /// Memory, in bytes.
    pub memory: Option<Amount>,
    /// Cores.
    pub cores: Option<Amount>,
    /// Disk space by kind of clone, in bytes.
    pub disk: Option<Disk>,
    /// The build.
    pub build: Option<Build>,
    /// Pull requests.
    pub request: Option<Request>,
    /// Licence headers.
    pub licence: Option<Licence>,
    /// Signatures.
    pub signatures: Option<Signatures>,
}

/// Coordinates in the root pom by which a work tree is recognised; all that are given must match.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Detect {
    /// The group, or with a trailing `*` its beginning.
    pub group: Option<String>,
    /// The artifact.
    pub artifact: Option<String>,
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
}

/// A version requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Such as `>=2.30`.
    pub requirement: String,
}

/// Where the wanted JDK is asked for, and what holds where nobody asks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawJdk {
    /// Feature releases accepted where the tree's own files ask for none.
    pub otherwise: Vec<u64>,
    /// Where that comes from.
    pub source: Option<String>,
    /// Which of the accepted ones to advise.
    pub recommended: Option<u64>,
    /// Properties of the root pom that name a release exactly.
    pub properties: Vec<String>,
    /// Properties of the root pom that name the lowest release.
    pub lowest: Vec<String>,
    /// Files whose first line names a release.
    pub files: Vec<String>,
    /// Folders of workflows and composite actions with `java-version`.
    pub workflows: Vec<String>,
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
    /// What a build adds, local repository included.
    pub build: u64,
}

/// The build a contributor runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// Goals and flags.
    pub goals: Vec<String>,
    /// Modules, as last counted; for estimates before the tree is read.
    pub modules: Option<u64>,
}

/// How pull requests are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// Where the template lies, first found wins; empty for the forge's usual places.
    pub template: Vec<String>,
    /// Section titles where the tree has no template.
    pub sections: Vec<String>,
    /// How a bug fix chooses its base.
    pub fixes: Option<String>,
    /// Folder of the user interface, for which screenshots are asked.
    pub interface: Option<String>,
}

/// Licence headers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Licence {
    /// Patterns of files that need none, where the tree's own pom says nothing.
    pub exclude: Vec<String>,
}

/// Signatures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Signatures {
    /// Keys the forge itself signs with, by long id or fingerprint.
    pub forge_keys: Vec<String>,
}

impl RawProject {
    /// Takes over from `parent` what this one does not give.
    #[must_use]
    pub fn inherit(self, parent: Self) -> Self {
        Self {
            title: self.title.or(parent.title),
            extends: self.extends,
            detect: self.detect,
            repository: self.repository.or(parent.repository),
            branches: self.branches.or(parent.branches),
            git: self.git.or(parent.git),
            maven: self.maven.or(parent.maven),
            jdk: self.jdk.or(parent.jdk),
            memory: self.memory.or(parent.memory),
            cores: self.cores.or(parent.cores),
            disk: self.disk.or(parent.disk),
            build: self.build.or(parent.build),
            request: self.request.or(parent.request),
            licence: self.licence.or(parent.licence),
            signatures: self.signatures.or(parent.signatures),
        }
    }
}
