//! What a change introduced: findings that were as bad in an earlier report are excused, those that
//! are gone are counted. Pure.
//!
//! Two findings are the same where check, file and text agree, line numbers and commit ids in the
//! text left aside: lines move and commits are rewritten while what is wrong stays. Where a check
//! looks at one thing only and names no place, the check alone says which finding is meant, so that
//! a little more or less free memory is no new finding. Equal findings are counted: a third one
//! where two were before is new.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Excuse, Finding, Outcome};

use super::Report;

/// What a run was held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// When the earlier report was made, seconds since the epoch.
    pub created: i64,
    /// How many of its findings are gone.
    pub gone: u64,
}

/// What makes two findings the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    check: String,
    file: Option<String>,
    text: String,
}

#[expect(clippy::unwrap_used, reason = "the pattern is fixed, and a test runs it")]
static MOVING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:[0-9a-f]{7,40}\b|lines? [0-9]+)|:[0-9]+\b").unwrap());

/// Excuses what was as bad before, as far as nothing else excuses it.
pub fn since(findings: &mut [Finding], before: &Report) -> Since {
    let alone = alone(findings, &before.findings);
    let mut open: BTreeMap<Identity, Vec<Outcome>> = BTreeMap::new();
    for finding in before.findings.iter().filter(|finding| is_bad(finding)) {
        open.entry(identity(finding, &alone)).or_default().push(finding.outcome);
    }
    for finding in findings.iter_mut().filter(|finding| is_bad(finding)) {
        let Some(known) = open.get_mut(&identity(finding, &alone)) else { continue };
        let as_bad = known.iter().position(|outcome| finding.outcome <= *outcome);
        let Some(position) = as_bad.or((!known.is_empty()).then_some(0)) else { continue };
        known.remove(position);
        if as_bad.is_some() && finding.excused.is_none() {
            finding.excused = Some(Excuse::Baseline);
        }
    }
    let told = |finding: &&Finding| !matches!(finding.outcome, Outcome::Skip | Outcome::Unknown);
    let looked: BTreeSet<&str> =
        findings.iter().filter(told).map(|finding| finding.check.as_str()).collect();
    let gone = open.iter().filter(|(identity, _)| looked.contains(identity.check.as_str()));
    Since { created: before.created, gone: gone.map(|(_, rest)| rest.len() as u64).sum() }
}

fn is_bad(finding: &Finding) -> bool {
    matches!(finding.outcome, Outcome::Fail | Outcome::Warn | Outcome::Unknown)
}

/// Checks that have one finding without a place, now and before.
fn alone(now: &[Finding], before: &[Finding]) -> BTreeSet<String> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for finding in now {
        let place = usize::from(finding.place.is_some());
        counts.entry(&finding.check).or_default().0 += 1 + place;
    }
    for finding in before {
        let place = usize::from(finding.place.is_some());
        counts.entry(&finding.check).or_default().1 += 1 + place;
    }
    let alone = counts.into_iter().filter(|(_, (now, before))| *now < 2 && *before < 2);
    alone.map(|(check, _)| check.to_owned()).collect()
}

fn identity(finding: &Finding, alone: &BTreeSet<String>) -> Identity {
    let check = finding.check.clone();
    if alone.contains(&check) {
        return Identity { check, file: None, text: String::new() };
    }
    Identity {
        file: finding.place.as_ref().and_then(|place| place.file.clone()),
        text: MOVING.replace_all(&finding.text, "#").into_owned(),
        check,
    }
}
