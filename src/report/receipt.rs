//! A receipt: what a run concluded, small enough to paste into a pull request or send to a mentor,
//! with a digest over it. It holds versions, verdicts and commit ids, and nothing about a person:
//! no name, address, path, host or key. Checks and texts that are no part of onramp may hold any of
//! these, so they are counted and never named.
//!
//! The digest is SHA-256 over the receipt as JSON in UTF-8, its keys in the order in which they
//! stand, no blanks between tokens, and without the key `sha256`; what
//! `jq -cj 'del(.sha256)' FILE | sha256sum` computes. It shows that nothing was changed by accident;
//! whoever means to can compute it anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::finding::{Finding, Outcome, Severity};

use super::Observed;
use super::digest::sha256;
use super::format::Format;
use super::told::{Body, Stopped, Told, moment};

/// A receipt.
pub const FORMAT: Format = Format {
    name: "receipt",
    about: "versions, verdicts and commits with a digest, and nothing personal",
    tell: |told| Ok(Body::Text(write(Receipt::of(told))?)),
    stopped: |stopped| Ok(Body::Text(write(Receipt::stopped(stopped))?)),
};

/// Version of a receipt's shape.
pub const VERSION: u32 = 1;

/// What a run concluded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Version of this shape.
    pub receipt: u32,
    /// Version of onramp.
    pub onramp: String,
    /// The day in UTC, `2027-01-31`.
    pub day: String,
    /// The project.
    pub project: Option<String>,
    /// Version of the work tree.
    pub version: Option<String>,
    /// The policy.
    pub policy: Option<String>,
    /// The lowest severity that counts.
    pub fail_on: Option<Severity>,
    /// The exit code.
    pub exit: u8,
    /// Operating system, package family and processor.
    pub platform: Option<String>,
    /// Versions of tools, digits only; none for one that is not there.
    pub tools: BTreeMap<String, Option<String>>,
    /// Commit the patch starts from.
    pub base: Option<String>,
    /// Last commit of the patch.
    pub head: Option<String>,
    /// The worst outcome of each check.
    pub verdicts: BTreeMap<String, Outcome>,
    /// Checks of which something is excused.
    pub excused: Vec<String>,
    /// How the checks that are no part of onramp ended.
    pub other_checks: BTreeMap<Outcome, usize>,
    /// The digest over the rest.
    pub sha256: String,
}

impl Receipt {
    /// Of a run.
    #[must_use]
    pub fn of(told: &Told<'_>) -> Self {
        let report = told.report;
        let (own, other): (Vec<_>, Vec<_>) =
            report.findings.iter().partition(|finding| finding.from.is_none());
        let mut other_checks = BTreeMap::new();
        for finding in other {
            *other_checks.entry(finding.outcome).or_default() += 1;
        }
        let (base, head) = commits(&report.observations);
        let platform = &report.platform;
        Self {
            onramp: report.onramp.clone(),
            project: word(&report.project.name),
            version: report.project.version.as_deref().and_then(word),
            policy: report.policy.as_deref().and_then(word),
            fail_on: Some(told.fail_on),
            exit: told.exit.code(),
            platform: Some(format!("{} {} {}", platform.os, platform.family, platform.arch)),
            tools: tools(&report.observations),
            base,
            head,
            verdicts: verdicts(&own),
            excused: excused(&own),
            other_checks,
            ..Self::on(report.created)
        }
    }

    /// Of a run that ended before anything was judged. Its reason may name a path.
    fn stopped(stopped: &Stopped) -> Self {
        Self { onramp: stopped.onramp.clone(), exit: stopped.exit, ..Self::on(stopped.created) }
    }

    fn on(created: i64) -> Self {
        let day = moment(created).chars().take_while(|c| *c != 'T').collect();
        Self { receipt: VERSION, day, ..Self::default() }
    }

    /// The digest over all but itself.
    ///
    /// # Errors
    /// Where a value cannot be written; no receipt has one.
    pub fn digest(&self) -> serde_json::Result<String> {
        let mut value = serde_json::to_value(self)?;
        if let Value::Object(fields) = &mut value {
            fields.shift_remove("sha256");
        }
        Ok(sha256(&value.to_string()))
    }
}

fn write(receipt: Receipt) -> serde_json::Result<String> {
    let sha256 = receipt.digest()?;
    Ok(serde_json::to_string_pretty(&Receipt { sha256, ..receipt })? + "\n")
}

/// Reads a receipt back and holds it against its digest.
///
/// # Errors
/// What is wrong with it, as a fragment of a sentence.
pub fn read(value: Value) -> Result<Receipt, String> {
    let version = value.get("receipt").and_then(Value::as_u64);
    if version != Some(u64::from(VERSION)) {
        return Err(format!("no receipt of version {VERSION}, which is the one this onramp reads"));
    }
    let receipt: Receipt =
        serde_json::from_value(value).map_err(|error| format!("no receipt: {error}"))?;
    match receipt.digest() {
        Ok(digest) if digest == receipt.sha256 => Ok(receipt),
        _ => {
            Err("the receipt was changed after it was written: its digest does not fit".to_owned())
        }
    }
}

/// The worst outcome of each check.
fn verdicts(findings: &[&Finding]) -> BTreeMap<String, Outcome> {
    let mut verdicts = BTreeMap::new();
    for finding in findings {
        let worst = verdicts.entry(finding.check.clone()).or_insert(finding.outcome);
        *worst = (*worst).max(finding.outcome);
    }
    verdicts
}

fn excused(findings: &[&Finding]) -> Vec<String> {
    let excused = findings.iter().filter(|finding| finding.excused.is_some());
    let mut ids: Vec<String> = excused.map(|finding| finding.check.clone()).collect();
    ids.dedup();
    ids
}

/// What the probes of tools say about versions.
fn tools(observations: &[Observed]) -> BTreeMap<String, Option<String>> {
    let tools = observations.iter().filter_map(|observed| {
        let name = match observed.probe.as_str() {
            "tool" => word(observed.arguments.get("name")?.as_str()?)?,
            name @ ("jdk" | "maven") => name.to_owned(),
            _ => return None,
        };
        let version = observed.found.as_ref()?.get("version")?;
        Some((name, version.as_str().and_then(digits)))
    });
    tools.collect()
}

/// The number a version begins with: what follows may name who built it.
fn digits(version: &str) -> Option<String> {
    let of_version = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '+');
    let digits: String = version.chars().take_while(|c| of_version(*c)).collect();
    let digits = digits.trim_end_matches(['.', '_', '+']).to_owned();
    (!digits.is_empty()).then_some(digits)
}

/// A name or version made of plain characters; anything else might be somebody's text.
fn word(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (text.len() <= 64 && text.chars().all(plain)).then(|| text.to_owned())
}

/// First and last commit of the patch.
fn commits(observations: &[Observed]) -> (Option<String>, Option<String>) {
    let id = |path: &str| {
        let found = observations
            .iter()
            .filter(|observed| matches!(observed.probe.as_str(), "commits" | "branch"))
            .filter_map(|observed| observed.found.as_ref()?.pointer(path)?.as_str());
        let mut ids =
            found.filter(|id| id.len() >= 40 && id.chars().all(|c| c.is_ascii_hexdigit()));
        ids.next().map(str::to_owned)
    };
    (id("/base/merge_base"), id("/head").or_else(|| id("/head/id")))
}
