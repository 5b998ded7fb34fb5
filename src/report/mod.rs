//! Findings in, bytes out: one file a format. A report holds findings and the observations they
//! came from, so that it can be judged again elsewhere. Formats never judge and never print; which
//! there are stands in [`format`](mod@format).

pub mod baseline;
pub mod build;
pub mod compare;
mod digest;
pub mod format;
pub mod github;
pub mod human;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod markdown;
pub mod receipt;
pub mod sarif;
pub mod tap;
pub mod told;
pub mod verified;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exit::Exit;
use crate::finding::{Finding, Outcome, Severity};
use crate::observation::{Observation, Unknown};
use crate::plan::Run;
use crate::profile::Project;
use crate::run::{Answers, Observer};
use crate::sys::Platform;

/// Version of the report's shape: raised when a field changes its meaning or goes.
pub const VERSION: u32 = 1;

/// What a run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Version of this shape.
    pub version: u32,
    /// Version of onramp.
    pub onramp: String,
    /// When the run was made, seconds since the epoch.
    pub created: i64,
    /// The machine.
    pub platform: Platform,
    /// The project.
    pub project: Project,
    /// The policy that severities and requirements come from.
    #[serde(default)]
    pub policy: Option<String>,
    /// The earlier report that this one was held against; absent where there was none.
    #[serde(default)]
    pub baseline: Option<baseline::Since>,
    /// What the run looked at.
    pub run: Run,
    /// The verdicts, in the order of the road.
    pub findings: Vec<Finding>,
    /// What they came from.
    pub observations: Vec<Observed>,
}

/// One answer of one probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// The probe.
    pub probe: String,
    /// Its arguments.
    pub arguments: Value,
    /// What it brought back.
    pub found: Option<Value>,
    /// Why it could not look.
    pub unknown: Option<String>,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

impl Observed {
    /// Whether this is what the probe brought back to this question.
    #[must_use]
    pub fn answers(&self, probe: &str, arguments: &Value) -> bool {
        self.probe == probe && self.arguments == *arguments
    }

    /// From a run's answers.
    #[must_use]
    pub fn all(answers: Answers) -> Vec<Self> {
        answers
            .into_values()
            .map(|answered| {
                let (found, unknown) = match answered.observation {
                    Ok(found) => (Some(found), None),
                    Err(Unknown(reason)) => (None, Some(reason)),
                };
                Self {
                    probe: answered.probe,
                    arguments: answered.arguments,
                    found,
                    unknown,
                    millis: answered.millis,
                }
            })
            .collect()
    }
}

/// An earlier report in the place of the machine.
pub struct Replay(pub Vec<Observed>);

impl Observer for Replay {
    fn observe(&self, probe: &str, arguments: &Value) -> Observation {
        let asked = self.0.iter().find(|observed| observed.answers(probe, arguments));
        let observed = asked.ok_or_else(|| {
            Unknown(format!("the report holds no answer of the probe `{probe}` to this question"))
        })?;
        match (&observed.found, &observed.unknown) {
            (Some(found), _) => Ok(found.clone()),
            (None, Some(reason)) => Err(Unknown(reason.clone())),
            (None, None) => {
                Err(Unknown::because("the report holds neither an answer nor a reason"))
            }
        }
    }
}

/// How many findings ended in which way; those that are excused are left to `excused`.
#[must_use]
pub fn tally(findings: &[Finding]) -> BTreeMap<Outcome, usize> {
    let mut tally = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.excused.is_none()) {
        *tally.entry(finding.outcome).or_default() += 1;
    }
    tally
}

/// How many findings stand but do not count.
#[must_use]
pub fn excused(findings: &[Finding]) -> usize {
    findings.iter().filter(|finding| finding.excused.is_some()).count()
}

/// The exit code: 1 for a condition that does not hold at or above `fail_on`, else 3 for one that
/// could not be told there, else 2 where nothing was judged at all, else 0. What is excused does not
/// count.
#[must_use]
pub fn exit(findings: &[Finding], fail_on: Severity) -> Exit {
    let counts = |finding: &&Finding| finding.severity >= fail_on && finding.excused.is_none();
    let any = |outcome| findings.iter().filter(counts).any(|finding| finding.outcome == outcome);
    if any(Outcome::Fail) || any(Outcome::Warn) {
        Exit::Findings
    } else if any(Outcome::Unknown) {
        Exit::Incomplete
    } else if findings.iter().all(|finding| finding.outcome == Outcome::Skip) {
        Exit::Usage
    } else {
        Exit::Success
    }
}
