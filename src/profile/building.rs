//! How a project is built, as written in `_project.yaml` and as the verb `build` sees it: the usual
//! command, ways to build that have names, and what is known to go wrong before Maven starts. Plain
//! data; nothing here runs anything.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The build a contributor runs, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawBuild {
    /// Goals and flags.
    pub goals: Option<Vec<String>>,
    /// Modules, as last counted; for estimates before the tree is read.
    pub modules: Option<u64>,
    /// Ways to build, by name.
    pub profiles: Option<BTreeMap<String, RawBuildProfile>>,
    /// Checks that look before Maven starts, by id or the end of one.
    pub checks: Option<Vec<String>>,
    /// What goes wrong where Maven may not use the network, as a fragment.
    pub offline: Option<String>,
    /// What no other repository has, by the repository's id.
    pub only_there: Option<BTreeMap<String, Vec<String>>>,
}

/// A way to build, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawBuildProfile {
    /// What it is, as a fragment.
    pub about: Option<String>,
    /// Where its goals come from.
    pub from: Option<From>,
    /// Goals and flags, in the place of the usual ones.
    pub goals: Option<Vec<String>>,
    /// Workflows by name, without `.yml`, that count before others; with `from: workflows`.
    pub workflows: Option<Vec<String>>,
    /// What is to be said when it runs, each a fragment.
    pub notes: Option<Vec<String>>,
    /// Checks that look before it, besides those of every build.
    pub checks: Option<Vec<String>>,
    /// Patterns of files that no module's build reads, for one that is `from: changes`.
    pub beside: Option<Vec<String>>,
    /// Patterns of files outside of a module that it reads all the same, by the module's folder.
    pub reads: Option<BTreeMap<String, Vec<String>>>,
}

/// Where the goals of a way to build come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum From {
    /// From this table.
    #[default]
    Table,
    /// From the tree's workflows; from this table where they do not tell.
    Workflows,
    /// From this table, for the modules that the branch touches and those that need them.
    Changes,
}

/// The build a contributor runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// Goals and flags.
    pub goals: Vec<String>,
    /// Modules, as last counted; for estimates before the tree is read.
    pub modules: Option<u64>,
    /// Ways to build, by name.
    #[serde(default)]
    pub profiles: BTreeMap<String, BuildProfile>,
    /// Checks that look before Maven starts, by id or the end of one.
    #[serde(default)]
    pub checks: Vec<String>,
    /// What goes wrong where Maven may not use the network.
    #[serde(default)]
    pub offline: Option<String>,
    /// What no other repository has, by the repository's id.
    #[serde(default)]
    pub only_there: BTreeMap<String, Vec<String>>,
}

/// A way to build.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildProfile {
    /// What it is, as a fragment.
    pub about: String,
    /// Where its goals come from.
    pub from: From,
    /// Goals and flags; none where it takes the usual ones, or only workflows tell.
    pub goals: Option<Vec<String>>,
    /// Workflows by name that count before others.
    pub workflows: Vec<String>,
    /// What is to be said when it runs.
    pub notes: Vec<String>,
    /// Checks that look before it, besides those of every build.
    pub checks: Vec<String>,
    /// Patterns of files that no module's build reads.
    pub beside: Vec<String>,
    /// Patterns of files outside of a module that it reads all the same, by the module's folder.
    pub reads: BTreeMap<String, Vec<String>>,
}

impl RawBuild {
    /// The build, where goals are given.
    #[must_use]
    pub fn settled(self) -> Option<Build> {
        let profiles = self.profiles.unwrap_or_default().into_iter();
        Some(Build {
            goals: self.goals?,
            modules: self.modules,
            profiles: profiles.map(|(name, raw)| (name, raw.settled())).collect(),
            checks: self.checks.unwrap_or_default(),
            offline: self.offline,
            only_there: self.only_there.unwrap_or_default(),
        })
    }
}

impl RawBuildProfile {
    fn settled(self) -> BuildProfile {
        BuildProfile {
            about: self.about.unwrap_or_default(),
            from: self.from.unwrap_or_default(),
            goals: self.goals,
            workflows: self.workflows.unwrap_or_default(),
            notes: self.notes.unwrap_or_default(),
            checks: self.checks.unwrap_or_default(),
            beside: self.beside.unwrap_or_default(),
            reads: self.reads.unwrap_or_default(),
        }
    }
}
