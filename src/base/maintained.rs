//! Which branches the project maintains, by what witnesses say that do not know of each other. Two
//! of three that agree settle it; anything less is told as unsure, with who says what.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::order::newest_first;

/// So many that agree settle it.
const ENOUGH: usize = 2;

/// One branch that a witness names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Named {
    /// The branch.
    pub branch: String,
    /// What shows it, such as `line 26` or `4.22.1.0-SNAPSHOT, last commit 2026-07-02`.
    pub shown_by: String,
}

/// One place that tells which branches are maintained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Witness {
    /// What it is, for people: `.github/workflows/build.yml of upstream/main`.
    pub name: String,
    /// The branches it names.
    pub names: Vec<Named>,
    /// Why it cannot tell, and what would help; none where it can.
    pub silent: Option<String>,
}

impl Witness {
    /// One that could be asked.
    #[must_use]
    pub fn speaking(name: impl Into<String>, names: Vec<Named>) -> Self {
        Self { name: name.into(), names, silent: None }
    }

    /// One that could not.
    #[must_use]
    pub fn silent(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self { name: name.into(), names: Vec::new(), silent: Some(why.into()) }
    }

    fn says(&self, branch: &str) -> Option<&Named> {
        self.names.iter().find(|named| named.branch == branch)
    }
}

/// What the witnesses come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Enough of them agree that it is maintained.
    Maintained,
    /// Enough of them agree that it is not.
    Ended,
    /// Too few can tell, or they do not agree.
    Unsure,
}

/// One branch and what is said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Standing {
    /// The branch.
    pub branch: String,
    /// What the witnesses come to.
    pub verdict: Verdict,
    /// Who says that it is maintained, and what shows it.
    pub by: Vec<String>,
    /// Who says that it is not.
    pub against: Vec<String>,
}

/// The maintained branches and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Maintained {
    /// Where features go.
    pub default: String,
    /// Every branch that a witness names, the default first, then newest to oldest.
    pub branches: Vec<Standing>,
    /// Everybody who was asked.
    pub witnesses: Vec<Witness>,
}

impl Maintained {
    /// Weighs the witnesses. The default branch takes changes as long as there is a project.
    #[must_use]
    pub fn weigh(default: &str, witnesses: Vec<Witness>) -> Self {
        let named = witnesses.iter().flat_map(|witness| &witness.names);
        let mut names: BTreeSet<String> = named.map(|named| named.branch.clone()).collect();
        names.insert(default.to_owned());
        let order = newest_first(names.into_iter().collect(), default);
        let branches = order.into_iter().map(|branch| standing(branch, default, &witnesses));
        Self { default: default.to_owned(), branches: branches.collect(), witnesses }
    }

    /// The branches that are maintained for sure, the default first, then newest to oldest.
    #[must_use]
    pub fn sure(&self) -> Vec<String> {
        self.with(|verdict| verdict == Verdict::Maintained)
    }

    /// The branches that may be maintained, in the same order.
    #[must_use]
    pub fn possible(&self) -> Vec<String> {
        self.with(|verdict| verdict != Verdict::Ended)
    }

    /// What is said about a branch.
    #[must_use]
    pub fn of(&self, branch: &str) -> Option<&Standing> {
        self.branches.iter().find(|standing| standing.branch == branch)
    }

    fn with(&self, wanted: impl Fn(Verdict) -> bool) -> Vec<String> {
        let fitting = self.branches.iter().filter(|standing| wanted(standing.verdict));
        fitting.map(|standing| standing.branch.clone()).collect()
    }
}

fn standing(branch: String, default: &str, witnesses: &[Witness]) -> Standing {
    let (mut by, mut against) = (Vec::new(), Vec::new());
    for witness in witnesses.iter().filter(|witness| witness.silent.is_none()) {
        match witness.says(&branch) {
            Some(named) if named.shown_by.is_empty() => by.push(witness.name.clone()),
            Some(named) => by.push(format!("{} ({})", witness.name, named.shown_by)),
            None => against.push(witness.name.clone()),
        }
    }
    let verdict = if branch == default || by.len() >= ENOUGH {
        Verdict::Maintained
    } else if against.len() >= ENOUGH {
        Verdict::Ended
    } else {
        Verdict::Unsure
    };
    Standing { branch, verdict, by, against }
}
