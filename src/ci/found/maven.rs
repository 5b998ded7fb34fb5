//! What Maven says: checkstyle's lines of every module, the compiler's and the tests', the report of
//! RAT, and whether it came so far as to judge at all.

use std::sync::LazyLock;

use regex::Regex;

use crate::maven::catalogue::{Catalogue, Kind};
use crate::maven::evidence;
use crate::maven::explain::explain;

use super::{Found, constant, once};

static STYLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(r"^\[ERROR\] (?<file>[^:\[\]]+):(?<line>\d+)(?::\d+)?: (?<text>.+) \[(?<rule>\w+)\]$")
});
static CONSOLE: LazyLock<Regex> = LazyLock::new(|| {
    constant(
        r"^\[(?:ERROR|WARN(?:ING)?)\] (?<file>[^:\[\]]+):\[(?<line>\d+)(?:,\d+)?\] \(\w+\) (?<rule>\w+): (?<text>.+)$",
    )
});

/// What a run of Maven that failed came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Maven {
    /// What it found in files.
    pub found: Vec<Found>,
    /// The report that lists files at fault, where it names one.
    pub report: Option<String>,
    /// Why it came to no verdict; none where the fault is in the change.
    pub no_verdict: Option<String>,
    /// What to do then.
    pub remedy: Option<String>,
}

/// Reads the log of a run that failed.
#[must_use]
pub fn maven(log: &str, catalogue: &Catalogue) -> Maven {
    let (evidence, progress) = evidence::read(log.as_bytes());
    let told = explain(&evidence, &progress, catalogue, &[]);
    let mut found: Vec<Found> = log.lines().filter_map(style).collect();
    if found.is_empty() {
        let placed = told.problems.iter().filter(|one| one.file.is_some() || one.rule.is_some());
        found = placed
            .map(|one| Found {
                file: one.file.clone(),
                line: one.line,
                text: one.text.clone(),
                rule: one.rule.clone(),
            })
            .collect();
    }
    let cause = told.causes.iter().find(|cause| cause.kind != Kind::Noise);
    let elsewhere = cause
        .is_none_or(|cause| matches!(cause.kind, Kind::Command | Kind::Machine | Kind::Network));
    let nothing = found.is_empty() && told.report.is_none() && elsewhere;
    let first = || {
        told.essential.first().cloned().unwrap_or_else(|| "Maven ended with an error".to_owned())
    };
    let no_verdict = nothing.then(|| cause.map_or_else(first, |cause| cause.cause.clone()));
    if found.is_empty()
        && told.report.is_none()
        && let Some(cause) = cause.filter(|_| !elsewhere)
    {
        found.push(Found { text: cause.cause.clone(), ..Found::default() });
    }
    let remedy = cause.map(|cause| cause.remedy.clone()).filter(|_| no_verdict.is_some());
    Maven { found: once(found), report: told.report, no_verdict, remedy }
}

fn style(line: &str) -> Option<Found> {
    let line = line.trim_end();
    let at = STYLE.captures(line).or_else(|| CONSOLE.captures(line))?;
    Some(Found {
        file: Some(at["file"].to_owned()),
        line: at["line"].parse().ok(),
        text: at["text"].to_owned(),
        rule: Some(at["rule"].to_owned()),
    })
}
