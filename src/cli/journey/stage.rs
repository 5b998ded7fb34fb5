//! What the checks of one stage came to, counted by check and not by finding. Pure.

use std::collections::BTreeMap;

use crate::finding::{Finding, Outcome};

/// The findings of one stage.
pub(in crate::cli) struct Stage<'a> {
    name: &'static str,
    findings: Vec<&'a Finding>,
}

impl<'a> Stage<'a> {
    pub(in crate::cli) fn of(findings: &'a [Finding], name: &'static str) -> Self {
        // What is waived blocks nobody's way.
        let counts = |finding: &&Finding| finding.stage() == name && finding.excused.is_none();
        Self { name, findings: findings.iter().filter(counts).collect() }
    }

    /// The findings that ended so, in order.
    pub(in crate::cli) fn ended(&self, outcome: Outcome) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().copied().filter(move |finding| finding.outcome == outcome)
    }

    /// The first finding, with how many other checks ended the same way.
    pub(in crate::cli) fn seen(&self, first: &Finding) -> String {
        let text = first.marked_text();
        match self.count(first.outcome) {
            0 | 1 => text,
            all => {
                let name = self.name;
                let more =
                    if all == 2 { "1 more check" } else { &format!("{} more checks", all - 1) };
                format!("{text} (and {more}, see `onramp check {name}`)")
            }
        }
    }

    /// How many checks hold, and what the others came to.
    pub(in crate::cli) fn tally(&self) -> String {
        let all = self.checks().len();
        let mut text = format!("{} of {all} checks hold", self.count(Outcome::Pass));
        let rest = [
            (Outcome::Warn, "to look at"),
            (Outcome::Unknown, "could not be told"),
            (Outcome::Skip, "skipped"),
        ];
        for (outcome, words) in rest {
            let count = self.count(outcome);
            if count > 0 {
                text += &format!(", {count} {words}");
            }
        }
        text
    }

    /// How many checks ended so at worst.
    pub(in crate::cli) fn count(&self, outcome: Outcome) -> usize {
        self.checks().values().filter(|worst| **worst == outcome).count()
    }

    /// Every check with the worst that it came to.
    fn checks(&self) -> BTreeMap<&'a str, Outcome> {
        let mut checks = BTreeMap::new();
        for finding in &self.findings {
            let worst = checks.entry(finding.check.as_str()).or_insert(Outcome::Skip);
            if rank(finding.outcome) > rank(*worst) {
                *worst = finding.outcome;
            }
        }
        checks
    }
}

fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Skip => 0,
        Outcome::Pass => 1,
        Outcome::Warn => 2,
        Outcome::Unknown => 3,
        Outcome::Fail => 4,
    }
}
