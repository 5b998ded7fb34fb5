//! Two runs side by side: which verdicts differ, and what explains it, the cause first. What always
//! differs between two machines, such as free memory, process ids and folders, is left out unless
//! a verdict turns on it. Pure: compares values and words the result, reads and prints nothing.

mod side;
mod words;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::finding::Outcome;
use crate::plan::STAGES;

pub use side::{Explained, Seen, Side};
pub use words::write;

/// What sets two runs apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The first run.
    pub a: Run,
    /// The second run.
    pub b: Run,
    /// Checks that end differently, the likeliest cause first.
    pub verdicts: Vec<Changed>,
    /// Everything else that may matter.
    pub others: Vec<Difference>,
    /// How many checks both runs hold.
    pub shared: usize,
    /// Checks that only the first run holds.
    pub only_a: Vec<String>,
    /// Checks that only the second run holds.
    pub only_b: Vec<String>,
}

/// One of the runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The file it was read from.
    pub file: String,
    /// When, by what and on which system.
    pub about: String,
}

/// A check that ends differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Its id.
    pub check: String,
    /// Its title, where a run knows it.
    pub title: String,
    /// How it ended in the first run.
    pub a: Seen,
    /// How it ended in the second run.
    pub b: Seen,
    /// What the check looks at and found different, what it judges by first.
    pub because: Vec<Difference>,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is.
    pub what: String,
    /// In the first run.
    pub a: String,
    /// In the second run.
    pub b: String,
}

/// Most values named to explain one check.
const REASONS: usize = 6;

/// Compares two runs.
#[must_use]
pub fn compare(a: &Side, b: &Side) -> Comparison {
    let ids: BTreeSet<&String> = a.seen.keys().chain(b.seen.keys()).collect();
    let (mut verdicts, mut only_a, mut only_b) = (Vec::new(), Vec::new(), Vec::new());
    let mut shared = 0;
    for id in ids {
        match (a.seen.get(id), b.seen.get(id)) {
            (Some(one), Some(other)) => {
                shared += 1;
                verdicts.extend((!one.alike(other)).then(|| changed(id, (a, one), (b, other))));
            }
            (Some(_), None) => only_a.push(id.clone()),
            (None, _) => only_b.push(id.clone()),
        }
    }
    verdicts.sort_by_key(|changed| (rank(changed), stage(&changed.check), changed.check.clone()));
    let others = others(a, b, &verdicts);
    Comparison { a: a.run.clone(), b: b.run.clone(), verdicts, others, shared, only_a, only_b }
}

/// Something that holds in one run and not in the other explains more than a mere warning, and that
/// more than what one of them could not tell or left out.
fn rank(changed: &Changed) -> u8 {
    let outcomes = [changed.a.outcome, changed.b.outcome];
    let has = |outcome| outcomes.contains(&outcome);
    match () {
        () if has(Outcome::Fail) && has(Outcome::Pass) => 0,
        () if has(Outcome::Warn) && has(Outcome::Pass) => 1,
        () if has(Outcome::Fail) => 2,
        () if has(Outcome::Unknown) => 3,
        () => 4,
    }
}

/// A machine that is not right makes what comes after it fail, hardly ever the other way round.
fn stage(check: &str) -> usize {
    let stage = check.split('/').nth(1).unwrap_or_default();
    STAGES.iter().position(|known| *known == stage).unwrap_or(STAGES.len())
}

fn changed(id: &str, (a, one): (&Side, &Seen), (b, other): (&Side, &Seen)) -> Changed {
    let title = if one.title.is_empty() { &other.title } else { &one.title };
    let mut because = because(a.explained.get(id), b.explained.get(id));
    if because.is_empty() {
        // Receipts hold versions alone; the tool that a check is named after is its likeliest cause.
        let name = id.rsplit('/').next().unwrap_or_default();
        because = differences(&a.facts, &b.facts)
            .filter(|fact| fact.what.strip_suffix(" version") == Some(name))
            .collect();
    }
    Changed {
        check: id.to_owned(),
        title: title.clone(),
        a: one.clone(),
        b: other.clone(),
        because,
    }
}

/// The values that a check draws on and that differ. Two names may lead to the same.
fn because(a: Option<&Explained>, b: Option<&Explained>) -> Vec<Difference> {
    let (Some(a), Some(b)) = (a, b) else { return Vec::new() };
    let mut reasons: Vec<Difference> = Vec::new();
    for reason in differences(a, b) {
        if !reasons.iter().any(|known| (&known.a, &known.b) == (&reason.a, &reason.b)) {
            reasons.push(reason);
        }
    }
    reasons.truncate(REASONS);
    reasons
}

/// What differs beside the verdicts, as far as both runs tell it and no verdict named it.
fn others(a: &Side, b: &Side, verdicts: &[Changed]) -> Vec<Difference> {
    let named = |other: &Difference| {
        let mut reasons = verdicts.iter().flat_map(|changed| &changed.because);
        reasons.any(|reason| (&reason.a, &reason.b) == (&other.a, &other.b))
    };
    differences(&a.facts, &b.facts).filter(|other| !named(other)).collect()
}

/// The values that both have and that differ, in the order of the first.
fn differences<'a>(
    a: &'a [(String, String)],
    b: &'a [(String, String)],
) -> impl Iterator<Item = Difference> {
    a.iter().filter_map(|(what, one)| {
        let other = &b.iter().find(|(name, _)| name == what)?.1;
        let (what, a, b) = (what.clone(), one.clone(), other.clone());
        (one != other).then_some(Difference { what, a, b })
    })
}
