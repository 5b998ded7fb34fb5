//! A project as checks see it: values, each asked-for one with its origin. Plain data, part of
//! every report, so that a report can be judged again elsewhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Amount, Branches, Build, Disk, Licence, Request, Requirement, Signatures};

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
    /// Address of the repository; none for a pack that fits many.
    pub repository: Option<String>,
    /// Branches.
    pub branches: Branches,
    /// git.
    pub git: Requirement,
    /// Maven.
    pub maven: Requirement,
    /// JDK.
    pub jdk: Jdk,
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
    /// Licence headers.
    pub licence: Licence,
    /// Signatures.
    pub signatures: Signatures,
}

/// Which JDKs fit, and who says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Jdk {
    /// Feature releases that fit, ascending.
    pub accepted: Vec<u64>,
    /// The one to advise.
    pub recommended: u64,
    /// Who asks for what.
    pub asked_by: Vec<Asked>,
}

/// One place that asks for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// What it asks for, as feature release.
    pub value: u64,
    /// File, relative to the work tree; or the pack's own table.
    pub file: String,
    /// Line in it; none for a table.
    pub line: Option<u64>,
    /// The text that says so.
    pub text: String,
    /// In words: `asks for`, `asks for at least`, `CI uses`.
    pub meaning: String,
}
