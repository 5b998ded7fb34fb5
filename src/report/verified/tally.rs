//! Counts verdicts as they come, and says how the run ends. Keeps no object.

use schemars::JsonSchema;
use serde::Serialize;

use crate::exit::Exit;
use crate::signature::{Object, Row, Standing, Word};

/// Most keys remembered of one verdict.
const KEYS: usize = 200;

/// How many objects got one verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Count {
    /// The verdict.
    pub verdict: Word,
    /// What it comes to.
    pub outcome: Standing,
    /// How many.
    pub objects: u64,
    /// The keys behind them, by first appearance, and how many are each one's.
    #[serde(skip)]
    pub(super) keys: Vec<(String, u64)>,
}

/// What a run has come to so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// By verdict, in the order of their first appearance.
    pub counts: Vec<Count>,
    /// Some commit credits a co-author.
    pub co_authored: bool,
    /// Some commit is signed off.
    pub signed_off: bool,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, object: &Object<'_>, row: &Row) {
        if let Object::InHistory(signable, _) = object {
            self.co_authored |= signable.co_authored;
            self.signed_off |= signable.signed_off;
        }
        let count = self.count(row.verdict, row.outcome);
        count.objects += 1;
        let Some(key) = &row.key else { return };
        match count.keys.iter().position(|(known, _)| known == key) {
            Some(at) => count.keys[at].1 += 1,
            None if count.keys.len() < KEYS => count.keys.push((key.clone(), 1)),
            None => {}
        }
    }

    fn count(&mut self, verdict: Word, outcome: Standing) -> &mut Count {
        let known = |count: &Count| count.verdict == verdict && count.outcome == outcome;
        let at = self.counts.iter().position(known).unwrap_or_else(|| {
            self.counts.push(Count { verdict, outcome, objects: 0, keys: Vec::new() });
            self.counts.len() - 1
        });
        &mut self.counts[at]
    }

    /// All objects.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|count| count.objects).sum()
    }

    /// Those that come to this.
    #[must_use]
    pub fn of(&self, outcome: Standing) -> u64 {
        let counts = self.counts.iter().filter(|count| count.outcome == outcome);
        counts.map(|count| count.objects).sum()
    }

    /// How the run ends; `cut` is whether something was out of reach.
    #[must_use]
    pub fn exit(&self, cut: bool) -> Exit {
        if self.of(Standing::Fail) > 0 {
            Exit::Findings
        } else if self.of(Standing::Unknown) > 0 || cut {
            Exit::Incomplete
        } else if self.total() == 0 {
            Exit::Usage
        } else {
            Exit::Success
        }
    }
}
