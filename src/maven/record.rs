//! What is kept of a build: who took how long, what was downloaded, warned of and tested. Values
//! only, and the shape that is published; made by `recorder`. What a newer onramp added to it is
//! passed over in reading.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::catalogue::Kind;
use super::surefire::Tests;
use super::warnings::Warnings;

/// Version of the shape.
pub const VERSION: u32 = 1;

/// How a build ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Maven reported success.
    Passed,
    /// It did not.
    Failed,
    /// A signal stopped it.
    Stopped,
}

/// One build. Times are in seconds; sleep of the machine is in none of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Record {
    /// Version of this shape.
    pub version: u32,
    /// Version of onramp.
    pub onramp: String,
    /// When it began, in seconds since the epoch.
    pub started: i64,
    /// How long it took.
    pub seconds: f64,
    /// How it ended.
    pub ending: Ending,
    /// What was asked for.
    pub asked: Asked,
    /// Modules chosen, where Maven said it.
    pub chosen: Option<usize>,
    /// Those that began, in that order.
    pub modules: Vec<Module>,
    /// Artifact ids of the chain of modules, each waiting for the one before, that took longest.
    pub critical_path: Vec<String>,
    /// How long that chain took: with any number of threads no build is faster.
    pub critical_seconds: f64,
    /// Goals by time, all modules together; the longest first.
    pub goals: Vec<GoalSum>,
    /// What was downloaded.
    pub downloads: Downloads,
    /// Warnings, each text once.
    pub warnings: Warnings,
    /// Tests.
    pub tests: Tests,
    /// Times in which Maven said nothing for long.
    pub silences: Vec<Silence>,
    /// Why it failed, as it was told then, the first failure first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<Failure>,
}

/// What was asked of Maven.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Asked {
    /// Goals and options, as typed.
    pub goals: String,
    /// Modules built at a time.
    pub threads: usize,
    /// Feature release of the JDK, where known.
    pub jdk: Option<u64>,
    /// Version of Maven, where known.
    pub maven: Option<String>,
}

/// One module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Module {
    /// Artifact id.
    pub artifact: String,
    /// Maven's name.
    pub name: String,
    /// How it ended.
    pub ending: ModuleEnding,
    /// When it began, since the start of the build.
    pub from: f64,
    /// How long it took.
    pub seconds: f64,
    /// Its share of the time in which files were fetched.
    pub fetching: f64,
    /// Artifact ids of the modules of the same build that it waited for.
    pub needs: Vec<String>,
    /// Its goals, in order.
    pub goals: Vec<Goal>,
}

/// How a module ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModuleEnding {
    /// It was built.
    Built,
    /// It failed.
    Failed,
    /// The build ended first.
    Unfinished,
}

/// One goal of one module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Goal {
    /// As `plugin:version:goal`.
    pub goal: String,
    /// When it began, since the start of the build.
    pub from: f64,
    /// How long it took, until the next one began or the module ended.
    pub seconds: f64,
}

/// One goal over all modules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct GoalSum {
    /// As `plugin:goal`.
    pub goal: String,
    /// How often it ran.
    pub runs: u64,
    /// How long together; with several threads more than the build itself.
    pub seconds: f64,
}

/// What was downloaded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Downloads {
    /// Files.
    pub files: u64,
    /// Bytes, as Maven says them, which is rounded.
    pub bytes: u64,
    /// How long something was on its way.
    pub seconds: f64,
    /// By repository or mirror.
    pub repositories: Vec<Repository>,
}

/// What came from one repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Repository {
    /// Id.
    pub id: String,
    /// Files.
    pub files: u64,
    /// Bytes.
    pub bytes: u64,
}

/// A time in which Maven said nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Silence {
    /// Since when, since the start of the build.
    pub from: f64,
    /// How long it had lasted when it was told.
    pub seconds: f64,
    /// What the threads were waiting for, a line each.
    pub threads: Vec<String>,
    /// Name of the file with the thread dumps, beside the log.
    pub file: Option<String>,
}

/// One failure of a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Failure {
    /// Artifact id of the module that failed, where Maven names one.
    pub module: Option<String>,
    /// The goal that failed, as `plugin:version:goal`.
    pub goal: Option<String>,
    /// The first errors, each with its place in front; where none has one, what Maven says.
    pub errors: Vec<String>,
    /// How many there are in all.
    pub errors_total: usize,
    /// Why, the likeliest first; empty where nothing known looks like this.
    pub causes: Vec<Reason>,
}

/// A known cause of a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Reason {
    /// Id of the known failure.
    pub id: String,
    /// Who has to act.
    pub kind: Kind,
    /// Why it happened.
    pub cause: String,
    /// What to do.
    pub remedy: String,
    /// How sure that is.
    pub certainty: Certainty,
}

/// How sure a cause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// What Maven said tells it.
    Told,
    /// A check could tell, and none did.
    Likely,
    /// A check found it to be so.
    Proved,
    /// A check found right after the build that it was not so, or no longer.
    Doubted,
}
